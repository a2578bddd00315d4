"""Rows of a table as a warehouse has them: days, and the policy's codes; and what a run reads in them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import frozen
from made_up import a_member

from hokensha.engine import Keys, refused
from hokensha.facts import Member, Unknown
from hokensha.policy import Rulebook
from hokensha_roll.intake.columns import Reader, fit, header_of
from hokensha_roll.tool import roll_of


@frozen
class Table:
    """A made-up table.

    Attributes:
        rulebook: The policy.
        on: The day asked.
        readers: How a run reads the cells of each column but the first.
        rows: The members' keys, and cells.
    """

    rulebook: Rulebook
    on: date
    readers: Sequence[Reader]
    rows: Sequence[Sequence[Any]]

    @property
    def headers(self) -> list[str]:
        """The columns."""
        return ["id", *(reader.header for reader in self.readers)]

    def created(self, name: str) -> str:
        """The statement that makes the table; its names are quoted as standard SQL has it."""
        columns = ", ".join(
            f'"{reader.header}" {"DATE" if reader.fact.kind == "day" else "TEXT"}' for reader in self.readers
        )
        return f"CREATE TABLE {name} (id TEXT, {columns})"

    def members(self) -> Iterator[Member | None]:
        """What a run reads in each row; none where it rejects the row."""
        for member in self.read():
            yield member if member is None or not refused(self.rulebook, member, self.on) else None

    def read(self) -> Iterator[Member | None]:
        """What each row says, be it believed or not; none where a cell does not fit."""
        for key, *cells in self.rows:
            try:
                facts = {r.fact.id: r.admit(c) for r, c in zip(self.readers, cells, strict=True)}
            except ValueError:
                yield None
            else:
                yield Member(key, {f: value for f, value in facts.items() if not isinstance(value, Unknown)})


def readers_of(rulebook: Rulebook, keys: Keys, absent: Sequence[str] = ()) -> list[Reader]:
    """How the columns are read of the facts that are read, but for some that the table has none of."""
    roll = roll_of(rulebook.policy)
    headers = [header_of(axis.fact, roll) for axis in keys.axes if axis.fact not in absent]
    headers.append(header_of("id", roll))
    fitted = fit(headers, ["text"] * len(headers), roll, rulebook.catalogue, "table")
    return [reader for reader in fitted.readers if reader.fact.id != "id"]


def table_of(draw: random.Random, rulebook: Rulebook, keys: Keys, on: date, rows: int) -> Table:
    """A table of members made up around the days at which the policy turns; some contradict themselves."""
    absent = [axis.fact for axis in keys.axes[3::17]] if draw.random() < 0.3 else []
    readers, found = readers_of(rulebook, keys, absent), []
    for number in range(rows):
        for _ in range(draw.choice((1, 20))):
            member = a_member(draw, keys, rulebook.catalogue, on, draw.choice((0.0, 0.0, 0.1)))
            if not refused(rulebook, member, on):
                break
        found.append([f"m{number}", *(_cell(draw, reader, member.facts) for reader in readers)])
    return Table(rulebook, on, readers, found)


def _cell(draw: random.Random, reader: Reader, facts: Mapping[str, Any]) -> Any:
    value = facts.get(reader.fact.id)
    if value is None or isinstance(value, date):
        return value
    if draw.random() < 0.001:
        return "?"
    codes = [code for code, meant in reader.column.values.items() if meant == value]
    cell = codes[0] if codes else str(value).lower()
    return f" {cell} " if draw.random() < 0.1 else cell
