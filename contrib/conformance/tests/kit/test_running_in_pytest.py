"""The kit in pytest: items, reports, deviations, what is not claimed."""

from __future__ import annotations

import json
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from hokensha_conformance import Status

pytest_plugins = ["pytester"]

CASES, POLICY = "cases/sound.toml", "policy.toml"
REMEDY = 'reason = "The page says nothing of lost cards."'


@pytest.fixture
def run(workshop, pytester, monkeypatch):
    """A run as a third party's, in a folder of its own."""
    monkeypatch.chdir(workshop.folder)
    monkeypatch.syspath_prepend(workshop.folder)
    monkeypatch.setenv("HOKENSHA_ON", "")

    def ran(*options, lang="C.UTF-8", by=pytester.runpytest_inprocess):
        monkeypatch.setenv("LC_ALL", lang)
        return by("-p", "no:cacheprovider", "hokensha-conformance.toml", *options)

    return ran


def strand_the_lost(workshop):
    """Take the remedy away: whose card is lost falls through."""
    workshop.change(POLICY, '[rules.apply]\ncites = ["s-3"]\n\n', "")
    workshop.add(POLICY, '\n[declined]\napply = "not here"\n')
    text = (workshop.folder / CASES).read_text(encoding="utf-8")
    cases = [case for case in text.split("\n[[case]]") if "advise" not in case]
    (workshop.folder / CASES).write_text("\n[[case]]".join(cases), encoding="utf-8")


def deviate(workshop, *, check="HK301", expires="2027-03-31"):
    workshop.deviate(f'check = "{check}"', REMEDY, f"expires = {expires}")


def test_a_sound_plugin_conforms(workshop, run):
    done = run()
    assert (0, "") == (done.ret, done.stderr.str())
    assert "sound: conforms" in done.stdout.str()
    assert "rules 17 of 17" in done.stdout.str()


def test_a_fault_is_told_without_a_traceback_and_with_a_way_to_mend_it(workshop, run):
    workshop.change(CASES, 'trigger = "on-request"', 'trigger = "on-ground"')
    done = run()
    assert 1 == done.ret
    assert "case 'lost-and-applied'" in done.stdout.str()
    assert "issuances[0].trigger: expected 'on-ground', found 'on-request'" in done.stdout.str()
    assert "To mend it: " in done.stdout.str()
    assert "Traceback" not in done.stdout.str()
    assert "sound: does not conform" in done.stdout.str()


def test_a_rule_that_cannot_be_gone_through_is_told_without_a_traceback_and_without_coverage(workshop, run):
    workshop.change("sound_insurer.py", "    return s[LEFT]\n", "    return 'yes' if s[LEFT] else None\n")
    done = run()
    assert 1 == done.ret
    assert "returns a str, expected a bool" in done.stdout.str()
    assert "HK503  not run" in done.stdout.str()
    assert "sound: does not conform" in done.stdout.str()
    assert "Traceback" not in done.stdout.str() + done.stderr.str()
    assert "rules 17 of 17" not in done.stdout.str()


def test_the_report_is_in_japanese_where_the_locale_is(workshop, run):
    assert "sound: 適合" in run(lang="ja_JP.UTF-8").stdout.str()


def test_what_is_not_claimed_is_reported_as_that_and_never_as_passed(workshop, run):
    workshop.change("hokensha-conformance.toml", '    "reflection_latency",\n', "")
    outcomes = workshop.outcomes()
    assert Status.NOT_CLAIMED is outcomes["HK303[policy]"].status
    assert "HK303  not claimed" in run().stdout.str()


def test_the_same_run_writes_the_same_json(workshop, run):
    written = []
    for name in ("one.json", "two.json"):
        run("--hokensha-report", name)
        written.append((workshop.folder / name).read_bytes())
    report = json.loads(written[0])
    assert written[0] == written[1]
    assert ("hokensha/conformance/1", "sound", "conforms") == (
        report["schema"],
        report["plugin"],
        report["verdict"],
    )
    assert "1.2" == report["versions"]["hokensha-sound"]
    assert {"total": 17, "exercised": 17} == report["coverage"][0]["rules"]


def test_junit_xml_has_an_item_for_each_check_and_the_verdict(workshop, run):
    run("--junitxml", "report.xml")
    suite = ET.parse(workshop.folder / "report.xml").find("testsuite")
    said = {each.get("name"): each.get("value") for each in suite.find("properties")}
    names = [each.get("name") for each in suite.findall("testcase")]
    assert "conforms" == said["verdict on sound"]
    assert {"HK101", "HK301[policy]", "HK503[policy]"} <= set(names)


def test_a_declared_deviation_lets_the_plugin_conform_and_is_told(workshop, run):
    strand_the_lost(workshop)
    deviate(workshop)
    done = run("--hokensha-on", "2027-03-31")
    assert 0 == done.ret
    assert "sound: conforms, with declared deviations" in done.stdout.str()
    assert "The page says nothing of lost cards." in done.stdout.str()


def test_without_a_day_the_report_says_that_ends_were_not_judged(workshop, run):
    strand_the_lost(workshop)
    deviate(workshop)
    assert "the ends of deviations were not judged" in run().stdout.str()


def test_a_deviation_that_has_expired_no_longer_counts(workshop):
    strand_the_lost(workshop)
    deviate(workshop)
    assert {"HK107", "HK301"} == set(workshop.failing(on=date(2027, 4, 1)))


def test_a_deviation_that_is_none_any_more_fails_the_check(workshop):
    deviate(workshop)
    (message,) = workshop.failing()["HK301"]
    assert "remove it" in message


@pytest.mark.parametrize("check", ["HK104", "HK201", "HK202", "HK304"])
def test_determinism_purity_and_unknown_facts_cannot_be_waived(workshop, check):
    deviate(workshop, check=check)
    (message,) = workshop.failing()["HK107"]
    assert "cannot be waived" in message


def test_a_deviation_about_part_of_the_findings_leaves_the_others(workshop):
    strand_the_lost(workshop)
    workshop.deviate('check = "HK301"', 'about = "another card"', REMEDY, "expires = 2027-03-31")
    assert ["HK301"] == list(workshop.failing())


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("hokensha-deviations.toml", "nonsense", "line 1, column 9: "),
        ("hokensha-deviations.toml", '[[deviation]]\ncheck = "HK301"\n', "expires: is missing"),
    ],
)
def test_a_deviations_file_that_cannot_be_used_is_a_finding(workshop, file, text, said):
    workshop.add(file, text)
    assert said in " ".join(workshop.failing()["HK107"])


def test_a_conformance_file_that_cannot_be_used_is_told_in_a_line(workshop, run):
    workshop.change("hokensha-conformance.toml", "claims", "clams")
    done = run()
    assert 2 == done.ret
    assert "clams: no such key (did you mean 'claims'?)" in done.stdout.str()
    assert "Traceback" not in done.stdout.str()


def test_a_day_that_is_none_is_wrong_usage(workshop, run):
    assert 4 == run("--hokensha-on", "someday").ret


def test_processes_that_share_the_work_come_to_the_same_report(workshop, run, pytester):
    pytest.importorskip("xdist")
    run("--hokensha-report", "one.json")
    run("-n", "2", "--hokensha-report", "two.json", by=pytester.runpytest_subprocess)
    one, two = ((workshop.folder / name).read_text("utf-8") for name in ("one.json", "two.json"))
    assert one == two
