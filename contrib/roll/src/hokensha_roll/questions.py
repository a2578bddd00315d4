"""One part of the decision for many rows: which of them are alike, so that one answer serves them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from hokensha.dates import CalendarError
from hokensha.engine import Part
from hokensha.facts import UNKNOWN, FactValue, Member
from hokensha.partial import Node, Variable, variables
from hokensha.rules import SCHEME_LAST_DAY
from hokensha_roll.alike import Numbers, alike
from hokensha_roll.answered_days import Day
from hokensha_roll.blocks import UNKNOWN_DAY, Block
from hokensha_roll.circuit import Bits, any_of, both, flags
from hokensha_roll.classes import BlockValues

_MOST = 20_000
"""So many answers of one question are kept."""
_NO_MATTER = UNKNOWN_DAY + 1
"""In place of a day on which nothing depends."""
_WORD = 62
"""So many tests' answers stand in one number."""


@frozen(eq=False)
class Said:
    """A part's answer for rows that are alike.

    Attributes:
        answer: As a decision holds it.
        missing: The unknown facts on which it hangs.
        fault: Why the rows cannot be answered at all; none, mostly.
    """

    answer: Any
    missing: tuple[str, ...] = ()
    fault: str | None = None


@frozen(eq=False)
class Rows:
    """Some rows of a block, those alike sharing what is said of them.

    Attributes:
        rows: Their places in the block, ascending.
        group: For each of them its place in ``said``.
    """

    rows: NDArray[np.intp]
    group: NDArray[np.int64]
    said: tuple[Said, ...]


@define(eq=False)
class Question:
    """A part of the decision, and what was said of it so far.

    Attributes:
        roots: The diagram of each of the part's tests.
        written: Whether the answers themselves are wanted, not only which facts they lack.
        named: Whether the facts that they lack are wanted by name.
    """

    part: Part
    on: date
    roots: tuple[Node, ...]
    written: bool
    named: bool
    facts: tuple[str, ...] = field(init=False)
    _variables: tuple[Variable, ...] = field(init=False)
    _cut: Mapping[str, Day] = field(init=False)
    _said: dict[tuple[Any, ...], Said] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        support = frozenset[str]().union(*(root.support for root in self.roots))
        self.facts = tuple(sorted(support | self.part.outputs))
        self._variables = tuple(v for v in variables(self.roots) if v.facts)
        self._cut = {fact: Day(counts) for fact, counts in _scheme_days(self.part, self.on)}

    def may_fail(self) -> bool:
        """Whether a day that is answered, but not written, may lie where no holidays are known."""
        figures, named = self.part.rulebook.figures, list(self.part.capped)
        if named:
            named.append(SCHEME_LAST_DAY)
        if self.part.kind == "card-valid-until":
            card = self.part.rulebook.relied_on
            named += [card.last_day] if card and card.last_day else []
        parts = {part for name in named for part in figures.parts(name)}
        return any(version.on_business_days() for part in parts for version in figures[part])

    def known_rows(self, tests: list[Bits], where: Bits, block: Block) -> Rows:
        """What is said of rows whose tests are all answered and whose days are all known.

        Args:
            tests: The answers.
            where: Which rows to look at.
        """
        rows = np.flatnonzero(flags(both(any_of(tests), where), block.rows))
        leaves = [np.zeros(len(rows), np.int64) for _ in range(0, len(tests), _WORD)]
        for index, test in enumerate(tests):
            if test is not False:
                held = flags(test, block.rows)[rows]
                leaves[index // _WORD] |= np.left_shift(held, index % _WORD, dtype=np.int64)
        return self._answered(block, rows, leaves, "known")

    def open_rows(self, values: BlockValues, where: Bits) -> Rows:
        """What is said of rows on which facts are lacking: it may hang on any of the part's facts."""
        block = values.block
        rows = np.flatnonzero(flags(where, block.rows))
        columns: list[Numbers] = []
        for variable in self._variables:
            if all(fact in block.columns for fact in variable.facts):
                columns.append(values.places(variable, rows))
            if len(variable.facts) == 2:
                for fact, other in (variable.facts, variable.facts[::-1]):
                    if fact in block.columns:  # where the one is not known, the very day of the other counts
                        known = ~flags(values.unknown(other), block.rows)[rows]
                        columns.append(np.where(known, _NO_MATTER, block.columns[fact].codes[rows]))
        return self._answered(block, rows, columns, "open")

    def _answered(self, block: Block, rows: NDArray[np.intp], columns: list[Numbers], lane: str) -> Rows:
        """Group rows by the columns and by what is answered of them; ask for each group once."""
        held = [(fact, block.columns[fact]) for fact in sorted(self.part.outputs) if fact in block.columns]
        days = [self._cut.get(fact, _same)(column.codes[rows]) for fact, column in held]
        groups = alike([*columns, *days], len(rows))
        present = tuple(fact for fact in self.facts if fact in block.columns)
        said = []
        for first in groups.first.tolist():
            key = (
                lane,
                present,  # blocks may differ in what they hold
                *(column[first].item() for column in columns),
                # ... and in what their codes stand for.
                *(
                    day[first].item() if column.values is None else column.values[day[first]]
                    for (_, column), day in zip(held, days, strict=True)
                ),
            )
            found = self._said.get(key)
            if found is None:
                if len(self._said) >= _MOST:  # bounded, however many rows are like no other
                    self._said.clear()
                found = self._said[key] = self._ask(block, int(rows[first]))
            said.append(found)
        return Rows(rows, groups.group, tuple(said))

    def _ask(self, block: Block, row: int) -> Said:
        """The exact answer for one row."""
        held = {fact: block.columns[fact].at(row) for fact in self.facts if fact in block.columns}
        facts: dict[str, FactValue] = {f: value for f, value in held.items() if value is not UNKNOWN}
        try:
            return Said(*self.part.answer(Member("", facts), self.on, named=self.named))
        except CalendarError as error:  # a day of these members lies where no holidays are known
            return Said(None, (), str(error))


def _same(codes: Numbers) -> Numbers:
    return codes


def _scheme_days(part: Part, on: date) -> list[tuple[str, Callable[[date | None], date | None]]]:
    """For facts that matter only as the last day in the scheme: the days that can cut what is answered.

    A day in the scheme that lies beyond all days that the part can state leaves them as they are: whatever
    day gives it, the answer is the same.
    """
    figures = part.rulebook.figures
    versions = [version for name in figures.parts(SCHEME_LAST_DAY) for version in figures[name]]
    if any(version.when for version in versions) or any(figures.facts(name) for name in part.capped):
        return []
    try:
        latest = _latest(part, on)
    except CalendarError:  # then whoever is owed it has no answer
        return []

    def cutting(fact: str) -> Callable[[date | None], date | None]:
        def day_that_cuts(day: date | None) -> date | None:
            try:
                end = figures.evaluate(SCHEME_LAST_DAY, {fact: day}.get, on)
            except CalendarError:  # no more has who leaves on such a day
                return day
            last = end.last() if end else None
            return None if last is None or last >= latest else day

        return day_that_cuts

    return [(fact, cutting(fact)) for fact in part.outputs - part.reads]


def _latest(part: Part, on: date) -> date:
    """The latest day that a part can state, of those that may be cut; they read no fact."""
    latest = date.min
    for name in part.capped:
        value = part.rulebook.figures.evaluate(name, _nothing, on, base=on)
        if value is not None:
            latest = max(filter(None, (latest, value.last(), *value.alternatives)))
    return latest


def _nothing(fact: str) -> FactValue:
    raise ValueError(f"a figure that reads no fact read {fact}")
