"""Where output may go and what is read: never over an input or the current folder, never from a pipe."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hokensha_cli.main import cli

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither such links nor such pipes")
MONTHS = ("--from", "2026-12", "--through", "2026-12")


class Asked:
    """A folder with a policy and a roll, in which commands are run."""

    def __init__(self, bench: Any) -> None:
        self.folder: Path = bench.folder
        bench.policy()
        bench.csv([bench.row()])
        self.day = ("--on", str(bench.on))

    def ask(self, *arguments: object, lang: str = "en") -> Result:
        return CliRunner().invoke(cli, ["--lang", lang, *map(str, arguments)])

    def to(self, command: str, output: str, **how: str) -> Result:
        """Run a command with a place for its output."""
        lines = {
            "run": ("policy.toml", "roll.csv", *self.day, "--out", output),
            "keys": ("policy.toml", *self.day, "--decide", "roll.csv", "--out", output),
            "forecast": ("policy.toml", "roll.csv", *MONTHS, "--csv", output),
        }
        return self.ask(command, *lines[command], **how)

    def reads(self, command: str, policy: str = "policy.toml", roll: str = "roll.csv") -> Result:
        """Run a command that reads."""
        lines = {
            "run": (policy, roll, *self.day, "--out", "out"),
            "forecast": (policy, roll, *MONTHS),
            "keys": (policy, *self.day, "--decide", roll, "--out", "out"),
            "decide": (policy, roll, *self.day),
        }
        return self.ask(command, *lines[command])

    def state(self) -> dict[str, tuple[int, bytes]]:
        """What stands in the folder: the same files, with the same bytes."""
        return {
            path.name: (path.lstat().st_ino, path.read_bytes() if path.is_file() else b"")
            for path in self.folder.iterdir()
        }


@pytest.fixture
def asked(bench: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    """Whoever waits for a pipe, waits in vain."""
    monkeypatch.chdir(bench.folder)
    if sys.platform == "win32":
        yield Asked(bench)
        return

    def late(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(60)
    yield Asked(bench)
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("command", ["run", "keys"])
@pytest.mark.parametrize("output", [".", "..", "sub/..", "ABSOLUTE"])
def test_the_current_folder_is_not_replaced(asked: Asked, command: str, output: str):
    """Whoever stands in it would stand in a folder that is gone, though nothing else is in it."""
    (asked.folder / "here" / "sub").mkdir(parents=True)
    os.chdir(asked.folder / "here")
    before = asked.state()
    place = str(asked.folder / "here") if output == "ABSOLUTE" else output
    line = {
        "run": ("../policy.toml", "../roll.csv", *asked.day, "--out", place),
        "keys": ("../policy.toml", *asked.day, "--decide", "../roll.csv", "--out", place),
    }
    for lang, said in (("en", "current folder"), ("ja", "現在のフォルダー")):
        done = asked.ask(command, *line[command], lang=lang)
        assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
        assert said in done.stderr or output == ".."  # which holds the inputs besides
    assert asked.state() == before


@pytest.mark.parametrize("command", ["run", "keys", "forecast"])
def test_an_empty_name_is_none(asked: Asked, command: str):
    before = asked.state()
    assert asked.to(command, "").stderr == "error: '' is no name; expected one for the output\n"
    assert asked.to(command, "", lang="ja").stderr == "エラー: 出力先の名前が空です。\n"
    assert asked.state() == before


def test_a_mount_point_cannot_be_replaced(asked: Asked, monkeypatch: pytest.MonkeyPatch):
    (asked.folder / "mounted").mkdir()
    monkeypatch.setattr(os.path, "ismount", lambda path: str(path) == str(asked.folder / "mounted"))
    for command in ("run", "keys"):
        done = asked.to(command, "mounted")
        assert (done.exit_code, "is a mount point" in done.stderr) == (1, True)


@posix
@pytest.mark.parametrize("command", ["run", "keys", "forecast"])
def test_a_loop_of_links_leads_nowhere(asked: Asked, command: str):
    for one, other in (("one.csv", "other.csv"), ("other.csv", "one.csv")):
        (asked.folder / one).symlink_to(asked.folder / other)
    for done in (
        asked.to(command, "one.csv"),
        asked.reads(command, "one.csv"),
        asked.reads(command, roll="one.csv"),
    ):
        assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
        assert "one.csv: cannot be " in done.stderr
        assert "Too many levels of symbolic links" in done.stderr


@posix
@pytest.mark.parametrize("output", ["pipe", "/dev/null", "folder"])
def test_only_a_file_is_replaced_by_a_file(asked: Asked, output: str):
    os.mkfifo(asked.folder / "pipe")
    (asked.folder / "folder").mkdir()
    before = asked.state(), Path("/dev/null").is_char_device()
    for lang, said in (
        ("en", "is no file but a folder, a device or a pipe"),
        ("ja", "ファイルではありません"),
    ):
        done = asked.to("forecast", output, lang=lang)
        assert (done.exit_code, said in done.stderr) == (1, True)
    assert (asked.state(), Path("/dev/null").is_char_device()) == before


@posix
@pytest.mark.parametrize("name", ["pipe.csv", "pipe.csv.gz", "pipe.parquet", "parts", "device.csv"])
@pytest.mark.parametrize("command", ["run", "forecast", "keys", "decide"])
def test_a_pipe_or_a_device_is_read_by_nobody(asked: Asked, command: str, name: str):
    (asked.folder / "parts").mkdir()
    for pipe in ("pipe.csv", "pipe.csv.gz", "pipe.parquet", "parts/pipe.parquet"):
        os.mkfifo(asked.folder / pipe)
    (asked.folder / "device.csv").symlink_to("/dev/zero")
    if name != "parts" or command in ("run", "forecast"):
        done = asked.reads(command, roll=name)
        assert (done.exit_code, "is a pipe or a device; expected a file" in done.stderr) == (1, True)
    if name != "parts":
        assert "is a pipe or a device; expected a file" in asked.reads(command, policy=name).stderr


def test_two_outputs_have_two_places(asked: Asked):
    before = asked.state()
    line = (
        "policy.toml",
        "roll.csv",
        *MONTHS,
        "--csv",
        "budget",
        "--svg",
        Path("..", asked.folder.name, "budget"),
    )
    for lang, said in (("en", "the place of another output"), ("ja", "二つの出力が同じ場所")):
        done = asked.ask("forecast", *line, lang=lang)
        assert (done.exit_code, said in done.stderr) == (1, True)
    assert asked.state() == before


@posix
@pytest.mark.parametrize("missing", ["--csv", "--svg", "--html"])
def test_a_forecast_writes_all_its_files_or_none(asked: Asked, missing: str):
    """A folder that is none is in the way of one of them."""
    names = {option: asked.folder / f"budget{option}" for option in ("--csv", "--svg", "--html")}
    names["--csv"].write_text("earlier")
    names[missing] = asked.folder / "roll.csv" / "budget"
    before = asked.state()
    files = (each for pair in names.items() for each in pair)
    done = asked.ask("forecast", "policy.toml", "roll.csv", *MONTHS, *files)
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
    assert asked.state() == before
