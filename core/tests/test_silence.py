"""Why a document is not owed: the first reason that applies, with the rule that says so and its sources."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import hokensha_standard as standard
from hokensha import Plugin
from hokensha.dates import Figure, Modality, On
from hokensha.engine import decide
from hokensha.policy import Terms
from hokensha.rules import Basis
from hokensha_standard import CERTIFICATE

declare = Plugin()
ON = date(2025, 6, 15)
LOST = {"my_number_card": "lost"}
RETURNED = {"my_number_card": "returned"}
"""The old card is valid still, so nothing is owed on that ground."""
HELD = {
    "eligibility_certificate_issued_on": date(2025, 1, 10),
    "eligibility_certificate_valid_until": date(2029, 12, 1),
}


def certificate(small: Any, on: date = ON, **changes: Any) -> dict[str, Any]:
    """What is said of a certificate that is not owed."""
    return of("eligibility-certificate", small, on, **changes)


def of(document: str, small: Any, on: date = ON, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any]
    (found,) = [n for n in small.decide(on, **changes)["not_owed"] if n["document"] == document]
    return found


@pytest.mark.parametrize(
    ("facts", "because", "label", "cites"),
    [
        ({"left_on": date(2025, 6, 1)}, "not-in-scheme", "eligibility lost", ["ground"]),
        ({"enrolled_on": date(2025, 7, 1)}, "not-in-scheme", "not enrolled yet", ["ground"]),
        (
            {**LOST, **HELD, "health_insurance_card_valid_until": None},
            "already-given",
            "on a ground",
            ["source"],
        ),
        ({}, "serves-already", "card-read", ["card-read"]),
        ({"registered_on": None}, "not-due-yet", "mass issuance", ["mass"]),
        (RETURNED, "not-applied-for", "request", ["request"]),
    ],
)
def test_each_reason_with_its_rule_and_sources(small, facts, because, label, cites):
    expected = {"because": because, "label": label, "cites": cites}

    assert expected == {key: certificate(small, **facts)[key] for key in expected}


def test_what_is_owed_is_not_among_what_is_not(small):
    decision = small.decide(ON, **LOST, health_insurance_card_valid_until=None)

    assert ["eligibility-certificate"] == [each["document"] for each in decision["issuances"]]
    assert ["eligibility-notice"] == [each["document"] for each in decision["not_owed"]]


def test_the_reasons_come_in_their_order(small):
    """Who left is told that, whatever was given; and what was given comes before what serves."""
    assert "not-in-scheme" == certificate(small, left_on=date(2025, 6, 1), **HELD)["because"]
    assert "already-given" == of("eligibility-notice", small)["because"]
    assert "serves-already" == of("eligibility-notice", small, registered_on=None, **HELD)["because"]


def test_what_is_not_due_yet_says_from_when(small):
    assert "2025-10-01" == certificate(small, registered_on=None)["from"]
    assert certificate(small)["from"] is None


def test_of_several_that_are_not_due_yet_the_earliest_is_told(small_with):
    @declare.trigger("sooner", "早い", "sooner", document=CERTIFICATE)
    def sooner(s: Any) -> bool:
        return not s[standard.REGISTERED]

    @declare.trigger("later", "遅い", "later", document=CERTIFICATE)
    def later(s: Any) -> bool:
        return not s[standard.REGISTERED]

    days = {"in-july": date(2025, 7, 1), "in-august": date(2025, 8, 1)}
    figures = {name: Figure(Modality.EXACT, rule=(On(day),)) for name, day in days.items()}
    terms = {
        later: Terms(("a",), basis=Basis.EX_OFFICIO, due_from="in-august"),
        sooner: Terms(("b",), basis=Basis.EX_OFFICIO, due_from="in-july"),
    }
    found = certificate(small_with(terms, figures), registered_on=None)

    assert ("sooner", ["b"], "2025-07-01") == (found["label"], found["cites"], found["from"])


def test_an_application_that_would_not_do_is_not_asked_for(small_with):
    """It is what would hold if it were applied for on the day asked that counts."""

    @declare.trigger(
        "early-request", "x", "early", document=CERTIFICATE, met_since="certificate_requested_on"
    )
    def early(s: Any) -> bool:
        return s[standard.REQUESTED] and s[standard.CARD_WORKS]

    found = certificate(small_with({early: Terms(("x",), basis=Basis.APPLICATION)}), **LOST)

    assert ("no-rule", None, []) == (found["because"], found["label"], found["cites"])


def test_a_document_that_no_rule_can_issue_is_not_listed(small):
    listed = [each["document"] for each in small.decide(ON)["not_owed"]]

    assert ["eligibility-certificate", "eligibility-notice"] == listed


def test_of_whom_not_all_is_known_a_reason_is_told_that_is_the_same_in_any_case(small):
    told = certificate(small, without=("my_number_card",), left_on=date(2025, 6, 1))

    assert "not-in-scheme" == told["because"]


def test_where_the_reason_hangs_on_what_is_not_known_none_is_told(small):
    told = certificate(small, without=("my_number_card",))

    assert {"because": None, "label": None, "cites": [], "from": None} == {
        key: told[key] for key in ("because", "label", "cites", "from")
    }


def test_a_document_that_may_be_owed_is_not_said_not_to_be(small):
    decision = small.decide(ON, ("my_number_card",), health_insurance_card_valid_until=None)

    assert ["eligibility-notice"] == [each["document"] for each in decision["not_owed"]]
    assert decision["complete"]["issuances"] is False


def test_what_only_the_reason_hangs_on_is_not_missing(small):
    """Nothing is owed to who is not in the scheme; whether it was applied for changes nothing."""
    decision = small.decide(ON, ("certificate_requested_on",), left_on=date(2025, 6, 1))

    assert ([], "decided") == (decision["missing"], decision["status"])


@pytest.mark.parametrize(
    "facts",
    [
        {},
        RETURNED,
        {"registered_on": None},
        {"left_on": date(2025, 6, 1)},
        {"my_number_card": "renewing"},
        HELD,
    ],
)
def test_what_is_remembered_says_the_same(small_with, facts):
    """A day that is asked about often is answered from memory."""
    small = small_with()
    first = decide(small.rulebook, small.member(**facts), ON)
    for _ in range(12):
        last = decide(small.rulebook, small.member(**facts), ON)

    assert first == last
    assert first.not_owed


def test_in_scheme_is_told_and_open_where_that_is_not_known(small):
    assert small.decide(ON)["in_scheme"] is True
    assert small.decide(ON, left_on=date(2025, 6, 1))["in_scheme"] is False
    assert small.decide(ON, ("left_on",))["in_scheme"] is None


def test_a_list_is_complete_that_hangs_on_nothing_missing(small):
    decision = small.decide(ON, ("my_number_card",), health_insurance_card_valid_until=None)

    assert "undetermined" == decision["status"]
    assert {"grounds": False, "issuances": False, "returns": True, "documents": True} == decision["complete"]
    assert {True} == set(small.decide(ON)["complete"].values())
