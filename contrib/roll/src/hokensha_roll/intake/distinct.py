"""Columns in which cells recur: each distinct cell is read once, the rest is looking up places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import numpy as np
import pyarrow as pa
from attrs import define, field

if TYPE_CHECKING:
    from numpy.typing import NDArray

T = TypeVar("T")
N = TypeVar("N", bound=np.generic)
_REMEMBERED: Final = 1 << 17
"""So many distinct cells are remembered of a column; more hardly recur, and memory is to stay bounded."""


@define(eq=False)
class Memory(Generic[T]):
    """What distinct cells of one column were read as, across blocks and threads."""

    read: Callable[[object], T]
    seen: dict[object, T] = field(factory=dict)

    def of(self, cells: Sequence[object]) -> list[T]:
        """What each of the cells is read as."""
        seen = self.seen
        if len(seen) > _REMEMBERED:  # other threads keep the one that they have
            seen = self.seen = {}
        try:
            return list(map(seen.__getitem__, cells))
        except KeyError:
            for cell in cells:
                if cell not in seen:
                    seen[cell] = self.read(cell)
            return list(map(seen.__getitem__, cells))


@define(eq=False)
class Distinct:
    """A column's distinct cells, and each row's place among them (the last place: a cell without a value)."""

    cells: pa.Array
    places: NDArray[np.int32]

    def spread(self, of_each: NDArray[Any]) -> NDArray[Any]:
        """What holds of each distinct cell, for every row."""
        found = room(len(self.places), of_each.dtype.type)
        # No place lies beyond the table; only with the mode said, numpy writes to where it is told.
        return of_each.take(self.places, out=found, mode="clip")


def distinct(array: pa.Array) -> Distinct:
    """The distinct cells of a column of any type."""
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    # Files may count their distinct cells in numbers of other widths.
    return Distinct(array.dictionary, filled(array.indices.cast(pa.int32()), len(array.dictionary)))


def raw(array: pa.Array) -> NDArray[np.int32]:
    """The numbers of 32 bits that an array holds; those of nulls mean nothing."""
    found: NDArray[np.int32] = np.frombuffer(array.buffers()[1], np.int32)
    return found[array.offset : array.offset + len(array)]


def filled(array: pa.Array, code: int) -> NDArray[np.int32]:
    """The numbers of 32 bits that an array holds, with ``code`` in place of nulls."""
    rows, skipped, valid = len(array), array.offset, array.buffers()[0]
    numbers = raw(array)
    if not array.null_count:
        return numbers
    bits = np.unpackbits(np.frombuffer(valid, np.uint8)[skipped // 8 :], bitorder="little")
    # By arithmetic, as there is no telling which rows are null: some eight times as fast as asking of each.
    found, other = room(rows, np.int32), room(rows, np.int32)
    np.copyto(found, bits[skipped % 8 :][:rows].view(np.int8) - np.int8(1))
    np.bitwise_xor(numbers, np.int32(code), out=other)
    found &= other
    found ^= numbers
    return found


def room(rows: int, kind: type[N]) -> NDArray[N]:
    """An array to be filled.

    Arrow keeps the memory that it gets back. What numpy frees goes back to the system, and has to be mapped
    again for the next block, page by page.
    """
    found: NDArray[N] = np.frombuffer(pa.allocate_buffer(rows * np.dtype(kind).itemsize), kind)
    return found


def listed(cells: pa.Array) -> list[object]:
    """The distinct cells as Python has them, with None for the last place."""
    found: list[object] = cells.to_pylist()
    found.append(None)
    return found
