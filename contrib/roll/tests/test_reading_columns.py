"""What is read at the speed of columns is what is read cell by cell: text, days; where rows end."""

from __future__ import annotations

import csv
import random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rolls import CATALOGUE

from hokensha.facts import UNKNOWN, holds_individual_number, is_individual_number
from hokensha_roll.frames import code_of
from hokensha_roll.intake.columns import Reader
from hokensha_roll.intake.pieces import split_end
from hokensha_roll.intake.readings import Reading
from hokensha_roll.tool import Column


def reading(fact: str, wanted: tuple[Any, ...] = (), **column: Any) -> Reading:
    return Reading(Reader(0, fact, CATALOGUE[fact], Column(fact, **column)), wanted)


def numbers(of: Reading, texts: list[str | None]) -> tuple[list[int], list[int]]:
    """The numbers of cells at first sight, and in the end."""
    cells = pl.DataFrame({"0": pl.Series(texts, dtype=pl.String)})
    written = of.written(pl.String())
    sound = written is not None and bool(cells.select(written).item())
    found = cells.select(of.numbers(pl.String(), written=sound)).to_series()
    first = found.to_list()
    return first, of.second_look(found, cells["0"]).to_list()


def expected(of: Reading, cell: str | None) -> int:
    """The number of a cell by the one definition."""
    try:
        value = of.reader.admit(cell)
    except ValueError:
        return of.bad
    if of.reader.fact.kind == "day":
        return code_of(value)
    return [*of.wanted, None, UNKNOWN, value].index(value)


def agree(of: Reading, texts: list[str | None]) -> None:
    """At first sight a number is right or bad; in the end it is right. What was learnt changes nothing."""
    right = [expected(of, text) for text in texts]
    for _ in range(3):
        first, last = numbers(of, texts)
        assert all(found in (of.bad, number) for found, number in zip(first, right, strict=True))
        assert last == right


# --- text


def test_ordinary_numbers_need_no_second_look():
    """Of one length or of several."""
    for texts in (["0000000001", "0000000002"], ["1", "22", "1234567890123"], ["123456789012345678"]):
        found = reading("id")
        assert found.bad not in numbers(found, texts)[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "1\u3000",
        "\t1",
        "1\x1f",
        "a\0b",
        "=1",
        "+1",
        "-1",
        "@1",
        "＝1",
        "①",
        "１",
        "ﾊﾝｶｸ",
        "1_0",
        "1e3",
    ],
)
@pytest.mark.parametrize("fact", ["id", "number"])
def test_what_is_odd_gets_a_second_look(fact: str, text: str):
    """It may be fit after all: full-width figures are."""
    found = reading(fact)
    first, last = numbers(found, ["0001", text, "0002"])
    assert first[1] == found.bad
    assert last == [expected(found, "1"), expected(found, text), expected(found, "2")]


@pytest.mark.parametrize("separator", ["", " ", "-", " - ", "　", "ー", "−", "\u2010"])
@pytest.mark.parametrize("around", ["{}", "K{}", "{}K", "熊{}", "(04) {}", "x{} y"])
def test_an_individual_number_never_slips_through(separator: str, around: str):
    """In figures of either width, in groups, beside other text, however often it was met before."""
    found = reading("number")
    for digits in ("123456789018", "１２３４５６７８９０１８"):
        grouped = separator.join((digits[:4], digits[4:8], digits[8:]))
        cell = around.format(grouped)
        assert holds_individual_number(cell)
        agree(found, ["12", cell, "123456789012", cell])


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
    found = reading("number")
    for texts in (single, sample):
        assert [number == found.bad for number in numbers(found, list(texts))[1]] == [
            is_individual_number(text) for text in texts
        ]


def test_letters_that_are_passed_over_stand_for_nothing_else():
    """U+4000 to U+9FFF: beside figures, at the beginning, at the end, none of them changes what a key is."""
    found = reading("id")
    letters = [chr(code) for code in range(0x4000, 0xA000)]
    agree(found, [text for sign in letters for text in (sign, f"{sign}1", f"1{sign}", f"12345678901{sign}8")])


TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=16),
    st.text(st.sampled_from("0123456789-K 熊+　"), max_size=18),
    st.text(st.sampled_from("0123456789"), min_size=10, max_size=20),
    st.from_regex(r"[0-9]{8}", fullmatch=True),
    st.sampled_from(["12345678", "123456789018", "00000000", "1234 5678 9018", "06130991", "", " "]),
    st.none(),
)


@settings(max_examples=500, deadline=None)
@given(
    texts=st.lists(TEXTS, max_size=20),
    column=st.sampled_from(
        [{}, {"digits": 8}, {"digits": 12}, {"digits": 13}, {"digits": 20}, {"empty": "unknown"}]
    ),
    fact=st.sampled_from(["id", "number", "insurer_number"]),
    wanted=st.sampled_from([(), ("12345678", "熊"), ("06130991",)]),
)
def test_any_texts(texts: list[str | None], column: dict[str, Any], fact: str, wanted: tuple[str, ...]):
    """Whatever stands beside them."""
    agree(reading(fact, wanted, **column), texts)


@settings(max_examples=200, deadline=None)
@given(
    texts=st.lists(
        st.one_of(st.sampled_from(["1", "2", " 1", "3", "１", "true", "TRUE", "", "held"]), TEXTS),
        max_size=20,
    ),
    column=st.sampled_from([{}, {"values": {"1": "held", "2": "none"}}, {"empty": "unknown"}]),
)
def test_any_codes(texts: list[str | None], column: dict[str, Any]):
    agree(reading("my_number_card", CATALOGUE["my_number_card"].values, **column), texts)


def test_of_many_codes_each_is_known():
    """More than are compared with one after the other."""
    codes = {f"{n:03}": f"S{n}" for n in range(500)}
    agree(reading("symbol", ("S1", "S400"), values=codes), [*codes, "x", "001 ", None])


# --- days


@pytest.mark.parametrize(
    ("form", "pattern"),
    [("iso", "{:04}-{:02}-{:02}"), ("yyyymmdd", "{:04}{:02}{:02}"), ("yyyy/mm/dd", "{:04}/{:02}/{:02}")],
)
def test_days_in_figures_are_those_of_the_scalar_definition(form: str, pattern: str):
    """Every year, month and day that matters, in all combinations, alone and beside others."""
    years = [0, 1, 4, 100, 400, 999, 1000, 1900, 1969, 1970, 1971, 1999, 2000, 2023, 2024, 9999]
    texts: list[str | None] = [
        pattern.format(year, month, day)
        for year in years
        for month in (*range(15), 99)
        for day in (0, 1, 2, *range(27, 34), 99)
    ]
    for cells in (texts, [*texts, "", None, "x"], [None], []):
        agree(reading("birth_date", form=form), cells)
    for text in texts:
        agree(reading("birth_date", form=form), [text])


@settings(max_examples=500, deadline=None)
@given(
    texts=st.lists(
        st.builds(
            lambda text, place, sign, more: text[:place] + sign + text[place + more :],
            st.sampled_from(
                [
                    "2026-11-21",
                    "2026-01-02",
                    "20261121",
                    "2026/11/21",
                    "2026/1/2",
                    "10183-9-26",
                    "0026-01-01",
                    "令和8年11月1日",
                ]
            ),
            st.integers(0, 10),
            st.sampled_from(["", *"0159 +-/.:TZ\t\n年５", "-1", " 1", "\x85", "　"]),
            st.integers(0, 2),
        ),
        max_size=3,
    ),
    form=st.sampled_from(["iso", "yyyymmdd", "yyyy/mm/dd", "wareki"]),
    empty=st.sampled_from(["none", "unknown"]),
    fillers=st.sampled_from([(), ("2026-11-21", "20261121")]),
)
def test_what_is_nearly_a_day(texts: list[str | None], form: str, empty: str, fillers: tuple[str, ...]):
    """What other readers would take for one: spaces, signs, figures left out, other dashes."""
    agree(reading("left_on", form=form, empty=empty, fillers=fillers), texts)


def test_days_by_era_are_read_each_once():
    agree(
        reading("birth_date", form="wareki"), ["S55.5.5", "昭和55年5月5日", "3550505", "S99.1.1", None] * 20
    )


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
