"""Who asks in Japanese is told what is wrong in Japanese: no English sentence is left in it."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hokensha_cli.main import cli

sys.path.append(str(Path(__file__).parent))
from test_messages import WRONG, Wrong

POLICIES = sorted((Path(__file__).parents[2] / "examples").glob("*/policy*.toml"))
_NAMES = re.compile(r"'[^']*'|`[^`]*`|\([^()]*\)|\[[^\[\]]*\]|[\w.\-/\\]*[._\-/\\=\d][\w.\-/\\=]*")
_READING = re.compile(r"読み方(?:: | \()([^;|\[\n]*)")
_ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
"""Three words in a row."""


def english(said: str) -> list[str]:
    """The English sentences in a text, its names and values aside."""
    lines = (line for line in said.splitlines() if not line.startswith(("使い方", "Usage")))
    return [found for line in lines for found in _ENGLISH.findall(_NAMES.sub("'", line))]


def asked(line: str) -> Result:
    name, *rest = shlex.split(line)
    return CliRunner().invoke(cli, ["--lang", "ja", name, *rest], env={"LC_ALL": "C.UTF-8", "COLUMNS": "80"})


def in_japanese(line: str) -> str:
    return asked(line).stderr


@pytest.mark.parametrize("wrong", WRONG, ids=[wrong.id for wrong in WRONG])
def test_what_is_wrong_is_said_in_japanese(wrong: Wrong, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    wrong.say(tmp_path)
    said = in_japanese(wrong.line)

    assert [] == english(said)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda path: path.parent.name)
def test_the_warnings_of_a_check_are_in_japanese(policy: Path):
    assert [] == english(in_japanese(f"check {policy}"))


@pytest.mark.parametrize("line", ["rules {0}", "decide {0} {1} --on 2025-12-02 --why"])
@pytest.mark.parametrize("policy", POLICIES, ids=lambda path: path.parent.name)
def test_the_readings_chosen_are_in_japanese(policy: Path, line: str):
    readings = _READING.findall(asked(line.format(policy, policy.with_name("members.json"))).stdout)

    assert readings
    assert [] == [reading for reading in readings if re.search("[A-Za-z]", reading)]


def test_a_sentence_without_a_pattern_is_found():
    assert ["this is not said"] == english("policy.toml: this is not said 'at all'")
