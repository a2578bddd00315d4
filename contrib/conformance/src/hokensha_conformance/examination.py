"""An examination: which checks there are for a plugin, and what each comes to."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from importlib.metadata import entry_points
from typing import Any

from attrs import field, frozen

from hokensha.errors import Finding, HokenshaError
from hokensha.rules import RESULTS
from hokensha.text import nearest
from hokensha_conformance.checking import kit_check
from hokensha_conformance.deviations import Deviations
from hokensha_conformance.files import FILE
from hokensha_conformance.plugin_checks import ALONE
from hokensha_conformance.policy_checks import OF_POLICY
from hokensha_conformance.subject import Policed, Subject
from hokensha_verify import Check, Needs

GROUP = "hokensha.conformance"
"""The entry points by which other distributions add checks: each names a tuple of checks of a policy."""


class Status(Enum):
    """What a check came to; the values are those of reports."""

    PASSED = "passed"
    FAILED = "failed"
    DEVIATES = "deviates"
    """It fails as declared."""
    NOT_CLAIMED = "not claimed"
    NOT_RUN = "not run"
    """What it would look at cannot be loaded, or gone through; another check has failed on that."""


@frozen
class Outcome:
    """What one check came to.

    Attributes:
        check: Its id.
        policy: The policy's name; none for a check of the plugin itself.
        findings: What is wrong, or, where it deviates, what is declared to be.
        note: In words: what is not claimed, the reason of a deviation, how much was covered.
    """

    check: str
    policy: str | None
    status: Status
    findings: tuple[Finding, ...] = ()
    note: str = ""


@frozen(eq=False)
class Task:
    """One check to be run: of a policy, or of the plugin itself."""

    check: Check[Any]
    policy: Policed | None = None

    @property
    def name(self) -> str:
        """The check's id, and the policy in brackets."""
        return f"{self.check.id}[{self.policy.name}]" if self.policy else self.check.id


@frozen(eq=False)
class Examination:
    """All that is needed to run the checks of one plugin.

    Attributes:
        others: Checks of policies that other distributions bring, by the capability that they check.
    """

    subject: Subject
    deviations: Deviations
    others: tuple[Check[Policed], ...] = field(factory=lambda: tuple(checks_of_others()))

    def catalogue(self) -> tuple[Check[Any], ...]:
        """Every check, by id."""
        return tuple(sorted((*OF_PLUGIN, *OF_POLICY, *self.others), key=lambda each: each.id))

    def tasks(self) -> Iterator[Task]:
        """Every check to be run, in the order of their ids."""
        for each in self.catalogue():
            if each in OF_PLUGIN:
                yield Task(each)
            else:
                yield from (Task(each, policy) for policy in self.subject.policies)
                if self.subject.broken:  # of the policies that those files name
                    yield Task(each)

    def perform(self, task: Task) -> Outcome:
        """Run one check."""
        check, policy = task.check, task.policy
        name = policy.name if policy else None
        if check.claim and check.claim not in self.subject.declared.claims:
            return Outcome(check.id, name, Status.NOT_CLAIMED, note=f"'{check.claim}' is not claimed")
        if reason := self._hindrance(task):
            return Outcome(check.id, name, Status.NOT_RUN, note=reason)
        found = policy.report.of(check) if policy else self.subject.findings(check)
        if not found:
            looked_at = self if check in ABOUT_THE_KIT else policy or self.subject
            found = tuple(dict.fromkeys(check.look(looked_at)))
        return self._judged(check, name, found)

    def _hindrance(self, task: Task) -> str:
        """What stands in the way of a check; nothing, if it can be run."""
        check, policy = task.check, task.policy
        if policy is None and check not in OF_PLUGIN:
            return "a file of cases cannot be read: HK404 says why"
        if not self.subject.loads and (policy or check.needs is not Needs.NOTHING):
            return "the plugin cannot be loaded: HK101 to HK104 say why"
        if policy is None or check.needs is Needs.NOTHING:
            return ""
        if not policy.loads:
            return "the policy cannot be loaded: HK401 and HK402 say why"
        if check.id in policy.report.left_out or (check.needs is Needs.SOUND and not policy.sound(check)):
            return "the check of the policy finds errors: other checks say which"
        return ""

    def _judged(self, check: Check[Any], policy: str | None, found: tuple[Finding, ...]) -> Outcome:
        declared = self.deviations.of(check, policy)
        idle = [each for each in declared if not any(map(each.covers, found))]
        left = tuple(each for each in found if not any(deviation.covers(each) for deviation in declared))
        left += tuple(
            Finding("", f"a deviation is declared that is none any more: remove it ({each.reason})", "idle")
            for each in idle
        )
        if left:
            return Outcome(check.id, policy, Status.FAILED, left)
        if declared:
            reasons = "; ".join(f"until {each.expires}: {each.reason}" for each in declared)
            return Outcome(check.id, policy, Status.DEVIATES, found, reasons)
        return Outcome(check.id, policy, Status.PASSED)


@kit_check(
    "HK106",
    "宣言した機能を検証できる",
    "every claim can be checked",
    mend="Correct the claim, or install the distribution that checks it.",
    needs=Needs.NOTHING,
)
def claims_are_known(examination: Examination) -> Iterator[Finding]:
    """Every claim names a hook, or a capability that an installed distribution checks."""
    known = [*RESULTS, *(each.claim for each in examination.others if each.claim)]
    for claim in examination.subject.declared.claims:
        if claim not in known:
            install = "; install hokensha-roll, which checks it" if claim == "roll" else ""
            message = f"nobody checks the claim '{claim}'{nearest(claim, known)}{install}"
            yield Finding(f"{FILE}: claims", message, "unknown-claim")


@kit_check(
    "HK107",
    "逸脱の宣言が正しい",
    "deviations are declared right",
    mend="Name a check that may be waived, and a policy that has cases; renew or end what has expired.",
    waivable=False,
    needs=Needs.NOTHING,
)
def deviations_are_right(examination: Examination) -> Iterator[Finding]:
    """Every declared deviation names a check that may be waived and a policy, and has not expired."""
    policies = [policy.name for policy in examination.subject.policies]
    yield from examination.deviations.problems(examination.catalogue(), policies)


ABOUT_THE_KIT: tuple[Check[Any], ...] = (claims_are_known, deviations_are_right)
"""The checks that look at the examination itself."""
OF_PLUGIN: tuple[Check[Any], ...] = (*ALONE, *ABOUT_THE_KIT)
"""The checks of a plugin itself."""


def checks_of_others() -> Iterator[Check[Policed]]:
    """The checks that other distributions bring.

    Raises:
        HokenshaError: One of them cannot be imported.
    """
    for entry in sorted(entry_points(group=GROUP), key=lambda each: (each.name, each.value)):
        try:
            yield from entry.load()
        except Exception as error:
            message = f"cannot be imported ({entry.value}): {type(error).__name__}; mend or reinstall it"
            raise HokenshaError(Finding(f"checks '{entry.name}'", message, "checks-broken")) from error
