"""Members made up around the days at which a policy turns: what keys tell apart, they are full of."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from hokensha.engine import Axis, Keys
from hokensha.facts import UNKNOWN, FactValue, Member, Unknown

FAR = (
    *(date(1, 1, 1), date(1868, 1, 1), date(1944, 2, 29), date(1951, 3, 1)),
    *(date(2031, 12, 31), date(9999, 12, 31)),
)
"""Days at which nothing turns, and those by which a table says that there is no end."""


def beside(day: date, days: int) -> date:
    """The day that lies some days on, or the last that there is."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def a_value(draw: random.Random, axis: Axis, on: date, nullable: bool) -> FactValue:
    """A value of a fact: mostly one at which something turns, or beside it."""
    if nullable and draw.random() < 0.3:
        return None
    if axis.dated:
        near = beside(draw.choice((*axis.cuts, on)), draw.choice((-31, -1, -1, 0, 0, 1, 120)))
        return draw.choice(FAR) if draw.random() < 0.1 else near
    return draw.choice((*axis.values, "another")) if axis.text else draw.choice(axis.values)


def a_member(draw: random.Random, keys: Keys, catalogue: Any, on: date, unknown: float) -> Member:
    """A member in whom each fact is unknown with the chance ``unknown``."""
    facts: dict[str, FactValue | Unknown] = {}
    for axis in keys.axes:
        known = draw.random() >= unknown
        facts[axis.fact] = a_value(draw, axis, on, catalogue[axis.fact].nullable) if known else UNKNOWN
    for order in keys.orders:  # days that are compared lie close together now and then
        base = facts[order.base]
        since = order.since(base) if isinstance(base, date) else None
        if since is not None and isinstance(facts[order.fact], date) and draw.random() < 0.5:
            facts[order.fact] = beside(since, draw.choice((-1, 0, 1)))
    return Member("m", {fact: value for fact, value in facts.items() if not isinstance(value, Unknown)})
