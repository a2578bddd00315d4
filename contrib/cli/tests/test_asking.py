"""``hokensha validity``, ``reflect`` and ``present``: questions asked apart from a whole decision."""

from __future__ import annotations

import json

import pytest

DAY_VALUE = [
    *("date", "earliest", "latest", "modality", "approximate", "planned"),
    *("reading", "alternatives", "cites"),
]
CERTIFICATE = "eligibility-certificate"


def test_validity_answers_a_day_value(place):
    result = place.run("validity", place.policy, CERTIFICATE, "--issued", "2026-11-21", "--json")
    assert 0 == result.exit_code
    answer = json.loads(result.stdout)
    assert DAY_VALUE == list(answer)
    assert "2030-12-01" == answer["date"]
    assert ["2031-12-01"] == answer["alternatives"]


def test_validity_is_said_to_people_with_its_reading_and_source(place):
    result = place.run("validity", place.policy, CERTIFICATE, "--issued", "R8.11.21", "--lang", "ja")
    assert (
        "資格確認書: 令和12年12月1日 (2030-12-01)"
        " (読み方: 最初の12月1日; 別の読み方では 令和13年12月1日 (2031-12-01)) [000-02]\n"
        "  000-02: よくある質問, 問2\n"
    ) == result.stdout


def test_what_a_source_does_not_state_is_an_answer(place):
    command = ("validity", place.policy, CERTIFICATE, "--issued", "2026-11-21", "--purpose", "short-term")
    assert "not-stated" == json.loads(place.run(*command, "--json").stdout)["modality"]
    assert "eligibility certificate: not stated [000-03]" in place.run(*command).stdout


def test_a_members_end_in_the_scheme_cuts_the_validity(place):
    member = place.write("member.json", {**place.MEMBER, "left_on": "2027-04-01"})
    command = ("validity", place.policy, CERTIFICATE, "--issued", "2026-11-21", "--member", member)
    assert "2027-03-31" == json.loads(place.run(*command, "--json").stdout)["date"]


def test_purposes_are_listed(place):
    command = ("validity", place.policy, CERTIFICATE, "--list")
    listed = json.loads(place.run(*command, "--json").stdout)
    assert ["standard", "short-term"] == [entry["purpose"] for entry in listed]
    assert "a short term [000-03]" in place.run(*command).stdout


def test_a_purpose_that_there_is_not_is_at_fault_and_names_those_that_are(place):
    command = ("validity", place.policy, CERTIFICATE, "--issued", "2026-11-21", "--purpose", "standart")
    result = place.run(*command)
    assert 1 == result.exit_code
    assert "(did you mean 'standard'?); known: standard, short-term" in result.stderr


def test_a_document_that_there_is_not_is_wrong_usage_and_lists_the_documents(place):
    result = place.run("validity", place.policy, "certificate", "--list")
    assert 2 == result.exit_code
    assert result.stderr.startswith(
        "error: no document 'certificate' (did you mean 'eligibility-certificate'?); "
        "this policy knows: eligibility-certificate, "
    )
    assert ", portal-screen\n'hokensha validity --help' shows" in result.stderr


@pytest.mark.parametrize(
    "arguments", [("validity", "p", CERTIFICATE), ("reflect", "p"), ("reflect", "p", "enrolment")]
)
def test_a_question_without_a_day_is_wrong_usage(place, arguments):
    result = place.run(*arguments)
    assert 2 == result.exit_code
    assert "'--list'" in result.stderr


def test_reflect_answers_a_day_value_and_what_it_counts_from(place):
    result = place.run("reflect", place.policy, "enrolment", "--from", "2026-11-20", "--json")
    answer = json.loads(result.stdout)
    assert [*DAY_VALUE, "counts_from"] == list(answer)
    # 21 and 22 November are a weekend, the 23rd a bank holiday.
    assert ("2026-11-26", "about") == (answer["date"], answer["modality"])
    assert "enrolment_received_on" == answer["counts_from"]


def test_reflect_is_said_to_people(place):
    result = place.run("reflect", place.policy, "enrolment", "--from", "2026-11-20", "--lang", "ja")
    assert "加入からの反映: 令和8年11月26日 (2026-11-26) ごろ [000-04]\n" in result.stdout
    assert "起算: 取得届受付日 (enrolment_received_on)" in result.stdout


def test_processes_are_listed(place):
    listed = json.loads(place.run("reflect", place.policy, "--list", "--json").stdout)
    assert [("enrolment", "enrolment_received_on")] == [(e["process"], e["counts_from"]) for e in listed]
    assert "from joining [000-04]" in place.run("reflect", place.policy, "--list").stdout


def test_a_process_that_there_is_not_is_at_fault_and_names_those_that_are(place):
    result = place.run("reflect", place.policy, "enrollment", "--from", "2026-11-20")
    assert 1 == result.exit_code
    assert "no process 'enrollment' (did you mean 'enrolment'?)" in result.stderr


def holding(place, **facts):
    return place.write("member.json", {**place.MEMBER, **facts})


def test_present_answers_what_serves_and_what_may_be_refused(place):
    member = holding(place, eligibility_certificate_issued_on="2025-12-02")
    command = ("present", place.policy, member, "--on", "2026-08-06", "--at", "unequipped", "--json")
    assert {
        "accepted": [["eligibility-certificate"]],
        "uncertain": [["my-number-card", "portal-screen"]],
        "cites": ["000-05", "000-06"],
    } == json.loads(place.run(*command).stdout)


@pytest.mark.parametrize(
    ("shown", "accepted"),
    [
        (("eligibility-certificate",), True),
        (("eligibility-certificate", "my-number-card"), True),
        (("my-number-card", "portal-screen"), None),
        (("my-number-card",), False),
    ],
)
def test_whether_what_is_shown_serves_is_said_only_if_something_is_shown(place, shown, accepted):
    member = holding(place, eligibility_certificate_issued_on="2025-12-02")
    command = ["present", place.policy, member, "--on", "2026-08-06", "--at", "unequipped", "--json"]
    for document in shown:
        command += ["--with", document]
    assert accepted is json.loads(place.run(*command).stdout)["shown_is_accepted"]


def test_present_names_the_facts_that_are_missing(place):
    facts = {k: v for k, v in place.MEMBER.items() if k != "eligibility_certificate_issued_on"}
    member = place.write("member.json", facts)
    command = ("present", place.policy, member, "--on", "2026-08-06", "--at", "equipped")
    answer = json.loads(place.run(*command, "--json").stdout)
    assert ["eligibility_certificate_issued_on"] == answer["missing"]
    assert "missing facts: eligibility certificate issued on" in place.run(*command).stdout


def test_present_is_said_to_people(place):
    member = holding(place)
    command = ("present", place.policy, member, "--on", "2026-08-06", "--lang", "ja")
    said = place.run(*command, "--at", "unequipped", "--with", "my-number-card").stdout
    assert "A-1  令和8年8月6日 (2026-08-06)  カードリーダーのない医療機関等" in said
    assert "断られることがあります: マイナンバーカード + マイナポータルの資格情報画面" in said
    assert "提示したもの (マイナンバーカード): 受けられません" in said
    assert "000-06: よくある質問, 問6" in said
    assert "受けられる組合せはありません" in place.run(*command, "--at", "equipped").stdout


def test_present_takes_one_member(place):
    members = place.write("members.json", [place.MEMBER])
    result = place.run("present", place.policy, members, "--on", "2026-08-06", "--at", "equipped")
    message = f"error: {members}: holds a list of 1; expected one member, a JSON object of facts\n"
    assert (1, message) == (result.exit_code, result.stderr)


def test_what_hangs_on_unknown_facts_is_not_said_to_be_none(place):
    """Of a member of whom nothing is known, "none" would be a lie."""
    member = place.write("member.json", {"id": "A-1"})
    decided = place.run("decide", place.policy, member, "--on", "2026-08-06").stdout
    assert "documents owed: none for certain (it depends on what is missing)" in decided
    shown = place.run("present", place.policy, member, "--on", "2026-08-06", "--at", "equipped").stdout
    assert "nothing serves for certain (it depends on what is missing)" in shown


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--at", "home"), "is not one of"),
        (("--at", "equipped", "--with", "passport"), "error: no document 'passport'; this policy knows: "),
    ],
)
def test_places_and_documents_that_there_are_not_are_wrong_usage(place, option, said):
    result = place.run("present", place.policy, "member.json", "--on", "2026-08-06", *option)
    assert 2 == result.exit_code
    assert said in result.stderr
