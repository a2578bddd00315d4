"""A document that nobody ships, declared by a made-up plugin with facts of its own, is dealt with like any.

The core knows no document. What it says of one follows from the dated facts that the document names, in each
combination of those that there are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from hokensha.dates import NOT_STATED, Days, DayValue, EndOfMonth, Figure, Modality, Months, On
from hokensha.engine import carried_out, decide, present, purposes, validity
from hokensha.engine import decided as decided_as_they_are
from hokensha.errors import Finding, PluginError, PolicyError, QuestionError
from hokensha.facts import Fact, Member, parse_member
from hokensha.features import MemberSituation, flag, known, reached, within
from hokensha.plugins import Provider, combine, examine
from hokensha.policy import Insurer, Policy, Rulebook, Terms, bind
from hokensha.rules import Action, At, Basis, Decision, Document, Plugin
from hokensha.text import Label
from hokensha_standard import standard

X = Label("x", "x")
EXACT = Modality.EXACT
ON = date(2025, 6, 15)
DAY = timedelta(days=1)
ID = Fact("id", "text", X)


def day(id_: str, *, planned: bool = False) -> Fact:
    return Fact(id_, "day", X, nullable=True, planned=planned)


def at(on: date, facts: Mapping[str, Any], rulebook: Rulebook) -> MemberSituation:
    return MemberSituation(rulebook.vocabulary, facts, on)


def bound(
    plugin: Plugin, terms: Mapping[str, Terms], figures: Mapping[str, Figure], *others: Plugin
) -> Rulebook:
    """The policy of plugins; rules without terms of their own have none but a citation."""
    examined = [examine(Provider(f"p{n}"), each) for n, each in enumerate((plugin, *others))]
    assert [] == [found for each in examined for found in each.findings]
    provided = combine([each.provided for each in examined])
    rules = {rule.id: (terms.get(rule.id, Terms((rule.id,))),) for part in provided for rule in part.rules}
    versions = {name: (figure,) for name, figure in figures.items()}
    insurer = Insurer("試験組合", "Test Society")
    policy = Policy("own.toml", "sha256:0", insurer, date(2025, 1, 1), ("p0",), (), versions, rules)
    return bind(policy, provided)


# --- what follows from its facts

FACTS = ("issued_on", "valid_until", "returned_on")
COMBINATIONS = [
    tuple(fact for fact, there in zip(FACTS, each, strict=True) if there)
    for each in product([True, False], repeat=3)
]
PAST, TODAY, AHEAD = ON - 10 * DAY, ON, ON + 10 * DAY


def declared(facts: tuple[str, ...], **further: Any) -> tuple[Document, Rulebook]:
    """A pass with these facts, and the policy of a plugin that declares it and nothing else."""
    plugin = Plugin()
    document = Document(
        "pass", Label("通行証", "pass"), **{fact: f"pass_{fact}" for fact in facts}, **further
    )
    named = [day(f"pass_{fact}", planned=fact == "valid_until") for fact in FACTS]
    plugin.add(ID, *named, document)
    figures = {"scheme-last-day": Figure(EXACT, rule=(On(date(2099, 1, 1)),))}
    return document, bound(
        plugin, {}, {**figures, "grace": Figure(EXACT, of="pass_valid_until", rule=(Days(3),))}
    )


def said(document: Document, rulebook: Rulebook, on: date = ON, **facts: date | None) -> tuple[bool, ...]:
    """Whether it is given, at hand, valid and expired."""
    named = {f"pass_{fact}": value for fact, value in facts.items()}
    s = at(on, named, rulebook)
    return s[document.given], s[document.at_hand], s[document.valid], s[document.expired]


def expected(facts: tuple[str, ...], known: Mapping[str, date | None], on: date) -> tuple[bool, ...]:
    """The same in words: what can be told from the facts that the document names."""
    issued, until, back = (known.get(fact) if fact in facts else None for fact in FACTS)
    if "issued_on" in facts:
        given = issued is not None and issued <= on
        came_back = back is not None and back <= on and issued is not None and back >= issued
    else:
        given = until is not None
        came_back = back is not None and back <= on
    at_hand = given and not came_back
    over = until is not None and until < on
    return given, at_hand, at_hand and not over, at_hand and over


@pytest.mark.parametrize("facts", COMBINATIONS, ids="+".join)
def test_given_at_hand_valid_and_expired_follow_from_the_facts_that_there_are(facts):
    """Whichever it names, and whatever those facts say."""
    document, rulebook = declared(facts)
    for values in product([None, PAST, TODAY - DAY, TODAY, TODAY + DAY, AHEAD], repeat=len(facts)):
        told = dict(zip(facts, values, strict=True))
        assert expected(facts, told, ON) == said(document, rulebook, **told), told


def test_what_was_issued_comes_back_and_is_issued_again():
    """Facts are about the latest one: a return before its issue was another's."""
    document, rulebook = declared(FACTS)
    for back, at_hand in ((PAST - DAY, True), (PAST, False), (PAST + DAY, False), (None, True)):
        assert at_hand is said(document, rulebook, issued_on=PAST, valid_until=None, returned_on=back)[1]


def test_a_figure_may_say_how_long_it_serves():
    """Then its own end is but what the figure counts from."""
    document, rulebook = declared(FACTS, last_day="grace")
    facts = {"issued_on": PAST, "valid_until": ON, "returned_on": None}
    assert (True, True, True, False) == said(document, rulebook, ON + 3 * DAY, **facts)
    assert (True, True, False, True) == said(document, rulebook, ON + 4 * DAY, **facts)


def test_a_plugin_may_say_itself_when_it_is_at_hand():
    """What is valid follows from that."""
    plugin, held = Plugin(), flag("has-pass", "has_pass", "所持", "has the pass")
    document = Document("pass", X, valid_until="pass_valid_until", at_hand=held)
    plugin.add(ID, Fact("has_pass", "boolean", X), day("pass_valid_until", planned=True), document)
    rulebook = bound(plugin, {}, {"scheme-last-day": Figure(EXACT, rule=(On(AHEAD),))})
    for has, until in product([True, False], [PAST, AHEAD, None]):
        s = at(ON, {"has_pass": has, "pass_valid_until": until}, rulebook)
        assert has is s[document.at_hand]
        assert (has and until is not PAST) is s[document.valid]
        assert (has and until is PAST) is s[document.expired]


@pytest.mark.parametrize(
    ("issued", "lost", "shown"),
    [
        (PAST, None, True),
        (PAST, PAST - DAY, True),  # it was issued for one that was lost before
        (PAST, PAST, True),
        (PAST, PAST + DAY, False),
        (PAST, TODAY, False),
        (PAST, TODAY + DAY, True),  # lies ahead
        (None, PAST, False),
    ],
)
def test_one_whose_reissue_was_asked_for_since_is_valid_but_not_at_hand_to_be_shown(issued, lost, shown):
    plugin = Plugin()
    document = Document("pass", X, issued_on="pass_issued_on", lost_on="pass_lost_on")
    further = Document(
        "old-pass", X, valid_until="until", lost_on="pass_lost_on", answered_on="pass_issued_on"
    )
    alone = Document("lone-pass", X, valid_until="until", lost_on="pass_lost_on")
    days = (day("pass_issued_on"), day("pass_lost_on"), day("until", planned=True))
    plugin.add(ID, *days, document, further, alone)
    rulebook = bound(plugin, {}, {"scheme-last-day": Figure(EXACT, rule=(On(AHEAD),))})
    s = at(ON, {"pass_issued_on": issued, "pass_lost_on": lost, "until": AHEAD}, rulebook)
    assert (issued is not None, shown) == (s[document.valid], s[document.shown])
    assert (True, shown) == (s[further.valid], s[further.shown])  # as long as no pass was issued for it
    assert (lost is None or lost > ON) is s[alone.shown]


def test_its_features_have_ids_and_words_made_of_its_own():
    document, _ = declared(FACTS)
    assert [
        ("pass-issued", "通行証の交付あり", "pass was issued"),
        ("holds-pass", "通行証を所持", "holds a pass, valid or not"),
        ("valid-pass", "有効な通行証を所持", "holds a valid pass"),
        ("expired-pass", "期限切れの通行証を所持", "holds an expired pass"),
    ] == [
        (f.id, f.label.ja, f.label.en)
        for f in (document.given, document.at_hand, document.valid, document.expired)
    ]


def test_stem_and_noun_make_other_ids_and_words():
    document, _ = declared(("valid_until",), stem="old-pass", noun=Label("旧通行証", "old pass"))
    assert [("old-pass-given", "旧通行証の交付あり"), ("valid-old-pass", "有効な旧通行証を所持")] == [
        (f.id, f.label.ja) for f in (document.given, document.valid)
    ]
    assert "holds an expired old pass" == document.expired.label.en


def test_a_document_may_be_shown_that_no_fact_dates():
    """Nobody can tell whether it was given: decisions do not list it."""
    document, rulebook = declared(())
    assert (False, False, False, False) == said(document, rulebook)
    assert () == decide(rulebook, Member("m", {"id": "m"}), ON).documents


# --- in rules

PASS = Document(
    "visitor-pass",
    Label("来訪者証", "visitor pass"),
    issued_on="pass_issued_on",
    valid_until="pass_valid_until",
    returned_on="pass_returned_on",
    serves_alone=True,
)
SLIP = Document("slip", Label("控え", "slip"))
WANTED = known("wanted", "pass_wanted_on", "申込あり", "applied for")
LEFT = reached("left_on", "退会済み", "left")
STAYS = within("last-day", "滞在中", "still here")
own = Plugin()
own.add(
    ID,
    *(day(fact) for fact in ("pass_issued_on", "pass_returned_on", "pass_wanted_on", "joined_on")),
    *(day(fact, planned=True) for fact in ("pass_valid_until", "left_on", "moves_on")),
    Fact("guest", "boolean", X),
    PASS,
    SLIP,
)
GUEST = flag("guest", "guest", "客", "guest")
TERM = own.validity("pass-term", "期限", "term", document=PASS)
SHORT = own.validity("pass-short", "短期", "short term", document=PASS, purpose="short-term")
HELD = own.validity("pass-held", "所持", "held", document=PASS, purpose="held")


@own.scheme("joined", "加入", "joined")
def joined(s):
    return s[STAYS]


@own.trigger("for-guests", "来客", "for guests", document=PASS)
def for_guests(s):
    return s[GUEST]


@own.trigger("on-wish", "希望", "on wish", document=PASS, met_since="pass_wanted_on")
def on_wish(s):
    return s[WANTED]


@own.trigger("before-move", "転居前", "before a move", document=PASS, met_after="eve-of-move")
def before_move(s):
    return not s[GUEST]


@own.return_("pass-back", "返却", "back", document=PASS, action=Action.RETURN)
def pass_back(s):
    return s[LEFT]


@own.return_("pass-away", "廃棄", "away", document=PASS, action=Action.DESTROY)
def pass_away(s):
    return s[PASS.expired]


@own.presents("show-pass", "来訪者証", "pass", at=(At.EQUIPPED,), shows=(PASS,))
def show_pass(s):
    return s[PASS.valid]


@own.presents("show-slip", "控え", "slip", at=(At.EQUIPPED,), shows=(SLIP, PASS), uncertain=True)
def show_slip(s):
    return s[PASS.at_hand]


FIGURES = {
    "scheme-last-day": Figure(EXACT, ("left",), of="left_on", rule=(Days(-1),)),
    "last-day": Figure(EXACT, of="left_on", rule=(Days(-1),)),
    "eve-of-move": Figure(EXACT, of="moves_on", rule=(Days(-1),)),
    "printed": Figure(EXACT, ("printed",), of="pass_valid_until"),
    "six-months": Figure(EXACT, ("six",), rule=(Months(6),)),
    "end-of-month": Figure(EXACT, ("short",), rule=(EndOfMonth(0),)),
}
TERMS = {
    "for-guests": Terms(("guests",), basis=Basis.EX_OFFICIO, purpose="short-term"),
    "on-wish": Terms(("wish",), basis=Basis.APPLICATION),
    "before-move": Terms(("move",)),
    "pass-term": Terms(("term",), figure="six-months"),
    "pass-short": Terms(("short-term",), figure="end-of-month"),
    "pass-held": Terms(("held",), figure="printed"),
}
RULEBOOK = bound(own, TERMS, FIGURES)
NOBODY = {
    "id": "m",
    "guest": False,
    **dict.fromkeys(("pass_issued_on", "pass_valid_until", "pass_returned_on", "pass_wanted_on")),
    **dict.fromkeys(("left_on", "moves_on")),
}
HOLDER = {"pass_issued_on": PAST, "pass_valid_until": AHEAD}


def decided(on: date = ON, without: tuple[str, ...] = (), **facts: Any) -> Decision:
    known = {fact: value for fact, value in {**NOBODY, **facts}.items() if fact not in without}
    return decide(RULEBOOK, Member("m", known), on)


def owed(on: date = ON, **facts: Any) -> list[str | None]:
    return [issuance.trigger for issuance in decided(on, **facts).issuances]


@pytest.mark.parametrize(
    ("facts", "triggers"),
    [
        ({}, ["for-guests"]),
        (HOLDER, []),
        ({**HOLDER, "pass_valid_until": TODAY}, []),
        ({**HOLDER, "pass_valid_until": TODAY - DAY}, ["for-guests"]),
        ({**HOLDER, "pass_valid_until": None}, []),
        ({**HOLDER, "pass_returned_on": TODAY}, ["for-guests"]),
        ({**HOLDER, "pass_issued_on": TODAY + DAY}, ["for-guests"]),
    ],
)
def test_a_trigger_is_met_by_one_that_is_valid_on_the_day(facts, triggers):
    assert triggers == owed(guest=True, **facts)


@pytest.mark.parametrize(
    ("issued", "triggers"), [(PAST - DAY, ["on-wish"]), (PAST, []), (PAST + DAY, []), (None, ["on-wish"])]
)
def test_a_trigger_is_met_by_one_that_was_issued_since(issued, triggers):
    facts = {"pass_wanted_on": PAST, "pass_issued_on": issued, "pass_valid_until": issued and AHEAD}
    assert triggers == owed(**facts)


@pytest.mark.parametrize(
    ("until", "triggers"),
    [(AHEAD - DAY, ["before-move"]), (AHEAD, []), (AHEAD + DAY, []), (None, [])],
)
def test_a_trigger_is_met_by_one_that_is_valid_on_the_day_of_a_loss_to_come(until, triggers):
    """One without an end outlasts it."""
    assert triggers == owed(moves_on=AHEAD, pass_issued_on=PAST, pass_valid_until=until)
    assert ["before-move"] == owed(moves_on=AHEAD)


def test_the_issuance_names_it_and_has_its_term():
    """Of the purpose that the policy gives the trigger, cut to the member's last day."""
    (issuance,) = decided(guest=True).issuances
    assert (PASS, Basis.EX_OFFICIO) == (issuance.document, issuance.basis)
    assert DayValue(EXACT, date(2025, 6, 30), cites=("short",)) == issuance.valid_until
    (issuance,) = decided(pass_wanted_on=PAST, left_on=date(2025, 8, 1)).issuances
    assert DayValue(EXACT, date(2025, 7, 31), cites=("left",)) == issuance.valid_until


def test_what_is_carried_out_changes_its_own_facts():
    (issuance,) = decided(pass_wanted_on=PAST).issuances
    changed = {"pass_issued_on": ON, "pass_valid_until": date(2025, 12, 15), "pass_returned_on": None}
    assert changed == carried_out(issuance, ON)
    assert [] == owed(pass_wanted_on=PAST, **changed)


@pytest.mark.parametrize(
    ("facts", "action"),
    [
        ({}, None),
        ({"left_on": ON}, None),
        (HOLDER, None),
        ({**HOLDER, "left_on": ON + DAY}, None),
        ({**HOLDER, "left_on": ON}, Action.RETURN),
        ({**HOLDER, "left_on": ON, "pass_returned_on": TODAY}, None),
        ({**HOLDER, "pass_valid_until": TODAY - DAY}, Action.DESTROY),
        ({**HOLDER, "pass_valid_until": TODAY - DAY, "left_on": ON}, Action.RETURN),
    ],
)
def test_it_comes_back_or_is_destroyed_while_it_is_with_the_member(facts, action):
    assert [action] * (action is not None) == [due.action for due in decided(**facts).returns]


@pytest.mark.parametrize(
    ("facts", "accepted", "uncertain"),
    [
        ({}, (), ()),
        (HOLDER, ((PASS,),), ()),
        ({**HOLDER, "pass_valid_until": PAST}, (), ((SLIP, PASS),)),
        ({**HOLDER, "pass_returned_on": TODAY}, (), ()),
        ({**HOLDER, "left_on": ON}, (), ()),
    ],
)
def test_it_serves_at_an_institution(facts, accepted, uncertain):
    member = Member("m", {**NOBODY, **facts})
    found = present(RULEBOOK, member, ON, At.EQUIPPED, shown=(PASS,))
    assert (accepted, uncertain) == (found.accepted, found.uncertain)
    assert bool(accepted) is found.shown_is_accepted
    assert ((), ()) == (present(RULEBOOK, member, ON, At.UNEQUIPPED).accepted, found.missing)


@pytest.mark.parametrize(
    ("facts", "valid", "until"),
    [
        (HOLDER, True, AHEAD),
        ({**HOLDER, "pass_valid_until": PAST}, False, PAST),
        ({**HOLDER, "left_on": ON + 2 * DAY}, True, ON + DAY),
        ({**HOLDER, "left_on": ON}, False, ON - DAY),
        ({**HOLDER, "pass_returned_on": TODAY}, False, AHEAD),
    ],
)
def test_the_decision_says_what_has_become_of_it(facts, valid, until):
    (state,) = decided(**facts).documents
    assert (PASS, valid) == (state.document, state.valid)
    assert state.valid_until is not None
    assert until == state.valid_until.date


def test_one_that_was_never_given_is_not_listed():
    assert () == decided().documents


def test_the_json_names_it_by_its_id():
    """And says nothing of a card where no plugin knows one."""
    found = decided(guest=True, **{**HOLDER, "pass_valid_until": PAST}).to_json("en")
    assert "visitor-pass" == found["issuances"][0]["document"] == found["returns"][0]["document"]
    assert [{"document": "visitor-pass", "valid": False}] == [
        {key: each[key] for key in ("document", "valid")} for each in found["documents"]
    ]
    assert found == json.loads(json.dumps(found))
    assert not any("card" in key for key in found)
    assert None is RULEBOOK.relied_on


def test_validity_is_asked_for_it_by_purpose():
    document = RULEBOOK.document("visitor-pass")
    assert PASS is document
    assert ["standard", "short-term"] == [b.rule.purpose for b in purposes(RULEBOOK, document)]
    assert date(2025, 12, 15) == validity(RULEBOOK, document, ON).date
    assert date(2025, 6, 30) == validity(RULEBOOK, document, ON, "short-term").date
    leaving = Member("m", {"left_on": date(2025, 7, 1)})
    assert date(2025, 6, 30) == validity(RULEBOOK, document, ON, member=leaving).date
    with pytest.raises(
        QuestionError, match="no purpose 'long' for visitor-pass; known: standard, short-term"
    ):
        validity(RULEBOOK, document, ON, "long")
    assert NOT_STATED == validity(RULEBOOK, SLIP, ON)


def test_a_document_that_the_plugins_do_not_declare_cannot_be_asked_for():
    with pytest.raises(QuestionError, match=r"no document 'visitor-pas' \(did you mean 'visitor-pass'\?\)"):
        RULEBOOK.document("visitor-pas")
    with pytest.raises(QuestionError, match="this policy knows: visitor-pass, slip"):
        RULEBOOK.document("eligibility-certificate")


# --- where facts are not known


@pytest.mark.parametrize(
    ("without", "facts", "missing"),
    [
        (("pass_issued_on",), {"guest": True, **HOLDER}, ["pass_issued_on"]),
        (("pass_valid_until",), {"guest": True, **HOLDER}, ["pass_valid_until"]),
        (("pass_returned_on",), {"guest": True, **HOLDER}, ["pass_returned_on"]),
        (("pass_valid_until", "pass_returned_on"), {}, []),
        (("pass_wanted_on",), {}, ["pass_wanted_on"]),
        (("pass_wanted_on",), {"guest": True}, ["pass_wanted_on"]),
        (("guest",), {"moves_on": AHEAD, **HOLDER}, []),
        (("moves_on",), HOLDER, ["moves_on"]),
        (("moves_on",), {"guest": True, **HOLDER}, []),
        (("joined_on",), {}, []),
        (("pass_valid_until",), {"left_on": ON, "pass_issued_on": PAST}, ["pass_valid_until"]),
        (("pass_returned_on",), {"left_on": ON, **HOLDER}, ["pass_returned_on"]),
    ],
)
def test_the_facts_on_which_an_answer_hangs_are_missing(without, facts, missing):
    found = decided(without=without, **facts)
    assert (missing, "undetermined" if missing else "decided") == ([*found.missing], found.status)


def test_with_any_two_facts_unknown_the_decision_is_what_every_completion_shares():
    """Against all completions, one by one, those of facts that cannot stand together as well."""
    days = [None, PAST, TODAY - DAY, TODAY, TODAY + DAY, AHEAD, AHEAD + DAY]
    values = {**dict.fromkeys(NOBODY, days), "guest": [True, False]}
    for facts in (
        {},
        HOLDER,
        {**HOLDER, "left_on": ON, "moves_on": AHEAD},
        {"guest": True, "pass_wanted_on": PAST},
    ):
        for pair in (
            ("pass_issued_on", "pass_valid_until"),
            ("pass_issued_on", "pass_returned_on"),
            ("guest", "moves_on"),
        ):
            every = [
                decided_as_they_are(
                    RULEBOOK, Member("m", {**NOBODY, **facts, **dict(zip(pair, each, strict=True))}), ON
                )
                for each in product(*(values[fact] for fact in pair))
            ]
            found = decided(without=pair, **facts)
            assert bool(found.missing) is (len(set(every)) > 1)
            shared = set.intersection(*({i.document for i in each.issuances} for each in every))
            assert shared == {issuance.document for issuance in found.issuances}
            assert set.intersection(*({r.document for r in each.returns} for each in every)) == {
                due.document for due in found.returns
            }


UNSTATED, NEVER = Modality.NOT_STATED, Modality.UNLIMITED


@pytest.mark.parametrize(
    ("long", "short", "shared"),
    [
        (
            Figure(UNSTATED, ("six", "both")),
            Figure(UNSTATED, ("both", "short")),
            DayValue(UNSTATED, latest=date(2025, 7, 31), cites=("both", "left")),
        ),
        (Figure(UNSTATED, ("both",)), Figure(NEVER, ("both",)), None),
        (Figure(UNSTATED, ("both",)), Figure(UNSTATED, ("both",), planned=True), None),
        (Figure(UNSTATED, ("both",)), Figure(EXACT, ("both",), rule=(Months(1),)), None),
    ],
)
def test_ends_that_no_source_states_are_shared_but_for_what_is_said_of_them(long, short, shared):
    """Which of two applies is not known; that neither states an end is, and when the scheme ends."""
    rulebook = bound(own, TERMS, {**FIGURES, "six-months": long, "end-of-month": short})
    facts = {**NOBODY, "guest": True, "left_on": date(2025, 8, 1)}
    unknown = {fact: value for fact, value in facts.items() if fact != "pass_wanted_on"}
    ends = {
        issuance.valid_until
        for wanted in (None, PAST)
        for issuance in decide(rulebook, Member("m", {**facts, "pass_wanted_on": wanted}), ON).issuances
    }
    found = decide(rulebook, Member("m", unknown), ON)

    assert 2 == len(ends)
    assert (("pass_wanted_on",), [shared]) == (found.missing, [each.valid_until for each in found.issuances])


def test_a_members_json_has_its_facts():
    raw = {"id": "m", "pass_issued_on": "2025-06-05", "guest": True}
    assert PAST == parse_member(raw, RULEBOOK.catalogue).read("pass_issued_on")


# --- beside others


def test_documents_stand_in_the_order_of_the_plugins():
    """In the rulebook, and in the answers."""
    base = Plugin()
    base.use(standard, *[rule for rule in standard.eligibility() if rule.id in ("enrolled", "not-over")])
    further = Plugin()
    further.add(day("pass_issued_on"), document := Document("pass", X, issued_on="pass_issued_on"))
    figures = {
        name: Figure(EXACT, rule=(On(date(2099, 1, 1)),))
        for name in ("scheme-last-day", "my-number-insurance-card-last-day", "health-insurance-card-last-day")
    }
    facts = {
        "id": "m",
        "enrolled_on": PAST,
        "eligibility_notice_issued_on": PAST,
        "health_insurance_card_valid_until": AHEAD,
        "health_insurance_card_returned_on": None,
        "pass_issued_on": PAST,
    }
    for plugins, last in (((base, further), -1), ((further, base), 0)):
        rulebook = bound(plugins[0], {}, figures, *plugins[1:])
        assert document is [*rulebook.documents.values()][last]
        found = [state.document.id for state in decide(rulebook, Member("m", facts), ON).documents]
        assert ["eligibility-notice", "health-insurance-card"] == [each for each in found if each != "pass"]
        assert "pass" == found[last]


def test_no_policy_knows_two_cards_that_are_relied_on():
    """Grounds are grounds against one document."""
    cards = Plugin()
    cards.add(ID, Document("one", X, relied_on=True), Document("two", X, relied_on=True))
    (found,) = refusals(cards)
    assert ("rule-clash", "documents 'one' and 'two' are relied_on; keep one") == (found.code, found.message)


def refusals(plugin: Plugin) -> tuple[Finding, ...]:
    with pytest.raises(PluginError) as caught:
        combine([examine(Provider("p"), plugin).provided])
    return tuple(caught.value.findings)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"issued_on": "name"}, "fact 'name' dates document 'pass', but is no day"),
        ({"valid_until": "name"}, "fact 'name' dates document 'pass', but is no day"),
        ({"returned_on": "name"}, "fact 'name' dates document 'pass', but is no day"),
        ({"valid_until": "seen_on"}, "fact 'seen_on' dates document 'pass': declare it with planned=True"),
        ({"issued_on": "ends_on"}, "fact 'ends_on' dates document 'pass': declare it with planned=False"),
    ],
)
def test_what_dates_a_document_is_a_day_and_its_end_alone_lies_ahead(facts, said):
    """An end that counted only once it has come would make a document invalid until then."""
    plugin = Plugin()
    named = (Fact("name", "text", X, nullable=True), day("seen_on"), day("ends_on", planned=True))
    plugin.add(ID, *named, Document("pass", X, **facts))
    (found,) = refusals(plugin)
    assert ("hook-result", "plugin p: features") == (found.code, found.where)
    assert said in found.message


# --- what no document can answer


@pytest.mark.parametrize(
    ("facts", "met", "why"),
    [
        ({}, {}, "whether the document was given is no fact"),
        ({}, {"met_since": "joined_on"}, "when the document was issued is no fact"),
        ({"valid_until": "until"}, {"met_since": "joined_on"}, "when the document was issued is no fact"),
        ({}, {"met_after": "joined_on"}, "whether the document was given is no fact"),
        ({"issued_on": "joined_on"}, {"met_after": "joined_on"}, "the document has no end to compare"),
    ],
)
def test_a_trigger_that_its_document_cannot_answer_is_told(facts, met, why):
    plugin = Plugin()
    document = Document("pass", X, **facts)
    plugin.add(ID, day("joined_on"), day("until", planned=True), document)
    plugin.trigger("odd", "x", "x", document=document, **met)(lambda _: True)
    rulebook = bound(plugin, {}, {"scheme-last-day": Figure(EXACT, rule=(On(AHEAD),))})
    with pytest.raises(PolicyError, match=why):
        decide(rulebook, Member("m", {"id": "m"}), ON)
