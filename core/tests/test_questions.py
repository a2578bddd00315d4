"""Questions apart from a whole decision: validity, how long data take to show, and what to show where."""

from __future__ import annotations

from datetime import date

import pytest

import hokensha_standard as standard
from hokensha import Plugin
from hokensha.dates import NOT_STATED, DayValue, Figure, Modality, Next, OtherReading, Years
from hokensha.engine import present, purposes, reflect, validity
from hokensha.errors import QuestionError
from hokensha.policy import Terms
from hokensha.rules import At, Document
from hokensha.text import Label
from hokensha_standard import (
    ATTESTATION,
    CERTIFICATE,
    HEALTH_INSURANCE_CARD,
    MY_NUMBER_CARD,
    MY_NUMBER_INSURANCE_CARD,
    NOTICE,
    PORTAL_SCREEN,
)

declare = Plugin()

ON = date(2025, 6, 15)
CARD, READ = MY_NUMBER_CARD, MY_NUMBER_INSURANCE_CARD
PORTAL, OLD_CARD = PORTAL_SCREEN, HEALTH_INSURANCE_CARD


# --- validity


def test_without_a_purpose_the_standard_is_answered(small):
    expected = DayValue(Modality.EXACT, date(2029, 12, 1), cites=("term",))

    assert expected == validity(small.rulebook, CERTIFICATE, date(2024, 12, 2))


def test_a_purpose_picks_its_own_figure(small):
    expected = DayValue(Modality.NOT_STATED, cites=("silent",))

    assert expected == validity(small.rulebook, CERTIFICATE, ON, "short-term")


def test_the_purposes_of_a_document_are_named_in_the_policys_order(small):
    """How a document that is held ends is nobody's question."""
    assert ["standard", "short-term"] == [b.rule.purpose for b in purposes(small.rulebook, CERTIFICATE)]
    assert () == purposes(small.rulebook, OLD_CARD)


def test_an_unknown_purpose_is_an_error_that_names_the_known_ones(small):
    with pytest.raises(QuestionError, match=r"no purpose 'short' .*known: standard, short-term"):
        validity(small.rulebook, CERTIFICATE, ON, "short")


def test_the_nearest_purpose_is_proposed(small):
    with pytest.raises(QuestionError, match=r"did you mean 'short-term'\?"):
        validity(small.rulebook, CERTIFICATE, ON, "short-trem")


def test_the_purpose_of_what_is_held_cannot_be_asked_for(small):
    with pytest.raises(QuestionError, match="no purpose 'held'"):
        validity(small.rulebook, CERTIFICATE, ON, "held")


def test_a_document_of_which_the_policy_says_nothing_is_not_stated(small):
    assert NOT_STATED == validity(small.rulebook, NOTICE, ON)


def test_a_purpose_of_a_document_of_which_the_policy_says_nothing_is_an_error(small):
    with pytest.raises(QuestionError, match="known: none"):
        validity(small.rulebook, NOTICE, ON, "renewal")


@pytest.mark.parametrize(
    ("facts", "without", "expected", "cites"),
    [
        ({}, (), date(2029, 12, 1), ("term",)),
        ({"left_on": date(2026, 4, 1)}, (), date(2026, 3, 31), ("loss",)),
        ({"birth_date": date(1952, 2, 29)}, (), date(2027, 2, 28), ("age",)),
        ({"birth_date": date(1952, 2, 29)}, ("left_on",), date(2027, 2, 28), ("age",)),
        ({}, ("left_on", "birth_date"), date(2029, 12, 1), ("term",)),
    ],
)
def test_a_member_cuts_the_answer_as_far_as_the_scheme_is_known(small, facts, without, expected, cites):
    value = validity(small.rulebook, CERTIFICATE, ON, member=small.member(without, **facts))

    assert (expected, cites) == (value.date, value.cites)


def test_a_member_does_not_cut_what_is_not_stated(small):
    member = small.member(left_on=date(2026, 4, 1))

    assert Modality.NOT_STATED is validity(small.rulebook, CERTIFICATE, ON, "short-term", member).modality


def test_what_the_policy_does_not_state_ends_with_the_scheme_all_the_same(small):
    """Of the notice, too, of which it says nothing."""
    value = validity(small.rulebook, NOTICE, ON, member=small.member(left_on=date(2026, 4, 1)))

    assert (None, date(2026, 3, 31), ("loss",)) == (value.date, value.latest, value.cites)


def card_rulebook(small_with):
    rule = declare.validity("card", "x", "x", document=READ)
    return small_with(others={rule: Terms(("s",), figure="my-number-insurance-card-last-day")}).rulebook


@pytest.mark.parametrize(
    ("expiry", "expected"),
    [
        (date(2025, 12, 2), date(2026, 3, 31)),
        (date(2025, 7, 15), date(2025, 10, 31)),
        (date(2026, 2, 28), date(2026, 5, 31)),
    ],
)
def test_the_card_counts_from_its_electronic_certificate(small_with, expiry, expected):
    """What is given as its day of issue is when that certificate expires."""
    value = validity(card_rulebook(small_with), READ, expiry)

    assert (expected, ("grace",)) == (value.date, value.cites)


def test_a_members_other_days_cut_the_cards(small_with, small):
    """The card's own term; the certificate's expiry among the facts is not asked."""
    member = small.member(my_number_card_expires_on=date(2026, 1, 31))
    value = validity(card_rulebook(small_with), READ, date(2025, 12, 2), member=member)

    assert (date(2026, 1, 31), ("term",)) == (value.date, value.cites)


def test_other_readings_are_told_where_they_differ(small_with):
    figure = Figure(
        Modality.EXACT,
        rule=(Years(4), Next("12-01")),
        reading=Label("以後", "on or after"),
        other_readings=(OtherReading(Label("より後", "strictly after"), (Years(4), Next("12-01", "next"))),),
    )
    rulebook = small_with(figures={"four-years": figure}).rulebook

    assert (date(2030, 12, 1),) == validity(rulebook, CERTIFICATE, date(2025, 12, 1)).alternatives
    assert () == validity(rulebook, CERTIFICATE, date(2025, 12, 2)).alternatives


# --- how long data take to show


def test_a_process_counts_from_its_start(small):
    found = reflect(small.rulebook, "registration", ON)

    assert DayValue(Modality.ABOUT, date(2025, 6, 25), cites=("ten",)) == found.day
    assert "registered_on" == found.counts_from


def test_a_process_may_end_between_two_days_and_count_from_nothing_that_is_said(small):
    found = reflect(small.rulebook, "deregistration", date(2025, 12, 31))
    expected = DayValue(
        Modality.BETWEEN, earliest=date(2026, 1, 31), latest=date(2026, 2, 28), cites=("months",)
    )
    assert expected == found.day
    assert found.counts_from is None


def test_a_figure_with_a_fact_of_its_own_counts_from_the_start_as_well(small_with):
    rule = declare.latency("loss", "x", "x", process="loss")
    rulebook = small_with(others={rule: Terms(("s",), figure="eve-of-loss")}).rulebook

    assert date(2025, 6, 14) == reflect(rulebook, "loss", ON).day.date


def test_an_unknown_process_is_an_error_that_names_the_known_ones(small):
    expected = (
        r"no process 'registratoin' \(did you mean 'registration'\?\).*knows: registration, deregistration"
    )
    with pytest.raises(QuestionError, match=expected):
        reflect(small.rulebook, "registratoin", ON)


# --- what to show


def shown(small, at: At, *documents: Document, without: tuple[str, ...] = (), on: date = ON, **facts: object):
    return present(small.rulebook, small.member(without, **facts), on, at, documents or None)


def test_every_set_that_serves_is_named_in_the_policys_order(small):
    facts = {
        "eligibility_certificate_issued_on": date(2025, 1, 10),
        "eligibility_certificate_valid_until": ON,
    }
    found = shown(small, At.EQUIPPED, **facts)

    assert ((READ,), (CERTIFICATE,)) == found.accepted
    assert ("card-read", "certificate-shown") == found.cites
    assert () == found.uncertain
    assert found.shown_is_accepted is None
    assert () == found.missing


def test_only_what_serves_there_is_named(small):
    found = shown(small, At.UNEQUIPPED)

    assert ((), (), ()) == (found.accepted, found.uncertain, found.cites)


def test_what_does_not_serve_on_the_day_is_not_named(small):
    facts = {
        "eligibility_certificate_issued_on": date(2025, 1, 10),
        "eligibility_certificate_valid_until": date(2025, 6, 14),
    }
    assert ((READ,),) == shown(small, At.EQUIPPED, **facts).accepted


def test_a_set_that_holds_more_than_another_needs_is_left_out(small):
    found = shown(small, At.READER_FAILED)

    assert ((CARD, NOTICE),) == found.accepted


def test_sets_that_may_be_refused_are_told_apart(small):
    found = shown(small, At.READER_FAILED)

    assert ((ATTESTATION,),) == found.uncertain
    assert "attestation" in found.cites


def test_out_of_the_scheme_nothing_serves(small):
    found = shown(small, At.READER_FAILED, left_on=ON)

    assert ((), ()) == (found.accepted, found.uncertain)


@pytest.mark.parametrize("shows", [(CERTIFICATE,), (NOTICE, CERTIFICATE)])
def test_a_set_that_certainly_serves_is_not_uncertain_as_well(small_with, shows):
    """Nor is any that holds more: nobody refuses what is enough already."""
    serves = {"at": (At.UNEQUIPPED,)}
    rules = {
        declare.presents("maybe", "x", "x", shows=shows, uncertain=True, **serves)(
            lambda s: s[standard.REGISTERED]
        ): Terms(("s",)),
        declare.presents("sure", "x", "x", shows=(CERTIFICATE,), **serves)(
            lambda s: s[standard.REGISTERED]
        ): Terms(("s",)),
    }
    found = shown(small_with(others=rules), At.UNEQUIPPED)

    assert (((CERTIFICATE,),), ()) == (found.accepted, found.uncertain)


def test_the_same_things_in_another_order_are_one_set(small_with):
    rules = {
        declare.presents(id_, "x", "x", at=(At.UNEQUIPPED,), shows=shows)(
            lambda s: s[standard.REGISTERED]
        ): Terms(("s",))
        for id_, shows in (("one", (CARD, NOTICE)), ("other", (NOTICE, CARD)), ("again", (CARD, NOTICE)))
    }
    assert ((CARD, NOTICE),) == shown(small_with(others=rules), At.UNEQUIPPED).accepted


# --- what is shown


def test_what_holds_an_accepted_set_is_accepted(small):
    assert shown(small, At.EQUIPPED, READ).shown_is_accepted is True
    assert shown(small, At.EQUIPPED, READ, OLD_CARD).shown_is_accepted is True


def test_what_holds_none_is_not_accepted(small):
    assert shown(small, At.EQUIPPED, OLD_CARD).shown_is_accepted is False
    assert shown(small, At.READER_FAILED, NOTICE).shown_is_accepted is False  # never enough alone


def test_what_is_not_held_is_not_accepted_though_it_is_shown(small):
    assert shown(small, At.EQUIPPED, CERTIFICATE).shown_is_accepted is False


def test_showing_nothing_is_not_accepted(small):
    found = present(small.rulebook, small.member(), ON, At.EQUIPPED, [])

    assert found.shown_is_accepted is False


def test_what_may_be_refused_is_neither_accepted_nor_not(small):
    assert shown(small, At.READER_FAILED, ATTESTATION).shown_is_accepted is None


def test_what_is_enough_is_accepted_whatever_else_is_shown(small):
    assert shown(small, At.READER_FAILED, ATTESTATION, CARD, NOTICE).shown_is_accepted is True


# --- unknown facts


def test_a_set_that_may_or_may_not_serve_is_neither_and_names_the_facts(small):
    found = shown(small, At.EQUIPPED, READ, without=("my_number_card",))

    assert ((), ()) == (found.accepted, found.uncertain)
    assert ("my_number_card",) == found.missing
    assert found.shown_is_accepted is None


def test_what_is_shown_and_cannot_serve_in_any_case_is_not_accepted(small):
    found = shown(small, At.EQUIPPED, OLD_CARD, without=("my_number_card",))

    assert found.shown_is_accepted is False


def test_an_unknown_fact_that_does_not_matter_there_is_not_missing(small):
    found = shown(small, At.EQUIPPED, READ, without=("relation", "eligibility_notice_issued_on"))

    assert ((), True) == (found.missing, found.shown_is_accepted)


def test_a_set_that_serves_in_any_case_is_accepted_though_another_is_open(small):
    facts = {
        "eligibility_certificate_issued_on": date(2025, 1, 10),
        "eligibility_certificate_valid_until": None,
    }
    found = shown(small, At.EQUIPPED, CERTIFICATE, without=("my_number_card",), **facts)

    assert (((CERTIFICATE,),), ("my_number_card",)) == (found.accepted, found.missing)
    assert found.shown_is_accepted is True


def test_a_set_that_serves_in_no_case_leaves_nothing_open(small):
    """Whether there is a card is not known, but there is no notice to go with it."""
    facts = {"eligibility_notice_issued_on": None}
    found = shown(small, At.READER_FAILED, CARD, without=("my_number_card",), **facts)

    assert ((), (), False) == (found.accepted, found.missing, found.shown_is_accepted)


def test_missing_facts_of_several_sets_come_in_the_catalogues_order(small):
    found = shown(
        small, At.EQUIPPED, without=("eligibility_certificate_issued_on", "left_on", "my_number_card")
    )

    assert ("left_on", "my_number_card", "eligibility_certificate_issued_on") == found.missing
