"""How documents fall due over the coming months: counts by month, document and trigger."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from attrs import Attribute, field, frozen

SCHEMA: Final = "hokensha/forecast/1"
HEADER: Final = ("month", "document", "trigger", "count")
UNDETERMINED: Final = "undetermined"
"""Stands in the JSON for the trigger that depends on what is not known."""
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_LONGEST: Final = 1200
Key = tuple[str, str, str]


def _month(_: object, attribute: Attribute[str], value: str) -> None:
    if not _MONTH.fullmatch(value):
        raise ValueError(f"{attribute.name}: expected a month as YYYY-MM, found {value!r}")


@frozen
class Months:
    """How many documents are to be issued in each month.

    Attributes:
        first: The first month, ``YYYY-MM``.
        last: The last month, ``YYYY-MM``; not before the first, and less than a century after it.
        counts: How many, by month, document and trigger; an empty trigger is one that depends on what is not
            known. A month without an entry has none.

    Raises:
        ValueError: A month is written otherwise, or lies outside; or a count is negative.
    """

    first: str = field(validator=_month)
    last: str = field(validator=_month)
    counts: Mapping[Key, int] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        first, last = _number(self.first), _number(self.last)
        if not first <= last < first + _LONGEST:
            raise ValueError(f"expected a month from {self.first} on, within a century; found {self.last}")
        known = set(self.months())
        for (month, document, trigger), count in self.counts.items():
            if month not in known or count < 0:
                found = f"{month!r}, {document!r}, {trigger!r}: {count}"
                raise ValueError(
                    f"expected counts of {self.first} to {self.last}, none negative; found {found}"
                )

    def months(self) -> tuple[str, ...]:
        """Every month, in order: those, too, in which nothing is issued."""
        numbers = range(_number(self.first), _number(self.last) + 1)
        return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers)

    def rows(self) -> tuple[tuple[str, str, str, int], ...]:
        """Month, document, trigger and count, in that order of sorting; without counts of zero."""
        return tuple((*key, count) for key, count in sorted(self.counts.items()) if count)

    def by_document(self) -> Mapping[tuple[str, str], int]:
        """The counts by month and document."""
        found: Counter[tuple[str, str]] = Counter()
        for month, document, _, count in self.rows():
            found[month, document] += count
        return found

    def total(self) -> int:
        """How many in all."""
        return sum(self.counts.values())

    def to_json(self) -> dict[str, Any]:
        """The form in JSON: under each month its documents, under each of them the triggers."""
        months: dict[str, dict[str, dict[str, int]]] = {month: {} for month in self.months()}
        for month, document, trigger, count in self.rows():
            months[month].setdefault(document, {})[trigger or UNDETERMINED] = count
        return {"schema": SCHEMA, "first": self.first, "last": self.last, "months": months}

    def to_csv(self) -> str:
        """The rows as CSV with a header; lines end in CRLF, as in a run's tables."""
        file = io.StringIO(newline="")
        csv.writer(file).writerows([HEADER, *self.rows()])
        return file.getvalue()


def _number(month: str) -> int:
    """A month as a number: the next month's is one more."""
    year, _, of_year = month.partition("-")
    return int(year) * 12 + int(of_year) - 1
