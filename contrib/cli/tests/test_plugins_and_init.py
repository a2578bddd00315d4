"""``hokensha plugins`` and ``hokensha init``: what is installed, and the policies that it brings along."""

from __future__ import annotations

import json


def test_every_plugin_is_listed_with_what_it_is(place):
    listed = json.loads(place.run("plugins", "--json").stdout)
    (fake,) = [entry for entry in listed if entry["name"] == "fake"]
    assert {
        "name": "fake",
        "distribution": "fake-insurer",
        "version": "1.2",
        "hooks": [
            *("features", "eligibility", "document_validity", "issuance_triggers"),
            *("reflection_latency", "presentation", "returns"),
        ],
        "state": "loadable",
    } == fake


def test_a_broken_plugin_is_listed_with_the_reason(place):
    place.install("broken-insurer", "hokensha", {"broken": "no_such_module_anywhere"})
    result = place.run("plugins", "--json")
    assert 0 == result.exit_code
    (broken,) = [entry for entry in json.loads(result.stdout) if entry["name"] == "broken"]
    assert [] == broken["hooks"]
    assert "cannot be imported (no_such_module_anywhere)" in broken["state"]
    table = place.run("plugins").stdout
    assert "fake-insurer" in table
    assert "cannot be imported" in " ".join(table.split())


def test_a_policy_whose_plugin_is_absent_is_at_fault(place):
    policy = place.write("other.toml", place.POLICY.replace('["fake"]', '["fakes"]'))
    result = place.run("validity", policy, "eligibility-certificate", "--list")
    assert 1 == result.exit_code
    assert "is not installed (did you mean 'fake'?)" in result.stderr


def test_the_first_preset_is_printed_as_it_is(place):
    result = place.run("init", "--plugin", "fake")
    assert (0, "# a large policy\n") == (result.exit_code, result.stdout)


def test_a_preset_is_chosen_by_name(place):
    result = place.run("init", "--plugin", "fake", "--preset", "small")
    assert "# a small policy\nname = '小'\n" == result.stdout


def test_presets_are_listed(place):
    assert ["fake", "large,", "small"] == place.run("init", "--plugin", "fake", "--list").stdout.split()[-3:]
    assert "large, small" in place.run("init", "--list").stdout


def test_a_preset_that_there_is_not_is_at_fault_and_names_those_that_are(place):
    result = place.run("init", "--plugin", "fake", "--preset", "smal")
    assert 1 == result.exit_code
    assert "no preset 'smal' (did you mean 'small'?); it has: large, small" in result.stderr


def test_a_plugin_that_there_is_not_is_at_fault_and_names_those_that_are(place):
    result = place.run("init", "--plugin", "fakes")
    assert 1 == result.exit_code
    assert "no plugin 'fakes' (did you mean 'fake'?); installed: " in result.stderr


def test_a_plugin_without_presets_says_so(place):
    (place.site / "bare_insurer.py").write_text("", "utf-8")
    place.install("bare-insurer", "hokensha", {"bare": "bare_insurer"})
    result = place.run("init", "--plugin", "bare")
    assert (1, "error: plugin 'bare' has no preset; it has: none\n") == (result.exit_code, result.stderr)


def test_a_plugin_that_cannot_be_imported_has_no_presets_but_a_reason(place):
    place.install("broken-insurer", "hokensha", {"broken": "no_such_module_anywhere"})
    result = place.run("init", "--plugin", "broken")
    assert 1 == result.exit_code
    assert "plugin broken: cannot be imported (no_such_module_anywhere)" in result.stderr
    assert 0 == place.run("init", "--list").exit_code


def test_a_plugin_or_the_list_has_to_be_asked_for(place):
    assert 2 == place.run("init").exit_code
