"""HK4: whether policies hold together, and account for what their sources say."""

from __future__ import annotations

from collections.abc import Iterator

from hokensha.errors import Finding, PluginError
from hokensha_conformance import FILE, of_answers, of_rules
from hokensha_conformance.checks import check
from hokensha_conformance.subject import Policed, Subject

CITED = ("undeclared-citation", "no-source", "locator-unaccounted")
USED = "figure-unused"
_ELSEWHERE = {*CITED, USED, *of_rules.CODES, *of_answers.CODES}
"""What other checks look for; all other errors are one check's."""


@check(
    "HK401",
    "方針を読み込め、点検で誤りが出ない",
    "the policy loads, and its check finds no error",
    mend="Run 'hokensha check' on the policy, and mend what it says.",
)
def holds_together(policy: Policed) -> Iterator[Finding]:
    """Every key is known, every figure that is needed is there, no periods overlap, nothing clashes."""
    errors, _ = policy.found
    yield from (found for found in errors if found.code not in _ELSEWHERE)


@check(
    "HK402",
    "出典がすべて実在し、出典のすべての箇所に扱いがある",
    "citations resolve, and every passage of a source is accounted for",
    mend="Declare the locator under its source, cite it, tell it as information, or say why it is no matter.",
)
def cited(policy: Policed) -> Iterator[Finding]:
    """Each rule and figure names a passage that a source declares; each such passage is accounted for."""
    yield from policy.findings(*CITED)


@check(
    "HK403",
    "方針の数値がすべて使われる",
    "every figure of the policy is used",
    mend="Name the figure in a rule or another figure, or remove it.",
)
def figures_used(policy: Policed) -> Iterator[Finding]:
    """No figure is left over: what an insurer sets has an effect."""
    yield from policy.findings(USED)


@check(
    "HK404",
    "同梱の方針がすべて検証される",
    "every policy that the plugin ships has cases",
    mend="Write a file of cases that names the policy, or do not ship it.",
)
def presets_have_cases(subject: Subject) -> Iterator[Finding]:
    """Every preset of the plugin is a policy that its cases name, and every file of cases can be read."""
    yield from subject.broken
    if not subject.policies and not subject.broken:
        where = f"{FILE}: cases"
        yield Finding(where, "no file matches, or none has cases: nothing is shown", "no-cases")
    texts = {_text(policy.path) for policy in subject.policies}
    try:
        presets = subject.presets
    except PluginError as error:
        yield from error.findings
        return
    for name, text in presets.items() if not subject.broken else ():  # a file that is broken may name it
        if text not in texts:
            where = f"plugin {subject.declared.plugin}: preset '{name}'"
            yield Finding(where, "no file of cases names a policy with this text", "preset-without-cases")


def _text(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8", newline="") as file:  # noqa: PTH123 - byte for byte
            return file.read()
    except (OSError, UnicodeError):
        return None


OF_PLUGIN = (presets_have_cases,)
CHECKS = (holds_together, cited, figures_used)
BEFORE_LOADING = (holds_together, cited)
"""These tell why a policy cannot be loaded."""
