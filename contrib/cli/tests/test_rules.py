"""``hokensha rules``: every rule as a decision table, with its sources."""

from __future__ import annotations

import json

import pytest
from small import small_rulebook

from hokensha import Plugin
from hokensha.policy import Terms
from hokensha.rules import RESULTS
from hokensha_cli.ruledoc import rule_document
from hokensha_cli.rulepages import SECTIONS, markdown
from hokensha_standard import NEEDS_ASSISTANCE, NOTICE


def document(place, *options):
    result = place.run("rules", place.policy, "--format", "json", *options)
    assert 0 == result.exit_code, result.output
    return json.loads(result.stdout)


def by_id(entries):
    return {entry["id"]: entry for entry in entries}


def test_every_rule_is_there_with_its_kind_its_sources_and_its_period(place):
    rules = by_id(document(place)["rules"])
    assert 12 == len(rules)
    shown = rules["show-certificate"]
    assert ("presentation", ["000-05"]) == (shown["kind"], shown["cites"])
    assert ("2025-12-02", None) == (shown["since"], shown["through"])


def test_a_rule_is_a_table_of_the_features_that_it_asks_for(place):
    rules = by_id(document(place)["rules"])
    expired = rules["electronic-certificate-expired"]["table"]
    assert ["has-card", "within:electronic-certificate-last-day"] == [
        c["feature"] for c in expired["columns"]
    ]
    assert [{"when": [[True], [False]], "then": True}] == expired["rows"]


def test_a_feature_made_of_others_has_a_table_of_its_own_with_rows_merged(place):
    features = by_id(document(place)["features"])
    in_hand = features["card-in-hand"]["table"]
    assert [{"when": [["held", "renewing"]], "then": True}] == in_hand["rows"]
    assert ["automatic-ground"] == [
        column["feature"] for column in by_id(document(place)["rules"])["certificate"]["table"]["columns"]
    ]
    assert {"rule:no-card", "rule:electronic-certificate-expired"} == {
        column["feature"] for column in features["automatic-ground"]["table"]["columns"]
    }
    assert [{"when": [[True], None], "then": True}, {"when": [[False], [True]], "then": True}] == features[
        "automatic-ground"
    ]["table"]["rows"]


def test_figures_are_said_in_words_with_their_sources(place):
    figures = by_id(document(place)["figures"])
    (term,) = figures["term"]["versions"]
    assert (
        "the day counted from → 4 years on → the first 1 December on or after it; reading: first 1 December; "
        "another reading (one year more): the day counted from → 5 years on → "
        "the first 1 December on or after it"
    ) == term["words"]
    assert ["000-02"] == term["cites"]
    japanese = by_id(document(place, "--lang", "ja")["figures"])
    assert "起算日 → 3営業日後 ごろ" == japanese["enrolment"]["versions"][0]["words"]
    assert (
        "遅くとも 電子証明書有効期限 → 3か月後; 予定"
        == (japanese["electronic-certificate-last-day"]["versions"][0]["words"])
    )


def test_only_what_is_in_force_on_a_day_is_shown_if_one_is_given(place):
    before = document(place, "--on", "2024-12-31")
    assert "show-certificate" not in by_id(before["rules"])
    assert [] == before["information"]
    after = document(place, "--on", "令和7年12月2日")
    assert "show-certificate" in by_id(after["rules"])
    assert "2025-12-02" == after["on"]


def test_information_that_decides_nothing_is_shown_with_its_period(place):
    assert [
        {
            "text": "Telephone on weekdays only.",
            "since": "2025-01-01",
            "through": None,
            "cites": ["000-07"],
        }
    ] == document(place)["information"]


@pytest.mark.parametrize(("lang", "yes", "place_"), [("ja", "はい", "問7"), ("en", "yes", "問7")])
def test_markdown_says_the_same_in_both_languages(place, lang, yes, place_):
    text = place.run("rules", place.policy, "--lang", lang).stdout
    assert text.startswith("# 試験保険組合 の規則" if lang == "ja" else "# The rules of Test Society")
    assert f"| {yes} |" in text
    assert place_ in text
    assert ("電話は平日のみ。" if lang == "ja" else "Telephone on weekdays only.") in text
    assert ("令和7年12月2日 (2025-12-02) から" if lang == "ja" else "from 2025-12-02") in text


def test_html_is_a_whole_page_and_escapes_what_policies_say(place):
    policy = place.write("tagged.toml", place.POLICY.replace("Telephone", "<script>Telephone"))
    text = place.run("rules", policy, "--format", "html").stdout
    assert text.startswith("<!doctype html>")
    assert "&lt;script&gt;Telephone" in text
    assert "<script>" not in text
    assert text.count("<table>") == text.count("</table>") > 0


def test_markdown_escapes_what_policies_say(place):
    policy = place.write("piped.toml", place.POLICY.replace("Telephone", "*|Telephone"))
    assert "\\*\\|Telephone" in place.run("rules", policy).stdout


def test_the_output_is_the_same_in_every_run(place):
    runs = [place.spawn("rules", place.policy, PYTHONHASHSEED=seed).stdout for seed in ("1", "2")]
    assert runs[0] == runs[1] != b""


def test_every_kind_of_rule_has_a_section_of_the_page():
    kinds = {kind.__name__.lower() for of_hook in RESULTS.values() for kind in of_hook} - {"features"}

    assert kinds == set(SECTIONS)


def test_the_page_may_fetch_and_run_nothing(place):
    text = place.run("rules", place.policy, "--format", "html").stdout
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in text


@pytest.mark.parametrize(("lang", "section"), [("ja", "交付しない人"), ("en", "To whom nothing is issued")])
def test_an_exclusion_names_the_document_that_is_not_issued(lang, section):
    excluded = Plugin().exclusion("kept", "除外", "kept", document=NOTICE)(lambda s: s[NEEDS_ASSISTANCE])
    shown = rule_document(small_rulebook({excluded: Terms(("x",))}), None, lang)
    (rule,) = [each for each in shown["rules"] if each["kind"] == "exclusion"]
    assert {"document": NOTICE.label.text(lang)} == rule["says"]
    assert f"## {section}\n" in markdown(shown, lang)
