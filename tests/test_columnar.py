"""Many members at once are decided as each of them is by itself, field by field."""

import json
import random
from datetime import date, timedelta
from functools import cache

import pytest
from every_policy import POLICIES, path_of
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hokensha.engine import decide
from hokensha.facts import Member
from hokensha.features import Steps
from hokensha.partial import seen_on, variables
from hokensha.policy import open_rulebook
from hokensha_roll import Carried, Engine, block_of

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
    """For each dated fact the days at which an atom turns, and the days beside them."""
    rulebook, found = rulebook_of(policy), {}
    roots = [root for question in engine_of(policy, on).questions for root in question.roots]
    for variable in variables(roots):
        day = seen_on(rulebook.vocabulary, variable, on)
        classify = rulebook.vocabulary.atoms.classifier(variable.feature, day)
        if isinstance(classify, Steps):
            found.setdefault(variable.facts[0], set()).update(
                cut + timedelta(days=n) for cut in classify.cuts for n in (-1, 0, 1)
            )
    return {fact: sorted(days) for fact, days in found.items()}


def said_of_each(policy, members, on):
    """What ``decide`` says of each member by itself."""
    for member in members:
        decision = decide(rulebook_of(policy), member, on)
        yield list(decision.issuances), list(decision.returns), decision.missing


def said_at_once(policy, members, on):
    outcome = engine_of(policy, on).decide(block_of(members, rulebook_of(policy).catalogue))
    found = [([], [], ()) for _ in members]
    for place, listed in enumerate((outcome.issuances, outcome.returns)):
        for row, record in zip(listed.rows, listed.record, strict=True):
            found[row][place].append(listed.records[record])
    for row, record in zip(outcome.undetermined.rows, outcome.undetermined.record, strict=True):
        found[row] = (*found[row][:2], outcome.undetermined.records[record])
    assert outcome.decided == sum(1 for *_, missing in found if not missing)
    return found


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
    assert list(said_of_each(policy, members, on)) == said_at_once(policy, members, on)


@pytest.mark.parametrize("policy", POLICIES)
@settings(deadline=None, max_examples=25, phases=(Phase.generate,))
@given(seed=st.integers(0, 2**32), on=st.sampled_from(DAYS), unknown=st.sampled_from((0.0, 0.05)))
def test_once_everything_owed_is_issued_nothing_is_owed_any_more(policy, seed, on, unknown):
    draw = random.Random(seed)
    members = [a_member(draw, policy, on, number, unknown) for number in range(40)]
    state = Carried(block_of(members, rulebook_of(policy).catalogue))
    engine = engine_of(policy, on)
    first = engine.decide(state.block)
    state.carry_out(first.issuances, on)
    owed = zip(first.issuances.rows, first.issuances.record, strict=True)
    # To holders of an old card, the mass issuance of July sends a certificate: also to those who just got it.
    carded = {row for row, record in owed if first.issuances.records[record].document.id == CARD}
    assert not set(engine.decide(state.block).issuances.rows) - carded
