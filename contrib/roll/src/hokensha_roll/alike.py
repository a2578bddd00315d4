"""Rows that are alike: whatever an answer depends on, put together into one number for each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from attrs import frozen
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[Any]
_ROOM = 1 << 62


@frozen(eq=False)
class Alike:
    """Rows sorted into groups of equals.

    Attributes:
        group: The group of each row, counted in order of first appearance.
        first: The first row of each group.
    """

    group: NDArray[np.int64]
    first: NDArray[np.int64]


def alike(columns: Sequence[Numbers], rows: int) -> Alike:
    """Group rows by what they hold in all of the columns."""
    key = np.zeros(rows, np.int64)
    room = 1
    for column in columns:
        own = column.astype(np.int64)
        low, span = _span(own)
        if room * span > _ROOM:
            key, own = _numbered(key), _numbered(own)
            room, (low, span) = rows, _span(own)
        key = key * span + (own - low) if room > 1 else own - low
        room *= span
    group = _numbered(key)
    first = np.empty(int(np.max(group, initial=-1)) + 1, np.int64)
    first[group[::-1]] = np.arange(rows - 1, -1, -1)
    return Alike(group, first)


def _span(column: Numbers) -> tuple[int, int]:
    """The lowest number, and how many there are from it to the highest."""
    if not len(column):
        return 0, 1
    low = int(column.min())
    return low, int(column.max()) - low + 1


def _numbered(key: Numbers) -> NDArray[np.int64]:
    """Equal numbers by the order of their first appearance."""
    found: NDArray[np.int64] = pa.array(key).dictionary_encode().indices.to_numpy().astype(np.int64)
    return found
