"""CSV row by row, by the strict reader of the standard library: what CSV means, and where it goes wrong."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final, NamedTuple

from hokensha.errors import Finding, MemberError

BOM: Final = b"\xef\xbb\xbf"
DAMAGE: Final = (EOFError, zlib.error, gzip.BadGzipFile, OSError)
"""What reading a file raises that is damaged or cannot be read on."""


LONGEST: Final = 1 << 24
"""No row has so many bytes; what seems to be one is no CSV, and is not to fill the memory."""
_START: Final = 1 << 16
_MARKS: Final = {codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}
_TELLING: Final = 4
"""So many kana and kanji, or ends of cells, are not there by chance."""
_JAPANESE: Final = re.compile(r"[\u3041-\u30FE\u4E00-\u9FFF]")


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
    number, line = before, b""
    try:
        for number, line in enumerate(lines, start=before + 1):
            if number == 1 and line.startswith(BOM):
                encoding = "utf-8"
                line = line[len(BOM) :]  # noqa: PLW2901 - the mark is no part of the line
            yield line.decode(encoding)
    except UnicodeDecodeError:
        raise other_encoding(encoding, guessed(line, encoding), f"{where}: line {number}") from None
    except DAMAGE as error:
        raise MemberError(damage(error, f"{where}: after line {number}")) from None


def other_encoding(expected: str, found: str, place: str) -> MemberError:
    """That a file is in another encoding than the policy says."""
    seen = f"what seems to be {found}" if found else "other bytes"
    message = f"expected {expected} (the policy's [tool.roll].encoding), found {seen}"
    return MemberError(Finding(place, message, "roll-encoding"))


def guessed(line: bytes, expected: str) -> str:
    """In which other encoding a line seems to be; empty if in none."""
    for encoding in ("utf-8", "euc_jp", "cp932"):  # one that fits by chance comes after those that do not
        if encoding != expected and not line.isascii():
            with suppress(UnicodeDecodeError):
                if len(_JAPANESE.findall(line.decode(encoding))) >= _TELLING:
                    return encoding
    return ""


def beginning(file: io.RawIOBase) -> bytes:
    """How a file begins; nothing, if that cannot be read: where lines are read, it is told why."""
    try:
        return file.read(_START) or b""
    except DAMAGE:
        return b""


def unreadable_encoding(start: bytes) -> str:
    """An encoding in which no roll is read and a file seems to be, as it begins; empty if it is in none."""
    if mark := next((name for mark, name in _MARKS.items() if start.startswith(mark)), ""):
        return mark
    ends = start.count(b",") + start.count(b"\n")
    wide = max(start.count(b",\0") + start.count(b"\n\0"), start.count(b"\0,") + start.count(b"\0\n"))
    if ends == wide >= _TELLING:
        return "UTF-16"
    return "ISO-2022-JP" if b"\x1b$" in start else ""


def bounded(file: io.BufferedIOBase, where: str) -> Iterator[bytes]:
    """The lines of a file.

    Raises:
        MemberError: One is longer than any is.
    """
    number = 0
    while line := file.readline(LONGEST):
        number += 1
        if len(line) == LONGEST:
            raise too_long(where, number)
        yield line


def too_long(where: str, line: int) -> MemberError:
    """That a row has no end."""
    message = f"expected a row of CSV, found no end of one in {LONGEST:,} bytes"
    return MemberError(Finding(f"{where}: line {line}", message, "roll-csv"))


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
