"""From a part of a roll as its file has it to a block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from attrs import field, frozen

from hokensha.errors import Finding
from hokensha_roll.blocks import Block, FactColumn, Rejected
from hokensha_roll.columns import Fitted
from hokensha_roll.intake.asof import AsOfDays
from hokensha_roll.intake.bytecells import cells_of
from hokensha_roll.intake.cells import Faults, cells_at
from hokensha_roll.intake.hashing import hashes
from hokensha_roll.intake.readings import Reading, Texts, reading_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]


@frozen(eq=False)
class Part:
    """Rows that follow each other in a file.

    Attributes:
        arrays: One for each column of the file, in its order.
        lines: Of each row; a range where they simply follow each other.
        odd: Rows that have not as many cells as the header, by place, with the cells that they have. What
            ``arrays`` hold there means nothing.
    """

    arrays: Sequence[pa.Array]
    lines: Sequence[int]
    odd: Mapping[int, Sequence[str]] = field(factory=dict)


@frozen(eq=False)
class Maker:
    """Makes blocks of one roll.

    Attributes:
        where: What findings call the roll.
        hash_bits: See :class:`hokensha_roll.intake.sizes.Sizes`.
    """

    fitted: Fitted
    where: str
    hash_bits: int
    _readings: tuple[Reading, ...] = field(init=False)
    _key: Texts = field(init=False)
    _as_of: AsOfDays | None = field(init=False)
    _faults: Faults = field(init=False)

    @_readings.default
    def _each(self) -> tuple[Reading, ...]:
        return tuple(reading_of(reader) for reader in self.fitted.readers if reader.fact.id != "id")

    @_key.default
    def _keys_column(self) -> Texts:
        return Texts(self.fitted.id_reader)

    @_as_of.default
    def _as_of_column(self) -> AsOfDays | None:
        if self.fitted.as_of is None:
            return None
        index, form = self.fitted.as_of
        return AsOfDays(self.where, index, self.fitted.headers[index], form)

    @_faults.default
    def _of_rows(self) -> Faults:
        return Faults(self.fitted)

    def block(
        self, part: Part, facts: frozenset[str] | None, repeated: Sequence[int]
    ) -> tuple[Block, Finding | None]:
        """The rows as a block, and what makes the whole roll unfit, if anything does.

        Args:
            part: The rows.
            facts: The facts that become columns; none: all but the key.
            repeated: Places of rows whose key is that of an earlier row.
        """
        rows = len(part.lines)
        wrong = np.zeros(rows, np.bool_)
        wrong[[*part.odd, *repeated]] = True
        bad, ids = self._key.stripped(part.arrays[self.fitted.id_reader.index])
        if bad is not None:
            wrong |= bad
        columns: dict[str, FactColumn] = {}
        if facts is not None and "id" in facts:  # some rule may read it
            columns["id"] = FactColumn(np.arange(rows, dtype=np.uint32), tuple(ids.to_pylist()))
        for reading in self._readings:
            fact = reading.reader.fact.id
            wanted = facts is None or fact in facts
            bad, column = reading.read(part.arrays[reading.reader.index], wanted=wanted)
            if column is not None:
                columns[fact] = column
            if bad is not None:
                wrong |= bad
        keys = hashes(cells_of(ids), self.hash_bits)
        keys[list(part.odd)] = 0
        days, finding = self._as_of.of(part.arrays, part.lines, part.odd) if self._as_of else ((), None)
        rejected = self._rejected(part, wrong, {*repeated}) if wrong.any() else ()
        block = Block(
            rows=rows,
            first_line=part.lines[0] if rows else 0,
            ids=ids,
            columns=columns,
            kept=~wrong if rejected else None,
            rejected=rejected,
            keys=keys,
            lines=None if isinstance(part.lines, range) else np.array(part.lines, np.int64),
            as_of=days,
        )
        return block, finding

    def keys(self, array: pa.Array) -> pa.StringArray:
        """The keys alone, without white space around them; empty where there is none."""
        return self._key.stripped(array)[1]

    def _rejected(self, part: Part, wrong: Flags, repeated: set[int]) -> tuple[Rejected, ...]:
        rows = np.flatnonzero(wrong)
        cells: Any = cells_at(part.arrays, rows)
        return tuple(
            self._faults.of(part.lines[row], part.odd.get(row, found), repeated=row in repeated)
            for row, found in zip(rows.tolist(), cells, strict=True)
        )
