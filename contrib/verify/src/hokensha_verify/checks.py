"""Checking a policy: whether its rules hold together, and what a reader of the policy should know of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from attrs import frozen

from hokensha.dates import Modality
from hokensha.errors import Finding, HokenshaError
from hokensha.policy import Bound, Rulebook, open_rulebook
from hokensha.rules import Latency, Trigger, Validity
from hokensha_verify.exploring import Exploration
from hokensha_verify.falling_through import MOST_GROUPS, falling_through
from hokensha_verify.terms_of_validity import beyond_the_law, ending_before_issue


@frozen
class Report:
    """What a check found.

    Attributes:
        ok: There is no error.
        rules: How many rules are in force.
        features: How many features they read.
        paths: How many paths of answers were gone through.
    """

    ok: bool
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    rules: int
    features: int
    paths: int


def check(path: str | os.PathLike[str]) -> Report:
    """Load a policy and check it; what stops it from loading is reported, not raised."""
    try:
        rulebook = open_rulebook(os.fspath(path))
    except HokenshaError as error:
        return Report(ok=False, errors=error.findings, warnings=(), rules=0, features=0, paths=0)
    return check_rulebook(rulebook)


def check_rulebook(rulebook: Rulebook) -> Report:
    """Check a policy that is bound to its plugins."""
    exploration = Exploration(rulebook)
    unsound = exploration.run()  # who is in the scheme, and owed what, cannot be asked then
    errors = (
        *_unanswered_purposes(rulebook),
        *_rivals(rulebook),
        *unsound,
        *(() if unsound else ending_before_issue(rulebook)),
    )
    warnings = (
        *exploration.idle,
        *(() if errors else _fallen(rulebook)),
        *_not_stated(rulebook),
        *(() if unsound else beyond_the_law(rulebook)),
        *(() if errors else _unused(rulebook, exploration)),  # where rules fail, not all that is read is seen
        *_without_source(rulebook),
        *_unaccounted(rulebook),
    )
    return Report(
        ok=not errors,
        errors=errors,
        warnings=warnings,
        rules=len({bound.rule for bound in rulebook.bound}),
        features=len({feature for feature, _ in exploration.read}),
        paths=sum(len(walked.outcomes) for walked in exploration.walks.values()),
    )


# --- errors that need no exploring


def _unanswered_purposes(rulebook: Rulebook) -> Iterator[Finding]:
    """Triggers for whose purpose no rule says how long the document is valid.

    A document of which the policy states no validity at all may be issued: its end is then not stated.
    """
    for bound in rulebook.rules(Trigger):
        document, purpose = bound.rule.document, bound.terms.purpose
        known = [b.rule.purpose for b in rulebook.rules(Validity) if b.rule.document is document]
        if purpose not in known and (purpose != "standard" or set(known) - {"held"}):
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
        message = (
            f"nothing serves and nothing is owed, and no remedy says what to do first, for members with "
            f"{grounds}: {fallen.witness}"
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
