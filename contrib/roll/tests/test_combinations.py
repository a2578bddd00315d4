"""What turned up before is known again, one by one or many at once: the same places either way."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from hokensha_roll.frames import NONE_DAY
from hokensha_roll.keys import places
from hokensha_roll.keys.places import Places


class Seen:
    """Combinations of two columns, told apart by hand."""

    def __init__(self) -> None:
        self.places = Places(["a", "b"])
        self.expected: dict[tuple[int, ...], int] = {}
        self.further: tuple[int, ...] = ()

    def shows(self, rows: Sequence[tuple[int, int]]) -> None:
        """Rows have the places in which their combinations first turned up; new ones are told once."""
        told: list[tuple[int, ...]] = []
        keys = [(*row, *self.further) for row in rows]
        frame = pl.DataFrame(keys, self.places.columns, orient="row").cast(pl.Int32)
        found = self.places.of(frame, lambda new: told.extend(new.select(self.places.columns).iter_rows()))
        new = [key for key in dict.fromkeys(keys) if key not in self.expected]
        self.expected.update({key: len(self.expected) + at for at, key in enumerate(new)})
        assert new == told
        assert [self.expected[key] for key in keys] == found.to_list()
        assert len(self.expected) == self.places.count


ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12)


@settings(deadline=None, max_examples=60)
@given(
    batches=st.lists(ROWS, max_size=6), few=st.sampled_from([0, 3, 6, 12]), kept=st.sampled_from([0, 5, 99])
)
def test_a_combination_has_one_place_however_it_is_looked_up(batches, few, kept):
    """Batches of so many rows are joined, smaller ones looked up; where more are known, all are joined."""
    usual = places._FEW, places._KEPT
    places._FEW, places._KEPT = few, kept
    try:
        seen = Seen()
        for rows in batches:
            seen.shows(rows)
    finally:
        places._FEW, places._KEPT = usual


def test_what_turned_up_before_further_days_counted_has_none_of_them():
    seen = Seen()
    seen.shows([(1, 2), (3, 4)])
    seen.places.add_days(["day"])
    seen.expected = {(*key, NONE_DAY): place for key, place in seen.expected.items()}
    seen.further = (NONE_DAY,)
    seen.shows([(3, 4), (5, 6), (1, 2)])
    seen.further = (20_000,)
    seen.shows([(3, 4)])
