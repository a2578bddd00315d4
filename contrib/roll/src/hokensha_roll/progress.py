"""How far a command has come, on standard error: a bar on a terminal, lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias

import click

from hokensha.text import Label, Language

Progress: TypeAlias = Callable[[int, float], None]
"""Is told how many rows are done, and the share of the work that is."""

ROWS: Final = Label("{rows:,} 行", "{rows:,} rows")
SPEED: Final = Label("{rate:,.0f} 行/秒", "{rate:,.0f} rows/s")
_LINES: Final = 10
"""So many lines say how far a command is, where there is no terminal."""
_WORTH_TELLING: Final = 100_000


def unseen(rows: int, share: float) -> None:
    """Let a command go on unseen."""


@contextmanager
def watched(doing: Label, lang: Language, *, quiet: bool) -> Iterator[Progress]:
    """Show how far a command is that goes through rows.

    Args:
        doing: What it does, in a few words.
        lang: The language.
        quiet: Show nothing.
    """
    if quiet:
        yield unseen
    elif sys.stderr.isatty():
        with _bar(doing, lang) as progress:
            yield progress
    else:
        told = [0]

        def line(rows: int, share: float) -> None:
            if int(share * _LINES) > told[0] and rows >= _WORTH_TELLING:
                told[0] = int(share * _LINES)
                said = f"{doing.text(lang)}: {ROWS.text(lang).format(rows=rows)}, {share:.0%}"
                click.echo(said, err=True)

        yield line


@contextmanager
def _bar(doing: Label, lang: Language) -> Iterator[Progress]:
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        Progress,
        ProgressColumn,
        Task,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.table import Column  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    class Rate(ProgressColumn):
        """Rows so far, and rows per second."""

        def render(self, task: Task) -> Text:
            rows, seconds = task.fields["rows"], task.elapsed
            text = ROWS.text(lang).format(rows=rows)
            if seconds:
                text += "  " + SPEED.text(lang).format(rate=rows / seconds)
            return Text(text)

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        Rate(table_column=Column(no_wrap=True)),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(doing.text(lang), total=1.0, rows=0)

        def show(rows: int, share: float) -> None:
            bar.update(task, completed=share, rows=rows)

        yield show
