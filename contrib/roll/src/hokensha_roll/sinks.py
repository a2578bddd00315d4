"""Where the rows of a run's tables go: files whose digest is known when they end."""

from __future__ import annotations

import hashlib
from typing import IO, Any, Final, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
from attrs import define, field

_GROUP_ROWS: Final = 1 << 17


@define(eq=False)
class Hashed:
    """A file that is written from its beginning to its end, and the digest of what was written."""

    file: IO[bytes]
    _found: Any = field(factory=hashlib.sha256)
    closed: bool = False

    def write(self, data: Any) -> int:
        """Write on."""
        self._found.update(data)
        return self.file.write(data)

    def flush(self) -> None:
        self.file.flush()

    def tell(self) -> int:
        return self.file.tell()

    def close(self) -> None:
        """Close the file; the digest stays."""
        self.closed = True
        self.file.close()

    def digest(self) -> str:
        """Of all that was written."""
        return f"sha256:{self._found.hexdigest()}"


class Sink(Protocol):
    """Where the rows of one table go."""

    def add(self, piece: Any) -> None:
        """Write the rows of a block."""

    def close(self) -> None:
        """Write what is left."""


@define(eq=False)
class Lines:
    """A table as CSV."""

    file: Hashed

    def add(self, piece: bytes) -> None:
        """Write the rows of a block."""
        self.file.write(piece)

    def close(self) -> None:
        """Nothing is left."""


@define(eq=False)
class RowGroups:
    """A table as Parquet: the rows of several blocks make up one row group."""

    writer: pq.ParquetWriter
    _waiting: list[pa.Table] = field(factory=list, init=False)
    _rows: int = field(default=0, init=False)

    def add(self, piece: pa.Table) -> None:
        """Keep the rows of a block until there are enough."""
        self._waiting.append(piece)
        self._rows += len(piece)
        while self._rows >= _GROUP_ROWS:
            self._write(_GROUP_ROWS)

    def _write(self, rows: int) -> None:
        """Write the first of the rows that wait as one row group, whatever blocks they came in."""
        waiting = pa.concat_tables(self._waiting)
        group = waiting.slice(0, rows).combine_chunks()  # where chunks end, pages would end, too
        self.writer.write_table(group, row_group_size=rows)
        self._waiting = [waiting.slice(rows)]
        self._rows -= rows

    def close(self) -> None:
        """Write what is left."""
        if self._rows:
            self._write(self._rows)
        self.writer.close()

    def give_up(self) -> None:
        """Write no more: left alone, the writer would try to when it is collected, and complain."""
        self.writer.is_open = False
