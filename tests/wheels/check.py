"""Every wheel by itself: what is in it, and what it does where nothing is installed but what it needs.

Run through tox (`tox run -e wheels`); the name keeps it out of ordinary test runs, which need no network.
"""

import email
import zipfile

import pytest
from built import COMMANDS, PLUGINS, PROJECTS, ROOT, Environment, imports, needed, package, requirements

KUMAMOTO = ROOT / "examples" / "kumamoto-late-elderly"
UNLESS_ABSENT = {
    "hokensha-cli": {"hokensha_verify"},  # decide --why, which says what to install
    "hokensha-roll": {
        "hokensha_conformance",  # the checks that the kit, where it is installed, takes from it
        "sqlglot",  # SQL of keys: an extra, and what it says where that is not installed
    },
}
"""What a distribution uses where it is installed, without saying that it needs it."""
OF_OTHERS = {"hokensha_roll.conformance"} | {
    f"hokensha_roll.keys.{name}" for name in ("contradicting", "sql", "sqlcells")
}
"""Modules that only what stands above imports, or that need an extra."""


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
    "hokensha-spark": ("plugins",),
}


@pytest.mark.parametrize("distribution", [name for name in PROJECTS if "hokensha-cli" in needed(name)])
def test_a_command_works_with_a_plugin_and_nothing_else(distribution, wheels, tmp_path):
    environment = Environment(tmp_path / "command")
    names = {*needed(distribution), *needed("hokensha-late-elderly")}
    environment.uv("install", *(wheels[name] for name in names))
    environment.hokensha(*WITH_A_PLUGIN[distribution])
