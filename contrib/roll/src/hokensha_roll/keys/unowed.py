"""Why nothing is owed, and who has nothing that serves: found out for each key, counted for all its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from attrs import define, field, frozen

from hokensha.engine import Answering, Met, Part, Silence, asked_besides, means, one_question, silences
from hokensha.facts import Member
from hokensha.policy import Rulebook
from hokensha.rules import IN_SCHEME, Because, Remedy

Reasons: TypeAlias = "tuple[tuple[str, Because | None], ...]"
"""For each document the reason for which it is not owed, if it is not; none if that is not known."""


@frozen
class Besides:
    """What is said of members with a key besides what they are owed.

    Attributes:
        first: The remedies that hold, if nothing serves and nothing is owed; else none.
    """

    reasons: Reasons
    first: tuple[str, ...] | None


@define(eq=False)
class Unowed:
    """What is found out of keys besides what is owed to their members, and what that comes to in numbers.

    Attributes:
        counts: How many members are not owed a document, by the document and the reason.
        besides: What is said besides, each once.
    """

    rulebook: Rulebook
    on: date
    counts: Counter[tuple[str, Because | None]] = field(factory=Counter, init=False)
    besides: list[Besides] = field(factory=list, init=False)
    _silences: tuple[Silence, ...] = field(init=False)
    _inside: Part = field(init=False)
    _means: tuple[Part, ...] = field(init=False)
    _remedies: tuple[tuple[str, Part], ...] = field(init=False)
    _places: dict[Besides, int] = field(factory=dict, init=False)

    @_silences.default
    def _of_documents(self) -> tuple[Silence, ...]:
        return silences(self.rulebook, self.on)

    @_inside.default
    def _in_scheme(self) -> Part:
        return one_question(self.rulebook, "stranded", "", IN_SCHEME)

    @_means.default
    def _what_serves(self) -> tuple[Part, ...]:
        every = means(self.rulebook, self.on)  # asked one by one: all at once, there is more to explore
        return tuple(one_question(self.rulebook, "stranded", each.id, each) for each in every)

    @_remedies.default
    def _what_to_do_first(self) -> tuple[tuple[str, Part], ...]:
        rules = [bound.rule for bound in self.rulebook.rules(Remedy, self.on)]
        return tuple((rule.id, one_question(self.rulebook, "remedy", rule.id, rule.holds)) for rule in rules)

    def asked(self) -> tuple[Part, ...]:
        """Everything that is asked, each once."""
        remedies = (part for _, part in self._remedies)
        return (*asked_besides(self.rulebook, self.on), self._inside, *self._means, *remedies)

    def of(self, answering: Answering, digits: tuple[int, ...], member: Callable[[], Member]) -> int:
        """Where that is found which is said of the members with a key."""

        def verdict(part: Part) -> bool | None:
            return answering.verdict(part, digits, member)

        every = (silence.unspoken(verdict) for silence in self._silences)
        reasons = tuple((each.silence.document.id, each.because) for each in every)
        nothing = verdict(self._inside) and all(verdict(each) is False for each in self._means)
        first = tuple(name for name, part in self._remedies if verdict(part)) if nothing else None
        found = Besides(reasons, first)
        place = self._places.setdefault(found, len(self.besides))
        if place == len(self.besides):
            self.besides.append(found)
        return place

    def count(self, besides: int, met: Met, members: int) -> None:
        """Count members: of whom that is said, and of whose parts this was met."""
        every = (*(each.part for each in met.answered), *met.open, *met.uncertain, *met.lacking)
        owed = {part.name for part in every if part.kind == "issuance"}
        for each in self.besides[besides].reasons:
            if each[0] not in owed:
                self.counts[each] += members
