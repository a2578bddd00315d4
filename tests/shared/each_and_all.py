"""What a policy says of members: of each by itself, and of all of them as the rows of one frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, TypeAlias

import polars as pl
from attrs import evolve
from by_rules import by_the_rules

from hokensha.dates import CalendarError
from hokensha.engine import over
from hokensha.facts import Member
from hokensha.policy import Rulebook
from hokensha.rules import Issuance
from hokensha_roll import Engine, frame_of
from hokensha_roll.keys.engine import in_columns

Said: TypeAlias = Any
"""What is owed, what has to come back, and what is missing; or why nothing can be said."""


def of_each(rulebook: Rulebook, members: Sequence[Member], on: date) -> Iterator[Said]:
    """What the rules say of each member."""
    for member in members:
        try:
            decision = by_the_rules(rulebook, member, on)
        except CalendarError as error:
            yield str(error)
        else:
            said = [*map(in_a_row, decision.issuances)], [*decision.returns], decision.missing
            yield over(rulebook, decision.issuances, on) or said


def in_a_row(said: Any) -> Any:
    """Without what no column has of a document that is owed: until when the scheme lasts, and the sources."""
    return evolve(in_columns(said), cites=()) if isinstance(said, Issuance) else said


def of_rows(engine: Engine, frame: pl.DataFrame) -> list[Said]:
    """What the engine says of each row of a frame, having accounted for every one."""
    outcome = engine.decide(frame, pl.Series(range(frame.height), dtype=pl.UInt32))
    said: list[Said] = [([], [], ()) for _ in range(frame.height)]
    for place, listed in enumerate((outcome.issuances, outcome.returns)):
        for row, record in zip(listed.rows, listed.record, strict=True):
            said[row][place].append(in_a_row(listed.records[record]))
    for row, record in zip(outcome.undetermined.rows, outcome.undetermined.record, strict=True):
        said[row] = (*said[row][:2], outcome.undetermined.records[record])
    for rejected in outcome.rejected:
        assert said[rejected.line] == ([], [], ())
        said[rejected.line] = rejected.reason
    accounted = outcome.decided + len(outcome.undetermined.rows) + len(outcome.rejected)
    assert (outcome.rows, accounted) == (frame.height, frame.height)
    return said


def of_all(engine: Engine, members: Sequence[Member]) -> list[Said]:
    """What the engine says of the members in one frame."""
    return of_rows(engine, frame_of(members, engine.wanted, engine.rulebook.catalogue))
