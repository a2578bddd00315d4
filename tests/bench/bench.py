"""The benchmark: ``hokensha run`` and what one would take in its place. ``--help`` shows how it is used."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import click
import policies
import rolls
from agreement import Disagreement, agree
from attrs import define, field
from contenders import CONTENDERS, HERE, HOKENSHA, HOKENSHA_RUN, LIMIT, POLICY, ROOT, TOKYO, Contender
from measuring import CommandFailedError, Measured, measured, turns
from page import ALONE, MEDIUM, PARTS, SMALL, Csv, Findings, Latency, goals, page, tables
from policies import HARD, MASS, POLICIES, Line
from rich.console import Console
from rich.table import Table

JULY = date(2025, 7, 10)
"""A day on which the mass issuance is in force."""
ASKED = 11_000
"""Of how many members a single decision is timed; the first 1,000 warm everything up."""
EXAMPLES = """\b
Examples:
  python tests/bench/bench.py
  python tests/bench/bench.py --members 100000 --large 0 --each 20000 --repeat 3
  python tests/bench/bench.py --only hokensha --only limit --repeat 3
  python tests/bench/bench.py --only tokyo-mutual-aid
  python tests/bench/bench.py --only latency --only decide --only thousand
  tox run -e bench -- --on 2025-07-10 --out out/july.md
"""
PATIENCE = 60
"""So many seconds the turns over a hard roll are to take; at least one turn is finished."""


@define
class Bench:
    """One run of the benchmark.

    Attributes:
        work: The folder for rolls and outputs.
        each: How many members the rolls of the shipped policies have.
        only: What is measured.
    """

    work: Path
    on: date
    members: int
    large: int
    each: int
    sampled: int
    repeat: int
    seed: int
    only: frozenset[str]
    console: Console
    compared: Counter[str] = field(factory=Counter)
    csv: Csv | None = None

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

    def made(self, members: int, name: str, *options: str, policy: Path = POLICY) -> Path:
        """A roll, made."""
        return rolls.made(members, self.work / name, self.seed, *options, policy=policy)

    def run(self, contender: Contender, roll: Path, on: date) -> Measured:
        """Start a contender over a roll."""
        return measured(contender.command(roll, on, self.work))

    def out(self, key: str) -> Path:
        """Where a contender writes."""
        return self.work / f"out-{key}"

    def reference(self, roll: Path, on: date) -> int:
        """Let hokensha decide a roll of which all is known; how many documents are owed."""
        self.run(HOKENSHA_RUN, roll, on)
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
        usual = self.made(SMALL, "small.parquet", *rolls.KNOWN)
        unlikely = rolls.on_the_borders(SMALL, self.work / "borders.parquet", self.seed)
        for roll in (usual, unlikely):
            for on in sorted({*rolls.DAYS, self.on}):
                self.reference(roll, on)
                self.agreed(roll, on, self.rivals)
        self.say(f"small rolls: {sum(self.compared.values()):,} rows agree")

    def whole_roll(self) -> tuple[int, dict[str, Measured]]:
        """Compare over the whole roll, which warms everything up; then let all take turns."""
        roll = self.made(self.members, "roll.parquet", *rolls.KNOWN)
        sample = rolls.sample(roll, self.work / "sample.parquet", self.sampled)
        given = {c.key: sample if c.sampled else roll for c in self.contenders}
        whole = [rival for rival in self.rivals if not rival.sampled]
        if self.rivals:
            self.reference(sample, self.on)
            self.agreed(sample, self.on, [rival for rival in self.rivals if rival.sampled])
            self.reference(roll, JULY)
            self.agreed(roll, JULY, whole)
        owed = self.reference(roll, self.on)
        self.agreed(roll, self.on, whole)
        self.say(f"whole roll: {sum(self.compared.values()):,} rows agree in all")
        commands = {c.key: c.command(given[c.key], self.on, self.work) for c in self.contenders}
        return owed, turns(commands, self.repeat, say=self.say)

    def commands(self) -> Iterator[tuple[str, list[str]]]:
        """What hokensha is asked alone, its rolls made when their turn comes."""
        out, on, known = self.work / "out-alone", self.on, rolls.KNOWN
        for key in [key for key in ALONE if key in self.only]:
            if key == "make":
                yield key, rolls.making(self.members, self.work / "making.parquet", self.seed, *known)
            elif key == "decide":
                member = self.work / "member.json"
                listed = json.loads(POLICY.with_name("members.json").read_text(encoding="utf-8"))
                member.write_text(json.dumps(listed[0]), encoding="utf-8")
                yield key, [str(HOKENSHA), "decide", str(POLICY), str(member), "--on", on.isoformat()]
            elif key == "csv":
                roll = self.made(self.members, "roll.csv", *known)
                with roll.open(encoding="utf-8") as file:
                    self.csv = Csv(file.readline().count(",") + 1, roll.stat().st_size)
                yield key, [*HOKENSHA_RUN.command(roll, on, out), "--format", "csv"]
            elif members := {"large": self.large, "medium": MEDIUM, "thousand": SMALL}[key]:
                roll = self.made(members, f"{key}.parquet", *known)
                yield key, HOKENSHA_RUN.command(roll, on, out)

    def policy(self, name: str) -> Iterator[Line]:
        """What hokensha takes over a policy's rolls, and what the floor."""
        given = policies.policy_of(name)
        roll = self.made(self.each, "each.parquet", policy=given)
        days = policies.days(name)
        for kind, on in days.items():
            yield self.line(name, kind, on, given, roll)
        roll = policies.hard(name, roll, self.work / "hard.parquet", self.seed)
        given = policies.not_knowing(name, self.work / "policy.toml")
        yield self.line(name, HARD, days[MASS], given, roll)

    def line(self, name: str, kind: str, on: date, policy: Path, roll: Path) -> Line:
        """One line of the table."""
        commands = {c.key: c.command(roll, on, self.work, policy) for c in (HOKENSHA_RUN, LIMIT)}
        runs = turns(commands, self.repeat, PATIENCE if kind == HARD else None)
        ours, floor = (policies.written(self.out(key)) for key in commands)
        summary = json.loads((self.out("hokensha") / "summary.json").read_text(encoding="utf-8"))
        if summary["rejected"] or abs(ours - floor) > ours / 1000 + 10:
            said = f"{summary['rejected']} members rejected, {ours} rows written, {floor} for the floor"
            raise Disagreement(f"{name}, {kind}: {said}")
        found = Line(name, kind, on, ours, runs["hokensha"], runs["limit"])
        self.say(f"{name}, {kind}: {found.ratio:.2f} times the floor")
        return found

    def latency(self) -> Latency:
        """Microseconds of a single decision."""
        given = {"kumamoto": POLICY, "tokyo": TOKYO}
        made = [self.made(ASKED, f"{n}.parquet", *rolls.KNOWN, policy=each) for n, each in given.items()]
        asked = [sys.executable, str(HERE / "latency.py"), self.on.isoformat(), *map(str, made)]
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
            each=self.each,
            repeat=self.repeat,
            owed=owed,
            runs=runs,
            alone={key: turns({key: asked}, self.repeat)[key] for key, asked in self.commands()},
            csv=self.csv,  # known by now
            lines=[line for name in POLICIES if name in self.only for line in self.policy(name)],
            latency=self.latency() if "latency" in self.only else {},
            compared=self.compared,
        )


def show(console: Console, found: Findings) -> None:
    """The tables and the goals, for people."""
    for header, body in tables(found).values():
        table = Table(*header)
        table.columns[0].no_wrap = True
        for column in table.columns[1:]:
            column.justify = "right"
        for row in body:
            table.add_row(*(cell.replace("`", "") for cell in row))
        if body:
            console.print(table)
    for goal in goals(found):
        console.print(f"{'met    ' if goal.met else 'NOT MET'}  {goal.what}: {goal.found}", highlight=False)


@click.command(epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--members", default=5_000_000, show_default=True, help="How many members the roll has.")
@click.option("--large", default=20_000_000, show_default=True, help="And hokensha's larger one; 0: none.")
@click.option("--each", default=2_000_000, show_default=True, help="How many each shipped policy's have.")
@click.option("--sample", default=100_000, show_default=True, help="How many of them ZEN decides.")
@click.option("--repeat", default=5, show_default=True, help="Of how many runs the median is taken.")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), default="2026-11-21", show_default=True, help="The day asked."
)
@click.option("--seed", default=7, show_default=True, help="Another seed makes other members.")
@click.option("--only", multiple=True, type=click.Choice(PARTS), help="Measure this; may be repeated.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The page to write. [default: docs/benchmarks.md, if all is measured]",
)
def main(
    *,
    members: int,
    large: int,
    each: int,
    sample: int,
    repeat: int,
    on: datetime,
    seed: int,
    only: tuple[str, ...],
    out: Path | None,
) -> None:
    """Compare hokensha run with the same rules in polars, DuckDB, OpenFisca and GoRules ZEN.

    The answers are compared first: a row that differs ends the benchmark. Then all take turns. After that
    comes hokensha alone: large, medium and small rolls, CSV, making a roll, one member as a process (decide)
    and warm (latency), and every shipped policy (policies, or one by its name) beside its floor. The rolls
    are made anew, in a temporary folder. When all is measured, the findings go into the documentation.
    """
    console = Console(width=None if sys.stdout.isatty() else 130)
    parts = frozenset(only or PARTS)
    if "policies" in parts:
        parts |= frozenset(POLICIES)
    if out is None and not only and large:
        out = ROOT / "docs" / "benchmarks.md"
    with tempfile.TemporaryDirectory(prefix="hokensha-bench-") as folder:
        bench = Bench(
            Path(folder), on.date(), members, large, each, min(sample, members), repeat, seed, parts, console
        )
        try:
            found = bench.findings()
        except (Disagreement, CommandFailedError) as error:
            raise click.ClickException(str(error)) from None
    show(console, found)
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(page(found, len({*rolls.DAYS, bench.on})), encoding="utf-8", newline="\n")
        console.print(f"Written to {out}.", highlight=False)


if __name__ == "__main__":
    main()
