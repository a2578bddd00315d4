"""What is wrong with a row: the one definition, cell by cell. Reading by columns only finds which rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Any, Final, TypeVar

import polars as pl
from attrs import field, frozen

from hokensha.facts import holds_individual_number
from hokensha_roll.frames import EPOCH, Rejected
from hokensha_roll.intake.columns import Fitted, Reader

_YEARS: Final = range(date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH + 1)
MANIFOLD: Final = frozenset({"id", "number"})
"""Facts whose cells hardly recur: it is not worth while to keep them."""
R = TypeVar("R")


@frozen
class FarDay:
    """A day of a Parquet file that the calendar of years 1 to 9999 does not have."""

    days: int

    def __str__(self) -> str:
        return f"{self.days:+} days from 1970-01-01"


def cells_of(column: pl.Series) -> list[Any]:
    """The cells of a column as they stand: text, days, booleans, None."""
    if column.dtype != pl.Date:
        return column.to_list()
    return [None if number is None else _day(number) for number in column.to_physical().to_list()]


def _day(number: int) -> date | FarDay:
    return date.fromordinal(number + EPOCH) if number in _YEARS else FarDay(number)


def rows_of(frame: pl.DataFrame, rows: pl.Series) -> Iterable[tuple[Any, ...]]:
    """The cells of these rows."""
    return zip(*map(cells_of, frame[rows]), strict=True)


@frozen(eq=False)
class Faults:
    """Says of a row that cannot be decided why. What recurs in a column is looked at once."""

    fitted: Fitted
    _holds: tuple[Callable[[Any], bool], ...] = field(init=False)
    _reasons: tuple[tuple[Reader, Callable[[Any], str | None]], ...] = field(init=False)

    @_holds.default
    def _cached_holds(self) -> tuple[Callable[[Any], bool], ...]:
        manifold = {reader.index for reader in self.fitted.readers if reader.fact.id in MANIFOLD}
        return tuple(
            holds_individual_number if index in manifold else _remembered(holds_individual_number)
            for index in range(self.fitted.width)
        )

    @_reasons.default
    def _cached_reasons(self) -> tuple[tuple[Reader, Callable[[Any], str | None]], ...]:
        each = ((reader, partial(_reason, reader)) for reader in self.fitted.readers)
        return tuple(
            (reader, reason if reader.fact.id in MANIFOLD else _remembered(reason)) for reader, reason in each
        )

    def of(self, line: int, cells: Sequence[Any], *, repeated: bool) -> Rejected:
        """What is wrong with a row: first of all, whether it may be repeated."""
        fitted = self.fitted
        for index, cell in enumerate(cells):
            holds = self._holds[index] if index < fitted.width else holds_individual_number
            if holds(cell):
                column = fitted.headers[index] if index < fitted.width else ""
                return Rejected(line, column, "", "holds an individual number (個人番号)")
        if len(cells) != fitted.width:
            reason = f"expected {fitted.width} cells as in the header, found {len(cells)}"
            return Rejected(line, "", "", reason)
        if repeated:
            key = fitted.id_reader
            return Rejected(line, key.header, str(cells[key.index]).strip(), "the key of an earlier row")
        return self._wrong(line, cells)

    def _wrong(self, line: int, cells: Sequence[Any]) -> Rejected:
        wrong = [
            (reader, reason)
            for reader, reason_of in self._reasons
            if (reason := reason_of(cells[reader.index])) is not None
        ]
        (reader, reason), *further = wrong
        if further:
            reason += f" (at fault, too: {', '.join(other.header for other, _ in further)})"
        cell = cells[reader.index]
        value = "" if reader.fact.sensitive or cell is None else str(cell)
        return Rejected(line, reader.header, value, reason)


def _reason(reader: Reader, cell: Any) -> str | None:
    try:
        reader.read(cell)
    except ValueError as error:
        return str(error)
    return None


def _remembered(function: Callable[[Any], R]) -> Callable[[Any], R]:
    return lru_cache(maxsize=1 << 14)(function)
