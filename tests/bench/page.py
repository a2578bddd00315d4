"""What the benchmark found: as tables on the terminal, and as a page of the documentation."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, TypeAlias

import psutil
from attrs import frozen
from contenders import CONTENDERS
from measuring import Measured

PACKAGES: Final = (
    *("hokensha", "hokensha-late-elderly", "hokensha-roll", "polars", "pyarrow", "numpy"),
    *("duckdb", "openfisca-core", "zen-engine"),
)
HEADER: Final = (
    "",
    "members",
    "wall time",
    "of the limit",
    "processor time",
    "peak memory",
    "members a second",
)
TIMES: Final = ("", "the same member again: median", "members asked once: median", "mean")
GB: Final = 1e9
TEMPLATE: Final = Path(__file__).with_suffix(".md")
Latency: TypeAlias = "Mapping[str, Mapping[str, float]]"
"""Microseconds of a single decision: by contender, and by what is asked."""


@frozen
class Findings:
    """What was measured.

    Attributes:
        members: How many the roll has.
        sampled: How many of them the contenders decided that do but a sample.
        large: How many the large roll has.
        repeat: Of how many runs each figure is the median.
        owed: Documents owed on that day.
        runs: Each contender's medians.
        large_run: hokensha's, over the large roll.
        latency: Microseconds of a single decision.
        compared: How many rows of output of each contender were compared with hokensha's.
    """

    on: date
    members: int
    sampled: int
    large: int
    repeat: int
    owed: int
    runs: Mapping[str, Measured]
    large_run: Measured | None
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
    runs = found.runs
    ours = runs.get("hokensha")
    if ours:
        yield from _against(ours.seconds, {key: run.seconds for key, run in runs.items()})
        yield Goal("a peak of at most 1.5 GB", f"{ours.peak / GB:.2f} GB", ours.peak <= 1.5 * GB)
    if ours and found.large_run:
        ratio = found.large_run.seconds / ours.seconds
        times = found.large / found.members
        bound = times * 1.05
        what = f"{found.large:,} members in at most {bound:.1f} times the time of {found.members:,}"
        yield Goal(what, f"{ratio:.2f} times", ratio <= bound)
    if found.latency:
        yield _sooner(found.latency, "again", "the same member again")
        yield _sooner(found.latency, "new_mean", "members asked once, the mean")


def _sooner(latency: Latency, asked: str, words: str) -> Goal:
    ours, theirs = (latency[key][asked] for key in ("hokensha", "zen"))
    said = f"{ours:.1f} µs against {theirs:.1f} µs"
    return Goal(f"a single decision sooner than ZEN's: {words}", said, ours < theirs)


def _against(ours: float, others: Mapping[str, float]) -> Iterator[Goal]:
    if "limit" in others:
        ratio = ours / others["limit"]
        yield Goal("at most 2.0 times the limit", f"{ratio:.2f} times", ratio <= 2.0)
    by_hand = [others[key] for key in ("polars", "duckdb") if key in others]
    if by_hand:
        ratio = min(by_hand) / ours
        yield Goal("at least 1.3 times as fast as the best by hand", f"{ratio:.2f} times", ratio >= 1.3)
    if "openfisca" in others:
        ratio = others["openfisca"] / ours
        yield Goal("at least 5 times as fast as OpenFisca", f"{ratio:.2f} times", ratio >= 5)


def rows(found: Findings) -> Iterator[Sequence[str]]:
    """The main table, below :data:`HEADER`."""
    limit = found.runs.get("limit")
    for contender in CONTENDERS:
        if contender.key in found.runs:
            members = found.sampled if contender.sampled else found.members
            run = found.runs[contender.key]
            ratio = f"{run.seconds / limit.seconds:.2f}" if limit and not contender.sampled else "-"
            yield _row(contender.label, members, run, ratio)
    if found.large_run:
        yield _row("`hokensha run`", found.large, found.large_run, "-")


def times(latency: Latency) -> Iterator[Sequence[str]]:
    """The table of single decisions, below :data:`TIMES`."""
    for key, label in (("hokensha", "hokensha"), ("zen", "GoRules ZEN")):
        yield (label, *(f"{latency[key][asked]:.1f} µs" for asked in ("again", "new", "new_mean")))


def _row(label: str, members: int, run: Measured, ratio: str) -> Sequence[str]:
    return (
        label,
        f"{members:,}",
        f"{run.seconds:.2f} s",
        ratio,
        f"{run.processor:.2f} s",
        f"{run.peak / GB:.2f} GB",
        f"{round(members / run.seconds, -3):,.0f}",
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


def page(found: Findings, small: int, days: int) -> str:
    """The page of the documentation."""
    labels = {contender.key: contender.label for contender in CONTENDERS}
    return TEMPLATE.read_text(encoding="utf-8").format(
        members=found.members,
        on=found.on,
        owed=found.owed,
        repeat=found.repeat,
        sampled=found.sampled,
        table=markdown(HEADER, list(rows(found))),
        latency=markdown(TIMES, list(times(found.latency))) if found.latency else "(not measured)",
        small=small,
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
