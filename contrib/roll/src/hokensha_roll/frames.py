"""What the rooms of a run hand to each other: batches of a roll's rows as columns of small numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import frozen

from hokensha.facts import KEY, UNKNOWN, Catalogue, FactValue, Member, Unknown

if TYPE_CHECKING:
    import polars as pl

EPOCH: Final = date(1970, 1, 1).toordinal()
"""Days are counted from 1970-01-01, as Parquet does; years 1 to 9999 are -719162 to 2932896."""
NONE_DAY: Final = 3_000_000
"""In a column of days: known to be none."""
UNKNOWN_DAY: Final = 3_000_001
"""In a column of days: not supplied."""
Wanted: TypeAlias = Mapping[str, tuple[FactValue, ...]]
"""The facts that become columns. Of a day, no values stand here; of any other, those that are told apart."""


@frozen
class Rejected:
    """Why a row was not decided; ``value`` is empty where it must not be repeated."""

    line: int
    column: str
    value: str
    reason: str


@frozen(eq=False)
class Batch:
    """Rows that follow each other in a roll.

    Attributes:
        rows: How many were read, those rejected included, but not those in which nothing stands.
        frame: The others, in the roll's order. ``id`` is the member's key (String). A wanted fact of which
            the roll has a column is one here, without nulls: a day as Int32 (days since 1970-01-01,
            :data:`NONE_DAY` or :data:`UNKNOWN_DAY`), any other as UInt16: the place among the wanted values;
            behind their last place follow none, unknown and, of a text, any other text.
        lines: The line of each row of the frame (UInt32): in its file, or, in Parquet, its place plus 2.
        rejected: Rows that cannot be decided, in their order.
        as_of: Each day as of which rows say they were extracted, with the line of the first that says so.
        skipped: How many rows there were, besides, in which nothing stands.
    """

    rows: int
    frame: pl.DataFrame
    lines: pl.Series
    rejected: tuple[Rejected, ...] = ()
    as_of: tuple[tuple[date, int], ...] = ()
    skipped: int = 0


def day_of(code: int) -> date | Unknown | None:
    """The day that a number in a column of days stands for."""
    if code == NONE_DAY:
        return None
    return UNKNOWN if code == UNKNOWN_DAY else date.fromordinal(code + EPOCH)


def code_of(day: FactValue | Unknown) -> int:
    """The number of a day, of none, or of a day that is not known."""
    if isinstance(day, date):
        return day.toordinal() - EPOCH
    return NONE_DAY if day is None else UNKNOWN_DAY


def frame_of(members: Sequence[Member], wanted: Wanted, catalogue: Catalogue) -> pl.DataFrame:
    """Members as a frame: what takes a roll's rows takes them, too."""
    import polars as pl  # noqa: PLC0415 - the command line imports this module for its help

    held = {fact for member in members for fact in member.facts}
    columns = [pl.Series(KEY, [member.id for member in members], pl.String)]
    for fact in (fact for fact in wanted if fact in held and fact != KEY):
        cells = [member.read(fact) for member in members]
        if catalogue[fact].kind == "day":
            columns.append(pl.Series(fact, [code_of(cell) for cell in cells], pl.Int32))
        else:
            places = {cell: place for place, cell in enumerate((*wanted[fact], None, UNKNOWN))}
            columns.append(pl.Series(fact, [places.get(cell, len(places)) for cell in cells], pl.UInt16))
    return pl.DataFrame(columns)
