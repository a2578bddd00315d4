"""How a column of cells becomes a column of facts: one class for each kind of fact."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, field

from hokensha.facts import UNKNOWN, FactValue, Unknown
from hokensha_roll.blocks import EPOCH, NONE_DAY, UNKNOWN_DAY, FactColumn
from hokensha_roll.columns import Reader
from hokensha_roll.intake.bytecells import cells_of
from hokensha_roll.intake.cells import FIRST_DAY, LAST_DAY
from hokensha_roll.intake.distinct import Memory, distinct, filled, listed, raw
from hokensha_roll.intake.texts import Suspects
from hokensha_roll.intake.writtendays import days_written

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags: TypeAlias = NDArray[np.bool_]

BAD: Final = -(1 << 31)
"""In a table of codes: the cell does not fit."""


class Reading(Protocol):
    """Reads one column of a roll, block by block; several threads may do so at the same time."""

    reader: Reader

    def read(self, array: pa.Array, *, wanted: bool) -> tuple[Flags | None, FactColumn | None]:
        """Which cells do not fit (none if all fit), and the facts if they are wanted."""


def reading_of(reader: Reader) -> Reading:
    """How a column is read."""
    if reader.fact.kind == "day":
        return Days(reader)
    return Texts(reader) if reader.fact.kind == "text" else Codes(reader)


@define(eq=False)
class Days:
    """A column of days: as such, or written in any form."""

    reader: Reader
    _memory: Memory[int] = field(init=False)
    _none: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._memory = Memory(self._code)
        self._none = self._code(None)

    def _code(self, cell: object) -> int:
        try:
            day = self.reader.admit(cell)
        except ValueError:
            return BAD
        if isinstance(day, date):
            return day.toordinal() - EPOCH
        return UNKNOWN_DAY if day is UNKNOWN else NONE_DAY

    def read(self, array: pa.Array, *, wanted: bool) -> tuple[Flags | None, FactColumn | None]:
        """Which cells do not fit (none if all fit), and the days if they are wanted."""
        codes = self._dated(array) if pa.types.is_date32(array.type) else self._written(array)
        bad = codes == BAD if codes.size and np.min(codes) == BAD else None
        if not wanted:
            return bad, None
        return bad, FactColumn(codes if bad is None else np.where(bad, np.int32(NONE_DAY), codes))

    def _dated(self, array: pa.Array) -> NDArray[np.int32]:
        days = filled(array, self._none)
        numbers = raw(array)
        if not numbers.size or (np.min(numbers) >= FIRST_DAY and np.max(numbers) <= LAST_DAY):
            return days
        numbers = filled(array, 0)
        return np.where((numbers < FIRST_DAY) | (numbers > LAST_DAY), np.int32(BAD), days)

    def _written(self, array: pa.Array) -> NDArray[np.int32]:
        form = self.reader.column.form
        if form == "wareki" or not pa.types.is_string(array.type):
            return self._by_distinct(array)
        cells = cells_of(array.fill_null("") if array.null_count else array)
        codes, others = days_written(cells, form, self._none)
        if others is not None:
            codes[others] = self._by_distinct(array.take(pa.array(np.flatnonzero(others))))
        return codes

    def _by_distinct(self, array: pa.Array) -> NDArray[np.int32]:
        found = distinct(array)
        return found.spread(np.array(self._memory.of(listed(found.cells)), np.int32))


@define(eq=False)
class Codes:
    """A column of codes, or of yes and no. All its blocks have the same values."""

    reader: Reader
    values: tuple[FactValue | Unknown, ...] = field(init=False)
    _memory: Memory[int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        known: tuple[FactValue, ...] = self.reader.fact.values or (False, True)
        self.values = (*known, None, UNKNOWN)
        self._memory = Memory(self._code)

    def _code(self, cell: object) -> int:
        try:
            return self.values.index(self.reader.admit(cell))
        except ValueError:
            return BAD

    def read(self, array: pa.Array, *, wanted: bool) -> tuple[Flags | None, FactColumn | None]:
        """Which cells do not fit (none if all fit), and the codes if they are wanted."""
        found = distinct(array)
        table = np.array(self._memory.of(listed(found.cells)), np.int32)
        wrong = table == BAD
        bad = found.spread(wrong) if wrong[: len(table) if array.null_count else -1].any() else None
        if not wanted:
            return bad, None
        codes = np.where(wrong, 0, table).astype(np.min_scalar_type(len(self.values)))
        return bad, FactColumn(found.spread(codes), self.values)


@define(eq=False)
class Texts:
    """A column of text: numbers, symbols, the members' keys."""

    reader: Reader
    _memory: Memory[FactValue | Unknown | ValueError] = field(init=False)
    _suspects: Suspects | None = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._memory = Memory(self._value)
        key = self.reader.fact.id == "id"
        # Values that are translated or have a check digit of their own are read cell by cell.
        special = self.reader.column.values or self.reader.fact.id == "insurer_number"
        empty = isinstance(self._value(None), ValueError)
        self._suspects = (
            None if special else Suspects(formulas=key, digits=self.reader.column.digits, empty=empty)
        )

    def _value(self, cell: object) -> FactValue | Unknown | ValueError:
        try:
            return self.reader.admit(cell)
        except ValueError as error:
            return error

    def read(self, array: pa.Array, *, wanted: bool) -> tuple[Flags | None, FactColumn | None]:
        """Which cells do not fit (none if all fit), and the texts if they are wanted."""
        if wanted or self._suspects is None or not _is_string(array.type):
            return self._by_distinct(array, wanted=wanted)
        bad, _ = self.stripped(array)
        return bad, None

    def _by_distinct(self, array: pa.Array, *, wanted: bool) -> tuple[Flags | None, FactColumn | None]:
        found = distinct(array)
        read = self._memory.of(listed(found.cells))
        wrong = np.array([isinstance(value, ValueError) for value in read])
        bad = found.spread(wrong) if wrong[: len(read) if array.null_count else -1].any() else None
        if not wanted:
            return bad, None
        kept = [None if isinstance(value, ValueError) else value for value in read]
        places = {value: place for place, value in enumerate(dict.fromkeys(kept))}
        table = np.array([places[value] for value in kept], np.min_scalar_type(len(places)))
        return bad, FactColumn(found.spread(table), tuple(places))

    def stripped(self, array: pa.Array) -> tuple[Flags | None, pa.StringArray]:
        """Which cells do not fit (none if all fit), and the cells without white space around them."""
        if not pa.types.is_string(array.type):
            array = array.cast(pa.string())
        if array.null_count:
            array = array.fill_null("")
        found = cells_of(array)
        if found.data.size and np.max(found.data) >= 0x80:
            array.validate(full=True)  # Parquet may hold anything
        suspects = self._suspects.of(found) if self._suspects else np.ones(len(array), np.bool_)
        if suspects is None:
            return None, array
        rows = np.flatnonzero(suspects)
        cells = array.take(pa.array(rows)).to_pylist()
        read = self._memory.of(cells)
        bad = np.zeros(len(array), np.bool_)
        bad[rows] = [isinstance(value, ValueError) for value in read]
        bare = [cell.strip() for cell in cells]
        if bare != cells:
            array = pc.replace_with_mask(array, pa.array(suspects), pa.array(bare, pa.string()))
        return (bad if bad.any() else None), array


def _is_string(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))
