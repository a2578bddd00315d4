"""The policy's own figures, for whole columns: each different day is asked for once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
from attrs import define, field

from hokensha.bound import Bound
from hokensha.facts import FactValue
from hokensha.parts import SCHEME_LAST_DAY
from hokensha.questions import purposes, validity
from hokensha.rulebook import Rulebook
from hokensha.rules import Document, Met, Trigger
from hokensha_roll.making.days import DAY, NONE, Days, day, latest
from hokensha_roll.making.draws import Ints
from hokensha_roll.making.people import Column

STANDARD, RENEWAL = "standard", "renewal"
_KEPT = 1 << 20


@define
class Ends:
    """Asks a policy's figures about days, and remembers what they said.

    Attributes:
        as_of: The day asked.
    """

    rulebook: Rulebook
    as_of: np.datetime64
    _known: dict[tuple[object, ...], np.datetime64] = field(factory=dict)

    def valid_until(self, document: Document, purpose: str, issued: Days) -> Days:
        """Until when documents issued on these days are valid; none where no day is stated."""

        def ask(on: date) -> np.datetime64:
            return day(validity(self.rulebook, document, on, purpose).bound())

        values, place = np.unique(issued, return_inverse=True)
        key = (document, purpose)
        answers = [NONE if on is None else self._once((*key, on), ask, on) for on in values.tolist()]
        return np.asarray(answers, dtype=DAY)[place]

    def renewal(self, purpose: str) -> str:
        """The purpose of a certificate that is sent before another one ends."""
        known = {bound.rule.purpose for bound in purposes(self.rulebook, Document.CERTIFICATE)}
        return RENEWAL if RENEWAL in known else purpose

    def due(self, trigger: str, facts: Mapping[str, Column], rows: Ints) -> Days:
        """From when on a rule wants its document issued to the members of some rows, as far as it says."""
        bound = self._trigger(trigger)
        names = (bound.rule.event if bound.rule.met is Met.SINCE else None, bound.terms.due_from)
        none = np.full(len(rows), NONE)
        return latest(none, *(self._counted(name, facts, rows) for name in names if name))

    def last_days(self, facts: Mapping[str, Column], rows: Ints) -> Days:
        """The last day in the scheme of the members of some rows, as far as their age and ``left_on`` say."""
        return self._counted(SCHEME_LAST_DAY, facts, rows)

    def _counted(self, figure: str, facts: Mapping[str, Column], rows: Ints) -> Days:
        """The day that a figure gives each member; a dated fact is a figure, too."""
        read = {fact: facts[fact][rows] for fact in self.rulebook.figures.facts(figure) if fact in facts}
        if figure in read:
            return np.asarray(read[figure], dtype=DAY)
        codes = np.zeros(len(rows), dtype=np.int64)
        for column in read.values():
            values, code = np.unique(column, return_inverse=True)
            codes = codes * len(values) + code
        _, first, place = np.unique(codes, return_index=True, return_inverse=True)
        answers = []
        for row in first.tolist():
            named = {fact: self._plain(fact, column[row]) for fact, column in read.items()}
            answers.append(self._once((figure, *named.values()), self._evaluate, figure, named))
        return np.asarray(answers, dtype=DAY)[place]

    def purpose(self, trigger: str) -> str:
        """Which validity the document of a rule gets."""
        return self._trigger(trigger).terms.purpose

    def _trigger(self, name: str) -> Bound[Trigger]:
        return next(bound for bound in self.rulebook.rules(Trigger) if bound.rule.id == name)

    def _evaluate(self, figure: str, named: Mapping[str, FactValue]) -> np.datetime64:
        on = self.as_of.astype(object)
        value = self.rulebook.figures.evaluate(figure, named.get, on)
        return day(value.bound() if value else None)

    def _once(self, key: tuple[object, ...], ask: Callable[..., np.datetime64], *asked: Any) -> np.datetime64:
        if key not in self._known:
            if len(self._known) > _KEPT:  # bounded, however many members there are
                self._known.clear()
            self._known[key] = ask(*asked)
        return self._known[key]

    def _plain(self, fact: str, value: Any) -> FactValue:
        """A cell of a column as the rules know it."""
        kind = self.rulebook.catalogue[fact]
        if kind.kind == "code":
            return kind.values[int(value)]
        plain: FactValue = value.astype(object) if kind.kind == "day" else bool(value)
        return plain
