"""What a policy says of a roll's columns, as far as it takes the facts to judge it."""

from __future__ import annotations

from typing import Any

import pytest

from hokensha.errors import PolicyError
from hokensha.policy import load_policy
from hokensha_roll import roll_findings, roll_of


def faults(bench: Any, mapping: str) -> list[tuple[str, str]]:
    """What is wrong with the policy's roll, by its place in the file."""
    rulebook = bench.rulebook(mapping)
    where = f"{rulebook.policy.path}: tool.roll"
    return [(found.where.removeprefix(where), found.message) for found in roll_findings(rulebook)]


def test_what_is_no_roll_is_found_and_stops_who_reads_it(bench: Any):
    mapping = '[tool.roll]\nencoding = "sjis"\ncolumns.left_on = { header = "喪失日", empty = "default" }\n'
    found = faults(bench, mapping)
    assert found == [
        (".encoding", "expected one of utf-8, cp932, found 'sjis'"),
        (".columns.left_on.default", 'is missing; with empty = "default" expected the value'),
    ]
    policy = load_policy(bench.policy(mapping))
    with pytest.raises(PolicyError) as caught:
        roll_of(policy)
    where = f"{policy.path}: tool.roll"
    assert found == [(each.where.removeprefix(where), each.message) for each in caught.value.findings]


def test_a_column_of_a_fact_that_there_is_not_is_a_fault(bench: Any):
    mapping = '[tool.roll.columns]\nbirth_dat = { header = "生年月日" }\n'
    assert faults(bench, mapping) == [(".columns.birth_dat", "no such fact (did you mean 'birth_date'?)")]


@pytest.mark.parametrize("digits", [1, 8, 20])
def test_a_text_may_have_a_number_of_digits(bench: Any, digits: int):
    """None are missing, none are too many."""
    mapping = f'[tool.roll.columns]\nnumber = {{ header = "番号", digits = {digits} }}\n'
    assert faults(bench, mapping) == []


@pytest.mark.parametrize(
    ("fact", "column", "message"),
    [
        ("number", 'header = "番号", digits = 0', "expected 1 to 20, found 0"),
        ("number", 'header = "番号", digits = 21', "expected 1 to 20, found 21"),
        ("birth_date", 'header = "生年月日", digits = 8', "means nothing here: 'birth_date' is no text"),
        ("branch", 'header = "枝番", digits = 2, values = { A = "00" }', "means nothing beside values"),
    ],
)
def test_a_number_of_digits_that_means_nothing_is_a_fault(bench: Any, fact: str, column: str, message: str):
    """The column is named."""
    mapping = f"[tool.roll.columns]\n{fact} = {{ {column} }}\n"
    assert faults(bench, mapping) == [(f".columns.{fact}.digits", message)]
