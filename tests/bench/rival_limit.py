"""The limit: the same columns read and rows of the same shape written, and no rules at all.

    python rival_limit.py ROLL ON OUT SHARE

writes the given share of the members.
"""

from __future__ import annotations

import operator
import sys
from functools import reduce

import polars as pl
from shape import ISSUANCES, READ, RETURNS, job

PARTS = 10_000


def main() -> None:
    """Read and write."""
    task = job()
    share = round(float(sys.argv[4]) * PARTS)
    c = pl.col
    names = {header: name for name, header in READ.items()}
    members = pl.scan_parquet(task.roll).rename(names)
    # Each column has to be read for this, as hokensha reads and checks each; it is as good as always true.
    read = reduce(operator.xor, (c(name).is_null() for name in members.collect_schema()))
    chosen = (c("birth_date").to_physical() % PARTS < share) & (read | ~read)
    texts = {"document": "eligibility-certificate", "trigger": "without-application", "basis": "ex-officio"}
    none = pl.lit(None, pl.String)
    rows = members.filter(chosen).select(
        "id",
        **{name: pl.lit(text) for name, text in texts.items()},
        due_from=pl.lit(task.on),
        due_through=pl.lit(task.on),
        valid_until=c("left_on").fill_null(task.on),
        modality=pl.lit("exact"),
        medium=none,
        channel=pl.lit("municipality"),
        form=none,
    )
    rows.select(ISSUANCES).sink_parquet(task.issuances, maintain_order=False)
    pl.DataFrame(schema=dict.fromkeys(RETURNS, pl.String)).write_parquet(task.returns)


if __name__ == "__main__":
    main()
