"""What a policy says of its roll: where it stands, and what is wrong with a column."""

from __future__ import annotations

from typing import Any

import pytest

from hokensha.errors import PolicyError
from hokensha.policy import load_policy
from hokensha_roll.tool import Column, Roll, roll_findings, roll_of

MAPPING = """
encoding = "cp932"
as_of_header = "基準日"

[{table}.columns]
birth_date = {{ header = "生年月日", form = "wareki" }}

[{table}.columns.relation]
header = "続柄"
empty = "unknown"
values = {{ "本人" = "insured", "家族" = "dependent" }}
"""


def faults(bench: Any, mapping: str) -> list[tuple[str, str]]:
    """What is wrong with the policy's roll, by its place in the file."""
    rulebook = bench.rulebook(mapping)
    where = f"{rulebook.policy.path}: "
    return [(found.where.removeprefix(where), found.message) for found in roll_findings(rulebook)]


def test_a_roll_is_read_from_its_own_table_or_from_one_of_the_tools(bench: Any):
    """``[roll]`` and ``[tool.roll]`` say the same."""
    expected = Roll(
        encoding="cp932",
        as_of_header="基準日",
        columns={
            "birth_date": Column("生年月日", form="wareki"),
            "relation": Column("続柄", empty="unknown", values={"本人": "insured", "家族": "dependent"}),
        },
    )
    for table in ("roll", "tool.roll"):
        mapping = f"[{table}]\n{MAPPING.format(table=table)}"
        assert roll_of(load_policy(bench.policy(mapping))) == expected
        assert faults(bench, mapping) == []


def test_a_policy_without_a_roll_has_the_usual_one(bench: Any):
    assert roll_of(load_policy(bench.policy())) == Roll()
    assert faults(bench, "") == []


def test_everything_wrong_with_a_roll_is_told_at_once_and_stops_who_reads_it(bench: Any):
    mapping = """
        [tool.roll]
        encoding = "sjis"
        colums = {}
        columns.Birth = { header = "生年月日" }
        columns.left_on = { header = 1, empty = "default" }
        columns.relation = { header = "続柄", default = "insured" }
    """
    found = dict(faults(bench, mapping))
    assert found == {
        "tool.roll.encoding": "expected one of utf-8, cp932, found 'sjis'",
        "tool.roll.colums": "no such key (did you mean 'columns'?)",
        "tool.roll.columns.Birth": "expected the id of a fact (small letters, digits and _), found 'Birth'",
        "tool.roll.columns.left_on.header": "expected a text, found 1",
        "tool.roll.columns.left_on.default": 'is missing; with empty = "default" expected the value',
        "tool.roll.columns.relation.default": 'means nothing without empty = "default"',
    }
    policy = load_policy(bench.policy(mapping))
    with pytest.raises(PolicyError) as caught:
        roll_of(policy)
    assert {f"{policy.path}: {where}" for where in found} == {each.where for each in caught.value.findings}


def test_a_column_of_a_fact_that_there_is_not_is_a_fault(bench: Any):
    mapping = '[tool.roll.columns]\nbirth_dat = { header = "生年月日" }\n'
    assert faults(bench, mapping) == [
        ("tool.roll.columns.birth_dat", "no such fact (did you mean 'birth_date'?)")
    ]


@pytest.mark.parametrize("digits", [1, 8, 20])
def test_a_text_may_have_a_number_of_digits(bench: Any, digits: int):
    """None are missing, none are too many."""
    assert faults(bench, f'[roll.columns]\nnumber = {{ header = "番号", digits = {digits} }}\n') == []


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
    mapping = f"[roll.columns]\n{fact} = {{ {column} }}\n"
    assert faults(bench, mapping) == [(f"tool.roll.columns.{fact}.digits", message)]
