"""Follow the tutorial as a reader does: in an empty folder, with nothing but Python and the built wheels."""

import os
import zipfile

import pytest
import walkthrough
from built import outer_variables, package

LANGUAGES = {"tutorial.md": "en", "tutorial.ja.md": "ja"}


@pytest.mark.parametrize("page", walkthrough.PAGES, ids=lambda page: page.name)
def test_the_tutorial_shows_what_its_reader_sees(page, wheels, tmp_path, monkeypatch):
    for name in set(os.environ) - set(outer_variables()):
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels["hokensha"].parent))
    scripts = tmp_path / ".venv" / "bin"

    done = [block.do(tmp_path, LANGUAGES[page.name], scripts) for block in walkthrough.blocks(page)]

    differences = [each for each in done if each]
    assert [] == differences, "\n".join(differences)
    site = next((tmp_path / ".venv").glob("lib/python*/site-packages"))
    installed = [name for name in wheels if (site / package(name)).is_dir()]
    assert "hokensha" in installed
    for name in installed:
        assert _modules(wheels[name]) == _installed(site, package(name))


def _modules(wheel):
    """The names and the bytes of the modules in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.endswith(".py")}


def _installed(site, name):
    """The same of what is installed: that it is the wheel's, and no other project of the name."""
    return {
        path.relative_to(site).as_posix(): path.read_bytes() for path in sorted((site / name).rglob("*.py"))
    }
