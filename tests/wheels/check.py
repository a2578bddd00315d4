"""Build every wheel, install it with pip in a fresh environment outside the workspace, and use it there.

Run through tox (`tox run -e wheels`); the name keeps it out of ordinary test runs, which need no network.
"""

import email
import json
import shutil
import sys
import zipfile

import pytest
from built import COMMANDS, PROJECTS, ROOT, Environment, imports, needed, package, requirements, run

PLUGINS = {
    name: sorted(project.get("entry-points", {}).get("hokensha", ())) for name, project in PROJECTS.items()
}
"""The plugins that each distribution brings."""
POLICIES = sorted((ROOT / "examples").glob("*/policy*.toml"))  # third-party-plugin has its own, tested below
KUMAMOTO = ROOT / "examples" / "kumamoto-late-elderly"
UNLESS_ABSENT = {
    "hokensha-cli": {"hokensha_verify"},  # decide --why, which says what to install
    "hokensha-roll": {
        "hokensha_conformance"
    },  # the checks that the kit, where it is installed, takes from it
}
"""What a distribution uses where it is installed, without saying that it needs it."""
OF_OTHERS = {"hokensha_roll.conformance"}
"""Modules that only what stands above imports."""


@pytest.fixture(scope="session")
def together(wheels, tmp_path_factory):
    """One environment with every distribution."""
    environment = Environment(tmp_path_factory.mktemp("together"))
    environment.pip("install", *wheels.values())
    return environment


@pytest.mark.parametrize("distribution", PROJECTS)
def test_wheel_holds_the_package_its_types_and_its_licence(distribution, wheels):
    with zipfile.ZipFile(wheels[distribution]) as wheel:
        names = wheel.namelist()
        info = next(name for name in names if name.endswith(".dist-info/METADATA")).split("/")[0]
        metadata = email.message_from_bytes(wheel.read(f"{info}/METADATA"))
    assert {package(distribution), info} == {name.split("/")[0] for name in names}
    assert f"{package(distribution)}/py.typed" in names
    assert f"{info}/licenses/LICENSE" in names
    assert distribution == metadata["Name"]
    assert PROJECTS[distribution]["version"] == metadata["Version"]
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == "<3.14,>=3.10"
    assert metadata.get_payload().strip()


@pytest.mark.parametrize("distribution", PROJECTS)
def test_wheel_needs_what_it_imports_and_nothing_else(distribution, wheels):
    said = {name.replace("-", "_") for name in requirements(distribution)}
    assert said == imports(wheels[distribution], distribution) - UNLESS_ABSENT.get(distribution, set())


@pytest.fixture(scope="module", params=PROJECTS)
def alone(request, wheels, tmp_path_factory):
    """A distribution, and an environment of what it needs."""
    environment = Environment(tmp_path_factory.mktemp(request.param))
    # Their wheels go along, so that no other projects of their names can be fetched in their place.
    environment.uv("install", *(wheels[name] for name in needed(request.param)))
    return request.param, environment


def test_wheel_installs_with_what_it_needs_and_imports(alone):
    distribution, environment = alone
    environment.uv("check")
    listed = environment.uv("list", "--format=freeze").split()
    installed = {line.split("==")[0] for line in listed if line.startswith("hokensha")}
    assert {*needed(distribution)} == installed
    environment.python(
        "import importlib, pkgutil\n"
        f"package = importlib.import_module({package(distribution)!r})\n"
        "for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        f"    if module.name not in {OF_OTHERS} and not module.name.endswith('__main__'):\n"
        "        importlib.import_module(module.name)\n"
    )


def test_commands_are_those_of_what_is_installed_and_of_the_others_it_says_where_they_are(alone):
    distribution, environment = alone
    installed = needed(distribution)
    if "hokensha-cli" not in installed:
        assert not (environment.bin / "hokensha").exists()
        return
    listed = environment.hokensha("--lang", "en", "--help").partition("Commands:\n")[2].partition("\n\n")[0]
    here = [command for name in installed for command in COMMANDS[name]]
    assert sorted(here) == [line.split()[0] for line in listed.splitlines() if line[:3].strip()]
    for name in PROJECTS.keys() - {*installed}:
        for command in COMMANDS[name]:
            said = environment.hokensha("--lang", "en", command, "policy.toml", status=2)
            assert f"the command '{command}' comes with the distribution {name}" in said
    for command in COMMANDS[distribution]:
        assert f"hokensha {command}" in environment.hokensha(command, "--help")


IN_PYTHON = """
import hokensha
assert [] == [name for name in {plugins} if not hokensha.load_plugins([name])]
try:
    hokensha.open_rulebook({policy!r})
except hokensha.HokenshaError as error:
    print(*error.findings)
"""


@pytest.mark.parametrize("distribution", [name for name in PROJECTS if "hokensha-cli" not in needed(name)])
def test_plugins_load_without_a_command_and_a_policy_names_those_that_are_absent(
    distribution, wheels, tmp_path
):
    environment = Environment(tmp_path / "python")
    environment.uv("install", *(wheels[name] for name in needed(distribution)))
    plugins = [plugin for name in needed(distribution) for plugin in PLUGINS[name]]
    said = environment.python(IN_PYTHON.format(plugins=plugins, policy=str(KUMAMOTO / "policy.toml")))
    assert ("late-elderly" in plugins) != ("plugin late-elderly: is not installed" in said)


WITH_A_PLUGIN = {
    "hokensha-cli": ("decide", KUMAMOTO / "policy.toml", KUMAMOTO / "members.json", "--on", "2026-11-21"),
    "hokensha-verify": ("check", KUMAMOTO / "policy.toml"),
    "hokensha-conformance": ("cases", ROOT / "plugins" / "late-elderly" / "cases" / "kumamoto.toml"),
    "hokensha-roll": (
        "run",
        KUMAMOTO / "policy.toml",
        KUMAMOTO / "roll.csv",
        "--on",
        "2026-11-21",
        "--out",
        "out",
    ),
    "hokensha-sample-roll": (
        "make-roll",
        KUMAMOTO / "policy.toml",
        "--members",
        "20",
        "--seed",
        "1",
        "--out",
        "a.csv",
    ),
}


@pytest.mark.parametrize("distribution", [name for name in PROJECTS if "hokensha-cli" in needed(name)])
def test_a_command_works_with_a_plugin_and_nothing_else(distribution, wheels, tmp_path):
    environment = Environment(tmp_path / "command")
    names = {*needed(distribution), *needed("hokensha-late-elderly")}
    environment.uv("install", *(wheels[name] for name in names))
    environment.hokensha(*WITH_A_PLUGIN[distribution])


def test_type_checkers_find_the_types(together):
    code = "\n".join(f"import {package(name)}" for name in PROJECTS)
    run(
        *(sys.executable, "-m", "mypy", "--strict", "--config-file="),
        *("--python-executable", together.bin / "python", "-c", code),
        cwd=together.folder,
    )


def test_every_plugin_is_listed_and_decides_for_its_insurers(together):
    """Their checks are the conformance kit's; here it counts that the wheels hold all that deciding needs."""
    listed = together.hokensha("plugins")
    assert [] == [plugin for plugins in PLUGINS.values() for plugin in plugins if plugin not in listed]
    for policy in POLICIES:
        members = policy.with_name("members.json")
        said = together.hokensha("decide", policy, members, "--on", "2026-11-21", "--json")
        assert len(json.loads(members.read_text(encoding="utf-8"))) == len(said.splitlines())


@pytest.fixture(scope="session")
def outside(wheels, tmp_path_factory):
    """What a third party has: the kit and rolls from wheels, and nothing of this workspace."""
    environment = Environment(tmp_path_factory.mktemp("outside"))
    names = {*needed("hokensha-conformance"), *needed("hokensha-sample-roll")}
    environment.pip("install", *(wheels[name] for name in names), "hatchling>=1.27")
    return environment


def conformance(environment, folder):
    """What the kit says of the plugin in a folder."""
    environment.pip("install", "--no-build-isolation", folder)
    environment.script(
        "pytest", "hokensha-conformance.toml", "--hokensha-report", folder / "report.json", cwd=folder
    )
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def test_a_new_plugin_installs_and_conforms_as_it_stands(outside):
    outside.hokensha("new-plugin", "brand-new", "--into", outside.folder)
    folder = outside.folder / "hokensha-brand-new"
    report = conformance(outside, folder)
    assert "conforms" == report["verdict"]
    policy = folder / "src" / "hokensha_brand_new" / "presets" / "brand-new.toml"
    outside.hokensha("check", policy)
    assert "brand-new" in outside.hokensha("init", "--list")


def test_the_third_partys_plugin_conforms_and_decides(outside):
    folder = outside.folder / "third-party"
    shutil.copytree(ROOT / "examples" / "third-party-plugin", folder)
    report = conformance(outside, folder)
    assert "conforms" == report["verdict"]
    assert "roll" in report["claims"]
    policy = folder / "src" / "hokensha_kokuho_minato" / "presets" / "kokuho-minato.toml"
    outside.hokensha("check", policy)
    said = outside.hokensha("decide", policy, folder / "members.json", "--on", "2026-06-15", "--json")
    issued = [[each["trigger"] for each in json.loads(line)["issuances"]] for line in said.splitlines()]
    assert [[], ["certificate-on-ground"], ["certificate-on-ground"]] == issued
    roll = folder / "roll.csv"
    outside.hokensha("make-roll", policy, "--members", "200", "--seed", "1", "--out", roll)
    outside.hokensha("run", policy, roll, "--on", "2026-06-15", "--out", folder / "out")
    summary = json.loads((folder / "out" / "summary.json").read_text(encoding="utf-8"))
    assert 200 == summary["read"]
