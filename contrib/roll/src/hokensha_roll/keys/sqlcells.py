"""What a cell of a table says, in SQL, as the policy reads it under ``[tool.roll]``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from attrs import field, frozen
from sqlglot import Tokenizer, exp

from hokensha.facts import FactValue, Unknown
from hokensha_roll.intake.columns import Reader

FAULT: Final = object()
"""An empty cell that the policy does not know how to read."""


@frozen(eq=False)
class SqlCell:
    """The cells of one column.

    Attributes:
        reader: How a run reads them.
        empty: What an empty one says.
    """

    reader: Reader
    empty: Any = field(init=False)

    @empty.default
    def _of_nothing(self) -> Any:
        try:
            return self.reader.read(None)
        except ValueError:
            return FAULT

    def day(self, table: str | None = None) -> exp.Expression:
        """The day; null where there is none."""
        cell = column(self.reader.header, table)
        if isinstance(self.empty, date):
            cell = exp.Coalesce(this=cell, expressions=[literal(self.empty)])
        if not self.reader.days():
            return cell
        return exp.case().when(self.filled(table), exp.Null()).else_(cell)

    def filled(self, table: str | None = None) -> exp.Expression:
        """Whether a day means none."""
        return _among(column(self.reader.header, table), map(literal, sorted(self.reader.days())))

    def trimmed(self) -> exp.Expression:
        """The text, without the spaces around it; null where there is none."""
        text: exp.Expression = exp.Trim(this=exp.cast(column(self.reader.header), "text"))
        closed = self.reader.fact.kind == "boolean" and not self.reader.column.values
        return exp.Lower(this=text) if closed else text

    def text(self) -> exp.Expression:
        """The text, without the spaces around it; empty where there is none."""
        return exp.Coalesce(this=self.trimmed(), expressions=[exp.Literal.string("")])

    def codes(self, values: Iterable[FactValue]) -> Iterator[tuple[str, FactValue | Unknown]]:
        """What may be written, and what that says; of what is written as it is, some values."""
        yield from ((filler, None) for filler in self.reader.column.fillers)
        if self.reader.column.values:
            yield from self.reader.column.values.items()
        elif self.reader.fact.kind == "boolean":
            yield from (("true", True), ("false", False))
        else:
            yield from ((str(value), value) for value in values)

    def is_none(self) -> exp.Expression:
        """Whether it says that there is none: never null."""
        if self.reader.fact.kind != "day":
            return self.says(None)
        if self.empty is None:
            return is_null(self.day())
        present = exp.Not(this=is_null(column(self.reader.header)))
        return exp.And(this=present, expression=self.filled())

    def is_value(self) -> exp.Expression:
        """Whether it says a value, which is neither none nor unknown: never null."""
        if self.reader.fact.kind == "day":
            return exp.Not(this=is_null(self.day()))
        silent = [] if self._has_default() else [""]
        return exp.Not(this=self._written([*silent, *self.reader.column.fillers]))

    def says(self, value: FactValue) -> exp.Expression:
        """Whether it says this, and is no day: never null."""
        codes = [code for code, meant in self.codes((value,)) if meant == value]
        return self._written([*([""] if self.empty == value else []), *codes])

    def _has_default(self) -> bool:
        return self.empty is not None and self.empty is not FAULT and not isinstance(self.empty, Unknown)

    def _written(self, texts: Iterable[str]) -> exp.Expression:
        return _among(self.text(), map(exp.Literal.string, texts))


def _among(cell: exp.Expression, each: Iterable[exp.Expression]) -> exp.Expression:
    found = [*each]
    return exp.In(this=cell, expressions=found) if found else exp.false()


def is_null(cell: exp.Expression) -> exp.Expression:
    """Whether a cell is null."""
    return exp.Is(this=cell.copy(), expression=exp.Null())


def literal(day: date) -> exp.Expression:
    """A day."""
    return exp.cast(exp.Literal.string(f"{day.year:04d}-{day:%m-%d}"), "date")


def column(name: str, table: str | None = None) -> exp.Expression:
    """A column; what is no plain name is quoted."""
    plain = name.isascii() and name.isidentifier() and name.islower()
    return exp.column(exp.to_identifier(name, quoted=not plain or name.upper() in Tokenizer.KEYWORDS), table)
