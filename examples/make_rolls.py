"""Make the example rolls: 1,000 invented members for each insurer, the same bytes every time.

    python examples/make_rolls.py            # writes examples/*/roll.csv
    python examples/make_rolls.py FOLDER     # writes FOLDER/*/roll.csv

Nobody in these rolls exists. Ages, hiring days, cards and certificates are distributed as they would be at
such an insurer in November 2026. How a file is written (headers, codes, days, encoding) is what the insurer's
policy says under [roll].

Only ``Random.random`` is drawn from: it is what Python promises to keep the same from version to version.
"""

from __future__ import annotations

import csv
import io
import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from hokensha.identifiers import holds_individual_number, insurer_number_problem
from hokensha.policy import Column, Roll
from hokensha.structuring import load_policy
from hokensha.wareki import format_wareki

HERE = Path(__file__).parent
MEMBERS = 1_000
Facts: TypeAlias = "dict[str, Any]"
T = TypeVar("T")

UNKNOWN = object()
"""What the insurer's system has no data for; the column's empty cell has to mean that."""

ABOLISHED = date(2024, 12, 2)
"""From this day on no health insurance cards were issued."""
FACTS = (
    *("id", "insurer_number", "symbol", "number", "branch", "birth_date", "relation", "continuation"),
    *("disability_recognised", "enrolled_on", "enrolment_received_on", "enrolment_processed_on", "left_on"),
    *("loss_received_on", "number_submitted_on", "registered_on", "registration_failed", "my_number_card"),
    *("my_number_card_expires_on", "electronic_certificate_expires_on", "insurance_use"),
    *("deregistration_received_on", "deregistration_registered_on", "needs_assistance"),
    *("assistance_applied_before", "disclosure_restricted", "departs_japan_on", "overseas_card"),
    *("health_insurance_card_valid_until", "health_insurance_card_returned_on"),
    *("eligibility_certificate_issued_on", "eligibility_certificate_valid_until"),
    *("eligibility_certificate_returned_on", "eligibility_notice_issued_on", "details_changed_on"),
    *("name_change_received_on", "branch_transferred_on", "certificate_requested_on", "reissue_requested_on"),
)
FLAGS = {
    *("continuation", "disability_recognised", "registration_failed", "needs_assistance"),
    *("assistance_applied_before", "disclosure_restricted", "overseas_card"),
}


class Draw:
    """Draws of one insurer, each from ``Random.random`` alone."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random

    def chance(self, probability: float) -> bool:
        """Whether something with this probability happens."""
        return self._random() < probability

    def number(self, first: int, last: int) -> int:
        """A whole number; both ends count."""
        return first + int(self._random() * (last - first + 1))

    def day(self, first: date, last: date) -> date:
        """A day; both ends count."""
        return first + timedelta(days=self.number(0, max(0, (last - first).days)))

    def pick(self, weights: Mapping[T, float]) -> T:
        """One of several, by weight."""
        left = self._random() * sum(weights.values())
        for value, weight in weights.items():
            left -= weight
            if left < 0:
                return value
        return value


# --- days


def in_year(day: date, year: int) -> date:
    """The same day of another year; 29 February is 28 February where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def birthday_after(birth: date, issued: date, count: int) -> date:
    """The birthday that is the ``count``-th after a day."""
    year = issued.year if in_year(birth, issued.year) > issued else issued.year + 1
    return in_year(birth, year + count - 1)


def age(birth: date, on: date) -> int:
    """Full years."""
    return on.year - birth.year - (in_year(birth, on.year) > on)


# --- one member


def enrol(draw: Draw, facts: Facts, as_of: date, *, slow: float = 0.03) -> None:
    """From the day of enrolment to the registration in the intermediary server."""
    enrolled = facts["enrolled_on"]
    received = enrolled + timedelta(days=draw.number(1, 12))
    processed = received + timedelta(days=draw.number(1, 5))
    submitted = received + timedelta(days=draw.number(0, 20))
    if enrolled < date(2017, 1, 1):  # individual numbers were collected, and the server filled, later on
        submitted = draw.day(date(2016, 9, 1), date(2017, 6, 30))
    registered = max(processed, submitted) + timedelta(days=draw.number(2, 10))
    if draw.chance(slow):
        registered += timedelta(days=draw.number(20, 70))
    registered = max(registered, draw.day(date(2021, 2, 15), date(2021, 9, 30)))
    if enrolled < ABOLISHED <= processed:  # the last cards went to those processed before
        processed = max(received, processed)
    days = {
        "enrolment_received_on": received,
        "enrolment_processed_on": processed,
        "number_submitted_on": submitted,
        "registered_on": registered,
    }
    facts.update({fact: day if day <= as_of else None for fact, day in days.items()})


def card(draw: Draw, facts: Facts, as_of: date, *, held: float, registered: float) -> None:
    """The My Number card, its electronic certificate, and the registration for insurance use."""
    birth = facts["birth_date"]
    if not draw.chance(held):
        facts["my_number_card"] = "none"
        return
    first = max(date(2016, 1, 20), birth + timedelta(days=30))
    weights = {
        2016: 6,
        2017: 3,
        2018: 3,
        2019: 4,
        2020: 12,
        2021: 18,
        2022: 26,
        2023: 20,
        2024: 5,
        2025: 4,
        2026: 3,
    }
    year = draw.pick({y: w for y, w in weights.items() if y >= first.year} or {as_of.year: 1})
    issued = draw.day(max(first, date(year, 1, 1)), min(as_of, date(year, 12, 31)))
    if issued > as_of:  # born within the last weeks
        facts["my_number_card"] = "none"
        return
    facts["my_number_card"] = draw.pick({"held": 0.983, "lost": 0.007, "returned": 0.004, "renewing": 0.006})
    card_ends = birthday_after(birth, issued, 10 if age(birth, issued) >= 18 else 5)
    certificate_ends = birthday_after(birth, issued, 5)
    while certificate_ends < as_of + timedelta(days=60) and draw.chance(
        0.9
    ):  # the renewal notice comes before
        certificate_ends = in_year(birth, certificate_ends.year + 5)
        if card_ends < certificate_ends:
            card_ends = in_year(birth, card_ends.year + (10 if age(birth, card_ends) >= 18 else 5))
    facts["my_number_card_expires_on"] = card_ends
    facts["electronic_certificate_expires_on"] = min(certificate_ends, card_ends)
    facts["insurance_use"] = "registered" if draw.chance(registered) else "unregistered"


def works(facts: Facts, on: date) -> bool:
    """Whether the card did as an insurance card on a day, going by the facts of today."""
    expiries = (facts["my_number_card_expires_on"], facts["electronic_certificate_expires_on"])
    return (
        facts["my_number_card"] == "held"
        and facts["insurance_use"] == "registered"
        and all(isinstance(day, date) and day >= on for day in expiries)
    )


def certificate(facts: Facts, issued: date, until: date | None) -> None:
    """A certificate was handed out."""
    facts["eligibility_certificate_issued_on"] = issued
    facts["eligibility_certificate_valid_until"] = until


def leave(draw: Draw, facts: Facts, as_of: date) -> None:
    """The membership ended within the last months, or its end is planned."""
    facts["left_on"] = draw.day(
        max(facts["enrolled_on"] + timedelta(days=20), as_of - timedelta(days=120)), as_of
    )
    received = facts["left_on"] + timedelta(days=draw.number(1, 14))
    facts["loss_received_on"] = received if received <= as_of else None
    for fact in ("eligibility_certificate_issued_on", "eligibility_notice_issued_on"):
        if facts[fact] and facts[fact] >= facts["left_on"]:  # nothing was sent to one who had left
            facts[fact] = None
    if facts["eligibility_certificate_issued_on"] is None:
        facts["eligibility_certificate_valid_until"] = None
    elif draw.chance(0.7):
        back = received + timedelta(days=draw.number(0, 10))
        facts["eligibility_certificate_returned_on"] = back if back <= as_of else None


def gaps(draw: Draw, facts: Facts) -> None:
    """What a real roll does not know."""
    if facts["my_number_card"] in ("held", "renewing") and draw.chance(0.012):
        facts["electronic_certificate_expires_on"] = UNKNOWN
    if facts["my_number_card"] == "held" and draw.chance(0.005):
        facts["insurance_use"] = UNKNOWN
    if draw.chance(0.004):
        facts["my_number_card"] = UNKNOWN


def blank(**given: Any) -> Facts:
    """A member of whom everything else is none."""
    return (
        {fact: False if fact in FLAGS else None for fact in FACTS} | {"insurance_use": "unregistered"} | given
    )


# --- households of employees


def insurer_number(body: str) -> str:
    """Seven digits and the check digit that fits."""
    return next(n for digit in range(10) if insurer_number_problem(n := f"{body}{digit}") is None)


def household(
    draw: Draw, insured: Facts, *, spouse: float, children: Mapping[int, float], as_of: date
) -> Iterator[Facts]:
    """An insured member and dependents: a spouse, and children at the ages that fit."""
    yield insured
    birth: date = insured["birth_date"]
    own = age(birth, as_of)
    dependents: list[tuple[date, date]] = []
    if own >= 26 and draw.chance(spouse):
        wed = in_year(birth, birth.year + draw.number(25, max(25, min(own, 38))))
        born = draw.day(birth - timedelta(days=1500), birth + timedelta(days=1500))
        dependents.append((born, max(insured["enrolled_on"], min(wed, as_of))))
    for _ in range(draw.pick(children) if own >= 25 else 0):
        parent = draw.number(25, 41)
        born = in_year(birth, birth.year + parent) + timedelta(days=draw.number(0, 364))
        if born <= as_of - timedelta(days=3) and age(born, as_of) < 22:
            dependents.append((born, max(insured["enrolled_on"], born)))
    for number, (born, since) in enumerate(sorted(dependents, key=lambda pair: pair[1]), start=1):
        shared = {fact: insured[fact] for fact in ("insurer_number", "symbol", "number", "continuation")}
        yield blank(
            id=f"{insured['id'][:-2]}{number:02}",
            branch=f"{number:02}",
            birth_date=born,
            relation="dependent",
            enrolled_on=since,
            **shared,
        )


def employees(
    draw: Draw, as_of: date, first: Callable[[int], Facts], *, spouse: float, children: Mapping[int, float]
) -> list[Facts]:
    """Households until there are enough members."""
    found: list[Facts] = []
    while len(found) < MEMBERS:
        insured = first(len(found))
        found.extend(household(draw, insured, spouse=spouse, children=children, as_of=as_of))
    return found[:MEMBERS]


def april(draw: Draw, birth: date, as_of: date, low: int, high: int) -> date:
    """Hired on the first of April at an age between the two."""
    year = birth.year + draw.number(low, high)
    return min(date(year, 4, 1), date(as_of.year, 4, 1))


def old_card(draw: Draw, facts: Facts, until: date) -> None:
    """Those processed in time had a card of the old kind; for most it is on record that it is gone."""
    processed = facts["enrolment_processed_on"]
    if processed is None or processed >= ABOLISHED or facts["enrolled_on"] >= date(2024, 12, 1):
        return
    if draw.chance(0.25):
        facts["health_insurance_card_valid_until"] = until
        if draw.chance(0.5):
            facts["health_insurance_card_returned_on"] = draw.day(date(2025, 12, 2), date(2026, 3, 31))


def deregister(draw: Draw, facts: Facts, as_of: date, probability: float) -> bool:
    """A few had the registration for insurance use taken back."""
    if facts["insurance_use"] != "registered" or facts["my_number_card"] != "held":
        return False
    if not draw.chance(probability):
        return False
    received = draw.day(max(ABOLISHED, facts["enrolled_on"]), as_of)
    registered = received + timedelta(days=draw.number(3, 15))
    facts["deregistration_received_on"] = received
    facts["deregistration_registered_on"] = registered if registered <= as_of else None
    if registered + timedelta(days=62) < as_of:
        facts["insurance_use"] = "deregistered"
    return True


def request(draw: Draw, facts: Facts, as_of: date) -> None:
    """An application of the last days."""
    facts["certificate_requested_on"] = draw.day(max(facts["enrolled_on"], as_of - timedelta(days=14)), as_of)


# --- 000


def school(draw: Draw, as_of: date) -> list[Facts]:  # noqa: C901 - each thing that happens to members
    """Teachers and school staff with their families; hired in April, some on posts abroad."""
    number = insurer_number("3413099")

    def teacher(count: int) -> Facts:
        own = draw.pick({24: 10, 30: 16, 36: 16, 42: 15, 48: 15, 54: 16, 59: 9, 63: 5}) + draw.number(-2, 3)
        birth = draw.day(in_year(as_of, as_of.year - own - 1), in_year(as_of, as_of.year - own))
        hired = april(draw, birth, as_of, 23, 30)
        if draw.chance(0.06):  # fixed-term staff come in the middle of the year
            hired = draw.day(date(2025, 5, 1), as_of - timedelta(days=2))
        return blank(
            id=f"K{100000 + count * 7}00",
            insurer_number=number,
            symbol="公学甲" if count % 3 else "公学乙",
            number=str(200000 + count * 11),
            branch="00",
            birth_date=birth,
            relation="insured",
            enrolled_on=hired,
            continuation=own >= 60 and draw.chance(0.1),
        )

    members = employees(draw, as_of, teacher, spouse=0.34, children={0: 4, 1: 4, 2: 6, 3: 2})
    for facts in members:
        enrol(draw, facts, as_of)
        young = age(facts["birth_date"], as_of) < 2
        card(draw, facts, as_of, held=0.25 if young else 0.86, registered=0.88)
        pending = deregister(draw, facts, as_of, 0.012)
        new, since = facts["enrolled_on"] >= ABOLISHED, facts["enrolment_processed_on"]
        if since is None:
            continue
        old_card(draw, facts, date(2025, 12, 1))
        if new and since < as_of - timedelta(days=8):  # everybody who joins gets one for up to three months
            issued = since + timedelta(days=draw.number(3, 7))
            certificate(facts, issued, issued + timedelta(days=89))
        if not works(facts, as_of) and not pending and draw.chance(0.9):
            issued = since + timedelta(days=95) if new else draw.day(date(2025, 10, 1), date(2025, 11, 20))
            if issued < as_of:
                certificate(facts, issued, None)
        if facts["my_number_card"] == "lost" and draw.chance(0.7):
            request(draw, facts, as_of)
        if facts["relation"] == "insured" and draw.chance(0.006):  # posted to a Japanese school abroad
            facts["departs_japan_on"] = draw.day(date(2026, 9, 1), date(2027, 4, 1))
            facts["overseas_card"] = draw.chance(0.5)
        if draw.chance(0.012):
            leave(draw, facts, as_of)
        gaps(draw, facts)
    return members


# --- 001


def ministry(draw: Draw, as_of: date) -> list[Facts]:  # noqa: C901 - each thing that happens to members
    """Ministry and university staff in branches; transfers between them on the first of April."""
    number = insurer_number("3113099")
    branches = {"文科本": 5, "文科大阪": 2, "文科九州": 2, "文科東北": 1, "文科筑波": 2}

    def official(count: int) -> Facts:
        own = draw.pick({24: 10, 30: 18, 36: 18, 42: 16, 48: 15, 54: 14, 59: 7, 63: 4}) + draw.number(-2, 3)
        birth = draw.day(in_year(as_of, as_of.year - own - 1), in_year(as_of, as_of.year - own))
        hired = april(draw, birth, as_of, 22, 34)
        if draw.chance(0.05):
            hired = draw.day(date(2025, 5, 1), as_of - timedelta(days=2))
        facts = blank(
            id=f"M{500000 + count * 3}00",
            insurer_number=number,
            symbol=draw.pick(branches),
            number=str(10000 + count * 3),
            branch="00",
            birth_date=birth,
            relation="insured",
            enrolled_on=hired,
            continuation=own >= 60 and draw.chance(0.15),
        )
        if hired < date(2024, 4, 1) and draw.chance(0.12):
            facts["branch_transferred_on"] = draw.pick(
                {date(2025, 4, 1): 1, date(2026, 4, 1): 1, date(2026, 7, 1): 1}
            )
        return facts

    members = employees(draw, as_of, official, spouse=0.3, children={0: 5, 1: 5, 2: 5, 3: 1})
    for facts in members:
        enrol(draw, facts, as_of)
        young = age(facts["birth_date"], as_of) < 2
        card(draw, facts, as_of, held=0.25 if young else 0.9, registered=0.9)
        deregister(draw, facts, as_of, 0.01)
        since = facts["enrolment_processed_on"]
        if since is None:
            continue
        old_card(draw, facts, date(2025, 12, 1))
        facts["needs_assistance"] = draw.chance(0.006)
        if not works(facts, as_of) and draw.chance(0.9):
            issued = since + timedelta(days=draw.number(5, 12))
            issued = max(issued, draw.day(date(2025, 9, 16), date(2025, 11, 28)))
            if issued < as_of:
                ends = in_year(issued, issued.year + 4)
                certificate(facts, issued, date(ends.year + (ends > date(ends.year, 12, 1)), 12, 1))
        elif facts["registered_on"] and draw.chance(0.985):
            issued = facts["registered_on"] + timedelta(days=draw.number(3, 20))
            issued = max(issued, draw.day(date(2024, 9, 2), date(2024, 11, 29)))
            facts["eligibility_notice_issued_on"] = issued if issued <= as_of else None
        if facts["my_number_card"] == "lost" and draw.chance(0.6):
            request(draw, facts, as_of)
        if facts["eligibility_certificate_issued_on"] and draw.chance(0.01):
            facts["reissue_requested_on"] = draw.day(as_of - timedelta(days=20), as_of)
        if draw.chance(0.008):
            facts["name_change_received_on"] = draw.day(date(2026, 4, 1), as_of)
            facts["details_changed_on"] = facts["name_change_received_on"] - timedelta(days=draw.number(1, 9))
        if draw.chance(0.01):
            leave(draw, facts, as_of)
        gaps(draw, facts)
    return members


# --- 002


def metropolitan(draw: Draw, as_of: date) -> list[Facts]:  # noqa: C901 - each thing that happens to members
    """Metropolitan staff with their families, newborns among them; the state at a month's end."""
    number = insurer_number("3213099")

    def official(count: int) -> Facts:
        own = draw.pick({23: 9, 29: 17, 35: 17, 41: 15, 47: 15, 53: 15, 58: 9, 62: 6, 66: 1}) + draw.number(
            -2, 3
        )
        birth = draw.day(in_year(as_of, as_of.year - own - 1), in_year(as_of, as_of.year - own))
        hired = april(draw, birth, as_of, 19, 32)
        if draw.chance(0.06):
            hired = draw.day(date(2025, 5, 1), as_of - timedelta(days=2))
        continuing = own >= 60 and draw.chance(0.25)
        return blank(
            id=f"T{7000000 + count * 13}00",
            insurer_number=number,
            symbol="都共済",
            number=str(3000000 + count * 17),
            branch="00",
            birth_date=birth,
            relation="insured",
            enrolled_on=date(as_of.year, 4, 1) if continuing else hired,
            continuation=continuing,
        )

    members = employees(draw, as_of, official, spouse=0.3, children={0: 4, 1: 5, 2: 5, 3: 1})
    for facts in members:
        enrol(draw, facts, as_of)
        young = age(facts["birth_date"], as_of) < 2
        card(draw, facts, as_of, held=0.25 if young else 0.88, registered=0.9)
        deregistered = deregister(draw, facts, as_of, 0.012)
        since, registered = facts["enrolment_processed_on"], facts["registered_on"]
        if since is None:
            continue
        if facts["enrolled_on"] >= date(2025, 4, 1) and draw.chance(0.02):
            facts["registration_failed"], facts["registered_on"] = True, None
        old_card(draw, facts, date(2025, 12, 1))
        # Who is not able to use the card got a certificate: in the mass issue, on joining, or month by month.
        if not works(facts, as_of + timedelta(days=15)) and draw.chance(0.86):
            joined = since + timedelta(days=draw.number(3, 9))
            mass = draw.day(date(2025, 10, 14), date(2025, 10, 24))
            issued = joined if facts["enrolled_on"] >= date(2025, 8, 1) else mass
            if issued < as_of:
                certificate(facts, issued, None)
        if deregistered and draw.chance(0.8):
            certificate(facts, facts["deregistration_received_on"], None)
        if registered and facts["registered_on"] and not (facts["continuation"] and draw.chance(0.5)):
            issued = max(
                registered + timedelta(days=draw.number(2, 9)), draw.day(date(2024, 9, 9), date(2024, 10, 31))
            )
            facts["eligibility_notice_issued_on"] = issued if issued <= as_of else None
        if draw.chance(0.012):
            facts["details_changed_on"] = draw.day(date(2026, 8, 1), as_of)
        if facts["my_number_card"] == "returned" and draw.chance(0.6):
            request(draw, facts, as_of)
        if facts["eligibility_certificate_issued_on"] and draw.chance(0.012):
            facts["reissue_requested_on"] = draw.day(as_of - timedelta(days=20), as_of)
        if draw.chance(0.012):
            leave(draw, facts, as_of)
        gaps(draw, facts)
    return members


# --- 003


def warehouse(draw: Draw, as_of: date) -> list[Facts]:  # noqa: C901, PLR0912, PLR0915 - each thing that happens to members
    """Warehouse workers: half of them joined within three years; some stay on voluntarily for two years."""
    number = insurer_number("0613099")

    def worker(count: int) -> Facts:
        own = draw.pick({20: 9, 26: 12, 32: 12, 38: 12, 44: 13, 50: 14, 56: 12, 62: 9, 68: 5, 72: 2})
        own += draw.number(-2, 2)
        birth = draw.day(in_year(as_of, as_of.year - own - 1), in_year(as_of, as_of.year - own))
        years = draw.pick({0: 22, 1: 17, 2: 13, 4: 15, 8: 14, 15: 12, 25: 7})
        adult = date(birth.year + 19, 4, 1)
        joined = as_of - timedelta(days=years * 365 + draw.number(2, 400))
        if draw.chance(0.4):  # many start on the first of a month
            joined = joined.replace(day=1)
        continuing = own >= 40 and draw.chance(0.04)
        if continuing:
            joined = draw.day(date(2025, 1, 1), as_of - timedelta(days=25))
        facts = blank(
            id=f"S{count * 19 + 41000:07}00",
            insurer_number=number,
            symbol="9000" if continuing else str(draw.number(101, 148)),
            number=str(draw.number(1, 4200)),
            branch="00",
            birth_date=birth,
            relation="insured",
            enrolled_on=max(joined, adult),
            continuation=continuing,
        )
        if continuing:
            facts["left_on"] = in_year(joined, joined.year + 2)
        elif draw.chance(0.03):  # from abroad, and going home
            facts["departs_japan_on"] = draw.day(as_of - timedelta(days=10), as_of + timedelta(days=200))
        return facts

    members = employees(draw, as_of, worker, spouse=0.22, children={0: 9, 1: 4, 2: 4, 3: 1})
    for facts in members:
        enrol(draw, facts, as_of)
        young = age(facts["birth_date"], as_of) < 2
        card(draw, facts, as_of, held=0.2 if young else 0.78, registered=0.8)
        deregister(draw, facts, as_of, 0.02)
        received, since = facts["enrolment_received_on"], facts["enrolment_processed_on"]
        if received and draw.chance(0.96):
            first, second = date(2024, 9, 30), date(2024, 11, 29)
            sent = since or as_of
            if received <= first:
                sent = date(2024, 10, draw.number(15, 18))
            elif received <= second:
                sent = date(2024, 12, draw.number(16, 20))
            sent = max(sent, received)
            facts["eligibility_notice_issued_on"] = sent if since and sent <= as_of else None
        if since is None:
            continue
        old_card(draw, facts, date(2025, 12, 1))
        facts["needs_assistance"] = draw.chance(0.004)
        if not works(facts, as_of):
            before = facts["enrolled_on"] < ABOLISHED
            if not before:
                ticked = draw.chance(0.85)
                facts["certificate_requested_on"] = received if ticked else None
            else:
                ticked = draw.chance(0.93)
            issued = draw.day(date(2025, 11, 10), date(2025, 11, 28)) if before else since + timedelta(days=4)
            if ticked and issued < as_of:
                ends = in_year(issued, issued.year + 1)
                if ends < as_of and draw.chance(0.55):  # renewed already
                    issued = draw.day(max(issued, ends - timedelta(days=20)), min(ends, as_of))
                    ends = in_year(issued, issued.year + 1)
                certificate(facts, issued, ends)
        if facts["my_number_card"] == "lost" and draw.chance(0.6):
            request(draw, facts, as_of)
        if draw.chance(0.01):
            facts["name_change_received_on"] = draw.day(date(2025, 1, 6), as_of)
            facts["details_changed_on"] = facts["name_change_received_on"] - timedelta(days=draw.number(1, 9))
        if facts["left_on"] is None and draw.chance(0.05):
            leave(draw, facts, as_of)
        gaps(draw, facts)
    return members


# --- 004


def late_elderly(draw: Draw, as_of: date) -> list[Facts]:  # noqa: C901, PLR0912 - each thing that happens to members
    """Those of 75 and more, fewer with every year, and a few from 65 on with a recognised disability."""
    number = insurer_number("3943099")
    members: list[Facts] = []
    for count in range(MEMBERS):
        disabled = draw.chance(0.022)
        low = draw.pick({75: 27, 79: 25, 83: 20, 87: 14, 91: 9, 95: 4, 99: 1})
        own = draw.number(65, 73) if disabled else low + draw.number(0, 3)
        birth = draw.day(
            in_year(as_of, as_of.year - own - 1) + timedelta(days=1), in_year(as_of, as_of.year - own)
        )
        since = in_year(birth, birth.year + 75)
        if disabled:
            since = draw.day(in_year(birth, birth.year + 65), as_of - timedelta(days=10))
        elif draw.chance(0.03) and since < as_of - timedelta(days=900):  # moved in from another prefecture
            since = draw.day(date(2024, 8, 1), as_of - timedelta(days=8))
        since = max(since, date(2008, 4, 1))
        facts = blank(
            id=f"{43100 + draw.number(0, 44)}{count * 37 + 10000}",
            insurer_number=number,
            number=f"{count * 7919 + 10_000_000 + draw.number(0, 7000):08}",
            birth_date=birth,
            relation="insured",
            enrolled_on=since,
            disability_recognised=disabled,
        )
        members.append(facts)
        enrol(draw, facts, as_of)
        card(draw, facts, as_of, held=max(0.35, 0.93 - 0.02 * max(0, own - 75)), registered=0.78)
        deregister(draw, facts, as_of, 0.015)
        facts["needs_assistance"] = draw.chance(0.02 + 0.004 * max(0, own - 80))
        facts["assistance_applied_before"] = facts["needs_assistance"] and draw.chance(0.4)
        facts["disclosure_restricted"] = draw.chance(0.003)
        processed = facts["enrolment_processed_on"]
        if since < ABOLISHED and draw.chance(0.3):
            facts["health_insurance_card_valid_until"] = date(2025, 7, 31)
            facts["health_insurance_card_returned_on"] = draw.day(date(2025, 8, 1), date(2025, 9, 30))
        ground = (
            not works(facts, as_of - timedelta(days=92))
            or facts["assistance_applied_before"]
            or facts["disclosure_restricted"]
            or facts["deregistration_received_on"] is not None
        )
        if processed and since < date(2026, 7, 1) and draw.chance(0.96):
            sent = date(2026, 7, draw.number(13, 24)) if ground else date(2025, 7, draw.number(14, 25))
            sent = sent if since < sent else processed
            if ground:
                certificate(facts, sent, date(2027, 7, 31))
            else:
                facts["eligibility_notice_issued_on"] = sent
        elif processed and since >= date(2026, 7, 1) and processed < as_of - timedelta(days=10):
            if ground:
                certificate(facts, processed, date(2027, 7, 31))
            else:
                facts["eligibility_notice_issued_on"] = processed
        if facts["my_number_card"] == "lost" and draw.chance(0.7):
            request(draw, facts, as_of)
        if draw.chance(0.01):
            facts["details_changed_on"] = date(2026, 8, 1)
        if draw.chance(0.012):
            leave(draw, facts, as_of)
        gaps(draw, facts)
    return members


# --- writing


def wareki(day: date) -> str:
    """A day as R07.12.01."""
    era, year, month, dom = re.fullmatch(r"(..)(\d+|元)年(\d+)月(\d+)日", format_wareki(day)).groups()  # type: ignore[union-attr]
    letter = {"明治": "M", "大正": "T", "昭和": "S", "平成": "H", "令和": "R"}[era]
    return f"{letter}{1 if year == '元' else int(year):02}.{int(month):02}.{int(dom):02}"


FORMS: Mapping[str, Callable[[date], str]] = {
    "iso": date.isoformat,
    "yyyymmdd": lambda day: day.strftime("%Y%m%d"),
    "wareki": wareki,
}


def cell(column: Column, facts: Facts, fact: str) -> str:
    """What stands in a column for a member."""
    value = facts[fact]
    if value is UNKNOWN:
        if column.empty != "unknown":
            raise ValueError(f"{fact}: an empty cell does not mean unknown")
        return ""
    if value is None:
        # Of a member without a card, nothing asks for the ends of its terms.
        if column.empty == "unknown" and facts["my_number_card"] not in ("none", UNKNOWN):
            raise ValueError(f"{fact}: an empty cell does not mean none")
        return ""
    if isinstance(value, date):
        return FORMS[column.form](value)
    if column.values:
        return next(code for code, meant in column.values.items() if meant == value)
    return str(value)


def roll_csv(roll: Roll, members: Sequence[Facts], as_of: date) -> bytes:
    """The file, as the policy says that the insurer's are."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    as_of_cell = [FORMS[roll.as_of_form](as_of)] if roll.as_of_header else []
    rows.writerow(
        [column.header for column in roll.columns.values()] + ([roll.as_of_header] if as_of_cell else [])
    )
    for facts in members:
        row = [cell(column, facts, fact) for fact, column in roll.columns.items()] + as_of_cell
        if holds_individual_number(row):
            raise ValueError("a made-up number looks like an individual number; choose another seed")
        rows.writerow(row)
    return text.getvalue().encode(roll.encoding)


INSURERS: Mapping[str, tuple[int, date, Callable[[Draw, date], list[Facts]]]] = {
    "school-mutual-aid": (20261120, date(2026, 11, 20), school),
    "mext-mutual-aid": (20261121, date(2026, 11, 20), ministry),
    "tokyo-mutual-aid": (20261031, date(2026, 10, 31), metropolitan),
    "warehouse-health-society": (20261123, date(2026, 11, 20), warehouse),
    "kumamoto-late-elderly": (20261124, date(2026, 11, 20), late_elderly),
}


def make(insurer: str) -> bytes:
    """The roll of one insurer."""
    seed, as_of, members = INSURERS[insurer]
    roll = load_policy(HERE / insurer / "policy.toml").roll
    return roll_csv(roll, members(Draw(seed), as_of), as_of)


def main(folder: Path) -> None:
    """Write every roll."""
    for insurer in INSURERS:
        path = folder / insurer / "roll.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make(insurer))
        print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
