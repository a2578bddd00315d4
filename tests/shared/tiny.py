"""A plugin of a few rules, installed in a folder of the path, its policy, and rolls that are run by it."""

from __future__ import annotations

import csv
import importlib
import json
import pkgutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen
from click.testing import CliRunner, Result

import hokensha
import hokensha_roll
from hokensha.facts import Catalogue
from hokensha.policy import Rulebook, open_rulebook
from hokensha_cli.main import cli
from hokensha_roll import Request, Summary, run_roll
from hokensha_standard import FACTS as STANDARD

CATALOGUE = Catalogue().extended(STANDARD)
ON = date(2026, 11, 21)

PLUGIN = '''
from hokensha import Action, Plugin
from hokensha_standard import (
    AUTOMATIC_GROUND, CERTIFICATE, electronic_certificate_expired, enrolled, no_card, not_over,
    not_registered, standard,
)

plugin = Plugin()
plugin.use(standard, enrolled, not_over, no_card, not_registered, electronic_certificate_expired)
plugin.validity("certificate", "資格確認書", "certificate", document=CERTIFICATE)

@plugin.trigger("certificate-due", "資格確認書", "certificate due", document=CERTIFICATE)
def certificate_due(s):
    """A ground holds."""
    return s[AUTOMATIC_GROUND]

@plugin.return_("expired", "期限切れ", "expired", document=CERTIFICATE, action=Action.DESTROY)
def expired(s):
    """The certificate has expired."""
    return s[CERTIFICATE.expired]
'''

POLICY = """
schema = "hokensha/policy/1"
published = 2026-04-01
plugins = ["tiny"]

[insurer]
name = "小さな健保"
name_en = "A tiny society"

[[sources]]
id = "t"
title = "Tiny rules"
publisher = "Nobody"
locators = { t-1 = "everything" }

[figures.scheme-last-day]
of = "left_on"
modality = "exact"
rule = [{ days = -1 }]
cites = ["t-1"]

[figures.electronic-certificate-last-day]
of = "electronic_certificate_expires_on"
modality = "exact"
rule = [{ months = 3 }]
cites = ["t-1"]

[figures.my-number-insurance-card-last-day]
earliest = ["electronic-certificate-last-day"]

[figures.health-insurance-card-last-day]
of = "health_insurance_card_valid_until"
modality = "exact"
cites = ["t-1"]

[figures.one-year]
modality = "exact"
rule = [{ years = 1 }]
cites = ["t-1"]

[rules]
enrolled = { cites = ["t-1"] }
not-over = { cites = ["t-1"] }
no-card = { cites = ["t-1"], claim = "ex-officio" }
not-registered = { cites = ["t-1"], claim = "ex-officio" }
electronic-certificate-expired = { cites = ["t-1"], claim = "ex-officio" }
certificate = { cites = ["t-1"], figure = "one-year" }
certificate-due = { cites = ["t-1"], basis = "ex-officio", channel = "direct", form = "交付申請書" }
expired = { cites = ["t-1"] }
"""

FACTS = (
    *("id", "birth_date", "enrolled_on", "left_on", "my_number_card", "insurance_use"),
    *("electronic_certificate_expires_on", "health_insurance_card_valid_until"),
    *("health_insurance_card_returned_on", "eligibility_certificate_issued_on"),
    *("eligibility_certificate_valid_until", "eligibility_certificate_returned_on"),
    *("eligibility_notice_issued_on", "reissue_requested_on"),
)
ROW = ("A1", "1980-05-05", "2010-04-01", "", "none", "unregistered", *[""] * 8)


@frozen
class Bench:
    """A folder with a policy, and what is done with it."""

    folder: Path
    on: date = ON
    facts: tuple[str, ...] = FACTS
    _bound: list[Rulebook] = field(factory=list)

    def row(self, **cells: str) -> list[str]:
        """A member without a card, but for these cells."""
        return [cells.get(fact, value) for fact, value in zip(FACTS, ROW, strict=True)]

    def policy(self, roll: str = "") -> str:
        """The policy's file; ``roll`` is appended."""
        path = self.folder / "policy.toml"
        path.write_text(POLICY + roll, encoding="utf-8")
        return str(path)

    def rulebook(self, roll: str = "") -> Rulebook:
        """The policy, bound."""
        return open_rulebook(self.policy(roll))

    def once(self) -> Rulebook:
        """The policy, bound when it is first asked for."""
        if not self._bound:
            self._bound.append(self.rulebook())
        return self._bound[0]

    def csv(
        self, rows: Sequence[Sequence[str]], header: Sequence[str] = FACTS, name: str = "roll.csv"
    ) -> Path:
        """A roll."""
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        return path

    def run(self, roll: Path, mapping: str = "", **asked: Any) -> Summary:
        """Run it, to the folder ``out``."""
        request = Request(roll, self.folder / "out", **{"on": ON, **asked})
        return run_roll(self.rulebook(mapping), request)

    def table(self, name: str) -> list[dict[str, str]]:
        """A table that a run wrote."""
        with (self.folder / "out" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def summary(self) -> dict[str, Any]:
        """The summary that a run wrote."""
        found: dict[str, Any] = json.loads((self.folder / "out" / "summary.json").read_text(encoding="utf-8"))
        return found

    def command(self, *arguments: object) -> Result:
        """The command line, in English."""
        return CliRunner().invoke(cli, ["--lang", "en", "run", *map(str, arguments)])


@pytest.fixture(scope="session")
def _site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("site")
    info = site / "hokensha_tiny-1.0.dist-info"
    info.mkdir()
    (site / "hokensha_tiny.py").write_text(PLUGIN, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hokensha-tiny\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[hokensha]\ntiny = hokensha_tiny:plugin\n")
    return site


@pytest.fixture(autouse=True)
def _tiny(_site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of other folders, in the same process, do not see the plugin."""
    monkeypatch.syspath_prepend(str(_site))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A folder with the tiny plugin's policy."""
    return Bench(tmp_path)


@pytest.fixture(scope="session")
def shared_bench(tmp_path_factory: pytest.TempPathFactory, _site: Path) -> Bench:
    """The same for tests that draw many rolls."""
    bench = Bench(tmp_path_factory.mktemp("shared"))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(_site))
        bench.once()  # imports the plugin now: see _everything_imported
    return bench


@pytest.fixture(autouse=True, scope="session")
def _everything_imported() -> None:
    """Hypothesis draws constants from imported modules: a lazy import must not change its draws."""
    for package in (hokensha, hokensha_roll):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not module.name.endswith(("__main__", ".conformance")):  # which the kit alone imports
                importlib.import_module(module.name)
