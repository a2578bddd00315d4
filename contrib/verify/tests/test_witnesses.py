"""Members who are thought up: ordinary ones, changed in as few facts as will do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hokensha_standard as standard
from hokensha import Plugin
from hokensha.dates import Birthday, Figure, Modality
from hokensha.facts import Fact
from hokensha.features import Derived, Feature, Situation, derived, reached
from hokensha.policy import Terms
from hokensha.rules import Features
from hokensha.text import Label
from hokensha_standard import CARD, USE, Card, InsuranceUse, Relation
from hokensha_verify import Witness, ordinary, witness, written

declare = Plugin()

ON = date(2025, 6, 15)
CITES = Terms(("source",))
EXACT = Modality.EXACT
FIGURES = {
    "scheme-last-day": Figure(EXACT, of="left_on"),
    "my-number-insurance-card-last-day": Figure(EXACT, of="electronic_certificate_expires_on"),
    "health-insurance-card-last-day": Figure(EXACT, of="health_insurance_card_valid_until"),
    "late-elderly-from": Figure(EXACT, of="birth_date", rule=(Birthday(75),)),
    "electronic-certificate-last-day": Figure(EXACT, of="electronic_certificate_expires_on"),
}


EXPIRES = reached("electronic_certificate_expires_on", "期限到来", "the end has come")


def feature(test: Callable[[Situation], bool]) -> Derived[bool]:
    return derived("wanted", "求めるもの", "what is wanted")(test)


def shown(small: Any, test: Callable[[Situation], bool], on: date = ON) -> str:
    """The member who is thought up for a test, in words."""
    return str(witness(small.rulebook, feature(test), on))


# --- the ordinary member


@pytest.mark.parametrize("on", [date(2025, 1, 1), ON, date(2028, 2, 29)])
def test_an_ordinary_member_has_a_working_card_and_is_owed_nothing(small, on):
    facts = ordinary(small.rulebook, on)
    decision = small.decide(on, **facts)
    assert decision["my_number_insurance_card"]["usable"]
    assert [[], [], []] == [decision[key] for key in ("grounds", "returns", "missing")]


def test_all_facts_of_an_ordinary_member_are_known_but_for_the_key(small):
    assert {*ordinary(small.rulebook, ON)} == {fact.id for fact in standard.FACTS} - {"id"}


def test_an_ordinary_member_of_a_scheme_for_the_old_is_old(rulebook_of):
    old = declare.scheme("old", "高齢", "old")(lambda s: s[standard.LATE_ELDERLY])
    facts = ordinary(rulebook_of({old: CITES}, FIGURES), ON)
    assert date(1950, 6, 15) >= facts["birth_date"]


def test_an_ordinary_member_of_no_such_scheme_is_not_old(rulebook_of):
    """Age is no help where the scheme asks for something else."""
    own = declare.scheme("own", "任意継続", "own")(lambda s: s[standard.CONTINUATION])
    rulebook = rulebook_of({own: CITES}, FIGURES)
    assert date(1980, 1, 1) < ordinary(rulebook, ON)["birth_date"]
    found = witness(rulebook, feature(lambda s: s[standard.IN_SCHEME]), ON)
    assert ("continuation",) == found.told


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        (Fact("own", "day", Label("日", "day"), nullable=True), None),
        (Fact("own", "day", Label("日", "day")), date(2024, 6, 15)),
        (Fact("own", "code", Label("区分", "code"), values=("north", "south")), "north"),
        (Fact("own", "boolean", Label("有無", "flag")), False),
        (Fact("own", "text", Label("文", "text"), nullable=True), None),
        (Fact("own", "text", Label("文", "text")), "1"),
    ],
)
def test_of_facts_that_a_plugin_adds_an_ordinary_member_has_the_plainest(rulebook_of, fact, value):
    rulebook = rulebook_of({standard.enrolled: CITES}, FIGURES, Features(facts=(fact,)))
    assert value == ordinary(rulebook, ON)["own"]


# --- as few facts as will do


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        pytest.param(lambda s: s[standard.IN_SCHEME], "an ordinary member", id="nothing to change"),
        pytest.param(lambda s: s[CARD] is Card.LOST, "my_number_card = lost", id="one code"),
        pytest.param(lambda s: s[standard.DISCLOSURE], "disclosure_restricted = true", id="one flag"),
        pytest.param(
            lambda s: not s[standard.REGISTERED], "registered_on = 2025-06-16", id="a day, rather than none"
        ),
        pytest.param(lambda s: s[standard.LEFT], "left_on = 2025-06-15", id="a day, the nearest"),
        pytest.param(
            lambda s: not s[standard.CERTIFICATE_CURRENT],
            "electronic_certificate_expires_on = 2025-02-28",
            id="the last day whose end of the third month has passed",
        ),
        pytest.param(lambda s: not s[standard.ENROLLED], "enrolled_on = 2025-06-16", id="the day after"),
        pytest.param(
            lambda s: s[CARD] is Card.LOST and s[USE] is InsuranceUse.DEREGISTERED,
            "my_number_card = lost, insurance_use = deregistered",
            id="two facts, in the catalogue's order",
        ),
        pytest.param(
            lambda s: s[CARD] is Card.LOST or (s[standard.DISCLOSURE] and s[standard.OVERSEAS_CARD]),
            "my_number_card = lost",
            id="one rather than two",
        ),
        pytest.param(
            lambda s: s[standard.CERTIFICATE.valid],
            "eligibility_certificate_issued_on = 2025-06-15",
            id="a certificate without an end",
        ),
        pytest.param(
            lambda s: not s[standard.UNTIL_SCHEME_ENDS],
            "left_on = 2025-06-15",
            id="who leaves rather than who is older",
        ),
    ],
)
def test_an_ordinary_member_is_changed_in_as_few_facts_as_will_do(small, test, expected):
    assert f"on 2025-06-15, {expected}" == shown(small, test)


def test_where_few_will_not_do_those_that_may_stay_as_they_are_stay(small):
    """Five have to change; registration and enrolment are looked at, and will do as they are."""

    def wanted(s: Situation) -> bool:
        flags = (standard.DISCLOSURE, standard.OVERSEAS_CARD, standard.CONTINUATION, standard.REQUESTED)
        lost = s[CARD] is Card.LOST and s[USE] is not InsuranceUse.DEREGISTERED
        return lost and s[standard.ENROLLED] and all(s[each] for each in flags)

    found = witness(small.rulebook, feature(wanted), ON)
    assert {
        "my_number_card",
        "continuation",
        "disclosure_restricted",
        "overseas_card",
        "certificate_requested_on",
    } == {*found.told}
    assert ("lost", True) == (found.facts["my_number_card"], found.facts["continuation"])


@pytest.mark.parametrize(
    "test",
    [
        pytest.param(lambda s: False, id="never true"),
        pytest.param(lambda s: s[CARD] is Card.LOST and s[standard.no_card], id="one or the other"),
        pytest.param(
            lambda s: not s[standard.CERTIFICATE_CURRENT] and not s[EXPIRES],
            id="a day on both sides",
        ),
    ],
)
def test_where_there_is_nobody_there_is_no_witness(small, test):
    assert witness(small.rulebook, feature(test), ON) is None


# --- for any test


FACTS: Mapping[str, Feature[Any]] = {
    "relation": standard.RELATION,
    "continuation": standard.CONTINUATION,
    "my_number_card": CARD,
    "insurance_use": USE,
    "disclosure_restricted": standard.DISCLOSURE,
}
SPACE = list(product(*(each.values for each in FACTS.values())))
USUAL = (Relation.INSURED, False, Card.HELD, InsuranceUse.REGISTERED, False)


def changed(values: tuple[Any, ...], usual: tuple[Any, ...] = USUAL) -> int:
    return sum(one is not other for one, other in zip(values, usual, strict=True))


def answers(found: Witness) -> tuple[Any, ...]:
    facts = (found.facts[fact] for fact in FACTS)
    return tuple(
        each if isinstance(each, bool) else type(feature_.values[0])(each)
        for each, feature_ in zip(facts, FACTS.values(), strict=True)
    )


@settings(max_examples=60, deadline=None)
@given(wanted=st.sets(st.sampled_from(SPACE), max_size=12))
def test_whoever_is_wanted_is_found_if_there_is_somebody_and_changed_no_more_than_needed(small, wanted):
    """Up to three facts the fewest; beyond that, so that none of those changed could have stayed."""
    found = witness(small.rulebook, feature(lambda s: tuple(s[f] for f in FACTS.values()) in wanted), ON)
    assert (found is None) == (not wanted)
    if found is not None:
        assert answers(found) in wanted
        assert {*found.told} <= {*FACTS}
        fewest = min(map(changed, wanted))
        assert fewest == len(found.told) or fewest > 3
        assert not any(one in wanted for one in put_back(answers(found)))


def put_back(values: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The same with one of the changed facts as it was."""
    for place, usual in enumerate(USUAL):
        if values[place] is not usual:
            yield (*values[:place], usual, *values[place + 1 :])


# --- in words


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), (False, "false"), (None, "none"), (date(2028, 2, 29), "2028-02-29"), ("lost", "lost")],
)
def test_a_value_is_written_as_people_read_it(value, text):
    assert text == written(value)
