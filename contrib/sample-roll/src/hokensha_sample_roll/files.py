"""A made-up roll's file, written a block at a time; it appears complete, or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl
from polars.io.plugins import register_io_source

from hokensha.errors import Finding
from hokensha_roll.output.replacing import OutputError, replacing

GROUP_ROWS: Final = 1 << 17
_PIECE: Final = 1 << 20


def is_parquet(path: Path) -> bool:
    """Whether a roll of that name is Parquet, and not CSV.

    Raises:
        OutputError: It does not end in .csv, .csv.gz or .parquet.
    """
    name = path.name.lower()
    if not name.endswith((".csv", ".csv.gz", ".parquet")):
        message = "expected a name that ends in .csv, .csv.gz or .parquet"
        raise OutputError(Finding(str(path), message, "roll-format"))
    return name.endswith(".parquet")


def write_roll(path: Path, blocks: Iterator[pl.DataFrame], encoding: str) -> str:
    """Write a roll, in place of whatever was there; its digest.

    Args:
        path: Its ending says the form.
        blocks: Some rows at a time; at least one block.
        encoding: Of CSV.

    Raises:
        OutputError: The disk is full, the file may not be written, or the encoding lacks a character.
    """
    with replacing(path) as beside:
        if is_parquet(path):
            _parquet(beside, blocks)
        else:
            try:
                _csv(beside, blocks, encoding)
            except UnicodeEncodeError as error:
                message = f"cannot be written in {encoding}, which has no {error.object[error.start]!r}"
                raise OutputError(Finding(str(path), message, "roll-encoding")) from None
        return _digest(beside)


def _csv(path: Path, blocks: Iterator[pl.DataFrame], encoding: str) -> None:
    # Neither a name nor a time in the compressed file: the same members are the same bytes.
    pack = zlib.compressobj(6, wbits=31) if path.name.lower().endswith(".gz") else None
    with path.open("wb") as file:
        for number, block in enumerate(blocks):
            data = block.write_csv(include_header=number == 0).encode(encoding)
            file.write(pack.compress(data) if pack else data)
        if pack:
            file.write(pack.flush())


def _parquet(path: Path, blocks: Iterator[pl.DataFrame]) -> None:
    """Write blocks while others are made; the row groups are of one size, whatever size blocks have."""
    first = next(blocks)

    def source(*_asked: object) -> Iterator[pl.DataFrame]:
        yield first
        yield from blocks

    rows = register_io_source(source, schema=first.schema)
    try:
        rows.sink_parquet(path, compression_level=1, statistics=False, row_group_size=GROUP_ROWS)
    except pl.exceptions.ComputeError as error:
        if not (code := re.search(r"\(os error (\d+)\)", str(error))):
            raise
        raise OSError(int(code[1]), os.strerror(int(code[1]))) from None


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return f"sha256:{found.hexdigest()}"
