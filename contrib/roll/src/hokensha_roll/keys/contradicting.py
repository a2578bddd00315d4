"""Rows whose facts cannot stand together, in SQL: what ``hokensha.engine.refused`` says of columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import reduce

from attrs import frozen
from sqlglot import exp

from hokensha.engine import reason
from hokensha.facts import Before, Form, Older, Without
from hokensha.policy import Rulebook
from hokensha_roll.keys.sqlcells import SqlCell, literal


@frozen(eq=False)
class Refusal:
    """What a run rejects, although each cell of the row fits.

    Attributes:
        fact: The fact that is wrong.
        reason: Why, as a run says it.
        holds: Whether it is so of a row; null, too, where that is not certain.
    """

    fact: str
    reason: str
    holds: exp.Expression


def refusals(rulebook: Rulebook, on: date, cells: Mapping[str, SqlCell]) -> Iterator[Refusal]:
    """The contradictions between facts that have a column each: what is unknown contradicts nothing."""
    for each in rulebook.contradictions:
        if {*each.facts} <= cells.keys():
            holds = holding(each.form, on, cells)
            yield Refusal(each.facts[0], reason(each, rulebook.catalogue), holds)


def holding(form: Form, on: date, cells: Mapping[str, SqlCell]) -> exp.Expression:
    """Whether a contradiction is certain, over the columns of its facts."""
    fact = cells[form.fact]
    if isinstance(form, Before):
        return exp.LT(this=fact.day(), expression=cells[form.other].day())
    if isinstance(form, Older):
        return exp.LT(this=fact.day(), expression=literal(form.earliest(on)))
    if isinstance(form, Without):
        return _both(fact.is_value(), cells[form.needs].is_none())
    said = (cells[other].says(value) for other, value in form.when.items())
    return reduce(_both, said, fact.is_none())


def _both(one: exp.Expression, other: exp.Expression) -> exp.Expression:
    return exp.And(this=one, expression=other)
