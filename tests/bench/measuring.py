"""How long a command takes, how much processor time and how much memory, its children included."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from statistics import median
from tempfile import TemporaryFile
from typing import Final

import psutil
from attrs import frozen

SAMPLE_EVERY: Final = 0.01
CHILDREN_EVERY: Final = 10
"""At every so many samples the children are looked for: that costs more than asking how large they are."""
WITHHELD: Final = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "POLARS_MAX_THREADS", "OMP_NUM_THREADS")
"""Without bytecode every start would compile everything anew; nobody gets fewer threads than there are."""


class CommandFailedError(Exception):
    """A contender did not do its work; the message is what it said."""


@frozen
class Measured:
    """One run: wall time and processor time in seconds, peak of resident memory in bytes."""

    seconds: float
    processor: float
    peak: int


def measured(command: Sequence[str]) -> Measured:
    """Run a command to its end.

    Raises:
        CommandFailedError: It ends with another status than 0.
    """
    environment = {name: value for name, value in os.environ.items() if name not in WITHHELD}
    before = _processor()
    begun = time.perf_counter()
    with TemporaryFile() as said:
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, env=environment) as run:
            peak = _watched(run)
            seconds = time.perf_counter() - begun
        if run.returncode:
            said.seek(0)
            message = said.read().decode(errors="replace")
            raise CommandFailedError(f"{' '.join(command)}: exit status {run.returncode}\n{message}")
    return Measured(seconds, _processor() - before, peak)


def _watched(run: subprocess.Popen[bytes]) -> int:
    """The largest sum of what the processes hold at one time, until the first of them ends."""
    tree, peak, count = [psutil.Process(run.pid)], 0, 0
    while True:
        with suppress(psutil.Error):
            if count % CHILDREN_EVERY == 0:
                tree = [tree[0], *tree[0].children(recursive=True)]
        count += 1
        peak = max(peak, sum(map(_resident, tree)))
        try:
            run.wait(SAMPLE_EVERY)
        except subprocess.TimeoutExpired:
            continue
        return peak


def _resident(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def middle(runs: Sequence[Measured]) -> Measured:
    """The median of each figure."""
    return Measured(
        median(run.seconds for run in runs),
        median(run.processor for run in runs),
        int(median(run.peak for run in runs)),
    )


def turns(
    commands: Mapping[str, Sequence[str]],
    repeat: int,
    patience: float | None = None,
    say: Callable[[str], object] = str,
) -> dict[str, Measured]:
    """The medians of commands that take turns; the first turn warms up, unless patience ends with it."""
    runs: list[dict[str, Measured]] = []
    begun = time.perf_counter()
    while len(runs) <= repeat and (not runs or patience is None or time.perf_counter() - begun < patience):
        runs.append({key: measured(command) for key, command in commands.items()})
        say(f"turn {len(runs) - 1} of {repeat}")
    return {key: middle([run[key] for run in runs[1:] or runs]) for key in commands}
