"""How an order's day follows from the other fact's day: sums of months and days say what the rule says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from hokensha.dates import (
    Birthday,
    BusinessCalendar,
    BusinessDays,
    CalendarError,
    DateRule,
    Days,
    EndOfBirthdayMonth,
    EndOfMonth,
    FirstOfMonth,
    FloorMonthEnd,
    Months,
    Next,
    On,
    Years,
    apply_rule,
)
from hokensha_roll.keys.stretches import NEAR, Between, Stretch, Sum, stretches

TODAY = date(2026, 11, 21)
RULES: dict[str, DateRule] = {
    "the day itself": (),
    "days": (Days(90),),
    "months": (Months(1),),
    "years": (Years(-3),),
    "end of a month": (EndOfMonth(3), Days(1)),
    "first of a month": (FirstOfMonth(0),),
    "the month end reached": (FloorMonthEnd(2),),
    "the day before a birthday": (Birthday(75), Days(-1)),
    "the month of a birthday": (EndOfBirthdayMonth(70),),
    "a day of each year": (Next("07-31"),),
    "a fixed day": (On(date(2025, 12, 1)),),
    "business days": (BusinessDays(3),),
}
SHORT = ("the day itself", "days", "end of a month", "first of a month", "the month end reached")


def since_of(rule: DateRule, until: date = date.max) -> Callable[[date | None], date | None]:
    """The day that an order compares with; there is none for days after ``until``, which are yet to come."""
    add = BusinessCalendar("test").add

    def since(base: date | None) -> date | None:
        if base is None or base > until:
            return None
        try:
            return apply_rule(rule, base, add)
        except CalendarError:  # years whose holidays nobody knows are far off
            return date(1868, 1, 1) if base.year < 2000 else date(2999, 12, 31)

    return since


def how_of(found: tuple[Stretch, ...], day: date) -> object:
    return next(stretch.how for stretch in found if day <= stretch.last)


def holds(how: object, day: date, given: date | None) -> bool:
    """Whether a day is among those that are said of another."""
    if not isinstance(how, Between):
        return given == (how.of(day) if isinstance(how, Sum) else how)
    if how.least is None or how.most is None or given is None:
        return how.least is how.most is None
    least, most = (end.of(day) if isinstance(end, Sum) else end for end in (how.least, how.most))
    return least <= given <= most


@pytest.mark.parametrize(("rule", "until"), [*((rule, TODAY) for rule in RULES), ("months", date.max)])
def test_every_day_gives_what_the_rule_gives(rule: str, until: date):
    since = since_of(RULES[rule], until)
    found = iter(stretches(since, TODAY))
    far = [date.min, date(1867, 12, 31), date(2150, 2, 28), date(2999, 12, 31), date.max]
    near = (date.fromordinal(day) for day in range(NEAR[0].toordinal(), NEAR[1].toordinal() + 1))

    stretch = next(found)
    for day in (*far[:2], *near, *far[2:]):
        while day > stretch.last:
            stretch = next(found)
        assert holds(stretch.how, day, since(day))


@pytest.mark.parametrize("rule", RULES)
def test_of_days_near_to_the_day_asked_all_is_known(rule: str):
    found = stretches(since_of(RULES[rule]), TODAY)

    near = [stretch.how for stretch in found if date(2022, 1, 1) < stretch.last < date(2027, 11, 1)]
    assert not [how for how in near if isinstance(how, Between)]


@pytest.mark.parametrize("rule", SHORT)
def test_most_rules_are_one_sum(rule: str):
    near = [s for s in stretches(since_of(RULES[rule]), TODAY) if isinstance(s.how, Sum)]

    assert len(near) == 1


def test_of_too_many_stretches_those_far_off_are_told_by_their_bounds():
    found = stretches(since_of(RULES["business days"]), TODAY)

    assert how_of(found, date(2015, 4, 1)) == Between(Sum(3), Sum(13))


def test_the_day_that_means_without_end_is_known_exactly():
    *_, last = stretches(since_of((Months(2),)), TODAY)

    assert last == Stretch(date.max, date(2999, 12, 31))
