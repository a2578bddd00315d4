"""The bytes of a column of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from attrs import define

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Places = NDArray[np.intp]
    Words = NDArray[np.uint64]

WORD: Final = 8
_LITTLE: Final = np.dtype("<u8")


@define(eq=False)
class Cells:
    """The bytes of a string array without nulls.

    Attributes:
        data: Of all cells, one after the other.
        ends: Where each cell ends in ``data``; it begins where the one before it ends.
        lengths: Of each cell in bytes.
        length: Of every cell, if all are alike; none if not.
        longest: The greatest length.
    """

    data: NDArray[np.uint8]
    ends: NDArray[np.int32]
    lengths: NDArray[np.int32]
    length: int | None
    longest: int

    def parts(self, rows: int) -> Iterator[Cells]:
        """The same cells, so many rows at a time."""
        for first in range(0, len(self.ends), rows):
            ends, lengths = self.ends[first : first + rows], self.lengths[first : first + rows]
            begin = ends[0] - lengths[0]
            yield Cells(self.data[begin : ends[-1]], ends - begin, lengths, self.length, self.longest)

    def first_bytes(self) -> NDArray[np.uint8]:
        """The first byte of each cell; 0 for an empty one."""
        if self.length:
            return self.data[:: self.length]
        return self._bytes_at(self.ends - self.lengths)

    def last_bytes(self) -> NDArray[np.uint8]:
        """The last byte of each cell; 0 for an empty one."""
        if self.length:
            return self.data[self.length - 1 :: self.length]
        return self._bytes_at(self.ends - 1)

    def _bytes_at(self, places: NDArray[np.int32]) -> NDArray[np.uint8]:
        full = self.lengths > 0
        found = np.zeros(len(full), np.uint8)
        found[full] = self.data[places[full]]
        return found

    def rows_of(self, places: Places) -> Places:
        """The rows in whose cells these places of ``data`` lie."""
        return places // self.length if self.length else np.searchsorted(self.ends, places, side="right")

    def words(self, begun: int, rows: Places | None) -> Words:
        """Eight bytes of each cell (or of these rows' cells) from the place ``begun`` on, as a number.

        What lies beyond a cell is another cell's or zero. The cells are longer than ``begun``.
        """
        padded = np.concatenate((self.data[begun:], np.zeros(WORD, np.uint8)))
        found: Words
        if self.length and rows is None:
            found = np.ndarray((len(self.lengths),), _LITTLE, padded, strides=(self.length,))
            return found
        found = np.ndarray((len(padded) - WORD,), _LITTLE, padded, strides=(1,))
        begins = self.ends - self.lengths
        found = found[begins if rows is None else begins[rows]]
        return found


def cells_of(array: pa.StringArray) -> Cells:
    """The bytes of a string array without nulls."""
    rows = len(array)
    _, offsets, data = array.buffers()
    if rows == 0 or data is None:
        none = np.zeros(rows, np.int32)
        return Cells(np.zeros(0, np.uint8), none, none, 0, 0)
    bounds = np.frombuffer(offsets, np.int32)[array.offset : array.offset + rows + 1]
    part = np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]]
    lengths = np.diff(bounds)
    shortest, longest = int(lengths.min()), int(lengths.max())
    return Cells(part, bounds[1:] - bounds[0], lengths, longest if shortest == longest else None, longest)
