"""Random draws that are the same on every Python and numpy: whole numbers of PCG64, made uniform.

numpy promises the stream of its bit generators, and not that of its distributions; that ``random`` is no more
than the upper 53 bits of each number, a test holds. Each thing that is drawn has a stream of its own, named
for it: so it does not matter in which order things are drawn, nor how many members are made at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias
from zlib import crc32

import numpy as np
from attrs import evolve, field, frozen
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from hokensha_sample_roll.days import Days, Ints

Array: TypeAlias = NDArray[Any]
Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Facts: TypeAlias = dict[str, Array]
"""A column for each fact of some members that is settled so far."""


@frozen
class Draws:
    """Draws for ``count`` things (members, or households) of one block: one of a stream for each."""

    seed: int
    count: int
    _streams: dict[str, Generator] = field(factory=dict)

    def uniform(self, name: str) -> Floats:
        """A number from 0 up to 1: the next of a stream for each."""
        if name not in self._streams:
            self._streams[name] = Generator(PCG64(self.seed).jumped(1 + crc32(name.encode())))
        return self._streams[name].random(self.count)

    def of(self, count: int) -> Draws:
        """The same streams, for so many things."""
        return evolve(self, count=count)

    def chance(self, name: str, share: Any) -> Bools:
        """Whether something happens that happens to this share."""
        return np.asarray(self.uniform(name) < share)

    def number(self, name: str, first: Any, last: Any) -> Ints:
        """A whole number; both ends count."""
        drawn = self.uniform(name) * (np.maximum(last - first, 0) + 1)
        return np.asarray(first + drawn.astype(np.int32))

    def span(self, name: str, days: tuple[int, int]) -> Days:
        """So many days; both ends count."""
        return self.number(name, *days).astype(np.float32)

    def day(self, name: str, first: Any, last: Any) -> Days:
        """A day from ``first`` on, up to ``last`` unless that lies before it; none, if either is none."""
        days = np.maximum(np.subtract(last, first), 0) + 1
        return np.asarray(first + np.floor(self.uniform(name) * days), np.float32)

    def pick(self, name: str, weights: Sequence[float]) -> Ints:
        """The place of one of several, by weight."""
        edges = np.cumsum(np.asarray(weights, np.float64))
        drawn, place = self.uniform(name) * edges[-1], np.zeros(self.count, np.int16)
        for edge in edges[:-1]:  # of so few that a search would take longer
            place += drawn >= edge
        return place

    def banded(self, name: str, bands: Sequence[tuple[int, int, float]]) -> Ints:
        """A whole number from bands ``[first, last, weight]``; within a band each is as likely."""
        low, high, weights = zip(*bands, strict=True)
        band = self.pick(f"{name}-band", weights)
        return self.number(name, np.asarray(low)[band], np.asarray(high)[band])
