"""Whether a rule can hold for anybody at all: for some member, on some day on which it is in force.

A diagram knows nothing of days. That two features of one fact exclude each other, or that a rule ends before
its document falls due, shows only when members are thought up for certain days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from attrs import frozen

from hokensha.dates import EARLIEST, LATEST, CalendarError, Figure, On
from hokensha.partial import Node, of_anybody
from hokensha.policy import Rulebook, Terms

_DAY = timedelta(days=1)
_MONTHS = 36
"""For how many months, from the year in which a policy was published, some days of each are looked at."""


@frozen
class Reach:
    """Days on which all that a policy dates can be told apart."""

    rulebook: Rulebook
    days: tuple[date, ...]

    @classmethod
    def of(cls, rulebook: Rulebook) -> Reach:
        """The days around each fixed day and each period of a policy, and some of every month."""
        policy = rulebook.policy
        borders = {policy.published}
        for bound in rulebook.bound:
            borders.update(day for day in (bound.terms.since, bound.terms.through) if day)
        for versions in policy.figures.values():
            for version in versions:
                days = [version.period.since, version.period.through] if version.period else []
                days += [_fixed(rulebook, version)] if any(isinstance(s, On) for s in version.rule) else []
                borders.update(day for day in days if day)
        near = {day + n * _DAY for day in borders if EARLIEST < day < LATEST for n in (-1, 0, 1)}
        return cls(rulebook, (*sorted(near, reverse=True), *_of_months(policy.published)))

    def somebody(self, root: Node, terms: Terms) -> bool:
        """Whether the function of a diagram is true for some member on a day on which it is in force."""
        days = (day for day in self.days if terms.in_force(day))
        return any(self._on(day, root) for day in days)

    def _on(self, day: date, root: Node) -> bool:
        completions, component = of_anybody(self.rulebook.vocabulary, root, day)
        return completions.way(component, wanted=True) is not None


def _fixed(rulebook: Rulebook, figure: Figure) -> date | None:
    try:
        return figure.bound(rulebook.policy.published, rulebook.figures.add_business_days)
    except CalendarError:
        return None


def _of_months(start: date) -> Iterator[date]:
    for year, month in ((start.year + n // 12, n % 12 + 1) for n in range(_MONTHS)):
        first = date(year, month, 1)
        yield from (first - _DAY, first, first.replace(day=15))
