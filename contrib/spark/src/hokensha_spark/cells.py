"""A frame's columns, fitted to a policy's facts; and what is wrong with cells, found by Spark itself."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Final

from attrs import field, frozen
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sf
from pyspark.sql.types import (
    BooleanType,
    DataType,
    DateType,
    DecimalType,
    IntegralType,
    NullType,
    StringType,
)

from hokensha.errors import Finding, MemberError
from hokensha.facts import DAYS_EXPECTED, FIRST_DAY, KEY, LAST_DAY, Catalogue, Fact, FactValue, Unknown
from hokensha.policy import Rulebook
from hokensha.text import nearest
from hokensha_roll import CellType, Roll, fit, roll_of
from hokensha_roll import Column as Mapped
from hokensha_spark.numbers import first_individual_number

FAULT: Final = "fault"
"""The column that says what is wrong with a row (:class:`Faults`); null, if nothing is."""
_WHERE: Final = "the frame"
_WHITE: Final = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace())


@frozen(eq=False)
class Cell:
    """A column that holds a fact.

    Attributes:
        source: What the frame calls it.
        header: What the policy calls it.
        fact: The fact.
        mapped: What the policy says of it.
        kind: What its cells are.
        admit: The value that a cell states; ValueError where it does not fit.
    """

    source: str
    header: str
    fact: Fact
    mapped: Mapped
    kind: CellType
    admit: Callable[[object], FactValue | Unknown]

    def read(self) -> Column:
        """The cells: days, booleans, or text without white space around it."""
        cells = named(self.source)
        if self.fact.kind == "day":
            default = self.mapped.default if self.mapped.empty == "default" else None
            return sf.coalesce(cells.cast("date"), sf.lit(default).cast("date"))
        if self.kind == "boolean":
            return cells
        return sf.btrim(cells.cast("string"), sf.lit(_WHITE))

    def faults(self) -> Iterator[tuple[Column, str]]:
        """What can be wrong with a cell as it was read, each with what is said of it."""
        cells = named(self.header)
        written = self.fact.kind != "day" and self.kind != "boolean"
        if empty := self._refusal(None):
            yield cells.isNull() | (cells == "") if written else cells.isNull(), empty
        if self.fact.kind == "day":
            yield ~cells.between(*map(sf.lit, (FIRST_DAY, LAST_DAY))), DAYS_EXPECTED
        elif written:
            yield from (((cells != "") & wrong, why) for wrong, why in self._misfits(cells))

    def _misfits(self, cells: Column) -> Iterator[tuple[Column, str]]:
        """What can be wrong with a text."""
        boolean = self.fact.kind == "boolean" and not self.mapped.values
        known = tuple(self.mapped.values) or (("true", "false") if boolean else self.fact.values)
        if known:
            yield ~(sf.lower(cells) if boolean else cells).isin(*known), self._refusal("\0") or ""
            return
        yield cells.contains("\0"), self._refusal("\0") or ""
        if self.mapped.digits is not None:
            yield (
                ~cells.rlike(f"^[0-9]{{{self.mapped.digits}}}$"),
                f"expected {self.mapped.digits} digits 0-9",
            )
        if self.fact.id == KEY:
            yield cells.rlike(f"^[{_signs()}]"), self._refusal("=") or ""

    def _refusal(self, cell: object) -> str | None:
        """What is said of a cell that does not fit."""
        try:
            self.admit(cell)
        except ValueError as error:
            return str(error)
        return None


@frozen(eq=False)
class Faults:
    """What can be wrong with a row: the column that is at fault, and why. Rows say it by its place."""

    every: list[tuple[str, str]]

    def place(self, column: str, reason: str) -> int:
        """The place of a further fault."""
        self.every.append((column, reason))
        return len(self.every) - 1


@frozen(eq=False)
class Cells:
    """The columns of a frame that hold facts, and what can be wrong with a row."""

    frame: DataFrame
    cells: tuple[Cell, ...]
    faults: Faults = field(init=False)

    @faults.default
    def _of_numbers(self) -> Faults:
        return Faults([(name, "holds an individual number (個人番号)") for name in self._written()])

    @classmethod
    def of(cls, frame: DataFrame, rulebook: Rulebook, columns: Mapping[str, str]) -> Cells:
        """Fit a frame to a policy.

        Args:
            frame: The members.
            rulebook: The policy.
            columns: The columns of facts that are not called what the policy calls them.

        Raises:
            MemberError: Everything that does not fit.
        """
        roll, catalogue = roll_of(rulebook.policy), rulebook.catalogue
        headers = _headers(frame, roll, catalogue, columns)
        kinds = {name: _kind(frame.schema[name].dataType) for name in headers}
        fitted = fit(list(headers.values()), list(kinds.values()), roll, catalogue, _WHERE)
        sources = list(headers)
        cells = tuple(
            Cell(source, each.header, each.fact, each.column, kinds[source], each.admit)
            for each in fitted.readers
            for source in [sources[each.index]]
        )
        findings = [
            Finding(f"{_WHERE}: {cell.source}", "expected days of type DATE; to_date makes them", "roll-type")
            for cell in cells
            if cell.fact.kind == "day" and cell.kind == "text"
        ]
        findings += [
            Finding(
                f"{_WHERE}: {cell.source}",
                "expected null where a fact is known to be none; fillers are for files",
                "roll-fillers",
            )
            for cell in cells
            if cell.mapped.fillers
        ]
        if findings:
            raise MemberError(findings)
        return cls(frame, cells)

    @property
    def key(self) -> Cell:
        """The column of the members' keys."""
        return next(cell for cell in self.cells if cell.fact.id == KEY)

    def read(self) -> DataFrame:
        """Each cell under the policy's header; and which of the faults the row has."""
        numbers = first_individual_number([named(name).cast("string") for name in self._written()])
        read = self.frame.select(
            *(cell.read().alias(cell.header) for cell in self.cells), numbers.alias(FAULT)
        )
        key = self.key
        wrong = [
            sf.when(condition, self.faults.place(cell.source, reason))
            for cell in self.cells
            for condition, reason in cell.faults()
        ]
        return read.withColumns(
            {
                key.header: sf.when(sf.coalesce(named(FAULT), sf.lit(-1)) != 0, named(key.header)),
                FAULT: sf.coalesce(named(FAULT), *wrong),
            }
        )

    def _written(self) -> list[str]:
        """The columns of text and of whole numbers, the key first: an individual number can stand in any."""
        found = [field.name for field in self.frame.schema if _is_written(field.dataType)]
        return sorted(found, key=lambda name: name != self.key.source)


def named(name: str) -> Column:
    """A column by its very name, whatever signs are in it."""
    return sf.col("`" + name.replace("`", "``") + "`")


def _headers(
    frame: DataFrame, roll: Roll, catalogue: Catalogue, columns: Mapping[str, str]
) -> dict[str, str]:
    """What the policy calls those columns of a frame that it knows."""
    findings = [
        Finding(f"columns: {fact}", f"no such fact{nearest(fact, list(catalogue.facts))}", "unknown-fact")
        for fact in columns
        if fact not in catalogue
    ]
    findings += [
        Finding(f"columns: {fact}", f"the frame has no column {name!r}", "roll-header")
        for fact, name in columns.items()
        if name not in frame.columns
    ]
    if findings:
        raise MemberError(findings)
    own = {fact: mapped.header for fact, mapped in roll.columns.items()}
    given = {name: own.get(fact, fact) for fact, name in columns.items()}
    known = {*catalogue.facts, *own.values()} - {*given.values()} - {*columns}
    return {name: given.get(name, name) for name in frame.columns if name in given or name in known}


def _kind(kind: DataType) -> CellType:
    if isinstance(kind, DateType):
        return "day"
    if isinstance(kind, BooleanType):
        return "boolean"
    if isinstance(kind, NullType):
        return "null"
    return "text" if _is_written(kind) else "other"


def _is_written(kind: DataType) -> bool:
    return isinstance(kind, StringType | IntegralType) or (isinstance(kind, DecimalType) and kind.scale == 0)


@cache
def _signs() -> str:
    """The signs that spreadsheets take for the beginning of a formula, full-width ones included."""
    every = map(chr, range(0x10000))
    return "".join("\\" + sign for sign in every if unicodedata.normalize("NFKC", sign)[0] in "=+-@")
