"""Figures that apply before another figure's day, or from it on: terms by age."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from warehouse import JOINER, TERM, issued

from hokensha.engine import validity
from hokensha.errors import PolicyError, QuestionError
from hokensha.facts import Member
from hokensha.policy import open_rulebook
from hokensha_cli.ruledoc import rule_document
from hokensha_standard import CERTIFICATE, MY_NUMBER_INSURANCE_CARD
from hokensha_verify import check

BANDS = """[figures.certificate-term]
earliest = ["term-under-70", "term-from-70", "term-from-74"]

[figures.turns-70]
of = "birth_date"
modality = "exact"
rule = [{ birthday = 70 }]
cites = ["003-21"]

[figures.turns-74]
of = "birth_date"
modality = "exact"
rule = [{ birthday = 74 }]
cites = ["003-21"]

[figures.term-under-70]
before = "turns-70"
modality = "exact"
rule = [{ years = 1 }]
cites = ["003-21"]

[figures.term-from-70]
reached = "turns-70"
before = "turns-74"
modality = "exact"
rule = [{ next = "07-31" }]
cites = ["003-21"]

[figures.term-from-74]
reached = "turns-74"
modality = "exact"
rule = [{ months = 3 }]
cites = ["003-21"]
"""
BY_AGE = (TERM, BANDS)


def until(decision):
    (issuance,) = decision.issuances
    return issuance.valid_until and issuance.valid_until.date


@pytest.mark.parametrize(
    ("born", "on", "last"),
    [
        ("1955-05-05", "2025-05-04", date(2026, 5, 4)),
        ("1955-05-05", "2025-05-05", date(2025, 7, 31)),  # the 70th birthday itself
        ("1956-02-29", "2026-02-28", date(2027, 2, 28)),
        ("1956-02-29", "2026-03-01", date(2026, 7, 31)),  # 29 February: the age is attained on 28 February
        ("1955-06-01", "2025-05-31", date(2026, 5, 31)),
        ("1955-06-01", "2025-06-01", date(2025, 7, 31)),
        ("1951-09-10", "2025-09-09", date(2026, 7, 31)),
        ("1951-09-10", "2025-09-10", date(2025, 12, 10)),  # the 74th birthday
    ],
)
def test_the_age_on_the_day_of_issue_decides_on_the_term(changed, born, on, last):
    assert last == until(issued(changed(BY_AGE), on, **{**JOINER, "birth_date": born}))


def test_a_policy_by_age_has_no_errors(changed):
    assert () == check(changed(BY_AGE)).errors


RESIDENCE = """[facts.residence_expires_on]
kind = "day"
nullable = true
planned = true
ja = "在留期間の満了日"
en = "last day of the period of stay"

[figures.certificate-term]
earliest = ["term-of-residents", "term-of-the-expired"]

[figures.stay-over]
of = "residence_expires_on"
modality = "exact"
rule = [{ days = 1 }]
cites = ["003-21"]

[figures.term-of-residents]
before = "stay-over"
modality = "exact"
rule = [{ months = 3 }]
cites = ["003-21"]

[figures.term-of-the-expired]
reached = "stay-over"
modality = "exact"
rule = [{ months = 1 }]
cites = ["003-21"]
"""


@pytest.mark.parametrize(
    ("expires", "last"),
    [
        ("2025-05-05", date(2025, 8, 5)),
        ("2025-05-04", date(2025, 6, 5)),
        (None, date(2025, 8, 5)),  # a day that never comes has not come
    ],
)
def test_a_band_may_end_with_any_dated_fact(changed, expires, last):
    facts = {**JOINER, "residence_expires_on": expires}
    assert last == until(issued(changed((TERM, RESIDENCE)), "2025-05-05", **facts))


def test_a_fact_that_decides_on_the_term_and_is_unknown_is_missing(changed):
    decision = issued(changed((TERM, RESIDENCE)), "2025-05-05", **JOINER)
    assert ("residence_expires_on",) == decision.missing
    assert until(decision) is None


def test_a_fact_on_which_no_term_hangs_after_all_is_not_missing(changed):
    """Both terms end on the same day: three months from 31 May, and the end of August."""
    alike = RESIDENCE.replace("rule = [{ months = 1 }]", "rule = [{ end_of_month = 3 }]")
    decision = issued(changed((TERM, alike)), "2025-05-31", **JOINER)
    assert () == decision.missing
    assert date(2025, 8, 31) == until(decision)


@pytest.mark.parametrize(("turns", "born"), [(70, date(1955, 5, 6)), (74, date(1951, 5, 6))])
def test_one_day_of_birth_is_told_from_the_next(changed, turns, born):
    """Who is 70 on 6 May 2025 and who is on 7 May differ on 6 May, whoever else there is."""
    path = changed(BY_AGE)
    one, next_ = (
        until(issued(path, "2025-05-06", **{**JOINER, "birth_date": str(day)}))
        for day in (born, born + timedelta(days=1))
    )
    assert one != next_, turns


def test_of_validity_the_question_is_who(changed):
    rulebook = open_rulebook(changed(BY_AGE))
    with pytest.raises(QuestionError, match="hangs on birth_date; give a member with these facts"):
        validity(rulebook, CERTIFICATE, date(2025, 5, 5))


def test_a_member_answers_that(changed):
    rulebook = open_rulebook(changed(BY_AGE))
    old = Member("m", {"birth_date": date(1953, 1, 1)})
    assert date(2025, 7, 31) == validity(rulebook, CERTIFICATE, date(2025, 5, 5), member=old).date


def test_a_term_by_relation_is_no_guess_either(changed):
    """Of ``when`` holds the same: a fact that decides is asked for, never taken as absent."""
    rulebook = open_rulebook(changed((TERM, TERM + 'when = { relation = "insured" }\n')))
    with pytest.raises(QuestionError, match="hangs on relation"):
        validity(rulebook, CERTIFICATE, date(2025, 5, 5))


BY_RELATION = """[figures.certificate-term]
earliest = ["term-under-70", "term-from-70", "term-of-dependents"]

[figures.turns-70]
of = "birth_date"
modality = "exact"
rule = [{ birthday = 70 }]
cites = ["003-21"]

[figures.term-under-70]
when = { relation = "insured" }
before = "turns-70"
modality = "exact"
rule = [{ years = 1 }]
cites = ["003-21"]

[figures.term-from-70]
when = { relation = "insured" }
reached = "turns-70"
modality = "exact"
rule = [{ months = 3 }]
cites = ["003-21"]

[figures.term-of-dependents]
when = { relation = "dependent" }
modality = "exact"
rule = [{ days = 10 }]
cites = ["003-21"]
"""


@pytest.mark.parametrize(
    ("facts", "last"),
    [
        ({"relation": "dependent"}, date(2025, 5, 15)),
        ({"relation": "insured", "birth_date": date(1980, 1, 1)}, date(2026, 5, 5)),
        ({"left_on": date(2025, 5, 11)}, date(2025, 5, 10)),
    ],
)
def test_a_fact_on_which_the_answer_does_not_hang_is_not_asked_for(changed, facts, last):
    """Dependents have ten days at any age; who leaves in six days has all terms cut to five."""
    rulebook = open_rulebook(changed((TERM, BY_RELATION)))
    assert last == validity(rulebook, CERTIFICATE, date(2025, 5, 5), member=Member("m", facts)).date


def test_each_fact_on_which_the_answer_hangs_is_asked_for(changed):
    rulebook = open_rulebook(changed((TERM, BY_RELATION)))
    with pytest.raises(QuestionError, match="hangs on birth_date, relation; give"):
        validity(rulebook, CERTIFICATE, date(2025, 5, 5))


@pytest.mark.parametrize("departs", [None, date(2029, 1, 1)])
def test_who_never_leaves_or_leaves_later_is_not_asked_for_an_overseas_card(changed, departs):
    rulebook = open_rulebook(changed())
    member = Member("m", {"departs_japan_on": departs})
    asked = (rulebook, MY_NUMBER_INSURANCE_CARD, date(2028, 5, 5))
    assert date(2028, 5, 5) == validity(*asked, member=member).date


def test_who_leaves_before_is_asked_for_an_overseas_card(changed):
    rulebook = open_rulebook(changed())
    member = Member("m", {"departs_japan_on": date(2027, 1, 1)})
    with pytest.raises(QuestionError, match="hangs on overseas_card"):
        validity(rulebook, MY_NUMBER_INSURANCE_CARD, date(2028, 5, 5), member=member)


def test_what_decides_on_the_electronic_certificates_own_end_is_asked_for(changed):
    """It is given with the question, and so is no end that may be left out."""
    of = 'of = "electronic_certificate_expires_on"\n'
    rulebook = open_rulebook(changed((of, f"{of}when = {{ overseas_card = false }}\n")))
    with pytest.raises(QuestionError, match="hangs on overseas_card"):
        validity(rulebook, MY_NUMBER_INSURANCE_CARD, date(2028, 5, 5))


@pytest.mark.parametrize(("changed_on", "last"), [("2025-05-05", "2025-06-05"), ("2025-05-06", "2026-05-05")])
def test_validity_sees_events_as_decisions_do(changed, changed_on, last):
    """A month from a change of the details; what is dated after the day of issue has not happened."""
    terms = f"""[figures.certificate-term]
earliest = ["a-year", "a-month-from-changes"]

[figures.a-month-from-changes]
of = "details_changed_on"
modality = "exact"
rule = [{{ months = 1 }}]
cites = ["003-21"]

{TERM.replace("certificate-term", "a-year")}"""
    path = changed((TERM, terms))
    rulebook = open_rulebook(path)
    facts = {**JOINER, "details_changed_on": changed_on}
    member = Member("m", {"details_changed_on": date.fromisoformat(changed_on)})
    found = validity(rulebook, CERTIFICATE, date(2025, 5, 5), member=member).date
    assert [date.fromisoformat(last)] * 2 == [found, until(issued(path, "2025-05-05", **facts))]


def test_the_rules_list_the_figures_on_whose_days_terms_hang(changed):
    document = rule_document(open_rulebook(changed(BY_AGE)), None, "en")
    said = {figure["id"]: figure["versions"] for figure in document["figures"]}
    assert [{"words": "date of birth → birthday number 70", "cites": ["003-21"]}] == said["turns-70"]


def test_what_is_wrong_with_a_band_of_several_figures_is_told_once(changed):
    rule = "rule = [{ birthday = 70 }]"
    with pytest.raises(PolicyError) as caught:
        open_rulebook(changed(BY_AGE, (rule, f'{rule}\nbefore = "turns-74"')))
    assert 1 == len(caught.value.findings)


@pytest.mark.parametrize(
    ("piece", "said"),
    [
        (('of = "left_on"', 'of = "left_on"\nbefore = "turns-70"'), "rules.enrolled|may not have 'before'"),
        (('before = "turns-70"', 'before = "turns-7"'), "no such figure 'turns-7'"),
        (('before = "turns-74"', 'before = "certificate-term"'), "goes round in a circle"),
        (
            ("rule = [{ birthday = 74 }]", 'rule = [{ birthday = 74 }]\nbefore = "turns-70"'),
            "may not have 'before' as a band of another figure",
        ),
        (
            ('figure = "enrolment-shown"', 'figure = "term-under-70"'),
            "may not have 'before' as a latency, which is asked without a member",
        ),
        (
            ('"term-from-70", "term-from-74"]', '"term-from-70"]\nbefore = "turns-70"'),
            "before: is not expected beside earliest",
        ),
    ],
)  # fmt: skip
def test_a_band_where_none_can_be_is_told(changed, piece, said):
    with pytest.raises(PolicyError, match=said):
        raise PolicyError(check(changed(BY_AGE, piece)).errors)


def test_a_policy_that_was_never_checked_does_not_answer_with_a_band_in_a_rule(changed):
    path = changed(BY_AGE, ('of = "left_on"', 'of = "left_on"\nbefore = "turns-70"'))
    with pytest.raises(PolicyError, match="left-last-day: may not have 'before' or 'reached'"):
        issued(path, "2025-05-05", **JOINER)
