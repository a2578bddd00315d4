"""Who has nothing that serves, and is owed nothing, is told at the counter what to do first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from hokensha_cli.main import cli

EXAMPLE = Path(__file__).parents[3] / "examples" / "kumamoto-late-elderly"
DAY = "2026-09-10"
FIRST = """  nothing serves, nothing is owed; to do first
    apply for a certificate at the municipality [004-04, 004-08]
"""


@pytest.fixture
def ask(tmp_path):
    """What a command says of a member of the example who has no document, with these facts."""

    def run(*command, lang="en", **facts):
        member = json.loads((EXAMPLE / "members.json").read_text(encoding="utf-8"))[0]
        held = [fact for fact in member if fact.startswith(("eligibility_", "health_", "certificate_"))]
        path = tmp_path / "member.json"
        path.write_text(json.dumps({**member, **dict.fromkeys(held), **facts}), encoding="utf-8")
        name, *options = command
        arguments = [name, str(EXAMPLE / "policy.toml"), str(path), "--on", DAY, *options]
        result = CliRunner().invoke(cli, [*arguments, "--lang", lang])
        assert 0 == result.exit_code, result.output
        return result.stdout

    return run


@pytest.mark.parametrize("command", [("decide",), ("present", "--at", "equipped")])
def test_who_has_lost_the_card_is_told_to_apply(ask, command):
    """Q3: with the card lost and no certificate, an application is what brings one."""
    assert ask(*command, my_number_card="lost", insurance_use="registered").endswith(FIRST)


def test_who_is_owed_a_certificate_is_told_nothing_more(ask):
    assert "to do first" not in ask("decide", my_number_card="none", insurance_use="unregistered")


def test_whose_card_works_is_told_nothing_more(ask):
    assert "to do first" not in ask("decide", my_number_card="held", insurance_use="registered")


def test_what_the_sources_do_not_say_is_said(ask):
    """Nothing is said of who leaves Japan without having the card switched."""
    said = ask("decide", my_number_card="held", insurance_use="registered", departs_japan_on=DAY)
    assert "to do first: the sources say nothing" in said


def test_it_is_said_in_japanese_too(ask):
    said = ask("decide", lang="ja", my_number_card="lost", insurance_use="registered")
    assert "受診の手段も交付の予定もない方が、まず行うこと" in said
    assert "市町村の窓口で資格確認書の交付を申請" in said
