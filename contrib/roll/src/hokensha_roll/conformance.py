"""The check that the conformance kit takes from here: columns answer like single decisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from hokensha.engine import parts
from hokensha.errors import Finding
from hokensha.facts import Member
from hokensha.policy import Rulebook
from hokensha_conformance import Policed, kit_check
from hokensha_roll.frames import frame_of
from hokensha_roll.keys.engine import Engine, in_columns


@kit_check(
    "HK305",
    "名簿での判定が一人ずつの判定と一致する",
    "columns answer like single decisions",
    mend="Let rules ask the situation for features, and for nothing else: not of what kind it is itself.",
    claim="roll",
)
def columns_agree(policy: Policed) -> Iterator[Finding]:
    """Every member of the cases is decided in columns as by itself, on the day of every case.

    Each is decided without one of its facts, too.
    Members stand in one roll with all others, so that every mixture of known, unknown and none is met.
    """
    members = list(_members(policy))
    for on in sorted({case.on for _, case in policy.cases() if case.on is not None}):
        at_once = _at_once(policy, members, on)
        for member, found in zip(members, at_once, strict=True):
            if found != _alone(policy.rulebook, member, on):
                message = f"{member.id} on {on} is answered otherwise in columns"
                yield Finding(policy.path, message, "columns-differ")


def _members(policy: Policed) -> Iterator[Member]:
    """The members of all cases, each also without one of its facts, taken in turn."""
    for number, (case, member) in enumerate(policy.members()):
        facts = dict(member.facts)
        yield Member(f"the member of case '{case.id}'", facts)
        known = [fact for fact in facts if fact != "id"]
        if known:
            left_out = known[number % len(known)]
            rest = {fact: value for fact, value in facts.items() if fact != left_out}
            yield Member(f"the member of case '{case.id}' without '{left_out}'", rest)


def _alone(rulebook: Rulebook, member: Member, on: date) -> list[Any]:
    """What the rules say of one member; nothing that is known of others with the same key is taken for it."""
    found: dict[str, list[Any]] = {"issuance": [], "return": []}
    missing: set[str] = set()
    for part in parts(rulebook, on):
        answer, lacking = part.answer(member, on)
        missing.update(lacking)
        if answer is not None and part.kind in found:
            found[part.kind].append(in_columns(answer))
    return [*found.values(), tuple(fact for fact in rulebook.catalogue.facts if fact in missing)]


def _at_once(policy: Policed, members: list[Member], on: date) -> list[list[Any]]:
    rulebook = policy.rulebook
    engine = Engine(rulebook, on)
    frame = frame_of(members, engine.wanted, rulebook.catalogue)
    outcome = engine.decide(frame, frame["id"])
    found: list[list[Any]] = [[[], [], ()] for _ in members]
    for place, listed in enumerate((outcome.issuances, outcome.returns)):
        for row, record in zip(listed.rows, listed.record, strict=True):
            found[row][place].append(listed.records[record])
    for row, record in zip(outcome.undetermined.rows, outcome.undetermined.record, strict=True):
        found[row][2] = outcome.undetermined.records[record]
    return found


CHECKS = (columns_agree,)
