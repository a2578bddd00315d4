"""Which rows repeat the key of an earlier row: found by hashes, judged by the keys."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rolls import CATALOGUE

from hokensha.errors import MemberError
from hokensha_roll.intake import keys as intake_keys
from hokensha_roll.intake.keys import Keys, Repeated, knowing_repeated
from hokensha_roll.intake.opening import OpenRoll, open_roll
from hokensha_roll.intake.sizes import Sizes
from hokensha_roll.tool import Roll

USUAL = Sizes(block=4, piece=20)


def opened(folder: Path, text: str, sizes: Sizes = USUAL) -> OpenRoll:
    path = folder / "roll.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return open_roll(path, Roll(), CATALOGUE, sizes)


def repeated_lines(roll: OpenRoll) -> list[int]:
    """The lines of the rows that repeat a key."""

    def attempt(places: Sequence[int]) -> list[int]:
        rejected = [each for batch in roll.batches({}, places) for each in batch.rejected]
        return [each.line for each in rejected if each.reason == "the key of an earlier row"]

    with roll:
        return knowing_repeated(attempt)


def test_a_key_may_stand_once(tmp_path: Path):
    assert repeated_lines(opened(tmp_path, "id\nA\nB\nC\n")) == []


def test_all_but_the_first_row_of_a_key_repeat_it_wherever_they_stand(tmp_path: Path):
    """White space around a key is none of it; letters are alike for being wide, but not for being small."""
    text = "id\nA\nB\n A\nC\nB\t\na\nＡ\nA\n"
    assert repeated_lines(opened(tmp_path, text)) == [4, 6, 8, 9]


def test_rows_that_are_rejected_count_unless_they_have_no_key_or_too_many_cells(tmp_path: Path):
    text = "id,left_on\nA,soon\n,\n,\nA,\nB\nB,,\nB,\n=1,\n=1,\n"
    assert repeated_lines(opened(tmp_path, text)) == [5, 10]


@pytest.mark.parametrize("bits", [1, 2, 8])
def test_keys_that_only_look_alike_are_told_apart(tmp_path: Path, bits: int):
    """With a hash of few bits most keys collide; the keys themselves judge."""
    text = "id\n" + "".join(f"K{number}\n" for number in range(100)) + "K7\nK99\n"
    sizes = Sizes(block=16, piece=100, hash_bits=bits)
    assert repeated_lines(opened(tmp_path, text, sizes)) == [102, 103]


@settings(max_examples=100, deadline=None)
@given(
    ids=st.lists(st.sampled_from(["", "A", " A", "B", "C", "D" * 9, "D" * 10, "熊", "="]), max_size=30),
    sizes=st.builds(
        Sizes, block=st.integers(1, 9), piece=st.integers(1, 50), hash_bits=st.sampled_from([1, 2, 64])
    ),
    held=st.integers(1, 30),
    sorted_at_once=st.integers(1, 30),
    judged_at_once=st.integers(1, 5),
)
def test_any_keys(
    folder: Path, ids: list[str], sizes: Sizes, held: int, sorted_at_once: int, judged_at_once: int
):
    """However many hashes fit into memory."""
    seen: set[str] = set()
    expected = []
    for line, key in enumerate(ids, start=2):
        if key.strip() in seen:
            expected.append(line)
        seen.add(key.strip() or f"none on line {line}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake_keys, "_SORTED", sorted_at_once)
        patch.setattr(intake_keys, "_JUDGED", judged_at_once)
        patch.setattr(intake_keys, "_HELD", held)
        text = "id,symbol\n" + "".join(f"{key},S\n" for key in ids)
        assert repeated_lines(opened(folder, text, sizes)) == expected


def test_keys_of_a_folder_are_compared_across_its_files(tmp_path: Path):
    (tmp_path / "all").mkdir()
    for name, ids in (("1", ["A", "B"]), ("2", ["C", "A"])):
        pq.write_table(pa.table({"id": ids}), tmp_path / "all" / f"{name}.parquet", row_group_size=1)
    roll = open_roll(tmp_path / "all", Roll(), CATALOGUE)
    assert repeated_lines(roll) == [5]


def test_keys_that_rise_all_the_way_are_not_looked_for(tmp_path: Path):
    """Were they hashed to two numbers only, all of them would have to be read again."""
    roll = opened(tmp_path, "id\n" + "".join(f"K{n:03}\n" for n in range(100)), Sizes(block=7, hash_bits=1))
    with roll:
        for _ in roll.batches({}):
            (tmp_path / "roll.csv").write_text("id\nA\n", encoding="utf-8")


def test_many_hashes_wait_in_files_that_go_with_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(intake_keys, "_HELD", 4)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Keys() as keys:
        for first in range(0, 100, 5):
            keys.add(pl.Series([f"{(n * 7) % 90}" for n in range(first, first + 5)]))
        assert len([*tmp_path.rglob("*")]) > 20
        assert keys.repeated("", lambda: [pl.Series([f"{(n * 7) % 90}" for n in range(100)])]) == [
            *range(90, 100)
        ]
    assert not [*tmp_path.iterdir()]


def test_files_that_cannot_be_written_are_one_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(intake_keys, "_HELD", 1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with Keys() as keys, pytest.raises(MemberError, match="cannot be written: No such file or directory"):
        keys.add(pl.Series(["A"]))


def test_a_roll_that_became_shorter_is_refused(tmp_path: Path):
    """Between one look at it and the next."""
    roll = opened(tmp_path, "id\nA\nB\nA\n")
    batches = roll.batches({})
    next(batches)
    (tmp_path / "roll.csv").write_text("id\nA\nA\n", encoding="utf-8")
    with roll, pytest.raises(MemberError, match="was changed while it was read"):
        list(batches)


def test_places_are_told_where_all_rows_are_read(tmp_path: Path):
    with opened(tmp_path, "id\nA\nB\nA\n") as roll, pytest.raises(Repeated) as caught:
        list(roll.batches({}))
    assert caught.value.places == [2]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")
