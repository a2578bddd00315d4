"""Keys that stand in several rows of a roll: found by their hashes, judged by the keys themselves."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Final, TypeAlias, TypeVar

import polars as pl
from attrs import define, field

from hokensha.errors import Finding, MemberError
from hokensha_roll.intake.digests import changed

Places: TypeAlias = Sequence[int]
"""Places of rows in a roll, from 0 on, ascending."""
R = TypeVar("R")
_HELD: Final = 1 << 22
"""About so many hashes are held in memory before they are written to a file: 32 MB of them."""
_SORTED: Final = 1 << 22
"""About so many hashes are sorted at once."""
_JUDGED: Final = 1 << 21
"""The keys of so many hashes that come more than once are held in memory at the same time."""


class Repeated(Exception):  # noqa: N818 - no error: what was made so far is given up, and made again
    """Keys stand in several rows, which nobody knew before the last row was read."""

    def __init__(self, places: Places) -> None:
        super().__init__()
        self.places = places


def knowing_repeated(attempt: Callable[[Places], R]) -> R:
    """Go through a roll; if keys turn out to be repeated, go through it again knowing where."""
    try:
        return attempt(())
    except Repeated as found:
        return attempt(found.places)


@define(eq=False)
class Keys:
    """Collects the hashes of a roll's keys, 8 bytes a row; many of them in files, which go with it.

    Attributes:
        bits: How many bits of a hash count.
    """

    bits: int = 64
    _rising: bool = field(default=True, init=False)
    _last: str = field(default="", init=False)
    _rows: int = field(default=0, init=False)
    _hashes: list[pl.Series] = field(factory=list, init=False)
    _files: list[Path] = field(factory=list, init=False)
    _folder: tempfile.TemporaryDirectory[str] | None = field(default=None, init=False)

    def __enter__(self) -> Keys:  # noqa: PYI034 - Self is not in Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def add(self, keys: pl.Series) -> None:
        """Take in the keys of further rows, null where there is none.

        Raises:
            MemberError: There is no room for the file.
        """
        # Keys that rise all the way are all different, and most rolls are sorted.
        self._rising = self._rising and self._rises(keys)
        hashes = keys.hash().set(keys.is_null(), None)
        self._hashes.append(hashes if self.bits == 64 else hashes & ((1 << self.bits) - 1))
        self._rows += len(keys)
        if sum(map(len, self._hashes)) >= _HELD:
            self._put_away()

    def _rises(self, keys: pl.Series) -> bool:
        if not len(keys):
            return True
        last, self._last = self._last, keys[-1] or ""
        return (
            not keys.null_count()
            and keys[0] > last
            and bool((keys.slice(1) > keys.head(len(keys) - 1)).all())
        )

    def _put_away(self) -> None:
        try:
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory()
            path = Path(self._folder.name, str(len(self._files)))
            pl.concat(self._hashes).alias("hash").to_frame().write_ipc(path)
        except (OSError, pl.exceptions.PolarsError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            message = f"cannot be written: {reason}; nothing was changed"
            raise MemberError(Finding(tempfile.gettempdir(), message, "output")) from None
        self._files.append(path)
        self._hashes.clear()

    def repeated(self, where: str, again: Callable[[], Iterable[pl.Series]]) -> Places:
        """The rows whose key stands in an earlier row.

        Args:
            where: What findings call the roll.
            again: Reads the keys once more, as :meth:`add` had them; that is needed to judge like hashes.

        Raises:
            MemberError: The roll cannot be read, or has become shorter.
        """
        if self._rising:
            return ()
        suspects = self._suspects()
        found = [
            _repeating(self._places(suspects.slice(first, _JUDGED)), where, again())
            for first in range(0, len(suspects), _JUDGED)
        ]
        return sorted(place for places in found for place in places)

    def _suspects(self) -> pl.Series:
        """The hashes that come more than once."""
        parts = self._rows // _SORTED + 1
        found = []
        for part in range(parts):
            hashes = pl.concat(hashes.filter(hashes % parts == part) for _, hashes in self._all()).sort()
            found.append(hashes.filter(hashes == hashes.shift()).unique())
        suspects: pl.Series = pl.concat(found)
        return suspects

    def _places(self, suspects: pl.Series) -> pl.Series:
        """The places of rows with these hashes."""
        asked = suspects.implode()
        found: pl.Series = pl.concat(hashes.is_in(asked).arg_true() + begun for begun, hashes in self._all())
        return found

    def _all(self) -> Iterator[tuple[int, pl.Series]]:
        """Everything collected, in the roll's order, each part with the place of its first row."""
        begun = 0
        for hashes in chain((pl.read_ipc(path)["hash"] for path in self._files), self._hashes):
            yield begun, hashes
            begun += len(hashes)


def _repeating(places: pl.Series, where: str, again: Iterable[pl.Series]) -> list[int]:
    """Those of the places whose key stood in an earlier one."""
    begun = 0
    taken = []
    for keys in again:
        here = places.filter((places >= begun) & (places < begun + len(keys)))
        taken.append(keys.gather(here - begun))
        begun += len(keys)
        if begun > places[-1]:
            break
    if begun <= places[-1]:
        raise changed(where)
    later: list[int] = places.filter(~pl.concat(taken).is_first_distinct()).to_list()
    return later
