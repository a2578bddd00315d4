"""Situation keys: what they tell apart of members, and that they settle all but the days that are said."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from operator import mul
from typing import Any

import pytest
from by_rules import by_the_rules
from every_policy import POLICIES, path_of
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from made_up import a_member

from hokensha.engine import BEFORE, SINCE, Answering, Axis, Keys, OrderAxis, parts
from hokensha.facts import UNKNOWN, FactValue, Member, parse_member
from hokensha.features import Order, Sequence
from hokensha.policy import Rulebook, open_rulebook
from hokensha.rules import Decision
from hokensha.text import Label

ON = date(2025, 10, 15)
DAY = timedelta(days=1)
DAYS = [date(2024, 12, 2), date(2025, 7, 20), date(2025, 7, 31), ON, date(2026, 11, 21), date(2028, 2, 29)]


@cache
def rulebook_of(policy: str) -> Rulebook:
    return open_rulebook(str(path_of(policy)))


@cache
def keys_of(policy: str, on: date) -> Keys:
    return Answering(rulebook_of(policy), parts(rulebook_of(policy), on), on).keys


@cache
def usual(policy: str) -> list[dict[str, Any]]:
    """The facts of the policy's members."""
    raw = json.loads(path_of(policy).with_name("members.json").read_text(encoding="utf-8"))
    return [dict(parse_member(each, rulebook_of(policy).catalogue).facts) for each in raw]


# --- the class of a fact


def test_a_day_lies_in_the_class_that_begins_on_it_or_before():
    axis = Axis("left_on", cuts=(ON, ON + 9 * DAY), dated=True)
    days = (date.min, ON - DAY, ON, ON + 8 * DAY, ON + 9 * DAY, date.max)
    assert [axis.place(day) for day in days] == [0, 0, 1, 1, 2, 2]
    assert (axis.place(None), axis.place(UNKNOWN), axis.classes, axis.size) == (3, 4, 3, 5)


def test_a_fact_at_which_nothing_turns_is_told_to_be_known_none_or_unknown():
    axis = Axis("left_on", dated=True)
    assert [axis.place(value) for value in (date.min, date.max, None, UNKNOWN)] == [0, 0, 1, 2]


def test_each_code_is_a_class():
    axis = Axis("card", values=("none", "held"))
    assert [axis.place(value) for value in ("none", "held", None, UNKNOWN)] == [0, 1, 2, 3]
    assert axis.size == 4


def test_a_text_that_nobody_asks_for_is_any_other():
    axis = Axis("branch", values=("1", "31"), text=True)
    assert [axis.place(value) for value in ("1", "31", None, UNKNOWN, "3", "", "31 ")] == [
        0,
        1,
        2,
        3,
        4,
        4,
        4,
    ]
    assert axis.size == 5


# --- the order of two facts


def order(*, planned: bool = False) -> OrderAxis:
    """Whether a fact came before the day after another, or since."""
    atom = Order("later", Label("x", "x"), tuple(Sequence), "one", "other")
    return OrderAxis(
        atom, "one", "other", ON, planned, lambda day: day + DAY if day and day < date.max else None
    )


def test_a_fact_comes_before_the_day_that_counts_from_the_other_or_since():
    days = [(ON - DAY, ON - DAY), (ON, ON - DAY), (date.min, ON), (ON, date.min)]
    assert [order().place(*each) for each in days] == [BEFORE, SINCE, BEFORE, SINCE]


@pytest.mark.parametrize("nothing", [None, UNKNOWN])
def test_there_is_nothing_to_compare_with_what_is_none_or_unknown(nothing):
    assert [order().place(*each) for each in ((nothing, ON), (ON, nothing), (nothing, nothing))] == [0, 0, 0]


def test_what_lies_ahead_has_not_happened_unless_it_is_planned():
    ahead = (ON + DAY, ON - DAY)
    assert (order().place(*ahead), order(planned=True).place(*ahead)) == (0, SINCE)


def test_a_day_from_which_no_day_counts_is_not_compared_with():
    assert order(planned=True).place(ON, date.max) == 0


# --- the number


def members_of(policy: str) -> list[Member]:
    draw, keys, catalogue = random.Random(3), keys_of(policy, ON), rulebook_of(policy).catalogue
    return [a_member(draw, keys, catalogue, ON, draw.choice((0, 0.2))) for _ in range(200)]


def digit(axis: Axis | OrderAxis, member: Member) -> int:
    read = member.read
    return (
        axis.place(read(axis.fact))
        if isinstance(axis, Axis)
        else axis.place(read(axis.fact), read(axis.base))
    )


@pytest.mark.parametrize("policy", POLICIES)
def test_a_key_is_the_digits_of_all_facts_and_orders_the_first_being_the_least(policy):
    keys = keys_of(policy, ON)
    for member in members_of(policy):
        digits = [digit(axis, member) for axis in (*keys.axes, *keys.orders)]
        weights = (1, *accumulate(keys.sizes(), mul))
        key = keys.key(member.facts)
        assert key == sum(place * weight for place, weight in zip(digits, weights, strict=False))
        assert keys.digits(key) == (*digits, 0)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_words_of_a_key_hold_all_its_digits(policy):
    keys = keys_of(policy, ON)
    for member in members_of(policy):
        words = (sum(digit(axis, member) * weight for axis, weight in word) for word in keys.words())
        key = keys.key(member.facts)
        assert keys.split(key) == tuple(words)
        assert keys.joined(keys.split(key)) == key


def test_a_policy_may_need_more_than_one_word():
    assert len(keys_of("tokyo-mutual-aid/policy.toml", ON).words()) == 2


def wide(*sizes: int) -> Keys:
    """Facts of so many codes each, but for none and unknown."""
    return Keys(
        tuple(Axis(f"fact{n}", values=tuple(map(str, range(size - 2)))) for n, size in enumerate(sizes)), ()
    )


def test_a_word_is_as_full_as_a_number_below_two_to_the_63_can_be():
    assert [len(word) for word in wide(*[1 << 9] * 7).words()] == [7]
    assert [len(word) for word in wide(*[1 << 9] * 8).words()] == [7, 1]
    assert [len(word) for word in wide(*[1 << 9] * 6, (1 << 9) + 1).words()] == [6, 1]
    assert [weight for _, weight in wide(4, 5, 6).words()[0]] == [1, 4, 20]


def test_the_greatest_key_is_split_and_no_word_is_too_great():
    keys = wide(*[1 << 9] * 16)
    greatest = keys.split((1 << 9 * 16) - 1)
    assert greatest == ((1 << 63) - 1, (1 << 63) - 1, (1 << 18) - 1)


def test_where_nothing_is_asked_everybody_has_the_one_key():
    keys = Keys((), ())
    assert (keys.key({"left_on": ON}), keys.words(), keys.split(0)) == (0, ((),), (0,))


# --- what a key settles


def but_for_days(decision: Decision) -> object:
    """What is decided, but for the days that are said and what goes with them."""
    return (
        decision.missing,
        decision.usable,
        decision.card_valid_until is None,
        decision.grounds,
        [(each.document, frozenset(each.cites)) for each in decision.issuances],
        decision.returns,
        [(each.document, each.valid) for each in decision.documents],
    )


def moved(draw: random.Random, keys: Keys, facts: dict[str, FactValue]) -> dict[str, FactValue]:
    """The facts of somebody with the same key: some days are others of their classes."""
    key = keys.key(facts)
    dated = [axis for axis in keys.axes if isinstance(facts.get(axis.fact), date)]
    for axis in draw.sample(dated, min(4, len(dated))):
        place = axis.place(facts[axis.fact])
        first, last = (date(1900, 1, 1), *axis.cuts)[place], (*axis.cuts, date(2100, 1, 1))[place] - DAY
        chosen = draw.choice((first, last, first + draw.random() * (last - first)))
        if first <= last and keys.key({**facts, axis.fact: chosen}) == key:
            facts = {**facts, axis.fact: chosen}
    return facts


@pytest.mark.parametrize("policy", POLICIES)
@settings(deadline=None, max_examples=40, phases=(Phase.generate,))
@given(seed=st.integers(0, 2**32), on=st.sampled_from(DAYS))
def test_members_with_one_key_are_decided_alike_but_for_the_days_that_are_said(policy, seed, on):
    draw, keys = random.Random(seed), keys_of(policy, on)
    facts = dict(draw.choice(usual(policy)))
    made = a_member(draw, keys, rulebook_of(policy).catalogue, on, 0).facts
    facts |= {fact: made[fact] for fact in draw.sample(sorted(made), 8)}
    alike = (facts, *(moved(draw, keys, facts) for _ in range(6)))
    decisions = [by_the_rules(rulebook_of(policy), Member("m", each), on) for each in alike]
    assert [but_for_days(decision) for decision in decisions] == [but_for_days(decisions[0])] * 7
