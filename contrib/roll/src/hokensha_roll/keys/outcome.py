"""What a batch's rows came to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen

from hokensha_roll.frames import Rejected

if TYPE_CHECKING:
    import polars as pl


@frozen(eq=False)
class Listed:
    """Entries of one of a run's tables, in the rows' order.

    Attributes:
        rows: The row of each entry in the batch's frame (UInt32).
        record: For each entry its place in ``records`` (UInt32).
        records: What there is to say, each once: answers as decisions hold them, or tuples of missing facts.
            One list for the whole run, which only grows.
    """

    rows: pl.Series
    record: pl.Series
    records: Sequence[Any]

    def counted(self) -> list[tuple[Any, int]]:
        """Each record that entries say, and how many do."""
        counts = self.record.rename("record").value_counts(name="count").sort("record")
        return [(self.records[record], count) for record, count in counts.iter_rows()]


@frozen(eq=False)
class Outcome:
    """What a batch's rows came to.

    Attributes:
        rows: How many were read.
        decided: How many members were decided, and lack nothing.
        issuances: Of :class:`~hokensha.rules.Issuance`.
        returns: Of :class:`~hokensha.rules.ReturnDue`.
        undetermined: Of tuples of missing facts.
        rejected: Rows that were not decided, in their order.
        awake: The rows of whom something else may be said on another day, though all facts are seen as they
            are on this one (UInt32). Of all others, nothing is issued.
        stranded: Of what is said besides (see :mod:`hokensha_roll.keys.unowed`) of whom nothing serves.
    """

    rows: int
    decided: int
    issuances: Listed
    returns: Listed
    undetermined: Listed
    rejected: tuple[Rejected, ...]
    awake: pl.Series
    stranded: Listed | None = None
