"""Build every wheel, install it with pip in a fresh environment outside the workspace, and use it there.

Run through tox (`tox run -e wheels`); the name keeps it out of ordinary test runs, which need no network.
"""

import email
import json
import shutil
import sys
import zipfile

import pytest
from built import PROJECTS, ROOT, Environment, package, run

PLUGINS = sorted(
    name for project in PROJECTS.values() for name in project.get("entry-points", {}).get("hokensha", {})
)
POLICIES = sorted((ROOT / "examples").glob("*/policy*.toml"))  # third-party-plugin has its own, tested below


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
def test_wheel_installs_alone(distribution, wheels, tmp_path):
    environment = Environment(tmp_path / "alone")
    # The core's wheel goes along, so that no other project of its name can be fetched in its place.
    installed = {"hokensha", distribution}
    environment.pip("install", *(wheels[name] for name in installed))
    environment.pip("check")
    listed = environment.pip("list", "--format=freeze")
    assert installed == {
        line.split("==")[0].split(" ")[0] for line in listed.splitlines() if line.startswith("hokensha")
    }
    environment.python(f"import {package(distribution)}")


def test_every_module_imports(together):
    """All but what pytest alone imports, which nobody has to install with hokensha."""
    environment = together
    environment.python(
        "import importlib, pkgutil\n"
        f"for name in {[package(name) for name in PROJECTS]}:\n"
        "    package = importlib.import_module(name)\n"
        "    for module in pkgutil.walk_packages(package.__path__, name + '.'):\n"
        "        if not module.name.endswith(('__main__', 'pytest_plugin')):\n"
        "            importlib.import_module(module.name)\n"
    )


def test_type_checkers_find_the_types(together):
    code = "\n".join(f"import {package(name)}" for name in PROJECTS)
    run(
        *(sys.executable, "-m", "mypy", "--strict", "--config-file="),
        *("--python-executable", together.bin / "python", "-c", code),
        cwd=together.folder,
    )


def test_every_plugin_is_listed(together):
    listed = together.hokensha("plugins")
    assert [] == [name for name in PLUGINS if name not in listed]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda path: path.parent.name + "/" + path.name)
def test_every_example_policy_passes_its_check(policy, together, tmp_path):
    copy = tmp_path / policy.parent.name
    shutil.copytree(policy.parent, copy)
    together.hokensha("check", copy / policy.name)


def test_commands_of_other_distributions_are_found(together):
    assert "--out" in together.hokensha("run", "--help")


@pytest.fixture(scope="session")
def outside(wheels, tmp_path_factory):
    """What a third party has: hokensha and its roll from wheels, pytest, and nothing of this workspace."""
    environment = Environment(tmp_path_factory.mktemp("outside"))
    environment.pip(
        "install", f"{wheels['hokensha']}[conformance]", wheels["hokensha-roll"], "hatchling>=1.27"
    )
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
