"""Nothing of the sources is left out: every rule is cited or set aside, and what decides has a case."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from hokensha.policy import open_rulebook
from hokensha_conformance import load_cases, mismatches

HERE = Path(__file__).parent.parent
COUNTS = {"school": 22, "mext": 21, "tokyo": 33}
SOURCE = {"school": "000", "mext": "001", "tokyo": "002"}
FILES = {name: load_cases(HERE / "cases" / f"{name}.toml") for name in COUNTS}

rulebook = cache(open_rulebook)


def book(name):
    return rulebook(FILES[name].policy)


def cited(policy):
    """What the policy's rules and figures cite."""
    rules = {cite for *_, terms in policy.terms() for cite in terms.cites}
    return rules | {cite for versions in policy.figures.values() for v in versions for cite in v.cites}


@pytest.mark.parametrize("name", COUNTS)
def test_the_locators_are_all_the_rules_of_the_source(name):
    (source,) = [s for s in book(name).policy.sources if s.id == SOURCE[name]]

    assert {f"{source.id}-{n:02}" for n in range(1, COUNTS[name] + 1)} == set(source.locators)


@pytest.mark.parametrize("name", COUNTS)
def test_every_rule_of_the_source_is_cited_or_set_aside(name):
    policy = book(name).policy
    said = {cite for item in policy.information for cite in item.cites}

    locators = {cite for cite in policy.locators() if cite[0].isdigit()}

    assert locators == {cite for cite in cited(policy) | said | set(policy.not_software) if cite[0].isdigit()}


@pytest.mark.parametrize("name", COUNTS)
def test_every_rule_that_decides_is_covered_by_a_case_that_passes(name):
    passing = [case for case in FILES[name].cases if not mismatches(book(name), case)]

    assert set() == {c for c in cited(book(name).policy) if c[0].isdigit()} - {
        cite for case in passing for cite in case.cites
    }


@pytest.mark.parametrize("name", COUNTS)
def test_cases_cite_rules_of_their_source(name):
    unknown = {cite for case in FILES[name].cases for cite in case.cites} - book(name).policy.locators()

    assert set() == unknown


def test_every_rule_of_the_plugin_is_in_force_somewhere():
    offered = {id_ for name in COUNTS for id_ in (*book(name).policy.rules, *book(name).policy.declined)}

    assert offered == {id_ for name in COUNTS for id_ in book(name).policy.rules}


@pytest.mark.parametrize("name", COUNTS)
def test_the_example_is_the_preset(name):
    preset = HERE / "src" / "hokensha_mutual_aid" / "presets" / f"{name}.toml"

    assert Path(FILES[name].policy).resolve() == preset.resolve()


@pytest.mark.parametrize("name", COUNTS)
def test_each_reason_for_declining_says_something(name):
    assert all(len(reason) > 20 for reason in book(name).policy.declined.values())
