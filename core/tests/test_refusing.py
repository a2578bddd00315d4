"""Facts that cannot stand together: whoever is asked about a member refuses one of whom they are said."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from warehouse import JOINER, TERM, WORKING

from hokensha.dates import Modality
from hokensha.engine import EndedError, advice, decide, present, reflect, refused, validity
from hokensha.errors import MemberError, PolicyError, QuestionError
from hokensha.facts import Before, Catalogue, Member, Older, Required, Without, parse_member
from hokensha.policy import open_rulebook
from hokensha.rules import At
from hokensha_standard import CERTIFICATE, FACTS

ON = date(2025, 6, 15)
DAY = timedelta(days=1)
REJOINED = {"enrolled_on": date(2025, 4, 1), "left_on": date(2024, 9, 1)}
"""The loss is that of an earlier membership."""
CONTINUING = """
[facts.continuation_ends_on]
kind = "day"
ja = "任意継続の終了日"
en = "voluntary continuation ends on"
nullable = true
planned = true
not_before = "enrolled_on"
required_when = { continuation = true }
"""


def said(error: pytest.ExceptionInfo[MemberError]) -> str:
    (found,) = error.value.findings
    assert found.code == "contradiction"
    return str(found)


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda rulebook, member: decide(rulebook, member, ON), id="decide"),
        pytest.param(lambda rulebook, member: present(rulebook, member, ON, At.EQUIPPED), id="present"),
        pytest.param(lambda rulebook, member: advice(rulebook, member, ON), id="advice"),
        pytest.param(
            lambda rulebook, member: validity(rulebook, CERTIFICATE, ON, member=member), id="validity"
        ),
    ],
)
def test_whoever_is_asked_refuses_and_names_both_facts(small: Any, ask: Any) -> None:
    with pytest.raises(MemberError) as error:
        ask(small.rulebook, small.member(**REJOINED))
    told = said(error)
    assert "left_on (資格喪失日・認定取消日)" in told
    assert "enrolled_on (資格取得日・認定日)" in told
    assert "2025" not in told
    assert "2024" not in told


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"birth_date": date(2055, 4, 1)}, id="a year typed wrongly, enrolled before birth"),
        pytest.param({"birth_date": date(1895, 6, 14)}, id="older than 130 years"),
        pytest.param(
            {
                "eligibility_certificate_issued_on": date(2025, 5, 1),
                "eligibility_certificate_valid_until": date(2025, 4, 30),
            },
            id="a certificate that ended before its issue",
        ),
        pytest.param(
            {
                "eligibility_certificate_issued_on": None,
                "eligibility_certificate_valid_until": date(2026, 4, 30),
            },
            id="an end of no certificate",
        ),
    ],
)
def test_what_cannot_be_is_refused(small: Any, facts: dict[str, Any]) -> None:
    with pytest.raises(MemberError) as error:
        decide(small.rulebook, small.member(**facts), ON)
    assert said(error)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"birth_date": date(2055, 4, 1), "enrolled_on": date(2055, 4, 1)}, id="not born yet"),
        pytest.param({"birth_date": date(1895, 6, 15)}, id="130 years old on that day"),
        pytest.param({"left_on": date(2026, 4, 1), "loss_received_on": date(2025, 6, 1)}, id="filed ahead"),
        pytest.param({"enrolled_on": ON, "left_on": ON}, id="left on the day of enrolment"),
        pytest.param(
            {
                "eligibility_certificate_issued_on": date(2025, 5, 1),
                "eligibility_certificate_returned_on": date(2025, 4, 1),
            },
            id="a return before the latest issue",
        ),
        pytest.param({"eligibility_certificate_returned_on": date(2025, 4, 1)}, id="a return without issue"),
        pytest.param({"my_number_card": "none", "insurance_use": "registered"}, id="registered, no card"),
    ],
)
def test_what_is_merely_odd_is_decided(small: Any, facts: dict[str, Any]) -> None:
    assert () == refused(small.rulebook, small.member(**facts), ON)
    assert decide(small.rulebook, small.member(**facts), ON)


@pytest.mark.parametrize("unknown", ["left_on", "enrolled_on"])
def test_only_what_is_certain_is_refused(small: Any, unknown: str) -> None:
    """An unknown fact may be one that fits."""
    assert () == refused(small.rulebook, small.member((unknown,), **REJOINED), ON)


def test_a_member_counts_as_old_from_the_day_after_the_birthday() -> None:
    """Born on 29 February: 130 years on there is none, so 1 March is past it."""
    form = Older("birth_date", 130)
    born = {"birth_date": date(1896, 2, 29)}
    assert [False, True] == [form.holds(born, day) for day in (date(2026, 2, 28), date(2026, 3, 1))]
    born = {"birth_date": date(1898, 2, 28)}
    assert [False, True] == [form.holds(born, day) for day in (date(2028, 2, 28), date(2028, 2, 29))]


def test_the_forms_hold_only_of_facts_that_are_known() -> None:
    when = Required("ends_on", {"continuation": True})
    assert when.holds({"ends_on": None, "continuation": True}, ON)
    assert not when.holds({"ends_on": ON, "continuation": True}, ON)
    assert not when.holds({"ends_on": None, "continuation": False}, ON)
    assert not when.holds({"continuation": True}, ON)
    assert not when.holds({"ends_on": None}, ON)
    assert Without("end", "issue").holds({"end": ON, "issue": None}, ON)
    assert not Without("end", "issue").holds({"end": ON}, ON)
    assert not Without("end", "issue").holds({"issue": None}, ON)
    assert Before("end", "issue").holds({"end": ON - DAY, "issue": ON}, ON)
    assert not Before("end", "issue").holds({"end": None, "issue": ON}, ON)


# --- a policy's own facts


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"continuation": True, "continuation_ends_on": None}, ["continuation_ends_on-required"]),
        ({"continuation": True, "continuation_ends_on": date(2026, 4, 1)}, []),
        ({"continuation": True}, []),
        ({"continuation": False, "continuation_ends_on": None}, []),
        (
            {"enrolled_on": ON, "continuation_ends_on": ON - DAY},
            ["continuation_ends_on-too-early"],
        ),
        ({"enrolled_on": ON, "continuation_ends_on": ON}, []),
    ],
)
def test_a_policy_says_when_its_own_fact_is_required_and_what_has_to_come_first(
    changed: Any, facts: dict[str, Any], told: list[str]
) -> None:
    rulebook = open_rulebook(changed(("[rules.enrolled]", CONTINUING + "\n[rules.enrolled]")))
    found = [each.id for each in rulebook.contradictions if each.holds(facts, ON)]
    assert told == found
    assert len(told) == len(refused(rulebook, Member("m", facts), ON))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("continuation = true", "continued = true", "required_when.continued"),
        ("continuation = true", 'continuation = "yes"', "required_when.continuation"),
        ("continuation = true", "continuation_ends_on = true", "required_when.continuation_ends_on"),
        ("continuation = true", 'left_on = "2026-04-01"', "required_when.left_on"),
        ("continuation = true", 'symbol = "1"', "required_when.symbol"),
        ("nullable = true\n", "", "required_when"),
        ('"enrolled_on"', '"enroled_on"', "not_before"),
        ('"enrolled_on"', '"relation"', "not_before"),
        ('"enrolled_on"', '"continuation_ends_on"', "not_before"),
    ],
)
def test_what_a_fact_cannot_be_asked_about_is_told_with_its_key(
    changed: Any, old: str, new: str, place: str
) -> None:
    table = CONTINUING.replace(old, new)
    with pytest.raises(PolicyError) as error:
        open_rulebook(changed(("[rules.enrolled]", table + "\n[rules.enrolled]")))
    (found,) = error.value.findings
    assert found.where.endswith(f"facts.continuation_ends_on.{place}")


# --- who is not in the scheme


@pytest.mark.parametrize(
    ("facts", "ground"),
    [
        ({"left_on": ON}, "eligibility lost"),
        ({"left_on": ON - 300 * DAY}, "eligibility lost"),
        ({"enrolled_on": ON + DAY}, ""),
    ],
)
def test_nothing_is_issued_to_who_is_not_in_the_scheme(
    small: Any, facts: dict[str, Any], ground: str
) -> None:
    with pytest.raises(QuestionError) as error:
        validity(small.rulebook, CERTIFICATE, ON, member=small.member(**facts))
    (found,) = error.value.findings
    assert found.code == "not-in-scheme"
    assert ground in found.message


def test_who_may_be_in_the_scheme_is_answered(small: Any) -> None:
    assert validity(small.rulebook, CERTIFICATE, ON, member=small.member(("left_on",)))
    assert validity(small.rulebook, CERTIFICATE, ON, member=small.member(left_on=ON + DAY)).date == ON


# --- terms that are over

STAY = """
[facts.stay_until]
kind = "day"
ja = "在留期限"
en = "period of stay ends on"
nullable = true
planned = true

[figures.stay]
of = "stay_until"
modality = "exact"
cites = ["003-21"]

[figures.one-year]
modality = "exact"
rule = [{ years = 1 }]
cites = ["003-21"]

[figures.certificate-term]
earliest = ["one-year", "stay"]
"""


@pytest.fixture
def staying(changed: Any) -> Any:
    """The policy of the society, whose certificates end with a stay."""
    return open_rulebook(changed((TERM, STAY)))


@pytest.mark.parametrize("stay", [date(2026, 11, 21), date(2026, 11, 22), None])
def test_a_term_that_is_not_over_is_issued(staying: Any, stay: date | None) -> None:
    decision = decide(staying, applicant(stay), date(2026, 11, 21))
    assert [stay or date(2027, 11, 21)] == [each.valid_until.date for each in decision.issuances]


@pytest.mark.parametrize("stay", [date(2026, 11, 20), date(2025, 1, 1)])
def test_a_term_that_would_be_over_at_issue_is_at_fault_and_names_its_fact(staying: Any, stay: date) -> None:
    with pytest.raises(EndedError) as error:
        decide(staying, applicant(stay), date(2026, 11, 21))
    (found,) = error.value.findings
    assert ("member m", "ended-before-issue") == (found.where, found.code)
    assert "資格確認書" in found.message
    assert "stay_until (在留期限)" in found.message
    assert str(stay) not in found.message
    with pytest.raises(EndedError):
        validity(staying, CERTIFICATE, date(2026, 11, 21), member=applicant(stay))


def test_an_unknown_end_is_open_though_some_are_over(staying: Any) -> None:
    member = applicant(None)
    facts = {fact: value for fact, value in member.facts.items() if fact != "stay_until"}
    decision = decide(staying, Member("m", facts), date(2026, 11, 21))
    assert "stay_until" in decision.missing
    assert [None] == [each.valid_until for each in decision.issuances]


def test_a_term_that_ends_on_a_fixed_day_is_not_stated_for_what_is_issued_after_it(changed: Any) -> None:
    fixed = """[figures.certificate-term]
modality = "exact"
rule = [{ on = 2026-03-31 }]
cites = ["003-21"]
"""
    rulebook = open_rulebook(changed((TERM, fixed)))
    for on, expected in ((date(2026, 3, 31), date(2026, 3, 31)), (date(2026, 4, 1), None)):
        (issuance,) = decide(rulebook, applicant(None), on).issuances
        asked = validity(rulebook, CERTIFICATE, on)
        assert (expected, expected) == (issuance.valid_until.date, asked.date)
        assert (asked.modality is Modality.NOT_STATED) == (expected is None)
        assert ("003-21",) == asked.cites


def applicant(stay: date | None) -> Member:
    """Somebody of the society without a card who has applied for a certificate."""
    said = {**WORKING, **JOINER, "enrolled_on": "2015-04-01"}
    facts = parse_member(said, Catalogue().extended(FACTS)).facts
    return Member("m", {**facts, "stay_until": stay})


# --- days that nobody is asked about


@pytest.mark.parametrize(
    "day", [date.max, date(2201, 1, 1), date(2999, 12, 25), date(1867, 12, 31), date.min]
)
def test_a_day_beyond_those_of_members_is_refused(small: Any, day: date) -> None:
    rulebook, member = small.rulebook, small.member()
    for ask in (
        lambda: decide(rulebook, member, day),
        lambda: present(rulebook, member, day, At.EQUIPPED),
        lambda: advice(rulebook, member, day),
        lambda: validity(rulebook, CERTIFICATE, day),
        lambda: reflect(rulebook, "registration", day),
    ):
        with pytest.raises(QuestionError) as error:
            ask()
        (found,) = error.value.findings
        assert found.code == "day-out-of-range"


@pytest.mark.parametrize("day", [date(1868, 1, 1), date(2200, 12, 31)])
def test_the_first_and_the_last_day_can_be_asked_about(small: Any, day: date) -> None:
    nobody = small.member(birth_date=day, enrolled_on=day, left_on=None)
    assert decide(small.rulebook, nobody, day)


# --- keys that mean nothing


@pytest.mark.parametrize("key", ["mass = false", 'purpose = "standard"', "purposes = {}"])
def test_a_key_that_means_nothing_is_told_though_it_says_what_would_be_so_anyway(
    changed: Any, key: str
) -> None:
    with pytest.raises(PolicyError) as error:
        open_rulebook(changed(("[rules.enrolled]\n", f"[rules.enrolled]\n{key}\n")))
    (found,) = error.value.findings
    assert "misplaced-key" == found.code
    assert found.where.endswith(f"rules.enrolled.{key.partition(' ')[0]}")


def test_steps_lead_no_further_together_than_one_may(changed: Any) -> None:
    far = TERM.replace("{ years = 1 }", "{ years = 100 }, { months = 720 }")
    with pytest.raises(PolicyError) as error:
        open_rulebook(changed((TERM, far)))
    (found,) = error.value.findings
    assert found.where.endswith("figures.certificate-term.rule")
    assert "further than 150 years" in found.message


# --- figures that roll

THEN = '[figures.by-then]\nmodality = "exact"\n{}\ncites = ["003-21"]\n\n'


@pytest.mark.parametrize(
    ("figure", "rolls"),
    [
        ("rule = [{ end_of_month = 0 }]", True),
        ('rule = [{ next = "12-01" }]', True),
        ("", True),
        ('of = "certificate_requested_on"\nrule = [{ end_of_month = 0 }]', False),
        ("rule = [{ on = 2026-09-01 }, { end_of_month = 2 }]", False),
    ],
)
@pytest.mark.parametrize("key", ["due_from", "due_through"])
def test_a_day_by_which_something_is_due_does_not_move_with_the_day_asked(
    changed: Any, key: str, figure: str, rolls: bool
) -> None:
    pieces = [
        (
            "[figures.certificate-term]",
            THEN.format(figure) + '[figures.then]\nearliest = ["by-then"]\n\n[figures.certificate-term]',
        ),
        ("[rules.cannot-use-card] # 申請の要否の記載なし\n", f'[rules.cannot-use-card]\n{key} = "then"\n'),
    ]
    if not rolls:
        assert open_rulebook(changed(*pieces))
        return
    with pytest.raises(PolicyError) as error:
        open_rulebook(changed(*pieces))
    (found,) = error.value.findings
    assert ("figure-rolls", True) == (found.code, found.where.endswith("figures.by-then"))
    assert f"as {key} of rule 'cannot-use-card'" in found.message


@pytest.mark.parametrize("figure", ["rule = [{ end_of_month = 0 }]", 'of = "enrolled_on"'])
def test_an_as_of_day_is_a_fixed_one(changed: Any, figure: str) -> None:
    """That is told when the policy is read, not when somebody is asked about."""
    pieces = [
        (
            "[figures.certificate-term]",
            f'[figures.then]\nmodality = "exact"\n{figure}\ncites = ["003-21"]\n\n[figures.certificate-term]',
        ),
        ("[rules.cannot-use-card] # 申請の要否の記載なし\n", '[rules.cannot-use-card]\nas_of = "then"\n'),
    ]
    with pytest.raises(PolicyError) as error:
        open_rulebook(changed(*pieces))
    assert ["figure-rolls"] == [found.code for found in error.value.findings]
