"""``hokensha cases``: whether a policy answers the cases of a file as its source does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from hokensha.errors import HokenshaError
from hokensha.text import Label
from hokensha_cli import Command, emit, json_option, language, one_line, report, say

if TYPE_CHECKING:
    from hokensha.policy import Rulebook
    from hokensha_conformance.cases import Case

ABOUT: Final = Label(
    "事例のファイルの事例を、それぞれの方針に尋ねます。\n"
    "期待どおりにならない事例があれば、違うところを示して 1 で終わります。",
    "Ask the cases of files of the policies that these name.\n"
    "Where an answer is not what a case expects, it says so, and exits with 1.",
)
COUNTS: Final = Label("事例: {}、不一致: {}", "cases: {}, failing: {}")
PASS: Final = Label("すべて期待どおりです", "all are answered as expected")


@click.command(
    "cases",
    cls=Command,
    about=ABOUT,
    examples=("hokensha cases cases/page.toml", "hokensha cases cases/*.toml --json"),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@json_option
def cases_command(files: tuple[str, ...], *, as_json: bool) -> int:
    """Ask each case; a file that cannot be read is reported, and the others are still asked."""
    from hokensha.policy import open_rulebook  # noqa: PLC0415
    from hokensha_conformance.cases import load_cases  # noqa: PLC0415 - help needs none of this

    lang = language()
    opened: dict[str, Rulebook] = {}
    asked: list[dict[str, Any]] = []
    unread = False
    for path in files:
        try:
            file = load_cases(path)
            if file.policy not in opened:
                opened[file.policy] = open_rulebook(file.policy)
        except HokenshaError as error:
            report(error.findings, lang)
            unread = True
        else:
            asked += _asked(path, file.cases, opened[file.policy])
    failing = [each for each in asked if each["differences"]]
    if as_json:
        emit({"cases": asked, "failing": len(failing)})
        return int(unread or bool(failing))
    for each in failing:
        say(f"{each['file']}: {each['case']}: {one_line(each['says'])}", "red")
        for difference in each["differences"]:
            say(f"  {one_line(difference)}")
    sound = not failing and not unread
    ending = f"; {PASS.text(lang)}" if sound else ""
    say(COUNTS.text(lang).format(len(asked), len(failing)) + ending, "green" if sound else "red")
    return int(not sound)


def _asked(path: str, cases: tuple[Case, ...], rulebook: Rulebook) -> list[dict[str, Any]]:
    from hokensha_conformance.answering import mismatches  # noqa: PLC0415 - help needs none of this

    return [
        {
            "file": path,
            "case": case.id,
            "says": case.says,
            "cites": list(case.cites),
            "differences": list(mismatches(rulebook, case)),
        }
        for case in cases
    ]
