"""Two policies against what was read from their sources a second time, for members near the days that count.

``HOKENSHA_AUDIT=20000`` asks about as many members as before a release; a part of them is asked always.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import near
import oracle_kumamoto
import oracle_tokyo
import pytest
from days import Owed

from hokensha.dates import NOT_STATED
from hokensha.engine import decide
from hokensha.facts import parse_member
from hokensha.policy import Rulebook, open_rulebook
from hokensha.rules import Decision, Due, Issuance

EXAMPLES = Path(__file__).parents[2] / "examples"
MANY = int(os.environ.get("HOKENSHA_AUDIT", "1500"))
AUDITS = {
    "tokyo-mutual-aid": (oracle_tokyo.answer, near.Ages((75,), range(75))),
    "kumamoto-late-elderly": (oracle_kumamoto.answer, near.Ages((65, 75), range(66, 95))),
}
PLACES = {
    "tokyo-mutual-aid": {f"002-{n}" for n in ("09", 10, 12, 13, 14, 15, 16, 19, 20, 22)},
    "kumamoto-late-elderly": {f"004-{n}" for n in ("02", "07", 16, 23, 25, 27, 28, 29, 35)} | {"law-reissue"},
}


def asked(facts: dict[str, Any], on: date, book: Rulebook) -> Decision:
    """The policy's decision; of who the member is nothing hangs on anything."""
    raw = {fact: day.isoformat() if isinstance(day, date) else day for fact, day in facts.items()}
    return decide(book, parse_member({"id": "audit", **raw}, book.catalogue), on)


def said(decision: Decision) -> dict[str, Any]:
    """What is compared of a decision."""
    return {
        "usable": decision.usable,
        "issuances": {issuance.document.id: letter(issuance) for issuance in decision.issuances},
        "returns": {each.document.id: each.action and each.action.value for each in decision.returns},
    }


def letter(issuance: Issuance) -> Owed:
    """A document that is owed, in the audit's own words."""
    basis, due, until = issuance.basis, issuance.due or Due(), issuance.valid_until or NOT_STATED
    end = (until.modality.value, until.date)
    return Owed(basis and basis.value, due.first, due.through, end, issuance.cites)


def differences(policy: str, many: int) -> Iterator[tuple[str, dict[str, Any], date, Any, Any]]:
    """Each part that a member is answered otherwise than the source was read, with the member."""
    oracle, ages = AUDITS[policy]
    book = open_rulebook(str(EXAMPLES / policy / "policy.toml"))
    for facts, on in near.drawn(many, 11, ages):
        expected, found = oracle(facts, on), said(asked(facts, on, book))
        for part in expected:
            if expected[part] != found[part]:
                yield part, facts, on, expected[part], found[part]
        for document, owed in expected["issuances"].items():
            cited = found["issuances"].get(document, owed).places
            if not {*owed.places} <= {*cited}:
                yield "cites", facts, on, owed.places, cited


@pytest.mark.parametrize("policy", AUDITS)
def test_the_policy_says_what_the_source_says(policy):
    assert [] == list(islice(differences(policy, MANY), 3))


@pytest.mark.parametrize("policy", AUDITS)
def test_the_members_are_near_what_counts(policy):
    """Every place of the source that the audit reads is met by some of them, and decides."""
    oracle, ages = AUDITS[policy]
    met: Counter[str] = Counter()
    for facts, on in near.drawn(1500, 11, ages):
        for owed in oracle(facts, on)["issuances"].values():
            met.update(owed.places)

    assert PLACES[policy] == {place for place, members in met.items() if members > 1}
