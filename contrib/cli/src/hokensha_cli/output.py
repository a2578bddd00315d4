"""How the command line writes: JSON, findings, and a console for people."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from hokensha.errors import Finding
from hokensha.facts import holds_individual_number, without_individual_numbers
from hokensha.text import Label, Language
from hokensha_cli import words
from hokensha_cli.streams import Unwritable, answers

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ESCAPED = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")
"""A sign that the message shows as Python writes it: it may stand inside a number."""
_PIPE_WIDTH = 100


def write(data: bytes) -> None:
    """Write bytes as they are."""
    click.echo(data, answers(), nl=False)


def emit(document: object) -> None:
    """Write one JSON document on one line, in UTF-8 whatever the terminal's encoding.

    A half of a surrogate pair, which JSON may escape but UTF-8 cannot write, stays escaped.
    """
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    write(text.encode("utf-8", "backslashreplace") + b"\n")


def one_line(text: str, lang: Language = "en") -> str:
    """``text`` in one line, without control characters, and without an individual number it may hold."""
    line = _CONTROL.sub(" ", text).strip()
    meant = _ESCAPED.sub(_unescaped, line)
    if holds_individual_number(meant):
        line = _CONTROL.sub(" ", without_individual_numbers(meant))
    return words.NOT_REPEATED.text(lang) if holds_individual_number(line) else line


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1] or found[2] or found[3], 16)
    return chr(code) if code <= sys.maxunicode else ""


def complain(message: str, lang: Language, frame: Label = words.ERROR) -> None:
    """Write one line on standard error."""
    from hokensha_cli.japanese import said  # noqa: PLC0415 - only where something is wrong

    click.echo(frame.text(lang) + one_line(said(message, lang), lang), err=True)


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
    click.echo(styled, answers(), color=False if plain else None)


@contextmanager
def afterwards(lang: Language) -> Iterator[None]:
    """Where it is said what was written already: that nobody can be told is a warning, and undoes nothing."""
    try:
        yield
        answers().flush()
    except Unwritable as error:
        complain(words.UNWRITABLE.text(lang).format(error), lang, words.WARNING)


def console() -> Console:
    """A console for tables: colours on a terminal only; what is written stands as it is."""
    from rich.console import Console  # noqa: PLC0415 - only tables need it

    width = None if answers().isatty() else _PIPE_WIDTH
    return Console(file=answers(), markup=False, highlight=False, emoji=False, width=width)


def table(*headers: str) -> Table:
    """An empty table."""
    from rich import box  # noqa: PLC0415 - only people need it
    from rich.table import Table  # noqa: PLC0415

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for header in headers:
        made.add_column(header, overflow="fold")
    return made
