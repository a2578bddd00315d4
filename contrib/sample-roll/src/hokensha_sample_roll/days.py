"""Columns of days: float32, counted from 1970-01-01; NaN is a day that there is none of.

So days are quick to add and to compare; what is counted from none is none, and none is neither before nor
after any day. Whole numbers are exact up to 16 million.
"""

from __future__ import annotations

from datetime import date
from functools import reduce
from typing import Any, Final, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

Days: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.integer[Any]]

NONE: Final = np.float32("nan")
_EPOCH: Final = date(1970, 1, 1).toordinal()
_MONTHS: Final = np.arange("1800-01", "2400-01", dtype="M8[M]").astype("M8[D]").astype(np.int32)
"""The first day of each month; no member's days lie outside."""
_CALENDAR: Final = np.concatenate(
    [32 * month + np.arange(days, dtype=np.int32) for month, days in enumerate(np.diff(_MONTHS))]
)
"""For each day the place of its month, times 32, and the days of the month before it."""


def day(value: date) -> int:
    """One day."""
    return value.toordinal() - _EPOCH


def number(value: date | None) -> float:
    """One day, or none."""
    return float(NONE) if value is None else day(value)


def date_of(value: float | Days) -> date:
    """The day as a date; it must not be none."""
    return date.fromordinal(int(value) + _EPOCH)


def dates(days: Days) -> pl.Series:
    """A column of dates; null where there is none."""
    found: pl.Series = pl.Series(days, nan_to_null=True).cast(pl.Int32).cast(pl.Date)
    return found


def _calendar(days: Any) -> Ints:
    return np.asarray(_CALENDAR[np.asarray(days).astype(np.int32) - _MONTHS[0]])


def months(days: Any) -> Ints:
    """The months in which days lie, counted."""
    return _calendar(days) >> 5


def first_of(months: Ints) -> Days:
    """The first days of months that were counted."""
    return _MONTHS[months].astype(np.float32)


def birthdays(birth: Any, years: Any) -> Days:
    """The birthdays on which those born on these days turn so many years.

    29 February falls on 1 March in common years.
    """
    found = _calendar(birth)
    return np.asarray(_MONTHS[(found >> 5) + 12 * years] + (found & 31), np.float32)


def ages(birth: Days, on: Any) -> Ints:
    """Full years on a day."""
    return (_calendar(on) - _calendar(birth)) // (12 * 32)


def on_or_before(days: Days, month: int) -> Days:
    """The last first of a month on or before each day."""
    found = months(days)
    return first_of(found - (found - month + 1) % 12)


def where(test: Any, days: Any, otherwise: Any = NONE) -> Days:
    """``days`` where the test holds."""
    return np.where(test, np.asarray(days, np.float32), np.asarray(otherwise, np.float32))


def happened(days: Days, as_of: int) -> Days:
    """The days that are not after ``as_of``; none for the others."""
    return where(days <= as_of, days)


def latest(*days: Any) -> Days:
    """The latest of several, those left out that are none."""
    return reduce(np.fmax, (np.asarray(each, np.float32) for each in days))
