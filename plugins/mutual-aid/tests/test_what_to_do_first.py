"""What a member has to do first: on which unknown facts it hangs, and whom it helps."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from hokensha import open_rulebook
from hokensha_cli.main import cli
from hokensha_verify import falling_through

EXAMPLE = Path(__file__).parents[3] / "examples" / "tokyo-mutual-aid"
TOLD = """  nothing serves, nothing is owed; to do first: none for certain (it depends on what is missing)
    missing facts: individual number submitted on (number_submitted_on)
"""


def test_a_fact_on_which_all_remedies_hang_is_named(tmp_path):
    """Who is not in the database has to hand in the number: if it was not, which nobody knows here."""
    member = json.loads((EXAMPLE / "members.json").read_text(encoding="utf-8"))[0]
    del member["number_submitted_on"]
    path = tmp_path / "member.json"
    path.write_text(json.dumps({**member, "registered_on": None}), encoding="utf-8")
    arguments = ["decide", str(EXAMPLE / "policy.toml"), str(path), "--on", "2025-12-10", "--lang", "en"]
    result = CliRunner().invoke(cli, arguments)
    assert 0 == result.exit_code, result.output
    assert result.stdout.endswith(TOLD)


SCHOOL = EXAMPLE.parent / "school-mutual-aid" / "policy.toml"
AUTOMATIC = (
    "enrolment-without-card",
    "transition-without-card",
    "deregistration-without-old-card",
    "temporary-for-enrolment",
)


@pytest.fixture(scope="module")
def helpless(tmp_path_factory):
    """The groups that fall through where nothing is issued but on application, by their grounds."""
    text = SCHOOL.read_text(encoding="utf-8")
    for rule in AUTOMATIC:
        text = re.sub(rf"^\[rules\.{rule}\]\n(?:.+\n)*?(?=\[|\n)", "", text, flags=re.MULTILINE)
        text = text.replace(f'    "{rule}",\n', "")
    declined = "".join(f'{rule} = "Nothing is issued here but on application."\n' for rule in AUTOMATIC)
    path = tmp_path_factory.mktemp("school") / "policy.toml"
    path.write_text(text.replace("[declined]\n", f"[declined]\n{declined}"), encoding="utf-8")
    return {each.grounds: each for each in falling_through(open_rulebook(str(path)))}


@pytest.mark.parametrize("ground", ["no-card", "card-returned", "not-registered", "deregistered"])
def test_an_attestation_for_anyone_whose_card_fails_covers_nobody(helpless, ground):
    """It may be refused, and nothing comes of it."""
    assert ("ask-for-attestation",) == helpless[(ground,)].remedies


def test_an_application_that_is_answered_covers_who_has_not_applied(helpless):
    """Who lost the card falls through only after an application, which was answered before."""
    witness = helpless[("card-lost",)].witness
    assert witness.facts["certificate_requested_on"] is not None
