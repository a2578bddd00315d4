"""Rules bound to the terms that a policy sets for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeAlias, TypeVar

from attrs import evolve, frozen

from hokensha.plugins import Provider
from hokensha.policy.policy import Policy, Terms
from hokensha.rules import Latency, RuleBase, Validity

R = TypeVar("R", bound=RuleBase)
Offered: TypeAlias = "tuple[Any, Provider]"
"""A rule, and the plugin that offers it."""


@frozen(eq=False)
class Bound(Generic[R]):
    """A rule with its policy's terms, and the plugin it came from.

    Attributes:
        place: Where in the policy the terms are: ``rules.card-lost``, or ``rules.card-lost[1]`` of several
            versions.
    """

    rule: R
    terms: Terms
    provider: Provider
    place: str


def bound_rules(policy: Policy, offered: Iterable[Offered]) -> tuple[Bound[Any], ...]:
    """Every rule in force with its terms, in the policy's order."""
    by_id = {rule.id: (rule, provider) for rule, provider in offered}
    return tuple(
        bound
        for rule_id, place, terms in policy.terms()
        if rule_id in by_id
        for bound in _bound(*by_id[rule_id], terms, place)
    )


def _bound(rule: Any, provider: Provider, terms: Terms, place: str) -> Iterator[Bound[Any]]:
    """A rule with its terms; and the same rule for each further purpose that the policy gives it."""
    if isinstance(rule, Latency) and terms.counts_from is not None:
        rule = evolve(rule, counts_from=terms.counts_from)
    yield Bound(rule, terms, provider, place)
    if isinstance(rule, Validity):
        for purpose, figure in terms.purposes.items():
            further = evolve(rule, id=f"{rule.id}-{purpose}", purpose=purpose)
            own = evolve(terms, figure=figure, purposes={})
            yield Bound(further, own, provider, f"{place}.purposes.{purpose}")
