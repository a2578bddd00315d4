"""Streams that are closed or full: what cannot be said is an error, unless it is only said what was done."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from hokensha_cli.output import emit
from hokensha_cli.streams import ours

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell closes the streams")

DAY = ("--on", "2026-08-06")
COMMANDS = {
    "help": ("--help",),
    "help of a command": ("decide", "--help"),
    "version": ("--version",),
    "text": ("decide", "POLICY", "MEMBER", *DAY),
    "json": ("decide", "POLICY", "MEMBER", *DAY, "--json"),
    "bytes": ("rules", "POLICY"),
    "table": ("plugins",),
}
SMALL = """
import resource, sys
sys.dont_write_bytecode = True
resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
from hokensha_cli.output import emit
from hokensha_cli.streams import ours
from hokensha_cli.main import main
main()
"""
"""Runs the command where files are cut after so many bytes: a first write writes less than it was given."""


@pytest.fixture
def shell(place):
    """Runs a command line with streams as a shell leaves them: how it ended."""
    member = place.write("member.json", place.MEMBER)

    def run(command, streams, before="", code="from hokensha_cli.main import main; main()", **variables):
        words = [{"POLICY": place.policy, "MEMBER": member}.get(word, word) for word in command]
        return subprocess.run(
            ["/bin/sh", "-c", f'{before}"$@" {streams}', "sh", sys.executable, "-c", code, *words],
            capture_output=True,
            text=True,
            env={
                "PYTHONPATH": os.pathsep.join([str(place.site), *sys.path]),
                "LC_ALL": "C.UTF-8",
                **variables,
            },
            cwd=place.folder,
            timeout=120,
            check=False,
        )

    return run


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize(
    ("streams", "reason"), [("> /dev/full", "No space left on device"), (">&-", "is closed")]
)
def test_an_answer_that_cannot_be_written_is_an_error(shell, command, streams, reason):
    done = shell(command, streams)
    assert (1, f"error: standard output: cannot be written: {reason}\n") == (done.returncode, done.stderr)


def test_it_is_said_in_the_users_language(shell):
    done = shell(("--lang", "ja", "--version"), "> /dev/full")
    assert "エラー: 標準出力に書けません: 空き容量がありません\n" == done.stderr


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_reader_that_went_away_ends_it_quietly_whatever_was_asked(shell, command):
    done = shell(command, "; echo $? >&2; } | true", before="{ sleep 0.1; ")
    assert "141\n" == done.stderr


@pytest.mark.parametrize("streams", ["2>&-", "2> /dev/full"])
@pytest.mark.parametrize(
    ("command", "status"),
    [(COMMANDS["text"], 0), (("decide", "POLICY", "no such file", *DAY), 1), (("nonsense",), 2), ((), 2)],
)
def test_what_nobody_can_be_told_changes_no_answer_and_no_status(shell, command, status, streams):
    usual, done = shell(command, ""), shell(command, streams)
    assert (status, usual.stdout) == (done.returncode, done.stdout)


def test_input_that_is_closed_is_named(shell):
    done = shell(("decide", "POLICY", "-", *DAY), "<&-")
    assert (1, "error: standard input: cannot be read: is closed\n") == (done.returncode, done.stderr)


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_what_is_written_is_written_whole_or_an_error(shell, place, unbuffered):
    done = shell(("schema",), "> schema.json", code=SMALL, PYTHONUNBUFFERED=unbuffered)
    assert (1, "error: standard output: cannot be written: File too large\n") == (
        done.returncode,
        done.stderr,
    )
    assert 5_000 == (place.folder / "schema.json").stat().st_size


def test_what_a_plugin_prints_is_no_answer(capsys):
    with ours():
        print("a rule prints")  # noqa: T201 - as a plugin might
        emit({"answer": True})

    said = capsys.readouterr()
    assert ('{"answer":true}\n', "a rule prints\n") == (said.out, said.err)
