"""When headers, and codes in cells, are the same, and in what they differ where they only look the same."""

from __future__ import annotations

from typing import Final
from unicodedata import category, normalize

_SHORT: Final = 1000
"""Longer texts are no headers and no codes, and what takes long with them is left alone."""
_OF_WINDOWS: Final = str.maketrans("〜−‖—¢£¬", "～－∥―￠￡￢")
"""Signs that look the same as those which a file in CP932 is read with, and that CP932 itself lacks."""


def alike(text: str) -> str:
    """The form in which headers and codes are compared: composed, and as if it came from a file in CP932."""
    text = text.strip().translate(_OF_WINDOWS)
    return normalize("NFC", text) if len(text) <= _SHORT else text


def difference(text: str, *others: str) -> str:
    """By which code points a text differs from the first of others that looks alike; empty if none does."""
    text = alike(text)
    look = _look(text)
    for other in map(alike, others):
        if text != other and look and look == _look(other):
            place = next((n for n, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), None)
            at = min(len(text), len(other)) if place is None else place
            found, expected = _sign(text, at), _sign(other, at)
            return f"looks like '{other}', but sign {at + 1} is {found}, not {expected}"
    return ""


def _look(text: str) -> str:
    """What people see of a text."""
    if len(text) > _SHORT:
        return ""
    return normalize("NFKC", visible(text)).strip()


def visible(text: str) -> str:
    """A text without the signs that show nothing."""
    return "".join(sign for sign in text if category(sign) != "Cf")


def _sign(text: str, at: int) -> str:
    return f"U+{ord(text[at]):04X}" if at < len(text) else "nothing"
