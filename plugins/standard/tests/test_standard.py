"""What every kind of insurer shares: what is handed over, which grounds hold, what cannot stand together."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

import hokensha_standard
from hokensha.engine import refused
from hokensha.features import Coded, Feature, MemberSituation
from hokensha.plugins import Provider, combine, examine
from hokensha.rules import CONSISTENT, IN_SCHEME, Document, Ground
from hokensha_standard import (
    CERTIFICATE,
    DOCUMENTS,
    FACTS,
    GROUNDS,
    HEALTH_INSURANCE_CARD,
    MY_NUMBER_INSURANCE_CARD,
    NOTICE,
    SCHEME,
    Card,
    InsuranceUse,
    assistance_needed,
    disclosure_restricted,
    further,
    late_elderly,
    registered_without_card,
    reissue,
    return_without_certificate,
    return_without_old_card,
    standard,
)

ON = date(2025, 6, 15)
DAY = timedelta(days=1)
(HANDED,) = standard.features()


def situation(small: Any, **facts: Any) -> MemberSituation:
    """Of an ordinary member, but for these facts."""
    return MemberSituation(small.rulebook.vocabulary, small.member(**facts).facts, ON)


# --- what is handed over


def test_it_is_a_plugin_of_its_own():
    examined = examine(Provider("standard"), standard)
    assert ((), ("features", "eligibility")) == (examined.findings, examined.hooks)
    assert (*SCHEME, *GROUNDS) == combine([examined.provided])[0].rules


def test_rules_of_some_kinds_only_are_handed_over_one_by_one():
    grounds = [late_elderly, assistance_needed, disclosure_restricted]
    assert grounds == further.eligibility()
    assert not {*grounds} & {*standard.eligibility()}
    assert ([reissue], []) == (further.issuance_triggers(), standard.issuance_triggers())


def test_every_fact_and_document_and_public_feature_is_handed_over():
    """So that no other plugin can take its id."""
    public = [getattr(hokensha_standard, name) for name in hokensha_standard.__all__]
    features = {thing for thing in public if isinstance(thing, Feature)}
    of_every_policy = {
        thing
        for thing in features
        if thing.id in ("in-scheme", "automatic-ground", "any-ground", "card-works")
    }
    assert features - of_every_policy == {*HANDED.features, *HANDED.unlikely}
    assert (FACTS, DOCUMENTS) == (HANDED.facts, HANDED.documents)
    assert {thing for thing in public if isinstance(thing, Document)} == {*DOCUMENTS}


def test_facts_that_features_name_are_declared_and_codes_are_those_of_the_facts():
    facts = {fact.id: fact for fact in FACTS}
    for feature in HANDED.features:
        assert {*feature.facts()} <= facts.keys()
        if isinstance(feature, Coded) and facts[feature.fact].kind == "code":
            assert facts[feature.fact].values == tuple(value.value for value in feature.values)


def test_channels_and_forms_may_differ_for_two_groups():
    """Continuation first: who is both counts as that."""
    expected = {"continuation": ("continuation", True), "dependent": ("relation", "dependent")}
    assert [*expected.items()] == [*HANDED.groups.items()]


# --- facts


def test_what_is_usual_is_a_value_of_the_fact():
    """Of a day how many days from the day asked; of a code one of its values."""
    for fact in FACTS:
        kinds = {"day": int, "code": str}
        assert all(isinstance(each, kinds[fact.kind]) for each in fact.usual)
        assert fact.kind != "code" or {*fact.usual} <= {*fact.values}


def test_nobody_can_change_the_day_of_birth_alone():
    assert ["birth_date"] == [fact.id for fact in FACTS if fact.unchangeable]


def test_free_text_about_a_member_is_never_repeated():
    assert ["id"] == [fact.id for fact in FACTS if fact.kind == "text" and not fact.sensitive]


# --- documents


def test_the_documents_and_their_ids_are_those_of_the_contract():
    assert [
        "eligibility-certificate",
        "eligibility-notice",
        "health-insurance-card",
        "my-number-insurance-card",
        "my-number-card",
        "smartphone-my-number-card",
        "membership-attestation",
        "eligibility-declaration",
        "portal-screen",
    ] == [document.id for document in DOCUMENTS]


def test_grounds_are_grounds_against_one_document():
    assert [MY_NUMBER_INSURANCE_CARD] == [document for document in DOCUMENTS if document.relied_on]


def test_a_notice_is_never_enough_alone():
    assert [CERTIFICATE, HEALTH_INSURANCE_CARD] == [
        document for document in DOCUMENTS if document.serves_alone
    ]


def test_the_law_lets_a_certificate_be_valid_for_five_years():
    assert [(CERTIFICATE, 5)] == [(each, each.longest) for each in DOCUMENTS if each.longest is not None]


def test_three_documents_are_dated_by_facts():
    assert [CERTIFICATE, NOTICE, HEALTH_INSURANCE_CARD] == [
        document for document in DOCUMENTS if document.dated
    ]


# --- grounds

TODAY, PAST, AHEAD = ON, ON - 400 * DAY, ON + 400 * DAY
LONG_PAST = ON - 2000 * DAY


def holding(small: Any, **facts: Any) -> set[str]:
    s = situation(small, registration_failed=facts.pop("failed", False), **facts)
    return {ground.id for ground in GROUNDS if s[ground.holds]}


@pytest.mark.parametrize("use", [each.value for each in InsuranceUse])
@pytest.mark.parametrize("card", [each.value for each in Card])
def test_grounds_of_the_card_and_of_its_registration(small, card, use):
    """The card's state is one ground, its registration another, which a card given back no longer has."""
    of_card = {
        "none": "no-card",
        "returned": "card-returned",
        "lost": "card-lost",
        "renewing": "card-renewing",
    }
    expected = {of_card[card]} if card in of_card else set()
    if use == "unregistered" and card not in ("none", "returned"):
        expected |= {"not-registered"}
    if use == "deregistered":
        expected |= {"deregistered"}
    assert expected == holding(small, my_number_card=card, insurance_use=use)


@pytest.mark.parametrize(
    ("facts", "ground"),
    [
        ({"enrolled_on": ON + DAY}, "not-yet-enrolled"),
        ({"left_on": ON}, "eligibility-lost"),
        ({"electronic_certificate_expires_on": LONG_PAST}, "electronic-certificate-expired"),
        ({"my_number_card_expires_on": PAST}, "card-expired"),
        ({"departs_japan_on": ON}, "departed"),
        ({"registered_on": None}, "not-in-database"),
        ({"registered_on": ON + DAY}, "not-in-database"),
        ({"deregistration_received_on": ON}, "deregistration-pending"),
    ],
)
def test_each_ground_holds_by_itself(small, facts, ground):
    assert {ground} == holding(small, **facts)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"enrolled_on": ON},
        {"left_on": ON + DAY},
        {"my_number_card_expires_on": ON},
        {"departs_japan_on": ON + DAY},
        {"departs_japan_on": ON, "overseas_card": True},
        {"registered_on": ON},
        {"deregistration_received_on": ON + DAY},
        {"deregistration_received_on": PAST, "deregistration_registered_on": LONG_PAST},
        {"failed": True},
    ],
)
def test_no_ground_holds_where_nothing_is_wrong_or_not_yet(small, facts):
    assert set() == holding(small, **facts)


@pytest.mark.parametrize("card", ["none", "returned"])
def test_without_a_card_its_terms_do_not_matter(small, card):
    past = {"electronic_certificate_expires_on": LONG_PAST, "my_number_card_expires_on": LONG_PAST}
    past["departs_japan_on"] = LONG_PAST
    assert not {"electronic-certificate-expired", "card-expired"} & holding(
        small, my_number_card=card, **past
    )


def test_a_failed_registration_counts_until_the_data_are_in(small):
    for failed, registered in product([True, False], [None, PAST]):
        found = "registration-failed" in holding(small, failed=failed, registered_on=registered)
        assert found is (failed and registered is None)


def test_one_ground_leaves_the_card_working():
    assert ["deregistration-pending"] == [g.id for g in GROUNDS if isinstance(g, Ground) and not g.unusable]
    assert not assistance_needed.unusable


def test_in_the_scheme_is_from_enrolment_to_the_last_day(small):
    """The day of a loss is the first outside."""
    assert [True, True, False] == [situation(small, enrolled_on=ON + n * DAY)[IN_SCHEME] for n in (-1, 0, 1)]
    assert [False, False, True] == [situation(small, left_on=ON + n * DAY)[IN_SCHEME] for n in (-1, 0, 1)]


# --- what cannot stand together

LATER = ON + DAY
REFUSED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "enrolled-before-birth",
        {"birth_date": ON, "enrolled_on": ON - DAY},
        {"birth_date": ON, "enrolled_on": ON},
    ),
    (
        "enrolled-before-birth",
        {"birth_date": date(2055, 4, 1), "enrolled_on": PAST},
        {"birth_date": date(2055, 4, 1), "enrolled_on": date(2055, 4, 1)},
    ),
    (
        "left-before-enrolment",
        {"enrolled_on": PAST, "left_on": PAST - DAY},
        {"enrolled_on": PAST, "left_on": PAST},
    ),
    (
        "left-before-enrolment",
        {"enrolled_on": LATER, "left_on": ON},
        {"enrolled_on": LATER, "left_on": LATER},
    ),
    (
        "too-old",
        {"birth_date": date(ON.year - 130, ON.month, ON.day) - DAY},
        {"birth_date": date(ON.year - 130, ON.month, ON.day)},
    ),
    (
        "certificate-ended-before-issue",
        {"eligibility_certificate_issued_on": LATER, "eligibility_certificate_valid_until": ON},
        {"eligibility_certificate_issued_on": LATER, "eligibility_certificate_valid_until": LATER},
    ),
    (
        "certificate-end-without-issue",
        {"eligibility_certificate_issued_on": None, "eligibility_certificate_valid_until": AHEAD},
        {"eligibility_certificate_issued_on": PAST, "eligibility_certificate_valid_until": None},
    ),
]
"""By the id of each the facts that say it, and others that do not; on the day asked, and as given."""


@pytest.mark.parametrize(("contradiction", "impossible", "possible"), REFUSED)
def test_what_cannot_be_is_refused_and_is_no_example_of_anything(small, contradiction, impossible, possible):
    wrong, right = small.member(**impossible), small.member(**possible)
    names = {each.id for each in small.rulebook.contradictions if each.holds(wrong.facts, ON)}
    assert names == {contradiction}
    assert ["contradiction"] == [found.code for found in refused(small.rulebook, wrong, ON)]
    assert not situation(small, **impossible)[CONSISTENT]
    assert () == refused(small.rulebook, right, ON)
    assert situation(small, **possible)[CONSISTENT]


def test_every_contradiction_is_tried(small):
    assert {each.id for each in small.rulebook.contradictions} == {name for name, *_ in REFUSED}


UNLIKELY = [
    (registered_without_card, {"my_number_card": "none", "insurance_use": "registered"}),
    (registered_without_card, {"my_number_card": "none", "insurance_use": "deregistered"}),
    (
        return_without_certificate,
        {
            "eligibility_certificate_issued_on": None,
            "eligibility_certificate_valid_until": None,
            "eligibility_certificate_returned_on": PAST,
        },
    ),
    (
        return_without_old_card,
        {"health_insurance_card_valid_until": None, "health_insurance_card_returned_on": PAST},
    ),
]


@pytest.mark.parametrize(("odd", "facts"), UNLIKELY)
def test_what_is_odd_is_no_example_of_anything_and_decided_all_the_same(small, odd, facts):
    s = situation(small, **facts)
    assert [odd] == [each for each in HANDED.unlikely if s[each]]
    assert not s[CONSISTENT]
    assert () == refused(small.rulebook, small.member(**facts), ON)


def test_all_that_is_odd_is_tried():
    assert {*HANDED.unlikely} == {odd for odd, _ in UNLIKELY}
