"""Directives that write tables from the code, the policies and the cases, so that none can go stale."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import account
from click.testing import CliRunner
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from hokensha.dates import steps
from hokensha_cli.main import cli
from hokensha_conformance import load_cases
from hokensha_standard import FACTS

KINDS = {
    "rule": "rule",
    "figure": "figure",
    "information": "told; decides nothing",
    "not software": "no matter for software",
}


def cell(text: str) -> str:
    """Text as a Markdown table takes it."""
    return " ".join(text.replace("|", "\\|").split())


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A Markdown table, line by line."""
    yield ""
    for row in (head, ["---"] * len(head), *rows):
        yield "| " + " | ".join(map(cell, row)) + " |"
    yield ""


def first_sentence(thing: object) -> str:
    """What a class says of itself first, in Markdown."""
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("``", "`")


class Generated(SphinxDirective):
    """A directive that writes Markdown."""

    optional_arguments = 1

    def markdown(self) -> Iterator[str]:
        """Line by line."""
        raise NotImplementedError  # each directive writes its own

    def run(self) -> list[nodes.Node]:
        """Read the Markdown in the directive's place."""
        for name in ("account", "answers", "generated", "shared"):
            self.env.note_dependency(str(Path(__file__).with_name(f"{name}.py")))
        for path in (*account.rulebooks(), *sorted(account.ROOT.glob("plugins/*/cases/*.toml"))):
            self.env.note_dependency(str(account.ROOT / path))
        source, _ = self.get_source_info()
        parent = nodes.Element()
        self.state.nested_parse(StringList([*self.markdown()], source), self.content_offset, parent)
        return parent.children


class Account(Generated):
    """What became of each rule of one source: ``{account} 000``; without a source, of the law."""

    def markdown(self) -> Iterator[str]:
        """A row for each rule."""
        wanted = self.arguments[0] if self.arguments else ""
        rows = []
        for entry in account.entries().values():
            source = entry.locator.split("-")[0]
            if (source if source.isdigit() else "") == wanted:
                what = "<br>".join(self._use(entry, use) for use in entry.uses) or "no policy needs it"
                rows.append([f"`{entry.locator}`", entry.place, what, str(entry.cases)])
        yield from table(["rule", "place", "what follows it", "cases"], rows)

    def _use(self, entry: account.Entry, use: account.Use) -> str:
        named = f"{KINDS[use.kind]} `{use.name}`" if use.kind in account.DECIDING else ""
        declaring = [
            path for path, book in account.rulebooks().items() if entry.locator in book.policy.locators()
        ]
        where = [] if entry.uses[use] == declaring else [f"`{path}`" for path in entry.uses[use]]
        text = named or f"{KINDS[use.kind]}: {use.name}"
        return text + (f" (only in {', '.join(where)})" if where else "")


class Facts(Generated):
    """Every fact that all insurers share."""

    def markdown(self) -> Iterator[str]:
        """A row for each fact."""
        rows = [
            [
                f"`{fact.id}`",
                ", ".join(f"`{value}`" for value in fact.values) or fact.kind,
                "yes" if fact.nullable else "",
                "yes" if fact.planned else "",
                fact.label.ja,
                fact.label.en,
            ]
            for fact in FACTS
        ]
        yield from table(["fact", "type", "may be none", "may lie ahead", "日本語", "English"], rows)


class Steps(Generated):
    """Every step of a date rule, with what it makes of a day: ``{date-steps}``, ``{date-steps} ja``."""

    SAMPLES = (
        (steps.Days(15), date(2026, 4, 1)),
        (steps.Months(3), date(2025, 11, 30)),
        (steps.Months(3, "roll-over"), date(2025, 11, 30)),
        (steps.Months(3, "stick"), date(2026, 2, 28)),
        (steps.Years(4), date(2024, 2, 29)),
        (steps.EndOfMonth(3), date(2025, 12, 2)),
        (steps.FloorMonthEnd(0), date(2026, 4, 15)),
        (steps.FirstOfMonth(1), date(2026, 7, 10)),
        (steps.Next("07-31"), date(2026, 7, 31)),
        (steps.Next("07-31", "next"), date(2026, 7, 31)),
        (steps.On(date(2025, 12, 1)), date(2024, 12, 2)),
        (steps.Birthday(75), date(1951, 11, 21)),
        (steps.EndOfBirthdayMonth(70), date(1956, 4, 1)),
        (steps.BusinessDays(3), date(2025, 5, 2)),
    )
    JAPANESE: Mapping[type, str] = {
        steps.Days: "`days` 日後（負の数なら前）。初日は数えません",
        steps.Months: "`months` か月後の応当日。応当日のない月をどうするかは `month_end` で決めます",
        steps.Years: "`years` 年後の応当日。応当日がないことがあるのは2月29日だけです",
        steps.EndOfMonth: "`end_of_month` か月後の月の末日。0 ならその日の属する月",
        steps.FloorMonthEnd: "その日以前で最も近い月末から、`floor_month_end` か月後の月末",
        steps.FirstOfMonth: "`first_of_month` か月後の月の初日。0 ならその日の属する月",
        steps.Next: "次に来るその月日。`boundary` が `same` なら当日を含み、`next` なら含みません",
        steps.On: "もとの日に関わらず、決まった日",
        steps.Birthday: "もとの日に生まれた方の `birthday` 歳の誕生日。2月29日生まれは、平年には3月1日",
        steps.EndOfBirthdayMonth: "その年齢に達する日の属する月の末日。1日生まれの方は、前の月に達します",
        steps.BusinessDays: "保険者の営業日で数えて `business_days` 日後。当日は0日目です",
    }

    def markdown(self) -> Iterator[str]:
        """A row for each sample; a step without a sample, or without Japanese words, is an error."""
        japanese = self.arguments == ["ja"]
        assert {type(step) for step, _ in self.SAMPLES} == {*steps.STEPS}  # noqa: S101 - stops the build
        assert {*self.JAPANESE} == {*steps.STEPS}  # noqa: S101 - the same
        book = account.rulebooks()["examples/warehouse-health-society/policy.toml"]
        seen: set[type] = set()
        rows = []
        for step, day in self.SAMPLES:
            result = steps.apply_rule((step,), day, book.figures.add_business_days)
            same, words = "the same", first_sentence(type(step))
            if japanese:
                same, words = "同上", self.JAPANESE[type(step)]
            about = same if type(step) in seen else words
            seen.add(type(step))
            rows.append([f"`{self._toml(step)}`", about, f"{day} → {result}"])
        yield from table(["計算", "求める日", "例"] if japanese else ["step", "gives", "for example"], rows)

    def _toml(self, step: Any) -> str:
        values = {
            name: getattr(step, name)
            for number, name in enumerate(step.__slots__)
            if name != "__weakref__" and (number == 0 or getattr(step, name) not in ("clamp", "same"))
        }
        written = ", ".join(f'{k} = "{v}"' if isinstance(v, str) else f"{k} = {v}" for k, v in values.items())
        return "{ " + written + " }"


class Readings(Generated):
    """The readings chosen: of figures (``{readings} figures``), and of cases (``{readings} cases``)."""

    def markdown(self) -> Iterator[str]:
        """A row for each."""
        yield from self._of_cases() if self.arguments == ["cases"] else self._of_figures()

    def _of_figures(self) -> Iterator[str]:
        found: dict[tuple[str, ...], list[str]] = {}
        for path, book in account.rulebooks().items():
            for name, versions in book.policy.figures.items():
                for figure in versions:
                    others = "; ".join(other.reading.en for other in figure.other_readings)
                    if figure.reading:
                        row = (f"`{name}`", figure.reading.en, others, ", ".join(figure.cites))
                        found.setdefault(row, []).append(f"`{Path(path).parent.name}`")
        by_policy = sorted(found.items(), key=lambda item: item[1])
        rows = [[", ".join(dict.fromkeys(where)), *row] for row, where in by_policy]
        yield from table(["policy", "figure", "reading chosen", "other readings", "cites"], rows)

    def _of_cases(self) -> Iterator[str]:
        rows = [
            [f"`{case.id}`", case.says, case.reading, ", ".join(case.cites)]
            for path in sorted(account.ROOT.glob("plugins/*/cases/*.toml"))
            for case in load_cases(path).cases
            if case.reading
        ]
        yield from table(["case", "what it shows", "reading chosen", "cites"], rows)


class Commands(Generated):
    """The help of ``hokensha`` and of each of its commands."""

    def markdown(self) -> Iterator[str]:
        """A block for each."""
        runner = CliRunner(env={"LC_ALL": "C.UTF-8", "COLUMNS": "100"})
        brought = {each.name: each.dist.name for each in entry_points(group="hokensha.commands") if each.dist}
        for name in ("", *sorted(brought)):
            shown = runner.invoke(cli, [*name.split(), "--help"], prog_name="hokensha", terminal_width=100)
            assert shown.exit_code == 0, shown.output  # noqa: S101 - stops the build
            origin = f" ({brought[name]})" if name else ""
            yield from ("", f"**`hokensha {name}".rstrip() + f"`**{origin}", "", "```text")
            yield from shown.output.rstrip().splitlines()
            yield from ("```", "")


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directives."""
    for name, directive in {
        "account": Account,
        "commands": Commands,
        "facts": Facts,
        "date-steps": Steps,
        "readings": Readings,
    }.items():
        app.add_directive(name, directive)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
