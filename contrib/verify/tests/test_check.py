"""``hokensha check``: what is wrong with a policy, for people and for programs."""

from __future__ import annotations

import json


def test_a_sound_policy_passes_and_is_counted(place):
    result = place.run("check", place.policy, "--json")
    assert 0 == result.exit_code, result.output
    report = json.loads(result.stdout)
    assert ["ok", "errors", "warnings", "rules", "features", "paths"] == list(report)
    assert (True, []) == (report["ok"], report["errors"])
    assert 12 == report["rules"]
    assert report["paths"] > 0
    said = place.run("check", place.policy, "--lang", "ja")
    assert 0 == said.exit_code
    assert "問題ありません; 規則: 12、" in said.stdout
    assert [] == [line for line in said.stderr.splitlines() if not line.startswith("警告: ")]


def test_errors_are_findings_one_a_line_and_the_exit_code_is_1(place):
    broken = place.POLICY.replace("months = 3", "moons = 3").replace('"first 1 December"', "1")
    policy = place.write("broken.toml", broken)
    result = place.run("check", policy, "--json")
    assert 1 == result.exit_code
    report = json.loads(result.stdout)
    assert not report["ok"]
    assert [{"code", "message", "where"}] * 2 == [set(finding) for finding in report["errors"]]
    assert 2 == len(result.stderr.splitlines())
    said = place.run("check", policy)
    assert "errors: 2; " in said.stdout
    assert result.stderr == said.stderr


def test_a_policy_that_is_absent_is_a_finding_too(place):
    result = place.run("check", "gone.toml", "--json")
    assert 1 == result.exit_code
    assert ["unreadable"] == [finding["code"] for finding in json.loads(result.stdout)["errors"]]
    assert "error: gone.toml: cannot be read: No such file or directory\n" == result.stderr
