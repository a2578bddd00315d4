"""Who asks in Japanese is told what is wrong in Japanese: no English sentence is left in it."""

from __future__ import annotations

import ast
import csv
import json
import re
import shlex
import sys
from pathlib import Path

import pytest
import tomli as tomllib
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
_CODE = re.compile(r" = (?!-)[a-z][a-z-]+(?=、|$)", re.MULTILINE)
"""A value that is said by its code."""
MEMBERS = Path(__file__).with_name("members.jsonl")
"""Made up: at odds with themselves, out of the scheme, with a document lost or over, and little known."""
UNION_ROLL = ROOT / "examples" / "kumamoto-late-elderly" / "roll.csv"
WRONG_CELLS = (
    ("生年月日", "19400230"),
    ("生年月日", "99999999"),
    ("資格取得年月日", ""),
    ("資格喪失年月日", "99999999"),
    ("資格喪失年月日", "19500101"),
    ("マイナンバーカード", "7"),
    ("要配慮者", "x"),
    ("保険者番号", "39430997"),
    ("被保険者番号", "123456789018"),
    ("資格確認書有効期限", "20240101"),
    ("宛名番号", ""),
    ("宛名番号", "=1"),
)
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


# --- every answer


@pytest.mark.parametrize("policy", POLICIES, ids=lambda path: path.parent.name)
def test_a_check_in_json_is_in_japanese(policy: Path):
    found = json.loads(asked(f"check {policy} --json").stdout)

    assert found["ok"]
    assert [] == english("\n".join(each["message"] for each in found["warnings"]))


def test_a_check_on_a_terminal_is_in_japanese():
    assert [] == english(in_japanese(f"check {POLICIES[0]}"))


def test_a_check_in_json_says_what_is_wrong_in_the_language_asked_for(tmp_path: Path):
    file = tmp_path / "policy.toml"
    file.write_bytes(POLICIES[0].read_bytes() + b"\n[declined]\nenroled = 'x'\n")
    said = {
        lang: json.loads(asked(f"check {file} --json --lang {lang}").stdout)["errors"][0]["message"]
        for lang in ("ja", "en")
    }

    assert [] == english(said["ja"])
    assert re.search("[ぁ-ん]", said["ja"])
    assert not re.search("[ぁ-ん]", said["en"])


@pytest.mark.parametrize(
    "line",
    [
        "decide {0} {1} --on 2026-11-21 --why",
        "decide {0} {1} --on 2026-07-11 --why",
        "present {0} {2} --on 2026-11-21 --at unequipped",
        "validity {0} eligibility-certificate --issued 2026-11-21 --member {2}",
        "validity {0} eligibility-certificate --list",
        "reflect {0} --list",
    ],
)
@pytest.mark.parametrize("policy", POLICIES, ids=lambda path: path.parent.name)
def test_no_answer_has_an_english_sentence(policy: Path, line: str, tmp_path: Path):
    one = tmp_path / "member.json"
    one.write_text(MEMBERS.read_text("utf-8").splitlines()[0], encoding="utf-8")
    told = asked(line.format(policy, MEMBERS, one))

    assert [] == english(told.output)
    assert "= -" not in told.output
    assert [] == _CODE.findall(told.stdout)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda path: path.parent.name)
def test_what_rules_say_has_no_english_sentence_but_those_of_the_policy(policy: Path):
    reasons = tomllib.loads(policy.read_text(encoding="utf-8"))
    kept = "".join(str(reasons.get(section)) for section in ("declined", "not_software"))
    said = asked(f"rules {policy}").stdout

    assert [] == [each for each in english(said) if each not in kept]


def test_why_a_row_was_rejected_is_in_japanese(tmp_path: Path):
    header, first, *_ = UNION_ROLL.read_text(encoding="utf-8").splitlines()
    place = {name: n for n, name in enumerate(header.split(","))}
    rows = [first]
    for n, (column, cell) in enumerate(WRONG_CELLS, start=1):
        cells = [f"9{n}", *first.split(",")[1:]]
        cells[place[column]] = cell
        rows.append(",".join(cells))
    rows += [first, "1,2,3"]
    roll, out = tmp_path / "roll.csv", tmp_path / "out"
    roll.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    told = asked(f"run {UNION_ROLL.with_name('policy.toml')} {roll} --on 2026-11-21 --out {out}")
    with (out / "rejected.csv").open(encoding="utf-8") as file:
        reasons = [row["reason"] for row in csv.DictReader(file)]
    report = (out / "report.html").read_text(encoding="utf-8")

    assert 3 == told.exit_code, told.output
    assert [] == english(told.output)
    assert len(WRONG_CELLS) + 2 == len(reasons)
    assert [] == [reason for reason in reasons if english(reason) or not re.search("[ぁ-ん]", reason)]
    assert "管理番号が前の行と同じです" in reasons
    assert "管理番号が前の行と同じです" in report
    assert "the key of an earlier row" in report


def test_the_plugins_that_cannot_be_loaded_are_told_in_japanese():
    assert [] == english(asked("plugins").output)


def test_a_sentence_without_a_pattern_is_found():
    assert ["this is not said"] == english("policy.toml: this is not said 'at all'")
