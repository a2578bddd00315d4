"""A roll's rows, streamed from CSV (plain or gzip) or Parquet."""

from __future__ import annotations

import csv
import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from attrs import frozen

from hokensha.errors import Finding, MemberError
from hokensha_roll.columns import CellType

if TYPE_CHECKING:
    from polars import DataType

BOM: Final = b"\xef\xbb\xbf"
_BLOCK = 1 << 20
_PARQUET_ROWS = 1 << 16


class Row(NamedTuple):
    """One row as it stands; a plain tuple, because millions travel between processes.

    Attributes:
        line: Its line in the file (the header is line 1), or in Parquet its place among the rows, plus 1.
        cells: As the file has them.
        repeated: Its key stood in an earlier row.
    """

    line: int
    cells: list[Any]
    repeated: bool = False


@frozen
class RollFile:
    """An open roll.

    Attributes:
        where: What findings call it.
        headers: As the file has them.
        types: What each column's cells are.
        rows: Once through the file; raises MemberError where it cannot be read on.
        digest: ``sha256:`` and the digest of the file's bytes.
        done: The share of the file read so far, from 0 to 1.
    """

    where: str
    headers: list[str]
    types: list[CellType]
    rows: Iterator[Row]
    digest: str
    done: Callable[[], float]


Closing: TypeAlias = "Callable[[IO[bytes]], None]"


def open_roll(path: Path, encoding: str, keep: Closing) -> RollFile:
    """Open a roll by the ending of its name: ``.csv``, ``.csv.gz``, ``.parquet``.

    Args:
        path: The file.
        encoding: Of CSV; a byte order mark says UTF-8 whatever this says.
        keep: Is handed what has to be closed at the end.

    Raises:
        MemberError: It cannot be read, or is no such file.
    """
    name = path.name.lower()
    try:
        digest = _digest(path)
        if name.endswith(".parquet"):
            return _parquet(path, digest)
        if name.endswith((".csv", ".csv.gz")):
            return _csv(path, encoding, digest, keep)
    except OSError as error:
        raise MemberError(_unreadable(path, error)) from None
    message = "expected a name that ends in .csv, .csv.gz or .parquet"
    raise MemberError(Finding(str(path), message, "roll-format"))


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return f"sha256:{found.hexdigest()}"


def _unreadable(path: Path, error: OSError) -> Finding:
    return Finding(str(path), f"cannot be read: {error.strerror or 'no such data'}", "unreadable")


# --- CSV


def _csv(path: Path, encoding: str, digest: str, keep: Closing) -> RollFile:
    raw = path.open("rb")
    keep(raw)
    size = max(path.stat().st_size, 1)
    lines: Iterable[bytes] = raw
    if path.name.lower().endswith(".gz"):
        lines = gzip.GzipFile(fileobj=raw)
    where = str(path)
    rows = _csv_rows(_decoded(lines, encoding, where), where)
    header = next(rows, None)
    if header is None:
        raise MemberError(Finding(where, "is empty; expected a header line", "roll-headers"))
    cells: list[str] = header.cells
    return RollFile(where, cells, ["text"] * len(cells), rows, digest, lambda: raw.tell() / size)


def _decoded(lines: Iterable[bytes], encoding: str, where: str) -> Iterator[str]:
    # Line by line: in UTF-8 and CP932 alike, no byte of a longer character is a line feed.
    number = 0
    try:
        for number, line in enumerate(lines, start=1):
            if number == 1 and line.startswith(BOM):
                encoding = "utf-8"
                line = line[len(BOM) :]  # noqa: PLW2901 - the mark is no part of the line
            yield line.decode(encoding)
    except UnicodeDecodeError:
        message = f"expected {encoding} (the policy's [roll].encoding), found other bytes"
        raise MemberError(Finding(f"{where}: line {number}", message, "roll-encoding")) from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        message = "is damaged: the compressed data end too early or do not fit"
        raise MemberError(Finding(f"{where}: after line {number}", message, "unreadable")) from None
    except OSError as error:
        message = f"cannot be read on: {error.strerror}"
        raise MemberError(Finding(f"{where}: after line {number}", message, "unreadable")) from None


def _csv_rows(lines: Iterator[str], where: str) -> Iterator[Row]:
    # Strict: a quote that is never closed must not swallow the rest of the members.
    reader = csv.reader(lines, strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield Row(line, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"cannot be read as CSV: {error}"
        raise MemberError(Finding(f"{where}: line {line}", message, "roll-csv")) from None


# --- Parquet


def _parquet(path: Path, digest: str) -> RollFile:
    import polars as pl  # noqa: PLC0415 - CSV needs no polars, and the command line imports this module

    where = str(path)
    try:
        frame = pl.scan_parquet(path, glob=False)
        schema = frame.collect_schema()
        total = int(frame.select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise MemberError(
            Finding(where, f"cannot be read as Parquet: {_first(error)}", "unreadable")
        ) from None
    types = [_cell_type(kind) for kind in schema.dtypes()]
    at = [0]

    def rows() -> Iterator[Row]:
        texts = [name for name, kind in zip(schema.names(), types, strict=True) if kind == "text"]
        part = frame.with_columns(pl.col(texts).cast(pl.String)) if texts else frame
        while at[0] < total:
            try:
                block = part.slice(at[0], _PARQUET_ROWS).collect()
            except (pl.exceptions.PolarsError, OSError) as error:
                place = f"{where}: after row {at[0]}"
                raise MemberError(Finding(place, f"is damaged: {_first(error)}", "unreadable")) from None
            for number, cells in enumerate(block.iter_rows(), start=at[0] + 2):
                yield Row(number, list(cells))
            at[0] += _PARQUET_ROWS

    return RollFile(where, schema.names(), types, rows(), digest, lambda: min(1.0, at[0] / max(total, 1)))


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _cell_type(kind: DataType) -> CellType:
    import polars as pl  # noqa: PLC0415 - see above

    if isinstance(kind, (pl.String, pl.Categorical, pl.Enum)):
        return "text"
    if isinstance(kind, pl.Date):
        return "day"
    if isinstance(kind, pl.Boolean):
        return "boolean"
    return "null" if isinstance(kind, pl.Null) else "other"
