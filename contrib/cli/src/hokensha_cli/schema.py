"""``hokensha schema``: what editors need to help with a policy."""

from __future__ import annotations

import click

from hokensha.text import nearest
from hokensha_cli import words
from hokensha_cli.options import Command, language
from hokensha_cli.output import write


@click.command(
    "schema",
    cls=Command,
    about=words.SCHEMA,
    examples=(
        "hokensha schema > policy.schema.json",
        "hokensha schema cases > cases.schema.json",
    ),
)
@click.argument("kind", default="policy")
def schema_command(kind: str) -> None:
    """Print a JSON Schema, in UTF-8 whatever the terminal's encoding."""
    from hokensha_cli.jsonschema import kinds, schema_text  # noqa: PLC0415 - help needs none of this
    from hokensha_cli.main import elsewhere  # noqa: PLC0415 - it has been imported long since

    known = kinds()
    if kind not in known:
        message = f"no schema of '{kind}'{nearest(kind, list(known))}; known: {', '.join(known)}"
        missing = elsewhere(f"schema {kind}", language())
        raise click.UsageError(missing or message, click.get_current_context())
    write(schema_text(kind).encode())
