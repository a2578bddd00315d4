"""A run's files: written beside their place, and put there all at once or not at all."""

from __future__ import annotations

import csv
import json
import os
import secrets
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Literal, TypeAlias

from attrs import define, field

from hokensha.errors import Finding, HokenshaError
from hokensha_roll.rows import ISSUANCES, REJECTED, RETURNS, UNDETERMINED, Outcome, Rejected

if TYPE_CHECKING:
    from polars import DataType

Format: TypeAlias = Literal["csv", "parquet"]

SUMMARY, REPORT = "summary.json", "report.html"
_TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "issuances": ISSUANCES,
    "returns": RETURNS,
    "undetermined": UNDETERMINED,
}
_OURS: Final = {
    *(f"{name}.{ending}" for name in _TABLES for ending in ("csv", "parquet")),
    *("rejected.csv", SUMMARY, REPORT),
}
_DAYS: Final = ("due_from", "due_through", "valid_until")
_GROUP_ROWS: Final = 1 << 17
_LONGEST: Final = 200


class OutputError(HokenshaError):
    """What a run came to cannot be written where it was asked for."""


def _refused(path: Path, message: str) -> OutputError:
    return OutputError(Finding(str(path), message, "output"))


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses into one finding."""
    try:
        yield
    except OSError as error:
        name = error.filename if isinstance(error.filename, str) else str(path)
        reason = error.strerror or type(error).__name__
        raise OutputError(
            Finding(name, f"cannot be written: {reason}; nothing was changed", "output")
        ) from None


def check_target(target: Path) -> None:
    """See that a run may write to a folder.

    Raises:
        OutputError: It is no folder, or holds what no earlier run wrote there.
    """
    with explained(target):
        if not target.exists():
            return
        if not target.is_dir():
            raise _refused(target, "is no folder; expected one, or a name that is free")
        names = {entry.name for entry in target.iterdir()}
    if not names:
        return
    expected = "expected an empty folder, a new one, or one that holds an earlier run and nothing else"
    if SUMMARY not in names:
        raise _refused(target, f"is not empty, and holds no earlier run's {SUMMARY}; {expected}")
    if strange := sorted(names - _OURS):
        more = f" and {len(strange) - 1} more" if len(strange) > 1 else ""
        raise _refused(target, f"holds {strange[0]!r}{more} beside an earlier run; {expected}")


@define(eq=False)
class Writer:
    """Takes what rows came to, and writes it to a folder that nobody sees yet."""

    folder: Path
    format: Format
    _tables: dict[str, Any] = field(factory=dict)
    _files: list[IO[str]] = field(factory=list)

    def open(self, keep: ExitStack) -> None:
        """Begin the tables."""
        for name, header in {**_TABLES, "rejected": REJECTED}.items():
            path = self._spool(name)
            file = keep.enter_context(path.open("w", encoding="utf-8", newline=""))
            self._files.append(file)
            self._tables[name] = csv.writer(file)
            self._tables[name].writerow(header)

    def _spool(self, name: str) -> Path:
        ending = "csv" if self.format == "csv" or name == "rejected" else "spool"
        return self.folder / f"{name}.{ending}"

    def add(self, outcome: Outcome) -> None:
        """Write what further rows came to."""
        self._tables["issuances"].writerows(outcome.issuances)
        self._tables["returns"].writerows(outcome.returns)
        self._tables["undetermined"].writerows(outcome.undetermined)
        self._tables["rejected"].writerows(map(_rejected, outcome.rejected))

    def finish(self, summary: Mapping[str, Any], report: str) -> None:
        """End the tables, write the summary and the report, and see that all of it is on the disk."""
        for file in self._files:
            file.close()
        if self.format == "parquet":
            for name in _TABLES:
                _to_parquet(self._spool(name), self.folder / f"{name}.parquet", _TABLES[name])
        text = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
        (self.folder / SUMMARY).write_text(text, encoding="utf-8", newline="\n")
        (self.folder / REPORT).write_text(report, encoding="utf-8", newline="\n")
        for path in sorted(self.folder.iterdir()):
            _sync(path)
        _sync(self.folder)


def _rejected(row: Rejected) -> tuple[str, ...]:
    return (str(row.line), row.column, harmless(row.value[:_LONGEST]), row.reason)


def harmless(text: str) -> str:
    """``text`` behind an apostrophe, if a spreadsheet would take it for a formula."""
    first = unicodedata.normalize("NFKC", text[:1])[:1]
    return f"'{text}" if first and first in "=+-@\t\r\n" else text


def _to_parquet(spool: Path, path: Path, header: Iterable[str]) -> None:
    import polars as pl  # noqa: PLC0415 - CSV needs no polars

    schema: dict[str, type[DataType]] = {name: pl.Date if name in _DAYS else pl.String for name in header}
    try:
        pl.scan_csv(spool, schema=schema, glob=False).sink_parquet(path, row_group_size=_GROUP_ROWS)
    except pl.exceptions.PolarsError as error:
        raise _refused(path, f"cannot be written: {str(error).splitlines()[0][:_LONGEST]}") from None
    spool.unlink()


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows knows no such thing
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def writing(target: Path, format_: Format) -> Iterator[Writer]:
    """A writer whose files appear at ``target`` when the block ends well, and vanish when it does not.

    Raises:
        OutputError: The disk is full, or the folder may not be written.
    """
    check_target(target)
    with explained(target):
        final = target.resolve()
        final.parent.mkdir(parents=True, exist_ok=True)
        folder = final.with_name(f".{final.name}.{secrets.token_hex(8)}.new")
        folder.mkdir()
    try:
        with explained(target), ExitStack() as keep:
            writer = Writer(folder, format_)
            writer.open(keep)
            yield writer
            check_target(target)
            _replace(final, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _replace(final: Path, folder: Path) -> None:
    """Put the folder in its place; what was there goes only when that has succeeded."""
    old = folder.with_suffix(".old")
    if final.exists():
        final.rename(old)
    try:
        folder.rename(final)
    except OSError:
        if old.exists():
            old.rename(final)
        raise
    with suppress(OSError):  # the renamed folder is in place, come what may
        _sync(final.parent)
    shutil.rmtree(old, ignore_errors=True)
