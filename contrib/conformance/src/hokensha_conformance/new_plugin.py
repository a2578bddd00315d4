"""``hokensha new-plugin``: a plugin project that installs and conforms as it stands."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hokensha.errors import Finding, QuestionError
from hokensha.text import Language
from hokensha_cli import Command, afterwards, language, option, say, words

if TYPE_CHECKING:
    from importlib.abc import Traversable

_NAME, _MODULE = "kokuho-minato", "kokuho_minato"
"""The plugin's name, and its module's, in the files that are copied."""
_PARTS = (
    ".github",
    "README.md",
    "cases",
    "hokensha-conformance.toml",
    "members.json",
    "page.ja.txt",
    "pyproject.toml",
    "src",
    "tox.ini",
)
"""What belongs to a project; whatever else lies beside it was made by trying it."""
_LONGEST = 40
_OWN = (
    "cli",
    "conformance",
    "health-society",
    "hokensha",
    "late-elderly",
    "mutual-aid",
    "roll",
    "sample-roll",
    "spark",
    "standard",
    "verify",
)
"""Names of hokensha's own distributions: refused whether these are installed or not."""
_NEEDED = ("core", "plugins/standard", "contrib/cli", "contrib/verify", "contrib/conformance")
"""Where in a clone of hokensha the distributions lie that a plugin is written and examined with."""


@click.command(
    "new-plugin",
    cls=Command,
    about=words.NEW_PLUGIN,
    examples=("hokensha new-plugin kokuho-minato", "hokensha new-plugin my-society --into ~/plugins"),
)
@click.argument("name")
@option("--into", about=words.INTO, default=".", metavar="DIR")
def new_plugin_command(name: str, into: str) -> None:
    """Write a project, all of it or nothing."""
    from hokensha import plugins  # noqa: PLC0415 - help needs none of this
    from hokensha.rules import ID  # noqa: PLC0415

    if not ID.fullmatch(name) or len(name) > _LONGEST:
        expected = f"expected words of small letters and digits, joined by hyphens, {_LONGEST} at most"
        raise click.UsageError(f"'{name}': {expected}", click.get_current_context())
    if name in _OWN:
        message = f"the name '{name}' is one of hokensha's own; choose another name"
        raise QuestionError(Finding("", message, "plugin-duplicate"))
    if name in plugins.names():
        message = f"a plugin '{name}' is installed already; choose another name"
        raise QuestionError(Finding("", message, "plugin-duplicate"))
    folder = Path(into) / f"hokensha-{name}"
    try:
        _write(name, folder)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise QuestionError(Finding(str(folder), f"cannot be written: {reason}", "unwritable")) from None
    with afterwards(language()):
        _say_next(name, folder, language())


def _say_next(name: str, folder: Path, lang: Language) -> None:
    """Say what to do with the project that was written."""
    needed = " ".join(f"PATH/{each}" for each in _NEEDED)
    say(words.NEW_PLUGIN_WRITTEN.text(lang).format(folder))
    policy = f"src/hokensha_{name.replace('-', '_')}/presets/{name}.toml"
    for command in (
        f"cd {shlex.quote(str(folder))}",
        f"python -m pip install {needed}  # {words.NEW_PLUGIN_CLONE.text(lang)}",
        'python -m pip install -e ".[test]"',
        f"hokensha check {policy}",
        "pytest hokensha-conformance.toml",
    ):
        say(f"  {command}")


def _write(name: str, folder: Path) -> None:
    if folder.exists():
        message = "is there already; choose another name, or another folder with --into"
        raise QuestionError(Finding(str(folder), message, "exists"))
    folder.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=".hokensha-", dir=folder.parent))
    try:
        for path, text in project(name):
            file = making.joinpath(*path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
        making.chmod(0o777 & ~_umask())
        making.rename(folder)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now


def template() -> Traversable:
    """The project that is copied: a part of the package that is installed, an example in a clone."""
    shipped = files("hokensha_conformance") / "template"
    return shipped if shipped.is_dir() else Path(__file__).parents[4] / "examples" / "third-party-plugin"


def project(name: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each file of the project of a plugin: its path in parts, and its text."""
    for path, text in _below(template(), ()):
        if path[0] in _PARTS:
            yield tuple(_named(part, name) for part in path), _named(text, name)


def _below(folder: Traversable, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.is_dir() and not each.name.endswith(("__pycache__", ".egg-info", ".dist-info")):
            yield from _below(each, (*path, each.name))
        elif each.is_file():
            yield (*path, each.name), each.read_text(encoding="utf-8")


def _named(text: str, name: str) -> str:
    return text.replace(_NAME, name).replace(_MODULE, name.replace("-", "_"))
