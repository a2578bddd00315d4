"""Decide one member: ask directly where the facts are known, go through the diagrams where they are not.

Members are many, situations few. Once a day is asked about again and again, the values that all rules see
are put together into one key, and a member in a situation met before is spared the rules; the days that are
answered are remembered by the facts that they come from. The rules stay the one definition: whatever is
remembered, they said.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Mapping
from datetime import date
from functools import lru_cache, partial
from itertools import repeat
from typing import Any, Final, TypeAlias, TypeVar

from attrs import define, field

from hokensha.engine.part import Part, completed
from hokensha.engine.parts import PART_KINDS, parts
from hokensha.facts import UNKNOWN, FactValue, Member
from hokensha.features import Classifier, MemberSituation, Steps, UnknownFact
from hokensha.partial import seen_on, variables
from hokensha.policy import Rulebook
from hokensha.rules import Decision

Leaves: TypeAlias = "tuple[tuple[tuple[Part, int], ...], tuple[Part, ...]]"
"""Parts with the answers to their questions, and parts whose questions hang on unknown facts."""
V = TypeVar("V")
_WORTH: Final = 8
"""From so many questions about one day on, exploring the rules for it pays."""
_MOST: Final = 10_000
_MOST_DAYS: Final = 12


@define(eq=False)
class Situations:
    """The situations of one day.

    Attributes:
        met: What the questions came to, by situation.
        said: What was said in the end, by part, its questions' answers and the facts that are answered.
    """

    met: dict[tuple[Hashable, ...], Leaves] = field(factory=dict, init=False)
    said: dict[tuple[Hashable, ...], Any] = field(factory=dict, init=False)
    _days: tuple[tuple[str, tuple[date, ...]], ...]
    _others: tuple[str, ...]
    _pairs: tuple[tuple[str, str, Classifier], ...]

    @classmethod
    def of(cls, rulebook: Rulebook, asked: tuple[Part, ...], on: date) -> Situations:
        """What tells situations apart on a day."""
        cuts: dict[str, set[date]] = {}
        others: dict[str, None] = {}
        pairs = []
        vocabulary = rulebook.vocabulary
        for variable in variables(part.diagram() for part in asked):
            classify = vocabulary.atoms.classifier(variable.feature, seen_on(vocabulary, variable, on))
            if len(variable.facts) == 2:
                pairs.append((*variable.facts, classify))
            elif isinstance(classify, Steps):
                cuts.setdefault(variable.facts[0], set()).update(classify.cuts)
            else:
                others.update(dict.fromkeys(variable.facts))
        for fact in (fact for *facts, _ in pairs for fact in facts):
            cuts.setdefault(fact, set())
        days = tuple((fact, tuple(sorted(found))) for fact, found in cuts.items())
        return cls(days, tuple(others), tuple(pairs))

    def key(self, facts: Mapping[str, FactValue]) -> tuple[Hashable, ...]:
        """What tells a member's situation from others."""
        get = facts.get
        key: list[Hashable] = [get(fact, UNKNOWN) for fact in self._others]
        for fact, cuts in self._days:
            value: Any = get(fact, UNKNOWN)
            key.append(value if value is None or value is UNKNOWN else bisect_right(cuts, value))
        for fact, other, classify in self._pairs:
            one, two = get(fact, UNKNOWN), get(other, UNKNOWN)
            known = one is not UNKNOWN and two is not UNKNOWN
            key.append(classify(one, two) if known else None)  # which is unknown, the key says already
        return tuple(key)

    def remember(self, key: tuple[Hashable, ...], leaves: Leaves) -> Leaves:
        """Keep what a situation came to."""
        return _kept(self.met, key, leaves)

    def finish(self, part: Part, leaf: int, facts: Mapping[str, FactValue], finish: Callable[[], V]) -> V:
        """What is said of a member in the end: remembered, or what ``finish`` says."""
        key = (part, leaf, *map(facts.get, part.outputs, repeat(UNKNOWN)))
        try:
            found: V = self.said[key]
        except KeyError:
            return _kept(self.said, key, finish())
        return found


def _kept(memory: dict[tuple[Hashable, ...], Any], key: tuple[Hashable, ...], value: V) -> V:
    if len(memory) >= _MOST:
        memory.clear()
    memory[key] = value
    return value


@define(eq=False)
class _Memory:
    """How often a day was asked about, and its situations once that pays."""

    asked: int = 0
    situations: Situations | None = None


@lru_cache(maxsize=_MOST_DAYS)
def _memory(rulebook: Rulebook, on: date) -> _Memory:  # noqa: ARG001 - what the memory is kept under
    return _Memory()


def situations(rulebook: Rulebook, asked: tuple[Part, ...], on: date) -> Situations | None:
    """The situations of a day; none while it was asked about too rarely for that to pay."""
    memory = _memory(rulebook, on)
    if memory.situations is None:
        memory.asked += 1
        if memory.asked == _WORTH + 1:
            memory.situations = _explored(rulebook, asked, on)
            return None
    return memory.situations


def _explored(rulebook: Rulebook, asked: tuple[Part, ...], on: date) -> Situations | None:
    try:
        return Situations.of(rulebook, asked, on)
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
    found: dict[str, list[Any]] = {kind: [] for kind in PART_KINDS}
    for part, answer in answers.items():
        if answer is not None or part.always:
            found[part.kind].append(answer)
    usable, until, *listed = found.values()
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
