"""Which facts a policy's rules read, whatever the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from hokensha.rulebook import Rulebook
from hokensha_roll.engine import Engine


def facts_read(rulebook: Rulebook, as_of: date) -> frozenset[str]:
    """Every fact that a run reads, on the day of the roll or on any other on which other terms hold."""
    days = {as_of, *_borders(rulebook)}
    return frozenset[str]().union(*(Engine(rulebook, day).facts for day in sorted(days)))


def _borders(rulebook: Rulebook) -> Iterator[date]:
    """The days on either side of which other rules are in force."""
    for *_, terms in rulebook.policy.terms():
        if terms.since:
            yield terms.since - timedelta(days=1)
            yield terms.since
        if terms.through and terms.through < date.max:
            yield terms.through
            yield terms.through + timedelta(days=1)
