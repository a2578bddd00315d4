"""Which facts a policy's rules read, whatever the day."""

from __future__ import annotations

from datetime import date

from hokensha.policy import Rulebook
from hokensha_roll import Engine


def facts_read(rulebook: Rulebook, as_of: date) -> frozenset[str]:
    """Every fact that a run reads, on the day of the roll or on any other on which other terms hold."""
    days = {as_of, *rulebook.policy.borders()}
    return frozenset[str]().union(*(Engine(rulebook, day).facts for day in sorted(days)))
