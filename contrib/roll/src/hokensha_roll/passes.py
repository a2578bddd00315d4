"""Going through a roll on all processors, in its order, each key counted once."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeAlias, TypeVar

from attrs import define, evolve, field

from hokensha_roll.blocks import Block
from hokensha_roll.intake.keys import Keys
from hokensha_roll.intake.opening import OpenRoll, Source

Places: TypeAlias = Mapping[int, frozenset[int]]
"""For each source of a roll the places of rows in it."""
R = TypeVar("R")
T = TypeVar("T")


class Repeated(Exception):  # noqa: N818 - no error: what was made so far is given up, and made again
    """Keys stand in several rows, which nobody knew before the last row was read."""

    def __init__(self, places: Places) -> None:
        super().__init__()
        self.places = places


def knowing_repeated(attempt: Callable[[Places], R]) -> R:
    """Go through a roll; if keys turn out to be repeated, go through it again knowing where."""
    try:
        return attempt({})
    except Repeated as found:
        return attempt(found.places)


@define(eq=False)
class Pass:
    """One way through a roll.

    Attributes:
        facts: The facts that are wanted as columns.
        repeated: Rows whose key stood in an earlier row, if that is known already.
        keys: Takes the keys of all rows.
        threads: How many sources are worked on at the same time; none: as many as there are processors.
    """

    roll: OpenRoll
    facts: frozenset[str]
    repeated: Places
    keys: Keys
    threads: int | None = None
    _begun: int = field(default=0, init=False)
    _taken: int = field(default=0, init=False)

    def share(self) -> float:
        """The share of the roll that is worked through, as far as can be told."""
        return self.roll.done() * self._taken / max(self._begun, 1)

    def each(self, work: Callable[[Block], T]) -> Iterator[tuple[Block, T]]:
        """Every block in the roll's order, its columns gone, with what some work on it came to.

        A few sources are worked on ahead.

        Raises:
            Repeated: Keys stand in several rows, which was not known; raised after the last block.
        """
        for index, worked in self._sources(work):
            for block, result in worked:
                self.keys.add(index, block)
                yield block, result
        if not self.repeated and (found := self.keys.repeated(self.roll)):
            raise Repeated(found)

    def _sources(self, work: Callable[[Block], T]) -> Iterator[tuple[int, list[tuple[Block, T]]]]:
        def go(source: Source) -> tuple[int, list[tuple[Block, T]]]:
            repeated = self.repeated.get(source.index, frozenset())
            # What waits to be taken in order has no need of the facts any more.
            return source.index, [
                (evolve(block, columns={}), work(block)) for block in source.blocks(self.facts, repeated)
            ]

        threads = self.threads or processors()
        with ThreadPoolExecutor(threads) as pool:
            ahead: deque[Future[tuple[int, list[tuple[Block, T]]]]] = deque()
            try:
                for source in self.roll.sources():
                    ahead.append(pool.submit(go, source))
                    self._begun += 1
                    if len(ahead) > threads + 1:
                        yield self._next(ahead)
                while ahead:
                    yield self._next(ahead)
            finally:
                pool.shutdown(cancel_futures=True)

    def _next(self, ahead: deque[Future[R]]) -> R:
        found = ahead.popleft().result()
        self._taken += 1
        return found


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
