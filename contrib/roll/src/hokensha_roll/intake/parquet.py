"""A roll in Parquet: one file, or a folder of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl
from attrs import define, field, frozen

from hokensha.errors import Finding, MemberError
from hokensha_roll.intake.columns import CellType
from hokensha_roll.intake.digests import Digests, opened, shown
from hokensha_roll.intake.making import Part
from hokensha_roll.intake.sizes import Sizes

FAULTS: Final = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError)
"""What polars raises where a file is damaged."""
_TYPES: Final[dict[type[pl.DataType], CellType]] = {
    pl.String: "text",
    pl.Binary: "text",
    pl.Categorical: "text",
    pl.Enum: "text",
    pl.Date: "day",
    pl.Datetime: "timestamp",
    pl.Boolean: "boolean",
    pl.Null: "null",
}

_TEXTS: Final = (pl.Binary, pl.Categorical, pl.Enum)
"""What is cast to text; some writers do not say that their bytes are text."""


@frozen(eq=False)
class ParquetFile:
    """One file of a roll.

    Attributes:
        where: What findings call it.
        types: What each column's cells are.
        before: How many rows the files before it have.
    """

    path: Path
    where: str
    headers: tuple[str, ...]
    types: tuple[CellType, ...]
    rows: int
    before: int

    def parts(self, most: int) -> Iterator[Part]:
        """Its rows, so many at a time.

        Raises:
            MemberError: It is damaged.
        """
        with _opened(self.path) as cells:
            for first in range(0, self.rows, most):
                yield self._part(cells, first, min(most, self.rows - first))

    def _part(self, cells: pl.LazyFrame, first: int, rows: int) -> Part:
        try:
            found = _read(cells.slice(first, rows))
        except FAULTS as error:
            raise self._damaged(first, _first(error)) from None
        if len(found) != rows:
            raise self._damaged(first, f"expected {rows} further rows, found {len(found)}")
        line = self.before + 2 + first
        found = self._days(found, line)
        return Part(found, pl.int_range(line, line + rows, dtype=pl.UInt32, eager=True))

    def _days(self, cells: pl.DataFrame, line: int) -> pl.DataFrame:
        """The cells, timestamps as the days that they are.

        Raises:
            MemberError: One is no day: it has a time.
        """
        for name, kind in cells.schema.items():
            if kind == pl.Datetime:
                # Of a time zone, the days are those of its own clocks.
                local = cells[name].dt.replace_time_zone(None)
                timed = (local != local.dt.truncate("1d")).arg_true()
                if len(timed):
                    place = f"{self.where}: line {line + timed[0]}, column {self.headers[int(name)].strip()}"
                    message = "expected a day, found a timestamp that is not at midnight"
                    raise MemberError(Finding(place, message, "roll-type"))
                cells = cells.with_columns(local.dt.date())
        return cells

    def _damaged(self, rows: int, how: str) -> MemberError:
        return MemberError(Finding(f"{self.where}: after row {rows}", f"is damaged: {how}", "unreadable"))


def open_file(path: Path, before: int = 0) -> ParquetFile:
    """A file of Parquet, as far as its footer tells.

    Raises:
        MemberError: It cannot be read.
    """
    where = shown(path)
    try:
        with _opened(path) as cells:
            schema = cells.collect_schema()
            rows: int = cells.select(pl.len()).collect().item()
    except FAULTS as error:
        message = f"cannot be read as Parquet: {_first(error)}"
        raise MemberError(Finding(where, message, "unreadable")) from None
    types = tuple(map(_type, schema.values()))
    return ParquetFile(path, where, tuple(schema), types, rows, before)


@contextmanager
def _opened(path: Path) -> Iterator[pl.LazyFrame]:
    with opened(path) as file:  # its name polars might take for a pattern or an address, if it took it at all
        yield pl.scan_parquet(file, glob=False)


def _type(kind: pl.DataType) -> CellType:
    if kind.is_integer() or _is_whole(kind):
        return "integer"
    return "float" if kind.is_float() else _TYPES.get(kind.base_type(), kind.base_type().__name__.lower())


def _is_whole(kind: pl.DataType) -> bool:
    return isinstance(kind, pl.Decimal) and kind.scale == 0


def _read(cells: pl.LazyFrame) -> pl.DataFrame:
    found = cells.collect()
    found.columns = [str(index) for index in range(found.width)]
    return found.with_columns(
        _plain(pl.col(name), kind) for name, kind in found.schema.items() if _other(kind)
    ).rechunk()


def _other(kind: pl.DataType) -> bool:
    """Whether cells of a type are numbers or text, but not kept as text."""
    return kind.is_numeric() or kind in _TEXTS


def _plain(cells: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """The cells as text: as they are written, whole numbers without a point."""
    if kind.is_float():
        whole = cells.cast(pl.Int64, strict=False)
        written = pl.when(whole.cast(kind) == cells).then(whole.cast(pl.String))
        return pl.when(cells.is_not_nan()).then(written.otherwise(cells.cast(pl.String)))
    return cells.cast(pl.String)


def _first(error: BaseException) -> str:
    if isinstance(error, pl.exceptions.DuplicateError):
        return "two columns have the same name"  # which might be anything, and is not repeated
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


@define(eq=False)
class ParquetRoll:
    """What is read of a roll in Parquet, in its order.

    Attributes:
        files: At least one, with like columns.
        folder: Whether the roll is a folder.
    """

    files: Sequence[ParquetFile]
    sizes: Sizes
    folder: bool
    _digests: Digests = field(init=False)
    _given: int = field(init=False, default=0)

    def __attrs_post_init__(self) -> None:
        self._digests = Digests([file.path for file in self.files])

    @property
    def headers(self) -> tuple[str, ...]:
        """What the columns are called."""
        return self.files[0].headers

    @property
    def types(self) -> tuple[CellType, ...]:
        """What each column's cells are."""
        return self.files[0].types

    def parts(self) -> Iterator[Part]:
        """Its rows, some at a time.

        Raises:
            MemberError: A file is damaged.
        """
        self._digests.begin()
        self._given = 0
        for file in self.files:
            for part in file.parts(self.sizes.block):
                self._given += len(part.cells)
                yield part
                del part

    def done(self) -> float:
        """The share of the rows handed out so far."""
        total = sum(file.rows for file in self.files)
        return self._given / total if total else 1.0

    def digest(self) -> str:
        """The digest of the file; of a folder, that of a list of its files: digest and name on each line."""
        found = self._digests.of_each()
        if not self.folder:
            return f"sha256:{found[0]}"
        lines = [
            f"{digest}  {shown(Path(file.path.name))}\n"
            for digest, file in zip(found, self.files, strict=True)
        ]
        return f"sha256:{hashlib.sha256(''.join(lines).encode()).hexdigest()}"

    def close(self) -> None:
        """Let go of the files."""
        self._digests.close()
