"""HK6: whether people can read what a plugin says, in both languages, and nothing of a member leaks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hokensha.errors import Finding, MemberError
from hokensha.facts import KEY, Catalogue, parse_member
from hokensha.text import Label
from hokensha_conformance.checks import check
from hokensha_conformance.subject import Subject

_JAPANESE = re.compile(r"[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff]")
_LETTERS = re.compile(r"[A-Za-z]{2}")
_CANARIES = ("canary-7f3a", -73.25, ["canary-7f3a"], {"canary-7f3a": "canary-7f3a"}, "2026-13-73")
"""Values that no fact may have; none of them may be repeated in a message."""


@check(
    "HK601",
    "表示名が日本語と英語の両方にある",
    "labels are in Japanese and in English",
    mend="Give each rule, fact and feature a label in both languages, each in its own.",
)
def labels(subject: Subject) -> Iterator[Finding]:
    """Every label of a rule, a fact or a feature has Japanese words first, and English words second."""
    for what, label in _labels(subject):
        if not _JAPANESE.search(label.ja):
            yield _finding(
                subject, f"the Japanese label of {what} holds no Japanese: {label.ja!r}", "label-ja"
            )
        if not _LETTERS.search(label.en) or _JAPANESE.search(label.en):
            yield _finding(subject, f"the English label of {what} is not English: {label.en!r}", "label-en")


@check(
    "HK602",
    "メッセージに加入者の情報が現れない",
    "messages are free of member data",
    mend="Declare facts that are free text as sensitive, so that lists of rejected rows do not repeat them.",
    waivable=False,
)
def no_member_data(subject: Subject) -> Iterator[Finding]:
    """No message repeats what stands in a fact that the plugin declares, and free text stays out of lists."""
    own = [fact for each in subject.examined.provided.features for fact in each.facts]
    catalogue = Catalogue().extended(own)
    for fact in own:
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
    yield from ((f"rule '{rule.id}'", rule.label) for rule in provided.rules)


def _finding(subject: Subject, message: str, code: str) -> Finding:
    return subject.examined.provided.provider.finding(code, "", message)


CHECKS = (labels, no_member_data)
