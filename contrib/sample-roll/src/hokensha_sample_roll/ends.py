"""The policy's own figures, for whole columns: each different day is asked for once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
from attrs import define, field

from hokensha.engine import purposes, validity
from hokensha.facts import FactValue, Member
from hokensha.policy import Bound, Rulebook
from hokensha.rules import SCHEME_LAST_DAY, Document, Trigger
from hokensha_roll.alike import alike
from hokensha_sample_roll.days import DAY, NONE, Days, day, latest
from hokensha_sample_roll.draws import Ints
from hokensha_sample_roll.people import Array
from hokensha_standard import CERTIFICATE

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
    _facts: dict[tuple[Document, str], tuple[str, ...]] = field(factory=dict)

    def valid_until(
        self, document: Document, purpose: str, issued: Days, facts: Mapping[str, Array], rows: Ints | slice
    ) -> Days:
        """Until when documents issued on these days are valid; none where no day is stated.

        Args:
            facts: Which term a document has may hang on its holder.
            rows: Those to whom they are issued.
        """
        read = self._read(document, purpose)
        columns = {fact: facts[fact][rows] for fact in read if fact in facts}

        def ask(on: date, member: Member | None) -> np.datetime64:
            return day(validity(self.rulebook, document, on, purpose, member).last())

        groups = alike([issued, *columns.values()], len(issued))
        answers = []
        for row in groups.first.tolist():
            on = issued[row].astype(object)
            named = dict.fromkeys(read) | {f: self._plain(f, column[row]) for f, column in columns.items()}
            member = Member("made-up", named) if named else None
            key = (document, purpose, on, *named.values())
            answers.append(NONE if on is None else self._once(key, ask, on, member))
        return np.asarray(answers, dtype=DAY)[groups.group]

    def _read(self, document: Document, purpose: str) -> tuple[str, ...]:
        """The facts of a holder that say until when a document is valid.

        A certificate bears the earliest of the days that its figure names. Of all other documents it is asked
        when they stop to serve by what is printed on them, whatever may end them earlier.
        """
        key = (document, purpose)
        if key not in self._facts:
            known = (b.terms.figure for b in purposes(self.rulebook, document) if b.rule.purpose == purpose)
            figures, figure = self.rulebook.figures, next(known, None)
            of = figures.facts if document is CERTIFICATE else figures.conditions
            self._facts[key] = of(figure) if figure else ()
        return self._facts[key]

    def renewal(self, purpose: str) -> str:
        """The purpose of a certificate that is sent before another one ends."""
        known = {bound.rule.purpose for bound in purposes(self.rulebook, CERTIFICATE)}
        return RENEWAL if RENEWAL in known else purpose

    def due(self, trigger: str, facts: Mapping[str, Array], rows: Ints) -> Days:
        """From when on a rule wants its document issued to the members of some rows, as far as it says."""
        bound = self._trigger(trigger)
        names = (bound.rule.met_since, bound.terms.due_from)
        none = np.full(len(rows), NONE)
        return latest(none, *(self._counted(name, facts, rows) for name in names if name))

    def last_days(self, facts: Mapping[str, Array], rows: Ints) -> Days:
        """The last day in the scheme of the members of some rows, as far as their age and ``left_on`` say."""
        return self._counted(SCHEME_LAST_DAY, facts, rows)

    def _counted(self, figure: str, facts: Mapping[str, Array], rows: Ints) -> Days:
        """The day that a figure gives each member; a dated fact is a figure, too."""
        read = {fact: facts[fact][rows] for fact in self.rulebook.figures.facts(figure) if fact in facts}
        if figure in read:
            return np.asarray(read[figure], dtype=DAY)
        groups = alike(list(read.values()), len(rows))
        answers = []
        for row in groups.first.tolist():
            named = {fact: self._plain(fact, column[row]) for fact, column in read.items()}
            answers.append(self._once((figure, *named.values()), self._evaluate, figure, named))
        return np.asarray(answers, dtype=DAY)[groups.group]

    def purpose(self, trigger: str) -> str:
        """Which validity the document of a rule gets."""
        return self._trigger(trigger).terms.purpose

    def _trigger(self, name: str) -> Bound[Trigger]:
        return next(bound for bound in self.rulebook.rules(Trigger) if bound.rule.id == name)

    def _evaluate(self, figure: str, named: Mapping[str, FactValue]) -> np.datetime64:
        on = self.as_of.astype(object)
        value = self.rulebook.figures.evaluate(figure, named.get, on)
        return day(value.last() if value else None)

    def _once(self, key: tuple[object, ...], ask: Callable[..., np.datetime64], *asked: Any) -> np.datetime64:
        if key not in self._known:
            if len(self._known) > _KEPT:  # bounded, however many members there are
                self._known.clear()
            self._known[key] = ask(*asked)
        return self._known[key]

    def _plain(self, fact: str, value: Any) -> FactValue:
        """A cell of a column as the rules know it; a place before the first code says that there is none."""
        kind = self.rulebook.catalogue[fact]
        if kind.kind != "day" and value < 0:
            return None
        if kind.kind == "code":
            return kind.values[int(value)]
        plain: FactValue = value.astype(object) if kind.kind == "day" else bool(value)
        return plain
