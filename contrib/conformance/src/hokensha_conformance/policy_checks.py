"""Checks of a plugin's policies: those of ``hokensha check``, two of which go further here, HK303, HK5."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from attrs import evolve

from hokensha.dates import CalendarError
from hokensha.engine import decided, reflect
from hokensha.errors import Finding, HokenshaError
from hokensha.facts import Member
from hokensha.policy import Bound
from hokensha.rules import Decision, Latency, NotOwed
from hokensha_conformance import seeds
from hokensha_conformance.checking import kit_check
from hokensha_conformance.subject import Policed
from hokensha_conformance.trees import FEATURE
from hokensha_verify import DETERMINISTIC, POLICY_CHECKS, UNKNOWN_HANDLED, Check, Needs

_DAYS = 3 * 366
_LONGEST = timedelta(days=366)


# --- HK2 and HK3: further than ``hokensha check``


def _in_other_processes(policy: Policed) -> Iterator[Finding]:
    """In eight more processes, each with another seed for hashes, all that a policy says comes to the same.

    Every path of every rule is gone through there, and every case is asked.
    """
    return seeds.differences(policy.path, [file.path for file in policy.files])


def _without_each_fact(policy: Policed) -> Iterator[Finding]:
    """Where a decision stands without a fact, it stands with every value of it that the cases know.

    Each fact of each case that is decided is taken away in turn. What is answered then, as decided, has to be
    what is answered with any value; else the fact has to be said to be missing.
    """
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
            without = decided(rulebook, Member(member.id, rest), on)
            if fact in without.missing:
                continue
            for value in values[fact]:
                completed = decided(rulebook, Member(member.id, {**rest, fact: value}), on)
                if _as_far_as(without, completed) != without:
                    message = f"without '{fact}' the decision stands, but '{value}' would change it"
                    yield Finding(where, message, "unknown-taken-for-value")
                    break
        except HokenshaError as error:
            yield Finding(where, f"without '{fact}': {error.findings[0]}", "unknown-not-decided")


def _as_far_as(without: Decision, completed: Decision) -> Decision:
    """The second, with what the first leaves open of reasons left open: that hangs on what is unknown."""
    first = {each.document: each for each in without.not_owed}

    def as_far(each: NotOwed) -> NotOwed:
        left = first.get(each.document, each)
        like = left.because is None or (left.label is None and left.because is each.because)
        return left if like else each

    return evolve(completed, not_owed=tuple(map(as_far, completed.not_owed)))


@kit_check(
    "HK303",
    "反映までの日数が妥当",
    "latencies are sane",
    mend="Correct the figure of the latency rule.",
    claim="reflection_latency",
    needs=Needs.LOADED,
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


# --- HK5: whether cases pass, and whether they exercise every rule and every branch of it


@kit_check(
    "HK501",
    "事例がすべて期待どおりになる",
    "every case passes",
    mend="Read the source again: correct the rule, the figure, or the case.",
    needs=Needs.LOADED,
)
def cases_pass(policy: Policed) -> Iterator[Finding]:
    """The policy answers every case as its source does; every case cites passages that a source declares."""
    known = policy.rulebook.policy.locators()
    for file, case in policy.cases():
        where = f"{file}: case '{case.id}'"
        for difference in policy.failing.get((file, case.id), ()):
            yield Finding(where, difference, "case-fails")
        for locator in case.cites:
            if locator not in known:
                yield Finding(where, f"cites '{locator}', which no source declares", "undeclared-citation")


@kit_check(
    "HK502",
    "すべての規則に事例がある",
    "every rule is exercised by a case",
    mend="Write a case in which the rule holds, or decline the rule in the policy.",
)
def rules_exercised(policy: Policed) -> Iterator[Finding]:
    """Each rule of the plugin that is in force holds in a case that passes.

    Of a rule that names a figure a case asks: for a validity with ``validity``, or by expecting an end
    (``valid_until``) of what is owed; for a latency with ``reflect``.
    """
    for rule in policy.coverage.rules:
        if rule.kind != FEATURE and not rule.shown:
            message = f"no case that passes asks {rule.what}"
            if rule.exercised:
                message = f"in no case that passes does {rule.what} hold"
            yield Finding(policy.path, message, "rule-not-exercised")


@kit_check(
    "HK503",
    "すべての規則のすべての分岐に事例がある",
    "every branch of every rule is exercised by a case",
    mend="Write a case for the member that is shown, with what the source says of such a member.",
)
def branches_exercised(policy: Policed) -> Iterator[Finding]:
    """Each way through a rule that some member can take on some day is taken in a case that passes.

    Ways that no member can take, since features exclude each other, are told apart and not asked for.
    """
    for rule in policy.coverage.rules:
        for branch in rule.branches:
            if branch.missing and branch.answers:
                message = f"no case takes this way through {rule.what}: {branch}"
                yield Finding(policy.path, message, "branch-not-exercised")


_FURTHER: dict[str, Check[Policed]] = {
    DETERMINISTIC.id: DETERMINISTIC.further(_in_other_processes),
    UNKNOWN_HANDLED.id: UNKNOWN_HANDLED.further(_without_each_fact, needs=Needs.SOUND),
}
OF_POLICY: tuple[Check[Policed], ...] = (
    *(_FURTHER.get(check.id, check) for check in POLICY_CHECKS),
    latency_sane,
    cases_pass,
    rules_exercised,
    branches_exercised,
)
"""The checks of each policy."""
