"""All wheels in one environment, where pip installs them as most people do."""

import json
import sys

import pytest
from built import PLUGINS, PROJECTS, ROOT, Environment, package, run

POLICIES = sorted((ROOT / "examples").glob("*/policy*.toml"))


@pytest.fixture(scope="session")
def together(wheels, tmp_path_factory):
    """One environment with every distribution."""
    environment = Environment(tmp_path_factory.mktemp("together"))
    environment.pip("install", *wheels.values())
    return environment


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
