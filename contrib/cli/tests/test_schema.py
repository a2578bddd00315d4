"""``hokensha schema``: the JSON Schema of policies, or of case files."""

from __future__ import annotations

from hokensha_cli.schemas import schema_text


def test_it_prints_the_schema_that_it_is_asked_for(place):
    assert schema_text("policy") == place.run("schema").stdout
    assert schema_text("policy") == place.run("schema", "policy").stdout
    assert schema_text("cases") == place.run("schema", "cases", "--lang", "ja").stdout


def test_there_is_none_of_anything_else(place):
    assert 2 == place.run("schema", "member").exit_code
