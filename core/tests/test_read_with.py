"""What cannot matter is not missing: no figure reads the expiry of a card that the member has not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from attrs import evolve

from hokensha.dates import Figure, Figures, Modality, Years
from hokensha.engine import decide, decided, parts
from hokensha.facts import Member
from hokensha.partial import Completions

ON = date(2025, 6, 15)
EXPIRY = "electronic_certificate_expires_on"
FIGURES = {
    "four-years": Figure(Modality.EXACT, ("term",), earliest=("usual", "with-the-card")),
    "usual": Figure(Modality.EXACT, ("term",), rule=(Years(4),)),
    "with-the-card": Figure(Modality.EXACT, ("card",), of=EXPIRY),
}
"""A certificate is valid for four years, but not beyond the electronic certificate of the card."""
CANDIDATES = [ON + timedelta(days=n) for n in (-400, -1, 0, 1, 400, 4000)]


@pytest.fixture
def capped(small_with):
    return small_with(figures=FIGURES)


def without(member: Member, *facts: str) -> Member:
    return Member(member.id, {fact: value for fact, value in member.facts.items() if fact not in facts})


@pytest.mark.parametrize(("card", "missing"), [("none", ()), ("returned", ()), ("lost", (EXPIRY,))])
def test_an_expiry_is_missing_only_where_there_is_a_card(capped, card, missing):
    """Every day that it may be counts, those after which a certificate of today would have ended as well."""
    facts = {"health_insurance_card_valid_until": None, "certificate_requested_on": ON}
    member = capped.member(**facts, my_number_card=card)
    decision = decide(capped.rulebook, without(member, EXPIRY), ON)
    answers = {
        evolve(decided(capped.rulebook, Member("m1", {**member.facts, EXPIRY: day}), ON), not_owed=())
        for day in [*CANDIDATES, None]
    }

    assert (len(answers) > 1) is (EXPIRY in decision.missing)
    assert missing == decision.missing


def test_what_is_given_is_read_as_long_as_there_is_a_card(capped):
    facts = {"health_insurance_card_valid_until": None, "certificate_requested_on": ON}
    ends = {
        card: decide(capped.rulebook, capped.member(my_number_card=card, **facts, **{EXPIRY: day}), ON)
        .issuances[0]
        .valid_until
        for card, day in (("lost", date(2027, 1, 1)), ("returned", date(2027, 1, 1)))
    }

    assert (date(2027, 1, 1), date(2029, 6, 15)) == tuple(end.date for end in ends.values() if end)


def test_a_days_often_asked_answers_are_the_same(capped):
    member = without(capped.member(my_number_card="returned", health_insurance_card_valid_until=None), EXPIRY)
    first = decide(capped.rulebook, member, ON)

    assert [first] * 12 == [decide(capped.rulebook, member, ON) for _ in range(12)]


def test_which_card_it_is_decides_where_that_is_unknown(capped):
    """The card and its expiry unknown: both are missing, for one of them alone can change the answer."""
    facts = {"health_insurance_card_valid_until": None, "certificate_requested_on": ON}
    member = without(capped.member(**facts), "my_number_card", EXPIRY)

    assert {"my_number_card", EXPIRY} <= set(decide(capped.rulebook, member, ON).missing)


def test_a_rule_that_compares_days_with_such_a_figure_reads_it_alike(capped):
    """The questions of the parts say the same of every card and day as the figures themselves."""
    components = tuple(part.component(ON) for part in parts(capped.rulebook, ON))
    member = without(capped.member(my_number_card="none"), EXPIRY)
    reading = Completions(capped.rulebook.vocabulary, member, ON, components)

    assert all(EXPIRY not in reading.left(each).root.support for each in components)


def test_a_figure_of_a_fact_that_is_not_read_does_not_apply():
    figure = Figure(Modality.EXACT, of="expiry")
    figures = Figures({"end": (figure,)}, lambda *_: ON, {"expiry": ("card", ("held",))})
    known = {"card": "held", "expiry": ON}

    assert figures.evaluate("end", known.__getitem__, ON)
    assert figures.evaluate("end", {"card": "none"}.__getitem__, ON) is None
    assert ("card", "expiry") == tuple(sorted(figures.facts("end")))
    assert ("card",) == figures.conditions("end")
