"""From a member to its key, and from the key to somebody who has it."""

import random
from datetime import date
from functools import cache

import pytest
from every_policy import POLICIES, path_of
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from made_up import a_member

from hokensha.engine import Answering, example, parts
from hokensha.errors import HokenshaError
from hokensha.policy import open_rulebook

DAYS = [date(2024, 12, 2), date(2025, 7, 10), date(2025, 12, 2), date(2026, 7, 31), date(2026, 11, 21)]


@cache
def rulebook_of(policy):
    return open_rulebook(str(path_of(policy)))


@cache
def keys_of(policy, on):
    rulebook = rulebook_of(policy)
    return Answering(rulebook, parts(rulebook, on), on).keys


@pytest.mark.parametrize("policy", POLICIES)
@settings(deadline=None, max_examples=25, phases=(Phase.generate,))
@given(seed=st.integers(0, 2**32), on=st.sampled_from(DAYS), unknown=st.sampled_from((0.0, 0.1)))
def test_somebody_is_found_who_has_a_members_key(policy, seed, on, unknown):
    draw, keys = random.Random(seed), keys_of(policy, on)
    for _ in range(40):
        key = keys.key(a_member(draw, keys, rulebook_of(policy).catalogue, on, unknown).facts)

        assert key == keys.key(example(keys, key).facts)


@pytest.mark.parametrize("policy", POLICIES)
@settings(deadline=None, max_examples=10, phases=(Phase.generate,))
@given(seed=st.integers(0, 2**32), on=st.sampled_from(DAYS))
def test_also_one_with_some_of_that_members_days(policy, seed, on):
    draw, keys = random.Random(seed), keys_of(policy, on)
    for _ in range(40):
        member = a_member(draw, keys, rulebook_of(policy).catalogue, on, 0.1)
        known = [axis.fact for axis in keys.axes if isinstance(member.facts.get(axis.fact), date)]
        days = {fact: member.facts[fact] for fact in known if draw.random() < 0.5}
        key = keys.key(member.facts)

        found = example(keys, key, {fact: (day, day) for fact, day in days.items()})

        assert key == keys.key(found.facts)
        assert days == {fact: found.facts[fact] for fact in days}


def test_a_key_that_nobody_has_is_an_error():
    keys = keys_of(POLICIES[0], DAYS[0])
    order = next(order for order in keys.orders if order.fact != order.base)
    none = {axis.fact: None for axis in keys.axes}
    weight = 1
    for axis in (*keys.axes, *keys.orders):
        if axis is order:
            break
        weight *= axis.size

    for key in (keys.key(none) + weight, keys.key(none) + 3 ** len(keys.orders) * weight * 10**6, -1):
        with pytest.raises(HokenshaError, match="no member has this key"):
            example(keys, key)
