"""A page to follow from an empty folder on: what it has its reader write, change and run, done in its order.

A file is written by a block with its name as caption::

    ```{code-block} toml
    :caption: policy.toml

``(add)`` after the name puts the block at the end of the file that is there; ``(change)`` makes the block a
diff, whose lines without a sign and with ``-`` stand in the file once and become those without a sign and
with ``+``. A ``console`` block is run, as :mod:`console` says. There are no other blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import console

PAGES = tuple(console.ROOT / "docs" / name for name in ("tutorial.md", "tutorial.ja.md"))
_FENCE = re.compile(r"^```(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
_CAPTION = re.compile(r":caption: (\S+)(?: \((add|change)\))?\n\n")


@dataclass(frozen=True)
class Block:
    """One block of a page.

    Attributes:
        line: Where it begins.
        body: What it shows.
        file: The file that it is about; none for commands.
        how: What becomes of the file: ``write``, ``add`` or ``change``; ``run`` for commands.
    """

    line: int
    body: str
    file: str | None
    how: str

    def do(self, folder: Path, lang: str, scripts: Path) -> str:
        """Do what the block says; what a reader would see other than it shows, empty if nothing.

        Raises:
            ValueError: The file to change does not have the lines to be changed, or more than once.
        """
        if self.file is None:
            return console.differences(self.body, folder, lang, scripts)
        path = folder / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        before = "" if self.how == "write" else path.read_text(encoding="utf-8")
        path.write_text(self._after(before), encoding="utf-8")
        return ""

    def _after(self, before: str) -> str:
        if self.how != "change":
            gap = "\n\n\n" if str(self.file).endswith(".py") else "\n\n"
            return before.rstrip("\n") + (gap if before else "") + self.body
        lines = [(line[:1], line[1:] + "\n") for line in self.body.splitlines()]
        old = "".join(line for sign, line in lines if sign != "+")
        new = "".join(line for sign, line in lines if sign != "-")
        if before.count(old) != 1:
            raise ValueError(
                f"line {self.line}: {self.file} has these lines {before.count(old)} times:\n{old}"
            )
        return before.replace(old, new)


def blocks(page: Path) -> Iterator[Block]:
    """Every block of a page, in order.

    Raises:
        ValueError: It has a block that is neither a file's nor a console's: nothing would run it.
    """
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        kind, body = found.groups()
        line = text.count("\n", 0, found.start()) + 1
        caption = _CAPTION.match(body)
        if kind == "console":
            yield Block(line, body, None, "run")
        elif kind.startswith("{code-block} ") and caption:
            yield Block(line, body[caption.end() :], caption[1], caption[2] or "write")
        else:
            raise ValueError(f"{page.name}, line {line}: nothing runs a block of the kind '{kind}'")
