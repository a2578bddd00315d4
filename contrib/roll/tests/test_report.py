"""The report of a run, and the page and chart of a forecast: what they show, and what they never do."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import html5lib
import pytest
from attrs import evolve

from hokensha.policy import Rulebook, Terms, open_rulebook
from hokensha.rules import Basis
from hokensha_roll.months import Months
from hokensha_roll.report.chart import forecast_svg
from hokensha_roll.report.report import forecast_html, report_html
from hokensha_roll.summary import Summary

CERTIFICATE, NOTICE = "eligibility-certificate", "eligibility-notice"
ATTACK = "<script>alert('x')</script>&\"'"
POLICY_DIGEST, ROLL_DIGEST, TABLE_DIGEST = (f"sha256:{digit * 64}" for digit in "abc")
SVG = "{http://www.w3.org/2000/svg}"


def summary(**counts: Any) -> Summary:
    """A run of 12,345 rows."""
    made = Summary(POLICY_DIGEST, ROLL_DIGEST, date(2026, 11, 21), date(2026, 10, 31), roll_name="roll.csv")
    made.read, made.decided, made.undetermined, made.rejected = 12_345, 12_000, 312, 33
    made.issuances.update(
        {(CERTIFICATE, "certificate-due"): 1_017, (CERTIFICATE, ""): 19, (NOTICE, "gone"): 7}
    )
    made.returns.update({(CERTIFICATE, "destroy"): 211, ("health-insurance-card", ""): 5})
    made.missing.update({"my_number_card": 301, "insurance_use": 44})
    made.reasons.update({("birth_date", "no such day in the calendar"): 31, ("", "expected 13 cells"): 2})
    made.due.update({("2026-12", CERTIFICATE): 1_017, ("", NOTICE): 7, ("?", CERTIFICATE): 19})
    made.ends.update({("2027-11", CERTIFICATE): 1_036, ("", NOTICE): 7})
    made.output_digests = {"issuances.csv": TABLE_DIGEST}
    for name, value in counts.items():
        setattr(made, name, value)
    return made


def months() -> Months:
    counts = {
        ("2026-12", CERTIFICATE, "certificate-due"): 1_204,
        ("2027-02", CERTIFICATE, "certificate-due"): 305,
        ("2027-02", NOTICE, "notice"): 86,
    }
    return Months("2026-12", "2027-02", counts)


def parsed(page: str) -> Any:
    """The page, if it is valid HTML."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def shown(element: Any, lang: str = "en") -> str:
    """What can be read of an element in one language."""
    if element.get("class") in {"ja", "en"} - {lang} or element.tag == "style":
        return ""
    parts = [element.text or ""]
    for child in element:
        parts += [shown(child, lang), child.tail or ""]
    return " ".join(" ".join(parts).split())


def section(page: str, name: str) -> Any:
    found = parsed(page).find(f".//section[@id='{name}']")
    assert found is not None
    return found


def rows(page: str, name: str, lang: str = "en") -> list[list[str]]:
    """What the cells of a section's tables say, without their heads."""
    lines = section(page, name).iterfind(".//tbody/tr")
    return [[shown(cell, lang) for cell in line] for line in lines]


@pytest.fixture
def rulebook(bench: Any) -> Rulebook:
    return bench.once()


@pytest.fixture
def hostile(bench: Any) -> Rulebook:
    """A policy whose insurer and header are markup."""
    bench.policy(f"[roll.columns]\nmy_number_card = {{ header = '''{ATTACK}''' }}\n")
    path = bench.folder / "policy.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('"小さな健保"', f"'''{ATTACK}'''").replace('"A tiny society"', f"'''{ATTACK}'''")
    path.write_text(text, encoding="utf-8")
    return open_rulebook(str(path))


# --- what the report says


def test_the_rows_read_are_shown_as_the_sum_of_the_three_kinds(rulebook: Rulebook):
    counts = section(report_html(rulebook, summary()), "counts")
    labels = [shown(each) for each in counts.iterfind(".//dt")]
    assert labels == ["Rows read", "Decided", "Undetermined", "Rejected"]
    assert [shown(each) for each in counts.iterfind(".//dd")] == ["12,345", "12,000", "312", "33"]
    assert "Together they are the rows read." in shown(counts)


def test_a_sum_that_does_not_come_out_is_said(rulebook: Rulebook):
    counts = shown(section(report_html(rulebook, summary(read=12_346)), "counts"))
    assert "The three come to 12,345, but 12,346 rows were read. Do not use this run." in counts


def test_what_is_owed_stands_under_its_document_with_rule_source_and_basis(rulebook: Rulebook):
    assert rows(report_html(rulebook, summary()), "owed") == [
        ["eligibility certificate", "", "1,036"],
        ["certificate due certificate-due t-1", "ex officio", "1,017"],
        ["depends on what is missing", "-", "19"],
        ["eligibility notice", "", "7"],
        ["depends on what is missing", "-", "7"],
        ["Total", "", "1,043"],
    ]


@pytest.mark.parametrize(
    ("on", "basis", "cites"),
    [(date(2026, 11, 20), "ex officio", "t-1"), (date(2026, 11, 21), "not stated", "")],
)
def test_terms_that_change_are_those_of_the_day_asked(rulebook: Rulebook, on: date, basis: str, cites: str):
    """Ex officio through 20 November; from the 21st on nothing is stated, nor cited."""
    before = Terms(("t-1",), basis=Basis.EX_OFFICIO, through=date(2026, 11, 20))
    rules = {**rulebook.policy.rules, "certificate-due": (before, Terms((), since=date(2026, 11, 21)))}
    by_day = evolve(rulebook, policy=evolve(rulebook.policy, rules=rules))
    made = summary(on=on, issuances={(CERTIFICATE, "certificate-due"): 3})
    _, reason, _ = rows(report_html(by_day, made), "owed")
    assert reason == [f"certificate due certificate-due {cites}".strip(), basis, "3"]


def test_a_source_is_linked_to_its_place_in_the_list(rulebook: Rulebook):
    page = report_html(rulebook, summary())
    links = [link.get("href") for link in section(page, "owed").iterfind(".//a")]
    assert links == ["#source-t-2d-1"]
    (row,) = rows(page, "sources")
    assert row == ["t-1", "everything Tiny rules, Nobody"]
    assert [span.get("id") for span in section(page, "sources").iterfind(".//th/span[@id]")] == [
        "source-t-2d-1"
    ]


def test_what_comes_back_is_counted_by_document_and_action(rulebook: Rulebook):
    assert rows(report_html(rulebook, summary()), "back") == [
        ["eligibility certificate", "211"],
        ["destroy", "211"],
        ["health insurance card", "5"],
        ["depends on what is missing", "5"],
    ]


def test_missing_facts_are_counted_with_the_greatest_first(rulebook: Rulebook):
    page = report_html(rulebook, summary())
    facts = [
        (row[0].endswith(fact), *row[1:])
        for row, fact in zip(rows(page, "undetermined"), ("my_number_card", "insurance_use"), strict=True)
    ]
    assert facts == [(True, "my_number_card", "301"), (True, "insurance_use", "44")]
    assert "312 are undetermined" in shown(section(page, "undetermined"))


def test_a_column_that_the_roll_lacks_is_said_by_its_header(bench: Any):
    rulebook = bench.rulebook('[roll.columns]\ninsurance_use = { header = "登録" }\n')
    page = report_html(rulebook, summary(absent=("insurance_use",)))
    assert "The roll lacks these columns of the policy" in shown(section(page, "counts"))
    assert shown(section(page, "counts")).endswith("登録")
    assert rows(page, "undetermined")[1][1] == "登録 the roll lacks it"


def test_rejected_rows_are_counted_by_column_and_reason(rulebook: Rulebook):
    assert rows(report_html(rulebook, summary()), "rejected") == [
        ["birth_date", "no such day in the calendar", "31"],
        ["the whole row", "expected 13 cells", "2"],
        ["Total", "", "33"],
    ]


def test_of_many_reasons_fifty_are_shown_and_the_others_counted(rulebook: Rulebook):
    made = summary(rejected=1_275 + 51, reasons={("id", f"reason {n:02}"): n + 1 for n in range(51)})
    found = rows(report_html(rulebook, made), "rejected")
    assert len(found) == 52
    assert found[0] == ["id", "reason 50", "51"]
    assert found[-2:] == [["1 more", "", "1"], ["Total", "", "1,326"]]


def test_files_days_and_digests_are_named(rulebook: Rulebook):
    page = report_html(rulebook, summary())
    assert [row[1] for row in rows(page, "origin")] == [
        f"policy.toml {rulebook.policy.digest}",
        f"roll.csv {ROLL_DIGEST}",
        f"issuances.csv {TABLE_DIGEST}",
    ]
    assert "tiny 1.0" in shown(section(page, "origin"))
    header = shown(parsed(page).find(".//header"))
    assert (
        "A tiny society Day asked 2026-11-21 Roll as of 2026-10-31 Policy policy.toml Roll roll.csv" in header
    )
    assert "令和8年11月21日 (2026-11-21)" in shown(parsed(page).find(".//header"), "ja")


def test_folders_are_not_told(rulebook: Rulebook, bench: Any):
    assert str(bench.folder.parent) not in report_html(rulebook, summary())


def test_without_months_the_report_says_how_to_get_them(rulebook: Rulebook):
    assert "hokensha forecast" in shown(section(report_html(rulebook, summary()), "months"))


def test_due_days_and_ends_are_counted_by_month(rulebook: Rulebook):
    assert rows(report_html(rulebook, summary()), "months") == [
        ["at once (no day stated)", "0", "7"],
        ["2026-12", "1,017", "0"],
        ["depends on what is missing", "19", "0"],
        ["no end stated", "0", "7"],
        ["2027-11", "1,036", "0"],
    ]


MONTHS = [
    ["2026-12", "1,204", "0", "1,204"],
    ["2027-01", "0", "0", "0"],
    ["2027-02", "305", "86", "391"],
    ["Total", "1,509", "86", "1,595"],
]


def test_with_months_the_report_shows_each_of_them(rulebook: Rulebook):
    assert rows(report_html(rulebook, summary(), months()), "months")[-4:] == MONTHS


def test_a_run_without_members_says_that_there_is_nothing(rulebook: Rulebook):
    page = report_html(rulebook, Summary(POLICY_DIGEST, ROLL_DIGEST, date(2026, 11, 21)))
    for name in ("owed", "back", "undetermined", "rejected", "sources"):
        assert shown(section(page, name)).endswith("none")
    assert [shown(each) for each in section(page, "counts").iterfind(".//dd")] == ["0"] * 4
    assert parsed(page).find(".//*[@class='bar']") is None


# --- the forecast


def test_the_page_of_a_forecast_has_the_months_by_document_and_by_reason(rulebook: Rulebook):
    page = forecast_html(rulebook, months(), "roll.csv", roll_digest=ROLL_DIGEST)
    assert rows(page, "months") == MONTHS
    assert rows(page, "reasons") == [
        ["eligibility certificate", "1,204", "0", "305", "1,509"],
        ["certificate due certificate-due t-1", "1,204", "0", "305", "1,509"],
        ["eligibility notice", "0", "0", "86", "86"],
        ["depends on what is missing", "0", "0", "86", "86"],
    ]
    assert [row[1] for row in rows(page, "origin")][1:] == [f"roll.csv {ROLL_DIGEST}"]


def test_reasons_of_more_than_a_year_stand_in_a_table_for_each_year(rulebook: Rulebook):
    counts = {("2028-01", NOTICE, "notice"): 3}
    page = forecast_html(rulebook, Months("2026-12", "2028-01", counts))
    heads = [[shown(th) for th in tr] for tr in section(page, "reasons").iterfind(".//thead/tr")]
    assert [(len(head), head[1], head[-2]) for head in heads] == [
        (14, "2026-12", "2027-11"),
        (4, "2027-12", "2028-01"),
    ]


def test_a_forecast_of_nothing_says_so(rulebook: Rulebook):
    page = forecast_html(rulebook, Months("2026-12", "2027-02"))
    assert shown(section(page, "reasons")).endswith("none")


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ja", ("小さな健保", "交付の見込み", "資格確認書", "2027-02 資格情報のお知らせ: 86")),
        ("en", ("A tiny society", "Forecast of issuance", "2027-02 eligibility notice: 86")),
    ],
)
def test_the_chart_of_a_forecast_is_a_document_of_its_own(
    rulebook: Rulebook, lang: Any, said: tuple[str, ...]
):
    root = ET.fromstring(forecast_svg(rulebook, months(), lang))
    assert root.tag == f"{SVG}svg"
    text = " ".join(root.itertext())
    for words in said:
        assert words in text
    assert root.find(f".//{SVG}script") is None


# --- what holds of every page


def pages(rulebook: Rulebook) -> list[str]:
    return [
        report_html(rulebook, summary()),
        report_html(rulebook, summary(), months()),
        forecast_html(rulebook, months(), "roll.csv"),
    ]


def bars(page: str, name: str) -> dict[str, list[tuple[str, float]]]:
    """For each number that has a bar in a section: the colours of its parts, and their shares in percent."""
    found = {}
    for cell in section(page, name).iterfind(".//*[@class='counted']"):
        bar, number = cell
        assert (bar.get("class"), bar.get("aria-hidden"), shown(bar)) == ("bar", "true", "")
        widths = [part.get("style").removeprefix("width:").removesuffix("%") for part in bar]
        found[shown(number)] = [(p.get("class"), float(w)) for p, w in zip(bar, widths, strict=True)]
    return found


def test_each_bar_is_as_long_as_the_number_in_its_cell(rulebook: Rulebook):
    """The greatest fills its cell; whoever hears the page hears the number alone."""
    page = report_html(rulebook, summary())
    assert list(bars(page, "owed")) == ["1,017", "19", "7"]
    certificates, open_, notice = bars(page, "owed").values()
    assert [certificates[0][1], open_[0][1], notice[0][1]] == [100, 1.87, 0.69]
    assert certificates[0][0] == open_[0][0] != notice[0][0]
    assert bars(page, "undetermined") == {"301": [("colour-5", 100)], "44": [("colour-5", 14.62)]}


def test_the_bar_of_a_month_has_a_part_for_each_document_in_its_colour(rulebook: Rulebook):
    page = report_html(rulebook, summary(), months())
    assert bars(page, "months") == {
        "1,204": [("colour-0", 100)],
        "0": [],
        "391": [("colour-0", 25.33), ("colour-1", 7.14)],
    }
    swatches = section(page, "months").iterfind(".//thead//span[@class]")
    assert [each.get("class") for each in swatches if "swatch" in each.get("class")] == [
        "swatch colour-0",
        "swatch colour-1",
    ]


def test_tables_have_names_for_those_who_hear_the_page(rulebook: Rulebook):
    for page in pages(rulebook):
        root = parsed(page)
        ids = {each.get("id") for each in root.iter() if each.get("id")}
        for region in root.iterfind(".//*[@aria-labelledby]"):
            assert region.get("aria-labelledby") in ids
        for table in root.iterfind(".//table"):
            assert all(th.get("scope") for th in table.iterfind(".//th"))


def test_ids_are_unique_and_links_lead_somewhere(rulebook: Rulebook):
    for page in pages(rulebook):
        root = parsed(page)
        ids = [each.get("id") for each in root.iter() if each.get("id")]
        assert len(ids) == len(set(ids))
        assert {link.get("href")[1:] for link in root.iterfind(".//a")} <= set(ids)


def test_whatever_is_said_is_said_in_both_languages_japanese_first(rulebook: Rulebook):
    for page in pages(rulebook):
        root = parsed(page)
        kinds = [each.get("class") for each in root.iter() if each.get("class") in ("ja", "en")]
        assert kinds == ["ja", "en"] * (len(kinds) // 2)
        switches = [(each.get("id"), each.get("checked")) for each in root.iterfind(".//input")]
        assert switches == [("show-ja", ""), ("show-en", None)]
        assert "名簿" in shown(root, "ja")
        assert not re.search(r"[ぁ-ん]", shown(root.find(".//main"), "en"))


def test_nothing_is_fetched(rulebook: Rulebook):
    for page in (*pages(rulebook), forecast_svg(rulebook, months(), "ja")):
        for address in re.findall(r"""(?:src|href|action|data)\s*=\s*["']?([^"'\s>]*)""", page):
            assert address.startswith("#")
        assert not re.search(r"url\(|@import|<script|<link|<iframe", page)
        assert re.findall(r"https?://[^\"' <]*", page) in ([], ["http://www.w3.org/2000/svg"])
    for page in pages(rulebook):
        meta = parsed(page).find(".//meta[@http-equiv='Content-Security-Policy']")
        assert meta.get("content").startswith("default-src 'none';")


def test_what_others_wrote_is_text_and_never_markup(hostile: Rulebook):
    made = summary(roll_name=ATTACK, reasons={(ATTACK, ATTACK): 33}, output_digests={ATTACK: ATTACK})
    for page in (report_html(hostile, made, months()), forecast_html(hostile, months(), ATTACK)):
        root = parsed(page)
        assert root.find(".//script") is None
        assert ATTACK in shown(root.find(".//header"))
    page = report_html(hostile, made)
    assert rows(page, "rejected")[0] == [ATTACK, ATTACK, "33"]
    assert rows(page, "undetermined")[0][1] == ATTACK
    assert ATTACK.partition("\n")[0] in " ".join(
        ET.fromstring(forecast_svg(hostile, months(), "ja")).itertext()
    )


def test_an_individual_number_and_control_characters_are_not_repeated(rulebook: Rulebook):
    made = summary(roll_name="123456789018.csv", reasons={("a\x00b\x1b", "123456789018"): 33})
    page = report_html(rulebook, made)
    assert "123456789018" not in page
    assert rows(page, "rejected")[0][0] == "a b"


def test_a_name_that_is_no_utf8_can_be_written(rulebook: Rulebook):
    page = report_html(rulebook, summary(roll_name="roll-\udcff.csv"))
    assert rb"roll-\udcff.csv" in page.encode("utf-8")


def test_the_same_counts_give_the_same_bytes_in_whatever_order_they_were_counted(rulebook: Rulebook):
    first = report_html(rulebook, summary(), months())
    again = summary()
    for counter in (again.issuances, again.returns, again.missing, again.reasons):
        turned = list(counter.items())[::-1]
        counter.clear()
        counter.update(dict(turned))
    turned_months = Months("2026-12", "2027-02", dict(reversed(months().counts.items())))
    assert report_html(rulebook, again, turned_months) == first
    assert forecast_svg(rulebook, months(), "en") == forecast_svg(rulebook, turned_months, "en")


# --- the chart alone


def chart(rulebook: Rulebook, counted: Months, lang: Any = "en") -> Any:
    return ET.fromstring(forecast_svg(rulebook, counted, lang))


def texts(root: Any) -> list[str]:
    return [text.text for text in root.iterfind(f".//{SVG}text")]


def test_the_chart_names_its_colours_and_has_a_bar_and_a_number_for_each_month(rulebook: Rulebook):
    root = chart(rulebook, months())
    assert texts(root) == [
        *("A tiny society", "Forecast of issuance (2026-12 to 2027-02)"),
        *("eligibility certificate", "eligibility notice"),
        *("2026-12", "1,204", "2027-01", "0", "2027-02", "391"),
    ]
    said = {bar[0].text: float(bar.get("width")) for bar in root.iterfind(f".//{SVG}rect") if len(bar)}
    assert list(said) == [
        "2026-12 eligibility certificate: 1,204",
        "2027-02 eligibility certificate: 305",
        "2027-02 eligibility notice: 86",
    ]
    first, second, third = said.values()
    assert second / first == pytest.approx(305 / 1204, rel=0.01)
    assert third / first == pytest.approx(86 / 1204, rel=0.01)
    assert (root.get("role"), root.get("aria-label")) == ("img", texts(root)[1])


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("交付" * 29, ["交付" * 17 + "交", "付" + "交付" * 11]),
        ("owed " * 14 + "owed", [("owed " * 14).strip(), "owed"]),
    ],
)
def test_a_long_name_goes_on_in_a_further_line(rulebook: Rulebook, name: str, lines: list[str]):
    insurer = evolve(rulebook.policy.insurer, name=name, name_en=name)
    named = evolve(rulebook, policy=evolve(rulebook.policy, insurer=insurer))
    assert texts(chart(named, months()))[:2] == lines


def test_a_chart_has_room_for_all_months(rulebook: Rulebook):
    for last in ("2026-12", "2027-11", "2076-11"):
        root = chart(rulebook, Months("2026-12", last, {("2026-12", NOTICE, "notice"): 3}))
        rows = [group.get("transform") for group in root.iterfind(f"{SVG}g")]
        assert len(rows) == len(set(rows))
        assert int(root.get("height")) > max(int(row.split()[1].removesuffix(")")) for row in rows)


def test_a_forecast_of_nothing_is_a_chart_without_bars(rulebook: Rulebook):
    assert texts(chart(rulebook, Months("2026-12", "2026-12")))[2:] == ["2026-12", "0"]
