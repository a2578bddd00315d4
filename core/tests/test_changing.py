"""What is seen otherwise on one day than on another, and in which ways unknown facts can be seen."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from attrs import evolve
from every_policy import POLICIES, path_of

from hokensha.engine import Answering, changing, parts
from hokensha.facts import Member
from hokensha.partial import seen_on, variables
from hokensha.policy import Rulebook, open_rulebook

TOKYO = "tokyo-mutual-aid/policy.toml"


def owed_on(rulebook: Rulebook, on: date) -> Answering:
    """What answers whether anything is owed on a day."""
    asked = tuple(part for part in parts(rulebook, on) if part.kind == "issuance")
    return Answering(rulebook, asked, on, named=False)


@pytest.fixture(scope="module")
def tokyo() -> Rulebook:
    return open_rulebook(str(path_of(TOKYO)))


@pytest.mark.parametrize("policy", POLICIES)
def test_every_day_of_which_a_question_is_answered_otherwise_is_named(policy: str):
    rulebook = open_rulebook(str(path_of(policy)))
    atoms = rulebook.vocabulary.atoms
    days = [date(2026, 11, 25) + timedelta(days=9 * run) for run in range(6)]
    for before, after in pairwise(owed_on(rulebook, day) for day in days):
        found = changing(before, after)
        asked = variables(before.shapes.roots.values())
        for variable in asked if found else ():
            if len(variable.facts) > 1 or atoms.catalogue[variable.facts[0]].kind != "day":
                continue
            one, other = (
                atoms.classifier(variable.feature, seen_on(rulebook.vocabulary, variable, each.on))
                for each in (before, after)
            )
            stretches = found.days.get(variable.facts[0], ())
            for place in range(-1500, 1500):
                day = before.on + timedelta(days=place)
                named = any(first <= day <= last for first, last in stretches)
                assert named or one(day) is other(day)


def test_of_two_compared_days_those_are_named_that_have_come_since(tokyo: Rulebook):
    found = changing(owed_on(tokyo, date(2026, 12, 20)), owed_on(tokyo, date(2026, 12, 31)))
    assert found is not None
    came = (date(2026, 12, 21), date(2026, 12, 31))
    assert came in found.days["eligibility_certificate_returned_on"]
    assert came in found.days["reissue_requested_on"]


def test_nothing_is_seen_otherwise_on_the_same_day(tokyo: Rulebook):
    found = changing(owed_on(tokyo, date(2026, 12, 20)), owed_on(tokyo, date(2026, 12, 20)))
    assert found is not None
    assert (found.days, found.unknown) == ({}, frozenset())


def test_unknown_days_are_named_where_other_answers_become_possible(tokyo: Rulebook):
    """On the 20th no end of a card is past a month before and not past itself, as it may be on the 10th."""
    found = changing(owed_on(tokyo, date(2026, 12, 10)), owed_on(tokyo, date(2026, 12, 20)))
    assert found is not None
    assert found.unknown == {"my_number_card_expires_on", "electronic_certificate_expires_on"}


def test_where_other_rules_are_asked_anything_may_be_seen_otherwise(tokyo: Rulebook):
    one, other = (owed_on(tokyo, date(2026, 12, day)) for day in (20, 31))
    assert changing(one, evolve(other, parts=other.parts[:1])) is None


def test_where_missing_facts_are_named_anything_may_be_seen_otherwise(tokyo: Rulebook):
    one, other = (owed_on(tokyo, date(2026, 12, day)) for day in (20, 31))
    assert changing(evolve(one, named=True), evolve(other, named=True)) is None


@pytest.mark.parametrize(
    ("facts", "lasts", "known"),
    [
        ({"left_on": date(2020, 4, 1)}, True, True),  # nothing is owed
        ({"left_on": None}, False, True),  # a certificate is: next time, it was given
        ({}, True, False),  # whoever has not left is owed one
    ],
)
def test_what_is_owed_does_not_last(tokyo: Rulebook, facts, lasts: bool, known: bool):
    without_card = {
        **dict.fromkeys(fact.id for fact in tokyo.catalogue.facts.values() if fact.nullable),
        **{fact.id: False for fact in tokyo.catalogue.facts.values() if fact.kind == "boolean"},
        "birth_date": date(1980, 5, 5),
        "enrolled_on": date(2010, 4, 1),
        "registered_on": date(2010, 4, 5),
        "my_number_card": "none",
        "insurance_use": "unregistered",
    }
    del without_card["left_on"]
    met = owed_on(tokyo, date(2026, 12, 20)).met(Member("A1", {**without_card, **facts}))
    assert (met.lasts(), met.known()) == (lasts, known)
