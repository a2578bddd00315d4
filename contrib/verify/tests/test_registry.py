"""The checks of a policy: each declared once, and every finding the matter of one of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hokensha_verify
from hokensha.errors import Finding
from hokensha_verify import POLICY_CHECKS, Needs, check, check_of

SOURCE = Path(hokensha_verify.__file__).parent
LOADING = "HK401"
"""Its matter are all errors that are no other check's, those of loading a policy among them."""


def codes(each):
    return (*each.errors, *each.warnings, *each.notes)


def test_every_check_has_an_id_of_its_own_and_says_what_it_proves_and_how_to_mend():
    ids = [each.id for each in POLICY_CHECKS]
    assert sorted(set(ids)) == ids
    assert [] == [each.id for each in POLICY_CHECKS if not re.fullmatch(r"HK\d{3}", each.id)]
    assert [] == [each.id for each in POLICY_CHECKS if not (each.proves and each.mend and each.title.ja)]


def test_no_code_is_the_matter_of_two_checks():
    declared = [code for each in POLICY_CHECKS for code in codes(each)]
    assert sorted(set(declared)) == sorted(declared)


def test_every_code_that_is_declared_is_found_somewhere():
    text = "".join(file.read_text("utf-8") for file in SOURCE.glob("*.py") if file.name != "registry.py")
    found = {code for each in POLICY_CHECKS for code in codes(each) if f'"{code}"' in text}
    of_loading = {"undeclared-citation"}  # found before a policy meets its plugins
    of_tools = {"column-unread", "roll-unencodable"}  # found by the owners of tools
    assert of_loading | of_tools == {code for each in POLICY_CHECKS for code in codes(each)} - found


@pytest.mark.parametrize(
    ("code", "id_"),
    [
        ("rule-raises", "HK203"),
        ("falls-through", "HK301"),
        ("not-stated", "HK402"),
        ("missing-figure", LOADING),
        ("whatever-a-tool-finds", LOADING),
    ],
)
def test_every_finding_is_the_matter_of_one_check(code, id_):
    assert id_ == check_of(Finding("", "", code)).id


# --- reports


def reported(place, *pieces):
    text = place.POLICY
    for old, new in pieces:
        assert old in text
        text = text.replace(old, new)
    return check(place.write("changed.toml", text))


def of(report):
    return {each.id: [found.code for found in report.of(each)] for each in POLICY_CHECKS if report.of(each)}


def test_what_is_found_fails_the_check_whose_matter_it_is(place):
    spare = '\n[figures.spare]\nmodality = "exact"\ncites = ["000-02"]\n\n[figures.term]\n'
    report = reported(place, ("\n[figures.term]\n", spare))
    assert report.ok
    assert ["figure-unused"] == of(report)["HK403"]


def test_what_is_not_stated_is_told_and_fails_no_check(place):
    report = reported(place)
    assert "not-stated" in [found.code for found in report.warnings]
    assert "not-stated" not in [code for found in of(report).values() for code in found]


def test_checks_that_errors_stand_in_the_way_of_are_told_as_left_out(place):
    """The figure of the last day in the scheme is missing: no decision means anything."""
    report = reported(place, ("[figures.scheme-last-day]", "[figures.scheme-last-night]"))
    assert not report.ok
    assert {each.id for each in POLICY_CHECKS if each.needs in (Needs.RULES, Needs.SOUND)} == {
        *report.left_out
    }


def test_where_a_policy_does_not_load_only_what_says_why_is_asked(place):
    report = reported(place, ("years = 4", "yaers = 4"))
    assert {each.id for each in POLICY_CHECKS if each.needs is not Needs.NOTHING} == {*report.left_out}
    assert [LOADING] == list(of(report))


def test_nothing_is_left_out_where_there_is_no_error(place):
    assert () == reported(place).left_out
