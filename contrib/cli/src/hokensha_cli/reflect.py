"""``hokensha reflect``: when the result of a process shows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from hokensha.rules import Latency
from hokensha_cli import words
from hokensha_cli.options import DAY, Command, json_option, language, option
from hokensha_cli.output import console, emit, one_line, say, table
from hokensha_cli.people import cited, day_value, places

if TYPE_CHECKING:
    from hokensha.policy import Rulebook
    from hokensha.text import Language


@click.command(
    "reflect",
    cls=Command,
    about=words.REFLECT,
    examples=(
        "hokensha reflect policy.toml --list",
        "hokensha reflect policy.toml enrolment --from 2026-11-21",
        "hokensha reflect policy.toml enrolment --from 令和8年11月21日 --json",
    ),
)
@click.argument("policy")
@click.argument("process", required=False)
@option("--from", "start", about=words.FROM, type=DAY)
@option("--list", "list_", about=words.LIST_PROCESSES, is_flag=True)
@json_option
def reflect_command(
    policy: str, process: str | None, start: date | None, *, list_: bool, as_json: bool
) -> None:
    """Answer a day value with the fact that it counts from, or list the processes."""
    if not list_ and (process is None or start is None):
        raise click.UsageError("expected 'PROCESS --from DAY', or '--list'", click.get_current_context())
    from hokensha.engine import reflect  # noqa: PLC0415 - help needs none of this
    from hokensha.policy import open_rulebook  # noqa: PLC0415

    lang = language()
    rulebook = open_rulebook(policy)
    if list_ or process is None or start is None:
        _list(rulebook, lang, as_json=as_json)
        return
    answer = reflect(rulebook, process, start)
    if as_json:
        emit({**answer.day.to_json(), "counts_from": answer.counts_from})
        return
    label = one_line(rulebook.latency(process).rule.label.text(lang))
    say(f"{label}: {day_value(answer.day, lang)}")
    say(f"  {words.COUNTS_FROM.text(lang)}: {_fact(rulebook, answer.counts_from, lang)}")
    for place in places(rulebook.policy, answer.day.cites):
        say(f"  {place}")


def _fact(rulebook: Rulebook, fact: str | None, lang: Language) -> str:
    if fact is None:
        return words.NOT_STATED.text(lang)
    return f"{rulebook.catalogue[fact].label.text(lang)} ({fact})"


def _list(rulebook: Rulebook, lang: Language, *, as_json: bool) -> None:
    known = rulebook.rules(Latency)
    if as_json:
        emit(
            [
                {
                    "process": bound.rule.process,
                    "label": bound.rule.label.text(lang),
                    "counts_from": bound.rule.counts_from,
                    "cites": list(bound.terms.cites),
                }
                for bound in known
            ]
        )
        return
    listed = table(words.PROCESS.text(lang), words.MEANING.text(lang), words.COUNTS_FROM.text(lang))
    for bound in known:
        meaning = one_line(bound.rule.label.text(lang)) + cited(bound.terms.cites)
        listed.add_row(bound.rule.process, meaning, _fact(rulebook, bound.rule.counts_from, lang))
    console().print(listed)
