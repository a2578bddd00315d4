"""Random draws that are the same on every Python and numpy: whole numbers of PCG64, made uniform here.

numpy promises the stream of its bit generators, and not that of its distributions. Each thing that is drawn
has a stream of its own, named for it: so it does not matter in which order things are drawn, nor how many
members are made at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias
from zlib import crc32

import numpy as np
from attrs import define, field, frozen
from numpy.random import PCG64
from numpy.typing import NDArray

from hokensha_sample_roll.days import DAY, NONE, Days, where

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]


@define
class Streams:
    """All streams of one seed."""

    seed: int
    _streams: dict[str, PCG64] = field(factory=dict)

    def uniform(self, name: str, count: int) -> Floats:
        """The next ``count`` draws of a stream, from 0 up to 1."""
        if name not in self._streams:
            self._streams[name] = PCG64(self.seed).jumped(1 + crc32(name.encode()))
        raw = self._streams[name].random_raw(count)
        return np.asarray((raw >> np.uint64(11)) * 2.0**-53, dtype=np.float64)


@frozen
class Draws:
    """Draws for ``count`` things (members, or households) of one block: one of a stream for each."""

    streams: Streams
    count: int

    def uniform(self, name: str) -> Floats:
        """A number from 0 up to 1."""
        return self.streams.uniform(name, self.count)

    def chance(self, name: str, share: Any) -> Bools:
        """Whether something happens that happens to this share."""
        return np.asarray(self.uniform(name) < share)

    def number(self, name: str, first: Any, last: Any) -> Ints:
        """A whole number; both ends count."""
        low, high = np.asarray(first, dtype=np.int64), np.asarray(last, dtype=np.int64)
        return np.asarray(low + np.floor(self.uniform(name) * (np.maximum(high - low, 0) + 1)), np.int64)

    def span(self, name: str, days: Sequence[int]) -> NDArray[np.timedelta64]:
        """A number of days between two; both ends count."""
        return self.number(name, days[0], days[1]).astype(DAY_SPAN)

    def day(self, name: str, first: Any, last: Any) -> Days:
        """A day; both ends count. The first, if the last lies before it; none, if either is none."""
        low = np.asarray(first, dtype=DAY)
        span = (np.asarray(last, dtype=DAY) - low).astype(np.int64)
        extra = np.floor(self.uniform(name) * (np.maximum(span, 0) + 1)).astype(DAY_SPAN)
        return where(np.isnat(np.asarray(last, dtype=DAY)), NONE, low + extra)

    def pick(self, name: str, weights: Sequence[float]) -> Ints:
        """The place of one of several, by weight."""
        edges = np.cumsum(np.asarray(weights, dtype=np.float64))
        found = np.searchsorted(edges, self.uniform(name) * edges[-1], side="right")
        return np.asarray(np.minimum(found, len(weights) - 1), dtype=np.int64)


DAY_SPAN = np.dtype("m8[D]")
