"""Keys that stand in several rows of a roll: found by their hashes, judged by the keys themselves."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from attrs import define, field

from hokensha.errors import Finding, MemberError
from hokensha_roll.blocks import Block
from hokensha_roll.intake.opening import OpenRoll

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

_SORTED: Final = 1 << 24
"""About so many hashes are sorted at once: 128 MB of them."""
_JUDGED: Final = 1 << 21
"""The keys of so many hashes that come more than once are held in memory at the same time."""
_READ: Final = 1 << 20


@define(eq=False)
class Keys:
    """Collects the hashes of a roll's keys in a file, 8 bytes a row.

    A context manager: the file goes with it. Everything here may raise OSError, where the file cannot be
    written.

    Attributes:
        folder: Where the file is kept.
    """

    folder: Path
    _file: IO[bytes] = field(init=False)
    _counts: dict[int, int] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._file = tempfile.TemporaryFile(dir=self.folder)  # noqa: SIM115 - see __exit__

    def __enter__(self) -> Keys:  # noqa: PYI034 - Self is not in Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, source: int, block: Block) -> None:
        """Take in the keys of a source's next block; the sources come in the roll's order."""
        if block.keys is not None:
            self._counts[source] = self._counts.get(source, 0) + len(block.keys)
            self._file.write(np.ascontiguousarray(block.keys).data)

    def repeated(self, roll: OpenRoll) -> dict[int, frozenset[int]]:
        """The rows whose key stands in an earlier row: by source, their places in it.

        Rows without a key, or with a number of cells that is not the header's, do not count. The keys of the
        rows in question are read once more.

        Raises:
            MemberError: The roll cannot be read.
        """
        suspects = self._suspects()
        found: dict[int, list[int]] = {}
        for first in range(0, len(suspects), _JUDGED):
            candidates = self._candidates(suspects[first : first + _JUDGED])
            for source, place in _repeated(roll, candidates):
                found.setdefault(source, []).append(place)
        return {source: frozenset(places) for source, places in sorted(found.items())}

    def _suspects(self) -> Hashes:
        """The hashes that come more than once, sorted."""
        bits = max(1, (sum(self._counts.values()) // _SORTED).bit_length())
        shift = np.uint64(64 - bits)
        with ThreadPoolExecutor(2) as pool:
            found: list[Hashes] = []
            for first in range(0, 1 << bits, 2):  # by their first bits, two parts at a time in memory
                parts: list[list[Hashes]] = [[], []]
                for _, hashes in self._hashes():
                    of_part = hashes >> shift
                    for part in (0, 1):
                        parts[part].append(hashes[of_part == first + part])
                found.extend(pool.map(_repeating, parts))
        return np.concatenate(found)

    def _candidates(self, suspects: Hashes) -> dict[int, NDArray[np.int64]]:
        """The places of rows with these hashes, by source."""
        found: dict[int, list[NDArray[np.int64]]] = {}
        begun: dict[int, int] = {}
        for source, hashes in self._hashes():
            at = np.minimum(np.searchsorted(suspects, hashes), len(suspects) - 1)
            places = np.flatnonzero(suspects[at] == hashes) + begun.get(source, 0)
            begun[source] = begun.get(source, 0) + len(hashes)
            if len(places):
                found.setdefault(source, []).append(places)
        return {source: np.concatenate(places) for source, places in found.items()}

    def _hashes(self) -> Iterator[tuple[int, Hashes]]:
        """Everything collected, in the roll's order, in parts that do not go beyond a source."""
        self._file.seek(0)
        for source, count in self._counts.items():
            for first in range(0, count, _READ):
                size = min(_READ, count - first)
                yield source, np.frombuffer(self._file.read(8 * size), np.uint64)


def _repeating(parts: list[Hashes]) -> Hashes:
    """The hashes that come more than once, sorted; 0 is none."""
    hashes = np.concatenate(parts) if parts else np.zeros(0, np.uint64)
    hashes.sort()
    return np.unique(hashes[1:][(hashes[1:] == hashes[:-1]) & (hashes[1:] != 0)])


def _repeated(roll: OpenRoll, candidates: dict[int, NDArray[np.int64]]) -> Iterator[tuple[int, int]]:
    """Those of the candidates whose key stood in an earlier one."""
    seen: set[str] = set()
    if not candidates:
        return
    last = max(candidates)
    for source in roll.sources():
        places = candidates.get(source.index)
        if places is not None:
            keys = pa.concat_arrays(list(source.ids()))
            if len(keys) <= places[-1]:
                raise MemberError(Finding(roll.where, "was changed while it was read", "changed"))
            for place, key in zip(places.tolist(), keys.take(pa.array(places)).to_pylist(), strict=True):
                if key in seen:
                    yield source.index, place
                seen.add(key)
        if source.index == last:
            return
