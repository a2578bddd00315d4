"""What tests of plugins share: distributions made up for one test, and what is said of them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hokensha.errors import Finding, PluginError
from hokensha.plugins import Provider, load

HEADER = """
from hokensha import declare
from hokensha.facts import Fact
from hokensha.features import *
from hokensha.markers import hookimpl
from hokensha.rules import *
from hokensha.text import Label

def some(kind="ground", id_="card-lost", ja="紛失", en="lost", test=lambda s: True, **fields):
    return getattr(declare, kind)(id_, ja, en, **{"cites": ("001-12",), **fields})(test)

LOST = some()
TRIGGER = {"kind": "trigger", "id_": "certificate-due", "document": Document.CERTIFICATE}
WORDS = Label("休職", "leave")
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Provider]]:
    """Install a plugin: a module and the metadata of its distribution, in a folder of the path."""
    before = set(sys.modules)

    def write(
        name: str,
        code: str,
        *,
        distribution: str = "",
        folder: str = "site",
        entry: str = "",
        version: str = "1.2",
    ) -> Provider:
        distribution = distribution or f"hokensha-{name}"
        module = distribution.replace("-", "_")
        site = tmp_path / folder
        info = site / f"{module}-{version}.dist-info"
        info.mkdir(parents=True)
        (site / f"{module}.py").write_text(HEADER + code, encoding="utf-8")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[hokensha]\n{entry or f'{name} = {module}'}\n")
        if str(site) not in sys.path:
            monkeypatch.syspath_prepend(str(site))
        importlib.invalidate_caches()
        return Provider(name, distribution, version)

    yield write
    for module in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[module], "__file__", "")):
            del sys.modules[module]


@pytest.fixture
def refused() -> Callable[..., list[Finding]]:
    """What is wrong with the plugins of these names: loading them has to fail."""

    def findings(*names: str) -> list[Finding]:
        with pytest.raises(PluginError) as caught:
            load(names)
        return list(caught.value.findings)

    return findings


@pytest.fixture
def fault(
    install: Callable[..., Provider], refused: Callable[..., list[Finding]]
) -> Callable[[str], Finding]:
    """The one thing that is wrong with a plugin of this code; every finding names the plugin's version."""

    def finding(code: str) -> Finding:
        install("faulty", code)
        (only,) = refused("faulty")
        assert only.where.startswith("plugin faulty (hokensha-faulty 1.2)")
        return only

    return finding
