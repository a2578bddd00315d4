"""What the questions of a policy come to for the rows of frames, by their keys."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date
from functools import partial
from typing import Final

import polars as pl
from attrs import define, field

from hokensha.engine import Answering, Compared, Met, Outcome, Part, Shape
from hokensha.facts import FactValue, Member, Unknown
from hokensha_roll.frames import EPOCH, NONE_DAY, day_of
from hokensha_roll.keys.expressions import FrameKeys
from hokensha_roll.keys.places import Places
from hokensha_roll.keys.unowed import Unowed

_ALL: Final = (date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH)
"""Between these lie all days: none of them counts."""
_NONE: Final = (0, -1)
"""Between these lies no day: each counts."""


@define(eq=False)
class Meeting:
    """Keys that turned up, and what was found out of each.

    Keys are as many as the digits of all parts together let there be; of each part alone there are few. So
    each part is asked about its own digits, and rows of whom all parts come to the same are as one.

    Attributes:
        met: What was found out.
        same: For each fact that answers hang on, by the place of what was met: the first and the last day
            between which all come to the same.
    """

    answering: Answering
    frames: FrameKeys
    unowed: Unowed | None = None
    met: list[Met] = field(factory=list, init=False)
    same: dict[str, tuple[list[int], list[int]]] = field(factory=dict, init=False)
    _parts: Mapping[str, _OfPart] = field(init=False)
    _keys: Places = field(init=False)
    _shapes: pl.DataFrame = field(init=False)
    _besides: pl.Series = field(factory=lambda: pl.Series("besides", [], pl.UInt64), init=False)
    _of_key: pl.Series = field(factory=lambda: pl.Series("place", [], pl.UInt32), init=False)
    _compared: Places = field(init=False)
    _of_compared: list[int] = field(factory=list, init=False)
    _turns: _Turns = field(init=False)
    _turning: Places = field(factory=lambda: Places(["key", "turn"]), init=False)
    _of_turning: pl.Series = field(factory=lambda: pl.Series("place", [], pl.UInt32), init=False)
    _outcomes: Places = field(init=False)

    def __attrs_post_init__(self) -> None:
        answering = self.answering
        self._turns = _Turns(answering)
        parts = {f"part{place}": part for place, part in enumerate(answering.parts)}
        self._parts = {n: _OfPart(part, answering, self.frames, self._turns) for n, part in parts.items()}
        self._keys = Places(self.frames.names())
        self._shapes = pl.DataFrame(schema={**dict.fromkeys(parts, pl.UInt32), "compared": pl.UInt32})
        self._compared, self._outcomes = Places(list(parts)), Places(list(parts))

    @property
    def count(self) -> int:
        """How many keys turned up, and turns with them."""
        return self._keys.count + self._turning.count

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """What was met of the rows of a frame.

        In ``place`` it is told where that is found which was met, in ``group`` the number of those that have
        the same key, and whose days turn alike; in ``besides`` where that is found which is said besides.
        """
        keys = self.frames.of(frame).with_row_index("row")
        key = self._keys.of(keys, lambda new: self._meet_keys(frame, new))
        place, group = self._of_key.gather(key), key.rename("group") * 2
        if place.null_count():  # their keys alone do not tell: days are compared with unknown ones
            rows = place.is_null().arg_true()
            turning = self._of_turns(frame, rows, key.gather(rows))
            place = place.scatter(rows, self._of_turning.gather(turning))
            group = group.scatter(rows, turning * 2 + 1)
        besides = [self._besides.gather(key)] if self.unowed else []
        return pl.DataFrame([keys["row"], place, group, *besides])

    def saying(self, met: pl.DataFrame) -> pl.DataFrame:
        """The rows of whom something may be said."""
        said = [each.says_something() or not each.lasts() for each in self.met]
        counts = pl.Series(said, dtype=pl.Boolean).gather(met["place"])
        return met.select("row", "place", "group").filter(counts)

    def awake(self, met: pl.DataFrame) -> pl.Series:
        """Those of the rows met of whom something else may be said another day though all is seen alike."""
        awake = pl.Series([not each.lasts() for each in self.met], dtype=pl.Boolean)
        found: pl.Series = met["row"].filter(awake.gather(met["place"]))
        return found

    def _of_turns(self, frame: pl.DataFrame, rows: pl.Series, key: pl.Series) -> pl.Series:
        """The places of keys and turns, for rows with days that are compared with unknown ones."""
        turn = self._turns.of(frame, rows, self._shapes["compared"].gather(key))
        told = pl.DataFrame({"key": key, "turn": turn, "row": rows})
        return self._turning.of(told, lambda new: self._meet_turning(frame, new))

    def _meet_keys(self, frame: pl.DataFrame, new: pl.DataFrame) -> None:
        digits = self.frames.digits(new).with_columns(new["row"])
        shapes = pl.DataFrame({name: part.shapes(frame, digits) for name, part in self._parts.items()})
        compares = pl.DataFrame({name: part.compares(shapes[name]) for name, part in self._parts.items()})
        place = self._compared.of(compares, self._join_compared)
        compared = pl.Series("compared", self._of_compared, pl.UInt32).gather(place)
        alone = (compared == 0).arg_true()
        met = self._meet(frame, new["row"].gather(alone), shapes.select(pl.all().gather(alone)))
        of_key = pl.repeat(None, new.height, dtype=pl.UInt32, eager=True).scatter(alone, met)
        self._of_key = self._of_key.append(of_key)
        self._shapes = self._shapes.vstack(shapes.with_columns(compared))
        if self.unowed:
            self._besides = self._besides.append(self._say_besides(self.unowed, frame, digits))

    def _say_besides(self, unowed: Unowed, frame: pl.DataFrame, digits: pl.DataFrame) -> pl.Series:
        """Where that is found which is said of new keys besides what is owed."""
        found = []
        for *key, row in digits.drop("same").iter_rows():
            member = partial(_member, self.frames, frame, row)
            found.append(unowed.of(self.answering, tuple(key), member))
        return pl.Series("besides", found, pl.UInt64)

    def _join_compared(self, new: pl.DataFrame) -> None:
        """What several parts compare together."""
        for each in new.iter_rows():
            compared = (one for number in each for one in self._turns.compared[number])
            self._of_compared.append(self._turns.add(tuple(dict.fromkeys(compared))))

    def _meet_turning(self, frame: pl.DataFrame, new: pl.DataFrame) -> None:
        shapes = self._shapes.select(pl.all().gather(new["key"]))
        self._of_turning = self._of_turning.append(self._meet(frame, new["row"], shapes))

    def _meet(self, frame: pl.DataFrame, rows: pl.Series, shapes: pl.DataFrame) -> pl.Series:
        """Where that is found which was met of rows, of whose parts these are the shapes."""
        each = {name: part.outcomes(frame, rows, shapes[name]) for name, part in self._parts.items()}
        return self._outcomes.of(pl.DataFrame(each), self._join)

    def _join(self, new: pl.DataFrame) -> None:
        """What rows are met with that have these outcomes."""
        every = [part.outcome for part in self._parts.values()]
        for places in new.select(self._parts.keys()).iter_rows():
            self._add(self.answering.joined(each[place] for each, place in zip(every, places, strict=True)))

    def _add(self, found: Met) -> None:
        hangs = dict(found.hangs)
        for fact in hangs:
            self.same.setdefault(fact, ([_ALL[0]] * len(self.met), [_ALL[1]] * len(self.met)))
        for fact, (firsts, lasts) in self.same.items():
            first, last = _codes(hangs[fact]) if fact in hangs else _ALL
            firsts.append(first)
            lasts.append(last)
        self.met.append(found)


@define(eq=False)
class _OfPart:
    """What was found out of one part.

    Attributes:
        outcome: What it comes to, each once.
    """

    part: Part
    answering: Answering
    frames: FrameKeys
    turns: _Turns
    outcome: list[Outcome | None] = field(factory=list, init=False)
    _digits: Places = field(init=False)
    _shapes: dict[Shape, int] = field(factory=dict, init=False)
    _shape: list[Shape] = field(factory=list, init=False)
    _of_digits: list[int] = field(factory=list, init=False)
    _compared: list[int] = field(factory=list, init=False)
    _turning: Places = field(factory=lambda: Places(["shape", "turn"]), init=False)
    _of_turning: list[int] = field(factory=list, init=False)
    _outcomes: dict[Outcome | None, int] = field(factory=dict, init=False)

    @_digits.default
    def _it_hangs_on(self) -> Places:
        return Places([*map(str, self.answering.shapes.hanging(self.part)), "same"])

    def shapes(self, frame: pl.DataFrame, digits: pl.DataFrame) -> pl.Series:
        """The number of the shape for rows of a frame with these digits."""
        place = self._digits.of(digits, lambda new: self._see_digits(frame, new))
        return pl.Series(self._of_digits, dtype=pl.UInt32).gather(place)

    def _see_digits(self, frame: pl.DataFrame, new: pl.DataFrame) -> None:
        for *digits, row in new.iter_rows():
            one = partial(_member, self.frames, frame, row)
            shape = self.answering.shapes.shape(self.part, tuple(digits), one)
            number = self._shapes.setdefault(shape, len(self._shape))
            if number == len(self._shape):
                self._shape.append(shape)
                self._compared.append(self.turns.add(shape.compared))
            self._of_digits.append(number)

    def compares(self, shapes: pl.Series) -> pl.Series:
        """The number of what is compared for each shape."""
        return pl.Series(self._compared, dtype=pl.UInt32).gather(shapes)

    def outcomes(self, frame: pl.DataFrame, rows: pl.Series, shapes: pl.Series) -> pl.Series:
        """Where that is found which the part comes to for rows of these shapes."""
        turn = self.turns.of(frame, rows, self.compares(shapes)) if any(self._compared) else shapes * 0
        told = pl.DataFrame({"shape": shapes, "turn": turn, "row": rows})
        place = self._turning.of(told, lambda new: self._see_turning(frame, new))
        return pl.Series(self._of_turning, dtype=pl.UInt32).gather(place)

    def _see_turning(self, frame: pl.DataFrame, new: pl.DataFrame) -> None:
        for shape, member in zip(new["shape"], self.frames.members(frame, new["row"]), strict=True):
            outcome = self.answering.outcome(self._shape[shape], member)
            number = self._outcomes.setdefault(outcome, len(self.outcome))
            if number == len(self.outcome):
                self.outcome.append(outcome)
            self._of_turning.append(number)


@define(eq=False)
class _Turns:
    """Where days lie that are compared with unknown ones: a number for each way in which they turn.

    Attributes:
        compared: What is compared, by its number; the first is nothing.
    """

    answering: Answering
    compared: list[tuple[Compared, ...]] = field(factory=list, init=False)
    _numbers_of_compared: dict[tuple[Compared, ...], int] = field(factory=dict, init=False)
    _counting: dict[str, list[bool]] = field(factory=dict, init=False)
    """By fact, whether it is compared; by the number of what is."""
    _days: Places = field(factory=lambda: Places(["compared"]), init=False)
    _of_days: list[int] = field(factory=list, init=False)
    _numbers: dict[Hashable, int] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self.add(())

    def add(self, compared: tuple[Compared, ...]) -> int:
        """The number of what is compared."""
        number = self._numbers_of_compared.setdefault(compared, len(self.compared))
        if number == len(self.compared):
            known = {each.known for each in compared}
            for fact in sorted(known):
                self._counting.setdefault(fact, [False] * number)
            for fact, counts in self._counting.items():
                counts.append(fact in known)
            self.compared.append(compared)
        return number

    def of(self, frame: pl.DataFrame, rows: pl.Series, compared: pl.Series) -> pl.Series:
        """The number for each of some rows of a frame, of whom these are the numbers of what is compared."""
        days = [frame[fact].gather(rows) for fact in self._counting if fact in frame.columns]
        counted = pl.DataFrame([compared.rename("compared"), *days])
        counted = counted.with_columns(
            pl.when(pl.Series(counts, dtype=pl.Boolean).gather(counted["compared"]))
            .then(fact if fact in counted.columns else NONE_DAY)  # else it is unknown, and so not compared
            .otherwise(pl.lit(NONE_DAY, pl.Int32))
            .alias(fact)
            for fact, counts in self._counting.items()
        )
        self._days.add_days(self._counting)
        place = self._days.of(counted, self._see)
        return pl.Series(self._of_days, dtype=pl.UInt32).gather(place)

    def _see(self, new: pl.DataFrame) -> None:
        for row in new.iter_rows(named=True):
            compared = self.compared[row["compared"]]
            facts = {known.known: _day(row[known.known]) for known in compared}
            turns = row["compared"], self.answering.turns(compared, facts)
            self._of_days.append(self._numbers.setdefault(turns, len(self._numbers)))


def _member(frames: FrameKeys, frame: pl.DataFrame, row: int) -> Member:
    return next(frames.members(frame, pl.Series([row], dtype=pl.UInt32)))


def _day(code: int) -> FactValue:
    day = day_of(code)
    assert not isinstance(day, Unknown)  # noqa: S101 - known facts alone are compared with unknown ones
    return day


def _codes(same: tuple[date, date] | None) -> tuple[int, int]:
    return (same[0].toordinal() - EPOCH, same[1].toordinal() - EPOCH) if same else _NONE
