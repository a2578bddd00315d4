"""One run: a roll in, what is owed to its members out, every row accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from attrs import define, field, frozen

from hokensha.errors import Finding, HokenshaError
from hokensha.rulebook import Rulebook
from hokensha_roll.columns import fit
from hokensha_roll.guards import AsOf, Repeated
from hokensha_roll.reading import RollFile, Row, open_roll
from hokensha_roll.report import report_html
from hokensha_roll.rows import Outcome
from hokensha_roll.workers import outcomes, paying
from hokensha_roll.writing import Format, check_target, writing

SCHEMA = "hokensha/run/1"
CHUNK: Final = 2_000

Progress = Callable[[int, float], None]
"""Is told how many rows are read, and the share of the file that is."""


def unseen(rows: int, share: float) -> None:
    """Let a run go on unseen."""


@frozen
class Request:
    """What is asked for.

    Attributes:
        as_of: The day whose state the roll is, if the caller says so.
        workers: How many processes decide; none: as many as pay.
    """

    roll: Path
    out: Path
    on: date
    as_of: date | None = None
    format: Format = "csv"
    workers: int | None = None


@define
class Summary:
    """What a run came to.

    Attributes:
        issuances: Documents owed, by document and trigger.
        missing: How many members are undetermined for want of each fact.
        reasons: How many rows were rejected, by column and reason.
        absent: Facts that the policy maps to a column which the roll does not have: unknown for everybody.
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
    missing: Counter[str] = field(factory=Counter)
    reasons: Counter[tuple[str, str]] = field(factory=Counter)
    absent: tuple[str, ...] = ()

    def add(self, outcome: Outcome) -> None:
        """Count further rows."""
        self.decided += outcome.decided
        self.undetermined += len(outcome.undetermined)
        self.rejected += len(outcome.rejected)
        self.issuances.update((row[1], row[2]) for row in outcome.issuances)
        self.returns.update((row[1], row[2]) for row in outcome.returns)
        self.missing.update(outcome.missing)
        self.reasons.update((row.column, row.reason) for row in outcome.rejected)

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
            "issuances": documents,
            "policy_digest": self.policy_digest,
            "roll_digest": self.roll_digest,
            "on": self.on.isoformat(),
            "as_of": self.as_of.isoformat() if self.as_of else None,
        }


def run_roll(rulebook: Rulebook, request: Request, progress: Progress = unseen) -> Summary:
    """Decide every member of a roll, and write what that comes to.

    Raises:
        HokenshaError: The roll does not fit the policy, cannot be read, is as of the wrong day, or the
            output cannot be written. Nothing is written then.
    """
    check_target(request.out)
    with ExitStack() as closing:
        policy = rulebook.policy

        def keep(file: IO[bytes]) -> None:
            closing.callback(file.close)

        roll = open_roll(request.roll, policy.roll.encoding, keep)
        fitted = fit(roll.headers, roll.types, policy.roll, rulebook.catalogue, roll.where)
        summary = Summary(policy.digest, roll.digest, request.on)
        held = {reader.fact.id for reader in fitted.readers}
        summary.absent = tuple(fact for fact in policy.roll.columns if fact not in held)
        guard = AsOf(policy.roll, fitted, roll.where, request.on, request.as_of)
        workers = request.workers or paying(request.roll)
        with writing(request.out, request.format) as writer:
            rows = _watched(roll, guard, Repeated(fitted), summary, progress)
            for outcome in outcomes(rulebook, fitted, request.on, rows, workers):
                summary.add(outcome)
                writer.add(outcome)
            summary.as_of = guard.settled()
            _reconcile(summary)
            writer.finish(summary.to_json(), report_html(rulebook, summary))
    return summary


def _reconcile(summary: Summary) -> None:
    counted = summary.decided + summary.undetermined + summary.rejected
    if counted != summary.read:
        message = f"{summary.read} rows were read, but {counted} accounted for; nothing is written"
        raise HokenshaError(Finding("", message, "not-reconciled"))


def _watched(
    roll: RollFile, guard: AsOf, repeated: Repeated, summary: Summary, progress: Progress
) -> Iterator[list[Row]]:
    """The rows in chunks, each seen by what looks at the roll as a whole."""
    while chunk := list(islice(roll.rows, CHUNK)):
        guard.see(chunk)
        summary.read += len(chunk)
        yield repeated.marked(chunk)
        progress(summary.read, roll.done())
    progress(summary.read, 1.0)
