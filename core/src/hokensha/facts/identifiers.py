"""Numbers that carry a check digit: the individual number, which must stay out, and the insurer's number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

# Japanese input methods give several dashes, and each looks like a hyphen in print; what NFKC does not fold
# is listed: U+2010..2015, the minus sign (Shift_JIS text decodes to it), and the long vowel mark.
_DASHES = "‐‑‒–—―−ー-"
_SEPARATOR = re.compile(rf"[\s{_DASHES}]+")
# Up to three characters join two groups of digits (" - "); more is a gap between unrelated numbers.
_RUN = re.compile(rf"\d+(?:[\s{_DASHES}]{{1,3}}\d+)*")
_LENGTH = 12


def is_individual_number(text: str) -> bool:
    """Whether ``text`` is an individual number (個人番号, "My Number") with its check digit correct.

    Full-width digits, spaces and hyphens are seen through. Whether anybody holds the number is not known.

    Source: 番号法施行令第8条, and the formula in 総務省令第85号 (2014) 第5条.
    """
    digits = _SEPARATOR.sub("", unicodedata.normalize("NFKC", text))
    return digits.isdecimal() and _fits(digits)


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
    Within text, a number may be embedded and may be grouped by spaces or hyphens; a longer run of digits is
    not one. Booleans, floats, ``None`` and all other objects never hold one.
    """
    # A stack of our own, not recursion: JSON may be nested deeper than Python's call stack.
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            # Most values are too short to hold one; outside ASCII, a character may stand for several digits.
            if (len(item) >= _LENGTH or not item.isascii()) and any(map(_fits, _candidates(item))):
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


def _candidates(text: str) -> Iterator[str]:
    """Whatever in ``text`` may be meant as one number of 12 digits."""
    text = unicodedata.normalize("NFKC", text)
    for run in _RUN.finditer(text):
        groups = re.findall(r"\d+", run[0])
        if sum(map(len, groups)) < _LENGTH:
            continue
        yield from groups
        yield "".join(groups)
        dashed = [not gap.isspace() for gap in re.findall(r"\D+", run[0])]
        yield from _alike(groups, dashed)


def _alike(groups: list[str], dashed: list[bool]) -> Iterator[str]:
    """The stretches of ``groups`` joined by one kind of separator.

    A group where spaces and dashes meet may belong to either side: in "2025-04-01 1234 5678 9018" the "01" is
    the end of a day, not the beginning of a number. So each stretch is tried with and without such a group.
    """
    start = 0
    while start < len(dashed):
        end = start
        while end < len(dashed) and dashed[end] is dashed[start]:
            end += 1
        # Gaps start..end-1 are alike, so groups start..end belong together.
        for first in {start, start + (start > 0)}:
            for last in {end, end - (end < len(dashed))}:
                yield "".join(groups[first : last + 1])
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
