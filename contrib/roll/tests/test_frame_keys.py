"""The keys of frames: what polars computes is each member's key, and what was met before is found again."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import polars as pl
import pytest
from every_policy import POLICIES, path_of
from made_up import a_member

from hokensha.engine import BEFORE, SINCE, Answering, Axis, Keys, OrderAxis, parts
from hokensha.facts import UNKNOWN, FactValue, Member, Unknown
from hokensha.features import Order
from hokensha.features import Sequence as Compared
from hokensha.policy import Rulebook, open_rulebook
from hokensha.text import Label
from hokensha_roll.frames import NONE_DAY, UNKNOWN_DAY, code_of, day_of, frame_of
from hokensha_roll.keys.expressions import FIRST_NEAR, LAST_NEAR, FrameKeys
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


def drawn(policy: str, count: int) -> list[Member]:
    """Members full of days at which something turns, and of far ones."""
    draw, keys = random.Random(7), frame_keys(policy).keys
    catalogue = rulebook_of(policy).catalogue
    return [a_member(draw, keys, catalogue, ON, draw.choice((0.0, 0.1, 0.3))) for _ in range(count)]


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


def compared(*frames: pl.DataFrame) -> tuple[list[list[int]], list[date | None]]:
    """The digits of one order, that of the day after another; and of which days it was asked."""
    asked: list[date | None] = []

    def since(day: date | None) -> date | None:
        asked.append(day)
        return None if day in (None, date.max) else day + timedelta(days=1)

    atom = Order("later", Label("x", "x"), tuple(Compared), "one", "other")
    axes = Axis("one", dated=True), Axis("other", dated=True)
    keys = FrameKeys(Keys(axes, (OrderAxis(atom, "one", "other", ON, True, since),)))
    weight = axes[0].size * axes[1].size
    return [(keys.of(frame)["key0"] // weight).to_list() for frame in frames], asked


def rows(*cells: tuple[FactValue | Unknown, FactValue | Unknown]) -> pl.DataFrame:
    codes = [("m", code_of(one), code_of(other)) for one, other in cells]
    schema = {"id": pl.String, "one": pl.Int32, "other": pl.Int32}
    return pl.DataFrame(codes, schema=schema, orient="row")


def test_an_order_is_asked_once_for_each_day_near_enough():
    days = [date(1860, 1, 1), date(1969, 12, 31), date(1970, 1, 1), ON, date(2230, 12, 31)]
    frames = [rows(*((day + timedelta(days=1), day) for day in some)) for some in (days[:2], days, days * 3)]
    found, asked = compared(*frames)
    assert found == [[SINCE] * frame.height for frame in frames]
    assert sorted(filter(None, asked)) == days


def test_a_fact_is_compared_with_the_day_that_counts_from_the_other():
    found, _ = compared(rows((ON, ON), (ON + timedelta(days=1), ON), (date.min, ON), (date.max, ON)))
    assert found == [[BEFORE, SINCE, BEFORE, SINCE]]


@pytest.mark.parametrize("other", [date.min, date(1859, 12, 31), date(2231, 1, 1), date(9999, 12, 30)])
def test_days_that_are_far_are_compared_too(other: date):
    found, _ = compared(rows((other, other), (other + timedelta(days=1), other), (ON, ON), (None, other)))
    assert found == [[BEFORE, SINCE, BEFORE, 0]]


@pytest.mark.parametrize("nothing", [None, UNKNOWN])
def test_there_is_nothing_to_compare_with_what_is_none_or_not_known(nothing: Unknown | None):
    found, asked = compared(rows((ON, nothing), (nothing, ON), (nothing, nothing)))
    assert found == [[0, 0, 0]]
    assert asked == []


def test_a_day_from_which_no_day_counts_has_none_to_compare_with():
    found, _ = compared(rows((ON, date.max), (date.max, date.max)))
    assert found == [[0, 0]]


# --- what was met before


def test_places_are_numbered_as_they_turn_up_and_found_again():
    met: list[list[tuple[Any, ...]]] = []
    places = Places(["one", "other"])

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
    assert Places(["one"]).of(frame, lambda _: pytest.fail("nothing is new")).to_list() == []


def test_days_that_begin_to_count_did_not_count_before():
    places = Places(["key"])
    plain = pl.DataFrame({"key": [1, 2]})
    assert places.of(plain, lambda _: None).to_list() == [0, 1]
    places.add_days(["left_on"])
    for day, expected in ((NONE_DAY, [0, 1]), (code_of(ON), [2, 3]), (NONE_DAY, [0, 1])):
        rows = plain.with_columns(left_on=pl.lit(day, pl.Int32))
        assert places.of(rows, lambda _: None).to_list() == expected


# --- numbers for days


@pytest.mark.parametrize("day", [*FAR, date(1969, 12, 31), date(1970, 1, 1), ON])
def test_a_day_is_read_again_from_its_number(day: date):
    assert day_of(code_of(day)) == day
    assert code_of(day) < NONE_DAY < UNKNOWN_DAY
    assert (FIRST_NEAR <= code_of(day) <= LAST_NEAR) is (1860 <= day.year <= 2230)


def test_none_and_what_is_not_known_have_numbers_too():
    assert (day_of(NONE_DAY), day_of(UNKNOWN_DAY)) == (None, UNKNOWN)
    assert (code_of(None), code_of(UNKNOWN)) == (NONE_DAY, UNKNOWN_DAY)
