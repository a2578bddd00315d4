"""What a policy says of its insurer's roll, under ``[tool.roll]``: read and checked here alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hokensha.errors import Finding, PolicyError
from hokensha.policy import Policy, load_policy
from hokensha_roll.tool import Column, Roll, roll_of

MINIMAL = """
schema = "hokensha/policy/1"
published = 2025-10-01
plugins = ["mutual-aid"]
sources = []
rules = {}
[insurer]
name = "文部科学省共済組合"
name_en = "MEXT Mutual Aid"
"""
ROLL = """
encoding = "cp932"
as_of = "end-of-previous-month"
as_of_header = "基準日"
as_of_form = "wareki"
[{table}.columns.birth_date]
header = "生年月日"
form = "wareki"
empty = "unknown"
[{table}.columns.relation]
header = "続柄"
values = {{ "本人" = "insured", "家族" = "dependent" }}
"""
DELETED = object()


@pytest.fixture
def policies(tmp_path: Path) -> Any:
    """Loads a policy with this at its end."""

    def load(text: str) -> Policy:
        path = tmp_path / "policy.toml"
        path.write_text(MINIMAL + text, encoding="utf-8")
        return load_policy(path)

    return load


@pytest.fixture
def faults(policies: Any) -> Any:
    """Where and of which kind what is wrong with the roll is, once one thing in it has changed."""

    def found(path: str, value: Any) -> list[tuple[str, str]]:
        policy = policies("[tool.roll]" + ROLL.format(table="tool.roll"))
        *parents, last = path.split("/")
        table: Any = policy.tool["roll"]
        for key in parents:
            table = table[key]
        if value is DELETED:
            del table[last]
        else:
            table[last] = value
        with pytest.raises(PolicyError) as caught:
            roll_of(policy)
        start = f"{policy.path}: tool.roll."
        return [(finding.where.removeprefix(start), finding.code) for finding in caught.value.findings]

    return found


def test_a_policy_that_says_nothing_of_rolls_leaves_the_defaults(policies):
    assert Roll() == roll_of(policies(""))


@pytest.mark.parametrize("table", ["tool.roll", "roll"])
def test_a_roll_is_read_under_tool_and_as_policies_had_it_before(policies, table):
    roll = roll_of(policies(f"[{table}]" + ROLL.format(table=table)))

    assert ("cp932", "end-of-previous-month", "wareki", "基準日") == (
        roll.encoding,
        roll.as_of,
        roll.as_of_form,
        roll.as_of_header,
    )
    assert Column("続柄", values={"本人": "insured", "家族": "dependent"}) == roll.columns["relation"]
    assert Column("生年月日", form="wareki", empty="unknown") == roll.columns["birth_date"]


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ({"header": "継続", "empty": "default"}, "missing-key"),
        ({"header": "継続", "default": False}, "bad-value"),
    ],
)
def test_a_default_goes_with_empty_cells_that_mean_it(faults, column, code):
    """``empty = "default"`` needs the value, and the value needs ``empty = "default"``."""
    assert [("columns.continuation.default", code)] == faults("columns/continuation", column)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("columns/relation/header", DELETED, "missing-key"),
        ("columns/relation/values/本人", 1, "wrong-type"),
        ("columns/relation/digits", "8", "wrong-type"),
        ("columns/relation/digits", True, "wrong-type"),
        ("columns/relation/form", "jis", "bad-value"),
        ("columns/relation/heading", "続柄", "unknown-key"),
        ("columns/relation", "続柄", "wrong-type"),
        ("columns", [], "wrong-type"),
        ("encoding", "sjis", "bad-value"),
        ("as_of", "yesterday", "bad-value"),
        ("as_of_header", "", "bad-value"),
        ("encodings", "cp932", "unknown-key"),
    ],
)
def test_a_roll_is_read_as_strictly_as_a_policy(faults, path, value, code):
    """Nothing is converted, and the finding says where it stands."""
    where = path.replace("/本人", ".'本人'").replace("/", ".")

    assert [(where, code)] == faults(path, value)


@pytest.mark.parametrize("fact", ["birth-date", "Birth", "生年月日"])
def test_facts_are_named_by_their_ids(faults, fact):
    """Whether such a fact exists depends on the plugins."""
    ((_, code),) = faults(f"columns/{fact}", {"header": "x"})

    assert "bad-value" == code


def test_all_that_is_wrong_with_a_roll_is_said_at_once(policies):
    text = '[roll]\nencoding = "sjis"\nas_off = "any"\n[roll.columns.relation]\nempty = "default"\n'

    with pytest.raises(PolicyError) as caught:
        roll_of(policies(text))

    assert {
        ("encoding", "bad-value"),
        ("as_off", "unknown-key"),
        ("columns.relation.header", "missing-key"),
        ("columns.relation.default", "missing-key"),
    } == {(re.sub(r"^.*tool\.roll\.", "", f.where), f.code) for f in caught.value.findings}


KEYS = st.sampled_from(["columns", "encoding", "as_of", "relation", "header", "values", "empty", "", "あ\n"])
VALUES = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates() | st.just("default"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_any_roll_is_read_or_refused_with_findings(tmp_path_factory, roll):
    """Never any other exception; and each finding is one line that names the file."""
    path = tmp_path_factory.getbasetemp() / "policy.toml"
    path.write_text(MINIMAL, encoding="utf-8")
    policy = load_policy(path)
    policy.tool["roll"] = roll
    findings: tuple[Finding, ...] = ()
    try:
        roll_of(policy)
    except PolicyError as error:
        findings = error.findings
    assert all(found.where.startswith(f"{path}: tool.roll") for found in findings)
    assert all(1 == len(str(found).splitlines()) for found in findings)
