"""``hokensha present``: what a member can show at a medical institution."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from hokensha.rules import At
from hokensha_cli import words
from hokensha_cli.options import DAY, Command, document_of, json_option, language, option
from hokensha_cli.output import emit, one_line, say
from hokensha_cli.people import cited, day, facts_named, places

if TYPE_CHECKING:
    from hokensha.engine import Presented
    from hokensha.policy import Rulebook
    from hokensha.rules import Document
    from hokensha.text import Language


@click.command(
    "present",
    cls=Command,
    about=words.PRESENT,
    examples=(
        "hokensha present policy.toml member.json --on 2026-11-21 --at unequipped",
        "hokensha present policy.toml member.json --on 2026-11-21 --at reader-failed \\",
        "    --with my-number-card --with eligibility-notice --json",
    ),
)
@click.argument("policy")
@click.argument("member")
@option("--on", "on", about=words.ON, type=DAY, required=True)
@option("--at", about=words.AT, type=click.Choice([each.value for each in At]), required=True)
@option("--with", "shown", about=words.WITH, multiple=True, metavar="DOCUMENT")
@json_option
def present_command(
    policy: str, member: str, on: date, at: str, shown: tuple[str, ...], *, as_json: bool
) -> None:
    """Answer the sets of things that serve, and whether what is shown does."""
    from hokensha.engine import present  # noqa: PLC0415
    from hokensha.policy import open_rulebook  # noqa: PLC0415
    from hokensha_cli.members import read_member  # noqa: PLC0415 - help needs none of this

    lang = language()
    rulebook = open_rulebook(policy)
    documents = [document_of(rulebook, each) for each in shown]
    known = read_member(member, rulebook.catalogue)
    answer = present(rulebook, known, on, At(at), documents or None)
    if as_json:
        emit(_json(answer, with_shown=bool(shown)))
        return
    head = f"{known.id}  {day(on, lang)}  {words.AT_PLACES[At(at)].text(lang)}"
    _write(rulebook, answer, one_line(head), documents, lang)
    if not answer.accepted and not answer.uncertain:
        from hokensha_cli.blocks import advice_block  # noqa: PLC0415 - only who has nothing needs it

        advice_block(rulebook, known, on, lang)


def _json(answer: Presented, *, with_shown: bool) -> dict[str, object]:
    document: dict[str, object] = {
        "accepted": [[each.id for each in things] for things in answer.accepted],
        "uncertain": [[each.id for each in things] for things in answer.uncertain],
        "cites": list(answer.cites),
    }
    if with_shown:
        document["shown_is_accepted"] = answer.shown_is_accepted
    if answer.missing:
        document["missing"] = list(answer.missing)
    return document


def _write(rulebook: Rulebook, answer: Presented, head: str, shown: list[Document], lang: Language) -> None:
    say(head, bold=True)
    for title, sets in ((words.ACCEPTED, answer.accepted), (words.UNCERTAIN, answer.uncertain)):
        for things in sets:
            say(f"  {title.text(lang)}: {_set(things, lang)}")
    if not answer.accepted and not answer.uncertain:
        nothing = words.NOTHING_FOR_CERTAIN if answer.missing else words.NOTHING_SERVES
        say(f"  {nothing.text(lang)}")
    if shown:
        verdict = words.SHOWN_ACCEPTED[answer.shown_is_accepted].text(lang)
        say(f"  {words.SHOWN.text(lang)} ({_set(tuple(shown), lang)}): {verdict}")
    if answer.missing:
        missing = facts_named(rulebook.catalogue, answer.missing, lang)
        say(f"  {words.MISSING.text(lang)}: {missing}", "yellow")
    if answer.cites:
        say(f"  {words.CITES.text(lang)}:{cited(answer.cites)}")
    for place in places(rulebook.policy, answer.cites):
        say(f"    {place}")


def _set(things: tuple[Document, ...], lang: Language) -> str:
    return " + ".join(each.label.text(lang) for each in things)
