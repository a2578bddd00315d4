"""Who may read what a command writes: its owner alone, or whoever could read what it replaces."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hokensha_cli.main import cli
from hokensha_roll.output import replacing
from hokensha_roll.output.writing import Writer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
PRIVATE = (0o700, 0o600)
SOMEBODY = (4711, 4712)


@pytest.fixture(autouse=True)
def _open_to_all() -> Iterator[None]:
    """What is made here without saying so may be read and written by everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


def ask(bench: Any, *arguments: object) -> None:
    done = CliRunner().invoke(cli, list(map(str, arguments)))
    assert done.exit_code == 0, done.output


def run(bench: Any) -> Path:
    """A run: where its output is."""
    out: Path = bench.folder / "out"
    ask(bench, "run", bench.policy(), bench.csv([bench.row()]), "--on", bench.on, "--out", out)
    return out


def keys(bench: Any) -> Path:
    """Answers for keys: where they are."""
    out, counted = bench.folder / "keys", bench.folder / "counted.csv"
    counted.write_text("")
    line = ("keys", bench.policy(), "--on", bench.on, "--decide", counted, "--out", out)
    found = CliRunner().invoke(cli, ["--lang", "en", *map(str, line)])
    counted.write_text(
        found.stderr.partition("expected the columns ")[2].partition(" (")[0].replace(", ", ",")
    )
    ask(bench, *line)
    return out


def forecast(bench: Any) -> list[Path]:
    """A forecast: its files."""
    months = ("--from", "2026-12", "--through", "2026-12")
    names = {f"--{kind}": bench.folder / f"budget.{kind}" for kind in ("csv", "svg", "html")}
    files = (each for pair in names.items() for each in pair)
    ask(bench, "forecast", bench.policy(), bench.csv([bench.row()]), *months, *files)
    return list(names.values())


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


@pytest.mark.parametrize("command", [run, keys])
def test_a_new_folder_and_its_files_are_their_owners_alone(bench: Any, command: Any):
    out = command(bench)
    assert {(mode(out), mode(path)) for path in out.iterdir()} == {PRIVATE}


def test_new_files_of_a_forecast_are_their_owners_alone(bench: Any):
    assert {mode(path) for path in forecast(bench)} == {0o600}


@pytest.mark.parametrize("command", [run, keys])
def test_what_is_replaced_keeps_its_modes(bench: Any, command: Any):
    out = command(bench)
    modes = {path: 0o640 if path.suffix == ".csv" else 0o604 for path in out.iterdir()}
    for path, wanted in modes.items():
        path.chmod(wanted)
    out.chmod(0o2751)
    for _ in range(2):
        assert command(bench) == out
        assert (mode(out), {path: mode(path) for path in out.iterdir()}) == (0o2751, modes)


def test_where_folders_cannot_be_exchanged_as_well(bench: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(replacing, "_exchanged", lambda *_: False)
    run(bench).chmod(0o751)
    assert mode(run(bench)) == 0o751


def test_replaced_files_of_a_forecast_keep_their_modes(bench: Any):
    for path, wanted in zip(forecast(bench), (0o640, 0o444, 0o606), strict=True):
        path.chmod(wanted)
    assert [mode(path) for path in forecast(bench)] == [0o640, 0o444, 0o606]


def test_a_folder_that_may_not_be_written_to_leaves_nothing_behind(bench: Any):
    run(bench).chmod(0o500)
    assert mode(run(bench)) == 0o500
    assert [path.name for path in bench.folder.iterdir() if path.name.startswith(".")] == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="takes root")
def test_what_is_replaced_keeps_its_owners(bench: Any):
    places = [run(bench), *run(bench).iterdir(), *forecast(bench)]
    for path in places:
        os.chown(path, *SOMEBODY)
    run(bench)
    forecast(bench)
    assert {(path.stat().st_uid, path.stat().st_gid) for path in places} == {SOMEBODY}


def test_an_owner_that_cannot_be_kept_is_an_error(bench: Any, monkeypatch: pytest.MonkeyPatch):
    """Who could read the earlier output might not be able to read the new one."""
    out = run(bench)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    stat = Path.stat

    def theirs(self: Path, **how: Any) -> os.stat_result:
        found = list(stat(self, **how))
        if self.parent == out:
            found[4:6] = SOMEBODY
        return os.stat_result(found)

    def refuses(*_: Any) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "stat", theirs)
    monkeypatch.setattr(os, "chown", refuses)
    line = (bench.policy(), bench.csv([]), "--on", bench.on, "--out", out)
    done = bench.command(*line)
    monkeypatch.undo()
    assert (done.exit_code, done.stderr) == (
        1,
        f"error: {out}: cannot be written: Operation not permitted; nothing was changed\n",
    )
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_nobody_else_can_look_at_a_run_under_way(bench: Any, monkeypatch: pytest.MonkeyPatch):
    seen, end = [], Writer.end

    def looks(self: Writer) -> Any:
        seen.append(mode(self.folder))
        return end(self)

    monkeypatch.setattr(Writer, "end", looks)
    run(bench)
    assert seen == [0o700]
