"""Whatever is handed in, there is a decision or a clear error, never a traceback."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hokensha.engine import decided
from hokensha.errors import HokenshaError
from hokensha.facts import Member, parse_member
from hokensha.policy import open_rulebook
from hokensha_cli.main import cli

EXAMPLES = Path(__file__).parent.parent / "examples"
POLICIES = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.glob("*/policy*.toml"))
TEXTS = {policy: (EXAMPLES / policy).read_text(encoding="utf-8") for policy in POLICIES}
MEMBERS = {
    policy: json.loads((EXAMPLES / policy).with_name("members.json").read_text(encoding="utf-8"))
    for policy in POLICIES
}
MANY = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SCALARS = st.sampled_from(
    [
        *(
            "true",
            "false",
            "0",
            "-1",
            "31",
            "1e400",
            '""',
            '"none"',
            '"no such thing"',
            "[]",
            "{}",
            "2025-02-28",
        ),
        *("1000-01-01", "9999-12-31", '"12-01"', '"02-30"', '"law"', "[[]]", '["not-stated"]', '"between"'),
    ]
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=12),
    st.dates().map(str),
    st.sampled_from(
        ["held", "none", "registered", "2025-02-29", "2025-W01-1", "123456789018", "1234 5678 9018"]
    ),
    st.lists(st.booleans(), max_size=2),
)


def mutated(data, text):
    """A policy's text with a few of its lines changed, dropped or repeated."""
    lines = text.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        index = data.draw(st.integers(0, len(lines) - 1))
        kind = data.draw(st.sampled_from(["value", "drop", "repeat", "key"]))
        if kind == "value":
            lines[index] = re.sub(r"=.*", lambda _: f"= {data.draw(SCALARS)}", lines[index], count=1)
        elif kind == "drop":
            del lines[index]
        elif kind == "repeat":
            lines.insert(data.draw(st.integers(0, len(lines) - 1)), lines[index])
        else:
            lines[index] = lines[index].replace("=", "x =", 1)
    return "\n".join(lines) + "\n"


@settings(MANY, max_examples=500)
@given(data=st.data())
def test_a_mutated_policy_decides_or_is_refused(tmp_path, data):
    policy = data.draw(st.sampled_from(POLICIES))
    path = tmp_path / "policy.toml"
    path.write_text(mutated(data, TEXTS[policy]), encoding="utf-8")
    on = data.draw(st.dates(date(2024, 9, 1), date(2027, 12, 31)))
    findings, decision = (), None
    try:
        rulebook = open_rulebook(str(path))
        decision = decided(rulebook, parse_member(MEMBERS[policy][0], rulebook.catalogue), on)
    except HokenshaError as error:
        findings = error.findings
    if decision is None:
        assert findings
        assert all(finding.message and finding.code for finding in findings)
    else:
        assert decision.status in {"decided", "undetermined"}


@settings(MANY, max_examples=900)
@given(data=st.data())
def test_a_mutated_member_is_decided_or_refused_on_one_line_a_finding(tmp_path, data):
    policy = data.draw(st.sampled_from(POLICIES))
    member = dict(data.draw(st.sampled_from(MEMBERS[policy])))
    for _ in range(data.draw(st.integers(1, 4))):
        key = data.draw(st.sampled_from([*member, "nosuch"]))
        if data.draw(st.booleans()):
            member[key] = data.draw(VALUES)
        elif len(member) > 1:
            member.pop(key, None)
    path = tmp_path / "member.json"
    path.write_text(json.dumps(member), encoding="utf-8")
    on = data.draw(st.dates(date(2024, 9, 1), date(2027, 12, 31))).isoformat()
    result = CliRunner().invoke(cli, ["decide", str(EXAMPLES / policy), str(path), "--on", on, "--json"])
    assert result.exit_code in {0, 1}
    if result.exit_code:
        assert result.stdout == ""
        assert re.sub(r"[^0-9]", "", result.stderr).find("123456789018") < 0
        assert all(line.strip() for line in result.stderr.splitlines())
    else:
        assert json.loads(result.stdout)["status"] in {"decided", "undetermined"}
    assert "Traceback" not in result.stderr


@settings(MANY, max_examples=600)
@given(data=st.data())
def test_a_member_of_any_facts_is_decided(data):
    """Facts of the right types in any combination, however strange, on any day."""
    rulebook = opened(data.draw(st.sampled_from(POLICIES)))
    facts = {}
    for fact in rulebook.catalogue.facts.values():
        values = {
            "day": st.dates(date(1900, 1, 1), date(2100, 12, 31)),
            "boolean": st.booleans(),
            "code": st.sampled_from(fact.values or ("",)),
            "text": st.just("x"),
        }[fact.kind]
        if data.draw(st.integers(0, 9)):
            facts[fact.id] = data.draw(st.one_of(st.none(), values) if fact.nullable else values)
    on = data.draw(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
    decision = decided(rulebook, Member("x", {**facts, "id": "x"}), on)
    assert json.loads(json.dumps(decision.to_json("en")))["on"] == on.isoformat()
    assert len({issuance.document for issuance in decision.issuances}) == len(decision.issuances)
    assert len({item.document for item in decision.returns}) == len(decision.returns)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LANG", "C.UTF-8")


OPENED = {}


def opened(policy):
    if policy not in OPENED:
        OPENED[policy] = open_rulebook(str(EXAMPLES / policy))
    return OPENED[policy]
