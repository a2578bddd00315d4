"""A roll in CSV, plain or packed by gzip: cut into pieces that end where a row ends."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from attrs import define, field

from hokensha.errors import Finding, MemberError
from hokensha_roll.intake.columns import CellType
from hokensha_roll.intake.digests import Digests, Watched, opened, shown
from hokensha_roll.intake.making import Part
from hokensha_roll.intake.pieces import Pieces, is_plain, split_end
from hokensha_roll.intake.sizes import Sizes
from hokensha_roll.intake.strictly import (
    BOM,
    DAMAGE,
    LONGEST,
    beginning,
    bounded,
    damage,
    guessed,
    other_encoding,
    rows,
    too_long,
    unreadable_encoding,
)

_BUFFER = 1 << 20


@define(eq=False)
class CsvRoll:
    """What is read of a roll in CSV, in its order.

    Attributes:
        encoding: Of the file; a byte order mark says UTF-8 whatever this says.
        headers: The cells of its first row.
    """

    path: Path
    encoding: str
    sizes: Sizes
    where: str = field(init=False)
    headers: tuple[str, ...] = field(init=False)
    _digests: Digests = field(init=False)
    _returns: bool = field(init=False, default=False)
    _begins: int = field(init=False, default=0)
    _before: int = field(init=False)
    _line: int = field(init=False, default=1)
    _read: int = field(init=False, default=0)
    _passes: int = field(init=False, default=0)

    def __attrs_post_init__(self) -> None:
        self.where = shown(self.path)
        self._digests = Digests([self.path])
        with self._file(_unseen) as file:
            start = beginning(file)
        if found := unreadable_encoding(start):
            raise other_encoding(self.encoding, found, self.where)
        self._returns = b"\r" in start[:-1] and b"\n" not in start
        with self._lines() as file:
            lines = self._first_lines(file)
            header = next(rows(lines, self.encoding, self.where), None)
        if header is None:
            raise MemberError(Finding(self.where, "is empty; expected a header line", "roll-headers"))
        self.headers, self._before = tuple(header.cells), header.end

    @property
    def types(self) -> tuple[CellType, ...]:
        """What each column's cells are."""
        text: CellType = "text"
        return (text,) * len(self.headers)

    def parts(self) -> Iterator[Part]:
        """Its rows, some at a time.

        Raises:
            MemberError: The file is no CSV, or cannot be read on.
        """
        self._read = 0
        self._line = self._before + 1
        self._passes += 1
        pieces = Pieces(len(self.headers), self.encoding, self.where, self.sizes)
        with self._file(self._saw if self._passes == 1 else self._counted) as file:
            before = self._before
            for data, plain in self._cut(file):
                ends = data.count(b"\n")
                yield from pieces.parts(data, before, ends, plain=plain)
                before += ends
                self._line = before + 1

    def done(self) -> float:
        """The share of the file read so far."""
        size = self._digests.size()
        return min(1.0, self._read / size) if size else 1.0

    def digest(self) -> str:
        """The digest of the file."""
        return f"sha256:{self._digests.of_each()[0]}"

    def close(self) -> None:
        """Let go of the file."""
        self._digests.close()

    def _first_lines(self, file: Iterable[bytes]) -> Iterator[bytes]:
        """The lines, counting the bytes of those that are taken."""
        for line in file:
            if not self._begins and line.startswith(BOM):
                self.encoding = "utf-8"
            # In CP932, nearly all bytes stand for something.
            if self.encoding != "utf-8" and guessed(line, self.encoding) == "utf-8":
                raise other_encoding(self.encoding, "utf-8", f"{self.where}: line 1")
            self._begins += len(line)
            yield line

    def _cut(self, file: io.RawIOBase) -> Iterator[tuple[bytes, bool]]:
        """Whole rows, and whether they are plain: see :func:`split_end`."""
        rest, wanted = b"", self.sizes.piece
        left = self._begins
        while left:
            left -= len(self._take(file, left))
        while more := self._take(file, wanted):
            data, plain, rest = split_end(rest, more)
            if data:
                yield data, plain
            elif len(rest) >= LONGEST:
                raise too_long(self.where, self._line)
            # A row longer than a piece: looked at again when it is twice as long.
            wanted = self.sizes.piece if data else max(len(rest), self.sizes.piece)
        if rest := rest.rstrip(b"\x1a"):  # with which files of DOS end
            yield rest, is_plain(rest)

    def _take(self, file: io.RawIOBase, size: int) -> bytes:
        try:
            return file.read(size) or b""
        except DAMAGE as error:
            self._locate()
            raise MemberError(damage(error, self.where)) from None

    def _locate(self) -> None:
        """Read the file once more line by line, to say where it goes wrong first."""
        with self._lines() as file:
            for _ in rows(file, self.encoding, self.where):
                pass

    @contextmanager
    def _lines(self) -> Iterator[Iterator[bytes]]:
        """The file line by line, unpacked."""
        with self._file(_unseen) as file:
            # What is unpacked is buffered already, and tells exactly after which line it is damaged.
            lines: Any = file if isinstance(file, gzip.GzipFile) else io.BufferedReader(file, _BUFFER)
            yield bounded(lines, self.where)

    def _packed(self) -> bool:
        return self.path.name.lower().endswith(".gz")

    @contextmanager
    def _file(self, see: Callable[[bytes], None]) -> Iterator[io.RawIOBase]:
        """The file's bytes, unpacked."""
        with ExitStack() as closing:
            raw: Any = closing.enter_context(opened(self.path, 0))
            file: Any = Watched(raw, see)
            if self._packed():
                file = closing.enter_context(gzip.GzipFile(fileobj=io.BufferedReader(file, _BUFFER)))
            yield _LineFeeds(file, _unseen) if self._returns else file

    def _saw(self, block: bytes) -> None:
        self._counted(block)
        self._digests.feed(block)

    def _counted(self, block: bytes) -> None:
        self._read += len(block)


def _unseen(_: bytes) -> None:
    """Nobody looks at what is read."""


class _LineFeeds(Watched):
    """A file whose lines end with carriage returns alone, as old Macs wrote them: with line feeds instead."""

    def read(self, size: int = -1) -> bytes:
        return super().read(size).replace(b"\r", b"\n")
