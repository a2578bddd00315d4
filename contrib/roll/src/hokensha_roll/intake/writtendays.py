"""Days written in figures, ``20261121`` or ``2026-11-21``, read at the speed of columns.

What is said here of a cell, :func:`hokensha.wareki.parse_day` says as well. It is left to that function to
say what any other cell means, and what is wrong with it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

import numpy as np

from hokensha_roll.intake.bytecells import Cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags: TypeAlias = NDArray[np.bool_]
    Bytes: TypeAlias = NDArray[np.uint8]

Figures: TypeAlias = Literal["iso", "yyyymmdd"]

_LENGTHS: Final = {"iso": 10, "yyyymmdd": 8}
_ZERO, _DASH = 0x30, 0x2D


def days_written(cells: Cells, form: Figures, empty: int) -> tuple[NDArray[np.int32], Flags | None]:
    """The days since 1970-01-01 that cells state.

    Args:
        cells: Of a column.
        form: How days are written in it.
        empty: What stands for an empty cell.

    Returns:
        The days, and which cells are of another form or state a day that does not exist (none if no cell is).
    """
    length = _LENGTHS[form]
    codes = np.full(len(cells.lengths), empty, np.int32)
    full = cells.lengths == length
    count = int(np.count_nonzero(full))
    others = None if count * length == len(cells.data) else ~full & (cells.lengths > 0)
    if not count:
        return codes, others
    days, good = _days(_figures(_rows(cells, full, length, others=others is not None), form))
    codes[full] = days
    if not good.all():
        others = np.zeros(len(codes), np.bool_) if others is None else others
        others[np.flatnonzero(full)[~good]] = True
    return codes, others


def _rows(cells: Cells, full: Flags, length: int, *, others: bool) -> Bytes:
    """The bytes of the full cells, one cell a row."""
    if not others:  # empty cells have no bytes
        return cells.data.reshape(-1, length)
    begins = (cells.ends - cells.lengths)[full]
    found: Bytes = cells.data[begins[:, None] + np.arange(length)]
    return found


class _Figures(NamedTuple):
    pairs: Bytes
    good: Flags


def _figures(rows: Bytes, form: Figures) -> _Figures:
    """Century, year, month and day of each row, and whether all its bytes are such as the form has."""
    if form == "iso":
        digits = np.concatenate((rows[:, :4], rows[:, 5:7], rows[:, 8:]), axis=1)
        good = (rows[:, 4] == _DASH) & (rows[:, 7] == _DASH)
    else:
        digits, good = rows, np.ones(len(rows), np.bool_)
    figures = digits - np.uint8(_ZERO)
    if np.max(figures) > 9:
        good &= (figures <= 9).all(axis=1)
    return _Figures(figures[:, 0::2] * np.uint8(10) + figures[:, 1::2], good)


def _days(figures: _Figures) -> tuple[NDArray[np.int32], Flags]:
    first, length = _months()
    century, year, month, day = (figures.pairs[:, place] for place in range(4))
    months = (century.astype(np.int32) * 100 + year) * 12 + month
    good = figures.good & (month - np.uint8(1) < 12)
    months[~good] = 0
    good &= day - np.uint8(1) < length[months]
    return first[months] + day, good


@cache
def _months() -> tuple[NDArray[np.int32], Bytes]:
    """The day before each month of the years 0 to 9999, and how many days it has; none before the year 1.

    The place of a month is the year times 12, and the month, January being 1.
    """
    months = np.arange("0001-01", "10000-02", dtype="datetime64[M]").astype("datetime64[D]").astype(np.int32)
    before = 12 + 1
    first = np.concatenate((np.zeros(before, np.int32), months[:-1] - np.int32(1)))
    length = np.concatenate((np.zeros(before, np.uint8), np.diff(months).astype(np.uint8)))
    return first, length
