"""Keys and numbers of made-up members: unique, well-formed, and none of 12 digits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow.compute as pc
from attrs import frozen

from hokensha.errors import Finding, PolicyError
from hokensha.facts import insurer_number_problem
from hokensha.policy import Insurer
from hokensha_sample_roll.draws import Ints
from hokensha_sample_roll.people import Ages, People
from hokensha_sample_roll.shares import shares
from hokensha_sample_roll.texts import Cells, coded, numbered, same

TEXTS: Final = ("id", "insurer_number", "symbol", "number", "branch")
"""The facts that are keys or numbers."""
_FROM: Final = 10_000_000
"""Households are counted from here: numbers of 8 digits for all that a roll can have."""
_LONG: Final = 8
"""The numbers of the late elderly have so many digits."""
_MOST: Final = 11
"""No number has more digits: 12 could be an individual number."""


@frozen
class Keys:
    """Makes the columns of one roll's keys and numbers.

    Attributes:
        insurer: Whose members they are.
        who: Who can be one.
        where: What findings call the policy.
    """

    insurer: Insurer
    who: Ages
    where: str

    def column(self, fact: str, people: People, digits: int | None) -> Cells:
        """A column of one of :data:`TEXTS`.

        Args:
            fact: Which.
            people: Whose.
            digits: How many digits a cell has; none for as many as it takes.

        Raises:
            PolicyError: So few digits do not make that many keys.
        """
        if fact == "insurer_number":
            return same(insurer_number(self.insurer, digits), len(people))
        if fact == "symbol":
            return self._symbols(people, digits)
        if fact == "branch":
            return _padded(people.branch, digits or 2)
        if fact == "number":
            long = self.who.alone and (digits or _LONG) >= _LONG
            number = people.household + (_FROM if long else 1)
            return _padded(number % 10 ** min(digits or _MOST, _MOST), digits)
        key = people.household * 100 + people.branch
        if digits is None:
            return numbered(key + _FROM * 100)
        if int(np.max(key, initial=0)) >= 10**digits:
            message = f"{digits} digits are too few for the keys of so many members"
            raise PolicyError(Finding(f"{self.where}: roll.columns.id.digits", message, "bad-value"))
        return _padded(key, digits)

    def _symbols(self, people: People, digits: int | None) -> Cells:
        """The workplace, or what the insurer calls a group of them; the late elderly have none."""
        if self.who.alone:
            return same(None, len(people))
        workplace = people.household // shares()["numbers"]["workplace"]
        symbols = _kind(self.insurer).get("symbols")
        if symbols and digits is None:
            return coded(workplace % len(symbols), symbols)
        return _padded((workplace + 101) % 10 ** min(digits or _MOST, _MOST), digits)


def _padded(numbers: Ints, digits: int | None) -> Cells:
    texts = numbered(numbers)
    return texts if digits is None else pc.utf8_lpad(texts, digits, "0")


@cache
def insurer_number(insurer: Insurer, digits: int | None = None) -> str:
    """The insurer's number: the policy's, or one that could be; with 6 digits, of a municipality."""
    if insurer.number:
        return insurer.number
    kind = _kind(insurer)
    body = kind["prefecture"] + shares()["numbers"]["office"]
    body = body if digits == 6 else kind["law"] + body
    return next(n for digit in range(10) if insurer_number_problem(n := f"{body}{digit}") is None)


def _kind(insurer: Insurer) -> Mapping[str, Any]:
    kinds: Sequence[Mapping[str, Any]] = shares()["numbers"]["kinds"]
    return next(kind for kind in kinds if re.search(kind["name"], insurer.name))
