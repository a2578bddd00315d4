"""Diagrams: rules run over every situation, reduced and shared, equal to the functions behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hokensha.dates import BusinessCalendar, Figure, Figures, Modality, On
from hokensha.facts import Catalogue
from hokensha.features import (
    BOOLEANS,
    Atoms,
    Derived,
    Feature,
    MemberSituation,
    OfPolicy,
    Setting,
    Vocabulary,
    derived,
    flag,
    known,
    reached,
)
from hokensha.partial import Diagrams, Node, Raised, child, topmost
from hokensha.text import Label
from hokensha_standard import CARD, Card
from hokensha_standard import FACTS as STANDARD

ON = date(2025, 6, 15)
X = Label("x", "x")
CONTINUATION = flag("continuation", "continuation", "x", "x")
ASSISTANCE = flag("assistance", "needs_assistance", "x", "x")
DISCLOSURE = flag("disclosure", "disclosure_restricted", "x", "x")
REGISTERED = known("registered", "registered_on", "x", "x")
REACHED = reached("registered_on", "x", "x")
CHOICE = Setting("choice", X, BOOLEANS)
POLICYS = OfPolicy("of-policy", X, BOOLEANS)


@derived("held", "x", "x")
def HELD(s):  # noqa: N802
    return s[CARD] is Card.HELD


@derived("two-of-three", "x", "x")
def TWO(s):  # noqa: N802
    return s[CONTINUATION] + s[ASSISTANCE] + s[DISCLOSURE] >= 2


@derived("card-or-none", "x", "x", (Card.NONE, Card.HELD))
def COARSE(s):  # noqa: N802
    return Card.HELD if s[HELD] else Card.NONE


def vocabulary() -> Vocabulary:
    catalogue = Catalogue().extended(STANDARD)
    own: dict[str, tuple[Figure, ...]] = {
        f.id: (Figure(Modality.EXACT, of=f.id),) for f in catalogue.facts.values() if f.kind == "day"
    }
    own["as-of"] = (Figure(Modality.EXACT, rule=(On(date(2025, 1, 1)),)),)
    of_policy = {POLICYS: lambda s: s[ASSISTANCE] or s[HELD]}
    return Vocabulary(
        Atoms(catalogue, Figures(own, BusinessCalendar("test").add)), {"choice": True}, of_policy
    )


VOCABULARY = vocabulary()


@pytest.fixture
def diagrams() -> Diagrams:
    return Diagrams(VOCABULARY)


def answer(node: Node, facts: dict[str, Any]) -> Any:
    """Where a member's facts lead."""
    while node.variable is not None:
        variable = node.variable
        day = VOCABULARY.fixed_day(variable.at, ON) if variable.at else ON
        classify = VOCABULARY.atoms.classifier(variable.feature, day)
        value = classify(*(facts[fact] for fact in variable.facts))
        node = node.children[variable.feature.values.index(value)]
    return node.leaf


def nodes(root: Node) -> set[Node]:
    found, ahead = set(), [root]
    while ahead:
        node = ahead.pop()
        if node not in found:
            found.add(node)
            ahead.extend(node.children)
    return found


FACTS = {
    "continuation": BOOLEANS,
    "my_number_card": ("none", "held", "returned", "lost", "renewing"),
    "registered_on": (None, date(2025, 1, 1), date(2025, 1, 2), date(2025, 6, 15), date(2025, 6, 16)),
    "needs_assistance": BOOLEANS,
    "disclosure_restricted": BOOLEANS,
}


def members() -> Iterator[dict[str, Any]]:
    for values in product(*FACTS.values()):
        yield dict(zip(FACTS, values, strict=True))


MEMBERS = list(members())
SITUATIONS = [(facts, MemberSituation(VOCABULARY, facts, ON)) for facts in MEMBERS]


# --- what is explored


def test_a_rule_runs_once_for_each_path_of_answers(diagrams):
    asked = []

    def rule(s):
        asked.append(1)
        return s[CONTINUATION] and s[ASSISTANCE]

    assert 3 == diagrams.explore(rule).paths  # no; yes and no; yes and yes
    assert 5 == len(asked)  # and once more for each question


def test_a_rule_that_asks_nothing_has_one_path(diagrams):
    explored = diagrams.explore(lambda s: True)

    assert (1, True, None) == (explored.paths, explored.root.leaf, explored.root.variable)


def test_a_rule_is_explored_once(diagrams):
    runs = []

    def rule(s):
        runs.append(1)
        return s[CONTINUATION]

    assert diagrams.explore(rule) is diagrams.explore(rule)
    assert 3 == len(runs)


def test_a_feature_with_five_values_has_five_paths(diagrams):
    explored = diagrams.explore(lambda s: s[CARD] is Card.LOST)

    assert 5 == explored.paths
    assert 5 == len(explored.root.children)


def test_asking_again_is_no_further_path(diagrams):
    assert 2 == diagrams.explore(lambda s: s[CONTINUATION] and s[CONTINUATION]).paths


# --- reduced and shared


def test_equal_rules_give_the_identical_node(diagrams):
    one = diagrams.explore(lambda s: s[CONTINUATION] and not s[ASSISTANCE])
    other = diagrams.explore(lambda s: not (s[ASSISTANCE] or not s[CONTINUATION]))

    assert one.root is other.root


def test_a_question_whose_answer_does_not_matter_is_left_out(diagrams):
    root = diagrams.explore(lambda s: (s[CONTINUATION] or True) and s[ASSISTANCE]).root

    assert ASSISTANCE is root.variable.feature
    assert frozenset({"needs_assistance"}) == root.support


def test_a_rule_that_is_always_true_is_one_answer(diagrams):
    assert diagrams.leaf(True) is diagrams.explore(lambda s: s[HELD] or not s[HELD]).root


def test_equal_ends_are_one_node(diagrams):
    """A parity of three has two nodes on each level but the first."""
    root = diagrams.explore(lambda s: s[CONTINUATION] ^ s[ASSISTANCE] ^ s[DISCLOSURE]).root

    assert 1 + 2 + 2 + 2 == len(nodes(root))


def test_answers_of_another_type_are_other_answers(diagrams):
    """In Python, ``True == 1``."""
    assert diagrams.leaf(True) is not diagrams.leaf(1)
    assert diagrams.leaf(1) is diagrams.leaf(1)


def test_support_is_every_fact_below(diagrams):
    root = diagrams.explore(lambda s: s[CARD] is Card.LOST and s[REGISTERED]).root

    assert frozenset({"my_number_card", "registered_on"}) == root.support
    assert frozenset() == diagrams.leaf(False).support


# --- the order of variables


def test_variables_stand_in_the_catalogues_order_whatever_the_rule_asks_first(diagrams):
    root = diagrams.explore(lambda s: s[DISCLOSURE] and s[ASSISTANCE] and s[CONTINUATION]).root
    found = []
    while root.variable is not None:
        found.append(root.variable.feature)
        root = root.children[1]

    assert [CONTINUATION, ASSISTANCE, DISCLOSURE] == found


def test_from_top_to_bottom_ranks_only_rise(diagrams):
    root = diagrams.explore(lambda s: s[TWO] and (s[REACHED] or s.at("as-of")[REGISTERED]) and s[HELD]).root

    for node in nodes(root):
        for below in node.children:
            assert below.variable is None or node.variable.rank < below.variable.rank


def test_the_topmost_of_nodes_is_asked_first(diagrams):
    early = diagrams.explore(lambda s: s[CONTINUATION]).root
    late = diagrams.explore(lambda s: s[DISCLOSURE]).root

    assert early.variable is topmost((late, early))
    assert topmost((diagrams.leaf(True),)) is None
    assert late is child(late, early.variable, 0)
    assert diagrams.leaf(True) is child(early, early.variable, 1)


# --- features that stand for others


def test_a_derived_feature_is_read_through(diagrams):
    root = diagrams.explore(lambda s: s[HELD]).root

    assert CARD is root.variable.feature
    assert diagrams.explore(lambda s: s[CARD] is Card.HELD).root is root


def test_a_derived_feature_counts_as_one_question_of_its_reader(diagrams):
    """Its own paths are its own."""
    assert 2 == diagrams.explore(lambda s: s[TWO]).paths


def test_derived_features_of_derived_features_are_read_through(diagrams):
    assert diagrams.explore(lambda s: s[COARSE] is Card.HELD).root is diagrams.explore(lambda s: s[HELD]).root


def test_a_setting_is_no_question(diagrams):
    assert diagrams.leaf(True) is diagrams.explore(lambda s: s[CHOICE]).root


def test_a_feature_of_the_policy_is_read_through(diagrams):
    expected = diagrams.explore(lambda s: s[ASSISTANCE] or s[CARD] is Card.HELD).root

    assert expected is diagrams.explore(lambda s: s[POLICYS]).root


def test_another_day_is_another_variable(diagrams):
    root = diagrams.explore(lambda s: s[REGISTERED] and not s.at("as-of")[REGISTERED]).root

    assert {"", "as-of"} == {node.variable.at for node in nodes(root) if node.variable}


def test_a_derived_feature_is_read_through_on_another_day_as_well(diagrams):
    @derived("twice", "x", "x")
    def twice(s):
        return s[REGISTERED]

    root = diagrams.explore(lambda s: s.at("as-of")[twice]).root

    assert ["as-of"] == [node.variable.at for node in nodes(root) if node.variable]


# --- what raises


def test_a_path_on_which_a_rule_raises_ends_in_an_error(diagrams):
    def rule(s):
        return {Card.HELD: True}[s[CARD]]

    root = diagrams.explore(rule).root

    assert diagrams.leaf(True) is root.children[1]
    assert Raised("KeyError: <Card.LOST: 'lost'>") == root.children[3].leaf


def test_what_a_derived_feature_raises_is_its_readers_end(diagrams):
    @derived("broken", "x", "x")
    def broken(s):
        if s[CONTINUATION]:
            raise LookupError("gone")
        return False

    root = diagrams.explore(lambda s: not s[broken]).root

    assert [True, Raised("LookupError: gone")] == [node.leaf for node in root.children]


def test_a_rule_that_catches_exceptions_does_not_catch_a_question(diagrams):
    def rule(s):
        try:
            return s[CONTINUATION]
        except Exception:  # noqa: BLE001 - what a careless plugin does
            return "swallowed"

    assert {True, False} == {node.leaf for node in nodes(diagrams.explore(rule).root) if not node.children}


# --- equal to the functions themselves, over every situation


def rules() -> st.SearchStrategy[Callable[[Any], bool]]:
    features: list[Feature[bool]] = [
        CONTINUATION, ASSISTANCE, DISCLOSURE, REGISTERED, REACHED, HELD, TWO, POLICYS, CHOICE,
    ]  # fmt: skip

    def reads(feature):
        return lambda s: s[feature]

    def sees(feature):
        return lambda s: s.at("as-of")[feature]

    leaves = st.one_of(
        st.sampled_from(features).map(reads),
        st.sampled_from([REGISTERED, REACHED, TWO]).map(sees),
        st.sampled_from(list(Card)).map(lambda card: lambda s: s[CARD] is card),
        st.sampled_from([Card.NONE, Card.HELD]).map(lambda card: lambda s: s[COARSE] is card),
    )

    def grown(inner):
        return st.one_of(
            inner.map(lambda f: lambda s: not f(s)),
            st.tuples(inner, inner).map(lambda p: lambda s: p[0](s) and p[1](s)),
            st.tuples(inner, inner).map(lambda p: lambda s: p[0](s) or p[1](s)),
            st.tuples(inner, inner, inner).map(lambda p: lambda s: p[1](s) if p[0](s) else p[2](s)),
            inner.map(lambda f: reads(Derived("made", X, BOOLEANS, f))),
        )

    return st.recursive(leaves, grown, max_leaves=8)


@settings(max_examples=150, deadline=None)
@given(rules())
def test_a_diagram_says_what_its_rule_says(rule):
    root = Diagrams(VOCABULARY).explore(rule).root

    assert [] == [facts for facts, s in SITUATIONS if answer(root, facts) is not rule(s)]


@settings(max_examples=100, deadline=None)
@given(rules(), rules())
def test_rules_with_the_same_answers_everywhere_share_their_node(one, other):
    """And rules that differ somewhere do not, unless questions that exclude each other hide it."""
    diagrams = Diagrams(VOCABULARY)
    same = diagrams.explore(lambda s: one(s) and other(s)).root
    turned = diagrams.explore(lambda s: other(s) and one(s)).root

    assert same is turned
    if diagrams.explore(one).root is diagrams.explore(other).root:
        assert [] == [facts for facts, s in SITUATIONS if one(s) is not other(s)]


@settings(max_examples=100, deadline=None)
@given(rules(), rules())
def test_combining_diagrams_is_combining_answers(one, other):
    diagrams = Diagrams(VOCABULARY)
    pairs = diagrams.combine(lambda a, b: (a, b), diagrams.explore(one).root, diagrams.explore(other).root)
    assert [] == [f for f, s in SITUATIONS if answer(pairs, f) != (one(s), other(s))]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([CARD, COARSE, TWO, REGISTERED, CHOICE]), st.data())
def test_selecting_by_a_feature_goes_on_with_its_values_diagram(feature, data):
    diagrams = Diagrams(VOCABULARY)
    by = {value: data.draw(rules()) for value in feature.values}
    root = diagrams.select(feature, {value: diagrams.explore(rule).root for value, rule in by.items()})

    assert [] == [f for f, s in SITUATIONS if answer(root, f) is not by[s[feature]](s)]


@settings(max_examples=50, deadline=None)
@given(rules())
def test_no_diagram_holds_a_question_in_vain_or_a_node_twice(rule):
    root = Diagrams(VOCABULARY).explore(rule).root
    found = nodes(root)
    contents = {(node.variable, node.children, type(node.leaf), node.leaf) for node in found}

    assert len(found) == len(contents)
    assert all(len(set(node.children)) > 1 for node in found if node.variable)
