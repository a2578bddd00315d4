"""Individual numbers, found by Spark itself: those that :func:`hokensha.facts.holds_individual_number` finds.

What each sign stands for, the core says (:func:`hokensha.facts.folded`); what may be meant as one number of
twelve digits is written here once more, as regular expressions of Java.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, reduce
from operator import add, or_
from typing import Final

from attrs import frozen
from pyspark.sql import Column
from pyspark.sql import functions as sf

from hokensha.facts import KANJI_DIGITS, folded

_WEIGHTS: Final = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_LEAST_BYTES: Final = 12
"""No shorter text holds one: what stands for one digit has one byte at least, what stands for two has two."""
_TWELVE: Final = "(?:[0-9][^0-9]*){12}"
_UNSAID: Final = frozenset(("Cn", "Co", "Cs"))
"""Categories of signs that stand for nothing, and so are like any sign that is no letter."""
_SIGN, _LETTER = ".", "x"
_SEVERAL: Final = "⑫"
"""One of the signs that stand for several; in its place any of them."""
_GAPS: Final = (
    (r"(?<=[0-9])[^0-9x]{4,}(?=[0-9])", _LETTER),  # more than three signs join nothing
    (r"(?<=[0-9])[ -]*([^0-9x -](?:[^0-9x]*[^0-9x -])?)[ -]*(?=[0-9])", "$1"),
    (r"(?<=[0-9])[ -]*-[ -]*(?=[0-9])", "-"),
    (r"(?<=[0-9]) +(?=[0-9])", " "),
)
"""What makes of each gap its kind: the signs that it holds besides spaces and dashes; else one of these."""


def _candidates() -> Iterator[str]:
    """What may be meant as one number, the second group of each; gaps are known by their kinds."""
    yield r"()(?<![0-9])([0-9]{12})(?![0-9])"
    before = r"(?:(?<![0-9])(?<![0-9][^0-9x]{1,3})|(?<=[0-9])([^0-9x]{1,3}))"
    fours = r"[0-9]{4}(?!\1[0-9])([^0-9x]{1,3})[0-9]{4}(?!\1[0-9])([^0-9x]{1,3})[0-9]{4}"
    yield rf"{before}(?=({fours})(?![0-9])(?!\3[0-9])(?!\4[0-9]))"  # and no further group joined likewise
    yield r"()(?<![0-9])(?<![0-9][ -])(?=([0-9](?:[ -]?[0-9]){11})(?![0-9])(?![ -][0-9]))"
    for kind, other in ("- ", " -"):
        # Joined by one kind. A group where spaces and dashes meet may belong to either side.
        end = rf"(?![0-9])(?:(?!{kind}[0-9])|(?={kind}[0-9]+{other}[0-9]))"
        alike = rf"([0-9](?:{kind}?[0-9]){{11}}){end}"
        yield rf"()(?<![0-9])(?<![0-9]{kind})(?={alike})"
        yield rf"()(?<=[0-9])(?={other}[0-9]+{kind}{alike})"


_CANDIDATES: Final = tuple(_candidates())


def first_individual_number(texts: Sequence[Column]) -> Column:
    """The place of the first text in which an individual number (個人番号) stands anywhere; null, if in none.

    Written once for all of them: Spark cannot compile a method of any length.
    """
    long_enough = reduce(
        or_, (sf.coalesce(sf.octet_length(text), sf.lit(0)) >= _LEAST_BYTES for text in texts)
    )
    each = [sf.struct(sf.lit(place).alias("place"), text.alias("text")) for place, text in enumerate(texts)]
    found = sf.filter(sf.array(*each), lambda one: _holds(one["text"]))
    return sf.when(long_enough, sf.get(found, sf.lit(0))["place"])


def _holds(text: Column) -> Column:
    plain, with_kanji = _reading(kanji=False), _reading(kanji=True)
    kanji = text.rlike(_class(KANJI_DIGITS))
    readings = sf.when(kanji, sf.array(plain.of(text), with_kanji.of(text))).otherwise(
        sf.array(plain.of(text))
    )
    # Few texts have so many digits. What they come to is only asked of those.
    counted = sf.when(text.rlike(r"[^\x00-\x7f]"), sf.translate(text, *with_kanji.digits())).otherwise(text)
    suspect = counted.rlike(_TWELVE) | counted.contains(_SEVERAL)
    return (sf.octet_length(text) >= _LEAST_BYTES) & suspect & sf.exists(readings, _found)


def _found(read: Column) -> Column:
    """Whether a number stands in a text as it was read."""
    each = sf.array(*map(sf.lit, _CANDIDATES))
    return sf.exists(each, lambda one: sf.exists(sf.regexp_extract_all(read, one, sf.lit(2)), _fits))


def _fits(candidate: Column) -> Column:
    """Whether the last of twelve digits is the check digit of the others."""
    digits = sf.regexp_replace(candidate, "[^0-9]", "")
    *body, check = (sf.substring(digits, place, 1).cast("int") for place in range(1, 13))
    rest = reduce(add, (digit * weight for digit, weight in zip(body, _WEIGHTS, strict=True))) % 11
    return check == sf.when(rest <= 1, 0).otherwise(11 - rest)


@frozen
class _Reading:
    """What signs stand for, if not for themselves.

    Attributes:
        ones: Signs that stand for another.
        nothing: Signs that are not seen.
        several: Signs that stand for several.
        letters: Which code points are letters, or hold one: the first and the last of each stretch.
    """

    ones: dict[str, str]
    nothing: str
    several: dict[str, str]
    letters: tuple[tuple[int, int], ...]

    def of(self, text: Column) -> Column:
        """A text as it is read: digits, letters as ``x``, between digits the kinds of gaps."""
        meant = [
            sf.struct(sf.lit(sign).alias("sign"), sf.lit(m).alias("meant"))
            for sign, m in self.several.items()
        ]
        split = sf.aggregate(
            sf.array(*meant), text, lambda read, one: sf.replace(read, one["sign"], one["meant"])
        )
        read = sf.when(text.rlike(self.several_class()), split).otherwise(text)
        read = sf.translate(read, "".join(self.ones) + self.nothing, "".join(self.ones.values()))
        letters = "".join(rf"\x{{{first:x}}}-\x{{{last:x}}}" for first, last in self.letters)
        read = sf.regexp_replace(read, f"[{letters}]", _LETTER)
        read = sf.regexp_replace(read, r"[^\x00-\x7f]", _SIGN)
        return reduce(lambda text, gap: sf.regexp_replace(text, *gap), _GAPS, read)

    def digits(self) -> tuple[str, str]:
        """The signs that stand for one digit, and which; and those that stand for several signs."""
        found = {sign: meant for sign, meant in self.ones.items() if meant.isdecimal()}
        found |= dict.fromkeys(self.several, _SEVERAL)
        return "".join(found), "".join(found.values())

    def several_class(self) -> str:
        """The signs that stand for several, as a class."""
        return _class(self.several)


def _class(signs: Iterable[str]) -> str:
    return "[" + "".join(rf"\x{{{ord(sign):x}}}" for sign in signs) + "]"


@cache
def _reading(*, kanji: bool) -> _Reading:
    """How the core reads every sign that there is."""
    ones, several, nothing, letters = {}, {}, [], []
    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        meant = _SIGN if unicodedata.category(sign) in _UNSAID else folded(sign, kanji=kanji)
        if _LETTER in meant and not any(map(str.isdecimal, meant)):
            letters.append(code)  # whatever else it holds joins nothing
        elif len(meant) > 1:
            several[sign] = meant
        elif not meant:
            nothing.append(sign)
        elif meant not in (sign, _SIGN):
            ones[sign] = meant
    return _Reading(ones, "".join(nothing), several, tuple(_stretches(letters)))


def _stretches(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each of the numbers that follow each other."""
    first = last = None
    for code in codes:
        if last is None or code != last + 1:
            if first is not None and last is not None:
                yield first, last
            first = code
        last = code
    if first is not None and last is not None:
        yield first, last
