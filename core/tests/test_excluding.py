"""To whom a document is not issued, whatever it would be owed on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from small import TRIGGERS

from hokensha import Plugin
from hokensha.engine import advice
from hokensha.policy import Terms
from hokensha_standard import CERTIFICATE, NEEDS_ASSISTANCE, NOTICE

declare = Plugin()
ON = date(2025, 6, 15)
LOST = {"my_number_card": "lost", "health_insurance_card_valid_until": None}
ASKED = {"my_number_card": "returned", "certificate_requested_on": ON}


@declare.exclusion("in-arrears", "特別療養費の対象", "in arrears", document=CERTIFICATE)
def in_arrears(s: Any) -> bool:
    """A fact of everybody's stands for arrears here."""
    return s[NEEDS_ASSISTANCE]


@pytest.fixture
def excluding(small_with):
    """The small rulebook, in which those in arrears get no certificate."""

    def made(**period: Any) -> Any:
        return small_with(TRIGGERS, others={in_arrears: Terms(("the-page",), **period)})

    return made


def not_owed(decision: dict[str, Any], document: str = "eligibility-certificate") -> dict[str, Any]:
    found: dict[str, Any]
    (found,) = [each for each in decision["not_owed"] if each["document"] == document]
    return found


def documents(decision: dict[str, Any]) -> list[str]:
    return [each["document"] for each in decision["issuances"]]


@pytest.mark.parametrize("facts", [LOST, ASKED])
def test_nothing_is_issued_on_a_ground_or_an_application(excluding, facts):
    assert ["eligibility-certificate"] == documents(excluding().decide(ON, **facts, needs_assistance=False))
    assert [] == documents(excluding().decide(ON, **facts, needs_assistance=True))


def test_the_answer_names_the_rule_and_its_source(excluding):
    found = not_owed(excluding().decide(ON, **LOST, needs_assistance=True))

    assert ("excluded", "in arrears", ["the-page"]) == (found["because"], found["label"], found["cites"])


def test_it_comes_after_the_end_of_the_scheme_and_before_what_was_given(excluding):
    given = {"eligibility_certificate_issued_on": date(2025, 1, 10), "needs_assistance": True}

    assert "excluded" == not_owed(excluding().decide(ON, **LOST, **given))["because"]
    left = excluding().decide(ON, **LOST, **given, left_on=date(2025, 6, 1))
    assert "not-in-scheme" == not_owed(left)["because"]


def test_it_holds_against_its_own_document_and_nothing_that_is_held(excluding):
    sent = excluding().decide(ON, needs_assistance=True, eligibility_notice_issued_on=None)
    assert ["eligibility-notice"] == documents(sent)
    held = {"eligibility_certificate_issued_on": date(2025, 1, 10), "needs_assistance": True}
    states = {each["document"]: each["valid"] for each in excluding().decide(ON, **held)["documents"]}
    assert states["eligibility-certificate"] is True


def test_it_holds_in_its_period_alone(excluding):
    small = excluding(since=date(2025, 6, 15), through=date(2025, 7, 31))
    days = [date(2025, 6, 14), date(2025, 6, 15), date(2025, 7, 31), date(2025, 8, 1)]

    owed = [bool(documents(small.decide(day, **LOST, needs_assistance=True))) for day in days]

    assert [True, False, False, True] == owed


def test_whether_somebody_is_excluded_may_be_what_is_missing(excluding):
    decision = excluding().decide(ON, ("needs_assistance",), **LOST)

    assert ("undetermined", ["needs_assistance"]) == (decision["status"], decision["missing"])
    assert [] == documents(decision)


def test_who_is_excluded_does_not_fall_through(excluding):
    """Nothing serves, and nothing is owed; but why not is an answer."""
    small = excluding()
    member = small.member(**LOST, needs_assistance=True)

    assert advice(small.rulebook, member, ON).needed is False


def test_another_documents_exclusion_answers_nobody(small_with):
    """Who gets no notice needs something that serves all the same."""

    @declare.exclusion("no-notice", "通知なし", "no notice", document=NOTICE)
    def no_notice(s: Any) -> bool:
        return s[NEEDS_ASSISTANCE]

    small = small_with({}, others={no_notice: Terms(("x",))})
    member = small.member(**LOST, needs_assistance=True)

    assert advice(small.rulebook, member, ON).needed is True
