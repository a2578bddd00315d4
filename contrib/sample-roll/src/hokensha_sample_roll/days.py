"""Columns of days, as ``datetime64[D]``; ``NaT`` is a day that there is none of."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Days: TypeAlias = NDArray[np.datetime64]

DAY: Final = np.dtype("M8[D]")
MONTH: Final = np.dtype("M8[M]")
YEAR: Final = np.dtype("M8[Y]")
NONE: Final = np.datetime64("NaT", "D")


def day(value: date | None) -> np.datetime64:
    """One day."""
    return NONE if value is None else np.datetime64(value, "D")


def in_days(count: int) -> np.timedelta64:
    """So many days; numpy takes no bare number for them."""
    return np.timedelta64(count, "D")


def ago(on: np.datetime64, count: int) -> np.datetime64:
    """The day so many days before."""
    return on - in_days(count)


def birthdays(birth: Days, years: Any) -> Days:
    """The birthdays on which those born on these days turn so many years.

    29 February falls on 1 March in common years.
    """
    month = birth.astype(MONTH)
    later: Any = (month + (12 * np.asarray(years)).astype("m8[M]")).astype(DAY)
    return np.asarray(later + (birth - month.astype(DAY)), dtype=DAY)


def ages(birth: Days, on: Any) -> NDArray[np.int64]:
    """Full years on a day."""
    asked = np.asarray(on, dtype=DAY)
    years = (asked.astype(YEAR) - birth.astype(YEAR)).astype(np.int64)
    return np.asarray(years - (birthdays(birth, years) > asked), dtype=np.int64)


def of_year(days: Days, month: int) -> Days:
    """The first of a month in each day's own year."""
    return np.asarray((days.astype(YEAR).astype(MONTH) + np.timedelta64(month - 1, "M")).astype(DAY))


def on_or_before(days: Days, month: int) -> Days:
    """The last first of a month on or before each day."""
    same = of_year(days, month)
    before = (same.astype(MONTH) - np.timedelta64(12, "M")).astype(DAY)
    return np.asarray(np.where(same <= days, same, before), dtype=DAY)


def where(test: Any, days: Any, otherwise: Any = NONE) -> Days:
    """``days`` where the test holds."""
    return np.asarray(np.where(test, days, otherwise), dtype=DAY)


def happened(days: Days, as_of: np.datetime64) -> Days:
    """The days that are not after ``as_of``; none for the others."""
    return where(days <= as_of, days)


def latest(*days: Any) -> Days:
    """The latest of several, those left out that are none."""
    found = np.asarray(days[0], dtype=DAY)
    for other in days[1:]:
        found = np.fmax(found, np.asarray(other, dtype=DAY))
    return np.asarray(found, dtype=DAY)
