"""The rolls that contenders are given."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl
from contenders import HOKENSHA, POLICY
from measuring import measured
from shape import READ

DAYS: Final = (
    date(2024, 11, 15),
    date(2024, 12, 2),
    date(2025, 7, 1),
    date(2025, 7, 10),
    date(2025, 7, 31),
    date(2025, 8, 1),
    date(2026, 5, 31),
    date(2026, 11, 21),
    date(2028, 2, 29),
)
"""Days on which small rolls are compared: each side of what the policy dates, and ends of months."""
_BORDERS: Final = (
    *(date(2024, 7, 31), date(2024, 8, 1), date(2024, 11, 15), date(2024, 12, 1), date(2024, 12, 2)),
    *(date(2025, 6, 30), date(2025, 7, 1), date(2025, 7, 10), date(2025, 7, 31), date(2025, 8, 1)),
    *(date(2026, 2, 28), date(2026, 5, 31), date(2026, 7, 31), date(2026, 8, 20), date(2026, 8, 21)),
    *(date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22), date(2027, 7, 31), date(2028, 2, 29)),
)
_CODES: Final = {"card": "01111234", "insurance_use": "01112", "disclosure_restricted": "0000001"}
_FLAGS: Final = ("disability_recognised", "needs_assistance", "assistance_applied_before", "overseas_card")
_ALWAYS: Final = ("birth_date", "enrolled_on", "card_expires_on", "electronic_certificate_expires_on")
_SELDOM: Final = ("left_on", "departs_japan_on", "deregistration_received_on")


KNOWN: Final = ("--unknown", "0", "--as-of", "2026-10-31")
"""Members whose facts are all known, three weeks before the day that is usually asked."""


def making(members: int, path: Path, seed: int, *options: str, policy: Path = POLICY) -> list[str]:
    """How a roll is made as such an insurer would have it."""
    asked = ["make-roll", str(policy), "--members", str(members), "--seed", str(seed), "--out", str(path)]
    return [str(HOKENSHA), *asked, *options, "--quiet"]


def made(members: int, path: Path, seed: int, *options: str, policy: Path = POLICY) -> Path:
    """A roll, made."""
    measured(making(members, path, seed, *options, policy=policy))
    return path


def on_the_borders(members: int, path: Path, seed: int) -> Path:
    """A roll of unlikely members: most of their days lie where some rule changes."""
    draw = random.Random(seed)
    makers = {name: _maker(name, draw) for name in READ}
    rows: list[dict[str, Any]] = [{"id": str(1_000_000 + number)} for number in range(members)]
    for row in rows:
        row.update((name, make()) for name, make in makers.items() if name != "id")
        if row["card"] in "02":  # there is no card, so nothing is known of its ends
            row.update(card_expires_on=None, electronic_certificate_expires_on=None)
    texts = {"id", *_CODES, *_FLAGS}
    schema = {name: pl.String if name in texts else pl.Date for name in READ}
    pl.DataFrame(rows, schema=schema).rename(READ).write_parquet(path)
    return path


def _maker(name: str, draw: random.Random) -> Callable[[], Any]:
    if name in _CODES:
        return lambda: draw.choice(_CODES[name])
    if name in _FLAGS:
        return lambda: draw.choice("001")
    if name == "birth_date":
        return lambda: _born(draw)
    none = 0.0 if name in _ALWAYS else 0.8 if name in _SELDOM else 0.5
    return lambda: None if draw.random() < none else _day(draw)


def _day(draw: random.Random) -> date:
    if draw.random() < 0.6:
        return draw.choice(_BORDERS)
    return date(2024, 1, 1) + timedelta(days=int(draw.random() * 1300))


def _born(draw: random.Random) -> date:
    if draw.random() < 0.5:
        return date(1930, 1, 1) + timedelta(days=int(draw.random() * 30 * 365))
    border = draw.choice(_BORDERS)
    year = border.year - draw.choice((65, 75))
    try:
        return border.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def sample(roll: Path, path: Path, members: int) -> Path:
    """The first members of a roll."""
    pl.scan_parquet(roll).head(members).sink_parquet(path)
    return path
