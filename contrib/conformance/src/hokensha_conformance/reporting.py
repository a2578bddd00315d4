"""Reports of a run: as text for people, and as JSON; JUnit XML is pytest's own."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Any

from attrs import frozen

from hokensha.text import Label, Language
from hokensha_conformance.examination import Examination, Outcome, Status
from hokensha_conformance.policy_checks import branches_exercised
from hokensha_conformance.subject import Subject
from hokensha_conformance.trees import FEATURE

SCHEMA = "hokensha/conformance/1"
CONFORMS = "conforms"
DEVIATES = "conforms, with deviations"
FAILS = "does not conform"
PARTIAL = "not judged"
_VERDICTS = {
    CONFORMS: Label("適合", "conforms"),
    DEVIATES: Label("適合（宣言した逸脱あり）", "conforms, with declared deviations"),
    FAILS: Label("不適合", "does not conform"),
    PARTIAL: Label("判定なし（一部の検査だけを実施）", "not judged: only some of the checks were run"),
}
_STATUSES = {
    Status.PASSED: Label("合格", "passed"),
    Status.FAILED: Label("不合格", "FAILED"),
    Status.DEVIATES: Label("逸脱", "deviates"),
    Status.NOT_CLAIMED: Label("対象外（宣言なし）", "not claimed"),
    Status.NOT_RUN: Label("未実施", "not run"),
}
_NOT_JUDGED = Label(
    "逸脱の期限は判定していない（--hokensha-on で日付を指定）",
    "the ends of deviations were not judged (give the day: --hokensha-on)",
)


@frozen
class CoverageCounts:
    """How much of a policy's rules of the plugin its cases exercise.

    Attributes:
        rules: How many there are, and how many are asked.
        branches: Ways through them that a member can take, and how many are taken.
        impossible: Ways that no member can take.
    """

    policy: str
    rules: tuple[int, int]
    branches: tuple[int, int]
    impossible: int


@frozen
class Report:
    """What a run came to.

    Attributes:
        versions: Of the plugin, of hokensha, of Python; by name, in this order.
        claims: What the plugin claims.
        outcomes: One for each check, in the order of the ids.
        titles: The title of each check, by id.
        covered: One for each policy that could be loaded.
        judged: Whether the ends of deviations were judged.
        whole: Whether every check was run.
    """

    plugin: str
    versions: tuple[tuple[str, str], ...]
    claims: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    titles: Mapping[str, Label]
    covered: tuple[CoverageCounts, ...]
    judged: bool
    whole: bool

    @property
    def verdict(self) -> str:
        """Whether the plugin conforms: one of four sentences."""
        statuses = {outcome.status for outcome in self.outcomes}
        if not statuses or statuses & {Status.FAILED, Status.NOT_RUN}:
            return FAILS
        if not self.whole:
            return PARTIAL
        return DEVIATES if Status.DEVIATES in statuses else CONFORMS

    def to_json(self) -> dict[str, Any]:
        """The report for programs; the same run gives the same bytes."""
        return {
            "schema": SCHEMA,
            "plugin": self.plugin,
            "versions": dict(self.versions),
            "claims": list(self.claims),
            "verdict": self.verdict,
            "deviations_judged": self.judged,
            "checks": [
                {
                    "check": each.check,
                    "title": self.titles[each.check].en,
                    "policy": each.policy,
                    "outcome": each.status.value,
                    "note": each.note,
                    "findings": [
                        {"code": found.code, "where": found.where, "message": found.message}
                        for found in each.findings
                    ],
                }
                for each in self.outcomes
            ],
            "coverage": [
                {
                    "policy": each.policy,
                    "rules": {"total": each.rules[0], "exercised": each.rules[1]},
                    "branches": {
                        "total": each.branches[0],
                        "exercised": each.branches[1],
                        "impossible": each.impossible,
                    },
                }
                for each in self.covered
            ],
        }

    def properties(self) -> Iterator[tuple[str, str]]:
        """The head of the report as names and values, for JUnit's XML."""
        yield from ((f"version of {name}", number) for name, number in self.versions)
        yield f"claims of {self.plugin}", ", ".join(self.claims)
        for each in self.covered:
            yield f"coverage of {self.plugin}", _coverage_words(each, "en")
        yield f"verdict on {self.plugin}", self.verdict

    def lines(self, lang: Language) -> Iterator[str]:
        """The report for people."""
        yield ", ".join(f"{name} {number}" for name, number in self.versions)
        for outcome in self.outcomes:
            status = _STATUSES[outcome.status].text(lang)
            policy = f"  [{outcome.policy}]" if outcome.policy else ""
            note = f" ({outcome.note})" if outcome.note else ""
            yield f"{outcome.check}  {status}  {self.titles[outcome.check].text(lang)}{policy}{note}"
        for each in self.covered:
            yield _coverage_words(each, lang)
        if any(outcome.status is Status.DEVIATES for outcome in self.outcomes) and not self.judged:
            yield _NOT_JUDGED.text(lang)
        yield f"{self.plugin}: {_VERDICTS[self.verdict].text(lang)}"


def _coverage_words(each: CoverageCounts, lang: Language) -> str:
    words = Label(
        "{policy}：規則 {r1}/{r0}、分岐 {b1}/{b0}（ほかに起こりえない分岐 {i}）",
        "{policy}: rules {r1} of {r0}, branches {b1} of {b0} (and {i} that cannot happen)",
    )
    (r0, r1), (b0, b1) = each.rules, each.branches
    return words.text(lang).format(policy=each.policy, r0=r0, r1=r1, b0=b0, b1=b1, i=each.impossible)


def report_of(examination: Examination, outcomes: Iterable[Outcome]) -> Report:
    """The report of what the checks of an examination came to, in whatever order."""
    subject = examination.subject
    provider = subject.examined.provided.provider
    order = {
        (task.check.id, task.policy and task.policy.name): n for n, task in enumerate(examination.tasks())
    }
    found = tuple(sorted(outcomes, key=lambda each: order[each.check, each.policy]))
    return Report(
        provider.name,
        (
            (provider.distribution or provider.name, provider.version),
            ("hokensha", version("hokensha")),
            ("Python", platform.python_version()),
        ),
        subject.declared.claims,
        found,
        {check.id: check.title for check in examination.catalogue()},
        tuple(_covered(subject)),
        examination.deviations.on is not None,
        len(found) == len(order),
    )


def _covered(subject: Subject) -> Iterator[CoverageCounts]:
    for policy in subject.policies if subject.loads else ():
        if policy.loads and policy.sound(branches_exercised):
            own = policy.coverage
            rules = [each for each in own.rules if each.kind != FEATURE]
            yield CoverageCounts(
                policy.name,
                (len(rules), sum(each.exercised for each in rules)),
                (own.total, own.exercised),
                len(own.branches) - own.total,
            )
