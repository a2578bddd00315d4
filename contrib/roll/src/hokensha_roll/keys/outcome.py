"""What rows come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from attrs import frozen

from hokensha_roll.frames import Rejected


@frozen(eq=False)
class Listed:
    """Entries of one of a run's tables, in the rows' order.

    Attributes:
        rows: The row of each entry in its frame (UInt32), ascending.
        record: For each entry its place in ``records`` (UInt32).
        records: What there is to say: answers as decisions hold them, or missing facts. One list for a whole
            run, which only grows.
    """

    rows: pl.Series
    record: pl.Series
    records: Sequence[Any]

    def counted(self) -> list[tuple[Any, int]]:
        """Each record that an entry has, and how many have it."""
        counts = self.record.value_counts().sort(self.record.name)
        return [(self.records[record], count) for record, count in counts.iter_rows()]


@frozen(eq=False)
class Outcome:
    """What a frame's rows came to.

    Attributes:
        rows: How many there are.
        decided: How many members are.
        issuances: Of :class:`~hokensha.rules.Issuance`.
        returns: Of :class:`~hokensha.rules.ReturnDue`.
        undetermined: Of tuples of missing facts.
        rejected: Rows that turned out not to be decidable, in their order.
    """

    rows: int
    decided: int
    issuances: Listed
    returns: Listed
    undetermined: Listed
    rejected: tuple[Rejected, ...]
