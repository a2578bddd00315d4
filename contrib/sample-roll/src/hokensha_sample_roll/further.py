"""The facts that plugins and policies add: made up without knowing what they mean.

Each has streams of its own, so that a fact more leaves everything else as it was drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

import numpy as np
from attrs import evolve, frozen

from hokensha.facts import Fact, FactValue
from hokensha_sample_roll.days import Days, ago, in_days, latest, where
from hokensha_sample_roll.draws import Draws
from hokensha_sample_roll.people import Array
from hokensha_sample_roll.shares import shares
from hokensha_sample_roll.status import Facts

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

    def among(self, facts: Collection[str]) -> Further:
        """Only those that are among some facts."""
        return evolve(self, facts=tuple(fact for fact in self.facts if fact.id in facts))

    def settle(self, draws: Draws, facts: Facts, as_of: np.datetime64) -> None:
        """Make them up for some members."""
        for fact in self.facts:
            drawn = self._day if fact.kind == "day" else self._code
            facts[fact.id] = drawn(fact, draws, facts, as_of)

    def _there(self, fact: Fact, draws: Draws) -> Array:
        """Whether there is one: seldom, of what can be none."""
        share = shares()["further"]["there"] if fact.nullable and fact.id not in self.always else 1
        return draws.chance(f"further {fact.id} there", share)

    def _day(self, fact: Fact, draws: Draws, facts: Facts, as_of: np.datetime64) -> Days:
        """Around the as-of day, if it can be planned; else a day between the enrolment and the as-of day."""
        figures = shares()["further"]
        first = latest(ago(as_of, figures["ago"]), facts["enrolled_on"])
        last = as_of + in_days(figures["ahead"]) if fact.planned else as_of
        on = draws.day(f"further {fact.id}", first, last)
        there = self._there(fact, draws)
        # Whoever is enrolled later had no event yet; a fact that cannot be none has some day nevertheless.
        return where(there & (on <= last), on) if fact.nullable else on

    def _code(self, fact: Fact, draws: Draws, _facts: Facts, _as_of: np.datetime64) -> Array:
        """The place of a code, or yes and no as 1 and 0; -1 where there is none."""
        figures = shares()["further"]
        if fact.kind == "boolean":
            weights = [1 - figures["yes"], figures["yes"]]
        else:
            others = max(len(fact.values) - 1, 1)
            weights = [figures["first"], *[(1 - figures["first"]) / others] * (len(fact.values) - 1)]
        place = draws.pick(f"further {fact.id}", weights)
        return np.where(self._there(fact, draws), place, -1).astype(np.int16)

    # --- in coarse steps, to ask the rules about

    def steps(self, facts: Mapping[str, Array], as_of: np.datetime64) -> Iterator[Array]:
        """For each fact, the step on which each member stands; 0: there is none."""
        for fact in self.facts:
            column = facts[fact.id]
            if fact.kind == "day":
                from_as_of = (column - as_of).astype(np.int64)
                step = 1 + np.searchsorted(_BORDERS, from_as_of)
                yield np.where(np.isnat(column), 0, step)
            else:
                yield column.astype(np.int64) + 1

    def on_step(self, fact: Fact, step: int, on: date) -> FactValue:
        """What a member has who stands on a step."""
        if step == 0:
            return None
        if fact.kind == "day":
            return on + timedelta(days=_EXAMPLES[step - 1])
        return (fact.values or (False, True))[step - 1]
