"""Who is not decided: a member whose facts cannot stand together."""

from __future__ import annotations

from datetime import date

from hokensha.errors import Finding, MemberError
from hokensha.facts import Catalogue, Contradiction, Member
from hokensha.policy import Rulebook


def refused(rulebook: Rulebook, member: Member, on: date) -> tuple[Finding, ...]:
    """Each contradiction between a member's facts, as far as they are known; values are never repeated."""
    return tuple(
        Finding(f"member {member.id}", reason(each, rulebook.catalogue), "contradiction")
        for each in rulebook.contradictions
        if each.holds(member.facts, on)
    )


def reason(contradiction: Contradiction, catalogue: Catalogue) -> str:
    """What is wrong, in both languages, and which facts say so."""
    label = contradiction.label
    named = " and ".join(f"{fact} ({catalogue[fact].label.ja})" for fact in contradiction.facts)
    return f"{label.en} ({label.ja}): {named} cannot be so"


def believe(rulebook: Rulebook, member: Member, on: date) -> None:
    """Go on with a member only if nothing is against it.

    Raises:
        MemberError: Its facts cannot stand together.
    """
    if found := refused(rulebook, member, on):
        raise MemberError(found)
