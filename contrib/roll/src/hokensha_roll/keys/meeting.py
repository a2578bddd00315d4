"""What the questions of a policy come to for the rows of frames, by their keys."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from typing import Final

import polars as pl
from attrs import define, field

from hokensha.engine import Answering, Compared, Left, Met
from hokensha.facts import FactValue, Member, Unknown
from hokensha_roll.frames import EPOCH, NONE_DAY, day_of
from hokensha_roll.keys.expressions import FrameKeys
from hokensha_roll.keys.places import Places

_ALL: Final = (date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH)
"""Between these lie all days: none of them counts."""
_NONE: Final = (0, -1)
"""Between these lies no day: each counts."""


@define(eq=False)
class Meeting:
    """Keys that turned up, and what was found out of each.

    Attributes:
        met: What was found out.
        same: For each fact that answers hang on, by the place of what was met: the first and the last day
            between which all come to the same.
    """

    answering: Answering
    frames: FrameKeys
    met: list[Met] = field(factory=list, init=False)
    same: dict[str, tuple[list[int], list[int]]] = field(factory=dict, init=False)
    _keys: Places = field(init=False)
    _left: list[Left] = field(factory=list, init=False)
    _of_key: list[int | None] = field(factory=list, init=False)
    _turns: _Turns = field(init=False)
    _turning: Places = field(init=False)
    _of_turning: list[int] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self._keys = Places(self.frames.names())
        self._turns = _Turns(self.answering)
        self._turning = Places(["key", "turn"])

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of whom something may be said: ``row``, and the ``place`` of what was met."""
        keys = self.frames.of(frame).with_row_index("row")
        key = self._keys.of(keys, lambda new: self._meet_keys(frame, new["row"]))
        place = pl.Series("place", self._of_key, pl.UInt32).gather(key)
        if place.null_count():  # their keys alone do not tell: days are compared with unknown ones
            rows = place.is_null().arg_true()
            place = place.scatter(rows, self._of_compared(frame, rows, key.gather(rows)))
        said = [met.says_something() or not met.lasts() for met in self.met]
        return pl.DataFrame([keys["row"], place]).filter(pl.Series(said, dtype=pl.Boolean).gather(place))

    def awake(self, met: pl.DataFrame) -> pl.Series:
        """Those of the rows met of whom something else may be said another day though all is seen alike."""
        awake = pl.Series([not each.lasts() for each in self.met], dtype=pl.Boolean)
        found: pl.Series = met["row"].filter(awake.gather(met["place"]))
        return found

    def _of_compared(self, frame: pl.DataFrame, rows: pl.Series, key: pl.Series) -> pl.Series:
        """The places for rows with days that are compared with unknown ones."""
        turn = self._turns.of(frame, rows, key)
        told = pl.DataFrame({"key": key, "turn": turn, "row": rows})
        place = self._turning.of(told, lambda new: self._meet_turning(frame, new))
        return pl.Series(self._of_turning, dtype=pl.UInt32).gather(place)

    def _meet_keys(self, frame: pl.DataFrame, rows: pl.Series) -> None:
        for member in self.frames.members(frame, rows):
            left = self.answering.left(member)
            self._left.append(left)
            self._turns.add_key(left.compared)
            self._of_key.append(None if left.compared else self._meet(left, member))

    def _meet_turning(self, frame: pl.DataFrame, new: pl.DataFrame) -> None:
        for key, member in zip(new["key"], self.frames.members(frame, new["row"]), strict=True):
            self._of_turning.append(self._meet(self._left[key], member))

    def _meet(self, left: Left, member: Member) -> int:
        found = self.answering.meet(left, member)
        hangs = dict(found.hangs)
        for fact in hangs:
            self.same.setdefault(fact, ([_ALL[0]] * len(self.met), [_ALL[1]] * len(self.met)))
        for fact, (firsts, lasts) in self.same.items():
            first, last = _codes(hangs[fact]) if fact in hangs else _ALL
            firsts.append(first)
            lasts.append(last)
        self.met.append(found)
        return len(self.met) - 1


@define(eq=False)
class _Turns:
    """Where days lie that are compared with unknown ones: a number for each way in which they turn."""

    answering: Answering
    _compared: dict[tuple[Compared, ...], int] = field(factory=dict, init=False)
    _of_key: list[int] = field(factory=list, init=False)
    _counting: dict[str, list[bool]] = field(factory=dict, init=False)
    """By fact, whether it is compared; by the number of what is."""
    _days: Places = field(factory=lambda: Places(["compared"]), init=False)
    _of_days: list[int] = field(factory=list, init=False)
    _numbers: dict[Hashable, int] = field(factory=dict, init=False)

    def add_key(self, compared: tuple[Compared, ...]) -> None:
        """What is compared for the next key."""
        if compared not in self._compared:
            known = {each.known for each in compared}
            for fact in sorted(known):
                self._counting.setdefault(fact, [False] * len(self._compared))
            for fact, counts in self._counting.items():
                counts.append(fact in known)
            self._compared[compared] = len(self._compared)
        self._of_key.append(self._compared[compared])

    def of(self, frame: pl.DataFrame, rows: pl.Series, key: pl.Series) -> pl.Series:
        """The number for each of some rows of a frame, whose keys have these places."""
        compared = pl.Series("compared", self._of_key, pl.UInt32).gather(key)
        counting = {fact: counts for fact, counts in self._counting.items() if fact in frame.columns}
        days = frame.select(counting.keys()).select(pl.all().gather(rows))
        absent = (
            fact for fact in self._counting if fact not in counting
        )  # unknown here, and so not compared
        counted = days.select(
            pl.when(pl.Series(counts, dtype=pl.Boolean).gather(compared))
            .then(fact)
            .otherwise(NONE_DAY)
            .alias(fact)
            for fact, counts in counting.items()
        ).with_columns(pl.lit(NONE_DAY, pl.Int32).alias(fact) for fact in absent)
        self._days.add_days(self._counting)
        place = self._days.of(counted.with_columns(compared), self._see)
        return pl.Series(self._of_days, dtype=pl.UInt32).gather(place)

    def _see(self, new: pl.DataFrame) -> None:
        each = list(self._compared)
        for row in new.iter_rows(named=True):
            compared = each[row["compared"]]
            facts = {known.known: _day(row[known.known]) for known in compared}
            turns = row["compared"], self.answering.turns(compared, facts)
            self._of_days.append(self._numbers.setdefault(turns, len(self._numbers)))


def _day(code: int) -> FactValue:
    day = day_of(code)
    assert not isinstance(day, Unknown)  # noqa: S101 - known facts alone are compared with unknown ones
    return day


def _codes(same: tuple[date, date] | None) -> tuple[int, int]:
    return (same[0].toordinal() - EPOCH, same[1].toordinal() - EPOCH) if same else _NONE
