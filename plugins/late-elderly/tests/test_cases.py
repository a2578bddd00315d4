"""Every case of the union's source, one test each."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from hokensha.policy import Rulebook, open_rulebook
from hokensha_conformance import Case, load_cases, mismatches

FILES = sorted((Path(__file__).parents[1] / "cases").glob("*.toml"))
CASES = [(file.policy, case) for file in map(load_cases, FILES) for case in file.cases]


@cache
def rulebook(policy: str) -> Rulebook:
    return open_rulebook(policy)


@pytest.mark.parametrize(
    ("policy", "case"), CASES, ids=[f"{Path(policy).stem}:{case.id}" for policy, case in CASES]
)
def test_the_policy_answers_as_the_source_says(policy: str, case: Case):
    assert () == mismatches(rulebook(policy), case)


def test_the_extension_changes_every_case_that_its_file_leaves_out():
    extended, shorter = (load_cases(file) for file in FILES)
    kept = [case.id for case in extended.cases]
    left_out = [case for case in shorter.cases if case.id not in kept]

    unchanged = [case.id for case in left_out if not mismatches(rulebook(extended.policy), case)]

    assert (["kumamoto-extended", "kumamoto"], []) == ([file.stem for file in FILES], unchanged)
