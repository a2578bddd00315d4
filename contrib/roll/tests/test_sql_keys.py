"""Keys in SQL, and deciding keys that were counted: what is written, what is refused."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from attrs import define, field
from click.testing import CliRunner, Result
from databases import Database, in_duckdb
from tiny import Bench

from hokensha.errors import HokenshaError
from hokensha.policy import Rulebook
from hokensha_cli.main import cli
from hokensha_roll.answers import Answers, decide_keys
from hokensha_roll.keys.counted import keys_of
from hokensha_roll.keys.dialects import DIALECTS
from hokensha_roll.keys.sql import key_columns, key_sql

ON = date(2026, 11, 21)
HELD = {
    "birth_date": "1980-05-05",
    "enrolled_on": "2010-04-01",
    "my_number_card": "held",
    "insurance_use": "registered",
    "electronic_certificate_expires_on": "2027-01-31",
}
"""Cells of one who has a card."""
CODES = """
[tool.roll.columns]
my_number_card = { header = "カード", empty = "unknown", values = { "0" = "none", "1" = "held" } }
insurance_use = { header = "use", empty = "default", default = "registered", values = { "x" = "registered" } }
left_on = { header = "left_on", empty = "unknown" }
health_insurance_card_valid_until = { header = "Old Card", empty = "default", default = "2025-12-01" }
"""
FILLED = """
[tool.roll.columns]
left_on = { header = "left_on", empty = "unknown", fillers = ["99999999", "9999-12-31"] }

[tool.roll.columns.health_insurance_card_valid_until]
header = "Old Card"
empty = "default"
default = "2025-12-01"
fillers = ["2200-01-01"]
"""


@define(eq=False)
class Warehouse:
    """A database with a table of members of the tiny policy."""

    bench: Bench
    database: Database
    roll: str = ""
    rulebook: Rulebook = field(init=False)
    columns: list[str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.rulebook = self.bench.rulebook(self.roll)
        axes = keys_of(self.rulebook, ON).axes
        mapped = self.rulebook.policy.tool.get("roll", {}).get("columns", {})
        headers = {axis.fact: mapped.get(axis.fact, {}).get("header", axis.fact) for axis in axes}
        kinds = ", ".join(f'"{headers[a.fact]}" {"DATE" if a.dated else "TEXT"}' for a in axes)
        self.columns = list(headers.values())
        self.database.run(f"CREATE TABLE members (id TEXT, {kinds})")

    def add(self, **cells: str | None) -> None:
        """A row."""
        number = self.database.rows("SELECT count(*) FROM members")[0][0]
        self.database.fill("members", [[f"m{number}", *(cells.get(column) for column in self.columns)]])

    def words(self, **how: Any) -> list[tuple[int | None, ...]]:
        """The key of each row."""
        columns = key_columns(self.rulebook, ON, how.get("columns"), "duckdb")
        return self.database.rows(f"SELECT {', '.join(columns.values())} FROM members ORDER BY id")

    def key(self, facts: Mapping[str, Any]) -> tuple[int, ...]:
        """The key of a member."""
        keys = keys_of(self.rulebook, ON)
        return keys.split(keys.key(facts))

    def counted(self, **how: Any) -> Path:
        """The file of what is counted."""
        query = key_sql(self.rulebook, ON, "duckdb", "members", count=True, **how)
        return self.database.saved(query, self.bench.folder / "keys.csv")

    def decided(self, source: Path) -> tuple[Mapping[str, Any], Path]:
        """What it comes to."""
        out = self.bench.folder / "out"
        return decide_keys(self.rulebook, ON, source, out), out


@pytest.fixture
def warehouse(bench: Bench) -> Any:
    """The tiny policy's, with any mapping of columns."""
    with in_duckdb() as database:
        yield lambda roll="": Warehouse(bench, database, roll)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def command(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["--lang", "en", "keys", *map(str, arguments)])


# --- the key


@pytest.mark.parametrize("cells", [{}, {"my_number_card": None}, {"left_on": "2026-11-22"}])
def test_an_empty_cell_means_none_unless_the_policy_says_otherwise(warehouse: Any, cells: dict[str, str]):
    tiny = warehouse()
    tiny.add(**{**HELD, **cells})

    (words,) = tiny.words()

    days = {
        fact: date.fromisoformat(value) for fact, value in {**HELD, **cells}.items() if value and "-" in value
    }
    facts = {**dict.fromkeys(tiny.columns), **HELD, **cells, **days}
    if facts["my_number_card"] is None:
        assert words == (None,)
    else:
        assert words == tiny.key(facts)


def test_codes_defaults_and_unknown_cells_are_what_the_policy_says(warehouse: Any):
    tiny = warehouse(CODES)
    tiny.add(birth_date="1980-05-05", enrolled_on="2010-04-01", カード=" 1 ")
    tiny.add(birth_date="1980-05-05", enrolled_on="2010-04-01", use="x")

    first, second = tiny.words()

    facts = {
        **dict.fromkeys(axis.fact for axis in keys_of(tiny.rulebook, ON).axes),
        "birth_date": date(1980, 5, 5),
        "enrolled_on": date(2010, 4, 1),
        "insurance_use": "registered",
        "health_insurance_card_valid_until": date(2025, 12, 1),
    }
    facts.pop("left_on")
    assert first == tiny.key({**facts, "my_number_card": "held"})
    facts.pop("my_number_card")
    assert second == tiny.key(facts)


def test_what_fills_a_cell_means_none(warehouse: Any):
    """Be an empty cell unknown or a default."""
    tiny = warehouse(FILLED)
    tiny.add(**{**HELD, "left_on": "9999-12-31", "Old Card": "2200-01-01"})
    tiny.add(**{**HELD, "left_on": None, "Old Card": None})

    first, second = tiny.words()

    facts = dict.fromkeys(axis.fact for axis in keys_of(tiny.rulebook, ON).axes)
    days = ("birth_date", "enrolled_on", "electronic_certificate_expires_on")
    facts |= {**HELD, **{fact: date.fromisoformat(HELD[fact]) for fact in days}}
    assert first == tiny.key({**facts, "left_on": None})
    facts.pop("left_on")
    assert second == tiny.key({**facts, "health_insurance_card_valid_until": date(2025, 12, 1)})


@pytest.mark.parametrize("cell", ["Held", "held\t", "2", "unknown"])
def test_a_cell_that_is_no_code_of_the_policy_leaves_a_row_without_a_key(warehouse: Any, cell: str):
    tiny = warehouse()
    tiny.add(**{**HELD, "my_number_card": cell})

    assert tiny.words() == [(None,)]


def test_a_day_beyond_all_calendars_leaves_a_row_without_a_key(warehouse: Any):
    tiny = warehouse()
    tiny.add(**HELD)
    tiny.database.run("UPDATE members SET left_on = 'infinity'")

    assert tiny.words() == [(None,)]


def test_a_fact_without_a_column_is_unknown(warehouse: Any):
    tiny = warehouse()
    tiny.add(**HELD)

    (words,) = tiny.words(columns=["my_number_card"])

    assert words == tiny.key({"my_number_card": "held"})


def test_a_column_that_the_policy_does_not_know_is_an_error(bench: Bench):
    with pytest.raises(HokenshaError, match="'my_number_crad' is none that the policy knows"):
        key_sql(bench.rulebook(), ON, "duckdb", "members", columns=["my_number_crad"])


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("count", [False, True])
@pytest.mark.parametrize("hangs", [None, "schema_of.hangs"])
def test_each_dialect_can_read_what_is_written_for_it(
    bench: Bench, dialect: str, hangs: str | None, count: bool
):
    """And writes the same again: nothing of it is foreign to the dialect."""
    written = key_sql(bench.rulebook(CODES), ON, dialect, "db.members", hangs=hangs, count=count)

    (read,) = sqlglot.parse(written, read=dialect)

    assert read is not None
    again = read.sql(dialect, pretty=True, unsupported_level=sqlglot.ErrorLevel.RAISE)
    assert again == written


# --- deciding


def test_keys_are_decided_and_what_hangs_on_days_is_counted_again(warehouse: Any):
    tiny = warehouse()
    for left_on in (None, "2027-03-31", "2027-03-31", "2027-05-31"):
        tiny.add(**{**HELD, "my_number_card": "none", "insurance_use": "unregistered", "left_on": left_on})

    summary, out = tiny.decided(tiny.counted())

    assert (summary["counted"], summary["decided"], summary["hanging"]) == (4, 1, 3)
    (answer,) = rows_of(out / "answers.csv")
    assert (answer["days"], answer["valid_until"]) == ("any", "2027-11-21")
    (hangs,) = rows_of(out / "hangs.csv")
    assert hangs["left_on_last"] == "9999-12-31"

    tiny.database.load("hangs", out / "hangs.csv")
    summary, out = tiny.decided(tiny.counted(hangs="hangs"))

    assert (summary["counted"], summary["decided"], summary["hanging"]) == (4, 4, 0)
    found = {(row["days"], row["valid_until"]) for row in rows_of(out / "answers.csv")}
    assert found == {
        ("any", "2027-11-21"),
        ("any left_on=2027-03-31", "2027-03-30"),
        ("any left_on=2027-05-31", "2027-05-30"),
    }
    assert json.loads((out / "summary.json").read_text(encoding="utf-8")) == summary


def test_rows_without_a_key_are_counted_apart(warehouse: Any):
    tiny = warehouse()
    tiny.add(**HELD)
    tiny.add(**{**HELD, "my_number_card": "?"})

    summary, _ = tiny.decided(tiny.counted())

    assert (summary["decided"], summary["without_key"]) == (1, 1)


def test_what_is_missing_is_written(warehouse: Any):
    tiny = warehouse()
    tiny.add(**HELD)

    summary, out = tiny.decided(tiny.counted(columns=["enrolled_on", "left_on", "my_number_card"]))

    assert summary["undetermined"] == 1
    (row,) = rows_of(out / "undetermined.csv")
    assert "insurance_use" in row["missing"].split()


def test_no_member_is_in_what_is_counted(warehouse: Any):
    tiny = warehouse()
    tiny.add(**HELD)

    header, line = tiny.counted().read_text(encoding="utf-8").splitlines()

    assert header == "asked,key0,count"
    assert "1980" not in line


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("key0", "key9"), "expected the columns asked, key0, days"),
        (("2026-11-21-", "2026-11-20-"), "another day, or another state of the policy"),
        ((",1\n", ",x\n"), "does not hold numbers and days"),
        ((",1\n", "7777777,1\n"), "no member has this key"),
        (("asked,", '"asked,'), "is no CSV in UTF-8"),
    ],
)
def test_a_file_that_does_not_fit_is_an_error_and_nothing_is_written(
    warehouse: Any, change: tuple[str, str], said: str
):
    tiny = warehouse()
    tiny.add(**HELD)
    path = tiny.counted()
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    path.write_text(text.replace(*change), encoding="utf-8")

    with pytest.raises(HokenshaError, match=said):
        tiny.decided(path)

    assert not (tiny.bench.folder / "out").exists()


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("any left_on=2027-02-30", "does not hold numbers and days"),
        ("any number=1", "does not hold numbers and days"),
        ("left_on=2027-03-31", "does not hold numbers and days"),
        ("any left_on=2020-03-31", "no member has this key"),
    ],
)
def test_days_that_no_member_with_that_key_has_are_an_error(warehouse: Any, days: str, said: str):
    tiny = warehouse()
    tiny.add(**{**HELD, "my_number_card": "none", "insurance_use": "unregistered", "left_on": "2027-03-31"})
    path = tiny.counted()
    header, line = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{header},days\n{line},{days}\n", encoding="utf-8")

    with pytest.raises(HokenshaError, match=said):
        tiny.decided(path)


def test_a_folder_that_holds_anything_else_is_left_alone(warehouse: Any):
    tiny = warehouse()
    out = tiny.bench.folder / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(HokenshaError, match=r"holds 'mine\.txt'"):
        tiny.decided(tiny.counted())


def test_the_same_folder_may_be_written_again(warehouse: Any):
    tiny = warehouse()
    tiny.add(**HELD)

    first, out = tiny.decided(tiny.counted())
    second, _ = tiny.decided(tiny.counted())

    assert first == second
    assert {*(f"{name}.csv" for name in Answers(tiny.rulebook, ON).headers()), "summary.json"} == {
        path.name for path in out.iterdir()
    }


# --- the command


def test_the_command_writes_sql_then_decides(warehouse: Any):
    tiny = warehouse()
    tiny.add(**{**HELD, "my_number_card": "none", "insurance_use": "unregistered", "left_on": "2027-03-31"})
    policy, folder = tiny.bench.policy(), tiny.bench.folder

    written = command(policy, "--on", ON, "--dialect", "duckdb", "--count")
    tiny.database.saved(written.output, folder / "keys.csv")
    decided = command(policy, "--on", ON, "--decide", folder / "keys.csv", "--out", folder / "keys")

    assert (written.exit_code, decided.exit_code) == (0, 0)
    assert "hang on days (hangs.csv)" in decided.output
    assert f"load {folder}/keys/hangs.csv as a table" in decided.output.replace("\n", "")


def test_the_command_gives_the_summary_as_json(warehouse: Any):
    tiny = warehouse()
    tiny.add(**HELD)
    out = tiny.bench.folder / "out"

    found = command(tiny.bench.policy(), "--on", ON, "--decide", tiny.counted(), "--out", out, "--json")

    assert json.loads(found.output) == json.loads((out / "summary.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "arguments",
    [(), ("--decide", "keys.csv"), ("--out", "out"), ("--dialect", "duckdb", "--decide", "k", "--out", "o")],
)
def test_sql_or_a_decision_is_asked_for(bench: Bench, arguments: tuple[str, ...]):
    found = command(bench.policy(), "--on", ON, *arguments)

    assert found.exit_code == 2
    assert "expected '--dialect DIALECT', or '--decide FILE --out DIR'" in found.output


def test_where_sqlglot_is_not_installed_it_is_said_what_to_install(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    monkeypatch.delitem(sys.modules, "hokensha_roll.keys.sql")

    found = command(bench.policy(), "--on", ON, "--dialect", "duckdb")

    assert found.exit_code == 2
    assert "pip install 'hokensha-roll[sql]'" in found.output


def test_what_is_read_is_not_written_over(warehouse: Any):
    tiny = warehouse()
    folder = tiny.bench.folder

    found = command(tiny.bench.policy(), "--on", ON, "--decide", tiny.counted(), "--out", folder)

    assert found.exit_code == 1
    assert (folder / "keys.csv").exists()
