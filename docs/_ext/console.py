"""Shell blocks of the documentation, run: what they show is what the commands write.

A line that begins with ``$`` is a command; the lines after it are what it writes, where ``...`` stands for
anything. A command that shows nothing only has to succeed.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120
"""Seconds after which a command that still runs has failed."""
_LOOSE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def workplace(folder: Path) -> Path:
    """A folder that has the examples as the project has them, and may be written to."""
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def commands(block: str) -> Iterator[tuple[str, str]]:
    """Each command of a block, and the output that it shows."""
    for piece in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = piece.split("\n")
        last = next(number for number, line in enumerate(lines) if not line.endswith("\\"))
        yield "\n".join(lines[: last + 1]), "\n".join(lines[last + 1 :]).strip("\n")


def run(command: str, folder: Path, lang: str = "en", scripts: Path | None = None) -> str:
    """What a command writes, run in a folder.

    Args:
        scripts: Where its programs are looked for first; none: in this environment.

    Raises:
        AssertionError: It failed.
    """
    own = (sysconfig.get_path("scripts"), str(Path(sys.executable).parent))
    locale = "ja_JP.UTF-8" if lang == "ja" else "C.UTF-8"
    env = {key: value for key, value in os.environ.items() if key not in ("LC_MESSAGES", "COLUMNS")}
    env |= {
        "PATH": os.pathsep.join([*([str(scripts)] if scripts else own), env.get("PATH", "")]),
        "LANG": locale,
        "LC_ALL": locale,
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(  # noqa: S602 - the documentation's own commands, as a reader types them
        command,
        shell=True,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"$ {command}\nexit {done.returncode}\n{done.stdout}"  # noqa: S101
    return done.stdout


def differences(block: str, folder: Path, lang: str = "en", scripts: Path | None = None) -> str:
    """Run a block, as :func:`run` does; what a reader would see other than it shows, empty if nothing."""
    found = []
    for command, shown in commands(block):
        written = run(command, folder, lang, scripts)
        if shown and not doctest.OutputChecker().check_output(shown + "\n", written, _LOOSE):
            found.append(f"$ {command}\nshown:\n{shown}\nwritten:\n{written}")
    return "\n".join(found)
