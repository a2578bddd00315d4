"""Rows whose facts cannot stand together, in SQL: what ``hokensha.engine.refused`` says of columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import reduce

from sqlglot import exp

from hokensha.facts import Before, Contradiction, Form, Older, Without
from hokensha.policy import Rulebook
from hokensha_roll.keys.sqlcells import SqlCell, literal


def refusals(
    rulebook: Rulebook, on: date, cells: Mapping[str, SqlCell]
) -> Iterator[tuple[Contradiction, exp.Expression]]:
    """The contradictions between facts that have a column each, and whether a row says one.

    Null, as false, is a row of which that is not certain: what is unknown contradicts nothing.
    """
    for each in rulebook.contradictions:
        if {*each.facts} <= cells.keys():
            yield each, holding(each.form, on, cells)


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
