"""The decision trees of a policy: each rule's, and each feature's that a plugin makes of others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from attrs import frozen

from hokensha.features import Composition, Derived
from hokensha.policy import Rulebook
from hokensha.rules import Tested
from hokensha.text import Label
from hokensha_conformance.ways import Trail
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
    trails: tuple[tuple[Trail, Any], ...] = ()


def trees(rulebook: Rulebook, package: str) -> tuple[Tree, ...]:
    """The trees of the rules in the policy's order, then those of features in the order they are asked for.

    Of features those that are written in ``package``: others are not for a plugin to show.
    """
    rules = tuple(_of_rule(rule) for rule in dict.fromkeys(bound.rule for bound in rulebook.bound))
    return (*rules, *_features(rulebook, rules, package))


@lru_cache(maxsize=4096)
def walked(function: Composition) -> Walked:
    """What a function does on all its paths."""
    return walk(function)


def is_of(function: Composition, package: str) -> bool:
    """Whether a function is written in a package."""
    return f"{getattr(function, '__module__', '')}.".startswith(f"{package}.")


def _of_rule(rule: Any) -> Tree:
    kind = type(rule).__name__.lower()
    if not isinstance(rule, Tested):
        return Tree(kind, rule.id, rule.label)
    return Tree(kind, rule.id, rule.label, rule.test, _trails(rule.test))


def _features(rulebook: Rulebook, rules: tuple[Tree, ...], package: str) -> Iterator[Tree]:
    seen = {rule.function for rule in rules if rule.function}
    ahead = [rule.function for rule in rules if rule.function]
    while ahead:
        for feature, _ in walked(ahead.pop(0)).asked:
            composition = rulebook.vocabulary.composition(feature)
            if composition is None or composition in seen:
                continue
            seen.add(composition)
            ahead.append(composition)
            if isinstance(feature, Derived) and is_of(composition, package):
                yield Tree(FEATURE, feature.id, feature.label, composition, _trails(composition))


def _trails(function: Composition) -> tuple[tuple[Trail, Any], ...]:
    return tuple((tuple(answers.items()), outcome) for answers, outcome in walked(function).outcomes)
