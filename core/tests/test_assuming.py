"""Suppositions: what a feature would be is what it is of the member whose facts have the supposed values."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import hokensha_standard as standard
from hokensha.engine import owed, stranded, supposed
from hokensha.features import DAY_ASKED, Feature, MemberSituation
from hokensha.partial import followed, seen_on
from hokensha.rules import CARD_WORKS, CONSISTENT, Trigger

ON = date(2025, 10, 15)
DAY = timedelta(days=1)
NEAR = st.integers(-120, 120).map(lambda days: ON + days * DAY)
DATED = NEAR | st.none()
SUPPOSED: dict[str, st.SearchStrategy[Any]] = {
    "certificate_requested_on": st.just(DAY_ASKED),
    "registered_on": st.just(DAY_ASKED),
    "reissue_requested_on": st.just(DAY_ASKED),
    "electronic_certificate_expires_on": st.just(DAY_ASKED),
    "eligibility_certificate_issued_on": st.just(DAY_ASKED),
    "eligibility_certificate_returned_on": st.just(DAY_ASKED),
    "left_on": st.just(DAY_ASKED),
    "my_number_card": st.sampled_from(["none", "held", "lost"]),
    "insurance_use": st.sampled_from(["registered", "unregistered"]),
    "overseas_card": st.booleans(),
}


def really(values: Any, on: date) -> dict[str, Any]:
    """The values on a day."""
    return {fact: on if value is DAY_ASKED else value for fact, value in dict(values).items()}


def features_of(rulebook: Any) -> list[Feature[Any]]:
    triggers = [owed(rulebook, bound) for bound in rulebook.rules(Trigger)]
    return [*triggers, CARD_WORKS, CONSISTENT, stranded(rulebook, ON), *map(rulebook_feature, GROUNDS)]


GROUNDS = (standard.card_lost, standard.departed, standard.electronic_certificate_expired)


def rulebook_feature(rule: Any) -> Feature[Any]:
    feature: Feature[Any] = rule.feature
    return feature


MEMBERS = st.fixed_dictionaries(
    {
        "my_number_card": st.sampled_from(["none", "held", "returned", "lost", "renewing"]),
        "insurance_use": st.sampled_from(["unregistered", "registered", "deregistered"]),
        "overseas_card": st.booleans(),
        "departs_japan_on": DATED,
        **{fact: DATED for fact in SUPPOSED if fact.endswith("_on")},
    }
)
GIVEN = st.lists(st.sampled_from(list(SUPPOSED)), min_size=1, max_size=3, unique=True).flatmap(
    lambda facts: st.fixed_dictionaries({fact: SUPPOSED[fact] for fact in facts})
)


def through_the_diagram(rulebook: Any, feature: Feature[Any], facts: dict[str, Any], on: date) -> Any:
    """What is found by following the diagram of a feature, as columns do."""
    diagrams, vocabulary = rulebook.diagrams, rulebook.vocabulary
    root = diagrams.select(feature, {value: diagrams.leaf(value) for value in feature.values})

    def index(variable: Any) -> int:
        classify = vocabulary.atoms.classifier(variable.feature, seen_on(vocabulary, variable, on))
        place: int = variable.feature.values.index(classify(*(facts[fact] for fact in variable.facts)))
        return place

    return followed(root, index, {}).leaf


@settings(max_examples=60, deadline=None)
@given(changes=MEMBERS, values=GIVEN, on=st.sampled_from([ON, date(2025, 7, 31), date(2025, 6, 1)]))
def test_what_would_be_is_what_is_of_the_member_whose_facts_are_so(small, changes, values, on):
    """Read of a member, and through diagrams; as-of days included."""
    rulebook = small.rulebook
    facts = dict(small.member(**changes).facts)
    there = MemberSituation(rulebook.vocabulary, {**facts, **really(values, on)}, on)
    here = MemberSituation(rulebook.vocabulary, facts, on)
    for feature in features_of(rulebook):
        would_be = supposed(rulebook, feature, frozenset(values.items()))
        assert there[feature] is here[would_be], feature.id
        assert there[feature] is through_the_diagram(rulebook, would_be, facts, on), feature.id


def test_what_does_not_hang_on_the_facts_is_asked_as_it_is(small):
    """So that the explorer has nothing new to take apart."""
    rulebook = small.rulebook
    would_be = supposed(rulebook, standard.card_lost.feature, frozenset({("registered_on", DAY_ASKED)}))
    assert (
        rulebook.diagrams.explored(would_be).root
        is rulebook.diagrams.explored(standard.card_lost.feature).root
    )


def test_a_question_is_made_once(small):
    given_ = frozenset({("registered_on", DAY_ASKED)})
    assert supposed(small.rulebook, CARD_WORKS, given_) is supposed(small.rulebook, CARD_WORKS, given_)
