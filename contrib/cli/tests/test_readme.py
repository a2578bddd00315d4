"""What the README says works: its commands show what they show, and the one that it adds runs."""

from __future__ import annotations

import re
from pathlib import Path

import console
import pytest

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def block(kind: str, number: int = 0) -> str:
    return re.findall(rf"^```{kind}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)[number]


def test_its_commands_show_what_they_show(tmp_path):
    pytest.importorskip("hokensha_late_elderly")
    (tmp_path / "member.json").write_text(block("json"), "utf-8")
    console.run(block("sh").splitlines()[1], tmp_path)
    for shown in re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL):
        assert "" == console.differences(shown, tmp_path)


def test_its_command_of_another_distribution_is_found_and_runs(place):
    (place.site / "my_commands.py").write_text(block("python"), "utf-8")
    name, module = re.search(r"^(\w+) = \"(my_commands:\w+)\"", block("toml"), re.MULTILINE).groups()
    place.install("my-commands", "hokensha.commands", {name: module})
    assert "試験保険組合\n" == place.run(name, place.policy, "--lang", "ja").stdout
    assert 1 == place.run(name, "gone.toml").exit_code
    assert "Say whose policy it is." in place.run("--help").stdout
