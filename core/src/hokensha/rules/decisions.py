"""A decision: what one member's facts mean on one day, and how it is written as JSON."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any, Final, Literal

from attrs import asdict, frozen

from hokensha.dates import DayValue
from hokensha.rules.documents import Document
from hokensha.rules.kinds import Action, Basis
from hokensha.text import Label, Language

SCHEMA = "hokensha/decision/1"


@frozen
class HeldGround:
    """A ground that holds."""

    id: str
    label: Label
    cites: tuple[str, ...]


@frozen
class Due:
    """From when and by when a document falls due; no first day means at once."""

    first: date | None = None
    through: date | None = None
    approximate: bool = False
    planned: bool = False


@frozen
class Issuance:
    """A document that is owed. Where completions of unknown facts differ in a field, it is none.

    Attributes:
        trigger: The rule that wins among those that hold.
        valid_until: As if issued on the day asked.
        cites: Of every trigger that holds.
    """

    document: Document
    trigger: str | None
    basis: Basis | None
    due: Due | None
    valid_until: DayValue | None
    medium: str | None
    channel: str | None
    form: str | None
    label: Label | None
    cites: tuple[str, ...]


@frozen
class ReturnDue:
    """What is to be done with a document that has served."""

    document: Document
    action: Action | None
    label: Label | None
    cites: tuple[str, ...]


@frozen
class DocumentState:
    """A document that was given: whether it is valid on the day, and its last good day."""

    document: Document
    valid: bool | None
    valid_until: DayValue | None


class Because(Enum):
    """Why a document is not owed: the first that applies, in this order. The values are those of the JSON."""

    NOT_IN_SCHEME = "not-in-scheme"
    EXCLUDED = "excluded"
    ALREADY_GIVEN = "already-given"
    SERVES_ALREADY = "serves-already"
    """Something else serves, and needs none of it."""
    NOT_DUE_YET = "not-due-yet"
    NOT_APPLIED_FOR = "not-applied-for"
    NO_RULE = "no-rule"


@frozen
class NotOwed:
    """A document that the policy can issue and does not owe; where completions differ, a field is none.

    Attributes:
        label: That of the rule that says so.
        first: From when it will be owed, where that lies ahead and is known.
    """

    document: Document
    because: Because | None
    label: Label | None = None
    cites: tuple[str, ...] = ()
    first: date | None = None


@frozen
class Complete:
    """Of each list of a decision, whether every completion of the unknown facts agrees on it."""

    grounds: bool = True
    issuances: bool = True
    returns: bool = True
    documents: bool = True


COMPLETE: Final = Complete()


@frozen
class Decision:
    """The answer for one member on one day.

    Attributes:
        missing: The unknown facts on which the answer hangs, in the order of the catalogue; the decision
            is *undetermined* if there are any. Lists then hold what every completion shares, and single
            values are none where completions differ.
        in_scheme: Whether the member is in the scheme.
        complete: Of which lists every completion agrees.
        not_owed: Why each further document is not owed that the policy can issue. It explains what is
            answered, and lacks nothing: a fact on which the reason alone hangs is not missing.
        card: What grounds are grounds against relying on; none if the policy knows no such thing.
        usable: Whether the card works.
        card_valid_until: Its last good day.
    """

    insurer: str
    policy_digest: str
    plugins: tuple[tuple[str, str], ...]
    member: str
    on: date
    missing: tuple[str, ...]
    in_scheme: bool | None
    complete: Complete
    not_owed: tuple[NotOwed, ...]
    card: Document | None
    usable: bool | None
    card_valid_until: DayValue | None
    grounds: tuple[HeldGround, ...]
    issuances: tuple[Issuance, ...]
    returns: tuple[ReturnDue, ...]
    documents: tuple[DocumentState, ...]

    @property
    def status(self) -> Literal["decided", "undetermined"]:
        """Whether the facts sufficed."""
        return "undetermined" if self.missing else "decided"

    def to_json(self, lang: Language = "ja") -> dict[str, Any]:
        """The form in JSON (schema ``hokensha/decision/1``); labels in ``lang``."""
        return {
            "schema": SCHEMA,
            "insurer": self.insurer,
            "policy_digest": self.policy_digest,
            "plugins": [{"name": name, "version": version} for name, version in self.plugins],
            "member": self.member,
            "on": self.on.isoformat(),
            "status": self.status,
            "missing": list(self.missing),
            "in_scheme": self.in_scheme,
            "complete": asdict(self.complete),
            "not_owed": [_not_owed_json(n, lang) for n in self.not_owed],
            **self._card_json(),
            "grounds": [
                {"id": g.id, "label": g.label.text(lang), "cites": list(g.cites)} for g in self.grounds
            ],
            "issuances": [_issuance_json(i, lang) for i in self.issuances],
            "returns": [
                {
                    "document": r.document.id,
                    "action": r.action.value if r.action is not None else None,
                    "label": r.label.text(lang) if r.label is not None else None,
                    "cites": list(r.cites),
                }
                for r in self.returns
            ],
            "documents": [
                {"document": d.document.id, "valid": d.valid, "valid_until": day_json(d.valid_until)}
                for d in self.documents
            ],
        }

    def _card_json(self) -> dict[str, Any]:
        if self.card is None:
            return {}
        until = day_json(self.card_valid_until)
        return {self.card.id.replace("-", "_"): {"usable": self.usable, "valid_until": until}}


def day_json(value: DayValue | None) -> dict[str, object] | None:
    """The JSON of a day value; null where completions differ."""
    return value.to_json() if value is not None else None


def _not_owed_json(silent: NotOwed, lang: Language) -> dict[str, Any]:
    return {
        "document": silent.document.id,
        "because": silent.because.value if silent.because is not None else None,
        "label": silent.label.text(lang) if silent.label is not None else None,
        "cites": list(silent.cites),
        "from": silent.first.isoformat() if silent.first else None,
    }


def _issuance_json(issuance: Issuance, lang: Language) -> dict[str, Any]:
    due = issuance.due or Due()
    return {
        "document": issuance.document.id,
        "trigger": issuance.trigger,
        "basis": issuance.basis.value if issuance.basis is not None else None,
        "due": {
            "from": due.first.isoformat() if due.first else None,
            "through": due.through.isoformat() if due.through else None,
            "approximate": due.approximate,
            "planned": due.planned,
        },
        "valid_until": day_json(issuance.valid_until),
        "medium": issuance.medium,
        "channel": issuance.channel,
        "form": issuance.form,
        "label": issuance.label.text(lang) if issuance.label is not None else None,
        "cites": list(issuance.cites),
    }
