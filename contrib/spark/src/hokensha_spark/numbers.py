"""Individual numbers, found by Spark itself.

Whatever :func:`hokensha.facts.holds_individual_number` finds is found here, too. Where digits stand in
groups, or one sign stands for several, a little more is: what could be meant for a number stays out.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from functools import cache, reduce
from operator import add, or_
from typing import Final

from pyspark.sql import Column
from pyspark.sql import functions as sf

_WEIGHTS: Final = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_DASHES: Final = "‐‑‒–—―−ー-"
_GAP: Final = r"[\x09-\x0d\x1c-\x20-]{0,3}"
_CANDIDATE: Final = rf"(?<![0-9])(?=((?:[0-9]{_GAP}){{11}}[0-9])(?![0-9]))"
"""Twelve digits: one group, or several of which none is cut. They may overlap others."""
_SEVERAL: Final = "⑩"
"""What signs are folded to that stand for several characters, two of them digits at most."""
_LEAST_BYTES: Final = 12
"""No shorter text holds one: what stands for one digit has one byte at least, what stands for two has two."""


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
    written = sf.when(text.rlike(r"[^\x00-\x7f]"), sf.translate(text, *_folded())).otherwise(text)
    candidates = sf.regexp_extract_all(written, sf.lit(_CANDIDATE), sf.lit(1))
    found = written.rlike(_CANDIDATE) & sf.exists(candidates, _fits)
    return (sf.octet_length(text) >= _LEAST_BYTES) & (found | _may_be_condensed(written))


def _fits(candidate: Column) -> Column:
    """Whether the last of twelve digits is the check digit of the others."""
    digits = sf.regexp_replace(candidate, "[^0-9]", "")
    *body, check = (sf.substring(digits, place, 1).cast("int") for place in range(1, 13))
    rest = reduce(add, (digit * weight for digit, weight in zip(body, _WEIGHTS, strict=True))) % 11
    return check == sf.when(rest <= 1, 0).otherwise(11 - rest)


def _may_be_condensed(written: Column) -> Column:
    """Whether there are twelve digits, if signs such as ⑫ stand for two each."""
    digits = sf.length(sf.regexp_replace(written, f"[^0-9{_SEVERAL}]", ""))
    doubled = sf.length(sf.regexp_replace(written, f"[^{_SEVERAL}]", ""))
    return written.contains(_SEVERAL) & (digits + doubled >= len(_WEIGHTS) + 1)


@cache
def _folded() -> tuple[str, str]:
    """Signs outside ASCII that stand for digits, dashes or spaces; and what each is folded to."""
    found = {}
    for sign in map(chr, range(0x80, sys.maxunicode + 1)):
        meant = unicodedata.normalize("NFKC", sign)
        if meant.isdecimal() and len(meant) == 1:
            found[sign] = str(int(meant))
        elif any(map(str.isdecimal, meant)):
            found[sign] = _SEVERAL
        elif meant in _DASHES:
            found[sign] = "-"
        elif meant.isspace():
            found[sign] = " "
    return "".join(found), "".join(found.values())
