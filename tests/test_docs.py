"""Every Python block and every shell block of the documentation runs, and shows what it says.

A page is one test: its blocks build on each other, and belong into one process.
"""

import re
from datetime import date
from pathlib import Path

import account
import answers
import console
import pytest
import shared
import tomli
import walkthrough
from sybil import Sybil
from sybil.parsers.myst import CodeBlockParser, DocTestDirectiveParser, PythonCodeBlockParser

import hokensha
import hokensha_standard as standard
from hokensha import Plugin, load_policy, rules
from hokensha.dates import STEPS, operator
from hokensha.policy import reading
from hokensha_conformance import Declared, DeviationsFile, ask, differences, load_cases, read_toml
from hokensha_roll import roll_of
from hokensha_verify import check_rulebook

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


@pytest.mark.parametrize(
    "page",
    # those to be followed from an empty folder on are followed in tests/wheels, from what a reader installs;
    # those of Spark in contrib/spark/tests, where there is one
    [page for page in PAGES if page not in walkthrough.PAGES and not page.name.startswith("howto-spark")],
    ids=lambda page: page.relative_to(DOCS).as_posix(),
)
def test_the_examples_of_a_page_do_what_they_show(page, tmp_path, monkeypatch):
    monkeypatch.chdir(console.workplace(tmp_path))

    for example in READER.parse(page).examples():
        example.evaluate()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_no_example_is_of_a_kind_that_nothing_runs(page):
    fences = [line[3:] for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("```")]

    kinds = {fence for fence in fences if fence and not fence.startswith("{")}

    assert set() == kinds - {"python", "console", "toml", "text", "json"}


@pytest.mark.parametrize("page", walkthrough.PAGES, ids=lambda page: page.name)
def test_every_block_of_a_page_to_follow_is_written_changed_or_run(page):
    text = page.read_text(encoding="utf-8")

    found = list(walkthrough.blocks(page))

    assert text.count("\n```") == 2 * len(found)
    assert {"write", "add", "change", "run"} == {block.how for block in found}


def test_a_page_to_follow_is_the_same_work_in_each_language():
    def work(page):
        for block in walkthrough.blocks(page):
            commands = [command for command, _ in console.commands(block.body)]
            yield block.how, block.file, block.body if block.file else commands

    english, japanese = walkthrough.PAGES

    assert list(work(english)) == list(work(japanese))


@pytest.mark.parametrize(
    "fence", ["python", "{code-block} python", "{code-block} python\n:name: x.py", "toml"]
)
def test_a_block_that_nobody_would_write_or_run_is_found(fence, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"# A page\n\n```{fence}\n\nx = 1\n```\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"page\.md, line 3: nothing runs a block"):
        list(walkthrough.blocks(page))


def follow(text, folder):
    page = folder / "page.md"
    page.write_text(text, encoding="utf-8")
    return [block.do(folder, "en", folder) for block in walkthrough.blocks(page)]


def test_a_file_is_written_then_added_to_then_changed(tmp_path):
    written = "```{code-block} toml\n:caption: new/a.toml\n\na = 1\n```\n"
    added = "```{code-block} toml\n:caption: new/a.toml (add)\n\nb = 2\n```\n"
    changed = "```{code-block} diff\n:caption: new/a.toml (change)\n\n a = 1\n+c = 3\n```\n"

    follow(written + added + changed, tmp_path)

    assert "a = 1\nc = 3\n\nb = 2\n" == (tmp_path / "new" / "a.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("lines", ["a = 1\na = 1\n", "b = 1\n"])
def test_lines_to_change_that_stand_there_twice_or_never_are_found(lines, tmp_path):
    written = f"```{{code-block}} toml\n:caption: a.toml\n\n{lines}```\n"
    changed = "```{code-block} diff\n:caption: a.toml (change)\n\n-a = 1\n+a = 2\n```\n"

    with pytest.raises(ValueError, match=r"a\.toml has these lines [02] times"):
        follow(written + changed, tmp_path)


def test_commands_of_a_page_to_follow_see_its_files_and_show_what_they_show(tmp_path):
    written = "```{code-block} text\n:caption: a.txt\n\none\n```\n"

    right, wrong = follow(
        written + "```console\n$ cat a.txt\none\n```\n```console\n$ cat a.txt\ntwo\n```\n", tmp_path
    )[1:]

    assert "" == right
    assert "shown:\ntwo" in wrong


@pytest.mark.parametrize("block", ["$ echo one\nuno\n", "$ echo one\n$ echo two\nno\n"])
def test_a_block_that_shows_something_else_is_found(block, tmp_path):
    assert console.differences(block, tmp_path)


def test_a_command_that_fails_is_found(tmp_path):
    with pytest.raises(AssertionError, match="exit 3"):
        console.differences("$ exit 3\n", tmp_path)


def test_dots_stand_for_anything(tmp_path):
    assert not console.differences("$ echo one; echo two; echo three\none\n...\nthree\n", tmp_path)


PRESET = console.ROOT / "examples" / "kumamoto-late-elderly" / "policy.toml"
SENTENCES = ("howto-sentences.md", "howto-sentences.ja.md")
FRAGMENTS = [
    pytest.param(block, id=f"{page.name}-{number}")
    for page in PAGES
    if page.name not in SENTENCES  # those are put to use below
    for number, block in enumerate(
        re.findall(r"^```toml\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    )
    if "entry-points" not in block and "# hokensha-" not in block
]
OF_THE_KIT = {
    "# hokensha-conformance.toml": Declared,
    "# hokensha-deviations.toml": DeviationsFile,
}


@pytest.mark.parametrize("file", OF_THE_KIT)
def test_what_is_shown_of_the_kits_files_is_right(file, tmp_path):
    page = (DOCS / "howto-conformance.md").read_text("utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (block,) = [block for block in blocks if block.startswith(file)]
    (tmp_path / "file.toml").write_text(block, encoding="utf-8")

    assert read_toml(tmp_path / "file.toml", OF_THE_KIT[file])


def cited(value):
    """Every locator that a fragment needs."""
    if isinstance(value, list):
        return [locator for item in value for locator in cited(item)]
    if isinstance(value, dict):
        named = [*value.get("cites", ()), *value.get("not_software", ())]
        return named + [locator for item in value.values() for locator in cited(item)]
    return []


def with_roll(policy, fragment):
    """What a policy says of rolls, in one place, with what a fragment says in its stead."""
    said = {**policy.pop("roll", {}), **policy.get("tool", {}).get("roll", {})}
    said = {**said, "columns": {**said.get("columns", {})}}
    own = fragment.pop("tool", {}).get("roll", {})
    said["columns"].update(own.get("columns", {}))
    return {**policy, "tool": {"roll": {**own, **said}}}


@pytest.mark.parametrize("block", FRAGMENTS)
def test_what_is_shown_of_a_policy_is_right_in_a_policy(block, monkeypatch):
    fragment = tomli.loads(block)
    policy = with_roll(tomli.loads(PRESET.read_text(encoding="utf-8")), fragment)
    for key, value in fragment.items():
        policy[key] = {**policy.get(key, {}), **value} if isinstance(value, dict) else value
    cites = dict.fromkeys([*cited(policy), *cited(fragment)], "a place")
    policy["sources"][0]["locators"] = {
        **cites,
        **{name: place for source in policy["sources"] for name, place in source["locators"].items()},
    }
    policy["sources"] = policy["sources"][:1]
    monkeypatch.setattr(reading, "parse", lambda _data, _file: policy)

    loaded = load_policy(str(PRESET))

    assert loaded.figures
    assert roll_of(loaded).columns


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


def test_the_reference_of_shared_names_has_every_public_one():
    hooks = (DOCS / "reference-hooks.md").read_text(encoding="utf-8")

    assert set() == {*standard.__all__} - {*shared.names()} - {*re.findall(r"\w+", hooks)}


def test_the_reference_shows_every_kind_of_shared_name():
    page = (DOCS / "reference-standard.md").read_text(encoding="utf-8")
    shown = {kind.removesuffix("s") for kind in re.findall(r"^```{shared-names} (\w+)", page, re.MULTILINE)}
    named = [name for name in shared.names().values() if not isinstance(name.thing, Plugin)]

    assert shown == {name.kind.removesuffix("s") for name in named}


def test_the_reference_says_something_of_every_shared_name():
    assert [] == [name.name for name in shared.names().values() if not name.about]


def test_the_reference_names_the_facts_and_figures_behind_a_rule():
    pending = shared.names()["deregistration_pending"]

    assert ("`insurance_use`", "`deregistration_received_on`") == pending.facts
    assert ("`deregistration-effective`",) == pending.figures


@pytest.mark.parametrize(
    "kind",
    [
        each
        for module in (rules, standard)
        for each in (getattr(module, name) for name in module.__all__)
        if shared.is_enumeration(each)
    ],
    ids=lambda kind: kind.__name__,
)
def test_every_value_that_rules_name_has_its_meaning(kind):
    assert [] == [name for name, _, about in shared.members(kind) if not about]
    assert len(kind) == len([*shared.members(kind)])


@pytest.mark.parametrize("question", answers.SAMPLES)
def test_every_key_of_an_answer_is_in_the_reference_with_an_example_that_holds(question):
    sample = answers.SAMPLES[question]
    expected = [tomli.loads(f"asked = {key.example}")["asked"] for key in answers.keys(question)]
    expected = [each if question == "decide" else each["expect"] for each in expected]

    assert [*answers.paths(sample)] == [key.path for key in answers.keys(question)]
    assert [] == [found for each in expected for found in differences(each, sample)]


def test_the_answers_of_the_reference_have_the_keys_of_real_ones(tmp_path):
    found = {}
    for path, policy in (("late-elderly", "kumamoto-late-elderly"), ("mutual-aid", "school-mutual-aid")):
        book = account.rulebooks()[f"examples/{policy}/policy.toml"]
        for file in sorted(console.ROOT.glob(f"plugins/{path}/cases/{policy.split('-')[0]}.toml")):
            for case in load_cases(file).cases:
                asked = next(name for name in answers.SAMPLES if getattr(case, name) is not None)
                found.setdefault(asked, {}).update(dict.fromkeys(answers.paths(ask(book, case)[1])))

    lists = {path.split("[]")[0] for path in answers.paths(answers.SAMPLES["decide"]) if "[]" in path}
    whole = {"my_number_insurance_card.valid_until", "issuances[].valid_until", "documents[].valid_until"}
    assert {*found} == {*answers.SAMPLES}
    for question, paths in found.items():
        assert {*answers.paths(answers.SAMPLES[question])} == {*paths} - lists - whole


SOCIETY = console.ROOT / "examples" / "warehouse-health-society" / "policy.toml"
IN_TABLE = re.compile(r"^\| (\d{4}-\d\d-\d\d) \| (?:`(.*)` \| | \| )?(.+) \|$", re.MULTILINE)


def sentences(name):
    """Each sentence of a page: its number, its TOML, and the rows of the table of what comes out."""
    page = (DOCS / name).read_text(encoding="utf-8")
    for number, text in re.findall(r"^\*\*(\d+)\. (.*?)(?=^\*\*\d|^## |\Z)", page, re.MULTILINE | re.DOTALL):
        (block,) = re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        yield pytest.param(block, IN_TABLE.findall(text), id=number)


def society(block):
    """The rulebook of a society whose policy says what a block says, in place of what it said of that."""
    fragment = tomli.loads(block)
    policy = with_roll(tomli.loads(SOCIETY.read_text(encoding="utf-8")), fragment)
    for key, value in fragment.items():
        former = policy.get(key, {} if isinstance(value, dict) else [])
        policy[key] = {**former, **value} if isinstance(value, dict) else [*former, *value]
    for rule in policy["declined"]:
        policy["rules"].pop(rule, None)
    policy["sources"][0]["locators"].update(dict.fromkeys(cited(fragment), "a place"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "parse", lambda _data, _file: policy)
        return hokensha.open_rulebook(str(SOCIETY))


def shown_day(value):
    if value.earliest:
        return f"{value.earliest} - {value.latest}"
    return str(value.date or value.modality.value)


@pytest.mark.parametrize(("block", "rows"), [*sentences(SENTENCES[0])])
def test_a_sentence_becomes_what_the_page_says(block, rows):
    book = society(block)

    assert () == check_rulebook(book).errors
    for base, said, expected in rows:
        day = date.fromisoformat(base)
        facts = dict(each.split(" = ") for each in said.split(", ")) if said else {}
        purpose = facts.pop("purpose", "standard")
        facts = {key: {"none": None, "true": True}.get(value, value) for key, value in facts.items()}
        member = hokensha.parse_member({"id": "a", **facts}, book.catalogue) if facts else None
        if "figures.enrolment-shown" in block:
            found = hokensha.reflect(book, "enrolment", day).day
        else:
            found = hokensha.validity(book, standard.CERTIFICATE, day, purpose, member)
        assert expected == shown_day(found)


def test_the_sentences_are_the_same_in_each_language():
    english, japanese = ([each.values for each in sentences(name)] for name in SENTENCES)

    assert english == japanese
    assert 20 <= len(english)
    assert 16 <= sum(len(rows) for _, rows in english)


def test_a_return_has_no_deadline_as_the_page_says():
    block = '[rules.certificate-on-loss]\ndue_through = "transition-end"\ncites = ["page-22"]\n'

    with pytest.raises(hokensha.PolicyError, match=r"certificate-on-loss\.due_through: means nothing"):
        society(block)
