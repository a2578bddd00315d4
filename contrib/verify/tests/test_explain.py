"""Why and why not: paths, and smallest changes that are confirmed and that nothing smaller undercuts."""

from __future__ import annotations

from datetime import date
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import hokensha_standard as standard
from hokensha import Plugin
from hokensha.engine import decided, parts, refused
from hokensha.facts import Member
from hokensha.partial import Completions
from hokensha.plugins import Provided, Provider
from hokensha.policy import Rulebook, Terms, bind, load_policy
from hokensha.rules import ANY_GROUND, Action, Basis
from hokensha_standard import (
    CARD,
    CERTIFICATE,
    HEALTH_INSURANCE_CARD,
    LEFT,
    NEEDS_ASSISTANCE,
    NOTICE,
    REQUESTED,
    Card,
)
from hokensha_verify import Explained, explain

declare = Plugin()

POLICY = """
schema = "hokensha/policy/1"
published = 2025-01-01
plugins = ["small"]

[insurer]
name = "小さな組合"
name_en = "Small Society"

[[sources]]
id = "law"
title = "法律"
publisher = "日本国"
locators = { law = "全部", one = "第一" }

[figures.scheme-last-day]
of = "left_on"
modality = "exact"
rule = [{ days = -1 }]

[figures.my-number-insurance-card-last-day]
of = "electronic_certificate_expires_on"
modality = "exact"

[figures.health-insurance-card-last-day]
of = "health_insurance_card_valid_until"
modality = "exact"

[figures.start]
modality = "exact"
rule = [{ on = 2025-01-01 }]

[rules]
enrolled.cites = ["law"]
not-over.cites = ["law"]
card-lost = { cites = ["one"], claim = "application" }
no-card = { cites = ["law"], claim = "ex-officio" }
application = { cites = ["one"], basis = "application" }
as-of = { cites = ["law"] }
never = { cites = ["law"] }
over = { cites = ["law"], through = 2024-12-31 }
certificate-back = { cites = ["law"] }
"""
ON = date(2025, 6, 15)


@declare.trigger(
    "application",
    "申請",
    "application",
    document=CERTIFICATE,
    met_since="certificate_requested_on",
)
def application(s):
    return s[REQUESTED] and s[ANY_GROUND] and not s[HEALTH_INSURANCE_CARD.valid]


@declare.trigger("as-of", "基準日", "as of a day", document=NOTICE)
def as_of(s):
    return s.at("start")[LEFT] or s[NEEDS_ASSISTANCE]


@declare.trigger("never", "なし", "never", document=NOTICE)
def never(s):
    return s[CARD] is Card.LOST and s[CARD] is Card.NONE


@declare.trigger("over", "終了", "over", document=NOTICE)
def over(s):
    return s[CARD] is Card.LOST


@declare.return_(
    "certificate-back",
    "返却",
    "certificate back",
    document=CERTIFICATE,
    action=Action.RETURN,
)
def certificate_back(s):
    return s[LEFT]


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    file: Path = tmp_path_factory.mktemp("policy") / "policy.toml"
    file.write_text(POLICY, encoding="utf-8")
    rules = (
        *standard.SCHEME,
        standard.card_lost,
        standard.no_card,
        application,
        as_of,
        never,
        over,
        certificate_back,
    )
    return bind(load_policy(file), [Provided(Provider("small"), tuple(standard.standard.features()), rules)])


FACTS = {
    "enrolled_on": date(2020, 4, 1),
    "left_on": None,
    "my_number_card": "held",
    "needs_assistance": False,
    "electronic_certificate_expires_on": date(2030, 1, 1),
    "health_insurance_card_valid_until": None,
    "health_insurance_card_returned_on": None,
    "eligibility_certificate_issued_on": None,
    "eligibility_certificate_valid_until": None,
    "eligibility_certificate_returned_on": None,
    "eligibility_notice_issued_on": None,
    "certificate_requested_on": None,
}


def member(*unknown: str, **facts) -> Member:
    return Member("m", {k: v for k, v in {**FACTS, **facts}.items() if k not in unknown})


def why(rulebook: Rulebook, who: Member, on: date = ON) -> dict[str, Explained]:
    return {each.rule: each for each in explain(rulebook, who, on)}


def test_grounds_triggers_and_returns_in_force_come_in_the_order_of_the_policy(rulebook):
    rules = ["card-lost", "no-card", "application", "as-of", "never", "certificate-back"]
    assert rules == list(why(rulebook, member()))
    assert "over" in why(rulebook, member(), date(2024, 12, 31))


def test_the_kinds_are_those_of_the_rules(rulebook):
    kinds = {each.kind for each in explain(rulebook, member(), ON)}
    assert {"ground", "trigger", "return"} == kinds


def test_a_rule_that_fired_shows_what_it_read_and_no_change(rulebook):
    lost = why(rulebook, member(my_number_card="lost"))["card-lost"]
    assert {
        "rule": "card-lost",
        "kind": "ground",
        "label": "My Number card lost",
        "cites": ["one"],
        "fired": True,
        "read": [{"feature": "my-number-card", "label": "state of the My Number card", "value": "lost"}],
        "change": None,
    } == lost.to_json("en")


def test_a_rule_that_did_not_fire_tells_the_fewest_facts(rulebook):
    assert {"my_number_card": "lost"} == why(rulebook, member())["card-lost"].change


def test_a_day_is_told_as_near_as_possible(rulebook):
    wanted = why(rulebook, member(my_number_card="lost"))["application"]
    assert {"facts": {"certificate_requested_on": "2025-06-15"}} == wanted.to_json()["change"]


def test_a_trigger_fires_only_if_its_document_is_owed(rulebook):
    given = member(
        my_number_card="lost",
        certificate_requested_on=date(2025, 6, 1),
        eligibility_certificate_issued_on=date(2025, 6, 1),
    )
    met = why(rulebook, given)["application"]
    assert met.fired is False
    assert {"eligibility_certificate_issued_on": date(2025, 5, 31)} == met.change
    assert ["in-scheme", "certificate-requested", "any-ground"] == [seen.feature for seen in met.read[:3]]


def test_a_trigger_that_another_one_comes_before_tells_which_and_why(small_with):
    """By the order of the policy; or since an application was made."""
    one, other = (
        declare.trigger(name, "x", "x", document=NOTICE)(lambda _: True) for name in ("one", "other")
    )
    unanswered = {"eligibility_notice_issued_on": None}
    in_order = small_with({one: Terms(("x",)), other: Terms(("x",))})
    told = why(in_order.rulebook, in_order.member(**unanswered))
    assert (None, ("one", "order")) == (told["one"].lost_to, told["other"].lost_to)
    assert {"rule": "one", "because": "order"} == told["other"].to_json()["lost_to"]
    assert "lost_to" not in told["one"].to_json()
    applied = small_with({one: Terms(("x",)), other: Terms(("x",), basis=Basis.APPLICATION)})
    told = why(applied.rulebook, applied.member(**unanswered))
    assert (("other", "application"), None) == (told["one"].lost_to, told["other"].lost_to)
    assert [None, None] == [
        why(applied.rulebook, applied.member())[rule].lost_to for rule in ("one", "other")
    ]


def test_an_exclusion_says_whom_it_keeps_from_a_document_and_what_would_make_it(small_with):
    """The trigger that it stands in the way of has read it."""
    excluded = declare.exclusion("kept", "除外", "kept", document=NOTICE)(lambda s: s[NEEDS_ASSISTANCE])
    sent = declare.trigger("sent", "x", "x", document=NOTICE)(lambda _: True)
    small = small_with({sent: Terms(("x",)), excluded: Terms(("y",))})
    facts = {"eligibility_notice_issued_on": None, "needs_assistance": True}
    told = why(small.rulebook, small.member(**facts))
    assert (True, ("y",), "exclusion") == (told["kept"].fired, told["kept"].cites, told["kept"].kind)
    assert {"needs_assistance": False} == told["sent"].change
    assert "rule:kept" in [seen.feature for seen in told["sent"].read]
    told = why(small.rulebook, small.member(**{**facts, "needs_assistance": False}))
    assert (False, {"needs_assistance": True}) == (told["kept"].fired, told["kept"].change)


def test_several_facts_are_changed_at_once_where_one_does_not_do(rulebook):
    change = why(rulebook, member(health_insurance_card_valid_until=date(2026, 1, 1)))["application"].change
    assert change is not None
    assert 3 == len(change)


def test_none_within_three_is_an_answer(rulebook):
    assert {"none_within": 3} == why(rulebook, member())["never"].to_json()["change"]


def test_a_return_fires_only_for_a_document_that_is_with_the_member(rulebook):
    gone = why(rulebook, member(left_on=date(2025, 6, 1)))["certificate-back"]
    assert (False, {"eligibility_certificate_issued_on": ON}) == (gone.fired, gone.change)
    held = member(left_on=date(2025, 6, 1), eligibility_certificate_issued_on=date(2025, 1, 1))
    assert why(rulebook, held)["certificate-back"].fired


def test_what_is_seen_as_of_another_day_says_so(rulebook):
    read = why(rulebook, member())["as-of"].read
    assert ["in-scheme", "reached:left_on@start", "needs-assistance"] == [seen.feature for seen in read]
    assert [True, False, False] == [seen.value for seen in read]


def test_a_rule_that_hangs_on_an_unknown_fact_is_undetermined(rulebook):
    open_ = why(rulebook, member("my_number_card"))["card-lost"]
    assert (None, None, None) == (open_.fired, open_.read[-1].value, open_.to_json()["change"])


def test_unknown_facts_that_do_not_matter_leave_a_rule_determined(rulebook):
    assert why(rulebook, member("my_number_card"))["application"].fired is False


def test_an_unknown_fact_is_part_of_the_change_where_it_has_to_be_known(rulebook):
    change = why(rulebook, member("my_number_card"))["application"].change
    assert {"my_number_card", "certificate_requested_on"} == set(change or ())


VALUES = {
    "enrolled_on": [date(2020, 4, 1), date(2025, 6, 15), date(2025, 6, 16)],
    "left_on": [None, date(2024, 12, 31), date(2025, 6, 15), date(2025, 6, 16)],
    "my_number_card": ["none", "held", "lost"],
    "needs_assistance": [False, True],
    "health_insurance_card_valid_until": [None, date(2025, 6, 14), date(2025, 6, 15)],
    "health_insurance_card_returned_on": [None, date(2025, 6, 15), date(2025, 6, 16)],
    "eligibility_certificate_issued_on": [None, date(2025, 6, 13), date(2025, 6, 14), date(2025, 6, 15)],
    "eligibility_certificate_returned_on": [None, date(2025, 6, 14)],
    "eligibility_notice_issued_on": [None, date(2025, 6, 14)],
    "certificate_requested_on": [None, date(2025, 6, 14), date(2025, 6, 15), date(2025, 6, 16)],
}
"""For each fact a value of every kind that the small policy can tell apart."""


@given(
    facts=st.fixed_dictionaries({fact: st.sampled_from(values) for fact, values in VALUES.items()}),
    unknown=st.sets(st.sampled_from(sorted(VALUES)), max_size=2),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_changes_are_confirmed_and_nothing_smaller_would_do(rulebook, facts, unknown):
    who = member(*unknown, **facts)
    assume(not refused(rulebook, who, ON))
    for rule, each in why(rulebook, who).items():
        if each.change is None:
            continue
        if each.change:
            changed = Member("m", {**who.facts, **each.change})
            assert why(rulebook, changed)[rule].fired
            assert all(who.facts.get(fact, ...) != value for fact, value in each.change.items())
        smaller = len(each.change) - 1 if each.change else 2
        for size in range(1, min(smaller, 1 if unknown else 2) + 1):
            for names in combinations(VALUES, size):
                for values in product(*(VALUES[name] for name in names)):
                    other = Member("m", {**who.facts, **dict(zip(names, values, strict=True))})
                    assert refused(rulebook, other, ON) or not fired(rulebook, other, rule)


def fired(rulebook: Rulebook, who: Member, rule: str) -> bool:
    """The same question, asked of the decision."""
    decision = decided(rulebook, who, ON)
    grounds = {ground.id for ground in decision.grounds}
    owed = {issuance.trigger for issuance in decision.issuances}
    backs = {"certificate-back"} if decision.returns else set()
    return rule in grounds | backs | (owed if rule in ("application", "as-of") else set())


def test_the_ways_to_an_answer_are_those_that_give_it(rulebook):
    (usable,) = (part for part in parts(rulebook, ON) if part.kind == "usable")
    who = member("my_number_card", "left_on")
    each = usable.component(ON)
    completions = Completions(rulebook.vocabulary, who, ON, (each,))
    for wanted in (0, 1):
        ways = list(completions.ways(each, wanted))
        assert ways
        for way in ways:
            for values in product(*way.values()):
                facts = {**who.facts, **dict(zip(way, values, strict=True))}
                assert bool(wanted) is decided(rulebook, Member("m", facts), ON).usable
    assert [] == list(completions.ways(each, 2))
