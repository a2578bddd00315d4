"""What plugins and policies say of their facts that cannot stand together is refused, whoever is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from databases import in_duckdb
from tiny import FACTS, PLUGIN, POLICY, ROW, Bench

from hokensha.engine import advice, decide, present, reason, validity
from hokensha.errors import MemberError
from hokensha.facts import Member, parse_member
from hokensha.policy import Rulebook, open_rulebook
from hokensha.rules import At
from hokensha_roll import Ahead, Request, forecast_roll, run_roll
from hokensha_roll.keys.sql import key_columns
from hokensha_standard import CERTIFICATE

ON = date(2026, 11, 21)
DECLARED = """
from hokensha.facts import Before, Fact, Required, Without
from hokensha.text import Label

X = Label("あ", "a")
plugin.add(
    Fact("stay_status", "code", X, values=("limited", "permanent"), nullable=True),
    Fact("stay_until", "day", X, nullable=True, planned=True),
    Fact("arrived_on", "day", X, nullable=True),
    Fact("sponsor", "text", X, nullable=True),
)
plugin.refuses("no-end", "あ", "a", form=Required("stay_until", {"stay_status": "limited"}))
plugin.refuses("ended-early", "あ", "a", form=Before("stay_until", "arrived_on"))
plugin.refuses("never-came", "あ", "a", form=Without("sponsor", "arrived_on"))
"""
OWN = """
[facts.permit]
kind = "text"
ja = "許可番号"
en = "permit"
nullable = true
required_when = { stay_status = "permanent" }
"""
STAY = {
    "stay_status": "limited",
    "stay_until": "2027-03-31",
    "arrived_on": "2020-04-01",
    "sponsor": "A",
    "permit": "",
}
REFUSED = {
    "no-end": {"stay_until": ""},
    "ended-early": {"stay_until": "2020-03-31"},
    "never-came": {"arrived_on": "", "stay_until": "2027-03-31"},
    "permit-required": {"stay_status": "permanent"},
}


@pytest.fixture
def rulebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rulebook:
    """The tiny policy, of a plugin that declares facts besides."""
    info = tmp_path / "site" / "hokensha_staying-1.0.dist-info"
    info.mkdir(parents=True)
    (info.parent / "hokensha_staying.py").write_text(PLUGIN + DECLARED, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hokensha-staying\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[hokensha]\nstaying = hokensha_staying:plugin\n")
    monkeypatch.syspath_prepend(str(info.parent))
    path = tmp_path / "policy.toml"
    path.write_text(POLICY.replace('"tiny"', '"staying"') + OWN, encoding="utf-8")
    return open_rulebook(str(path))


def cells(**changed: str) -> dict[str, str]:
    return {**dict(zip(FACTS, ROW, strict=True)), **STAY, **changed}


def member(rulebook: Rulebook, **changed: str) -> Member:
    given = cells(**changed)
    return parse_member({fact: cell or None for fact, cell in given.items()}, rulebook.catalogue)


def said(rulebook: Rulebook, name: str) -> str:
    (found,) = (each for each in rulebook.contradictions if each.id == name)
    return reason(found, rulebook.catalogue)


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda rulebook, one: decide(rulebook, one, ON), id="decide"),
        pytest.param(lambda rulebook, one: present(rulebook, one, ON, At.EQUIPPED), id="present"),
        pytest.param(lambda rulebook, one: advice(rulebook, one, ON), id="advice"),
        pytest.param(lambda rulebook, one: validity(rulebook, CERTIFICATE, ON, member=one), id="validity"),
    ],
)
def test_of_one_member(rulebook: Rulebook, ask: Callable[[Rulebook, Member], Any], name: str) -> None:
    assert ask(rulebook, member(rulebook))
    with pytest.raises(MemberError) as error:
        ask(rulebook, member(rulebook, **REFUSED[name]))
    assert [said(rulebook, name)] == [finding.message for finding in error.value.findings]


def test_of_a_roll(rulebook: Rulebook, bench: Bench) -> None:
    """By a run, and by a forecast of the months to come."""
    rows = [cells(), *(cells(id=name, **changed) for name, changed in REFUSED.items())]
    roll = bench.csv([[*row.values()] for row in rows], [*cells()])
    summary = run_roll(rulebook, Request(roll, bench.folder / "out", on=ON))
    assert (1, len(REFUSED)) == (summary.decided, summary.rejected)
    assert [said(rulebook, name) for name in REFUSED] == [each["reason"] for each in bench.table("rejected")]
    found = forecast_roll(rulebook, Ahead(roll, date(2026, 12, 1), date(2027, 1, 31)))
    assert (len(rows), len(REFUSED)) == (found.members, found.rejected)


def test_of_a_table(rulebook: Rulebook) -> None:
    headers = [header for header in cells() if header != "id"]
    kinds = ", ".join(
        f"{header} {'DATE' if rulebook.catalogue[header].kind == 'day' else 'TEXT'}" for header in headers
    )
    words = ", ".join(key_columns(rulebook, ON, headers, "duckdb").values())
    with in_duckdb() as database:
        database.run(f"CREATE TABLE members ({kinds})")
        rows = [cells(), *(cells(**changed) for changed in REFUSED.values())]
        database.fill("members", [[row[header] or None for header in headers] for row in rows])
        found = [None not in words for words in database.rows(f"SELECT {words} FROM members")]
    assert [True, *[False] * len(REFUSED)] == found
