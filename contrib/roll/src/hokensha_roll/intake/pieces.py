"""A piece of a CSV file: by columns where it is plain, row by row where it is not."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
from attrs import frozen

from hokensha.errors import MemberError
from hokensha_roll.blocks import Block
from hokensha_roll.columns import Fitted
from hokensha_roll.intake.cells import MANIFOLD
from hokensha_roll.intake.cutting import has_lone_returns
from hokensha_roll.intake.making import Maker, Part
from hokensha_roll.intake.recoding import decoded
from hokensha_roll.intake.sizes import Sizes
from hokensha_roll.intake.strictly import BOM, rows, split


@frozen(eq=False)
class Piece:
    """Whole rows of a CSV file: one source of blocks.

    Attributes:
        data: The rows.
        before: How many lines come before them.
        ends: How many lines end in them.
        plain: Whether quotes stand around cells only.
        where: What findings call the file.
    """

    index: int
    data: bytes
    before: int
    ends: int
    plain: bool
    encoding: str
    where: str
    maker: Maker
    sizes: Sizes

    def blocks(self, facts: frozenset[str] | None, repeated: frozenset[int]) -> Iterator[Block]:
        """Its rows.

        Raises:
            MemberError: They cannot be read, or make the roll unfit.
        """
        begun = 0
        marked = sorted(repeated)
        for part in self._parts():
            count = len(part.lines)
            places = [place - begun for place in marked if begun <= place < begun + count]
            block, finding = self.maker.block(part, facts, places)
            begun += count
            yield block
            if finding is not None:
                raise MemberError(finding)

    def ids(self) -> Iterator[pa.StringArray]:
        """The keys alone, without white space around them; empty where there is none."""
        index = self.maker.fitted.id_reader.index
        table = self._table([str(index)])
        if table is not None:
            yield from map(self.maker.keys, table.column(0).chunks)
            return
        for part in self._by_rows():
            yield self.maker.keys(part.arrays[index])

    def _parts(self) -> Iterator[Part]:
        table = self._table()
        if table is None:
            yield from self._by_rows()
            return
        line = self.before + 1
        for batch in table.to_batches(self.sizes.block):
            yield Part(batch.columns, range(line, line + len(batch)))
            line += len(batch)

    def _table(self, columns: Sequence[str] = ()) -> pa.Table | None:
        """These columns (or all) as a table; none where the strict reader may see something else."""
        data = self.data
        if not self.plain or has_lone_returns(data) or b"\0" in data or data.startswith(BOM):
            return None
        recode = self.encoding != "utf-8" and not data.isascii()
        names = list(map(str, range(self.maker.fitted.width)))
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(data),
                arrow_csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
                arrow_csv.ParseOptions(newlines_in_values=b'"' in data),
                arrow_csv.ConvertOptions(
                    column_types=_types(self.maker.fitted, pa.binary() if recode else pa.string()),
                    include_columns=columns,
                    null_values=[],
                    strings_can_be_null=False,
                ),
            )
            table = decoded(table, self.encoding) if recode else table
        except (pa.ArrowException, UnicodeDecodeError):
            return None
        # As many rows as lines: none is blank, and none goes on in a second line.
        lines = self.ends + (not data.endswith(b"\n"))
        return table if len(table) == lines and not _long(table) else None

    def _by_rows(self) -> Iterator[Part]:
        width = self.maker.fitted.width
        lines: list[int] = []
        taken: list[Sequence[str]] = []
        odd: dict[int, Sequence[str]] = {}
        blank = [""] * width
        for row in rows(split(self.data), self.encoding, self.where, self.before):
            if len(row.cells) != width:
                odd[len(lines)] = row.cells
            lines.append(row.line)
            taken.append(row.cells if len(row.cells) == width else blank)
            if len(lines) == self.sizes.block:
                yield _part(taken, lines, odd)
                lines, taken, odd = [], [], {}
        if lines:
            yield _part(taken, lines, odd)


def _types(fitted: Fitted, text: pa.DataType) -> dict[str, pa.DataType]:
    """How Arrow is to hold each column: as it is, what hardly recurs, or is read from its bytes."""
    types = dict.fromkeys(map(str, range(fitted.width)), pa.dictionary(pa.int32(), text))
    for reader in fitted.readers:
        figures = reader.fact.kind == "day" and reader.column.form != "wareki"
        if figures or reader.fact.id in MANIFOLD:
            types[str(reader.index)] = text
    return types


def _part(taken: list[Sequence[str]], lines: list[int], odd: dict[int, Sequence[str]]) -> Part:
    arrays = [pa.array(column, pa.string()) for column in zip(*taken, strict=True)]
    return Part(arrays, lines, odd)


def _long(table: pa.Table) -> bool:
    """Whether a cell is longer than the strict reader takes."""
    limit = csv.field_size_limit()
    for column in table.columns:
        for chunk in column.chunks:
            cells = chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk
            if cells.nbytes > limit and (pc.max(pc.binary_length(cells)).as_py() or 0) > limit:
                return True
    return False
