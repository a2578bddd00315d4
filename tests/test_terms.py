"""What a policy may say of its plugins' rules beyond the plain case: as-of days, purposes, relations."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner
from warehouse import JOINER, WORKING, issued

from hokensha.engine import purposes, reflect, validity
from hokensha.errors import PolicyError
from hokensha.policy import open_rulebook
from hokensha_cli.main import cli
from hokensha_standard import CERTIFICATE
from hokensha_verify import check

APPLICATION = """channel = "employer"
channel_continuation = "direct"
form = "資格取得届"
form_dependent = "被扶養者異動届"
"""


@pytest.mark.parametrize(
    ("relation", "continuation", "channel", "form"),
    [
        ("insured", False, "employer", "資格取得届"),
        ("dependent", False, "municipality", "被扶養者異動届"),
        ("insured", True, "direct", "任意継続申出書"),
        ("dependent", True, "direct", "任意継続申出書"),
    ],
)
def test_channel_and_form_follow_continuation_first_and_then_the_relation(
    changed, relation, continuation, channel, form
):
    more = APPLICATION + 'channel_dependent = "municipality"\nform_continuation = "任意継続申出書"\n'
    path = changed((APPLICATION, more))
    (issuance,) = issued(path, "2025-04-10", relation=relation, continuation=continuation, **JOINER).issuances
    assert (channel, form) == (issuance.channel, issuance.form)


SHORT = """[figures.three-months]
modality = "at-most"
rule = [{ months = 3 }]
cites = ["003-21"]

[figures.mass-issuance-from]"""
PURPOSES = (
    ("[figures.mass-issuance-from]", SHORT),
    ('figure = "certificate-term"', 'figure = "certificate-term"\npurposes = { joiner = "three-months" }'),
    (APPLICATION, APPLICATION + 'purpose = "joiner"\n'),
)


def test_a_policy_gives_a_document_further_purposes(changed):
    rulebook = open_rulebook(changed(*PURPOSES))
    known = [bound.rule.purpose for bound in purposes(rulebook, CERTIFICATE)]
    assert ["standard", "joiner"] == known
    day = validity(rulebook, CERTIFICATE, date(2025, 4, 10), "joiner")
    assert date(2025, 7, 10) == day.date


def test_a_trigger_takes_the_purpose_that_the_policy_made(changed):
    path = changed(*PURPOSES)
    assert () == check(path).errors
    (issuance,) = issued(path, "2025-04-10", **JOINER).issuances
    assert date(2025, 7, 10) == issuance.valid_until.date


def test_a_purpose_that_a_rule_of_the_plugin_has_already_is_a_clash(changed):
    held = (
        'figure = "certificate-term"',
        'figure = "certificate-term"\npurposes = { held = "certificate-term" }',
    )
    assert "rule-clash" in [found.code for found in check(changed(held)).errors]


def test_a_purpose_without_a_figure_is_told(changed):
    gone = ('figure = "certificate-term"', 'figure = "certificate-term"\npurposes = { joiner = "no-such" }')
    with pytest.raises(PolicyError, match=r"certificate-validity\.purposes\.joiner: no such figure"):
        open_rulebook(changed(gone))


FIXED = """[figures.mass-as-of]
modality = "exact"
rule = [{ on = 2025-09-30 }]
cites = ["003-22"]

[figures.mass-issuance-from]"""
AS_OF = (
    ("[figures.mass-issuance-from]", FIXED),
    ("mass = true\n", 'mass = true\nas_of = "mass-as-of"\n'),
)


@pytest.mark.parametrize(("received", "owed"), [("2025-09-30", ["mass-issuance"]), ("2025-10-01", [])])
def test_a_mass_issuance_is_asked_as_of_its_own_day(changed, received, owed):
    """With an old card, who had applied to deregister by the as-of day is served, and nobody later."""
    decision = issued(
        changed(*AS_OF),
        "2025-11-10",
        deregistration_received_on=received,
        health_insurance_card_valid_until="2027-03-31",
    )
    assert owed == [issuance.trigger for issuance in decision.issuances]


def test_an_as_of_day_has_to_be_a_fixed_day(changed):
    path = changed(("mass = true\n", 'mass = true\nas_of = "left-last-day"\n'))
    assert "figure-rolls" in [found.code for found in check(path).errors]


LATENCY = 'figure = "enrolment-shown"'


def test_a_latency_counts_from_the_fact_that_the_policy_names(changed):
    path = changed((LATENCY, LATENCY + '\ncounts_from = "enrolled_on"'))
    assert "enrolled_on" == reflect(open_rulebook(path), "enrolment", date(2025, 5, 1)).counts_from


@pytest.mark.parametrize(
    ("fact", "said"),
    [("enroled_on", r"no such fact \(did you mean 'enrolled_on'\?\)"), ("relation", "is no day")],
)
def test_a_latency_counts_from_a_day_that_there_is(changed, fact, said):
    with pytest.raises(PolicyError, match=said):
        open_rulebook(changed((LATENCY, f'{LATENCY}\ncounts_from = "{fact}"')))


@pytest.mark.parametrize(
    "key", ['as_of = "transition-end"', 'counts_from = "left_on"', 'purposes = { a = "transition-end" }']
)
def test_terms_that_mean_nothing_for_a_kind_of_rule_are_told(changed, key):
    with pytest.raises(PolicyError, match="means nothing for a scheme rule"):
        open_rulebook(changed(("[rules.enrolled]\n", f"[rules.enrolled]\n{key}\n")))


TEN_APRIL = """[figures.ten-april]
modality = "exact"
rule = [{ on = 2026-04-10 }]
cites = ["003-02"]

[rules.cannot-use-card]
due_through = "ten-april"
"""
BY_TEN_APRIL = ("[rules.cannot-use-card] # 申請の要否の記載なし\n", TEN_APRIL)


@pytest.mark.parametrize(
    ("on", "said"), [("2026-04-10", "through 2026-04-10\n"), ("2026-04-11", "through 2026-04-10 (overdue)\n")]
)
def test_what_was_due_by_an_earlier_day_is_overdue(changed, tmp_path, on, said):
    member = tmp_path / "member.json"
    member.write_text(json.dumps({**WORKING, "my_number_card": "renewing"}), encoding="utf-8")
    command = ["decide", changed(BY_TEN_APRIL), str(member), "--on", on, "--lang", "en"]
    assert f"due: at once {said}" in CliRunner().invoke(cli, command).stdout
