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
        low = int(column.min()) if rows else 0
        span = int(column.max()) - low + 1 if rows else 1
        if room * span > _ROOM:
            key = _numbered(key)
            room = rows
        key = key * span + (column.astype(np.int64) - low) if room > 1 else column.astype(np.int64) - low
        room *= span
    group = _numbered(key)
    first = np.empty(int(np.max(group, initial=-1)) + 1, np.int64)
    first[group[::-1]] = np.arange(rows - 1, -1, -1)
    return Alike(group, first)


def _numbered(key: Numbers) -> NDArray[np.int64]:
    """Equal numbers by the order of their first appearance."""
    found: NDArray[np.int64] = pa.array(key).dictionary_encode().indices.to_numpy().astype(np.int64)
    return found
