"""Make a roll: blocks of households, one after the other, each a column at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from attrs import frozen

from hokensha.errors import Finding, HokenshaError
from hokensha.policy import Rulebook
from hokensha_roll import Engine, Progress, unseen
from hokensha_sample_roll.cells import Layout
from hokensha_sample_roll.days import day
from hokensha_sample_roll.documents import Block, old_cards_end
from hokensha_sample_roll.draws import Draws, Facts
from hokensha_sample_roll.ends import Ends
from hokensha_sample_roll.files import is_parquet, write_roll
from hokensha_sample_roll.leaving import forget, leave, leaving_days
from hokensha_sample_roll.people import BRANCH, HOUSEHOLD, ages_in_scheme, people
from hokensha_sample_roll.plans import Asked
from hokensha_sample_roll.status import live

BLOCK: Final = 1 << 17
"""About so many members are made at a time; the roll is the same whatever this is."""
EARLIEST, LATEST = date(2010, 1, 1), date(2150, 12, 31)
"""As of these days and between a roll can be made."""
SCHEMA: Final = "hokensha/made-roll/1"


@frozen
class Wanted:
    """Which roll is asked for.

    Attributes:
        out: The file; its ending says the form.
        members: How many rows.
        seed: Another one makes other members.
        as_of: The day whose state the roll is; none: the day on which the policy was published.
        unknown: The share of the members of whom something is not known.
        block: How many members are made at a time.
    """

    out: Path
    members: int
    seed: int
    as_of: date | None = None
    unknown: float = 0.02
    block: int = BLOCK


@frozen
class Made:
    """What was made.

    Attributes:
        unknown: How many members have something that is not known.
    """

    wanted: Wanted
    policy_digest: str
    roll_digest: str
    as_of: date
    unknown: int

    def to_json(self) -> dict[str, Any]:
        """The form in JSON."""
        return {
            "schema": SCHEMA,
            "out": str(self.wanted.out),
            "members": self.wanted.members,
            "unknown": self.unknown,
            "seed": self.wanted.seed,
            "as_of": self.as_of.isoformat(),
            "policy_digest": self.policy_digest,
            "roll_digest": self.roll_digest,
        }


def make_roll(rulebook: Rulebook, wanted: Wanted, progress: Progress = unseen) -> Made:
    """Make up the members of a roll, and write it.

    Raises:
        HokenshaError: The policy lets nobody in, maps columns that no run would take, or cannot be asked;
            the as-of day lies too far off; or the file cannot be written.
    """
    typed, policy = is_parquet(wanted.out), rulebook.policy
    as_of = wanted.as_of or policy.published
    if not EARLIEST <= as_of <= LATEST:
        message = f"cannot be made as of {as_of}; expected a day from {EARLIEST} to {LATEST}"
        raise HokenshaError(Finding(str(wanted.out), message, "as-of"))
    days = {as_of, *policy.borders()}  # on whatever day a run may be for
    read = frozenset[str]().union(*(Engine(rulebook, on, besides=True).facts for on in days))
    who = ages_in_scheme(rulebook, day(as_of))
    layout = Layout(rulebook, who, as_of, typed, read)
    layout.check()
    told = [0, 0]

    def rows() -> Iterator[pl.DataFrame]:
        for facts, unknown in _blocks(wanted, layout):
            told[0] += len(facts[BRANCH])
            told[1] += unknown
            yield layout.rows(facts)
            progress(told[0], told[0] / max(wanted.members, 1))

    digest = write_roll(wanted.out, rows(), layout.roll.encoding)
    return Made(wanted, policy.digest, digest, as_of, told[1])


def _blocks(wanted: Wanted, layout: Layout) -> Iterator[tuple[Facts, int]]:
    """The members in blocks, with how many have something unknown; at least one block, though it be empty."""
    as_of, who = day(layout.as_of), layout.who
    ends, further = Ends(layout.rulebook, as_of), layout.further()
    asked = Asked(layout.rulebook, who, as_of, old_cards_end(ends), further)
    instead, among = layout.instead(), layout.not_always_known()
    size = max(1, min(wanted.block, wanted.members))
    households = Draws(wanted.seed, size if who.alone else (size + 1) // 2)
    first = done = 0
    while done < wanted.members or not first:
        facts = people(households, first, who, as_of)
        draws = households.of(len(facts[BRANCH]))
        live(draws, facts, as_of)
        further.settle(draws, facts, as_of)
        for fact, places in instead.items():
            facts[fact] = places[facts[fact].astype(np.int16)].astype(facts[fact].dtype)
        Block(draws, facts, asked, ends).give()
        leave(draws, facts, leaving_days(households, as_of)[facts[HOUSEHOLD] - first], as_of)
        unknown = forget(draws, facts, wanted.unknown, among)
        kept = min(draws.count, wanted.members - done)
        yield {fact: column[:kept] for fact, column in facts.items()}, int(np.sum(unknown < kept))
        done += kept
        first += households.count
