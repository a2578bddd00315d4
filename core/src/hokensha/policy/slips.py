"""What people mistype in TOML, said in the words of who has to mend it."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_KEY: Final = re.compile(r"\s*(?:\[+\s*(?P<table>[^\]=]+?)\s*(?:\]+|$)|(?P<key>[^\s=#\[{,]+)\s*=)")
_DAY: Final = re.compile(r"=\s*(\d{4}-\d{2}-\d{2})\b")
_WAREKI: Final = re.compile(r"=\s*[MTSHRmtshr明大昭平令]\D{0,2}\d{1,2}[.年/]")
_FULL_WIDTH: Final = {
    "＝": "=",
    "“": '"',
    "”": '"',
    "　": " ",
    "［": "[",
    "］": "]",
    "，": ",",
    "｛": "{",
    "｝": "}",
}


def slip(text: str, line: int, said: str) -> str:
    """Which key a place in TOML that cannot be read belongs to, and what to write there, as far as it shows.

    Args:
        text: The file.
        line: The line at which reading it failed, from 1 on.
        said: What the reader of TOML said.
    """
    lines = text.splitlines()[:line]
    number = _opened(lines) if said.startswith("Unclosed") else _keyed(lines)
    found = _KEY.match(lines[number - 1]) if number else None
    if found is None:
        return _advice(lines[-1] if lines else "", "")
    name = found["key"] or f"[{found['table']}]"
    begun = f"'{name}'" if number == line else f"'{name}', line {number}"
    return f" (in {begun}){_advice(lines[-1], lines[number - 1])}"


def _keyed(lines: list[str]) -> int:
    """The last line that begins with a key; 0 if none does."""
    return next((number for number in range(len(lines), 0, -1) if _KEY.match(lines[number - 1])), 0)


def _opened(lines: list[str]) -> int:
    """The last line that opens more than it closes; 0 if none does."""
    for number in range(len(lines), 0, -1):
        line = lines[number - 1]
        if _KEY.match(line) and sum(map(line.count, "[{")) > sum(map(line.count, "]}")):
            return number
    return _keyed(lines)


def _advice(line: str, keyed: str) -> str:
    wide = [sign for sign in _FULL_WIDTH if sign in line.partition("#")[0]]
    if day := _DAY.search(keyed):
        try:
            date.fromisoformat(day[1])
        except ValueError:
            return f"; {day[1]} is no day of the calendar"
    if _WAREKI.search(keyed):
        return "; write a day as 2025-07-31, without an era and without quotes"
    if wide:
        return f"; it holds the full-width sign '{wide[0]}', expected '{_FULL_WIDTH[wide[0]]}'"
    return ""
