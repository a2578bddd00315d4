"""What would hold if something had been applied for: dated facts assumed to be of the day asked."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any, cast

from attrs import frozen

from hokensha.features import Derived, Feature, Known, MemberSituation, Order, Sequence, Situation, feature_of
from hokensha.policy import Rulebook


@lru_cache(maxsize=8192)
def assumed(rulebook: Rulebook, feature: Feature[Any], *facts: str) -> Derived[Any]:
    """The feature that says what another one would be if some dated facts were the day asked."""
    composition = rulebook.vocabulary.checked(feature)

    def would_be(s: Situation) -> Any:
        there = _Assumed(rulebook, facts, s)
        return there.atom(feature) if composition is None else composition(cast("Situation", there))

    return Derived(f"assumed:{'+'.join(facts)}:{feature.id}", feature.label, feature.values, would_be)


@lru_cache(maxsize=4096)
def _support(rulebook: Rulebook, feature: Feature[Any]) -> frozenset[str]:
    """Every fact that a feature hangs on."""
    diagrams = rulebook.diagrams
    return diagrams.select(feature, {value: diagrams.leaf(value) for value in feature.values}).support


@frozen(eq=False)
class _Assumed:
    """A situation in which facts are of the day asked; whatever does not hang on them is as it was."""

    rulebook: Rulebook
    facts: tuple[str, ...]
    situation: Situation

    def __getitem__(self, asked: Any) -> Any:
        feature = feature_of(asked)
        if self.rulebook.vocabulary.composition(feature) is None:
            return self.atom(feature)
        # To a member it is all the same; the explorer takes apart only those questions that it has to.
        if isinstance(self.situation, MemberSituation) or self._hangs(_support(self.rulebook, feature)):
            return self.situation[assumed(self.rulebook, feature, *self.facts)]
        return self.situation[feature]

    def at(self, figure: str) -> Situation:
        """As of another day nothing had been applied for yet."""
        return self.situation.at(figure)

    def atom(self, feature: Feature[Any]) -> Any:
        """What a feature of facts themselves would be."""
        if not self._hangs(self.rulebook.vocabulary.atoms.facts(feature)):
            return self.situation[feature]
        if isinstance(feature, Known):
            return True
        if not isinstance(feature, Order):
            return self.situation[feature]
        seen = self.situation[feature]
        if feature.fact in self.facts:
            return seen if seen is Sequence.NO_EVENT else Sequence.SINCE
        return seen if seen is Sequence.NEVER else Sequence.BEFORE

    def _hangs(self, on: Collection[str]) -> bool:
        return any(fact in on for fact in self.facts)
