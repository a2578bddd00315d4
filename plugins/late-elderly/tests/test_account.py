"""Every rule of the source is accounted for, and every rule that decides something is covered by a case."""

from __future__ import annotations

from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from attrs import evolve

from hokensha.policy import Policy, load_policy, open_rulebook
from hokensha_conformance import CaseFile, load_cases, mismatches

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples" / "kumamoto-late-elderly"
POLICIES = ("policy.toml", "policy-extended.toml")
RULES = {f"004-{number:02}" for number in range(1, 36)}


@cache
def policy(name: str) -> Policy:
    return load_policy(EXAMPLES / name)


@cache
def case_file(name: str) -> CaseFile:
    files = map(load_cases, sorted((Path(__file__).parents[1] / "cases").glob("*.toml")))
    return next(file for file in files if Path(file.policy).name == name)


def deciding(name: str) -> set[str]:
    """The locators that the terms of rules and the figures of a policy cite."""
    rules = (terms.cites for *_, terms in policy(name).terms())
    figures = (figure.cites for versions in policy(name).figures.values() for figure in versions)
    return set(chain.from_iterable([*rules, *figures]))


def informing(name: str) -> set[str]:
    return set(chain.from_iterable(entry.cites for entry in policy(name).information))


@pytest.mark.parametrize("name", POLICIES)
def test_the_policy_declares_every_rule_of_the_source(name: str):
    assert {locator for locator in policy(name).locators() if locator.startswith("004-")} == RULES


@pytest.mark.parametrize("name", POLICIES)
def test_every_rule_of_the_source_is_accounted_for(name: str):
    assert RULES - deciding(name) - informing(name) - policy(name).not_software.keys() == set()


@pytest.mark.parametrize("name", POLICIES)
def test_every_rule_that_decides_is_covered_by_a_case_of_the_insurer(name: str):
    covered = {cite for case in case_file("policy.toml").cases for cite in case.cites}
    if name != "policy.toml":
        covered |= {cite for case in case_file(name).cases for cite in case.cites}
    assert deciding(name) - covered == set()


@pytest.mark.parametrize("name", POLICIES)
def test_cases_cite_what_the_policy_declares(name: str):
    cited = {cite for case in case_file(name).cases for cite in case.cites}
    assert cited - policy(name).locators() == set()


@pytest.mark.parametrize("name", POLICIES)
def test_every_case_says_something(name: str):
    assert [] == [case.id for case in case_file(name).cases if not case.says or not case.cites]


def test_a_case_that_expects_something_else_does_not_pass():
    case = next(case for case in case_file("policy.toml").cases if case.id == "class-1-no-card")
    other = evolve(case, decide={"issuances": []})
    assert mismatches(open_rulebook(case_file("policy.toml").policy), other)
