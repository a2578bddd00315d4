"""``hokensha schema``: the JSON Schema of policies, or of case files."""

from __future__ import annotations

import json
from operator import itemgetter

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
    assert "python -m pip install hokensha-conformance" in result.stderr
