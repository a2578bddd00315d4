"""``hokensha schema``: the JSON Schema of policies, or of case files."""

from __future__ import annotations

import json
import subprocess
import sys
from operator import itemgetter

import pytest

from hokensha_cli.jsonschema import schema_text


def test_it_prints_the_schema_that_it_is_asked_for(place):
    assert schema_text("policy") == place.run("schema").stdout
    assert schema_text("policy") == place.run("schema", "policy").stdout
    assert schema_text("cases") == place.run("schema", "cases", "--lang", "ja").stdout


def test_another_distribution_adds_a_kind_by_an_entry_point(place):
    """It names a function that gives the form in which the files are read."""
    (place.site / "extra_files.py").write_text(
        "from attrs import frozen\n"
        "from hokensha.policy import Form, strict_converter\n"
        "@frozen\n"
        "class Letter:\n"
        "    text: str\n"
        "def letter_form():\n"
        "    return Form(Letter, strict_converter({}), {Letter: Letter})\n",
        "utf-8",
    )
    place.install("extra-files", "hokensha.schemas", {"letter": "extra_files:letter_form"})
    result = place.run("schema", "letter")
    assert 0 == result.exit_code, result.output
    assert ("hokensha letter", ["text"]) == itemgetter("title", "required")(json.loads(result.stdout))


def test_there_is_none_of_anything_else(place):
    result = place.run("schema", "polcy")
    assert 2 == result.exit_code
    assert "error: no schema of 'polcy' (did you mean 'policy'?); known: policy, " in result.stderr


def test_a_kind_whose_distribution_is_absent_says_what_to_install(place, monkeypatch):
    monkeypatch.setattr("hokensha_cli.jsonschema.kinds", dict)
    result = place.run("schema", "cases")
    assert 2 == result.exit_code
    assert "comes with the distribution hokensha-conformance, which is not installed" in result.stderr


@pytest.mark.parametrize("kind", ["policy", "cases"])
def test_descriptions_are_there_where_python_leaves_docstrings_out(kind):
    command = [sys.executable, "-OO", "-m", "hokensha_cli", "schema", kind]
    done = subprocess.run(command, capture_output=True, check=True, env={"PYTHONPATH": ":".join(sys.path)})
    assert schema_text(kind).encode() == done.stdout
