"""Deciding chunks of rows: in this process, or in several, in the roll's order all the same."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Final, TypeAlias

from hokensha.errors import Finding, HokenshaError
from hokensha.rulebook import Rulebook, open_rulebook
from hokensha_roll.columns import Fitted
from hokensha_roll.reading import Row
from hokensha_roll.rows import Decider, Outcome

_WORTH_PROCESSES: Final = 4 << 20
"""From this size of a roll on, starting further processes pays."""
_Answer: TypeAlias = "Outcome | tuple[Finding, ...]"


def outcomes(
    rulebook: Rulebook, fitted: Fitted, on: date, chunks: Iterable[list[Row]], workers: int
) -> Iterator[Outcome]:
    """What each chunk comes to, in the roll's order however many processes there are.

    Raises:
        HokenshaError: The policy or a plugin is at fault, or a process ended early.
    """
    if workers <= 1:
        decider = Decider(rulebook, fitted, on)
        yield from map(decider.decide, chunks)
        return
    start = (rulebook.policy.path, rulebook.policy.digest, fitted, on)
    # Spawned, not forked: the progress bar and polars have threads.
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, start) as pool:
        pending: deque[Future[_Answer]] = deque()
        try:
            for chunk in chunks:
                pending.append(pool.submit(_decide, chunk))
                if len(pending) > 2 * workers:
                    yield _outcome(pending.popleft())
            while pending:
                yield _outcome(pending.popleft())
        except BrokenProcessPool:
            message = "a process that decides ended early (out of memory?); nothing is written"
            raise HokenshaError(Finding("", message, "process-ended")) from None
        finally:
            pool.shutdown(cancel_futures=True)


def paying(roll: Path) -> int:
    """How many processes pay for a roll of this size."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors if roll.stat().st_size >= _WORTH_PROCESSES else 1


_state: dict[str, Decider | tuple[Finding, ...]] = {}


def _begin(policy: str, digest: str, fitted: Fitted, on: date) -> None:
    try:
        rulebook = open_rulebook(policy)
    except HokenshaError as error:  # raised here, it would only say that the process ended
        _state["decider"] = error.findings
        return
    if rulebook.policy.digest == digest:
        _state["decider"] = Decider(rulebook, fitted, on)
    else:
        _state["decider"] = (Finding(policy, "was changed during the run", "changed"),)


def _decide(chunk: list[Row]) -> _Answer:
    """The outcome, or what is at fault: findings travel between processes, exceptions lose them."""
    decider = _state["decider"]
    if isinstance(decider, tuple):
        return decider
    try:
        return decider.decide(chunk)
    except HokenshaError as error:
        return error.findings


def _outcome(future: Future[_Answer]) -> Outcome:
    found = future.result()
    if isinstance(found, tuple):
        raise HokenshaError(found)
    return found
