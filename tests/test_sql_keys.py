"""Keys computed where the data are, in SQL, and what is joined to them: what a run says of the same rows."""

import random
from datetime import date
from functools import cache

import pytest
from every_policy import POLICIES, path_of
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sql_rows import table_of

from hokensha.policy import open_rulebook
from hokensha_roll.keys.counted import keys_of, names

duckdb = pytest.importorskip("duckdb")
sql = pytest.importorskip("hokensha_roll.keys.sql")

DAYS = [date(2024, 12, 2), date(2025, 7, 10), date(2025, 12, 2), date(2026, 7, 31), date(2026, 11, 21)]


@cache
def rulebook_of(policy):
    return open_rulebook(str(path_of(policy)))


@cache
def asked_of(policy, on):
    return keys_of(rulebook_of(policy), on)


@cache
def columns_of(policy, on, dialect, headers):
    return sql.key_columns(rulebook_of(policy), on, headers, dialect)


def filled(table):
    """A database with a table."""
    database = duckdb.connect()
    database.execute(table.created("members"))
    places = ", ".join("?" * len(table.headers))
    database.executemany(f"INSERT INTO members VALUES ({places})", table.rows)
    return database


def far(keys, member):
    """Whether a member states a day far off that is compared."""
    days = [member.facts.get(order.base) for order in keys.orders]
    return any(isinstance(day, date) and not 1900 <= day.year <= 2100 for day in days)


@pytest.mark.parametrize("policy", POLICIES)
@settings(deadline=None, max_examples=6, phases=(Phase.generate,))
@given(seed=st.integers(0, 2**32), on=st.sampled_from(DAYS))
def test_a_key_in_sql_is_the_key_of_what_a_run_reads(policy, seed, on):
    rulebook, keys = rulebook_of(policy), asked_of(policy, on)
    table = table_of(random.Random(seed), rulebook, keys, on, 60)
    columns = columns_of(policy, on, "duckdb", tuple(table.headers[1:]))

    found = filled(table).execute(f"SELECT {', '.join(columns.values())} FROM members").fetchall()

    for member, words in zip(table.members(), found, strict=True):
        if member is None:
            assert None in words
        elif None not in words or not far(keys, member):
            assert keys.split(keys.key(member.facts)) == words
    assert names(keys) == list(columns)
