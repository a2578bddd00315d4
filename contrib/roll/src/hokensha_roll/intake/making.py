"""From a part of a roll as its file has it to a batch."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import polars as pl
from attrs import field, frozen

from hokensha.errors import Finding
from hokensha.facts import KEY
from hokensha_roll.frames import Batch, Rejected, Wanted
from hokensha_roll.intake.asof import days_of
from hokensha_roll.intake.cells import Faults, rows_of
from hokensha_roll.intake.columns import Fitted
from hokensha_roll.intake.readings import Reading
from hokensha_roll.intake.refusals import NOTHING_REFUSED, Refusals


@frozen(eq=False)
class Part:
    """Rows that follow each other in a file.

    Attributes:
        cells: As the file has them: text, days, booleans or nothing; each column is called as its place.
        lines: Of each row.
        odd: Rows that have not as many cells as the header, by place, with the cells that they have. In
            ``cells`` they hold nothing.
    """

    cells: pl.DataFrame
    lines: pl.Series
    odd: Mapping[int, Sequence[str]] = field(factory=dict)


@frozen(eq=False)
class Made:
    """What a part of a roll comes to.

    Attributes:
        keys: Of all its rows, as keys are compared (:func:`compared`); null where there is none.
        finding: What makes the whole roll unfit.
    """

    batch: Batch
    keys: pl.Series
    finding: Finding | None


@frozen(eq=False)
class Maker:
    """Makes batches of one roll.

    Attributes:
        where: What findings call the roll.
    """

    fitted: Fitted
    where: str
    wanted: Wanted
    refusals: Refusals = NOTHING_REFUSED
    _told: Wanted = field(init=False)
    """What is wanted, and what refusals look at."""
    _readings: tuple[Reading, ...] = field(init=False)
    _faults: Faults = field(init=False)

    @_told.default
    def _every_wanted(self) -> Wanted:
        return {**self.refusals.wanted, **self.wanted}

    @_readings.default
    def _each(self) -> tuple[Reading, ...]:
        return tuple(
            Reading(reader, () if reader.fact.id == KEY else self._told.get(reader.fact.id, ()))
            for reader in self.fitted.readers
        )

    @_faults.default
    def _of_rows(self) -> Faults:
        return Faults(self.fitted)

    def made(self, part: Part, repeated: Sequence[int]) -> Made:
        """The rows as a batch; the places of those whose key is that of an earlier row are known."""
        cells = part.cells
        numbers = self._numbers(cells)
        worst = numbers.max().row(0) if len(cells) else ()
        keys = cells[str(self.fitted.id_reader.index)].cast(pl.String)
        columns = {}
        wrong: set[int] = {*part.odd, *repeated}
        suspects = {*part.odd}
        for reading, found in zip(self._readings, worst, strict=False):
            fact, column = reading.reader.fact.id, cells[str(reading.reader.index)]
            if found == reading.bad:
                looked = numbers[fact]
                if column.dtype == pl.String:
                    if fact == KEY:
                        keys = reading.stripped(looked, column)
                    looked = reading.second_look(looked, column)
                bad = (looked == reading.bad).arg_true()
                wrong.update(bad)
                suspects.update(bad if fact == KEY else ())
                columns[fact] = looked
        numbers = numbers.with_columns(**columns)
        blank = _blank(part, suspects)
        refused = self.refusals.of(numbers, self._told)
        told = {row: said for row, said in refused.items() if row not in wrong}
        wrong.update(told)
        days, fault = self._as_of(part, {*part.odd, *blank})
        facts = (fact for fact in self.wanted if fact in numbers.columns and fact != KEY)
        frame, lines = numbers.select(keys.alias(KEY), *facts), part.lines
        rejected: tuple[Rejected, ...] = ()
        if wrong:
            rows = pl.Series(sorted(wrong - blank), dtype=pl.UInt32)
            rejected = self._rejected(part, rows, {*repeated}, told)
            left = pl.Series(sorted(wrong), dtype=pl.UInt32)
            kept = ~pl.int_range(len(cells), dtype=pl.UInt32, eager=True).is_in(left.implode())
            frame, lines = frame.filter(kept), lines.filter(kept)
        batch = Batch(len(cells) - len(blank), frame, lines, rejected, tuple(days.items()), len(blank))
        keys = compared(keys)
        return Made(batch, keys.set(keys == "", None), fault)

    def _numbers(self, cells: pl.DataFrame) -> pl.DataFrame:
        types = cells.dtypes
        kinds = [types[reading.reader.index] for reading in self._readings]
        asked = [reading.written(kind) for reading, kind in zip(self._readings, kinds, strict=True)]
        found = cells.select(written for written in asked if written is not None)
        written = found.row(0, named=True) if found.width else {}
        numbers = (
            reading.numbers(kind, written=bool(written.get(reading.reader.fact.id)))
            for reading, kind in zip(self._readings, kinds, strict=True)
        )
        return (
            cells.lazy().select(numbers).collect()
        )  # lazy: what a column's expression says twice is done once

    def _as_of(self, part: Part, odd: Collection[int]) -> tuple[Mapping[date, int], Finding | None]:
        if self.fitted.as_of is None:
            return {}, None
        index, form = self.fitted.as_of
        days, fault = days_of(part.cells[str(index)], part.lines, odd, form)
        if fault is None:
            return days, None
        line, reason = fault
        place = f"{self.where}: line {line}, column {self.fitted.headers[index]}"
        return days, Finding(place, reason, "roll-as-of")

    def _rejected(
        self, part: Part, rows: pl.Series, repeated: set[int], refused: Mapping[int, tuple[str, str]]
    ) -> tuple[Rejected, ...]:
        lines = part.lines.gather(rows)
        headers = {reader.fact.id: reader.header for reader in self.fitted.readers}
        return tuple(
            Rejected(line, headers[refused[row][0]], "", refused[row][1])
            if row in refused
            else self._faults.of(line, part.odd.get(row, found), repeated=row in repeated)
            for row, line, found in zip(rows, lines, rows_of(part.cells, rows), strict=True)
        )


def compared(keys: pl.Series) -> pl.Series:
    """Keys as they are compared: of either width alike (NFKC), without signs that nobody sees."""
    odd = (keys.str.len_bytes() != keys.str.len_chars()).arg_true()
    if not len(odd):
        return keys
    seen = keys.gather(odd).str.replace_all(r"\p{Cf}", "").str.normalize("NFKC").str.strip_chars()
    found: pl.Series = keys.clone().scatter(odd, seen)
    return found


def _blank(part: Part, suspects: Collection[int]) -> set[int]:
    """The places of rows in which nothing stands, such as spreadsheets leave at the end."""
    rows = pl.Series(sorted(suspects), dtype=pl.UInt32)
    found = zip(rows, rows_of(part.cells, rows), strict=True)
    return {row for row, cells in found if all(map(_is_blank, part.odd.get(row, cells)))}


def _is_blank(cell: object) -> bool:
    # A file of DOS ends with a Ctrl-Z.
    return cell is None or (isinstance(cell, str) and not cell.strip().strip("\x1a"))
