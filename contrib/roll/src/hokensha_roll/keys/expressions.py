"""The key of each row of a frame, computed by polars."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import date
from functools import reduce
from operator import add
from typing import Any, Final

import polars as pl
from attrs import define, field

from hokensha.engine import Axis, Keys, OrderAxis
from hokensha.facts import KEY, UNKNOWN, FactValue, Member, Unknown
from hokensha_roll.frames import EPOCH, NONE_DAY, UNKNOWN_DAY, day_of

FIRST_NEAR: Final = date(1860, 1, 1).toordinal() - EPOCH
LAST_NEAR: Final = date(2230, 12, 31).toordinal() - EPOCH
"""Days beyond these are far: the key of a row that compares one is computed by itself."""
_SPAN: Final = LAST_NEAR - FIRST_NEAR + 1
_UNSEEN: Final = -(1 << 31)


@define(eq=False)
class Since:
    """The day that an order compares with, for each day of its other fact that has turned up."""

    order: OrderAxis
    _days: array[int] = field(init=False)
    _table: pl.Series = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._days = array("i", [_UNSEEN]) * _SPAN
        self._days.append(NONE_DAY)  # none, unknown, and the far days, of which nobody asks here
        self._table = pl.Series(self._days, dtype=pl.Int32)

    def of(self, base: pl.Series) -> pl.Series:
        """For each day the one to compare with; where there is none, :data:`NONE_DAY`."""
        places = pl.select(
            pl.when(base.is_between(FIRST_NEAR, LAST_NEAR)).then(base - FIRST_NEAR).otherwise(_SPAN)
        ).to_series()
        found = self._table.gather(places)
        unseen = found == _UNSEEN
        if unseen.any():
            for code in base.filter(unseen).unique():
                self._days[code - FIRST_NEAR] = self._since(code)
            self._table = pl.Series(self._days, dtype=pl.Int32)
            found = self._table.gather(places)
        return found

    def _since(self, code: int) -> int:
        day = day_of(code)
        since = self.order.since(day) if isinstance(day, date) else None
        return NONE_DAY if since is None else since.toordinal() - EPOCH


@define(eq=False)
class FrameKeys:
    """The keys of frames: one column for each word."""

    keys: Keys
    _since: dict[OrderAxis, Since] = field(init=False)

    @_since.default
    def _of_orders(self) -> dict[OrderAxis, Since]:
        return {order: Since(order) for order in self.keys.orders}

    def names(self) -> list[str]:
        """What the columns are called."""
        return [f"key{index}" for index in range(len(self.keys.words()))]

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The keys of a frame's rows."""
        compared = [
            since.of(frame[order.base]).alias(self._name(order))
            for order, since in self._since.items()
            if order.fact in frame.columns and order.base in frame.columns
        ]
        words = {
            name: self._word(frame, word) for name, word in zip(self.names(), self.keys.words(), strict=True)
        }
        found = frame.hstack(compared).select(**words)
        return self._one_by_one(frame, found)

    def _one_by_one(self, frame: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
        """The same keys, but for rows that state a day far off, and compare it."""
        bases = {order.base for order in self.keys.orders if order.base in frame.columns}
        if not bases:
            return found
        far = frame.select(pl.any_horizontal(_far(pl.col(base)) for base in bases)).to_series()
        if not far.any():
            return found
        rows = far.arg_true()
        keys = [self.keys.split(self.keys.key(member.facts)) for member in self.members(frame, rows)]
        return found.with_columns(
            found[name].scatter(rows, pl.Series(words, dtype=pl.UInt64))
            for name, words in zip(self.names(), zip(*keys, strict=True), strict=True)
        )

    def members(self, frame: pl.DataFrame, rows: pl.Series) -> Iterator[Member]:
        """What rows say of their members, as far as keys hang on it."""
        axes = [axis for axis in self.keys.axes if axis.fact in frame.columns]
        chosen = frame.select(pl.col(KEY).alias("member"), *(axis.fact for axis in axes))
        for cells in chosen.select(pl.all().gather(rows)).iter_rows():
            values = ((axis.fact, _value(axis, cell)) for axis, cell in zip(axes, cells[1:], strict=True))
            yield Member(cells[0], {fact: value for fact, value in values if not isinstance(value, Unknown)})

    def _name(self, order: OrderAxis) -> str:
        """What the column of the days is called that an order compares with."""
        return f"since{self.keys.orders.index(order)}"

    def _word(self, frame: pl.DataFrame, word: tuple[tuple[Axis | OrderAxis, int], ...]) -> pl.Expr:
        held = frame.columns
        absent = (
            (axis.classes + 1) * weight
            for axis, weight in word
            if isinstance(axis, Axis) and axis.fact not in held
        )
        digits = [
            _weighted(_class(axis) if isinstance(axis, Axis) else _order(axis, self._name(axis)), weight)
            for axis, weight in word
            if axis.fact in held and (isinstance(axis, Axis) or axis.base in held)
        ]
        return reduce(add, digits, pl.repeat(sum(absent), pl.len(), dtype=pl.UInt64))


def _weighted(digit: pl.Expr, weight: int) -> pl.Expr:
    return digit.cast(pl.UInt64) * weight if weight > 1 else digit.cast(pl.UInt64)


def _value(axis: Axis, code: Any) -> FactValue | Unknown:
    if axis.fact == KEY:
        return str(code)
    if axis.dated:
        return day_of(code)
    known = (*axis.values, None, UNKNOWN)
    # Which other text it is, no rule sees.
    return known[code] if code < len(known) else max(("text", *map(str, axis.values)), key=len) + "-"


def _far(day: pl.Expr) -> pl.Expr:
    return ~day.is_between(FIRST_NEAR, LAST_NEAR) & (day < NONE_DAY)


def _class(axis: Axis) -> pl.Expr:
    column = pl.col(axis.fact)
    if axis.fact == KEY:  # the one column of text
        digit = pl.lit(axis.size - 1)
        for value in axis.values:
            digit = pl.when(column == value).then(axis.place(value)).otherwise(digit)
        return digit
    if not axis.dated:
        return column
    # None and unknown lie beyond all days, in this order: so they count on.
    cuts = [*(cut.toordinal() - EPOCH for cut in axis.cuts), NONE_DAY, UNKNOWN_DAY]
    return reduce(add, ((column >= cut).cast(pl.UInt8) for cut in cuts))


def _order(order: OrderAxis, name: str) -> pl.Expr:
    fact, since = pl.col(order.fact), pl.col(name)
    last = NONE_DAY - 1 if order.planned else order.day.toordinal() - EPOCH
    compared = (fact <= last) & (since < NONE_DAY)
    return compared.cast(pl.UInt8) * (1 + (fact >= since).cast(pl.UInt8))
