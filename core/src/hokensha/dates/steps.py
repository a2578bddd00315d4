"""Date rules: a small closed set of steps from one day to another, each of them monotone.

A rule is a chain of steps, written in TOML as a list of one-operator tables::

    rule = [{ years = 4 }, { next = "12-01" }]

Monotone means that a later day never gives an earlier result. Classification by cuts, witnesses and
the search for unknown facts rest on it, so a step that is not monotone has no place here.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Literal, TypeAlias

from attrs import field, fields, frozen

AddBusinessDays: TypeAlias = Callable[..., date]
"""Called with a day, a number of business days, and whether the turn of the year is open."""
YearEnd = Literal["closed", "open"]
MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")
MonthEnd = Literal["clamp", "roll-over", "stick"]


def _month_on(day: date, months: int) -> tuple[int, int]:
    index = day.year * 12 + day.month - 1 + months
    return index // 12, index % 12 + 1


def _last_of(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _add_months(day: date, months: int, month_end: MonthEnd) -> date:
    year, month = _month_on(day, months)
    last = _last_of(year, month)
    if month_end == "stick" and day == _last_of(day.year, day.month):
        return last
    if day.day <= last.day:
        return date(year, month, day.day)
    return last + timedelta(days=1) if month_end == "roll-over" else last


def _month_day(_: object, _attribute: object, text: str) -> None:
    found = MONTH_DAY.fullmatch(text)
    try:
        date(2023, int(found[1]) if found else 0, int(found[2]) if found else 0)
    except ValueError:
        raise ValueError(f"expected a month and day MM-DD that every year has, found {text!r}") from None


def _age(_: object, _attribute: object, years: int) -> None:
    if not 0 <= years <= 150:
        raise ValueError(f"expected an age of 0 to 150 years, found {years}")


def _at_least_zero(_: object, _attribute: object, count: int) -> None:
    if not 0 <= count <= 3660:
        raise ValueError(f"expected 0 to 3660 days, found {count}")


@frozen
class Days:
    """``days`` calendar days on (or back): the first day is not counted.

    Attributes:
        days: How many; below zero goes back.
    """

    days: int

    def apply(self, day: date, _: AddBusinessDays) -> date:
        return day + timedelta(days=self.days)


@frozen
class Months:
    """The matching day ``months`` months on; ``month_end`` says what happens where there is none.

    ``clamp``: the month's last day (民法143条). ``roll-over``: the first of the next month.
    ``stick``: clamp, and a month's last day always gives a month's last day.

    Attributes:
        months: How many; below zero goes back.
        month_end: For a month that lacks the day: ``clamp``, ``roll-over`` or ``stick``.
    """

    months: int
    month_end: MonthEnd = "clamp"

    def apply(self, day: date, _: AddBusinessDays) -> date:
        return _add_months(day, self.months, self.month_end)


@frozen
class Years:
    """The matching day ``years`` years on; only 29 February can lack one.

    Attributes:
        years: How many; below zero goes back.
        month_end: For a February that lacks the day: ``clamp``, ``roll-over`` or ``stick``.
    """

    years: int
    month_end: MonthEnd = "clamp"

    def apply(self, day: date, _: AddBusinessDays) -> date:
        return _add_months(day, 12 * self.years, self.month_end)


@frozen
class EndOfMonth:
    """The last day of the month that lies ``end_of_month`` months on: 0 is the day's own month.

    Attributes:
        end_of_month: How many months on; below zero goes back.
    """

    end_of_month: int

    def apply(self, day: date, _: AddBusinessDays) -> date:
        return _last_of(*_month_on(day, self.end_of_month))


@frozen
class FloorMonthEnd:
    """The last month end on or before the day, ``floor_month_end`` months on.

    Attributes:
        floor_month_end: How many months on; 0 is the month end reached.
    """

    floor_month_end: int

    def apply(self, day: date, _: AddBusinessDays) -> date:
        return _last_of(*_month_on(day + timedelta(days=1), self.floor_month_end - 1))


@frozen
class FirstOfMonth:
    """The first day of the month that lies ``first_of_month`` months on: 0 is the day's own month.

    Attributes:
        first_of_month: How many months on; below zero goes back.
    """

    first_of_month: int

    def apply(self, day: date, _: AddBusinessDays) -> date:
        year, month = _month_on(day, self.first_of_month)
        return date(year, month, 1)


@frozen
class Next:
    """The next such month and day: with ``boundary`` ``same`` on or after the day, with ``next`` after it.

    Attributes:
        next: The month and day ``MM-DD``, one that every year has, such as ``"07-31"``.
        boundary: On that very day: ``same`` stays, ``next`` goes a year on.
    """

    next: str = field(validator=_month_day)
    boundary: Literal["same", "next"] = "same"

    def apply(self, day: date, _: AddBusinessDays) -> date:
        this_year = date.fromisoformat(f"{day.year:04d}-{self.next}")
        reached = this_year > day or (this_year == day and self.boundary == "same")
        return this_year if reached else this_year.replace(year=day.year + 1)


@frozen
class On:
    """A fixed day, whatever the day counted from.

    Attributes:
        on: The day, such as ``2025-12-01``.
    """

    on: date

    def apply(self, _day: date, _: AddBusinessDays) -> date:
        return self.on


@frozen
class Birthday:
    """The ``birthday``-th birthday of one born on the day; 29 February falls on 1 March in common years.

    An age is attained at the end of the day before (年齢計算ニ関スル法律), for those born on 29 February
    at the end of 28 February: so the day that counts as the birthday is the one after.

    Attributes:
        birthday: The age, 0 to 150.
    """

    birthday: int = field(validator=_age)

    def apply(self, day: date, _: AddBusinessDays) -> date:
        return _add_months(day, 12 * self.birthday, "roll-over")


@frozen
class EndOfBirthdayMonth:
    """The end of the month in which that age is attained: those born on the 1st attain it a month earlier.

    Attributes:
        end_of_birthday_month: The age, 0 to 150.
    """

    end_of_birthday_month: int = field(validator=_age)

    def apply(self, day: date, add: AddBusinessDays) -> date:
        attained = Birthday(self.end_of_birthday_month).apply(day, add) - timedelta(days=1)
        return _last_of(attained.year, attained.month)


@frozen
class BusinessDays:
    """``business_days`` business days on, by the insurer's calendar; the day itself is day 0.

    Attributes:
        business_days: How many, 0 to 3660.
        year_end: 31 December to 3 January: ``closed``, or ``open`` but for New Year's Day and weekends.
    """

    business_days: int = field(validator=_at_least_zero)
    year_end: YearEnd = "closed"

    def apply(self, day: date, add: AddBusinessDays) -> date:
        return add(day, self.business_days, self.year_end == "open")


Step: TypeAlias = (
    Days
    | Months
    | Years
    | EndOfMonth
    | FloorMonthEnd
    | FirstOfMonth
    | Next
    | On
    | Birthday
    | EndOfBirthdayMonth
    | BusinessDays
)
STEPS: tuple[type[Step], ...] = (
    Days,
    Months,
    Years,
    EndOfMonth,
    FloorMonthEnd,
    FirstOfMonth,
    Next,
    On,
    Birthday,
    EndOfBirthdayMonth,
    BusinessDays,
)
DateRule: TypeAlias = tuple[Step, ...]
EARLIEST, LATEST = date(1868, 1, 1), date(2999, 12, 31)
"""Every result is held within these: no figure of a source reaches beyond them."""


def operator(step: type[Step]) -> str:
    """The key by which TOML names a step."""
    return str(fields(step)[0].name)


def apply_rule(rule: Iterable[Step], day: date, add_business_days: AddBusinessDays) -> date:
    """The day that a rule gives for ``day``, held within :data:`EARLIEST` and :data:`LATEST`."""
    for step in rule:
        try:
            day = step.apply(day, add_business_days)
        except (OverflowError, ValueError):  # beyond what a calendar can say: monotone all the same
            return EARLIEST if day < date(2000, 1, 1) else LATEST
        day = min(max(day, EARLIEST), LATEST)
    return day
