"""``hokensha rules``: every rule of a policy as a decision table, with its sources."""

from __future__ import annotations

from datetime import date

import click

from hokensha_cli import words
from hokensha_cli.options import DAY, Command, language, option
from hokensha_cli.output import emit, write


@click.command(
    "rules",
    cls=Command,
    about=words.RULES,
    examples=(
        "hokensha rules policy.toml > rules.md",
        "hokensha rules policy.toml --on 2026-11-21 --lang en",
        "hokensha rules policy.toml --format html > rules.html",
    ),
)
@click.argument("policy")
@option("--on", "on", about=words.ON_RULES, type=DAY)
@option(
    "--format",
    "form",
    about=words.FORMAT,
    type=click.Choice(["markdown", "html", "json"]),
    default="markdown",
)
def rules_command(policy: str, on: date | None, form: str) -> None:
    """Write the rules."""
    from hokensha.policy import open_rulebook  # noqa: PLC0415
    from hokensha_cli.ruledoc import rule_document  # noqa: PLC0415 - help needs none of this
    from hokensha_cli.rulepages import markdown, page  # noqa: PLC0415

    lang = language()
    document = rule_document(open_rulebook(policy), on, lang)
    if form == "json":
        emit(document)
        return
    text = page(document, lang) if form == "html" else markdown(document, lang)
    write(text.encode("utf-8", "backslashreplace"))
