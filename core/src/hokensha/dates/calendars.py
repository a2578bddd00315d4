"""Business days: on which days an insurer, and the banks, are at work."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from attrs import Attribute, field, frozen

from hokensha.errors import Finding, HokenshaError

if TYPE_CHECKING:
    from holidays import HolidayBase

MonthDay: TypeAlias = tuple[int, int]
"""A day of every year: month and day of the month."""

_DAY = timedelta(days=1)
_SATURDAY = 5


class CalendarError(HokenshaError):
    """A business day was asked for in a year whose holidays are not known."""

    def __init__(self, year: int, first: int, last: int) -> None:
        super().__init__(
            Finding(
                "",
                f"no business days can be counted in {year}: the holidays are known for {first} to {last}",
                "holidays-not-known",
            )
        )


def _exist(_calendar: object, _attribute: Attribute[frozenset[MonthDay]], days: frozenset[MonthDay]) -> None:
    for month, day in sorted(days):
        try:
            date(2000, month, day)  # a leap year: 29 February does exist
        except ValueError:
            raise ValueError(f"closing day {month}-{day} is in no year") from None


@frozen
class BusinessCalendar:
    """The days on which one insurer does not work, beyond weekends and the bank holidays of Japan.

    Bank holidays are the national holidays (国民の祝日に関する法律, substitutes included) and 31 December to
    3 January (銀行法施行令第5条). They are those that the ``holidays`` library knows; of years ahead it
    tells what the law of its release gives, with the equinoxes as computed, not yet as announced.

    Attributes:
        name: What a policy calls the calendar.
        closing_days: The insurer's own closing days, the same every year, as (month, day).
        closed_dates: Single days on which the insurer is closed.

    Raises:
        ValueError: A closing day is in no year, such as 30 February.
    """

    name: str
    closing_days: frozenset[MonthDay] = field(default=frozenset(), validator=_exist)
    closed_dates: frozenset[date] = frozenset()

    def is_business_day(self, day: date, year_end_open: bool = False) -> bool:  # noqa: FBT001, FBT002
        """Whether the insurer works on ``day``; at the turn of the year only if that is said to be open.

        Raises:
            CalendarError: The holidays of that year are not known, so neither is the answer.
        """
        # Holidays come first, and even for a Sunday: an unknown year must never go unnoticed.
        return not (
            day in _holidays(day.year, year_end_open)
            or day.weekday() >= _SATURDAY
            or (day.month, day.day) in self.closing_days
            or day in self.closed_dates
        )

    def add(self, day: date, n: int, year_end_open: bool = False) -> date:  # noqa: FBT001, FBT002
        """The ``n``-th business day after ``day``, which is itself day 0 whether it is a business day or not.

        With ``n`` = 0, the first business day on or after ``day``. A later ``day`` never gives an earlier
        answer.

        Raises:
            ValueError: ``n`` is negative.
            CalendarError: A year in which days have to be counted (that of ``day`` included) is not known.
        """
        if n < 0:
            raise ValueError(f"business days are counted forward only, got {n}")
        at_work = self.is_business_day(day, year_end_open)
        left = n or int(not at_work)
        while left:
            day += _DAY
            left -= self.is_business_day(day, year_end_open)
        return day


def known_years() -> tuple[int, int]:
    """The first and the last year whose holidays are known."""
    japan = _japan()
    return japan.start_year, japan.end_year


def _japan(year: int | None = None, *categories: str) -> HolidayBase:
    # Imported only here: it loads some 300 modules in about 140 ms, and most commands count no business days.
    # Importing its ``countries.japan`` alone loads as many.
    from holidays import country_holidays  # noqa: PLC0415

    # ``expand`` would add further years as they are looked up, on its own; we name the one that we mean.
    return country_holidays("JP", years=year, expand=False, categories=("public", *categories))


@cache
def _holidays(year: int, year_end_open: bool) -> frozenset[date]:  # noqa: FBT001
    # For a year that it does not know the library answers with no holidays, not with an error.
    first, last = known_years()
    if not first <= year <= last:
        raise CalendarError(year, first, last)
    return frozenset(_japan(year) if year_end_open else _japan(year, "bank"))
