"""A small sound plugin, copied for each test, broken as the test wants, and examined."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from attrs import frozen

from hokensha_conformance import (
    DEVIATIONS,
    FILE,
    Examination,
    Outcome,
    Status,
    open_deviations,
    open_subject,
    seeds,
)

SOUND = Path(__file__).parent / "sound"


@frozen
class Workshop:
    """A copy of the sound plugin.

    Attributes:
        folder: Where it is.
    """

    folder: Path

    def change(self, file: str, old: str, new: str) -> Workshop:
        """Put ``new`` in the place of ``old``, which stands in the file just once."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert 1 == text.count(old), f"{file} has {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return self

    def add(self, file: str, text: str) -> Workshop:
        """Add lines at the end of a file, which is made if there is none."""
        path = self.folder / file
        path.parent.mkdir(exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(before + text, encoding="utf-8")
        return self

    def install(self, entry: str = "sound = sound_insurer") -> None:
        """Let the metadata of a distribution name the plugin."""
        info = self.folder / "hokensha_sound-1.2.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hokensha-sound\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[hokensha]\n{entry}\n")
        importlib.invalidate_caches()

    def examination(self, on: date | None = None) -> Examination:
        """The plugin as the kit sees it."""
        subject = open_subject(self.folder / FILE)
        return Examination(subject, open_deviations(self.folder, on))

    def outcomes(self, on: date | None = None) -> dict[str, Outcome]:
        """What each check comes to, by the item's name."""
        examination = self.examination(on)
        return {task.name: examination.perform(task) for task in examination.tasks()}

    def failing(self, on: date | None = None) -> dict[str, tuple[str, ...]]:
        """The ids of the checks that fail, each with what is wrong."""
        return {
            outcome.check: tuple(map(str, outcome.findings))
            for outcome in self.outcomes(on).values()
            if outcome.status is Status.FAILED
        }

    def deviate(self, *lines: str) -> Workshop:
        """Declare a deviation."""
        return self.add(DEVIATIONS, "\n".join(("[[deviation]]", *lines, "")))


@pytest.fixture
def workshop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Workshop]:
    if "HK202" not in request.node.name:  # which needs them all; each is a process of its own
        monkeypatch.setattr(seeds, "SEEDS", seeds.SEEDS[:2])
    folder = tmp_path / "plugin"
    shutil.copytree(SOUND, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.syspath_prepend(str(folder))
    made = Workshop(folder)
    made.install()
    yield made
    sys.modules.pop("sound_insurer", None)


Broken = Callable[[Workshop], object]
