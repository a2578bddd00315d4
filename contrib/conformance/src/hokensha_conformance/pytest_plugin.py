"""The kit as a plugin of pytest: it collects ``hokensha-conformance.toml``; each check is an item.

pytest imports this module in every run, so nothing heavy is imported before a conformance file is met.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.junitxml import xml_key  # the only way to say something of a whole run in its XML

from hokensha_conformance.files import FILE

if TYPE_CHECKING:
    from hokensha_conformance.examination import Examination, Outcome, Task
    from hokensha_conformance.reporting import Report

_PROPERTY = "hokensha"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the kit."""
    group = parser.getgroup("hokensha", "conformance of plugins of hokensha")
    group.addoption(
        "--hokensha-on",
        metavar="DAY",
        help="the day, YYYY-MM-DD, on which the ends of declared deviations are judged (or $HOKENSHA_ON)",
    )
    group.addoption(
        "--hokensha-report", metavar="FILE", help="write the report as JSON to FILE; text closes every run"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Watch the run; a day that is none is wrong usage."""
    _day(config)
    config.stash[_RUN] = Run(config)
    config.pluginmanager.register(config.stash[_RUN], "hokensha-run")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect conformance files."""
    return ConformanceFile.from_parent(parent, path=file_path) if file_path.name == FILE else None


class ConformanceFile(pytest.File):
    """A conformance file: an item for each check of the plugin that it names, and of its policies."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item for each check."""
        from hokensha.errors import HokenshaError  # noqa: PLC0415 - see the module

        try:
            examination = _examination(self.path, self.config)
        except HokenshaError as error:
            raise self.CollectError("\n".join(map(str, error.findings))) from None
        self.config.stash[_RUN].examined[self.nodeid] = examination
        for task in examination.tasks():
            yield CheckItem.from_parent(self, name=task.name, task=task, examination=examination)


class CheckItem(pytest.Item):
    """One check; it fails with what is wrong, one finding a line, and how to mend it."""

    def __init__(self, *, task: Task, examination: Examination, **rest: Any) -> None:
        super().__init__(**rest)
        self.task = task
        self.examination = examination

    def runtest(self) -> None:
        """Run the check."""
        from hokensha_conformance.examination import Status  # noqa: PLC0415 - see the module

        outcome = self.examination.perform(self.task)
        self.user_properties.append((_PROPERTY, json.dumps(_packed(outcome), ensure_ascii=False)))
        if outcome.status is Status.FAILED:
            raise UnfitError(outcome, self.task)
        if outcome.status is Status.DEVIATES:
            pytest.xfail(outcome.note)
        if outcome.status in (Status.NOT_CLAIMED, Status.NOT_RUN):
            pytest.skip(outcome.note)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What is wrong, without a traceback."""
        if isinstance(excinfo.value, UnfitError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where the item comes from, and what it is called."""
        return self.path, None, f"{self.task.name} {self.task.check.title.en}"


class UnfitError(Exception):
    """A check that found something."""

    def __init__(self, outcome: Outcome, task: Task) -> None:
        lines = [f"{task.name}: {task.check.title.en} — it does not, for:"]
        lines += [f"  {finding}" for finding in outcome.findings]
        lines += [f"To mend it: {task.check.mend}"]
        super().__init__("\n".join(lines))


def _packed(outcome: Outcome) -> dict[str, Any]:
    """An outcome in a form that survives the way from one process to another."""
    findings = [[found.where, found.message, found.code] for found in outcome.findings]
    return {
        "check": outcome.check,
        "policy": outcome.policy,
        "status": outcome.status.value,
        "findings": findings,
        "note": outcome.note,
    }


def _unpacked(text: str) -> Outcome:
    from hokensha.errors import Finding  # noqa: PLC0415
    from hokensha_conformance.examination import Outcome, Status  # noqa: PLC0415 - see the module

    raw = json.loads(text)
    findings = tuple(Finding(*found) for found in raw["findings"])
    return Outcome(raw["check"], raw["policy"], Status(raw["status"]), findings, raw["note"])


class Run:
    """What a run of pytest came to, as far as the kit is concerned: itself a plugin of that run.

    Attributes:
        examined: What was collected in this process, by conformance file.
        outcomes: What the checks came to, by conformance file; other processes send theirs.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.examined: dict[str, Examination] = {}
        self.outcomes: dict[str, list[Outcome]] = {}
        self.reports: list[Report] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the outcome of a check."""
        for name, value in report.user_properties if report.when == "call" else ():
            if name == _PROPERTY:
                self.outcomes.setdefault(report.nodeid.partition("::")[0], []).append(_unpacked(str(value)))

    @pytest.hookimpl(tryfirst=True)  # pytest writes its own XML at this hook
    def pytest_sessionfinish(self) -> None:
        """Draw the reports up, hand their heads to JUnit's XML, and write the JSON that was asked for."""
        if hasattr(self.config, "workerinput") or not self.outcomes:
            return
        self.reports = [self._report(nodeid, found) for nodeid, found in sorted(self.outcomes.items())]
        xml = self.config.stash.get(xml_key, None)
        if xml is not None:
            for name, value in (each for report in self.reports for each in report.properties()):
                xml.add_global_property(name, value)
        if file := self.config.getoption("--hokensha-report"):
            written = [report.to_json() for report in self.reports]
            text = json.dumps(written[0] if len(written) == 1 else written, ensure_ascii=False, indent=1)
            Path(file).write_text(text + "\n", encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Close the run with a report for people."""
        from hokensha_cli import language_of  # noqa: PLC0415 - see the module

        lang = language_of((), os.environ)
        for report in self.reports:
            terminalreporter.write_sep("=", f"hokensha conformance: {report.plugin}")
            for line in report.lines(lang):
                terminalreporter.write_line(line)

    def _report(self, nodeid: str, outcomes: list[Outcome]) -> Report:
        from hokensha_conformance.reporting import report_of  # noqa: PLC0415 - see the module

        examination = self.examined.get(nodeid)
        if examination is None:  # it was collected in other processes
            examination = _examination(self.config.rootpath / nodeid, self.config)
        return report_of(examination, outcomes)


_RUN: pytest.StashKey[Run] = pytest.StashKey()


def _examination(path: Path, config: pytest.Config) -> Examination:
    from hokensha_conformance.deviations import open_deviations  # noqa: PLC0415 - see the module
    from hokensha_conformance.examination import Examination  # noqa: PLC0415
    from hokensha_conformance.subject import open_subject  # noqa: PLC0415

    return Examination(open_subject(_shown(path)), open_deviations(path.parent, _day(config)))


def _day(config: pytest.Config) -> date | None:
    text = config.getoption("--hokensha-on") or os.environ.get("HOKENSHA_ON")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise pytest.UsageError(f"--hokensha-on: expected a day YYYY-MM-DD, found {text!r}") from None


def _shown(path: Path) -> Path:
    """A path as people would write it: from the folder in which they are, where that leads to it."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
