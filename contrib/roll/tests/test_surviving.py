"""What a run that is killed, interrupted or short of space leaves: the earlier output, or the new one."""

from __future__ import annotations

import errno
import gc
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from hokensha_roll.output import replacing
from hokensha_roll.output.sinks import Hashed
from hokensha_roll.output.writing import writing
from hokensha_roll.running import Request, run_roll

COMMAND = (sys.executable, "-c", "from hokensha_cli.main import main; main()")
STOPPED = """
import os, signal, sys
import hokensha_roll.commands.run, hokensha_roll.running
from hokensha_cli.main import main
from hokensha.policy import open_rulebook
from hokensha_roll.output import replacing

stop, folder, exchange, *arguments = sys.argv[1:]
fsync = os.fsync
open_rulebook(arguments[3])  # what it imports, no child has to

def run_to(last):
    touched = 0

    def touch():
        nonlocal touched
        touched += 1
        if touched == last:
            os.kill(os.getpid(), int(stop))

    def hook(event, args):
        mine = event in ("open", "os.listdir", "os.scandir") and folder in str(args[0])
        if mine or event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "ctypes.dlsym"):
            touch()

    def synced(handle):
        fsync(handle)
        touch()

    signal.alarm(60)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in the background
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)
    os.dup2(1, 2)
    os.fsync = synced
    if exchange == "no":
        replacing._exchanged = lambda one, other: False
    sys.addaudithook(hook)
    sys.argv = ["hokensha", *arguments]
    try:
        main()
    except SystemExit as ended:
        os._exit(ended.code or 0)

for line in sys.stdin:
    child = os.fork()
    if not child:
        run_to(int(line))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Runs the command in a child for each line read: it is stopped when it touches the folder that often."""
LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
from hokensha_cli.main import main
main()
"""
"""Runs the command where no file may become longer; Python itself ignores the signal about it."""
KILLED, SOME_REJECTED = -9, 3

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows forks no processes, and has no signals")


class Two:
    """Two rolls, and what a run makes of each; the folder for the output holds what it made of the first."""

    def __init__(self, bench: Any) -> None:
        self.bench = bench
        self.out: Path = bench.folder / "out"
        mapping = '[roll.columns]\nleft_on = { header = "left_on", empty = "unknown" }\n'
        self.policy, self.rulebook = bench.policy(mapping), bench.rulebook(mapping)
        expired = {
            "eligibility_certificate_issued_on": "2025-11-01",
            "eligibility_certificate_valid_until": "2026-10-31",
        }
        rows = [bench.row(left_on="2027-01-01")]
        self.earlier = bench.csv(rows, name="earlier.csv")
        rows += [bench.row(id="B2"), bench.row(id="B3", left_on="2027-01-01", **expired), bench.row(id="")]
        self.later = bench.csv(rows, name="later.csv")  # leaves no table empty
        self.new = self.run(self.later)
        self.old = self.run(self.earlier)

    def run(self, roll: Path) -> dict[str, bytes]:
        """Run a roll here and now: what stands in the folder then."""
        run_roll(self.rulebook, Request(roll, self.out, self.bench.on))
        return self.files()

    def arguments(self, roll: Path, *more: str) -> list[str]:
        """The command line that runs a roll."""
        where = ("--on", str(self.bench.on), "--out", str(self.out))
        return ["--lang", "en", "run", self.policy, str(roll), *where, *more]

    def files(self) -> dict[str, bytes]:
        """What stands in the folder for the output: its summary tells that it is complete."""
        found = {path.name: path.read_bytes() for path in self.out.iterdir()}
        assert json.loads(found["summary.json"])["output_digests"] == {
            name: f"sha256:{sha256(data).hexdigest()}"
            for name, data in found.items()
            if name not in ("summary.json", "report.html")
        }
        return found

    def left(self) -> list[str]:
        """What stands beside the output, but for rolls and policy."""
        known = {"out", "policy.toml", "earlier.csv", "later.csv", "big.csv"}
        return sorted(path.name for path in self.bench.folder.iterdir() if path.name not in known)

    def big(self, rows: int) -> Path:
        """A roll of so many members."""
        first = self.earlier.read_text("utf-8").splitlines(keepends=True)
        path: Path = self.bench.folder / "big.csv"
        lines = (f"C{row}{first[1].removeprefix('A1')}" for row in range(rows))
        path.write_text(first[0] + "".join(lines), encoding="utf-8", newline="")
        return path

    def environment(self) -> dict[str, str]:
        """Where another process finds the packages, and the tests' plugin."""
        return {"PYTHONPATH": ":".join(sys.path), "OPENBLAS_NUM_THREADS": "1"}

    @contextmanager
    def stopped(self, stop: signal.Signals, *, exchange: bool = True) -> Iterator[Callable[[int], int]]:
        """The later run in a process of its own, which gets a signal at its n-th step: how that ended."""
        command = (sys.executable, "-W", "ignore", "-c", STOPPED)
        options = (str(int(stop)), str(self.bench.folder), "yes" if exchange else "no")
        with subprocess.Popen(
            [*command, *options, *self.arguments(self.later)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self.environment(),
        ) as process:

            def at(step: int) -> int:
                print(step, file=process.stdin, flush=True)
                return int(process.stdout.readline()) if process.stdout else 0

            yield at
            process.communicate()


class Full(io.BytesIO):
    """A file on a full disk."""

    name = "full"

    def write(self, *_: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


class Faults:
    """Counts the calls on files of the output, and lets one of them fail."""

    CALLS = ("chmod", "listdir", "mkdir", "open", "rename", "replace", "rmdir", "scandir", "stat", "unlink")

    def __init__(self, folder: Path, number: int, patch: pytest.MonkeyPatch) -> None:
        self.places = f"{folder}{os.sep}out", f"{folder}{os.sep}.out."
        self.reason, self.number = os.strerror(number), number
        self.failing = self.seen = 0
        for name in self.CALLS:
            patch.setattr(os, name, self.counted(getattr(os, name)))
        patch.setattr(os, "fsync", self.counted(os.fsync, everywhere=True))
        patch.setattr(io, "open", self.opened(io.open))
        exchange = replacing._exchanged
        patch.setattr(replacing, "_exchanged", lambda *paths: self.goes_well() and exchange(*paths))

    def touch(self) -> None:
        """One call more."""
        self.seen += 1
        if self.seen == self.failing:
            raise OSError(self.number, self.reason)

    def goes_well(self) -> bool:
        try:
            self.touch()
        except OSError:
            return False
        return True

    def counted(self, call: Any, *, everywhere: bool = False) -> Any:
        def counts(*args: Any, **how: Any) -> Any:
            if everywhere or "dir_fd" in how or any(place in str(args[0]) for place in self.places):
                self.touch()
            return call(*args, **how)

        return counts

    def opened(self, open_: Any) -> Any:
        faults = self

        class Touching(io.FileIO):
            def write(self, data: Any) -> int:
                faults.touch()
                return super().write(data) or 0

            def close(self) -> None:
                if not self.closed:
                    super().close()
                    faults.touch()

        def opens(file: Any, mode: str = "r", *args: Any, **how: Any) -> Any:
            if "w" not in mode or not any(place in str(file) for place in self.places):
                return open_(file, mode, *args, **how)
            self.touch()
            written = io.BufferedWriter(Touching(file, "w"))
            return written if "b" in mode else io.TextIOWrapper(written, "utf-8", newline="")

        return opens


@pytest.fixture
def two(bench: Any) -> Two:
    """A folder that holds one run's output, which another run is to replace."""
    return Two(bench)


@posix
def test_killed_at_any_step_a_run_leaves_the_earlier_output_or_the_new_one(two: Two):
    seen = []
    with two.stopped(signal.SIGKILL) as run:
        while (ended := run(len(seen) + 1)) == KILLED:
            found = two.files()
            assert found in (two.old, two.new)
            seen.append(found == two.new)
            assert two.run(two.earlier) == two.old  # a further run works, and takes away what was left
            assert two.left() == []
    assert (ended, two.files()) == (SOME_REJECTED, two.new)
    assert len(seen) > 20
    assert set(seen) == {False, True}
    assert sorted(seen) == seen  # what has appeared stays


@posix
def test_killed_between_two_steps_where_folders_cannot_be_exchanged_the_earlier_output_comes_back(two: Two):
    """Elsewhere than on Linux, a folder has to make room before another can take its name."""
    step, gone = 30, 0
    with two.stopped(signal.SIGKILL, exchange=False) as run:
        while (ended := run(step)) == KILLED:
            gone += not two.out.exists()
            with pytest.raises(ZeroDivisionError), writing(two.out, "csv"):
                raise ZeroDivisionError  # a further run that comes to nothing
            assert two.files() in (two.old, two.new)
            assert two.left() == []
            two.run(two.earlier)
            step += 1
    assert (ended, two.files()) == (SOME_REJECTED, two.new)
    assert gone


@posix
def test_killed_at_any_time_a_run_leaves_the_earlier_output_or_the_new_one(two: Two):
    big = two.big(30_000)
    started = time.monotonic()
    subprocess.run([*COMMAND, *two.arguments(big, "--quiet")], check=True, env=two.environment())
    usual = time.monotonic() - started
    new = two.files()
    assert two.run(two.earlier) == two.old
    for part in range(1, 9):
        process = subprocess.Popen([*COMMAND, *two.arguments(big, "--quiet")], env=two.environment())
        time.sleep(usual * (0.3 + part * 0.09))
        process.kill()
        assert process.wait() in (KILLED, 0)
        assert two.files() in (two.old, new)
    assert two.run(two.earlier) == two.old
    assert two.left() == []


@posix
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted_at_any_step_a_run_says_so_and_leaves_nothing_behind(two: Two, stop: signal.Signals):
    step = 1
    with two.stopped(stop) as run:
        while (ended := run(step)) == 128 + stop:
            assert two.files() in (two.old, two.new)
            assert two.left() == [], step
            if two.files() != two.old:
                two.run(two.earlier)
            step += 2 if stop == signal.SIGINT else 7
    assert (ended, two.files()) == (SOME_REJECTED, two.new)
    assert step > 30


@pytest.mark.parametrize("path", ["a_file/out", "a_file"])
def test_a_file_in_the_way_of_the_output_is_said_and_stays(two: Two, path: str):
    in_the_way = two.bench.folder / "a_file"
    in_the_way.write_text("mine")
    done = two.bench.command(
        two.policy, two.later, "--on", two.bench.on, "--out", two.bench.folder / path, "--quiet"
    )
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
    assert "a_file" in done.stderr
    assert in_the_way.read_text() == "mine"
    assert two.left() == ["a_file"]


@posix
@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_where_files_may_not_grow_nothing_is_changed(two: Two, format_: str):
    arguments = two.arguments(two.big(20_000), "--format", format_)
    command = [sys.executable, "-c", LIMITED, *arguments]
    done = subprocess.run(command, capture_output=True, check=False, text=True, env=two.environment())
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        f"error: {two.out}: cannot be written: File too large; nothing was changed"
    ]
    assert two.files() == two.old
    assert two.left() == []


@pytest.mark.parametrize("format_", ["csv", "parquet"])
@pytest.mark.parametrize("table", ["issuances", "returns", "undetermined", "rejected", "summary", "report"])
def test_a_full_disk_changes_nothing_whichever_file_it_stops(
    two: Two, table: str, format_: str, monkeypatch: pytest.MonkeyPatch
):
    write, write_text, written = Hashed.write, Path.write_text, []

    def full(path: str) -> bool:
        """Whether it is: what stands at the top of a file went well."""
        if Path(path).stem == table:
            written.append(path)
        return bool(written[1:] or (written and (format_ == "parquet" or table in ("summary", "report"))))

    def to_sink(self: Hashed, data: Any) -> int:
        if full(self.file.name):
            self.file = Full()
        return write(self, data)

    def to_path(self: Path, *args: Any, **options: Any) -> int:
        return Full().write() if full(str(self)) else write_text(self, *args, **options)

    monkeypatch.setattr(Hashed, "write", to_sink)
    monkeypatch.setattr(Path, "write_text", to_path)
    done = two.bench.command(*two.arguments(two.later, "--format", format_)[3:])
    gc.collect()  # whatever is put off to the end of a writer is no surprise later
    monkeypatch.undo()
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"error: {two.out}: cannot be written: No space left on device; nothing was changed"
    ]
    assert two.files() == two.old
    assert two.left() == []


@posix
@pytest.mark.skipif(sys.version_info < (3, 11), reason="paths there ask os by references of their own")
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EINTR])
def test_whichever_call_on_its_files_fails_a_run_is_whole_or_changes_nothing(
    two: Two, number: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("hokensha.policy.open_rulebook", lambda _: two.rulebook)
    ended = {}
    for failing in range(1, 1000):
        with monkeypatch.context() as patch:
            faults = Faults(two.bench.folder, number, patch)
            faults.failing = failing
            done = two.bench.command(*two.arguments(two.later)[3:], "--quiet")
        if faults.seen < failing:
            break
        ended[failing] = done.exit_code
        if done.exit_code == 1:
            assert done.stderr.splitlines() == [done.stderr.rstrip("\n")]
            assert f"cannot be written: {faults.reason}; nothing was changed" in done.stderr
            assert two.files() == two.old, failing
        else:  # it was about what is only nice to have
            assert (done.exit_code, two.files()) == (SOME_REJECTED, two.new), failing
            two.run(two.earlier)
        assert two.left() == [], failing
    gc.collect()  # whatever is put off to the end of a writer is no surprise later
    assert (done.exit_code, two.files()) == (SOME_REJECTED, two.new)
    assert len(ended) > 30
    assert {*ended.values()} == {1, SOME_REJECTED}


def test_a_run_under_way_is_not_taken_for_one_that_was_killed(two: Two):
    with writing(two.out, "csv") as writer:
        assert two.run(two.later) == two.new  # at the same time, to the same place
        writer.finish({"output_digests": writer.end()}, "")
    assert set(two.files()) == set(two.new)
    assert two.left() == []


def test_only_what_a_run_left_for_the_same_place_is_taken_away(two: Two):
    digits = "0123456789abcdef"
    strange = (".out2.{}.new", ".out.{}.new.txt", ".out.mine.new", ".out.{}", "out.{}.new")
    names = [name.format(digits) for name in strange]
    for name in [*names, f".out.{digits}.new"]:
        (two.bench.folder / name).mkdir()
        (two.bench.folder / name / "summary.json").write_text("{}")
    two.run(two.later)
    assert two.left() == sorted(names)


@pytest.mark.parametrize("step", ["making room", "taking its place"])
def test_a_failure_where_folders_cannot_be_exchanged_changes_nothing(
    two: Two, step: str, monkeypatch: pytest.MonkeyPatch
):
    rename, refused = Path.rename, ("out" if step == "making room" else ".new")

    def fails(self: Path, target: Path) -> Path:
        if self.name.endswith(refused) and not target.name.endswith(refused):
            raise OSError(errno.EACCES, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(replacing, "_exchanged", lambda *_: False)
    monkeypatch.setattr(Path, "rename", fails)
    done = two.bench.command(*two.arguments(two.later)[3:])
    monkeypatch.undo()
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
    assert "Permission denied; nothing was changed" in done.stderr
    assert two.files() == two.old
    assert two.left() == []


def test_a_file_that_was_being_replaced_leaves_nothing_behind_either(tmp_path: Path):
    (tmp_path / ".roll.csv.0123456789abcdef.new").mkdir()
    with replacing.replacing(tmp_path / "roll.csv") as path:
        path.write_text("new")
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"roll.csv": "new"}
