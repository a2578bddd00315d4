"""Rules bound to the terms that a policy sets for each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, TypeAlias, TypeVar

from attrs import frozen

from hokensha.policy import Policy, Terms
from hokensha.provided import Provider
from hokensha.rules import RuleBase

R = TypeVar("R", bound=RuleBase)
Offered: TypeAlias = "tuple[Any, Provider]"
"""A rule, and the plugin that offers it."""


@frozen(eq=False)
class Bound(Generic[R]):
    """A rule with its policy's terms, and the plugin it came from.

    Attributes:
        place: Where in the policy the terms are: ``rules.card-lost``.
    """

    rule: R
    terms: Terms
    provider: Provider
    place: str


def bound_rules(policy: Policy, offered: Iterable[Offered]) -> tuple[Bound[Any], ...]:
    """Every rule in force with its terms, in the policy's order."""
    by_id = {rule.id: (rule, provider) for rule, provider in offered}
    return tuple(
        Bound(by_id[rule_id][0], terms, by_id[rule_id][1], f"rules.{rule_id}")
        for rule_id, terms in policy.rules.items()
        if rule_id in by_id
    )
