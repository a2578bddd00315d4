"""A plugin that exists for these tests only, a policy for it, and the command line to ask it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from hokensha_cli.main import cli

PLUGIN = """
from hokensha import Action, At, Plugin, derived
from hokensha.rules import AUTOMATIC_GROUND
from hokensha_standard import (
    CARD, CERTIFICATE, LEFT, MY_NUMBER_CARD, PORTAL_SCREEN, SCHEME, Card, card_lost,
    electronic_certificate_expired, no_card, standard,
)

plugin = Plugin()
plugin.use(standard, *SCHEME, no_card, card_lost, electronic_certificate_expired)

@derived("card-in-hand", "カードが手元にある", "the card is at hand")
def CARD_IN_HAND(s):
    return s[CARD] is Card.HELD or s[CARD] is Card.RENEWING

plugin.add(CARD_IN_HAND)

@plugin.trigger("certificate", "資格確認書の交付", "a certificate falls due", document=CERTIFICATE)
def certificate(s):
    return s[AUTOMATIC_GROUND]

plugin.validity("certificate-term", "通常の有効期限", "the usual term", document=CERTIFICATE)
plugin.validity(
    "certificate-short", "短期の有効期限", "a short term", document=CERTIFICATE, purpose="short-term"
)
plugin.latency(
    "enrolment", "加入からの反映", "from joining", process="enrolment", counts_from="enrolment_received_on"
)

@plugin.presents("show-certificate", "資格確認書", "the certificate", at=tuple(At), shows=(CERTIFICATE,))
def show_certificate(s):
    return s[CERTIFICATE.valid]

@plugin.presents(
    "show-card", "カードと画面", "card and screen", at=(At.UNEQUIPPED,),
    shows=(MY_NUMBER_CARD, PORTAL_SCREEN), uncertain=True,
)
def show_card(s):
    return s[CARD_IN_HAND]

@plugin.return_(
    "certificate-on-loss", "資格喪失時の返却", "return on loss", document=CERTIFICATE, action=Action.RETURN
)
def certificate_on_loss(s):
    return s[LEFT]
"""

POLICY = """
schema = "hokensha/policy/1"
published = 2025-01-01
plugins = ["fake"]

[insurer]
name = "試験保険組合"
name_en = "Test Society"

[[sources]]
id = "000"
title = "よくある質問"
publisher = "試験保険組合"
[sources.locators]
000-01 = "問1"
000-02 = "問2"
000-03 = "問3"
000-04 = "問4"
000-05 = "問5"
000-06 = "問6"
000-07 = "問7"

[[sources]]
id = "law"
title = "法律"
publisher = "国"
[sources.locators]
law = "第1条"

[rules]
enrolled = { cites = ["law"] }
not-over = { cites = ["law"] }
no-card = { cites = ["000-01"], claim = "ex-officio" }
card-lost = { cites = ["000-01"], claim = "application" }
electronic-certificate-expired = { cites = ["000-01"], claim = "unstated" }
certificate = { cites = ["000-01"], basis = "ex-officio", medium = "paper-card", channel = "direct" }
certificate-term = { cites = ["000-02"], figure = "term" }
certificate-short = { cites = ["000-03"], figure = "short-term" }
enrolment = { cites = ["000-04"], figure = "enrolment" }
show-certificate = { cites = ["000-05"], since = 2025-12-02 }
show-card = { cites = ["000-06"] }
certificate-on-loss = { cites = ["000-07"] }

[figures.term]
modality = "exact"
rule = [{ years = 4 }, { next = "12-01" }]
reading = { ja = "最初の12月1日", en = "first 1 December" }
cites = ["000-02"]
[[figures.term.other_readings]]
reading = { ja = "1年長い", en = "one year more" }
rule = [{ years = 5 }, { next = "12-01" }]

[figures.short-term]
modality = "not-stated"
cites = ["000-03"]

[figures.enrolment]
modality = "about"
rule = [{ business_days = 3 }]
cites = ["000-04"]

[figures.scheme-last-day]
of = "left_on"
modality = "exact"
rule = [{ days = -1 }]
cites = ["law"]

[figures.electronic-certificate-last-day]
of = "electronic_certificate_expires_on"
modality = "at-most"
rule = [{ months = 3 }]
planned = true
cites = ["000-01"]

[figures.my-number-card-last-day]
of = "my_number_card_expires_on"
modality = "exact"
cites = ["000-01"]

[figures.my-number-insurance-card-last-day]
earliest = ["electronic-certificate-last-day", "my-number-card-last-day"]

[figures.health-insurance-card-last-day]
of = "health_insurance_card_valid_until"
modality = "exact"
cites = ["000-01"]

[[information]]
ja = "電話は平日のみ。"
en = "Telephone on weekdays only."
cites = ["000-07"]
since = 2025-01-01
"""

MEMBER = {
    "id": "A-1",
    "birth_date": "1980-05-05",
    "relation": "insured",
    "enrolled_on": "2020-04-01",
    "left_on": None,
    "my_number_card": "held",
    "my_number_card_expires_on": "2030-05-05",
    "electronic_certificate_expires_on": "2026-05-05",
    "insurance_use": "registered",
    "health_insurance_card_valid_until": None,
    "eligibility_certificate_issued_on": None,
    "eligibility_certificate_valid_until": None,
    "eligibility_certificate_returned_on": None,
    "eligibility_notice_issued_on": None,
}
NO_CARD = {**MEMBER, "id": "A-2", "my_number_card": "none"}


def install(folder: Path, name: str, group: str, entries: dict[str, str]) -> None:
    """Write what a packager would have: a distribution's metadata with its entry points."""
    info = folder / f"{name}-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n", "utf-8")
    lines = [f"[{group}]", *(f"{key} = {value}" for key, value in entries.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", "utf-8")


class Place:
    """A folder with a plugin that is installed, a policy and members; and the command line in it.

    ``MEMBER`` has a card that stops working after 2026-08-05; ``NO_CARD`` has none.
    """

    POLICY, MEMBER, NO_CARD = POLICY, MEMBER, NO_CARD

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = folder / "site"
        self.policy = self.write("policy.toml", POLICY)

    def install(self, name, group, entries):
        install(self.site, name, group, entries)

    def write(self, name: str, content: object) -> str:
        path = self.folder / name
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        path.write_text(textwrap.dedent(text), "utf-8")
        return str(path)

    def run(self, *arguments, stdin=None):
        """In this process, English unless asked otherwise."""
        return CliRunner().invoke(cli, [*map(str, arguments)], input=stdin, env={"LC_ALL": "C", "LANG": ""})

    def spawn(self, *arguments, stdin=None, **variables):
        """As a process of its own."""
        path = os.pathsep.join([str(self.site), *sys.path])
        code = "from hokensha_cli.main import main; main()"
        return subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": path, "LC_ALL": "C.UTF-8", **variables},
            timeout=120,
            check=False,
        )


@pytest.fixture
def place(tmp_path, monkeypatch):
    made = Place(tmp_path)
    package = made.site / "fake_insurer"
    (package / "presets").mkdir(parents=True)
    (package / "__init__.py").write_text(PLUGIN, "utf-8")
    (package / "presets" / "small.toml").write_text("# a small policy\nname = '小'\n", "utf-8")
    (package / "presets" / "large.toml").write_text("# a large policy\n", "utf-8")
    install(made.site, "fake-insurer", "hokensha", {"fake": "fake_insurer:plugin"})
    monkeypatch.syspath_prepend(made.site)
    yield made
    for name in [name for name in sys.modules if name.split(".")[0] == "fake_insurer"]:
        del sys.modules[name]
