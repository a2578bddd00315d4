"""The engine says of a block of rows what ``decide`` says of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hokensha_roll.blocks import Block, block_of
from hokensha_roll.engine import Engine

import hokensha_standard as standard
from hokensha import Plugin
from hokensha.dates import BusinessDays, CalendarError, Figure, Modality
from hokensha.engine import UNNAMED, decide, parts
from hokensha.errors import PluginError
from hokensha.facts import UNKNOWN, Fact, Member
from hokensha.features import BOOLEANS, Coded, Feature, Known, Order, Steps, Value, reached
from hokensha.features import Sequence as Compared
from hokensha.partial import variables
from hokensha.plugins import Provided, Provider, load_plugins
from hokensha.policy import Rulebook, Terms, bind, load_policy
from hokensha.rules import Features, RuleBase
from hokensha.text import Label
from hokensha_roll import questions
from hokensha_roll.running import Request, run_roll
from hokensha_standard import CERTIFICATE, NOTICE

declare = Plugin()

ON = date(2026, 11, 21)
CITES = ("t-1",)
LABEL = Label("x", "x")
FAR = (date.min, date(1867, 12, 31), date(1868, 1, 1), date(1969, 12, 31), date(1970, 1, 1), date.max)
"""Days about which something could go wrong: codes below zero, and the ends of all calendars."""
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


def each(rulebook: Rulebook, members: Sequence[Member], on: date) -> Iterator[object]:
    """What ``decide`` says of each member by itself: what is owed, to come back and missing; or the fault."""
    for one in members:
        try:
            decision = decide(rulebook, one, on)
        except CalendarError as error:
            yield str(error)
        else:
            yield list(decision.issuances), list(decision.returns), decision.missing


def at_once(engine: Engine, block: Block) -> list[Any]:
    """What the engine says of the rows of a block."""
    outcome = engine.decide(block)
    said: list[Any] = [([], [], ()) for _ in range(block.rows)]
    for place, listed in enumerate((outcome.issuances, outcome.returns)):
        for row, record in zip(listed.rows, listed.record, strict=True):
            said[row][place].append(listed.records[record])
    for row, record in zip(outcome.undetermined.rows, outcome.undetermined.record, strict=True):
        said[row] = (*said[row][:2], outcome.undetermined.records[record])
    for rejected in outcome.rejected:
        assert said[rejected.line - 1] == ([], [], ())
        said[rejected.line - 1] = rejected.reason
    accounted = outcome.decided + len(outcome.undetermined.rows) + len(outcome.rejected)
    assert (outcome.rows, accounted) == (block.rows, block.rows)
    return said


def agree(rulebook: Rulebook, members: Sequence[Member], on: date = ON) -> list[Any]:
    """What is said of the members, at once and of each alike."""
    said = at_once(Engine(rulebook, on), block_of(members, rulebook.catalogue))
    assert said == list(each(rulebook, members, on))
    return said


def owed(said: object) -> list[str]:
    """The triggers of what is owed to a member."""
    assert isinstance(said, tuple)
    return [issuance.trigger for issuance in said[0]]


# --- the whole


def days_of(steps: Steps) -> list[date]:
    """The days at which a step function turns, and beside them."""
    return [cut + timedelta(days=n) for cut in steps.cuts for n in (-1, 0, 1)]


def near(rulebook: Rulebook) -> dict[str, list[date]]:
    """For each dated fact the days near to where something turns."""
    engine = Engine(rulebook, ON)
    found: dict[str, list[date]] = {fact: [] for fact in engine.facts}
    for one in variables([root for question in engine.questions for root in question.roots]):
        classify = rulebook.vocabulary.atoms.classifier(one.feature, ON)
        if isinstance(classify, Steps):
            found[one.facts[0]] += days_of(classify)
    return found


def test_a_fact_at_every_day_that_matters_is_decided_as_by_itself(bench: Any):
    """Of one without a card, and of one with a card and a certificate; near cuts, and far off."""
    rulebook = bench.once()
    holder = {
        "my_number_card": "held",
        "insurance_use": "registered",
        "electronic_certificate_expires_on": ON,
        "eligibility_certificate_issued_on": date(2025, 11, 1),
        "eligibility_certificate_valid_until": date(2026, 10, 31),
    }
    members = []
    for fact, days in near(rulebook).items():
        if rulebook.catalogue[fact].kind != "day":
            continue
        values = [*days, *FAR, *([None] if rulebook.catalogue[fact].nullable else [])]
        for others in ({}, holder):
            members += [member(**{**others, fact: value}) for value in values]
            members.append(member(fact, **others))
    said = agree(rulebook, members)
    assert len(members) > 150
    assert {bool(owed(one)) for one in said} == {True, False}


@pytest.mark.parametrize("rows", [1, 2, 63, 64, 65, 127, 128, 129])
@pytest.mark.parametrize("unknown", [False, True])
def test_blocks_of_any_length_are_decided_to_their_last_row(bench: Any, rows: int, unknown: bool):
    kinds = [
        member(),
        member(my_number_card="held", insurance_use="registered"),
        member(left_on=ON),
        *([member("my_number_card")] if unknown else []),
    ]
    agree(bench.once(), [kinds[row % len(kinds)] for row in range(rows)])
    agree(bench.once(), [kinds[0] if row == rows - 1 else kinds[1] for row in range(rows)])
    agree(bench.once(), [kinds[-1] if row == rows - 1 else kinds[1] for row in range(rows)])


def test_a_block_without_rows_comes_to_nothing(bench: Any):
    outcome = Engine(bench.once(), ON).decide(block_of([], bench.once().catalogue))
    assert (outcome.rows, outcome.decided, outcome.rejected) == (0, 0, ())


@pytest.mark.parametrize("fact", [*(fact for fact in MEMBER if fact != "id"), None])
def test_a_column_that_is_absent_is_unknown_for_everybody(bench: Any, fact: str | None):
    absent = [fact] if fact else [each for each in MEMBER if each != "id"]  # one, or all of them
    members = [member(*absent), member(*absent, my_number_card="held", insurance_use="registered")]
    if fact in (None, "my_number_card"):
        members = members[:1]
    block = block_of(members, bench.once().catalogue)
    assert not {*absent} & {*block.columns}
    agree(bench.once(), members)


def test_blocks_that_differ_in_their_columns_share_no_answers(bench: Any):
    """Of the same member, other facts are not known: a block may lack each column, or two of them."""
    engine, rulebook = Engine(bench.once(), ON), bench.once()
    facts = list(MEMBER)[1:]
    lacking = [(), *((one, other) for one in facts for other in facts)]
    for without in lacking:
        members = [member(*without)]
        assert at_once(engine, block_of(members, rulebook.catalogue)) == list(each(rulebook, members, ON))


def test_answers_are_kept_only_up_to_a_bound(bench: Any, monkeypatch: pytest.MonkeyPatch):
    """However many rows are like no other, what was said of them does not pile up, and stays right."""
    monkeypatch.setattr(questions, "_MOST", 7)
    rulebook = bench.once()
    engine = Engine(rulebook, ON)
    members = [member(left_on=ON + timedelta(days=n)) for n in range(1, 60)]
    for _ in range(2):
        assert at_once(engine, block_of(members, rulebook.catalogue)) == list(each(rulebook, members, ON))
        assert max(len(question._said) for question in engine.questions) <= 7


def test_rows_that_were_rejected_before_say_nothing(bench: Any):
    rulebook = bench.once()
    block = block_of([member(), member("left_on"), member()], rulebook.catalogue)
    outcome = Engine(rulebook, ON).decide(evolve(block, kept=np.array([True, False, False])))
    assert outcome.issuances.rows.tolist() == [0]
    assert outcome.undetermined.rows.tolist() == []


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
    block = block_of([member(), one], rulebook.catalogue)
    with pytest.raises(PluginError, match=r"rule 'broken' of plugin own .* raised ValueError: no luck"):
        Engine(rulebook, ON).decide(block)
    with pytest.raises(PluginError, match=r"rule 'broken' of plugin own .* raised ValueError: no luck"):
        decide(rulebook, one, ON)


def test_a_rule_that_would_raise_harms_nobody_of_whom_it_does_not(bench: Any):
    rulebook = extended(bench, broken, broken_trigger, terms=BROKEN)
    agree(rulebook, [member(), member("left_on"), member("insurance_use", my_number_card="held")])
    lost = block_of([member(), member(my_number_card="lost")], rulebook.catalogue)
    outcome = Engine(rulebook, ON).decide(evolve(lost, kept=np.array([True, False])))
    assert len(outcome.issuances.rows) == 1


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
    block = block_of(members, rulebook.catalogue)
    owed_parts = [part for part in parts(rulebook, ON) if part.kind == "issuance"]
    full = at_once(Engine(rulebook, ON), block)
    for said, whole, one in zip(
        at_once(Engine(rulebook, ON, only_owed=True), block), full, members, strict=True
    ):
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
    known, unknown = agree(rulebook, [member(my_number_card_expires_on=ON), member()])
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
        decide(rulebook, closed[0], ON)
    with pytest.raises(PluginError, match="KeyError"):
        Engine(rulebook, ON).decide(block_of(closed, rulebook.catalogue))


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
