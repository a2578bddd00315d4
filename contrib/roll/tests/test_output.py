"""A run's tables as files: what a table looks like does not depend on how its rows came."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hokensha_roll.frames import Rejected
from hokensha_roll.keys.outcome import Listed, Outcome
from hokensha_roll.output import sinks
from hokensha_roll.output.tables import TABLES, Format, Table
from hokensha_roll.output.writing import writing

DUE = Table("issuances", ("id", "trigger", "valid_until"), lambda record: record)
NOTHING = Listed(pl.Series(dtype=pl.UInt32), pl.Series(dtype=pl.UInt32), [])


def listed(rows: Sequence[int], record: Sequence[int], records: Sequence[object]) -> Listed:
    return Listed(pl.Series(rows, dtype=pl.UInt32), pl.Series(record, dtype=pl.UInt32), records)


def written(folder: Path, ids: pl.Series, entries: Listed, format_: Format, batch: int) -> dict[str, bytes]:
    """What lists these entries as undetermined, if the rows come in batches of that many."""
    with writing(folder / "out", format_) as writer:
        for first in range(0, len(ids), batch):
            here = entries.rows.is_between(first, first + batch - 1)
            part = Listed(entries.rows.filter(here) - first, entries.record.filter(here), entries.records)
            keys = ids.slice(first, batch)
            writer.add(keys, Outcome(len(keys), 0, NOTHING, NOTHING, part, (), NOTHING.rows), ())
        writer.finish({"output_digests": dict(writer.end())}, "")
    return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_files_do_not_depend_on_the_batches_that_rows_came_in(
    format_: Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Nor on how many wait in files meanwhile; there are several row groups, and none is left half full."""
    count = 300_000
    ids = pl.Series("id", [f"{number:013}" for number in range(count)])
    records = [("left_on",), ("birth_date", "left_on"), ("my_number_card",)]
    rows = [row for row in range(count) if row % 10]
    entries = listed(rows, [row % 3 for row in rows], records)
    found = []
    for batch, waiting in ((count, 1 << 20), (7_777, 1 << 20), (77_777, 1), (3_000, 20_000)):
        monkeypatch.setattr(sinks, "_WAITING", waiting)
        found.append(written(tmp_path, ids, entries, format_, batch))
    assert all(each == found[0] for each in found)
    table = tmp_path / "out" / f"undetermined.{format_}"
    read = pl.read_csv(table, infer_schema=False) if format_ == "csv" else pl.read_parquet(table)
    assert read["id"].equals(ids.gather(rows))
    assert read["missing"].to_list() == [" ".join(records[row % 3]) for row in rows]


@given(st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1) | st.none(), st.dates() | st.none())))
def test_lines_are_those_of_the_csv_module(tmp_path_factory: pytest.TempPathFactory, cells: list[tuple]):
    file = tmp_path_factory.mktemp("lines") / "file.csv"
    rows = sinks.Rows(DUE, "csv", file.parent)
    numbers = list(range(len(cells)))
    rows.add(
        pl.Series([key for key, *_ in cells], dtype=pl.String),
        listed(numbers, numbers, [c[1:] for c in cells]),
    )
    with file.open("wb") as raw:
        rows.write(sinks.Hashed(raw))
    expected = io.StringIO(newline="")
    csv.writer(expected).writerows([DUE.columns, *cells])
    assert file.read_bytes() == expected.getvalue().encode()


def test_what_is_said_of_a_member_may_come_after_its_batch(tmp_path: Path):
    """The list of what there is to say is one for the whole run, and grows."""
    records: list[object] = [("left_on",)]
    ids = pl.Series("id", ["A1", "A2"])
    with writing(tmp_path / "out", "csv") as writer:
        writer.add(ids, Outcome(2, 1, NOTHING, NOTHING, listed([1], [0], records), (), NOTHING.rows), ())
        records.append(("birth_date",))
        writer.add(
            ids, Outcome(2, 0, NOTHING, NOTHING, listed([0, 1], [1, 0], records), (), NOTHING.rows), ()
        )
        writer.finish({"output_digests": dict(writer.end())}, "")
    lines = (tmp_path / "out" / "undetermined.csv").read_text("utf-8").splitlines()
    assert lines == ["id,missing", "A2,left_on", "A1,birth_date", "A2,left_on"]


def test_a_table_without_rows_has_its_columns(tmp_path: Path):
    with writing(tmp_path / "out", "parquet") as writer:
        writer.finish({"output_digests": dict(writer.end())}, "")
    for table in TABLES:
        found = pl.read_parquet(tmp_path / "out" / f"{table.name}.parquet")
        assert (tuple(found.columns), len(found)) == (table.columns, 0)
    assert pl.read_parquet_schema(tmp_path / "out" / "issuances.parquet")["valid_until"] == pl.Date


def test_values_of_rejected_rows_are_short_and_no_formulas(tmp_path: Path):
    with writing(tmp_path / "out", "csv") as writer:
        nothing = Outcome(2, 0, NOTHING, NOTHING, NOTHING, (), NOTHING.rows)
        rejected = (Rejected(2, "id", "=1+1", "a formula"), Rejected(3, "left_on", "x" * 300, "no, day"))
        writer.add(pl.Series("id", dtype=pl.String), nothing, rejected)
        writer.finish({"output_digests": dict(writer.end())}, "")
    lines = (tmp_path / "out" / "rejected.csv").read_text("utf-8").splitlines()
    assert lines[1:] == ["2,id,'=1+1,a formula", f'3,left_on,{"x" * 200},"no, day"']


def test_entries_are_counted_by_what_they_say():
    entries = listed([0, 1, 4], [2, 0, 2], ["a", "b", "c", "later"])
    assert entries.counted() == [("a", 1), ("c", 2)]
    assert NOTHING.counted() == []
