"""The engine: what a policy says of a block of rows on a day, field by field what ``decide`` says of each.

Rules become circuits over bits (:mod:`hokensha_roll.circuit`), which tell for every row which tests hold.
Rows for which the same tests hold, and whose days are the same as far as they are answered, are alike: one
of them is asked the ordinary way, and all get its answer. Where facts are lacking and the tests remain open,
rows with the same facts are alike, and the exact search for what is missing is made once for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import reduce
from typing import Any, TypeAlias

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from hokensha.engine import UNNAMED, parts
from hokensha.partial import variables
from hokensha.policy import Rulebook
from hokensha_roll.alike import alike
from hokensha_roll.blocks import Block, Rejected
from hokensha_roll.circuit import Bits, Circuit, any_of, both, either, inverse, packed, some
from hokensha_roll.classes import BlockValues, Classes
from hokensha_roll.questions import Question, Rows, Said

Flags: TypeAlias = NDArray[np.bool_]


@frozen(eq=False)
class Listed:
    """Entries of one of a run's tables, in the rows' order.

    Attributes:
        rows: The row of each entry.
        record: For each entry its place in ``records``.
        records: What there is to say, each once: answers as decisions hold them, or missing facts.
    """

    rows: NDArray[np.intp]
    record: NDArray[np.int64]
    records: tuple[Any, ...]

    def counted(self) -> list[tuple[Any, int]]:
        """Each record, and how many entries say it."""
        counts = np.bincount(self.record, minlength=len(self.records))
        return [(record, n) for record, n in zip(self.records, counts.tolist(), strict=True) if n]


@frozen(eq=False)
class Outcome:
    """What a block's rows came to.

    Attributes:
        rows: How many there are.
        issuances: Of :class:`~hokensha.rules.Issuance`.
        returns: Of :class:`~hokensha.rules.ReturnDue`.
        undetermined: Of tuples of missing facts.
        rejected: Rows that were not decided, in their order.
        decided: How many members are.
    """

    rows: int
    issuances: Listed
    returns: Listed
    undetermined: Listed
    rejected: tuple[Rejected, ...]
    decided: int


@define(eq=False)
class Engine:
    """Decides blocks by one policy on one day; several threads may ask it at the same time.

    Attributes:
        only_owed: Say only what is to be issued, and whether that hangs on facts that are not known; which
            those are, and all else that a decision says, is left out.
    """

    rulebook: Rulebook
    on: date
    only_owed: bool = False
    questions: tuple[Question, ...] = field(init=False)
    _classes: Classes = field(init=False)
    _all: Circuit = field(init=False)
    _needed: Circuit = field(init=False)
    _facts: tuple[str, ...] = field(init=False)
    _raising: bool = field(init=False)

    def __attrs_post_init__(self) -> None:
        diagrams = self.rulebook.diagrams
        ends = {value: diagrams.leaf(value) for value in (False, True)}
        self.questions = tuple(
            Question(
                part,
                self.on,
                tuple(diagrams.select(test, ends) for test in part.tests),
                written=part.kind in ("issuance", "return"),
                named=not self.only_owed,
            )
            for part in parts(self.rulebook, self.on)
            if part.kind == "issuance" or not self.only_owed
        )
        roots = [root for question in self.questions for root in question.roots]
        self._classes = Classes.of(self.rulebook.vocabulary, variables(roots), self.on)
        self._all = Circuit.of(roots)
        self._needed = Circuit.of([root for question in self._wanted() for root in question.roots])
        read = {fact for question in self.questions for fact in question.facts}
        self._facts = tuple(fact for fact in self.rulebook.catalogue.facts if fact in read)
        self._raising = self._all.raising()

    @property
    def facts(self) -> frozenset[str]:
        """Every fact that a decision may read."""
        return frozenset(self._facts)

    def _wanted(self) -> list[Question]:
        """The questions that are asked about a member whose facts are all known."""
        return [each for each in self.questions if each.written or each.may_fail()]

    def decide(self, block: Block) -> Outcome:
        """What the rows of a block come to.

        Raises:
            PluginError: A rule raised; the message names it and its plugin.
        """
        values = BlockValues(self._classes, block)
        kept: Bits = True if block.kept is None else packed(block.kept)
        missing = _Missing(block.rows, (*self._facts, UNNAMED))
        found: dict[str, list[Rows]] = {"issuance": [], "return": []}
        faults: dict[int, str] = {}
        unknown = {fact: values.unknown(fact) for fact in self._facts}
        open_facts = frozenset(fact for fact, where in unknown.items() if where is not False)
        lacking: Bits = self._raising or any_of(unknown.values())
        lacking = both(kept, lacking)
        asked = self._open(values, lacking, open_facts) if some(lacking) else self._known(values)
        for question, tests, undecided in asked:
            answered = [question.known_rows(tests, both(kept, inverse(undecided)), block)] if tests else []
            if some(both(kept, undecided)):
                answered.append(question.open_rows(values, both(kept, undecided)))
            for rows in answered:
                missing.add(rows)
                for row, fault in _faults(rows):
                    faults.setdefault(row, fault)
                if question.written:
                    found[question.part.kind].append(rows)
        good = None if not faults else np.isin(np.arange(block.rows), list(faults), invert=True)
        undetermined = missing.listed(good)
        later = [Rejected(block.line(row), "", "", reason) for row, reason in faults.items()]
        rejected = tuple(sorted((*block.rejected, *later), key=lambda each: each.line))
        return Outcome(
            block.rows,
            _listed(found["issuance"], good),
            _listed(found["return"], good),
            undetermined,
            rejected,
            _decided(block, good, undetermined),
        )

    def _known(self, values: BlockValues) -> Iterator[tuple[Question, list[Bits], Bits]]:
        """Each question with its tests' answers, where no fact is lacking."""
        answers = iter(self._needed.true_in(values))
        for question in self._wanted():
            yield question, [next(answers) for _ in question.roots], False

    def _open(
        self, values: BlockValues, lacking: Bits, open_facts: frozenset[str]
    ) -> Iterator[tuple[Question, list[Bits], Bits]]:
        """Each question with its tests' answers, and where they are open, or a day that is answered is."""
        possible = iter(self._all.possible_in(values, open_facts))
        for question in self.questions:
            can = [next(possible) for _ in question.roots]
            open_tests = any_of(both(*each) for each in can)
            holds = any_of(each[0] for each in can)
            days = any_of(map(values.unknown, sorted(question.part.outputs)))
            undecided = both(lacking, either(open_tests, both(holds, days)))
            asked = question.written or question.may_fail()
            yield question, [test for test, _ in can] if asked else [], undecided


def _decided(block: Block, good: Flags | None, undetermined: Listed) -> int:
    """How many rows were kept, have no fault, and lack nothing."""
    found = np.ones(block.rows, bool) if block.kept is None else block.kept.copy()
    found[undetermined.rows] = False
    return int(np.count_nonzero(found if good is None else found & good))


def _faults(rows: Rows) -> Iterator[tuple[int, str]]:
    for place, said in enumerate(rows.said):
        if said.fault is not None:
            for row in rows.rows[rows.group == place].tolist():
                yield row, said.fault


def _listed(answered: Sequence[Rows], good: Flags | None) -> Listed:
    """The answers of several questions as one list, in the rows' order."""
    records: list[Any] = []
    rows, record = [np.zeros(0, np.intp)], [np.zeros(0, np.int64)]
    for each in answered:
        places = np.array([_place(records, said) for said in each.said], np.int64)
        entries = places[each.group]
        wanted = entries >= 0 if good is None else (entries >= 0) & good[each.rows]
        rows.append(each.rows[wanted])
        record.append(entries[wanted])
    all_rows = np.concatenate(rows)
    order = np.argsort(all_rows, kind="stable")
    return Listed(all_rows[order], np.concatenate(record)[order], tuple(records))


def _place(records: list[Any], said: Said) -> int:
    """Where an answer stands among the records; nowhere if there is nothing to say."""
    if said.answer is None:
        return -1
    records.append(said.answer)
    return len(records) - 1


@define(eq=False)
class _Missing:
    """The facts that rows lack, gathered from all questions.

    Attributes:
        order: Every fact that can be missing, in the order in which they are said.
    """

    rows: int
    order: tuple[str, ...]
    _facts: dict[str, Flags] = field(factory=dict, init=False)

    def add(self, rows: Rows) -> None:
        """Note what is missing for the answers of one question."""
        for fact in dict.fromkeys(fact for said in rows.said for fact in said.missing):
            lacks = np.array([fact in said.missing for said in rows.said])
            if fact not in self._facts:
                self._facts[fact] = np.zeros(self.rows, bool)
            self._facts[fact][rows.rows[lacks[rows.group]]] = True

    def listed(self, good: Flags | None) -> Listed:
        """Every row that lacks facts, with all that it lacks."""
        found = {fact: self._facts[fact] for fact in self.order if fact in self._facts}
        lacking = reduce(np.logical_or, found.values(), np.zeros(self.rows, bool))
        rows = np.flatnonzero(lacking if good is None else lacking & good)
        groups = alike([column[rows] for column in found.values()], len(rows))
        records = tuple(
            tuple(fact for fact, column in found.items() if column[rows[first]])
            for first in groups.first.tolist()
        )
        return Listed(rows, groups.group, records)
