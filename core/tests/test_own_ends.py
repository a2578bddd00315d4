"""Held documents end as the policy computes it: what is valid, met and shown follows from that."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from hokensha import Plugin
from hokensha.dates import Days, Figure, Modality, Next, On
from hokensha.engine import present
from hokensha.policy import Terms
from hokensha.rules import At
from hokensha_standard import MY_NUMBER_CARD, NOTICE

declare = Plugin()
EXACT = Modality.EXACT
OWED = declare.trigger("told", "x", "x", document=NOTICE, met_since="start")(lambda s: True)
HELD = declare.validity("notice-held", "x", "x", document=NOTICE, purpose="held")
SHOWN = declare.presents("shown", "x", "x", at=(At.UNEQUIPPED,), shows=(MY_NUMBER_CARD, NOTICE))(
    lambda s: s[NOTICE.valid]
)
JULY = Figure(EXACT, of="eligibility_notice_issued_on", rule=(Next("07-31"),))
START = {"start": Figure(EXACT, rule=(On(date(2025, 1, 1)),))}
ISSUED = {"eligibility_notice_issued_on": date(2026, 8, 3)}


@pytest.fixture(scope="session")
def ending(small_with):
    """Notices end on each 31 July."""
    figures = {**START, "july": JULY}
    return small_with(
        {OWED: Terms(("n",))}, figures, {HELD: Terms(("n",), figure="july"), SHOWN: Terms(("n",))}
    )


@pytest.mark.parametrize(("on", "valid"), [(date(2027, 7, 31), True), (date(2027, 8, 1), False)])
def test_a_notice_that_ended_is_not_valid_and_is_sent_again(ending, on, valid):
    decision = ending.decide(on, **ISSUED)
    (state,) = [each for each in decision["documents"] if each["document"] == "eligibility-notice"]
    assert (valid, "2027-07-31") == (state["valid"], state["valid_until"]["date"])
    assert ["told"] * (not valid) == [each["trigger"] for each in decision["issuances"]]
    shown = present(ending.rulebook, ending.member(**ISSUED), on, At.UNEQUIPPED)
    assert bool(shown.accepted) is valid


def test_a_notice_without_an_end_of_its_own_stays_valid(small_with):
    small = small_with({OWED: Terms(("n",))}, START)
    assert [] == small.issued(date(2035, 8, 1), **ISSUED)


def test_the_day_of_issue_decides_where_that_is_unknown(ending):
    on, without = date(2027, 8, 1), ("eligibility_notice_issued_on",)
    assert ["eligibility_notice_issued_on"] == ending.decide(on, without)["missing"]


def banded(small_with):
    figures = {
        **START,
        "july": JULY,
        "turns-70": Figure(EXACT, of="birth_date", rule=(Days(25567),)),  # 1980-05-05 to 2050-05-05
        "endless": Figure(Modality.UNLIMITED, before="turns-70"),
        "old": evolve(JULY, reached="turns-70"),
        "either": Figure(EXACT, earliest=("endless", "old")),
    }
    return small_with({OWED: Terms(("n",))}, figures, {HELD: Terms(("n",), figure="either")})


@pytest.mark.parametrize(
    ("on", "valid"),
    [(date(2027, 8, 1), True), (date(2050, 5, 4), True), (date(2050, 5, 5), False)],
)
def test_an_end_may_be_one_of_those_of_an_age_alone(small_with, on, valid):
    """From 70 on a notice ends on 31 July."""
    small = banded(small_with)
    facts = {**ISSUED, "birth_date": date(1980, 5, 5), "left_on": None}
    decision = small.decide(on, **facts)
    (state,) = [each for each in decision["documents"] if each["document"] == "eligibility-notice"]
    assert valid is state["valid"]
    assert ("unlimited" if valid else "exact") == state["valid_until"]["modality"]
    unknown = small.decide(date(2050, 5, 5), ("birth_date",), **ISSUED)
    assert ["birth_date"] == unknown["missing"]


def test_an_end_may_hang_on_a_condition(small_with):
    figures = {**START, "july": evolve(JULY, when={"relation": "dependent"})}
    small = small_with({OWED: Terms(("n",))}, figures, {HELD: Terms(("n",), figure="july")})
    on = date(2027, 8, 1)
    assert ["told"] == small.issued(on, **ISSUED, relation="dependent")
    assert [] == small.issued(on, **ISSUED, relation="insured")
    assert ["relation"] == small.decide(on, ("relation",), **ISSUED)["missing"]


def test_an_application_is_answered_once_however_short_the_term(small):
    facts = {
        "my_number_card": "returned",
        "health_insurance_card_valid_until": None,
        "certificate_requested_on": date(2025, 2, 1),
        "eligibility_certificate_issued_on": date(2025, 2, 10),
        "eligibility_certificate_valid_until": date(2025, 3, 31),
    }
    assert [] == small.issued(date(2025, 6, 15), **facts)
