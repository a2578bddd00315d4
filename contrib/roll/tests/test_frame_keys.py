"""The keys of frames: what polars computes is each member's key, and what was met before is found again."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import polars as pl
import pytest
from every_policy import POLICIES, path_of

from hokensha.engine import Answering, OrderAxis, parts
from hokensha.facts import UNKNOWN, FactValue, Member, Unknown
from hokensha.features import Order
from hokensha.features import Sequence as Compared
from hokensha.policy import Rulebook, open_rulebook
from hokensha.text import Label
from hokensha_roll.frames import NONE_DAY, UNKNOWN_DAY, code_of, day_of, frame_of
from hokensha_roll.keys.expressions import FIRST_NEAR, LAST_NEAR, FrameKeys, Since
from hokensha_roll.keys.places import Places

ON = date(2025, 7, 31)
FAR = (date.min, date(1859, 12, 31), date(1860, 1, 1), date(2230, 12, 31), date(2231, 1, 1), date.max)
"""Days at the ends of the table of an order, and beyond."""


@cache
def rulebook_of(policy: str) -> Rulebook:
    return open_rulebook(str(path_of(policy)))


@cache
def frame_keys(policy: str) -> FrameKeys:
    return FrameKeys(Answering(rulebook_of(policy), parts(rulebook_of(policy), ON), ON).keys)


def framed(policy: str, members: Sequence[Member]) -> pl.DataFrame:
    wanted = {axis.fact: axis.values for axis in frame_keys(policy).keys.axes}
    return frame_of(members, wanted, rulebook_of(policy).catalogue)


def values(policy: str) -> Mapping[str, list[FactValue | Unknown]]:
    """For each fact its values, those that count most and those that are far off; and unknown."""
    near = [ON + timedelta(days=n) for n in (-400, -31, -1, 0, 1, 31)]
    found: dict[str, list[FactValue | Unknown]] = {}
    for axis in frame_keys(policy).keys.axes:
        beside = [cut + timedelta(days=n) for cut in axis.cuts for n in (-1, 0)]
        found[axis.fact] = [*axis.values, *([*beside, *near, *FAR] if axis.dated else []), UNKNOWN]
        if rulebook_of(policy).catalogue[axis.fact].nullable:
            found[axis.fact].append(None)
    return found


def drawn(policy: str, count: int) -> list[Member]:
    draw, possible = random.Random(7), values(policy)
    made = []
    for number in range(count):
        facts = {fact: draw.choice(some) for fact, some in possible.items()}
        known = {fact: value for fact, value in facts.items() if not isinstance(value, Unknown)}
        made.append(Member(f"m{number}", known))
    return made


# --- keys


@pytest.mark.parametrize("policy", POLICIES)
def test_the_key_of_a_row_is_that_of_its_member(policy: str):
    frames, members = frame_keys(policy), drawn(policy, 1000)
    found = frames.of(framed(policy, members))
    assert found.rows() == [frames.keys.split(frames.keys.key(member.facts)) for member in members]


@pytest.mark.parametrize("policy", POLICIES)
def test_the_key_of_a_row_without_some_columns_is_that_of_its_member(policy: str):
    frames, draw = frame_keys(policy), random.Random(7)
    for member in drawn(policy, 30):
        absent = draw.sample([axis.fact for axis in frames.keys.axes], 8)
        known = {fact: value for fact, value in member.facts.items() if fact not in absent}
        frame = framed(policy, [Member("m", known)])
        assert not {*absent} & {*frame.columns}
        assert frames.of(frame).rows() == [frames.keys.split(frames.keys.key(known))]


@pytest.mark.parametrize("policy", POLICIES)
def test_what_a_row_says_of_its_member_is_read_again(policy: str):
    frames, members = frame_keys(policy), drawn(policy, 100)
    frame = framed(policy, members)
    rows = pl.Series([3, 1, 99], dtype=pl.UInt32)
    assert list(frames.members(frame, rows)) == [members[3], members[1], members[99]]


def test_a_frame_without_rows_has_no_keys():
    assert frame_keys(POLICIES[0]).of(framed(POLICIES[0], [])).rows() == []


# --- the days that orders compare with


def order(asked: list[Any]) -> OrderAxis:
    """It compares with the day after, and notes of which days it was asked."""

    def since(day: date | None) -> date | None:
        asked.append(day)
        return None if day in (None, date.max) else day + timedelta(days=1)

    atom = Order("later", Label("x", "x"), tuple(Compared), "one", "other")
    return OrderAxis(atom, "one", "other", ON, False, since)


def codes(*days: FactValue | Unknown) -> pl.Series:
    return pl.Series([code_of(day) for day in days], dtype=pl.Int32)


def test_an_order_is_asked_once_for_each_day_near_enough():
    asked: list[Any] = []
    days = [date(1860, 1, 1), date(1969, 12, 31), date(1970, 1, 1), ON, date(2230, 12, 31)]
    since = Since(order(asked))
    for some in (days[:2], days, days[::-1], days * 3):
        assert since.of(codes(*some)).to_list() == [code_of(day) + 1 for day in some]
    assert sorted(asked) == days


def test_there_is_nothing_to_compare_with_what_is_none_or_not_known():
    asked: list[Any] = []
    assert Since(order(asked)).of(codes(None, UNKNOWN, None)).to_list() == [NONE_DAY] * 3
    assert asked == []


def test_where_an_order_has_no_day_to_compare_with_it_says_so_again():
    atom = order([])
    nothing = OrderAxis(atom.order, "one", "other", ON, False, lambda _: None)
    since = Since(nothing)
    assert [since.of(codes(ON)).to_list() for _ in range(2)] == [[NONE_DAY]] * 2


# --- what was met before


def test_places_are_numbered_as_they_turn_up_and_found_again():
    met: list[list[tuple[Any, ...]]] = []
    places = Places(("one", "other"))

    def of(*rows: tuple[int, int]) -> list[int]:
        frame = pl.DataFrame(list(rows), schema={"one": pl.UInt64, "other": pl.Int32}, orient="row")
        return places.of(frame.with_row_index("row"), lambda new: met.append(new.rows())).to_list()

    assert of((5, -1), (5, 2), (5, -1)) == [0, 1, 0]
    assert of((7, 2), (5, 2), (1 << 62, 2), (7, 2)) == [2, 1, 3, 2]
    assert of((1 << 62, 2), (5, -1)) == [3, 0]
    assert met == [[(0, 5, -1), (1, 5, 2)], [(0, 7, 2), (2, 1 << 62, 2)]]
    assert places.count == 4


def test_no_rows_have_no_places():
    frame = pl.DataFrame(schema={"one": pl.UInt64})
    assert Places(("one",)).of(frame, lambda _: pytest.fail("nothing is new")).to_list() == []


# --- numbers for days


@pytest.mark.parametrize("day", [*FAR, date(1969, 12, 31), date(1970, 1, 1), ON])
def test_a_day_is_read_again_from_its_number(day: date):
    assert day_of(code_of(day)) == day
    assert code_of(day) < NONE_DAY < UNKNOWN_DAY
    assert (FIRST_NEAR <= code_of(day) <= LAST_NEAR) is (1860 <= day.year <= 2230)


def test_none_and_what_is_not_known_have_numbers_too():
    assert (day_of(NONE_DAY), day_of(UNKNOWN_DAY)) == (None, UNKNOWN)
    assert (code_of(None), code_of(UNKNOWN)) == (NONE_DAY, UNKNOWN_DAY)
