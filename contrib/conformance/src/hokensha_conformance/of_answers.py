"""HK3: whether answers can be right: nobody falls through, days make sense, unknown stays unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from hokensha.dates import CalendarError
from hokensha.engine import decide, reflect
from hokensha.errors import Finding, HokenshaError
from hokensha.facts import Member
from hokensha.policy import Bound
from hokensha.rules import Latency
from hokensha_conformance.checks import check
from hokensha_conformance.subject import Policed

FALLS_THROUGH = "falls-through"
VALID = ("validity-before-issue", "validity-beyond-5-years")
UNKNOWN = ("feature-values", "rule-catches-everything")
CODES = (FALLS_THROUGH, *VALID, *UNKNOWN)
"""What 'hokensha check' finds that these checks look for."""
_DAYS = 3 * 366
_LONGEST = timedelta(days=366)


@check(
    "HK301",
    "誰も取り残されない",
    "nobody falls through",
    mend="Let a trigger issue what serves, or declare a remedy: what the member has to do first.",
)
def nobody_falls_through(policy: Policed) -> Iterator[Finding]:
    """No member in the scheme is left with nothing that serves, nothing owed and no remedy.

    Looked for over all situations, with the day as one more fact; each finding shows such a member.
    """
    yield from policy.findings(FALLS_THROUGH)


@check(
    "HK302",
    "有効期限は交付日より前でなく、法定の範囲内",
    "no document ends before it is issued, or later than the law allows",
    mend="Correct the figure of the validity rule.",
)
def validity_sane(policy: Policed) -> Iterator[Finding]:
    """A certificate issued on any day of the years to come ends on that day or later, within 5 years."""
    yield from policy.findings(*VALID)


@check(
    "HK303",
    "反映までの日数が妥当",
    "latencies are sane",
    mend="Correct the figure of the latency rule.",
    claim="reflection_latency",
)
def latency_sane(policy: Policed) -> Iterator[Finding]:
    """Data show on the day on which a process starts or later, within a year; the earlier end comes first."""
    for bound in policy.rulebook.rules(Latency):
        problem = next(_latency_problems(policy, bound), None)
        if problem:
            yield Finding(f"{policy.path}: rules.{bound.rule.id}", problem, "latency-not-sane")


def _latency_problems(policy: Policed, bound: Bound[Latency]) -> Iterator[str]:
    first = policy.rulebook.policy.published
    for start in (first + timedelta(days=n) for n in range(_DAYS)):
        try:
            value = reflect(policy.rulebook, bound.rule.process, start).day
        except CalendarError:  # no holidays are known of years that far ahead
            return
        days = [day for day in (value.date, value.earliest, value.latest, *value.alternatives) if day]
        if any(day < start for day in days):
            yield f"what starts on {start} shows before that, on {min(days)}"
        if any(day - start > _LONGEST for day in days):
            yield f"what starts on {start} shows more than a year later, on {max(days)}"
        if value.earliest and value.latest and value.latest < value.earliest:
            yield f"what starts on {start} shows from {value.earliest} to {value.latest}, which is earlier"


@check(
    "HK304",
    "不明な事実を「ない」とみなさない",
    "an unknown fact is never taken for a value",
    mend="Give a feature a value for every code of its fact, and catch only what your rule raises itself.",
    waivable=False,
)
def unknown_handled(policy: Policed) -> Iterator[Finding]:
    """Where a decision stands without a fact, it stands with every value of it that the cases know.

    Each fact of each case that is decided is taken away in turn. What is answered then, as decided, has to be
    what is answered with any value; else the fact has to be said to be missing.
    """
    unsound = tuple(policy.findings(*UNKNOWN))
    yield from unsound
    if unsound:
        return
    values = _values(policy)
    for case, member in policy.members():
        if case.decide is not None and case.on is not None:
            yield from _taken_for_a_value(policy, member, case.on, values)


def _values(policy: Policed) -> Mapping[str, list[Any]]:
    """For each fact every value that a case has for it, and each code."""
    found: dict[str, dict[Any, None]] = {}
    for _, member in policy.members():
        for fact, value in member.facts.items():
            found.setdefault(fact, {})[value] = None
    for fact, known in found.items():
        known.update(dict.fromkeys(policy.rulebook.catalogue[fact].values))
    return {fact: list(known) for fact, known in found.items()}


def _taken_for_a_value(
    policy: Policed, member: Member, on: date, values: Mapping[str, list[Any]]
) -> Iterator[Finding]:
    rulebook, facts = policy.rulebook, member.facts
    where = f"{policy.path}: case '{member.id}'"
    for fact in facts:
        rest = {each: value for each, value in facts.items() if each != fact}
        try:
            without = decide(rulebook, Member(member.id, rest), on)
            if fact in without.missing:
                continue
            for value in values[fact]:
                completed = decide(rulebook, Member(member.id, {**rest, fact: value}), on)
                if completed != without:
                    message = f"without '{fact}' the decision stands, but '{value}' would change it"
                    yield Finding(where, message, "unknown-taken-for-value")
                    break
        except HokenshaError as error:
            yield Finding(where, f"without '{fact}': {error.findings[0]}", "unknown-not-decided")


CHECKS = (nobody_falls_through, validity_sane, latency_sane, unknown_handled)
