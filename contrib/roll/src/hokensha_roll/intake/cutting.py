"""Where CSV may be cut: at the end of a row, which a line feed within quotes is not."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

import numpy as np

from hokensha_roll.intake.strictly import split

if TYPE_CHECKING:
    from numpy.typing import NDArray

_QUOTE: Final = 0x22
_LINE_FEED: Final = 0x0A
_RETURN: Final = 0x0D
_BEFORE: Final = (0x2C, _LINE_FEED, _QUOTE)
"""What an opening quote follows: a comma, the end of a line, or the other half of a doubled quote."""
_AFTER: Final = (*_BEFORE, _RETURN)


def split_end(rest: bytes, more: bytes) -> tuple[bytes, bool, bytes]:
    """The whole rows that two parts of a file hold together, whether these rows are plain, and what is left.

    Args:
        rest: Bytes of CSV, from the beginning of a row on. In CP932 as in UTF-8, no byte of a longer
            character is a comma, a quote or the end of a line.
        more: What follows them.

    Returns:
        Rows are plain if each quote stands where it must: around a cell, or doubled within. Others have to be
        read by the strict reader. If that would fail, all bytes are handed on for it.
    """
    end = more.rfind(b"\n") + 1
    if end and b'"' not in rest and more.find(b'"', 0, end) < 0:
        return b"".join((rest, memoryview(more)[:end])), True, more[end:]
    data = rest + more
    end, plain = _last_end(data)
    return data[:end], plain, data[end:]


def _last_end(data: bytes) -> tuple[int, bool]:
    end = data.rfind(b"\n") + 1
    quotes = _quotes(data)
    while end:
        within = int(np.searchsorted(quotes, end))
        if within % 2 == 0:
            return (end, True) if is_plain(data[:end], quotes[:within]) else _strict_end(data)
        end = data.rfind(b"\n", 0, quotes[within - 1]) + 1
    return _strict_end(data)


def is_plain(data: bytes, quotes: NDArray[np.intp] | None = None) -> bool:
    """Whether each quote of whole rows stands where it must."""
    quotes = _quotes(data) if quotes is None else quotes
    # What stands before the first byte, and after the last, is the end of a line.
    around = np.frombuffer(b"\n" + data + b"\n", np.uint8)
    opening, closing = quotes[0::2], quotes[1::2]
    return (
        len(quotes) % 2 == 0
        and bool(np.isin(around[opening], _BEFORE).all())
        and bool(np.isin(around[closing + 2], _AFTER).all())
    )


def line_feeds(data: bytes) -> int:
    """How many lines end in ``data``."""
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == _LINE_FEED))


def has_lone_returns(data: bytes) -> bool:
    """Whether a carriage return stands without a line feed behind it."""
    if b"\r" not in data:
        return False
    found = np.frombuffer(data, np.uint8)
    places = np.flatnonzero(found[:-1] == _RETURN)
    return data.endswith(b"\r") or bool((found[places + 1] != _LINE_FEED).any())


def _quotes(data: bytes) -> NDArray[np.intp]:
    return np.flatnonzero(np.frombuffer(data, np.uint8) == _QUOTE)


def _strict_end(data: bytes) -> tuple[int, bool]:
    """Where the last whole row ends, by the strict reader; the end of ``data`` if that fails."""
    lines = split(data)
    reader = csv.reader((line.decode("latin-1") for line in lines), strict=True)
    whole = 0
    try:
        for _ in reader:
            if reader.line_num < len(lines) or lines[-1].endswith(b"\n"):
                whole = reader.line_num
    except csv.Error:
        if reader.line_num < len(lines):
            return len(data), False
    return sum(map(len, lines[:whole])), False
