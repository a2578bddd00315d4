"""A made-up roll's file, written a block at a time; it appears complete, or not at all."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from hokensha.errors import Finding
from hokensha_roll.output.replacing import OutputError, replacing
from hokensha_roll.output.sinks import Hashed
from hokensha_sample_roll.texts import Cells, line, lines

GROUP_ROWS: Final = 1 << 17


def check_ending(path: Path) -> None:
    """See that a roll may have such a name.

    Raises:
        OutputError: It does not end in .csv, .csv.gz or .parquet.
    """
    if not path.name.lower().endswith((".csv", ".csv.gz", ".parquet")):
        message = "expected a name that ends in .csv, .csv.gz or .parquet"
        raise OutputError(Finding(str(path), message, "roll-format"))


def is_parquet(path: Path) -> bool:
    """Whether a roll of that name is Parquet."""
    return path.name.lower().endswith(".parquet")


def write_roll(path: Path, headers: Sequence[str], blocks: Iterable[Sequence[Cells]], encoding: str) -> str:
    """Write a roll, in place of whatever was there; its digest.

    Args:
        path: Its ending says the form.
        headers: Of the columns.
        blocks: The columns of some rows at a time; at least one block.
        encoding: Of CSV.

    Raises:
        OutputError: The disk is full, the file may not be written, or the encoding lacks a character.
    """
    with replacing(path) as beside, beside.open("wb") as raw:
        file = Hashed(raw)
        if is_parquet(path):
            _parquet(file, headers, blocks)
        else:
            try:
                _csv(file, headers, blocks, encoding, packed=path.name.lower().endswith(".gz"))
            except UnicodeEncodeError as error:
                message = f"cannot be written in {encoding}, which has no {error.object[error.start]!r}"
                raise OutputError(Finding(str(path), message, "roll-encoding")) from None
        file.close()
    return file.digest()


def _csv(
    file: Hashed, headers: Sequence[str], blocks: Iterable[Sequence[Cells]], encoding: str, *, packed: bool
) -> None:
    # Neither a name nor a time in the compressed file: the same members are the same bytes.
    pack = zlib.compressobj(6, wbits=31) if packed else None
    pieces = (lines(block) for block in blocks)
    coded = (data if encoding == "utf-8" else data.decode().encode(encoding) for data in pieces)
    for data in chain([line(headers).encode(encoding)], coded):
        file.write(pack.compress(data) if pack else data)
    if pack:
        file.write(pack.flush())


def _parquet(file: Hashed, headers: Sequence[str], blocks: Iterable[Sequence[Cells]]) -> None:
    groups = _grouped(pa.table(list(block), names=list(headers)) for block in blocks)
    first = next(groups)
    # Without Arrow's own schema every reader sees the same plain columns.
    with pq.ParquetWriter(file, first.schema, compression="zstd", store_schema=False) as writer:
        writer.write_table(first, row_group_size=GROUP_ROWS)
        for group in groups:
            writer.write_table(group, row_group_size=GROUP_ROWS)


def _grouped(tables: Iterable[Any]) -> Iterator[Any]:
    """The same rows in tables of one size, whatever size they came in; the last is what is left."""
    waiting = None
    for table in tables:
        waiting = table if waiting is None else pa.concat_tables([waiting, table])
        while waiting.num_rows > GROUP_ROWS:
            yield waiting.slice(0, GROUP_ROWS).combine_chunks()  # where chunks end, pages would end, too
            waiting = waiting.slice(GROUP_ROWS)
    yield waiting.combine_chunks() if waiting is not None else waiting
