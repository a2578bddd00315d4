"""The keys of each answer that a case may expect, each with an example, from a sample of the answer itself.

The reference page shows them, and a test holds words and examples against the samples; both ask this module.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from attrs import frozen

from hokensha.dates import DayValue, Modality
from hokensha.rules import (
    Action,
    Basis,
    Because,
    Complete,
    Decision,
    DocumentState,
    Due,
    HeldGround,
    Issuance,
    NotOwed,
    ReturnDue,
)
from hokensha.text import Label
from hokensha_standard import CERTIFICATE, HEALTH_INSURANCE_CARD, MY_NUMBER_INSURANCE_CARD, NOTICE

_TERM = DayValue(
    Modality.EXACT,
    date(2027, 7, 31),
    reading=Label("交付日以後、最初の7月31日", "the first 31 July on or after the day of issue"),
    alternatives=(date(2028, 7, 31),),
    cites=("004-27",),
)
_DECISION = Decision(
    insurer="熊本県後期高齢者医療広域連合",
    policy_digest="sha256:4bbd…",
    plugins=(("late-elderly", "0.1.0"),),
    member="mori",
    on=date(2026, 11, 21),
    missing=("needs_assistance",),
    in_scheme=True,
    complete=Complete(grounds=False),
    not_owed=(
        NotOwed(
            NOTICE,
            Because.SERVES_ALREADY,
            Label("資格確認書の提示", "showing the certificate"),
            ("004-20",),
        ),
    ),
    card=MY_NUMBER_INSURANCE_CARD,
    usable=False,
    card_valid_until=DayValue(Modality.EXACT, date(2026, 8, 14)),
    grounds=(
        HeldGround(
            "no-card", Label("マイナンバーカードを取得していない", "has no My Number card"), ("004-24",)
        ),
    ),
    issuances=(
        Issuance(
            document=CERTIFICATE,
            trigger="without-application",
            basis=Basis.EX_OFFICIO,
            due=Due(date(2026, 11, 1), date(2026, 11, 30), planned=True),
            valid_until=_TERM,
            medium="a4-paper",
            channel="municipality",
            form="資格確認書交付申請書",
            label=Label("申請によらない交付", "without an application"),
            cites=("004-24", "004-29"),
        ),
    ),
    returns=(
        ReturnDue(
            HEALTH_INSURANCE_CARD,
            Action.RETURN,
            Label("資格喪失時の返却", "return on loss of eligibility"),
            ("003-10",),
        ),
    ),
    documents=(DocumentState(CERTIFICATE, valid=True, valid_until=_TERM),),
)
SAMPLES: Mapping[str, Mapping[str, Any]] = {
    "decide": _DECISION.to_json(),
    "validity": _TERM.to_json(),
    "reflect": {
        **DayValue(Modality.ABOUT, date(2026, 12, 1), cites=("004-15",)).to_json(),
        "counts_from": "enrolment_received_on",
    },
    "present": {
        "accepted": [["my-number-card", "eligibility-notice"], ["my-number-card", "portal-screen"]],
        "uncertain": [["membership-attestation"]],
        "cites": ["004-11", "004-34"],
        "shown_is_accepted": True,
    },
    "advise": {"remedies": ["apply-for-certificate"], "missing": ["departs_japan_on"]},
}
"""For each question an answer that has every key; what it says is made up."""

_DAY = {
    "date": "the day: the last good one, or the one on which something shows; null if the modality has none",
    "earliest": "with the modality `between`: the first of the two days",
    "latest": "with the modality `between`: the second",
    "modality": "how sure the text is ([the list](howto-policy.md#modality))",
    "approximate": "the text says 約 or 程度 on top of that",
    "planned": "the text says 予定",
    "reading": "the reading that the figure chose, in Japanese and in English; null if it chose none",
    "alternatives": "what other readings give, earliest first",
    "cites": "the places that say so",
}


def _below(key: str) -> dict[str, str]:
    return {f"{key}.{name}": about for name, about in _DAY.items()}


WORDS: Mapping[str, Mapping[str, str]] = {
    "decide": {
        "schema": "the form of the answer",
        "insurer": "the insurer's name",
        "policy_digest": "the digest of the policy's file",
        "plugins[].name": "the plugins, in the policy's order",
        "plugins[].version": "their versions",
        "member": "the member's key; of a case its id",
        "on": "the day asked",
        "status": "`decided`, or `undetermined` if a fact is missing on which the answer hangs",
        "missing": "those facts, in the order of the [facts](reference-facts.md)",
        "in_scheme": "whether the member is in the scheme; null if that hangs on what is missing",
        "complete.grounds": "whether every completion of the unknown facts has just the grounds listed",
        "complete.issuances": "the same of what is owed",
        "complete.returns": "the same of what is to be returned",
        "complete.documents": "the same of the documents that were given",
        "not_owed[].document": "a document that the policy can issue and does not owe",
        "not_owed[].because": "why: the first that applies; null if that hangs on what is not known",
        "not_owed[].label": "the label of the rule that says so; null if none does",
        "not_owed[].cites": "the places that the policy cites for it",
        "not_owed[].from": "from when it will be owed, where that lies ahead and is known; else null",
        "my_number_insurance_card.usable": "whether the card works; null if that hangs on what is missing",
        **_below("my_number_insurance_card.valid_until"),
        "grounds[].id": "the grounds that hold",
        "grounds[].label": "their labels",
        "grounds[].cites": "the places that the policy cites for them",
        "issuances[].document": "what is owed",
        "issuances[].trigger": "the rule that wins among those that hold",
        "issuances[].basis": "`ex-officio` or `application`; null where the source does not say",
        "issuances[].due.from": "first day due; null: at once. A plain day, not a table",
        "issuances[].due.through": "last day by which it is to be done; null: none is stated. A plain day",
        "issuances[].due.approximate": "the text says 約 or 程度 of it",
        "issuances[].due.planned": "the text says 予定 of it",
        **_below("issuances[].valid_until"),
        "issuances[].medium": "what it is printed on",
        "issuances[].channel": "how it reaches the member",
        "issuances[].form": "the application form",
        "issuances[].label": "the rule's label",
        "issuances[].cites": "the places that the policy cites for every rule that holds",
        "returns[].document": "what is to be returned, destroyed or kept",
        "returns[].action": "`return`, `destroy`, `keep` or `not-stated`",
        "returns[].label": "the rule's label",
        "returns[].cites": "the places that the policy cites for it",
        "documents[].document": "a document that was given",
        "documents[].valid": "whether it is valid on the day asked",
        **_below("documents[].valid_until"),
    },
    "validity": _DAY,
    "reflect": {
        **_DAY,
        "counts_from": "the fact that it counts from; null where the source names none",
    },
    "present": {
        "accepted": "sets of things that serve, best first",
        "uncertain": "sets that the institution may refuse",
        "cites": "the places that the policy cites for them",
        "shown_is_accepted": "whether what is shown (`with`) serves; null if that is not sure, or nothing is",
    },
    "advise": {
        "remedies": "what to do first, for certain: the ids of the remedies, in the policy's order",
        "missing": "the unknown facts on which that hangs",
    },
}
"""What each key means; of keys that are shown for one day value and mean the same for all."""


@frozen
class Key:
    """One key of an answer.

    Attributes:
        path: From the answer's top; ``[]`` for each item of a list.
        about: What it means.
        example: How a case expects it, as TOML.
    """

    path: str
    about: str
    example: str


def keys(question: str) -> Iterator[Key]:
    """Every key of the answer to a question."""
    for path, about in WORDS[question].items():
        inner = _expected(path, _at(SAMPLES[question], path))
        yield Key(path, about, inner if question == "decide" else f"{{ expect = {inner} }}")


def paths(sample: object, path: str = "") -> Iterator[str]:
    """The keys of a sample, all the way down."""
    if isinstance(sample, Mapping) and {*sample} != {"ja", "en"}:
        for key, value in sample.items():
            yield from paths(value, f"{path}.{key}".lstrip("."))
    elif isinstance(sample, list) and sample and isinstance(sample[0], Mapping):
        yield from paths(sample[0], f"{path}[]")
    else:
        yield path


def _at(sample: Any, path: str) -> Any:
    for part in path.split("."):
        sample = sample[part.removesuffix("[]")]
        sample = sample[0] if part.endswith("[]") else sample
    return sample


def _expected(path: str, value: object) -> str:
    written = _toml(value)
    for part in reversed(path.split(".")):
        listed = f"[{written}]" if part.endswith("[]") else written
        written = f"{{ {part.removesuffix('[]')} = {listed} }}"
    return written


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    if value is None:
        return '"null"'
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        return f'"{value}"'
