"""Decisions of the small rulebook in conftest.py, each expected value worked out by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve
from small import FIGURES, ORDINARY, OTHERS, TRIGGERS, Small, on_ground, on_request, rulebook_of

import hokensha_standard as standard
from hokensha import Plugin
from hokensha.dates import Birthday, BusinessDays, Days, Figure, Modality, Next, On, Years
from hokensha.engine import carried_out, decide
from hokensha.errors import PluginError, PolicyError
from hokensha.facts import Member
from hokensha.features import Situation, derived
from hokensha.plugins import Provided
from hokensha.policy import Terms, bind
from hokensha.rules import Basis, Ground
from hokensha_standard import CERTIFICATE, HEALTH_INSURANCE_CARD, NOTICE

declare = Plugin()

EXACT = Modality.EXACT
SMALL = Path(__file__).parents[2] / "tests" / "shared" / "small.py"
ON = date(2025, 6, 15)
NO_OLD_CARD = {"health_insurance_card_valid_until": None}
LOST = {"my_number_card": "lost", **NO_OLD_CARD}


def certificate(issued: str, until: str | None = None, **further: object) -> dict[str, object]:
    return {
        "eligibility_certificate_issued_on": date.fromisoformat(issued),
        "eligibility_certificate_valid_until": date.fromisoformat(until) if until else None,
        **further,
    }


def trigger(id_: str, test=lambda s: True, **fields: object):
    return declare.trigger(id_, "x", "x", **{"document": CERTIFICATE, **fields})(test)


# --- the whole of a decision


def test_an_ordinary_member_is_owed_nothing(small):
    decision = small.decide(ON)

    assert ("decided", [], [], []) == tuple(
        decision[key] for key in ("status", "missing", "grounds", "issuances")
    )
    assert decision["my_number_insurance_card"]["usable"] is True
    assert "2028-08-31" == decision["my_number_insurance_card"]["valid_until"]["date"]


def test_the_json_has_the_contracts_keys_in_its_order(small):
    expected = ["schema", "insurer", "policy_digest", "plugins", "member", "on", "status", "missing"]
    expected += ["in_scheme", "complete", "not_owed"]
    expected += ["my_number_insurance_card", "grounds", "issuances", "returns", "documents"]
    decision = small.decide(ON, **LOST)
    issuance = ["document", "trigger", "basis", "due", "valid_until", "medium", "channel", "form", "label"]

    assert expected == list(decision)
    assert [*issuance, "cites"] == list(decision["issuances"][0])
    assert ["from", "through", "approximate", "planned"] == list(decision["issuances"][0]["due"])


def test_labels_come_in_the_language_asked_for(small):
    decision = decide(small.rulebook, small.member(my_number_card="lost"), ON)

    assert "マイナンバーカードを紛失" == decision.to_json("ja")["grounds"][0]["label"]
    assert "My Number card lost" == decision.to_json("en")["grounds"][0]["label"]


def test_every_ground_that_holds_is_listed_in_the_policys_order(small):
    facts = {"my_number_card": "lost", "registered_on": None, "insurance_use": "deregistered"}
    grounds = small.decide(ON, **facts)["grounds"]

    assert ["card-lost", "deregistered", "not-in-database"] == [ground["id"] for ground in grounds]


# --- in the scheme, and out of it


@pytest.mark.parametrize(
    ("facts", "on", "inside"),
    [
        ({"enrolled_on": date(2025, 6, 16)}, ON, False),
        ({"enrolled_on": date(2025, 6, 15)}, ON, True),
        ({"left_on": date(2025, 6, 16)}, ON, True),
        ({"left_on": date(2025, 6, 15)}, ON, False),
        ({"birth_date": date(1950, 6, 16)}, ON, True),
        ({"birth_date": date(1950, 6, 15)}, ON, False),
        ({"birth_date": date(1952, 2, 29)}, date(2027, 2, 28), True),
        ({"birth_date": date(1952, 2, 29)}, date(2027, 3, 1), False),
    ],
)
def test_the_scheme_lasts_from_enrolment_to_the_eve_of_loss_or_of_75(small, facts, on, inside):
    assert ["on-ground"] * inside == small.issued(on, **LOST, **facts)


def test_out_of_the_scheme_nothing_is_usable_owed_or_valid(small):
    """But what has to come back is answered."""
    facts = certificate("2025-01-10", "2029-12-01", left_on=date(2025, 4, 1))
    decision = small.decide(ON, **facts)

    assert decision["my_number_insurance_card"]["usable"] is False
    assert [] == decision["issuances"]
    assert [False, False, False] == [document["valid"] for document in decision["documents"]]
    assert [("eligibility-certificate", "return"), ("health-insurance-card", "return")] == [
        (item["document"], item["action"]) for item in decision["returns"]
    ]


# --- the card


def test_without_a_card_neither_expiry_says_anything(small):
    expired = {
        "my_number_card_expires_on": date(2020, 1, 1),
        "electronic_certificate_expires_on": date(2020, 1, 1),
    }
    for state, ground in (("none", "no-card"), ("returned", "card-returned")):
        decision = small.decide(ON, my_number_card=state, **expired)

        assert [ground] == [each["id"] for each in decision["grounds"]]
        assert "not-stated" == decision["my_number_insurance_card"]["valid_until"]["modality"]


@pytest.mark.parametrize(("on", "usable"), [(date(2025, 10, 31), True), (date(2025, 11, 1), False)])
def test_the_card_works_to_the_last_day_of_grace(small, on, usable):
    """002-12: expiry in July, good to the end of October."""
    decision = small.decide(on, electronic_certificate_expires_on=date(2025, 7, 15))

    assert usable is decision["my_number_insurance_card"]["usable"]
    assert "2025-10-31" == decision["my_number_insurance_card"]["valid_until"]["date"]


def test_a_ground_need_not_make_the_card_unusable(small):
    decision = small.decide(ON, deregistration_received_on=date(2025, 6, 1))

    assert ["deregistration-pending"] == [ground["id"] for ground in decision["grounds"]]
    assert decision["my_number_insurance_card"]["usable"] is True


@pytest.mark.parametrize(("said", "works"), [(None, True), (False, True), (True, False)])
def test_whether_a_ground_makes_the_card_unusable_is_the_policys_choice(small_with, said, works):
    """Members under protection: where the online check shows nothing, the certificate comes by itself."""
    terms = Terms(("protection",), claim="ex-officio", unusable=said)
    small = small_with(others={standard.disclosure_restricted: terms})
    protected = small.decide(ON, disclosure_restricted=True, **NO_OLD_CARD)
    other = small.decide(ON, **NO_OLD_CARD)

    assert works is protected["my_number_insurance_card"]["usable"]
    assert ["on-ground"] == [each["trigger"] for each in protected["issuances"]]
    assert ["disclosure-restricted"] == [ground["id"] for ground in protected["grounds"]]
    assert (True, []) == (other["my_number_insurance_card"]["usable"], other["issuances"])


# --- given while one is valid


@pytest.mark.parametrize(
    ("held", "owed"),
    [
        ({}, True),
        (certificate("2025-01-10", "2025-06-15"), False),  # the last good day
        (certificate("2025-01-10", "2025-06-14"), True),
        (certificate("2025-01-10"), False),  # no end is stated
        (certificate("2025-06-15", "2029-12-01"), False),
        (certificate("2025-06-16", "2029-12-01"), True),  # not issued yet
        (certificate("2025-01-10", "2029-12-01", eligibility_certificate_returned_on=ON), True),
        (
            certificate("2025-01-10", "2029-12-01", eligibility_certificate_returned_on=date(2025, 1, 10)),
            True,
        ),
        (
            # an earlier one came back before the latest was issued
            certificate("2025-01-10", "2029-12-01", eligibility_certificate_returned_on=date(2025, 1, 9)),
            False,
        ),
        (
            certificate("2025-01-10", "2029-12-01", eligibility_certificate_returned_on=date(2025, 6, 16)),
            False,
        ),
    ],
)
def test_a_ground_is_met_by_a_certificate_that_is_valid_on_the_day(small, held, owed):
    assert ["on-ground"] * owed == small.issued(ON, **LOST, **held)


@pytest.mark.parametrize(("on", "owed"), [(date(2025, 12, 1), False), (date(2025, 12, 2), True)])
def test_a_rule_may_wait_for_the_end_of_the_old_card(small, on, owed):
    """Printed is 31 March 2026, but all old cards end on 1 December 2025."""
    assert ["on-ground"] * owed == small.issued(on, my_number_card="lost")


# --- given since an event


@pytest.mark.parametrize(
    ("issued", "owed"),
    [
        (None, True),
        (date(2025, 6, 9), True),
        (date(2025, 6, 10), False),  # the same day counts
        (date(2025, 6, 12), False),
        (date(2025, 6, 16), True),  # lies ahead
    ],
)
def test_a_request_is_met_by_a_document_issued_since(small, issued, owed):
    facts = {"certificate_requested_on": date(2025, 6, 10), "eligibility_certificate_issued_on": issued}

    assert ["on-request"] * owed == small.issued(ON, my_number_card="returned", **facts)


def test_a_request_is_not_met_by_a_certificate_that_is_merely_valid(small):
    facts = certificate("2025-01-10", "2029-12-01", certificate_requested_on=date(2025, 6, 10))

    assert ["on-request"] == small.issued(ON, my_number_card="returned", **facts)


def test_a_request_that_lies_ahead_has_not_been_made(small):
    assert [] == small.issued(ON, my_number_card="returned", certificate_requested_on=date(2025, 6, 16))


@pytest.mark.parametrize(
    ("issued", "owed"), [(date(2021, 2, 28), True), (date(2021, 3, 1), False), (None, True)]
)
def test_a_notice_is_met_by_one_issued_since_its_event(small, issued, owed):
    assert ["notice"] * owed == small.issued(ON, eligibility_notice_issued_on=issued)


def test_an_event_may_be_a_fixed_day_of_the_policy(small_with):
    renewed = trigger("renewed", document=NOTICE, met_since="start")
    small = small_with({renewed: Terms(("r",))}, {"start": Figure(EXACT, rule=(On(date(2025, 6, 1)),))})

    assert ["renewed"] == small.issued(ON, eligibility_notice_issued_on=date(2025, 5, 31))
    assert [] == small.issued(ON, eligibility_notice_issued_on=date(2025, 6, 1))


# --- given for a loss to come

EXPIRING = {"electronic_certificate_expires_on": date(2025, 7, 15)}


@pytest.mark.parametrize(
    ("on", "owed"),
    [(date(2025, 9, 30), False), (date(2025, 10, 1), True), (date(2025, 10, 31), True)],
)
def test_it_is_owed_from_its_first_day_due(small, on, owed):
    assert ["before-loss"] * owed == small.issued(on, **EXPIRING)


def test_it_is_still_owed_after_its_last_day_due(small):
    (issuance,) = small.decide(date(2025, 11, 20), **EXPIRING)["issuances"]

    assert "before-loss" == issuance["trigger"]
    assert ("2025-10-01", "2025-10-31") == (issuance["due"]["from"], issuance["due"]["through"])


@pytest.mark.parametrize(
    ("until", "owed"), [("2025-10-31", True), ("2025-11-01", False), (None, False), ("2025-10-01", True)]
)
def test_a_loss_to_come_is_met_by_a_certificate_valid_on_the_first_unusable_day(small, until, owed):
    """That is 1 November."""
    held = certificate("2025-01-10", until)

    assert ["before-loss"] * owed == small.issued(date(2025, 10, 15), **EXPIRING, **held)


def test_a_certificate_that_came_back_does_not_meet_a_loss_to_come(small):
    held = certificate("2025-01-10", None, eligibility_certificate_returned_on=date(2025, 2, 1))

    assert ["before-loss"] == small.issued(date(2025, 10, 15), **EXPIRING, **held)


def test_of_several_losses_the_earliest_counts(small_with):
    """Card on 16 July, certificate of it on 1 November: one good to 16 July is enough for the first."""
    figures = {
        "either": Figure(EXACT, earliest=("electronic-certificate-last-day", "my-number-card-last-day")),
    }
    rule = trigger("before", met_after="either")
    small = small_with({rule: Terms(("b",))}, figures)
    facts = {**EXPIRING, "my_number_card_expires_on": date(2025, 7, 15)}

    assert [] == small.issued(ON, **facts, **certificate("2025-01-10", "2025-07-16"))
    assert ["before"] == small.issued(ON, **facts, **certificate("2025-01-10", "2025-07-15"))


# --- never one that would end no later than the one that is held

STAY = {**EXPIRING, "departs_japan_on": date(2025, 10, 21), "overseas_card": False}


def ending(small_with, stay: Figure):
    """A certificate of four years, that ends with the stay if that is earlier."""
    term = {"usual": FOUR_YEARS, "four-years": Figure(EXACT, earliest=("usual", "stay"))}
    return small_with(figures={**term, "stay": stay, "turns-45": FORTY_FIVE})


FOUR_YEARS = Figure(EXACT, ("term",), rule=(Years(4), Next("12-01")))
EVE = Figure(EXACT, of="departs_japan_on", rule=(Days(-1),))


@pytest.mark.parametrize(("until", "owed"), [("2025-10-20", False), ("2025-10-19", True), (None, False)])
@pytest.mark.parametrize("on", [date(2025, 10, 6), date(2025, 10, 7), date(2025, 10, 19)])
def test_a_loss_to_come_brings_none_that_would_end_no_later(small_with, on, until, owed):
    """The stay ends on the 20th, before the card does: a second one would end with it as well."""
    small = ending(small_with, stay=EVE)

    assert ["before-loss"] * owed == small.issued(on, **STAY, **certificate("2025-10-05", until))


def test_a_run_on_every_day_before_a_loss_issues_once(small_with):
    small = ending(small_with, stay=EVE)
    facts, issued = {**ORDINARY, **STAY, "eligibility_certificate_issued_on": None}, []
    for on in (date(2025, 10, day) for day in range(1, 21)):
        for issuance in decide(small.rulebook, Member("m1", facts), on).issuances:
            issued.append((on, issuance.trigger))
            facts |= carried_out(issuance, on)

    assert [(date(2025, 10, 1), "before-loss")] == issued


def test_what_cuts_the_term_may_be_of_some_members_alone(small_with):
    """Of those whose card is no good abroad; of those of an age."""
    held = certificate("2025-10-05", "2025-10-20")
    some = ending(small_with, stay=evolve(EVE, when={"overseas_card": False}))
    abroad = {**STAY, "overseas_card": True, "departs_japan_on": date(2025, 10, 21)}
    assert [] == some.issued(date(2025, 10, 7), **STAY, **held)
    assert ["before-loss"] == some.issued(date(2025, 10, 7), **abroad, **held)
    old = ending(small_with, stay=evolve(EVE, reached="turns-45"))
    assert [] == old.issued(date(2025, 10, 7), **STAY, **held, birth_date=date(1980, 10, 7))
    assert ["before-loss"] == old.issued(date(2025, 10, 7), **STAY, **held, birth_date=date(1980, 10, 8))


FORTY_FIVE = Figure(EXACT, of="birth_date", rule=(Birthday(45),))


def test_a_request_is_answered_however_early_the_new_one_ends(small_with):
    facts = {**STAY, **certificate("2025-10-05", "2025-10-20"), "my_number_card": "returned"}
    small = ending(small_with, stay=EVE)

    requested = {"certificate_requested_on": date(2025, 10, 6)}

    assert ["on-request"] == small.issued(date(2025, 10, 7), **facts, **requested)


# --- one of many


def test_an_application_that_was_made_wins(small):
    facts = {**LOST, "certificate_requested_on": date(2025, 6, 10)}
    (issuance,) = small.decide(ON, **facts)["issuances"]

    assert ("on-request", "application") == (issuance["trigger"], issuance["basis"])


def test_the_sources_of_all_that_hold_are_named_the_winners_first(small):
    facts = {**LOST, "certificate_requested_on": date(2025, 6, 10)}
    (issuance,) = small.decide(ON, **facts)["issuances"]

    assert ["request", "source"] == issuance["cites"]


def test_the_sources_of_the_ground_that_holds_may_be_named(small_with):
    """On application of any ground that claims; else of those that need none."""
    rules = {
        on_ground: evolve(TRIGGERS[on_ground], cites_grounds=True),
        on_request: evolve(TRIGGERS[on_request], cites_grounds=True),
    }
    grounds = {ground: terms for ground, terms in OTHERS.items() if isinstance(ground, Ground)}
    others = {**OTHERS, **{ground: evolve(terms, cites=(ground.id,)) for ground, terms in grounds.items()}}
    small = small_with(rules, others=others)

    def cites(*without: str, **facts: object) -> list[str]:
        for _ in range(12):
            (issuance,) = small.decide(ON, without, **{**NO_OLD_CARD, **facts})["issuances"]
        return issuance["cites"]

    asked = {"certificate_requested_on": date(2025, 6, 10)}
    assert ["request", "card-returned"] == cites(my_number_card="returned", **asked)
    assert ["request", "source", "card-lost"] == cites(my_number_card="lost", **asked)
    assert ["source", "card-lost", "deregistered"] == cites(
        my_number_card="lost", insurance_use="deregistered"
    )
    assert ["source", "card-lost"] == cites("registered_on", my_number_card="lost")


def due(day: date | None) -> Figure:
    return Figure(EXACT, rule=(On(day),)) if day else Figure(Modality.NOT_STATED)


JUNE = {"one-from": due(date(2025, 6, 2)), "other-from": due(date(2025, 6, 1))}
ONE, OTHER = trigger("one"), trigger("other")


def test_of_several_the_first_in_the_policy_wins_and_is_due_as_early_as_any(small_with):
    """Its term, and the earliest days of all that hold: nothing overdue hides behind a later round."""
    figures = {**JUNE, "one-through": due(date(2025, 7, 31)), "other-through": due(date(2025, 6, 10))}
    rules = {
        ONE: Terms(("one",), due_from="one-from", due_through="one-through", purpose="short-term"),
        OTHER: Terms(("other",), due_from="other-from", due_through="other-through"),
    }
    (issuance,) = small_with(rules, figures).decide(ON)["issuances"]

    assert ("one", "not-stated") == (issuance["trigger"], issuance["valid_until"]["modality"])
    assert ("2025-06-01", "2025-06-10") == (issuance["due"]["from"], issuance["due"]["through"])
    assert ["one", "other"] == issuance["cites"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {"due_from": "other-from"}, (None, None)),
        ({"due_from": "one-from"}, {}, (None, None)),
        ({"due_from": "one-from"}, {"due_through": "one-through"}, (None, "2025-07-31")),
        ({"due_through": "one-through"}, {"due_from": "other-from"}, (None, "2025-07-31")),
    ],
)
def test_at_once_is_before_any_day_and_a_last_day_before_none(small_with, one, other, expected):
    figures = {**JUNE, "one-through": due(date(2025, 7, 31))}
    rules = {ONE: Terms(("one",), **one), OTHER: Terms(("other",), **other)}
    (issuance,) = small_with(rules, figures).decide(ON)["issuances"]

    assert ("one", expected) == (issuance["trigger"], (issuance["due"]["from"], issuance["due"]["through"]))


def test_a_day_due_is_as_sure_as_the_rule_that_says_it(small_with):
    """What the later one leaves open is no matter."""
    open_day = Figure(Modality.ABOUT, rule=(On(date(2025, 6, 2)),), planned=True)
    rules = {ONE: Terms(("one",), due_from="one-from"), OTHER: Terms(("other",), due_from="other-from")}

    def sure(figures):
        (issuance,) = small_with(rules, figures).decide(ON)["issuances"]
        return issuance["due"]["approximate"], issuance["due"]["planned"]

    assert (False, False) == sure({**JUNE, "one-from": open_day})
    assert (True, True) == sure({**JUNE, "other-from": evolve(open_day, rule=(On(date(2025, 6, 1)),))})


def test_an_application_wins_over_what_stands_before_it(small_with):
    rules = {
        ONE: Terms(("one",), basis=Basis.EX_OFFICIO, due_from="other-from"),
        OTHER: Terms(("other",), basis=Basis.APPLICATION, due_from="one-from"),
    }
    (issuance,) = small_with(rules, JUNE).decide(ON)["issuances"]

    assert ("other", "2025-06-01") == (issuance["trigger"], issuance["due"]["from"])


def test_an_order_puts_rules_first_whatever_their_place():
    """Of triggers, and of what becomes of a document; the rest stays as it was."""
    rules = {**OTHERS, ONE: Terms(("one",)), OTHER: Terms(("other",))}
    order = {"eligibility-certificate": ("other",), "health-insurance-card": ("old-card-away",)}
    small = Small(rulebook_of(rules, FIGURES, order=order), ORDINARY)

    assert ["other"] == small.issued(ON)
    gone = small.decide(date(2025, 12, 2), left_on=date(2025, 4, 1))
    assert ["destroy"] == [each["action"] for each in gone["returns"]]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"eligibility-certificate": ("oter",)}, r"\[0\]: expected rules .* 'other'\?\); found 'oter'"),
        ({"eligibility-notice": ("other",)}, "about eligibility-notice"),
        ({"no-document": ("other",)}, "about no-document"),
        ({"presentations": ("other",)}, "about presentations"),
        ({"eligibility-certificate": ("other", "other")}, r"\[1\]: 'other' stands there already"),
    ],
)
def test_an_order_of_what_there_is_not_is_refused(order, said):
    rules = {**OTHERS, ONE: Terms(("one",)), OTHER: Terms(("other",))}
    with pytest.raises(PolicyError, match=said):
        rulebook_of(rules, FIGURES, order=order)


@pytest.mark.parametrize(
    ("of_fact", "expected"), [(date(2021, 3, 1), "2025-06-10"), (date(2025, 6, 12), "2025-06-12")]
)
def test_nothing_is_due_before_its_rule_was_in_force(small_with, of_fact, expected):
    """Of several versions the first counts; a last day that lies before stays: it is overdue at once."""
    figures = {"from": Figure(EXACT, of="registered_on"), "through": due(date(2025, 6, 1))}
    terms = Terms(("one",), since=date(2025, 6, 10), due_from="from", due_through="through")
    small = small_with({ONE: terms}, figures)
    versions = (evolve(terms, through=date(2025, 6, 14)), evolve(terms, since=date(2025, 6, 15)))
    book = small.rulebook
    policy = evolve(book.policy, rules={**book.policy.rules, "one": versions})
    rules = {each.rule: None for each in book.bound}
    provided = Provided(book.providers[0], tuple(standard.standard.features()), tuple(rules))

    for rulebook in (book, bind(policy, [provided])):
        (issuance,) = evolve(small, rulebook=rulebook).decide(ON, registered_on=of_fact)["issuances"]
        assert (expected, "2025-06-01") == (issuance["due"]["from"], issuance["due"]["through"])


def test_what_is_due_at_once_stays_so_whenever_its_rule_began(small_with):
    (issuance,) = small_with({ONE: Terms(("one",), since=date(2025, 6, 10))}).decide(ON)["issuances"]

    assert issuance["due"]["from"] is None


def test_documents_of_different_kinds_are_owed_side_by_side(small):
    assert ["on-ground", "notice"] == small.issued(ON, **LOST, eligibility_notice_issued_on=None)


# --- mass issuance

NOTIFIED = {"eligibility_notice_issued_on": date(2025, 8, 1)}


@pytest.mark.parametrize(
    ("on", "owed"),
    [
        (date(2025, 9, 30), False),
        (date(2025, 10, 1), True),
        (date(2025, 11, 30), True),
        (date(2025, 12, 1), False),
    ],
)
def test_a_mass_issuance_is_owed_only_through_its_last_day(small, on, owed):
    """Registered on 1 August: one day too late for its as-of day."""
    assert ["mass"] * owed == small.issued(on, registered_on=date(2025, 8, 1), **NOTIFIED)


def test_a_mass_issuance_looks_at_dated_facts_as_of_its_own_day(small):
    assert [] == small.issued(date(2025, 10, 15), registered_on=date(2025, 7, 31), **NOTIFIED)


# --- until when it is valid, and its form


def test_it_is_valid_as_if_issued_on_the_day_asked(small):
    for on, expected in ((date(2025, 12, 1), "2029-12-01"), (date(2025, 12, 2), "2030-12-01")):
        (issuance,) = small.decide(on, **LOST)["issuances"]
        assert (expected, ["term"]) == (issuance["valid_until"]["date"], issuance["valid_until"]["cites"])


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"left_on": date(2026, 4, 1)}, ("2026-03-31", "exact", ["loss"])),
        ({"left_on": date(2029, 12, 2)}, ("2029-12-01", "exact", ["term"])),
        ({"birth_date": date(1952, 2, 29)}, ("2027-02-28", "exact", ["age"])),
        ({"birth_date": date(1952, 2, 29), "left_on": date(2026, 4, 1)}, ("2026-03-31", "exact", ["loss"])),
    ],
)
def test_it_ends_with_the_scheme_at_the_latest(small, facts, expected):
    (issuance,) = small.decide(ON, **LOST, **facts)["issuances"]
    until = issuance["valid_until"]

    assert expected == (until["date"], until["modality"], until["cites"])


REISSUED = certificate("2025-01-10", "2029-12-01", reissue_requested_on=date(2025, 6, 10))
"""What is issued for it has an end that is not stated."""


@pytest.mark.parametrize(
    ("facts", "latest", "cites"),
    [
        ({"left_on": date(2026, 4, 1)}, "2026-03-31", ["silent", "loss"]),
        ({"birth_date": date(1952, 2, 29)}, "2027-02-28", ["silent", "age"]),
    ],
)
def test_what_is_not_stated_stays_so_and_the_last_day_in_the_scheme_stands_beside(
    small, facts, latest, cites
):
    for _ in range(12):  # from some time on from memory
        (issuance,) = small.decide(ON, **REISSUED, **facts)["issuances"]

        assert "on-reissue" == issuance["trigger"]
        assert ("not-stated", None, latest, cites) == tuple(
            issuance["valid_until"][key] for key in ("modality", "date", "latest", "cites")
        )
        (notice,) = [
            each
            for each in small.decide(ON, **facts)["documents"]
            if each["document"] == "eligibility-notice"
        ]
        assert ("not-stated", latest) == tuple(notice["valid_until"][key] for key in ("modality", "latest"))


def test_the_last_day_in_the_scheme_stands_beside_what_is_unlimited(small_with):
    unlimited = Figure(Modality.UNLIMITED, ("endless",))
    small = small_with(figures={"four-years": unlimited})
    (issuance,) = small.decide(ON, **LOST, left_on=date(2026, 4, 1))["issuances"]

    assert ("unlimited", None, "2026-03-31", ["endless", "loss"]) == tuple(
        issuance["valid_until"][key] for key in ("modality", "date", "latest", "cites")
    )


def test_the_card_has_no_end_by_the_scheme(small):
    decision = small.decide(ON, my_number_card="none", left_on=date(2026, 4, 1))

    assert decision["my_number_insurance_card"]["valid_until"]["latest"] is None


def test_what_is_not_stated_is_so_wherever_the_scheme_ends(small):
    """An unknown loss leaves but the day beside it open."""
    for _ in range(12):
        decision = small.decide(ON, ("left_on",))
        (notice,) = [each for each in decision["documents"] if each["document"] == "eligibility-notice"]

        assert ["left_on"] == decision["missing"]
        assert ("not-stated", None) == tuple(notice["valid_until"][key] for key in ("modality", "latest"))


@pytest.mark.parametrize(("relation", "form"), [("insured", "申請書"), ("dependent", "被扶養者申請書")])
def test_dependents_may_have_a_form_of_their_own(small, relation, form):
    facts = {**LOST, "certificate_requested_on": date(2025, 6, 10), "relation": relation}
    (issuance,) = small.decide(ON, **facts)["issuances"]

    assert (form, "paper", None) == (issuance["form"], issuance["medium"], issuance["channel"])


@pytest.mark.parametrize(("continuation", "channel"), [(False, "employer"), (True, "direct")])
def test_voluntary_continuation_may_have_a_channel_of_its_own(small, continuation, channel):
    facts = {"eligibility_notice_issued_on": None, "continuation": continuation}
    (issuance,) = small.decide(ON, **facts)["issuances"]

    assert (channel, None) == (issuance["channel"], issuance["basis"])


@pytest.mark.parametrize("since_through", [("2025-06-16", None), (None, "2025-06-14")])
def test_a_rule_that_is_not_in_force_on_the_day_gives_nothing(small_with, since_through):
    since, through = (date.fromisoformat(day) if day else None for day in since_through)
    rules = {trigger("one"): Terms(("one",), since=since, through=through)}

    assert [] == small_with(rules).issued(ON)


def test_a_rule_is_in_force_on_both_ends_of_its_period(small_with):
    rules = {trigger("one"): Terms(("one",), since=ON, through=ON)}

    assert ["one"] == small_with(rules).issued(ON)


def test_an_event_that_lies_ahead_dates_nothing(small_with):
    """Convention 9: it has not happened, so there is no day by which the document is due."""
    figures = {"soon": Figure(EXACT, of="registered_on", rule=(Days(10),))}
    small = small_with({trigger("one"): Terms(("one",), due_through="soon")}, figures)

    def through(registered_on):
        (issuance,) = small.decide(ON, registered_on=registered_on)["issuances"]
        return issuance["due"]["through"]

    assert "2025-06-25" == through(date(2025, 6, 15))
    assert through(date(2025, 6, 16)) is None
    assert through(None) is None


# --- what was given, and what comes back


def test_each_document_that_was_given_is_listed_valid_or_not(small):
    held = certificate("2025-01-10", "2025-03-31")
    documents = small.decide(ON, **held)["documents"]

    assert [
        ("eligibility-certificate", False, "2025-03-31"),
        ("eligibility-notice", True, None),
        ("health-insurance-card", True, "2025-12-01"),
    ] == [(d["document"], d["valid"], d["valid_until"]["date"]) for d in documents]


def test_a_document_never_given_is_not_listed(small):
    facts = {"eligibility_notice_issued_on": None, **NO_OLD_CARD}

    assert [] == small.decide(ON, **facts, registered_on=None)["documents"]


def test_a_document_that_came_back_is_listed_as_not_valid(small):
    held = certificate("2025-01-10", "2029-12-01", eligibility_certificate_returned_on=date(2025, 2, 1))
    (first, *_) = small.decide(ON, **held)["documents"]

    assert ("eligibility-certificate", False) == (first["document"], first["valid"])


def test_a_documents_last_day_is_cut_by_the_schemes(small):
    held = certificate("2025-01-10", "2029-12-01", left_on=date(2026, 4, 1))
    (first, *_) = small.decide(ON, **held)["documents"]

    assert ("2026-03-31", ["loss"]) == (first["valid_until"]["date"], first["valid_until"]["cites"])


def test_a_certificate_without_an_end_has_one_that_is_not_stated(small):
    (first, *_) = small.decide(ON, **certificate("2025-01-10"))["documents"]

    assert (True, "not-stated") == (first["valid"], first["valid_until"]["modality"])


@pytest.mark.parametrize(
    ("on", "facts", "expected"),
    [
        (date(2025, 12, 1), {}, []),
        (date(2025, 12, 2), {}, ["destroy"]),
        (date(2025, 12, 2), {"left_on": date(2025, 4, 1)}, ["return"]),  # the exception comes first
        (date(2025, 12, 2), {"health_insurance_card_returned_on": date(2025, 12, 2)}, []),
        (date(2025, 12, 2), {"health_insurance_card_returned_on": date(2025, 12, 3)}, ["destroy"]),
        (date(2025, 12, 2), NO_OLD_CARD, []),
    ],
)
def test_a_document_goes_one_way_at_most_and_not_once_it_came_back(small, on, facts, expected):
    assert expected == [item["action"] for item in small.decide(on, **facts)["returns"]]


# --- determinism

SCRIPT = """
import json, runpy, sys
from datetime import date
shared = runpy.run_path(sys.argv[1])
small = shared["Small"](shared["small_rulebook"](), shared["ORDINARY"])
facts = [fact for fact in small.facts if fact != "id"]
for count in (0, 1, 2, 5, 11, len(facts)):
    for start in range(0, len(facts), 3):
        without = tuple((facts + facts)[start:start + count])
        for changes in ({}, {"my_number_card": "lost", "health_insurance_card_valid_until": None}):
            known = {fact: value for fact, value in changes.items() if fact not in without}
            for on in (date(2025, 6, 15), date(2025, 10, 15), date(2025, 12, 2)):
                print(json.dumps(small.decide(on, without, **known)))
"""


def test_decisions_are_byte_identical_whatever_the_hash_seed():
    outputs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(SMALL)],
            env={**os.environ, "PYTHONPATH": str(SMALL.parent), "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert 5 * 8 * 6 < outputs[0].count(b"\n")
    assert outputs[0] == outputs[1]


SHARED = """
import runpy, sys
from datetime import date
shared = runpy.run_path(sys.argv[1])
Figure, On, EXACT, Terms = (shared[name] for name in ("Figure", "On", "EXACT", "Terms"))
figures = {
    "early": Figure(EXACT, rule=(On(date(2025, 1, 1)),), when={"overseas_card": False}),
    "middle": Figure(EXACT, rule=(On(date(2025, 2, 1)),)),
    "late": Figure(EXACT, rule=(On(date(2025, 3, 1)),)),
    "early-or-late": Figure(EXACT, earliest=("early", "late")),
}
rules = {
    shared["declare"].trigger(due, "x", "x", document=shared["CERTIFICATE"])(
        lambda s: True
    ): Terms((due,), due_from=due)
    for due in ("early-or-late", "middle")
}
small = shared["Small"](shared["small_rulebook"](rules, {**shared["FIGURES"], **figures}), shared["ORDINARY"])
(issuance,) = small.decide(date(2025, 6, 15), ("overseas_card",))["issuances"]
print(issuance["trigger"], *issuance["cites"])
"""


def test_what_completions_share_keeps_an_order_that_no_hash_decides():
    """Now from one day, now from another the document is due: all sources come in one order all the same."""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SHARED, str(SMALL)],
            env={**os.environ, "PYTHONPATH": str(SMALL.parent), "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in "1234"
    }
    assert {"early-or-late early-or-late middle"} == {output.decode().strip() for output in outputs}


def test_a_second_time_gives_the_same_bytes(small):
    """Though by then everything is remembered."""
    without = ("my_number_card", "left_on", "registered_on")
    first = json.dumps(small.decide(ON, without))

    assert first == json.dumps(small.decide(ON, without))


# --- rules that raise


def broken(s):
    return {standard.Card.HELD: False}[s[standard.CARD]]


@pytest.mark.parametrize("without", [(), ("left_on",), ("my_number_card",)])
def test_a_trigger_that_raises_is_named_with_its_plugin(small_with, without):
    """Whether facts are known or not; the error is the plugin's, and shows no traceback."""
    changes = {} if without else {"my_number_card": "lost"}
    small = small_with({trigger("faulty", broken): Terms(("f",)), trigger("sound"): Terms(("s",))})
    if without == ("left_on",):
        changes = {"my_number_card": "lost"}

    with pytest.raises(PluginError) as caught:
        small.decide(ON, without, **changes)

    (finding,) = caught.value.findings
    assert "rule-raised" == finding.code
    assert "faulty" in str(finding)
    assert "sound" not in str(finding)
    assert "small (hokensha-small 1.0)" in str(finding)
    assert "KeyError" in str(finding)
    assert "Traceback" not in str(finding)


def test_a_ground_that_raises_is_named_with_its_plugin(small_with):
    ground = declare.ground("faulty", "x", "x")(broken)
    small = small_with(others={ground: Terms(("f",), claim="none")})

    with pytest.raises(
        PluginError, match=r"'faulty' of plugin small \(hokensha-small 1\.0\) raised KeyError"
    ):
        small.decide(ON, my_number_card="lost")


@pytest.mark.parametrize("answer", [None, "yes", []])
def test_a_feature_that_answers_with_none_of_its_values_names_the_rule_that_reads_it(small_with, answer):
    """Unknown facts take the way through diagrams, where such an answer leads nowhere."""
    odd = derived("odd", "x", "x")(lambda s: answer if s[standard.REGISTERED] else False)
    small = small_with({trigger("faulty", lambda s: s[odd]): Terms(("f",))})

    with pytest.raises(PluginError, match=r"rule 'faulty' of plugin small"):
        small.decide(ON, ("registered_on",))


def leave(_: Situation) -> bool:
    sys.exit(0)


def interrupt(_: Situation) -> bool:
    raise KeyboardInterrupt


@pytest.mark.parametrize("unknown", [(), ("registered_on",)])
@pytest.mark.parametrize(
    ("test", "said"),
    [
        (leave, "RuleEndedError: SystemExit: 0"),
        (interrupt, "RuleEndedError: KeyboardInterrupt: "),
        (lambda s: 1, "TypeError: rule:faulty returned 1, expected false or true"),
        (lambda s: "yes", "TypeError: rule:faulty returned 'yes', expected false or true"),
        (lambda s: None, "TypeError: rule:faulty returned None, expected false or true"),
    ],
)
def test_a_rule_that_answers_with_neither_true_nor_false_is_named(small_with, test, said, unknown):
    small = small_with({trigger("faulty", test): Terms(("f",))})

    with pytest.raises(PluginError, match=rf"rule 'faulty' of plugin small .* raised {said}"):
        small.decide(ON, unknown)


def test_a_rule_that_would_raise_elsewhere_does_no_harm(small_with):
    small = small_with({trigger("faulty", broken): Terms(("f",))})

    assert [] == small.issued(ON)


def test_a_trigger_must_ask_for_something_that_its_document_can_answer(small_with):
    rule = trigger("odd", document=HEALTH_INSURANCE_CARD, met_since="registered_on")

    with pytest.raises(Exception, match="when the document was issued is no fact"):
        small_with({rule: Terms(("o",))}).decide(ON)


def test_a_loss_may_hang_on_a_condition(small_with):
    rule = trigger("leaving", met_after="eve-of-departure")
    small = small_with({rule: Terms(("o",))})
    held = {**certificate("2025-01-10", "2025-10-19"), "departs_japan_on": date(2025, 10, 21)}

    assert ["leaving"] == small.issued(ON, **held, overseas_card=False)
    assert [] == small.issued(ON, **held, overseas_card=True)
    assert ["overseas_card"] == small.decide(ON, ("overseas_card",), **held)["missing"]


def test_terms_evolve_without_touching_the_rulebook_that_was_bound(small):
    """What is frozen stays as it was."""
    policy = evolve(small.rulebook.policy, digest="sha256:1")

    assert "sha256:0" == small.decide(ON)["policy_digest"]
    assert "sha256:1" == policy.digest


@pytest.mark.parametrize(
    ("key", "without"),
    [
        ("due_through", ()),
        ("due_from", ()),
        ("due_from", ("registered_on",)),
        ("due_through", ("registered_on",)),
    ],
)
def test_business_days_may_be_counted_from_a_fact(small_with, key, without):
    """Receipt on 2 May 2025: the third business day is 9 May."""
    figures = {"soon": Figure(EXACT, of="registered_on", rule=(BusinessDays(3),))}
    small = small_with({trigger("one"): Terms(("one",), **{key: "soon"})}, figures)
    decision = small.decide(ON, without, registered_on=date(2025, 5, 2))

    assert ["registered_on"] * len(without) == decision["missing"]
    assert without or ["2025-05-09"] == [issuance["due"][key[4:]] for issuance in decision["issuances"]]


@pytest.mark.parametrize(
    ("facts", "usable"),
    [
        ({}, True),
        *(({"my_number_card": card}, False) for card in ("none", "returned", "lost", "renewing")),
        *(({"insurance_use": use}, False) for use in ("unregistered", "deregistered")),
    ],
)
def test_declining_every_ground_gives_nobody_a_card(facts, usable):
    """It has to be in hand and registered, whatever a policy says of grounds."""
    rules = {rule: terms for rule, terms in {**OTHERS, **TRIGGERS}.items() if not isinstance(rule, Ground)}
    member = Member("m1", {**ORDINARY, **facts})

    assert usable is decide(rulebook_of(rules, FIGURES), member, date(2025, 6, 15)).usable
