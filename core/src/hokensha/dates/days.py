"""A day that is answered: not a bare date, but how sure the source is of it."""

from __future__ import annotations

import datetime as dt
from enum import Enum

from attrs import asdict, evolve, frozen

from hokensha.text import Label


class Modality(Enum):
    """How a source states a day; the values are those of the JSON."""

    EXACT = "exact"
    AT_MOST = "at-most"
    ABOUT = "about"
    BETWEEN = "between"
    UNLIMITED = "unlimited"
    NOT_STATED = "not-stated"


@frozen
class DayValue:
    """A day as far as the source states it: always the last good day, or the day a thing happens.

    Attributes:
        modality: ``EXACT``; ``AT_MOST`` (``date`` is the bound); ``ABOUT``; ``BETWEEN`` (``earliest`` and
            ``latest``); ``UNLIMITED`` and ``NOT_STATED`` have no date at all, but in ``latest`` the last day
            in the scheme, if it is known.
        approximate: The text says 約 or 程度 on top of another modality.
        planned: The text says 予定.
        reading: Which reading of the text was chosen, where it matters.
        alternatives: What other readings give, where that differs from ``date``.
        cites: The rules of the source that say so.
    """

    modality: Modality
    date: dt.date | None = None
    earliest: dt.date | None = None
    latest: dt.date | None = None
    approximate: bool = False
    planned: bool = False
    reading: Label | None = None
    alternatives: tuple[dt.date, ...] = ()
    cites: tuple[str, ...] = ()

    def last(self) -> dt.date | None:
        """The last day that the value allows, if it allows a last one."""
        return self.latest if self.modality is Modality.BETWEEN else self.date

    def capped(self, cap: dt.date, cites: tuple[str, ...]) -> DayValue:
        """This day, cut to ``cap`` where a day is stated that lies beyond it.

        What the source leaves unstated stays unstated, and so does what has no limit: a cap gives no document
        an end of its own. It stands beside, in ``latest``.
        """
        last = self.last()
        if last is None:
            return evolve(self, latest=cap, cites=tuple(dict.fromkeys((*self.cites, *cites))))
        if last <= cap:
            kept = tuple(day for day in self.alternatives if day <= cap)
            return self if kept == self.alternatives else evolve(self, alternatives=kept)
        sure = self.modality is Modality.EXACT
        return DayValue(Modality.EXACT if sure else Modality.AT_MOST, cap, cites=cites)

    def open_ended(self) -> bool:
        """Whether the source gives no last day."""
        return self.modality in (Modality.UNLIMITED, Modality.NOT_STATED)

    def to_json(self) -> dict[str, object]:
        """The form in JSON: days as ``YYYY-MM-DD``."""
        return {
            "date": _iso(self.date),
            "earliest": _iso(self.earliest),
            "latest": _iso(self.latest),
            "modality": self.modality.value,
            "approximate": self.approximate,
            "planned": self.planned,
            "reading": asdict(self.reading) if self.reading else None,
            "alternatives": [day.isoformat() for day in self.alternatives],
            "cites": list(self.cites),
        }


NOT_STATED = DayValue(Modality.NOT_STATED)


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
