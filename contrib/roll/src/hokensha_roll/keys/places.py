"""What was met before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import polars as pl
from attrs import define, field

from hokensha_roll.frames import NONE_DAY

_FEW: Final = 1000
"""So many rows, or fewer, are looked up one by one: a join takes as long, whatever is joined."""
_KEPT: Final = 10_000
"""Where more are known, and many came at once, rows are joined from then on: one by one they are not kept."""


@define(eq=False)
class Places:
    """A place for each combination of what some columns hold, in the order in which they turned up.

    Attributes:
        columns: The columns; more may come, of days (:meth:`add_days`).
        count: How many places there are.
    """

    columns: list[str]
    count: int = field(default=0, init=False)
    _tables: list[pl.DataFrame] = field(factory=list, init=False)
    """All combinations, with their places."""
    _by_row: dict[tuple[Any, ...], int] | None = field(factory=dict, init=False)
    """The same, while rows are looked up one by one; none once many came at once."""

    def of(self, rows: pl.DataFrame, meet: Callable[[pl.DataFrame], None]) -> pl.Series:
        """The place of each row (UInt32).

        Args:
            rows: With the columns.
            meet: Is told one row of each combination that is new, in the order of the places they will have.
        """
        one_by_one = rows.height <= _FEW and (self._by_row is not None or self.count <= _KEPT)
        return self._of_few(rows, meet) if one_by_one else self._of_many(rows, meet)

    def _of_few(self, rows: pl.DataFrame, meet: Callable[[pl.DataFrame], None]) -> pl.Series:
        known = self._one_by_one()
        keys = list(rows.select(self.columns).iter_rows())
        new: dict[tuple[Any, ...], int] = {}
        first = [row for row, key in enumerate(keys) if key not in known and new.setdefault(key, row) == row]
        if first:
            self._meet(rows[first], meet)
            known.update((keys[row], self.count - len(first) + at) for at, row in enumerate(first))
        return pl.Series("place_", [known[key] for key in keys], pl.UInt32)

    def _of_many(self, rows: pl.DataFrame, meet: Callable[[pl.DataFrame], None]) -> pl.Series:
        found = self._joined(rows)
        if found.null_count():
            left = found.is_null().arg_true()
            unknown = rows.select(pl.all().gather(left))
            self._meet(unknown.unique(self.columns, keep="first", maintain_order=True), meet)
            self._by_row = None
            found = found.scatter(left, unknown.join(self._tables[-1], **self._join())["place_"])
        return found

    def _meet(self, new: pl.DataFrame, meet: Callable[[pl.DataFrame], None]) -> None:
        meet(new)
        places = pl.int_range(self.count, self.count + new.height, dtype=pl.UInt32)
        self._tables.append(new.select(*self.columns, place_=places))
        self.count += new.height

    def _one_by_one(self) -> dict[tuple[Any, ...], int]:
        if self._by_row is None:
            self._by_row = {row[:-1]: row[-1] for row in self._table().iter_rows()}
        return self._by_row

    def _table(self) -> pl.DataFrame:
        if len(self._tables) > 1:
            self._tables = [pl.concat(self._tables)]
        return self._tables[0]

    def add_days(self, facts: Iterable[str]) -> None:
        """Further columns, of days; none of them counted so far."""
        new = [fact for fact in facts if fact not in self.columns]
        self.columns += new
        if self._tables and new:
            days = [pl.lit(NONE_DAY, pl.Int32).alias(fact) for fact in new]
            self._tables = [self._table().select(*self.columns[: -len(new)], *days, "place_")]
            self._by_row = None

    def _joined(self, rows: pl.DataFrame) -> pl.Series:
        if not self._tables:
            return pl.repeat(None, rows.height, dtype=pl.UInt32, eager=True)
        return rows.join(self._table(), **self._join())["place_"]

    def _join(self) -> dict[str, Any]:
        return {"on": self.columns, "how": "left", "maintain_order": "left"}
