"""Every case of the three insurers, one test each."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from hokensha.policy import open_rulebook
from hokensha_conformance import load_cases, mismatches

FILES = sorted((Path(__file__).parent.parent / "cases").glob("*.toml"))
CASES = [(file, case) for file in map(load_cases, FILES) for case in file.cases]

rulebook = cache(open_rulebook)


@pytest.mark.parametrize(
    ("file", "case"), [pytest.param(f, c, id=f"{Path(f.path).stem}-{c.id}") for f, c in CASES]
)
def test_the_policy_says_what_the_source_says(file, case):
    assert () == mismatches(rulebook(file.policy), case)
