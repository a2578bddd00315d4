"""Code of others that raises what ends programs, does not come back, or writes where answers stand."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from hokensha_cli.watching import LIMIT, Watch

DAY = ("--on", "2026-08-06")
MODULE = """
import os, signal, sys, time
from hokensha import Plugin
from hokensha_standard import CERTIFICATE
{0}
plugin = Plugin()

@plugin.trigger("stuck", "止まる規則", "a rule that is stuck", document=CERTIFICATE)
def stuck(s):
    {1}
    return False
"""
RULE = '\n[rules.stuck]\ncites = ["000-01"]\n'
HOOKS = """
from hokensha import hookimpl

@hookimpl
def returns():
    {}
    return []
"""
HERE = "stuck_insurer.py, line 10"
"""The first line of the rule."""


@pytest.fixture
def with_code(place, monkeypatch):
    """A policy with one more plugin, whose module has this code, and whose rule that."""
    monkeypatch.delitem(sys.modules, "stuck_insurer", raising=False)

    def made(module="", rule="pass", *, text=None):
        (place.site / "stuck_insurer.py").write_text(text or MODULE.format(module, rule), "utf-8")
        place.install("stuck", "hokensha", {"stuck": "stuck_insurer" + ("" if text else ":plugin")})
        policy = place.POLICY.replace('["fake"]', '["fake", "stuck"]')
        return place.write("stuck.toml", policy if text else policy + RULE)

    yield made
    sys.modules.pop("stuck_insurer", None)


@pytest.fixture
def asked(place):
    """Deciding of a member."""
    member = place.write("member.json", place.MEMBER)
    return lambda policy, how=place.run: how("decide", policy, member, *DAY, "--json")


@pytest.fixture
def hasty(monkeypatch):
    """A watch that waits for less than half a second."""
    monkeypatch.setattr("hokensha_cli.main.Watch", partial(Watch, limit=0.3, every=0.05))


# --- what code of others raises


@pytest.mark.parametrize(
    "error", ["KeyboardInterrupt", "KeyboardInterrupt('stop') from None", "SystemExit(0)"]
)
def test_a_rule_that_raises_what_would_end_the_program_is_named(with_code, asked, error):
    done = asked(with_code(rule=f"raise {error}"))

    assert 1 == done.exit_code
    assert "rule 'stuck' of plugin stuck (stuck 1.2) raised" in done.stderr
    assert error.partition("(")[0].partition(" ")[0] in done.stderr


def test_so_is_a_plugin_that_raises_it_when_it_is_imported(with_code, asked):
    done = asked(with_code(module="raise KeyboardInterrupt"))

    assert 1 == done.exit_code
    assert "plugin stuck (stuck 1.2): cannot be imported" in done.stderr
    assert "KeyboardInterrupt" in done.stderr


def test_and_a_hook(with_code, asked):
    done = asked(with_code(text=HOOKS.format("raise KeyboardInterrupt")))

    assert 1 == done.exit_code
    assert "plugin stuck (stuck 1.2): returns: raised KeyboardInterrupt" in done.stderr


@pytest.fixture
def terminal():
    """SIGINT as Python has it in the foreground."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("where", ["module", "rule"])
def test_ctrl_c_is_no_fault_of_the_code_that_it_comes_upon(with_code, asked, terminal, where):
    done = asked(with_code(**{where: "os.kill(os.getpid(), signal.SIGINT); time.sleep(9)"}))

    assert (130, "") == (done.exit_code, done.stderr)


# --- what does not come back


@pytest.mark.parametrize("command", ["decide", "check"])
def test_a_rule_that_does_not_come_back_is_named_and_ended(with_code, place, hasty, command):
    """In a loop that a check, which counts lines, would wait for, too."""
    policy = with_code(rule="while True: time.sleep(0.01)")
    rest = () if command == "check" else (place.write("member.json", place.MEMBER), *DAY)
    done = place.run(command, policy, *rest)

    assert 1 == done.exit_code
    (line,) = done.stderr.splitlines()
    assert line.startswith(
        "error: rule 'stuck' of plugin stuck (stuck 1.2) did not come back within 0 seconds"
    )
    assert HERE in line
    assert line.endswith("mend it, or leave it out of the policy")


@pytest.mark.parametrize(
    ("code", "text"),
    [("while True: pass", None), ("", HOOKS.format("while True: pass"))],
    ids=["module", "hook"],
)
def test_so_is_a_plugin(with_code, asked, hasty, code, text):
    done = asked(with_code(module=code, text=text))

    assert 1 == done.exit_code
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: plugin stuck (stuck 1.2) did not come back within")


def test_what_cannot_be_asked_to_end_ends_with_the_program(with_code, place):
    """It catches whatever is raised, or waits for what is outside."""
    policy = with_code(
        rule="""
    while True:
        try: time.sleep(60)
        except BaseException: pass"""
    )
    code = (
        "from functools import partial; import hokensha_cli.main as m, hokensha_cli.watching as w; "
        "m.Watch = partial(w.Watch, limit=0.3, patience=0.3, every=0.05); m.main()"
    )
    member = place.write("member.json", place.MEMBER)
    done = subprocess.run(
        [sys.executable, "-c", code, "decide", policy, member, *DAY],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(place.site), *sys.path]), "LC_ALL": "C.UTF-8"},
        timeout=60,
        check=False,
    )

    assert (1, "") == (done.returncode, done.stdout)
    assert "rule 'stuck' of plugin stuck (stuck 1.2) did not come back within" in done.stderr


def test_it_is_said_in_japanese(with_code, place, hasty):
    policy = with_code(rule="while True: pass")
    member = place.write("member.json", place.MEMBER)
    done = place.run("--lang", "ja", "decide", policy, member, *DAY)

    assert "秒以内に戻りません" in done.stderr


def test_a_minute_is_enough_for_a_rule_that_never_ends():
    """Half a minute is given, so that no machine, however slow, takes a sound rule for such."""
    assert 30 <= LIMIT
    assert Watch(give_up=print).limit + Watch(give_up=print).patience <= 60


def test_many_short_calls_are_no_long_one(place, monkeypatch):
    """What is watched is each call; all of them together may take as long as they like."""
    monkeypatch.setattr("hokensha_cli.main.Watch", partial(Watch, limit=0.2, every=0.01))
    members = place.write("members.json", [place.MEMBER] * 3000)
    began = time.monotonic()
    done = place.run("decide", place.policy, members, *DAY, "--json")

    assert 0 == done.exit_code
    assert time.monotonic() - began > 0.2


# --- what is written where answers stand


@pytest.mark.parametrize(
    "code",
    [
        "print('noise')",
        "sys.stdout.write('noise\\n')",
        "sys.__stdout__.write('noise\\n'); sys.__stdout__.flush()",
        "os.write(1, b'noise\\n')",
        "os.system('echo noise')",
    ],
)
@pytest.mark.parametrize("where", ["module", "rule"])
def test_what_a_plugin_writes_is_no_answer(with_code, asked, place, where, code):
    done = asked(with_code(**{where: code}), place.spawn)

    assert 0 == done.returncode
    (answer,) = done.stdout.splitlines()
    assert "A-1" == json.loads(answer)["member"]
    assert b"noise" in done.stderr


@pytest.mark.parametrize("code", ["print('noise')", "sys.stdout.write('noise')"])
def test_a_check_tells_what_a_plugin_prints_when_it_is_imported(with_code, place, code):
    done = place.run("check", with_code(module=code, rule="if s[CERTIFICATE.valid]: return True"))

    assert "noise" not in done.stdout
    (line,) = [line for line in done.stderr.splitlines() if "standard output" in line]
    assert "warning: plugin stuck (stuck 1.2): writes to standard output while it is loaded" in line
    assert "stuck_insurer.py, line 5" in line


def test_and_what_a_hook_prints(with_code, place):
    done = place.run("check", with_code(text=HOOKS.format("print('noise')")))

    (line,) = [line for line in done.stderr.splitlines() if "standard output" in line]
    assert "warning: plugin stuck (stuck 1.2): writes to standard output" in line
    assert "stuck_insurer.py, line 6" in line
