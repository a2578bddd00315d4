"""What was not looked at is never reported as passed."""

from __future__ import annotations

from hokensha_conformance import Status
from hokensha_conformance.reporting import report_of

CASES = "cases/sound.toml"


def test_a_rule_that_is_asked_and_never_holds_is_not_exercised(workshop):
    """Any case asks every trigger; the remedy holds in the one case that is taken away."""
    text = (workshop.folder / CASES).read_text(encoding="utf-8")
    start = text.index('[[case]]\nid = "to-apply"')
    end = text.index("[[case]]", start + 1)
    (workshop.folder / CASES).write_text(text[:start] + text[end:], encoding="utf-8")
    assert {"HK502", "HK503"} == set(workshop.failing())


def test_a_case_about_nobody_fails_and_hides_nothing_else(workshop):
    """A fact of the base is misspelt: no case has a member, so no case passes, and no branch is taken."""
    workshop.change(CASES, "enrolled_on = 2020-04-01", "enroled_on = 2020-04-01")
    failing = workshop.failing()
    assert {"HK501", "HK502", "HK503"} == set(failing)
    assert any("enroled_on" in finding for finding in failing["HK501"])


def test_checks_of_a_policy_whose_cases_cannot_be_read_are_not_run(workshop):
    workshop.change(CASES, 'says = "A working card', 'sais = "A working card')
    outcomes = workshop.outcomes()
    assert ["HK404"] == [name for name, each in outcomes.items() if each.status is Status.FAILED]
    assert {Status.NOT_RUN} == {each.status for name, each in outcomes.items() if name.startswith("HK5")}


def test_what_errors_stand_in_the_way_of_is_not_run(workshop):
    """A code without a value: whether somebody falls through was not looked for, and more was not."""
    workshop.change("sound_insurer.py", 'values=("north", "south"))', 'values=("north", "south", "west"))')
    outcomes = workshop.outcomes()
    assert ["HK304[policy]"] == [name for name, each in outcomes.items() if each.status is Status.FAILED]
    assert {"HK301", "HK302", "HK403", "HK502", "HK503"} == {
        each.check for each in outcomes.values() if each.status is Status.NOT_RUN
    } - {"HK305"}


def test_some_checks_alone_are_no_verdict(workshop):
    examination = workshop.examination()
    tasks = [task for task in examination.tasks() if task.check.id.startswith("HK1")]
    report = report_of(examination, [examination.perform(task) for task in tasks])
    assert "not judged" == report.verdict
    assert list(report.lines("en"))[-1] == "sound: not judged: only some of the checks were run"


def test_one_failing_check_is_a_verdict_whatever_else_there_is(workshop):
    workshop.change("sound_insurer.py", "return [SHOWN]", "return [SHOWN, back]")
    examination = workshop.examination()
    tasks = [task for task in examination.tasks() if task.check.id == "HK103"]
    report = report_of(examination, [examination.perform(task) for task in tasks])
    assert "does not conform" == report.verdict
