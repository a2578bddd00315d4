"""What the benchmark found: as tables on the terminal, and as a page of the documentation."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import psutil
from attrs import frozen
from contenders import CONTENDERS, KEYS
from measuring import Measured
from policies import HARD, POLICIES, Line

PACKAGES: Final = (
    *("hokensha", "hokensha-late-elderly", "hokensha-roll", "hokensha-sample-roll", "polars", "numpy"),
    *("duckdb", "openfisca-core", "zen-engine"),
)
HEADER: Final = (
    *("", "members", "wall time", "of the limit", "processor time", "peak memory", "members a second"),
)
TIMES: Final = ("", "median", "mean")
EACH: Final = ("", "day", "rows written", "wall time", "floor", "ratio", "processor time", "peak memory")
ALONE: Final = {
    "large": "`hokensha run`",
    "medium": "`hokensha run`",
    "thousand": "`hokensha run`",
    "csv": "`hokensha run`, from CSV to CSV",
    "make": "`hokensha make-roll`",
    "decide": "`hokensha decide`",
}
"""What hokensha alone is timed at, and what the table calls it."""
PARTS: Final = (*KEYS, *ALONE, "latency", "policies", *POLICIES)
SMALL: Final = 1_000
MEDIUM: Final = 300_000
GB: Final = 1e9
MB: Final = 1e6
TEMPLATE: Final = Path(__file__).with_suffix(".md")
Latency: TypeAlias = "Mapping[str, Mapping[str, float]]"
"""Microseconds of a single decision: by contender, and by what is asked."""


class Csv(NamedTuple):
    """How wide a CSV roll is."""

    columns: int
    bytes: int


@frozen
class Findings:
    """What was measured.

    Attributes:
        members: How many the roll has.
        sampled: How many of them the contenders decided that do but a sample.
        large: How many the large roll has.
        each: How many the rolls of the shipped policies have.
        repeat: Of how many runs each figure is the median.
        owed: Documents owed on that day.
        runs: Each contender's medians.
        alone: hokensha's, of what it does alone.
        lines: Of every policy, over its rolls.
        latency: Microseconds of a single decision.
        compared: How many rows of output of each contender were compared with hokensha's.
    """

    on: date
    members: int
    sampled: int
    large: int
    each: int
    repeat: int
    owed: int
    runs: Mapping[str, Measured]
    alone: Mapping[str, Measured]
    csv: Csv | None
    lines: Sequence[Line]
    latency: Latency
    compared: Mapping[str, int]


@frozen
class Goal:
    """One thing that hokensha sets out to do, and what was found."""

    what: str
    found: str
    met: bool


def goals(found: Findings) -> Iterator[Goal]:
    """The goals for which all that they compare was measured."""
    ours = found.runs.get("hokensha")
    if ours:
        yield from _against(ours, found.runs)
        what = f"{found.members:,} members in at most 400 MB"
        yield _most(what, ours.peak / MB, 400, "{:.0f} MB")
    yield from _alone(found, ours)
    yield from _each(found.lines)
    yield from _single(found.latency)


def _most(what: str, value: float, bound: float, form: str) -> Goal:
    return Goal(what, form.format(value), value <= bound)


def _against(ours: Measured, runs: Mapping[str, Measured]) -> Iterator[Goal]:
    for key, bound, words in (
        ("limit", 1.8, "at most 1.8 times the time of reading and writing alone"),
        ("polars", 1.3, "at most 1.3 times the time by hand in polars"),
        ("duckdb", 1.0, "no more than the time by hand in DuckDB"),
        ("openfisca", 0.5, "at most half of OpenFisca's time"),
    ):
        if key in runs:
            yield _most(words, ours.seconds / runs[key].seconds, bound, "{:.2f} times")
    if "limit" in runs:
        words = "at most 2.0 times the processor time of reading and writing alone"
        yield _most(words, ours.processor / runs["limit"].processor, 2.0, "{:.2f} times")


def _alone(found: Findings, ours: Measured | None) -> Iterator[Goal]:
    runs = found.alone
    if large := runs.get("large"):
        if ours:
            bound = 3.5 / 4 * found.large / found.members
            what = f"{found.large:,} members in at most {bound:.1f} times the time of {found.members:,}"
            yield _most(what, large.seconds / ours.seconds, bound, "{:.2f} times")
        yield _most(f"{found.large:,} members in at most 700 MB", large.peak / MB, 700, "{:.0f} MB")
    if csv := runs.get("csv"):
        speed = found.members / csv.processor / 1e6
        said = f"{found.members:,} rows of {_width(found)} in {csv.processor:.2f} s of processor time"
        what = "CSV: at least 2 million rows in a second of processor time"
        yield Goal(what, f"{speed:.2f} million: {said}", speed >= 2)
    for key, bound, what in (
        ("medium", 0.9, f"{MEDIUM:,} members in at most 0.9 s"),
        ("thousand", 0.45, f"{SMALL:,} members in at most 0.45 s"),
        ("make", 8.0, f"a roll of {found.members:,} members made in at most 8 s"),
        ("decide", 0.16, "`hokensha decide`, the whole process, in at most 0.16 s"),
    ):
        if key in runs:
            yield _most(what, runs[key].seconds, bound, "{:.2f} s")


def _width(found: Findings) -> str:
    assert found.csv, "measured together"
    return f"{found.csv.columns} columns and {found.csv.bytes / found.members:.0f} bytes"


def _each(lines: Sequence[Line]) -> Iterator[Goal]:
    for name in dict.fromkeys(line.policy for line in lines):
        ratios = {line.kind: line.ratio for line in lines if line.policy == name}
        hard = ratios.pop(HARD)
        said = ", ".join(f"{ratio:.2f}" for ratio in ratios.values())
        yield Goal(f"{name}: at most 2.5 times the floor, each day", said, max(ratios.values()) <= 2.5)
        yield _most(f"{name}: the same for the hard roll", hard, 2.5, "{:.2f}")


def _single(latency: Latency) -> Iterator[Goal]:
    if not latency:
        return
    ours, zen = latency["hokensha"], latency["zen"]
    for name, key, bound in (("Kumamoto", "hokensha", 10), ("Tokyo", "tokyo", 15)):
        what = f"members of {name} asked once: "
        yield _most(f"{what}the median at most {bound} µs", latency[key]["median"], bound, "{:.1f} µs")
        most = 1.3 * bound
        yield _most(f"{what}the mean at most {most:.1f} µs", latency[key]["mean"], most, "{:.1f} µs")
    for asked in ("median", "mean"):
        said = f"{ours[asked]:.1f} µs against {zen[asked]:.1f} µs"
        yield Goal(f"members of Kumamoto sooner than ZEN: the {asked}", said, ours[asked] < zen[asked])


def rows(found: Findings) -> Iterator[Sequence[str]]:
    """The main table, below :data:`HEADER`."""
    limit = found.runs.get("limit")
    for contender in CONTENDERS:
        if contender.key in found.runs:
            members = found.sampled if contender.sampled else found.members
            run = found.runs[contender.key]
            ratio = f"{run.seconds / limit.seconds:.2f}" if limit and not contender.sampled else "-"
            yield _row(contender.label, members, run, ratio)
    alone = {"large": found.large, "medium": MEDIUM, "thousand": SMALL, "decide": 1}
    for key, run in found.alone.items():
        yield _row(ALONE[key], alone.get(key, found.members), run, "-")


def each(found: Findings) -> Iterator[Sequence[str]]:
    """The table of every policy, below :data:`EACH`."""
    for line in found.lines:
        ours = line.ours
        spent = f"{ours.seconds:.2f} s", f"{line.floor.seconds:.2f} s", f"{line.ratio:.2f}"
        more = f"{ours.processor:.2f} s", f"{ours.peak / GB:.2f} GB"
        yield f"{line.policy}, {line.kind}", line.on.isoformat(), f"{line.written:,}", *spent, *more


def times(latency: Latency) -> Iterator[Sequence[str]]:
    """The table of single decisions, below :data:`TIMES`."""
    labels = {"hokensha": "hokensha, Kumamoto", "zen": "GoRules ZEN, Kumamoto", "tokyo": "hokensha, Tokyo"}
    for key in latency:
        yield (labels[key], *(f"{latency[key][asked]:.1f} µs" for asked in TIMES[1:]))


def _row(label: str, members: int, run: Measured, ratio: str) -> Sequence[str]:
    return (
        label,
        f"{members:,}",
        f"{run.seconds:.2f} s",
        ratio,
        f"{run.processor:.2f} s",
        f"{run.peak / GB:.2f} GB",
        f"{round(members / run.seconds, -3):,.0f}" if members > 1 else "-",
    )


def machine() -> str:
    """The machine, as far as it says what it is."""
    memory = psutil.virtual_memory().total / GB
    cores = psutil.cpu_count()
    return (
        f"{_processor()}, {cores} cores, {memory:.0f} GB of memory, {platform.system()} {platform.release()}"
    )


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def versions() -> str:
    """What ran."""
    said = [f"Python {platform.python_version()}"]
    for package in PACKAGES:
        with suppress(PackageNotFoundError):
            said.append(f"{package} {version(package)}")
    return ", ".join(said)


def markdown(header: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """A table whose columns are figures, but for the first."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def tables(found: Findings) -> Mapping[str, tuple[Sequence[str], Sequence[Sequence[str]]]]:
    """Every table: what stands above its columns, and its rows, none if that was not measured."""
    return {
        "table": (HEADER, list(rows(found))),
        "policies": (EACH, list(each(found))),
        "latency": (TIMES, list(times(found.latency))),
    }


def page(found: Findings, days: int) -> str:
    """The page of the documentation."""
    labels = {contender.key: contender.label for contender in CONTENDERS}
    return TEMPLATE.read_text(encoding="utf-8").format(
        members=found.members,
        on=found.on,
        owed=found.owed,
        repeat=found.repeat,
        sampled=found.sampled,
        **{key: markdown(*table) if table[1] else "(not measured)" for key, table in tables(found).items()},
        width=_width(found) if found.csv else "(not measured)",
        each=found.each,
        small=SMALL,
        days=days,
        compared=markdown(
            ("", "rows compared"), [(labels[key], f"{count:,}") for key, count in found.compared.items()]
        ),
        goals="\n".join(
            ["| goal | found | met |", "|---|---|---|"]
            + [f"| {goal.what} | {goal.found} | {'yes' if goal.met else 'no'} |" for goal in goals(found)]
        ),
        machine=machine(),
        versions=versions(),
    )
