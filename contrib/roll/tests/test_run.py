"""A run: what it writes, what it refuses, and that every row is accounted for."""

from __future__ import annotations

import gzip
import os
from datetime import date
from hashlib import sha256
from typing import Any

import polars as pl
import pytest

from hokensha.engine import decide
from hokensha.errors import HokenshaError
from hokensha.facts import parse_member
from hokensha_roll.intake.sizes import Sizes
from hokensha_roll.output.replacing import OutputError

MAPPED = """
[roll]
encoding = "cp932"
[roll.columns]
id = { header = "管理番号" }
birth_date = { header = "生年月日", form = "wareki" }
enrolled_on = { header = "取得日", form = "yyyymmdd" }
my_number_card = { header = "カード", empty = "unknown", values = { "無" = "none", "有" = "held" } }
insurance_use = { header = "登録", values = { "未" = "unregistered", "済" = "registered" } }
electronic_certificate_expires_on = { header = "証明書", form = "wareki", empty = "unknown" }
"""
INDIVIDUAL_NUMBER = "123456789018"


def said(error: pytest.ExceptionInfo[HokenshaError]) -> str:
    return str(error.value)


def test_a_run_writes_what_is_owed_and_accounts_for_every_row(bench: Any):
    rows = [
        bench.row(),
        bench.row(
            id="A2",
            my_number_card="held",
            insurance_use="registered",
            electronic_certificate_expires_on="2026-08-21",
        ),
        bench.row(
            id="A3",
            eligibility_certificate_issued_on="2025-11-01",
            eligibility_certificate_valid_until="2026-10-31",
        ),
        bench.row(id="A4", birth_date="1980-13-05"),
    ]
    summary = bench.run(bench.csv(rows))
    assert bench.table("issuances") == [
        {
            "id": id_,
            "document": "eligibility-certificate",
            "trigger": "certificate-due",
            "basis": "ex-officio",
            "due_from": "",
            "due_through": "",
            "valid_until": "2027-11-21",
            "modality": "exact",
            "medium": "",
            "channel": "direct",
            "form": "交付申請書",
        }
        for id_ in ("A1", "A3")
    ]
    assert bench.table("returns") == [
        {"id": "A3", "document": "eligibility-certificate", "action": "destroy"}
    ]
    assert bench.table("undetermined") == []
    assert bench.table("rejected") == [
        {"line": "5", "column": "birth_date", "value": "1980-13-05", "reason": "no such day in the calendar"}
    ]
    assert bench.summary() == {
        "schema": "hokensha/run/1",
        "read": 4,
        "decided": 3,
        "undetermined": 0,
        "rejected": 1,
        "skipped": 0,
        "issuances": {"eligibility-certificate": {"certificate-due": 2}},
        "not_owed": {"eligibility-certificate": {"serves-already": 1}},
        "stranded": 0,
        "absent": [],
        "lacking": 0,
        "policy_digest": summary.policy_digest,
        "roll_digest": summary.roll_digest,
        "output_digests": {
            name: f"sha256:{sha256((bench.folder / 'out' / name).read_bytes()).hexdigest()}"
            for name in ("issuances.csv", "rejected.csv", "returns.csv", "stranded.csv", "undetermined.csv")
        },
        "on": "2026-11-21",
        "as_of": None,
    }
    assert {path.name for path in (bench.folder / "out").iterdir()} == {
        *("issuances.csv", "returns.csv", "undetermined.csv", "stranded.csv"),
        *("rejected.csv", "summary.json", "report.html"),
    }
    assert [path.name for path in bench.folder.iterdir() if path.name.startswith(".")] == []


def test_an_unknown_fact_that_matters_makes_a_member_undetermined(bench: Any):
    roll = bench.csv([bench.row(my_number_card="")], name="roll.csv")
    mapping = '[roll.columns]\nmy_number_card = { header = "my_number_card", empty = "unknown" }\n'
    bench.run(roll, mapping)
    (found,) = bench.table("undetermined")
    assert found["id"] == "A1"
    assert "my_number_card" in found["missing"].split()


def test_an_empty_cell_can_stand_for_a_default(bench: Any):
    roll = bench.csv([bench.row(my_number_card="")], name="roll.csv")
    column = 'header = "my_number_card", empty = "default", default = "none"'
    bench.run(roll, f"[roll.columns]\nmy_number_card = {{ {column} }}\n")
    (found,) = bench.table("issuances")
    assert (found["id"], found["document"]) == ("A1", "eligibility-certificate")


def test_a_default_that_the_fact_cannot_have_stops_the_run(bench: Any):
    column = 'header = "my_number_card", empty = "default", default = "perhaps"'
    with pytest.raises(HokenshaError, match="expected one of none, held"):
        bench.run(bench.csv([bench.row()]), f"[roll.columns]\nmy_number_card = {{ {column} }}\n")


def test_an_absent_column_is_unknown_for_every_row(bench: Any):
    facts = [fact for fact in bench.facts if fact != "insurance_use"]
    cells = dict(zip(bench.facts, bench.row(my_number_card="held"), strict=True))
    cells["electronic_certificate_expires_on"] = "2030-01-01"
    bench.run(bench.csv([[cells[fact] for fact in facts]], facts))
    assert bench.table("undetermined") == [{"id": "A1", "missing": "insurance_use"}]


def test_mapped_headers_codes_days_and_encoding(bench: Any):
    header = "管理番号,生年月日,取得日,カード,登録,証明書,left_on\r\n"
    line = "１,昭和55年5月5日,20100401,有,済,R12.1.1,\r\n2,S55.5.5,20100401,無,未,,2026-04-01\r\n"
    path = bench.folder / "roll.csv"
    path.write_bytes((header + line).encode("cp932"))
    summary = bench.run(path, MAPPED)
    assert (summary.read, summary.rejected) == (2, 0)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_and_gzip_are_seen_through(bench: Any, mark: bytes):
    plain = bench.csv([bench.row()])
    path = bench.folder / "roll.csv.gz"
    path.write_bytes(gzip.compress(mark + plain.read_bytes()))
    assert bench.run(path).decided == 1


def test_parquet_says_the_same_as_csv(bench: Any):
    rows = [
        bench.row(),
        bench.row(id="A2", left_on="2026-01-01"),
        bench.row(id="A3", eligibility_certificate_issued_on="2026-11-01"),
    ]
    bench.run(bench.csv(rows))
    expected = bench.table("issuances")
    days = {fact for fact in bench.facts if fact.endswith(("_on", "_until", "_date"))}
    columns = {
        fact: [date.fromisoformat(v) if v and fact in days else v or None for v in values]
        for fact, values in zip(bench.facts, zip(*rows, strict=True), strict=True)
    }
    path = bench.folder / "roll.parquet"
    pl.DataFrame(columns).write_parquet(path)
    bench.run(path, format="parquet")
    written = pl.read_parquet(bench.folder / "out" / "issuances.parquet")
    assert written.schema["valid_until"] == pl.Date
    assert [
        {k: "" if v is None else str(v) for k, v in each.items()} for each in written.to_dicts()
    ] == expected


def test_columns_that_do_not_fit_are_one_error_with_the_nearest_names(bench: Any):
    header = ["ident", "birth_day", "enrolled_on", "enrolled_on", ""]
    with pytest.raises(HokenshaError) as caught:
        bench.run(bench.csv([], header))
    findings = [str(finding) for finding in caught.value.findings]
    assert len(findings) == 5
    assert "did you mean 'birth_date'?" in findings[1]
    assert "has no header" in findings[2]
    assert "'enrolled_on' stands 2 times" in findings[3]
    assert "expected a column 'id'" in findings[4]
    assert not (bench.folder / "out").exists()


def test_a_file_without_a_header_is_not_repeated(bench: Any):
    with pytest.raises(HokenshaError) as caught:
        bench.run(bench.csv([], bench.row()))
    assert "1980-05-05" not in said(caught)


@pytest.mark.parametrize(
    ("cells", "column", "value", "reason"),
    [
        ({"id": ""}, "id", "", "is empty"),
        ({"id": "=1+1"}, "id", "'=1+1", "formula"),
        ({"id": "＝1"}, "id", "'＝1", "formula"),
        ({"birth_date": ""}, "birth_date", "", "cannot be none"),
        ({"my_number_card": "lots"}, "my_number_card", "lots", "expected one of none, held"),
        ({"left_on": "=HYPERLINK(1)"}, "left_on", "'=HYPERLINK(1)", "YYYY-MM-DD"),
        ({"my_number_card": INDIVIDUAL_NUMBER}, "my_number_card", "", "individual number"),
        ({"id": "1234-5678-9018", "left_on": "soon"}, "id", "", "individual number"),
        ({"birth_date": "x", "left_on": "soon"}, "birth_date", "x", "at fault, too: left_on"),
    ],
)
def test_rows_are_rejected_with_column_and_reason(bench: Any, cells, column, value, reason):
    bench.run(bench.csv([bench.row(), bench.row(**{"id": "A2", **cells})]))
    (found,) = bench.table("rejected")
    assert (found["line"], found["column"], found["value"]) == ("3", column, value)
    assert reason in found["reason"]
    assert "9018" not in "".join(path.read_text("utf-8") for path in (bench.folder / "out").iterdir())


def test_sensitive_values_are_not_repeated(bench: Any):
    header = [*bench.facts, "insurer_number"]
    bench.run(bench.csv([[*bench.row(), "99999999"]], header))
    (found,) = bench.table("rejected")
    assert (found["column"], found["value"]) == ("insurer_number", "")


def test_later_rows_of_the_same_key_are_rejected_across_chunks(bench: Any):
    rows = [
        bench.row(),
        bench.row(id="A2"),
        bench.row(id="A3"),
        bench.row(id=" A1 "),
        bench.row(id="A2", birth_date=""),
    ]
    summary = bench.run(bench.csv(rows), sizes=Sizes(piece=1, block=2))
    assert (summary.decided, summary.rejected) == (3, 2)
    assert [(found["line"], found["reason"]) for found in bench.table("rejected")] == [
        ("5", "the key of an earlier row"),
        ("6", "the key of an earlier row"),
    ]


def test_lines_are_those_of_the_file(bench: Any):
    path = bench.csv([bench.row(id="A\n1"), bench.row(id="A2", birth_date="")])
    path.write_text(path.read_text("utf-8") + "\n\nA3,1980-05-05\n", encoding="utf-8")
    bench.run(path)
    found = [(each["line"], each["reason"][:8]) for each in bench.table("rejected")]
    assert found == [("4", "is empty"), ("7", "expected")]


@pytest.mark.parametrize(
    ("policy", "as_of", "fits"),
    [
        ("any", None, True),
        ("any", "2026-04-30", True),
        ("run-day", "2026-11-21", True),
        ("run-day", None, False),
        ("run-day", "2026-11-20", False),
        ("end-of-previous-month", "2026-10-31", True),
        ("end-of-previous-month", "2026-09-30", False),
        ("end-of-previous-month", None, False),
    ],
)
@pytest.mark.parametrize("in_column", [False, True])
def test_the_roll_has_to_be_the_state_of_the_day_that_the_run_needs(
    bench: Any, policy, as_of, fits, in_column
):
    mapping = f'[roll]\nas_of = "{policy}"\nas_of_header = "基準日"\n'
    if in_column and as_of:
        roll, day = bench.csv([[*bench.row(), as_of]], [*bench.facts, "基準日"]), None
    else:
        roll, day = bench.csv([bench.row()]), as_of and date.fromisoformat(as_of)
    if fits:
        assert bench.run(roll, mapping, as_of=day).to_json()["as_of"] == as_of
    else:
        with pytest.raises(HokenshaError, match="expected the roll as of"):
            bench.run(roll, mapping, as_of=day)
        assert not (bench.folder / "out").exists()


def test_rows_that_disagree_on_the_as_of_day_stop_the_run(bench: Any):
    roll = bench.csv(
        [[*bench.row(), "2026-11-21"], [*bench.row(id="A2"), "2026-11-20"]], [*bench.facts, "asof"]
    )
    with pytest.raises(HokenshaError, match=r"line 3.*the rows before said 2026-11-21"):
        bench.run(roll, '[roll]\nas_of_header = "asof"\n')
    assert not (bench.folder / "out").exists()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"id,birth_date\nA\xff,1980-05-05\n", "line 2: expected utf-8"),
        (b'id,birth_date\n"A1,1980-05-05\n', "cannot be read as CSV"),
    ],
)
def test_files_that_cannot_be_read_are_refused(bench: Any, data, reason):
    path = bench.folder / "roll.csv"
    path.write_bytes(data)
    with pytest.raises(HokenshaError, match=reason):
        bench.run(path)
    assert not (bench.folder / "out").exists()


@pytest.mark.parametrize("name", ["roll.parquet", "roll.csv.gz"])
def test_damaged_files_are_refused(bench: Any, name):
    path = bench.folder / name
    path.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(HokenshaError, match=name):
        bench.run(path)


def test_parquet_columns_of_other_types_do_not_fit(bench: Any):
    path = bench.folder / "roll.parquet"
    pl.DataFrame({"id": [1.0], "birth_date": ["1980-05-05"]}).write_parquet(path)
    with pytest.raises(HokenshaError, match="expected cells of type text or integer for the fact 'id'"):
        bench.run(path)


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_the_same_inputs_give_the_same_bytes_however_they_are_read(bench: Any, format_):
    roll = bench.csv([bench.row(id=f"A{n}", left_on="" if n % 3 else "x") for n in range(500)])
    found = []
    for piece, block in ((1 << 23, 1 << 17), (1000, 64), (1, 1), (1 << 23, 100)):
        bench.run(roll, format=format_, sizes=Sizes(piece=piece, block=block))
        found.append({path.name: path.read_bytes() for path in (bench.folder / "out").iterdir()})
    assert all(each == found[0] for each in found)


def test_an_earlier_run_is_replaced_and_nothing_else(bench: Any):
    out = bench.folder / "out"
    out.mkdir()
    bench.run(bench.csv([bench.row()]))
    bench.run(bench.csv([bench.row(), bench.row(id="A2")]))
    assert bench.summary()["read"] == 2
    (out / "letter.txt").write_text("mine")
    with pytest.raises(HokenshaError, match=r"holds 'letter\.txt'"):
        bench.run(bench.csv([bench.row()]))
    (out / "summary.json").unlink()
    with pytest.raises(HokenshaError, match="is not empty"):
        bench.run(bench.csv([bench.row()]))
    assert (out / "letter.txt").read_text() == "mine"


def test_a_failure_while_writing_leaves_what_was_there(bench: Any, monkeypatch):
    bench.run(bench.csv([bench.row()]))
    before = (bench.folder / "out" / "summary.json").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        bench.run(bench.csv([bench.row(), bench.row(id="A2")]))
    monkeypatch.undo()
    assert (bench.folder / "out" / "summary.json").read_bytes() == before
    assert [path.name for path in bench.folder.iterdir() if path.name.startswith(".")] == []


def test_a_run_says_of_each_member_what_decide_says(bench: Any):
    facts = {
        "id": "A1",
        "birth_date": "1980-05-05",
        "enrolled_on": "2010-04-01",
        "my_number_card": "none",
        "left_on": None,
        "eligibility_certificate_issued_on": None,
    }
    rulebook = bench.rulebook()
    decision = decide(rulebook, parse_member(facts, rulebook.catalogue), bench.on)
    bench.run(bench.csv([[str(v or "") for v in facts.values()]], list(facts)))
    assert [found["missing"].split() for found in bench.table("undetermined")] == (
        [list(decision.missing)] if decision.missing else []
    )
    assert [found["document"] for found in bench.table("issuances")] == [
        issuance.document.id for issuance in decision.issuances
    ]


def test_the_command_says_what_it_did(bench: Any):
    policy, roll, out = bench.policy(), bench.csv([bench.row()]), bench.folder / "out"
    done = bench.command(policy, roll, "--on", bench.on, "--out", out)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Decided" in done.stdout
    quiet = bench.command(policy, roll, "--on", bench.on, "--out", out, "--quiet")
    assert (quiet.exit_code, quiet.output) == (0, "")
    as_json = bench.command(policy, roll, "--on", bench.on, "--out", out, "--json")
    assert as_json.stdout.startswith('{"schema":"hokensha/run/1","read":1,')
    rejected = bench.command(policy, bench.csv([bench.row(id="")]), "--on", bench.on, "--out", out)
    assert rejected.exit_code == 3
    faulty = bench.command(policy, bench.folder / "none.csv", "--on", bench.on, "--out", out)
    assert (faulty.exit_code, len(faulty.stderr.splitlines())) == (1, 1)
    assert bench.command(policy, roll, "--out", out).exit_code == 2


def test_a_mapped_column_that_the_roll_lacks_is_said(bench: Any):
    """A column that was dropped on export looks like an unknown fact; the run says so, and goes on."""
    policy = bench.policy('[roll.columns]\ninsurance_use = { header = "登録" }\n')
    facts = [fact for fact in bench.facts if fact != "insurance_use"]
    cells = [cell for fact, cell in zip(bench.facts, bench.row(), strict=True) if fact in facts]
    done = bench.command(policy, bench.csv([cells], facts), "--on", bench.on, "--out", bench.folder / "out")
    assert done.exit_code == 0
    assert "note: the roll has no column 登録: that was taken as unknown for everybody." in done.stderr


def test_facts_that_rules_read_without_a_column_are_said_loudly(bench: Any):
    """Whom that leaves undetermined is told, with every such fact; in Japanese too, and in the summary."""
    facts = ("id", "birth_date", "enrolled_on", "left_on", "my_number_card")
    rows = [
        ["A1", "1980-05-05", "2010-04-01", "", "held"],
        ["A2", "1980-05-05", "2010-04-01", "2020-01-01", "held"],
    ]
    out = bench.folder / "out"
    asked = (bench.policy(), bench.csv(rows, facts), "--on", bench.on, "--out", out)
    said = bench.command(*asked).stderr
    assert "warning: 2 of 2 members are undetermined since the roll has no column for facts" in said
    assert "registration for use as insurance card (insurance_use)" in said
    assert "[tool.roll.columns]" in said
    said = bench.command("--lang", "ja", *asked).stderr
    assert (
        "警告: 加入者 2 人のうち 2 人は、規則が使う次の項目の列が名簿にないため、まだ答えが出ません" in said
    )
    assert "健康保険証利用登録 (insurance_use)" in said
    assert bench.summary()["lacking"] == 2
    assert "insurance_use" in bench.summary()["absent"]
    assert "birth_date" not in bench.summary()["absent"]  # no rule reads it
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "For want of these columns" in page
    assert "列がないために判定できない加入者" in page


def test_a_roll_of_a_later_day_and_an_empty_one_are_said(bench: Any):
    arguments = ("--on", bench.on, "--out", bench.folder / "out", "--as-of", "2026-11-22")
    done = bench.command(bench.policy(), bench.csv([]), *arguments)
    assert done.exit_code == 0
    assert "note: the roll is the state of 2026-11-22, after the day asked, 2026-11-21." in done.stderr
    assert "note: the roll holds no members." in done.stderr


def test_rows_in_which_nothing_stands_are_no_members_and_are_told(bench: Any):
    """They are not counted as read, so that the numbers add up."""
    roll = bench.csv([bench.row(), [""] * 14, bench.row(id="A2"), [""] * 14])
    done = bench.command(
        bench.policy(), roll, "--on", bench.on, "--out", bench.folder / "out", "--expect-rows", 2
    )
    assert (done.exit_code, bench.summary()["read"], bench.summary()["skipped"]) == (0, 2, 2)
    assert "note: 2 rows with nothing in them were passed over.\n" in done.stderr
    assert bench.run(bench.csv([[""] * 14])).read == 0


def test_a_mapped_member_without_a_left_day_may_have_a_filler_instead(bench: Any):
    column = 'header = "left_on", form = "yyyymmdd", empty = "unknown", fillers = ["99999999"]'
    rows = [bench.row(left_on="99999999"), bench.row(id="A2", left_on="")]
    bench.run(bench.csv(rows), f"[tool.roll.columns]\nleft_on = {{ {column} }}\n")
    assert [row["id"] for row in bench.table("issuances") if row["valid_until"]] == ["A1"]
    assert [row["id"] for row in bench.table("undetermined")] == ["A2"]


@pytest.mark.parametrize("name", ["1234.5678.9018", "o-123456789018", "1234\u200b5678\u200b9018"])
def test_a_folder_whose_name_holds_an_individual_number_is_refused_and_not_named(bench: Any, name: str):
    target = bench.folder / name
    result = bench.command(bench.policy(), bench.csv([bench.row()]), "--on", "2026-11-21", "--out", target)
    assert 1 == result.exit_code
    assert "individual number" in result.stderr
    assert "5678" not in result.output
    assert not target.exists()
