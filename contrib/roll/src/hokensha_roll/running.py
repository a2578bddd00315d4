"""One run: a roll in, what is owed to its members out, every row accounted for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from attrs import define, frozen

from hokensha.errors import Finding, HokenshaError
from hokensha.policy import Rulebook
from hokensha_roll.blocks import Block
from hokensha_roll.columns import absent_facts
from hokensha_roll.engine import Engine, Outcome
from hokensha_roll.forecasting import Ahead, forecast_roll
from hokensha_roll.intake.asof import AsOf
from hokensha_roll.intake.keys import Keys
from hokensha_roll.intake.opening import OpenRoll, open_roll
from hokensha_roll.intake.sizes import USUAL, Sizes
from hokensha_roll.months import Months
from hokensha_roll.passes import Pass, Places, knowing_repeated
from hokensha_roll.progress import Progress, unseen
from hokensha_roll.report import report_html
from hokensha_roll.summary import Summary
from hokensha_roll.tables import Format, Piece, pieces
from hokensha_roll.tool import roll_of
from hokensha_roll.writing import Writer, check_target, writing


@frozen
class Request:
    """What is asked for.

    Attributes:
        as_of: The day whose state the roll is, if the caller says so.
        threads: How many decide at the same time; none: as many as there are processors.
        ahead: How many months the report looks ahead.
        sizes: How much is read at once; what is written does not depend on it.
    """

    roll: Path
    out: Path
    on: date
    as_of: date | None = None
    format: Format = "csv"
    threads: int | None = None
    ahead: int = 0
    sizes: Sizes = USUAL


def run_roll(rulebook: Rulebook, request: Request, progress: Progress = unseen) -> Summary:
    """Decide every member of a roll, and write what that comes to.

    Raises:
        HokenshaError: The roll does not fit the policy, cannot be read, is as of the wrong day, or the
            output cannot be written. Nothing is written then.
    """
    check_target(request.out)
    with open_roll(request.roll, roll_of(rulebook.policy), rulebook.catalogue, request.sizes) as roll:
        return knowing_repeated(Run(rulebook, request, roll, Engine(rulebook, request.on), progress).through)


@define(eq=False)
class Run:
    """A run under way."""

    rulebook: Rulebook
    request: Request
    roll: OpenRoll
    engine: Engine
    progress: Progress

    def through(self, repeated: Places) -> Summary:
        """Go through the roll once, and write what it comes to.

        Raises:
            Repeated: Keys stand in several rows, which was not known; nothing is written.
        """
        request, policy = self.request, self.rulebook.policy
        summary = Summary(policy.digest, "", request.on, roll_name=request.roll.name)
        read, catalogue = self.engine.facts, self.rulebook.catalogue
        summary.absent = absent_facts(self.roll.fitted, read, roll_of(policy), catalogue)
        guard = AsOf(roll_of(policy), self.roll.fitted, self.roll.where, request.on, request.as_of)
        with writing(request.out, request.format) as writer:
            with Keys(writer.folder) as keys:
                way = Pass(self.roll, self.engine.facts, repeated, keys, request.threads)
                for block, (outcome, rows) in way.each(self._decided):
                    guard.see(block)
                    summary.add(outcome)
                    writer.add(rows, outcome.rejected)
                    self.progress(summary.read, way.share())
            self._finish(summary, guard, writer)
        return summary

    def _decided(self, block: Block) -> tuple[Outcome, Mapping[str, Piece]]:
        outcome = self.engine.decide(block)
        return outcome, pieces(outcome, block.ids, self.request.format)

    def _finish(self, summary: Summary, guard: AsOf, writer: Writer) -> None:
        summary.as_of = guard.settled()
        summary.roll_digest = self.roll.digest()
        _reconcile(summary)
        summary.output_digests = writer.end()
        writer.finish(summary.to_json(), report_html(self.rulebook, summary, self._months()))
        self.progress(summary.read, 1.0)

    def _months(self) -> Months | None:
        """What falls due in the coming months, the run's own included, if that is asked for."""
        request = self.request
        if not request.ahead:
            return None
        month = request.on.year * 12 + request.on.month - 1 + request.ahead - 1
        last = date(month // 12, month % 12 + 1, 1)
        ahead = Ahead(request.roll, request.on, last, threads=request.threads)
        return forecast_roll(self.rulebook, ahead).months


def _reconcile(summary: Summary) -> None:
    counted = summary.decided + summary.undetermined + summary.rejected
    if counted != summary.read:
        message = f"{summary.read} rows were read, but {counted} accounted for; nothing is written"
        raise HokenshaError(Finding("", message, "not-reconciled"))
