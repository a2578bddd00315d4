"""What cases exercise: the branches that their members really take, and no others."""

from __future__ import annotations

from datetime import date

import pytest

from hokensha import Plugin
from hokensha.features import derived
from hokensha.policy import Terms
from hokensha.rules import IN_SCHEME, At, Basis
from hokensha_conformance import AskPresent, AskReflect, AskValidity, Case
from hokensha_conformance.coverage import Coverage
from hokensha_conformance.coverage import coverage as coverage_of
from hokensha_standard import CARD, CERTIFICATE, DISCLOSURE, HAS_CARD, HEALTH_INSURANCE_CARD, REGISTERED, Card

declare = Plugin()


def coverage(rulebook, cases):
    """What cases exercise, of a plugin that is written here."""
    return coverage_of(rulebook, cases, __name__)


ON = date(2025, 5, 1)
DUE = Terms(("source",), basis=Basis.EX_OFFICIO)
OF_CERTIFICATE = {"document": CERTIFICATE}


@derived("hidden", "非公開", "hidden and without an old card")
def hidden(s):
    return s[DISCLOSURE] and not s[HEALTH_INSURANCE_CARD.valid]


@declare.trigger("to-hidden", "非公開者", "to the hidden", **OF_CERTIFICATE)
def to_hidden(s):
    return s[CARD] is Card.HELD and s[hidden]


@declare.trigger("contrary", "矛盾", "contrary", **OF_CERTIFICATE)
def contrary(s):
    return s[CARD] is Card.NONE and s[HAS_CARD]


@declare.trigger("to-lost", "紛失者", "to those who lost the card", **OF_CERTIFICATE)
def to_lost(s):
    return s[CARD] is Card.LOST


@derived("open-or-in", "開示又は加入", "not hidden, or in the scheme")
def open_or_in(s):
    return not s[DISCLOSURE] or s[IN_SCHEME]


@declare.trigger("to-open", "開示", "to the open", **OF_CERTIFICATE)
def to_open(s):
    return s[open_or_in]


@declare.trigger("seen-before", "以前", "seen as of another day", **OF_CERTIFICATE)
def seen_before(s):
    return not s.at("mass-as-of")[REGISTERED] and s.at("mass-as-of")[hidden]


@declare.remedy("apply", "申請", "apply")
def apply(s):
    return s[CARD] is Card.LOST


@declare.remedy("in-or-out", "加入", "in the scheme")
def in_or_out(s):
    return s[IN_SCHEME]


@pytest.fixture
def covered(small_with):
    """The coverage of one rule (or feature): each branch's answers, and by which cases it is exercised."""

    def of(rule, cases, triggers, **rest):
        found = coverage(small_with(triggers, **rest).rulebook, cases)
        (only,) = (each for each in found.rules if each.id == rule)
        return {branch.answers: branch.exercised_by for branch in only.branches}

    return of


@pytest.fixture
def case(small):
    """A case about the ordinary member with changes, which expects what is given, or nothing at all."""

    def make(id_="c", *, on=ON, without=(), expect=None, present=None, **changes):
        facts = small.member(without, **changes).facts
        decide = None if present else (expect or {})
        return Case(id_, "says", ("source",), on=on, facts=facts, decide=decide, present=present)

    return make


def at(place):
    return AskPresent(place, {})


# --- what a case exercises


def test_a_case_exercises_the_branch_that_its_member_takes(covered, case):
    lost, held = case("lost", my_number_card="lost"), case("held")
    found = covered("card-lost", [lost, held], {})
    assert (("lost",), ("held",), ()) == (
        found[("my-number-card", "lost"),],
        found[("my-number-card", "held"),],
        found[("my-number-card", "none"),],
    )


def test_what_is_not_asked_for_any_more_is_not_exercised(covered, case):
    found = covered("to-hidden", [case(my_number_card="lost")], {to_hidden: DUE})
    assert [(("my-number-card", "lost"),)] == [answers for answers, by in found.items() if by]


def test_features_of_the_plugin_have_branches_of_their_own(covered, case):
    cases = [case("open"), case("hidden", disclosure_restricted=True)]
    assert {
        (("disclosure-restricted", "false"),): ("open",),
        (("disclosure-restricted", "true"), ("valid-health-insurance-card", "false")): (),
        (("disclosure-restricted", "true"), ("valid-health-insurance-card", "true")): ("hidden",),
    } == covered("hidden", cases, {to_hidden: DUE})


def test_a_feature_that_is_not_come_to_is_not_exercised(covered, case):
    assert not any(covered("hidden", [case(my_number_card="lost")], {to_hidden: DUE}).values())


def test_features_of_others_have_none(small, small_with):
    """Neither the core's nor those that every insurer shares are a plugin's own, whatever reads them."""
    assert [] == [rule.id for rule in coverage(small.rulebook, []).rules if rule.kind == "feature"]
    found = coverage(small_with({to_hidden: DUE, contrary: DUE}).rulebook, [])
    assert ["hidden"] == [rule.id for rule in found.rules if rule.kind == "feature"]


def test_a_trigger_is_not_asked_of_members_outside_the_scheme(covered, case):
    assert not any(covered("to-hidden", [case(left_on=date(2025, 4, 1))], {to_hidden: DUE}).values())


def test_a_trigger_is_not_asked_before_its_document_is_due(covered, case):
    october = Terms(("source",), basis=Basis.EX_OFFICIO, due_from="mass-from")
    early, late = case("early", on=date(2025, 9, 30)), case("late", on=date(2025, 10, 1))
    found = covered("to-hidden", [early, late], {to_hidden: october})
    assert ("late",) == found[("my-number-card", "held"), ("hidden", "false")]


def test_a_rule_that_is_not_in_force_is_not_asked(covered, case):
    ended = Terms(("source",), basis=Basis.EX_OFFICIO, through=date(2025, 4, 30))
    assert not any(covered("to-hidden", [case()], {to_hidden: ended}).values())


def test_a_case_that_fails_exercises_nothing(covered, case):
    wrong = case(my_number_card="lost", expect={"status": "undetermined"})
    assert not any(covered("card-lost", [wrong], {}).values())


def test_a_rule_that_meets_an_unknown_fact_is_not_exercised(covered, case):
    unknown = case(without=("my_number_card",))
    assert not any(covered("card-lost", [unknown], {}).values())


def test_a_rule_that_does_not_need_the_unknown_fact_is_exercised(covered, case):
    unknown = case(without=("my_number_card",))
    assert {(("registered", "false"),): (), (("registered", "true"),): ("c",)} == covered(
        "not-in-database", [unknown], {}
    )


def test_answers_as_of_another_day_are_told_apart(covered, case):
    unregistered = case(on=date(2025, 11, 1), registered_on=None)
    found = covered("seen-before", [unregistered], {seen_before: DUE})
    assert ("c",) == found[("registered@mass-as-of", "false"), ("hidden@mass-as-of", "false")]


def test_a_feature_is_exercised_as_of_another_day_too(covered, case):
    unregistered = case(on=date(2025, 11, 1), registered_on=None)
    found = covered("hidden", [unregistered], {seen_before: DUE})
    assert ("c",) == found[("disclosure-restricted", "false"),]


def test_a_question_at_an_institution_exercises_what_serves_there(covered, case):
    there, elsewhere = case("there", present=at(At.READER_FAILED)), case("else", present=at(At.EQUIPPED))
    found = covered("card-and-notice", [there, elsewhere, case("decide")], {})
    assert ("there",) == found[("has-card", "true"), ("notice-issued", "true")]


def test_a_question_at_an_institution_exercises_no_trigger(covered, case):
    found = covered("to-hidden", [case(present=at(At.EQUIPPED))], {to_hidden: DUE})
    assert not any(found.values())


def test_a_remedy_is_not_exercised_by_a_decision(covered, case):
    assert not any(covered("apply", [case()], {apply: Terms(("source",))}).values())


@pytest.mark.parametrize(
    ("rule", "by"), [("standard", ("four",)), ("short", ("short",)), ("registration", ("ten",)), ("held", ())]
)
def test_a_rule_that_names_a_figure_is_exercised_by_the_question_about_it(covered, rule, by):
    certificate = CERTIFICATE.id
    cases = [
        Case("four", "says", (), validity=AskValidity(certificate, ON, {})),
        Case("short", "says", (), validity=AskValidity(certificate, ON, {}, "short-term")),
        Case("ten", "says", (), reflect=AskReflect("registration", ON, {})),
    ]
    assert {(): by} == covered(rule, cases, {})


def test_how_a_document_in_hand_ends_is_exercised_by_a_decision_about_one(covered, case):
    without, holding = case("without"), case("with", eligibility_certificate_issued_on=date(2025, 1, 6))
    assert {(): ("with",)} == covered("held", [without, holding], {})


@pytest.mark.parametrize(("expected", "by"), [({"valid_until": {}}, ("owed",)), ({}, ())])
def test_how_a_document_that_is_owed_ends_is_exercised_where_the_case_expects_its_end(
    covered, case, expected, by
):
    expect = {"issuances": [{"document": "eligibility-certificate", **expected}]}
    owed = case("owed", expect=expect, my_number_card="lost")
    assert {(): by} == covered("standard", [owed], {to_lost: DUE})


# --- what could be exercised, and is not


def test_a_branch_that_no_case_takes_is_missing_and_has_a_witness(small_with):
    found = coverage(small_with({to_hidden: DUE}).rulebook, [])
    (rule,) = (each for each in found.rules if each.id == "card-lost")
    (lost,) = (branch for branch in rule.branches if branch.outcome == "true")
    assert (True, "lost", "decide") == (
        lost.missing,
        lost.taker.member.facts["my_number_card"],
        lost.taker.question,
    )


def test_every_witness_takes_the_branch_that_it_stands_for(small_with):
    """Of the rules made for this, so that few members have to be decided."""
    rulebook = small_with({to_hidden: DUE, contrary: DUE, to_open: DUE, seen_before: DUE}).rulebook
    ids = {"to-hidden", "contrary", "to-open", "seen-before", "hidden", "open-or-in", "card-and-all"}
    witnesses = {
        (rule.id, branch.answers): branch.taker
        for rule in coverage(rulebook, []).rules
        for branch in rule.branches
        if branch.taker and rule.id in ids
    }
    cases = [case for place, witness in enumerate(witnesses.values()) for case in _of(witness, str(place))]
    exercised = {
        (rule.id, branch.answers): branch.exercised_by
        for rule in coverage(rulebook, cases).rules
        for branch in rule.branches
    }
    assert [] == [key for place, key in enumerate(witnesses) if str(place) not in exercised[key]]
    assert ids == {rule for rule, _ in witnesses}


def _of(witness, id_):
    """The cases that ask a witness's question: at an institution, everywhere."""
    asked = [{"decide": {}}] if witness.question == "decide" else [{"present": at(place)} for place in At]
    return [Case(id_, "says", (), on=witness.member.on, facts=witness.member.facts, **each) for each in asked]


def test_answers_of_one_fact_that_exclude_each_other_are_impossible(small_with):
    assert ["my-number-card=none has-card=true"] == _impossible(small_with({contrary: DUE}), "contrary")


def test_what_no_member_who_is_asked_can_answer_is_impossible(small_with):
    impossible = _impossible(small_with({to_open: DUE}), "open-or-in")
    assert ["disclosure-restricted=true in-scheme=false"] == impossible


def test_a_remedy_is_for_members_alone(small_with):
    small = small_with({in_or_out: Terms(("source",))})
    assert ["in-scheme=false"] == _impossible(small, "in-or-out")


def test_no_branch_of_a_rule_that_is_never_in_force_when_due_is_possible(small_with):
    over = Terms(("source",), through=date(2025, 9, 30), due_from="mass-from")
    found = coverage(small_with({to_hidden: over}).rulebook, [])
    (rule,) = (each for each in found.rules if each.id == "to-hidden")
    assert not any(branch.possible for branch in rule.branches)


def _impossible(small, rule):
    (found,) = (each for each in coverage(small.rulebook, []).rules if each.id == rule)
    return [
        " ".join(f"{feature}={value}" for feature, value in branch.answers)
        for branch in found.branches
        if not branch.possible
    ]


def test_impossible_branches_are_not_counted(small_with, case):
    found = coverage(small_with({contrary: DUE}).rulebook, [case()])
    (rule,) = (each for each in found.rules if each.id == "contrary")
    one_rule = Coverage((rule,))
    assert (6, 5, 1, 4) == (
        len(one_rule.branches),
        one_rule.total,
        one_rule.exercised,
        one_rule.missing,
    )


def test_the_same_cases_give_the_same_coverage_byte_for_byte(small_with, case):
    def once():
        return coverage(small_with({to_hidden: DUE, seen_before: DUE}).rulebook, [case()])

    assert once().to_json() == once().to_json()


def test_a_report_says_who_would_exercise_what_is_missing(small_with):
    (rule,) = (r for r in coverage(small_with({to_hidden: DUE}).rulebook, []).rules if r.id == "card-lost")
    assert {
        "answers": [{"feature": "my-number-card", "value": "lost"}],
        "outcome": "true",
        "exercised_by": [],
        "possible": True,
        "witness": {"question": "decide", "on": "2025-12-02", "facts": {"my_number_card": "lost"}},
    } == next(branch for branch in rule.to_json("en")["branches"] if branch["outcome"] == "true")
