"""Situations met before: what is remembered is what the rules say, and it does not pile up."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from by_rules import by_the_rules

import hokensha_standard as standard
from hokensha import Plugin, features
from hokensha.engine import Answering, answering, decide, decided, deciding
from hokensha.errors import PluginError
from hokensha.facts import UNKNOWN, Member
from hokensha.features import Order
from hokensha.policy import Rulebook, Terms
from hokensha.rules import Basis, Decision
from hokensha.text import Label
from hokensha_standard import CERTIFICATE

declare = Plugin()

ON = date(2025, 10, 15)
"""A day of the mass issuance."""
CITES = ("source",)
OF_CERTIFICATE = {"document": CERTIFICATE}
EX_OFFICIO = Terms(CITES, basis=Basis.EX_OFFICIO)
OFTEN = 10
"""From so many questions about a day on, the next is answered from memory if it can be."""


def known(facts: Mapping[str, Any]) -> Member:
    """The member of these facts, those unknown left out."""
    return Member("m1", {fact: value for fact, value in facts.items() if value is not UNKNOWN})


def remembered(rulebook: Rulebook, on: date) -> Answering:
    """The situations of a day, which has been asked about often."""
    found = deciding._memory(rulebook, on).answering
    assert found is not None
    return found


@pytest.fixture
def anew(small_with: Callable[..., Any]) -> Callable[..., Rulebook]:
    """The small rulebook as if nobody had asked it yet, or as if many had on each of some days."""

    def make(*often: date, **other: Any) -> Rulebook:
        rulebook: Rulebook = small_with(**other).rulebook
        ordinary = small_with().member()
        for on in often:
            for _ in range(OFTEN):
                decide(rulebook, ordinary, on)
            remembered(rulebook, on)
        return rulebook

    return make


@pytest.fixture
def forgetful(anew: Callable[..., Rulebook]) -> Callable[[Member, date], Decision]:
    """What the rules themselves say of a member, remembering nothing."""
    rulebook = anew()

    return partial(by_the_rules, rulebook)


def values(rulebook: Rulebook, facts: Sequence[str], on: date) -> dict[str, list[Any]]:
    """What each fact may be: days near to those that matter, none, every code, and not known."""
    days = [on + timedelta(days=n) for n in (-400, -32, -1, 0, 1, 32, 400)]
    days += [date(2025, 7, 30), date(2025, 7, 31), date(2025, 8, 1), date(1950, 10, 15), date(1950, 10, 16)]
    found: dict[str, list[Any]] = {}
    for fact in (rulebook.catalogue[each] for each in facts):
        of_kind = {"day": days, "boolean": [True, False], "code": [*fact.values], "text": ["1"]}[fact.kind]
        found[fact.id] = [*of_kind, *([None] if fact.nullable else []), UNKNOWN]
    return found


def drawn(rulebook: Rulebook, ordinary: Mapping[str, Any], on: date, count: int) -> Iterator[Member]:
    """Members whose facts are mostly the ordinary ones, whether or not they can stand together."""
    draw = random.Random(7)
    possible = values(rulebook, [fact for fact in ordinary if fact != "id"], on)
    for _ in range(count):
        changed = draw.sample(sorted(possible), draw.randint(0, 8))
        yield known({**ordinary, **{fact: draw.choice(possible[fact]) for fact in changed}})


# --- the same decisions


@pytest.mark.parametrize("on", [ON, date(2025, 9, 30), date(2028, 8, 31)])
def test_whether_a_situation_was_met_before_or_not_the_decision_is_the_same(anew, forgetful, small, on):
    rulebook = anew(on)
    members = list(drawn(rulebook, small.facts, on, 400))
    for member in members + members[::-1]:
        assert decided(rulebook, member, on) == forgetful(member, on)
    assert len(remembered(rulebook, on)._met) > 100


def test_none_not_known_and_a_day_are_told_apart_whichever_comes_first(anew, forgetful, small):
    """Members who differ in one fact, and in nothing else."""
    rulebook = anew(ON)
    lost = {**small.facts, "my_number_card": "lost"}
    for facts in (small.facts, lost):
        for fact, choices in values(rulebook, [fact for fact in facts if fact != "id"], ON).items():
            some = [choices[0], choices[3 % len(choices)], choices[-2], UNKNOWN]
            for order in permutations(dict.fromkeys(some)):
                remembered(rulebook, ON)._met.clear()
                remembered(rulebook, ON)._said.clear()
                for value in order:
                    member = known({**facts, fact: value})
                    assert decided(rulebook, member, ON) == forgetful(member, ON), (fact, order)


def test_orders_of_two_days_are_told_apart(anew, forgetful, small):
    """A certificate was issued, came back and is asked for: each before, on and after another's day."""
    rulebook = anew(ON)
    days = [ON - timedelta(days=2), ON - timedelta(days=1), ON, ON + timedelta(days=1), None, UNKNOWN]
    for issued in days:
        for returned in days:
            for requested in days:
                member = known(
                    {
                        **small.facts,
                        "my_number_card": "lost",
                        "eligibility_certificate_issued_on": issued,
                        "eligibility_certificate_returned_on": returned,
                        "certificate_requested_on": requested,
                    }
                )
                assert decide(rulebook, member, ON) == forgetful(member, ON)


def test_days_that_are_answered_are_those_of_the_member(anew, small):
    """Two in the same situation, whose cards end on different days."""
    rulebook = anew(ON)
    ends = (date(2028, 5, 5), date(2028, 6, 6), date(2028, 5, 5))
    said = [
        decide(rulebook, small.member(electronic_certificate_expires_on=end), ON).to_json("en")
        for end in ends
    ]
    days = [each["my_number_insurance_card"]["valid_until"]["date"] for each in said]
    assert days == ["2028-08-31", "2028-09-30", "2028-08-31"]
    assert len(remembered(rulebook, ON)._met) == 1


def test_each_day_has_its_own_situations(anew, forgetful, small):
    """Asked about by turns; what lies ahead on one day has happened on another."""
    days = [ON, ON + timedelta(days=1), ON + timedelta(days=2), date(2025, 12, 2)]
    rulebook = anew(*days)
    members = list(drawn(rulebook, small.facts, ON, 60))
    members.append(small.member(my_number_card="lost", certificate_requested_on=days[1]))
    for member in members:
        for on in days:
            assert decided(rulebook, member, on) == forgetful(member, on)


# --- when it is remembered


def counted(anew: Callable[..., Rulebook], *often: date) -> tuple[Rulebook, list[object]]:
    """A rulebook with a trigger that notes each time that it is asked."""
    asked: list[object] = []

    def test(s):
        asked.append(s)
        return s[standard.CARD] is standard.Card.LOST

    trigger = declare.trigger("counted", "x", "x", **OF_CERTIFICATE)(test)
    return anew(*often, triggers={trigger: EX_OFFICIO}), asked


def test_once_a_day_is_known_no_rule_is_asked_about_it(anew, small):
    """Nor where the situation is a new one: what rules say was found out of every situation at once."""
    rulebook, asked = counted(anew, ON)
    before = len(asked)
    lost, renewing = (small.member(my_number_card=code) for code in ("lost", "renewing"))
    assert [issuance.trigger for issuance in decide(rulebook, lost, ON).issuances] == ["counted"]
    assert "counted" not in [issuance.trigger for issuance in decide(rulebook, renewing, ON).issuances]
    assert len(asked) == before > 0


def test_nothing_is_remembered_of_a_day_that_is_asked_about_only_a_few_times(anew, small, monkeypatch):
    """Telling situations apart takes all diagrams, which is more than a few decisions do."""
    explored = []
    made = deciding._explored
    monkeypatch.setattr(deciding, "_explored", lambda *given: explored.append(given) or made(*given))
    rulebook = anew()
    for _ in range(3):
        for n in range(30):
            decide(rulebook, small.member(), ON + timedelta(days=n))
    assert explored == []
    assert deciding._memory(rulebook, ON).answering is None
    for _ in range(OFTEN):
        decide(rulebook, small.member(), ON)
    assert len(explored) == 1


def test_a_rule_that_raises_does_so_every_time(anew, small):
    def test(s):
        if s[standard.CARD] is standard.Card.LOST:
            raise ValueError("no luck")
        return False

    trigger = declare.trigger("broken", "x", "x", **OF_CERTIFICATE)(test)
    rulebook = anew(ON, triggers={trigger: EX_OFFICIO})
    for member in (small.member(my_number_card="lost"), small.member(without=("my_number_card",))):
        for _ in range(3):
            with pytest.raises(PluginError, match=r"rule 'broken' .* raised ValueError: no luck"):
                decide(rulebook, member, ON)
    assert decide(rulebook, small.member(), ON).issuances == ()


# --- how much is remembered


def test_the_situations_of_a_day_do_not_pile_up(anew, forgetful, small, monkeypatch):
    monkeypatch.setattr(answering, "_MOST", 5)
    rulebook = anew(ON)
    found = remembered(rulebook, ON)
    most = 0
    for member in drawn(rulebook, small.facts, ON, 150):
        assert decided(rulebook, member, ON) == forgetful(member, ON)
        assert max(len(found._met), len(found._said)) <= 5
        most = max(most, len(found._met))
    assert most == 5


def test_the_days_that_are_asked_about_do_not_pile_up(anew, forgetful, small):
    rulebook = anew()
    seen = set()
    for n in range(20):
        on = ON + timedelta(days=n)
        for _ in range(OFTEN + 2):
            assert decide(rulebook, small.member(), on) == forgetful(small.member(), on)
            seen.add(len(deciding._days(rulebook).kept))
    assert max(seen) <= deciding._MOST_DAYS < 20


def test_days_asked_about_in_turn_are_remembered_though_not_all_can_be(anew, small):
    """With two more than are kept, the last asked about would else drive out the next, every time."""
    rulebook = anew()
    days = [ON + timedelta(days=n) for n in range(deciding._MOST_DAYS + 2)]
    for _ in range(OFTEN):
        for on in days:
            decide(rulebook, small.member(), on)

    kept = [on for on in days if deciding._memory(rulebook, on).answering is not None]
    assert deciding._MOST_DAYS == len(kept)


def test_a_day_asked_about_very_often_takes_the_place_of_another(anew, small):
    days = [ON + timedelta(days=n) for n in range(deciding._MOST_DAYS)]
    rulebook, later = anew(*days), ON + timedelta(days=100)
    for _ in range(deciding._OFTEN):
        decide(rulebook, small.member(), later)

    assert remembered(rulebook, later)
    assert deciding._memory(rulebook, days[0]).answering is None


def test_what_lies_ahead_is_not_taken_for_past_where_there_is_nothing_to_compare_it_with(anew, small):
    renamed, moved = "name_change_received_on", "branch_transferred_on"
    order = Order("renamed-since-move", Label("x", "x"), tuple(features.Sequence), renamed, moved)
    trigger = declare.trigger("never", "x", "x", **OF_CERTIFICATE)(
        lambda s: s[order] is features.Sequence.NEVER
    )
    rulebook = anew(ON, triggers={trigger: EX_OFFICIO})
    for day, owed in ((ON, False), (ON + timedelta(days=1), True), (ON, False)):
        decision = decide(rulebook, small.member(**{renamed: day, moved: None}), ON)
        assert bool(decision.issuances) is owed
