"""What a policy is asked: about one member made up for each question, and each question once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
from attrs import define, field

from hokensha.engine import parts
from hokensha.facts import Catalogue, Fact, FactValue
from hokensha.partial import variables
from hokensha.policy import Rulebook
from hokensha_sample_roll.days import Days, dates
from hokensha_sample_roll.draws import Array

_KEPT: Final = 1 << 20


def facts_read(rulebook: Rulebook, on: date) -> frozenset[str]:
    """Every fact that decides what is to be issued on a day."""
    found = [part for part in parts(rulebook, on) if part.kind == "issuance"]
    seen = (variable.facts for variable in variables(part.diagram() for part in found))
    return frozenset[str]().union(*seen, *(part.outputs for part in found))


def probe(catalogue: Catalogue, **given: FactValue) -> dict[str, FactValue]:
    """Facts of a member of whom nothing is said but what is given: none, no, or the first code.

    A fact that can be neither is a day long past, or a text.
    """
    plain: dict[str, FactValue] = {"day": given.get("enrolled_on"), "text": "probe"}
    facts = catalogue.facts.values()
    usual = {f.id: None if f.nullable else plain.get(f.kind) or meanings(f)[0] for f in facts}
    return {**usual, **given}


def meanings(fact: Fact) -> Sequence[str | bool]:
    """What a code or a boolean can say; columns hold the places."""
    return (False, True) if fact.kind == "boolean" else fact.values


def meant(fact: Fact, column: Array, said: Sequence[str | bool | None] = ()) -> pl.Series:
    """What a column says, or what is said instead of its meanings; null for none, which is NaN or -1."""
    if fact.kind == "day":
        return dates(column)
    return pl.Series([*(said or meanings(fact)), None]).gather(column.astype(np.int16))


@define(eq=False)
class Answers:
    """The answers to a question about members of whom some facts differ; each is asked about once.

    Attributes:
        catalogue: Of the facts.
        ask: From the facts to the answer: a number, NaN for none.
    """

    catalogue: Catalogue
    ask: Callable[[dict[str, Any]], float]
    _known: pl.DataFrame = field(factory=pl.DataFrame)

    def of(self, columns: Mapping[str, Array]) -> Days:
        """The answer for each row of some columns; there is at least one column."""
        rows = pl.DataFrame(columns)
        if not 0 < len(self._known) < _KEPT:  # bounded, however many members there are
            self._known = rows.clear().with_columns(pl.Series("the answer", [], pl.Float32))
        found = self._looked_up(rows)
        if found.null_count():
            new = rows.filter(found.is_null()).unique(maintain_order=True)
            said = {name: self._said(name, new[name].to_numpy()) for name in new.columns}
            answers = [self.ask(row) for row in pl.DataFrame(said).iter_rows(named=True)]
            self._known.extend(new.with_columns(pl.Series("the answer", answers, pl.Float32)))
            found = self._looked_up(rows)
        return found.to_numpy()

    def _said(self, name: str, column: Array) -> pl.Series:
        return dates(column) if column.dtype == np.float32 else meant(self.catalogue[name], column)

    def _looked_up(self, rows: pl.DataFrame) -> pl.Series:
        return rows.join(self._known, on=rows.columns, how="left", maintain_order="left")["the answer"]
