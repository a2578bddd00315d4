"""Whether a rival's output is hokensha's, row by row."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from shape import DAYS, ISSUANCES, RETURNS

TABLES = {"issuances": ISSUANCES, "returns": RETURNS}
SHOWN = 5


class Disagreement(Exception):  # noqa: N818 - what it is called is what it is
    """A rival's answers differ; the message shows the first rows that do."""


def rows(path: Path, header: tuple[str, ...]) -> pl.DataFrame:
    """A table, its texts and days of one type each, an empty text being none, sorted."""
    frame = pl.read_parquet(path)
    if set(frame.columns) != set(header):
        raise Disagreement(
            f"{path}: expected the columns {', '.join(header)}, found {', '.join(frame.columns)}"
        )
    texts = [name for name in header if name not in DAYS]
    return frame.select(
        *(pl.col(name).cast(pl.String).replace("", None) for name in texts),
        *(pl.col(name).cast(pl.Date) for name in header if name in DAYS),
    ).sort("id", "document")


def agree(expected: Path, found: Path) -> int:
    """Compare two folders of output; how many rows agree.

    Raises:
        Disagreement: They differ.
    """
    total = 0
    for name, header in TABLES.items():
        ours, theirs = (rows(folder / f"{name}.parquet", header) for folder in (expected, found))
        if not ours.equals(theirs):
            raise Disagreement(f"{found / name}.parquet differs from hokensha's:\n{_first(ours, theirs)}")
        total += ours.height
    return total


def _first(ours: pl.DataFrame, theirs: pl.DataFrame) -> str:
    here = ours.join(theirs, on=ours.columns, how="anti", nulls_equal=True).with_columns(
        of=pl.lit("hokensha")
    )
    there = theirs.join(ours, on=ours.columns, how="anti", nulls_equal=True).with_columns(of=pl.lit("rival"))
    differing = pl.concat([here, there]).sort("id", "document", "of")
    if differing.is_empty():
        return f"the same rows, but {ours.height} of hokensha's and {theirs.height} of the rival's"
    with pl.Config(tbl_cols=-1, tbl_rows=2 * SHOWN, fmt_str_lengths=40, tbl_width_chars=200):
        return f"{differing.height} rows, the first of them:\n{differing.head(2 * SHOWN)}"
