"""One run: a roll in, what is owed to its members out, every row accounted for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from attrs import define, frozen

from hokensha.errors import Finding, HokenshaError
from hokensha.policy import Rulebook
from hokensha.text import Language
from hokensha_roll.ahead import one_ahead
from hokensha_roll.forecasting import Ahead, forecast_roll
from hokensha_roll.intake.asof import AsOf
from hokensha_roll.intake.columns import absent_facts
from hokensha_roll.intake.digests import changed
from hokensha_roll.intake.keys import Places, knowing_repeated
from hokensha_roll.intake.opening import OpenRoll, open_roll
from hokensha_roll.intake.refusals import refusals
from hokensha_roll.intake.sizes import USUAL, Sizes
from hokensha_roll.keys.engine import Engine
from hokensha_roll.limits import NO_LIMITS, Limits
from hokensha_roll.months import Months
from hokensha_roll.output.tables import Format
from hokensha_roll.output.writing import Writer, check_target, writing
from hokensha_roll.progress import Progress, unseen
from hokensha_roll.report.report import report_html
from hokensha_roll.summary import Summary
from hokensha_roll.tool import roll_of


@frozen
class Request:
    """What is asked for.

    Attributes:
        as_of: The day whose state the roll is, if the caller says so.
        ahead: How many months the report looks ahead.
        sizes: How much is read at once; what is written does not depend on it.
        limits: What the run has to come to.
        lang: The language in which it is said why rows were rejected.
    """

    roll: Path
    out: Path
    on: date
    as_of: date | None = None
    format: Format = "csv"
    ahead: int = 0
    sizes: Sizes = USUAL
    limits: Limits = NO_LIMITS
    lang: Language = "en"


def run_roll(rulebook: Rulebook, request: Request, progress: Progress = unseen) -> Summary:
    """Decide every member of a roll, and write what that comes to.

    Raises:
        HokenshaError: The roll does not fit the policy, cannot be read, is as of the wrong day, comes to
            something else than was expected, or the output cannot be written. Nothing is written then.
    """
    check_target(request.out)
    with open_roll(request.roll, roll_of(rulebook.policy), rulebook.catalogue, request.sizes) as roll:
        engine = Engine(rulebook, request.on, besides=True)
        return knowing_repeated(Run(rulebook, request, roll, engine, progress).through)


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
        self.engine.count_anew()
        summary = Summary(policy.digest, "", request.on, roll_name=request.roll.name)
        summary.absent = absent_facts(
            self.roll.fitted, self.engine.facts, roll_of(policy), self.rulebook.catalogue
        )
        guard = AsOf(roll_of(policy), self.roll.fitted, self.roll.where, request.on, request.as_of)
        refused = refusals(self.rulebook, request.on)
        with writing(request.out, request.format, request.lang) as writer:
            for batch in one_ahead(self.roll.batches(self.engine.wanted, repeated, refused)):
                guard.see(batch)
                outcome = self.engine.decide(batch.frame, batch.lines)
                rejected = sorted((*batch.rejected, *outcome.rejected), key=lambda row: row.line)
                summary.add(batch.rows, outcome, rejected)
                summary.skipped += batch.skipped
                writer.add(batch.frame["id"], outcome, rejected)
                self.progress(summary.read, self.roll.done())
            self._finish(summary, guard, writer)
        return summary

    def _finish(self, summary: Summary, guard: AsOf, writer: Writer) -> None:
        summary.as_of = guard.settled()
        summary.roll_digest = self.roll.digest()
        summary.not_owed.update(self.engine.not_owed())
        _reconcile(summary)
        self.request.limits.check(summary)
        summary.output_digests = writer.end()
        writer.finish(summary.to_json(), report_html(self.rulebook, summary, self._months(summary)))
        self.progress(summary.read, 1.0)

    def _months(self, summary: Summary) -> Months | None:
        """What falls due in the coming months, the run's own included, if that is asked for.

        Raises:
            MemberError: The roll, which is read a second time for that, is not the same any more.
        """
        request = self.request
        if not request.ahead:
            return None
        month = request.on.year * 12 + request.on.month - 1 + request.ahead - 1
        last = date(month // 12, month % 12 + 1, 1)
        found = forecast_roll(self.rulebook, Ahead(request.roll, request.on, last))
        if found.roll_digest != summary.roll_digest:
            raise changed(self.roll.where)
        return found.months


def _reconcile(summary: Summary) -> None:
    counted = summary.decided + summary.undetermined + summary.rejected
    if counted != summary.read:
        message = f"{summary.read} rows were read, but {counted} accounted for; nothing is written"
        raise HokenshaError(Finding("", message, "not-reconciled"))
