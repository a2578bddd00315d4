"""Columns of cells made of few different texts, each written once and looked up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hokensha_sample_roll.draws import Bools

Cells: TypeAlias = Any
"""A column of an Arrow table."""


def coded(places: Any, texts: Sequence[str | None], empty: Bools | None = None) -> Cells:
    """The texts that stand at these places; none where ``empty`` says so."""
    return pa.array(texts, pa.string()).take(pa.array(np.asarray(places, dtype=np.int32), mask=empty))


def same(text: str | None, count: int) -> Cells:
    """One text for all."""
    return pa.array([text], pa.string()).take(pa.array(np.zeros(count, dtype=np.int32)))


def numbered(numbers: Any) -> Cells:
    """Whole numbers as text."""
    return pa.array(numbers).cast(pa.string())


def quoted(text: str) -> str:
    """A cell as CSV writes it: in quotes, where it could be taken for several."""
    return line([text])[:-1]


def line(texts: Iterable[str]) -> str:
    """A line of CSV, its end included."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(texts)
    return written.getvalue()


def lines(columns: Sequence[Cells]) -> bytes:
    """The rows of some columns as CSV; their cells are quoted already."""
    if not len(columns[0]):
        return b""
    ends = same("\n", len(columns[0]))
    replaced = {"null_handling": "replace", "null_replacement": ""}
    joined = pc.binary_join_element_wise(*columns, ",", **replaced)
    joined = pc.binary_join_element_wise(joined, ends, "", **replaced)
    _, offsets, data = joined.buffers()
    ends_at = np.frombuffer(offsets, np.int32)[joined.offset : joined.offset + len(joined) + 1]
    return memoryview(data)[int(ends_at[0]) : int(ends_at[-1])].tobytes()
