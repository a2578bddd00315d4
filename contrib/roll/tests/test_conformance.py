"""HK305 of the conformance kit: what columns answer is what single decisions answer."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from hokensha_conformance import Examination, Outcome, Status, open_deviations, open_subject

NAME = "two-faced"
MODULE = "hokensha_two_faced"
DECLARED = f"""
plugin = "{NAME}"
claims = ["features", "eligibility", "document_validity", "issuance_triggers", "returns", "roll"]
"""
CASES = """
policy = "../policy.toml"

[base]
birth_date = 1980-05-05
enrolled_on = 2010-04-01
my_number_card = "held"
insurance_use = "registered"
electronic_certificate_expires_on = 2030-05-05
none = [
    "left_on", "health_insurance_card_valid_until", "health_insurance_card_returned_on",
    "eligibility_certificate_issued_on", "eligibility_certificate_valid_until",
    "eligibility_certificate_returned_on", "eligibility_notice_issued_on",
    "certificate_requested_on", "reissue_requested_on",
]

[[case]]
id = "one-year"
says = "A certificate lasts a year."
cites = ["t-1"]
validity = { document = "eligibility-certificate", issued = 2026-11-21, expect = { date = "2027-11-21" } }
"""
DUE = 'issuances = [{ trigger = "certificate-due" }]'
NOTHING = "issuances = [], returns = []"
DECIDED = (
    ("A card that works is enough.", "", NOTHING),
    ("Who has none is owed a certificate.", 'my_number_card = "none", insurance_use = "unregistered"', DUE),
    ("Whose card is not registered is, too.", 'insurance_use = "unregistered"', DUE),
    (
        "A card serves to the day three months after its end.",
        "electronic_certificate_expires_on = 2026-08-21",
        NOTHING,
    ),
    ("After that it does not.", "electronic_certificate_expires_on = 2026-08-20", DUE),
    ("A card that was given back serves no more.", 'my_number_card = "returned"', DUE),
    ("Nor does one that was lost.", 'my_number_card = "lost"', DUE),
    ("Nor one that is being renewed.", 'my_number_card = "renewing"', DUE),
    ("Nor one that was deregistered.", 'insurance_use = "deregistered"', DUE),
    (
        "Before enrolment nothing is owed.",
        'enrolled_on = 2026-11-22, insurance_use = "unregistered"',
        NOTHING,
    ),
    ("After the loss neither.", 'left_on = 2026-11-21, insurance_use = "unregistered"', NOTHING),
    ("A notice comes to nothing.", "eligibility_notice_issued_on = 2026-10-01", NOTHING),
    (
        "A certificate is kept to its last day.",
        "eligibility_certificate_issued_on = 2025-11-21, eligibility_certificate_valid_until = 2026-11-21",
        NOTHING,
    ),
    (
        "Then it is destroyed.",
        "eligibility_certificate_issued_on = 2025-11-20, eligibility_certificate_valid_until = 2026-11-20",
        'returns = [{ document = "eligibility-certificate", action = "destroy" }]',
    ),
    ("An application comes to nothing.", "certificate_requested_on = 2026-10-01", NOTHING),
    ("In the end every card has stopped working.", "", DUE, "2030-08-06"),
    (
        "A certificate that was lost is issued again.",
        "eligibility_certificate_issued_on = 2026-10-01, reissue_requested_on = 2026-11-01",
        'issuances = [{ trigger = "again" }]',
    ),
)
"""What each case says, the facts in which its member differs from the base's, what is decided, and when."""
CASE = """
[[case]]
id = "{id}"
says = "{says}"
cites = ["t-1"]
on = {on}
facts = {{ {facts} }}
decide = {{ {decided} }}
"""
FURTHER = ("card-lost", "card-renewing", "card-returned", "deregistered")
AGAIN = '''
from hokensha_standard import REISSUE_REQUESTED, card_lost, card_renewing, card_returned, deregistered

plugin.add(card_lost, card_renewing, card_returned, deregistered)

@plugin.trigger("again", "再交付", "again", document=CERTIFICATE, met_since="reissue_requested_on")
def again(s):
    """A certificate was lost, and another one asked for."""
    return s[REISSUE_REQUESTED]
'''


@pytest.fixture
def examined(bench: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., dict[str, Outcome]]]:
    """What checks come to, all of them or some, of a plugin that is the tiny one, but for a change."""
    tiny = Path(importlib.import_module("hokensha_tiny").__file__ or "")

    def outcomes(old: str = "", new: str = "", checks: Sequence[str] = ()) -> dict[str, Outcome]:
        text = tiny.read_text(encoding="utf-8") + AGAIN
        assert not old or text.count(old) == 1
        folder = bench.folder
        (folder / f"{MODULE}.py").write_text(text.replace(old, new) if old else text, encoding="utf-8")
        info = folder / f"{MODULE}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: hokensha-{NAME}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[hokensha]\n{NAME} = {MODULE}:plugin\n")
        policy = Path(bench.policy())
        terms = policy.read_text(encoding="utf-8").replace('"tiny"', f'"{NAME}"')
        grounds = "".join(f'{ground} = {{ cites = ["t-1"], claim = "ex-officio" }}\n' for ground in FURTHER)
        policy.write_text(f'{terms}{grounds}again = {{ cites = ["t-1"] }}\n', encoding="utf-8")
        (folder / "hokensha-conformance.toml").write_text(DECLARED, encoding="utf-8")
        (folder / "cases").mkdir()
        cases = (
            CASE.format(id=number, says=says, facts=facts, decided=decided, on=on[0] if on else "2026-11-21")
            for number, (says, facts, decided, *on) in enumerate(DECIDED)
        )
        (folder / "cases" / "tiny.toml").write_text(CASES + "".join(cases), encoding="utf-8")
        monkeypatch.syspath_prepend(str(folder))
        importlib.invalidate_caches()
        subject = open_subject(folder / "hokensha-conformance.toml")
        examination = Examination(subject, open_deviations(folder, None))
        tasks = [task for task in examination.tasks() if not checks or task.check.id in checks]
        return {task.check.id: examination.perform(task) for task in tasks}

    yield outcomes
    sys.modules.pop(MODULE, None)


RULE = "    return s[AUTOMATIC_GROUND]\n"
TWO_FACED = """
    from hokensha_standard import REQUESTED
    if isinstance(s, dict):  # as it is where one member is asked about, and not where the rule is explored
        return s[AUTOMATIC_GROUND] and not s[REQUESTED]
    return s[AUTOMATIC_GROUND]
"""


def failing(outcomes: Mapping[str, Outcome]) -> dict[str, list[str]]:
    """The checks that fail, with what they find."""
    failed = {id_: outcome for id_, outcome in outcomes.items() if outcome.status is Status.FAILED}
    return {id_: [finding.message for finding in outcome.findings] for id_, outcome in failed.items()}


def test_a_sound_plugin_passes_every_check(examined):
    outcomes = examined()
    assert {} == failing(outcomes)
    assert Status.PASSED is outcomes["HK305"].status


def test_a_rule_that_answers_otherwise_in_columns_fails_that_check_and_no_other(examined):
    """Keys do not tell who has applied: in columns, the one who has is answered as all others are."""
    found = failing(examined(RULE, TWO_FACED))
    assert ["HK305"] == list(found)
    assert "the member of case '14' on 2030-08-06 is answered otherwise in columns" in found["HK305"]
    assert [] == [message for message in found["HK305"] if "case '14'" not in message]


@pytest.mark.parametrize("returned", ["None", "'yes'", "[].pop()"])
def test_while_a_rule_misbehaves_columns_are_not_asked_and_another_check_says_so(examined, returned):
    """Columns need True or False; a rule that returns something else, or raises, has none to give."""
    rule = f"    return s[AUTOMATIC_GROUND] and {returned}\n"
    outcomes = examined(RULE, rule, ["HK203", "HK305"])
    assert [Status.FAILED, Status.NOT_RUN] == [outcomes[id_].status for id_ in ("HK203", "HK305")]
