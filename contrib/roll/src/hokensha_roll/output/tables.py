"""A run's tables: what stands in a row of each, and how it is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Final, Literal, TypeAlias

import polars as pl
from attrs import frozen

from hokensha.rules import Issuance, ReturnDue
from hokensha_roll.keys.unowed import Besides

Format: TypeAlias = Literal["csv", "parquet"]
Cell: TypeAlias = "str | date | None"

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

    def frame(self, records: Sequence[Any]) -> pl.DataFrame:
        """What stands in the others, with a row for each record."""
        schema = {name: pl.Date if name in DAYS else pl.String for name in self.columns[1:]}
        return pl.DataFrame([self.cells(record) for record in records], schema, orient="row")

    def rests(self, records: Sequence[Any]) -> pl.DataFrame:
        """The same as what follows the key in a line of CSV."""
        cells = pl.all().cast(pl.String).fill_null("").map_batches(quoted, pl.String)
        return self.frame(records).select(pl.concat_str(cells, separator=",").alias("rest"))


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


def stranded_cells(besides: Besides) -> tuple[Cell, ...]:
    """What a member has to do first."""
    return (" ".join(besides.first or ()),)


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
    Table("stranded", ("id", "remedies"), stranded_cells),
)


def lines(rows: Iterable[Iterable[object]]) -> str:
    """Lines of CSV."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue()


def quoted(cells: pl.Series) -> pl.Series:
    """Cells as :func:`lines` writes them; hardly any needs quotes."""
    special = cells.str.contains('[",\r\n]')
    if not special.any():
        return cells
    inside = cells.str.replace_all('"', '""', literal=True)
    found: pl.Series = cells.zip_with(~special, '"' + inside + '"')
    return found
