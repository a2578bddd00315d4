"""The facts that plugins and policies add: made up without knowing what they mean.

Each has streams of its own, so that a fact more leaves everything else as it was drawn.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from attrs import frozen

from hokensha.facts import Fact
from hokensha_sample_roll.days import NONE, Days, latest, where
from hokensha_sample_roll.draws import Array, Draws, Facts
from hokensha_sample_roll.shares import shares

_BORDERS: Final = (-90, 0, 60)
"""Days are told apart by how many days from the as-of day they lie, up to and including these."""
_EXAMPLES: Final = (-180, -30, 30, 365)
"""A day of each of these kinds."""


@frozen
class Further:
    """Facts of plugins and of a policy.

    Attributes:
        facts: Which.
        always: Those that everybody has, for the roll has no way to say that there is none.
    """

    facts: tuple[Fact, ...]
    always: frozenset[str] = frozenset()

    def settle(self, draws: Draws, facts: Facts, as_of: int) -> None:
        """Make them up for some members."""
        for fact in self.facts:
            drawn = self._day if fact.kind == "day" else self._code
            facts[fact.id] = drawn(fact, draws, facts, as_of)

    def _there(self, fact: Fact, draws: Draws) -> Array:
        """Whether there is one: seldom, of what can be none."""
        share = shares()["further"]["there"] if fact.nullable and fact.id not in self.always else 1
        return draws.chance(f"further {fact.id} there", share)

    def _day(self, fact: Fact, draws: Draws, facts: Facts, as_of: int) -> Days:
        """Around the as-of day, if it can be planned; else a day between the enrolment and the as-of day."""
        figures = shares()["further"]
        first = latest(as_of - figures["ago"], facts["enrolled_on"])
        last = as_of + figures["ahead"] if fact.planned else as_of
        on = draws.day(f"further {fact.id}", first, last)
        there = self._there(fact, draws)
        # Whoever is enrolled later had no event yet; a fact that cannot be none has some day nevertheless.
        return where(there & (on <= last), on) if fact.nullable else on

    def _code(self, fact: Fact, draws: Draws, _facts: Facts, _as_of: int) -> Array:
        """The place of a code, or yes and no as 1 and 0; -1 where there is none."""
        figures = shares()["further"]
        if fact.kind == "boolean":
            weights = [1 - figures["yes"], figures["yes"]]
        else:
            others = max(len(fact.values) - 1, 1)
            weights = [figures["first"], *[(1 - figures["first"]) / others] * (len(fact.values) - 1)]
        place = draws.pick(f"further {fact.id}", weights)
        return np.where(self._there(fact, draws), place, -1).astype(np.int16)

    def kinds(self, facts: Facts, as_of: int) -> Facts:
        """The facts that members have who stand for others."""
        return {fact.id: _one_of_few(facts[fact.id], as_of) for fact in self.facts}


def _one_of_few(column: Array, as_of: int) -> Array:
    if column.dtype != np.float32:
        return column
    kind = np.sum([column > as_of + border for border in _BORDERS], axis=0)
    return where(np.isnan(column), NONE, as_of + np.asarray(_EXAMPLES)[kind])
