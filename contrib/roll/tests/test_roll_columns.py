"""What a policy says of a roll's columns, as far as it takes the facts to judge it."""

from __future__ import annotations

import pytest
from attrs import evolve

from hokensha.errors import PolicyError
from hokensha.policy import bind
from hokensha_roll.tool import Column, Roll


def faults(small, fact, column):
    """What is wrong with the number of digits; for want of a plugin, the policy's rules are at fault, too."""
    with pytest.raises(PolicyError) as caught:
        bind(evolve(small.rulebook.policy, roll=Roll(columns={fact: column})), [])
    return [
        (finding.where, finding.message)
        for finding in caught.value.findings
        if finding.where.endswith("digits")
    ]


@pytest.mark.parametrize("digits", [1, 8, 20])
def test_a_text_may_have_a_number_of_digits(small, digits):
    """None are missing, none are too many."""
    assert faults(small, "number", Column("番号", digits=digits)) == []


@pytest.mark.parametrize(
    ("fact", "column", "message"),
    [
        ("number", Column("番号", digits=0), "expected 1 to 20, found 0"),
        ("number", Column("番号", digits=21), "expected 1 to 20, found 21"),
        ("birth_date", Column("生年月日", digits=8), "means nothing here: 'birth_date' is no text"),
        ("branch", Column("枝番", digits=2, values={"A": "00"}), "means nothing beside values"),
    ],
)
def test_a_number_of_digits_that_means_nothing_is_a_fault(small, fact, column, message):
    """The column is named."""
    assert faults(small, fact, column) == [(f"small.toml: roll.columns.{fact}.digits", message)]
