"""A block: some tens of thousands of a roll's rows as columns of small numbers.

Reading makes blocks, the engine decides them; this is all that the two know of each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from hokensha.facts import UNKNOWN, Catalogue, FactValue, Member, Unknown

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

EPOCH: Final = date(1970, 1, 1).toordinal()
"""Days are counted from 1970-01-01, as Arrow and Parquet do; years 1 to 9999 are -719162 to 2932896."""
NONE_DAY: Final = 3_000_000
"""In a column of days: known to be none."""
UNKNOWN_DAY: Final = 3_000_001
"""In a column of days: not supplied."""


@frozen(eq=False)
class FactColumn:
    """One fact of every row of a block.

    Attributes:
        codes: Shape ``(rows,)``. Without ``values``: int32 days since 1970-01-01, :data:`NONE_DAY` or
            :data:`UNKNOWN_DAY`. With ``values``: places in them (unsigned, as narrow as they fit).
        values: What the codes stand for; it may differ from block to block.
    """

    codes: NDArray[np.integer[Any]]
    values: tuple[FactValue | Unknown, ...] | None = None

    def at(self, row: int) -> FactValue | Unknown:
        """The fact of one row."""
        code = int(self.codes[row])
        return day_of(code) if self.values is None else self.values[code]


def day_of(code: int) -> date | Unknown | None:
    """The day that a code in a column of days stands for."""
    if code == NONE_DAY:
        return None
    return UNKNOWN if code == UNKNOWN_DAY else date.fromordinal(code + EPOCH)


@frozen
class Rejected:
    """Why a row was not decided; ``value`` is empty where it must not be repeated."""

    line: int
    column: str
    value: str
    reason: str


@frozen(eq=False)
class Block:
    """Rows that follow each other in a roll.

    Attributes:
        rows: How many, those rejected included.
        first_line: The line of the first row in its file (in Parquet: its place among the rows, plus 2).
        ids: The members' keys, a string array without nulls; those of rejected rows mean nothing.
        columns: By fact; a fact that is not among them is unknown for every row. What rejected rows hold
            there means nothing (but is a valid code).
        kept: Which rows were not rejected, shape ``(rows,)``; none if all were kept.
        rejected: The others, in the rows' order.
        keys: A hash of each row's key for the search for repeated keys (uint64, shape ``(rows,)``; 0 where
            there is none).
        lines: The line of each row, where they do not simply follow each other.
        as_of: Each day as of which rows say they were extracted, with the line of the first that says so.
    """

    rows: int
    first_line: int
    ids: pa.StringArray
    columns: Mapping[str, FactColumn]
    kept: NDArray[np.bool_] | None = None
    rejected: tuple[Rejected, ...] = ()
    keys: NDArray[np.uint64] | None = None
    lines: NDArray[np.int64] | None = None
    as_of: tuple[tuple[date, int], ...] = ()

    def line(self, row: int) -> int:
        """The line of a row."""
        return self.first_line + row if self.lines is None else int(self.lines[row])


def block_of(members: Sequence[Member], catalogue: Catalogue) -> Block:
    """Members as a block: what takes a roll's rows takes them, too."""
    import numpy as np  # noqa: PLC0415 - the command line imports this module for its help
    import pyarrow as pa  # noqa: PLC0415

    facts = dict.fromkeys(fact for member in members for fact in member.facts)
    columns = {}
    for fact in facts:
        cells = [member.read(fact) for member in members]
        if catalogue[fact].kind == "day":
            columns[fact] = FactColumn(np.array([code_of(cell) for cell in cells], np.int32))
        else:
            places = {cell: place for place, cell in enumerate(dict.fromkeys(cells))}
            columns[fact] = FactColumn(np.array([places[cell] for cell in cells], np.uint32), tuple(places))
    return Block(len(members), 1, pa.array([member.id for member in members], pa.string()), columns)


def code_of(day: FactValue | Unknown) -> int:
    """The code of a day, of none, or of a day that is not known."""
    if isinstance(day, date):
        return day.toordinal() - EPOCH
    return NONE_DAY if day is None else UNKNOWN_DAY
