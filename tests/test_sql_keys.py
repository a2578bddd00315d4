"""Keys computed where the data are, in SQL, and what is joined to them: what a run says of the same rows."""

import random
from contextlib import ExitStack
from datetime import date
from functools import cache

import pytest
from databases import in_duckdb, in_postgres
from every_policy import POLICIES, path_of
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sql_rows import table_of

from hokensha.dates import CalendarError
from hokensha.engine import EndedError, decide
from hokensha.policy import open_rulebook
from hokensha_roll.answers import Answers, decide_keys
from hokensha_roll.keys.counted import keys_of, names
from hokensha_roll.output.tables import issuance_cells, missing_cells, return_cells

sql = pytest.importorskip("hokensha_roll.keys.sql", reason="needs hokensha-roll[sql]")

DAYS = [date(2025, 7, 10), date(2025, 12, 2), date(2026, 11, 21)]


@cache
def rulebook_of(policy):
    return open_rulebook(str(path_of(policy)))


@cache
def asked_of(policy, on):
    return keys_of(rulebook_of(policy), on)


@cache
def sql_of(policy, on, dialect, headers):
    return sql.KeySql(rulebook_of(policy), on, headers)


@pytest.fixture(scope="module")
def databases():
    """Each kind of database, once it is asked for."""
    with ExitStack() as keep:
        found = {}

        def database(dialect):
            if dialect not in found:
                opened = in_duckdb() if dialect == "duckdb" else in_postgres()
                found[dialect] = keep.enter_context(opened)
            return found[dialect]

        yield database


def filled(database, table):
    """A database that has a table, and nothing else that a test before may have left."""
    database.run("DROP TABLE IF EXISTS members")
    database.run(table.created("members"))
    database.fill("members", table.rows)
    return database


def far(keys, member):
    """Whether a member states a day far off that is compared."""
    days = [member.facts.get(order.base) for order in keys.orders]
    return any(isinstance(day, date) and not 1900 <= day.year <= 2100 for day in days)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
@settings(deadline=None, max_examples=4, phases=(Phase.generate,))
@given(seed=st.integers(0, 2**32), on=st.sampled_from(DAYS))
def test_a_key_in_sql_is_the_key_of_what_a_run_reads(databases, dialect, policy, seed, on):
    rulebook, keys = rulebook_of(policy), asked_of(policy, on)
    table = table_of(random.Random(seed), rulebook, keys, on, 60)
    query = sql_of(policy, on, dialect, tuple(table.headers[1:])).rows("members", dialect)

    found = filled(databases(dialect), table).rows(
        f"SELECT id, {', '.join(names(keys))} FROM ({sql.written(query, dialect)}) AS t"
    )

    words_of = {key: words for key, *words in found}
    assert {None in words for words in words_of.values()} == {False, True}
    for member, (key, *_) in zip(table.members(), table.rows, strict=True):
        words = tuple(words_of[key])
        if member is None:
            assert None in words
        elif None not in words or not far(keys, member):
            assert keys.split(keys.key(member.facts)) == words


def said_of_each(policy, on, members):
    """What ``decide`` says of each member by itself, as lines of each file."""
    lines = {"answers": [], "returns": [], "undetermined": [], "rejected": []}
    for member in members:
        try:
            decision = decide(rulebook_of(policy), member, on)
        except (CalendarError, EndedError) as error:
            lines["rejected"].append((member.id, error.findings[0].message))
            continue
        lines["answers"] += [(member.id, *issuance_cells(each)) for each in decision.issuances]
        lines["returns"] += [(member.id, *return_cells(each)) for each in decision.returns]
        if decision.missing:
            lines["undetermined"].append((member.id, *missing_cells(decision.missing)))
    return {name: sorted(map(repr, rows)) for name, rows in lines.items()}


def joined_to(database, folder, name, header):
    """The lines of a file, joined to the rows that have such a key and such days."""
    database.load(name, folder / f"{name}.csv")
    told = header[: header.index("days") + 1]
    cells = ", ".join(header[len(told) :])
    return sorted(
        map(repr, database.rows(f"SELECT id, {cells} FROM cases JOIN {name} USING ({', '.join(told)})"))
    )


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
@settings(deadline=None, max_examples=2, phases=(Phase.generate,))
@given(seed=st.integers(0, 2**32), on=st.sampled_from(DAYS))
def test_answers_joined_to_rows_are_what_is_said_of_each_of_them(
    databases, dialect, policy, seed, on, tmp_path_factory
):
    """Keys are counted and decided, then those with days on which answers hang; the rest is a join."""
    rulebook, keys, folder = rulebook_of(policy), asked_of(policy, on), tmp_path_factory.mktemp("walk")
    table = table_of(random.Random(seed), rulebook, keys, on, 60)
    database = filled(databases(dialect), table)
    of_table = {"columns": table.headers[1:]}

    counted = sql.key_sql(rulebook, on, dialect, "members", count=True, **of_table)
    first = decide_keys(rulebook, on, database.saved(counted, folder / "keys.csv"), folder / "keys")
    database.load("hangs", folder / "keys" / "hangs.csv")
    of_table["hangs"] = "hangs"
    counted = sql.key_sql(rulebook, on, dialect, "members", count=True, **of_table)
    second = decide_keys(rulebook, on, database.saved(counted, folder / "cases.csv"), folder / "cases")
    database.run("DROP TABLE IF EXISTS cases")
    database.run(f"CREATE TABLE cases AS {sql.key_sql(rulebook, on, dialect, 'members', **of_table)}")
    headers = Answers(rulebook, on).headers()
    joined = {n: joined_to(database, folder / "cases", n, headers[n]) for n in headers if n != "hangs"}

    no_key = " OR ".join(f"{name} IS NULL" for name in names(keys))
    without = {row[0] for row in database.rows(f"SELECT id FROM cases WHERE {no_key}")}
    known = [member for member in table.members() if member and member.id not in without]
    assert said_of_each(policy, on, known) == joined
    assert first["counted"] == second["counted"] == len(table.rows)
    assert second["hanging"] == 0
    assert first["without_key"] == second["without_key"] == len(without)
