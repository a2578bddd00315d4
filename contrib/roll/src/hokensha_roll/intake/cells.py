"""What is wrong with a row: the one definition, cell by cell. Reading by columns only finds which rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from attrs import frozen

from hokensha.identifiers import holds_individual_number
from hokensha_roll.blocks import EPOCH, Rejected
from hokensha_roll.columns import Fitted, Reader

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIRST_DAY: Final = date.min.toordinal() - EPOCH
LAST_DAY: Final = date.max.toordinal() - EPOCH


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
    if not pa.types.is_date32(array.type):
        found: list[object] = array.to_pylist()
        return found
    return [None if days is None else _day(days) for days in array.cast(pa.int32()).to_pylist()]


def _day(days: int) -> date | FarDay:
    return date.fromordinal(days + EPOCH) if FIRST_DAY <= days <= LAST_DAY else FarDay(days)


@frozen
class Faults:
    """Says of a row that cannot be decided why."""

    fitted: Fitted

    def of(self, line: int, cells: Sequence[object], *, repeated: bool) -> Rejected:
        """What is wrong with a row: first of all, whether it may be repeated."""
        fitted = self.fitted
        for index, cell in enumerate(cells):
            if holds_individual_number(cell):
                column = fitted.headers[index] if index < fitted.width else ""
                return Rejected(line, column, "", "holds an individual number (個人番号)")
        if len(cells) != fitted.width:
            return Rejected(
                line, "", "", f"expected {fitted.width} cells as in the header, found {len(cells)}"
            )
        if repeated:
            key = fitted.id_reader
            return Rejected(line, key.header, str(cells[key.index]).strip(), "the key of an earlier row")
        (reader, reason), *further = self._wrong(cells)
        if further:
            reason += f" (at fault, too: {', '.join(other.header for other, _ in further)})"
        cell = cells[reader.index]
        value = "" if reader.fact.sensitive or cell is None else str(cell)
        return Rejected(line, reader.header, value, reason)

    def _wrong(self, cells: Sequence[object]) -> Iterator[tuple[Reader, str]]:
        for reader in self.fitted.readers:
            try:
                reader.read(cells[reader.index])
            except ValueError as error:
                yield reader, str(error)
