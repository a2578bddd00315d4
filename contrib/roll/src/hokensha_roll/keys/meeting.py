"""What the questions of a policy come to for the rows of frames, by their keys."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Final

import polars as pl
from attrs import define, field

from hokensha.engine import Answering, Left, Met
from hokensha.facts import FactValue, Member, Unknown
from hokensha_roll.frames import EPOCH, day_of
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
    _turning: Places = field(init=False)
    _of_key: list[int | None] = field(factory=list, init=False)
    _left: list[Left] = field(factory=list, init=False)
    _facts: set[str] = field(factory=set, init=False)
    _of_turning: list[int] = field(factory=list, init=False)
    _turns: dict[Hashable, int] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._keys = Places(tuple(self.frames.names()))
        self._turning = Places(("key", "turn"))

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of whom something may be said: ``row``, and the ``place`` of what was met."""
        keys = self.frames.of(frame).with_row_index("row")
        key = self._keys.of(keys, lambda new: self._meet_keys(frame, new["row"]))
        place = pl.Series("place", self._of_key, pl.UInt32).gather(key)
        if place.null_count():  # their keys alone do not tell: days are compared with unknown ones
            rows = place.is_null().arg_true()
            place = place.scatter(rows, self._of_compared(frame, rows, key.gather(rows)))
        said = pl.Series([met.says_something() for met in self.met], dtype=pl.Boolean)
        return pl.DataFrame([keys["row"], place]).filter(said.gather(place))

    def _of_compared(self, frame: pl.DataFrame, rows: pl.Series, key: pl.Series) -> pl.Series:
        """The places for rows with days that are compared with unknown ones."""
        days = frame.select(sorted(self._facts)).select(pl.all().gather(rows))
        told = days.with_columns(key.alias("key"), rows.alias("row"))
        by = ["key", *days.columns]
        each = told.select(by).unique(maintain_order=True)
        turns = (
            self.answering.turns(self._left[key].compared, _Days(days.columns, codes))
            for key, *codes in each.iter_rows()
        )
        codes = [self._turns.setdefault(turn, len(self._turns)) for turn in turns]
        each = each.with_columns(turn=pl.Series(codes, dtype=pl.UInt32))
        told = told.join(each, on=by, how="left", maintain_order="left")
        place = self._turning.of(told, lambda new: self._meet_turning(frame, new))
        return pl.Series(self._of_turning, dtype=pl.UInt32).gather(place)

    def _meet_keys(self, frame: pl.DataFrame, rows: pl.Series) -> None:
        for member in self.frames.members(frame, rows):
            left = self.answering.left(member)
            self._left.append(left)
            self._facts.update(each.known for each in left.compared)
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


class _Days(dict[str, FactValue]):
    """The days of some facts; only those that are asked for are made of their codes."""

    def __init__(self, facts: Sequence[str], codes: Sequence[int]) -> None:
        super().__init__()
        self._codes = dict(zip(facts, codes, strict=True))

    def __missing__(self, fact: str) -> FactValue:
        day = day_of(self._codes[fact])
        assert not isinstance(day, Unknown)  # noqa: S101 - known facts alone are compared with unknown ones
        return day


def _codes(same: tuple[date, date] | None) -> tuple[int, int]:
    return (same[0].toordinal() - EPOCH, same[1].toordinal() - EPOCH) if same else _NONE
