"""The decision trees of a policy: each rule's, and each feature's that its plugins make of others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from attrs import frozen

from hokensha.features import Composition, Derived
from hokensha.policy import Rulebook
from hokensha.rules import Tested
from hokensha.text import Label
from hokensha_conformance.following import Path
from hokensha_verify import Walked, walk

FEATURE = "feature"
"""The kind of a tree that belongs to a feature, where a rule's says which kind of rule it is."""


@frozen(eq=False)
class Tree:
    """The function of a rule or of a feature, and where it leads; a rule that names a figure has none."""

    kind: str
    id: str
    label: Label
    function: Composition | None = None
    paths: tuple[tuple[Path, Any], ...] = ()


def trees(rulebook: Rulebook) -> tuple[Tree, ...]:
    """The trees of the rules in the policy's order, then those of features in the order they are asked for.

    The standard features of the core are left out: a policy cannot make them go wrong.
    """
    rules = tuple(_of_rule(rulebook, rule) for rule in dict.fromkeys(b.rule for b in rulebook.bound))
    return (*rules, *_features(rulebook, rules))


@lru_cache(maxsize=4096)
def walked(function: Composition) -> Walked:
    """What a function does on all its paths."""
    return walk(function)


def _of_rule(rulebook: Rulebook, rule: Any) -> Tree:
    kind = type(rule).__name__.lower()
    if not isinstance(rule, Tested):
        return Tree(kind, rule.id, rule.label)
    return Tree(kind, rule.id, rule.label, rule.test, _paths(rulebook, rule.test))


def _features(rulebook: Rulebook, rules: tuple[Tree, ...]) -> Iterator[Tree]:
    seen = {rule.function for rule in rules if rule.function}
    ahead = [rule.function for rule in rules if rule.function]
    while ahead:
        for feature, _ in walked(ahead.pop(0)).asked:
            composition = rulebook.vocabulary.composition(feature)
            if composition is None or composition in seen:
                continue
            seen.add(composition)
            ahead.append(composition)
            if isinstance(feature, Derived) and package_of(composition) != "hokensha":
                paths = _paths(rulebook, composition)
                yield Tree(FEATURE, feature.id, feature.label, composition, paths)


def _paths(rulebook: Rulebook, function: Composition) -> tuple[tuple[Path, Any], ...]:
    outcomes = walked(function).outcomes
    return tuple((tuple(answers.items()), outcome) for answers, outcome in outcomes)


def package_of(function: Composition) -> str:
    """The package in which a function is written."""
    return str(getattr(function, "__module__", "")).partition(".")[0]
