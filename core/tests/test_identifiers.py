"""Which numbers are refused as individual numbers, and which insurer's numbers are well-formed.

The check digit of 12345678901? by hand, from the right:
1*2 + 0*3 + 9*4 + 8*5 + 7*6 + 6*7 + 5*2 + 4*3 + 3*4 + 2*5 + 1*6 = 212 = 19*11 + 3, and 11 - 3 = 8.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from random import Random
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hokensha.facts import (
    folded,
    holds_individual_number,
    insurer_number_problem,
    is_individual_number,
    without_individual_numbers,
)

NUMBER = "123456789018"

bodies = st.text("0123456789", min_size=11, max_size=11)


def numbered(body: str) -> str:
    """The individual number that begins with ``body``."""
    return next(f"{body}{check}" for check in range(10) if is_individual_number(f"{body}{check}"))


# --- the individual number


def test_a_correct_check_digit_makes_an_individual_number() -> None:
    """The example worked by hand above."""
    assert is_individual_number(NUMBER)


@pytest.mark.parametrize("check", "012345679")
def test_any_other_check_digit_does_not(check: str) -> None:
    """Only one of the ten last digits fits."""
    assert not is_individual_number(f"12345678901{check}")


def test_remainder_zero_gives_check_digit_zero() -> None:
    """Sum 0: 11 - 0 would be 11, and is 0."""
    assert is_individual_number("000000000000")


def test_remainder_one_gives_check_digit_zero() -> None:
    """Sum 6*2 = 12 = 11 + 1: 11 - 1 would be 10, and is 0."""
    assert is_individual_number("000000000060")


@pytest.mark.parametrize(
    ("place", "weight"),
    [(1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7), (7, 2), (8, 3), (9, 4), (10, 5), (11, 6)],
)
def test_each_place_has_its_weight(place: int, weight: int) -> None:
    """A lone 1 in a place leaves its weight as the remainder, so the check digit is 11 minus that."""
    body = "0" * (11 - place) + "1" + "0" * (place - 1)
    assert is_individual_number(f"{body}{11 - weight}")


@pytest.mark.parametrize(
    "text",
    [
        "1234 5678 9018",
        "1234-5678-9018",
        " 123456789018 ",
        "１２３４５６７８９０１８",
        "１２３４\u30005678－9018",
        "1234\u22125678\u22129018",
    ],
)
def test_width_spaces_and_hyphens_are_seen_through(text: str) -> None:
    """However it is typed in Japan, it is the same number."""
    assert is_individual_number(text)


@pytest.mark.parametrize("text", ["", "12345678901", "1234567890180", "12345678901X", "no. 123456789018"])
def test_anything_but_twelve_digits_is_not_one(text: str) -> None:
    """Too short, too long, or with something else in it."""
    assert not is_individual_number(text)


@given(bodies)
def test_exactly_one_check_digit_fits_each_body(body: str) -> None:
    """The formula is a function of the first eleven digits."""
    assert sum(is_individual_number(f"{body}{check}") for check in range(10)) == 1


# --- an individual number inside a value


@pytest.mark.parametrize(
    "value",
    [
        NUMBER,
        123456789018,
        -123456789018,
        f"no. {NUMBER}",
        f"番号{NUMBER}です",
        f"{NUMBER}, 5",
        f"5 {NUMBER}",
        "tel 03-1234-5678, 1234 5678 9018",
        "1234 - 5678 - 9018",
        "１２３４　５６７８　９０１８",
        [None, ["x", NUMBER]],
        ("x", (NUMBER,)),
        {"x"} | {NUMBER},
        {"members": [{"id": "1", "note": {"more": f"<{NUMBER}>"}}]},
        {NUMBER: "x"},
        {"x": 123456789018},
    ],
)
def test_it_is_found_wherever_it_stands(value: object) -> None:
    """In text, in integers, in keys, at any depth."""
    assert holds_individual_number(value)


@pytest.mark.parametrize(
    "value", ["2025-04-01 1234 5678 9018", "1234-5678-9018 2025", "03-1234-5678 1234 5678 9018"]
)
def test_it_is_found_beside_digits_that_are_grouped_otherwise(value: str) -> None:
    """A day or a telephone number next to it does not hide it."""
    assert holds_individual_number(value)


@pytest.mark.parametrize("value", [True, False, None, 123456789018.0, b"123456789018", object()])
def test_values_of_other_kinds_never_hold_one(value: object) -> None:
    """Neither booleans nor floats nor objects unknown to JSON."""
    assert not holds_individual_number(value)


@pytest.mark.parametrize(
    "value",
    [f"{NUMBER}0", f"0{NUMBER}", "1234 5678 9018 0000", "1234-5678-9018-01", 1234567890180, "", {}, []],
)
def test_a_longer_run_of_digits_is_not_one(value: object) -> None:
    """Nor is part of it, nor part of a longer number in groups."""
    assert not holds_individual_number(value)


@pytest.mark.parametrize("value", ["123456789019", 123456789019, ["2025-12-01", "33120015", "0001", "01"]])
def test_ordinary_keys_and_days_pass(value: object) -> None:
    """Twelve digits alone are not enough, and separate values are never joined."""
    assert not holds_individual_number(value)


def test_an_integer_too_long_to_be_printed_is_looked_at_all_the_same() -> None:
    """Python refuses to turn more than 4,300 digits into text."""
    assert not holds_individual_number(10**5000)


def test_depth_is_no_hiding_place() -> None:
    """Nested deeper than Python's call stack."""
    value: object = NUMBER
    for _ in range(100_000):
        value = [value]
    assert holds_individual_number(value)


@given(bodies, st.sampled_from(["", " ", "-", "　", "－", " - "]), st.text("abc番号:,", max_size=5))
def test_grouping_and_surroundings_hide_nothing(body: str, separator: str, around: str) -> None:
    """Any individual number in groups of four, in any text without further digits."""
    number = numbered(body)
    grouped = separator.join((number[:4], number[4:8], number[8:]))
    assert holds_individual_number(json.loads(json.dumps({"id": f"{around}{grouped}{around}"})))


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text("abc-/ "), st.lists))
def test_values_without_digits_never_hold_one(value: object) -> None:
    """And looking never fails."""
    assert not holds_individual_number(value)


# --- however it is written

FOURS = ("1234", "5678", "9018")
SIGNS = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
INVISIBLE = [
    *(sign for sign in SIGNS if unicodedata.category(sign) in ("Cf", "Mn", "Me")),
    *"\u115f\u1160\u3164\uffa0\u2800",  # the fillers of Hangul, and Braille without a dot
]
GAPS = [sign for sign in SIGNS if unicodedata.category(sign)[0] in "PSZ"]
ZEROS = [ord(sign) for sign in SIGNS if unicodedata.decimal(sign, 1) == 0]
"""The nought of each script; its other digits follow."""


def test_no_invisible_sign_hides_it() -> None:
    """Neither between its groups nor within them: U+200B, U+00AD, U+FEFF, every accent."""
    assert len(INVISIBLE) > 1900
    for sign in INVISIBLE:
        assert holds_individual_number(sign.join(FOURS)), repr(sign)
        assert holds_individual_number(sign.join(NUMBER)), repr(sign)
        assert is_individual_number(sign.join(FOURS)), repr(sign)


def test_no_sign_between_groups_of_four_hides_it() -> None:
    """Points, strokes, boxes, wave dashes, currency: whatever stands for neither letter nor digit."""
    assert len(GAPS) > 6000
    hidden = [sign for sign in GAPS if not holds_individual_number(sign.join(FOURS))]
    lettered = [sign for sign in hidden if any(map(str.isalnum, unicodedata.normalize("NFKC", sign)))]
    assert lettered == hidden
    for gap in (".", "/", "・", "_", "─", "〜", "~", ":", " / ", "...", "･ ･"):
        assert holds_individual_number(f"番号{gap.join(FOURS)}です")
        assert is_individual_number(gap.join(FOURS))


def test_the_digits_of_every_script_are_digits() -> None:
    """In groups of their own, too."""
    assert len(ZEROS) > 60
    for zero in ZEROS:
        written = [chr(zero + int(digit)) for digit in NUMBER]
        assert holds_individual_number("".join(written))
        assert holds_individual_number("".join((*written[:4], "-5678-", *written[8:])))


@pytest.mark.parametrize(
    "text",
    [
        "一二三四五六七八九〇一八",
        "一二三四-五六七八-九零一八",
        "壱弐参肆伍陸漆捌玖零壱捌",
        "壹貳參四五六柒捌玖〇弌八",
        "12三4 5678 9〇18",
        "1234五六七八9018",
        "第三 1234 5678 9018",
        "三1234-5678-9018",
        "1234.5678-9018",
        "2025/04/01 1234/5678/9018",
        "v1 1234_5678・9018",
        "1234_5678_9019_0/1234.5678.9018",
    ],
)
def test_kanji_numerals_may_be_digits_or_words_beside_it(text: str) -> None:
    assert holds_individual_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "1234.5678.9018.0000",
        "0.1234.5678.9018",
        "1234....5678....9018",
        "1234a5678a9018",
        "123.456.789.018",
        "12.34.56.78.90.18",
        "1234丁5678番9018",
    ],
)
def test_other_groups_are_joined_by_spaces_and_dashes_only(text: str) -> None:
    """Nor are letters gaps, nor four signs."""
    assert not holds_individual_number(text)


def test_ordinary_keys_days_and_telephone_numbers_are_no_false_alarms() -> None:
    """Of what people write in such columns none that is not twelve digits by spaces and dashes alone."""
    draw = Random(5)
    forms = (
        *("03-####-####", "0#0-####-####", "(0##)###-####", "+81-#0-####-####", "0120.###.###"),
        *("0#0.####.####", "20##-##-## ##:##", "20##/##/##", "####.##.##-####", "#####-####"),
        *("K-####-####", "####/####", "##-###-######-#", "192.###.#.###:####", "###########"),
        "A####.####B####",
    )
    alarms = 0
    for _ in range(100_000):
        text = re.sub("#", lambda _: draw.choice("0123456789"), draw.choice(forms))
        twelve = len(re.findall("[0-9]", text)) == 12 and re.search("[-: ]", text)
        alarms += not twelve and holds_individual_number(text)
    assert alarms == 0


@pytest.mark.parametrize(
    "sign", ["\u0301", "1", "1 ", "1-", "1234.", "1234 5678-", "一", "\u200b", "あ", "⑫", "1234 5678-90.12"]
)
def test_looking_takes_time_that_grows_with_the_length(sign: str) -> None:
    """120,000 accents took eleven seconds where the whole text was normalised."""
    begun = perf_counter()
    holds_individual_number((sign * 120_000)[:120_000])
    assert perf_counter() - begun < 5


def test_each_that_stands_in_a_text_is_masked() -> None:
    text = f"a {NUMBER}, 1234.5678.9018 und 12\u200b34-5678-9018; 一二三四五六七八九〇一八"
    assert "a ****, **** und ****; ****" == without_individual_numbers(text, "****")
    assert "03-1234-5678" == without_individual_numbers("03-1234-5678")


# --- the insurer's number


@pytest.mark.parametrize(
    "text",
    [
        "33120015",  # 1*2 + 0*1 + 0*2 + 2*1 + 1*2 + 3*1 + 3*2 = 15, so 5
        "01130012",  # 1*2 + 0 + 0 + 3*1 + 1*2 + 1*1 + 0 = 8, so 2
        "138016",  # 1*2 + 0*1 + (8*2 = 16: 1 + 6) + 3*1 + 1*2 = 14, so 6
        "138040",  # 4*2 + 0*1 + (1 + 6) + 3*1 + 1*2 = 20, so 0
    ],
)
def test_a_well_formed_insurer_number_has_no_problem(text: str) -> None:
    """Eight digits, or six for municipal health insurance; worked by hand."""
    assert insurer_number_problem(text) is None


def test_a_wrong_check_digit_is_answered_with_the_right_one() -> None:
    """The reader learns which digit was expected."""
    assert insurer_number_problem("33120016") == "the check digit (the last) does not fit: expected 5"


@pytest.mark.parametrize("text", ["", "3312001", "331200155", NUMBER])
def test_a_wrong_length_is_answered_with_the_length_alone(text: str) -> None:
    """A number in the wrong place may be anything, even an individual number: it is not repeated."""
    assert insurer_number_problem(text) == (
        f"expected 8 digits, or 6 for municipal health insurance (国保), got {len(text)} characters"
    )


@pytest.mark.parametrize("text", ["3312001X", "３３１２００１５", "3312 015", "33-1200"])
def test_other_characters_are_a_problem(text: str) -> None:
    """Full-width digits too: what is kept must be what is printed and sent on."""
    assert insurer_number_problem(text) is not None


@given(st.text("0123456789", min_size=7, max_size=7) | st.text("0123456789", min_size=5, max_size=5))
def test_exactly_one_check_digit_fits_each_insurer(body: str) -> None:
    """And the problem of the others names it."""
    problems = [insurer_number_problem(f"{body}{check}") for check in range(10)]
    fitting = problems.index(None)
    assert problems.count(None) == 1
    assert all(problem is None or problem.endswith(f"expected {fitting}") for problem in problems)


@pytest.mark.parametrize(
    ("text", "plain", "kanji"),
    [
        ("1２⑬", "1213", "1213"),
        ("一a", "xx", "1x"),
        ("\u200b・\u3000ー_", ". -_", ". -_"),
    ],
)
def test_a_text_is_folded_sign_by_sign(text: str, plain: str, kanji: str):
    assert (plain, kanji) == (folded(text, kanji=False), folded(text, kanji=True))
