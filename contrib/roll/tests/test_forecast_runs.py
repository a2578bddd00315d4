"""The runs of a forecast ask few members, and count what asking everybody each time comes to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import polars as pl
import pytest
from every_policy import POLICIES, path_of

from hokensha.engine import carried_out, parts
from hokensha.facts import UNKNOWN, Fact, Member, parse_member
from hokensha.policy import Rulebook, open_rulebook
from hokensha_roll.forecasting import Counted, Runs
from hokensha_roll.frames import Batch, frame_of
from hokensha_roll.keys.engine import Engine

FIRST, LAST = date(2025, 6, 1), date(2027, 12, 31)
DAYS = (LAST - FIRST).days


def drawn(chance: Random, rulebook: Rulebook, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a member, some of them others, or unknown."""
    for fact in rulebook.catalogue.facts.values():
        kind = chance.random()
        if kind < 0.04:
            facts.pop(fact.id, None)
        elif kind < 0.2:
            facts[fact.id] = value(chance, fact)
    return {fact: each for fact, each in facts.items() if each is not UNKNOWN}


def value(chance: Random, fact: Fact) -> Any:
    """Some value of a fact; a day lies where the runs are, or a birthday or two before them."""
    if fact.kind == "day":
        if fact.nullable and chance.random() < 0.5:
            return None
        day = FIRST + timedelta(days=chance.randrange(DAYS))
        return day.replace(year=day.year - chance.choice((75, 85)), day=1) if fact.id == "birth_date" else day
    values = (False, True) if fact.kind == "boolean" else fact.values
    return chance.choice(values) if values else UNKNOWN


def one_by_one(rulebook: Rulebook, members: Sequence[Member], days: Sequence[date]) -> Counted:
    """What comes of asking every member on each day, and writing down what was issued."""
    due: Counter[tuple[str, str, str]] = Counter()
    undetermined = set()
    for member in members:
        facts: dict[str, Any] = dict(member.facts)
        for on in days:
            asked = Member(member.id, {fact: each for fact, each in facts.items() if each is not UNKNOWN})
            for part in (part for part in parts(rulebook, on) if part.kind == "issuance"):
                issuance, missing = part.answer(asked, on, named=False)
                if missing:
                    undetermined.add(member.id)
                if issuance is not None:
                    due[f"{on:%Y-%m}", issuance.document.id, issuance.trigger or ""] += 1
                    facts.update(carried_out(issuance, on))
    return Counted(due, len(undetermined), 0)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("policy", POLICIES)
def test_runs_count_what_asking_everybody_each_time_gives(policy: str, seed: int):
    rulebook, chance = open_rulebook(str(path_of(policy))), Random(f"{policy} {seed}")
    raw = json.loads(path_of(policy).with_name("members.json").read_text(encoding="utf-8"))
    usual = [dict(parse_member(each, rulebook.catalogue).facts) for each in raw]
    members = [
        Member(f"A{place}", drawn(chance, rulebook, dict(chance.choice(usual)))) for place in range(40)
    ]
    start = date(2026, 11, 1) if seed else date(2025, 6, 25)
    days = [start + timedelta(days=7 * week + chance.randrange(3)) for week in range(14)]

    runs = Runs(tuple(Engine(rulebook, day, only_owed=True) for day in days))
    frame = frame_of(members, runs.wanted, rulebook.catalogue)
    lines = pl.int_range(2, len(members) + 2, dtype=pl.UInt32, eager=True)
    found = runs.count(Batch(len(members), frame, lines))

    assert found == one_by_one(rulebook, members, days)
    assert found.due
    assert found.undetermined
