"""What a run that is killed, interrupted or short of space leaves: the earlier output, or the new one."""

from __future__ import annotations

import errno
import gc
import json
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

from hokensha_roll.replacing import replacing
from hokensha_roll.running import Request, run_roll
from hokensha_roll.sinks import Hashed
from hokensha_roll.writing import check_target, writing

COMMAND = (sys.executable, "-c", "from hokensha.cli.main import main; main()")
STOPPED_AT = """
import os, signal, sys
import hokensha_roll.command, hokensha_roll.running, hokensha.rulebook
from hokensha.cli.main import main

stop, folder, *arguments = sys.argv[1:]
fsync = os.fsync

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

    os.dup2(os.open(os.devnull, os.O_RDWR), 1)
    os.dup2(1, 2)
    os.fsync = synced
    sys.addaudithook(hook)
    sys.argv = ["hokensha", *arguments]
    main()

for line in sys.stdin:
    child = os.fork()
    if not child:
        run_to(int(line))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Runs the command in a child for each line read: it is stopped when it touches the folder that often."""


@pytest.fixture
def two(bench: Any) -> Two:
    """A folder that holds one run's output; another run is to replace it."""
    return Two(bench)


class Two:
    """Two rolls, and what a run makes of each."""

    def __init__(self, bench: Any) -> None:
        self.bench = bench
        self.out: Path = bench.folder / "out"
        self.policy = bench.policy()
        self.later = bench.csv([bench.row(), bench.row(id="B2"), bench.row(id="")], name="later.csv")
        self.earlier = bench.csv([bench.row()], name="earlier.csv")
        self.new = self.run(self.later)
        self.old = self.run(self.earlier)

    def run(self, roll: Path) -> dict[str, bytes]:
        """Run a roll here and now: what stands in the folder then."""
        run_roll(self.bench.once(), Request(roll, self.out, self.bench.on, threads=1))
        return self.files()

    def arguments(self, roll: Path, *more: str) -> list[str]:
        """The command line that runs a roll."""
        where = ("--on", str(self.bench.on), "--out", str(self.out))
        return ["--lang", "en", "run", self.policy, str(roll), *where, *more]

    def files(self) -> dict[str, bytes]:
        """What stands in the folder for the output: its summary tells that it is complete."""
        found = {path.name: path.read_bytes() for path in self.out.iterdir()}
        digests = json.loads(found["summary.json"])["output_digests"]
        assert digests == {
            name: f"sha256:{sha256(data).hexdigest()}"
            for name, data in found.items()
            if name not in ("summary.json", "report.html")
        }
        return found

    def left(self) -> list[str]:
        """What else than rolls, policy and output stands beside the output."""
        known = {"out", "policy.toml", "earlier.csv", "later.csv", "big.csv"}
        return sorted(path.name for path in self.bench.folder.iterdir() if path.name not in known)

    def environment(self) -> dict[str, str]:
        """Where another process finds the packages, and the tests' plugin."""
        return {"PYTHONPATH": ":".join(sys.path)}

    @contextmanager
    def stopped_by(self, stop: signal.Signals) -> Iterator[Callable[[int], int]]:
        """Starts the later run in a process of its own that a signal stops at its n-th step: how it ended."""
        command = (sys.executable, "-c", STOPPED_AT, str(int(stop)), str(self.bench.folder))
        with subprocess.Popen(
            [*command, *self.arguments(self.later)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self.environment(),
        ) as process:

            def at(step: int) -> int:
                assert process.stdin and process.stdout
                print(step, file=process.stdin, flush=True)
                return int(process.stdout.readline())

            yield at
            process.communicate()


posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows forks no processes, and has no signals")


@posix
def test_killed_at_any_step_it_leaves_the_earlier_output_or_the_new_one(two: Two):
    seen = []
    with two.stopped_by(signal.SIGKILL) as run:
        for step in range(1, 500):
            ended = run(step)
            if ended != -signal.SIGKILL:
                break
            found = two.files()
            assert found in (two.old, two.new), step
            seen.append(found == two.new)
            assert two.run(two.earlier) == two.old  # a further run works, and takes away what was left
            assert two.left() == [], step
    assert ended == 3  # the later roll holds a row that is rejected
    assert two.files() == two.new
    assert len(seen) > 20
    assert sorted(seen) == seen  # what has appeared stays
    assert set(seen) == {False, True}
