"""Rows whose facts cannot stand together: what ``hokensha.engine.refused`` says, of columns of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import reduce
from operator import and_
from typing import Final

import polars as pl
from attrs import frozen

from hokensha.engine import reason
from hokensha.facts import Before, Catalogue, Contradiction, Older, Without
from hokensha.policy import Rulebook
from hokensha_roll.frames import NONE_DAY, Wanted, code_of


@frozen(eq=False)
class Refusals:
    """The contradictions of a policy, asked of a roll for one day.

    Attributes:
        on: The day asked.
    """

    contradictions: tuple[Contradiction, ...]
    catalogue: Catalogue
    on: date

    @property
    def wanted(self) -> Wanted:
        """The facts that are no days and are looked at, each with all its values."""
        facts = (self.catalogue[name] for each in self.contradictions for name in each.facts)
        return {
            fact.id: (False, True) if fact.kind == "boolean" else fact.values
            for fact in facts
            if fact.kind != "day"
        }

    def of(self, numbers: pl.DataFrame, wanted: Wanted) -> Mapping[int, tuple[str, str]]:
        """The rows that contradict themselves: each with the fact that is wrong, and the reason."""
        known = [each for each in self.contradictions if {*each.facts} <= {*numbers.columns}]
        holding = [expression(each, self.catalogue, wanted, self.on) for each in known]
        if not known or not numbers.select(pl.any_horizontal(holding).any()).item():
            return {}
        found: dict[int, tuple[str, str]] = {}
        for each, holds in zip(known, holding, strict=True):
            said = each.facts[0], reason(each, self.catalogue)
            for row in numbers.select(holds.arg_true()).to_series():
                found.setdefault(row, said)
        return found


def refusals(rulebook: Rulebook, on: date) -> Refusals:
    """What a policy refuses on a day."""
    return Refusals(rulebook.contradictions, rulebook.catalogue, on)


NOTHING_REFUSED: Final = Refusals((), Catalogue(), date.min)


def expression(contradiction: Contradiction, catalogue: Catalogue, wanted: Wanted, on: date) -> pl.Expr:
    """A contradiction over columns of numbers; see :class:`~hokensha_roll.frames.Batch`."""
    form = contradiction.form

    def none(name: str) -> int:
        return NONE_DAY if catalogue[name].kind == "day" else len(wanted.get(name, ()))

    fact = pl.col(form.fact)
    if isinstance(form, Before):  # what is no day lies behind all days
        return (fact < pl.col(form.other)) & (pl.col(form.other) < NONE_DAY)
    if isinstance(form, Older):
        return fact < code_of(form.earliest(on))
    if isinstance(form, Without):
        silent = none(form.fact), none(form.fact) + 1  # known to be none, unknown
        return ~fact.is_in(silent) & (pl.col(form.needs) == none(form.needs))
    met = (pl.col(name) == wanted[name].index(value) for name, value in form.when.items())
    return reduce(and_, met, fact == none(form.fact))
