"""The command as a whole: help, languages, exit codes, and what happens when things go wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from importlib import metadata
from importlib.metadata import entry_points

import pytest

from hokensha_cli.main import ELSEWHERE
from hokensha_cli.options import language_of

OWN = ["plugins", "decide", "validity", "reflect", "present", "rules", "init", "schema"]
INSTALLED = sorted({entry.name for entry in entry_points(group="hokensha.commands")})
"""Those of other distributions, too, where they are installed."""


def test_help_lists_every_command(place):
    result = place.run("--help")
    assert 0 == result.exit_code
    assert [] == [name for name in {*OWN, *INSTALLED} if f"  {name} " not in result.stdout]


@pytest.mark.parametrize("command", INSTALLED)
def test_every_command_has_help_with_examples_in_both_languages(place, command):
    english = place.run(command, "--help")
    assert 0 == english.exit_code
    assert "Usage: hokensha" in english.stdout
    assert f"Examples:\n  hokensha {command}" in english.stdout
    japanese = place.run(command, "--help", "--lang", "ja")
    assert f"例:\n  hokensha {command}" in japanese.stdout
    assert english.stdout != japanese.stdout
    assert "--lang [ja|en]" in english.stdout


@pytest.mark.parametrize(
    "arguments",
    [("--lang", "ja", "plugins"), ("plugins", "--lang", "ja"), ("--lang=en", "plugins", "--lang=ja")],
)
def test_the_language_is_accepted_before_and_after_the_command_and_the_last_one_counts(place, arguments):
    assert "配布物" in place.run(*arguments).stdout


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "C"}, "en"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "ja_JP.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LC_ALL": "ja_JP.eucJP", "LANG": "C"}, "ja"),
    ],
)
def test_the_language_is_the_locales_unless_chosen(environment, expected):
    assert expected == language_of([], environment)
    assert "en" == language_of(["--lang", "en"], environment)
    assert "ja" == language_of(["decide", "--lang=ja"], environment)


def test_a_language_that_there_is_not_is_wrong_usage(place):
    assert 2 == place.run("--lang", "fr", "plugins").exit_code
    assert 2 == place.run("plugins", "--lang").exit_code


def test_the_version_is_shown(place):
    assert place.run("--version").stdout.startswith("hokensha 0.")


def test_without_a_command_the_help_is_wrong_usage(place):
    result = place.run()
    assert (2, "") == (result.exit_code, result.stdout)
    assert "Commands:" in result.stderr


def test_a_command_that_there_is_not_is_wrong_usage_with_the_nearest_name(place):
    result = place.run("dicide")
    assert 2 == result.exit_code
    assert "error: there is no command 'dicide' (did you mean 'decide'?)" in result.stderr
    assert "エラー: " in place.run("dicide", "--lang", "ja").stderr


def test_a_command_of_another_distribution_is_found_with_the_language_option(place):
    (place.site / "extra_commands.py").write_text(
        "import click\n"
        "from hokensha_cli.options import language\n"
        "@click.command('hello', help='Say hello.')\n"
        "def hello():\n"
        "    click.echo(language())\n"
        "    return 3\n",
        "utf-8",
    )
    place.install("extra-commands", "hokensha.commands", {"hello": "extra_commands:hello"})
    assert "Say hello." in place.run("--help").stdout
    result = place.run("hello", "--lang", "ja")
    assert (3, "ja\n") == (result.exit_code, result.stdout)


def test_a_command_that_cannot_be_loaded_does_not_hide_the_others(place):
    place.install("broken-commands", "hokensha.commands", {"bye": "no_such_module_anywhere:bye"})
    listed = place.run("--help")
    assert 0 == listed.exit_code
    assert "decide" in listed.stdout
    result = place.run("bye")
    assert 1 == result.exit_code
    assert "the command 'bye' cannot be loaded (broken-commands 1.2)" in result.stderr


def test_a_command_whose_distribution_is_absent_says_what_to_install(place, monkeypatch):
    monkeypatch.setattr(metadata, "entry_points", lambda **_: ())
    result = place.run("run", "policy.toml")
    assert 2 == result.exit_code
    assert "comes with the distribution hokensha-roll, which is not installed" in result.stderr
    assert "pip install" not in result.stderr  # an index might have anything under that name
    listed = place.run("--help").stdout
    assert [] == [name for name in ELSEWHERE if f"  {name} " in listed]


def test_what_is_installed_is_read_once_and_not_for_a_command_of_our_own(place, monkeypatch):
    read = []

    def counted(**asked):
        read.append(asked)
        return entry_points(**asked)

    monkeypatch.setattr(metadata, "entry_points", counted)
    assert 0 == place.run("decide", "--help").exit_code
    assert [] == read
    assert 0 == place.run("--help").exit_code
    assert [{"group": "hokensha.commands"}] == read


def test_what_nobody_expected_is_one_line_that_repeats_no_data(place, monkeypatch):
    def fail():
        raise KeyError("A-1 1980-05-05")

    monkeypatch.setattr("hokensha.plugins.installed", fail)
    result = place.run("plugins")
    assert (1, 1) == (result.exit_code, len(result.stderr.splitlines()))
    assert "KeyError at test_main.py:" in result.stderr
    assert "1980" not in result.stderr
    monkeypatch.setenv("HOKENSHA_DEBUG", "1")
    assert "Traceback" in place.run("plugins").stderr


def test_ctrl_c_ends_quietly_with_130(place):
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from hokensha_cli.main import main; main()",
            "decide",
            place.policy,
            "-",
            "--on",
            "2026-08-06",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PYTHONPATH": ":".join([str(place.site), *sys.path])},
        # Where the tests run in the background, SIGINT is ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads
    )
    time.sleep(5)  # it waits for standard input by now
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (130, b"", b"") == (process.returncode, out, err)


def test_a_reader_that_went_away_ends_it_quietly(place):
    members = place.write("members.json", [place.MEMBER] * 200)
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from hokensha_cli.main import main; main()",
            "decide",
            place.policy,
            members,
            "--on",
            "2026-08-06",
            "--json",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PYTHONPATH": ":".join([str(place.site), *sys.path])},
    )
    process.stdout.readline()
    process.stdout.close()
    assert b"" == process.stderr.read()
    process.stderr.close()
    assert 141 == process.wait(timeout=30)


def test_there_is_no_colour_where_there_is_no_terminal(place):
    member = place.write("member.json", place.MEMBER)
    result = place.spawn("decide", place.policy, member, "--on", "2026-08-06")
    assert 0 == result.returncode
    assert b"\x1b" not in result.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_on_a_terminal_there_is_colour_unless_no_color_is_set(place, variables, coloured):
    import pty  # noqa: PLC0415 - there is none on Windows

    member = place.write("member.json", place.MEMBER)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", "from hokensha_cli.main import main; main()"),
            *("decide", place.policy, member, "--on", "2026-08-06"),
        ],
        stdout=theirs,
        env={"PYTHONPATH": ":".join([str(place.site), *sys.path]), "TERM": "xterm", **variables},
    )
    os.close(theirs)
    assert 0 == process.wait(timeout=30)
    written = os.read(ours, 100_000)
    os.close(ours)
    assert coloured is (b"\x1b[" in written)


def test_a_terminals_encoding_that_lacks_a_character_is_no_fault(place):
    member = place.write("member.json", place.MEMBER)
    command = ("decide", place.policy, member, "--on", "2026-08-06", "--lang", "ja")
    result = place.spawn(*command, PYTHONIOENCODING="ascii")
    assert (0, b"") == (result.returncode, result.stderr)


def test_deciding_imports_neither_rich_nor_the_other_commands(place):
    member = place.write("member.json", place.MEMBER)
    code = (
        "import sys\n"
        "from hokensha_cli.main import cli\n"
        f"cli(['decide', {place.policy!r}, {member!r}, '--on=2026-08-06', '--json'], standalone_mode=False)\n"
        "import json\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    path = ":".join([str(place.site), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONPATH": path}
    )
    loaded = json.loads(done.stdout.splitlines()[-1])
    unwanted = ("rich", "holidays", "hokensha_verify", "hokensha_cli.rules", "hokensha_cli.plugins")
    assert [] == [name for name in unwanted if name in loaded]
