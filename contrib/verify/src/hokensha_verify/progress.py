"""How far a check is, on a terminal: what it is at, by name, so that a slow rule is seen while it runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeAlias

import click
from attrs import define, field

from hokensha.text import Label, Language

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

Progress: TypeAlias = Callable[[Label, float], None]
"""Is told what is gone through next, and the share of the work that is done."""

CHECKING: Final = Label("検査中", "checking")
SLOW: Final = Label(
    "検査に時間のかかる規則: {what} ({seconds:.0f} 秒)", "a rule that takes long: {what} ({seconds:.0f} s)"
)
RULES: Final = 0.5
"""So much of a check, about, are the rules one by one; all else comes after them."""
_SLOW: Final = 5.0
"""A rule that takes so many seconds is named when all is done, too."""
DONE: Final = Label("終了", "done")


def unseen(what: Label, share: float) -> None:
    """Let a check go on unseen."""


@contextmanager
def watched(lang: Language) -> Iterator[Progress]:
    """Show on a terminal what a check is at, and at its end which rules were slow; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield unseen
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    # What a rule prints is a finding: nothing is put between it and the streams.
    bar = Progress(
        *columns, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False
    )
    with bar:
        watch = _Watch(bar, lang)
        yield watch.told
        watch.told(DONE, 1.0)
    for what, seconds in watch.slow:
        click.echo(SLOW.text(lang).format(what=what, seconds=seconds), err=True)


@define(eq=False)
class _Watch:
    """A bar, and the rules that took long.

    Attributes:
        slow: Rules that took long, and how many seconds.
    """

    bar: Bar
    lang: Language
    slow: list[tuple[str, float]] = field(factory=list, init=False)
    _at: str = field(default="", init=False)
    _rule: bool = field(default=False, init=False)
    _since: float = field(factory=monotonic, init=False)

    def __attrs_post_init__(self) -> None:
        self.bar.add_task(CHECKING.text(self.lang), total=1.0)

    def told(self, what: Label, share: float) -> None:
        """Show what is gone through next."""
        now = monotonic()
        if self._rule and now - self._since >= _SLOW:
            self.slow.append((self._at, now - self._since))
        self._at, self._since, self._rule = what.text(self.lang), now, share < RULES
        description = f"{CHECKING.text(self.lang)}: {self._at}"
        self.bar.update(self.bar.task_ids[0], completed=share, description=description)
