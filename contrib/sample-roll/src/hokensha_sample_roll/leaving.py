"""Members who left, or will; and the facts that the insurer does not know."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hokensha_sample_roll.days import NONE, Days, Ints, happened, latest, where
from hokensha_sample_roll.documents import ISSUED, NOTICE, REISSUE, UNTIL
from hokensha_sample_roll.draws import Draws, Facts
from hokensha_sample_roll.plans import OLD, OLD_BACK
from hokensha_sample_roll.shares import shares

_EVENTS = (
    *("certificate_requested_on", REISSUE, "deregistration_received_on", "details_changed_on"),
    *("name_change_received_on", "branch_transferred_on", "deregistration_registered_on", "registered_on"),
)
"""What does not happen to one who has left."""


def leaving_days(draws: Draws, as_of: int) -> Days:
    """For each household the day on which it leaves; none for most."""
    figures = shares()["leaving"]
    left = where(
        draws.chance("left", figures["left"]),
        draws.day("left-on", as_of - figures["left_within"], as_of),
    )
    leaves = draws.chance("leaves", figures["leaves"])
    planned = draws.day("leaves-on", as_of + 1, as_of + figures["leaves_within"])
    return where(np.isnan(left) & leaves, planned, left)


def leave(draws: Draws, facts: Facts, on: Days, as_of: int) -> None:
    """End memberships, and whatever would have come after."""
    figures = shares()["leaving"]
    on = where(on > facts["enrolled_on"] + figures["stays"], on)
    left = np.fmin(facts["left_on"], on)
    facts["left_on"] = left
    filed = happened(left + draws.span("loss-filed", figures["filed"]), as_of)
    facts["loss_received_on"] = filed
    rows = np.flatnonzero(~np.isnan(left))  # few: only they have anything to end
    for fact in (*_EVENTS, NOTICE):
        facts[fact][rows[facts[fact][rows] >= left[rows]]] = NONE
    never = rows[facts[ISSUED][rows] >= left[rows]]
    facts[ISSUED][never] = facts[UNTIL][never] = facts[REISSUE][never] = NONE
    back = latest(filed, facts[ISSUED]) + draws.span("certificate-back", figures["returned_after"])
    returns = draws.chance("certificate-returned", figures["returned"]) & ~np.isnan(facts[ISSUED])
    facts["eligibility_certificate_returned_on"] = happened(where(returns & ~np.isnan(filed), back), as_of)
    card = returns & ~np.isnan(filed) & ~np.isnan(facts[OLD]) & (left <= facts[OLD])
    facts[OLD_BACK] = np.fmin(facts[OLD_BACK], happened(where(card, filed), as_of))


def forget(draws: Draws, facts: Facts, share: float, among: Sequence[str]) -> Ints:
    """See that of a share of the members something is not known; their rows.

    Only what there is can be unknown: who has no card, has no terms of it that are missing.

    Args:
        among: The columns in which an empty cell means unknown.
    """
    rows = np.flatnonzero(draws.chance("unknown", share))
    there = {fact: facts[fact][rows] >= -np.inf for fact in among if fact in facts}
    count = np.sum([*there.values(), np.zeros(len(rows))], axis=0)
    chosen = np.floor(draws.uniform("unknown-which")[rows] * count)  # the one that is unknown for certain
    seen = np.zeros(len(rows))
    for fact, has in there.items():
        also = draws.chance(f"unknown-{fact}", shares()["unknown"]["also"])[rows]
        column = facts[fact]
        if column.dtype != np.float32:
            facts[fact] = column = column.astype(np.int16)
        column[rows[has & ((seen == chosen) | also)]] = NONE if column.dtype == np.float32 else -1
        seen += has
    return rows[count > 0]
