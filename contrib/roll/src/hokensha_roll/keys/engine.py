"""The engine: what a policy says of a frame's rows on a day, field by field what ``decide`` says of each.

Rows with one key are answered alike, but for the days that are said. So one row of each key is asked what its
answer hangs on, and one of each key and days is asked for the answer itself; a roll of millions has some
thousands of them, and all else is joining.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any, Final

import polars as pl
from attrs import define, evolve, field

from hokensha.dates import CalendarError
from hokensha.engine import NEAR, Answering, Part, Said, over, parts
from hokensha.policy import Rulebook
from hokensha.rules import Because, Issuance
from hokensha_roll.frames import EPOCH, NONE_DAY, Rejected, Wanted
from hokensha_roll.keys.expressions import FrameKeys
from hokensha_roll.keys.meeting import Meeting
from hokensha_roll.keys.outcome import Listed, Outcome
from hokensha_roll.keys.places import Places
from hokensha_roll.keys.unowed import Unowed

_TABLES: Final = ("issuance", "return")
_MOST: Final = 1 << 20
"""So many keys and cases are remembered, and as many more as turn up in one frame."""
_HALF: Final = 32
"""Two numbers of so many bits are one, to be counted as one."""
_FIRST_NEAR, _LAST_NEAR = (day.toordinal() - EPOCH for day in NEAR)


@define(eq=False)
class Engine:
    """Decides frames by one policy on one day.

    Attributes:
        only_owed: Say only what is to be issued, and whether that hangs on facts that are not known; which
            those are, and all else that a decision says, is left out.
        besides: Say also why nothing is owed, in numbers, and who has nothing that serves.
    """

    rulebook: Rulebook
    on: date
    only_owed: bool = False
    besides: bool = False
    answering: Answering = field(init=False)
    _unowed: Unowed | None = field(init=False)
    _counted: Counter[int] = field(factory=Counter, init=False)
    _frames: FrameKeys = field(init=False)
    _met: Meeting = field(init=False)
    _cases: Places = field(init=False)
    _faults: dict[int, str] = field(init=False)
    _said: dict[str, _Entries] = field(init=False)

    def __attrs_post_init__(self) -> None:
        every = parts(self.rulebook, self.on)
        asked = tuple(part for part in every if part.kind == "issuance") if self.only_owed else every
        self._unowed = Unowed(self.rulebook, self.on) if self.besides else None
        further = self._unowed.asked() if self._unowed else ()
        self.answering = Answering(
            self.rulebook,
            asked,
            self.on,
            named=not self.only_owed,
            wanted=self._is_wanted,
            latest=False,
            further=further,
        )
        self._frames = FrameKeys(self.answering.keys)
        self._said = {name: _Entries() for name in (*_TABLES, "undetermined")}
        self._met = Meeting(self.answering, self._frames, self._unowed)
        self._forget()

    def _forget(self) -> None:
        """Forget who turned up; what was said of them stays."""
        self._note_counted()
        self._met = Meeting(self.answering, self._frames, self._unowed)
        self._cases, self._faults = Places(["place", "far"]), {}
        for entries in self._said.values():
            entries.forget()

    def _is_wanted(self, part: Part) -> bool:
        """Whether a part is written, or has to be asked: its days may lie where no holidays are known."""
        return part.kind in _TABLES or part.hangs(part.every_leaf).on_business_days(self.rulebook.figures)

    @property
    def wanted(self) -> Wanted:
        """The facts that a decision may read, as columns of frames; those of a code with its values."""
        return {axis.fact: axis.values for axis in self.answering.keys.axes}

    @property
    def facts(self) -> frozenset[str]:
        """Every fact that a decision may read."""
        return frozenset(self.wanted)

    def decide(self, frame: pl.DataFrame, lines: pl.Series) -> Outcome:
        """What the rows of a frame come to.

        Args:
            frame: See :class:`~hokensha_roll.frames.Batch`.
            lines: The line of each row.

        Raises:
            PluginError: A rule raised; the message names it and its plugin.
        """
        if self._met.count + self._cases.count > _MOST:
            self._forget()
        every = self._met.of(frame)
        met = self._met.saying(every)
        counted = met.drop("group").hstack(self._days(frame, met))
        cases = counted.select("row", case=self._cases.of(counted, lambda new: self._ask(frame, new)))
        listed = {name: entries.of(cases) for name, entries in self._said.items()}
        faults = self._rejected(cases, lines)
        decided = frame.height - len(listed["undetermined"].rows) - len(faults)
        of_issuances, returns, undetermined = (listed[name] for name in (*_TABLES, "undetermined"))
        return Outcome(
            frame.height,
            decided,
            of_issuances,
            returns,
            undetermined,
            faults,
            self._met.awake(met),
            self._stranded(every, cases),
        )

    def not_owed(self) -> Mapping[tuple[str, Because | None], int]:
        """How many members are not owed a document, by the document and the reason, of all decided."""
        self._note_counted()
        return self._unowed.counts if self._unowed else {}

    def count_anew(self) -> None:
        """Forget what was counted so far."""
        self._counted.clear()
        if self._unowed:
            self._unowed.counts.clear()

    def _note_counted(self) -> None:
        if self._unowed:
            for pair, members in self._counted.items():
                self._unowed.count(pair >> _HALF, self._met.met[pair & (1 << _HALF) - 1], members)
        self._counted.clear()

    def _stranded(self, every: pl.DataFrame, cases: pl.DataFrame) -> Listed | None:
        """The rows for whom nothing serves and nothing is owed; and all rows are counted."""
        if not self._unowed:
            return None
        if self._faults:  # what is rejected is not counted
            faulty = cases.filter(pl.col("case").is_in(list(self._faults)))["row"]
            every = every.filter(~pl.col("row").is_in(faulty.implode()))
        pairs = (every["besides"] * (1 << _HALF) + every["place"]).rename("pair").value_counts(name="rows")
        self._counted.update(dict(pairs.iter_rows()))
        nothing = pl.Series([each.first is not None for each in self._unowed.besides], dtype=pl.Boolean)
        found = every.filter(nothing.gather(every["besides"]))
        return Listed(found["row"], found["besides"].cast(pl.UInt32), self._unowed.besides)

    def _days(self, frame: pl.DataFrame, met: pl.DataFrame) -> pl.DataFrame:
        """The days that count, of the rows met; all others are as one.

        Where a day is far, more counts: ``far`` tells the rows with one key from all others.
        """
        self._cases.add_days(self._met.same)
        counted, far = [], [pl.lit(value=False)]
        for fact, same in self._met.same.items():
            if fact not in frame.columns:  # another frame had it; here it is unknown for everybody
                counted.append(pl.repeat(NONE_DAY, met.height, dtype=pl.Int32).alias(fact))
                continue
            first, last = (pl.Series(each, dtype=pl.Int32).gather(met["place"]) for each in same)
            day = pl.col(fact).gather(met["row"])
            alike = day.is_between(first, last)
            far.append(~alike & ~day.is_between(_FIRST_NEAR, _LAST_NEAR) & (day < NONE_DAY))
            counted.append(pl.when(alike).then(NONE_DAY).otherwise(day).alias(fact))
        group = pl.when(pl.any_horizontal(far)).then(met["group"] + 1).otherwise(0).alias("far")
        return frame.select(*counted, group)

    def _ask(self, frame: pl.DataFrame, new: pl.DataFrame) -> None:
        """Ask for the answers of new cases."""
        members = self._frames.members(frame, new["row"])
        for case, (place, member) in enumerate(zip(new["place"], members, strict=True), self._cases.count):
            try:
                said = self.answering.say(self._met.met[place], member)
                if ended := over(self.rulebook, said.answers.values(), self.on):
                    self._faults[case] = ended
                else:
                    self._note(case, said)
            except CalendarError as error:  # a day of these members lies where no holidays are known
                self._faults[case] = str(error)

    def _note(self, case: int, said: Said) -> None:
        for part, answer in said.answers.items():
            if answer is not None and part.kind in self._said:
                self._said[part.kind].add(case, in_columns(answer))
        if said.missing:
            self._said["undetermined"].add(case, said.missing)

    def _rejected(self, cases: pl.DataFrame, lines: pl.Series) -> tuple[Rejected, ...]:
        if not self._faults:
            return ()
        found = cases.filter(pl.col("case").is_in(list(self._faults)))
        return tuple(Rejected(lines[row], "", "", self._faults[case]) for row, case in found.iter_rows())


def in_columns(answer: Any) -> Any:
    """An answer without the scheme's end beside an end that is not stated: no column has that.

    A roll then has not one case for each birthday.
    """
    until = answer.valid_until if isinstance(answer, Issuance) else None
    if until is None or not until.open_ended():
        return answer
    return evolve(answer, valid_until=evolve(until, latest=None, cites=()))


@define(eq=False)
class _Entries:
    """What one table says of cases.

    Attributes:
        records: What there is to say, each once.
    """

    records: list[Any] = field(factory=list, init=False)
    _places: dict[Hashable, int] = field(factory=dict, init=False)
    _new: list[tuple[int, int]] = field(factory=list, init=False)
    _table: pl.DataFrame = field(init=False)

    @_table.default
    def _empty(self) -> pl.DataFrame:
        return pl.DataFrame(schema={"case": pl.UInt32, "record": pl.UInt32})

    def add(self, case: int, record: Hashable) -> None:
        """Say something of a case; cases come in ascending order."""
        place = self._places.setdefault(record, len(self.records))
        if place == len(self.records):
            self.records.append(record)
        self._new.append((case, place))

    def forget(self) -> None:
        """Forget the cases, but not what there is to say."""
        self._table, self._new = self._table.clear(), []

    def of(self, cases: pl.DataFrame) -> Listed:
        """What is said of rows, in their order."""
        if self._new:
            new = pl.DataFrame(self._new, schema=self._table.schema, orient="row")
            self._table, self._new = self._table.vstack(new).rechunk(), []
        found = cases.join(self._table, on="case", how="inner", maintain_order="left_right")
        return Listed(found["row"], found["record"], self.records)
