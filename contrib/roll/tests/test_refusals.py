"""Rows whose facts cannot stand together are rejected, with the reason that ``decide`` gives."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from tiny import POLICY

from hokensha.engine import EndedError, decide, reason, refused
from hokensha.facts import (
    UNKNOWN,
    Before,
    Contradiction,
    Fact,
    FactValue,
    Member,
    Older,
    Required,
    Without,
    parse_member,
)
from hokensha.policy import open_rulebook
from hokensha.text import Label
from hokensha_roll import Request, run_roll
from hokensha_roll.frames import frame_of
from hokensha_roll.intake.refusals import expression

ON = date(2026, 11, 21)
X = Label("あ", "a")
ENDS = """
[facts.continuation_ends_on]
kind = "day"
ja = "任意継続の終了日"
en = "voluntary continuation ends on"
nullable = true
planned = true
required_when = { continuation = true }
"""


@pytest.mark.parametrize(
    ("cells", "column", "other"),
    [
        ({"enrolled_on": "2025-04-01", "left_on": "2024-09-01"}, "left_on", "enrolled_on"),
        ({"birth_date": "2055-05-05"}, "enrolled_on", "birth_date"),
        ({"birth_date": "1896-11-20", "enrolled_on": "2010-04-01"}, "birth_date", "birth_date"),
        (
            {
                "eligibility_certificate_issued_on": "2026-11-30",
                "eligibility_certificate_valid_until": "2026-11-29",
            },
            "eligibility_certificate_valid_until",
            "eligibility_certificate_issued_on",
        ),
        (
            {"eligibility_certificate_valid_until": "2026-11-29"},
            "eligibility_certificate_valid_until",
            "eligibility_certificate_issued_on",
        ),
    ],
)
def test_such_a_row_is_rejected_and_the_others_are_decided(
    bench: Any, cells: dict[str, str], column: str, other: str
) -> None:
    summary = bench.run(bench.csv([bench.row(), bench.row(id="A2", **cells), bench.row(id="A3")]))
    assert (3, 2, 1) == (summary.read, summary.decided, summary.rejected)
    (row,) = bench.table("rejected")
    assert ("3", column, "") == (row["line"], row["column"], row["value"])
    assert column in row["reason"]
    assert other in row["reason"]
    assert ["A1", "A3"] == [each["id"] for each in bench.table("issuances")]


def test_the_reason_is_that_of_a_single_decision(bench: Any) -> None:
    facts = {"enrolled_on": date(2025, 4, 1), "left_on": date(2024, 9, 1)}
    cells = {fact: str(day) for fact, day in facts.items()}
    bench.run(bench.csv([bench.row(**cells)]))
    (found,) = refused(bench.rulebook(), Member("m", facts), ON)
    assert found.message == bench.table("rejected")[0]["reason"]


def test_what_else_is_wrong_with_a_row_is_told_first(bench: Any) -> None:
    row = bench.row(enrolled_on="2025-04-01", left_on="2024-09-01", my_number_card="gone")
    bench.run(bench.csv([row]))
    (rejected,) = bench.table("rejected")
    assert "my_number_card" == rejected["column"]


def test_a_fact_that_no_rule_reads_is_required_all_the_same(bench: Any) -> None:
    header = [*bench.facts, "continuation", "continuation_ends_on"]
    rows = [
        [*bench.row(id="A1"), "true", "2027-04-01"],
        [*bench.row(id="A2"), "true", ""],
        [*bench.row(id="A3"), "false", ""],
    ]
    summary = bench.run(bench.csv(rows, header), ENDS)
    assert 1 == summary.rejected
    (rejected,) = bench.table("rejected")
    assert ("3", "continuation_ends_on") == (rejected["line"], rejected["column"])


def test_columns_refuse_whom_the_form_refuses(bench: Any) -> None:
    """Over facts drawn at random, each of them known, known to be none, or unknown."""
    catalogue = bench.rulebook().catalogue.extended([Fact("grade", "text", X, nullable=True)])
    wanted: dict[str, tuple[FactValue, ...]] = {
        **dict.fromkeys(("birth_date", "enrolled_on", "left_on"), ()),
        "my_number_card": catalogue["my_number_card"].values,
        "continuation": (False, True),
        "grade": ("A",),
    }
    forms = (
        Before("left_on", "enrolled_on"),
        Older("birth_date", 130),
        Without("left_on", "enrolled_on"),
        Without("grade", "left_on"),
        Without("left_on", "grade"),
        Required("left_on", {"my_number_card": "lost", "continuation": True}),
        Required("grade", {"continuation": False}),
    )
    draw = random.Random(11)
    near = [ON + timedelta(days=days) for days in (-1, 0, 1)]
    days = [*near, None, UNKNOWN]
    born = [date(1896, 11, 20), date(1896, 11, 21), date(1990, 1, 1)]
    others = {"my_number_card": ["none", "lost"], "continuation": [False, True], "grade": ["A", "B", None]}
    members = []
    for number in range(2000):
        facts = {fact: draw.choice(days) for fact in ("enrolled_on", "left_on")}
        facts |= {fact: draw.choice([*values, UNKNOWN]) for fact, values in others.items()}
        facts["birth_date"] = draw.choice([*born, UNKNOWN])
        members.append(
            Member(str(number), {fact: value for fact, value in facts.items() if value is not UNKNOWN})
        )
    frame = frame_of(members, wanted, catalogue)
    for form in forms:
        contradiction = Contradiction("c", X, form)
        found = (
            frame.select(expression(contradiction, catalogue, wanted, ON).arg_true()).to_series().to_list()
        )
        assert found == [n for n, each in enumerate(members) if contradiction.holds(each.facts, ON)], form
        assert 0 < len(found) < len(members)
        assert form.fact in reason(contradiction, catalogue)


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
cites = ["t-1"]

[figures.term]
earliest = ["one-year", "stay"]
"""


def test_a_row_whose_document_would_have_ended_is_rejected_with_that_reason(bench: Any) -> None:
    """As a single decision is at fault; the others are decided."""
    path = bench.folder / "policy.toml"
    path.write_text(POLICY.replace('figure = "one-year"', 'figure = "term"') + STAY, encoding="utf-8")
    rulebook = open_rulebook(str(path))
    days = {"A1": "2026-11-20", "A2": "2026-11-21", "A3": "", "A4": "2026-11-01", "A5": "2026-11-22"}
    rows = [[*bench.row(id=id_), day] for id_, day in days.items()]
    roll = bench.csv(rows, [*bench.facts, "stay_until"])
    summary = run_roll(rulebook, Request(roll, bench.folder / "out", on=ON))
    assert (5, 3, 2) == (summary.read, summary.decided, summary.rejected)
    assert ["2", "5"] == [row["line"] for row in bench.table("rejected")]
    ends = {row["id"]: row["valid_until"] for row in bench.table("issuances")}
    assert {"A2": "2026-11-21", "A3": "2027-11-21", "A5": "2026-11-22"} == ends
    facts = {"id": "A1", **dict(zip(bench.facts, rows[0], strict=False)), "stay_until": "2026-11-20"}
    member = parse_member({fact: cell or None for fact, cell in facts.items()}, rulebook.catalogue)
    with pytest.raises(EndedError) as error:
        decide(rulebook, member, ON)
    assert {error.value.findings[0].message} == {row["reason"] for row in bench.table("rejected")}
