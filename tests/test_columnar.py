"""Many members at once are decided as each of them is by itself, field by field."""

import json
import random
from datetime import date, timedelta
from functools import cache

import pytest
from each_and_all import of_all, of_each
from every_policy import POLICIES, path_of
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hokensha.facts import Member
from hokensha.policy import open_rulebook
from hokensha_roll import Engine, carried, frame_of

CARD = "health-insurance-card"
DAYS = [
    *(date(2024, 12, 1), date(2024, 12, 2), date(2025, 2, 28), date(2025, 7, 10), date(2025, 7, 31)),
    *(date(2025, 8, 1), date(2025, 10, 11), date(2025, 12, 1), date(2025, 12, 2), date(2026, 3, 31)),
    *(date(2026, 7, 15), date(2026, 7, 31), date(2026, 8, 1), date(2026, 11, 21), date(2028, 2, 29)),
]


@cache
def rulebook_of(policy):
    return open_rulebook(str(path_of(policy)))


@cache
def engine_of(policy, on):
    return Engine(rulebook_of(policy), on)


@cache
def days_that_matter(policy, on):
    """For each dated fact the days at which something turns, and the days beside them."""
    axes = engine_of(policy, on).answering.keys.axes
    return {
        axis.fact: sorted({cut + timedelta(days=n) for cut in axis.cuts for n in (-1, 0, 1)}) for axis in axes
    }


def a_value(draw, policy, on, fact):
    """A value of a fact: mostly one near to where something turns."""
    if fact.kind == "boolean":
        return draw.choice((False, True))
    if fact.kind == "code":
        return draw.choice(fact.values)
    if fact.nullable and draw.random() < 0.4:
        return None
    if fact.kind == "text":
        return draw.choice(("1", "31"))
    days = [
        *days_that_matter(policy, on).get(fact.id, ()),
        on,
        on - timedelta(days=1),
        on + timedelta(days=1),
    ]
    near = draw.choice(days)
    if draw.random() < 0.3:
        return date(draw.choice((1868, 1944, 1951, 1990, 2024, 2025, 2026, 2031)), draw.randint(1, 12), 1)
    return near


def a_member(draw, policy, on, number, unknown):
    """A member in whom each fact is unknown with the chance ``unknown``; some have most facts as usual."""
    facts = {"id": f"m{number}"}
    usual = draw.choice(json.loads(path_of(policy).with_name("members.json").read_text(encoding="utf-8")))
    keep = draw.choice((0.0, 0.5, 0.9))
    for fact in rulebook_of(policy).catalogue.facts.values():
        if fact.id == "id" or draw.random() < unknown:
            continue
        value = usual.get(fact.id)
        if fact.id not in usual or draw.random() >= keep:
            facts[fact.id] = a_value(draw, policy, on, fact)
        else:
            facts[fact.id] = date.fromisoformat(value) if fact.kind == "day" and value else value
    return Member(f"m{number}", facts)


@pytest.mark.parametrize("policy", POLICIES)
@settings(deadline=None, max_examples=25, phases=(Phase.generate,))
@given(seed=st.integers(0, 2**32), on=st.sampled_from(DAYS), unknown=st.sampled_from((0.0, 0.0, 0.03, 0.15)))
def test_members_at_once_are_decided_as_each_by_itself(policy, seed, on, unknown):
    draw = random.Random(seed)
    members = [a_member(draw, policy, on, number, unknown) for number in range(40)]
    if draw.random() < 0.3:  # some facts are known of nobody: a roll without these columns
        absent = {fact for member in members for fact in member.facts if draw.random() < 0.01} - {"id"}
        facts = [{f: v for f, v in member.facts.items() if f not in absent} for member in members]
        members = [Member(member.id, kept) for member, kept in zip(members, facts, strict=True)]
    assert list(of_each(rulebook_of(policy), members, on)) == of_all(engine_of(policy, on), members)


@pytest.mark.parametrize("policy", POLICIES)
@settings(deadline=None, max_examples=25, phases=(Phase.generate,))
@given(seed=st.integers(0, 2**32), on=st.sampled_from(DAYS), unknown=st.sampled_from((0.0, 0.05)))
def test_once_everything_owed_is_issued_nothing_is_owed_any_more(policy, seed, on, unknown):
    draw = random.Random(seed)
    members = [a_member(draw, policy, on, number, unknown) for number in range(40)]
    engine = engine_of(policy, on)
    frame = frame_of(members, engine.wanted, rulebook_of(policy).catalogue)
    first = engine.decide(frame, frame["id"]).issuances
    again = engine.decide(carried(frame, first, on), frame["id"]).issuances
    owed = [*zip(first.rows, first.record, strict=True)]
    # To holders of an old card, the mass issuance of July sends a certificate: also to those who just got it.
    carded = {row for row, record in owed if first.records[record].document.id == CARD}
    # What Kumamoto issues by July 2025 for one lost or a changed detail ends on the 31st; July's follows it.
    untils = [(row, first.records[record].valid_until) for row, record in owed]
    ends = {row for row, until in untils if until is not None and until.last() == date(2025, 7, 31)}
    assert not set(again.rows) - carded - ends
