"""Unknown facts: what is missing, and what all completions share, against brute force over dense days."""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import date, timedelta
from itertools import combinations, pairwise, product
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from hokensha import Plugin
from hokensha.dates import EARLIEST, LATEST, DayValue, Modality
from hokensha.engine import decided, part, parts
from hokensha.facts import Member
from hokensha.features import Order, Sequence
from hokensha.partial import Completions, missing, missing_facts
from hokensha.policy import Terms
from hokensha.text import Label
from hokensha_standard import NOTICE

declare = Plugin()

ON = date(2025, 10, 15)
DAY = timedelta(days=1)
X = Label("x", "x")
CERTIFICATE = {
    "eligibility_certificate_issued_on": date(2025, 1, 10),
    "eligibility_certificate_valid_until": date(2025, 10, 31),
}
STORIES: dict[str, dict[str, Any]] = {
    "ordinary": {},
    "expiring": {"electronic_certificate_expires_on": date(2025, 7, 15), **CERTIFICATE},
    "lost": {
        "my_number_card": "lost",
        "health_insurance_card_valid_until": None,
        "certificate_requested_on": date(2025, 10, 1),
        "left_on": date(2026, 4, 1),
    },
    "returned": {"my_number_card": "returned", "reissue_requested_on": date(2025, 2, 1), **CERTIFICATE},
    "gone": {"left_on": date(2025, 4, 1), **CERTIFICATE},
}
DAYS = sorted(
    {
        day + n * DAY
        for day in (
            ON,
            date(1950, 10, 15),  # 75 on the day asked
            date(2024, 10, 15),  # the notice
            date(2025, 1, 10),  # the certificate
            date(2025, 7, 1),  # of an electronic certificate that serves to 31 October
            date(2025, 8, 1),  # the first day after the as-of day
            date(2025, 11, 1),  # the first unusable day
            date(2025, 12, 2),  # the end of old cards
        )
        for n in (-1, 0, 1)
    }
    | {
        EARLIEST,
        date(2025, 2, 1),
        date(2025, 9, 1),
        date(2025, 10, 1),
        date(2026, 4, 1),
        date(2031, 5, 5),
        LATEST,
    }
)


def values(small, fact_id: str) -> tuple[Any, ...]:
    fact = small.rulebook.catalogue[fact_id]
    of_kind = {"day": tuple(DAYS), "boolean": (False, True), "code": fact.values, "text": ("text",)}[
        fact.kind
    ]
    return (*of_kind, None) if fact.nullable else of_kind


def brute_force(
    small, without: tuple[str, ...], facts: dict[str, Any], on: date = ON
) -> tuple[set[str], list]:
    """The facts that are missing, and every different decision, from all completions one by one."""
    answers = {}
    for combination in product(*(values(small, fact) for fact in without)):
        completed = Member("m1", {**small.facts, **facts, **dict(zip(without, combination, strict=True))})
        answers[combination] = decided(small.rulebook, completed, on)
    found = set()
    for place, fact in enumerate(without):
        alike = defaultdict(set)
        for combination, answer in answers.items():
            alike[combination[:place] + combination[place + 1 :]].add(answer)
        if any(len(each) > 1 for each in alike.values()):
            found.add(fact)
    return found, list(set(answers.values()))


def readable(small) -> list[str]:
    return [fact for fact in small.facts if fact != "id"]


# --- missing is exact


@pytest.mark.parametrize("story", STORIES)
def test_a_single_fact_is_missing_exactly_if_two_of_its_values_are_answered_differently(small, story):
    facts = STORIES[story]
    expected = {fact: brute_force(small, (fact,), facts)[0] == {fact} for fact in readable(small)}

    assert expected == {
        fact: small.decide(ON, (fact,), **facts)["missing"] == [fact] for fact in readable(small)
    }


FIRST_PAIR = {"ordinary": 0, "expiring": 1, "lost": 2}
"""Each story goes through every third pair; together they go through all."""


@pytest.mark.parametrize("story", FIRST_PAIR)
def test_of_a_pair_each_is_missing_exactly_if_it_can_make_a_difference(small, story):
    facts = STORIES[story]
    pairs = list(combinations(readable(small), 2))[FIRST_PAIR[story] :: 3]
    expected = {pair: brute_force(small, pair, facts)[0] for pair in pairs}

    assert expected == {pair: set(small.decide(ON, pair, **facts)["missing"]) for pair in pairs}


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_difference_of_any_pair_on_any_day_is_overlooked(small, data):
    facts = STORIES[data.draw(st.sampled_from(sorted(STORIES)))]
    pair = tuple(data.draw(st.permutations(readable(small)))[:2])
    on = data.draw(st.sampled_from([date(2025, 6, 15), ON, date(2025, 12, 2)]))

    assert brute_force(small, pair, facts, on)[0] <= set(small.decide(on, pair, **facts)["missing"])


def test_a_fact_that_no_rule_reads_is_never_missing(small):
    read = set(readable(small))
    unread = [fact for fact in small.rulebook.catalogue.facts if fact not in {*read, "id"}]
    everything = small.decide(ON, tuple(read))["missing"]

    assert {"symbol", "needs_assistance", "name_change_received_on"} <= set(unread)
    assert [] == [fact for fact in unread if fact in everything]


def test_missing_facts_come_in_the_catalogues_order(small):
    found = small.decide(ON, ("my_number_card", "left_on", "birth_date"))["missing"]

    assert ["birth_date", "left_on", "my_number_card"] == found


@pytest.mark.parametrize("state", ["none", "returned"])
def test_without_a_card_neither_expiry_is_missing(small, state):
    expiries = ("my_number_card_expires_on", "electronic_certificate_expires_on")
    decision = small.decide(ON, expiries, my_number_card=state)

    assert ("decided", []) == (decision["status"], decision["missing"])
    assert "not-stated" == decision["my_number_insurance_card"]["valid_until"]["modality"]


def test_a_fact_that_matters_only_together_with_another_unknown_one_is_missing(small):
    """An expiry says nothing if there is no card, and whether there is one is unknown, too."""
    decision = small.decide(ON, ("my_number_card", "electronic_certificate_expires_on"))

    assert {"my_number_card", "electronic_certificate_expires_on"} == set(decision["missing"])


def test_once_out_of_the_scheme_hardly_anything_is_missing(small):
    """Grounds still are answered; requests, notices and certificates due are not asked for."""
    without = ("certificate_requested_on", "reissue_requested_on", "relation", "continuation")
    decision = small.decide(ON, without, **STORIES["gone"])

    assert ("decided", []) == (decision["status"], decision["missing"])


def test_an_output_day_alone_can_be_missing(small):
    """No rule asks when the certificate ends as long as it is later; the answer tells it all the same."""
    decision = small.decide(date(2025, 6, 15), ("electronic_certificate_expires_on",), my_number_card="lost")

    assert ["electronic_certificate_expires_on"] == decision["missing"]


# --- what all completions share

LISTS = ("grounds", "issuances", "returns", "documents")


def shared(decisions: list[Any]) -> dict[str, Any]:
    """What every one of several decisions says, worked out on their JSON."""
    jsons = [decision.to_json("en") for decision in decisions]

    def same(found: list[Any], otherwise: Any = None) -> Any:
        return found[0] if all(each == found[0] for each in found) else otherwise

    def same_end(ends: list[Any]) -> Any:
        """What no source states is that in every completion, though the scheme end on different days."""
        if any(end is None or end["modality"] not in ("not-stated", "unlimited") for end in ends):
            return same(ends)
        told = [{**end, "latest": None, "cites": None} for end in ends]
        cites = sorted(set.intersection(*(set(end["cites"]) for end in ends)))
        return same(told) and {**told[0], "latest": same([end["latest"] for end in ends]), "cites": cites}

    no_due = {"from": None, "through": None, "approximate": False, "planned": False}
    cards = [each["my_number_insurance_card"] for each in jsons]
    result: dict[str, Any] = {
        "my_number_insurance_card": {
            "usable": same([card["usable"] for card in cards]),
            "valid_until": same_end([card["valid_until"] for card in cards]),
        },
        "in_scheme": same([each["in_scheme"] for each in jsons]),
        "complete": {kind: all(each[kind] == jsons[0][kind] for each in jsons) for kind in LISTS},
    }
    for kind, key in (
        ("grounds", "id"),
        ("issuances", "document"),
        ("returns", "document"),
        ("documents", "document"),
    ):
        lists = [{item[key]: item for item in each[kind]} for each in jsons]
        result[kind] = []
        for name in (name for name in lists[0] if all(name in each for each in lists)):
            items = [each[name] for each in lists]
            agreed = {f: same([item[f] for item in items], no_due if f == "due" else None) for f in items[0]}
            if "valid_until" in agreed:
                agreed["valid_until"] = same_end([item["valid_until"] for item in items])
            if "cites" in agreed:
                agreed["cites"] = sorted(set.intersection(*(set(item["cites"]) for item in items)))
            result[kind].append(agreed)
    return result


def told(decision: dict[str, Any]) -> dict[str, Any]:
    """The same parts of a decision that was made with facts unknown."""
    result = {kind: decision[kind] for kind in ("my_number_insurance_card", "in_scheme", "complete", *LISTS)}
    for kind in LISTS:
        for item in result[kind]:
            for each in (item, item.get("valid_until")):
                if each and "cites" in each:
                    each["cites"] = sorted(each["cites"])
    return result


@pytest.mark.parametrize("story", STORIES)
def test_lists_hold_what_every_completion_of_a_fact_shares(small, story):
    facts = STORIES[story]
    for fact in readable(small):
        expected = shared(brute_force(small, (fact,), facts)[1])

        assert expected == told(small.decide(ON, (fact,), **facts)), fact


@pytest.mark.parametrize("story", STORIES)
def test_lists_hold_what_every_completion_of_a_pair_shares(small, story):
    facts = STORIES[story]
    pairs = [
        ("my_number_card", "insurance_use"),
        ("my_number_card", "electronic_certificate_expires_on"),
        ("eligibility_certificate_issued_on", "eligibility_certificate_valid_until"),
        ("eligibility_certificate_issued_on", "certificate_requested_on"),
        ("certificate_requested_on", "relation"),
        ("departs_japan_on", "overseas_card"),
        ("left_on", "birth_date"),
        ("registered_on", "eligibility_notice_issued_on"),
    ]
    for pair in pairs:
        expected = shared(brute_force(small, pair, facts)[1])

        assert expected == told(small.decide(ON, pair, **facts)), pair


def test_where_completions_differ_a_single_value_is_null(small):
    decision = small.decide(ON, ("my_number_card",))

    assert {"usable": None, "valid_until": None} == decision["my_number_insurance_card"]


def test_an_issuance_that_is_owed_in_any_case_stays_with_what_is_known_of_it(small):
    """Owed as the card is lost, or on request: the winner is open, and with it basis and form."""
    facts = {**STORIES["lost"], "left_on": None}
    decision = small.decide(ON, ("certificate_requested_on",), **facts)
    (issuance,) = decision["issuances"]

    assert ["certificate_requested_on"] == decision["missing"]
    assert ("eligibility-certificate", None, None, None) == tuple(
        issuance[key] for key in ("document", "trigger", "basis", "form")
    )
    assert "2029-12-01" == issuance["valid_until"]["date"]
    assert ["source"] == issuance["cites"]


def test_a_ground_that_holds_in_any_case_is_listed(small):
    decision = small.decide(ON, ("insurance_use",), my_number_card="lost")

    assert ["card-lost"] == [ground["id"] for ground in decision["grounds"]]
    assert decision["my_number_insurance_card"]["usable"] is False


def test_an_end_that_is_open_on_every_way_is_so_only_if_it_is_on_all_days():
    """One answer for each way comes first, then all others: one of those may state a day all the same."""
    ways = [DayValue(Modality.NOT_STATED, cites=("one",)), DayValue(Modality.NOT_STATED, cites=("other",))]
    a_day = DayValue(Modality.EXACT, ON)

    assert (DayValue(Modality.NOT_STATED), True) == part._shared(iter(ways), iter(()))
    assert (None, True) == part._shared(iter(ways), iter([a_day]))


# --- orders of two unknown days


@pytest.mark.parametrize(
    "pair",
    [
        ("eligibility_certificate_issued_on", "certificate_requested_on"),
        ("eligibility_certificate_issued_on", "reissue_requested_on"),
        ("eligibility_certificate_issued_on", "eligibility_certificate_returned_on"),
        ("eligibility_certificate_valid_until", "electronic_certificate_expires_on"),
        ("eligibility_notice_issued_on", "registered_on"),
    ],
)
@pytest.mark.parametrize("story", STORIES)
def test_two_unknown_days_that_are_compared_with_each_other(small, story, pair):
    facts = STORIES[story]

    assert brute_force(small, pair, facts)[0] == set(small.decide(ON, pair, **facts)["missing"])


def test_three_unknown_days_that_are_compared_in_a_chain(small):
    """Issued against requested, returned against issued: days on either side of each are needed."""
    chain = (
        "certificate_requested_on",
        "eligibility_certificate_issued_on",
        "eligibility_certificate_returned_on",
    )
    facts = {"my_number_card": "returned"}

    assert brute_force(small, chain, facts)[0] == set(small.decide(ON, chain, **facts)["missing"])


def test_four_unknown_days_in_a_row_have_four_different_days_to_fall_on(small_with):
    """Requested before issued, issued before lost, lost before it came back, and all of that by now."""
    row = (
        "certificate_requested_on",
        "eligibility_certificate_issued_on",
        "reissue_requested_on",
        "eligibility_certificate_returned_on",
    )
    orders = [Order(f"{a}-{b}", X, tuple(Sequence), a, b) for a, b in pairwise(row)]
    rule = declare.trigger("in-a-row", "x", "x", document=NOTICE, met_since="registered_on")(
        lambda s: all(s[order] is Sequence.BEFORE for order in orders)
    )
    small = small_with({rule: Terms(("x",))})

    assert set(row) == set(small.decide(ON, row, eligibility_notice_issued_on=None)["missing"])


# --- the search itself


def completions_of(small, without: tuple[str, ...], facts: dict[str, Any], kind: str | None = None):
    """What the parts of a decision make of unknown facts: all of them, or those of one kind."""
    asked = [each for each in parts(small.rulebook, ON) if kind in (None, each.kind)]
    components = tuple(each.component(ON) for each in asked)
    return Completions(small.rulebook.vocabulary, small.member(without, **facts), ON, components)


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_chance_walks_never_claim_a_difference_that_is_none(small, data):
    """Whatever they find, the search through everything finds, too."""
    facts = STORIES[data.draw(st.sampled_from(sorted(STORIES)))]
    without = tuple(
        data.draw(st.lists(st.sampled_from(readable(small)), min_size=2, max_size=4, unique=True))
    )
    completions = completions_of(small, without, facts)
    for each in completions.components:
        left = completions.left(each)
        for fact in completions.all_masks(left):
            search = missing._Search(completions, left, fact)
            assert search.anywhere() or not search.in_a_sample()


def test_with_and_without_chance_walks_the_same_facts_are_missing(small, monkeypatch):
    without = ("my_number_card", "electronic_certificate_expires_on", "left_on", "registered_on")
    with_walks = small.decide(ON, without)["missing"]
    monkeypatch.setattr(missing, "_SMALL", 10**9)

    assert with_walks == small.decide(ON, without)["missing"]


def test_facts_found_before_are_not_asked_about_again(small):
    completions = completions_of(small, ("left_on", "my_number_card"), {}, "usable")
    (each,) = completions.components

    assert {"left_on", "my_number_card"} == set(missing_facts(completions, each))
    assert ["my_number_card"] == list(missing_facts(completions, each, {"left_on"}))


def test_each_way_to_an_answer_tells_what_the_unknown_facts_may_be(small):
    completions = completions_of(small, ("my_number_card", "insurance_use"), {}, "usable")
    (usable,) = completions.components
    ways = list(completions.ways(usable, 1))

    assert [{"my_number_card": ("held",), "insurance_use": ("registered",)}] == ways


def test_a_known_fact_needs_no_candidates(small):
    assert {"left_on"} == set(completions_of(small, ("left_on",), {}).candidates)


def test_candidates_tell_apart_the_days_about_each_cut(small):
    """Left on the day asked, or on the day after: out of the scheme, or in it."""
    found = completions_of(small, ("left_on",), {}).candidates["left_on"]

    assert {EARLIEST, ON, ON + DAY, LATEST, None} <= set(found)


@pytest.mark.parametrize("story", STORIES)
def test_with_every_fact_unknown_the_answer_comes_within_seconds(small, story):
    started = time.perf_counter()
    decision = small.decide(ON, tuple(readable(small)), **STORIES[story])

    assert "undetermined" == decision["status"]
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("half", [0, 1])
def test_with_every_other_fact_unknown_the_answer_comes_within_seconds(small, half):
    started = time.perf_counter()
    small.decide(ON, tuple(readable(small)[half::2]))

    assert time.perf_counter() - started < 5


def test_removing_a_fact_never_changes_a_decision_silently(small):
    """Either the same decision, or undetermined with that very fact missing."""
    for facts in STORIES.values():
        complete = decided(small.rulebook, small.member(**facts), ON)
        for fact in readable(small):
            found = decided(small.rulebook, small.member((fact,), **facts), ON)

            assert found == complete or (fact,) == found.missing
            assert found == evolve(complete, missing=found.missing) or (fact,) == found.missing
