"""What was met before."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl
from attrs import define, field

from hokensha_roll.frames import NONE_DAY


@define(eq=False)
class Places:
    """A place for each combination of what some columns hold, in the order in which they turned up.

    Attributes:
        columns: The columns; more may come, of days (:meth:`add_days`).
        count: How many places there are.
    """

    columns: list[str]
    count: int = field(default=0, init=False)
    _table: pl.DataFrame | None = field(default=None, init=False)

    def of(self, rows: pl.DataFrame, meet: Callable[[pl.DataFrame], None]) -> pl.Series:
        """The place of each row (UInt32).

        Args:
            rows: With the columns.
            meet: Is told one row of each combination that is new, in the order of the places they will have.
        """
        found = self._known(rows)
        if found.null_count():
            new = rows.filter(found.is_null()).unique(self.columns, keep="first", maintain_order=True)
            meet(new)
            places = pl.int_range(self.count, self.count + new.height, dtype=pl.UInt32)
            table = new.select(*self.columns, place_=places)
            self._table = table if self._table is None else self._table.select(table.columns).vstack(table)
            self.count += new.height
            found = self._known(rows)
        return found

    def add_days(self, facts: Iterable[str]) -> None:
        """Further columns, of days; none of them counted so far."""
        new = [fact for fact in facts if fact not in self.columns]
        self.columns += new
        if self._table is not None:
            self._table = self._table.with_columns(pl.lit(NONE_DAY, pl.Int32).alias(fact) for fact in new)

    def _known(self, rows: pl.DataFrame) -> pl.Series:
        if self._table is None:
            return pl.repeat(None, rows.height, dtype=pl.UInt32, eager=True)
        return rows.join(self._table, on=self.columns, how="left", maintain_order="left")["place_"]
