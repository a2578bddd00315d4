"""The rules as a decision graph of GoRules' ZEN engine, a member at a time; for a sample of a roll."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from kumamoto_zen import FAR, KEY, engine, owed
from shape import DAYS, ISSUANCES, READ, RETURNS, job

CHUNK = 2_000
CODES = {
    "card": ("none", "held", "returned", "lost", "renewing"),
    "insurance_use": ("unregistered", "registered", "deregistered"),
}
FLAGS = (
    *("disability_recognised", "needs_assistance", "assistance_applied_before", "disclosure_restricted"),
    "overseas_card",
)


def columns() -> Iterator[pl.Expr]:
    """The roll's columns as the engine takes them: days as numbers, codes as words."""
    for name, header in READ.items():
        column = pl.col(header).alias(name)
        if name in CODES:
            yield column.replace_strict({str(index): word for index, word in enumerate(CODES[name])})
        elif name in FLAGS:
            yield column == "1"
        elif name == "id":
            yield column
        else:
            yield column.to_physical().fill_null(FAR)


def main() -> None:
    """Decide a roll."""
    task = job()
    members = pl.scan_parquet(task.roll).select(columns()).collect()
    asked = engine(task.on)
    rows: list[dict[str, Any]] = []
    for chunk in members.iter_slices(CHUNK):
        contexts = chunk.to_dicts()
        answers = asked.evaluate_batch([{"key": KEY, "context": context} for context in contexts])
        for context, answer in zip(contexts, answers, strict=True):
            rows += [{"id": context["id"], **found} for found in owed(answer["data"]["result"])]
    schema = {name: pl.Int32 if name in DAYS else pl.String for name in ISSUANCES}
    found = pl.DataFrame(rows, schema=schema).with_columns(pl.col(DAYS).cast(pl.Date))
    found.write_parquet(task.issuances)
    pl.DataFrame(schema=dict.fromkeys(RETURNS, pl.String)).write_parquet(task.returns)


if __name__ == "__main__":
    main()
