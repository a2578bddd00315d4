"""Unknown is never a default: what is missing is exactly what could change the answer.

Each expectation is worked out by brute force: every way of completing the facts that were taken away is
decided, over the days around each day that means something and over the candidates of the search itself.
"""

import json
from datetime import date, timedelta
from itertools import combinations

import pytest
from every_policy import POLICIES, path_of
from hypothesis import given, settings
from hypothesis import strategies as st

from hokensha.engine import decided, parts
from hokensha.facts import Member, parse_member
from hokensha.partial import Completions
from hokensha.policy import open_rulebook

DAY = timedelta(days=1)
ON = {"kumamoto-late-elderly/policy.toml": date(2025, 7, 15)}
RULEBOOKS = {}


def rulebook_of(policy):
    if policy not in RULEBOOKS:
        RULEBOOKS[policy] = open_rulebook(str(path_of(policy)))
    return RULEBOOKS[policy]


def members_of(policy):
    raw = json.loads(path_of(policy).with_name("members.json").read_text(encoding="utf-8"))
    return [parse_member(each, rulebook_of(policy).catalogue) for each in raw]


def without(member, *facts):
    return Member(member.id, {key: value for key, value in member.facts.items() if key not in facts})


def answer(rulebook, facts, on):
    """A decision apart from what is missing; facts in, so that it can be kept."""
    decision = decided(rulebook, Member("x", facts), on)
    return (
        decision.in_scheme,
        decision.usable,
        decision.card_valid_until,
        decision.grounds,
        decision.issuances,
        decision.returns,
        decision.documents,
    )


LISTS = ("grounds", "issuances", "returns", "documents")


def check_what_is_said_besides(rulebook, decision, completions, on):
    """Which lists are complete, what is not owed, and why: against each completion of the facts."""
    full = [decided(rulebook, Member("x", facts), on) for facts in completions]
    for name in LISTS:
        agreed = all(getattr(each, name) == getattr(full[0], name) for each in full)
        assert (name, agreed) == (name, getattr(decision.complete, name))
    unowed = [{each.document.id: each for each in decision.not_owed} for decision in full]
    never = [name for name in unowed[0] if all(name in each for each in unowed)]
    assert never == [each.document.id for each in decision.not_owed]
    for silent in decision.not_owed:
        each = [found[silent.document.id] for found in unowed]
        if silent.because is not None:
            assert {silent.because} == {one.because for one in each}
        if silent.label is not None:
            assert {(silent.label, silent.cites)} == {(one.label, one.cites) for one in each}
        if silent.first is not None:
            assert {silent.first} == {one.first for one in each}


def values_of(rulebook, member, on, facts):
    """For each fact everything it is tried with."""
    components = tuple(part.component(on) for part in parts(rulebook, on))
    candidates = Completions(rulebook.vocabulary, without(member, *facts), on, components).candidates
    days = {
        on,
        date(2024, 12, 2),
        date(2025, 12, 1),
        *(v for v in member.facts.values() if isinstance(v, date)),
    }
    around = sorted({day + shift * DAY for day in days for shift in (-1, 0, 1)})
    tried = {}
    for fact in facts:
        found = list(candidates.get(fact, ()))
        if rulebook.catalogue[fact].kind == "day":
            found += [day for day in around if day not in found]
        tried[fact] = found or [member.facts[fact]]
    return tried


def expected_missing(rulebook, member, on, facts, keep):
    """By brute force: the facts of which alone two values can give different answers."""
    values = values_of(rulebook, member, on, facts)

    def decided(completion):
        key = tuple(sorted(completion.items()))
        if key not in keep:
            keep[key] = answer(rulebook, {**member.facts, **completion}, on)
        return keep[key]

    missing = set()
    for fact in facts:
        others = [other for other in facts if other != fact]
        rest = [{}] if not others else [{others[0]: value} for value in values[others[0]]]
        for settled in rest:
            if len({decided({fact: value, **settled}) for value in values[fact]}) > 1:
                missing.add(fact)
                break
    return missing


CASES = [(policy, index) for policy in POLICIES for index in range(5)]


@pytest.mark.parametrize(("policy", "index"), CASES)
def test_a_fact_taken_away_is_missing_exactly_if_it_could_change_the_answer(policy, index):
    rulebook, member = rulebook_of(policy), members_of(policy)[index]
    for on in (date(2025, 7, 15), date(2025, 10, 15), date(2026, 11, 21)):
        whole = answer(rulebook, member.facts, on)
        keep = {}
        for fact in member.facts:
            decision = decided(rulebook, without(member, fact), on)
            expected = expected_missing(rulebook, member, on, (fact,), keep)
            assert (fact, on, expected) == (fact, on, set(decision.missing))
            values = values_of(rulebook, member, on, (fact,))[fact]
            completions = [{**member.facts, fact: value} for value in values]
            check_what_is_said_besides(rulebook, decision, completions, on)
            if not expected:
                assert whole == answer(rulebook, without(member, fact).facts, on)


@pytest.mark.parametrize(("policy", "index"), CASES)
def test_of_two_facts_taken_away_each_is_missing_exactly_if_it_could_change_the_answer(policy, index):
    rulebook, member = rulebook_of(policy), members_of(policy)[index]
    on = ON.get(policy, date(2025, 10, 15))
    read = frozenset().union(*(part.component(on).reads() for part in parts(rulebook, on)))
    keep = {}
    for pair in combinations([fact for fact in member.facts if fact in read], 2):
        decision = decided(rulebook, without(member, *pair), on)
        assert (pair, expected_missing(rulebook, member, on, pair, keep)) == (pair, set(decision.missing))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_what_is_shared_holds_for_each_completion(data):
    """Whatever completes the facts, the lists of an undetermined answer are part of the completed one's."""
    policy = data.draw(st.sampled_from(POLICIES))
    rulebook = rulebook_of(policy)
    member = data.draw(st.sampled_from(members_of(policy)))
    on = data.draw(st.dates(date(2024, 12, 2), date(2026, 12, 31)))
    facts = data.draw(st.lists(st.sampled_from(sorted(member.facts)), unique=True, max_size=6))
    decision = decided(rulebook, without(member, *facts), on)
    values = values_of(rulebook, member, on, facts)
    completed = {fact: data.draw(st.sampled_from(values[fact]), label=fact) for fact in facts}
    full = decided(rulebook, Member(member.id, {**member.facts, **completed}), on)
    assert full.status == "decided"
    assert decision.usable in {None, full.usable}
    assert set(decision.grounds) <= set(full.grounds)
    assert {i.document for i in decision.issuances} <= {i.document for i in full.issuances}
    assert {r.document for r in decision.returns} <= {r.document for r in full.returns}
    for one in decision.issuances:
        other = next(i for i in full.issuances if i.document is one.document)
        assert one.trigger in {None, other.trigger}
        assert one.valid_until in (None, other.valid_until)
    if decision.status == "decided":
        assert answer(rulebook, without(member, *facts).facts, on) == answer(
            rulebook, full_facts(member, completed), on
        )


def full_facts(member, completed):
    return {**member.facts, **completed}


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_completions_that_differ_in_one_fact_and_in_their_answer_name_it(data):
    """The definition itself, on members with up to eight unknown facts."""
    policy = data.draw(st.sampled_from(POLICIES))
    rulebook = rulebook_of(policy)
    member = data.draw(st.sampled_from(members_of(policy)))
    on = data.draw(st.dates(date(2024, 12, 2), date(2026, 12, 31)))
    facts = data.draw(st.lists(st.sampled_from(sorted(member.facts)), unique=True, min_size=1, max_size=6))
    missing = decided(rulebook, without(member, *facts), on).missing
    values = values_of(rulebook, member, on, facts)
    completed = {fact: data.draw(st.sampled_from(values[fact])) for fact in facts}
    base = answer(rulebook, full_facts(member, completed), on)
    for fact in facts:
        for value in values[fact]:
            if answer(rulebook, full_facts(member, {**completed, fact: value}), on) != base:
                assert fact in missing


@pytest.mark.parametrize("policy", POLICIES)
def test_a_member_of_whom_nothing_is_known_is_undetermined(policy):
    """Also a bound on the work: everything unknown is the hardest question there is."""
    decision = decided(rulebook_of(policy), Member("x", {"id": "x"}), date(2025, 10, 15))
    assert decision.status == "undetermined"
    assert {"birth_date", "enrolled_on", "left_on", "my_number_card"} <= set(decision.missing)
    assert decision.grounds == decision.issuances == decision.returns == decision.documents == ()
