"""The coming months: what falls due if each run's documents are issued, and nothing else happens.

Each block goes through all runs of all months before the next is read: on each day of a run the engine says
what is owed, and what is owed is written into the block's facts as issued on that day.
"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, Final

import numpy as np
from attrs import define, evolve, field, frozen

from hokensha.engine import carried_out
from hokensha.policy import Rulebook
from hokensha_roll.blocks import UNKNOWN_DAY, Block, FactColumn, code_of
from hokensha_roll.columns import absent_facts
from hokensha_roll.engine import Engine, Listed
from hokensha_roll.intake.asof import AsOf
from hokensha_roll.intake.keys import Keys
from hokensha_roll.intake.opening import OpenRoll, open_roll
from hokensha_roll.months import Months
from hokensha_roll.passes import Pass, Places, knowing_repeated
from hokensha_roll.progress import Progress, unseen
from hokensha_roll.replacing import explained
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
        threads: How many work at the same time; none: as many as there are processors.
    """

    roll: Path
    first: date
    last: date
    run_days: tuple[int, ...] = RUN_DAYS
    threads: int | None = None

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
        engines = [Engine(rulebook, day, only_owed=True) for day in ahead.days()]
        return knowing_repeated(Forecasting(rulebook, ahead, roll, engines, progress).through)


@frozen
class _Counted:
    """What one block comes to."""

    due: Counter[tuple[str, str, str]]
    undetermined: int
    rejected: int


@define(eq=False)
class Forecasting:
    """A forecast under way."""

    rulebook: Rulebook
    ahead: Ahead
    roll: OpenRoll
    engines: list[Engine]
    progress: Progress

    def through(self, repeated: Places) -> Forecast:
        """Go through the roll once.

        Raises:
            Repeated: Keys stand in several rows, which was not known.
        """
        facts = frozenset[str]().union(*(engine.facts for engine in self.engines))
        policy_roll = evolve(roll_of(self.rulebook.policy), as_of="any")  # it is about later days anyway
        guard = AsOf(policy_roll, self.roll.fitted, self.roll.where, self.ahead.first, None)
        due: Counter[tuple[str, str, str]] = Counter()
        read = undetermined = rejected = 0
        with explained(Path(gettempdir())), TemporaryDirectory() as folder, Keys(Path(folder)) as keys:
            way = Pass(self.roll, facts, repeated, keys, self.ahead.threads)
            for block, counted in way.each(self._count):
                guard.see(block)
                due.update(counted.due)
                read += block.rows
                undetermined += counted.undetermined
                rejected += counted.rejected
                self.progress(read, way.share())
        self.progress(read, 1.0)
        months = Months(f"{self.ahead.first:%Y-%m}", f"{self.ahead.last:%Y-%m}", due)
        absent = absent_facts(self.roll.fitted, facts, policy_roll, self.rulebook.catalogue)
        return Forecast(months, read, undetermined, rejected, self.roll.digest(), guard.settled(), absent)

    def _count(self, block: Block) -> _Counted:
        state = Carried(block)
        due: Counter[tuple[str, str, str]] = Counter()
        open_rows = np.zeros(block.rows, bool)
        rejected: set[int] = set()
        for engine in self.engines:
            outcome = engine.decide(state.block)
            for issuance, count in outcome.issuances.counted():
                key = f"{engine.on:%Y-%m}", issuance.document.id, issuance.trigger or ""
                due[key] += count
            state.carry_out(outcome.issuances, engine.on)
            open_rows[outcome.undetermined.rows] = True
            rejected.update(row.line for row in outcome.rejected)
        return _Counted(due, int(open_rows.sum()), len(rejected))


@define(eq=False)
class Carried:
    """A block whose members are given what is owed to them."""

    block: Block
    _own: dict[str, np.ndarray[Any, Any]] = field(factory=dict, init=False)

    def carry_out(self, issued: Listed, on: date) -> None:
        """Write into the facts that documents were issued."""
        written = [carried_out(issuance, on) for issuance in issued.records]
        for fact in dict.fromkeys(fact for facts in written for fact in facts):
            codes = np.array([code_of(facts[fact]) if fact in facts else -1 for facts in written], np.int32)
            changes = np.array([fact in facts for facts in written])[issued.record]
            self._codes(fact)[issued.rows[changes]] = codes[issued.record[changes]]
        columns = {fact: FactColumn(codes) for fact, codes in self._own.items()}
        self.block = evolve(self.block, columns={**self.block.columns, **columns})

    def _codes(self, fact: str) -> np.ndarray[Any, Any]:
        """The days of a fact, to be written to."""
        if fact not in self._own:
            column = self.block.columns.get(fact)
            unknown = np.full(self.block.rows, UNKNOWN_DAY, np.int32)
            self._own[fact] = unknown if column is None else column.codes.copy()
        return self._own[fact]
