"""Members drawn near the days on which a source's answers change, none of whom contradicts himself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from attrs import frozen
from days import birthday, end_of_month, first_of_month, months_on

TURNS = [date(2024, 8, 1), date(2024, 12, 2), date(2025, 7, 1), date(2025, 7, 31), date(2025, 8, 22)]
TURNS += [date(2025, 10, 11), date(2025, 10, 20), date(2025, 12, 1), date(2026, 7, 31)]
EVENTS = ("enrolment_received_on", "enrolment_processed_on", "loss_received_on", "number_submitted_on")
EVENTS += (
    "registered_on",
    "deregistration_received_on",
    "deregistration_registered_on",
    "details_changed_on",
)
EVENTS += (
    "eligibility_certificate_issued_on",
    "eligibility_certificate_returned_on",
    "name_change_received_on",
)
EVENTS += ("eligibility_notice_issued_on", "health_insurance_card_returned_on", "branch_transferred_on")
EVENTS += ("certificate_requested_on", "reissue_requested_on")
CARDS = ("held", "held", "held", "held", "none", "returned", "lost", "renewing")
USES = ("registered", "registered", "registered", "unregistered", "deregistered")


@frozen
class Ages:
    """Ages at which answers change, and those of most members."""

    turns: tuple[int, ...]
    usual: range


def drawn(many: int, seed: int, ages: Ages) -> Iterator[tuple[dict[str, Any], date]]:
    """So many members, each with the day to ask about."""
    draw = Random(seed)
    while many:
        on = _near(draw, draw.choice(TURNS), 2)
        if draw.random() < 0.5:
            on = date(2024, 11, 15) + timedelta(draw.randrange(800))
        facts = _member(draw, on, ages)
        if not _contradictory(facts):
            many -= 1
            yield facts, on


def _near(draw: Random, day: date, days: int) -> date:
    return day + timedelta(draw.randint(-days, days))


def _event(draw: Random, on: date, *, none: float) -> date | None:
    """None, or near the day asked, a turn of the rules, or some day of the years before."""
    if draw.random() < none:
        return None
    around = draw.choice([on, draw.choice(TURNS), on - timedelta(draw.randrange(700))])
    return _near(draw, around, 2)


def _expiry(draw: Random, on: date, *, near: bool) -> date | None:
    """Near the days whose grace ends, or whose certificate falls due, near the day asked."""
    if not near:
        return draw.choice([None, on + timedelta(draw.randrange(200, 2000))])
    if draw.random() < 0.2:
        return on - timedelta(draw.randrange(2000))
    turn = draw.choice(
        [months_on(on, -3), end_of_month(on, -3), end_of_month(on, -4), first_of_month(on, -3)]
    )
    return _near(draw, turn, 2)


def _flag(draw: Random, share: float) -> bool:
    return draw.random() < share


def _born(draw: Random, on: date, ages: Ages) -> date:
    if draw.random() < 0.3:
        return _near(draw, birthday(on, -draw.choice(ages.turns)), 2)
    return birthday(on, -draw.choice(ages.usual)) - timedelta(draw.randrange(365))


def _member(draw: Random, on: date, ages: Ages) -> dict[str, Any]:
    card = draw.choice(CARDS)
    near = draw.choice(["card", "certificate", "neither"])
    facts: dict[str, Any] = {event: _event(draw, on, none=0.75) for event in EVENTS}
    facts |= {
        "birth_date": _born(draw, on, ages),
        "relation": draw.choice(["insured", "dependent"]),
        "continuation": _flag(draw, 0.2),
        "disability_recognised": _flag(draw, 0.3),
        "enrolled_on": _event(draw, on, none=0) if _flag(draw, 0.5) else date(2020, 4, 1),
        "left_on": _event(draw, on, none=0.93),
        "registered_on": _event(draw, on, none=0.3) if _flag(draw, 0.5) else date(2021, 3, 1),
        "registration_failed": _flag(draw, 0.1),
        "my_number_card": card,
        "my_number_card_expires_on": _expiry(draw, on, near=near == "card"),
        "electronic_certificate_expires_on": _expiry(draw, on, near=near == "certificate"),
        "insurance_use": "unregistered" if card == "none" else draw.choice(USES),
        "needs_assistance": _flag(draw, 0.2),
        "assistance_applied_before": _flag(draw, 0.3),
        "disclosure_restricted": _flag(draw, 0.07),
        "departs_japan_on": _event(draw, on, none=0.95),
        "overseas_card": _flag(draw, 0.3),
        "health_insurance_card_valid_until": draw.choice([None, date(2025, 7, 31), date(2025, 12, 1), on]),
        "eligibility_certificate_valid_until": None,
    }
    if facts["enrolled_on"] >= date(2024, 12, 2) and _flag(draw, 0.7):
        facts["enrolment_processed_on"] = _near(draw, facts["enrolled_on"], 2)
    if facts["eligibility_certificate_issued_on"] and _flag(draw, 0.8):
        turn = draw.choice([date(2025, 7, 31), date(2026, 7, 31), on, end_of_month(on, 0)])
        facts["eligibility_certificate_valid_until"] = _near(draw, turn, 1)
    return facts


def _contradictory(facts: dict[str, Any]) -> bool:
    enrolled, left = facts["enrolled_on"], facts["left_on"]
    issued, until = (facts[f"eligibility_certificate_{end}"] for end in ("issued_on", "valid_until"))
    return bool(
        enrolled < facts["birth_date"] or (left and left < enrolled) or (issued and until and until < issued)
    )
