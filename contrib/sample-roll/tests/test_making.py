"""A made-up roll: the same bytes for the same question, as the policy maps it, of members who could be."""

from __future__ import annotations

import csv
import gzip
import importlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result
from tiny import CATALOGUE

from hokensha.errors import HokenshaError
from hokensha.facts import holds_individual_number, insurer_number_problem
from hokensha.policy import open_rulebook
from hokensha_cli.main import cli
from hokensha_cli.wareki import parse_day
from hokensha_sample_roll import making
from hokensha_sample_roll.draws import Draws
from hokensha_sample_roll.making import Made, Wanted
from hokensha_sample_roll.shares import shares
from hokensha_sample_roll.status import CARD, USE

AS_OF = date(2026, 10, 31)
MAPPED = """
[roll]
encoding = "cp932"
as_of_header = "基準日"
as_of_form = "wareki"
[roll.columns]
id = { header = "管理番号" }
birth_date = { header = "生年月日", form = "wareki" }
relation = { header = "本人・家族", values = { "本人" = "insured", "家族,他" = "dependent" } }
continuation = { header = "任継", empty = "default", default = false, values = { "○" = true } }
enrolled_on = { header = "取得日", form = "yyyymmdd" }
left_on = { header = "喪失日" }
my_number_card = { header = "券", empty = "unknown", values = {"無" = "none", "有" = "held", "紛" = "lost"} }
insurance_use = { header = "登録", values = { "未" = "unregistered", "済" = "registered" } }
electronic_certificate_expires_on = { header = "証明書", form = "wareki", empty = "unknown" }
my_number_card_expires_on = { header = "期限", empty = "unknown" }
needs_assistance = { header = "要配慮", empty = "unknown" }
eligibility_certificate_issued_on = { header = "確認書" }
eligibility_certificate_valid_until = { header = "確認書期限" }
eligibility_certificate_returned_on = { header = "確認書返却" }
eligibility_notice_issued_on = { header = "お知らせ" }
health_insurance_card_valid_until = { header = "保険証期限" }
health_insurance_card_returned_on = { header = "保険証返却" }
"""
OPEN = ["券", "証明書", "期限", "要配慮"]
"""The columns of that mapping whose empty cells mean that something is not known."""

AGED = '''
from hokensha import Plugin, flag, reached
from hokensha_standard import LATE_ELDERLY

plugin = Plugin()
FROM_65 = reached("from-65", "65歳", "65 reached")
DISABLED = flag("disabled", "disability_recognised", "障害認定", "disability recognised")
plugin.add(FROM_65, DISABLED)

@plugin.scheme("of-age", "対象年齢", "of age")
def of_age(s):
    """75, or 65 with a disability."""
    return s[LATE_ELDERLY] or (s[FROM_65] and s[DISABLED])
'''
OF_AGE = """
[figures.late-elderly-from]
of = "birth_date"
modality = "exact"
rule = [{ birthday = 75 }]
cites = ["t-1"]
[figures.from-65]
of = "birth_date"
modality = "exact"
rule = [{ birthday = 65 }]
cites = ["t-1"]
[rules.of-age]
cites = ["t-1"]
"""


@pytest.fixture(scope="module")  # tests of other folders, in the same process, do not see the plugin
def _aged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    site = tmp_path_factory.mktemp("aged")
    info = site / "hokensha_aged-1.0.dist-info"
    info.mkdir()
    (site / "hokensha_aged.py").write_text(AGED, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hokensha-aged\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[hokensha]\naged = hokensha_aged:plugin\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site))
        importlib.invalidate_caches()
        yield


def make(bench: Any, name: str = "made.csv", mapping: str = "", **wanted: Any) -> Made:
    """A roll of 300 members, if nothing else is asked for."""
    asked = {"members": 300, "seed": 1, "as_of": AS_OF, **wanted}
    return making.make_roll(bench.rulebook(mapping), Wanted(bench.folder / name, **asked))


def text(bench: Any, name: str = "made.csv", encoding: str = "utf-8") -> list[list[str]]:
    """A made roll's cells, the headers first."""
    with (bench.folder / name).open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def members(bench: Any, mapping: str = "", **wanted: Any) -> list[dict[str, Any]]:
    """A made roll's members, with every fact that a column holds."""
    make(bench, "made.parquet", mapping, **wanted)
    return pl.read_parquet(bench.folder / "made.parquet").to_dicts()


def of_age(bench: Any, figures: str = OF_AGE, **wanted: Any) -> list[dict[str, Any]]:
    """Members of a society that covers those of age."""
    path = Path(bench.policy())
    policy = path.read_text(encoding="utf-8").replace('plugins = ["tiny"]', 'plugins = ["tiny", "aged"]')
    path.write_text(policy + figures, encoding="utf-8")
    asked = {"members": 300, "seed": 1, "as_of": AS_OF, **wanted}
    making.make_roll(open_rulebook(str(path)), Wanted(bench.folder / "made.parquet", **asked))
    return pl.read_parquet(bench.folder / "made.parquet").to_dicts()


# --- the same question, the same bytes


@pytest.mark.parametrize("name", ["one.csv", "one.csv.gz", "one.parquet"])
def test_the_same_question_gives_the_same_bytes(bench: Any, name: str):
    first, again = make(bench, name), make(bench, f"again-{name}")
    assert (bench.folder / name).read_bytes() == (bench.folder / f"again-{name}").read_bytes()
    assert first.roll_digest == again.roll_digest


@pytest.mark.parametrize("block", [1, 17, 100, 1_000])
@pytest.mark.parametrize("name", ["made.csv", "made.parquet"])
def test_how_many_are_made_at_a_time_changes_nothing(bench: Any, name: str, block: int):
    mapping = MAPPED if name == "made.csv" else ""
    assert make(bench, name, mapping).roll_digest == make(bench, name, mapping, block=block).roll_digest


def test_fewer_members_are_the_first_of_more(bench: Any):
    make(bench, "few.csv", members=40)
    make(bench, "many.csv", members=300)
    assert text(bench, "few.csv") == text(bench, "many.csv")[:41]


def test_another_seed_makes_other_members(bench: Any):
    assert make(bench, seed=1).roll_digest != make(bench, seed=2).roll_digest


def test_draws_are_the_generators_own_whole_numbers():
    """The upper 53 bits of PCG64's numbers, of one stream for each thing that is drawn."""
    raw = np.random.PCG64(5).jumped(1 + crc32(b"one")).random_raw(1000)
    assert [*Draws(5, 1000).uniform("one")] == [int(number) / 2**53 for number in raw >> 11]
    one, other = (Draws(5, 1000).uniform(name) for name in ("one", "other"))
    assert one.min() >= 0
    assert one.max() < 1
    assert set((one * 2**53) % 1) == {0.0}
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.1
    draws = Draws(5, 300)
    assert [*draws.uniform("one"), *draws.of(700).uniform("one")] == [*one]


# --- as the policy maps it


def test_without_a_mapping_each_fact_has_a_column_of_its_name(bench: Any):
    make(bench)
    assert text(bench)[0] == list(bench.rulebook().catalogue.facts)


def test_a_mapping_says_headers_codes_days_and_encoding(bench: Any):
    made = make(bench, mapping=MAPPED, unknown=0.0)
    headers, *rows = text(bench, encoding="cp932")
    assert headers == [
        *(
            "管理番号",
            "生年月日",
            "本人・家族",
            "任継",
            "取得日",
            "喪失日",
            "券",
            "登録",
            "証明書",
            "期限",
        ),
        *("要配慮", "確認書", "確認書期限", "確認書返却", "お知らせ", "保険証期限", "保険証返却"),
        *("reissue_requested_on", "基準日"),
    ]
    cells = {header: {row[place] for row in rows} for place, header in enumerate(headers)}
    assert cells["基準日"] == {"R08.10.31"}
    assert cells["本人・家族"] == {"本人", "家族,他"}
    assert cells["任継"] == {"", "○"}  # no is the default, which an empty cell says
    assert cells["要配慮"] == {"true", "false"}
    assert all(parse_day(cell, "wareki") <= AS_OF for cell in cells["生年月日"])
    assert all(parse_day(cell, "yyyymmdd") <= AS_OF for cell in cells["取得日"])
    assert made.as_of == AS_OF


def test_a_code_that_the_mapping_lacks_is_said_of_nobody(bench: Any):
    """Without a cell for cards given back or being renewed, there are none; nor deregistered ones."""
    rows = members(bench, MAPPED, members=3000, unknown=0.0)
    assert {row["券"] for row in rows} == {"無", "有", "紛"}
    assert {row["登録"] for row in rows} == {"未", "済"}


def test_a_run_takes_every_row(bench: Any):
    make(bench, "made.csv", MAPPED, unknown=0.3)
    summary = bench.run(bench.folder / "made.csv", MAPPED)
    assert (summary.read, summary.rejected) == (300, 0)
    assert 0 < summary.undetermined < 100
    assert summary.as_of == AS_OF


def test_parquet_has_days_and_truth_as_such_and_codes_as_text(bench: Any):
    make(bench, "made.parquet")
    kinds = pl.read_parquet_schema(bench.folder / "made.parquet")
    catalogue = bench.rulebook().catalogue
    named = {"text": pl.String, "code": pl.String, "day": pl.Date, "boolean": pl.Boolean}
    assert kinds == {fact.id: named[fact.kind] for fact in catalogue.facts.values()}


def test_parquet_says_what_csv_says(bench: Any):
    make(bench, "made.csv", MAPPED)
    rows = members(bench, MAPPED)
    headers, *lines = text(bench, "made.csv", "cp932")
    days = {"生年月日": "wareki", "取得日": "yyyymmdd", "証明書": "wareki", "基準日": "wareki"}
    for row, cells in zip(rows, lines, strict=True):
        for header, cell in zip(headers, cells, strict=True):
            value = row[header]
            if isinstance(value, date):
                assert value == parse_day(cell, days.get(header, "iso"))
            else:
                assert cell == (
                    "" if value is None else str(value).lower() if value in (True, False) else value
                )


def test_row_groups_are_of_one_size_however_many_are_made_at_a_time(bench: Any):
    whole = make(bench, "made.parquet", MAPPED, members=131_072 + 10)
    assert (
        make(bench, "made.parquet", MAPPED, members=131_072 + 10, block=30_000).roll_digest
        == whole.roll_digest
    )


def test_a_compressed_roll_holds_the_same_lines(bench: Any):
    make(bench, "made.csv", MAPPED)
    make(bench, "made.csv.gz", MAPPED)
    assert (
        gzip.decompress((bench.folder / "made.csv.gz").read_bytes())
        == (bench.folder / "made.csv").read_bytes()
    )


def test_no_members_are_a_roll_too(bench: Any):
    make(bench, "none.csv", MAPPED, members=0)
    make(bench, "none.parquet", members=0)
    assert len(text(bench, "none.csv", "cp932")) == 1
    assert pl.read_parquet(bench.folder / "none.parquet").is_empty()


def test_a_mapping_that_a_run_would_refuse_is_refused(bench: Any):
    twice = MAPPED.replace('header = "喪失日"', 'header = "取得日"')
    with pytest.raises(HokenshaError, match="'取得日'"):
        make(bench, mapping=twice)
    assert not (bench.folder / "made.csv").exists()


def test_keys_have_as_many_digits_as_the_mapping_says(bench: Any):
    digits = (
        MAPPED.replace('"管理番号"', '"管理番号", digits = 9')
        + """
insurer_number = { header = "保険者番号", digits = 6 }
symbol = { header = "記号", digits = 4 }
number = { header = "番号", digits = 7 }
branch = { header = "枝番", digits = 3 }
"""
    )
    make(bench, mapping=digits)
    headers, *rows = text(bench, encoding="cp932")
    assert len({row[0] for row in rows}) == len(rows)
    wanted = {"管理番号": 9, "保険者番号": 6, "記号": 4, "番号": 7, "枝番": 3}
    for row in rows:
        cells = dict(zip(headers, row, strict=True))
        assert {header: len(cells[header]) for header in wanted} == wanted
        assert all(cells[header].isdecimal() for header in wanted)
    assert bench.run(bench.folder / "made.csv", digits).rejected == 0


def test_too_few_digits_for_the_keys_are_a_finding(bench: Any):
    with pytest.raises(HokenshaError, match="too few for the keys"):
        make(bench, mapping=MAPPED.replace('"管理番号"', '"管理番号", digits = 3'))


# --- what is not known


def test_every_fact_can_be_known(bench: Any):
    made = make(bench, mapping=MAPPED, unknown=0.0)
    headers, *rows = text(bench, encoding="cp932")
    held = [dict(zip(headers, row, strict=True)) for row in rows]
    assert made.unknown == 0
    for header in OPEN:
        assert all(row[header] for row in held if row["券"] != "無")


def test_only_columns_that_may_be_open_are(bench: Any):
    known = members(bench, MAPPED, members=2000, unknown=0.0)
    made = make(bench, "open.parquet", MAPPED, members=2000, unknown=0.5)
    some = pl.read_parquet(bench.folder / "open.parquet").to_dicts()
    changed = [
        {header for header in one if one[header] != other[header]}
        for one, other in zip(known, some, strict=True)
    ]
    assert set.union(*changed) == set(OPEN)
    assert made.unknown == sum(map(bool, changed))
    assert 900 < made.unknown < 1100
    assert all(one[header] is None for one, where in zip(some, changed, strict=True) for header in where)


def test_where_no_empty_cell_means_unknown_all_is_known(bench: Any):
    assert make(bench, unknown=1.0).unknown == 0


# --- members who could be


def test_keys_are_unique_and_no_individual_numbers(bench: Any):
    make(bench, "made.parquet", members=50_000)
    table = pl.read_parquet(bench.folder / "made.parquet")
    assert table["id"].n_unique() == 50_000
    sample = table.head(2_000).to_dicts()
    assert not any(holds_individual_number([str(cell) for cell in row.values()]) for row in sample)
    assert {insurer_number_problem(row["insurer_number"]) for row in sample} == {None}


EARLIER_LATER = (
    ("birth_date", "enrolled_on"),
    ("enrolled_on", "enrolment_received_on"),
    ("enrolment_received_on", "enrolment_processed_on"),
    ("enrolment_processed_on", "registered_on"),
    ("number_submitted_on", "registered_on"),
    ("enrolled_on", "left_on"),
    ("left_on", "loss_received_on"),
    ("enrolled_on", "eligibility_certificate_issued_on"),
    ("eligibility_certificate_issued_on", "eligibility_certificate_valid_until"),
    ("eligibility_certificate_issued_on", "eligibility_certificate_returned_on"),
    ("eligibility_certificate_issued_on", "left_on"),
    ("enrolled_on", "eligibility_notice_issued_on"),
    ("eligibility_notice_issued_on", "left_on"),
    ("enrolled_on", "certificate_requested_on"),
    ("enrolled_on", "reissue_requested_on"),
    ("enrolled_on", "deregistration_received_on"),
    ("deregistration_received_on", "deregistration_registered_on"),
    ("enrolled_on", "details_changed_on"),
    ("details_changed_on", "name_change_received_on"),
    ("enrolled_on", "branch_transferred_on"),
    ("enrolled_on", "departs_japan_on"),
    ("electronic_certificate_expires_on", "my_number_card_expires_on"),
)
NEEDED = (
    ("eligibility_certificate_valid_until", "eligibility_certificate_issued_on"),
    ("eligibility_certificate_returned_on", "eligibility_certificate_issued_on"),
    ("reissue_requested_on", "eligibility_certificate_issued_on"),
    ("health_insurance_card_returned_on", "health_insurance_card_valid_until"),
    ("deregistration_registered_on", "deregistration_received_on"),
    ("registered_on", "number_submitted_on"),
)
PLANNED = (
    *("left_on", "departs_japan_on", "my_number_card_expires_on", "electronic_certificate_expires_on"),
    *("health_insurance_card_valid_until", "eligibility_certificate_valid_until", "enrolled_on"),
)


@pytest.mark.parametrize("as_of", [date(2024, 12, 2), date(2025, 6, 30), AS_OF, date(2032, 2, 29)], ids=str)
@pytest.mark.parametrize("of", [members, of_age])
@pytest.mark.usefixtures("_aged")
def test_the_facts_of_a_member_fit_each_other(bench: Any, as_of: date, of: Any):
    for row in of(bench, members=4000, as_of=as_of):
        for earlier, later in EARLIER_LATER:
            assert not (row[earlier] and row[later]) or row[earlier] <= row[later], (
                earlier,
                later,
                row["id"],
            )
        for fact, needs in NEEDED:
            assert not row[fact] or row[needs], (fact, row["id"])
        for fact, value in row.items():
            if isinstance(value, date) and fact not in PLANNED:
                assert value <= as_of, (fact, row["id"])
        assert (row["eligibility_certificate_issued_on"] or AS_OF) >= date(2024, 12, 2)
        has_terms = row["my_number_card"] not in ("none", "returned")
        assert has_terms == bool(row["electronic_certificate_expires_on"]), row["id"]
        assert has_terms or row["insurance_use"] == "unregistered"


def _age(birth: date, on: date) -> int:
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def test_a_society_of_all_ages_has_families(bench: Any):
    rows = members(bench, members=5000)
    insured = {row["number"]: row for row in rows if row["relation"] == "insured"}
    dependents = [row for row in rows if row["relation"] == "dependent"]
    assert 0.3 < len(dependents) / len(rows) < 0.7
    assert {row["branch"] for row in insured.values()} == {"00"}
    assert 19 <= min(_age(row["birth_date"], AS_OF) for row in insured.values())
    assert {_age(row["birth_date"], AS_OF) // 10 for row in rows} >= set(range(8))
    for row in dependents:
        assert row["branch"] != "00"
        assert (row["symbol"], row["continuation"]) == tuple(
            insured[row["number"]][fact] for fact in ("symbol", "continuation")
        )
        assert row["enrolled_on"] >= insured[row["number"]]["enrolled_on"]


@pytest.mark.usefixtures("_aged")
def test_who_can_be_a_member_is_asked_of_the_rules(bench: Any):
    rows = of_age(bench, members=5000)
    ahead = [row for row in rows if row["enrolled_on"] > AS_OF]
    disabled = [row for row in rows if row["disability_recognised"]]
    assert {row["relation"] for row in rows} == {"insured"}
    assert {(row["symbol"], len(row["number"])) for row in rows} == {(None, 8)}
    assert ahead
    assert all(_age(row["birth_date"], row["enrolled_on"]) == 75 for row in ahead)
    assert {_age(row["birth_date"], AS_OF) for row in disabled} == set(range(65, 75))
    old = [row for row in rows if row not in ahead and row not in disabled]
    assert {_age(row["birth_date"], AS_OF) for row in old} >= set(range(75, 100))
    assert min(_age(row["birth_date"], row["enrolled_on"]) for row in old) == 75


def test_certificates_end_as_the_policy_says(bench: Any):
    """The tiny society's certificates are valid for a year, from those without a working card on."""
    rows = members(bench, members=3000)
    given = [row for row in rows if row["eligibility_certificate_issued_on"]]
    assert 0.15 < len(given) / len(rows) < 0.6
    for row in given:
        issued, until = row["eligibility_certificate_issued_on"], row["eligibility_certificate_valid_until"]
        assert (until.year, until.month) == (issued.year + 1, issued.month)
    without = [row for row in rows if row["my_number_card"] == "none" and not row["left_on"]]
    served = [row for row in without if (row["eligibility_certificate_valid_until"] or AS_OF) > AS_OF]
    assert 0.85 < len(served) / len(without) < 1


def test_little_is_owed_to_members_of_an_insurer_that_serves_them(bench: Any):
    make(bench, members=3000)
    summary = bench.run(bench.folder / "made.csv")
    assert 0 < sum(summary.issuances.values()) < 300


def test_codes_stand_in_the_order_of_the_catalogue():
    facts = CATALOGUE
    assert (facts["my_number_card"].values, facts["insurance_use"].values) == (CARD, USE)


def test_shares_are_shares():
    def figures(value: Any) -> Iterator[float]:
        if isinstance(value, dict):
            for each in value.values():
                yield from figures(each)
        elif isinstance(value, float):
            yield value

    assert all(0 <= share <= 1 for table in shares().values() for share in figures(table))


# --- the file


def test_an_earlier_file_is_replaced(bench: Any):
    (bench.folder / "made.csv").write_text("before")
    make(bench)
    assert len(text(bench)) == 301


@pytest.mark.parametrize("name", ["made.csv", "made.csv.gz", "made.parquet"])
def test_when_it_is_interrupted_the_earlier_file_stays(bench: Any, name: str):
    (bench.folder / name).write_text("before")

    def interrupt(rows: int, _: float) -> None:
        if rows > 100:
            raise KeyboardInterrupt

    asked = Wanted(bench.folder / name, 300, 1, AS_OF, block=60)
    with pytest.raises(KeyboardInterrupt):
        making.make_roll(bench.rulebook(), asked, interrupt)
    assert (bench.folder / name).read_text() == "before"
    assert sorted(path.name for path in bench.folder.iterdir()) == [name, "policy.toml"]


def test_a_character_that_the_encoding_lacks_is_a_finding(bench: Any):
    with pytest.raises(HokenshaError, match="which has no '✓'"):
        make(bench, mapping=MAPPED.replace('"○"', '"✓"'))
    assert not (bench.folder / "made.csv").exists()


def test_a_folder_is_not_replaced(bench: Any):
    (bench.folder / "made.csv").mkdir()
    with pytest.raises(HokenshaError, match="cannot be written"):
        make(bench)
    assert sorted(path.name for path in bench.folder.iterdir()) == ["made.csv", "policy.toml"]


@pytest.mark.parametrize("name", ["policy.csv", "hard link.csv", "soft link.csv"])
@pytest.mark.parametrize(("lang", "said"), [("en", "would replace"), ("ja", "失われます")])
def test_a_roll_is_not_written_over_its_policy(bench: Any, name: str, lang: str, said: str):
    policy = Path(bench.policy()).rename(bench.folder / "policy.csv")
    (bench.folder / "hard link.csv").hardlink_to(policy)
    (bench.folder / "soft link.csv").symlink_to(policy)
    before = policy.read_bytes()
    line = ("--lang", lang, "make-roll", policy, "--members", 1, "--seed", 1, "--out", bench.folder / name)
    done = CliRunner().invoke(cli, list(map(str, line)))
    assert (done.exit_code, said in done.stderr) == (1, True)
    assert policy.read_bytes() == before


def test_a_new_roll_is_its_owners_alone_and_one_that_is_replaced_keeps_its_mode(bench: Any):
    make(bench)
    made = bench.folder / "made.csv"
    assert made.stat().st_mode & 0o777 == 0o600
    made.chmod(0o640)
    make(bench)
    assert made.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", ["roll.txt", "roll", "roll.csv.zip"])
def test_another_ending_is_refused(bench: Any, name: str):
    with pytest.raises(HokenshaError, match=r"\.csv, \.csv\.gz or \.parquet"):
        make(bench, name)


@pytest.mark.parametrize("as_of", [date(2009, 12, 31), date(2151, 1, 1)])
def test_a_day_too_far_off_is_refused(bench: Any, as_of: date):
    with pytest.raises(HokenshaError, match="2010-01-01 to 2150-12-31"):
        make(bench, as_of=as_of)


@pytest.mark.usefixtures("_aged")
def test_a_policy_that_lets_nobody_in_is_refused(bench: Any):
    with pytest.raises(HokenshaError, match="let nobody in"):
        of_age(bench, OF_AGE.replace("birthday = 75", "birthday = 150"))


# --- the command


def command(*arguments: object) -> Result:
    """The command line, in English."""
    return CliRunner().invoke(cli, ["--lang", "en", "make-roll", *map(str, arguments)])


def test_the_command_makes_a_roll_as_of_the_policys_publication(bench: Any):
    out = bench.folder / "roll.csv"
    done = command(bench.policy(), "--members", 50, "--seed", 3, "--out", out)
    assert done.exit_code == 0
    assert done.stdout == (
        "A tiny society: 50 made-up members as of 2026-04-01, 0 of them with something unknown, "
        f"written to {out}.\n"
    )
    assert len(text(bench, "roll.csv")) == 51


def test_the_command_says_in_json_what_it_made(bench: Any):
    out = bench.folder / "roll.csv"
    asked = ["--members", 50, "--seed", 3, "--out", out, "--as-of", "R8.10.31", "--json"]
    said = json.loads(command(bench.policy(), *asked).stdout)
    made = make(bench, "roll.csv", members=50, seed=3)
    assert said == made.to_json()
    assert said["as_of"] == "2026-10-31"
    assert set(said) == {
        *("schema", "out", "members", "unknown", "seed", "as_of", "policy_digest", "roll_digest"),
    }


def test_the_command_can_be_quiet(bench: Any):
    done = command(bench.policy(), "--members", 5, "--seed", 3, "--out", bench.folder / "r.csv", "--quiet")
    assert (done.exit_code, done.output) == (0, "")


@pytest.mark.parametrize(
    "wrong",
    [
        ["--members", "-1", "--seed", "1"],
        ["--members", "9", "--seed", "-1"],
        ["--members", "9", "--seed", "1", "--unknown", "1.5"],
        ["--members", "9"],
    ],
)
def test_wrong_usage_exits_with_2(bench: Any, wrong: list[str]):
    assert command(bench.policy(), *wrong, "--out", bench.folder / "r.csv").exit_code == 2


def test_what_is_at_fault_exits_with_1_in_one_line(bench: Any):
    done = command(bench.policy(), "--members", 5, "--seed", 1, "--out", bench.folder / "roll.txt")
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert "roll.txt" in done.stderr
