"""Decide one member: ask directly where the facts are known, go through the diagrams where they are not."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, Final

from attrs import define

from hokensha.engine.answering import Answering, Said, asked, finished
from hokensha.engine.parts import PART_KINDS, parts
from hokensha.facts import Member
from hokensha.features import MemberSituation
from hokensha.policy import Rulebook
from hokensha.rules import Decision

_WORTH: Final = 8
"""From so many questions about one day on, exploring the rules for it pays."""
_MOST_DAYS: Final = 12


@define(eq=False)
class _Memory:
    """How often a day was asked about, and what was said once remembering it pays."""

    asked: int = 0
    answering: Answering | None = None


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
        PluginError: A rule raised; the message names it and its plugin.
    """
    known = answering(rulebook, on)
    if known is not None:
        return _assembled(rulebook, member, on, known.answer(member))
    situation, every = MemberSituation(rulebook.vocabulary, member.facts, on), parts(rulebook, on)
    said = finished(asked(every, situation), member, situation, every)
    return _assembled(rulebook, member, on, said)


def _assembled(rulebook: Rulebook, member: Member, on: date, said: Said) -> Decision:
    found: dict[str, list[Any]] = {kind: [] for kind in PART_KINDS}
    for part, answer in said.answers.items():
        if answer is not None or part.always:
            found[part.kind].append(answer)
    usable, until, *listed = found.values()
    return Decision(
        rulebook.policy.insurer.name,
        rulebook.policy.digest,
        rulebook.plugins,
        member.id,
        on,
        said.missing,
        rulebook.relied_on,
        usable[0] if usable else None,
        until[0] if until else None,
        *map(tuple, listed),
    )
