"""A run's files: written beside their place, and put there all at once or not at all."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import define, field

from hokensha.facts import holds_individual_number
from hokensha.text import Language
from hokensha_cli.japanese import said
from hokensha_roll.frames import Rejected
from hokensha_roll.keys.outcome import Outcome
from hokensha_roll.output.replacing import beside, explained, real, refused, take_place
from hokensha_roll.output.sinks import Hashed, Rows
from hokensha_roll.output.tables import TABLES, Format, lines

if TYPE_CHECKING:
    import polars as pl

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
        OutputError: It is no folder, holds what no earlier run wrote there, or has a name that may not be
            written.
    """
    if any(map(holds_individual_number, target.parts)):
        raise refused(target, "has a name that holds an individual number (個人番号)")
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
        lang: The language in which it is said why rows were rejected.
    """

    folder: Path
    format: Format
    keep: ExitStack
    lang: Language = "en"
    _files: dict[str, Hashed] = field(factory=dict, init=False)
    _tables: dict[str, Rows] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._tables = {table.name: Rows(table, self.format, self.folder) for table in TABLES}
        self._file(REJECTED_FILE).write(lines([REJECTED]).encode())

    def _file(self, name: str) -> Hashed:
        self._files[name] = Hashed(self.keep.enter_context((self.folder / name).open("wb")))
        return self._files[name]

    def add(self, ids: pl.Series, outcome: Outcome, rejected: Sequence[Rejected]) -> None:
        """Write what a batch came to: ``ids`` are its members' keys, ``rejected`` all rows that were."""
        self._tables["issuances"].add(ids, outcome.issuances)
        self._tables["returns"].add(ids, outcome.returns)
        self._tables["undetermined"].add(ids, outcome.undetermined)
        if outcome.stranded:
            self._tables["stranded"].add(ids, outcome.stranded)
        if rejected:
            self._files[REJECTED_FILE].write(lines(map(self._rejected, rejected)).encode())

    def _rejected(self, row: Rejected) -> tuple[str, ...]:
        return str(row.line), row.column, harmless(row.value[:_LONGEST]), said(row.reason, self.lang)

    def end(self) -> Mapping[str, str]:
        """Write the tables: the digest of each file."""
        for name, rows in self._tables.items():
            rows.write(self._file(f"{name}.{self.format}"))
        for file in self._files.values():
            file.close()
        return {name: file.digest() for name, file in self._files.items()}

    def finish(self, summary: Mapping[str, Any], report: str) -> None:
        """Write the summary and the report."""
        text = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
        (self.folder / SUMMARY).write_text(text, encoding="utf-8", newline="\n")
        (self.folder / REPORT).write_text(report, encoding="utf-8", newline="\n")


def harmless(text: str) -> str:
    """``text`` behind an apostrophe, if a spreadsheet would take it for a formula."""
    first = unicodedata.normalize("NFKC", text[:1])[:1]
    return f"'{text}" if first and first in "=+-@\t\r\n" else text


@contextmanager
def writing(target: Path, format_: Format, lang: Language = "en") -> Iterator[Writer]:
    """A writer whose files appear at ``target`` when the block ends well, and vanish when it does not.

    Args:
        target: The folder.
        format_: Of tables.
        lang: The language in which it is said why rows were rejected.

    Raises:
        OutputError: The disk is full, or the folder may not be written.
    """
    check_target(target)
    with explained(target), beside(final := real(target)) as folder, ExitStack() as keep:
        yield Writer(folder, format_, keep, lang)
        check_target(target)
        take_place(folder, final)
