"""What stands under ``[tool.NAME]`` is checked by the distribution that reads it, if that is installed."""

from __future__ import annotations

import json
import sys

import pytest

OWNER = """
from hokensha import Finding

def scales(rulebook):
    weights = rulebook.policy.tool["scales"]
    if "kilo" not in weights:
        yield Finding(f"{rulebook.policy.path}: tool.scales.kilo", "is missing", "missing-key")
"""


@pytest.fixture
def tool(place):
    """The errors of a policy with such a tool, whose owner is installed or not."""

    def errors(toml, owner="scales_owner:scales"):
        (place.site / "scales_owner.py").write_text(OWNER, "utf-8")
        if owner:
            place.install("scales-owner", "hokensha.tools", {"scales": owner})
        policy = place.write("weighed.toml", place.POLICY + toml)
        found = json.loads(place.run("check", policy, "--json").stdout)["errors"]
        return [(each["code"], each["where"].removeprefix(policy), each["message"]) for each in found]

    yield errors
    sys.modules.pop("scales_owner", None)


def test_the_owner_says_what_is_wrong(tool):
    assert [("missing-key", ": tool.scales.kilo", "is missing")] == tool("\n[tool.scales]\ngram = 1\n")


def test_what_its_owner_finds_right_is_right(tool):
    assert [] == tool("\n[tool.scales]\nkilo = 1\n")


def test_an_owner_is_not_asked_where_the_policy_says_nothing_to_it(tool):
    assert [] == tool("")


def test_a_tool_that_nobody_reads_here_is_somebody_elses_matter(tool):
    assert [] == tool("\n[tool.scales]\ngram = 1\n", owner="")


def test_an_owner_that_cannot_be_loaded_is_an_error(tool):
    ((code, where, message),) = tool("\n[tool.scales]\nkilo = 1\n", owner="scales_owner:gone")
    assert ("tool-broken", ": tool.scales") == (code, where)
    assert "scales_owner:gone does not load (AttributeError" in message
