"""A run's tables: what stands in a row of each, and how the rows of a block are written.

What there is to say is said once for all members of whom it is true; their keys are joined to it as columns.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from hokensha.rules import Issuance, ReturnDue
from hokensha_roll.engine import Listed, Outcome

Format: TypeAlias = Literal["csv", "parquet"]
Cell: TypeAlias = "str | date | None"
Piece: TypeAlias = "bytes | pa.Table"
"""The rows of one block: lines of CSV, or columns."""

DAYS: Final = ("due_from", "due_through", "valid_until")


@frozen
class Table:
    """One table.

    Attributes:
        columns: The names of its columns; the first holds the member's key.
        cells: What stands in the others, for one record of the engine's.
    """

    name: str
    columns: tuple[str, ...]
    cells: Callable[[Any], tuple[Cell, ...]]


def issuance_cells(issuance: Issuance) -> tuple[Cell, ...]:
    """A document that is owed."""
    due, until = issuance.due, issuance.valid_until
    return (
        issuance.document.id,
        issuance.trigger,
        issuance.basis.value if issuance.basis is not None else None,
        due.first if due else None,
        due.through if due else None,
        until.last() if until else None,
        until.modality.value if until else None,
        issuance.medium,
        issuance.channel,
        issuance.form,
    )


def return_cells(due: ReturnDue) -> tuple[Cell, ...]:
    """A document that has served."""
    return due.document.id, due.action.value if due.action is not None else None


def missing_cells(missing: tuple[str, ...]) -> tuple[Cell, ...]:
    """The facts that a member lacks."""
    return (" ".join(missing),)


TABLES: Final = (
    Table(
        "issuances",
        (
            *("id", "document", "trigger", "basis", "due_from", "due_through", "valid_until"),
            *("modality", "medium", "channel", "form"),
        ),
        issuance_cells,
    ),
    Table("returns", ("id", "document", "action"), return_cells),
    Table("undetermined", ("id", "missing"), missing_cells),
)


def pieces(outcome: Outcome, ids: pa.StringArray, format_: Format) -> Mapping[str, Piece]:
    """The rows of each table that a block came to."""
    listed = {
        "issuances": outcome.issuances,
        "returns": outcome.returns,
        "undetermined": outcome.undetermined,
    }
    write = _lines if format_ == "csv" else _columns
    return {table.name: write(table, ids, listed[table.name]) for table in TABLES}


def line_of(cells: Iterable[object]) -> str:
    """One line of CSV."""
    file = io.StringIO(newline="")
    csv.writer(file).writerow(cells)
    return file.getvalue()


def _lines(table: Table, ids: pa.StringArray, listed: Listed) -> bytes:
    """Lines of CSV: the keys joined with the rest of the line, of which there are few."""
    if not len(listed.rows):
        return b""
    keys = _quoted(ids.take(pa.array(listed.rows)))
    rests = pa.array(["," + line_of(table.cells(record)) for record in listed.records], pa.string())
    joined = pc.binary_join_element_wise(keys, rests.take(pa.array(listed.record)), "")
    offsets = np.frombuffer(joined.buffers()[1], np.int32)[joined.offset : joined.offset + len(joined) + 1]
    return memoryview(joined.buffers()[2])[int(offsets[0]) : int(offsets[-1])].tobytes()


def _quoted(keys: pa.StringArray) -> pa.StringArray:
    """Keys as CSV writes them; hardly any needs quotes."""
    special = pc.match_substring_regex(keys, '[",\r\n]')
    if not pc.any(special).as_py():
        return keys
    return pa.array([line_of([key])[:-2] for key in keys.to_pylist()], pa.string())


def _columns(table: Table, ids: pa.StringArray, listed: Listed) -> pa.Table:
    rows = [table.cells(record) for record in listed.records]
    record = pa.array(listed.record)
    columns = [ids.take(pa.array(listed.rows)).cast(pa.string())]
    schema = schema_of(table)
    for place, name in enumerate(table.columns[1:]):
        columns.append(pa.array([row[place] for row in rows], schema.field(name).type).take(record))
    return pa.table(columns, schema=schema)


def schema_of(table: Table) -> pa.Schema:
    """The columns of a table in Parquet."""
    return pa.schema([(name, pa.date32() if name in DAYS else pa.string()) for name in table.columns])
