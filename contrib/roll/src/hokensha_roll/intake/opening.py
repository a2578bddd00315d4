"""Opening a roll by what it is: a CSV file, a Parquet file, or a folder of Parquet files."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import polars as pl
from attrs import evolve, frozen

from hokensha.errors import Finding, MemberError
from hokensha.facts import Catalogue
from hokensha_roll.frames import Batch, Wanted
from hokensha_roll.intake.columns import Fitted, fit
from hokensha_roll.intake.csvroll import CsvRoll
from hokensha_roll.intake.digests import shown, unreadable
from hokensha_roll.intake.folders import fit_files, open_files
from hokensha_roll.intake.keys import Keys, Places, Repeated
from hokensha_roll.intake.making import Made, Maker
from hokensha_roll.intake.parquet import ParquetRoll, open_file
from hokensha_roll.intake.refusals import NOTHING_REFUSED, Refusals
from hokensha_roll.intake.sizes import USUAL, Sizes
from hokensha_roll.tool import Roll


@frozen(eq=False)
class OpenRoll:
    """A roll that fits its policy. As a context manager, it closes its files.

    Attributes:
        where: What findings call it.
        fitted: Its columns.
    """

    where: str
    fitted: Fitted
    _roll: CsvRoll | ParquetRoll
    _sizes: Sizes

    def batches(
        self, wanted: Wanted, repeated: Places = (), refusals: Refusals = NOTHING_REFUSED
    ) -> Iterator[Batch]:
        """Its rows, in its order, from its beginning.

        Args:
            wanted: The facts that become columns. Every column is checked. The key is one at all events, as
                text, whatever is wanted of it.
            repeated: The places of rows whose key is that of an earlier row, if they are known already.
            refusals: Which rows contradict themselves.

        Raises:
            MemberError: It cannot be read on, or something makes the whole of it unfit.
            Repeated: Keys stand in several rows, which was not known; raised after the last batch.
        """
        with Keys(self._sizes.hash_bits) as keys:
            for made in self._made(self.fitted, wanted, repeated, refusals):
                keys.add(made.keys)
                yield made.batch
                if made.finding is not None:
                    raise MemberError(made.finding)
            if not repeated and (found := keys.repeated(self.where, self._keys)):
                raise Repeated(found)

    def _keys(self) -> Iterator[pl.Series]:
        alone = evolve(self.fitted, readers=(self.fitted.id_reader,), as_of=None)
        return (made.keys for made in self._made(alone, {}, (), NOTHING_REFUSED))

    def _made(self, fitted: Fitted, wanted: Wanted, repeated: Places, refusals: Refusals) -> Iterator[Made]:
        maker = Maker(fitted, self.where, wanted, refusals)
        begun = 0
        for part in self._roll.parts():
            end = begun + len(part.cells)
            marked = repeated[bisect_left(repeated, begun) : bisect_left(repeated, end)]
            made = maker.made(part, [place - begun for place in marked])
            del part  # not to be kept while the next one is read
            yield made
            del made
            begun = end

    def digest(self) -> str:
        """``sha256:`` and the digest of its bytes, or of its files' digests and names, once it is read.

        Raises:
            MemberError: It cannot be read, or was changed since it was opened.
        """
        return self._roll.digest()

    def done(self) -> float:
        """The share of it handed out so far, from 0 to 1."""
        return self._roll.done()

    def __enter__(self) -> OpenRoll:  # noqa: PYI034 - Self is not in Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._roll.close()


def open_roll(path: Path, policy_roll: Roll, catalogue: Catalogue, sizes: Sizes = USUAL) -> OpenRoll:
    """Open a roll by the ending of its name: ``.csv``, ``.csv.gz``, ``.parquet``; or a folder of the latter.

    Raises:
        MemberError: It cannot be read, is no such file, or does not fit the policy.
    """
    where = shown(path)
    if "\0" in str(path):
        raise MemberError(Finding(where, "cannot be read: no file has such a name", "unreadable"))
    roll: CsvRoll | ParquetRoll
    try:
        if path.is_dir():
            files = open_files(path)
            fitted = fit_files(files, policy_roll, catalogue)
            roll = ParquetRoll(files, sizes, folder=True)
        else:
            roll = _opened(path, policy_roll.encoding, sizes)
            fitted = fit(roll.headers, roll.types, policy_roll, catalogue, where)
    except OSError as error:
        raise unreadable(path, error) from None
    return OpenRoll(where, fitted, roll, sizes)


def _opened(path: Path, encoding: str, sizes: Sizes) -> CsvRoll | ParquetRoll:
    name = path.name.lower()
    if name.endswith(".parquet"):
        return ParquetRoll([open_file(path)], sizes, folder=False)
    if name.endswith((".csv", ".csv.gz")):
        return CsvRoll(path, encoding, sizes)
    message = "expected a name that ends in .csv, .csv.gz or .parquet, or a folder of the latter"
    raise MemberError(Finding(shown(path), message, "roll-format"))
