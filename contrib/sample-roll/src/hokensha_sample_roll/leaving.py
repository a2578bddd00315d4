"""Members who left, or will; and the facts that the insurer does not know."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hokensha_sample_roll.days import NONE, Days, ago, happened, in_days, latest, where
from hokensha_sample_roll.documents import ISSUED, NOTICE, OLD, OLD_BACK, REISSUE, UNTIL
from hokensha_sample_roll.draws import Bools, Draws
from hokensha_sample_roll.shares import shares
from hokensha_sample_roll.status import Facts

_EVENTS = (
    *("certificate_requested_on", REISSUE, "deregistration_received_on", "details_changed_on"),
    *("name_change_received_on", "branch_transferred_on", "deregistration_registered_on", "registered_on"),
)
"""What does not happen to one who has left."""


def leaving_days(draws: Draws, as_of: np.datetime64) -> Days:
    """For each household the day on which it leaves; none for most."""
    figures = shares()["leaving"]
    left = where(
        draws.chance("left", figures["left"]),
        draws.day("left-on", ago(as_of, figures["left_within"]), as_of),
    )
    leaves = draws.chance("leaves", figures["leaves"])
    planned = draws.day("leaves-on", as_of + in_days(1), as_of + in_days(figures["leaves_within"]))
    return where(np.isnat(left) & leaves, planned, left)


def leave(draws: Draws, facts: Facts, on: Days, as_of: np.datetime64) -> None:
    """End memberships, and whatever would have come after."""
    figures = shares()["leaving"]
    on = where(on > facts["enrolled_on"] + in_days(figures["stays"]), on)
    left = np.fmin(facts["left_on"], on)
    facts["left_on"] = left
    filed = happened(left + draws.span("loss-filed", figures["filed"]), as_of)
    facts["loss_received_on"] = filed
    for fact in (*_EVENTS, NOTICE):
        facts[fact] = where(facts[fact] >= left, NONE, facts[fact])
    never = facts[ISSUED] >= left
    facts[ISSUED], facts[UNTIL] = where(never, NONE, facts[ISSUED]), where(never, NONE, facts[UNTIL])
    facts[REISSUE] = where(never, NONE, facts[REISSUE])
    back = latest(filed, facts[ISSUED]) + draws.span("certificate-back", figures["returned_after"])
    returns = draws.chance("certificate-returned", figures["returned"]) & ~np.isnat(facts[ISSUED])
    facts["eligibility_certificate_returned_on"] = happened(where(returns & ~np.isnat(filed), back), as_of)
    card = returns & ~np.isnat(filed) & ~np.isnat(facts[OLD]) & (left <= facts[OLD])
    facts[OLD_BACK] = np.fmin(facts[OLD_BACK], happened(where(card, filed), as_of))


def unknowns(draws: Draws, facts: Facts, share: float, among: Sequence[str]) -> dict[str, Bools]:
    """For each column in which an empty cell means unknown, of whom it is not known.

    Only what there is can be unknown: who has no card, has no terms of it that are missing.
    """
    hit = draws.chance("unknown", share)
    order = draws.uniform("unknown-which")
    there = {fact: ~_none(facts, fact) for fact in among if fact in facts}
    count = np.sum([*there.values(), np.zeros(draws.count, dtype=bool)], axis=0)
    chosen = np.floor(order * count)  # the one of a member's columns that is unknown for certain
    seen = np.zeros(draws.count)
    found = {}
    for fact, has in there.items():
        also = draws.chance(f"unknown-{fact}", shares()["unknown"]["also"])
        found[fact] = hit & has & ((seen == chosen) | also)
        seen += has
    return found


def _none(facts: Facts, fact: str) -> Bools:
    column = facts[fact]
    if column.dtype.kind == "M":
        return np.asarray(np.isnat(column), dtype=np.bool_)
    return np.zeros(len(column), dtype=np.bool_)
