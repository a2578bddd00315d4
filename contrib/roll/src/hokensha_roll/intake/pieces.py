"""Pieces of a CSV file: where they end, and their cells; by columns where that is sure to be right."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl
from attrs import frozen

from hokensha_roll.intake.making import Part
from hokensha_roll.intake.sizes import Sizes
from hokensha_roll.intake.strictly import BOM, rows, split

_ASCII: Final = bytes(byte if byte < 0x80 else ord("a") for byte in range(256))
_CELL: Final = r'(?:"(?:[\x00-!#-\x7F]|"")*"|[\x00-\x09\x0B-!#-+\x2D-\x7F]*)'
_PLAIN: Final = rf"^(?:{_CELL}(?:,|\r?\n))*{_CELL}$"


def split_end(rest: bytes, more: bytes) -> tuple[bytes, bool, bytes]:
    """The whole rows that two parts of a file hold together, whether these rows are plain, and what is left.

    Args:
        rest: Bytes of CSV, from the beginning of a row on. In CP932 as in UTF-8, no byte of a longer
            character is a comma, a quote or the end of a line.
        more: What follows them.

    Returns:
        Rows are plain if each quote stands where it must: around a cell, or doubled within. Others have to be
        read by the strict reader. If that would fail, all bytes are handed on for it.
    """
    end = more.rfind(b"\n") + 1
    if end and b'"' not in rest and more.find(b'"', 0, end) < 0:
        return b"".join((rest, memoryview(more)[:end])), True, more[end:]
    data = rest + more
    end = _even_end(data)
    plain = bool(end) and is_plain(data[:end])
    end = end if plain else _strict_end(data)
    return data[:end], plain, data[end:]


def is_plain(data: bytes) -> bool:
    """Whether each quote of whole rows stands where it must."""
    if b'"' not in data:
        return True
    # Of letters beyond ASCII it does not matter which they are; and one pattern of all is quick without them.
    return bool(pl.Series([data.translate(_ASCII).decode("ascii")]).str.contains(_PLAIN).item())


def _even_end(data: bytes) -> int:
    """The last end of a line before which quotes are even: that of a row, if they stand where they must."""
    end = data.rfind(b"\n") + 1
    quotes = data.count(b'"', 0, end)
    while quotes % 2:
        before = data.rfind(b"\n", 0, data.rfind(b'"', 0, end)) + 1
        quotes -= data.count(b'"', before, end)
        end = before
    return end


def _strict_end(data: bytes) -> int:
    """Where the last whole row ends, by the strict reader; the end of ``data`` if that fails."""
    lines = split(data)
    reader = csv.reader((line.decode("latin-1") for line in lines), strict=True)
    whole = 0
    try:
        for _ in reader:
            if reader.line_num < len(lines) or lines[-1].endswith(b"\n"):
                whole = reader.line_num
    except csv.Error:
        if reader.line_num < len(lines):
            return len(data)
    return sum(map(len, lines[:whole]))


@frozen(eq=False)
class Pieces:
    """Reads pieces of one file.

    Attributes:
        width: How many cells a row has.
        where: What findings call the file.
    """

    width: int
    encoding: str
    where: str
    sizes: Sizes

    def parts(self, data: bytes, before: int, ends: int, *, plain: bool) -> Iterator[Part]:
        """The rows of a piece.

        Args:
            data: Whole rows.
            before: How many lines come before them.
            ends: How many lines end in them.
            plain: Whether quotes stand around cells only.

        Raises:
            MemberError: They are no CSV, or not of the encoding.
        """
        cells = self._cells(data, ends + (not data.endswith(b"\n"))) if plain else None
        if cells is None:
            yield from self._by_rows(data, before)
            return
        line = before + 1
        for some in cells.iter_slices(self.sizes.block):
            yield Part(some, pl.int_range(line, line + len(some), dtype=pl.UInt32, eager=True))
            line += len(some)

    def _cells(self, data: bytes, lines: int) -> pl.DataFrame | None:
        """The cells of plain rows; none where the strict reader may see something else."""
        if b"\0" in data or data.startswith(BOM) or _has_lone_returns(data) or _may_be_long(data):
            return None
        try:
            if self.encoding != "utf-8" and not data.isascii():
                data = data.decode(self.encoding).encode()
            cells = self._quoted(data) if b'"' in data else self._unquoted(data)
        except (UnicodeDecodeError, pl.exceptions.PolarsError):
            return None
        # As many rows as lines: none goes on in a second line. In a column of its own, an empty cell that is
        # not in quotes is a blank line, which is no row.
        if cells is None or len(cells) != lines or (self.width == 1 and cells.to_series().null_count()):
            return None
        return cells

    def _unquoted(self, data: bytes) -> pl.DataFrame | None:
        cells = _read(data, self.width, None)
        # Rows with too many cells are an error; to those with too few, polars adds empty ones.
        whole = not cells[:, -1].null_count() or data.count(b",") == len(cells) * (self.width - 1)
        return cells if whole else None

    def _quoted(self, data: bytes) -> pl.DataFrame | None:
        # Commas may be letters here. So each line gets one more cell, and only in whole rows it is the last.
        end = b"\r\n" if b"\r" in data else b"\n"
        marked = (data if data.endswith(b"\n") else data + end).replace(end, b",x" + end)
        cells = _read(marked, self.width + 1, '"')
        whole = (cells[:, -1] == "x").all(ignore_nulls=False)
        # What is empty and in quotes is empty.
        return (
            cells.select(pl.when(pl.col(name) != "").then(name) for name in cells.columns[:-1])
            if whole
            else None
        )

    def _by_rows(self, data: bytes, before: int) -> Iterator[Part]:
        lines: list[int] = []
        taken: list[Sequence[str]] = []
        odd: dict[int, Sequence[str]] = {}
        blank = [""] * self.width
        for row in rows(split(data), self.encoding, self.where, before):
            if len(row.cells) != self.width:
                odd[len(lines)] = row.cells
            lines.append(row.line)
            taken.append(row.cells if len(row.cells) == self.width else blank)
            if len(lines) == self.sizes.block:
                yield self._part(taken, lines, odd)
                lines, taken, odd = [], [], {}
        if lines:
            yield self._part(taken, lines, odd)

    def _part(self, taken: list[Sequence[str]], lines: list[int], odd: dict[int, Sequence[str]]) -> Part:
        cells = pl.DataFrame(taken, _texts(self.width), orient="row")
        return Part(cells, pl.Series(lines, dtype=pl.UInt32), odd)


def _read(data: bytes, width: int, quote: str | None) -> pl.DataFrame:
    return pl.read_csv(data, has_header=False, schema=_texts(width), quote_char=quote)


def _texts(width: int) -> dict[str, type[pl.String]]:
    return {str(index): pl.String for index in range(width)}


def _has_lone_returns(data: bytes) -> bool:
    """Whether a carriage return stands without a line feed behind it."""
    return b"\r" in data and data.count(b"\r") != data.count(b"\r\n")


def _may_be_long(data: bytes) -> bool:
    """Whether a cell may be longer than the strict reader takes: for so long, no line ends."""
    half = csv.field_size_limit() // 2
    return any(data.find(b"\n", at, at + half) < 0 for at in range(0, len(data) - half + 1, half))
