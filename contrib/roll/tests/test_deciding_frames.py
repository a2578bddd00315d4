"""The engine says of the rows of a frame what the rules say of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import Any

import polars as pl
import pytest
from attrs import evolve
from by_rules import by_the_rules
from each_and_all import of_all, of_each, of_rows
from every_policy import POLICIES, path_of
from small import FIGURES, ORDINARY, Small, small_rulebook

import hokensha_standard as standard
from hokensha import Plugin
from hokensha.dates import BusinessDays, CalendarError, Figure, Modality, Months, Next, On
from hokensha.engine import UNNAMED, Axis, answering, parts
from hokensha.errors import PluginError
from hokensha.facts import UNKNOWN, Fact, Member, parse_member
from hokensha.features import BOOLEANS, Coded, Feature, Known, Order, Value, reached
from hokensha.features import Sequence as Compared
from hokensha.plugins import Provided, Provider, load_plugins
from hokensha.policy import Rulebook, Terms, bind, load_policy, open_rulebook
from hokensha.rules import Basis, Features, RuleBase, Yearly
from hokensha.text import Label
from hokensha_roll.frames import frame_of
from hokensha_roll.keys import engine as engine_module
from hokensha_roll.keys.engine import Engine
from hokensha_roll.running import Request, run_roll
from hokensha_standard import CERTIFICATE, NOTICE

declare = Plugin()

ON = date(2026, 11, 21)
CITES = ("t-1",)
LABEL = Label("x", "x")
FAR = (
    *(
        date.min,
        date(1859, 12, 31),
        date(1860, 1, 1),
        date(1899, 12, 31),
        date(1900, 1, 1),
        date(1969, 12, 31),
    ),
    *(date(1970, 1, 1), date(2230, 12, 31), date(2231, 1, 1), date(2899, 12, 31), date(2900, 1, 1), date.max),
)
"""Days about which something could go wrong: numbers below zero, the ends of tables, and of all calendars."""
MEMBER: dict[str, Any] = {
    "id": "A1",
    "birth_date": date(1980, 5, 5),
    "enrolled_on": date(2010, 4, 1),
    "left_on": None,
    "my_number_card": "none",
    "insurance_use": "unregistered",
    "electronic_certificate_expires_on": None,
    "health_insurance_card_valid_until": None,
    "health_insurance_card_returned_on": None,
    "eligibility_certificate_issued_on": None,
    "eligibility_certificate_valid_until": None,
    "eligibility_certificate_returned_on": None,
    "eligibility_notice_issued_on": None,
}
"""All facts of one who has no card, and is owed a certificate."""


def member(*without: str, **facts: Any) -> Member:
    """That member, but for some facts, and without others."""
    return Member("A1", {fact: v for fact, v in {**MEMBER, **facts}.items() if fact not in without})


def extended(
    bench: Any,
    *rules: RuleBase,
    facts: Sequence[Fact] = (),
    features: Sequence[Feature[Any]] = (),
    figures: dict[str, Figure] | None = None,
    terms: dict[str, Terms] | None = None,
) -> Rulebook:
    """The tiny policy with a further plugin's rules in force, and with other figures."""
    policy = load_policy(bench.policy())
    own = {rule.id: (Terms(CITES),) for rule in rules}
    stated = {rule: (one,) for rule, one in (terms or {}).items()}
    further = Provided(
        Provider("own", "hokensha-own", "1.0"),
        (Features(facts=tuple(facts), features=tuple(features)),),
        rules,
    )
    changed = {name: (figure,) for name, figure in (figures or {}).items()}
    policy = evolve(policy, rules={**policy.rules, **own, **stated}, figures={**policy.figures, **changed})
    return bind(policy, [*load_plugins(policy.plugins), further])


def agree(rulebook: Rulebook, members: Sequence[Member], on: date = ON) -> list[Any]:
    """What is said of the members, at once and of each alike."""
    said = of_all(Engine(rulebook, on), members)
    assert said == list(of_each(rulebook, members, on))
    return said


def owed(said: object) -> list[str]:
    """The triggers of what is owed to a member."""
    assert isinstance(said, tuple)
    return [issuance.trigger for issuance in said[0]]


# --- every policy


SUMMER, AUTUMN = date(2025, 7, 20), date(2025, 10, 15)
"""Days of the yearly renewal in Kumamoto, and of other insurers' mass issuance."""
SMALL = "small"
each_policy = pytest.mark.parametrize("policy", [SMALL, *POLICIES])


@cache
def rulebook_of(policy: str) -> Rulebook:
    return small_rulebook() if policy == SMALL else open_rulebook(str(path_of(policy)))


@cache
def usual(policy: str) -> list[dict[str, Any]]:
    """The facts of some members."""
    if policy == SMALL:
        return [ORDINARY, {**ORDINARY, "my_number_card": "lost", "insurance_use": "unregistered"}]
    raw = json.loads(path_of(policy).with_name("members.json").read_text(encoding="utf-8"))
    return [dict(parse_member(each, rulebook_of(policy).catalogue).facts) for each in raw[:3]]


def changed(facts: Mapping[str, Any], **changes: Any) -> Member:
    """A member with other facts, or without some."""
    return Member("A1", {fact: v for fact, v in {**facts, **changes}.items() if v is not UNKNOWN})


def beside(days: Iterable[date]) -> list[date]:
    """Days, and those before and after each."""
    return sorted({day + timedelta(days=n) for day in days for n in (-1, 0, 1)})


def settled(policy: str, members: Sequence[Member]) -> None:
    """Each member is answered as the rules answer it, whoever of those with its key comes first."""
    rulebook, on = rulebook_of(policy), SUMMER if "elderly" in policy else AUTUMN
    expected = list(of_each(rulebook, members, on))
    assert of_all(Engine(rulebook, on), members) == expected
    assert of_all(Engine(rulebook, on), members[::-1]) == expected[::-1]


def axes_of(policy: str) -> tuple[Axis, ...]:
    return Engine(rulebook_of(policy), SUMMER if "elderly" in policy else AUTUMN).answering.keys.axes


@each_policy
def test_a_fact_at_each_border_none_and_unknown_is_decided_as_by_itself(policy: str):
    members = [
        changed(facts, **{axis.fact: value})
        for axis in axes_of(policy)
        for value in (*beside(axis.cuts), *axis.values, None, UNKNOWN)
        if value is not None or rulebook_of(policy).catalogue[axis.fact].nullable
        for facts in usual(policy)
    ]
    assert len(members) > 200
    settled(policy, members)


@each_policy
def test_two_facts_that_are_compared_are_decided_as_by_themselves(policy: str):
    """Each before, on and after the other's day, none and unknown; near the day asked and far from it."""
    on = SUMMER if "elderly" in policy else AUTUMN
    rulebook = rulebook_of(policy)
    orders = {(o.fact, o.base): o for o in Engine(rulebook, on).answering.keys.orders}
    members = []
    for (fact, base), order in orders.items():
        for day in (on, on - timedelta(days=200), on + timedelta(days=40)):
            since = order.since(day) or day
            days = [*beside([since, on]), None, UNKNOWN]
            bases = [*beside([day]), *([None] if rulebook.catalogue[base].nullable else []), UNKNOWN]
            members += [
                changed(usual(policy)[1], **{fact: one, base: other}) for one in days for other in bases
            ]
    assert members
    settled(policy, members)


@each_policy
def test_a_day_however_far_is_decided_as_by_itself(policy: str):
    dated = [axis.fact for axis in axes_of(policy) if axis.dated]
    settled(policy, [changed(facts, **{f: day}) for f in dated for day in FAR for facts in usual(policy)[:2]])


def test_days_far_from_each_other_are_compared_all_the_same(bench: Any):
    """A certificate that came back before it was issued is still held; all days are far, or one of them."""
    days = (*FAR, ON, None)
    members = [
        member(
            eligibility_certificate_issued_on=issued,
            eligibility_certificate_returned_on=returned,
            eligibility_certificate_valid_until=date(2026, 1, 1),
        )
        for issued, returned in product(days, days)
    ]
    said = agree(bench.once(), members)
    assert {bool(one[1]) for one in said} == {True, False}


# --- frames


@pytest.mark.parametrize("most", [0, 40, 1 << 20])
@pytest.mark.parametrize("size", [1, 2, 7, 64])
def test_many_batches_are_decided_as_one_is(
    bench: Any, size: int, most: int, monkeypatch: pytest.MonkeyPatch
):
    """Whether all who turned up are remembered, or are forgotten after some batches."""
    monkeypatch.setattr(engine_module, "_MOST", most)
    engine = Engine(bench.once(), ON)
    members = [
        member(*without, my_number_card=card, left_on=left)
        for without in ((), ("insurance_use",), ("left_on",))
        for card in ("none", "held", "lost")
        for left in (None, ON, *FAR)
    ]
    frame = frame_of(members, engine.wanted, bench.once().catalogue)
    batches = (frame[start : start + size] for start in range(0, len(members), size))
    said = []
    for batch in batches:
        said += of_rows(engine, batch)
        assert engine._cases.count <= most + size
    assert said == list(of_each(bench.once(), members, ON))


def test_what_there_is_to_say_only_grows(bench: Any):
    """Who has read the records once needs to read those that were added."""
    engine = Engine(bench.once(), ON)
    frames = [
        frame_of([member(left_on=left)], engine.wanted, bench.once().catalogue)
        for left in (None, date(2027, 1, 2), date(2027, 3, 4))
    ]
    first, *others = [engine.decide(frame, frame["id"]).issuances for frame in frames]
    assert all(other.records is first.records for other in others)
    assert [listed.records[listed.record[0]].valid_until.date for listed in (first, *others)] == [
        *(date(2027, 11, 21), date(2027, 1, 1), date(2027, 3, 3))
    ]
    assert len(first.records) == 3


def test_records_are_counted_over_the_rows_of_a_batch(bench: Any):
    rulebook, engine = bench.once(), Engine(bench.once(), ON)
    members = [
        member(),
        member(left_on=date(2027, 1, 2)),
        member(),
        member("insurance_use"),
        member(left_on=ON),
    ]
    frame = frame_of(members, engine.wanted, rulebook.catalogue)
    counted = engine.decide(frame, frame["id"]).issuances.counted()
    assert [(record.valid_until.date, count) for record, count in counted] == [
        *((date(2027, 11, 21), 3), (date(2027, 1, 1), 1))
    ]


def test_a_frame_without_rows_comes_to_nothing(bench: Any):
    """Whether it is the first or not."""
    engine = Engine(bench.once(), ON)
    for members in ([], [member()], []):
        frame = frame_of(members, engine.wanted, bench.once().catalogue)
        outcome = engine.decide(frame, frame["id"])
        assert (outcome.rows, outcome.decided, outcome.rejected) == (len(members), len(members), ())


@pytest.mark.parametrize("fact", [*(fact for fact in MEMBER if fact != "id"), None])
def test_a_column_that_is_absent_is_unknown_for_everybody(bench: Any, fact: str | None):
    absent = [fact] if fact else [each for each in MEMBER if each != "id"]  # one, or all of them
    members = [member(*absent), member(*absent, my_number_card="held", insurance_use="registered")]
    if fact in (None, "my_number_card"):
        members = members[:1]
    frame = frame_of(members, Engine(bench.once(), ON).wanted, bench.once().catalogue)
    assert not {*absent} & {*frame.columns}
    agree(bench.once(), members)


def test_frames_that_differ_in_their_columns_share_no_answers(bench: Any):
    """Of the same member, other facts are not known: a frame may lack each column, or two of them."""
    engine, rulebook = Engine(bench.once(), ON), bench.once()
    facts = list(MEMBER)[1:]
    lacking = [(), *((one, other) for one in facts for other in facts)]
    for without in lacking:
        members = [member(*without)]
        assert of_all(engine, members) == list(of_each(rulebook, members, ON))


def test_answers_are_kept_only_up_to_a_bound(bench: Any, monkeypatch: pytest.MonkeyPatch):
    """However many members are like no other, those asked again are answered as before."""
    monkeypatch.setattr(answering, "_MOST", 7)
    rulebook = bench.once()
    engine = Engine(rulebook, ON)
    members = [
        member(*without, left_on=ON + timedelta(days=n))
        for n in range(1, 60)
        for without in ((), ("insurance_use",))
    ]
    for _ in range(2):
        assert of_all(engine, members) == list(of_each(rulebook, members, ON))
        assert len(engine.answering._said) <= 7


# --- what is no day


def named(bench: Any, fact: str) -> Rulebook:
    """For one name a certificate serves half a year, and a year for all others."""
    figures = {
        "one-year": Figure(Modality.EXACT, earliest=("half-a-year", "for-all")),
        "half-a-year": Figure(Modality.EXACT, CITES, when={fact: "Taro"}, rule=(Months(6),)),
        "for-all": Figure(Modality.EXACT, CITES, rule=(Months(12),)),
    }
    return extended(bench, facts=[Fact("nickname", "text", LABEL, nullable=True)], figures=figures)


def test_a_text_counts_as_far_as_a_policy_asks_for_it(bench: Any):
    names = ("Taro", "Hanako", "Taro-", "", None, UNKNOWN)
    said = agree(named(bench, "nickname"), [changed(MEMBER, nickname=name) for name in names])
    ends = [one[0][0].valid_until and one[0][0].valid_until.date for one in said]
    year = date(2027, 11, 21)
    assert ends == [date(2027, 5, 21), year, year, year, year, None]
    assert said[-1][2] == ("nickname",)


def test_a_policy_may_ask_for_the_members_key(bench: Any):
    members = [Member(name, {**MEMBER, "id": name}) for name in ("Taro", "Hanako")]
    said = agree(named(bench, "id"), members)
    assert [one[0][0].valid_until.date for one in said] == [date(2027, 5, 21), date(2027, 11, 21)]


def test_an_order_may_be_asked_as_of_the_very_day_that_is_asked_about(bench: Any):
    facts = [Fact(fact, "day", LABEL, nullable=True) for fact in ("first_on", "third_on")]

    @declare.trigger("twice", "x", "x", document=NOTICE)
    def twice(s):
        return s[SINCE_FIRST] is Compared.SINCE and s.at("as-of")[SINCE_FIRST] is Compared.SINCE

    as_of = Figure(Modality.EXACT, CITES, rule=(On(ON),))
    rulebook = extended(bench, twice, facts=facts, features=[SINCE_FIRST], figures={"as-of": as_of})
    days = (*beside([ON]), None, UNKNOWN)
    members = [changed(MEMBER, first_on=first, third_on=third) for first, third in product(days, days)]
    for on in beside([ON]):
        agree(rulebook, members, on)


# --- rules that raise


@declare.ground("broken", "x", "x")
def broken(s):
    """Raises for a card that was lost."""
    if s[standard.CARD] is standard.Card.LOST:
        raise ValueError("no luck")
    return False


@declare.trigger("broken-trigger", "x", "x", document=NOTICE)
def broken_trigger(s):
    """The same where something is owed."""
    return s[broken]


BROKEN = {"broken": Terms(CITES, claim="none")}


@pytest.mark.parametrize("rules", [(broken,), (broken, broken_trigger)])
@pytest.mark.parametrize("without", [(), ("insurance_use",), ("my_number_card",), tuple(MEMBER)[1:]])
def test_a_rule_that_raises_stops_everything_and_is_named(bench: Any, rules: Any, without: Any):
    """Also where what is not known leaves open whether it does."""
    rulebook = extended(bench, *rules, terms=BROKEN)
    one = member(*without, my_number_card="lost")
    with pytest.raises(PluginError, match=r"rule 'broken' of plugin own .* raised ValueError: no luck"):
        of_all(Engine(rulebook, ON), [member(), one])
    with pytest.raises(PluginError, match=r"rule 'broken' of plugin own .* raised ValueError: no luck"):
        by_the_rules(rulebook, one, ON)


def test_a_rule_that_would_raise_harms_nobody_of_whom_it_does_not(bench: Any):
    rulebook = extended(bench, broken, broken_trigger, terms=BROKEN)
    agree(rulebook, [member(), member("left_on"), member("insurance_use", my_number_card="held")])
    roll = bench.csv([bench.row(), bench.row(id="A2", my_number_card="lost", birth_date="x")])
    summary = run_roll(rulebook, Request(roll, bench.folder / "out", ON))
    assert (summary.decided, summary.rejected) == (1, 1)


def test_a_run_with_such_a_rule_writes_nothing(bench: Any):
    rulebook = extended(bench, broken, terms=BROKEN)
    roll = bench.csv([bench.row(), bench.row(id="A2", my_number_card="lost")])
    with pytest.raises(PluginError, match="rule 'broken' of plugin own"):
        run_roll(rulebook, Request(roll, bench.folder / "out", ON))
    assert not (bench.folder / "out").exists()


# --- what a plugin brings along


class Office(Value):
    """Where a member is looked after."""

    NORTH = "north"
    SOUTH = "south"
    CLOSED = "closed"


OFFICE = Coded("office", LABEL, tuple(Office), "office")
NURSED = Coded("nursed", LABEL, BOOLEANS, "nursed")
MOVED = reached("moved_on", "転居済み", "moved")
NICKNAMED = Known("nicknamed", LABEL, BOOLEANS, "nickname")
OWN_FACTS = (
    Fact("office", "code", LABEL, values=("north", "south", "closed")),
    Fact("nursed", "boolean", LABEL),
    Fact("moved_on", "day", LABEL, nullable=True),
    Fact("nickname", "text", LABEL, nullable=True),
)


@declare.trigger("own", "x", "x", document=NOTICE)
def own(s):
    """To those of the southern office who moved or bear a nickname, and are not nursed."""
    return s[OFFICE] is Office.SOUTH and (s[MOVED] or s[NICKNAMED]) and not s[NURSED]


@declare.trigger("after-move", "x", "x", document=CERTIFICATE, met_since="moved_on")
def after_move(s):
    """A new certificate to everybody who has moved, unless one was issued since."""
    return s[MOVED]


OWN: dict[str, Any] = {"office": "south", "nursed": False, "moved_on": ON, "nickname": None}


def with_own(bench: Any) -> Rulebook:
    return extended(bench, own, after_move, facts=OWN_FACTS, features=(OFFICE, NURSED, NICKNAMED))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ["certificate-due", "own"]),
        ({"office": "north"}, ["certificate-due"]),
        ({"office": "closed"}, ["certificate-due"]),
        ({"nursed": True}, ["certificate-due"]),
        ({"moved_on": date(2026, 11, 22)}, ["certificate-due"]),  # has not happened yet
        ({"moved_on": None, "nickname": "Taro"}, ["certificate-due", "own"]),
        ({"moved_on": None}, ["certificate-due"]),
        ({"my_number_card": "returned"}, ["after-move", "own"]),
        (
            {"my_number_card": "returned", "eligibility_certificate_issued_on": date(2026, 11, 20)},
            ["after-move", "own"],
        ),
        ({"my_number_card": "returned", "eligibility_certificate_issued_on": ON}, ["own"]),
    ],
)
def test_the_facts_and_features_of_a_plugin_need_no_further_line(bench: Any, facts: Any, expected: list[str]):
    (said,) = agree(with_own(bench), [member(**OWN) if not facts else member(**{**OWN, **facts})])
    assert owed(said) == expected


def test_every_combination_of_a_plugins_facts_is_decided_as_by_itself(bench: Any):
    values = {
        "office": ("north", "south", "closed", UNKNOWN),
        "nursed": (False, True, UNKNOWN),
        "moved_on": (None, date.min, date(2026, 1, 1), ON, date(2026, 11, 22), UNKNOWN),
        "nickname": (None, "Taro", UNKNOWN),
        "eligibility_certificate_issued_on": (None, date(2025, 12, 31), date(2026, 1, 1), UNKNOWN),
    }
    members = [
        Member(
            "A1",
            {f: v for f, v in {**MEMBER, **dict(zip(values, each, strict=True))}.items() if v is not UNKNOWN},
        )
        for each in product(*values.values())
    ]
    assert len(members) == 864
    agree(with_own(bench), members)


def test_asked_only_what_is_owed_the_engine_says_the_same_of_that(bench: Any):
    """Whether it hangs on what is not known is said, but not on which fact; nothing else is."""
    rulebook = with_own(bench)
    facts = {**MEMBER, **OWN}
    changes = ({}, {"left_on": ON}, {"my_number_card": "held"}, {"moved_on": None}, {"nickname": "Taro"})
    members = [
        member(without, **{**facts, **change}) for without in ("", *list(facts)[1:]) for change in changes
    ]
    owed_parts = [part for part in parts(rulebook, ON) if part.kind == "issuance"]
    full = of_all(Engine(rulebook, ON), members)
    asked = of_all(Engine(rulebook, ON, only_owed=True), members)
    for said, whole, one in zip(asked, full, members, strict=True):
        hangs = any(part.answer(one, ON)[1] for part in owed_parts)
        assert said == (whole[0], [], (UNNAMED,) * hangs)


@declare.trigger("between", "x", "x", document=NOTICE)
def between(s):
    """To those whose third day lies between two others."""
    return s[SINCE_FIRST] is Compared.SINCE and s[SINCE_LAST] is Compared.BEFORE


SINCE_FIRST = Order("since-first", LABEL, tuple(Compared), "third_on", "first_on")
SINCE_LAST = Order("since-last", LABEL, tuple(Compared), "third_on", "last_on")
THREE_DAYS = tuple(Fact(fact, "day", LABEL, nullable=True) for fact in ("first_on", "last_on", "third_on"))


def test_a_day_that_is_not_known_may_lie_between_two_others_or_not(bench: Any):
    """It does if there is room for it: from the first day on, and before the last."""
    rulebook = extended(bench, between, facts=THREE_DAYS, features=(SINCE_FIRST, SINCE_LAST))
    days = [ON - timedelta(days=n) for n in (400, 30, 2, 1, 0)]
    pairs = list(product(days, days))
    said = agree(rulebook, [member(first_on=first, last_on=last) for first, last in pairs])
    assert [one[2] for one in said] == [("third_on",) if first < last else () for first, last in pairs]


def test_a_day_that_is_answered_and_not_known_is_missing_though_the_document_is_owed(bench: Any):
    """Whatever day that is, a certificate is owed; only its end hangs on it."""
    end = Figure(Modality.EXACT, CITES, of="my_number_card_expires_on")
    rulebook = extended(bench, figures={"one-year": end})
    held = {"my_number_card": "held"}
    known, unknown = agree(rulebook, [member(**held, my_number_card_expires_on=ON), member(**held)])
    assert (owed(known), known[2]) == (["certificate-due"], ())
    assert (owed(unknown), unknown[2]) == (["certificate-due"], ("my_number_card_expires_on",))
    assert unknown[0][0].valid_until is None


def test_a_day_that_only_a_decision_says_is_missing_too(bench: Any):
    """Until when the card serves is written nowhere; but decide says it, so a run says that it cannot."""
    end = Figure(Modality.EXACT, CITES, of="my_number_card_expires_on")
    rulebook = extended(bench, figures={"my-number-insurance-card-last-day": end})
    card = {"my_number_card": "held", "insurance_use": "registered"}
    said = agree(rulebook, [member(**card), member(**card, my_number_card_expires_on=ON), member()])
    assert [one[2] for one in said] == [("my_number_card_expires_on",), (), ()]


def test_a_roll_may_hold_a_plugins_facts(bench: Any):
    header = [*bench.facts, *OWN]
    rows = [
        [*bench.row(), "south", "false", "2026-11-21", ""],
        [*bench.row(id="A2"), "south", "true", "", ""],
        [*bench.row(id="A3"), "south", "false", "", "Taro"],
    ]
    run_roll(with_own(bench), Request(bench.csv(rows, header), bench.folder / "out", ON))
    assert [(row["id"], row["trigger"]) for row in bench.table("issuances")] == [
        *(("A1", "certificate-due"), ("A1", "own"), ("A2", "certificate-due")),
        *(("A3", "certificate-due"), ("A3", "own")),
    ]


def test_a_feature_that_lacks_a_code_of_its_fact_stops_the_run_and_not_only_that_member(bench: Any):
    narrow = Coded("office", LABEL, (Office.NORTH, Office.SOUTH), "office")

    @declare.trigger("narrow", "x", "x", document=NOTICE)
    def rule(s):
        return s[narrow] is Office.SOUTH

    rulebook = extended(bench, rule, facts=OWN_FACTS, features=(narrow,))
    agree(rulebook, [member(office="north"), member(office="south")])
    closed = [member(office="closed")]
    with pytest.raises(PluginError, match="KeyError"):
        by_the_rules(rulebook, closed[0], ON)
    with pytest.raises(PluginError, match="KeyError"):
        of_all(Engine(rulebook, ON), closed)


# --- business days


def business(of: str | None, days: int = 2) -> Figure:
    """So many business days on from a fact's day, or from the day of issue."""
    return Figure(Modality.EXACT, CITES, of=of, rule=(BusinessDays(days),))


BEYOND = date(2150, 1, 1)
"""The holidays of that year are not known."""


def test_a_last_day_in_business_days_beyond_the_known_holidays_rejects_the_row(bench: Any):
    """As ``decide`` refuses to answer; the other rows are decided, and the reason names the years."""
    figure = business("electronic_certificate_expires_on")
    rulebook = extended(bench, figures={"electronic-certificate-last-day": figure})
    held = {"my_number_card": "held", "insurance_use": "registered"}
    members = [
        member(**held, electronic_certificate_expires_on=BEYOND),
        member(**held, electronic_certificate_expires_on=ON),
        member(**held, electronic_certificate_expires_on=BEYOND, left_on=date(2020, 1, 1)),
        member(electronic_certificate_expires_on=BEYOND),  # without a card its end matters to nobody
        member("insurance_use", my_number_card="held", electronic_certificate_expires_on=BEYOND),
        member("my_number_card", electronic_certificate_expires_on=BEYOND),
    ]
    said = agree(rulebook, members)
    assert [isinstance(one, str) for one in said][:4] == [True, False, True, False]
    assert said[0] == str(CalendarError(2150, 1949, 2099))
    roll = bench.csv(
        [bench.row(), bench.row(id="A2", **held, electronic_certificate_expires_on=BEYOND.isoformat())]
    )
    summary = run_roll(rulebook, Request(roll, bench.folder / "out", ON))
    assert (summary.decided, summary.rejected) == (1, 1)
    (row,) = bench.table("rejected")
    assert (row["line"], row["column"], row["value"]) == ("3", "", "")
    assert "no business days can be counted in 2150" in row["reason"]


def test_a_validity_in_business_days_rejects_those_to_whom_something_is_owed(bench: Any):
    """On a day beyond the known holidays: who is owed nothing needs no day."""
    rulebook = extended(bench, figures={"one-year": business(None)})
    holder = member(my_number_card="held", insurance_use="registered")
    said = agree(rulebook, [member(), holder], BEYOND)
    assert (isinstance(said[0], str), said[1]) == (True, ([], [], ()))


def test_a_last_day_in_the_scheme_in_business_days_rejects_those_whose_documents_it_may_cut(bench: Any):
    rulebook = extended(bench, figures={"scheme-last-day": business("left_on")})
    held = {"my_number_card": "held", "insurance_use": "registered"}
    certificate = {"eligibility_certificate_issued_on": ON, "eligibility_certificate_valid_until": ON}
    members = [
        member(left_on=BEYOND),
        member(left_on=date(2027, 4, 1)),
        member(left_on=BEYOND, **held),
        member(left_on=BEYOND, **held, **certificate),
        member("my_number_card", left_on=BEYOND),
        member("left_on"),
    ]
    said = agree(rulebook, members)
    assert isinstance(said[0], str)
    assert owed(said[1]) == ["certificate-due"]


def test_an_end_in_business_days_from_the_day_asked_rejects_as_decide_does(bench: Any):
    """Of a document that is held, though nothing is owed."""
    validity = declare.validity("held", "x", "x", document=CERTIFICATE, purpose="held")
    rulebook = extended(
        bench,
        validity,
        figures={"from-now": business(None)},
        terms={"held": Terms(CITES, figure="from-now")},
    )
    issued = {"eligibility_certificate_issued_on": ON, "eligibility_certificate_valid_until": None}
    card = {"my_number_card": "held", "insurance_use": "registered"}
    said = agree(rulebook, [member(**card, **issued), member(**card)], BEYOND)
    assert [isinstance(one, str) for one in said] == [True, False]


def test_a_yearly_renewal_is_said_of_rows_as_of_each():
    """Before, in and after its window, and whatever cuts the term of the coming year."""
    renewal = declare.trigger(
        "renewal", "更新", "renewal", document=CERTIFICATE, yearly=Yearly("07-01", "07-31")
    )(lambda s: s[standard.AUTOMATIC_GROUND])
    request = declare.trigger(
        "request", "申請", "request", document=CERTIFICATE, met_since="certificate_requested_on"
    )(lambda s: s[standard.REQUESTED])
    ground = declare.trigger("ground", "事由", "ground", document=CERTIFICATE)(
        lambda s: s[standard.AUTOMATIC_GROUND]
    )
    terms = {renewal: Terms(CITES), request: Terms(CITES, basis=Basis.APPLICATION), ground: Terms(CITES)}
    figures = {**FIGURES, "four-years": Figure(Modality.EXACT, rule=(Next("07-31"),))}
    small = Small(small_rulebook(terms, figures), ORDINARY)
    ends = (None, date(2026, 7, 24), date(2026, 7, 31), date(2026, 8, 1), date(2027, 7, 31))
    left = (None, date(2026, 7, 25), date(2026, 8, 2), date(2027, 3, 1), UNKNOWN)
    asked = (None, date(2026, 7, 10))
    members = [
        small.member(
            tuple(fact for fact, value in facts.items() if value is UNKNOWN),
            **{fact: value for fact, value in facts.items() if value is not UNKNOWN},
        )
        for card, until, gone, wish in product(("lost", "returned", "held"), ends, left, asked)
        for facts in [
            {
                "my_number_card": card,
                "eligibility_certificate_issued_on": until and date(2026, 6, 1),
                "eligibility_certificate_valid_until": until,
                "left_on": gone,
                "certificate_requested_on": wish,
            }
        ]
    ]
    for on in (date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 15), date(2026, 7, 31), date(2026, 8, 1)):
        said = agree(small.rulebook, members, on)
        assert any("renewal" in owed(each) for each in said) is (on.month == 7)


def test_an_end_that_is_not_stated_makes_no_case_for_each_birthday():
    """When the scheme ends is said of a single member only; no column has it."""
    small = Small(small_rulebook(), ORDINARY)
    lost = {
        "eligibility_certificate_issued_on": date(2025, 1, 10),
        "eligibility_certificate_valid_until": date(2029, 12, 1),
        "reissue_requested_on": date(2025, 6, 10),
    }
    on, born = date(2025, 6, 15), [date(1980, month, 5) for month in range(1, 13)]
    members = [small.member(birth_date=day, **lost) for day in born]
    engine = Engine(small.rulebook, on)
    assert of_all(engine, members) == list(of_each(small.rulebook, members, on))
    frame = frame_of(members, engine.wanted, small.rulebook.catalogue)
    outcome = engine.decide(frame, pl.Series(range(len(members)), dtype=pl.UInt32))
    assert 1 == len(outcome.issuances.records)
    single = {by_the_rules(small.rulebook, each, on).issuances[0].valid_until for each in members}
    assert 12 == len(single)
