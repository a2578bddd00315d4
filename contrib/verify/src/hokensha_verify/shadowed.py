"""Triggers that hide others which mean something else, where the policy does not say which comes first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from hokensha.engine import owed
from hokensha.errors import Finding
from hokensha.features import BOOLEANS, Derived
from hokensha.policy import Bound, Rulebook
from hokensha.rules import CONSISTENT, Basis, Trigger
from hokensha_verify.days import telling_days
from hokensha_verify.witnesses import Witness, witness


def shadowed(rulebook: Rulebook) -> Iterator[Finding]:
    """Pairs of triggers that can hold together and differ in the term that they give."""
    for winner, loser in combinations(rulebook.rules(Trigger), 2):
        if _open(rulebook, winner, loser) and (found := _both(rulebook, winner, loser)):
            message = (
                f"holds together with '{winner.rule.id}', which gives another term; put one first in "
                f"[order]: {found}"
            )
            yield Finding(f"{rulebook.policy.path}: {loser.place}", message, "shadowed-trigger")


def _open(rulebook: Rulebook, one: Bound[Trigger], other: Bound[Trigger]) -> bool:
    """Whether it is left open which of two triggers comes first, and that makes a difference."""
    document = one.rule.document
    yearly = one.yearly is not None or other.yearly is not None
    if yearly or other.rule.document is not document or one.rule.id == other.rule.id:
        return False
    said = rulebook.policy.order.get(document.id, ())
    by_order = one.rule.id in said or other.rule.id in said
    by_basis = (one.terms.basis is Basis.APPLICATION) is not (other.terms.basis is Basis.APPLICATION)
    return not (by_order or by_basis) and _term(rulebook, one) != _term(rulebook, other)


def _term(rulebook: Rulebook, bound: Bound[Trigger]) -> str | None:
    validity = rulebook.validity(bound.rule.document, bound.terms.purpose)
    return validity.terms.figure if validity else None


def _both(rulebook: Rulebook, one: Bound[Trigger], other: Bound[Trigger]) -> Witness | None:
    """Somebody to whom the document is owed on both."""
    first, second = owed(rulebook, one), owed(rulebook, other)
    both = Derived(
        "owed-twice", other.rule.label, BOOLEANS, lambda s: s[first] and s[second] and s[CONSISTENT]
    )
    days = (day for day in telling_days(rulebook) if one.terms.in_force(day) and other.terms.in_force(day))
    return next((found for day in days if (found := witness(rulebook, both, day))), None)
