"""How the day that an order compares with follows from the other fact's day, as plain arithmetic.

What a date rule comes to, the rule alone says. Here it is asked of every day, and what it says is described:
in few stretches of days, in each of which one sum of months and days gives all of it.
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, TypeAlias

from attrs import frozen

from hokensha.engine import OrderAxis

NEAR: Final = (date(1900, 1, 1), date(2100, 12, 31))
"""Every day of these is asked about."""
_MONTHS: Final = 12 * 2000


@frozen
class Sum:
    """A day so many days and months from another one.

    Attributes:
        shift: First so many days on.
        first: Then, whether to the first day of the month.
        months: Then so many months on; where the month lacks the day, to its last.
        days: In the end so many days on.
    """

    days: int
    months: int = 0
    shift: int = 0
    first: bool = False

    def of(self, day: date) -> date:
        """The sum for a day."""
        if self.shift:
            day += timedelta(days=self.shift)
        if self.months or self.first:
            start, length = _month(day.year * 12 + day.month - 1 + self.months)
            start += self.days
            return date.fromordinal(start if self.first else start + min(day.day, length) - 1)
        return day + timedelta(days=self.days)


@frozen
class Between:
    """A day of which it is only known between which days it lies, if that."""

    least: date | None
    most: date | None


Reckoning: TypeAlias = "Sum | Between | date | None"
"""From a day to another: a sum, the same one for all, none, or one that is not known exactly."""


@frozen
class Stretch:
    """Days that follow each other, and how each gives the day to compare with."""

    last: date
    how: Reckoning


def stretches(order: OrderAxis) -> tuple[Stretch, ...]:
    """What an order compares with for each day of its other fact, from the first day to the last."""
    first, last = NEAR
    return _merged([*_before(order, first), *_near(order, first, last), *_after(order, last)])


def _near(order: OrderAxis, first: date, last: date) -> Iterator[Stretch]:
    """Days of which each is asked about; as long as one sum holds for them, they are one stretch."""
    days = [date.fromordinal(ordinal) for ordinal in range(first.toordinal(), last.toordinal() + 1)]
    since = [order.since(day) for day in days]
    start = 0
    while start < len(days):
        end, how = max(
            ((_end(days, since, start, how), how) for how in _hows(days[start], since[start])),
            key=lambda found: found[0],
        )
        yield Stretch(days[end - 1], how)
        start = end


def _end(days: list[date], since: list[date | None], start: int, how: Reckoning) -> int:
    """How far a way to reckon goes."""
    place = start + 1
    while place < len(days) and since[place] == (how.of(days[place]) if isinstance(how, Sum) else how):
        place += 1
    return place


def _hows(day: date, since: date | None) -> Iterator[Reckoning]:
    """Ways to get from one day to another."""
    yield since
    if since is None:
        return
    yield Sum((since - day).days)
    for days in (0, -1, 1):
        months = _months_between(day, since - timedelta(days=days))
        found = Sum(days, months)
        if months and found.of(day) == since:
            yield found
    for shift in (0, -1, 1):
        months = _months_between(day + timedelta(days=shift), since)
        yield Sum(since.day - 1, months, shift, first=True)
        _, length = _month(since.year * 12 + since.month - 1)
        yield Sum(since.day - 1 - length, months + 1, shift, first=True)


def _before(order: OrderAxis, first: date) -> Iterator[Stretch]:
    """Days before those that are asked about one by one; date rules are monotone."""
    least, most = order.since(date.min), order.since(first)
    yield Stretch(first - timedelta(days=1), None if least is most else Between(least, most))


def _after(order: OrderAxis, last: date) -> Iterator[Stretch]:
    """Days after those; all that lie far off come to the same, as does the day that means: without end."""
    least, most = order.since(last), order.since(date.max)
    if least is most:
        yield Stretch(date.max, None)
        return
    ordinals = range(last.toordinal() + 1, date.max.toordinal())
    place = bisect_left(ordinals, True, key=lambda day: order.since(date.fromordinal(day)) == most)  # noqa: FBT003
    yield Stretch(date.fromordinal(ordinals[0] + place - 1), Between(least, most))
    yield Stretch(date.max, most)


def _merged(found: list[Stretch]) -> tuple[Stretch, ...]:
    """The same, without stretches in which no day lies, and those that are alike as one."""
    merged: list[Stretch] = []
    for stretch in found:
        if merged and stretch.last <= merged[-1].last:
            continue
        if merged and merged[-1].how == stretch.how:
            merged.pop()
        merged.append(stretch)
    return tuple(merged)


def _months_between(day: date, other: date) -> int:
    return (other.year - day.year) * 12 + other.month - day.month


@lru_cache(maxsize=_MONTHS)
def _month(index: int) -> tuple[int, int]:
    """The ordinal of a month's first day, and how many days it has."""
    year, month = divmod(index, 12)
    return date(year, month + 1, 1).toordinal(), monthrange(year, month + 1)[1]
