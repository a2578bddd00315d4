"""The key of each row of a frame, computed by polars."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import add
from typing import Any, Final

import polars as pl
from attrs import define, field

from hokensha.engine import BEFORE, SINCE, Axis, Keys, OrderAxis
from hokensha.facts import KEY, UNKNOWN, FactValue, Member, Unknown
from hokensha_roll.frames import EPOCH, NONE_DAY, UNKNOWN_DAY, day_of

FIRST_NEAR: Final = date(1860, 1, 1).toordinal() - EPOCH
LAST_NEAR: Final = date(2230, 12, 31).toordinal() - EPOCH
"""Days beyond these are far: the key of a row that compares one is computed by itself."""
_SPAN: Final = LAST_NEAR - FIRST_NEAR + 1
_UNSEEN: Final = -(1 << 31)


@define(eq=False)
class Since:
    """The day that orders compare with, for each day of their other fact that has turned up."""

    since: Callable[[date | None], date | None]
    _table: pl.Series = field(init=False)

    @_table.default
    def _nothing_seen(self) -> pl.Series:
        # The last place is that of none, of unknown, and of far days, of which nobody asks here.
        unseen = pl.repeat(_UNSEEN, _SPAN + 1, dtype=pl.Int32, eager=True)
        return unseen.scatter(_SPAN, NONE_DAY)

    def of(self, order: OrderAxis) -> pl.Expr:
        """The day that each fact is compared with; :data:`NONE_DAY` where there is nothing to compare."""
        day, compared = pl.col(order.base), pl.col(order.fact) < NONE_DAY
        near = (
            pl.when(compared & day.is_between(FIRST_NEAR, LAST_NEAR)).then(day - FIRST_NEAR).otherwise(_SPAN)
        )
        return pl.lit(self._table).gather(near)

    def see(self, days: pl.Series) -> None:
        """Look these days up."""
        new = days.unique().to_list()
        self._table = self._table.scatter([code - FIRST_NEAR for code in new], [self._since(c) for c in new])

    def _since(self, code: int) -> int:
        day = day_of(code)
        since = self.since(day) if isinstance(day, date) else None
        return NONE_DAY if since is None else since.toordinal() - EPOCH


@define(eq=False)
class FrameKeys:
    """The keys of frames: one column for each word."""

    keys: Keys
    _since: dict[OrderAxis, Since] = field(init=False)

    @_since.default
    def _of_orders(self) -> dict[OrderAxis, Since]:
        shared = {order.since: Since(order.since) for order in self.keys.orders}
        return {order: shared[order.since] for order in self.keys.orders}

    def names(self) -> list[str]:
        """What the columns are called."""
        return [f"key{index}" for index in range(len(self.keys.words()))]

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The keys of a frame's rows."""
        words = {
            name: self._word(frame, word) for name, word in zip(self.names(), self.keys.words(), strict=True)
        }
        found = frame.hstack(self._compared(frame)).select(**words)
        return self._one_by_one(frame, found)

    def digits(self, keys: pl.DataFrame) -> pl.DataFrame:
        """The digits of keys, one column for each, called by its place; ``same`` is so for all."""
        words = zip(self.names(), self.keys.words(), strict=True)
        digits = [(pl.col(name) // weight) % axis.size for name, word in words for axis, weight in word]
        named = (digit.alias(str(place)) for place, digit in enumerate(digits))
        return keys.select(*named, pl.repeat(0, pl.len(), dtype=pl.UInt64).alias("same"))

    def _compared(self, frame: pl.DataFrame) -> list[pl.Series]:
        """For each order the day that its fact is compared with."""
        held = [o for o in self.keys.orders if o.fact in frame.columns and o.base in frame.columns]
        while True:
            found = frame.select(self._since[order].of(order).alias(self._name(order)) for order in held)
            unseen = found.select(pl.all() == _UNSEEN)
            new = [order for order in held if unseen[self._name(order)].any()]
            if not new:
                return found.get_columns()
            for order in new:
                self._since[order].see(frame[order.base].filter(unseen[self._name(order)]))

    def _name(self, order: OrderAxis) -> str:
        """What the column of the days is called that an order compares with."""
        return f"since{self.keys.orders.index(order)}"

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
        chosen = chosen.select(pl.all().gather(rows))
        each = [(axis.fact, _values(axis)) for axis in axes]
        for cells in chosen.iter_rows():
            facts: dict[str, FactValue] = {}
            for (fact, values), cell in zip(each, cells[1:], strict=True):
                value = values[cell]
                if value is not UNKNOWN:
                    facts[fact] = value
            yield Member(cells[0], facts)

    def _word(self, frame: pl.DataFrame, word: tuple[tuple[Axis | OrderAxis, int], ...]) -> pl.Expr:
        held = frame.columns
        absent = (
            (axis.classes + 1) * weight
            for axis, weight in word
            if isinstance(axis, Axis) and axis.fact not in held
        )
        digits = [
            _class(axis, weight) if isinstance(axis, Axis) else _order(axis, self._name(axis), weight)
            for axis, weight in word
            if axis.fact in held and (isinstance(axis, Axis) or axis.base in held)
        ]
        return reduce(add, digits, pl.repeat(sum(absent), pl.len(), dtype=pl.UInt64))


class _Days(dict[int, Any]):
    """Days by their codes; none is kept, since there may be any number of them."""

    def __missing__(self, code: int) -> FactValue | Unknown:
        return day_of(code)


class _Texts(dict[str, Any]):
    """The texts of the members' keys, which stand in frames as they are."""

    def __missing__(self, text: str) -> FactValue:
        return text


_DAYS: Final = _Days()


def _values(axis: Axis) -> Mapping[Any, FactValue | Unknown] | Sequence[FactValue | Unknown]:
    """What each code in the column of a fact stands for."""
    if axis.fact == KEY:
        return _Texts()
    if axis.dated:
        return _DAYS
    # Which other text it is, no rule sees.
    return (*axis.values, None, UNKNOWN, max(("text", *map(str, axis.values)), key=len) + "-")


def _far(day: pl.Expr) -> pl.Expr:
    return ~day.is_between(FIRST_NEAR, LAST_NEAR) & (day < NONE_DAY)


def _class(axis: Axis, weight: int) -> pl.Expr:
    """The digit of a fact, as it stands in its word."""
    column = pl.col(axis.fact)
    if axis.fact == KEY:  # the one column of text
        found = _digit(axis.size - 1, weight)
        for value in axis.values:
            found = pl.when(column == value).then(_digit(axis.place(value), weight)).otherwise(found)
        return found
    if not axis.dated:
        return column.cast(pl.UInt64) * weight
    # None and unknown lie beyond all days, in this order: so they count on. Quicker than any look-up.
    found = _digit(0, weight)
    for place, cut in enumerate((*map(_code, axis.cuts), NONE_DAY, UNKNOWN_DAY), 1):
        found = pl.when(column >= cut).then(_digit(place, weight)).otherwise(found)
    return found


def _order(order: OrderAxis, name: str, weight: int) -> pl.Expr:
    """The digit of an order, as it stands in its word."""
    fact, since = pl.col(order.fact), pl.col(name)
    last = NONE_DAY - 1 if order.planned else _code(order.day)
    compared = (fact <= last) & (since < NONE_DAY)
    found = pl.when(fact >= since).then(_digit(SINCE, weight)).otherwise(_digit(BEFORE, weight))
    return pl.when(compared).then(found).otherwise(_digit(0, weight))


def _digit(place: int, weight: int) -> pl.Expr:
    return pl.lit(place * weight, pl.UInt64)


def _code(day: date) -> int:
    return day.toordinal() - EPOCH
