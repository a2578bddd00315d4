"""``hokensha check``: every rule of a policy over every situation."""

from __future__ import annotations

from collections.abc import Iterable

import click

from hokensha.errors import Finding
from hokensha.text import Language
from hokensha_cli import Command, emit, json_option, language, report, say, words
from hokensha_cli.japanese import said


@click.command(
    "check",
    cls=Command,
    about=words.CHECK,
    examples=("hokensha check policy.toml", "hokensha check policy.toml --json"),
)
@click.argument("policy")
@json_option
def check_command(policy: str, *, as_json: bool) -> int:
    """Check a policy; errors go to standard error, in JSON as well."""
    from hokensha_verify.checks import check  # noqa: PLC0415 - help needs none of this
    from hokensha_verify.progress import watched  # noqa: PLC0415

    lang = language()
    with watched(lang) as progress:
        found = check(policy, progress)
    report(found.errors, lang)
    if as_json:
        emit(
            {
                "ok": found.ok,
                "errors": _json(found.errors, lang),
                "warnings": _json(found.warnings, lang),
                "rules": found.rules,
                "features": found.features,
                "paths": found.paths,
            }
        )
        return int(not found.ok)
    report(found.warnings, lang, words.WARNING)
    outcome = words.CHECK_OK if found.ok else words.CHECK_FAILED
    counts = words.CHECK_COUNTS.text(lang).format(
        rules=found.rules, features=found.features, paths=found.paths, warnings=len(found.warnings)
    )
    line = f"{outcome.text(lang).format(len(found.errors))}; {counts}"
    say(line, "green" if found.ok else "red")
    return int(not found.ok)


def _json(findings: Iterable[Finding], lang: Language) -> list[dict[str, str]]:
    return [{"code": f.code, "message": said(f.message, lang), "where": f.where} for f in findings]
