"""Free text at the speed of columns: which cells need a second look, cell by cell.

A cell that is not named here is fit as it stands: :meth:`hokensha_roll.columns.Reader.admit` would return it
unchanged. One that is named may be fit as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, Final

import numpy as np
from attrs import frozen

from hokensha_roll.intake.bytecells import Cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hokensha_roll.intake.bytecells import Places

    Flags = NDArray[np.bool_]

_LENGTH: Final = 12
_WEIGHTS: Final = np.array([6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], np.int16)
"""Of the individual number's digits before the check digit: see hokensha.identifiers."""
_SPACE, _DASH, _ZERO = 0x20, 0x2D, 0x30
_SIGNS: Final = np.isin(np.arange(256), list(b"=+-@"))


@frozen
class Suspects:
    """Finds the cells of a column that need a second look.

    Attributes:
        formulas: Whether a leading sign of a formula is to be found.
        digits: How many digits a cell must have, if the policy says so.
        empty: Whether empty cells need a look.
    """

    formulas: bool
    digits: int | None
    empty: bool

    def of(self, cells: Cells) -> Flags | None:
        """Which cells need a look; none if no cell does."""
        if not len(cells.lengths):
            return None
        each = (self._empty(cells), self._formulas(cells), self._digits(cells), _odd(cells), _numbers(cells))
        found = [flags for flags in each if flags is not None]
        return any_of(found)

    def _empty(self, cells: Cells) -> Flags | None:
        return cells.lengths == 0 if self.empty and not cells.length else None

    def _formulas(self, cells: Cells) -> Flags | None:
        return _if_any(_SIGNS[cells.first_bytes()]) if self.formulas else None

    def _digits(self, cells: Cells) -> Flags | None:
        if self.digits is None:
            return None
        flags = (cells.lengths != self.digits) & (cells.lengths > 0)
        others = np.flatnonzero(cells.data - np.uint8(_ZERO) > 9)
        if len(others):
            flags[cells.rows_of(others)] = True
        return _if_any(flags)


def any_of(flags: Sequence[Flags]) -> Flags | None:
    """What any of these flags say; none if there are none."""
    return reduce(np.logical_or, flags) if flags else None


def _if_any(flags: Flags) -> Flags | None:
    return flags if flags.any() else None


def _odd(cells: Cells) -> Flags | None:
    """White space around a cell, NUL, and letters that may stand for a space, a sign or digits."""
    data = cells.data
    if not data.size or (np.min(data) > _SPACE and np.max(data) < 0x80):
        return None
    # Bytes E4..E9 begin the letters U+4000..9FFF, which stand for nothing but themselves.
    odd = (data == 0) | ((data >= 0xC0) & ((data < 0xE4) | (data > 0xE9)))
    flags = (cells.first_bytes() <= _SPACE) | (cells.last_bytes() <= _SPACE)
    flags &= cells.lengths > 0
    flags[cells.rows_of(np.flatnonzero(odd))] = True
    return _if_any(flags)


def _numbers(cells: Cells) -> Flags | None:
    """Cells that may hold an individual number, as far as they are of ASCII and U+4000..9FFF alone."""
    if cells.longest < _LENGTH:
        return None
    data = cells.data
    digit = data - np.uint8(_ZERO) <= 9
    so_far = np.concatenate(([0], np.cumsum(digit)))
    many = so_far[cells.ends] - so_far[cells.ends - cells.lengths] >= _LENGTH
    if not many.any():
        return None
    # Groups of digits that something joins are left to the second look.
    joined = np.zeros(len(many), np.bool_)
    joined[cells.rows_of(np.flatnonzero((data <= _SPACE) | (data == _DASH)))] = True
    flags: Flags = many & joined
    flags[cells.rows_of(_runs(cells, digit))] = True
    return _if_any(flags)


def _runs(cells: Cells, digit: Flags) -> Places:
    """Where 12 digits begin that stand alone and whose check digit is correct."""
    edge = np.zeros(len(digit) + 1, np.bool_)
    edge[0] = True
    edge[cells.ends] = True
    before = np.concatenate(([False], digit[:-1])) & ~edge[:-1]
    after = np.concatenate((digit[1:], [False])) & ~edge[1:]
    firsts, lasts = np.flatnonzero(digit & ~before), np.flatnonzero(digit & ~after)
    firsts = firsts[lasts - firsts == _LENGTH - 1]
    figures = cells.data[firsts[:, None] + np.arange(_LENGTH)].astype(np.int16) - _ZERO
    remainder = (figures[:, :-1] @ _WEIGHTS) % 11
    found: Places = firsts[figures[:, -1] == np.where(remainder <= 1, 0, 11 - remainder)]
    return found
