"""What the README says works: its commands (but for fetching uv), what they show, and its links."""

import re
import shlex
import sys

import console
import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

README = (console.ROOT / "README.md").read_text(encoding="utf-8")
BOOTSTRAP = "python3 -m pip install -q --upgrade --target .uv uv && .uv/bin/uv run --python python3 "
SHELL = re.findall(r"^```sh\n(.*?)\n```", README, re.MULTILINE | re.DOTALL)
SETUP = [command for command in SHELL if not command.startswith("pip ")]
INSTALL = [command for command in SHELL if command not in SETUP]
SHOWN = re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
FILES = re.findall(r"\]\(([^):#]+)(?:#[^)]*)?\)", README)
ROWS = re.findall(r"^\| `([^`]+)` \| (?:`([^`]+)`)? *\|.*\|([^|]*)\|$", README, re.MULTILINE)


def project(folder):
    """What the pyproject.toml of a folder says of its distribution."""
    return tomllib.loads((console.ROOT / folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_each_command_does_all_its_set_up():
    assert 3 == len(SETUP)
    assert all(command.startswith(BOOTSTRAP) for command in SETUP)


def test_the_first_runs_the_roll_of_an_example(tmp_path):
    command = SETUP[0].removeprefix(BOOTSTRAP).removeprefix("--no-dev ")
    folder = console.workplace(tmp_path)

    written = console.run(command, folder)

    assert "Written to out/kumamoto." in written
    assert "summary.json" in {file.name for file in (folder / "out" / "kumamoto").iterdir()}


def test_the_second_names_a_group_of_dependencies_that_there_is():
    workspace = tomllib.loads((console.ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert "--only-group tox tox" == SETUP[1].removeprefix(BOOTSTRAP)
    assert "tox" in workspace["dependency-groups"]


def test_the_third_makes_the_pages_where_it_says():
    tox = (console.ROOT / "tox.ini").read_text(encoding="utf-8")

    assert "--only-group tox tox run -e docs" == SETUP[2].removeprefix(BOOTSTRAP)
    assert "-b html docs {env_tmp_dir}/html" in tox
    assert "`.tox/docs/tmp/html/index.html`" in README


def test_pip_is_told_of_folders_that_are_distributions_and_of_all_that_they_need():
    (command,) = INSTALL
    projects = [project(folder) for folder in shlex.split(command.removeprefix("pip install "))]
    installed = {each["name"] for each in projects}
    needed = {re.split("[^a-z0-9-]", name)[0] for each in projects for name in each["dependencies"]}

    assert {"hokensha-late-elderly", "hokensha-cli", "hokensha-verify", "hokensha-roll"} <= installed
    assert set() == {name for name in needed if name.startswith("hokensha")} - installed


@pytest.mark.parametrize("block", SHOWN)
def test_commands_write_what_is_shown(block, tmp_path):
    assert "" == console.differences(block, console.workplace(tmp_path))


@pytest.mark.parametrize("command", ["hokensha init --plugin late-elderly", "--on 2026-11-21 --why"])
def test_commands_in_the_text_are_still_there(command):
    assert command in README


def test_the_commands_in_the_text_work(tmp_path):
    folder = console.workplace(tmp_path)

    console.run("hokensha init --plugin late-elderly > policy.toml", folder)
    console.run("hokensha check policy.toml", folder)
    members = "examples/kumamoto-late-elderly/members.json"
    console.run(f"hokensha decide policy.toml {members} --on 2026-11-21 --why", folder)


@pytest.mark.parametrize("file", FILES)
def test_links_lead_to_files(file):
    assert (console.ROOT / file).is_file()


@pytest.mark.parametrize(("folder", "distribution", "commands"), ROWS)
def test_the_table_of_folders_is_true(folder, distribution, commands):
    assert (console.ROOT / folder).is_dir()
    if distribution:
        said = project(folder)
        brought = said.get("entry-points", {}).get("hokensha.commands", {})
        assert distribution == said["name"]
        assert {*brought} == {*re.findall("`([^`]+)`", commands)}


def test_the_table_has_every_distribution():
    workspace = tomllib.loads((console.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with_a_spark = {"hokensha-spark"}  # which is much to fetch, for what few want

    assert {*workspace["dependencies"]} | with_a_spark == {name for _, name, _ in ROWS if name}


OTHERS = sorted(
    path
    for pattern in ("core/README.md", "plugins/*/README.md", "contrib/*/README.md", "examples/*/README.md")
    for path in console.ROOT.glob(pattern)
    if path.parent.name != "third-party-plugin"  # it is to be installed first: tests/wheels does that
)


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.parent.name)
def test_the_commands_of_the_other_readmes_work(path, tmp_path):
    """What pip installs is here already; the policy, member and roll that they mean are an example's."""
    folder = console.workplace(tmp_path)
    example = folder / "examples" / "kumamoto-late-elderly"
    (folder / "policy.toml").write_bytes((example / "policy.toml").read_bytes())
    (folder / "member.json").write_bytes((example / "members.json").read_bytes())
    (folder / "roll.csv").write_bytes((example / "roll.csv").read_bytes())
    blocks = re.findall(r"^```sh\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    commands = [line for block in blocks for line in block.splitlines() if not line.startswith("pip ")]

    assert commands
    for command in commands:
        assert command.startswith("hokensha ")
        console.run(command, folder)


CONTRIBUTING = (console.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
STANDS = [line for line in CONTRIBUTING.splitlines() if re.search(r"`[a-z]+/[a-z_]+\.py`", line)]


def is_there(name, texts):
    """Whether one of these modules defines what a name ends with."""
    last = name.rpartition(".")[2]
    return any(re.search(rf"^ *(def |class )?{last}\b", text, re.MULTILINE) for text in texts)


@pytest.mark.parametrize("line", STANDS)
def test_what_contributors_look_for_stands_where_the_page_says(line):
    named = re.findall("`([^`]+)`", line)
    paths = [name for name in named if re.fullmatch(r"[a-z]+/[a-z_]+\.py", name)]
    texts = [(console.ROOT / "core/src/hokensha" / path).read_text(encoding="utf-8") for path in paths]
    names = [name for name in named if re.fullmatch("[A-Za-z_.]+", name)]

    assert [] == [name for name in names if not is_there(name, texts)]


def test_the_page_of_contributors_says_where_most_things_stand():
    assert 15 <= len(STANDS)


def test_the_python_of_the_cores_readme_runs(tmp_path, monkeypatch, capsys):
    (block,) = re.findall(
        r"^```python\n(.*?)^```",
        (console.ROOT / "core" / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    policy = console.ROOT / "examples" / "kumamoto-late-elderly" / "policy.toml"
    (tmp_path / "policy.toml").write_bytes(policy.read_bytes())
    monkeypatch.chdir(tmp_path)

    exec(compile(block, "core/README.md", "exec"), {})

    assert capsys.readouterr().out.startswith("undetermined ('")
