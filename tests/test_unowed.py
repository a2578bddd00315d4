"""What a run counts and lists besides is what single decisions say, of known and of unknown facts."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest
from every_policy import POLICIES, path_of

from hokensha.engine import advice, decide
from hokensha.facts import Member, parse_member
from hokensha.policy import open_rulebook
from hokensha_roll.frames import frame_of
from hokensha_roll.keys.engine import Engine

DAYS = (date(2025, 7, 15), date(2025, 10, 15), date(2026, 11, 21))


def members_of(policy, rulebook):
    """The policy's members, each also without one of its facts, taken in turn."""
    raw = json.loads(path_of(policy).with_name("members.json").read_text(encoding="utf-8"))
    for number, each in enumerate(raw):
        member = parse_member(each, rulebook.catalogue)
        yield member
        facts = [fact for fact in member.facts if fact != "id"]
        for place in range(number % 3, len(facts), 3):
            rest = {fact: value for fact, value in member.facts.items() if fact != facts[place]}
            yield Member(f"{member.id} without {facts[place]}", rest)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_reasons_are_counted_that_single_decisions_give(policy):
    rulebook = open_rulebook(str(path_of(policy)))
    members = list(members_of(policy, rulebook))
    for on in DAYS:
        engine = Engine(rulebook, on, besides=True)
        frame = frame_of(members, engine.wanted, rulebook.catalogue)
        for _ in range(2):  # what is counted once is counted again
            outcome = engine.decide(frame, frame["id"])
        expected = Counter(
            (silent.document.id, silent.because)
            for member in members
            for silent in decide(rulebook, member, on).not_owed
        )
        assert {each: 2 * count for each, count in expected.items()} == dict(engine.not_owed())

        assert outcome.stranded
        listed = [members[row] for row in outcome.stranded.rows]
        assert {each.id for each in listed} <= {m.id for m in members if advice(rulebook, m, on).needed}
        assert {m.id for m in members if " without " not in m.id and advice(rulebook, m, on).needed} == {
            m.id for m in listed if " without " not in m.id
        }
        for row, record in zip(outcome.stranded.rows, outcome.stranded.record, strict=True):
            told = [bound.rule.id for bound in advice(rulebook, members[row], on).remedies]
            assert set(outcome.stranded.records[record].first) <= set(told)
