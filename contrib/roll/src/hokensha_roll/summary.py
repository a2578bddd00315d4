"""What a run came to, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from attrs import define, field

from hokensha.rules import Because

if TYPE_CHECKING:
    from hokensha_roll.frames import Rejected
    from hokensha_roll.keys.outcome import Outcome

SCHEMA: Final = "hokensha/run/1"
OPEN: Final = "?"
"""In place of a month that depends on what is not known."""


@define
class Summary:
    """What a run came to.

    Attributes:
        issuances: Documents owed, by document and trigger.
        returns: Documents that have served, by document and action.
        due: Documents owed, by the month by which they are due and the document. An empty month: at once;
            :data:`OPEN`: that depends on facts that are not known.
        ends: Documents owed, by the month in which they will end and the document. An empty month: no end
            is stated; :data:`OPEN` as above.
        not_owed: Documents not owed, by document and reason; none if it hangs on what is not known.
        stranded: How many members have nothing that serves, and are owed nothing, by the remedies that hold.
        missing: How many members are undetermined for want of each fact.
        reasons: How many rows were rejected, by column and reason.
        absent: Facts that the policy maps to a column, or that rules read, and for which the roll has none:
            unknown for everybody.
        lacking: How many members are undetermined for want of one of these facts.
        skipped: How many rows had nothing in them; they are no members, and not counted as read.
        roll_name: The name of the roll's file, without its folders.
        output_digests: For each file that the run wrote beside the summary and the report, ``sha256:`` and
            the digest of its bytes.
    """

    policy_digest: str
    roll_digest: str
    on: date
    as_of: date | None = None
    read: int = 0
    decided: int = 0
    undetermined: int = 0
    rejected: int = 0
    issuances: Counter[tuple[str, str]] = field(factory=Counter)
    returns: Counter[tuple[str, str]] = field(factory=Counter)
    due: Counter[tuple[str, str]] = field(factory=Counter)
    ends: Counter[tuple[str, str]] = field(factory=Counter)
    not_owed: Counter[tuple[str, Because | None]] = field(factory=Counter)
    stranded: Counter[tuple[str, ...]] = field(factory=Counter)
    missing: Counter[str] = field(factory=Counter)
    reasons: Counter[tuple[str, str]] = field(factory=Counter)
    absent: tuple[str, ...] = ()
    lacking: int = 0
    skipped: int = 0
    roll_name: str = field(default="", kw_only=True)
    output_digests: Mapping[str, str] = field(factory=dict, kw_only=True)

    def add(self, rows: int, outcome: Outcome, rejected: Sequence[Rejected]) -> None:
        """Count further rows: how many were read, what they came to, and all that were rejected."""
        self.read += rows
        self.decided += outcome.decided
        self.undetermined += len(outcome.undetermined.rows)
        self.rejected += len(rejected)
        for issuance, count in outcome.issuances.counted():
            document, due, until = issuance.document.id, issuance.due, issuance.valid_until
            self.issuances[document, issuance.trigger or ""] += count
            by = _month(due.through or due.first) if due else OPEN
            end = _month(until.last()) if until else OPEN
            self.due[by, document] += count
            self.ends[end, document] += count
        for due, count in outcome.returns.counted():
            self.returns[due.document.id, due.action.value if due.action is not None else ""] += count
        for besides, count in outcome.stranded.counted() if outcome.stranded else ():
            self.stranded[besides.first] += count
        for missing, count in outcome.undetermined.counted():
            self.missing.update(dict.fromkeys(missing, count))
            self.lacking += 0 if set(missing).isdisjoint(self.absent) else count
        self.reasons.update((row.column, row.reason) for row in rejected)

    def wanted(self) -> tuple[str, ...]:
        """The absent facts for want of which members are undetermined."""
        return tuple(fact for fact in self.absent if self.missing[fact])

    def to_json(self) -> dict[str, Any]:
        """The form in JSON, as ``summary.json`` has it."""
        documents: dict[str, dict[str, int]] = {}
        for (document, trigger), count in sorted(self.issuances.items()):
            documents.setdefault(document, {})[trigger or "undetermined"] = count
        return {
            "schema": SCHEMA,
            "read": self.read,
            "decided": self.decided,
            "undetermined": self.undetermined,
            "rejected": self.rejected,
            "skipped": self.skipped,
            "issuances": documents,
            "not_owed": self._not_owed_json(),
            "stranded": self.stranded.total(),
            "absent": list(self.absent),
            "lacking": self.lacking,
            "policy_digest": self.policy_digest,
            "roll_digest": self.roll_digest,
            "output_digests": dict(sorted(self.output_digests.items())),
            "on": self.on.isoformat(),
            "as_of": self.as_of.isoformat() if self.as_of else None,
        }

    def _not_owed_json(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        order = [*Because, None]
        for document, because in sorted(self.not_owed, key=lambda each: (each[0], order.index(each[1]))):
            name = because.value if because else "undetermined"
            found.setdefault(document, {})[name] = self.not_owed[document, because]
        return found


def _month(day: date | None) -> str:
    return f"{day:%Y-%m}" if day else ""
