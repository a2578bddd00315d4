"""The limit: all columns read, and rows of the same shape written, as many as hokensha's; no rules.

    python rival_limit.py ROLL OUT LIKE

takes the number and the shape of the rows from LIKE, which ``hokensha run`` wrote by any policy.
"""

from __future__ import annotations

import operator
import sys
from functools import reduce
from pathlib import Path
from typing import Final

import polars as pl

TABLES: Final = ("issuances", "returns", "undetermined")
SPREAD: Final = pl.lit(2_654_435_769, pl.UInt32)
"""Multiples of this, modulo 2 ** 32, lie evenly: they choose a share of the rows, and take no time."""


def some(members: pl.LazyFrame, share: float) -> pl.LazyFrame:
    """That share of the members; more than all of them, if it is above 1.

    polars 2.1 takes the multiples in a row group to lie between those of its first and its last row, and
    leaves most out; so it must not look at statistics.
    """
    whole, part = divmod(share, 1)
    chosen = members.filter(pl.col("row") * SPREAD < pl.lit(int(part * 2**32), pl.UInt32))
    return pl.concat([*[members] * int(whole), chosen])


def main() -> None:
    """Read and write."""
    roll, out, like = map(Path, sys.argv[1:4])
    out.mkdir(parents=True, exist_ok=True)
    members = pl.scan_parquet(roll, row_index_name="row", use_statistics=False)  # see some()
    key, *others = pl.scan_parquet(roll).collect_schema()
    height = pl.scan_parquet(roll).select(pl.len()).collect().item()
    # Each column has to be read for this, as hokensha reads and checks each; it is as good as always true.
    read = reduce(operator.xor, (pl.col(name).is_null() for name in others))
    members = members.filter(read | ~read)
    sinks = []
    for name in TABLES:
        shape = pl.scan_parquet(like / f"{name}.parquet")
        rows, first = shape.select(pl.len()).collect().item(), shape.head(1).collect()
        if rows:
            cells = {c.name: pl.lit(c[0], c.dtype) for c in first.iter_columns() if c.name != "id"}
            found = some(members, rows / height).select(pl.col(key).alias("id"), **cells)
            sinks.append(found.sink_parquet(out / f"{name}.parquet", maintain_order=False, lazy=True))
        else:
            first.write_parquet(out / f"{name}.parquet")
    pl.collect_all(sinks or [members.select(pl.len())], engine="streaming")


if __name__ == "__main__":
    main()
