"""Numbers that carry a check digit: the individual number, which must stay out, and the insurer's number."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import accumulate, pairwise
from typing import Final

# Japanese input methods give several dashes, and each looks like a hyphen in print; what NFKC does not fold
# is listed: U+2010..2015, the minus sign (Shift_JIS text decodes to it), and the long vowel mark.
_DASHES: Final = frozenset("‐‑‒–—―−ー-")
_KANJI: Final = {
    sign: str(digit)
    for digit, signs in enumerate(
        ("〇零", "一壱壹弌", "二弐貳弍", "三参參弎", "四肆", "五伍", "六陸", "七漆柒", "八捌", "九玖")
    )
    for sign in signs
}
KANJI_DIGITS: Final = "".join(_KANJI)
_INVISIBLE: Final = frozenset(("Cf", "Mn", "Me"))
_BLANK: Final = frozenset("\u115f\u1160\u2800")
"""Letters and a sign that show nothing: fillers of Hangul (others fold to them), empty Braille."""
# In folded text: digits; " " and "-" for spaces and dashes; other signs of ASCII as they are, "." for the
# rest; "x" for whatever is no sign.
_RUN: Final = re.compile(r"[0-9]+(?:[^0-9x]{1,3}[0-9]+)*")
"""Up to three signs join two groups of digits (" - "); more is a gap between unrelated numbers."""
_SOFT: Final = frozenset(" -")
_GROUPS: Final = re.compile(r"[0-9]+")
_LENGTH: Final = 12
_NO_DIGITS: Final = dict.fromkeys(map(ord, "0123456789"))
_SIGNS: Final = 1 << 16
Span = tuple[int, int]


class _Folded(dict[int, str]):
    """What each sign of a text stands for, by itself: a table for ``str.translate`` that fills up.

    Sign by sign, since normalising a whole text takes time that grows with the square of its accents.

    Attributes:
        kanji: Whether kanji numerals are digits; else they are letters.
    """

    def __init__(self, *, kanji: bool) -> None:
        super().__init__()
        self.kanji = kanji

    def __missing__(self, code: int) -> str:
        if len(self) >= _SIGNS:  # few texts have more than some thousands
            self.clear()
        meant = "".join(map(self._meant, unicodedata.normalize("NFKC", chr(code))))
        folded = self[code] = meant if meant.strip(".") else meant[:1]  # four primes in one are one sign
        return folded

    def _meant(self, sign: str) -> str:
        if sign in _KANJI:
            return _KANJI[sign] if self.kanji else "x"
        category = unicodedata.category(sign)
        if category in _INVISIBLE or sign in _BLANK:
            return ""
        if category == "Nd":
            return str(unicodedata.decimal(sign))
        if sign in _DASHES or sign.isspace():
            return " " if sign.isspace() else "-"
        other = sign if sign.isascii() else "."
        return "x" if category[0] in "LN" else other


_PLAIN: Final = _Folded(kanji=False)
_WITH_KANJI: Final = _Folded(kanji=True)


def folded(text: str, *, kanji: bool) -> str:
    """What a text comes to for those who look for individual numbers in it, but cannot ask this module.

    Digits are 0-9, spaces and dashes ``" "`` and ``"-"``, invisible signs are left out; letters are ``x``,
    and other signs as they are in ASCII, or ``"."``. Each sign is looked at by itself.

    Args:
        text: Such as one sign.
        kanji: Whether kanji numerals are digits, as in a text that holds :data:`KANJI_DIGITS` they may be.
    """
    return text.translate(_WITH_KANJI if kanji else _PLAIN)


def _tables(text: str) -> tuple[_Folded, ...]:
    """How a text can be read: kanji numerals may be digits of a number, or words beside it."""
    return (_PLAIN,) if text.isascii() or _KANJI.keys().isdisjoint(text) else (_PLAIN, _WITH_KANJI)


def is_individual_number(text: str) -> bool:
    """Whether ``text`` is an individual number (個人番号, "My Number") with its check digit correct.

    Digits of all scripts, invisible signs, spaces and hyphens are seen through, and whatever signs stand
    between groups of four. Whether anybody holds the number is not known.

    Source: 番号法施行令第8条, and the formula in 総務省令第85号 (2014) 第5条.
    """
    for table in _tables(text):
        folded = text.translate(table)
        groups = _GROUPS.findall(folded)
        grouped = _SOFT.issuperset(folded.translate(_NO_DIGITS)) or [len(group) for group in groups] == [
            4,
            4,
            4,
        ]
        if "x" not in folded and grouped and _fits("".join(groups)):
            return True
    return False


def _fits(digits: str) -> bool:
    if len(digits) != _LENGTH:
        return False
    *body, check = map(int, digits)
    # n counts from the right, the check digit left out; the weights run 2..7, then 2..6.
    total = sum(digit * (n + 1 if n <= 6 else n - 5) for n, digit in enumerate(reversed(body), start=1))
    remainder = total % 11
    return check == (0 if remainder <= 1 else 11 - remainder)


def holds_individual_number(value: object) -> bool:
    """Whether an individual number stands anywhere inside ``value``.

    Looked through: text, integers, and mappings (keys too), lists, tuples and sets of them, at any depth.
    Within text, a number may be embedded and may be grouped by spaces or hyphens, and in groups of four by
    any signs; a longer run of digits is not one. Booleans, floats, ``None`` and all other objects never hold
    one.
    """
    # A stack of our own, not recursion: JSON may be nested deeper than Python's call stack.
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            # Most values are too short to hold one; outside ASCII, a character may stand for several digits.
            if (len(item) >= _LENGTH or not item.isascii()) and any(
                _found(item.translate(table)) for table in _tables(item)
            ):
                return True
        elif isinstance(item, int):
            # A number that lost its leading zeros is let pass: padding would also refuse one in eleven
            # ordinary 11-digit keys, and a column of individual numbers gives itself away in its other rows.
            # The size is looked at first because Python refuses to print very long integers.
            if 10 ** (_LENGTH - 1) <= abs(item) < 10**_LENGTH and _fits(str(abs(item))):
                return True
        elif isinstance(item, Mapping):
            pending.extend(item.keys())
            pending.extend(item.values())
        elif isinstance(item, (list, tuple, AbstractSet)):
            pending.extend(item)
    return False


def without_individual_numbers(text: str, mask: str = "*" * _LENGTH) -> str:
    """``text`` with a mask in the place of each individual number that stands in it."""
    for table in _tables(text):
        folded = [sign.translate(table) for sign in text]
        begins = [0, *accumulate(map(len, folded))]
        for start, end in sorted(_found("".join(folded)), reverse=True):
            first, last = bisect_right(begins, start) - 1, bisect_right(begins, end - 1)
            text = text[:first] + mask + text[last:]
        if not holds_individual_number(text):
            break
    return text


def _found(folded: str) -> list[Span]:
    """Where in folded text individual numbers stand; of several that overlap, the first of the widest."""
    spans = {span for span in _candidates(folded) if _fits("".join(_GROUPS.findall(folded[slice(*span)])))}
    apart: list[Span] = []
    for start, end in sorted(spans):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
        elif end > apart[-1][1]:
            apart[-1] = apart[-1][0], end
    return apart


def _candidates(folded: str) -> Iterator[Span]:
    """Whatever may be meant as one number of 12 digits."""
    for run in _RUN.finditer(folded):
        if run.end() - run.start() < _LENGTH:
            continue
        groups = [group.span() for group in _GROUPS.finditer(folded, *run.span())]
        yield from groups
        if len(groups) > 1:
            kinds = [_kind(folded[one[1] : other[0]]) for one, other in pairwise(groups)]
            yield from _in_fours(groups, kinds)
            hard = [place for place, kind in enumerate(kinds) if kind not in _SOFT]
            for first, last in pairwise((-1, *hard, len(kinds))):
                yield groups[first + 1][0], groups[last][1]
                yield from _alike(groups[first + 1 : last + 1], kinds[first + 1 : last])


def _kind(gap: str) -> str:
    """What separates two groups: spaces, dashes, or which other signs."""
    return gap.strip(" -") or ("-" if "-" in gap else " ")


def _in_fours(groups: list[Span], kinds: list[str]) -> Iterator[Span]:
    """Three groups of four digits, whatever joins them, unless a further one is joined to them likewise."""
    for index in range(len(groups) - 2):
        if all(end - start == 4 for start, end in groups[index : index + 3]):
            around = {*kinds[max(index - 1, 0) : index], *kinds[index + 2 : index + 3]}
            if around.isdisjoint(kinds[index : index + 2]):
                yield groups[index][0], groups[index + 2][1]


def _alike(groups: list[Span], kinds: list[str]) -> Iterator[Span]:
    """The stretches of ``groups`` joined by one kind of separator.

    A group where spaces and dashes meet may belong to either side: in "2025-04-01 1234 5678 9018" the "01" is
    the end of a day, not the beginning of a number. So each stretch is tried with and without such a group.
    """
    start = 0
    while start < len(kinds):
        end = start
        while end < len(kinds) and kinds[end] == kinds[start]:
            end += 1
        # Gaps start..end-1 are alike, so groups start..end belong together.
        for first in {start, start + (start > 0)}:
            for last in {end, end - (end < len(kinds))}:
                if first <= last:
                    yield groups[first][0], groups[last][1]
        start = end


def insurer_number_problem(text: str) -> str | None:
    """What is wrong with an insurer's number (保険者番号), or ``None`` if it is well-formed.

    Well-formed is: 8 digits (法別 2, prefecture 2, insurer 3, check digit), or 6 for municipal health
    insurance (国保: no 法別); ASCII digits only; the check digit correct. Whether the number is assigned to
    anybody is not known.

    The answer ends a sentence such as "insurer_number: ...". It never repeats the text, only its length or
    the check digit that was expected.

    Source: 診療報酬請求書等の記載要領等について (昭和51年保険発第82号) 別添2, 保険者番号等の設定要領.
    """
    if len(text) not in (6, 8):
        return f"expected 8 digits, or 6 for municipal health insurance (国保), got {len(text)} characters"
    if not (text.isascii() and text.isdigit()):
        return "expected digits 0-9 only"
    *body, check = map(int, text)
    # Weights 2, 1, 2, 1 ... from the last digit of the body; a product of two digits counts digit by digit.
    total = sum(sum(divmod(digit * (1 + n % 2), 10)) for n, digit in enumerate(reversed(body), start=1))
    expected = -total % 10
    return None if check == expected else f"the check digit (the last) does not fit: expected {expected}"
