"""Spark finds every individual number that the core finds."""

import random

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
    *("１２３４５６７８９０１８", "１２３４－５６７８－９０１８", "①②③④⑤⑥⑦⑧⑨⓪①⑧"),
    *("٣٤٥", "𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟎𝟏𝟖", "⑫㉞56789018", "⑫㉞㊾⑱⑫⑱"),
]


def made_up(number):
    draw = random.Random(number)
    digits = draw.choice([NUMBER, "".join(draw.choices("0123456789", k=draw.randint(10, 14)))])
    wide = str.maketrans("0123456789", draw.choice(["0123456789", "０１２３４５６７８９"]))
    gaps = ["", "-", " ", "  ", "ー", "\u3000", "a", "－"]
    text = "".join(digit + draw.choice(gaps if draw.random() < 0.2 else [""]) for digit in digits)
    return draw.choice(["", "3 ", "x", "9-"]) + text.translate(wide) + draw.choice(["", " 1", "y", "-0"])


def found(spark, texts):
    frame = table(spark, enumerate(texts), {"row": "int", "text": "string"})
    place = first_individual_number([sf.col("text")])
    rows = frame.select("row", place.isNotNull().alias("held")).orderBy("row").collect()
    return [row["held"] for row in rows]


def test_what_the_core_finds_is_found(spark):
    texts = [made_up(number) for number in range(3000)]
    core, here = [holds_individual_number(text) for text in texts], found(spark, texts)

    assert [] == [text for text, one, other in zip(texts, core, here, strict=True) if one and not other]
    assert 300 < sum(core) < sum(here) < 2700


def test_what_is_written_as_people_write_is_told_apart(spark):
    core, here = [holds_individual_number(text) for text in TEXTS], found(spark, TEXTS)

    assert {"⑫㉞㊾⑱⑫⑱"} == {text for text, one, other in zip(TEXTS, core, here, strict=True) if one != other}


def test_the_place_of_the_first_is_told(spark):
    frame = table(spark, [("a", NUMBER, "b", NUMBER)], dict.fromkeys("pqrs", "string"))
    (row,) = frame.select(first_individual_number([sf.col(name) for name in "pqrs"]).alias("place")).collect()

    assert 1 == row["place"]
