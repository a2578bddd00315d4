"""No one falls through unseen: in the scheme, nothing that serves, nothing owed, no remedy that helps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import by_grounds_alone

import hokensha_standard as standard
from hokensha import Plugin
from hokensha.dates import Days, Figure, Modality, On
from hokensha.engine import advice, decide, present
from hokensha.facts import Fact, Member
from hokensha.features import DAY_ASKED, Coded, Known, Order, Sequence, Value
from hokensha.policy import Rulebook, Terms
from hokensha.rules import At, Document
from hokensha.text import Label
from hokensha_standard import (
    CARD,
    CERTIFICATE,
    HEALTH_INSURANCE_CARD,
    NOTICE,
    PORTAL_SCREEN,
    USE,
    Card,
    InsuranceUse,
)
from hokensha_verify import Fallen, check_rulebook, falling_through

declare = Plugin()

CITES = ("source",)
SAID = Terms(CITES)
NOT_CLAIMED = Terms(CITES, claim="none")
CLAIMED = Terms(CITES, claim="ex-officio")
PUBLISHED = date(2025, 1, 1)
DAY = timedelta(days=1)
FIGURES: dict[str, Figure] = {
    "scheme-last-day": Figure(Modality.EXACT, of="left_on", rule=(Days(-1),)),
    "my-number-insurance-card-last-day": Figure(Modality.EXACT, of="electronic_certificate_expires_on"),
    "health-insurance-card-last-day": Figure(Modality.EXACT, of="health_insurance_card_valid_until"),
}
AGAIN = declare.trigger("again", "再交付", "again", document=CERTIFICATE, met_since="reissue_requested_on")(
    lambda s: s[standard.REISSUE_REQUESTED]
)
SCHEME = {standard.enrolled: SAID, standard.not_over: SAID, AGAIN: SAID}


def issuing(id_: str = "on-ground", document: Document = CERTIFICATE):
    """A document for everybody with a ground that needs no application."""
    return declare.trigger(id_, "事由", "on a ground", document=document)(
        lambda s: s[standard.AUTOMATIC_GROUND]
    )


def remedy_for(ground, id_: str = ""):
    """What is to be done first by those with a ground."""
    return declare.remedy(id_ or f"mend-{ground.id}", "手続", "what to do", elsewhere=True)(
        lambda s: s[ground]
    )


def showing(id_: str, test: Callable[[Any], bool], *at: At, uncertain: bool = False):
    """Something that is shown: which one does not matter here."""
    return declare.presents(id_, "提示", id_, at=at, shows=(PORTAL_SCREEN,), uncertain=uncertain)(test)


LOST = standard.card_lost
EVERYBODY = declare.remedy("ask", "照会", "ask", elsewhere=True)(lambda s: s[standard.IN_SCHEME])
FIRST, SECOND = issuing("first"), issuing("second")


@pytest.fixture
def policy(rulebook_of: Callable[..., Rulebook]) -> Callable[..., Rulebook]:
    """A policy of two scheme rules and a few more."""

    def make(rules: Mapping[Any, Terms], figures: Mapping[str, Figure] | None = None, **fields: Any):
        return rulebook_of(
            {**SCHEME, **rules}, {**FIGURES, **(figures or {})}, shared=by_grounds_alone(), **fields
        )

    return make


@pytest.fixture
def found(policy: Callable[..., Rulebook]) -> Callable[..., list[tuple[date, tuple[str, ...]]]]:
    """The day and the grounds of each group that falls through under such a policy."""

    def groups(*args: Any, **fields: Any) -> list[tuple[date, tuple[str, ...]]]:
        return [(each.witness.on, each.grounds) for each in falling_through(policy(*args, **fields))]

    return groups


# --- who does


def test_a_group_of_a_ground_that_is_in_force_no_more_hides_nobody(found):
    """Lost cards are a group until July; renewing ones, a ground from August on, are one then."""
    until = Terms(CITES, claim="none", through=date(2025, 7, 31))
    since = Terms(CITES, claim="none", since=date(2025, 8, 1))
    assert [(PUBLISHED, ("card-lost",)), (date(2025, 8, 1), ("card-renewing",))] == found(
        {LOST: until, standard.card_renewing: since}
    )


def test_a_policy_without_grounds_forgets_whoever_has_no_working_card(rulebook_of):
    """A card that is lost, being renewed or not registered works for nobody, though no ground says so."""
    (fallen, *_) = falling_through(rulebook_of(SCHEME, FIGURES))
    assert ((), "on 2025-01-01, my_number_card = renewing") == (fallen.grounds, str(fallen.witness))


def test_with_an_unusable_card_and_nothing_issued_one_falls_through(policy):
    (fallen,) = falling_through(policy({LOST: NOT_CLAIMED}))
    assert ("card-lost",) == fallen.grounds
    assert "on 2025-01-01, my_number_card = lost" == str(fallen.witness)


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param({}, id="the card works for everybody"),
        pytest.param({LOST: CLAIMED, FIRST: SAID}, id="a certificate is owed"),
        pytest.param({LOST: CLAIMED, issuing(document=HEALTH_INSURANCE_CARD): SAID}, id="a card is owed"),
        pytest.param({LOST: NOT_CLAIMED, remedy_for(LOST): SAID}, id="a remedy says what to do"),
        pytest.param(
            {declare.ground("odd", "珍", "odd", unusable=False)(lambda s: s[CARD] is Card.LOST): NOT_CLAIMED},
            id="the ground leaves the card usable",
        ),
        pytest.param(
            {LOST: NOT_CLAIMED, showing("anything", lambda s: s[standard.IN_SCHEME], At.EQUIPPED): SAID},
            id="something else is shown",
        ),
    ],
)
def test_nobody_falls_through_where(found, rules):
    assert [] == found(rules)


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param({FIRST: SAID}, id="nothing is owed on that ground"),
        pytest.param({remedy_for(standard.card_renewing, "other"): SAID}, id="the remedy is for others"),
        pytest.param(
            {
                showing("card", lambda s: s[standard.CARD_WORKS], At.EQUIPPED): SAID,
                showing("anything", lambda s: s[standard.IN_SCHEME], At.EQUIPPED, uncertain=True): SAID,
            },
            id="what is shown may be refused",
        ),
        pytest.param(
            {
                showing("card", lambda s: s[standard.CARD_WORKS], At.EQUIPPED): SAID,
                showing("anything", lambda s: s[standard.IN_SCHEME], At.READER_FAILED): SAID,
            },
            id="what is shown serves only where the reader has failed",
        ),
    ],
)
def test_somebody_falls_through_though(found, rules):
    assert [(PUBLISHED, ("card-lost",))] == found({LOST: NOT_CLAIMED, **rules})


def test_a_notice_that_is_owed_never_serves(policy):
    """So that the witness need not have got it."""
    (fallen,) = falling_through(policy({LOST: CLAIMED, issuing(document=NOTICE): SAID}))
    assert ("my_number_card",) == fallen.witness.told


def test_a_remedy_that_the_policy_declines_covers_nobody(found):
    remedy = remedy_for(LOST)
    rules = {LOST: NOT_CLAIMED, remedy: SAID}
    assert [] == found(rules)
    assert [(PUBLISHED, ("card-lost",))] == found(rules, declined={remedy.id: "not here"})


# --- whom a remedy helps


def on_application(document: Document = CERTIFICATE):
    """A document for whoever has lost the card and applied."""
    met = {"met_since": "certificate_requested_on"}
    return declare.trigger(f"applied-{document.id}", "申請", "applied", document=document, **met)(
        lambda s: s[standard.REQUESTED] and s[LOST]
    )


def asking(*, elsewhere: bool = False, **brings: Any):
    """What is told to whomever the card fails."""
    return declare.remedy("do", "手続", "do this", brings=brings, elsewhere=elsewhere)(
        lambda s: not s[standard.CARD_WORKS]
    )


APPLY = asking(certificate_requested_on=DAY_ASKED)
EXPIRED = standard.electronic_certificate_expired
EXPIRY = {"electronic-certificate-last-day": Figure(Modality.EXACT, of="electronic_certificate_expires_on")}


@pytest.mark.parametrize(
    ("rules", "groups"),
    [
        pytest.param({APPLY: SAID, on_application(): SAID}, [], id="what is applied for is owed"),
        pytest.param({APPLY: SAID}, [("card-lost",)], id="nothing comes of applying"),
        pytest.param(
            {asking(): SAID, on_application(): SAID}, [("card-lost",)], id="it brings nothing about"
        ),
        pytest.param({asking(elsewhere=True): SAID}, [], id="what comes of it is decided elsewhere"),
        pytest.param(
            {APPLY: SAID, on_application(NOTICE): SAID}, [("card-lost",)], id="a notice never serves"
        ),
        pytest.param(
            {asking(number_submitted_on=DAY_ASKED): SAID, on_application(): SAID},
            [("card-lost",)],
            id="something else would have to be done",
        ),
        pytest.param(
            {asking(number_submitted_on=DAY_ASKED, certificate_requested_on=DAY_ASKED): SAID}
            | {on_application(): SAID},
            [],
            id="one of two things is what helps",
        ),
        pytest.param({asking(my_number_card="held"): SAID}, [], id="the card works again"),
        pytest.param({asking(my_number_card="renewing"): SAID}, [], id="that is no ground here"),
        pytest.param({asking(left_on=DAY_ASKED): SAID}, [("card-lost",)], id="outside there is no help"),
        pytest.param(
            {asking(my_number_card="none"): SAID},
            [("card-lost",)],
            id="a card that is none is not registered",
        ),
        pytest.param(
            {APPLY: SAID, on_application(): SAID, standard.card_renewing: NOT_CLAIMED},
            [("card-renewing",)],
            id="it helps some, and not others to whom it applies",
        ),
        pytest.param(
            {APPLY: SAID, on_application(): Terms(CITES, due_from="june")},
            [("card-lost",)],
            id="it is not owed on that day yet",
        ),
    ],
)
def test_a_remedy_covers_those_whom_it_helps(found, rules, groups):
    """Once what it asks for has been done, something is owed, or serves."""
    june = {"june": Figure(Modality.EXACT, rule=(On(date(2025, 6, 1)),))}
    assert [(PUBLISHED, grounds) for grounds in groups] == found({LOST: NOT_CLAIMED, **rules}, june)


def test_what_is_renewed_lasts_to_the_day_asked_at_least(found):
    renewal = asking(electronic_certificate_expires_on=DAY_ASKED)
    assert [(PUBLISHED, ("electronic-certificate-expired",))] == found({EXPIRED: NOT_CLAIMED}, EXPIRY)
    assert [] == found({EXPIRED: NOT_CLAIMED, renewal: SAID}, EXPIRY)


def test_a_remedy_helps_as_long_as_its_trigger_is_in_force(found):
    rules = {LOST: NOT_CLAIMED, APPLY: SAID, on_application(): Terms(CITES, through=date(2025, 5, 31))}
    assert [(date(2025, 6, 1), ("card-lost",))] == found(rules)


def test_whoever_gives_back_what_was_issued_today_is_seen_on_another_day(policy):
    """An application of today counts as answered by it."""
    assert [] == list(falling_through(policy({LOST: NOT_CLAIMED, APPLY: SAID, on_application(): SAID})))
    once = declare.remedy("once", "申請", "apply once", brings=APPLY.brings)(
        lambda s: not s[standard.REQUESTED]
    )
    (fallen,) = falling_through(policy({LOST: NOT_CLAIMED, once: SAID, on_application(): SAID}))
    assert fallen.witness.facts["eligibility_certificate_issued_on"] < fallen.witness.on


def test_the_remedies_that_do_not_help_are_told(policy):
    (fallen,) = falling_through(policy({LOST: NOT_CLAIMED, APPLY: SAID}))
    assert ("do",) == fallen.remedies
    (fallen,) = falling_through(policy({LOST: NOT_CLAIMED}))
    assert () == fallen.remedies


@pytest.mark.parametrize(
    ("brings", "expected"),
    [
        ({"wanted_on": DAY_ASKED}, "brings about fact 'wanted_on', which nobody declares"),
        ({"left_on": True}, "makes fact 'left_on' 'true'; expected DAY_ASKED"),
        ({"my_number_card": "gone"}, "makes fact 'my_number_card' 'gone'; expected one of none, held, "),
        (
            {"my_number_card": DAY_ASKED},
            "makes fact 'my_number_card' DAY_ASKED; expected one of none, held, ",
        ),
        ({"overseas_card": "true"}, "makes fact 'overseas_card' 'true'; expected true or false"),
    ],
)
def test_what_no_fact_can_be_is_an_error_of_the_remedy(policy, brings, expected):
    report = check_rulebook(policy({LOST: NOT_CLAIMED, asking(**brings): SAID}))
    (error,) = report.errors
    assert expected in error.message


def decided_once_done(rulebook: Rulebook, member: Member, on: date) -> bool:
    """Whether something serves, or is owed, once one of the remedies that are told has been carried out."""
    for bound in advice(rulebook, member, on).remedies:
        done = {fact: on if said is DAY_ASKED else said for fact, said in bound.rule.brings.items()}
        then = Member("", {**member.facts, **done})
        served = present(rulebook, then, on, At.EQUIPPED).accepted
        if possible(then.facts, on) and (served or decide(rulebook, then, on).issuances):
            return True
    return False


HELPING = {
    standard.no_card: NOT_CLAIMED,
    LOST: NOT_CLAIMED,
    standard.card_renewing: NOT_CLAIMED,
    APPLY: SAID,
    on_application(): SAID,
    declare.remedy("renew", "更新", "fetch it", brings={"my_number_card": "held"})(
        lambda s: s[standard.card_renewing]
    ): Terms(CITES, since=date(2025, 3, 1)),
    declare.remedy("register", "登録", "register", brings={"insurance_use": "registered"})(
        lambda s: s[standard.no_card]
    ): SAID,
    showing("card", lambda s: s[standard.CARD_WORKS], At.EQUIPPED): SAID,
    showing("paper", lambda s: s[standard.CERTIFICATE.valid], *At): SAID,
}
"""Applying helps who lost the card, fetching it who renews it; nobody without a card can register one."""


def test_who_is_not_helped_is_who_falls_through_by_carrying_the_remedies_out(policy):
    """Found out by deciding on everybody again, once each remedy that is told has been carried out."""
    rulebook = policy(HELPING)
    told = list(falling_through(rulebook))
    fallen_on: dict[date, set[frozenset[str]]] = {}
    for on in (PUBLISHED, date(2025, 2, 28), date(2025, 3, 1)):
        fallen_on[on] = set()
        for facts in everybody(on):
            member = Member("", {**facts, "certificate_requested_on": None})
            needed = in_scheme(facts, on) and advice(rulebook, member, on).needed
            back = facts["eligibility_certificate_issued_on"] == on
            if needed and not back and not decided_once_done(rulebook, member, on):
                grounds = [held.id for held in decide(rulebook, member, on).grounds]
                fallen_on[on].add(frozenset(grounds))
    assert {frozenset({"no-card"}), frozenset({"card-renewing"})} == fallen_on[PUBLISHED]
    assert {frozenset({"no-card"})} == fallen_on[date(2025, 3, 1)]
    agrees(told, fallen_on)


def test_those_without_any_ground_are_a_group_of_their_own(found):
    """Where the policy says what is shown, and of the card says nothing, a card that works is no help."""
    rules = {LOST: NOT_CLAIMED, showing("paper", lambda s: s[standard.CERTIFICATE.valid], At.EQUIPPED): SAID}
    assert [(PUBLISHED, ()), (PUBLISHED, ("card-lost",))] == found(rules)


# --- on which days


@pytest.mark.parametrize(
    ("periods", "day"),
    [
        pytest.param([{"since": date(2025, 1, 2)}], PUBLISHED, id="the first day only"),
        pytest.param(
            [{"through": date(2025, 6, 30)}, {"since": date(2025, 7, 2)}], date(2025, 7, 1), id="one day"
        ),
        pytest.param(
            [{"through": date(2028, 2, 28)}, {"since": date(2028, 3, 1)}], date(2028, 2, 29), id="29 February"
        ),
        pytest.param(
            [{"through": date(2025, 4, 29)}, {"since": date(2025, 5, 1)}], date(2025, 4, 30), id="month end"
        ),
        pytest.param([{"through": date(2040, 3, 9)}], date(2040, 3, 10), id="far off, for ever"),
    ],
)
def test_a_gap_outside_all_periods_of_triggers_is_found_on_its_first_day(found, periods, day):
    rules = {LOST: CLAIMED}
    for trigger, period in zip((FIRST, SECOND), periods, strict=False):
        rules[trigger] = Terms(CITES, **period)
    assert [(day, ("card-lost",))] == found(rules)


@pytest.mark.parametrize("eve", [date(2025, 6, 30), date(2028, 2, 28), date(2025, 12, 31)])
def test_there_is_no_gap_between_periods_that_follow_each_other(found, eve):
    rules = {LOST: CLAIMED, FIRST: Terms(CITES, through=eve), SECOND: Terms(CITES, since=eve + DAY)}
    assert [] == found(rules)


def test_a_gap_that_was_over_before_the_policy_was_published_is_none(found):
    assert [] == found({LOST: CLAIMED, FIRST: Terms(CITES, since=PUBLISHED)})
    assert [(PUBLISHED, ("card-lost",))] == found({LOST: CLAIMED, FIRST: Terms(CITES, since=PUBLISHED + DAY)})


def test_a_gap_until_a_document_falls_due_is_found(found):
    """Due from 2 January on, so that on New Year's Day nothing is owed yet."""
    due = {"start": Figure(Modality.EXACT, rule=(On(date(2025, 1, 2)),))}
    assert [(PUBLISHED, ("card-lost",))] == found({LOST: CLAIMED, FIRST: Terms(CITES, due_from="start")}, due)
    due = {"start": Figure(Modality.EXACT, rule=(On(PUBLISHED),))}
    assert [] == found({LOST: CLAIMED, FIRST: Terms(CITES, due_from="start")}, due)


def test_a_gap_after_a_mass_issuance_is_found_on_the_day_after_its_last(found):
    due = {"end": Figure(Modality.EXACT, rule=(On(date(2025, 11, 30)),))}
    terms = Terms(CITES, mass=True, due_through="end")
    assert [(date(2025, 12, 1), ("card-lost",))] == found({LOST: CLAIMED, FIRST: terms}, due)


def test_a_document_that_is_late_is_owed_all_the_same(found):
    due = {"end": Figure(Modality.EXACT, rule=(On(date(2025, 11, 30)),))}
    assert [] == found({LOST: CLAIMED, FIRST: Terms(CITES, due_through="end")}, due)


@pytest.mark.parametrize(
    ("terms", "days"),
    [
        ({"through": date(2025, 6, 30)}, [date(2025, 7, 1)]),
        ({"since": date(2025, 6, 30)}, [PUBLISHED]),
        ({"since": PUBLISHED}, []),
    ],
)
def test_a_remedy_covers_on_the_days_on_which_it_is_in_force(found, terms, days):
    rules = {LOST: NOT_CLAIMED, remedy_for(LOST): Terms(CITES, **terms)}
    assert [(day, ("card-lost",)) for day in days] == found(rules)


# --- in groups


def test_each_group_is_told_once_with_its_own_grounds(found):
    rules = {LOST: NOT_CLAIMED, standard.card_renewing: NOT_CLAIMED}
    assert {(PUBLISHED, ("card-lost",)), (PUBLISHED, ("card-renewing",))} == set(found(rules))


def test_a_group_takes_in_those_for_whom_further_grounds_hold(found):
    """Whoever has lost a deregistered card is in one group with those who have lost any."""
    rules = {LOST: NOT_CLAIMED, standard.deregistered: NOT_CLAIMED, remedy_for(standard.deregistered): SAID}
    assert [(PUBLISHED, ("card-lost",))] == found(rules)


def test_no_more_than_twelve_groups_are_told(rulebook_of):
    """Thirteen offices, each a ground of its own."""
    names = [f"office-{number}" for number in range(13)]
    office = Value("Office", {name: name for name in names})  # type: ignore[call-overload]  # members made from names
    posted = Fact("office", "code", Label("勤務地", "office"), values=(*names, "none"))
    grounds = []
    feature = Coded("office", Label("勤務地", "office"), (*office, Nowhere.NONE), "office")
    for one in office:
        named = declare.ground(one.value, "勤務", "posted")
        grounds.append(named(lambda s, one=one: s[feature] is one))
    rules = {**SCHEME, **dict.fromkeys(grounds, NOT_CLAIMED)}
    told = [each.grounds for each in falling_through(rulebook_of(rules, FIGURES, facts=(posted,)))]
    assert 12 == len(told) == len(set(told))


class Nowhere(Value):
    """Posted nowhere."""

    NONE = "none"


# --- impossible members


BORN = Order("born", Label("出生", "birth"), tuple(Sequence), fact="enrolled_on", since="birth_date")
EVER = Known("ever", Label("交付", "issue"), (False, True), "eligibility_certificate_issued_on", raw=True)
END = Known("end", Label("期限", "end"), (False, True), "eligibility_certificate_valid_until")


@pytest.mark.parametrize(
    "impossible",
    [
        pytest.param(
            lambda s: s[CARD] is Card.NONE and s[USE] is InsuranceUse.REGISTERED,
            id="registered without a card",
        ),
        pytest.param(lambda s: s[BORN] is Sequence.BEFORE, id="enrolled before birth"),
        pytest.param(lambda s: s[END] and not s[EVER], id="the end of no certificate"),
    ],
)
def test_whom_there_cannot_be_is_no_witness(found, impossible):
    ground = declare.ground("impossible", "不能", "impossible")(impossible)
    assert [] == found({ground: NOT_CLAIMED})


# --- whoever is shown


def falls(rulebook: Rulebook, member: Member, on: date) -> bool:
    """Whether somebody in the scheme gets no help from any public question."""
    decision = decide(rulebook, member, on)
    served = present(rulebook, member, on, At.EQUIPPED).accepted
    return not (served or decision.issuances or advice(rulebook, member, on).remedies)


MANY = {
    standard.no_card: CLAIMED,
    LOST: NOT_CLAIMED,
    standard.card_renewing: NOT_CLAIMED,
    standard.deregistered: Terms(CITES, claim="application"),
    FIRST: Terms(CITES, through=date(2025, 6, 30)),
    SECOND: Terms(CITES, since=date(2025, 7, 2)),
    remedy_for(standard.card_renewing): Terms(CITES, since=date(2025, 3, 1)),
    showing("card", lambda s: s[standard.CARD_WORKS], At.EQUIPPED): SAID,
    showing("paper", lambda s: s[standard.CERTIFICATE.valid], *At): SAID,
}
"""Who has no card is issued a certificate but for one day; who renews it is told what to do since March."""


@pytest.fixture
def many(policy: Callable[..., Rulebook]) -> Rulebook:
    return policy(MANY)


def test_the_witness_falls_through_when_asked_by_the_public_questions(many):
    shown = list(falling_through(many))
    assert {("card-lost",), ("card-renewing",), ("deregistered",), ("no-card",)} == {f.grounds for f in shown}
    for fallen in shown:
        member = Member("witness", fallen.witness.facts)
        decision = decide(many, member, fallen.witness.on)
        assert ((), fallen.grounds) == (decision.missing, tuple(held.id for held in decision.grounds))
        assert falls(many, member, fallen.witness.on)


def near(on: date) -> dict[str, tuple[Any, ...]]:
    """For each fact that such a policy reads, the values that can make a difference on a day."""
    return {
        "birth_date": (date(1980, 5, 5), on + DAY),
        "enrolled_on": (date(2010, 4, 1), on, on + DAY),
        "left_on": (None, date(2010, 3, 31), on, on + DAY),
        "my_number_card": ("none", "held", "returned", "lost", "renewing"),
        "insurance_use": ("unregistered", "registered", "deregistered"),
        "eligibility_certificate_issued_on": (None, on, on + DAY),
        "eligibility_certificate_valid_until": (None, on - DAY, on),
        "eligibility_certificate_returned_on": (None, on - DAY, on),
    }


FIXED = {
    "electronic_certificate_expires_on": date(2040, 5, 5),
    **dict.fromkeys(
        (
            "health_insurance_card_valid_until",
            "health_insurance_card_returned_on",
            "eligibility_notice_issued_on",
            "reissue_requested_on",
        )
    ),
}
"""What decisions read beside those, and never matters to who falls through."""


def everybody(on: date) -> Iterator[dict[str, Any]]:
    """All members that there can be, by the facts of :func:`near`."""
    space = near(on)
    for values in product(*space.values()):
        facts = dict(zip(space, values, strict=True))
        if possible(facts, on):
            yield {**facts, **FIXED}


def possible(facts: Mapping[str, Any], on: date) -> bool:
    """Whether facts can stand together, as seen on a day: what lies ahead has not happened, but for ends."""
    born, enrolled, left = facts["birth_date"], facts["enrolled_on"], facts["left_on"]
    if enrolled <= on and (born > enrolled or (left is not None and left < enrolled)):
        return False
    issued, end = facts["eligibility_certificate_issued_on"], facts["eligibility_certificate_valid_until"]
    back = facts["eligibility_certificate_returned_on"]
    if issued is None or issued > on:
        if end is not None or back is not None:
            return False
    elif end is not None and end < issued:
        return False
    return facts["my_number_card"] != "none" or facts["insurance_use"] == "unregistered"


def in_scheme(facts: Mapping[str, Any], on: date) -> bool:
    left = facts["left_on"]
    return facts["enrolled_on"] <= on and (left is None or on < left)


def agrees(told: Iterable[Fallen], fallen_on: Mapping[date, set[frozenset[str]]]) -> None:
    """None is missed on any day, and no group is told that is not there, or twice."""
    told = list(told)
    groups = [frozenset(each.grounds) for each in told]
    for on, fallen in fallen_on.items():
        by_then = [group for group, each in zip(groups, told, strict=True) if each.witness.on <= on]
        assert [] == [grounds for grounds in fallen if not any(takes_in(group, grounds) for group in by_then)]
    for place, each in enumerate(told):
        assert groups[place] in fallen_on[each.witness.on]
        assert not any(takes_in(before, groups[place]) for before in groups[:place])


def takes_in(group: frozenset[str], grounds: frozenset[str]) -> bool:
    return group <= grounds if group else not grounds


def test_what_is_told_is_what_asking_everybody_on_the_days_of_change_comes_to(many):
    told = list(falling_through(many))
    days = [PUBLISHED, *(date(2025, m, d) for m, d in ((2, 28), (3, 1), (6, 30), (7, 1), (7, 2)))]
    fallen_on: dict[date, set[frozenset[str]]] = {}
    for on in days:
        fallen_on[on] = set()
        for facts in everybody(on):
            member = Member("", facts)
            if in_scheme(facts, on) and falls(many, member, on):
                fallen_on[on].add(frozenset(held.id for held in decide(many, member, on).grounds))
    assert {"no-card"} in fallen_on[date(2025, 7, 1)]
    agrees(told, fallen_on)


# --- any such policy


HOLDS: dict[Any, Callable[[str, str], bool]] = {
    standard.no_card: lambda card, _: card == "none",
    standard.card_returned: lambda card, _: card == "returned",
    LOST: lambda card, _: card == "lost",
    standard.card_renewing: lambda card, _: card == "renewing",
    standard.deregistered: lambda _, use: use == "deregistered",
    standard.not_registered: lambda card, use: card in ("held", "lost", "renewing") and use == "unregistered",
}
"""Grounds, and for which cards and registrations each of them holds."""
REMEDIES = {ground: remedy_for(ground) for ground in HOLDS}
FEW = (date(2025, 1, 2), date(2025, 2, 28), date(2025, 3, 1), date(2025, 4, 30))
PERIODS = st.builds(
    lambda since, through: Terms(CITES, since=since, through=through),
    st.none() | st.sampled_from(FEW),
    st.none() | st.sampled_from(FEW),
).filter(lambda terms: not (terms.since and terms.through) or terms.since <= terms.through)
DAYS = [PUBLISHED + n * DAY for n in range(150)]


def fallen(
    grounds: Mapping[Any, Terms], issued: Terms | None, remedies: Mapping[Any, Terms], on: date
) -> set[frozenset[str]]:
    """By hand: the grounds of each card and registration with which one falls through on a day."""
    found: set[frozenset[str]] = set()
    for card, use in product(
        ("none", "held", "returned", "lost", "renewing"), ("unregistered", "registered", "deregistered")
    ):
        if card == "none" and use != "unregistered":
            continue
        holding = [ground for ground in grounds if HOLDS[ground](card, use)]
        automatic = any(grounds[ground].claim == "ex-officio" for ground in holding)
        owed = automatic and issued is not None and issued.in_force(on)
        helped = any(terms.in_force(on) and HOLDS[ground](card, use) for ground, terms in remedies.items())
        if holding and not owed and not helped:
            found.add(frozenset(ground.id for ground in holding))
    return found


@settings(max_examples=25, deadline=None)
@given(
    grounds=st.dictionaries(st.sampled_from(list(HOLDS)), st.sampled_from([CLAIMED, NOT_CLAIMED])),
    issued=st.none() | PERIODS,
    remedies=st.dictionaries(st.sampled_from(list(HOLDS)), PERIODS, max_size=3),
)
def test_under_any_policy_what_is_told_is_what_there_is(rulebook_of, grounds, issued, remedies):
    rules = {
        **SCHEME,
        **grounds,
        **({FIRST: issued} if issued else {}),
        **{REMEDIES[ground]: terms for ground, terms in remedies.items()},
    }
    told = falling_through(rulebook_of(rules, FIGURES, shared=by_grounds_alone()))
    agrees(told, {on: fallen(grounds, issued, remedies, on) for on in DAYS})


# --- what to do first


HELD = {**FIXED, "birth_date": date(1980, 5, 5), "enrolled_on": date(2010, 4, 1), "left_on": None}
HELD |= {"my_number_card": "lost", "insurance_use": "registered", "eligibility_certificate_issued_on": None}
HELD |= dict.fromkeys(("eligibility_certificate_valid_until", "eligibility_certificate_returned_on"))
"""All facts of one whose card is lost."""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, ["mend-card-lost", "ask"], id="in the policy's order"),
        pytest.param({"my_number_card": "renewing"}, ["ask"], id="those that hold"),
        pytest.param({"my_number_card": "held"}, [], id="the card works"),
        pytest.param({"left_on": date(2025, 6, 1)}, [], id="out of the scheme"),
        pytest.param({"left_on": date(2025, 6, 2)}, ["mend-card-lost", "ask"], id="the last day in it"),
        pytest.param({"my_number_card": "none", "insurance_use": "unregistered"}, [], id="one is owed"),
        pytest.param({"eligibility_certificate_issued_on": date(2025, 6, 1)}, [], id="a certificate is held"),
        pytest.param({"health_insurance_card_valid_until": date(2025, 6, 1)}, [], id="an old card, still"),
        pytest.param(
            {"health_insurance_card_valid_until": date(2025, 5, 31)}, ["mend-card-lost", "ask"], id="no more"
        ),
    ],
)
def test_who_has_nothing_is_told_what_to_do_first(policy, changes, expected):
    rules = {LOST: NOT_CLAIMED, standard.card_renewing: NOT_CLAIMED, standard.no_card: CLAIMED}
    rulebook = policy({**rules, FIRST: SAID, remedy_for(LOST): SAID, EVERYBODY: SAID})
    told = advice(rulebook, Member("m", {**HELD, **changes}), date(2025, 6, 1))
    assert expected == [bound.rule.id for bound in told.remedies]
    assert () == told.missing


def test_without_the_facts_nobody_is_told_anything(policy):
    rulebook = policy({LOST: NOT_CLAIMED, remedy_for(LOST): SAID})
    unknown = {fact: value for fact, value in HELD.items() if fact != "my_number_card"}
    told = advice(rulebook, Member("m", unknown), date(2025, 6, 1))
    assert (None, (), ("my_number_card",)) == (told.needed, told.remedies, told.missing)
