"""Days as the sources count them, written for the audit alone: nothing of hokensha is asked."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from attrs import field, frozen

Facts = Mapping[str, Any]


def after(day: date, days: int) -> date:
    """So many days later."""
    return day + timedelta(days)


def months_on(day: date, months: int) -> date:
    """The matching day so many months on; the month's end where there is none."""
    first = first_of_month(day, months)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def first_of_month(day: date, months: int) -> date:
    """The first day of the month so many months on."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def end_of_month(day: date, months: int) -> date:
    """The last day of the month so many months on."""
    return after(first_of_month(day, months + 1), -1)


def birthday(born: date, years: int) -> date:
    """The birthday itself; of 29 February, 1 March in a common year."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


@frozen
class Claim:
    """One reason for which a document is owed, as the source gives it.

    Attributes:
        place: Where the source says it.
        basis: On what it comes: ``ex-officio``, ``application``, or none where the source is silent.
        first: The first day on which it is due; none at once.
        through: The last; none if none is stated.
        until: The end of what is issued.
        yearly: Whether it is the renewal of every year, to which all others yield.
    """

    place: str
    basis: str | None
    first: date | None = None
    through: date | None = None
    until: tuple[str, date | None] = ("not-stated", None)
    yearly: bool = False

    @property
    def rank(self) -> tuple[bool, bool]:
        """The yearly renewal wins, then an application that was made."""
        return not self.yearly, self.basis != "application"


@frozen
class Owed:
    """A document that is owed: of several claims one letter."""

    basis: str | None
    first: date | None
    through: date | None
    until: tuple[str, date | None]
    places: tuple[str, ...] = field(eq=False)


def one_letter(claims: list[Claim], begun: date) -> Owed | None:
    """The rank decides, else the order of the claims; the days are the earliest of all."""
    if not claims:
        return None
    won = min(claims, key=lambda claim: claim.rank)
    firsts = [max(claim.first, begun) if claim.first else None for claim in claims]
    first = None if None in firsts else min(day for day in firsts if day)
    through = min((claim.through for claim in claims if claim.through), default=None)
    return Owed(won.basis, first, through, won.until, tuple(claim.place for claim in claims))


@frozen
class Seen:
    """A member as seen on a day: what is dated later has not happened yet; undated facts are as given."""

    facts: Facts
    on: date

    def __getitem__(self, fact: str) -> Any:
        return self.facts[fact]

    def happened(self, fact: str) -> date | None:
        """The day of an event, if it has come."""
        day: date | None = self.facts[fact]
        return day if day and day <= self.on else None

    def since(self, fact: str, day: date | None) -> bool:
        """Whether an event has happened, on a day or later."""
        happened = self.happened(fact)
        return bool(happened and day and happened >= day)

    def has_card(self) -> bool:
        """A My Number card, be it lost or being renewed."""
        return self["my_number_card"] not in ("none", "returned")

    def departed(self) -> bool:
        """The day of departure has come, and the card was not switched."""
        return bool(self.happened("departs_japan_on")) and not self["overseas_card"]

    def at_hand(self, stem: str) -> bool:
        """A document was issued and has not come back since."""
        issued = self.happened(f"{stem}_issued_on")
        return bool(issued) and not self.since(f"{stem}_returned_on", issued)

    def certificate_valid(self) -> bool:
        """An eligibility certificate at hand whose end has not passed."""
        end = self["eligibility_certificate_valid_until"]
        return self.at_hand("eligibility_certificate") and (end is None or self.on <= end)

    def holds_old_card(self) -> bool:
        """An old card was given and has not come back."""
        given = self["health_insurance_card_valid_until"] is not None
        return given and not self.happened("health_insurance_card_returned_on")

    def lost_old_card(self, abolished: date) -> bool:
        """Another was asked for since old cards are not issued, and no certificate came instead."""
        asked = "reissue_requested_on"
        return self.since(asked, abolished) and not self.answered(asked)

    def answered(self, fact: str) -> bool:
        """A certificate was issued on the day of a request or later."""
        return self.since("eligibility_certificate_issued_on", self.happened(fact))
