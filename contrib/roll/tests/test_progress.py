"""How far a command is: nothing if it is to be quiet, few lines where they pile up, a bar on a terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from hokensha.text import Label
from hokensha_roll.progress import watched

DOING = Label("作業中", "working")
COMMAND = (sys.executable, "-c", "from hokensha_cli.main import main; main()")
terminal = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
MANY = 150_000
"""So many rows that it is worth telling how far a command is."""


def many(bench: Any) -> Path:
    """A roll of many members, all alike."""
    path: Path = bench.csv([bench.row()])
    header, row = path.read_text("utf-8").splitlines(keepends=True)
    rows = "".join(f"C{n}{row.removeprefix('A1')}" for n in range(MANY))
    path.write_text(header + rows, encoding="utf-8", newline="")
    return path


def percentages(lines: list[str], what: str) -> list[int]:
    """The shares that lines tell, each of them being well-formed."""
    found = [re.fullmatch(rf"{what}: [0-9,]+ rows, ([0-9]+)%", line) for line in lines]
    assert all(found), lines
    return [int(each[1]) for each in found if each]


# --- what a command tells


@pytest.mark.parametrize("steps", [1, 2, 7, 10, 11, 1000, 12_345])
def test_where_there_is_no_terminal_about_ten_lines_say_how_far_it_is(capsys: Any, steps: int):
    with watched(DOING, "en", quiet=False) as progress:
        for step in range(steps + 1):
            progress(5_000_000 * step // steps, step / steps)
    told = capsys.readouterr()
    shares = percentages(told.err.splitlines(), "working")
    assert told.out == ""
    assert len(shares) == min(steps, 10) if steps < 11 else 9 <= len(shares) <= 10
    assert shares == sorted(set(shares))
    assert shares[-1] == 100
    assert told.err.splitlines()[-1] == "working: 5,000,000 rows, 100%"


def test_a_small_roll_is_not_worth_a_line(capsys: Any):
    with watched(DOING, "en", quiet=False) as progress:
        for rows in range(0, 100_000, 1000):
            progress(rows, rows / 99_000)
    assert capsys.readouterr() == ("", "")


def test_a_share_that_stays_or_falls_back_is_not_told_again(capsys: Any):
    with watched(DOING, "ja", quiet=False) as progress:
        for share in (0.0, 0.31, 0.31, 0.35, 0.29, 0.33, 0.4, 1.0, 1.0):
            progress(1_000_000, share)
    assert capsys.readouterr().err.splitlines() == [
        f"作業中: 1,000,000 行, {share}" for share in ("31%", "40%", "100%")
    ]


def test_who_is_to_be_quiet_tells_nothing(capsys: Any):
    with watched(DOING, "en", quiet=True) as progress:
        for step in range(101):
            progress(1_000_000 * step, step / 100)
    assert capsys.readouterr() == ("", "")


# --- the commands


@pytest.mark.parametrize("quiet", [False, True])
def test_run_tells_how_far_it_is_unless_it_is_to_be_quiet(bench: Any, quiet: bool):
    done = bench.command(
        *(bench.policy(), many(bench), "--on", bench.on, "--out", bench.folder / "out"),
        *(["--quiet"] if quiet else ["--json"]),
    )
    assert done.exit_code == 0
    shares = percentages(done.stderr.splitlines(), "deciding the roll")
    assert (1 <= len(shares) <= 10) is not quiet
    assert quiet or shares[-1] == 100


def test_forecast_tells_how_far_it_is(bench: Any):
    arguments = ["forecast", bench.policy(), str(many(bench)), "--from", "2026-12", "--through", "2026-12"]
    done = subprocess.run(
        [*COMMAND, "--lang", "en", *arguments, "--json"],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    shares = percentages(done.stderr.splitlines(), "forecasting")
    assert 1 <= len(shares) <= 10
    assert shares[-1] == 100


def on_a_terminal(bench: Any, lang: str, *options: str) -> tuple[str, str]:
    """A run whose standard error is a terminal: what it wrote there, and to its standard output."""
    import pty  # noqa: PLC0415 - there is none on Windows

    ours, theirs = pty.openpty()
    out = str(bench.folder / "out")
    arguments = ["run", bench.policy(), str(many(bench)), "--on", str(bench.on), "--out", out, *options]
    process = subprocess.Popen(
        [*COMMAND, "--lang", lang, *arguments],
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path), "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # when nobody writes there any more
        while read := os.read(ours, 10_000):
            shown += read
    os.close(ours)
    told = process.communicate()[0]
    assert process.returncode == 0
    return shown.decode(), told


@terminal
@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ("deciding the roll", "150,000 rows", "rows/s")),
        ("ja", ("名簿を判定中", "150,000 行", "行/秒")),
    ],
)
def test_on_a_terminal_there_is_a_bar(bench: Any, lang: str, said: tuple[str, ...]):
    shown, told = on_a_terminal(bench, lang)
    for text in ("\x1b[", "━", "100%", *said):
        assert text in shown
    assert "\x1b[" not in told


@terminal
def test_on_a_terminal_who_is_to_be_quiet_shows_nothing_either(bench: Any):
    assert on_a_terminal(bench, "en", "--quiet") == ("", "")
