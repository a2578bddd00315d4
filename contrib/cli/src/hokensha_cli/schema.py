"""``hokensha schema``: what editors need to help with a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hokensha_cli import words
from hokensha_cli.options import Command

if TYPE_CHECKING:
    from hokensha_cli.schemas import Kind


@click.command(
    "schema",
    cls=Command,
    about=words.SCHEMA,
    examples=(
        "hokensha schema > policy.schema.json",
        "hokensha schema cases > cases.schema.json",
    ),
)
@click.argument("kind", type=click.Choice(["policy", "cases"]), default="policy")
def schema_command(kind: Kind) -> None:
    """Print a JSON Schema, in UTF-8 whatever the terminal's encoding."""
    from hokensha_cli.schemas import schema_text  # noqa: PLC0415 - help needs none of this

    click.echo(schema_text(kind).encode(), nl=False)
