"""What would hold if something had been done: some facts supposed to have other values.

It is what would be decided of the member whose facts have these values: of other days, too, and however a
rule comes by a fact.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias, cast

from attrs import frozen

from hokensha.features import DayAsked, Derived, Feature, MemberSituation, Situation, Supposed, feature_of
from hokensha.policy import Rulebook

Supposition: TypeAlias = "frozenset[tuple[str, str | bool | DayAsked]]"
"""Facts, each with the value that it is supposed to have."""


@lru_cache(maxsize=8192)
def supposed(
    rulebook: Rulebook, feature: Feature[Any], given: Supposition, at: str = ""
) -> Derived[Any] | Supposed[Any]:
    """The feature that says what another one would be if some facts had other values.

    Args:
        rulebook: How features come about.
        feature: The other one.
        given: The facts, each with the value that it is supposed to have.
        at: The figure of the day as of which the other one is asked for (empty: the day asked).
    """
    composition = rulebook.vocabulary.checked(feature)
    words = "+".join(f"{fact}={value}" for fact, value in sorted(given, key=str))
    named = f"supposed:{words}:{at}:{feature.id}"
    if composition is None:
        return Supposed(named, feature.label, feature.values, feature, dict(given), at)

    def would_be(s: Situation) -> Any:
        return composition(cast("Situation", _Supposing(rulebook, given, s, at)))

    return Derived(named, feature.label, feature.values, would_be)


@lru_cache(maxsize=4096)
def _support(rulebook: Rulebook, feature: Feature[Any]) -> frozenset[str]:
    """Every fact that a feature hangs on."""
    diagrams = rulebook.diagrams
    return diagrams.select(feature, {value: diagrams.leaf(value) for value in feature.values}).support


@frozen(eq=False)
class _Supposing:
    """A situation in which facts have other values; whatever does not hang on them is as it was."""

    rulebook: Rulebook
    given: Supposition
    situation: Situation
    figure: str

    def __getitem__(self, asked: Any) -> Any:
        feature = feature_of(asked)
        if self._hangs(feature):
            return self.situation[supposed(self.rulebook, feature, self.given, self.figure)]
        return (self.situation.at(self.figure) if self.figure else self.situation)[feature]

    def at(self, figure: str) -> Situation:
        """The same as of another day."""
        return cast("Situation", _Supposing(self.rulebook, self.given, self.situation, figure))

    def _hangs(self, feature: Feature[Any]) -> bool:
        """Whether one of the facts may matter to a feature."""
        if self.rulebook.vocabulary.composition(feature) is None:
            facts = frozenset(self.rulebook.vocabulary.atoms.facts(feature))
        elif isinstance(self.situation, MemberSituation):  # to a member it is all the same
            return True
        else:  # the explorer takes apart only those questions that it has to
            facts = _support(self.rulebook, feature)
        return any(fact in facts for fact, _ in self.given)
