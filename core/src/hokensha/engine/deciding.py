"""Decide one member: ask directly where the facts are known, go through the diagrams where they are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import define, field

from hokensha.engine.part import Said, asked, finished
from hokensha.engine.parts import PART_KINDS, parts
from hokensha.engine.refusing import EndedError, believe, over
from hokensha.errors import Finding
from hokensha.facts import Member
from hokensha.features import MemberSituation
from hokensha.policy import Rulebook
from hokensha.rules import Decision

if TYPE_CHECKING:
    from hokensha.engine.answering import Answered, Answering, Met

Listed: TypeAlias = "tuple[tuple[tuple[Answered, ...], tuple[Any, ...] | None], ...]"
"""For each kind of parts those that say something; and what they say, where that hangs on no fact."""
_WORTH: Final = 8
"""From so many questions about one day on, exploring the rules for it pays."""
_MOST_DAYS: Final = 12
_MOST: Final = 50_000


@define(eq=False)
class _Memory:
    """How often a day was asked about, and what was said once remembering it pays."""

    asked: int = 0
    answering: Answering | None = None
    listed: dict[Met, Listed] = field(factory=dict)


@lru_cache(maxsize=_MOST_DAYS)
def _memory(rulebook: Rulebook, on: date) -> _Memory:  # noqa: ARG001 - what the memory is kept under
    return _Memory()


def answering(rulebook: Rulebook, on: date) -> Answering | None:
    """What answers for a day; none while it was asked about too rarely for that to pay."""
    memory = _memory(rulebook, on)
    if memory.answering is None:
        memory.asked += 1
        if memory.asked == _WORTH + 1:
            memory.answering = _explored(rulebook, on)
            return None
    return memory.answering


def _explored(rulebook: Rulebook, on: date) -> Answering | None:
    from hokensha.engine.answering import Answering  # noqa: PLC0415 - one decision alone needs none of it

    try:
        return Answering(rulebook, parts(rulebook, on), on)
    except Exception:  # noqa: BLE001 - a rule that cannot be explored is asked every time; check says why
        return None


def decide(rulebook: Rulebook, member: Member, on: date) -> Decision:
    """What a policy says of a member on a day.

    Args:
        rulebook: A bound policy.
        member: Its facts, as many as are known.
        on: The day asked; nothing here reads a clock.

    Raises:
        MemberError: Its facts cannot stand together.
        EndedError: A document would have ended before the day asked.
        PluginError: A rule raised; the message names it and its plugin.
    """
    believe(rulebook, member, on)
    decision = decided(rulebook, member, on)
    if why := [found for issuance in decision.issuances if (found := over(rulebook, issuance, on))]:
        raise EndedError(Finding(f"member {member.id}", each, "ended-before-issue") for each in why)
    return decision


def decided(rulebook: Rulebook, member: Member, on: date) -> Decision:
    """:func:`decide` for those who are thought up, or known to be believed: facts are taken as they are.

    Raises:
        PluginError: A rule raised; the message names it and its plugin.
    """
    known = answering(rulebook, on)
    if known is not None:
        met = known.met(member)
        if met.known():
            return _decision(rulebook, member, on, (), _lists(_memory(rulebook, on), met, known, member))
        return _assembled(rulebook, member, on, known.say(met, member))
    situation, every = MemberSituation(rulebook.vocabulary, member.facts, on), parts(rulebook, on)
    said = finished(asked(every, situation), member, situation, every)
    return _assembled(rulebook, member, on, said)


def _lists(memory: _Memory, met: Met, known: Answering, member: Member) -> list[tuple[Any, ...]]:
    """What each kind of parts says of a member of whom all is known."""
    if met not in memory.listed:
        if len(memory.listed) >= _MOST:
            memory.listed.clear()
        memory.listed[met] = tuple(_listed(met, kind) for kind in PART_KINDS)
    return [
        tuple([answer for each in parts if (answer := known.finished(each, member)) is not None])
        if fixed is None
        else fixed
        for parts, fixed in memory.listed[met]
    ]


def _listed(met: Met, kind: str) -> tuple[tuple[Answered, ...], tuple[Any, ...] | None]:
    of_kind = tuple(each for each in met.answered if each.part.kind == kind)
    if any(each.hangs for each in of_kind):
        return of_kind, None
    return of_kind, tuple(each.fixed for each in of_kind if each.fixed is not None)


def _assembled(rulebook: Rulebook, member: Member, on: date, said: Said) -> Decision:
    found: dict[str, list[Any]] = {kind: [] for kind in PART_KINDS}
    for part, answer in said.answers.items():
        if answer is not None or part.always:
            found[part.kind].append(answer)
    return _decision(rulebook, member, on, said.missing, found.values())


def _decision(
    rulebook: Rulebook,
    member: Member,
    on: date,
    missing: tuple[str, ...],
    lists: Iterable[Sequence[Any]],
) -> Decision:
    usable, until, *listed = lists
    return Decision(
        rulebook.policy.insurer.name,
        rulebook.policy.digest,
        rulebook.plugins,
        member.id,
        on,
        missing,
        rulebook.relied_on,
        usable[0] if usable else None,
        until[0] if until else None,
        *map(tuple, listed),
    )
