"""What is wrong with a row: the one definition, cell by cell. Reading by columns only finds which rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
import pyarrow as pa
from attrs import field, frozen

from hokensha.facts import holds_individual_number
from hokensha_roll.blocks import EPOCH, Rejected
from hokensha_roll.columns import Fitted, Reader
from hokensha_roll.intake.distinct import distinct, listed

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIRST_DAY: Final = date.min.toordinal() - EPOCH
LAST_DAY: Final = date.max.toordinal() - EPOCH
MANIFOLD: Final = frozenset({"id", "number"})
"""Facts whose cells hardly recur: it is not worth while to keep them."""
R = TypeVar("R")


@frozen
class FarDay:
    """A day of a Parquet file that the calendar of years 1 to 9999 does not have."""

    days: int

    def __str__(self) -> str:
        return f"{self.days:+} days from 1970-01-01"


def cells_at(arrays: Sequence[pa.Array], rows: NDArray[np.int64]) -> Iterator[tuple[object, ...]]:
    """The cells of these rows as they stand: text, days, booleans, None."""
    taken = pa.array(rows)
    return zip(*(_cells(array.take(taken)) for array in arrays), strict=True)


def _cells(array: pa.Array) -> list[object]:
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        texts: list[object] = array.to_pylist()
        return texts
    found = distinct(array)
    if pa.types.is_date32(array.type):
        days = [*map(_day, found.cells.cast(pa.int32()).to_pylist()), None]
        return list(map(days.__getitem__, found.places.tolist()))
    return list(map(listed(found.cells).__getitem__, found.places.tolist()))


def _day(days: int) -> date | FarDay:
    return date.fromordinal(days + EPOCH) if FIRST_DAY <= days <= LAST_DAY else FarDay(days)


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
        return tuple(
            (
                reader,
                partial(_reason, reader)
                if reader.fact.id in MANIFOLD
                else _remembered(partial(_reason, reader)),
            )
            for reader in self.fitted.readers
        )

    def of(self, line: int, cells: Sequence[object], *, repeated: bool) -> Rejected:
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

    def _wrong(self, line: int, cells: Sequence[object]) -> Rejected:
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
