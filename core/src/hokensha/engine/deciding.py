"""Decide one member: ask directly where the facts are known, go through the diagrams where they are not."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import define, field

from hokensha.engine.part import Said, asked, finished
from hokensha.engine.parts import PART_KINDS, parts, sourced
from hokensha.engine.refusing import EndedError, believe, over
from hokensha.engine.silence import Unspoken, Verdict, asked_besides, by_asking, silences
from hokensha.errors import Finding
from hokensha.facts import Member
from hokensha.features import MemberSituation
from hokensha.policy import Rulebook
from hokensha.rules import COMPLETE, Complete, Decision, NotOwed

if TYPE_CHECKING:
    from hokensha.engine.answering import Answered, Answering, Met

Listed: TypeAlias = "tuple[tuple[tuple[Answered, ...], tuple[Any, ...] | None], ...]"
"""For each kind of parts those that say something; and what they say, where that hangs on no fact."""
_WORTH: Final = 8
"""From so many questions about one day on, exploring the rules for it pays."""
_OFTEN: Final = 200
"""From so many on, it pays even if another day has to be forgotten for it."""
_MOST_DAYS: Final = 12
_MOST: Final = 50_000
_OWED: Final = PART_KINDS.index("issuance")
_LISTS: Final = {"ground": "grounds", "issuance": "issuances", "return": "returns", "document": "documents"}
"""The kinds of parts that make up lists."""


@define(eq=False)
class _Memory:
    """How often a day was asked about, and what was said once remembering it pays."""

    asked: int = 0
    answering: Answering | None = None
    listed: dict[Met, Listed] = field(factory=dict)
    unspoken: dict[int, tuple[Unspoken, ...]] = field(factory=dict)


@define(eq=False)
class _Days:
    """What is remembered of a policy: many days that were asked about, and the few whose answers are kept."""

    of: Callable[[date], _Memory] = field(
        factory=lambda: lru_cache(maxsize=400)(lambda _: _Memory()), init=False
    )
    kept: deque[_Memory] = field(factory=deque, init=False)

    def pays(self, memory: _Memory) -> bool:
        """Whether to explore a day now: days asked in turn do not drive each other out at every question."""
        full = len(self.kept) >= _MOST_DAYS
        return memory.asked == (_OFTEN if full else _WORTH + 1)

    def keep(self, memory: _Memory, found: Answering) -> None:
        """Keep the answers of a day, and forget another's, if need be."""
        if len(self.kept) >= _MOST_DAYS:
            other = self.kept.popleft()
            other.asked, other.answering = 0, None
            other.listed.clear()
            other.unspoken.clear()
        memory.answering = found
        self.kept.append(memory)


@lru_cache(maxsize=8)
def _days(rulebook: Rulebook) -> _Days:  # noqa: ARG001 - what the memory is kept under
    return _Days()


def _memory(rulebook: Rulebook, on: date) -> _Memory:
    return _days(rulebook).of(on)


def answering(rulebook: Rulebook, on: date) -> Answering | None:
    """What answers for a day; none while it was asked about too rarely for that to pay."""
    memory = _memory(rulebook, on)
    if memory.answering is None:
        memory.asked += 1
        if _days(rulebook).pays(memory):
            found = _explored(rulebook, on)
            if found is not None:
                _days(rulebook).keep(memory, found)
            return None
    return memory.answering


def _explored(rulebook: Rulebook, on: date) -> Answering | None:
    from hokensha.engine.answering import Answering  # noqa: PLC0415 - one decision alone needs none of it

    try:
        return Answering(rulebook, parts(rulebook, on), on, further=asked_besides(rulebook, on))
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
    if why := over(rulebook, decision.issuances, on):
        raise EndedError(Finding(f"member {member.id}", why, "ended-before-issue"))
    return decision


def decided(rulebook: Rulebook, member: Member, on: date) -> Decision:
    """:func:`decide` for those who are thought up, or known to be believed: facts are taken as they are.

    Raises:
        PluginError: A rule raised; the message names it and its plugin.
    """
    known = answering(rulebook, on)
    if known is not None:
        memory, key = _memory(rulebook, on), known.keys.key(member.facts)
        met = known.met(member, key)
        if key not in memory.unspoken:
            if len(memory.unspoken) >= _MOST:
                memory.unspoken.clear()
            memory.unspoken[key] = _unspoken(rulebook, on, _verdict(known, key, member))
        unspoken = memory.unspoken[key]
        if met.known():
            lists = _lists(memory, met, known, member)
            owed = [issuance.document for issuance in lists[_OWED]]
            silent = tuple([u.said(member, on) for u in unspoken if u.silence.document not in owed])
            return _decision(rulebook, member, on, (), COMPLETE, silent, lists)
        return _assembled(rulebook, member, on, known.say(met, member), unspoken)
    situation, every = MemberSituation(rulebook.vocabulary, member.facts, on), parts(rulebook, on)
    said = finished(asked(every, situation), member, situation, every)
    return _assembled(
        rulebook, member, on, said, _unspoken(rulebook, on, partial(by_asking, situation=situation))
    )


def _unspoken(rulebook: Rulebook, on: date, verdict: Verdict) -> tuple[Unspoken, ...]:
    return tuple(silence.unspoken(verdict) for silence in silences(rulebook, on))


def _verdict(known: Answering, key: int, member: Member) -> Verdict:
    digits = known.keys.digits(key)
    return lambda part: known.verdict(part, digits, lambda: member)


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


def _assembled(
    rulebook: Rulebook, member: Member, on: date, said: Said, unspoken: tuple[Unspoken, ...]
) -> Decision:
    found: dict[str, list[Any]] = {kind: [] for kind in PART_KINDS}
    for part, answer in said.answers.items():
        if answer is not None or part.always:
            found[part.kind].append(answer)
    spoken = {each.document.id for each in found["issuance"]}
    spoken.update(part.name for part in said.differing if part.kind == "issuance")
    open_lists = dict.fromkeys((_LISTS[p.kind] for p in said.differing if p.kind in _LISTS), False)
    complete = Complete(**open_lists) if open_lists else COMPLETE
    silent = tuple(each.said(member, on) for each in unspoken if each.silence.document.id not in spoken)
    return _decision(rulebook, member, on, said.missing, complete, silent, found.values())


def _decision(  # noqa: PLR0913, PLR0917 - whatever a decision has
    rulebook: Rulebook,
    member: Member,
    on: date,
    missing: tuple[str, ...],
    complete: Complete,
    silent: tuple[NotOwed, ...],
    lists: Iterable[Sequence[Any]],
) -> Decision:
    (in_scheme,), usable, until, grounds, issuances, *listed = lists
    return Decision(
        rulebook.policy.insurer.name,
        rulebook.policy.digest,
        rulebook.plugins,
        member.id,
        on,
        missing,
        in_scheme,
        complete,
        silent,
        rulebook.relied_on,
        usable[0] if usable else None,
        until[0] if until else None,
        tuple(grounds),
        sourced(rulebook, on, grounds, issuances),
        *map(tuple, listed),
    )
