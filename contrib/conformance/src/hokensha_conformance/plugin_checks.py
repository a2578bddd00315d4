"""Checks of a plugin itself: HK1 of how it is loaded, HK404 of what it ships, HK6 of what people read."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

from hokensha.errors import Finding, MemberError, PluginError
from hokensha.facts import KEY, Catalogue, parse_member
from hokensha.rules import RESULTS, RuleBase, Tested
from hokensha.text import Label
from hokensha_conformance.checking import kit_check
from hokensha_conformance.files import FILE
from hokensha_conformance.subject import Subject
from hokensha_conformance.trees import is_of
from hokensha_verify import Check, Needs

_JAPANESE = re.compile(r"[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff]")
_LETTERS = re.compile(r"[A-Za-z]{2}")
_CANARIES = ("canary-7f3a", -73.25, ["canary-7f3a"], {"canary-7f3a": "canary-7f3a"}, "2026-13-73")
"""Values that no fact may have; none of them may be repeated in a message."""


# --- HK1: what is found when a plugin is loaded

LOADS: Check[Any] = Check(
    "HK101",
    Label("エントリーポイントからプラグインを読み込める", "the plugin can be loaded"),
    "One installed distribution has an entry point of this name, and what it names can be imported. "
    "Every hook can be called.",
    "Install the plugin in this environment, once, and let its entry point name what can be imported.",
    errors=("plugin-missing", "plugin-duplicate", "plugin-broken"),
    needs=Needs.NOTHING,
)
SIGNATURES: Check[Any] = Check(
    "HK102",
    Label("フックの名前と引数が正しい", "hooks are named and signed as the core calls them"),
    "Nothing that looks like a hook is passed over, and each is a plain function without arguments.",
    "Name each hook as the reference does, mark it with @hookimpl alone, and let it take nothing.",
    errors=("hook-unknown", "hook-signature"),
    needs=Needs.NOTHING,
)
RESULTS_RIGHT: Check[Any] = Check(
    "HK103",
    Label("フックの戻り値が正しい", "hooks return what the core expects"),
    "Each hook returns its own classes, each field holds what it has to, and no id is taken twice.",
    "Return a list of the classes that belong to the hook, with ids that are used once.",
    errors=("hook-result", "rule-clash"),
    needs=Needs.NOTHING,
)
SAME_AGAIN: Check[Any] = Check(
    "HK104",
    Label("フックは何度呼んでも同じものを返す", "hooks return the same again"),
    "A hook that is called a second time, after all others, returns the same rules.",
    "Declare rules once, at the top of a module, and return them.",
    errors=("hook-not-pure",),
    waivable=False,
    needs=Needs.NOTHING,
)


# --- HK1: what is claimed and handed over


@kit_check(
    "HK105",
    "宣言した機能と実装が一致する",
    "what is claimed is there, and what is there is claimed",
    mend=f"Let 'claims' in {FILE} name every hook that the plugin implements, and no other.",
)
def claims_met(subject: Subject) -> Iterator[Finding]:
    """The hooks that the plugin implements are those that it claims: no check is passed over by oversight."""
    claimed, hooks = set(subject.declared.claims), set(subject.examined.hooks)
    where = f"{FILE}: claims"
    for hook in RESULTS:
        if hook in hooks - claimed:
            yield Finding(where, f"lacks '{hook}', a hook that the plugin implements", "claim-missing")
        if hook in claimed - hooks:
            yield Finding(where, f"names '{hook}', a hook that the plugin does not implement", "claim-empty")


@kit_check(
    "HK108",
    "宣言した規則がすべてフックから返される",
    "every rule that is declared is handed over",
    mend="Return the rule from its hook, or remove it.",
)
def handed_over(subject: Subject) -> Iterator[Finding]:
    """No rule stands in the plugin's modules that no hook returns: one forgotten looks as if in force.

    Looked for at the top of every module of the plugin's package that is imported.
    """
    handed = {id(rule) for rule in subject.examined.provided.rules}
    package = subject.examined.package
    for name, module in sorted(sys.modules.items()):
        if package and (name == package or name.startswith(f"{package}.")):
            for value in vars(module).values():
                if _own(value, package) and id(value) not in handed:
                    handed.add(id(value))
                    yield Finding(f"module {name}", f"no hook returns rule '{value.id}'", "rule-forgotten")


def _own(value: object, package: str) -> bool:
    """Whether a rule is the package's own: one taken from another plugin has a function of that plugin."""
    return isinstance(value, RuleBase) and (not isinstance(value, Tested) or is_of(value.test, package))


# --- HK404


@kit_check(
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


# --- HK6: what people read


@kit_check(
    "HK601",
    "表示名が日本語と英語の両方にある",
    "labels are in Japanese and in English",
    mend="Give each rule, fact, feature and document a label in both languages, each in its own.",
)
def labels(subject: Subject) -> Iterator[Finding]:
    """Every label of a rule, fact, feature or document has Japanese words first, and English words second."""
    for what, label in _labels(subject):
        if not _JAPANESE.search(label.ja):
            message = f"the Japanese label of {what} holds no Japanese: {label.ja!r}"
            yield _finding(subject, message, "label-ja")
        if not _LETTERS.search(label.en) or _JAPANESE.search(label.en):
            yield _finding(subject, f"the English label of {what} is not English: {label.en!r}", "label-en")


@kit_check(
    "HK602",
    "メッセージに加入者の情報が現れない",
    "messages are free of member data",
    mend="Declare facts that are free text as sensitive, so that lists of rejected rows do not repeat them.",
    waivable=False,
)
def no_member_data(subject: Subject) -> Iterator[Finding]:
    """No message repeats what stands in a fact that the plugin hands over, and free text stays out of lists.

    The insurer's own key of a member is not free text: by it lists name whom they are about.
    """
    facts = [fact for each in subject.examined.provided.features for fact in each.facts]
    catalogue = Catalogue().extended(facts)
    for fact in facts:
        if fact.kind == "text" and not fact.sensitive and fact.id != KEY:
            message = f"fact '{fact.id}' is free text, but not sensitive: lists of rejected rows repeat it"
            yield _finding(subject, message, "fact-not-sensitive")
        for value in _CANARIES:
            try:
                parse_member({"id": "1", fact.id: value}, catalogue)
            except MemberError as error:
                if any(word in str(error) for word in ("canary-7f3a", "73.25", "2026-13-73")):
                    message = f"a message about fact '{fact.id}' repeats its value"
                    yield _finding(subject, message, "value-repeated")


def _labels(subject: Subject) -> Iterator[tuple[str, Label]]:
    provided = subject.examined.provided
    for each in provided.features:
        yield from ((f"fact '{fact.id}'", fact.label) for fact in each.facts)
        yield from ((f"feature '{feature.id}'", feature.label) for feature in each.features)
        yield from ((f"document '{document.id}'", document.label) for document in each.documents)
    yield from ((f"rule '{rule.id}'", rule.label) for rule in provided.rules)


def _finding(subject: Subject, message: str, code: str) -> Finding:
    return subject.examined.provided.provider.finding(code, "", message)


ALONE: tuple[Check[Any], ...] = (
    LOADS,
    SIGNATURES,
    RESULTS_RIGHT,
    SAME_AGAIN,
    claims_met,
    handed_over,
    presets_have_cases,
    labels,
    no_member_data,
)
"""The checks for which nothing is needed but the plugin, and what lies beside it."""
