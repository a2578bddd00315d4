"""Made-up rolls of policies with facts of their own, terms that hang on a member, and few mapped columns."""

from __future__ import annotations

import csv
import importlib
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from every_policy import path_of

from hokensha import HokenshaError
from hokensha.engine import purposes, validity
from hokensha.facts import Member
from hokensha.policy import Rulebook, open_rulebook
from hokensha_conformance import project
from hokensha_roll import Ahead, Request, forecast_roll, roll_of, run_roll
from hokensha_sample_roll.making import Made, Wanted, make_roll
from hokensha_standard import CERTIFICATE

AS_OF, ON = date(2026, 10, 31), date(2026, 11, 21)
ISSUED, UNTIL = "eligibility_certificate_issued_on", "eligibility_certificate_valid_until"

FACTS = """
[facts.ward]
kind = "code"
values = ["north", "south", "west"]
ja = "区"
en = "ward"

[facts.at_sea]
kind = "boolean"
ja = "乗船中"
en = "at sea"

[facts.stay_ends_on]
kind = "day"
nullable = true
planned = true
ja = "在留期限"
en = "end of the stay"

[facts.moved_on]
kind = "day"
nullable = true
ja = "転居日"
en = "moved on"
"""
TERMS = """
[figures.term]
earliest = ["term-north", "term-under-70", "term-from-70", "stay"]

[figures.term-north]
when = { ward = "north" }
modality = "exact"
rule = [{ next = "07-31" }]
cites = ["t-1"]

[figures.term-under-70]
before = "turns-70"
modality = "exact"
rule = [{ days = 500 }]
cites = ["t-1"]

[figures.term-from-70]
reached = "turns-70"
modality = "exact"
rule = [{ days = 100 }]
cites = ["t-1"]

[figures.turns-70]
of = "birth_date"
modality = "exact"
rule = [{ birthday = 70 }]
cites = ["t-1"]

[figures.stay]
of = "stay_ends_on"
before = "stay-over"
modality = "exact"
cites = ["t-1"]

[figures.stay-over]
of = "stay_ends_on"
modality = "exact"
rule = [{ days = 1 }]
cites = ["t-1"]
"""


def rulebook_of(bench: Any, *more: str, replaced: tuple[tuple[str, str], ...] = ()) -> Rulebook:
    """The tiny society's policy, changed in some places, with more at its end."""
    path = Path(bench.policy())
    text = path.read_text(encoding="utf-8")
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text + "".join(more), encoding="utf-8")
    return open_rulebook(str(path))


def made(bench: Any, rulebook: Rulebook, name: str = "made.csv", **wanted: Any) -> Made:
    """A roll of 2,000 members, if nothing else is asked for."""
    asked = {"members": 2000, "seed": 1, "as_of": AS_OF, "unknown": 0.0, **wanted}
    return make_roll(rulebook, Wanted(bench.folder / name, **asked))


def members(bench: Any, rulebook: Rulebook, **wanted: Any) -> list[dict[str, Any]]:
    """A made roll's members."""
    made(bench, rulebook, "made.parquet", **wanted)
    return pl.read_parquet(bench.folder / "made.parquet").to_dicts()


def headers(path: Path) -> list[str]:
    """The headers of a roll in CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


# --- facts that nobody but the policy knows


def test_facts_of_a_policy_vary(bench: Any):
    rows = members(bench, rulebook_of(bench, FACTS))
    assert {fact: round(n / 2000, 1) for fact, n in Counter(r["ward"] for r in rows).items()} == {
        "north": 0.6,
        "south": 0.2,
        "west": 0.2,
    }
    assert Counter(r["at_sea"] for r in rows)[True] / 2000 == pytest.approx(0.1, abs=0.03)
    stays = [r["stay_ends_on"] for r in rows if r["stay_ends_on"]]
    moves = [r["moved_on"] for r in rows if r["moved_on"]]
    assert len(stays) / 2000 == pytest.approx(0.15, abs=0.03)
    assert len(moves) / 2000 == pytest.approx(0.15, abs=0.03)
    assert min(stays) < AS_OF - timedelta(days=100) < AS_OF + timedelta(days=500) < max(stays)
    assert max(moves) <= AS_OF  # only what is planned lies ahead
    assert all(row["moved_on"] >= row["enrolled_on"] for row in rows if row["moved_on"])


def test_facts_that_no_rule_reads_leave_all_others_as_they_are(bench: Any):
    plain = members(bench, rulebook_of(bench))
    more = members(bench, rulebook_of(bench, FACTS))
    assert [{fact: row[fact] for fact in plain[0]} for row in more] == plain


@pytest.mark.parametrize("block", [1, 37])
def test_how_many_are_made_at_a_time_changes_nothing(bench: Any, block: int):
    rulebook = rulebook_of(bench, FACTS, TERMS, replaced=(('figure = "one-year"', 'figure = "term"'),))
    whole = made(bench, rulebook, members=200)
    assert made(bench, rulebook, members=200, block=block).roll_digest == whole.roll_digest


def test_a_code_that_the_mapping_lacks_is_said_of_nobody(bench: Any):
    mapping = (
        '[roll.columns]\nward = { header = "区", values = { "1" = "south", "2" = "west" } }\n'
        'stay_ends_on = { header = "在留期限", empty = "unknown" }\n'
    )
    rows = members(bench, rulebook_of(bench, FACTS, mapping))
    assert {row["区"] for row in rows} == {"1", "2"}
    assert all(row["在留期限"] for row in rows)  # an empty cell could not say that there is none


# --- certificates end as the policy says of their holder


def _expected(row: dict[str, Any]) -> date:
    """The end of a certificate by the figures above."""
    issued: date = row[ISSUED]
    if row["ward"] == "north":
        first = date(issued.year, 7, 31)
        ends = [first if issued <= first else date(issued.year + 1, 7, 31)]
    else:
        ends = [date.max]
    born = row["birth_date"]
    aged = (issued.year - born.year, (issued.month, issued.day) >= (born.month, born.day)) >= (70, True)
    ends.append(issued + timedelta(days=100 if aged else 500))
    if row["stay_ends_on"] and issued <= row["stay_ends_on"]:
        ends.append(row["stay_ends_on"])
    return min(ends)


def test_certificates_end_as_the_policy_says_of_their_holder(bench: Any):
    rulebook = rulebook_of(bench, FACTS, TERMS, replaced=(('figure = "one-year"', 'figure = "term"'),))
    rows = [row for row in members(bench, rulebook, members=6000) if row[ISSUED] and not row["left_on"]]
    for row in rows:
        assert row[UNTIL] == _expected(row), row["id"]
    lasting = Counter((row[UNTIL] - row[ISSUED]).days for row in rows)
    assert lasting[500] > 100
    assert lasting[100] > 5
    assert sum((row[UNTIL].month, row[UNTIL].day) == (7, 31) for row in rows) > 100
    assert sum(row[UNTIL] == row["stay_ends_on"] for row in rows) > 20


@pytest.fixture(scope="module")
def varied() -> Rulebook:
    """A policy that says all that one can; where the roll is tried alone, its plugin is not there."""
    pytest.importorskip("hokensha_health_society")
    return open_rulebook(str(path_of("varied")))


@pytest.mark.parametrize("as_of", [AS_OF, date(2028, 2, 29)], ids=str)
def test_ends_are_those_that_the_question_gives_for_the_member(varied: Rulebook, tmp_path: Path, as_of: date):
    make_roll(varied, Wanted(tmp_path / "r.parquet", 2000, 1, as_of, unknown=0.0))
    columns = {column.header: fact for fact, column in roll_of(varied.policy).columns.items()}
    checked = 0
    for raw in pl.read_parquet(tmp_path / "r.parquet").to_dicts():
        row = {columns.get(header, header): value for header, value in raw.items()}
        read = ("ward", "residence_expires_on", "birth_date")
        facts = {f: _day(row[f]) if f != "ward" else row[f] for f in read}
        issued = _day(row[ISSUED])
        if issued is None or row["left_on"] or _cell(varied, "continuation", row["continuation"]):
            continue
        known = [bound.rule.purpose for bound in purposes(varied, CERTIFICATE)]
        ends = {
            validity(varied, CERTIFICATE, issued, purpose, Member("", facts)).last()
            for purpose in [*known, "joiner"]
        }
        assert _day(row[UNTIL]) in ends, row["id"]
        checked += 1
    assert checked > 200


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) or value is None else date.fromisoformat(value)


def _cell(rulebook: Rulebook, fact: str, cell: Any) -> Any:
    column = roll_of(rulebook.policy).columns[fact]
    return column.default if cell is None else column.values.get(cell, cell)


def test_a_run_and_a_forecast_take_a_policy_with_terms_by_member(varied: Rulebook, tmp_path: Path):
    roll = tmp_path / "r.csv"
    make_roll(varied, Wanted(roll, 1000, 1, AS_OF))
    summary = run_roll(varied, Request(roll, tmp_path / "out", ON))
    assert (summary.read, summary.rejected, summary.absent) == (1000, 0, ())
    assert summary.decided > 950
    assert 10 < sum(summary.issuances.values()) < 150
    ahead = forecast_roll(varied, Ahead(roll, date(2026, 12, 1), date(2027, 11, 1)))
    assert (ahead.members, ahead.rejected, ahead.absent) == (1000, 0, ())
    assert ahead.months.total() > 100


# --- columns that the policy does not map


def test_facts_that_rules_read_have_columns_though_the_policy_maps_none(bench: Any):
    mapping = '[roll]\nas_of_header = "基準日"\n[roll.columns]\nmy_number_card = { header = "カード" }\n'
    rulebook = rulebook_of(bench, FACTS, mapping)
    made(bench, rulebook)
    assert headers(bench.folder / "made.csv") == [
        *("id", "カード", "enrolled_on", "left_on", "electronic_certificate_expires_on", "insurance_use"),
        *("health_insurance_card_valid_until", ISSUED, UNTIL, "eligibility_notice_issued_on"),
        "reissue_requested_on",  # who has asked for another certificate has none to show
        *("health_insurance_card_returned_on", "eligibility_certificate_returned_on", "基準日"),
    ]
    summary = run_roll(rulebook, Request(bench.folder / "made.csv", bench.folder / "out", ON))
    assert (summary.decided, summary.absent) == (2000, ())


def test_a_fact_that_rules_read_only_later_has_a_column_too(bench: Any):
    """The roll may be run on any day; from 2027 on a certificate's way hangs on the continuation."""
    due = (
        'certificate-due = { cites = ["t-1"], basis = "ex-officio", channel = "direct", form = "交付申請書" }'
    )
    versions = """certificate-due = [
    { through = 2026-12-31, cites = ["t-1"], channel = "direct" },
    { since = 2027-01-01, cites = ["t-1"], channel = "employer", channel_continuation = "direct" },
]"""
    mapping = '[roll.columns]\nmy_number_card = { header = "カード" }\n'
    made(bench, rulebook_of(bench, mapping, replaced=((due, versions),)))
    assert "continuation" in headers(bench.folder / "made.csv")


def test_a_roll_is_not_made_of_columns_that_no_run_takes(bench: Any):
    """Where the policy calls one column by another fact's name, a run could not tell that fact's own."""
    mapping = '[roll.columns]\nid = { header = "left_on" }\nbirth_date = { header = "生年月日" }\n'
    with pytest.raises(HokenshaError, match="is the name of another fact, 'left_on'"):
        made(bench, rulebook_of(bench, mapping))
    assert not (bench.folder / "made.csv").exists()


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The policy of a new plugin's project, which is installed."""
    for parts, text in project("minato-society"):
        file = tmp_path.joinpath(*parts)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    source = tmp_path / "src"
    info = source / "hokensha_minato_society-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hokensha-minato-society\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text("[hokensha]\nminato-society = hokensha_minato_society:plugin\n")
    monkeypatch.syspath_prepend(str(source))
    importlib.invalidate_caches()
    yield source / "hokensha_minato_society" / "presets" / "minato-society.toml"
    for module in [name for name in sys.modules if name.startswith("hokensha_minato_society")]:
        del sys.modules[module]


def test_a_roll_for_a_new_plugin_is_decided_as_it_stands(written: Path, tmp_path: Path):
    """Its mapping names one fact, its own; nearly everybody is decided, and little is owed."""
    rulebook = open_rulebook(str(written))
    make_roll(rulebook, Wanted(tmp_path / "roll.csv", 1000, 1, AS_OF))
    summary = run_roll(rulebook, Request(tmp_path / "roll.csv", tmp_path / "out", ON))
    assert (summary.read, summary.rejected, summary.absent) == (1000, 0, ())
    assert summary.decided > 950
    assert 10 < sum(summary.issuances.values()) < 150
    abroad = [line for line in (tmp_path / "roll.csv").read_text("utf-8").splitlines() if ",○," in line]
    assert 50 < len(abroad) < 150
