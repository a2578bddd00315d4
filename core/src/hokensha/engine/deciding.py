"""Decide one member: ask directly where the facts are known, go through the diagrams where they are not."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from hokensha.engine.part import Part, completed
from hokensha.engine.parts import KINDS, parts
from hokensha.engine.recalling import Leaves, Situations, situations
from hokensha.facts import Member
from hokensha.features import MemberSituation, UnknownFact
from hokensha.policy import Rulebook
from hokensha.rules import Decision


def decide(rulebook: Rulebook, member: Member, on: date) -> Decision:
    """What a policy says of a member on a day.

    Args:
        rulebook: A bound policy.
        member: Its facts, as many as are known.
        on: The day asked; nothing here reads a clock.

    Raises:
        PluginError: A rule raised; the message names it and its plugin.
    """
    asked = parts(rulebook, on)
    met = situations(rulebook, asked, on)
    situation = MemberSituation(rulebook.vocabulary, member.facts, on)
    leaves, open_parts = _leaves(asked, situation, met)
    answers: dict[Part, Any] = {}
    unanswered = list(open_parts)
    for part, leaf in leaves:
        try:
            if met is None or not part.outputs:
                answers[part] = part.finished(leaf, situation)
            else:
                finish = partial(part.finished, leaf, situation)
                answers[part] = met.finish(part, leaf, member.facts, finish)
        except UnknownFact:
            unanswered.append(part)
    if not unanswered:
        return _assembled(rulebook, member, on, (), answers)
    found, missing = completed(rulebook, tuple(unanswered), member, on)
    answers.update(zip(unanswered, found, strict=True))
    in_order = {part: answers[part] for part in asked if part in answers}
    return _assembled(rulebook, member, on, missing, in_order)


def _leaves(asked: tuple[Part, ...], situation: MemberSituation, met: Situations | None) -> Leaves:
    """What the parts' questions come to: remembered, or found out by asking the rules."""
    if met is None:
        return _asked(asked, situation)
    key = met.key(situation.facts)
    return met.met.get(key) or met.remember(key, _asked(asked, situation))


def _asked(asked: tuple[Part, ...], situation: MemberSituation) -> Leaves:
    leaves: list[tuple[Part, int]] = []
    unanswered: list[Part] = []
    for part in asked:
        try:
            leaf = part.leaf(situation)
        except UnknownFact:
            unanswered.append(part)
        else:
            if leaf or part.always:
                leaves.append((part, leaf))
    return tuple(leaves), tuple(unanswered)


def _assembled(
    rulebook: Rulebook, member: Member, on: date, missing: tuple[str, ...], answers: dict[Part, Any]
) -> Decision:
    found: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for part, answer in answers.items():
        if answer is not None or part.always:
            found[part.kind].append(answer)
    (usable, *_), (until, *_) = (found[kind] or [None] for kind in KINDS[:2])
    return Decision(
        rulebook.policy.insurer.name,
        rulebook.policy.digest,
        rulebook.plugins,
        member.id,
        on,
        missing,
        rulebook.relied_on,
        usable,
        until,
        *(tuple(found[kind]) for kind in KINDS[2:]),
    )
