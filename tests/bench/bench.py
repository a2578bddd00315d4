"""The benchmark: ``hokensha run`` and what one would take in its place. ``--help`` shows how it is used."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click
import rolls
from agreement import Disagreement, agree
from attrs import define, field
from contenders import CONTENDERS, HERE, KEYS, ROOT, Contender
from measuring import CommandFailedError, Measured, measured, middle
from page import HEADER, TIMES, Findings, Latency, goals, page, rows, times
from rich.console import Console
from rich.table import Table

AS_OF = date(2026, 10, 31)
MASS = date(2025, 7, 10)
"""A day on which the mass issuance is in force."""
SMALL = 1_000
ASKED = 11_000
"""Of how many members a single decision is timed; the first 1,000 warm everything up."""
EXAMPLES = """\b
Examples:
  python tests/bench/bench.py
  python tests/bench/bench.py --members 100000 --large 0 --repeat 3
  python tests/bench/bench.py --only hokensha --only polars --members 1000000
  tox run -e bench -- --on 2025-07-10 --out out/july.md
"""
PARTS = (*KEYS, "large", "latency")


@define
class Bench:
    """One run of the benchmark.

    Attributes:
        work: The folder for rolls and outputs.
        only: What is measured.
    """

    work: Path
    on: date
    members: int
    large: int
    sampled: int
    repeat: int
    seed: int
    only: frozenset[str]
    console: Console
    compared: Counter[str] = field(factory=Counter)

    @property
    def contenders(self) -> list[Contender]:
        """Those that are measured."""
        return [contender for contender in CONTENDERS if contender.key in self.only]

    @property
    def rivals(self) -> list[Contender]:
        """Those whose answers have to be hokensha's."""
        return [contender for contender in self.contenders if contender.key not in ("hokensha", "limit")]

    def say(self, text: str) -> None:
        """Tell how far the benchmark is."""
        self.console.print(text, style="dim", highlight=False)

    def run(self, contender: Contender, roll: Path, on: date, share: float = 0.0) -> Measured:
        """Start a contender over a roll."""
        return measured(contender.command(roll, on, self.out(contender.key), share))

    def out(self, key: str) -> Path:
        """Where a contender writes."""
        return self.work / f"out-{key}"

    def reference(self, roll: Path, on: date) -> int:
        """Let hokensha decide a roll of which all is known; how many documents are owed."""
        self.run(CONTENDERS[0], roll, on)
        summary = json.loads((self.out("hokensha") / "summary.json").read_text(encoding="utf-8"))
        if summary["decided"] != summary["read"]:
            raise Disagreement(f"{roll}: hokensha decided {summary['decided']} of {summary['read']} members")
        return sum(count for triggers in summary["issuances"].values() for count in triggers.values())

    def agreed(self, roll: Path, on: date, rivals: Sequence[Contender]) -> None:
        """Compare rivals with what hokensha wrote last."""
        for rival in rivals:
            self.run(rival, roll, on)
            self.compared[rival.key] += agree(self.out("hokensha"), self.out(rival.key))

    def small_rolls(self) -> None:
        """Compare all rivals over small rolls, on each side of every day that matters."""
        usual = rolls.made(SMALL, self.work / "small.parquet", self.seed, AS_OF)
        unlikely = rolls.on_the_borders(SMALL, self.work / "borders.parquet", self.seed)
        for roll in (usual, unlikely):
            for on in sorted({*rolls.DAYS, self.on}):
                self.reference(roll, on)
                self.agreed(roll, on, self.rivals)
        self.say(f"small rolls: {sum(self.compared.values()):,} rows agree")

    def whole_roll(self) -> tuple[int, dict[str, Measured]]:
        """Compare over the whole roll, which warms everything up; then let all take turns."""
        roll = rolls.made(self.members, self.work / "roll.parquet", self.seed, AS_OF)
        sample = rolls.sample(roll, self.work / "sample.parquet", self.sampled)
        given = {c.key: sample if c.sampled else roll for c in self.contenders}
        whole = [rival for rival in self.rivals if not rival.sampled]
        self.reference(sample, self.on)
        self.agreed(sample, self.on, [rival for rival in self.rivals if rival.sampled])
        self.reference(roll, MASS)
        self.agreed(roll, MASS, whole)
        owed = self.reference(roll, self.on)
        self.agreed(roll, self.on, whole)
        self.say("whole roll: all rows agree")
        runs: dict[str, list[Measured]] = {key: [] for key in given}
        for turn in range(self.repeat + 1):
            for contender in self.contenders:
                run = self.run(contender, given[contender.key], self.on, owed / self.members)
                if turn:  # the first warms up
                    runs[contender.key].append(run)
            self.say(f"turn {turn} of {self.repeat}")
        return owed, {key: middle(each) for key, each in runs.items()}

    def large_roll(self) -> Measured:
        """The medians of hokensha alone, over a roll some times as large."""
        self.say(f"making a roll of {self.large:,} members")
        roll = rolls.made(self.large, self.work / "large.parquet", self.seed, AS_OF)
        return middle([self.run(CONTENDERS[0], roll, self.on) for _ in range(self.repeat + 1)][1:])

    def latency(self) -> Latency:
        """Microseconds of a single decision."""
        roll = rolls.made(ASKED, self.work / "asked.parquet", self.seed, AS_OF)
        asked = [sys.executable, str(HERE / "latency.py"), self.on.isoformat(), str(roll)]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CommandFailedError(done.stderr)
        found: Latency = json.loads(done.stdout)
        return found

    def findings(self) -> Findings:
        """Everything, in order."""
        if self.rivals:
            self.small_rolls()
        owed, runs = self.whole_roll() if self.contenders else (0, {})
        return Findings(
            on=self.on,
            members=self.members,
            sampled=self.sampled,
            large=self.large,
            repeat=self.repeat,
            owed=owed,
            runs=runs,
            latency=self.latency() if "latency" in self.only else {},
            large_run=self.large_roll() if self.large and "large" in self.only else None,
            compared=self.compared,
        )


def show(console: Console, found: Findings) -> None:
    """The tables, for people."""
    table = Table(*HEADER, title=f"{found.on}, the median of {found.repeat} runs", title_style="")
    table.columns[0].no_wrap = True
    for column in table.columns[1:]:
        column.justify = "right"
    for row in rows(found):
        table.add_row(*(cell.replace("`", "") for cell in row))
    if table.rows:
        console.print(table)
    if found.latency:
        single = Table(*TIMES, title="a single decision", title_style="")
        for row in times(found.latency):
            single.add_row(*row)
        console.print(single)
    for goal in goals(found):
        console.print(f"{'met    ' if goal.met else 'NOT MET'}  {goal.what}: {goal.found}", highlight=False)


@click.command(epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--members", default=5_000_000, show_default=True, help="How many members the roll has.")
@click.option("--large", default=20_000_000, show_default=True, help="And hokensha's larger one; 0: none.")
@click.option("--sample", default=100_000, show_default=True, help="How many of them ZEN decides.")
@click.option("--repeat", default=5, show_default=True, help="Of how many runs the median is taken.")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), default="2026-11-21", show_default=True, help="The day asked."
)
@click.option("--seed", default=7, show_default=True, help="Another seed makes other members.")
@click.option("--only", multiple=True, type=click.Choice(PARTS), help="Measure this alone; may be repeated.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The page to write. [default: docs/benchmarks.md, if all is measured]",
)
def main(
    *,
    members: int,
    large: int,
    sample: int,
    repeat: int,
    on: datetime,
    seed: int,
    only: tuple[str, ...],
    out: Path | None,
) -> None:
    """Compare hokensha run with the same rules in polars, DuckDB, OpenFisca and GoRules ZEN.

    The answers are compared first: a row that differs ends the benchmark. Then all take turns. The rolls are
    made anew, in a temporary folder. When everything is measured, the findings go into the documentation.
    """
    console = Console(width=None if sys.stdout.isatty() else 120)
    parts = frozenset(only or PARTS)
    if out is None and not only and large:
        out = ROOT / "docs" / "benchmarks.md"
    with tempfile.TemporaryDirectory(prefix="hokensha-bench-") as folder:
        bench = Bench(
            Path(folder), on.date(), members, large, min(sample, members), repeat, seed, parts, console
        )
        try:
            found = bench.findings()
        except (Disagreement, CommandFailedError) as error:
            raise click.ClickException(str(error)) from None
    show(console, found)
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(page(found, SMALL, len({*rolls.DAYS, bench.on})), encoding="utf-8", newline="\n")
        console.print(f"Written to {out}.", highlight=False)


if __name__ == "__main__":
    main()
