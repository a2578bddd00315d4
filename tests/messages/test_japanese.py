"""Who asks in Japanese is told what is wrong in Japanese: no English sentence is left in it."""

from __future__ import annotations

import ast
import re
import shlex
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hokensha_cli import japanese as japanese_module
from hokensha_cli.main import cli

sys.path.append(str(Path(__file__).parent))
from test_messages import WRONG, Wrong

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in (ROOT / "core", *(ROOT / "contrib").iterdir())
    for path in (folder / "src").rglob("*.py")
    if path.parts[-2] != "hokensha_conformance" and path.name not in ("conformance.py", "registry.py")
)
"""All but the kit for those who write plugins, which describes its checks to them in English."""
NO_SENTENCES = (
    *("the next month", "the month before"),  # the English half of words in both languages
    *("number of the household", "number within the household", "card out of hand since"),  # draws' names
    *("due by now", "not over yet"),  # the English halves of labels that are made elsewhere
)
ENGLISH = (ROOT / "contrib/cli/src/hokensha_cli/sentences.txt").read_text(encoding="utf-8")
POLICIES = sorted((ROOT / "examples").glob("*/policy*.toml"))
_NAMES = re.compile(r"'[^']*'|`[^`]*`|\([^()]*\)|\[[^\[\]]*\]|[\w.\-/\\]*[._\-/\\=\d][\w.\-/\\=]*")
_READING = re.compile(r"読み方(?:: | \()([^;|\[\n]*)")
_ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
"""Three words in a row."""
_IN_BOTH = ("Label", "TypeError", "Coded", "Scheme", "Ground", "OfPolicy", "known", "within", "reached")


def english(said: str) -> list[str]:
    """The English sentences in a text, its names and values aside."""
    lines = (line for line in said.splitlines() if not line.startswith(("使い方", "Usage")))
    return [found for line in lines for found in _ENGLISH.findall(_NAMES.sub("'", line))]


def sentences(source: Path) -> set[str]:
    """Whatever reads like a sentence in a module, but is no docstring, has no Japanese, and is no example."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    aside = {each for node in ast.walk(tree) if _aside(node) for each in ast.walk(node)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in aside)
    found = (text.value for text in texts if isinstance(text.value, str) and "hokensha " not in text.value)
    return {each for text in found for each in _ENGLISH.findall(text)}


def _aside(node: ast.AST) -> bool:
    """Docstrings and comments on attributes, words in both languages, and errors of who writes Python."""
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func).rpartition(".")[2]
        return called in _IN_BOTH or any(keyword.arg == "ja" for keyword in node.keywords)
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


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


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_english_sentence_in_the_sources_has_its_japanese(source: Path):
    assert [] == [
        each for each in sorted(sentences(source)) if each not in ENGLISH and each not in NO_SENTENCES
    ]


def test_a_sentence_is_filled_in_by_as_many_gaps_as_it_has():
    for each in japanese_module.sentences():
        gaps = "X" * (len(each.words) - 1)
        assert each.template.format(*gaps) if gaps else each.template, each


def test_a_sentence_without_a_pattern_is_found():
    assert ["this is not said"] == english("policy.toml: this is not said 'at all'")
