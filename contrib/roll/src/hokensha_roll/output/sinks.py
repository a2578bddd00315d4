"""Where the rows of a run's tables go: files whose digest is known when they end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, cast

import polars as pl
from attrs import define, field

from hokensha_roll.keys.outcome import Listed
from hokensha_roll.output.tables import Format, Table, lines, quoted

_WAITING: Final = 1 << 20
"""So many rows of a table wait in memory."""
_GROUP_ROWS: Final = 1 << 17


@define(eq=False)
class Hashed:
    """A file that is written from its beginning to its end, and the digest of what was written.

    Attributes:
        fault: Why it could not be written; who writes through a library finds the reason here.
    """

    file: IO[bytes]
    closed: bool = False
    fault: OSError | None = field(default=None, init=False)
    _found: Any = field(factory=hashlib.sha256, init=False)

    def write(self, data: Any) -> int:
        """Write on."""
        self._found.update(data)
        with self._noted():
            return self.file.write(data)

    def flush(self) -> None:
        with self._noted():
            self.file.flush()

    def tell(self) -> int:
        return self.file.tell()

    def close(self) -> None:
        """Close the file; the digest stays."""
        self.closed = True
        with self._noted():
            self.file.close()

    @contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.fault = error
            raise

    def digest(self) -> str:
        """Of all that was written."""
        return f"sha256:{self._found.hexdigest()}"


@define(eq=False)
class Rows:
    """The rows of one table: each a key and the place of what is said of it, until all of them are there.

    What is said is said of many. It is put beside the keys only when the table is written, all at once, so
    that the file does not depend on how the rows came. Those that are too many for memory wait in files.

    Attributes:
        folder: Where rows may wait.
    """

    table: Table
    format: Format
    folder: Path
    _records: Sequence[Any] = field(default=(), init=False)
    _waiting: list[pl.DataFrame] = field(factory=list, init=False)
    _aside: list[Path] = field(factory=list, init=False)

    def add(self, ids: pl.Series, listed: Listed) -> None:
        """Take the rows of a batch, whose members' keys are ``ids``."""
        keys = ids.gather(listed.rows)
        rows = {"id": quoted(keys) if self.format == "csv" else keys, "record": listed.record}
        self._waiting.append(pl.DataFrame(rows))
        self._records = listed.records
        if sum(map(len, self._waiting)) >= _WAITING:
            self._put_aside()

    def _put_aside(self) -> None:
        path = self.folder / f"{self.table.name}.{len(self._aside)}"
        path.write_bytes(pl.concat(self._waiting).write_ipc(None).getbuffer())
        self._aside.append(path)
        self._waiting.clear()

    def write(self, file: Hashed) -> None:
        """Write the table.

        Raises:
            OSError: The file cannot be written.
        """
        none = pl.DataFrame(schema={"id": pl.String, "record": pl.UInt32})
        rows = pl.concat(
            [*map(pl.scan_ipc, self._aside), none.lazy(), *(each.lazy() for each in self._waiting)]
        )
        said = self.table.rests(self._records) if self.format == "csv" else self.table.frame(self._records)
        table = rows.select("id", *(pl.lit(column).gather("record").alias(column.name) for column in said))
        out = cast("IO[bytes]", file)  # as much of one as is needed
        try:
            if self.format == "csv":
                file.write(lines([self.table.columns]).encode())
                table.sink_csv(out, include_header=False, quote_style="never", line_terminator="\r\n")
            else:
                table.sink_parquet(out, compression="snappy", row_group_size=_GROUP_ROWS)
        except Exception:
            if file.fault is not None:
                raise file.fault from None
            raise
        for path in self._aside:
            path.unlink()
