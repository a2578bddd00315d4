"""A roll in Parquet: one file, or a folder of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from attrs import define, field, frozen

from hokensha.errors import Finding, MemberError
from hokensha_roll.blocks import Block
from hokensha_roll.columns import CellType
from hokensha_roll.intake.cells import MANIFOLD
from hokensha_roll.intake.digests import Digests, shown, unreadable
from hokensha_roll.intake.making import Maker, Part
from hokensha_roll.intake.sizes import Sizes

FAULTS: Final = (pa.ArrowException, OSError, ValueError, OverflowError)
"""What pyarrow raises where a file is damaged."""
UNTEXT: Final = (pa.ArrowInvalid, UnicodeDecodeError)
"""What reading cells raises where a text is none."""


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
    metadata: Any
    headers: tuple[str, ...]
    types: tuple[CellType, ...]
    before: int


def open_file(path: Path, before: int = 0) -> ParquetFile:
    """A file of Parquet, as far as its footer tells.

    Raises:
        MemberError: It cannot be read.
    """
    where = shown(path)
    try:
        path.open("rb").close()
    except OSError as error:
        raise unreadable(path, error) from None
    try:
        with _opened(path) as file:
            headers = tuple(file.schema_arrow.names)
            types = tuple(map(_cell_type, file.schema_arrow.types))
            return ParquetFile(path, where, file.metadata, headers, types, before)
    except FAULTS as error:
        message = f"cannot be read as Parquet: {_first(error)}"
        raise MemberError(Finding(where, message, "unreadable")) from None


@contextmanager
def _opened(path: Path, **how: Any) -> Iterator[Any]:
    # As bytes, a name may be any; as text, Arrow takes some for addresses on a network.
    with pa.OSFile(os.fsencode(path)) as raw, pq.ParquetFile(raw, **how) as file:
        yield file


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _cell_type(kind: pa.DataType) -> CellType:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
        return "text" if _is_text(kind) else "other"
    if _is_text(kind):
        return "text"
    if pa.types.is_date32(kind):
        return "day"
    if pa.types.is_boolean(kind):
        return "boolean"
    return "null" if pa.types.is_null(kind) else "other"


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


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

    def sources(self, maker: Maker) -> Iterator[RowGroup]:
        """Row group by row group."""
        self._digests.begin()
        index = self._given = 0
        for file in self.files:
            line = file.before + 2
            for group in range(file.metadata.num_row_groups):
                rows = file.metadata.row_group(group).num_rows
                self._given += rows
                yield RowGroup(index, file, group, rows, line, maker, self.sizes)
                index += 1
                line += rows

    def done(self) -> float:
        """The share of the rows handed out so far."""
        total = sum(file.metadata.num_rows for file in self.files)
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


@frozen(eq=False)
class RowGroup:
    """A row group: one source of blocks."""

    index: int
    file: ParquetFile
    group: int
    rows: int
    line: int
    maker: Maker
    sizes: Sizes

    def blocks(self, facts: frozenset[str] | None, repeated: frozenset[int]) -> Iterator[Block]:
        """Its rows.

        Raises:
            MemberError: They cannot be read, or make the roll unfit.
        """
        begun = 0
        marked = sorted(repeated)
        for arrays in self._batches(None):
            rows = len(arrays[0])
            lines = range(self.line + begun, self.line + begun + rows)
            places = [place - begun for place in marked if begun <= place < begun + rows]
            with self._damage(begun, UNTEXT):
                block, finding = self.maker.block(Part(arrays, lines), facts, places)
            begun += rows
            yield block
            if finding is not None:
                raise MemberError(finding)
        self._count(begun)

    def ids(self) -> Iterator[pa.StringArray]:
        """The keys alone, without white space around them; empty where there is none."""
        begun = 0
        header = self.file.headers[self.maker.fitted.id_reader.index]
        for (array,) in self._batches([header]):
            with self._damage(begun, UNTEXT):
                found = self.maker.keys(array)
            yield found
            begun += len(array)
        self._count(begun)

    def _batches(self, columns: list[str] | None) -> Iterator[list[pa.Array]]:
        begun = 0
        with self._damage(0), self._open() as file:
            if self.rows > self.sizes.group:
                batches = file.iter_batches(self.sizes.block, [self.group], columns, use_threads=False)
            else:
                table = file.read_row_group(self.group, columns, use_threads=False)
                batches = iter(table.to_batches(self.sizes.block))
            while True:
                with self._damage(begun):
                    batch = next(batches, None)
                if batch is None:
                    return
                if len(batch):
                    yield [_plain(column) for column in batch.columns]
                begun += len(batch)

    def _open(self) -> AbstractContextManager[Any]:
        # A file of its own for each source: reading one from several threads is not safe.
        texts = [
            self.file.headers[reader.index]
            for reader in self.maker.fitted.readers
            if self.file.types[reader.index] == "text" and reader.fact.id not in MANIFOLD
        ]
        if self.maker.fitted.as_of is not None:
            texts.append(self.file.headers[self.maker.fitted.as_of[0]])
        return _opened(self.file.path, metadata=self.file.metadata, read_dictionary=texts)

    @contextmanager
    def _damage(self, begun: int, faults: tuple[type[Exception], ...] = FAULTS) -> Iterator[None]:
        try:
            yield
        except faults as error:
            place = f"{self.file.where}: after row {self.line - self.file.before - 2 + begun}"
            raise MemberError(Finding(place, f"is damaged: {_first(error)}", "unreadable")) from None

    def _count(self, rows: int) -> None:
        if rows != self.rows:
            message = f"is damaged: expected {self.rows} rows in row group {self.group + 1}, found {rows}"
            raise MemberError(Finding(self.file.where, message, "unreadable"))


def _plain(array: pa.Array) -> pa.Array:
    """The same cells; those of one type, Arrow cannot take one by one."""
    return array.cast(pa.string()) if pa.types.is_string_view(array.type) else array
