"""How the day that an order compares with follows from the other fact's day, as plain arithmetic.

What a date rule comes to, the rule alone says. Here it is asked of every day, and what it says is described:
in few stretches of days, in each of which one sum of months and days gives all of it.
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, TypeAlias

from attrs import frozen

Since: TypeAlias = Callable[["date | None"], "date | None"]
NEAR: Final = (date(1900, 1, 1), date(2100, 12, 31))
"""Every day of these is asked about."""
_MOST: Final = 1000
_BACK, _AHEAD = timedelta(days=5 * 365), timedelta(days=365)
_DAY: Final = timedelta(days=1)
_TOGETHER: Final = 10 * 365
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

    least: Sum | date | None
    most: Sum | date | None


Reckoning: TypeAlias = "Sum | Between | date | None"
"""From a day to another: a sum, the same one for all, none, or one that is not known exactly."""


@frozen
class Stretch:
    """Days that follow each other, and how each gives the day to compare with."""

    last: date
    how: Reckoning


@lru_cache(maxsize=1000)
def stretches(since: Since, on: date) -> tuple[Stretch, ...]:
    """What an order compares with for each day of its other fact, from the first day to the last.

    Args:
        since: From a day of the other fact to the day that is compared with.
        on: The day asked: where there are too many stretches, those far from it are not told apart.
    """
    first, last = NEAR
    near = list(_near(since, first, last))
    if len(near) > _MOST:
        start, end = on - _BACK, on + _AHEAD
        near = [*_far(since, first, start - _DAY), *_near(since, start, end), *_far(since, end + _DAY, last)]
    return _merged([*_before(since, first), *near, *_after(since, last)])


def _days(first: date, last: date) -> list[date]:
    return [date.fromordinal(ordinal) for ordinal in range(first.toordinal(), last.toordinal() + 1)]


def _far(since: Since, first: date, last: date) -> Iterator[Stretch]:
    """Days of which each is asked about, and ten years together are told by what holds for all of them."""
    days = _days(first, last)
    for start in range(0, len(days), _TOGETHER):
        found = [(day, since(day)) for day in days[start : start + _TOGETHER]]
        apart = [(given - day).days for day, given in found if given is not None]
        bounds = (Sum(min(apart)), Sum(max(apart))) if len(apart) == len(found) else (None, None)
        yield Stretch(found[-1][0], Between(*bounds) if apart else None)


def _near(since: Since, first: date, last: date) -> Iterator[Stretch]:
    """Days of which each is asked about; as long as one sum holds for them, they are one stretch."""
    days = _days(first, last)
    given = [since(day) for day in days]
    start = 0
    while start < len(days):
        ways = _hows(days[start], given[start])
        end, how = max(((_end(days, given, start, how), how) for how in ways), key=lambda found: found[0])
        yield Stretch(days[end - 1], how)
        start = end


def _end(days: list[date], given: list[date | None], start: int, how: Reckoning) -> int:
    """How far a way to reckon goes."""
    place = start + 1
    while place < len(days) and given[place] == (how.of(days[place]) if isinstance(how, Sum) else how):
        place += 1
    return place


def _hows(day: date, given: date | None) -> Iterator[Reckoning]:
    """Ways to get from one day to another."""
    yield given
    if given is None:
        return
    yield Sum((given - day).days)
    for days in (0, -1, 1):
        months = _months_between(day, given - timedelta(days=days))
        found = Sum(days, months)
        if months and found.of(day) == given:
            yield found
    for shift in (0, -1, 1):
        months = _months_between(day + timedelta(days=shift), given)
        yield Sum(given.day - 1, months, shift, first=True)
        _, length = _month(given.year * 12 + given.month - 1)
        yield Sum(given.day - 1 - length, months + 1, shift, first=True)


def _before(since: Since, first: date) -> Iterator[Stretch]:
    """Days before those that are asked about one by one; date rules are monotone."""
    least, most = since(date.min), since(first)
    yield Stretch(first - _DAY, least if least == most else Between(least, most))


def _after(since: Since, last: date) -> Iterator[Stretch]:
    """Days after those; all that lie far off come to the same, as does the day that means: without end."""
    least, most = since(last), since(date.max)
    if least == most:
        yield Stretch(date.max, most)
        return
    ordinals = range(last.toordinal() + 1, date.max.toordinal())
    place = bisect_left(ordinals, True, key=lambda day: since(date.fromordinal(day)) == most)  # noqa: FBT003
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
