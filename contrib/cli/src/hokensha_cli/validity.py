"""``hokensha validity``: until when a document issued on a day is valid."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from hokensha_cli import words
from hokensha_cli.options import DAY, Command, document_of, json_option, language, option
from hokensha_cli.output import console, emit, one_line, say, table
from hokensha_cli.people import cited, day_value, places

if TYPE_CHECKING:
    from hokensha.policy import Rulebook
    from hokensha.rules import Document
    from hokensha.text import Language


@click.command(
    "validity",
    cls=Command,
    about=words.VALIDITY,
    examples=(
        "hokensha validity policy.toml eligibility-certificate --issued 2026-11-21",
        "hokensha validity policy.toml eligibility-certificate --list",
        "hokensha validity policy.toml eligibility-certificate --issued R8.7.10 --purpose renewal --json",
    ),
)
@click.argument("policy")
@click.argument("document")
@option("--issued", about=words.ISSUED, type=DAY)
@option("--purpose", about=words.PURPOSE, default="standard")
@option("--member", about=words.MEMBER_OPTION)
@option("--list", "list_", about=words.LIST_PURPOSES, is_flag=True)
@json_option
def validity_command(  # noqa: PLR0913 - one parameter for each option
    policy: str,
    document: str,
    issued: date | None,
    purpose: str,
    member: str | None,
    *,
    list_: bool,
    as_json: bool,
) -> None:
    """Answer a day value, or list the purposes."""
    if issued is None and not list_:
        raise click.UsageError("expected '--issued DAY', or '--list'", click.get_current_context())
    from hokensha.engine import validity  # noqa: PLC0415
    from hokensha.policy import open_rulebook  # noqa: PLC0415
    from hokensha_cli.members import read_member  # noqa: PLC0415 - help needs none of this

    lang = language()
    rulebook = open_rulebook(policy)
    asked = document_of(rulebook, document)
    if issued is None or list_:
        _list(rulebook, asked, lang, as_json=as_json)
        return
    known = read_member(member, rulebook.catalogue) if member is not None else None
    value = validity(rulebook, asked, issued, purpose, known)
    if as_json:
        emit(value.to_json())
        return
    say(f"{asked.label.text(lang)}: {day_value(value, lang)}")
    for place in places(rulebook.policy, value.cites):
        say(f"  {place}")


def _list(rulebook: Rulebook, asked: Document, lang: Language, *, as_json: bool) -> None:
    from hokensha.engine import purposes  # noqa: PLC0415 - help needs none of this

    known = purposes(rulebook, asked)
    if as_json:
        emit(
            [
                {
                    "purpose": bound.rule.purpose,
                    "label": bound.rule.label.text(lang),
                    "cites": list(bound.terms.cites),
                }
                for bound in known
            ]
        )
        return
    listed = table(words.PURPOSE_WORD.text(lang), words.MEANING.text(lang))
    for bound in known:
        meaning = one_line(bound.rule.label.text(lang)) + cited(bound.terms.cites)
        listed.add_row(bound.rule.purpose, meaning)
    console().print(listed)
