"""Finitely many values of an unknown fact that stand for all of them, on one day, for one policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hokensha.classify import Steps, step_function
from hokensha.daterules import EARLIEST, LATEST
from hokensha.facts import Fact, FactValue, Unknown

if TYPE_CHECKING:
    from hokensha.completions import Completions
    from hokensha.diagram import Variable

_DAY = timedelta(days=1)


def candidates_of(completions: Completions) -> dict[str, tuple[FactValue, ...]]:
    """The candidates of every unknown fact that the components read, in the catalogue's order.

    Between two neighbouring cuts of a dated fact every atom has one value, and every day that is answered
    is a monotone function of the fact: its first and last day stand for all between. Where two unknown
    days are compared with each other, each also needs days before, between and after the other's.
    """
    member = completions.member
    catalogue = completions.vocabulary.atoms.catalogue
    read: set[str] = set()
    for component in completions.components:
        read |= component.root.support | component.outputs
    unknown = [f for f in catalogue.facts.values() if f.id in read and member.read(f.id) is Unknown.UNKNOWN]
    dated = {fact.id for fact in unknown if fact.kind == "day"}
    starts, compared = _starts(completions, dated)
    return {
        fact.id: _days(fact, starts[fact.id], 4 if fact.id in compared else 2)
        if fact.id in dated
        else _codes(fact)
        for fact in unknown
    }


def _codes(fact: Fact) -> tuple[FactValue, ...]:
    values: tuple[FactValue, ...] = fact.values
    if fact.kind == "boolean":
        values = (False, True)
    elif fact.kind == "text":
        values = ("text",)
    return (*values, None) if fact.nullable else values


def _days(fact: Fact, starts: set[date], each: int) -> tuple[FactValue, ...]:
    firsts = sorted(starts | {EARLIEST})
    lasts = [*(first - _DAY for first in firsts[1:]), LATEST]
    days: set[date] = set()
    for first, last in zip(firsts, lasts, strict=True):
        days |= {first, last}
        if each > 2 and first < last:
            days |= {first + _DAY, last - _DAY}
    values: tuple[FactValue, ...] = tuple(sorted(days))
    return (*values, None) if fact.nullable else values


def _starts(completions: Completions, dated: set[str]) -> tuple[dict[str, set[date]], set[str]]:
    """First days of the pieces of each unknown dated fact, and which of them are compared with each other."""
    atoms = completions.vocabulary.atoms
    starts: dict[str, set[date]] = {fact: {completions.day, completions.day + _DAY} for fact in dated}
    pairs: list[tuple[Variable, date]] = []
    for component in completions.components:
        for fact, cuts in component.output_cuts.items():
            if fact in dated:
                starts[fact].update(cuts)
    for variable in completions.variables():
        open_facts = [fact for fact in variable.facts if fact in dated]
        day = completions.day_of(variable)
        if len(open_facts) == 2:
            pairs.append((variable, day))
        elif open_facts and len(variable.facts) == 1:
            classifier = atoms.classifier(variable.feature, day)
            starts[open_facts[0]].update(classifier.cuts if isinstance(classifier, Steps) else ())
        elif open_facts:
            other = next(f for f in variable.facts if f != open_facts[0])
            known = completions.member.read(other)
            starts[open_facts[0]].update(_cuts_against(completions, variable, day, open_facts[0], known))
    for _ in range(2):  # what one of two compared days can tell apart, the other has to as well
        for variable, day in pairs:
            for fact, other in (variable.facts, variable.facts[::-1]):
                for known in _edges(starts[other]):
                    starts[fact].update(_cuts_against(completions, variable, day, fact, known))
    return starts, {fact for variable, _ in pairs for fact in variable.facts}


def _edges(starts: set[date]) -> Iterator[date]:
    for start in sorted(starts):
        yield from (start - _DAY, start) if start > EARLIEST else (start,)


def _cuts_against(
    completions: Completions, variable: Variable, day: date, fact: str, known: Any
) -> tuple[date, ...]:
    """Where an order of two days changes as one of them moves and the other stands still."""
    scalar = completions.vocabulary.atoms.scalar(variable.feature, day)
    first = variable.facts[0] == fact

    def of_day(moving: date | None) -> Any:
        return scalar(moving, known) if first else scalar(known, moving)

    return step_function(of_day, [day, day + _DAY]).cuts
