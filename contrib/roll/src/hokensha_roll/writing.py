"""A run's files: written beside their place, and put there all at once or not at all."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
from attrs import define, field

from hokensha_roll.blocks import Rejected
from hokensha_roll.replacing import beside, explained, refused, sync, take_place
from hokensha_roll.sinks import Hashed, Lines, RowGroups, Sink
from hokensha_roll.tables import TABLES, Format, Piece, line_of, schema_of

SUMMARY, REPORT, REJECTED_FILE = "summary.json", "report.html", "rejected.csv"
REJECTED: Final = ("line", "column", "value", "reason")
_OURS: Final = {
    *(f"{table.name}.{ending}" for table in TABLES for ending in ("csv", "parquet")),
    *(REJECTED_FILE, SUMMARY, REPORT),
}
_LONGEST: Final = 200


def check_target(target: Path) -> None:
    """See that a run may write to a folder.

    Raises:
        OutputError: It is no folder, or holds what no earlier run wrote there.
    """
    with explained(target):
        if not target.exists():
            return
        if not target.is_dir():
            raise refused(target, "is no folder; expected one, or a name that is free")
        names = {entry.name for entry in target.iterdir()}
    if not names:
        return
    expected = "expected an empty folder, a new one, or one that holds an earlier run and nothing else"
    if SUMMARY not in names:
        raise refused(target, f"is not empty, and holds no earlier run's {SUMMARY}; {expected}")
    if strange := sorted(names - _OURS):
        more = f" and {len(strange) - 1} more" if len(strange) > 1 else ""
        raise refused(target, f"holds {strange[0]!r}{more} beside an earlier run; {expected}")


@define(eq=False)
class Writer:
    """Takes what rows came to, and writes it to a folder that nobody sees yet.

    Attributes:
        files: Every table's file, by its name.
    """

    folder: Path
    format: Format
    files: dict[str, Hashed] = field(factory=dict, init=False)
    _sinks: dict[str, Sink] = field(factory=dict, init=False)

    def open(self, keep: ExitStack) -> None:
        """Begin the tables."""
        for table in TABLES:
            file = self._file(f"{table.name}.{self.format}", keep)
            if self.format == "csv":
                file.write(line_of(table.columns).encode())
                self._sinks[table.name] = Lines(file)
            else:
                # Without Arrow's own schema every reader sees the same plain columns.
                sink = RowGroups(pq.ParquetWriter(file, schema_of(table), store_schema=False))
                keep.callback(sink.give_up)
                self._sinks[table.name] = sink
        self._file(REJECTED_FILE, keep).write(line_of(REJECTED).encode())

    def _file(self, name: str, keep: ExitStack) -> Hashed:
        file = Hashed(keep.enter_context((self.folder / name).open("wb")))
        self.files[name] = file
        return file

    def add(self, pieces: Mapping[str, Piece], rejected: Iterable[Rejected]) -> None:
        """Write what further rows came to."""
        for name, piece in pieces.items():
            self._sinks[name].add(piece)
        for row in rejected:
            self.files[REJECTED_FILE].write(line_of(_rejected(row)).encode())

    def end(self) -> Mapping[str, str]:
        """End the tables: the digest of each file."""
        for sink in self._sinks.values():
            sink.close()
        for file in self.files.values():
            file.close()
        return {name: file.digest() for name, file in self.files.items()}

    def finish(self, summary: Mapping[str, Any], report: str) -> None:
        """Write the summary and the report, and see that all files are on the disk."""
        text = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
        (self.folder / SUMMARY).write_text(text, encoding="utf-8", newline="\n")
        (self.folder / REPORT).write_text(report, encoding="utf-8", newline="\n")
        for path in sorted(self.folder.iterdir()):
            sync(path)
        sync(self.folder)


def _rejected(row: Rejected) -> tuple[str, ...]:
    return (str(row.line), row.column, harmless(row.value[:_LONGEST]), row.reason)


def harmless(text: str) -> str:
    """``text`` behind an apostrophe, if a spreadsheet would take it for a formula."""
    first = unicodedata.normalize("NFKC", text[:1])[:1]
    return f"'{text}" if first and first in "=+-@\t\r\n" else text


@contextmanager
def writing(target: Path, format_: Format) -> Iterator[Writer]:
    """A writer whose files appear at ``target`` when the block ends well, and vanish when it does not.

    Raises:
        OutputError: The disk is full, or the folder may not be written.
    """
    check_target(target)
    with explained(target), beside(final := target.resolve()) as folder, ExitStack() as keep:
        writer = Writer(folder, format_)
        writer.open(keep)
        yield writer
        check_target(target)
        take_place(folder, final)
