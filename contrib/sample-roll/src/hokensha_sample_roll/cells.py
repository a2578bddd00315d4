"""From columns of facts to the cells of a roll, as the policy's ``[tool.roll]`` wants them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import numpy as np
import polars as pl
from attrs import field, frozen

from hokensha.errors import Finding, PolicyError
from hokensha.facts import Fact, insurer_number_problem
from hokensha.policy import Insurer, Rulebook
from hokensha_cli.wareki import DayForm, format_wareki
from hokensha_roll import CellType, Column, Roll, fit, roll_of
from hokensha_sample_roll.asking import meanings, meant
from hokensha_sample_roll.days import Ints
from hokensha_sample_roll.draws import Facts
from hokensha_sample_roll.further import Further
from hokensha_sample_roll.people import BRANCH, HOUSEHOLD, Ages
from hokensha_sample_roll.shares import shares
from hokensha_standard import FACTS

FIRST, LAST = date(1880, 1, 1), date(2199, 12, 31)
"""No day of a made-up roll lies outside."""
_LETTER: Final = {"明治": "M", "大正": "T", "昭和": "S", "平成": "H", "令和": "R"}
_INSTEAD: Final = {"lost": "held", "renewing": "held", "returned": "none", "deregistered": "unregistered"}
"""What a roll says that has no cell for a code."""
_FROM: Final = 10_000_000
"""Households are counted from here: numbers of 8 digits for all that a roll can have."""
_LONG: Final = 8
"""The numbers of the late elderly have so many digits."""
_MOST: Final = 11
"""No number has more digits: 12 could be an individual number. Nor has a household so many members."""


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
            known = meanings(self.rulebook.catalogue[fact])
            if column.values and known and any(not _sayable(column, each) for each in known):
                said = [each for each in known if _sayable(column, each)] or list(known)
                chosen = [each if each in said else _INSTEAD.get(str(each)) for each in known]
                places = [known.index(each if each in said else said[0]) for each in chosen]
                found[fact] = np.asarray([*places, -1], np.int16)  # none, at -1, stays none
        return found

    def rows(self, facts: Facts) -> pl.DataFrame:
        """Some members' cells.

        Raises:
            PolicyError: The digits that the policy wants do not make that many keys.
        """
        columns = self.columns.items()
        made = [self._cells(self.rulebook.catalogue[fact], column, facts) for fact, column in columns]
        if self.roll.as_of_header:
            as_of = pl.repeat(self.as_of, len(facts[BRANCH]), eager=True)
            made.append(as_of if self.typed else _written(as_of, self.roll.as_of_form))
        return pl.DataFrame(dict(zip(self.headers, made, strict=True)))

    def _cells(self, fact: Fact, column: Column, facts: Facts) -> pl.Series:
        if fact.id == "id":
            return self._key(facts, column.digits)
        if fact.id in ("insurer_number", "symbol", "number", "branch"):
            return self._number(fact.id, facts, column.digits)
        if fact.kind == "text":  # a fact that a plugin adds
            return _same(None if fact.nullable else "-", len(facts[BRANCH]))
        if fact.kind == "day":
            days = meant(fact, facts[fact.id])
            return days if self.typed else _written(days, column.form)
        plain = self.typed and fact.kind == "boolean" and not column.values
        said = [] if plain else [_cell(column, each) for each in meanings(fact)]
        return meant(fact, facts[fact.id], said)

    # --- keys and numbers: unique, well-formed, and none of 12 digits

    def _key(self, facts: Facts, digits: int | None) -> pl.Series:
        key = facts[HOUSEHOLD] * 100 + facts[BRANCH]
        if digits is None:
            return _padded(key + _FROM * 100, None)
        if int(np.max(key, initial=0)) >= 10**digits:
            message = f"{digits} digits are too few for the keys of so many members"
            where = f"{self.rulebook.policy.path}: roll.columns.id.digits"
            raise PolicyError(Finding(where, message, "bad-value"))
        return _padded(key, digits)

    def _number(self, fact: str, facts: Facts, digits: int | None) -> pl.Series:
        insurer, household = self.rulebook.policy.insurer, facts[HOUSEHOLD]
        if fact == "insurer_number":
            return _same(insurer_number(insurer, digits), len(household))
        if fact == "branch":
            return _padded(np.arange(_MOST), digits or 2).gather(facts[BRANCH])
        if fact == "number":
            long = self.who.alone and (digits or _LONG) >= _LONG
            return _padded((household + (_FROM if long else 1)) % 10 ** min(digits or _MOST, _MOST), digits)
        if self.who.alone:  # the late elderly have no symbol
            return _same(None, len(household))
        workplace = household // shares()["numbers"]["workplace"]
        if digits is None and (
            symbols := _kind(insurer).get("symbols")
        ):  # what a group of workplaces is called
            return pl.Series(symbols).gather(workplace % len(symbols))
        return _padded((workplace + 101) % 10 ** min(digits or _MOST, _MOST), digits)


def _sayable(column: Column, meaning: object) -> bool:
    return meaning in column.values.values() or (column.empty == "default" and column.default == meaning)


def _cell(column: Column, meaning: object) -> str | None:
    """What stands in a cell for a code or a boolean; nothing, where an empty cell says it."""
    if column.empty == "default" and column.default == meaning:
        return None
    return next((code for code, meant in column.values.items() if meant == meaning), str(meaning).lower())


def _same(text: str | None, count: int) -> pl.Series:
    return pl.repeat(text, count, dtype=pl.String, eager=True)


def _padded(numbers: Ints, digits: int | None) -> pl.Series:
    texts: pl.Series = pl.Series(numbers).cast(pl.String)
    return texts if digits is None else texts.str.zfill(digits)


@cache
def insurer_number(insurer: Insurer, digits: int | None = None) -> str:
    """The insurer's number: the policy's, or one that could be; with 6 digits, of a municipality."""
    if insurer.number:
        return insurer.number
    kind = _kind(insurer)
    body = kind["prefecture"] + shares()["numbers"]["office"]
    body = body if digits == 6 else kind["law"] + body
    return next(n for digit in range(10) if insurer_number_problem(n := f"{body}{digit}") is None)


def _kind(insurer: Insurer) -> Mapping[str, Any]:
    kinds: Sequence[Mapping[str, Any]] = shares()["numbers"]["kinds"]
    return next(kind for kind in kinds if re.search(kind["name"], insurer.name))


# --- days as text


def _written(days: pl.Series, form: DayForm) -> pl.Series:
    """Days in one of the forms; CSV writes a date in ISO's of itself."""
    if form == "wareki":
        return _every_day().gather((days - FIRST).dt.total_days())
    return days if form == "iso" else days.dt.to_string("%Y/%m/%d" if "/" in form else "%Y%m%d")


@cache
def _every_day() -> pl.Series:
    """Every day there is, written once to be looked up."""
    return pl.Series([_wareki(FIRST + timedelta(days=number)) for number in range((LAST - FIRST).days + 1)])


def _wareki(on: date) -> str:
    found = re.fullmatch(r"(..)(\d+|元)年(\d+)月(\d+)日", format_wareki(on))
    era, year, month, dom = found.groups() if found else ("", "", "", "")
    return f"{_LETTER[era]}{1 if year == '元' else int(year):02}.{int(month):02}.{int(dom):02}"
