"""How a column of cells becomes a column of numbers.

What a cell says, and whether it is fit, :meth:`Reader.admit` says, and nobody else. An expression only gives
at once what that would say of most cells; where it does not know for certain, it says :attr:`Reading.bad`,
and these cells get a second look, each distinct one once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import polars as pl
from attrs import define, field

from hokensha.facts import FIRST_DAY, KANJI_DIGITS, KEY, LAST_DAY, UNKNOWN, FactValue
from hokensha_roll.frames import NONE_DAY, code_of
from hokensha_roll.intake.columns import Reader

_REMEMBERED: Final = 1 << 17
"""So many distinct cells are remembered of a column; more hardly recur, and memory is to stay bounded."""
_KNOWN: Final = 16
"""So many cells that are met again and again are compared with before anything else is tried."""
_SAMPLE: Final = 1 << 10
"""Among so many cells, those that are met again and again are met."""
_DAYS: Final = code_of(FIRST_DAY), code_of(LAST_DAY)
"""Between these, a year has four digits."""
_NUMBER: Final = 12
"""An individual number has so many digits."""
_FORMATS: Final = {"iso": "%Y-%m-%d", "yyyymmdd": "%Y%m%d", "yyyy/mm/dd": "%Y/%m/%d"}
_WRITTEN: Final = {
    "iso": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "yyyymmdd": r"^[0-9]{8}$",
    "yyyy/mm/dd": r"^[0-9]{4}/[0-9]{2}/[0-9]{2}$",
}
_BYTES: Final = {
    "iso": (10, ord("-"), ord("9")),
    "yyyymmdd": (8, ord("0"), ord("9")),
    "yyyy/mm/dd": (10, ord("/"), ord("9")),
}
"""How many bytes a day has, and between which they lie."""

# U+4000..9FFF stand for nothing but themselves; other letters may stand for a space, a sign or digits.
_KANJI: Final = r"\x{4000}-\x{9FFF}"
_OTHER: Final = rf"[!-,./:-~[{_KANJI}--[{KANJI_DIGITS}]]]"
_RUN: Final = r"(?:[0-9]{1,3}|[0-9]{5,11}|[0-9]{13,})"
_PLAIN: Final = (
    # Too short for an individual number, without white space around it; or with neither a space nor a dash,
    # which may join digits, and no run of just so many digits, nor of four, which any sign may join.
    rf"^[!-~{_KANJI}](?:[ -~{_KANJI}]{{0,9}}[!-~{_KANJI}])?$"
    rf"|^{_OTHER}*(?:{_RUN}{_OTHER}+)*{_RUN}?$"
)
_FORMULA: Final = r"^[=+\-@]"


@define(eq=False)
class Reading:
    """Reads one column of a roll, batch by batch.

    Attributes:
        wanted: The values whose places its numbers are; see :class:`hokensha_roll.frames.Batch`.
        bad: The number of a cell that does not fit.
    """

    reader: Reader
    wanted: tuple[FactValue, ...]
    bad: int = field(init=False)
    _days: bool = field(init=False)
    _type: pl.DataType = field(init=False)
    _known: dict[str, int] = field(init=False)
    _seen: dict[object, int] = field(factory=dict, init=False)
    _built: tuple[object, pl.Expr] | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self._days = self.reader.fact.kind == "day"
        self._type = pl.Int32() if self._days else pl.UInt16()
        self.bad = (1 << 31) - 1 if self._days else (1 << 16) - 1
        usual = ((cell, self._code(cell)) for cell in self._usual())
        self._known = {cell: code for cell, code in usual if code != self.bad}

    def _usual(self) -> tuple[str, ...]:
        """What many cells hold: far more codes than there usually are would only slow the others down."""
        fact, column = self.reader.fact, self.reader.column
        texts: Iterable[FactValue] = column.values or fact.values or self.wanted
        if fact.kind == "boolean" and not column.values:
            texts = "true", "false"
        found = (*column.fillers, *(value for value in texts if isinstance(value, str)))
        return found[: 4 * _KNOWN]

    def _code(self, cell: object) -> int:
        """The number of a cell; the one definition."""
        try:
            value = self.reader.admit(cell)
        except ValueError:
            return self.bad
        if self._days:
            return code_of(value)
        if value is None or value is UNKNOWN:
            return len(self.wanted) + (value is UNKNOWN)
        return self.wanted.index(value) if value in self.wanted else self._other()

    def _other(self) -> int:
        return len(self.wanted) + 2

    def written(self, kind: pl.DataType) -> pl.Expr | None:
        """Whether all days, written as text, have the right length and hold digits, and perhaps dashes, only.

        That is quicker than a pattern for each cell. If then a day of a year of four figures is read from
        one, it is of the form: what else would be read has a space, a sign, or a figure less. None where this
        does not matter.
        """
        form = self.reader.column.form
        if kind != pl.String or not self._days or form == "wareki":
            return None
        length, least, most = _BYTES[form]
        cell = pl.col(str(self.reader.index)).drop_nulls().cast(pl.Binary)
        figures = cell.bin.reinterpret(dtype=pl.Array(pl.UInt8, length)).explode()
        return figures.is_between(least, most).all(ignore_nulls=False).alias(self.reader.fact.id)

    def numbers(self, kind: pl.DataType, *, written: bool) -> pl.Expr:
        """The numbers of cells of a type, called as the fact; see :meth:`written`."""
        # Building an expression takes about as long as computing it.
        asked = kind, written, len(self._known)
        if self._built is None or self._built[0] != asked:
            found = self._numbers(pl.col(str(self.reader.index)), kind, written=written)
            self._built = asked, found.alias(self.reader.fact.id)
        return self._built[1]

    def _numbers(self, cell: pl.Expr, kind: pl.DataType, *, written: bool) -> pl.Expr:
        chain: Any
        if kind == pl.Date:
            number = cell.to_physical()
            # Not a number of none or unknown: they are days far ahead.
            fillers = [code_of(day) for day in self.reader.days()]
            number = number.replace(fillers, NONE_DAY) if fillers else number
            fit = cell.is_null() | number.is_between(*_DAYS)
            fit = fit | (number == NONE_DAY) if fillers else fit
            return self._ended(pl.when(fit).then(number), self.bad).fill_null(self._code(None))
        chain = pl.when(cell.is_null()).then(self._lit(self._code(None)))
        if kind == pl.Boolean:
            yes, no = map(self._code, (True, False))
            return self._ended(chain.when(cell).then(self._lit(yes)), no)
        for known, code in self._known.items():
            chain = chain.when(cell == known).then(self._lit(code))
        if kind == pl.String:
            chain = self._told(chain, cell, written=written)
        return self._ended(chain, self.bad)

    def _ended(self, chain: Any, code: int) -> pl.Expr:
        found: pl.Expr = chain.otherwise(self._lit(code))
        return found

    def _told(self, chain: Any, cell: pl.Expr, *, written: bool) -> Any:
        """What else can be told of a text at once."""
        form = self.reader.column.form
        if self._days and form != "wareki":
            day = cell.str.to_date(_FORMATS[form], strict=False, cache=False).to_physical()
            if not written:
                chain = chain.when(~cell.str.contains(_WRITTEN[form])).then(self._lit(self.bad))
            return chain.when(day.is_between(*_DAYS)).then(day)
        if self._free():
            length, digits = cell.str.len_bytes(), self.reader.column.digits
            fits = length != _NUMBER if digits is None else length == digits
            # What is read as a number holds nothing but digits, and perhaps a sign, which comes before "0".
            number = cell.cast(pl.Int64, strict=False).is_not_null() & (cell >= "0")
            return chain.when(number & fits).then(self._lit(self._other()))
        return chain

    def _free(self) -> bool:
        """Whether ordinary texts and numbers are fit as they stand."""
        fact, column = self.reader.fact, self.reader.column
        checked = column.values or fact.problem or column.digits == _NUMBER
        return fact.kind == "text" and not checked

    def second_look(self, numbers: pl.Series, cells: pl.Series) -> pl.Series:
        """The numbers once more, where they are bad: those that stay so are."""
        rows = self._suspects(numbers, cells)
        looked = cells.gather(rows).alias("cell")
        distinct = looked.unique()
        codes = self._codes(distinct.to_list())
        table = pl.DataFrame({"cell": distinct, "code": pl.Series(codes, dtype=self._type)})
        found = looked.to_frame().join(table, on="cell", how="left", maintain_order="left", nulls_equal=True)
        self._learn(dict(zip(distinct.to_list(), codes, strict=True)))
        return numbers.scatter(rows, found["code"])

    def _learn(self, codes: dict[str, int]) -> None:
        if self.reader.fact.id != KEY and len(codes) + len(self._known) <= _KNOWN:
            self._known |= {cell: code for cell, code in codes.items() if code != self.bad}

    def stripped(self, numbers: pl.Series, cells: pl.Series) -> pl.Series:
        """The cells without white space around them; called before the second look."""
        rows = self._suspects(numbers, cells)
        bare = [cell and cell.strip() for cell in cells.gather(rows).to_list()]
        return cells.scatter(rows, pl.Series(bare, dtype=pl.String)) if bare else cells

    def _suspects(self, numbers: pl.Series, cells: pl.Series) -> pl.Series:
        """The rows whose numbers are bad, less those that a second expression knows to be fit."""
        rows = (numbers == self.bad).arg_true()
        if not self._free() or self.reader.column.digits is not None:
            return rows
        texts = cells.gather(rows)
        odd = ~texts.str.contains(_PLAIN) | (texts == "") | texts.is_null()
        if self.reader.fact.id == KEY:
            odd |= texts.str.contains(_FORMULA)
        numbers.scatter(rows.filter(~odd), self._other())
        often = texts.filter(~odd).head(_SAMPLE).unique().to_list()
        self._learn(dict.fromkeys(often, self._other()))
        suspects: pl.Series = rows.filter(odd)
        return suspects

    def _codes(self, cells: list[Any]) -> list[int]:
        seen = self._seen
        if len(seen) > _REMEMBERED:
            seen.clear()
        for cell in cells:
            if cell not in seen:
                seen[cell] = self._code(cell)
        return [seen[cell] for cell in cells]

    def _lit(self, code: int) -> pl.Expr:
        return pl.lit(code, self._type)
