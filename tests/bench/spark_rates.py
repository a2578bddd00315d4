"""Rows in a second, in a Spark of one machine: of keys alone, of deciding, and of deciding row by row.

It needs a Java on the path:
``uv run --isolated --package hokensha-spark --group bench python tests/bench/spark_rates.py``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pyspark.sql import DataFrame, SparkSession

from hokensha.engine import decide as decide_one
from hokensha.facts import Member, Unknown
from hokensha.policy import open_rulebook
from hokensha_roll import fit, roll_of
from hokensha_spark import decide

if TYPE_CHECKING:
    import pyarrow as pa

ROOT = Path(__file__).resolve().parents[2]
POLICY = ROOT / "examples" / "kumamoto-late-elderly" / "policy.toml"
ON = date(2026, 11, 21)
OWED = "id string, document string, trigger string"


def members(count: int, folder: Path) -> Path:
    """A made-up roll."""
    roll = folder / "members.parquet"
    command = [sys.executable, "-m", "hokensha_cli", "make-roll", POLICY, "--members", str(count)]
    subprocess.run([*command, "--seed", "1", "--as-of", "2026-10-31", "--out", roll, "--quiet"], check=True)
    return roll


def row_by_row(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The contender: each worker has the policy, and asks it for each of its rows."""
    import pyarrow as pa  # noqa: PLC0415 - in the workers

    rulebook = open_rulebook(str(POLICY))
    for batch in batches:
        names = batch.schema.names
        kinds = ["day" if pa.types.is_date(kind) else "text" for kind in batch.schema.types]
        readers = fit(names, kinds, roll_of(rulebook.policy), rulebook.catalogue, "rows").readers
        owed = []
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            facts = {reader.fact.id: reader.admit(row[reader.index]) for reader in readers}
            known = {fact: value for fact, value in facts.items() if not isinstance(value, Unknown)}
            member = Member(str(known["id"]), known)
            said = decide_one(rulebook, member, ON).issuances
            owed += [(member.id, each.document.id, each.trigger) for each in said]
        columns = zip(*owed, strict=True) if owed else ((), (), ())
        yield pa.record_batch([pa.array(c, pa.string()) for c in columns], ["id", "document", "trigger"])


def by_keys(frame: DataFrame) -> int:
    """How many documents are owed."""
    decided = decide(frame, str(POLICY), ON)
    found = decided.issuances.count()
    decided.unpersist()
    return found


def reading(frame: DataFrame) -> int:
    """How many rows there are, each cell having been read."""
    return len(frame.selectExpr(*(f"max(`{name}`)" for name in frame.columns)).collect())


def keys_alone(frame: DataFrame) -> int:
    """How many keys there are."""
    from hokensha_roll import key_columns  # noqa: PLC0415 - beside what it is compared with

    headers = [name for name in frame.columns if name != "基準日"]
    keys = key_columns(open_rulebook(str(POLICY)), ON, headers, "spark")
    return frame.selectExpr(*(f"{sql} AS {name}" for name, sql in keys.items())).distinct().count()


def timed(what: str, work: Callable[[DataFrame], int], frame: DataFrame, rows: int) -> None:
    """Print how long some work takes, the better of two times."""
    took = []
    for _ in range(2):
        began = time.perf_counter()
        found = work(frame)
        took.append(time.perf_counter() - began)
        print(f"{what}: {found:,} found, {took[-1]:.1f} s, {rows / took[-1]:,.0f} rows/s", flush=True)  # noqa: T201


def main() -> None:
    """Time each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=200_000)
    parser.add_argument("--contender", type=int, default=20_000, help="how many rows the contender gets")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        roll = str(members(asked.members, Path(name)))
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        settings = {"spark.ui.enabled": False, "spark.sql.shuffle.partitions": 2}
        session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        frame = session.read.parquet(roll)
        timed("reading alone", reading, frame, asked.members)
        timed("keys alone", keys_alone, frame, asked.members)
        timed("decide", by_keys, frame, asked.members)
        few = frame.limit(asked.contender).repartition(2).cache()
        few.count()
        timed("mapInArrow", lambda f: f.mapInArrow(row_by_row, OWED).count(), few, asked.contender)
        session.stop()


if __name__ == "__main__":
    main()
