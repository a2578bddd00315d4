"""Situations: each value is read once, an unknown fact is raised, and another day is another situation."""

from __future__ import annotations

from datetime import date

import pytest

from hokensha.features import (
    BOOLEANS,
    MemberSituation,
    OfPolicy,
    Sequence,
    Setting,
    UnknownFact,
    Value,
    Vocabulary,
    derived,
    known,
    reached,
    within,
)
from hokensha.rules import IN_SCHEME
from hokensha.text import Label
from hokensha_standard import CARD, Card

ON = date(2025, 6, 15)
REGISTERED = known("registered", "registered_on", "x", "x")


@pytest.fixture
def seen(small):
    """The situation of the ordinary member with some facts changed, on a day."""

    def situation(on=ON, without=(), **changes):
        facts = small.member(without, **changes).facts
        return MemberSituation(small.rulebook.vocabulary, facts, on)

    return situation


def test_a_value_is_computed_once(seen):
    calls = []

    @derived("counted", "x", "x")
    def counted(s):
        calls.append(1)
        return s[CARD] is Card.HELD

    situation = seen()

    assert (True, True, 1) == (situation[counted], situation[counted], len(calls))


def test_situations_share_nothing_of_a_member(seen):
    assert Card.HELD is seen()[CARD]
    assert Card.LOST is seen(my_number_card="lost")[CARD]


def test_an_unknown_fact_that_is_needed_is_raised_by_name(seen):
    with pytest.raises(UnknownFact) as caught:
        seen(without=("my_number_card",))[CARD]

    assert "my_number_card" == caught.value.fact


def test_an_unknown_fact_that_is_not_needed_is_not_raised(seen):
    """Enrolment lies ahead, so the rest of the scheme's rules is not asked."""
    situation = seen(enrolled_on=date(2025, 7, 1), without=("left_on", "birth_date"))

    assert situation[IN_SCHEME] is False


def test_a_rule_that_catches_exceptions_does_not_catch_an_unknown_fact(seen):
    @derived("careless", "x", "x")
    def careless(s):
        try:
            return s[CARD] is Card.HELD
        except Exception:  # noqa: BLE001 - what a careless plugin does
            return False

    with pytest.raises(UnknownFact):
        seen(without=("my_number_card",))[careless]


def test_what_failed_once_is_asked_again(seen):
    """A value that could not be had is not remembered as anything."""
    situation = seen(without=("my_number_card",))
    for _ in range(2):
        with pytest.raises(UnknownFact):
            situation[CARD]


@pytest.mark.parametrize("value", [Card.HELD, Sequence.NEVER])
def test_a_value_is_neither_true_nor_false(value):
    """Every member of an enumeration would be true."""
    assert isinstance(value, Value)
    with pytest.raises(TypeError, match="neither true nor false; compare it with 'is'"):
        bool(value)


def test_a_rule_that_takes_a_value_for_a_truth_raises(seen):
    @derived("careless", "x", "x")
    def careless(s):
        return not s[CARD]

    with pytest.raises(TypeError, match="neither true nor false"):
        seen()[careless]


@pytest.mark.parametrize(
    ("registered_on", "on_the_day", "as_of"),
    [
        (date(2025, 7, 31), True, True),
        (date(2025, 8, 1), True, False),
        (date(2025, 10, 15), True, False),
        (date(2025, 10, 16), False, False),
        (None, False, False),
    ],
)
def test_another_day_sees_the_events_up_to_it(seen, registered_on, on_the_day, as_of):
    """The day asked is 15 October, the as-of day 31 July."""
    situation = seen(date(2025, 10, 15), registered_on=registered_on)

    assert on_the_day is situation[REGISTERED]
    assert as_of is situation.at("mass-as-of")[REGISTERED]


def test_another_day_may_lie_ahead(seen):
    """In May, what happened in June has not happened, but as of 31 July it has."""
    situation = seen(date(2025, 5, 1), registered_on=date(2025, 6, 1))

    assert situation[REGISTERED] is False
    assert situation.at("mass-as-of")[REGISTERED] is True


def test_another_day_computes_dated_facts_for_that_day(seen):
    """The electronic certificate serves to 31 July; 15 October is past that."""
    situation = seen(date(2025, 10, 15), electronic_certificate_expires_on=date(2025, 4, 1))
    current = within("electronic-certificate-last-day", "x", "x")

    assert situation[current] is False
    assert situation.at("mass-as-of")[current] is True


def test_an_undated_fact_is_as_given_on_every_day(seen):
    assert Card.LOST is seen(my_number_card="lost").at("mass-as-of")[CARD]


def test_the_same_other_day_is_one_situation(seen):
    situation = seen()

    assert situation.at("mass-as-of") is situation.at("mass-as-of")
    assert date(2025, 7, 31) == situation.at("mass-as-of").day


@pytest.mark.parametrize("figure", ["eve-of-loss", "not-said"])
def test_only_a_fixed_day_can_be_looked_at(seen, figure):
    with pytest.raises(ValueError, match=r"as-of day may not depend|is no fixed day"):
        seen().at(figure)


def test_a_setting_is_the_policys_choice(small, seen):
    class Choice(Value):
        PAPER = "paper"
        PLASTIC = "plastic"

    choice = Setting("choice", Label("x", "x"), tuple(Choice))
    vocabulary = Vocabulary(small.rulebook.vocabulary.atoms, {"choice": Choice.PAPER})

    assert Choice.PAPER is MemberSituation(vocabulary, {}, ON)[choice]


def test_a_feature_of_the_policy_is_the_function_that_the_policy_makes_up(small):
    mine = OfPolicy("mine", Label("x", "x"), BOOLEANS)
    vocabulary = Vocabulary(small.rulebook.vocabulary.atoms, {}, {mine: lambda s: s[CARD] is Card.LOST})

    assert MemberSituation(vocabulary, {"my_number_card": "lost"}, ON)[mine] is True
    assert MemberSituation(vocabulary, {"my_number_card": "held"}, ON)[mine] is False


@pytest.mark.parametrize(
    ("on", "is_within", "has_come"),
    [(date(2025, 6, 14), True, False), (date(2025, 6, 15), True, True), (date(2025, 6, 16), False, True)],
)
def test_a_figure_of_one_part(seen, on, is_within, has_come):
    situation = seen(on, departs_japan_on=date(2025, 6, 15))

    assert is_within is situation[within("departs_japan_on", "x", "x")]
    assert has_come is situation[reached("departs_japan_on", "x", "x")]


@pytest.mark.parametrize(("on", "expected"), [(date(2025, 6, 14), True), (date(2025, 6, 15), False)])
def test_the_earliest_of_several_has_passed_once_one_has(seen, on, expected):
    """The card serves to the eve of departure."""
    situation = seen(on, departs_japan_on=date(2025, 6, 15))

    assert expected is situation[within("my-number-insurance-card-last-day", "x", "x")]


def test_a_part_whose_condition_is_not_met_does_not_count(seen):
    situation = seen(date(2025, 6, 15), departs_japan_on=date(2025, 6, 15), overseas_card=True)

    assert situation[within("my-number-insurance-card-last-day", "x", "x")] is True


def test_with_no_part_that_applies_nothing_has_come_and_nothing_passed(seen):
    facts = dict.fromkeys(
        ("departs_japan_on", "electronic_certificate_expires_on", "my_number_card_expires_on")
    )
    situation = seen(**facts)

    assert situation[within("my-number-insurance-card-last-day", "x", "x")] is True
    assert situation[reached("my-number-insurance-card-last-day", "x", "x")] is False
