"""What a member has to do first for whom nothing serves, and to whom nothing is owed."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from attrs import frozen

from hokensha.engine.part import one_question
from hokensha.engine.parts import owed
from hokensha.engine.refusing import believe
from hokensha.facts import Member
from hokensha.features import BOOLEANS, Derived, Feature, Situation
from hokensha.policy import Bound, Rulebook
from hokensha.rules import CARD_WORKS, IN_SCHEME, At, Exclusion, Presentation, Remedy, Trigger
from hokensha.text import Label


def stranded(rulebook: Rulebook, on: date) -> Derived[bool]:
    """The feature that a member is in the scheme, has nothing that serves, and is owed nothing that would.

    What serves is what the policy says is shown where there is a reader, but for what may be refused there;
    where a policy says nothing of that: the card, and the documents that serve alone.
    """
    return _stranded(rulebook, rulebook.in_force(on))


def means(rulebook: Rulebook, on: date) -> tuple[Feature[bool], ...]:
    """All of which nothing may hold of who is stranded: what serves, what is owed that would, exclusions."""
    return _means(rulebook, rulebook.in_force(on))


@lru_cache(maxsize=64)
def _means(rulebook: Rulebook, in_force: tuple[Bound[Any], ...]) -> tuple[Feature[bool], ...]:
    shown: tuple[Feature[bool], ...] = tuple(
        b.rule.holds
        for b in in_force
        if isinstance(b.rule, Presentation) and At.EQUIPPED in b.rule.at and not b.rule.uncertain
    )
    alone = [d for d in rulebook.documents.values() if d.serves_alone]
    card = (CARD_WORKS,) if rulebook.relied_on is not None else ()
    serving = shown or (*card, *(d.shown for d in alone))
    triggers = (b for b in in_force if isinstance(b.rule, Trigger))
    answered = (
        b.rule.holds for b in in_force if isinstance(b.rule, Exclusion) and b.rule.document.serves_alone
    )
    due = (owed(rulebook, b) for b in triggers if b.rule.document.serves_alone)
    return (*serving, *due, *answered)


@lru_cache(maxsize=64)
def _stranded(rulebook: Rulebook, in_force: tuple[Bound[Any], ...]) -> Derived[bool]:
    every = _means(rulebook, in_force)

    def is_stranded(s: Situation) -> bool:
        return s[IN_SCHEME] and not any(s[each] for each in every)

    return Derived("stranded", Label("受診手段なし", "has nothing that serves"), BOOLEANS, is_stranded)


@frozen
class Advice:
    """What a member for whom nothing serves, and to whom nothing is owed, has to do first.

    Attributes:
        needed: Whether it is so; none if the facts do not suffice to tell.
        remedies: The remedies that hold for certain; none may be, which is for the insurer to know.
        missing: Unknown facts on which it hangs.
    """

    needed: bool | None
    remedies: tuple[Bound[Remedy], ...]
    missing: tuple[str, ...]


def advice(rulebook: Rulebook, member: Member, on: date) -> Advice:
    """What a member has to do first, if there is nothing else.

    Raises:
        MemberError: The facts cannot stand together.
        PluginError: A rule raised; the message names it and its plugin.
    """
    believe(rulebook, member, on)
    gap = one_question(rulebook, "stranded", "", stranded(rulebook, on), always=True)
    needed, missing = gap.answer(member, on)
    lacking = set(missing)
    remedies: list[Bound[Remedy]] = []
    for bound, told in advising(rulebook, on) if needed is not False else ():
        holds, missing = one_question(rulebook, "remedy", bound.rule.id, told).answer(member, on)
        remedies += [bound] if holds else []
        lacking.update(missing)
    return Advice(needed, tuple(remedies), tuple(f for f in rulebook.catalogue.facts if f in lacking))


def advising(rulebook: Rulebook, on: date) -> tuple[tuple[Bound[Remedy], Feature[bool]], ...]:
    """The remedies in force on a day, each with the feature that it is called for: there is nothing else."""
    nothing = stranded(rulebook, on)
    return tuple((bound, _both(nothing, bound.rule.holds)) for bound in rulebook.rules(Remedy, on))


@lru_cache(maxsize=1024)
def _both(one: Feature[bool], other: Feature[bool]) -> Feature[bool]:
    return Derived(f"advises:{other.id}", other.label, BOOLEANS, lambda s: s[one] and s[other])
