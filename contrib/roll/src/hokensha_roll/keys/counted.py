"""What is counted where the data are and decided here: situation keys, and days on which answers hang."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Final

from hokensha.engine import Answering, Keys, parts
from hokensha.policy import Rulebook

ASKED: Final = "asked"
"""The column that says which policy was asked, and for which day: keys of others mean something else."""
DAYS: Final = "days"
"""The column that says which days of a row count, besides its key: none of them, or all but some."""
NO_DAYS: Final = "any"
COUNT: Final = "count"


def keys_of(rulebook: Rulebook, on: date) -> Keys:
    """What tells members apart on a day."""
    return Answering(rulebook, parts(rulebook, on), on).keys


def names(keys: Keys) -> list[str]:
    """What the columns of a key are called."""
    return [f"key{index}" for index in range(len(keys.words()))]


def asked(rulebook: Rulebook, on: date, keys: Keys) -> str:
    """The day asked, and a digest of all that keys and answers follow from."""
    told = [rulebook.policy.digest, rulebook.plugins, on]
    told += [(axis.fact, axis.cuts, axis.values) for axis in keys.axes]
    told += [(order.fact, order.base, order.order.since, order.day) for order in keys.orders]
    return f"{on}-{sha256(repr(told).encode()).hexdigest()[:12]}"


def counting(rulebook: Rulebook, on: date, keys: Keys) -> tuple[str, ...]:
    """The dated facts whose very days an answer may hang on."""
    read = frozenset[str]().union(*(part.outputs for part in parts(rulebook, on)))
    read = read.union(*((order.fact, order.base) for order in keys.orders))
    return tuple(axis.fact for axis in keys.axes if axis.dated and axis.fact in read)
