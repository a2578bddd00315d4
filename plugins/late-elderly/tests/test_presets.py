"""The extended policy is the first but for the end of the provisional operation, and where that is said."""

from __future__ import annotations

from difflib import ndiff
from pathlib import Path

import pytest
from attrs import evolve

import hokensha_late_elderly
from hokensha.policy import Policy, load_policy

PRESETS = Path(hokensha_late_elderly.__file__).parent / "presets"
EXAMPLES = Path(__file__).parents[3] / "examples" / "kumamoto-late-elderly"
END, NOTICES = "provisional-last-day", "notices-count-from"


def lines(preset: str) -> list[str]:
    return (PRESETS / f"{preset}.toml").read_text(encoding="utf-8").splitlines()


@pytest.fixture
def policy() -> Policy:
    return load_policy(PRESETS / "kumamoto.toml")


@pytest.fixture
def extended() -> Policy:
    return load_policy(PRESETS / "kumamoto-extended.toml")


HEADING = (
    "# 暫定運用を令和8年7月31日まで延長した版です。 "
    "This version extends the provisional operation to 31 July 2026."
)


def test_only_the_lines_that_must_differ_do():
    found = ndiff(lines("kumamoto"), lines("kumamoto-extended"))
    assert [line for line in found if line[0] in "+-" and line[2:]] == [
        f"+ {HEADING}",
        "- published = 2024-12-02",
        "+ published = 2025-04-03",
        "+ [[sources]]",
        '+ id = "extension"',
        '+ title = "後期高齢者医療における資格確認書の暫定運用の延長についての通知"',
        '+ publisher = "厚生労働省"',
        "+ date = 2025-04-03",
        "+ [sources.locators]",
        '+ extension = "暫定運用を令和8年7月31日まで延長"',
        "- rule = [{ on = 2025-07-31 }]",
        "+ rule = [{ on = 2026-07-31 }]",
        '- cites = ["004-17", "004-28"]',
        '+ cites = ["extension"]',
        "- rule = [{ on = 2025-07-01 }]",
        "+ rule = [{ on = 2026-08-01 }]",
        '- cites = ["004-23", "004-25"]',
        '+ cites = ["004-23", "extension"]',
    ]


def test_of_all_figures_only_the_end_of_the_provisional_operation_and_what_follows_it_differ(
    policy: Policy, extended: Policy
):
    differing = [name for name in policy.figures if policy.figures[name] != extended.figures[name]]
    assert [END, NOTICES] == differing


def test_all_else_is_equal(policy: Policy, extended: Policy):
    same = evolve(
        extended,
        path=policy.path,
        digest=policy.digest,
        published=policy.published,
        sources=tuple(source for source in extended.sources if source.id != "extension"),
        figures={**extended.figures, **{name: policy.figures[name] for name in (END, NOTICES)}},
    )
    assert policy == same


@pytest.mark.parametrize(
    ("example", "preset"), [("policy", "kumamoto"), ("policy-extended", "kumamoto-extended")]
)
def test_the_examples_are_the_presets(example: str, preset: str):
    assert (PRESETS / f"{preset}.toml").resolve() == (EXAMPLES / f"{example}.toml").resolve()
