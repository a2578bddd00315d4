"""Rows that the driver knows, as frames that need no Python on the workers; and rows that it is told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as sf

from hokensha.errors import Finding, HokenshaError

MOST: Final = 200_000
"""So many rows are still few."""


def table(session: SparkSession, rows: Iterable[Sequence[object]], columns: Mapping[str, str]) -> DataFrame:
    """Rows as a frame, of which every worker gets all.

    Args:
        session: Where the frame lives.
        rows: Numbers, texts, days as text.
        columns: The type of each column.
    """
    text = json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False)
    schema = ", ".join(f"`{name}`: {kind}" for name, kind in columns.items())
    held = sf.from_json(sf.lit(text), f"array<struct<{schema}>>", {"mode": "FAILFAST"})
    return sf.broadcast(session.range(0, 1, 1, 1).select(sf.inline(held)))


def distinct(frame: DataFrame, by: Sequence[str], examples: Sequence[str]) -> list[Row]:
    """What some columns hold together, each with what one of its rows holds in others.

    Raises:
        HokenshaError: These are not few.
    """
    first = (sf.any_value(name).alias(name) for name in examples)
    found = frame.groupBy(*by).agg(*first) if examples else frame.select(*by).distinct()
    return gathered(found, "different situations")


def gathered(frame: DataFrame, what: str) -> list[Row]:
    """The rows of a frame that has few.

    Raises:
        HokenshaError: It has many.
    """
    rows: list[Row] = frame.limit(MOST + 1).collect()
    if len(rows) > MOST:
        message = f"holds {frame.count():,} {what}; the driver can take {MOST:,}"
        raise HokenshaError(Finding("the frame", message, "too-many"))
    return rows
