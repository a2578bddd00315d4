"""From columns of facts to the cells of a roll, as the policy's ``[tool.roll]`` wants them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
from attrs import field, frozen

from hokensha.facts import Fact
from hokensha.policy import Rulebook
from hokensha_cli.wareki import DayForm, format_wareki
from hokensha_roll import CellType, Column, Roll, fit, roll_of
from hokensha_sample_roll.days import Days, day
from hokensha_sample_roll.draws import Bools, Ints
from hokensha_sample_roll.further import Further
from hokensha_sample_roll.keys import TEXTS, Keys
from hokensha_sample_roll.people import Ages, People
from hokensha_sample_roll.texts import Cells, coded, quoted, same
from hokensha_standard import FACTS

FIRST, LAST = date(1880, 1, 1), date(2199, 12, 31)
"""No day of a made-up roll lies outside."""
_LETTER: Final = {"明治": "M", "大正": "T", "昭和": "S", "平成": "H", "令和": "R"}
_INSTEAD: Final = {"lost": "held", "renewing": "held", "returned": "none", "deregistered": "unregistered"}
"""What a roll says that has no cell for a code."""


@frozen
class Layout:
    """The columns of one roll.

    Attributes:
        rulebook: Whose policy maps them.
        who: Who can be a member.
        as_of: Stands in the as-of column, if there is one.
        typed: Days and booleans are written as such (Parquet), and not as text (CSV).
        read: The facts that the rules read.
        roll: The policy's mapping.
    """

    rulebook: Rulebook
    who: Ages
    as_of: date
    typed: bool
    read: frozenset[str]
    roll: Roll = field(init=False)

    @roll.default
    def _mapping(self) -> Roll:
        return roll_of(self.rulebook.policy)

    @property
    def columns(self) -> Mapping[str, Column]:
        """The column of each fact that is written.

        Those mapped, the key, and under their own names those that the rules read besides; without a mapping
        all. A roll without them would leave everybody undetermined.
        """
        facts, mapped = self.rulebook.catalogue.facts, self.roll.columns
        if not mapped:
            return {fact: Column(fact) for fact in facts}
        taken = {column.header for column in mapped.values()} | {self.roll.as_of_header}
        own = [f for f in facts if f in self.read and f not in mapped and f not in taken]
        found = mapped if "id" in mapped else {"id": Column("id"), **mapped}
        return {**found, **{fact: Column(fact) for fact in own if fact != "id"}}

    @property
    def headers(self) -> list[str]:
        """The header of each column, the as-of column's last."""
        return [column.header for column in self.columns.values()] + [*filter(None, [self.roll.as_of_header])]

    def check(self) -> None:
        """See that a run would take a roll with these columns.

        Raises:
            MemberError: The policy's mapping is at fault.
        """
        types: list[CellType] = ["text"] * len(self.headers)
        fit(self.headers, types, self.roll, self.rulebook.catalogue, self.rulebook.policy.path)

    def not_always_known(self) -> list[str]:
        """Facts that the roll may leave open: those whose empty cell means that they are not known."""
        return [fact for fact, column in self.columns.items() if column.empty == "unknown"]

    def further(self) -> Further:
        """The facts that are written and that plugins or the policy add, but for texts."""
        shared, columns = {fact.id for fact in FACTS}, self.columns
        found = [self.rulebook.catalogue[fact] for fact in columns if fact not in shared]
        always = [fact.id for fact in found if columns[fact.id].empty != "none"]
        return Further(tuple(fact for fact in found if fact.kind != "text"), frozenset(always))

    def instead(self) -> Mapping[str, Ints]:
        """For facts of which the roll cannot say every code: the code that it says for each."""
        found = {}
        for fact, column in self.columns.items():
            meanings = _meanings(self.rulebook.catalogue[fact])
            if column.values and meanings and any(not _sayable(column, each) for each in meanings):
                said = [each for each in meanings if _sayable(column, each)] or list(meanings)
                chosen = [each if each in said else _INSTEAD.get(str(each)) for each in meanings]
                places = [meanings.index(each if each in said else said[0]) for each in chosen]
                found[fact] = np.asarray([*places, -1], dtype=np.int64)  # none, at -1, stays none
        return found

    def rows(self, people: People, unknown: Mapping[str, Bools]) -> list[Cells]:
        """Some members' cells, column by column."""
        made = [
            self._column(self.rulebook.catalogue[fact], column, people, unknown.get(fact))
            for fact, column in self.columns.items()
        ]
        if self.roll.as_of_header:
            one = np.full(len(people), day(self.as_of))
            made.append(pa.array(one) if self.typed else _as_text(one, self.roll.as_of_form, np.isnat(one)))
        return made

    def _keys(self) -> Keys:
        return Keys(self.rulebook.policy.insurer, self.who, self.rulebook.policy.path)

    def _column(self, fact: Fact, column: Column, people: People, empty: Bools | None) -> Cells:
        if fact.id in TEXTS:
            return self._keys().column(fact.id, people, column.digits)
        if fact.kind == "text":  # a fact that a plugin adds
            return same(None if fact.nullable else "-", len(people))
        values = people.facts[fact.id]
        if fact.kind == "day":
            days: Days = values
            none = np.isnat(days) if empty is None else np.isnat(days) | empty
            return pa.array(days, mask=none) if self.typed else _as_text(days, column.form, none)
        none = values < 0 if empty is None else (values < 0) | empty
        if self.typed and fact.kind == "boolean" and not column.values:
            return pa.array(values.astype(np.bool_), mask=none)
        texts = [_cell(column, each, plain=self.typed) for each in _meanings(fact)]
        return coded(np.where(none, 0, values), texts, none)


def _meanings(fact: Fact) -> Sequence[str | bool]:
    return (False, True) if fact.kind == "boolean" else fact.values


def _sayable(column: Column, meaning: object) -> bool:
    return meaning in column.values.values() or (column.empty == "default" and column.default == meaning)


def _cell(column: Column, meaning: object, *, plain: bool) -> str | None:
    """What stands in a cell for a code or a boolean; nothing, where an empty cell says it."""
    if column.empty == "default" and column.default == meaning:
        return None
    written = next((code for code, meant in column.values.items() if meant == meaning), str(meaning).lower())
    return written if plain else quoted(written)


# --- days as text


def _as_text(days: Days, form: DayForm, none: Bools) -> Cells:
    """Every day there is is written once, and looked up."""
    place = np.where(none, 0, (days - day(FIRST)).astype(np.int64))
    return _every_day(form).take(pa.array(place.astype(np.int32), mask=none))


@cache
def _every_day(form: DayForm) -> Any:
    count = (LAST - FIRST).days + 1
    return pa.array([_written(FIRST + timedelta(days=number), form) for number in range(count)], pa.string())


def _written(on: date, form: DayForm) -> str:
    if form == "wareki":
        found = re.fullmatch(r"(..)(\d+|元)年(\d+)月(\d+)日", format_wareki(on))
        era, year, month, dom = found.groups() if found else ("", "", "", "")
        return f"{_LETTER[era]}{1 if year == '元' else int(year):02}.{int(month):02}.{int(dom):02}"
    return on.isoformat() if form == "iso" else f"{on:%Y%m%d}"
