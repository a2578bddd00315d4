"""The policy's own figures, for whole columns: each different day is asked for once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from attrs import define, field

from hokensha.engine import EndedError, purposes, validity
from hokensha.facts import Member
from hokensha.policy import Bound, Rulebook
from hokensha.rules import Document, Trigger
from hokensha_sample_roll.asking import Answers
from hokensha_sample_roll.days import NONE, Days, Ints, date_of, latest, number
from hokensha_sample_roll.draws import Array
from hokensha_standard import CERTIFICATE

STANDARD, RENEWAL = "standard", "renewal"


@define(eq=False)
class Ends:
    """Asks a policy's figures about days, and remembers what they said.

    Attributes:
        as_of: The day asked.
    """

    rulebook: Rulebook
    as_of: int
    _answers: dict[tuple[str, ...], Answers] = field(factory=dict)

    def valid_until(
        self, document: Document, purpose: str, issued: Days, facts: Mapping[str, Array], rows: Ints
    ) -> Days:
        """Until when documents issued on these days are valid; none where no day is stated.

        Args:
            facts: Which term a document has may hang on its holder.
            rows: Those to whom they are issued.
        """
        read = self._read(document, purpose)

        def ask(row: dict[str, Any]) -> float:
            issued = row.pop("(issued)")
            holder = Member("made-up", {**dict.fromkeys(read), **row}) if read else None
            try:
                return number(issued and validity(self.rulebook, document, issued, purpose, holder).last())
            except EndedError:
                return float(
                    NONE
                )  # by a day that no roll says: what an insurer did then, its policy does not tell

        columns = {"(issued)": issued, **{fact: facts[fact][rows] for fact in read if fact in facts}}
        return self._answered((document.id, purpose), ask, columns)

    def _answered(
        self, key: tuple[str, ...], ask: Callable[[dict[str, Any]], float], columns: Mapping[str, Array]
    ) -> Days:
        answers = Answers(self.rulebook.catalogue, ask)
        return self._answers.setdefault((*key, *columns), answers).of(columns)

    def _read(self, document: Document, purpose: str) -> tuple[str, ...]:
        """The facts of a holder that say until when a document is valid.

        A certificate bears the earliest of the days that its figure names. Of all other documents it is asked
        when they stop to serve by what is printed on them, whatever may end them earlier.
        """
        known = (b.terms.figure for b in purposes(self.rulebook, document) if b.rule.purpose == purpose)
        figures, figure = self.rulebook.figures, next(known, None)
        of = figures.facts if document is CERTIFICATE else figures.conditions
        return of(figure) if figure else ()

    def renewal(self) -> str:
        """The purpose of a certificate that is sent before another one ends."""
        known = {bound.rule.purpose for bound in purposes(self.rulebook, CERTIFICATE)}
        return RENEWAL if RENEWAL in known else STANDARD

    def due(self, trigger: str, facts: Mapping[str, Array], rows: Ints) -> Days:
        """From when on a rule wants its document issued to the members of some rows, as far as it says."""
        bound = self._trigger(trigger)
        names = (bound.rule.met_since, bound.terms.due_from)
        none = np.full(len(rows), NONE)
        return latest(none, *(self.counted(name, facts, rows) for name in names if name))

    def counted(self, figure: str, facts: Mapping[str, Array], rows: Ints) -> Days:
        """The day that a figure gives the members of some rows; a dated fact is a figure, too."""
        read = self.rulebook.figures.facts(figure)
        columns = {fact: facts[fact][rows] for fact in read if fact in facts}
        if figure in columns:
            return columns[figure]

        def ask(row: dict[str, Any]) -> float:
            value = self.rulebook.figures.evaluate(figure, row.get, date_of(self.as_of))
            return number(value.last() if value else None)

        if not columns:
            return np.full(len(rows), ask({}), np.float32)
        return self._answered((figure,), ask, columns)

    def purpose(self, trigger: str) -> str:
        """Which validity the document of a rule gets."""
        return self._trigger(trigger).terms.purpose

    def _trigger(self, name: str) -> Bound[Trigger]:
        return next(bound for bound in self.rulebook.rules(Trigger) if bound.rule.id == name)
