"""Certificates never end before they are issued, and never after the five years that the law allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hokensha import Plugin
from hokensha.dates import (
    Birthday,
    BusinessDays,
    Days,
    EndOfMonth,
    Figure,
    Modality,
    Months,
    Next,
    On,
    Period,
    Years,
)
from hokensha.errors import Finding
from hokensha.plugins import Provided
from hokensha.policy import Rulebook, Terms, bind
from hokensha.rules import Document
from hokensha_standard import CERTIFICATE, NOTICE, not_over, standard
from hokensha_verify import beyond_the_law, check_rulebook, ending_before_issue
from hokensha_verify.registry import is_error

declare = Plugin()

CITES = ("source",)
EXACT = Modality.EXACT
DAY = timedelta(days=1)
TERM = declare.validity("term", "期限", "term", document=CERTIFICATE)
HELD = declare.validity("held", "所持", "held", document=CERTIFICATE, purpose="held")
OF_NOTICE = declare.validity("of-notice", "期限", "term", document=NOTICE)


def issuing(id_: str, document: Document = CERTIFICATE):
    """A document that everybody gets."""
    return declare.trigger(id_, "交付", id_, document=document)(lambda _: True)


ISSUED = issuing("issued")


def exact(*rule: Any, **fields: Any) -> Figure:
    return Figure(EXACT, CITES, rule=rule, **fields)


@pytest.fixture
def rulebook(rulebook_of: Callable[..., Rulebook]) -> Callable[..., Rulebook]:
    """A policy that says of certificates that ``term`` ends them, and issues them on terms of its own."""

    def make(term: Any, terms: Mapping[str, Any] | None = None, **figures: Any) -> Rulebook:
        rules = {TERM: Terms(CITES, figure="term"), ISSUED: Terms(CITES, **(terms or {}))}
        return rulebook_of(rules, {"term": term, **figures})

    return make


def said(finding: Finding) -> tuple[str, str, str]:
    return finding.where, finding.code, finding.message


# --- beyond the law


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param((Years(5),), id="five years to the day"),
        pytest.param((Years(5), Days(-1)), id="the eve of that"),
        pytest.param((Months(60),), id="the same in months"),
        pytest.param((Years(4), Next("12-31")), id="to an end of the year"),
        pytest.param((Years(4), Months(11), EndOfMonth(0)), id="to an end of a month"),
        pytest.param((On(date(2025, 12, 31)),), id="one day for all"),
    ],
)
def test_what_ends_within_five_years_is_in_the_law(rulebook, rule):
    assert [] == list(beyond_the_law(rulebook(exact(*rule))))


@pytest.mark.parametrize(
    ("rule", "issued", "until"),
    [
        pytest.param((Years(5), Days(1)), "2025-01-01", "2030-01-02", id="a day too many"),
        pytest.param((Years(6),), "2025-01-01", "2031-01-01", id="a year too many"),
        pytest.param((Years(5), EndOfMonth(0)), "2025-01-01", "2030-01-31", id="to the end of the month"),
        pytest.param((Years(5, "roll-over"),), "2028-02-29", "2033-03-01", id="from 29 February"),
        pytest.param((Years(5, "stick"),), "2027-02-28", "2032-02-29", id="to 29 February"),
        pytest.param((On(date(2030, 1, 2)),), "2025-01-01", "2030-01-02", id="one day for all"),
    ],
)
def test_the_first_day_of_issue_from_which_one_lasts_too_long_is_told(rulebook, rule, issued, until):
    (finding,) = beyond_the_law(rulebook(exact(*rule)))
    message = f"a certificate issued on {issued} is valid until {until}, beyond 5 years"
    assert ("small.toml: rules.term", "validity-beyond-5-years", message) == said(finding)


@pytest.mark.parametrize(
    ("figure", "too_long"),
    [
        pytest.param(Figure(Modality.UNLIMITED), True, id="without an end"),
        pytest.param(Figure(Modality.NOT_STATED), False, id="an end that is not stated"),
        pytest.param(Figure(Modality.AT_MOST, rule=(Years(5),)), False, id="at most five years"),
        pytest.param(Figure(Modality.AT_MOST, rule=(Years(5), Days(1))), True, id="at most a day longer"),
        pytest.param(Figure(Modality.ABOUT, rule=(Years(5),)), False, id="about five years"),
        pytest.param(
            Figure(Modality.BETWEEN, rule=(Years(4),), latest_rule=(Years(5),)), False, id="four or five"
        ),
        pytest.param(
            Figure(Modality.BETWEEN, rule=(Years(5),), latest_rule=(Years(6),)), True, id="five or six"
        ),
        pytest.param(exact(of="birth_date"), False, id="what only a fact tells"),
        pytest.param(exact(Years(6), when={"continuation": True}), True, id="for some members"),
    ],
)
def test_what_is_no_exact_end_is_judged_by_the_latest_day_that_it_allows(rulebook, figure, too_long):
    assert too_long == bool(list(beyond_the_law(rulebook(figure))))


def test_of_several_ends_the_earliest_counts(rulebook):
    term = Figure(EXACT, earliest=("long", "short"))
    assert [] == list(beyond_the_law(rulebook(term, long=exact(Years(6)), short=exact(Years(5)))))
    assert [] != list(beyond_the_law(rulebook(term, long=exact(Years(6)), short=exact(of="left_on"))))


@pytest.mark.parametrize(("since", "told"), [(date(2034, 1, 1), True), (date(2034, 1, 2), False)])
def test_nine_years_of_issue_are_looked_at(rulebook, since, told):
    """From New Year's Day of 2025, on which the policy was published, to that of 2034."""
    versions = (
        exact(Years(1), period=Period("base", through=since - DAY)),
        exact(Years(6), period=Period("base", since=since)),
    )
    assert told == bool(list(beyond_the_law(rulebook(versions))))


@pytest.mark.parametrize(("years", "told"), [(4, False), (5, True)])
def test_years_whose_holidays_nobody_knows_are_not_judged_and_those_before_are(rulebook_of, years, told):
    """The calendar ends with 2099: of five years it knows the end for the first issues only."""
    rules = {TERM: Terms(CITES, figure="term"), ISSUED: Terms(CITES)}
    figures = {"term": exact(Years(years), BusinessDays(1))}
    made = rulebook_of(rules, figures, published=date(2094, 1, 1))
    assert told == bool(list(beyond_the_law(made)))
    assert [] == list(ending_before_issue(made))


@pytest.mark.parametrize("rule", [HELD, OF_NOTICE], ids=["what is held", "another document"])
def test_only_what_is_issued_as_a_certificate_is_bound_to_five_years(rulebook_of, rule):
    rules = {TERM: Terms(CITES, figure="year"), rule: Terms(CITES, figure="forever")}
    figures = {"year": exact(Years(1)), "forever": Figure(Modality.UNLIMITED, CITES)}
    assert [] == list(beyond_the_law(rulebook_of(rules, figures)))


def test_each_purpose_is_judged(rulebook_of):
    terms = Terms(CITES, figure="year", purposes={"joiner": "six", "short": "year"})
    figures = {"year": exact(Years(1)), "six": exact(Years(6))}
    (finding,) = beyond_the_law(rulebook_of({TERM: terms}, figures))
    assert "small.toml: rules.term.purposes.joiner" == finding.where


# --- before issue


def test_one_that_ends_on_the_day_of_issue_is_sound(rulebook):
    assert [] == list(ending_before_issue(rulebook(exact())))


def test_one_that_ends_on_the_eve_is_told_of_its_first_day(rulebook):
    (finding,) = ending_before_issue(rulebook(exact(Days(-1))))
    message = "a certificate issued on 2025-01-01 has ended on 2024-12-31"
    assert ("small.toml: rules.issued", "validity-before-issue", message) == said(finding)


ENDS = exact(On(date(2025, 7, 31)))
"""All certificates end on one day: of one that is issued after it no end is stated."""


@pytest.mark.parametrize(
    ("terms", "issued"),
    [
        pytest.param({}, "2025-08-01", id="for ever"),
        pytest.param({"through": date(2025, 7, 31)}, None, id="no longer than they last"),
        pytest.param({"through": date(2025, 8, 1)}, "2025-08-01", id="a day longer"),
        pytest.param({"since": date(2028, 2, 29)}, "2028-02-29", id="since 29 February"),
        pytest.param({"due_from": "late"}, "2025-12-02", id="from the first day due"),
        pytest.param({"due_through": "end"}, "2025-08-01", id="though due by then, later too"),
        pytest.param({"due_through": "end", "mass": True}, None, id="only in a mass issuance"),
        pytest.param({"due_through": "after", "mass": True}, "2025-08-01", id="one that is too long"),
        pytest.param({"due_from": "loss"}, "2025-08-01", id="whenever a fact tells that it is due"),
    ],
)
def test_only_days_on_which_the_trigger_can_issue_are_looked_at(rulebook, terms, issued):
    days = {"late": date(2025, 12, 2), "end": date(2025, 7, 31), "after": date(2025, 8, 1)}
    figures = {"loss": exact(of="left_on"), **{name: exact(On(day)) for name, day in days.items()}}
    found = ending_before_issue(rulebook(ENDS, terms, **figures))
    message = f"a certificate issued on {issued} has ended on 2025-07-31: from then on no end is stated"
    expected = [("validity-not-stated-from", message)] if issued else []
    assert expected == [(finding.code, finding.message) for finding in found]


@pytest.mark.parametrize(
    ("figure", "ended"),
    [
        pytest.param(Figure(Modality.UNLIMITED), False, id="no end"),
        pytest.param(Figure(Modality.NOT_STATED), False, id="not stated"),
        pytest.param(exact(Days(-1), of="left_on"), True, id="a fact that is past for some"),
        pytest.param(
            Figure(Modality.BETWEEN, rule=(Days(-1),), latest_rule=()), False, id="the later may still do"
        ),
        pytest.param(Figure(Modality.ABOUT, rule=(Days(-1),)), True, id="about the eve"),
        pytest.param(Figure(EXACT, earliest=("eve", "year")), True, id="the earliest of several"),
    ],
)
def test_an_end_that_may_be_in_time_is_no_fault(rulebook, figure, ended):
    found = ending_before_issue(rulebook(figure, eve=exact(Days(-1)), year=exact(Years(1))))
    assert ended == bool(list(found))


def test_each_trigger_is_judged_by_the_end_for_its_own_purpose(rulebook_of):
    terms = {
        TERM: Terms(CITES, figure="year", purposes={"short": "eve"}),
        ISSUED: Terms(CITES, purpose="short"),
        issuing("sound"): Terms(CITES),
        issuing("without-an-end"): Terms(CITES, purpose="nowhere"),
    }
    found = ending_before_issue(rulebook_of(terms, {"year": exact(Years(1)), "eve": exact(Days(-1))}))
    assert ["small.toml: rules.issued"] == [finding.where for finding in found]


def test_of_a_notice_no_end_is_judged(rulebook_of):
    rules = {OF_NOTICE: Terms(CITES, figure="eve"), issuing("notified", NOTICE): Terms(CITES)}
    assert [] == list(ending_before_issue(rulebook_of(rules, {"eve": exact(Days(-1))})))


# --- any number of days


@settings(max_examples=20, deadline=None)
@example(days=-1)
@example(days=0)
@example(days=1826)
@example(days=1827)
@given(days=st.integers(-400, 2200))
def test_between_issue_and_five_years_every_length_is_sound_and_no_other(rulebook_of, days):
    """Five years are 1826 days from some days of issue, and 1827 where they hold 29 February twice."""
    made = rulebook_of({TERM: Terms(CITES, figure="term"), ISSUED: Terms(CITES)}, {"term": exact(Days(days))})
    assert (days < 0) == bool(list(ending_before_issue(made)))
    assert (days > 1826) == bool(list(beyond_the_law(made)))


# --- for whom


def test_a_term_for_one_age_band_is_judged_for_that_band(rulebook):
    """Six years for those under 70, one year for the others: who turns 70 later is told."""
    turns = exact(Birthday(70), of="birth_date")
    bands = {
        "turns": turns,
        "young": exact(Years(6), before="turns"),
        "old": exact(Years(1), reached="turns"),
    }
    (finding,) = beyond_the_law(rulebook(Figure(EXACT, earliest=("young", "old")), **bands))
    assert "a certificate issued on 2025-01-01 (birth_date = 1955-01-02)" in finding.message
    assert "is valid until 2031-01-01, beyond 5 years" in finding.message


@pytest.fixture
def until_75(rulebook_of: Callable[..., Rulebook]) -> Callable[..., Rulebook]:
    """A scheme that everybody leaves at 75; its certificates last a year, and else for those of an age."""

    def make(age: int, rule: Any) -> Rulebook:
        rules = {TERM: Terms(CITES, figure="term"), ISSUED: Terms(CITES), not_over: Terms(CITES)}
        figures = {
            "scheme-last-day": exact(Birthday(75), Days(-1), of="birth_date"),
            "turns": exact(Birthday(age), of="birth_date"),
            "young": exact(Years(1), before="turns"),
            "old": exact(rule, reached="turns"),
            "term": Figure(EXACT, earliest=("young", "old")),
        }
        return rulebook_of(rules, figures)

    return make


@pytest.mark.parametrize("rule", [Years(6), Days(-1)])
def test_a_term_for_nobody_in_the_scheme_is_not_judged(until_75, rule):
    made = until_75(75, rule)
    assert [] == [*beyond_the_law(made), *ending_before_issue(made)]


@pytest.mark.parametrize(("rule", "judge"), [(Years(6), beyond_the_law), (Days(-1), ending_before_issue)])
def test_somebody_in_the_scheme_is_told_for_whom_a_term_is_wrong(until_75, rule, judge):
    """On the first day looked at the eldest of those in the scheme turn 75 tomorrow."""
    (finding,) = judge(until_75(70, rule))
    assert "issued on 2025-01-01 (birth_date = 1950-01-02)" in finding.message


def test_where_rules_are_unsound_that_is_told_and_no_end_is_judged(until_75):
    """The figure that the scheme ends by is missing: who is owed a certificate cannot be asked."""
    made = until_75(70, Days(-1))
    figures = {name: each for name, each in made.policy.figures.items() if name != "scheme-last-day"}
    rules = (TERM, ISSUED, not_over)
    shared = Provided(made.providers[0], tuple(standard.features()), rules)
    unsound = bind(evolve(made.policy, figures=figures), [shared])
    codes = {found.code for found in check_rulebook(unsound).errors}
    assert {"missing-figure"} == codes


def test_a_band_says_itself_for_whom_an_end_by_a_fact_is_meant(rulebook):
    """Who has left is left out by ``before``, and nobody's certificate has ended when it is issued."""
    left = exact(Days(1), of="left_on")
    ends = exact(of="left_on", before="left")
    figures = {"left": left, "ends": ends, "year": exact(Years(1))}
    assert [] == list(ending_before_issue(rulebook(Figure(EXACT, earliest=("ends", "year")), **figures)))


def test_an_end_by_a_fact_that_is_past_for_somebody_is_a_warning_told_once(rulebook_of):
    """The policy stays usable for all others; nothing is issued to somebody like that."""
    rules = {TERM: Terms(CITES, figure="term"), ISSUED: Terms(CITES), issuing("again"): Terms(CITES)}
    figures = {
        "stay": exact(of="departs_japan_on"),
        "year": exact(Years(1)),
        "term": Figure(EXACT, earliest=("stay", "year")),
    }
    (finding,) = ending_before_issue(rulebook_of(rules, figures))
    assert "validity-may-end-before-issue" == finding.code
    assert "by figure 'stay': on 2024-12-31, departs_japan_on = 2024-12-30" in finding.message
    assert not is_error(finding)


@pytest.mark.parametrize(
    ("band", "told"),
    [
        ({"reached": "turns-85"}, True),
        ({"before": "turns-85"}, False),
        ({"before": "turns-87"}, True),
        ({"reached": "turns-87"}, True),
    ],
)
def test_an_end_for_an_age_band_is_judged_for_that_band(rulebook, band, told):
    """The 86th birthday is past for somebody of the band, unless the band ends before it."""
    ages = {f"turns-{age}": exact(Birthday(age), of="birth_date") for age in (85, 87)}
    ends = exact(Birthday(86), of="birth_date", **band)
    term = Figure(EXACT, earliest=("ends", "year"))
    found = list(ending_before_issue(rulebook(term, ends=ends, year=exact(Years(1)), **ages)))
    assert ["validity-may-end-before-issue"] * told == [each.code for each in found]
