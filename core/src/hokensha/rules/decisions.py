"""A decision: what one member's facts mean on one day, and how it is written as JSON."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, Literal

from attrs import frozen
from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn, override

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


@frozen
class Decision:
    """The answer for one member on one day.

    Attributes:
        missing: The unknown facts on which the answer hangs, in the order of the catalogue; the decision
            is *undetermined* if there are any. Lists then hold what every completion shares, and single
            values are none where completions differ.
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
        said = _converter(lang).unstructure
        until = said(self.card_valid_until)
        card = (
            {self.card.id.replace("-", "_"): {"usable": self.usable, "valid_until": until}}
            if self.card
            else {}
        )
        return {
            "schema": SCHEMA,
            "insurer": self.insurer,
            "policy_digest": self.policy_digest,
            "plugins": [{"name": name, "version": version} for name, version in self.plugins],
            "member": self.member,
            "on": said(self.on),
            "status": self.status,
            "missing": said(self.missing),
            **card,
            **{name: said(getattr(self, name)) for name in ("grounds", "issuances", "returns", "documents")},
        }


@lru_cache(maxsize=2)
def _converter(lang: Language) -> Converter:
    """Values as JSON has them: documents by their ids, days as ``YYYY-MM-DD``, labels in ``lang``."""
    converter = Converter(unstruct_collection_overrides={tuple: list})
    hook = converter.register_unstructure_hook
    hook(date, date.isoformat)
    hook(DayValue, DayValue.to_json)
    hook(Document, lambda document: document.id)
    hook(Label, lambda label: label.text(lang))
    due = make_dict_unstructure_fn(Due, converter, first=override(rename="from"))
    no_due = override(unstruct_hook=lambda value: due(value or Due()))  # where completions differ in it
    hook(Issuance, make_dict_unstructure_fn(Issuance, converter, due=no_due))
    return converter
