"""What a third party does with the wheels: write a plugin, and examine it."""

import json
import shutil

import pytest
from built import ROOT, Environment, needed


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
    declared = folder / "hokensha-conformance.toml"
    text = declared.read_text(encoding="utf-8")
    declared.write_text(text.replace('# "roll",', '"roll",'), encoding="utf-8")
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
