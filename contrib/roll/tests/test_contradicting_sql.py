"""Rows whose facts cannot stand together have no key in SQL: those that a run rejects, and no others."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
import tiny
from databases import Database, in_duckdb, in_postgres
from tiny import Bench

from hokensha.engine import reason, refused
from hokensha.facts import UNKNOWN, Before, Fact, Member, Older, Required, Without
from hokensha.policy import open_rulebook
from hokensha.text import Label
from hokensha_roll.answers import decide_keys
from hokensha_roll.intake.columns import Reader
from hokensha_roll.keys.contradicting import holding
from hokensha_roll.keys.sql import key_columns, key_sql, refused_columns, written
from hokensha_roll.keys.sqlcells import SqlCell
from hokensha_roll.tool import Column

ON = date(2026, 11, 21)
X = Label("あ", "a")
FORMS = (
    Before("one", "other"),
    Before("mapped", "one"),
    Older("one", 130),
    Without("one", "other"),
    Without("mapped", "one"),
    Without("text", "mapped"),
    Without("code", "text"),
    Required("one", {"code": "lost", "flag": True}),
    Required("text", {"flag": False}),
    Required("code", {"other_flag": True}),
)
DAYS = (date(1896, 11, 20), date(1896, 11, 21), *(ON + timedelta(days=days) for days in (-1, 0, 1)))
FILLER = date(2200, 1, 1)
"""Of days, in the columns that have one."""
COLUMNS = (
    {},
    {
        "one": {"empty": "unknown", "fillers": ("2200-01-01",)},
        "mapped": {"empty": "default", "default": "2026-11-21"},
        "text": {"empty": "unknown", "fillers": ("-",)},
        "code": {"empty": "default", "default": "lost"},
        "flag": {"values": {"1": True, "0": False}, "empty": "default", "default": True},
    },
    {
        "other": {"empty": "unknown"},
        "mapped": {"empty": "default", "default": "2026-11-21", "fillers": ("2200-01-01",)},
        "text": {"empty": "default", "default": "A", "fillers": ("-",)},
        "code": {"values": {"0": "none", "1": "lost", "2": "held"}, "fillers": ("9",), "empty": "unknown"},
        "other_flag": {"empty": "unknown"},
    },
)
FACTS = (
    *(Fact(day, "day", X, nullable=True) for day in ("one", "other", "mapped")),
    Fact("text", "text", X, nullable=True),
    Fact("code", "code", X, values=("none", "lost", "held"), nullable=True),
    *(Fact(flag, "boolean", X, nullable=True) for flag in ("flag", "other_flag")),
)


def readers_of(columns: Mapping[str, Mapping[str, Any]]) -> list[Reader]:
    return [
        Reader(place, f"col {fact.id}", fact, Column(f"col {fact.id}", **columns.get(fact.id, {})))
        for place, fact in enumerate(FACTS)
    ]


def a_cell(draw: random.Random, reader: Reader) -> Any:
    if draw.random() < 0.3:
        return None
    if reader.fact.kind == "day":
        return draw.choice((*DAYS, *([FILLER] if reader.days() else [])))
    written = {"text": ("A", "B"), "boolean": ("true", "False"), "code": reader.fact.values}
    cell = draw.choice((*(reader.column.values or written[reader.fact.kind]), *reader.column.fillers, ""))
    return f" {cell} " if draw.random() < 0.1 else cell


def facts_of(readers: list[Reader], cells: list[Any]) -> dict[str, Any]:
    read = ((reader.fact.id, reader.read(cell)) for reader, cell in zip(readers, cells, strict=True))
    return {fact: value for fact, value in read if value is not UNKNOWN}


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("opened", [in_duckdb, in_postgres])
def test_sql_refuses_whom_the_form_refuses(opened: Any, columns: Mapping[str, Mapping[str, Any]]) -> None:
    """Over cells drawn at random: what is empty is none, unknown or a default, as the policy says."""
    draw, readers = random.Random(11), readers_of(columns)
    rows = [[a_cell(draw, reader) for reader in readers] for _ in range(600)]
    with opened() as database:
        kinds = ", ".join(f'"{r.header}" {"DATE" if r.fact.kind == "day" else "TEXT"}' for r in readers)
        database.run(f"CREATE TABLE members (place INTEGER, {kinds})")
        database.fill("members", [[place, *row] for place, row in enumerate(rows)])
        cells = {reader.fact.id: SqlCell(reader) for reader in readers}
        for form in FORMS:
            where = written(holding(form, ON, cells), database.dialect)
            found = database.rows(f"SELECT place FROM members WHERE {where} ORDER BY place")
            expected = [(n,) for n, row in enumerate(rows) if form.holds(facts_of(readers, row), ON)]
            assert expected == found, form
            assert len(found) < len(rows)


@pytest.fixture
def database() -> Iterator[Database]:
    with in_duckdb() as opened:
        yield opened


REQUIRED = """
[facts.continuation_ends_on]
kind = "day"
ja = "任意継続の終了日"
en = "voluntary continuation ends on"
nullable = true
planned = true
required_when = { continuation = true }

[tool.roll.columns]
continuation = { header = "任継", values = { "1" = true, "0" = false } }
continuation_ends_on = { header = "任継終了日" }
"""


def keys_of(bench: Bench, database: Database, roll: str, rows: list[dict[str, str]]) -> list[bool]:
    """Whether each row has a key, in a table with the columns of all that is given."""
    headers = dict.fromkeys(header for row in rows for header in row)
    days = [header for header in headers if header.endswith(("_on", "_date", "_until", "日"))]
    types = ", ".join(f'"{h}" {"DATE" if h in days else "TEXT"}' for h in headers)
    database.run(f"CREATE TABLE members (place INTEGER, {types})")
    database.fill("members", [[n, *(row.get(h) or None for h in headers)] for n, row in enumerate(rows)])
    columns = key_columns(bench.rulebook(roll), ON, [*headers], "duckdb").values()
    found = database.rows(f"SELECT {', '.join(columns)} FROM members ORDER BY place")
    return [None not in words for words in found]


def member(**cells: str) -> dict[str, str]:
    """A member without a card, but for these cells."""
    known = dict(zip(tiny.FACTS, tiny.ROW, strict=True))
    return {**{fact: cell for fact, cell in known.items() if fact != "id"}, **cells}


def test_a_row_that_contradicts_itself_has_no_key(bench: Bench, database: Database) -> None:
    rows = [
        member(),
        member(left_on="2010-03-31"),
        member(left_on="2010-04-01"),
        member(birth_date="2010-04-02"),
        member(birth_date="1896-11-20"),
        member(birth_date="1896-11-21"),
    ]
    assert [True, False, True, False, False, True] == keys_of(bench, database, "", rows)


def test_what_no_rule_reads_is_required_all_the_same(bench: Bench, database: Database) -> None:
    rows = [
        member(任継="1", 任継終了日="2027-04-01"),
        member(任継="1", 任継終了日=""),
        member(任継="0", 任継終了日=""),
    ]
    assert [True, False, True] == keys_of(bench, database, REQUIRED, rows)


def test_sql_reads_what_may_contradict_where_the_policy_gives_it_a_column(bench: Bench) -> None:
    """And nothing that only could: a table need not have it."""
    plain, mapped = (key_sql(bench.rulebook(roll), ON, "duckdb", "members") for roll in ("", REQUIRED))
    assert "任継終了日" in mapped
    assert "continuation" not in plain


def test_a_row_that_is_refused_contradicts_itself_as_a_member_does(bench: Bench) -> None:
    rulebook = bench.rulebook()
    facts = {"enrolled_on": date(2025, 4, 1), "left_on": date(2024, 9, 1)}
    ((found, _),) = refused_columns(rulebook, ON, [*facts], "duckdb")
    (finding,) = refused(rulebook, Member("m", facts), ON)
    assert ("left_on", finding.message) == (found.facts[0], reason(found, rulebook.catalogue))


STAY = """
[figures.end-of-stay]
of = "departs_japan_on"
modality = "exact"
cites = ["t-1"]

[figures.term]
earliest = ["one-year", "end-of-stay"]
"""


def test_what_would_have_ended_is_not_among_the_answers(bench: Bench, database: Database) -> None:
    """As a run rejects the row; whose document ends on the very day has it."""
    path = bench.folder / "stays.toml"
    policy = (bench.folder / bench.policy(STAY)).read_text(encoding="utf-8")
    path.write_text(policy.replace('figure = "one-year"', 'figure = "term"'), encoding="utf-8")
    rulebook, headers = open_rulebook(str(path)), [*member(), "departs_japan_on"]
    types = ", ".join(f"{h} {'DATE' if h.endswith(('_on', '_date', '_until')) else 'TEXT'}" for h in headers)
    database.run(f"CREATE TABLE members ({types})")
    for day in ("2026-11-20", "2026-11-21", "2026-11-01", ""):
        database.fill("members", [[cell or None for cell in member(departs_japan_on=day).values()]])

    def counted(hangs: str | None) -> dict[str, Any]:
        query = key_sql(rulebook, ON, "duckdb", "members", columns=headers, hangs=hangs, count=True)
        source = database.saved(query, bench.folder / "keys.csv")
        return {**decide_keys(rulebook, ON, source, bench.folder / "out")}

    first = counted(None)
    database.load("hangs", bench.folder / "out" / "hangs.csv")
    second = counted("hangs")
    assert (4, 0) == (first["decided"] + first["hanging"], first["rejected"])
    assert (2, 2, 0) == (second["decided"], second["rejected"], second["hanging"])
    ends = {row["valid_until"] for row in bench.table("answers")}
    assert {"2026-11-21", "2027-11-21"} == ends
    assert {"departs_japan_on" in row["reason"] for row in bench.table("rejected")} == {True}
