"""``hokensha decide``: what members are owed on a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import click

from hokensha.errors import HokenshaError
from hokensha_cli import words
from hokensha_cli.options import DAY, Command, json_option, language, option
from hokensha_cli.output import emit, report, say

if TYPE_CHECKING:
    from hokensha.facts import Member
    from hokensha.policy import Rulebook
    from hokensha.rules import Decision
    from hokensha.text import Language
    from hokensha_verify import Explained


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
    explain = _explain(lang) if why else None
    rulebook = open_rulebook(policy)
    failed = False
    for index, each in enumerate(read_members(member, rulebook.catalogue)):
        try:
            if isinstance(each, HokenshaError):
                raise each
            decision = decide(rulebook, each, on)
            reasons = explain(rulebook, each, on) if explain else None
            if as_json:
                said = {} if reasons is None else {"why": [reason.to_json(lang) for reason in reasons]}
                emit({**decision.to_json(lang), **said})
            else:
                _write(rulebook, each, decision, reasons, gap=index > 0)
        except HokenshaError as error:
            report(error.findings, lang)
            failed = True
    return int(failed)


def _explain(lang: Language) -> Callable[[Rulebook, Member, date], tuple[Explained, ...]]:
    """What says why: of another distribution, and only those who ask wait for it."""
    try:
        from hokensha_verify import explain  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "hokensha_verify":
            raise
        from hokensha_cli.main import elsewhere  # noqa: PLC0415 - it has been imported long since

        raise click.UsageError(elsewhere("decide --why", lang), click.get_current_context()) from None
    return explain


def _write(
    rulebook: Rulebook,
    member: Member,
    decision: Decision,
    reasons: tuple[Explained, ...] | None,
    *,
    gap: bool,
) -> None:
    from hokensha_cli.blocks import advice_block, decision_block, why_block  # noqa: PLC0415 - only for people

    lang = language()
    if gap:
        say("")
    decision_block(rulebook, member, decision, lang)
    advice_block(rulebook, member, decision.on, lang)
    if reasons is not None:
        why_block(rulebook, reasons, lang)
