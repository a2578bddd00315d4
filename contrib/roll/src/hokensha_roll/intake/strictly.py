"""CSV row by row, by the strict reader of the standard library: what CSV means, and where it goes wrong."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from hokensha.errors import Finding, MemberError

BOM: Final = b"\xef\xbb\xbf"
DAMAGE: Final = (EOFError, zlib.error, gzip.BadGzipFile, OSError)
"""What reading a file raises that is damaged or cannot be read on."""


class Row(NamedTuple):
    """One row as it stands.

    Attributes:
        line: Its first line in the file; the first is line 1.
        cells: As the file has them.
        end: Its last line.
    """

    line: int
    cells: list[str]
    end: int


def rows(lines: Iterable[bytes], encoding: str, where: str, before: int = 0) -> Iterator[Row]:
    """The rows of CSV.

    Args:
        lines: Of the file.
        encoding: Of the file; a byte order mark says UTF-8 whatever this says.
        where: What findings call it.
        before: How many lines come before these.

    Raises:
        MemberError: They are no CSV, not of that encoding, or cannot be read on.
    """
    # Strict: a quote that is never closed must not swallow the rest of the members.
    reader = csv.reader(_decoded(lines, encoding, where, before), strict=True)
    line = before + 1
    try:
        for cells in reader:
            end = before + reader.line_num
            if cells:
                yield Row(line, cells, end)
            line = end + 1
    except csv.Error as error:
        message = f"cannot be read as CSV: {error}"
        raise MemberError(Finding(f"{where}: line {line}", message, "roll-csv")) from None


def _decoded(lines: Iterable[bytes], encoding: str, where: str, before: int) -> Iterator[str]:
    # Line by line: in UTF-8 and CP932 alike, no byte of a longer character is a line feed.
    number = before
    try:
        for number, line in enumerate(lines, start=before + 1):
            if number == 1 and line.startswith(BOM):
                encoding = "utf-8"
                line = line[len(BOM) :]  # noqa: PLW2901 - the mark is no part of the line
            yield line.decode(encoding)
    except UnicodeDecodeError:
        message = f"expected {encoding} (the policy's [tool.roll].encoding), found other bytes"
        raise MemberError(Finding(f"{where}: line {number}", message, "roll-encoding")) from None
    except DAMAGE as error:
        raise MemberError(damage(error, f"{where}: after line {number}")) from None


def damage(error: Exception, place: str) -> Finding:
    """That a file cannot be read on."""
    if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
        return Finding(place, f"cannot be read on: {error.strerror}", "unreadable")
    return Finding(place, "is damaged: the compressed data end too early or do not fit", "unreadable")


def split(data: bytes) -> list[bytes]:
    """The lines of a piece of a file, each with its line feed."""
    return data.splitlines(keepends=True) if b"\r" not in data else _fed(data)


def _fed(data: bytes) -> list[bytes]:
    # bytes.splitlines would end lines at a lone carriage return, too; reading a file does not.
    lines = [line + b"\n" for line in data.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
