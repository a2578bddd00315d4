"""The coming months: what falls due if each run's documents are issued, and nothing else happens.

Each batch goes through all runs of all months before the next is read: on each day of a run the engine says
what is owed, and what is owed is written into the members' facts as issued on that day.

From run to run little happens to most members: who was owed nothing is owed nothing on the next day either,
unless it is past a day that counts. So the others alone are asked.
"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import polars as pl
from attrs import define, evolve, field, frozen

from hokensha.engine import Changing, carried_out, changing
from hokensha.policy import Rulebook
from hokensha_roll.ahead import one_ahead
from hokensha_roll.frames import UNKNOWN_DAY, Batch, Wanted, code_of
from hokensha_roll.intake.asof import AsOf
from hokensha_roll.intake.columns import absent_facts
from hokensha_roll.intake.keys import Places, knowing_repeated
from hokensha_roll.intake.opening import OpenRoll, open_roll
from hokensha_roll.intake.refusals import refusals
from hokensha_roll.keys.engine import Engine
from hokensha_roll.keys.outcome import Listed
from hokensha_roll.months import Key, Months
from hokensha_roll.progress import Progress, unseen
from hokensha_roll.tool import roll_of

RUN_DAYS: Final = (10, 20, 31)
"""Days of the month on which documents are issued, if nobody says otherwise: the last of its three parts."""


@frozen
class Ahead:
    """What is asked for.

    Attributes:
        first: The first day that counts, in the first month.
        last: A day in the last month.
        run_days: The days of each month on which there is a run; those that a month lacks are its last.
    """

    roll: Path
    first: date
    last: date
    run_days: tuple[int, ...] = RUN_DAYS

    def days(self) -> Iterator[date]:
        """The day of each run, in order."""
        month = self.first.replace(day=1)
        while month <= self.last:
            length = calendar.monthrange(month.year, month.month)[1]
            days = (month.replace(day=day) for day in sorted({min(day, length) for day in self.run_days}))
            yield from (day for day in days if day >= self.first)
            month += timedelta(days=length)


@frozen
class Forecast:
    """What is to come.

    Attributes:
        members: The roll's rows.
        undetermined: Members to whom more may be owed, on facts that are not known.
        rejected: Rows that could not be decided, and are not counted.
        roll_digest: ``sha256:`` and the digest of the roll.
        as_of: The day whose state the roll says that it is; none if it does not say.
        absent: Facts that the policy maps to a column, or that rules read, and for which the roll has none:
            unknown for everybody.
    """

    months: Months
    members: int
    undetermined: int
    rejected: int
    roll_digest: str
    as_of: date | None
    absent: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The form in JSON."""
        counts = {"read": self.members, "undetermined": self.undetermined, "rejected": self.rejected}
        return {**self.months.to_json(), **counts}


def forecast_roll(rulebook: Rulebook, ahead: Ahead, progress: Progress = unseen) -> Forecast:
    """What falls due to a roll's members, month by month.

    Raises:
        HokenshaError: The roll does not fit the policy, or cannot be read.
    """
    with open_roll(ahead.roll, roll_of(rulebook.policy), rulebook.catalogue) as roll:
        runs = Runs(tuple(Engine(rulebook, day, only_owed=True) for day in ahead.days()))
        return knowing_repeated(Forecasting(rulebook, ahead, roll, runs, progress).through)


@frozen
class Counted:
    """What the runs come to for one batch.

    Attributes:
        due: What is issued, by month, document and trigger.
        undetermined: Members to whom more may be owed.
        rejected: Rows that could not be decided.
    """

    due: Counter[Key]
    undetermined: int
    rejected: int


@define(eq=False)
class Forecasting:
    """A forecast under way."""

    rulebook: Rulebook
    ahead: Ahead
    roll: OpenRoll
    runs: Runs
    progress: Progress

    def through(self, repeated: Places) -> Forecast:
        """Go through the roll once.

        Raises:
            Repeated: Keys stand in several rows, which was not known.
        """
        wanted = self.runs.wanted
        policy_roll = evolve(roll_of(self.rulebook.policy), as_of="any")  # it is about later days anyway
        guard = AsOf(policy_roll, self.roll.fitted, self.roll.where, self.ahead.first, None)
        refused = refusals(self.rulebook, self.ahead.first)
        due: Counter[Key] = Counter()
        read = undetermined = rejected = 0
        for batch in one_ahead(self.roll.batches(wanted, repeated, refused)):
            guard.see(batch)
            counted = self.runs.count(batch)
            due.update(counted.due)
            read += batch.rows
            undetermined += counted.undetermined
            rejected += counted.rejected
            self.progress(read, self.roll.done())
        self.progress(read, 1.0)
        months = Months(f"{self.ahead.first:%Y-%m}", f"{self.ahead.last:%Y-%m}", due)
        absent = absent_facts(self.roll.fitted, wanted, policy_roll, self.rulebook.catalogue)
        return Forecast(months, read, undetermined, rejected, self.roll.digest(), guard.settled(), absent)


@frozen(eq=False)
class Runs:
    """The runs of a forecast, each on its day.

    Attributes:
        engines: One for each run, in order; they say only what is owed.
    """

    engines: tuple[Engine, ...]
    _changing: tuple[Changing | None, ...] = field(init=False)

    @_changing.default
    def _from_run_to_run(self) -> tuple[Changing | None, ...]:
        """For each run what is seen otherwise on its day than on that of the run before."""
        answering = [engine.answering for engine in self.engines]
        return (None, *(changing(before, after) for before, after in pairwise(answering)))[: len(answering)]

    @property
    def wanted(self) -> Wanted:
        """The facts that some run may read."""
        return {fact: values for each in self.engines for fact, values in each.wanted.items()}

    def count(self, batch: Batch) -> Counted:
        """What all runs come to, if each issues what is owed."""
        frame, awake = batch.frame, pl.Series(dtype=pl.UInt32)
        due: Counter[Key] = Counter()
        undetermined: set[int] = set()
        rejected: set[int] = set()
        for engine, changed in zip(self.engines, self._changing, strict=True):
            rows = _asked(frame, awake, changed)
            outcome = engine.decide(frame.select(pl.all().gather(rows)), batch.lines.gather(rows))
            for issuance, count in outcome.issuances.counted():
                due[f"{engine.on:%Y-%m}", issuance.document.id, issuance.trigger or ""] += count
            issued = evolve(outcome.issuances, rows=rows.gather(outcome.issuances.rows))
            frame, awake = carried(frame, issued, engine.on), rows.gather(outcome.awake)
            undetermined.update(rows.gather(outcome.undetermined.rows))
            rejected.update(row.line for row in outcome.rejected)
        return Counted(due, len(undetermined), len(batch.rejected) + len(rejected))


def _asked(frame: pl.DataFrame, awake: pl.Series, changed: Changing | None) -> pl.Series:
    """The rows that have to be asked: those that are awake, and those of which anything is seen otherwise."""
    every = pl.int_range(frame.height, dtype=pl.UInt32, eager=True)
    if changed is None or not changed.unknown.issubset(frame.columns):
        return every
    seen = [pl.col(fact) == UNKNOWN_DAY for fact in changed.unknown]
    seen += [
        pl.col(fact).is_between(code_of(first), code_of(last))
        for fact, stretches in changed.days.items()
        if fact in frame.columns
        for first, last in stretches
    ]
    asked = every.is_in(awake.implode())
    if seen:
        asked |= frame.select(pl.any_horizontal(seen)).to_series()
    return asked.arg_true()


def carried(frame: pl.DataFrame, issued: Listed, on: date) -> pl.DataFrame:
    """The facts of a frame's members once documents were issued to them on a day as they were owed."""
    said = issued.record.unique().sort()
    written = {record: carried_out(issued.records[record], on) for record in said}
    for fact in dict.fromkeys(fact for facts in written.values() for fact in facts):
        codes = pl.DataFrame(
            [(record, code_of(facts[fact])) for record, facts in written.items() if fact in facts],
            schema={"record": pl.UInt32, "code": pl.Int32},
            orient="row",
        )
        rows = pl.DataFrame({"row": issued.rows, "record": issued.record}).join(codes, on="record")
        old = (
            frame[fact]
            if fact in frame.columns
            else pl.repeat(UNKNOWN_DAY, frame.height, dtype=pl.Int32, eager=True)
        )
        frame = frame.with_columns(old.scatter(rows["row"], rows["code"]).alias(fact))
    return frame
