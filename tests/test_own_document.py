"""A document that nobody ships: a made-up plugin declares it, with its own dated facts, and uses no other.

Whatever asks a policy deals with it: many at once as each alone, reasons and what would change an answer, the
checks of a policy, the rules as a page, and the conformance kit.
"""

from __future__ import annotations

import importlib
import json
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from by_rules import by_the_rules
from click.testing import CliRunner
from each_and_all import of_all, of_each

from hokensha.engine import decide
from hokensha.facts import UNKNOWN, Member
from hokensha.policy import Rulebook, open_rulebook
from hokensha_cli.main import cli
from hokensha_conformance import FILE, Examination, Status, open_deviations, open_subject
from hokensha_roll import Engine, Request, carried, frame_of, run_roll
from hokensha_verify import check, explain

ON = date(2025, 6, 15)
DAY = timedelta(days=1)
PLUGIN = '''"""Visitors of a small place: who gets a pass, and when it has to come back."""

from hokensha import (
    DAY_ASKED,
    Action,
    At,
    Document,
    Fact,
    Label,
    Plugin,
    Situation,
    flag,
    known,
    reached,
    within,
)

PASS = Document(
    "visitor-pass",
    Label("来訪者証", "visitor pass"),
    issued_on="pass_issued_on",
    valid_until="pass_valid_until",
    returned_on="pass_returned_on",
    serves_alone=True,
)
ARRIVED = reached("arrived_on", "到着済み", "has arrived")
STAYS = within("scheme-last-day", "滞在中", "still here")
GUEST = flag("guest", "guest", "招待客", "guest")
WANTED = known("pass-wanted", "pass_wanted_on", "来訪者証を申請", "pass applied for")
LEFT = reached("left_on", "退去済み", "has left")


def _day(id_: str, ja: str, en: str, *, planned: bool = False) -> Fact:
    return Fact(id_, "day", Label(ja, en), nullable=True, planned=planned)


plugin = Plugin()
plugin.add(
    Fact("id", "text", Label("番号", "number")),
    Fact("arrived_on", "day", Label("到着日", "arrived on"), usual=(-30,)),
    _day("left_on", "退去日", "left on", planned=True),
    Fact("guest", "boolean", Label("招待客", "guest")),
    _day("pass_wanted_on", "申請日", "applied on"),
    _day("pass_issued_on", "交付日", "issued on"),
    _day("pass_valid_until", "有効期限", "valid until", planned=True),
    _day("pass_returned_on", "返却日", "returned on"),
    ARRIVED,
    STAYS,
    GUEST,
    WANTED,
    LEFT,
    PASS,
)
plugin.validity("pass-term", "有効期限", "term", document=PASS)
plugin.validity("pass-held", "所持する証の期限", "end of the one held", document=PASS, purpose="held")
plugin.latency("pass-shown", "反映", "shown", process="pass", counts_from="pass_issued_on")


@plugin.scheme("here", "滞在中", "here")
def here(s: Situation) -> bool:
    """From arrival to the last day."""
    return s[ARRIVED] and s[STAYS]


@plugin.ground("is-guest", "招待客", "is a guest", unusable=False)
def is_guest(s: Situation) -> bool:
    """Invited by the place."""
    return s[GUEST]


@plugin.trigger("for-guests", "招待客への交付", "for guests", document=PASS)
def for_guests(s: Situation) -> bool:
    """A guest has one without asking."""
    return s[is_guest]


@plugin.trigger("on-wish", "申請による交付", "on application", document=PASS, met_since="pass_wanted_on")
def on_wish(s: Situation) -> bool:
    """Everybody else asks for it."""
    return s[WANTED]


@plugin.remedy("ask", "来訪者証を申請", "ask for a pass", brings={"pass_wanted_on": DAY_ASKED})
def ask(s: Situation) -> bool:
    """Who is no guest has to ask first."""
    return not s[is_guest]


@plugin.presents("show-pass", "来訪者証を提示", "show the pass", at=tuple(At), shows=(PASS,))
def show_pass(s: Situation) -> bool:
    """It serves while it is valid."""
    return s[PASS.valid]


@plugin.return_("pass-back", "退去時の返却", "back on leaving", document=PASS, action=Action.RETURN)
def pass_back(s: Situation) -> bool:
    """Who leaves gives it back."""
    return s[LEFT]


@plugin.return_("pass-away", "期限後の廃棄", "away when over", document=PASS, action=Action.DESTROY)
def pass_away(s: Situation) -> bool:
    """One that is over is thrown away."""
    return s[PASS.expired]
'''
POLICY = """schema = "hokensha/policy/1"
published = 2025-04-01
plugins = ["visitors"]

[insurer]
name = "来訪者の家"
name_en = "House of Visitors"

[[sources]]
id = "v"
title = "来訪者のご案内"
publisher = "来訪者の家"

[sources.locators]
v-1 = "滞在"
v-2 = "来訪者証"
v-3 = "返却"

[figures.scheme-last-day]
of = "left_on"
modality = "exact"
rule = [{ days = -1 }]
cites = ["v-1"]

[figures.thirty-days]
modality = "exact"
rule = [{ days = 30 }]
cites = ["v-2"]

[figures.printed]
of = "pass_valid_until"
modality = "exact"
cites = ["v-2"]

[figures.next-day]
modality = "exact"
rule = [{ days = 1 }]
cites = ["v-2"]

[rules]
here = { cites = ["v-1"] }
is-guest = { cites = ["v-2"], claim = "ex-officio" }
for-guests = { cites = ["v-2"], basis = "ex-officio" }
on-wish = { cites = ["v-2"], basis = "application" }
ask = { cites = ["v-2"] }
pass-term = { cites = ["v-2"], figure = "thirty-days" }
pass-held = { cites = ["v-2"], figure = "printed" }
pass-shown = { cites = ["v-2"], figure = "next-day" }
show-pass = { cites = ["v-2"] }
pass-back = { cites = ["v-3"] }
pass-away = { cites = ["v-3"] }
"""
CASES = """policy = "../policy.toml"

[base]
arrived_on = 2025-06-01
guest = false
none = ["left_on", "pass_wanted_on", "pass_issued_on", "pass_valid_until", "pass_returned_on"]

[[case]]
id = "guest"
says = "A guest gets a pass."
cites = ["v-1", "v-2"]
on = 2025-06-15
facts = { guest = true }
decide = { grounds = [{ id = "is-guest" }], issuances = [{ document = "visitor-pass" }] }

[[case]]
id = "before"
says = "Nobody gets one before arrival."
cites = ["v-1"]
on = 2025-05-31
facts = { guest = true }
decide = { issuances = [] }

[[case]]
id = "wanted"
says = "Others ask for it."
cites = ["v-2"]
on = 2025-06-15
facts = { pass_wanted_on = 2025-06-14 }
decide = { issuances = [{ trigger = "on-wish" }] }

[[case]]
id = "to-ask"
says = "Who has not asked has to ask."
cites = ["v-2"]
on = 2025-06-15
advise = { expect = { remedies = ["ask"] } }

[[case]]
id = "shows"
says = "A pass serves everywhere."
cites = ["v-2"]
on = 2025-06-15
facts = { pass_issued_on = 2025-06-01, pass_valid_until = 2025-06-30 }
present = { at = "equipped", expect = { accepted = [["visitor-pass"]] } }

[[case]]
id = "back"
says = "Who leaves gives it back."
cites = ["v-1", "v-3"]
on = 2025-06-15
facts = { left_on = 2025-06-15, pass_issued_on = 2025-06-01, pass_valid_until = 2025-06-30 }
decide = { issuances = [], returns = [{ document = "visitor-pass", action = "return" }] }

[[case]]
id = "away"
says = "One that is over is thrown away."
cites = ["v-3"]
on = 2025-07-15
facts = { pass_issued_on = 2025-06-01, pass_valid_until = 2025-06-30 }
decide = { returns = [{ action = "destroy" }], documents = [{ document = "visitor-pass", valid = false }] }

[[case]]
id = "kept"
says = "Else it is kept."
cites = ["v-3"]
on = 2025-06-15
facts = { pass_issued_on = 2025-06-01, pass_valid_until = 2025-06-30 }
decide = { returns = [] }

[[case]]
id = "term"
says = "It is valid for thirty days."
cites = ["v-2"]
validity = { document = "visitor-pass", issued = 2025-06-01, expect = { date = 2025-07-01 } }

[[case]]
id = "shown"
says = "It shows the day after."
cites = ["v-2"]
reflect = { process = "pass", from = 2025-06-01, expect = { date = 2025-06-02 } }
"""
DECLARED = """plugin = "visitors"
claims = [
    "features",
    "eligibility",
    "document_validity",
    "issuance_triggers",
    "reflection_latency",
    "presentation",
    "returns",
]
"""
VISITOR: dict[str, Any] = {
    "id": "m",
    "arrived_on": ON - 14 * DAY,
    "guest": False,
    **dict.fromkeys(("left_on", "pass_wanted_on", "pass_issued_on", "pass_valid_until", "pass_returned_on")),
}
HOLDER = {**VISITOR, "pass_issued_on": ON - 14 * DAY, "pass_valid_until": ON + 15 * DAY}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The plugin's project, with its policy and cases; it is installed."""
    info = tmp_path / "hokensha_visitors-1.0.dist-info"
    (tmp_path / "cases").mkdir()
    info.mkdir()
    (tmp_path / "hokensha_visitors.py").write_text(PLUGIN, encoding="utf-8")
    (tmp_path / "policy.toml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "cases" / "visitors.toml").write_text(CASES, encoding="utf-8")
    (tmp_path / FILE).write_text(DECLARED, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hokensha-visitors\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[hokensha]\nvisitors = hokensha_visitors:plugin\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    yield tmp_path
    sys.modules.pop("hokensha_visitors", None)


@pytest.fixture
def rulebook(project: Path) -> Rulebook:
    return open_rulebook(str(project / "policy.toml"))


def member(**facts: Any) -> Member:
    return Member("m", {fact: value for fact, value in {**VISITOR, **facts}.items() if value is not UNKNOWN})


def visitors(count: int) -> list[Member]:
    """Made up by chance: days near to those that matter, none, and some facts not known."""
    draw = random.Random(5)
    days = [None, *(ON + n * DAY for n in (-40, -14, -1, 0, 1, 15, 40))]
    made = []
    for number in range(count):
        facts = {fact: draw.choice(days) for fact in VISITOR if fact.endswith(("_on", "_until"))}
        facts |= {"arrived_on": facts["arrived_on"] or ON, "guest": draw.random() < 0.4, "id": f"m{number}"}
        known = {fact: value for fact, value in facts.items() if fact == "id" or draw.random() > 0.08}
        made.append(Member(f"m{number}", known))
    return made


# --- columns


def test_many_at_once_are_decided_as_each_alone(rulebook):
    members = visitors(2000)
    said = of_all(Engine(rulebook, ON), members)
    assert list(of_each(rulebook, members, ON)) == said
    alone = [by_the_rules(rulebook, each, ON) for each in members]
    assert 100 < sum(bool(each.issuances) for each in alone) < 1900
    assert {"return", "destroy"} == {due.action.value for each in alone for due in each.returns if due.action}
    assert 100 < sum(bool(each.missing) for each in alone)


def test_once_it_is_issued_it_is_owed_no_more(rulebook):
    """Carried out, its own facts change."""
    engine = Engine(rulebook, ON)
    frame = frame_of(visitors(300), engine.wanted, rulebook.catalogue)
    first = engine.decide(frame, frame["id"]).issuances
    assert len(first.rows)
    assert [] == [*engine.decide(carried(frame, first, ON), frame["id"]).issuances.rows]


def test_a_run_lists_it(rulebook, tmp_path):
    roll = tmp_path / "roll.csv"
    rows = [{**VISITOR, "id": "1", "guest": "true"}, {**HOLDER, "id": "2", "guest": "false", "left_on": ON}]
    lines = [",".join("" if row[fact] is None else str(row[fact]) for fact in VISITOR) for row in rows]
    roll.write_text("\n".join([",".join(VISITOR), *lines, ""]), encoding="utf-8")
    summary = run_roll(rulebook, Request(roll, tmp_path / "out", on=ON))
    assert {"visitor-pass": {"for-guests": 1}} == summary.to_json()["issuances"]
    issued = (tmp_path / "out" / "issuances.csv").read_text(encoding="utf-8").splitlines()
    back = (tmp_path / "out" / "returns.csv").read_text(encoding="utf-8").splitlines()
    assert ["1,visitor-pass,for-guests"] == [line[: len("1,visitor-pass,for-guests")] for line in issued[1:]]
    assert ["2,visitor-pass,return"] == [line[: len("2,visitor-pass,return")] for line in back[1:]]


# --- reasons and checks


def test_what_was_read_of_it_is_explained(rulebook):
    reasons = {each.rule: each for each in explain(rulebook, member(**{**HOLDER, "guest": True}), ON)}
    assert {"is-guest", "for-guests", "on-wish", "pass-back", "pass-away"} == set(reasons)
    guests = reasons["for-guests"]
    assert guests.fired is False
    read = [(seen.feature, seen.label.en, seen.value) for seen in guests.read]
    assert [
        ("in-scheme", "in the scheme", True),
        ("rule:is-guest", "is a guest", True),
        ("valid-visitor-pass", "holds a valid visitor pass", True),
    ] == read


def test_the_smallest_change_is_one_of_its_own_facts(rulebook):
    """Confirmed by deciding again."""
    for facts, rule in (
        ({**HOLDER, "guest": True}, "for-guests"),
        (HOLDER, "pass-away"),
        (HOLDER, "pass-back"),
    ):
        before = member(**facts)
        (reason,) = [each for each in explain(rulebook, before, ON) if each.rule == rule]
        assert reason.change
        after = decide(rulebook, Member("m", {**before.facts, **reason.change}), ON)
        assert 1 == len(reason.change)
        found = [issuance.trigger for issuance in after.issuances]
        found += [due.action.value for due in after.returns if due.action]
        assert {"for-guests": "for-guests", "pass-away": "destroy", "pass-back": "return"}[rule] in found


def test_what_is_not_known_of_it_leaves_a_rule_open(rulebook):
    unknown = member(guest=True, pass_issued_on=UNKNOWN)
    fired = {each.rule: each.fired for each in explain(rulebook, unknown, ON)}
    assert (None, True) == (fired["for-guests"], fired["is-guest"])


def test_the_policy_passes_its_checks(project):
    report = check(str(project / "policy.toml"))
    assert () == report.errors
    assert () == report.warnings


def test_who_falls_through_is_shown_where_no_remedy_tells(project):
    """With a visitor as witness, whose facts are the plugin's."""
    path = project / "policy.toml"
    text = POLICY.replace('ask = { cites = ["v-2"] }\n', "") + '\n[declined]\nask = "nobody says so"\n'
    path.write_text(text, encoding="utf-8")
    warnings = check(str(path)).warnings
    assert ["falls-through"] == [found.code for found in warnings]
    assert warnings[0].message.endswith("for members with no ground: on 2025-04-01, an ordinary member")


# --- the command


def command(*arguments: object) -> str:
    result = CliRunner().invoke(cli, ["--lang", "en", *map(str, arguments)])
    assert 0 == result.exit_code, result.stderr
    return result.stdout


@pytest.fixture
def asked(project: Path) -> tuple[Path, Path]:
    """The policy, and a guest who holds a pass that is over."""
    path = project / "member.json"
    facts = {**HOLDER, "guest": True, "pass_valid_until": ON - DAY}
    raw = {fact: str(value) if isinstance(value, date) else value for fact, value in facts.items()}
    path.write_text(json.dumps(raw), encoding="utf-8")
    return project / "policy.toml", path


def test_the_command_decides_it(asked):
    policy, member = asked
    found = json.loads(command("decide", policy, member, "--on", ON, "--json", "--why"))
    assert ["visitor-pass"] == [each["document"] for each in found["issuances"]]
    assert "destroy" == found["returns"][0]["action"]
    said = command("decide", policy, member, "--on", ON)
    assert "visitor pass" in said
    assert "My Number" not in said


def test_the_command_answers_of_it(asked):
    policy, member = asked
    until = json.loads(command("validity", policy, "visitor-pass", "--issued", ON, "--json"))
    assert "2025-07-15" == until["date"]
    shown = json.loads(command("present", policy, member, "--on", ON, "--at", "equipped", "--json"))
    assert [] == shown["accepted"]


def test_the_rules_are_a_page(asked):
    policy, _ = asked
    assert "visitor pass" in command("rules", policy, "--lang", "en")
    assert "来訪者証" in command("rules", policy, "--lang", "ja")


# --- the kit


def test_the_conformance_kit_finds_nothing(project):
    examination = Examination(open_subject(project / FILE), open_deviations(project, None))
    outcomes = {task.name: examination.perform(task) for task in examination.tasks()}
    wrong = {name: each.findings for name, each in outcomes.items() if each.status is Status.FAILED}
    assert {} == wrong
    assert Status.PASSED in {each.status for each in outcomes.values()}
    assert Status.NOT_RUN not in {each.status for each in outcomes.values()}
