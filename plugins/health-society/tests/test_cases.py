"""Each case of the sources, on the policy that ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from hokensha.policy import Rulebook, open_rulebook
from hokensha_conformance import Case, load_cases, mismatches

FILE = load_cases(Path(__file__).parent.parent / "cases" / "warehouse-health-society.toml")


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return open_rulebook(FILE.policy)


@pytest.mark.parametrize("case", FILE.cases, ids=lambda case: case.id)
def test_case(rulebook: Rulebook, case: Case):
    assert () == mismatches(rulebook, case), case.says
