"""The days that are looked at where somebody is thought up, on whatever day: those that tell things apart.

A diagram knows nothing of days. That two features of one fact exclude each other, or that a rule ends before
its document falls due, shows only when members are thought up for certain days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from hokensha.dates import EARLIEST, LATEST, On
from hokensha.policy import Rulebook

_DAY = timedelta(days=1)
_MONTHS = 36
"""For how many months, from the year in which a policy was published, some days of each are looked at."""


@lru_cache(maxsize=16)
def telling_days(rulebook: Rulebook) -> tuple[date, ...]:
    """Days on which all that a policy dates can be told apart, the latest of its own first.

    The days around each fixed day and each period of the policy, and some of every month.
    """
    policy = rulebook.policy
    borders = {policy.published}
    for bound in rulebook.bound:
        borders.update(day for day in (bound.terms.since, bound.terms.through) if day)
    for versions in policy.figures.values():
        for version in versions:
            days = [version.period.since, version.period.through] if version.period else []
            if any(isinstance(step, On) for step in version.rule):
                days.append(version.last(policy.published, rulebook.figures.add_business_days))
            borders.update(day for day in days if day)
    near = {day + n * _DAY for day in borders if EARLIEST < day < LATEST for n in (-1, 0, 1)}
    return (*sorted(near, reverse=True), *_of_months(policy.published))


def _of_months(start: date) -> Iterator[date]:
    for year, month in ((start.year + n // 12, n % 12 + 1) for n in range(_MONTHS)):
        first = date(year, month, 1)
        yield from (first - _DAY, first, first.replace(day=15))
