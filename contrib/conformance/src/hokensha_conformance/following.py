"""Which way each function of a situation goes: for one member, or for whoever comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

from hokensha.facts import FactValue
from hokensha.features import Composition, MemberSituation, Situation, Vocabulary, feature_of
from hokensha_verify import Key

Path: TypeAlias = "tuple[tuple[Key, Any], ...]"
"""What a function asked for itself, in this order, and what it was answered."""
Way: TypeAlias = "tuple[Composition, Path]"
"""A function, and a path that it took."""


def path_of(function: Composition, situation: Situation) -> tuple[Any, Path]:
    """What a function returns of a situation, and the path that leads there."""
    answers: dict[Key, Any] = {}
    value = function(_Noting(situation, answers))
    return value, tuple(answers.items())


class Followed(MemberSituation):
    """The situation of one member; ``ways`` fills with the ways of all functions that were run for it.

    A function that meets an unknown fact raises, and has gone no way.
    """

    __slots__ = ("ways",)

    def __init__(
        self,
        vocabulary: Vocabulary,
        facts: Mapping[str, FactValue],
        day: date,
        ways: dict[Way, None] | None = None,
    ) -> None:
        super().__init__(vocabulary, facts, day)
        self.ways: dict[Way, None] = {} if ways is None else ways

    def __missing__(self, asked: Any) -> Any:
        feature = feature_of(asked)
        composition = self._vocabulary.composition(feature)
        if composition is None or feature is not asked:
            return super().__missing__(asked)
        value, path = path_of(composition, self)
        self.ways[composition, path] = None
        self[feature] = value
        return value

    def at(self, figure: str) -> MemberSituation:
        """The same member as of a fixed day of the policy, followed alike."""
        day = self._vocabulary.fixed_day(figure, self.day)
        return Followed(self._vocabulary, self.facts, day, self.ways)


class _Noting:
    """A situation that notes what it is asked for and what it answers."""

    __slots__ = ("_answers", "_at", "_situation")

    def __init__(self, situation: Situation, answers: dict[Key, Any], at: str = "") -> None:
        self._situation = situation
        self._answers = answers
        self._at = at

    def __getitem__(self, asked: Any) -> Any:
        feature = feature_of(asked)
        value = self._situation[feature]
        self._answers[feature, self._at] = value
        return value

    def at(self, figure: str) -> Situation:
        return _Noting(self._situation.at(figure), self._answers, figure)
