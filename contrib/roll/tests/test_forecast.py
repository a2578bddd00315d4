"""A forecast: what falls due month by month, each count worked out by hand from the tiny policy.

Its certificate is owed on a ground while none is valid, and valid for a year from the day of issue, but not
beyond the last day in the scheme. The electronic certificate serves for three months after its end.
"""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from hokensha.policy import open_rulebook
from hokensha_cli.main import cli
from hokensha_roll import running
from hokensha_roll.forecasting import RUN_DAYS, Ahead, Forecast, forecast_roll
from hokensha_roll.months import Months

FIRST, LAST = date(2026, 12, 1), date(2028, 3, 1)
CERTIFICATE, DUE = "eligibility-certificate", "certificate-due"
UNTIL_75 = """
[figures.eve-of-75]
of = "birth_date"
modality = "exact"
rule = [{ birthday = 75 }, { days = -1 }]
cites = ["t-1"]

[figures.scheme-last-day]
earliest = ["eve-of-loss", "eve-of-75"]
"""
OPEN_CARD = '[roll.columns]\nmy_number_card = { header = "my_number_card", empty = "unknown" }\n'


def held(issued: str, until: str) -> dict[str, str]:
    """The cells of one who holds a certificate."""
    return {"eligibility_certificate_issued_on": issued, "eligibility_certificate_valid_until": until}


def forecast(bench: Any, *rows: list[str], mapping: str = "", **asked: Any) -> Forecast:
    """The forecast of a roll from December 2026 to March 2028."""
    ahead = Ahead(bench.csv(rows), **{"first": FIRST, "last": LAST, **asked})
    return forecast_roll(bench.rulebook(mapping) if mapping else bench.once(), ahead)


def due(found: Forecast) -> dict[str, int]:
    """How many certificates fall due, by month."""
    assert {(document, trigger) for _, document, trigger in found.months.counts} <= {(CERTIFICATE, DUE)}
    return {month: count for month, *_, count in found.months.rows()}


def command(*arguments: object, lang: str = "en") -> Result:
    return CliRunner().invoke(cli, ["--lang", lang, "forecast", *map(str, arguments)])


# --- what falls due


def test_a_certificate_is_due_when_it_has_ended_and_again_a_year_later(shared_bench: Any):
    """It ends on 15 February, is replaced on the 20th, and that one serves to the 20th a year later."""
    row = shared_bench.row(**held("2026-02-15", "2027-02-15"))
    assert due(forecast(shared_bench, row)) == {"2027-02": 1, "2028-02": 1}


def test_what_was_owed_already_falls_into_the_first_month(shared_bench: Any):
    rows = shared_bench.row(), shared_bench.row(id="A2", **held("2024-02-15", "2025-02-15"))
    assert due(forecast(shared_bench, *rows)) == {"2026-12": 2, "2027-12": 2}


def test_a_certificate_is_due_when_the_electronic_one_no_longer_serves(shared_bench: Any):
    """It lapses in October, serves to 15 January, and the certificate of the 20th serves for a year."""
    card = {"my_number_card": "held", "insurance_use": "registered"}
    row = shared_bench.row(**card, electronic_certificate_expires_on="2026-10-15")
    assert due(forecast(shared_bench, row)) == {"2027-01": 1, "2028-01": 1}


def test_nothing_is_due_to_one_who_has_left(shared_bench: Any):
    """The last day is 15 March: the certificate of December ends then, and nothing follows."""
    rows = (
        shared_bench.row(left_on="2027-03-16"),
        shared_bench.row(id="A2", left_on="2027-03-16", **held("2026-03-12", "2027-03-12")),
        shared_bench.row(id="A3", left_on="2026-12-10"),
    )
    assert due(forecast(shared_bench, *rows)) == {"2026-12": 1}


def test_nothing_is_due_to_one_who_has_grown_out_of_the_scheme(bench: Any):
    """75 on 10 February: a certificate of 31 January ends on the eve, and nothing follows."""
    path = Path(bench.policy())
    text = path.read_text("utf-8").replace("[figures.scheme-last-day]", "[figures.eve-of-loss]")
    path.write_text(text + UNTIL_75, encoding="utf-8")
    rows = (
        bench.row(birth_date="1952-02-10", **held("2026-01-25", "2027-01-25")),
        bench.row(id="A2", birth_date="1952-02-11", **held("2026-02-09", "2027-02-09")),
    )
    found = forecast_roll(open_rulebook(str(path)), Ahead(bench.csv(rows), FIRST, LAST))
    assert due(found) == {"2027-01": 1, "2027-02": 1}


def test_one_who_enrols_later_is_counted_from_then_on(shared_bench: Any):
    assert due(forecast(shared_bench, shared_bench.row(enrolled_on="2027-04-11"))) == {"2027-04": 1}


# --- the days of a month's runs


@pytest.mark.parametrize(
    ("run_days", "months"),
    [
        (RUN_DAYS, {"2027-01": 1, "2028-01": 1}),  # 20 January, and 31 January 2028
        ((5,), {"2027-02": 1, "2028-03": 1}),  # 5 February, and 5 March 2028
        ((25, 5), {"2027-01": 1, "2028-02": 1}),  # 25 January, and 5 February 2028
        ((25, 25, 25), {"2027-01": 1, "2028-02": 1}),
        ((10,), {"2027-02": 1, "2028-03": 1}),  # on 10 January it still serves
    ],
)
def test_a_certificate_is_issued_on_the_first_run_after_its_end(shared_bench: Any, run_days, months):
    row = shared_bench.row(**held("2026-01-10", "2027-01-10"))
    assert due(forecast(shared_bench, row, run_days=run_days)) == months


@pytest.mark.parametrize(
    ("until", "months"),
    [
        ("2027-02-27", {"2027-02": 1, "2028-02": 1}),  # 28 February, and 29 February 2028
        ("2027-02-28", {"2027-03": 1}),  # 31 March, and only after 31 March 2028
    ],
)
def test_a_run_on_the_31st_is_on_the_last_day_of_a_shorter_month(shared_bench: Any, until, months):
    row = shared_bench.row(**held("2026-02-27", until))
    assert due(forecast(shared_bench, row, run_days=(31,))) == months


def test_days_that_a_month_lacks_are_its_last_once():
    ahead = Ahead(Path("roll.csv"), date(2028, 2, 1), date(2028, 4, 1), (31, 30, 29, 1))
    days = [(day.month, day.day) for day in ahead.days()]
    assert days == [(2, 1), (2, 29), (3, 1), (3, 29), (3, 30), (3, 31), (4, 1), (4, 29), (4, 30)]


def test_runs_before_the_first_day_do_not_count():
    ahead = Ahead(Path("roll.csv"), date(2026, 12, 20), date(2027, 1, 1))
    assert [day.day for day in ahead.days()] == [20, 31, 10, 20, 31]


# --- what is not counted


def test_members_of_whom_something_is_not_known_are_said_and_rejected_rows_too(bench: Any):
    """Without a card or with one that is not registered, there is a ground; having given it back is none."""
    rows = bench.row(), bench.row(id="A2", my_number_card=""), bench.row(id="A3", birth_date="1980-13-05")
    found = forecast(bench, *rows, mapping=OPEN_CARD)
    assert (found.members, found.undetermined, found.rejected) == (3, 1, 1)
    assert due(found) == {"2026-12": 1, "2027-12": 1}


def test_of_one_who_may_have_left_nothing_is_counted_however_many_runs_there_are(bench: Any):
    mapping = '[roll.columns]\nleft_on = { header = "left_on", empty = "unknown" }\n'
    rows = bench.row(left_on="2099-01-01"), bench.row(id="A2")
    found = forecast(bench, *rows, mapping=mapping)
    assert (due(found), found.undetermined) == ({"2026-12": 1, "2027-12": 1}, 1)


def test_the_rows_of_one_key_are_counted_once(shared_bench: Any):
    found = forecast(
        shared_bench,
        shared_bench.row(),
        shared_bench.row(),
        shared_bench.row(id="A2"),
        shared_bench.row(id=" A1 "),
    )
    assert (found.members, found.rejected) == (4, 2)
    assert due(found) == {"2026-12": 2, "2027-12": 2}


def test_an_empty_roll_has_months_without_documents(shared_bench: Any):
    found = forecast(shared_bench)
    assert (found.members, found.months.total(), len(found.months.months())) == (0, 0, 16)


# --- the same for any parts of a roll


def test_the_parts_of_a_roll_change_nothing(bench: Any):
    rows = [
        bench.row(id=f"A{n % 250}", **held("2026-01-10", f"2027-{n % 12 + 1:02}-10"))
        for n in range(300)  # fifty keys come twice, the second time in another file
    ]
    folder = bench.folder / "roll"
    folder.mkdir()
    days = [fact for fact in bench.facts if fact.endswith(("_date", "_on", "_until"))]
    schema = {fact: pl.Date if fact in days else pl.String for fact in bench.facts}
    for part in range(4):
        columns = zip(*rows[part * 75 : part * 75 + 75], strict=True)
        cells = {
            fact: [date.fromisoformat(cell) if cell and fact in days else cell or None for cell in column]
            for fact, column in zip(bench.facts, columns, strict=True)
        }
        pl.DataFrame(cells, schema).write_parquet(folder / f"part{part}.parquet")
    rulebook = bench.rulebook()
    found = forecast_roll(rulebook, Ahead(folder, FIRST, LAST))
    whole = forecast(bench, *rows)
    assert found.months.to_csv() == whole.months.to_csv()
    assert (found.months, found.rejected) == (whole.months, 50)


# --- the command


def test_the_command_shows_a_row_for_each_month(bench: Any):
    rows = bench.row(), bench.row(id="A2", **held("2026-02-15", "2027-02-15"))
    done = command(bench.policy(), bench.csv(rows), "--from", "2026-12", "--through", "2027-03")
    assert (done.exit_code, done.stderr) == (0, "")
    assert [line.split() for line in done.stdout.splitlines() if line[:2] == "20" or "Total" in line] == [
        ["Month", "eligibility", "certificate", "Total"],
        *(["2026-12", "1", "1"], ["2027-01", "0", "0"], ["2027-02", "1", "1"], ["2027-03", "0", "0"]),
        ["Total", "2", "2"],
    ]


def test_the_notes_stand_on_standard_error_in_both_languages(bench: Any):
    rows = bench.row(id="A2", my_number_card=""), bench.row(id="")
    asked = (bench.policy(OPEN_CARD), bench.csv(rows), "--from", "2026-12", "--through", "2026-12")
    assert command(*asked).stderr.splitlines() == [
        "note: of 1 members something is not known; more may be owed to them.",
        "note: 1 rows could not be read, and are not counted.",
    ]
    assert command(*asked, lang="ja").stderr.splitlines() == [
        "注意: 1 人は不明な項目があり、これより多くなることがあります。",
        "注意: 読めない行 1 行は数えていません。",
    ]


def test_facts_that_rules_read_without_a_column_are_a_note(bench: Any):
    facts = [fact for fact in bench.facts if fact not in ("insurance_use", "birth_date")]
    cells = [cell for fact, cell in zip(bench.facts, bench.row(), strict=True) if fact in facts]
    asked = (bench.policy(), bench.csv([cells], facts), "--from", "2026-12", "--through", "2026-12")
    (said,) = command(*asked).stderr.splitlines()
    assert said == "note: the roll has no column insurance_use: that was taken as unknown for everybody."
    (said,) = command(*asked, lang="ja").stderr.splitlines()
    assert said == "注意: 名簿にない列: insurance_use。その項目は全員について不明として判定しました。"


def test_json_has_the_months_and_what_they_leave_out(bench: Any):
    asked = (bench.policy(), bench.csv([bench.row()]), "--from", "2026-12", "--through", "2027-01", "--json")
    done = command(*asked)
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "schema": "hokensha/forecast/1",
        "first": "2026-12",
        "last": "2027-01",
        "months": {"2026-12": {CERTIFICATE: {DUE: 1}}, "2027-01": {}},
        "read": 1,
        "undetermined": 0,
        "rejected": 0,
    }


def test_files_are_written_as_asked_and_quietly_if_so(bench: Any):
    mapping = f'[roll]\nas_of_header = "asof"\n{OPEN_CARD}'
    rows = bench.row(), bench.row(id="A2", my_number_card=""), bench.row(id="")
    roll = bench.csv([[*row, "2026-10-31"] for row in rows], [*bench.facts, "asof"])
    names = ("budget.csv", "budget.svg", "budget.html")
    files = [bench.folder / name for name in names]
    options = [each for file in files for each in (f"--{file.suffix[1:]}", file)]
    asked = (bench.policy(mapping), roll, "--from", "2026-12", "--through", "2027-12", *options)
    said = command(*asked)
    assert said.exit_code == 0
    assert [line for line in said.stdout.splitlines() if "Written" in line] == [
        f"Written to {file}." for file in files
    ]
    written = [file.read_bytes() for file in files]
    assert written[0].decode() == (
        "month,document,trigger,count\r\n"
        "2026-12,eligibility-certificate,certificate-due,1\r\n"
        "2027-12,eligibility-certificate,certificate-due,1\r\n"
    )
    assert written[1].startswith(b"<svg")
    page = written[2].decode()
    assert f"sha256:{sha256(roll.read_bytes()).hexdigest()}" in page
    for text in (
        *("roll.csv", "Roll as of", "2026-10-31"),
        *("of 1 members something is not known", "1 人は不明な項目があり"),
        *("1 rows could not be read", "読めない行 1 行は数えていません"),
    ):
        assert text in page
    quiet = command(*asked, "--quiet")
    assert (quiet.exit_code, quiet.output) == (0, "")
    assert [file.read_bytes() for file in files] == written


def test_a_page_without_an_as_of_day_and_without_notes_has_neither(bench: Any):
    page = bench.folder / "budget.html"
    asked = ("--from", "2026-12", "--through", "2026-12", "--html", page, "--quiet")
    assert command(bench.policy(), bench.csv([bench.row()]), *asked).exit_code == 0
    text = page.read_text("utf-8")
    assert "Roll as of" not in text
    assert "note:" not in text


def test_a_file_that_cannot_be_written_is_said(bench: Any):
    (bench.folder / "a_file").write_text("mine")
    target = bench.folder / "a_file" / "budget.csv"
    asked = ("--from", "2026-12", "--through", "2026-12", "--csv", target, "--quiet")
    done = command(bench.policy(), bench.csv([bench.row()]), *asked)
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--from", "2027-01", "--through", "2026-12"), "expected a month from the first on"),
        (("--from", "2027-01", "--through", "2077-02"), "at most 50 years after it"),
        (("--from", "2027-13", "--through", "2028-01"), "expected a month as YYYY-MM, found '2027-13'"),
        (("--from", "2027-1", "--through", "2028-01"), "expected a month as YYYY-MM, found '2027-1'"),
        (("--from", "2027-01-01", "--through", "2028-01"), "expected a month as YYYY-MM"),
        (("--from", "２０２７-01", "--through", "2028-01"), "expected a month as YYYY-MM"),
        (("--from", "2027-01"), "--through"),
        (("--through", "2027-01"), "--from"),
        (("--from", "2027-01", "--through", "2027-02", "--run-day", "0"), "--run-day"),
        (("--from", "2027-01", "--through", "2027-02", "--run-day", "32"), "--run-day"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_read(bench: Any, options, said):
    done = command("no-policy.toml", "no-roll.csv", *options)
    assert done.exit_code == 2
    assert said in done.stderr


@pytest.mark.parametrize(("policy", "roll"), [("none.toml", None), (None, "none.csv")])
def test_a_policy_or_a_roll_that_is_missing_is_one_line(bench: Any, policy, roll):
    files = (policy or bench.policy(), roll or bench.csv([bench.row()]))
    done = command(*files, "--from", "2026-12", "--through", "2026-12")
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)


# --- in the report of a run


def test_a_run_looks_ahead_from_its_own_day_on(bench: Any, monkeypatch: pytest.MonkeyPatch):
    """Asked on 21 November, the month's runs of the 10th and the 20th are over."""
    seen: list[Months | None] = []
    monkeypatch.setattr(running, "report_html", lambda _book, _summary, months: seen.append(months) or "")
    rows = bench.row(), bench.row(id="A2", **held("2025-12-15", "2026-12-15"))
    bench.run(bench.csv(rows), ahead=2)
    bench.run(bench.csv(rows))
    months = {("2026-11", CERTIFICATE, DUE): 1, ("2026-12", CERTIFICATE, DUE): 1}
    assert seen == [Months("2026-11", "2026-12", months), None]
