"""Finitely many values of an unknown fact that stand for all of them, on one day, for one policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from attrs import define, field

from hokensha.calendars import known_years
from hokensha.classify import Steps
from hokensha.component import Component, seen_on, variables
from hokensha.daterules import EARLIEST, LATEST
from hokensha.diagram import Variable
from hokensha.facts import Fact, FactValue, Member, Unknown
from hokensha.features import Order
from hokensha.situation import Vocabulary

_DAY = timedelta(days=1)


def candidates_of(
    vocabulary: Vocabulary, member: Member, day: date, components: Sequence[Component]
) -> dict[str, tuple[FactValue, ...]]:
    """The candidates of every unknown fact that the components read, in the catalogue's order.

    Between two neighbouring cuts of a dated fact every atom has one value, and every day that is answered
    is a monotone function of the fact: its first and last day stand for all between. Where two unknown
    days are compared with each other, each also needs days before, between and after the other's.
    """
    read = frozenset[str]().union(*(component.reads() for component in components))
    facts = vocabulary.atoms.catalogue.facts.values()
    unknown = [f for f in facts if f.id in read and member.read(f.id) is Unknown.UNKNOWN]
    cuts = _Cuts(vocabulary, member, {f.id: {day, day + _DAY} for f in unknown if f.kind == "day"})
    for component in components:
        for fact, days in component.output_cuts.items():
            cuts.add(fact, days)
    for variable in variables(component.root for component in components):
        cuts.of_variable(variable, seen_on(vocabulary, variable, day))
    cuts.of_pairs()
    compared = {fact for variable, _ in cuts.pairs for fact in variable.facts}
    return {
        fact.id: _days(fact, cuts.starts[fact.id], 4 if fact.id in compared else 2, _range(vocabulary, fact))
        if fact.kind == "day"
        else _codes(vocabulary, fact)
        for fact in unknown
    }


@define
class _Cuts:
    """First days of the pieces of each unknown dated fact.

    Attributes:
        starts: For each unknown dated fact its first days so far.
        pairs: Orders of two unknown days, each with the day on which it is seen.
    """

    vocabulary: Vocabulary
    member: Member
    starts: dict[str, set[date]]
    pairs: list[tuple[Variable, date]] = field(factory=list)

    def add(self, fact: str, days: Iterable[date]) -> None:
        """Further first days of a fact, if it is an unknown one."""
        if fact in self.starts:
            self.starts[fact].update(days)

    def of_variable(self, variable: Variable, day: date) -> None:
        """What one question can tell apart; questions that compare two unknown days wait for the rest."""
        open_facts = [fact for fact in variable.facts if fact in self.starts]
        if len(open_facts) == 2:
            self.pairs.append((variable, day))
        elif open_facts and len(variable.facts) == 1:
            classifier = self.vocabulary.atoms.classifier(variable.feature, day)
            self.add(open_facts[0], classifier.cuts if isinstance(classifier, Steps) else ())
        elif open_facts:
            other = next(f for f in variable.facts if f != open_facts[0])
            self._against(variable, day, open_facts[0], self.member.read(other))

    def of_pairs(self) -> None:
        """What one of two compared days can tell apart, the other has to as well."""
        for _ in range(2):
            for variable, day in self.pairs:
                for fact, other in (variable.facts, variable.facts[::-1]):
                    for known in _edges(self.starts[other]):
                        self._against(variable, day, fact, known)

    def _against(self, variable: Variable, day: date, fact: str, known: Any) -> None:
        """Where an order of two days changes as one of them moves and the other stands still."""
        if isinstance(variable.feature, Order):  # nothing else reads two facts
            self.add(fact, self.vocabulary.atoms.turns(variable.feature, day, fact, known))


def _codes(vocabulary: Vocabulary, fact: Fact) -> tuple[FactValue, ...]:
    values: tuple[FactValue, ...] = fact.values
    if fact.kind == "boolean":
        values = (False, True)
    elif fact.kind == "text":  # each text that a figure asks for, and one that none does
        figures = vocabulary.atoms.figures.versions.values()
        asked = dict.fromkeys(v.when[fact.id] for each in figures for v in each if fact.id in v.when)
        values = (*asked, max(("text", *map(str, asked)), key=len) + ("-" if asked else ""))
    return (*values, None) if fact.nullable else values


def _range(vocabulary: Vocabulary, fact: Fact) -> tuple[date, date]:
    """Between which days a fact may lie: where business days are counted from it, those with a calendar."""
    versions = vocabulary.atoms.figures.versions.values()
    if any(f.of == fact.id and f.on_business_days() for figures in versions for f in figures):
        first, last = known_years()
        return date(first + 1, 1, 1), date(last - 10, 12, 31)
    return EARLIEST, LATEST


def _days(fact: Fact, starts: set[date], each: int, span: tuple[date, date]) -> tuple[FactValue, ...]:
    earliest, latest = span
    firsts = sorted({earliest, *(start for start in starts if earliest < start <= latest)})
    lasts = [*(first - _DAY for first in firsts[1:]), latest]
    days: set[date] = set()
    for first, last in zip(firsts, lasts, strict=True):
        days |= {first, last}
        if each > 2 and first < last:
            days |= {first + _DAY, last - _DAY}
    values: tuple[FactValue, ...] = tuple(sorted(days))
    return (*values, None) if fact.nullable else values


def _edges(starts: set[date]) -> Iterator[date]:
    for start in sorted(starts):
        yield from (start - _DAY, start) if start > EARLIEST else (start,)
