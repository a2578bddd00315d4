"""Facts that cannot stand together are ruled out; what is merely odd is not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hokensha.features import MemberSituation
from hokensha.rules import CONSISTENT

ON = date(2025, 6, 15)
EVE, MORROW = date(2025, 6, 14), date(2025, 6, 16)


def consistent(small: Any, on: date = ON, **changes: Any) -> bool:
    """Whether the facts of an ordinary member, but for these, can stand together on a day."""
    facts = small.member(**changes).facts
    found: bool = MemberSituation(small.rulebook.vocabulary, facts, on)[CONSISTENT]
    return found


def test_the_facts_of_an_ordinary_member_can_stand_together(small):
    assert consistent(small)


# --- one day before another


@pytest.mark.parametrize(
    ("first", "second", "others"),
    [
        pytest.param("birth_date", "enrolled_on", {}, id="birth and enrolment"),
        pytest.param("enrolled_on", "left_on", {"birth_date": date(1980, 5, 5)}, id="enrolment and loss"),
        pytest.param(
            "eligibility_certificate_issued_on",
            "eligibility_certificate_valid_until",
            {},
            id="issue and end of a certificate",
        ),
    ],
)
@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2024, 3, 31), date(2025, 1, 1), ON])
def test_the_second_may_come_on_the_day_of_the_first_and_not_on_its_eve(small, first, second, others, day):
    eve = day - timedelta(days=1)
    assert consistent(small, **{**others, first: day, second: day})
    assert not consistent(small, **{**others, first: day, second: eve})


def test_nobody_is_enrolled_before_being_born(small):
    assert not consistent(small, birth_date=MORROW, enrolled_on=ON)


def test_a_certificate_need_not_have_an_end(small):
    assert consistent(small, eligibility_certificate_issued_on=ON, eligibility_certificate_valid_until=None)


@pytest.mark.parametrize("day", [EVE, ON, MORROW])
def test_the_day_asked_makes_no_difference(small, day):
    """What is dated ahead contradicts the rest all the same."""
    issued = "eligibility_certificate_issued_on"
    assert not consistent(small, day, **{issued: MORROW, "eligibility_certificate_valid_until": ON})
    assert not consistent(small, day, enrolled_on=MORROW, birth_date=date(2055, 4, 1))


@given(
    days=st.lists(st.dates(date(1926, 1, 1), ON), min_size=3, max_size=3).map(sorted),
    certificate=st.lists(st.dates(date(2024, 12, 2), ON), min_size=2, max_size=2).map(sorted),
)
def test_days_in_their_order_can_always_stand_together(small, days, certificate):
    born, enrolled, left = days
    issued, end = certificate
    facts = {"birth_date": born, "enrolled_on": enrolled, "left_on": left}
    facts |= {"eligibility_certificate_issued_on": issued, "eligibility_certificate_valid_until": end}
    assert consistent(small, **facts)


# --- cards and certificates


@pytest.mark.parametrize("card", ["none", "held", "returned", "lost", "renewing"])
@pytest.mark.parametrize("use", ["unregistered", "registered", "deregistered"])
def test_only_a_card_that_was_never_taken_out_cannot_have_been_registered(small, card, use):
    assert consistent(small, my_number_card=card, insurance_use=use) == (
        card != "none" or use == "unregistered"
    )


@pytest.mark.parametrize(
    ("fact", "of"),
    [
        ("eligibility_certificate_valid_until", "eligibility_certificate_issued_on"),
        ("eligibility_certificate_returned_on", "eligibility_certificate_issued_on"),
        ("health_insurance_card_returned_on", "health_insurance_card_valid_until"),
    ],
)
def test_what_was_never_given_has_no_end_and_does_not_come_back(small, fact, of):
    assert consistent(small, **{of: EVE, fact: ON})
    assert consistent(small, **{of: EVE, fact: None})
    assert consistent(small, **{of: None, fact: None})
    assert not consistent(small, **{of: None, fact: ON})


# --- odd, but there are such members


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(
            {"eligibility_certificate_issued_on": ON, "eligibility_certificate_returned_on": EVE},
            id="the one before it came back on the eve",
        ),
        pytest.param({"enrolled_on": MORROW}, id="not enrolled yet"),
        pytest.param({"registered_on": date(2001, 1, 1)}, id="in the database before enrolment"),
        pytest.param({"birth_date": date(1900, 1, 1)}, id="very old"),
        pytest.param({"birth_date": MORROW, "enrolled_on": MORROW}, id="not born yet"),
        pytest.param({"left_on": MORROW, "loss_received_on": EVE}, id="a loss filed ahead"),
        pytest.param({"my_number_card_expires_on": None}, id="a card without an end"),
        pytest.param({"deregistration_registered_on": ON}, id="deregistered without an application"),
        pytest.param({"certificate_requested_on": date(2001, 1, 1)}, id="applied before enrolment"),
    ],
)
def test_what_is_merely_odd_is_not_ruled_out(small, odd):
    assert consistent(small, **odd)
