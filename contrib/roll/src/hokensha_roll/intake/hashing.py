"""A hash of 64 bits for each text of a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hokensha_roll.intake.bytecells import WORD, Cells
from hokensha_roll.intake.distinct import room

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Words = NDArray[np.uint64]

_MASKS: Final = np.array([(1 << 8 * n) - 1 for n in range(WORD + 1)], np.uint64)
"""By the number of a word's bytes that belong to a cell."""
_M1, _M2, _SEED = (np.uint64(n) for n in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53, 0x9E3779B97F4A7C15))
_HALF = np.uint64(33)
_AT_ONCE: Final = 1 << 14
"""So many rows are hashed at once: what is needed on the way stays in the processor's cache."""


def hashes(cells: Cells, bits: int = 64) -> Words:
    """A hash of each cell, alike for like cells whatever stands beside them; 0 for empty ones alone.

    Args:
        cells: What is hashed.
        bits: How many bits of a hash are kept.
    """
    found = room(len(cells.lengths), np.uint64)
    begun = 0
    for part in cells.parts(_AT_ONCE):
        rows = len(part.lengths)
        _hash(part, bits, found[begun : begun + rows])
        begun += rows
    return found


def _hash(cells: Cells, bits: int, found: Words) -> None:
    np.multiply(cells.lengths.astype(np.uint64), _SEED, out=found)
    rows = None if cells.length else np.flatnonzero(cells.lengths)
    begun = 0
    while begun < cells.longest and (rows is None or len(rows)):
        _take_in(found, cells, rows, begun)
        begun += WORD
        if rows is not None:
            rows = rows[cells.lengths[rows] > begun]
    _finish(found)
    found &= np.uint64((1 << bits) - 1)
    found[found == 0] = 1
    if not cells.length:
        found[cells.lengths == 0] = 0


def _take_in(found: Words, cells: Cells, rows: NDArray[np.intp] | None, begun: int) -> None:
    """Take a word more of each cell into its hash; what lies beyond the cell's end is masked off."""
    words = cells.words(begun, rows)
    if cells.length:
        mixed = words & _MASKS[min(cells.length - begun, WORD)]
        mixed ^= found
    else:
        mixed = words & _MASKS[np.minimum(cells.lengths[rows] - begun, WORD)]
        mixed ^= found[rows]
    # Multiplying by an odd number and folding lose nothing: cells that differ in a word differ after it.
    mixed *= _M1
    mixed ^= mixed >> _HALF
    found[slice(None) if rows is None else rows] = mixed


def _finish(words: Words) -> None:
    """As the finaliser of MurmurHash3 does: each bit changes half of the others."""
    words ^= words >> _HALF
    words *= _M1
    words ^= words >> _HALF
    words *= _M2
    words ^= words >> _HALF
