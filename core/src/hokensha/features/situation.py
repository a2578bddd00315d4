"""A situation: the values of all features of one member on one day, read one at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Protocol, TypeAlias, overload

from attrs import define, field

from hokensha.facts import FactValue
from hokensha.features.atoms import Atoms
from hokensha.features.features import (
    BOOLEANS,
    Against,
    Derived,
    Feature,
    InForce,
    OfPolicy,
    Reached,
    Readable,
    Says,
    Setting,
    V,
    Within,
    feature_of,
)


class Situation(Protocol):
    """What a rule sees: feature values, never a fact."""

    @overload
    def __getitem__(self, asked: Feature[V]) -> V: ...

    @overload
    def __getitem__(self, asked: Readable) -> bool: ...

    def __getitem__(self, asked: Any) -> Any:
        """The value of a feature on the day asked; of a rule, whether the one in force holds."""

    def at(self, figure: str) -> Situation:
        """The same member on another, fixed day of the policy (the as-of day of a mass issuance)."""


Composition: TypeAlias = Callable[[Situation], Any]
Reader: TypeAlias = "Callable[[MemberSituation], Any]"


class UnknownFact(BaseException):  # no Exception: a rule that catches those must not catch this
    """A fact that is not known was needed: the exact path has to decide."""

    def __init__(self, fact: str) -> None:
        self.fact = fact
        super().__init__(fact)


@define(eq=False)
class Vocabulary:
    """How the features of one policy come about: atoms from facts, all others from atoms.

    Attributes:
        atoms: The scalar definitions.
        settings: The value of each :class:`~hokensha.features.Setting`, by its id.
        of_policy: The function of each :class:`~hokensha.features.OfPolicy`.
        in_force: The function of each rule that the policy has in force, by the ids under which it is read.
    """

    atoms: Atoms
    settings: Mapping[str, Any] = field(factory=dict)
    of_policy: Mapping[Feature[Any], Composition] = field(factory=dict)
    in_force: Mapping[str, Composition] = field(factory=dict)
    _compositions: dict[Feature[Any], Composition | None] = field(factory=dict, init=False)
    _parts: dict[tuple[object, ...], Feature[bool]] = field(factory=dict, init=False)
    table: Callable[[date], dict[Feature[Any], Reader]] = field(
        factory=lambda: lru_cache(maxsize=400)(lambda _: {}), init=False
    )
    """How to get at each feature on a day; filled as features are first read."""

    def composition(self, feature: Feature[Any]) -> Composition | None:
        """The function of other features that ``feature`` stands for; none if it is an atom."""
        if feature not in self._compositions:
            self._compositions[feature] = self._compose(feature)
        return self._compositions[feature]

    def fixed_day(self, figure: str, on: date) -> date:
        """The day of a figure that counts from no fact."""
        figures = self.atoms.figures
        value = figures.evaluate(figure, _no_fact, on)
        day = value.bound() if value else None
        if day is None:
            raise ValueError(f"figure '{figure}' is no fixed day, so nothing can be seen as of it")
        return day

    def reader(self, feature: Feature[Any], day: date) -> Reader:
        """The function that gets a feature's value on ``day`` out of a member's situation."""
        composition = self.composition(feature)
        if composition is not None:
            return composition
        facts, classifier = self.atoms.facts(feature), self.atoms.classifier(feature, day)
        if len(facts) == 1:
            fact = facts[0]
            return lambda s: classifier(s.known(fact))
        return lambda s: classifier(*(s.known(f) for f in facts))

    def _compose(self, feature: Feature[Any]) -> Composition | None:
        if isinstance(feature, Derived):
            return feature.function
        if isinstance(feature, OfPolicy):
            return self.of_policy[feature]
        if isinstance(feature, InForce):
            return self.in_force.get(feature.rule, _not_in_force)
        if isinstance(feature, Setting):
            setting = self.settings[feature.id]
            return lambda _: setting
        return self._against_figure(feature) if isinstance(feature, Within | Reached) else None

    def _against_figure(self, feature: Within | Reached) -> Composition:
        upto = isinstance(feature, Within)
        parts = self._figure_parts(feature.figure, upto=upto)
        if len(parts) == 1 and not parts[0][0]:  # one step less for each member
            part = parts[0][1]
            return lambda s: s[part]
        if upto:
            return lambda s: not any(_meet(s, c) and not s[part] for c, part in parts)
        return lambda s: any(_meet(s, c) and s[part] for c, part in parts)

    def _figure_parts(self, name: str, *, upto: bool) -> list[tuple[list[Feature[bool]], Feature[bool]]]:
        """The earliest of several days is reached when one is, and not passed while none is."""
        figures = self.atoms.figures
        found = []
        for part in figures.parts(name):
            when = figures[part][0].when
            conditions = [self.part(Says, fact, wanted) for fact, wanted in when.items()]
            found.append((conditions, self.part(Against, part, upto)))
        return found

    def part(self, kind: type[Against | Says], name: str, detail: Any) -> Feature[bool]:
        """The atom that the policy's figures bring about: a day against a figure, a fact against a value."""
        key = (kind, name, detail)
        if key not in self._parts:
            label = self.atoms.label(kind, name)
            self._parts[key] = kind(f"{name}:{detail}", label, BOOLEANS, name, detail)
        return self._parts[key]


def _meet(situation: Situation, conditions: list[Feature[bool]]) -> bool:
    return not conditions or all(situation[condition] for condition in conditions)


def _not_in_force(_: Situation) -> bool:
    return False


def _no_fact(fact: str) -> FactValue:
    raise ValueError(f"an as-of day may not depend on a fact ({fact})")


class MemberSituation(dict[Any, Any]):
    """The situation of one member on one day; a fact that is not known raises :class:`UnknownFact`.

    It is a dictionary of the values read so far, so that reading one again costs nothing.
    """

    __slots__ = ("_others", "_table", "_vocabulary", "day", "facts")

    def __init__(self, vocabulary: Vocabulary, facts: Mapping[str, FactValue], day: date) -> None:
        super().__init__()
        self.day = day
        self._vocabulary = vocabulary
        self.facts = facts
        self._table = vocabulary.table(day)
        self._others: dict[str, MemberSituation] | None = None

    def __missing__(self, asked: Any) -> Any:
        feature = feature_of(asked)
        if feature is not asked:  # a rule; its feature may have been read
            value = self[asked] = self[feature]
            return value
        reader = self._table.get(feature)
        if reader is None:
            reader = self._table[feature] = self._vocabulary.reader(feature, self.day)
        value = self[feature] = reader(self)
        return value

    def known(self, fact: str) -> FactValue:
        """The value of a fact.

        Raises:
            UnknownFact: It was not supplied.
        """
        try:
            return self.facts[fact]
        except KeyError:
            raise UnknownFact(fact) from None

    def happened(self, fact: str) -> FactValue:
        """The value of a fact as seen on the day: none for an event that is dated after it.

        Raises:
            UnknownFact: It was not supplied.
        """
        return self._vocabulary.atoms.happened(fact, self.known(fact), self.day)

    def at(self, figure: str) -> MemberSituation:
        """The same member as of a fixed day of the policy."""
        if self._others is None:
            self._others = {}
        if figure not in self._others:
            day = self._vocabulary.fixed_day(figure, self.day)
            self._others[figure] = MemberSituation(self._vocabulary, self.facts, day)
        return self._others[figure]
