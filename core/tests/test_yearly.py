"""A yearly renewal: in its window each year the document of the coming year goes out, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from small import ORDINARY, TRIGGERS, on_ground, on_request

import hokensha_standard as standard
from hokensha import Plugin
from hokensha.dates import Days, Figure, FirstOfMonth, Modality, Next
from hokensha.engine import carried_out, decide
from hokensha.errors import PolicyError
from hokensha.facts import Member
from hokensha.policy import Terms
from hokensha.rules import Basis, Yearly
from hokensha.text import DeclarationError
from hokensha_standard import CERTIFICATE, NOTICE

declare = Plugin()
JULY = Yearly("07-01", "07-31")
EXACT = Modality.EXACT


@declare.trigger("renewal", "更新", "renewal", document=CERTIFICATE, yearly=JULY)
def renewal(s):
    return s[standard.AUTOMATIC_GROUND]


TERM = {"four-years": Figure(EXACT, ("year",), rule=(Next("07-31"),))}
RENEWED = Terms(("renewal",), basis=Basis.EX_OFFICIO)
TIMED = Terms(("source",), basis=Basis.EX_OFFICIO)


@pytest.fixture(scope="session")
def renewing(small_with):
    """Certificates end on each 31 July, and are renewed in July."""
    rules = {on_ground: TIMED, on_request: TRIGGERS[on_request], renewal: RENEWED}
    return small_with(rules, TERM)


def facts(until: str | None, issued: str = "2025-08-03", **further: object) -> dict[str, object]:
    """Of somebody who lost the card, and holds a certificate until some day."""
    held = {
        "my_number_card": "lost",
        "health_insurance_card_valid_until": None,
        "eligibility_certificate_issued_on": date.fromisoformat(issued) if until else None,
        "eligibility_certificate_valid_until": date.fromisoformat(until) if until else None,
    }
    return {**ORDINARY, **held, **further}


def issued(small, on: str, known: dict[str, object], *without: str) -> list[tuple[object, ...]]:
    """The trigger, the end, and the days due of what is owed."""
    day = date.fromisoformat(on)
    member = Member("m1", {fact: value for fact, value in known.items() if fact not in without})
    return [
        (
            each.trigger,
            each.valid_until and each.valid_until.date and each.valid_until.date.isoformat(),
            each.due and each.due.first and each.due.first.isoformat(),
            each.due and each.due.through and each.due.through.isoformat(),
        )
        for each in decide(small.rulebook, member, day).issuances
    ]


RENEWAL_2026 = ("renewal", "2027-07-31", "2026-07-01", "2026-07-31")


@pytest.mark.parametrize(
    ("on", "owed"),
    [
        ("2026-06-30", []),
        ("2026-07-01", [RENEWAL_2026]),
        ("2026-07-31", [RENEWAL_2026]),
        ("2026-08-01", [("on-ground", "2027-07-31", None, None)]),
        ("2027-07-15", [("renewal", "2028-07-31", None, "2027-07-31")]),
    ],
)
def test_the_one_of_the_coming_year_is_owed_in_the_window_of_every_year(renewing, on, owed):
    """Though the running one is still valid; once that has ended, ordinary triggers decide."""
    assert owed == issued(renewing, on, facts("2026-07-31"))


@pytest.mark.parametrize("on", ["2026-07-06", "2026-07-31", "2026-08-01", "2027-06-30"])
def test_it_is_met_by_one_that_is_valid_on_the_day_after_the_window(renewing, on):
    assert [] == issued(renewing, on, facts("2027-07-31", "2026-07-06"))
    assert [] == issued(renewing, on, facts("2027-08-01", "2026-07-06"))


def test_it_is_not_met_by_one_that_has_come_back(renewing):
    known = facts("2027-07-31", "2026-07-02", eligibility_certificate_returned_on=date(2026, 7, 4))
    assert [("renewal", "2027-07-31", None, "2026-07-31")] == issued(renewing, "2026-07-06", known)


def test_what_was_issued_in_the_window_is_not_owed_again(renewing):
    day, known = date(2026, 7, 15), facts("2026-07-31")
    (issuance,) = decide(renewing.rulebook, Member("m1", known), day).issuances
    after = {**known, **carried_out(issuance, day)}
    assert date(2027, 7, 31) == after["eligibility_certificate_valid_until"]
    assert [[], [], []] == [issued(renewing, on, after) for on in ("2026-07-15", "2026-07-31", "2026-08-01")]


def test_who_joins_in_the_window_gets_one_letter_of_the_coming_year(renewing):
    """It is due at once, as the ground is."""
    joiner = facts(None, enrolled_on=date(2026, 7, 10))
    assert [("renewal", "2027-07-31", None, "2026-07-31")] == issued(renewing, "2026-07-10", joiner)
    assert [("on-ground", "2026-07-31", None, None)] == issued(
        renewing, "2026-06-30", facts(None, enrolled_on=date(2026, 6, 10))
    )


@pytest.mark.parametrize("until", ["2026-07-31", "2027-07-31"])
def test_an_application_in_the_window_is_answered_with_the_coming_year(renewing, until):
    """Even by somebody who was renewed already."""
    known = facts(until, "2026-07-05", certificate_requested_on=date(2026, 7, 10))
    (only,) = decide(renewing.rulebook, Member("m1", known), date(2026, 7, 12)).issuances
    assert ("renewal", Basis.EX_OFFICIO, None) == (only.trigger, only.basis, only.form)
    assert only.valid_until is not None
    assert (date(2027, 7, 31), {"renewal", "request"}) == (only.valid_until.date, {*only.cites})


def test_ordinary_triggers_decide_for_those_whom_the_renewal_is_not_for(renewing):
    """A card that was returned gives a claim on application only."""
    known = facts(None, my_number_card="returned", certificate_requested_on=date(2026, 7, 10))
    assert [("on-request", "2026-07-31", None, None)] == issued(renewing, "2026-07-12", known)


@pytest.mark.parametrize(
    ("until", "left", "owed"),
    [
        ("2026-07-31", date(2026, 8, 20), [("renewal", "2026-08-19", "2026-07-01", "2026-07-31")]),
        ("2026-08-19", date(2026, 8, 20), []),
        ("2026-07-31", date(2026, 8, 1), []),
        ("2026-07-24", date(2026, 7, 25), []),
        ("2026-07-31", date(2026, 7, 25), []),
    ],
)
def test_none_is_sent_that_would_end_no_later_than_the_one_that_is_held(renewing, until, left, owed):
    assert owed == issued(renewing, "2026-07-12", facts(until, left_on=left))


def test_what_it_hangs_on_is_missing_where_it_is_not_known(renewing):
    known = facts("2026-07-31")
    for fact in ("eligibility_certificate_valid_until", "left_on", "my_number_card"):
        member = Member("m1", {each: value for each, value in known.items() if each != fact})
        for _ in range(12):  # from some time on from memory
            assert (fact,) == decide(renewing.rulebook, member, date(2026, 7, 12)).missing


def test_members_are_told_apart_by_an_end_in_the_coming_year(renewing):
    """From memory as at first: who leaves in the year that is to come gets one that is cut."""
    leaving = {date(2026, 9, 1): "2026-08-31", date(2027, 3, 1): "2027-02-28", None: "2027-07-31"}
    for left, end in 3 * [*leaving.items()]:
        for _ in range(5):
            ((_, until, *_),) = issued(renewing, "2026-07-13", facts("2026-07-31", left_on=left))
            assert end == until


def test_a_notice_that_ends_is_renewed_as_well(small_with):
    rule = declare.trigger("notices", "x", "x", document=NOTICE)(lambda s: True)
    held = declare.validity("notice-held", "x", "x", document=NOTICE, purpose="held")
    figures = {
        "july": Figure(EXACT, of="eligibility_notice_issued_on", rule=(FirstOfMonth(1), Next("07-31")))
    }
    small = small_with({rule: Terms(("n",), yearly=JULY)}, figures, {held: Terms(("n",), figure="july")})

    def owed(on: date, last: date) -> list[str]:
        return small.issued(on, eligibility_notice_issued_on=last)

    assert [] == owed(date(2026, 6, 30), date(2025, 7, 3))
    assert ["notices"] == owed(date(2026, 7, 1), date(2026, 6, 30))
    assert [] == owed(date(2026, 7, 10), date(2026, 7, 5))


def test_outside_its_window_the_next_one_is_told(small_with):
    """To whom nothing else is owed."""
    small = small_with({renewal: RENEWED}, TERM)
    for on, first in (("2026-06-15", date(2026, 7, 1)), ("2026-08-01", date(2027, 7, 1))):
        (silent,) = decide(small.rulebook, Member("m1", facts(None)), date.fromisoformat(on)).not_owed
        assert ("not-due-yet", first) == (silent.because and silent.because.value, silent.first)


def test_a_window_may_be_one_day(small_with):
    small = small_with({renewal: Terms(("x",), yearly=Yearly("08-01", "08-01"))}, TERM)
    known = facts("2026-08-01")
    assert [[], 1, []] == [
        [] if not (found := issued(small, on, known)) else len(found)
        for on in ("2026-07-31", "2026-08-01", "2026-08-02")
    ]


@pytest.mark.parametrize(
    ("first", "through", "said"),
    [
        ("12-15", "01-15", "not before 12-15 of the same year, found '01-15'"),
        ("02-29", "07-31", "that every year has, found '02-29'"),
        ("7-1", "07-31", "MM-DD"),
    ],
)
def test_a_window_lies_within_one_year(first, through, said):
    with pytest.raises(ValueError, match=said):
        Yearly(first, through)


@pytest.mark.parametrize("met", ["met_since", "met_after"])
def test_what_meets_it_is_said_once(met, small_with):
    said = {"document": CERTIFICATE, met: "left_on"}
    with pytest.raises(DeclarationError, match=f"expected one of yearly and {met}, found both"):
        declare.trigger("odd", "x", "x", yearly=JULY, **said)(lambda s: True)
    rule = declare.trigger("odd", "x", "x", **said)(lambda s: True)
    with pytest.raises(PolicyError, match=r"odd.yearly: means nothing for a rule that is met by"):
        small_with({rule: Terms(("x",), yearly=JULY)})


@pytest.mark.parametrize("terms", [{"due_from": "july"}, {"due_through": "july"}, {"mass": True}])
def test_its_window_says_when_it_is_due(small_with, terms):
    figures = {"july": Figure(EXACT, rule=(Days(1),))}
    (key,) = terms
    with pytest.raises(PolicyError, match=rf"renewal.{key}: means nothing beside a yearly window"):
        small_with({renewal: Terms(("x",), **terms)}, figures)
