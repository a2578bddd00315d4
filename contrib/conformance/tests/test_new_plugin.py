"""A new plugin's project: written whole or not at all, under its own names, and conforming as it stands."""

from __future__ import annotations

import importlib
import shlex
import sys
from pathlib import Path

import pytest
import tomli
from click.testing import CliRunner

from hokensha import plugins
from hokensha_cli.main import cli
from hokensha_conformance import Deviations, Examination, Status, open_subject, project
from hokensha_conformance.new_plugin import template

NEEDED = ["core", "plugins/standard", "contrib/cli", "contrib/verify", "contrib/conformance"]
OWN = [
    "cli",
    "conformance",
    "health-society",
    "hokensha",
    "late-elderly",
    "mutual-aid",
    "roll",
    "sample-roll",
    "spark",
    "standard",
    "verify",
]


def run(*arguments):
    return CliRunner(env={"LC_ALL": "C.UTF-8"}).invoke(cli, ["new-plugin", *map(str, arguments)])


@pytest.fixture
def written(tmp_path, monkeypatch):
    """A project that was written, and is installed."""
    assert 0 == run("minato-society", "--into", tmp_path).exit_code
    folder = tmp_path / "hokensha-minato-society"
    source = folder / "src"
    info = source / "hokensha_minato_society-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hokensha-minato-society\nVersion: 0.1.0\n")
    entry = tomli.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["hokensha"]
    lines = "\n".join(f"{name} = {module}" for name, module in entry.items())
    (info / "entry_points.txt").write_text(f"[hokensha]\n{lines}\n")
    monkeypatch.syspath_prepend(str(source))
    importlib.invalidate_caches()
    yield folder
    for module in [name for name in sys.modules if name.startswith("hokensha_minato_society")]:
        del sys.modules[module]


def test_a_new_plugin_passes_every_check_as_it_stands(written):
    examination = Examination(open_subject(written / "hokensha-conformance.toml"), Deviations())
    outcomes = {task.name: examination.perform(task) for task in examination.tasks()}
    found = {name: o for name, o in outcomes.items() if o.status not in (Status.PASSED, Status.NOT_CLAIMED)}
    assert {} == found
    assert 20 < len(outcomes)


def test_every_hook_has_a_rule_of_the_new_plugin(written):
    subject = open_subject(written / "hokensha-conformance.toml")
    assert set(subject.declared.claims) == set(subject.examined.hooks)
    assert 7 == len(subject.examined.hooks)


def test_nothing_is_left_to_rename(written):
    texts = [p.read_text("utf-8") for p in written.rglob("*") if p.is_file() and "dist-info" not in str(p)]
    assert [] == [text for text in texts if "kokuho-minato" in text or "kokuho_minato" in text]
    assert [] == [str(path) for path in written.rglob("*kokuho*minato*")]


def test_the_files_of_a_project_are_where_a_reader_looks_for_them():
    paths = {"/".join(path) for path, _ in project("kokuho-x1")}
    assert {
        ".github/workflows/ci.yml",
        "README.md",
        "cases/kokuho-x1.toml",
        "hokensha-conformance.toml",
        "members.json",
        "page.ja.txt",
        "pyproject.toml",
        "src/hokensha_kokuho_x1/__init__.py",
        "src/hokensha_kokuho_x1/presets/kokuho-x1.toml",
        "src/hokensha_kokuho_x1/py.typed",
        "src/hokensha_kokuho_x1/rules.py",
        "tox.ini",
    } == paths


def test_a_project_is_an_example_of_this_repository_under_another_name(tmp_path):
    """What was made by trying the example in its place does not go along."""
    example = Path(__file__).parents[3] / "examples" / "third-party-plugin"
    assert example == template()
    for path, text in project("kokuho-minato"):
        assert example.joinpath(*path).read_text("utf-8") == text


@pytest.mark.parametrize(
    "name", ["Minato", "minato_society", "-minato", "7minato", "minato society", "x" * 41, ""]
)
def test_a_name_that_no_plugin_may_have_is_wrong_usage_and_writes_nothing(name, tmp_path):
    result = run("--into", tmp_path, "--", name)
    assert 2 == result.exit_code
    assert "small letters and digits" in result.stderr
    assert [] == list(tmp_path.iterdir())


def test_the_name_of_an_installed_plugin_is_refused(written, tmp_path):
    result = run("minato-society", "--into", tmp_path / "again")
    assert (1, "error: a plugin 'minato-society' is installed already; choose another name\n") == (
        result.exit_code,
        result.stderr,
    )
    assert not (tmp_path / "again").exists()


def names_of_the_workspace():
    """The name of each distribution in this repository, as a plugin would be called that had it."""
    root = Path(__file__).parents[3]
    for file in [*root.glob("core/pyproject.toml"), *root.glob("[cp]*/*/pyproject.toml")]:
        yield tomli.loads(file.read_text("utf-8"))["project"]["name"].removeprefix("hokensha-")


def test_the_distributions_of_the_workspace_are_these():
    assert OWN == sorted(names_of_the_workspace())


@pytest.mark.parametrize("name", OWN)
def test_a_name_of_the_projects_own_is_refused_whatever_is_installed(name, tmp_path, monkeypatch):
    monkeypatch.setattr(plugins, "names", lambda: ())
    result = run(name, "--into", tmp_path)
    assert (1, f"error: the name '{name}' is one of hokensha's own; choose another name\n") == (
        result.exit_code,
        result.stderr,
    )
    assert [] == list(tmp_path.iterdir())


def test_hokensha_is_installed_before_what_needs_it(written):
    """Nobody can fetch it by its name: both say where it is, first."""
    shown = run("another", "--into", written / "elsewhere").stdout.splitlines()
    readme = (written / "README.md").read_text("utf-8").splitlines()
    for lines in (shown, readme):
        installs = [line.strip().partition("  #")[0] for line in lines if "pip install" in line]
        assert [
            f"python -m pip install {' '.join(f'PATH/{each}' for each in NEEDED)}",
            'python -m pip install -e ".[test]"',
        ] == installs


def test_the_folder_to_go_to_can_be_pasted_into_a_shell(tmp_path):
    said = run("mine", "--into", tmp_path / "my plugins").stdout.splitlines()
    (command,) = (line.strip() for line in said if line.strip().startswith("cd "))
    assert ["cd", str(tmp_path / "my plugins" / "hokensha-mine")] == shlex.split(command)


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path):
    (tmp_path / "hokensha-mine").mkdir()
    (tmp_path / "hokensha-mine" / "work.txt").write_text("mine")
    result = run("mine", "--into", tmp_path)
    assert 1 == result.exit_code
    assert "is there already" in result.stderr
    assert ["work.txt"] == [each.name for each in (tmp_path / "hokensha-mine").iterdir()]


def test_a_project_that_cannot_be_finished_leaves_nothing(tmp_path, monkeypatch):
    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    result = run("mine", "--into", tmp_path)
    assert 1 == result.exit_code
    assert "cannot be written: No space left on device" in result.stderr
    assert [] == list(tmp_path.iterdir())


def test_what_comes_next_is_told_in_japanese_too(tmp_path):
    result = run("mine", "--into", tmp_path, "--lang", "ja")
    assert "を作成しました" in result.stdout
    assert "pytest hokensha-conformance.toml" in result.stdout
