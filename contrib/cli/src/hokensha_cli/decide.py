"""``hokensha decide``: what members are owed on a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from hokensha.errors import HokenshaError
from hokensha_cli import words
from hokensha_cli.options import DAY, Command, json_option, language, option
from hokensha_cli.output import emit, report

if TYPE_CHECKING:
    from hokensha.facts import Member
    from hokensha.policy import Rulebook
    from hokensha.rules import Decision
    from hokensha.text import Language


@click.command(
    "decide",
    cls=Command,
    about=words.DECIDE,
    examples=(
        "hokensha decide policy.toml member.json --on 2026-11-21",
        "hokensha decide policy.toml member.json --on 令和8年11月21日 --why",
        "hokensha decide policy.toml members.json --on 2026-11-21 --json > decisions.jsonl",
        "cat member.json | hokensha decide policy.toml - --on R8.11.21 --lang en",
    ),
)
@click.argument("policy")
@click.argument("member")
@option("--on", "on", about=words.ON, type=DAY, required=True)
@json_option
@option("--why", about=words.WHY, is_flag=True)
def decide_command(policy: str, member: str, on: date, *, as_json: bool, why: bool) -> int:
    """Decide each member; those that cannot be read are reported, and the others still decided."""
    from hokensha.engine import decide  # noqa: PLC0415
    from hokensha.policy import open_rulebook  # noqa: PLC0415
    from hokensha_cli.members import read_members  # noqa: PLC0415 - help needs none of this

    lang = language()
    rulebook = open_rulebook(policy)
    several, members = read_members(member, rulebook.catalogue)
    failed = False
    for index, each in enumerate(members):
        try:
            if isinstance(each, HokenshaError):
                raise each
            decision = decide(rulebook, each, on)
            if as_json:
                _write_json(rulebook, each, decision, lang, why=why)
            else:
                _write(rulebook, each, decision, lang, why=why, gap=several and index > 0)
        except HokenshaError as error:
            report(error.findings, lang)
            failed = True
    return int(failed)


def _write_json(rulebook: Rulebook, member: Member, decision: Decision, lang: Language, *, why: bool) -> None:
    document = decision.to_json(lang)
    if why:
        from hokensha_verify import explain  # noqa: PLC0415 - only those who ask wait for it

        document["why"] = [each.to_json(lang) for each in explain(rulebook, member, decision.on)]
    emit(document)


def _write(
    rulebook: Rulebook, member: Member, decision: Decision, lang: Language, *, why: bool, gap: bool
) -> None:
    from hokensha_cli.blocks import advice_block, decision_block, why_block  # noqa: PLC0415 - only for people

    if gap:
        click.echo()
    decision_block(rulebook, decision, lang)
    advice_block(rulebook, member, decision.on, lang)
    if why:
        from hokensha_verify import explain  # noqa: PLC0415

        why_block(rulebook, explain(rulebook, member, decision.on), lang)
