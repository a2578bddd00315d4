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
    pl.Categorical: "text",
    pl.Enum: "text",
    pl.Date: "day",
    pl.Boolean: "boolean",
    pl.Null: "null",
}


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
        return Part(found, pl.int_range(line, line + rows, dtype=pl.UInt32, eager=True))

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
    types = tuple(_TYPES.get(kind.base_type(), "other") for kind in schema.values())
    return ParquetFile(path, where, tuple(schema), types, rows, before)


@contextmanager
def _opened(path: Path) -> Iterator[pl.LazyFrame]:
    with opened(path) as file:  # its name polars might take for a pattern or an address, if it took it at all
        yield pl.scan_parquet(file, glob=False)


def _read(cells: pl.LazyFrame) -> pl.DataFrame:
    found = cells.collect()
    found.columns = [str(index) for index in range(found.width)]
    coded = [name for name, kind in found.schema.items() if kind in (pl.Categorical, pl.Enum)]
    return found.with_columns(pl.col(coded).cast(pl.String)).rechunk()


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
