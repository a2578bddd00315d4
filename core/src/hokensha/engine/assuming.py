"""What would hold if something had been applied for: one dated fact assumed to be of the day asked."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

from attrs import define, field

from hokensha.features import (
    BOOLEANS,
    Derived,
    Feature,
    Known,
    MemberSituation,
    Order,
    Sequence,
    Situation,
    feature_of,
)
from hokensha.policy import Rulebook


@lru_cache(maxsize=1024)
def assumed(rulebook: Rulebook, feature: Feature[bool], fact: str) -> Derived[bool]:
    """The feature that says whether another one would hold if a dated fact were the day asked."""
    label = rulebook.catalogue[fact].label
    return Derived(
        f"assumed:{fact}:{feature.id}", label, BOOLEANS, lambda s: bool(_Assumed(rulebook, fact, s)[feature])
    )


@lru_cache(maxsize=4096)
def _support(rulebook: Rulebook, feature: Feature[Any]) -> frozenset[str]:
    """Every fact that a feature hangs on."""
    diagrams = rulebook.diagrams
    return diagrams.select(feature, {value: diagrams.leaf(value) for value in feature.values}).support


@define(eq=False)
class _Assumed:
    """A situation in which a fact is of the day asked; whatever does not hang on the fact is as it was."""

    rulebook: Rulebook
    fact: str
    situation: Situation
    _found: dict[Feature[Any], Any] = field(factory=dict, init=False)

    def __getitem__(self, asked: Any) -> Any:
        feature = feature_of(asked)
        if feature not in self._found:
            self._found[feature] = self._value(feature)
        return self._found[feature]

    def at(self, figure: str) -> Situation:
        """As of another day nothing had been applied for yet."""
        return self.situation.at(figure)

    def _value(self, feature: Feature[Any]) -> Any:
        composition = self.rulebook.vocabulary.checked(feature)
        if composition is None:
            return self._atom(feature)
        # To a member it is all the same; the explorer takes apart only those questions that it has to.
        if isinstance(self.situation, MemberSituation) or self.fact in _support(self.rulebook, feature):
            return composition(cast("Situation", self))
        return self.situation[feature]

    def _atom(self, feature: Feature[Any]) -> Any:
        if self.fact not in self.rulebook.vocabulary.atoms.facts(feature):
            return self.situation[feature]
        if isinstance(feature, Known):
            return True
        if not isinstance(feature, Order):
            return self.situation[feature]
        seen = self.situation[feature]
        if feature.fact == self.fact:
            return seen if seen is Sequence.NO_EVENT else Sequence.SINCE
        return seen if seen is Sequence.NEVER else Sequence.BEFORE
