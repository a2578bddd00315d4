"""Every rule of the five sources is accounted for, and every citation names a rule."""

import account
import pytest

ENTRIES = account.entries()


def test_there_are_136_rules_and_each_has_its_place_in_a_policy():
    numbered = [locator for locator in ENTRIES if locator[0].isdigit()]

    assert 136 == len(account.rule_ids())
    assert account.rule_ids() == numbered


@pytest.mark.parametrize("rule", account.rule_ids())
def test_each_rule_is_implemented_or_told_or_set_aside_with_a_reason(rule):
    assert ENTRIES[rule].uses


@pytest.mark.parametrize("rule", [rule for rule in account.rule_ids() if ENTRIES[rule].decides()])
def test_each_rule_on_which_an_answer_hangs_is_cited_by_a_case(rule):
    assert ENTRIES[rule].cases > 0


@pytest.mark.parametrize("rule", account.rule_ids())
def test_no_rule_is_both_set_aside_and_used(rule):
    kinds = {use.kind for use in ENTRIES[rule].uses}

    assert "not software" not in kinds or kinds == {"not software"}


def test_every_citation_anywhere_names_a_rule():
    strangers = sorted({(place, cite) for place, cite in account.citations() if cite not in ENTRIES})

    assert [] == strangers
