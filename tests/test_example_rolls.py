"""The example rolls and members: made anew byte for byte, consistent, and decided as their stories say."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tiny import CATALOGUE

from hokensha.engine import decide
from hokensha.facts import UNKNOWN, Member, insurer_number_problem, parse_member
from hokensha.policy import load_policy, open_rulebook
from hokensha_roll import Request, fit, roll_of, run_roll
from hokensha_sample_roll import Wanted, make_roll

EXAMPLES = Path(__file__).parent.parent / "examples"
AS_OF, ON = date(2026, 10, 31), date(2026, 11, 21)
INSURERS = {
    "school-mutual-aid": "34",
    "mext-mutual-aid": "31",
    "tokyo-mutual-aid": "32",
    "warehouse-health-society": "06",
    "kumamoto-late-elderly": "39",
}
"""Each insurer, and how its number begins (法別番号)."""

CERTIFICATE, NOTICE = "eligibility-certificate", "eligibility-notice"
STORIES: dict[str, tuple[date, dict[str, tuple[bool, dict[str, str | None], dict[str, str]]]]] = {
    "school-mutual-aid": (
        date(2025, 4, 25),
        {
            "aoki-new-teacher": (True, {CERTIFICATE: "2025-07-25"}, {}),
            "ueda-keeps-old-card": (False, {}, {}),
            "ono-lost-card": (False, {CERTIFICATE: "2025-07-25"}, {}),
            "kato-deregistering": (True, {CERTIFICATE: None}, {CERTIFICATE: "destroy"}),
            "kubo-in-grace": (True, {}, {}),
        },
    ),
    "mext-mutual-aid": (
        date(2026, 11, 21),
        {
            "sato-working-card": (True, {NOTICE: None}, {}),
            "shima-no-card": (False, {CERTIFICATE: "2030-12-01"}, {}),
            "suda-expired-yesterday": (False, {CERTIFICATE: "2030-12-01"}, {}),
            "seki-lost-certificate": (False, {CERTIFICATE: "2030-12-01"}, {}),
            "sone-deregistering": (True, {}, {}),
        },
    ),
    "tokyo-mutual-aid": (
        date(2026, 10, 15),
        {
            "tada-expired-in-july": (True, {CERTIFICATE: None}, {}),
            "tani-returned-card": (False, {}, {}),
            "toda-newborn": (False, {CERTIFICATE: None, NOTICE: None}, {}),
            "nagai-continuation": (False, {}, {}),
            "nishi-left-in-time": (
                False,
                {},
                {CERTIFICATE: "return", NOTICE: "keep", "health-insurance-card": "return"},
            ),
        },
    ),
    "warehouse-health-society": (
        date(2025, 11, 10),
        {
            "hara-no-card": (False, {CERTIFICATE: "2026-11-10"}, {}),
            "hino-deregistering": (True, {CERTIFICATE: "2026-11-10"}, {}),
            "fuji-no-tick": (False, {}, {}),
            "hosoi-filed-on-saturday": (True, {}, {}),
            "maki-lost-card": (False, {CERTIFICATE: "2026-11-10"}, {}),
        },
    ),
    "kumamoto-late-elderly": (
        date(2025, 7, 15),
        {
            "mori-no-card": (False, {CERTIFICATE: "2026-07-31"}, {}),
            "yano-working-card": (True, {NOTICE: None}, {}),
            "yuki-just-75": (True, {CERTIFICATE: "2025-07-31"}, {}),
            "yone-returned-card": (False, {CERTIFICATE: "2026-07-31"}, {}),
            "wada-protected": (True, {CERTIFICATE: "2026-07-31"}, {}),
        },
    ),
}
"""For each member: whether the card works, the documents owed with their last day, what comes back."""

each_insurer = pytest.mark.parametrize("insurer", INSURERS)


def members_of(insurer: str) -> list[Member]:
    """The members of an example roll, each cell read as the policy says."""
    rulebook = open_rulebook(str(EXAMPLES / insurer / "policy.toml"))
    mapping = roll_of(rulebook.policy)
    text = (EXAMPLES / insurer / "roll.csv").read_text(encoding=mapping.encoding)
    headers, *rows = csv.reader(text.splitlines())
    readers = fit(headers, ["text"] * len(headers), mapping, rulebook.catalogue, insurer).readers
    facts = [{reader.fact.id: reader.read(row[reader.index]) for reader in readers} for row in rows]
    return [Member(str(each["id"]), {f: v for f, v in each.items() if v is not UNKNOWN}) for each in facts]


@pytest.mark.parametrize("policy", sorted(EXAMPLES.glob("*/policy*.toml")), ids=lambda path: path.parent.name)
def test_a_policy_that_says_roll_alone_maps_the_same_columns(policy: Path, tmp_path: Path):
    """As policies had it, before ``[tool]`` was for what other distributions read."""
    text = policy.read_text(encoding="utf-8")
    assert "\n[tool.roll]\n" in text
    (tmp_path / "policy.toml").write_text(text.replace("[tool.roll", "[roll"), encoding="utf-8")
    mapping = roll_of(load_policy(policy))
    assert len(mapping.columns) > 25
    assert roll_of(load_policy(tmp_path / "policy.toml")) == mapping


@each_insurer
def test_rolls_are_made_anew_byte_for_byte(insurer: str, tmp_path: Path):
    """On every Python and every numpy; write them anew when a policy or what is made up changes."""
    rulebook = open_rulebook(str(EXAMPLES / insurer / "policy.toml"))
    make_roll(rulebook, Wanted(tmp_path / "roll.csv", 1000, 2026, AS_OF))
    assert (tmp_path / "roll.csv").read_bytes() == (EXAMPLES / insurer / "roll.csv").read_bytes()


@each_insurer
def test_rolls_of_many_members_run_without_a_rejected_row(insurer: str, tmp_path: Path):
    for path in sorted((EXAMPLES / insurer).glob("policy*.toml")):
        rulebook = open_rulebook(str(path))
        make_roll(rulebook, Wanted(tmp_path / "roll.parquet", 5000, 1, AS_OF, unknown=0))
        summary = run_roll(rulebook, Request(tmp_path / "roll.parquet", tmp_path / "out", ON))
        assert (summary.decided, summary.rejected) == (5000, 0)
        assert 0.01 < sum(summary.issuances.values()) / 5000 < 0.15


@each_insurer
def test_rolls_run_without_a_rejected_row(insurer: str, tmp_path: Path):
    rulebook = open_rulebook(str(EXAMPLES / insurer / "policy.toml"))
    summary = run_roll(rulebook, Request(EXAMPLES / insurer / "roll.csv", tmp_path / "out", ON))
    assert (summary.read, summary.rejected) == (1000, 0)
    assert 5 <= summary.undetermined <= 50
    assert {document for document, _ in summary.issuances} >= {CERTIFICATE}
    assert sum(summary.issuances.values()) < 250


@each_insurer
def test_a_run_says_of_each_member_what_decide_says(insurer: str, tmp_path: Path):
    rulebook = open_rulebook(str(EXAMPLES / insurer / "policy.toml"))
    run_roll(rulebook, Request(EXAMPLES / insurer / "roll.csv", tmp_path / "out", ON))

    def written(name: str) -> list[tuple[str, ...]]:
        with (tmp_path / "out" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return [tuple(row) for row in csv.reader(file)][1:]

    decisions = [decide(rulebook, member, ON).to_json() for member in members_of(insurer)]
    assert written("undetermined") == [
        (d["member"], " ".join(d["missing"])) for d in decisions if d["status"] == "undetermined"
    ]
    assert [row[:7] + row[8:] for row in written("issuances")] == [
        (
            *(d["member"], i["document"], i["trigger"] or "", i["basis"] or ""),
            *(i["due"]["from"] or "", i["due"]["through"] or "", (i["valid_until"] or {}).get("date") or ""),
            *(i["medium"] or "", i["channel"] or "", i["form"] or ""),
        )
        for d in decisions
        for i in d["issuances"]
    ]
    assert written("returns") == [
        (d["member"], r["document"], r["action"] or "") for d in decisions for r in d["returns"]
    ]


@each_insurer
def test_the_same_roll_as_parquet_says_the_same(insurer: str, tmp_path: Path):
    rulebook = open_rulebook(str(EXAMPLES / insurer / "policy.toml"))
    make_roll(rulebook, Wanted(tmp_path / "roll.parquet", 1000, 2026, AS_OF))
    from_parquet = run_roll(rulebook, Request(tmp_path / "roll.parquet", tmp_path / "one", ON))
    from_csv = run_roll(rulebook, Request(EXAMPLES / insurer / "roll.csv", tmp_path / "other", ON))
    for table in ("issuances", "returns", "undetermined"):
        name = f"{table}.csv"
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()
    assert from_parquet.rejected == from_csv.rejected == 0


@each_insurer
def test_the_people_of_a_roll_are_possible(insurer: str):
    members = members_of(insurer)
    assert len({member.id for member in members}) == len(members)
    for member in members:
        facts: dict[str, Any] = dict(member.facts)
        assert insurer_number_problem(facts["insurer_number"]) is None
        assert facts["insurer_number"].startswith(INSURERS[insurer])
        assert facts["birth_date"] <= facts["enrolled_on"]
        for earlier, later in (
            ("enrolled_on", "enrolment_received_on"),
            ("enrolment_received_on", "enrolment_processed_on"),
            ("enrolment_processed_on", "registered_on"),
            ("enrolled_on", "left_on"),
            ("eligibility_certificate_issued_on", "eligibility_certificate_valid_until"),
            ("eligibility_certificate_issued_on", "eligibility_certificate_returned_on"),
        ):
            if facts.get(earlier) and facts.get(later):
                assert facts[earlier] <= facts[later], (member.id, earlier, later)
        if insurer == "kumamoto-late-elderly":
            assert (facts["symbol"], len(facts["number"])) == (None, 8)


@each_insurer
def test_members_are_as_their_stories_say(insurer: str):
    on, stories = STORIES[insurer]
    rulebook = open_rulebook(str(EXAMPLES / insurer / "policy.toml"))
    raw = json.loads((EXAMPLES / insurer / "members.json").read_text(encoding="utf-8"))
    readme = (EXAMPLES / insurer / "README.md").read_text(encoding="utf-8")
    assert [each["id"] for each in raw] == list(stories)
    for each in raw:
        assert set(each) == set(CATALOGUE.facts)
        decision = decide(rulebook, parse_member(each, rulebook.catalogue), on).to_json()
        owed = {i["document"]: i["valid_until"]["date"] for i in decision["issuances"]}
        returned = {r["document"]: r["action"] for r in decision["returns"]}
        usable = decision["my_number_insurance_card"]["usable"]
        assert (decision["status"], usable, owed, returned) == ("decided", *stories[each["id"]]), each["id"]
        assert f"### `{each['id']}`" in readme
