"""The case runner: strict when it reads, exact when it compares."""

from __future__ import annotations

import pytest

from hokensha import Plugin
from hokensha.errors import PolicyError
from hokensha.plugins import Provided, Provider
from hokensha.policy import bind, load_policy
from hokensha.rules import At
from hokensha_conformance import load_cases, mismatches
from hokensha_standard import CARD, CERTIFICATE, ENROLLED, UNTIL_SCHEME_ENDS, Card, standard

declare = Plugin()

POLICY = """
schema = "hokensha/policy/1"
published = 2025-01-01
plugins = ["toy"]

[insurer]
name = "試験組合"
name_en = "Toy"

[[sources]]
id = "toy"
title = "t"
publisher = "p"
locators = { t-1 = "1" }

[figures]
scheme-last-day = { of = "left_on", modality = "exact", rule = [{ days = -1 }], cites = ["t-1"] }
my-number-insurance-card-last-day = { modality = "not-stated", cites = ["t-1"] }
health-insurance-card-last-day = { of = "health_insurance_card_valid_until", modality = "exact" }
term = { modality = "exact", rule = [{ months = 3 }], cites = ["t-1"] }
week = { modality = "about", rule = [{ days = 7 }], cites = ["t-1"] }

[rules]
member = { cites = ["t-1"] }
cardless = { cites = ["t-1"], claim = "unstated" }
certificate = { cites = ["t-1"], basis = "ex-officio" }
certificate-term = { cites = ["t-1"], figure = "term" }
delivery = { cites = ["t-1"], figure = "week" }
certificate-serves = { cites = ["t-1"] }
"""

BASE = """
policy = "policy.toml"
[base]
enrolled_on = 2025-04-01
my_number_card = "none"
none = ["left_on", "eligibility_certificate_issued_on", "eligibility_certificate_returned_on",
    "eligibility_certificate_valid_until", "eligibility_notice_issued_on",
    "health_insurance_card_valid_until", "health_insurance_card_returned_on"]
"""

CASE = """
[[case]]
id = "owed"
says = "A member without a card gets a certificate."
cites = ["t-1"]
on = 2025-04-10
[case.decide]
status = "decided"
issuances = [{ trigger = "certificate", medium = "null", valid_until = { date = 2025-07-10 } }]
"""
HEAD = '[[case]]\nid = "a"\nsays = "s"\ncites = ["t-1"]\n'
VALID = 'validity = { document = "eligibility-certificate", issued = 2025-01-31, expect.date = 2025-04-30 }'
REFLECT = """
[case.reflect]
process = "delivery"
from = 2025-01-31
expect = { date = 2025-02-07, counts_from = "null" }
"""
PRESENT = """
on = 2025-04-10
[case.present]
at = "equipped"
expect = { accepted = [], shown_is_accepted = "null" }
"""
SHOWN = """
on = 2025-04-10
[case.present]
at = "equipped"
with = ["portal-screen"]
expect = { accepted = [], shown_is_accepted = false }
"""


@declare.scheme("member", "加入", "member")
def member(s):
    return s[ENROLLED] and s[UNTIL_SCHEME_ENDS]


@declare.ground("cardless", "カードなし", "no card")
def cardless(s):
    return s[CARD] is Card.NONE


@declare.trigger("certificate", "交付", "certificate", document=CERTIFICATE)
def certificate(s):
    return s[cardless]


TERM = declare.validity("certificate-term", "期限", "term", document=CERTIFICATE)
DELIVERY = declare.latency("delivery", "到着", "delivery", process="delivery")


@declare.presents(
    "certificate-serves",
    "資格確認書",
    "certificate",
    at=(At.EQUIPPED,),
    shows=(CERTIFICATE,),
)
def certificate_serves(s):
    return s[CERTIFICATE.valid]


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "cases.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def rulebook(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text(POLICY, encoding="utf-8")
    rules = (member, cardless, certificate, TERM, DELIVERY, certificate_serves)
    return bind(load_policy(path), [Provided(Provider("toy"), tuple(standard.features()), rules)])


def test_a_case_that_agrees_has_no_mismatches(write, rulebook):
    (case,) = load_cases(write(BASE + CASE)).cases

    assert () == mismatches(rulebook, case)


@pytest.mark.parametrize(
    ("right", "wrong", "where"),
    [
        ("2025-07-10", "2025-07-11", "issuances[0].valid_until.date: expected '2025-07-11'"),
        ('medium = "null"', 'medium = "paper"', "issuances[0].medium: expected 'paper', found None"),
        ('status = "decided"', 'statuz = "decided"', "statuz: the answer has no such key"),
        ('status = "decided"', "returns = [{}]", "returns: expected 1 elements"),
        ('status = "decided"', "missing = { a = 1 }", "missing: expected a table"),
        ('status = "decided"', "insurer = true", "insurer: expected True"),
    ],
)
def test_a_mismatch_says_where(write, rulebook, right, wrong, where):
    (case,) = load_cases(write(BASE + CASE.replace(right, wrong))).cases

    (found,) = mismatches(rulebook, case)

    assert found.startswith(where)


def test_facts_stand_over_the_base_and_can_be_taken_away(write):
    changed = 'facts = { left_on = 2025-05-01 }\nnone = ["my_number_card"]\nunknown = ["enrolled_on"]\n'

    (case,) = load_cases(write(BASE + HEAD + changed + VALID)).cases

    assert {"left_on"} == set(case.facts)
    assert "my_number_card" in case.none
    assert "left_on" not in case.none
    assert "enrolled_on" not in (*case.facts, *case.none)


def test_a_fact_that_is_said_to_be_unknown_has_to_be_one(write, rulebook):
    misspelt = HEAD + 'unknown = ["enroled_on"]\n' + VALID.replace("{", "{ member = true, ", 1)
    (case,) = load_cases(write(BASE + misspelt)).cases

    (found,) = mismatches(rulebook, case)

    assert "unknown: no such fact 'enroled_on' (did you mean 'enrolled_on'?)" in found


def test_the_policy_is_found_beside_the_case_file(write, tmp_path):
    assert str(tmp_path / "policy.toml") == load_cases(write(BASE + CASE)).policy


@pytest.mark.parametrize("question", [VALID, REFLECT, PRESENT, SHOWN])
def test_other_questions(write, rulebook, question):
    (case,) = load_cases(write(BASE + HEAD + question)).cases

    assert () == mismatches(rulebook, case)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (REFLECT.replace("delivery", "delivry"), "no process 'delivry' (did you mean 'delivery'?)"),
        (
            VALID.replace("eligibility-c", "eligibilty-c"),
            "no document 'eligibilty-certificate' (did you mean",
        ),
        (SHOWN.replace("portal-screen", "portal-scren"), "no document 'portal-scren' (did you mean"),
    ],
)
def test_what_the_policy_does_not_know_is_a_mismatch(write, rulebook, question, said):
    (case,) = load_cases(write(BASE + HEAD + question)).cases

    (found,) = mismatches(rulebook, case)
    assert found.startswith("raised: ")
    assert said in found


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (BASE + CASE + CASE, "case[1].id: 'owed' is the id of another case"),
        (BASE + CASE.replace("on = 2025-04-10", ""), "case[0].on: is missing"),
        (BASE + CASE.replace("decide", "decid"), "case[0].decid: no such key"),
        (BASE + HEAD, "case[0]: expected one of decide, validity, reflect, present, advise, found none"),
        (BASE + HEAD + REFLECT.replace("from", "form"), "case[0].reflect.from: is missing"),
        (BASE + HEAD + 'facts = { a = 1 }\nnone = ["a"]\n' + VALID, "case[0].a: stands under more than one"),
        (BASE.replace("none = [", "none = 1\nx = [") + CASE, "base.none: expected a list"),
        (BASE, "case: is missing"),
        ("[", "line 1, column 2: "),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_place(write, text, where):
    path = write(text)

    with pytest.raises(PolicyError) as raised:
        load_cases(path)

    assert any(str(finding).startswith(f"{path}: {where}") for finding in raised.value.findings)


def test_an_absent_file_is_at_fault(tmp_path):
    with pytest.raises(PolicyError, match="cannot be read"):
        load_cases(tmp_path / "none.toml")


# --- cases that hold under another policy, too

OTHER = """
policy = "other.toml"
[also]
cases = "cases.toml"
but = ["gone"]
"""
GONE = CASE.replace('"owed"', '"gone"')
OWN = CASE.replace('"owed"', '"own"')


def test_the_cases_of_another_file_follow_a_files_own_but_for_those_it_names(write, tmp_path):
    write(BASE + CASE + GONE)
    other = tmp_path / "other-cases.toml"
    other.write_text(OTHER + OWN, encoding="utf-8")

    found = load_cases(other)

    assert (str(tmp_path / "other.toml"), ["own", "owed"]) == (
        found.policy,
        [case.id for case in found.cases],
    )


def test_cases_that_are_taken_over_keep_the_facts_of_their_own_base(write, tmp_path):
    write(BASE + CASE + GONE)
    other = tmp_path / "other-cases.toml"
    other.write_text(OTHER + '[base]\nmy_number_card = "held"\n' + OWN, encoding="utf-8")

    own, taken = load_cases(other).cases

    assert ("held", "none") == (own.facts["my_number_card"], taken.facts["my_number_card"])


def test_a_case_of_ones_own_may_take_the_place_of_one_that_is_left_out(write, tmp_path):
    write(BASE + CASE + GONE)
    other = tmp_path / "other-cases.toml"
    other.write_text(OTHER + GONE, encoding="utf-8")

    assert ["gone", "owed"] == [case.id for case in load_cases(other).cases]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (OTHER.replace("gone", "gonne") + OWN, "also.but[0]: 'gonne' is no case of cases.toml (did you mean"),
        (OTHER + CASE, "case[0].id: 'owed' is the id of a case of cases.toml"),
        (OTHER.replace("cases.toml", "other-cases.toml") + OWN, "also.cases: takes over its own cases"),
        (OTHER.replace("but", "butt") + OWN, "also.butt: no such key"),
    ],
)
def test_what_is_wrong_in_taking_over_is_said_with_its_place(write, tmp_path, text, where):
    write(BASE + CASE + GONE)
    other = tmp_path / "other-cases.toml"
    other.write_text(text, encoding="utf-8")

    with pytest.raises(PolicyError) as raised:
        load_cases(other)

    assert any(str(finding).startswith(f"{other}: {where}") for finding in raised.value.findings)
