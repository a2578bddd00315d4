"""How the command line writes: JSON, findings, and a console for people."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from hokensha.errors import Finding
from hokensha.facts import holds_individual_number
from hokensha.text import Label, Language
from hokensha_cli import words

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LONG_NUMBER = re.compile(r"\d(?:[\s‐‑‒–—―−ー－-]{0,3}\d){11,}")
_PIPE_WIDTH = 100


def emit(document: object) -> None:
    """Write one JSON document on one line, in UTF-8 whatever the terminal's encoding.

    A half of a surrogate pair, which JSON may escape but UTF-8 cannot write, stays escaped.
    """
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    click.echo(text.encode("utf-8", "backslashreplace") + b"\n", nl=False)


def one_line(text: str, lang: Language = "en") -> str:
    """``text`` in one line, without control characters, and without an individual number it may hold."""
    line = _CONTROL.sub(" ", text).strip()
    if holds_individual_number(line):
        line = _LONG_NUMBER.sub("************", line)
    return words.NOT_REPEATED.text(lang) if holds_individual_number(line) else line


def complain(message: str, lang: Language, frame: Label = words.ERROR) -> None:
    """Write one line on standard error."""
    if lang == "ja":
        from hokensha_cli.japanese import japanese  # noqa: PLC0415 - only where something is wrong

        message = japanese(message)
    click.echo(frame.text(lang) + one_line(message, lang), err=True)


def report(findings: Iterable[Finding], lang: Language, frame: Label = words.ERROR) -> None:
    """Write findings on standard error, one a line."""
    for finding in findings:
        complain(str(finding), lang, frame)


def say(text: str, colour: str | None = None, *, bold: bool = False) -> None:
    """Write one line for people; in colour on a terminal only, and not where ``NO_COLOR`` is set.

    What needs no table needs no rich, whose import would be a third of the time that a decision takes.
    """
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    styled = click.style(text, fg=colour, bold=bold or None) if colour or bold else text
    click.echo(styled, color=False if plain else None)


def console() -> Console:
    """A console for tables: colours on a terminal only; what is written stands as it is."""
    from rich.console import Console  # noqa: PLC0415 - only tables need it

    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(markup=False, highlight=False, emoji=False, width=width)


def table(*headers: str) -> Table:
    """An empty table."""
    from rich import box  # noqa: PLC0415 - only people need it
    from rich.table import Table  # noqa: PLC0415

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for header in headers:
        made.add_column(header, overflow="fold")
    return made
