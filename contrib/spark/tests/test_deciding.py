"""Spark decides a frame's members as the core decides each of them, and as a run decides a roll."""

import csv
import random
from collections import Counter
from datetime import date
from functools import cache

import polars as pl
import pytest

pytest.importorskip("pyspark", reason="there is no Spark: `tox -e spark` has one")

from attrs import evolve
from click.testing import CliRunner
from every_policy import POLICIES, path_of
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import functions as sf
from sql_rows import table_of

from hokensha.dates import CalendarError
from hokensha.engine import EndedError
from hokensha.engine import decide as decide_one
from hokensha.errors import HokenshaError, MemberError
from hokensha.facts import DAYS_EXPECTED
from hokensha.policy import open_rulebook
from hokensha_cli.main import cli
from hokensha_roll import Engine, Request, run_roll
from hokensha_roll.output.tables import issuance_cells, return_cells
from hokensha_spark import decide, local
from hokensha_spark.local import table

DAYS = [date(2024, 12, 2), date(2025, 7, 10), date(2025, 12, 2), date(2026, 7, 31), date(2026, 11, 21)]
TABLES = ("issuances", "returns", "undetermined")
ON = DAYS[-1]


@cache
def rulebook_of(policy):
    return open_rulebook(str(path_of(policy)))


def held(frame):
    """The rows of a frame, in no order."""
    return Counter(map(tuple, frame.collect()))


def frame_of(spark, made):
    """A made-up table as a frame."""
    days = {reader.header for reader in made.readers if reader.fact.kind == "day"}
    columns = {name: "date" if name in days else "string" for name in made.headers}
    rows = [[str(cell) if isinstance(cell, date) else cell for cell in row] for row in made.rows]
    return table(spark, rows, columns)


def is_far(keys, member):
    """Whether a member states a day far off that is compared."""
    days = [member.facts.get(order.base) for order in keys.orders]
    return any(isinstance(day, date) and not 1900 <= day.year <= 2100 for day in days)


def said_of_each(rulebook, on, made, far):
    """What stands in the tables if every member is decided by itself, but for some who are far."""
    expected = {name: Counter() for name in (*TABLES, "rejected")}
    for (key, *_), member in zip(made.rows, made.members(), strict=True):
        if key in far and is_far(Engine(rulebook, on).answering.keys, member):
            continue
        try:
            decision = decide_one(rulebook, member, on) if member else None
        except (CalendarError, EndedError):
            decision = None
        if decision is None:
            expected["rejected"][key] += 1
            continue
        expected["issuances"].update((key, *issuance_cells(each)) for each in decision.issuances)
        expected["returns"].update((key, *return_cells(each)) for each in decision.returns)
        expected["undetermined"].update([(key, " ".join(decision.missing))] if decision.missing else [])
    return expected


@pytest.mark.parametrize("policy", POLICIES)
@settings(deadline=None, max_examples=2, phases=(Phase.generate,))
@given(seed=st.integers(0, 2**32), on=st.sampled_from(DAYS))
def test_odd_members_are_decided_as_each_by_itself(spark, policy, seed, on):
    rulebook = rulebook_of(policy)
    made = table_of(random.Random(seed), rulebook, Engine(rulebook, on).answering.keys, on, 300)

    decided = decide(frame_of(spark, made), rulebook, on)

    rejected = {row["id"]: row["reason"] for row in decided.rejected.collect()}
    far = {key for key, reason in rejected.items() if reason.startswith("has no key")}
    expected = said_of_each(rulebook, on, made, far)
    assert set(expected.pop("rejected")) == rejected.keys() - far
    for name in TABLES:
        found = held(getattr(decided, name))
        assert ([], []) == ([*(expected[name] - found)], [*(found - expected[name])])
    decided.unpersist()


def command(*arguments):
    done = CliRunner().invoke(cli, [*map(str, arguments)])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("policy", POLICIES)
def test_a_roll_is_decided_as_by_a_run(spark, policy, tmp_path):
    path, roll, out = path_of(policy), tmp_path / "roll.parquet", tmp_path / "out"
    command("make-roll", path, "--members", 600, "--seed", 3, "--unknown", 0.2, "--out", roll, "--quiet")
    command("run", path, roll, "--on", ON, "--out", out, "--quiet")

    decided = decide(spark.read.parquet(str(roll)), str(path), ON)

    for name in TABLES:
        found = getattr(decided, name)
        with (out / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            columns, *rows = csv.reader(file)
        assert columns == found.columns
        assert Counter(map(tuple, rows)) == held(
            found.select([sf.col(c).cast("string") for c in columns]).na.fill("")
        )
    assert 0 == decided.rejected.count()
    decided.unpersist()


@pytest.mark.parametrize("policy", ["kumamoto-late-elderly/policy.toml", "mext-mutual-aid/policy.toml"])
def test_rows_that_contradict_themselves_are_rejected_as_by_a_run(spark, policy, tmp_path):
    """Row by row, with the same column and the same reason."""
    rulebook, draw = rulebook_of(policy), random.Random(5)
    made = table_of(draw, rulebook, Engine(rulebook, ON).answering.keys, ON, 300)
    fitting = zip(made.rows, made.read(), strict=True)
    made = evolve(made, rows=[row for row, member in fitting if member is not None])
    roll, out = tmp_path / "roll.parquet", tmp_path / "out"
    pl.DataFrame(made.rows, made.headers, orient="row", infer_schema_length=None).write_parquet(roll)
    summary = run_roll(rulebook, Request(roll, out, on=ON))

    decided = decide(frame_of(spark, made), rulebook, ON)

    far = {row["id"] for row in decided.rejected.collect() if row["reason"].startswith("has no key")}
    with (out / "rejected.csv").open(encoding="utf-8", newline="") as file:
        said = {
            (made.rows[int(row["line"]) - 2][0], row["column"], row["reason"]) for row in csv.DictReader(file)
        }
    assert said == {row for row in map(tuple, decided.rejected.collect()) if row[0] not in far}
    assert 30 < summary.rejected == len(said) < summary.read - 30
    decided.unpersist()


POLICY = "kumamoto-late-elderly/policy.toml"
COLUMNS = {"id": "id", "birth_date": "born", "insurance_use": "use", "my_number_card": "card"}
TYPES = {
    "id": "string",
    "born": "date",
    "use": "string",
    "card": "string",
    "name": "string",
    "further": "bigint",
}
NUMBER = "123456789018"
ROWS = {
    "fits": ("a1", "1940-01-20", "1", "0", "山田", 1),
    "fits, with white space": ("\u3000a2 ", "1940-01-20", " 1", "0\t", "山田", 1),
    "no id": (None, "1940-01-20", "1", "0", "山田", 1),
    "nothing but white space": (" ", "1940-01-20", "1", "0", "山田", 1),
    "a formula": ("＝a", "1940-01-20", "1", "0", "山田", 1),
    "once": ("a3", "1940-01-20", "1", "0", "山田", 1),
    "and once more": ("a3 ", "1941-01-20", "1", "0", "山田", 1),
    "a code that is none": ("a4", "1940-01-20", "x", "0", "山田", 1),
    "no day": ("a5", None, "1", "0", "山田", 1),
    "a day that is none": ("a6", "+10000-01-01", "1", "0", "山田", 1),
    "a number where a name is": ("a7", "1940-01-20", "1", "0", f"山田{NUMBER}", 1),
    "a number": ("a8", "1940-01-20", "1", "0", "山田", int(NUMBER)),
    "a number for an id": (NUMBER, "1940-01-20", "1", "0", NUMBER, int(NUMBER)),
}
REJECTED = {
    (None, "id", "is empty, but cannot be none"): 1,
    ("", "id", "is empty, but cannot be none"): 1,
    ("＝a", "id", "begins with a sign (= + - @) that spreadsheets take for a formula"): 1,
    ("a3", "id", "the key of another row"): 2,
    ("a4", "use", "expected one of 0, 1, 2"): 1,
    (
        "a5",
        "born",
        'is empty, but cannot be none; if it is not known, say empty = "unknown" in the policy',
    ): 1,
    ("a6", "born", DAYS_EXPECTED): 1,
    ("a7", "name", "holds an individual number (個人番号)"): 1,
    ("a8", "further", "holds an individual number (個人番号)"): 1,
    (None, "id", "holds an individual number (個人番号)"): 1,
}


def test_rows_that_cannot_be_decided_are_rejected_with_the_reason(spark):
    decided = decide(table(spark, ROWS.values(), TYPES), rulebook_of(POLICY), ON, COLUMNS)

    assert REJECTED == held(decided.rejected)
    assert {"a1", "a2"} == {row["id"] for row in decided.undetermined.collect()}
    decided.unpersist()


def test_a_frame_that_does_not_fit_is_refused_with_everything_that_is_wrong(spark):
    frame = table(spark, [], {"number": "string", "born": "string", "card": "double"})
    columns = {"id": "number", "birth_date": "born", "my_number_card": "card"}

    with pytest.raises(MemberError, match="expected cells of type text or integer or float for the fact"):
        decide(frame, rulebook_of(POLICY), ON, columns)
    with pytest.raises(MemberError, match="born: expected days of type DATE"):
        decide(frame.drop("card"), rulebook_of(POLICY), ON, {"id": "number", "birth_date": "born"})
    with pytest.raises(MemberError) as caught:
        decide(frame, rulebook_of(POLICY), ON, {"birthdate": "born", "id": "none"})
    assert ["unknown-fact", "roll-header"] == [finding.code for finding in caught.value.findings]


def test_a_frame_without_rows_comes_to_nothing(spark):
    decided = decide(table(spark, [], TYPES), rulebook_of(POLICY), ON, COLUMNS)

    assert [0, 0, 0, 0] == [getattr(decided, name).count() for name in (*TABLES, "rejected")]


def test_more_than_few_situations_are_counted_and_refused(spark, monkeypatch):
    monkeypatch.setattr(local, "MOST", 2)
    rows = [(f"a{year}", f"{year}-01-20", str(year % 2), "0", "", 1) for year in range(1940, 1960)]

    with pytest.raises(HokenshaError, match=r"the frame: holds \d+ different situations"):
        decide(table(spark, rows, TYPES), rulebook_of(POLICY), ON, COLUMNS)
