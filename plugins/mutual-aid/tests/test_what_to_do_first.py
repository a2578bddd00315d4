"""What a member has to do first may hang on a fact that is not known: the clerk is told which."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from hokensha_cli.main import cli

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
