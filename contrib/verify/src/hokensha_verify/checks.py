"""Checking a policy: whether its rules hold together, and what a reader of the policy should know of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define, evolve, field, frozen

from hokensha.dates import Modality
from hokensha.errors import Finding, HokenshaError
from hokensha.policy import Bound, Rulebook, open_rulebook
from hokensha.rules import HELD, Latency, Trigger, Validity
from hokensha_verify.absent import absent
from hokensha_verify.exploring import Exploration, explore
from hokensha_verify.gaps import MOST_GROUPS, falling_through
from hokensha_verify.printing import heard
from hokensha_verify.progress import RULES, Progress, unseen
from hokensha_verify.registry import (
    ALIVE,
    CITED,
    FIGURES_USED,
    HOLDS_TOGETHER,
    NEVER_RAISES,
    NOBODY_FALLS_THROUGH,
    POLICY_CHECKS,
    TERMS_SANE,
    Check,
    Needs,
    check_of,
    is_error,
)
from hokensha_verify.shadowed import shadowed
from hokensha_verify.terms_of_validity import beyond_the_law, ending_before_issue
from hokensha_verify.tools import tool_findings

_STEPS = 14
"""In so many steps all else is looked for."""


@frozen
class Report:
    """What a check found.

    Attributes:
        ok: There is no error.
        rules: How many rules are in force.
        features: How many features they read.
        paths: How many paths of answers were gone through.
        left_out: The ids of checks that were not asked: errors stand in their way.
    """

    ok: bool
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    rules: int = 0
    features: int = 0
    paths: int = 0
    left_out: tuple[str, ...] = ()

    def of(self, check: Check[Any]) -> tuple[Finding, ...]:
        """What fails a check."""
        found = (each for each in (*self.errors, *self.warnings) if check_of(each).id == check.id)
        return tuple(each for each in found if each.code not in check.notes)


def check(path: str | os.PathLike[str], progress: Progress = unseen) -> Report:
    """Load a policy and check it; what stops it from loading is reported, not raised.

    Args:
        path: The policy's file.
        progress: Is told what is gone through next, and how far the check is.
    """
    try:
        with heard() as printed:
            rulebook = open_rulebook(os.fspath(path))
    except HokenshaError as error:
        return not_loaded(error)
    report = check_rulebook(rulebook, progress)
    return evolve(report, warnings=(*printed, *report.warnings))


def not_loaded(error: HokenshaError) -> Report:
    """The report on a policy that cannot be loaded."""
    left_out = tuple(each.id for each in POLICY_CHECKS if each.needs is not Needs.NOTHING)
    return Report(ok=False, errors=error.findings, warnings=(), left_out=left_out)


def check_rulebook(rulebook: Rulebook, progress: Progress = unseen) -> Report:
    """Check a policy that is bound to its plugins; ``progress`` is told what is gone through next."""
    exploration = explore(rulebook, lambda what, share: progress(what, share * RULES))
    found = _Found(rules_sound=not exploration.errors, progress=progress)
    found.add(HOLDS_TOGETHER, _unanswered_purposes(rulebook))
    found.add(HOLDS_TOGETHER, _rivals(rulebook))
    found.add(NEVER_RAISES, exploration.errors)  # and of all that can be wrong with rules
    found.add(TERMS_SANE, ending_before_issue(rulebook))
    found.add(HOLDS_TOGETHER, tool_findings(rulebook))
    found.add(ALIVE, exploration.idle)
    found.add(NOBODY_FALLS_THROUGH, _fallen(rulebook))
    found.add(CITED, _not_stated(rulebook))
    found.add(TERMS_SANE, beyond_the_law(rulebook))
    if not exploration.errors:  # each rule can be asked in every situation
        found.add(HOLDS_TOGETHER, shadowed(rulebook))
        found.add(HOLDS_TOGETHER, absent(rulebook, exploration.walks))
    found.add(FIGURES_USED, _unused(rulebook, exploration))  # where rules fail, not all that is read is seen
    found.add(CITED, _without_source(rulebook))
    found.add(CITED, _unaccounted(rulebook))
    return Report(
        ok=not found.errors,
        errors=tuple(found.errors),
        warnings=tuple(found.warnings),
        rules=len({bound.rule for bound in rulebook.bound}),
        features=len({feature for feature, _ in exploration.read}),
        paths=sum(len(walked.outcomes) for walked in exploration.walks.values()),
        left_out=tuple(found.left_out),
    )


@define(eq=False)
class _Found:
    """What is found of one policy, in the order of reports.

    Attributes:
        rules_sound: There is no error in the rules.
        progress: Is told what is looked for next.
    """

    rules_sound: bool
    progress: Progress
    errors: list[Finding] = field(factory=list)
    warnings: list[Finding] = field(factory=list)
    left_out: dict[str, None] = field(factory=dict)
    _looked: int = field(default=0, init=False)

    def add(self, check: Check[Any], findings: Iterable[Finding]) -> None:
        """Look for what a check is about, unless errors stand in its way."""
        self.progress(check.title, RULES + (1 - RULES) * min(self._looked / _STEPS, 1))
        self._looked += 1
        unsound = check.needs is Needs.RULES and not self.rules_sound
        if unsound or (check.needs is Needs.SOUND and self.errors):
            self.left_out[check.id] = None
            return
        for each in findings:
            (self.errors if is_error(each) else self.warnings).append(each)


# --- errors that need no exploring


def _unanswered_purposes(rulebook: Rulebook) -> Iterator[Finding]:
    """Triggers for whose purpose no rule says how long the document is valid.

    A document of which the policy states no validity at all may be issued: its end is then not stated.
    """
    for bound in rulebook.rules(Trigger):
        document, purpose = bound.rule.document, bound.terms.purpose
        known = [b.rule.purpose for b in rulebook.rules(Validity) if b.rule.document is document]
        if purpose not in known and (purpose != "standard" or set(known) - {HELD}):
            where = f"{rulebook.policy.path}: {bound.place}.purpose"
            message = f"no rule in force says how long the {document.id} is valid for purpose '{purpose}'"
            yield Finding(where, message, "purpose-without-validity")


def _rivals(rulebook: Rulebook) -> Iterator[Finding]:
    """Two rules in force that answer one question, of which only the first would ever be asked."""
    taken: dict[object, Bound[Any]] = {}
    for bound in (b for b in rulebook.bound if isinstance(b.rule, Validity | Latency)):
        rule = bound.rule
        question = (rule.document, rule.purpose) if isinstance(rule, Validity) else rule.process
        first = taken.setdefault(question, bound)
        if first is not bound:
            message = (
                f"rule '{rule.id}' of plugin {bound.provider} answers the same question as rule "
                f"'{first.rule.id}' of plugin {first.provider}; decline one of them"
            )
            yield Finding(f"{rulebook.policy.path}: {bound.place}", message, "rule-clash")


# --- warnings


def _not_stated(rulebook: Rulebook) -> Iterator[Finding]:
    for name, versions in rulebook.policy.figures.items():
        for index, version in enumerate(versions):
            if version.modality is Modality.NOT_STATED:
                which = f"[{index}]" if len(versions) > 1 else ""
                cited = f" ({', '.join(version.cites)})" if version.cites else ""
                message = f"is not stated by the source{cited}: no day will be answered"
                yield Finding(f"{rulebook.policy.path}: figures.{name}{which}", message, "not-stated")


def _fallen(rulebook: Rulebook) -> Iterator[Finding]:
    groups = list(falling_through(rulebook))
    for fallen in groups:
        grounds = " and ".join(fallen.grounds) or "no ground"
        remedies = ", ".join(f"'{remedy}'" for remedy in fallen.remedies)
        told = (
            f"what remedy {remedies} asks for does not help"
            if remedies
            else "no remedy says what to do first"
        )
        message = (
            f"nothing serves and nothing is owed, and {told}, for members with {grounds}: {fallen.witness}"
        )
        yield Finding(rulebook.policy.path, message, "falls-through")
    if len(groups) == MOST_GROUPS:
        message = f"{MOST_GROUPS} groups fall through; there may be more, which show once these are mended"
        yield Finding(rulebook.policy.path, message, "falls-through")


def _unused(rulebook: Rulebook, exploration: Exploration) -> Iterator[Finding]:
    """Figures that no rule in force looks at, nor another figure that is in use."""
    figures = rulebook.policy.figures
    used: set[str] = set()
    ahead = [name for name in exploration.figures if name in figures]
    while ahead:
        name = ahead.pop()
        if name not in used:
            used.add(name)
            ahead += [part for each in figures[name] for part in (*each.earliest, *each.bands())]
    for name in figures:
        if name not in used:
            where = f"{rulebook.policy.path}: figures.{name}"
            yield Finding(where, "is used by no rule in force: name it in one, or remove it", "figure-unused")


def _without_source(rulebook: Rulebook) -> Iterator[Finding]:
    """Rules and figures that cite nothing: what they answer could not be traced."""
    policy = rulebook.policy
    bare = [place for _, place, terms in policy.terms() if not terms.cites]
    for name, versions in policy.figures.items():
        bare += [f"figures.{name}"] if any(not (v.cites or v.earliest) for v in versions) else []
    for where in bare:
        yield Finding(f"{policy.path}: {where}.cites", "names no source: expected a locator", "no-source")


def _unaccounted(rulebook: Rulebook) -> Iterator[Finding]:
    """Passages of the sources of which the policy says nothing, not even that software need not."""
    policy = rulebook.policy
    said = set(policy.not_software)
    said.update(cite for versions in policy.figures.values() for figure in versions for cite in figure.cites)
    said.update(cite for *_, terms in policy.terms() for cite in terms.cites)
    said.update(cite for item in policy.information for cite in item.cites)
    for source in policy.sources:
        for locator in source.locators:
            if locator not in said:
                message = "is cited by nothing: cite it, or say under [not_software] why not"
                where = f"{policy.path}: sources.{source.id}.locators.{locator}"
                yield Finding(where, message, "locator-unaccounted")
