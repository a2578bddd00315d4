"""Spark finds the individual numbers that the core finds, however they are written, and no others."""

import random
import sys
import unicodedata

import pytest

pytest.importorskip("pyspark", reason="there is no Spark: `tox -e spark` has one")

from pyspark.sql import functions as sf

from hokensha.facts import holds_individual_number
from hokensha_spark.local import table
from hokensha_spark.numbers import first_individual_number

NUMBER = "123456789018"
TEXTS = [
    *(NUMBER, f"x{NUMBER}y", f"1{NUMBER}", f"{NUMBER}1", "123456789012", "12345678901", "", None, "名前"),
    *("1234 5678 9018", "1234-5678-9018", "1234ー5678ー9018", "1234 5678\u30009018"),
    *("1234  -5678 9018", "1234    5678 9018", "2025-04-01 1234 5678 9018", "03-1234-5678", "100㎡"),
    *("1234.5678.9018", "1234.5678.9018.1", "3/1234.5678.9018", "3.1234.5678.9018", "12345.678.9018"),
    *("１２３４５６７８９０１８", "１２３４－５６７８－９０１８", "①②③④⑤⑥⑦⑧⑨⓪①⑧"),
    *("٣٤٥", "𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟎𝟏𝟖", "⑫㉞56789018", "⑫㉞㊾⑱⑫⑱", "½3456789018", "½345678901⒏", "🄁23456789018"),
    *(
        "一二三四五六七八九〇一八",
        "一234567890一8",
        "第一1234 5678 9018号",
        "㊀23456789018",
        "㊀二3456789018",
    ),
]
EVERY = [chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) not in ("Cn", "Co", "Cs")]


def made_up(number):
    draw = random.Random(number)
    digits = draw.choice([NUMBER, "".join(draw.choices("0123456789", k=draw.randint(10, 14)))])
    wide = str.maketrans("0123456789", draw.choice(["0123456789", "０１２３４５６７８９"]))
    gaps = ["", "-", " ", "  ", "ー", "\u3000", "a", "－"]
    text = "".join(digit + draw.choice(gaps if draw.random() < 0.2 else [""]) for digit in digits)
    return draw.choice(["", "3 ", "x", "9-"]) + text.translate(wide) + draw.choice(["", " 1", "y", "-0"])


def grouped(number):
    """Groups of the digits, and more around them, joined by few kinds of signs."""
    draw = random.Random(number)
    cuts = draw.choice([[4, 8], [4, 8], [4, 8], sorted(draw.sample(range(1, 12), draw.randint(1, 3)))])
    groups = [NUMBER[a:b] for a, b in zip([0, *cuts], [*cuts, 12], strict=True)]
    before, after = (draw.choices(["1", "20", "3456", "12345678"], k=draw.choice([0, 0, 1, 2])) for _ in "ab")
    kinds = draw.choices([" ", "-", " - ", "  ", ".", "/", " .", "・", "..", "....", "a", "‥", "′′"], k=2)
    return "".join(each + draw.choice([kinds[0], *kinds]) for each in [*before, *groups, *after])


def spelled():
    """Numbers with each sign of Unicode between their groups, or within; and in the digits of all scripts."""
    draw = random.Random(7)
    for sign in EVERY:
        if unicodedata.category(sign) == "Lo" and draw.random() < 0.9:  # there are so many kanji
            continue
        gap = sign * draw.choice([1, 1, 2, 3, 4])
        yield draw.choice([f"1234{gap}5678{gap}9018", f"12{gap}345678{gap}9018", f"1{gap}23456789018"])
        if any(map(str.isdecimal, unicodedata.normalize("NFKC", sign))) or unicodedata.numeric(sign, None):
            yield from (NUMBER.replace(digit, sign) for digit in "128")
            yield f"{sign}3456789018"


def found(spark, texts):
    frame = table(spark, enumerate(texts), {"row": "int", "text": "string"})
    place = first_individual_number([sf.col("text")])
    rows = frame.select("row", place.isNotNull().alias("held")).orderBy("row").collect()
    return [row["held"] for row in rows]


def differing(spark, texts):
    """Texts of which Spark says something else than the core; and in how many the core finds a number."""
    core, here = [holds_individual_number(text) for text in texts], found(spark, texts)
    return [text for text, one, other in zip(texts, core, here, strict=True) if one != other], sum(core)


@pytest.mark.parametrize("making", [made_up, grouped])
def test_what_the_core_finds_is_found_and_no_more(spark, making):
    texts = [making(number) for number in range(3000)]

    different, held = differing(spark, texts)

    assert [] == different
    assert 300 < held < 2700


def test_every_sign_of_unicode_is_read_as_the_core_reads_it(spark):
    texts = [*spelled()]

    different, held = differing(spark, texts)

    assert [] == different
    assert 4_000 < held < len(texts) - 5_000


def test_what_is_written_as_people_write_is_told_apart(spark):
    assert [] == differing(spark, TEXTS)[0]


def test_the_place_of_the_first_is_told(spark):
    frame = table(spark, [("a", NUMBER, "b", NUMBER)], dict.fromkeys("pqrs", "string"))
    (row,) = frame.select(first_individual_number([sf.col(name) for name in "pqrs"]).alias("place")).collect()

    assert 1 == row["place"]
