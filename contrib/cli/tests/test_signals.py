"""Signals end the command as Ctrl-C does: quietly, with 128 and the signal's number, at any time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")

SENT = """
import os, sys

number, module = int(sys.argv.pop(1)), sys.argv.pop(1)

class Sends:
    def find_spec(self, name, path=None, target=None):
        if name == module:
            os.kill(os.getpid(), number)

sys.meta_path.insert(0, Sends())
from hokensha_cli.__main__ import main
main()
"""
"""Runs the command, which gets a signal when it begins to import a module."""


def sent(number, module, *command, ignored=()):
    """How the command ended."""

    def as_it_is_usual():  # where tests run in the background, signals are ignored, and children inherit that
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN if each in ignored else signal.SIG_DFL)

    done = subprocess.run(
        [sys.executable, "-c", SENT, str(int(number)), module, *command],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        preexec_fn=as_it_is_usual,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("module", ["hokensha_cli.main", "click", "hokensha.plugins", "rich.table"])
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_it_quietly_whatever_it_is_importing(number, status, module):
    assert (status, "", "") == sent(number, module, "plugins")


def test_ctrl_c_does_so_even_before_signals_are_caught():
    assert (130, "", "") == sent(signal.SIGINT, "signal", "plugins")
    assert (130, "", "") == sent(signal.SIGINT, "hokensha_cli.signals", "plugins")


def test_what_whoever_started_it_ignores_stays_ignored():
    """As nohup does, for those who log out."""
    status, out, _ = sent(signal.SIGHUP, "rich.table", "--lang", "en", "plugins", ignored=(signal.SIGHUP,))
    assert (0, True) == (status, "distribution" in out)
