"""Opening a roll by what it is: a CSV file, a Parquet file, or a folder of Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from hokensha.errors import Finding, MemberError
from hokensha.facts import Catalogue
from hokensha_roll.blocks import Block
from hokensha_roll.columns import Fitted, fit
from hokensha_roll.intake.csvroll import CsvRoll
from hokensha_roll.intake.digests import shown, unreadable
from hokensha_roll.intake.folders import fit_files, open_files
from hokensha_roll.intake.making import Maker
from hokensha_roll.intake.parquet import ParquetRoll, open_file
from hokensha_roll.intake.sizes import USUAL, Sizes
from hokensha_roll.tool import Roll

if TYPE_CHECKING:
    import pyarrow as pa


class Source(Protocol):
    """A part of a roll that one thread reads while others read other parts."""

    @property
    def index(self) -> int:
        """0, 1, 2 ... in the roll's order."""

    def blocks(self, facts: frozenset[str] | None, repeated: frozenset[int]) -> Iterator[Block]:
        """Its rows.

        Args:
            facts: The facts that become columns (none: all, but for the key). Every column is checked.
            repeated: Places, counted from 0 within the source, of rows whose key is that of an earlier row.

        Raises:
            MemberError: They cannot be read, or make the whole roll unfit.
        """

    def ids(self) -> Iterator[pa.StringArray]:
        """The members' keys alone, in the rows' order; empty where there is none.

        Raises:
            MemberError: They cannot be read.
        """


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
    _maker: Maker

    def sources(self) -> Iterator[Source]:
        """Its parts, for one thread at a time; each call goes through the roll from its beginning.

        Raises:
            MemberError: It cannot be read on.
        """
        return self._roll.sources(self._maker)

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
    return OpenRoll(where, fitted, roll, Maker(fitted, where, sizes.hash_bits))


def _opened(path: Path, encoding: str, sizes: Sizes) -> CsvRoll | ParquetRoll:
    name = path.name.lower()
    if name.endswith(".parquet"):
        return ParquetRoll([open_file(path)], sizes, folder=False)
    if name.endswith((".csv", ".csv.gz")):
        return CsvRoll(path, encoding, sizes)
    message = "expected a name that ends in .csv, .csv.gz or .parquet, or a folder of the latter"
    raise MemberError(Finding(shown(path), message, "roll-format"))
