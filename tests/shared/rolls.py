"""What a roll's batches say, as members and rejected rows again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from hokensha.facts import UNKNOWN, Catalogue, FactValue
from hokensha_roll.frames import Batch, Rejected, Wanted, day_of
from hokensha_roll.intake.opening import OpenRoll, open_roll
from hokensha_roll.intake.sizes import Sizes
from hokensha_roll.tool import Roll
from hokensha_standard import FACTS

CATALOGUE = Catalogue().extended(FACTS)
OTHER = "another text"
"""What stands for a text that is none of those wanted."""


@frozen
class Told:
    """What the batches of a roll say.

    Attributes:
        facts: Of each row that is kept, with its line.
    """

    facts: list[tuple[int, dict[str, Any]]]
    rejected: list[Rejected]
    batches: list[Batch]

    def rows(self) -> list[tuple[int, Any]]:
        """Each row's line, with its facts or why it was rejected."""
        return sorted([*self.facts, *((each.line, each) for each in self.rejected)], key=lambda row: row[0])


def told(opened: OpenRoll, wanted: Wanted | None = None, repeated: Sequence[int] = ()) -> Told:
    """Everything that a roll's batches say; if nothing else is said, of all its facts."""
    wanted = everything(opened) if wanted is None else wanted
    found = Told([], [], [])
    for batch in opened.batches(wanted, repeated):
        found.batches.append(batch)
        found.rejected.extend(batch.rejected)
        found.facts.extend(members(batch, wanted))
    return found


def members(batch: Batch, wanted: Wanted) -> list[tuple[int, dict[str, Any]]]:
    """Each row that is kept, with its line."""
    frame = batch.frame
    assert len(batch.lines) == len(frame) == batch.rows - len(batch.rejected)
    assert not any(frame.null_count().row(0))
    assert frame.columns == ["id", *(fact for fact in wanted if fact in frame.columns and fact != "id")]
    columns = {name: [_value(name, code, wanted) for code in frame[name]] for name in frame.columns}
    rows = (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
    return list(zip(batch.lines.to_list(), rows, strict=True))


def _value(fact: str, code: Any, wanted: Wanted) -> Any:
    if fact == "id":
        return code
    if CATALOGUE[fact].kind == "day":
        return day_of(code)
    return (*wanted[fact], None, UNKNOWN, OTHER)[code]


def everything(opened: OpenRoll, texts: Mapping[str, tuple[FactValue, ...]] = {}) -> Wanted:
    """All facts of a roll, with all values that they can have; of a text, these."""
    found: dict[str, tuple[FactValue, ...]] = {}
    for reader in opened.fitted.readers:
        fact = reader.fact
        found[fact.id] = {"day": (), "boolean": (False, True), "code": fact.values}.get(
            fact.kind, texts.get(fact.id, ())
        )
    return found


def reading(path: Path, roll: Roll, sizes: Sizes, **asked: Any) -> Told:
    """What a file says."""
    with open_roll(path, roll, CATALOGUE, sizes) as opened:
        return told(opened, **asked)
