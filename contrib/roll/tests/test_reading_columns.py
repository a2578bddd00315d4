"""What is read at the speed of columns is what is read cell by cell: text, days, hashes, ends of rows."""

from __future__ import annotations

import csv
import random
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import CATALOGUE

from hokensha.facts import is_individual_number
from hokensha_cli.wareki import parse_day
from hokensha_roll.columns import Reader
from hokensha_roll.intake.bytecells import cells_of
from hokensha_roll.intake.cutting import split_end
from hokensha_roll.intake.hashing import hashes
from hokensha_roll.intake.texts import Suspects
from hokensha_roll.intake.writtendays import days_written
from hokensha_roll.tool import Column

EPOCH = date(1970, 1, 1).toordinal()


def flagged(texts: list[str], *, digits: int | None = None, formulas: bool = True) -> list[bool]:
    """Which of these texts need a second look."""
    found = Suspects(formulas=formulas, digits=digits, empty=True).of(cells_of(pa.array(texts, pa.string())))
    return [False] * len(texts) if found is None else found.tolist()


# --- text


def test_ordinary_keys_need_no_second_look():
    """Of one length or of several, with letters and with kanji."""
    assert not any(flagged(["0000000001", "0000000002"]))
    assert not any(flagged(["A1", "A-22", "B 3", "熊本12345", "1234567890123"]))


@pytest.mark.parametrize(
    "text",
    ["", " 1", "1 ", "1\u3000", "\t1", "1\x1f", "a\0b", "=1", "+1", "-1", "@1", "＝1", "①", "１", "ﾊﾝｶｸ"],
)
def test_what_is_odd_gets_a_second_look(text: str):
    """It may be fit after all: full-width figures are."""
    assert flagged(["0001", text, "0002"]) == [False, True, False]


@pytest.mark.parametrize(
    "text",
    ["123456789018", "K123456789018", "123456789018K", "1234-5678-9018", "12345678 9018", "熊123456789018"],
)
def test_an_individual_number_gets_a_second_look(text: str):
    """Wherever it stands, as long as all of it stands in one cell."""
    assert flagged(["123456789012", text, "1234567890", "18"]) == [False, True, False, False]
    assert flagged([text]) == [True]


def test_the_check_digit_is_that_of_the_scalar_definition():
    """The remainder is linear in the digits: every digit in every place, and a sample, tell all."""
    single = [
        f"{digit * 10**place:011d}{check}"
        for place in range(11)
        for digit in range(10)
        for check in range(10)
    ]
    drawn = random.Random(1)
    sample = [f"{drawn.randrange(10**12):012d}" for _ in range(20_000)]
    for texts in (single, sample):
        assert flagged(texts) == [is_individual_number(text) for text in texts]
        assert flagged([*texts, "x"])[:-1] == [is_individual_number(text) for text in texts]


def test_letters_that_are_passed_over_stand_for_nothing_else():
    """U+4000 to U+9FFF: beside figures, at the beginning, at the end, none of them changes what a key is."""
    reader = Reader(0, "id", CATALOGUE["id"], Column("id"))
    letters = [chr(code) for code in range(0x4000, 0xA000)]
    texts = [text for sign in letters for text in (sign, f"{sign}1", f"1{sign}", f"12345678901{sign}8")]
    assert not any(flagged(texts))
    assert [reader.admit(text) for text in texts] == texts


@settings(max_examples=300, deadline=None)
@given(
    texts=st.lists(
        st.one_of(
            st.text(max_size=16),
            st.text(st.sampled_from("0123456789-K 熊"), max_size=18),
            st.from_regex(r"[0-9]{8}", fullmatch=True),
            st.sampled_from(["12345678", "123456789018", "00000000"]),
        ),
        max_size=20,
    ),
    digits=st.sampled_from([None, 8]),
    fact=st.sampled_from(["id", "number"]),
)
def test_what_gets_no_second_look_is_fit_as_it_stands(texts: list[str], digits: int | None, fact: str):
    """Whatever stands beside it."""
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    reader = Reader(0, fact, CATALOGUE[fact], Column(fact, digits=digits))
    for text, suspect in zip(texts, flagged(texts, digits=digits, formulas=fact == "id"), strict=True):
        assert suspect or reader.admit(text) == text


# --- days


@pytest.mark.parametrize(("form", "pattern"), [("iso", "{:04}-{:02}-{:02}"), ("yyyymmdd", "{:04}{:02}{:02}")])
def test_days_in_figures_are_those_of_the_scalar_definition(form, pattern):
    """Every year, month and day that matters, in all combinations, beside cells of other lengths."""
    years = [0, 1, 4, 100, 400, 1900, 1969, 1970, 1971, 1999, 2000, 2023, 2024, 9999]
    texts = [
        pattern.format(year, month, day)
        for year in years
        for month in (*range(15), 99)
        for day in (0, 1, 2, *range(27, 34), 99)
    ]
    texts += [pattern.format(2026, 11, 21).replace("1", sign, 1) for sign in "/:-a\0 "]
    for cells in ([*texts, ""], [*texts, "", "x"], texts[-1:]):
        codes, others = days_written(cells_of(pa.array(cells, pa.string())), form, -5)
        for place, cell in enumerate(cells):
            try:
                expected = parse_day(cell, form).toordinal() - EPOCH if cell else -5
            except ValueError:
                assert others is not None
                assert others[place]
            else:
                assert others is None or not others[place]
                assert codes[place] == expected


# --- hashes


def hashed(texts: list[str], bits: int = 64) -> list[int]:
    return hashes(cells_of(pa.array(texts, pa.string())), bits).tolist()


def test_a_hash_is_that_of_the_key_alone():
    """Not of its neighbours, its place or their lengths."""
    keys = ["", "a", "a\0", "\0a", "aaaaaaaa", "aaaaaaaaa", "熊本県後期高齢者医療広域連合", "x" * 1000]
    together = hashed(keys)
    assert [hashed([key])[0] for key in keys] == together
    assert hashed(["zz", *keys])[1:] == together
    assert hashed(keys * 3000)[-len(keys) :] == together
    assert len(set(together)) == len(keys)


def test_only_an_empty_key_has_the_hash_0():
    """However few bits count."""
    keys = ["", *map(str, range(1000))]
    for bits in (1, 2, 10):
        found = hashed(keys, bits)
        assert found[0] == 0
        assert min(found[1:]) == 1
        assert max(found) < 2**bits


@pytest.mark.parametrize("pattern", ["{:08}", "{:010}", "{}", "K{:015}", "{:012}-01", "{}" + "x" * 60])
def test_like_keys_have_unlike_hashes(pattern: str):
    """Keys that are counted up differ in few bits.

    Of 200,000, no two collide; in half of the bits, 5 pairs would by chance, and 25 would be a wonder.
    """
    found = hashed([pattern.format(number) for number in range(200_000)])
    assert len(set(found)) == 200_000
    assert len({value & 0xFFFFFFFF for value in found}) > 200_000 - 25
    assert len({value >> 32 for value in found}) > 200_000 - 25


# --- ends of rows


@pytest.mark.parametrize(
    ("data", "end", "plain"),
    [
        (b"a,b\nc,d\ne", 8, True),
        (b"a,b", 0, False),
        (b'"a","b"\n"c', 8, True),
        (b'"a\n', 0, False),
        (b'1,2\n"a\n', 4, True),
        (b'"a\nb",1\n2', 8, True),
        (b'"a""\n",1\n2', 9, True),
        (b'a"b,1\n2,3\n4', 10, False),
        (b'a"b,"1\n2",3\n4', 12, False),
        (b'"a"b,1\n2,3\n4', 12, False),
        (b'"a" ,1\n2,3\n', 11, False),
    ],
)
def test_csv_is_cut_where_a_row_ends(data: bytes, end: int, plain: bool):
    """A line feed within quotes ends none; where quotes are at odd places, the strict reader judges."""
    for place in range(len(data)):
        rows, found, left = split_end(data[:place], data[place:])
        assert (len(rows), rows + left) == (end, data)
        assert found is plain or not rows


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from('a,"\n'), max_size=40))
def test_cut_or_whole_the_rows_are_the_same(text: str):
    """Whatever is cut off, the strict reader reads the two parts as it reads the whole."""
    rows, _, left = split_end(b"", text.encode())
    whole, first, second = strictly(text), strictly(rows.decode()), strictly(left.decode())
    if None not in (whole, first, second):
        assert first + second == whole
    if whole is not None:
        assert first is not None
        assert second is not None


def strictly(text: str) -> list[list[str]] | None:
    try:
        return list(csv.reader(text.splitlines(keepends=True), strict=True))
    except csv.Error:
        return None


def test_an_empty_column_is_a_column():
    """No rows are no special case."""
    assert flagged([]) == []
    assert hashed([]) == []
    assert days_written(cells_of(pa.array([], pa.string())), "iso", 0)[0].dtype == np.int32
