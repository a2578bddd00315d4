"""Every Python block and every shell block of the documentation runs, and shows what it says.

A page is one test: its blocks build on each other, and belong into one process.
"""

import re
from pathlib import Path

import account
import console
import pytest
import tomli
from sybil import Sybil
from sybil.parsers.myst import CodeBlockParser, DocTestDirectiveParser, PythonCodeBlockParser

import hokensha
from hokensha import load_policy, structuring
from hokensha.conformance import deviations, subject
from hokensha.daterules import STEPS, operator

DOCS = console.ROOT / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if not {"changelog.d", "_build"} & {*page.parts})


def shell(example):
    lang = "ja" if example.path.endswith(".ja.md") else "en"
    return console.differences(example.parsed, Path.cwd(), lang) or None


READER = Sybil(
    parsers=[
        DocTestDirectiveParser(),
        PythonCodeBlockParser(),
        CodeBlockParser(language="console", evaluator=shell),
    ]
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_the_examples_of_a_page_do_what_they_show(page, tmp_path, monkeypatch):
    monkeypatch.chdir(console.workplace(tmp_path))

    for example in READER.parse(page).examples():
        example.evaluate()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_no_example_is_of_a_kind_that_nothing_runs(page):
    fences = [line[3:] for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("```")]

    kinds = {fence for fence in fences if fence and not fence.startswith("{")}

    assert set() == kinds - {"python", "console", "toml", "text", "json"}


@pytest.mark.parametrize("block", ["$ echo one\nuno\n", "$ echo one\n$ echo two\nno\n"])
def test_a_block_that_shows_something_else_is_found(block, tmp_path):
    assert console.differences(block, tmp_path)


def test_a_command_that_fails_is_found(tmp_path):
    with pytest.raises(AssertionError, match="exit 3"):
        console.differences("$ exit 3\n", tmp_path)


def test_dots_stand_for_anything(tmp_path):
    assert not console.differences("$ echo one; echo two; echo three\none\n...\nthree\n", tmp_path)


PRESET = console.ROOT / "examples" / "kumamoto-late-elderly" / "policy.toml"
FRAGMENTS = [
    pytest.param(block, id=f"{page.name}-{number}")
    for page in PAGES
    for number, block in enumerate(
        re.findall(r"^```toml\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    )
    if "entry-points" not in block and "# hokensha-" not in block
]
OF_THE_KIT = {
    "# hokensha-conformance.toml": subject.Declared,
    "# hokensha-deviations.toml": deviations.Document,
}


@pytest.mark.parametrize("file", OF_THE_KIT)
def test_what_is_shown_of_the_kits_files_is_right(file, tmp_path):
    page = (DOCS / "howto-conformance.md").read_text("utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (block,) = [block for block in blocks if block.startswith(file)]
    (tmp_path / "file.toml").write_text(block, encoding="utf-8")

    assert subject.read_toml(tmp_path / "file.toml", OF_THE_KIT[file])


def cited(value):
    """Every locator that a fragment needs."""
    if isinstance(value, list):
        return [locator for item in value for locator in cited(item)]
    if isinstance(value, dict):
        named = [*value.get("cites", ()), *value.get("not_software", ())]
        return named + [locator for item in value.values() for locator in cited(item)]
    return []


@pytest.mark.parametrize("block", FRAGMENTS)
def test_what_is_shown_of_a_policy_is_right_in_a_policy(block, monkeypatch):
    policy = tomli.loads(PRESET.read_text(encoding="utf-8"))
    fragment = tomli.loads(block)
    for key, value in fragment.items():
        policy[key] = {**policy.get(key, {}), **value} if isinstance(value, dict) else value
    cites = dict.fromkeys([*cited(policy), *cited(fragment)], "a place")
    policy["sources"][0]["locators"] = {
        **cites,
        **{name: place for source in policy["sources"] for name, place in source["locators"].items()},
    }
    policy["sources"] = policy["sources"][:1]
    monkeypatch.setattr(structuring, "_parse", lambda _data, _file: policy)

    assert load_policy(str(PRESET)).figures


def test_the_readings_name_rules_figures_and_plugins_that_there_are():
    page = (DOCS / "decisions" / "readings.md").read_text(encoding="utf-8")
    places = [row.split("|")[-2] for row in page.splitlines() if row.startswith("| ")][2:]
    known = {operator(step) for step in STEPS}
    for path, book in account.rulebooks().items():
        known |= {Path(path).parent.name, *book.policy.rules, *book.policy.figures, *book.policy.plugins}

    assert set() == {name for place in places for name in re.findall("`([^`]+)`", place)} - known


@pytest.mark.parametrize("name", sorted(hokensha.__all__))
def test_every_public_name_is_in_the_reference(name):
    pages = [(DOCS / f"reference-{page}.md").read_text(encoding="utf-8") for page in ("python", "hooks")]
    named = {word for page in pages for word in re.findall(r"\w+", page)}

    assert name in named
