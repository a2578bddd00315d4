"""The policy of the health society of the warehouse trade, and a member of it whom nothing is owed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hokensha.engine import decide
from hokensha.facts import UNKNOWN, parse_member
from hokensha.policy import open_rulebook
from hokensha.rules import Decision

WAREHOUSE = Path(__file__).parents[2] / "examples" / "warehouse-health-society" / "policy.toml"
# Parts of the policy as it stands, which tests put others in the place of.
TERM = """[figures.certificate-term] # 最長1年程度（予定）
modality = "at-most"
approximate = true
planned = true
rule = [{ years = 1 }]
reading = { ja = "起算日の記載がないため、交付日から数える", \
en = "counted from the day of issue, which the page does not name" }
cites = ["003-21"]
"""
LOST = """[rules.card-lost]
cites = ["003-02", "003-16"]
claim = "application"
"""
LOST_BY_DAY = """[[rules.card-lost]]
through = 2026-07-31
cites = ["003-02"]
claim = "unstated"

[[rules.card-lost]]
since = 2026-08-01
cites = ["003-16"]
claim = "application"
"""
CANNOT_USE = """[rules.cannot-use-card] # 申請の要否の記載なし
cites = ["003-02"]
since = 2024-12-02
"""
WORKING = {
    "id": "m",
    "birth_date": "1980-05-05",
    "relation": "insured",
    "continuation": False,
    "enrolled_on": "2015-04-01",
    "enrolment_received_on": "2015-04-01",
    "enrolment_processed_on": "2015-04-02",
    "my_number_card": "held",
    "my_number_card_expires_on": "2033-05-05",
    "electronic_certificate_expires_on": "2028-05-05",
    "insurance_use": "registered",
    "needs_assistance": False,
    "disclosure_restricted": False,
    "overseas_card": False,
    "eligibility_notice_issued_on": "2024-10-15",
    **dict.fromkeys(
        (
            *("left_on", "deregistration_received_on", "deregistration_registered_on", "departs_japan_on"),
            *("eligibility_certificate_issued_on", "eligibility_certificate_valid_until"),
            *("eligibility_certificate_returned_on", "health_insurance_card_valid_until"),
            *("health_insurance_card_returned_on", "certificate_requested_on", "name_change_received_on"),
            "reissue_requested_on",
        )
    ),
}


JOINER = {
    "enrolled_on": "2025-04-01",
    "my_number_card": "none",
    "insurance_use": "unregistered",
    "certificate_requested_on": "2025-04-01",
}
"""The facts of one who joined, has no card and has applied for a certificate."""


def issued(path: str, on: str, **facts: object) -> Decision:
    """What a policy says of a member with a working card, but for some facts; those unknown are left out."""
    rulebook = open_rulebook(path)
    known = {fact: value for fact, value in {**WORKING, **facts}.items() if value is not UNKNOWN}
    return decide(rulebook, parse_member(known, rulebook.catalogue), date.fromisoformat(on))
