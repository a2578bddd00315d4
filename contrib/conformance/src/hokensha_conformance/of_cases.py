"""HK5: whether cases pass, and whether they exercise every rule and every branch of it."""

from __future__ import annotations

from collections.abc import Iterator

from hokensha.errors import Finding
from hokensha_conformance.checks import check
from hokensha_conformance.subject import Policed
from hokensha_conformance.trees import FEATURE


@check(
    "HK501",
    "事例がすべて期待どおりになる",
    "every case passes",
    mend="Read the source again: correct the rule, the figure, or the case.",
)
def pass_(policy: Policed) -> Iterator[Finding]:
    """The policy answers every case as its source does; every case cites passages that a source declares."""
    known = policy.rulebook.policy.locators()
    for file, case in policy.cases():
        where = f"{file}: case '{case.id}'"
        for difference in policy.failing.get((file, case.id), ()):
            yield Finding(where, difference, "case-fails")
        for locator in case.cites:
            if locator not in known:
                yield Finding(where, f"cites '{locator}', which no source declares", "undeclared-citation")


@check(
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
    for rule in policy.covered.rules:
        if rule.kind != FEATURE and not rule.shown:
            message = f"no case that passes asks {rule.what}"
            if rule.exercised:
                message = f"in no case that passes does {rule.what} hold"
            yield Finding(policy.path, message, "rule-not-exercised")


@check(
    "HK503",
    "すべての規則のすべての分岐に事例がある",
    "every branch of every rule is exercised by a case",
    mend="Write a case for the member that is shown, with what the source says of such a member.",
)
def branches_exercised(policy: Policed) -> Iterator[Finding]:
    """Each way through a rule that some member can take on some day is taken in a case that passes.

    Ways that no member can take, since features exclude each other, are told apart and not asked for.
    """
    for rule in policy.covered.rules:
        for branch in rule.branches:
            if branch.missing and branch.answers:
                message = f"no case takes this way through {rule.what}: {branch}"
                yield Finding(policy.path, message, "branch-not-exercised")


CHECKS = (pass_, rules_exercised, branches_exercised)
