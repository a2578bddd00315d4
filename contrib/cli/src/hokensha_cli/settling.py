"""What to ask for where facts are missing, of whom, and whether one answer alone would settle it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Final

from attrs import frozen

from hokensha.engine import decide, parts
from hokensha.facts import Fact, Member
from hokensha.partial import Completions
from hokensha.policy import Rulebook
from hokensha.rules import Decision

_MOST: Final = 4
"""Of so many missing facts each is tried; of more, one alone hardly ever settles anything."""


class Settles(Enum):
    """Whether an answer settles a decision by itself."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    """It hangs on what the answer is."""
    NEVER = "never"


@frozen
class Asking:
    """A missing fact, and what knowing it alone would do."""

    fact: Fact
    settles: Settles


def asking(rulebook: Rulebook, member: Member, decision: Decision) -> tuple[Asking, ...]:
    """What to ask for a decision that is undetermined, in the order of the catalogue."""
    missing = decision.missing
    if len(missing) == 1:
        return (Asking(rulebook.catalogue[missing[0]], Settles.ALWAYS),)
    tried = missing if len(missing) <= _MOST else ()
    found = {fact: _settles(rulebook, member, decision.on, fact) for fact in tried}
    return tuple(Asking(rulebook.catalogue[fact], found.get(fact, Settles.NEVER)) for fact in missing)


def _settles(rulebook: Rulebook, member: Member, on: date, fact: str) -> Settles:
    answered = _answered(rulebook, member, on, fact)
    decided = {decide(rulebook, each, on).status == "decided" for each in answered}
    if len(decided) > 1:
        return Settles.SOMETIMES
    return Settles.ALWAYS if True in decided else Settles.NEVER


def _answered(rulebook: Rulebook, member: Member, on: date, fact: str) -> Iterator[Member]:
    """The member with each answer that the policy can tell apart."""
    components = tuple(part.component(on) for part in parts(rulebook, on))
    answers = Completions(rulebook.vocabulary, member, on, components).candidates[fact]
    return (Member(member.id, {**member.facts, fact: answer}) for answer in answers)
