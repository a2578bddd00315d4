"""``hokensha cases``: an insurer's own cases, asked of its policy without any Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

CASES = """
policy = "{policy}"

[[case]]
id = "four-years"
says = "Valid to the first 1 December four years on."
cites = ["000-02"]
validity = {{ document = "eligibility-certificate", issued = 2026-11-21, expect = {{ date = {day} }} }}
"""


@pytest.fixture
def cases(place):
    """A file with one case of the policy, which expects a day."""

    def write(day):
        return place.write("cases.toml", CASES.format(policy=Path(place.policy).name, day=day))

    return write


def test_cases_that_are_answered_as_expected_pass(place, cases):
    result = place.run("cases", cases("2030-12-01"))
    assert (0, "cases: 1, failing: 0; all are answered as expected\n") == (result.exit_code, result.stdout)


def test_what_is_answered_otherwise_is_shown_with_what_the_source_says(place, cases):
    path = cases("2030-11-30")
    result = place.run("cases", path)
    assert 1 == result.exit_code
    assert [
        f"{path}: four-years: Valid to the first 1 December four years on.",
        "  date: expected '2030-11-30', found '2030-12-01'",
        "cases: 1, failing: 1",
    ] == result.stdout.splitlines()


def test_in_japanese_too(place, cases):
    assert (
        "事例: 1、不一致: 0; すべて期待どおりです\n"
        == place.run("cases", cases("2030-12-01"), "--lang", "ja").stdout
    )


def test_programs_get_every_case(place, cases):
    path = cases("2030-11-30")
    document = json.loads(place.run("cases", path, "--json").stdout)
    assert 1 == document["failing"]
    (case,) = document["cases"]
    assert ("four-years", ["000-02"]) == (case["case"], case["cites"])
    assert ["date: expected '2030-11-30', found '2030-12-01'"] == case["differences"]


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_asked(place, cases):
    result = place.run("cases", "no-such.toml", cases("2030-12-01"))
    assert 1 == result.exit_code
    assert "no-such.toml: cannot be read" in result.stderr
    assert "cases: 1, failing: 0\n" == result.stdout
