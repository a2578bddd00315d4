"""Some parts of a decision on a day, answered for one member after another.

Members are many, keys few (:mod:`hokensha.engine.keys`). Once a day is asked about again and again, a member
whose key was met before is spared the rules, and one whose days are the same as well, as far as any is said,
gets the same answer. The rules stay the one definition: whatever is remembered, they said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final, TypeAlias, TypeVar

from attrs import define, field, frozen

from hokensha.dates import CalendarError
from hokensha.engine.keys import Keys
from hokensha.engine.part import Hangs, Part, completed
from hokensha.facts import UNKNOWN, FactValue, Member, Unknown
from hokensha.features import MemberSituation, UnknownFact, step_function
from hokensha.policy import Rulebook
from hokensha.rules import SCHEME_LAST_DAY

Key: TypeAlias = int
K = TypeVar("K")
V = TypeVar("V")
_MOST: Final = 50_000


@frozen(eq=False)
class Answered:
    """A part whose questions are answered.

    Attributes:
        leaf: The answers.
        hangs: The dated facts that what is said hangs on. With each the first day from which on all days come
            to the same; none: every day counts.
        fixed: What is said, where it hangs on no fact.
    """

    part: Part
    leaf: int
    hangs: tuple[tuple[str, date | None], ...]
    fixed: Any = None
    said: dict[tuple[object, ...], Any] = field(factory=dict, init=False)


@frozen(eq=False)
class Met:
    """What the questions came to for the members with one key.

    Attributes:
        answered: Parts that have something to say.
        open: Parts of which that hangs on unknown facts: on their questions, or on days that are said.
        hangs: The dated facts that any of it hangs on, as in :class:`Answered`.
    """

    answered: tuple[Answered, ...]
    open: tuple[Part, ...]
    hangs: tuple[tuple[str, date | None], ...]


@frozen(eq=False)
class Said:
    """What is said of a member.

    Attributes:
        missing: The unknown facts on which that hangs.
        answers: Of each part that has something to say; then it is what all completions share.
    """

    missing: tuple[str, ...]
    answers: Mapping[Part, Any]


@define(eq=False)
class Answering:
    """Some parts of a decision on a day, and what was said of members so far.

    Attributes:
        named: Whether the facts that are missing are wanted by name; see :meth:`Part.answer`.
        wanted: Tells the parts whose answers are wanted; of all others, only which facts they lack.
    """

    rulebook: Rulebook
    parts: tuple[Part, ...]
    on: date
    named: bool = True
    wanted: Callable[[Part], bool] = field(default=lambda _part: True)
    keys: Keys = field(init=False)
    met: dict[Key, Met] = field(factory=dict, init=False)
    said: dict[tuple[object, ...], Said] = field(factory=dict, init=False)

    @keys.default
    def _of_all_parts(self) -> Keys:
        roots = [part.component(self.on).root for part in self.parts]
        read = frozenset[str]().union(*(part.outputs for part in self.parts))
        return Keys.of(self.rulebook.vocabulary, roots, self.on, read)

    def answer(self, member: Member) -> Said:
        """What is said of a member.

        Raises:
            PluginError: A rule raised; the message names it and its plugin.
            CalendarError: A day that is said lies where no holidays are known.
        """
        key = self.keys.key(member.facts)
        met = self.met.get(key) or self.meet(key, member)
        if met.open:
            told = (key, *days(member.facts, met.hangs))
            return self.said.get(told) or _kept(self.said, told, self._completed(met, member))
        return Said((), {each.part: self._finished(each, member) for each in met.answered})

    def meet(self, key: Key, member: Member) -> Met:
        """What the questions come to for all members with a key, of whom this is one."""
        if key in self.met:
            return self.met[key]
        situation = self._situation(member)
        leaves, unanswered = asked(self.parts, situation)
        answered, open_parts, hangs = [], [*unanswered], _Hangs()
        for part, leaf in leaves:
            own = _days_read(self.rulebook, part.hangs(leaf), self.on)
            if any(member.read(fact) is UNKNOWN for fact in part.hangs(leaf).reads(self.rulebook)):
                open_parts.append(part)
                answered.append(Answered(part, leaf, own))
            elif self.wanted(part):
                answered.append(Answered(part, leaf, own, None if own else part.finished(leaf, situation)))
            else:
                continue
            hangs.add(own)
        for part in unanswered:
            hangs.add(_days_read(self.rulebook, part.hangs((1 << len(part.tests)) - 1), self.on))
        if open_parts:
            hangs.add((fact, None) for fact in self._compared(member))
        return _kept(self.met, key, Met(tuple(answered), tuple(open_parts), tuple(hangs.found.items())))

    def _finished(self, each: Answered, member: Member) -> Any:
        if not each.hangs:
            return each.fixed
        told = days(member.facts, each.hangs)
        if told not in each.said:
            _kept(each.said, told, each.part.finished(each.leaf, self._situation(member)))
        return each.said[told]

    def _completed(self, met: Met, member: Member) -> Said:
        leaves = tuple((each.part, each.leaf) for each in met.answered)
        unanswered = tuple(part for part in met.open if part not in dict(leaves))
        return finished((leaves, unanswered), member, self._situation(member), self.parts, named=self.named)

    def _compared(self, member: Member) -> Iterable[str]:
        """Facts that are compared with unknown ones: which completions there are hangs on their very days."""
        for order in self.keys.orders:
            known = [fact for fact in (order.fact, order.base) if member.read(fact) is not UNKNOWN]
            if len(known) == 1:
                yield known[0]

    def _situation(self, member: Member) -> MemberSituation:
        return MemberSituation(self.rulebook.vocabulary, member.facts, self.on)


@define
class _Hangs:
    """What several parts hang on: of what they do not agree on, whatever tells more members apart."""

    found: dict[str, date | None] = field(factory=dict)

    def add(self, further: Iterable[tuple[str, date | None]]) -> None:
        """What a further part hangs on."""
        for fact, beyond in further:
            known = self.found.get(fact, beyond)
            self.found[fact] = None if known is None or beyond is None else max(known, beyond)


def days(
    facts: Mapping[str, FactValue], hangs: Iterable[tuple[str, date | None]]
) -> tuple[FactValue | Unknown, ...]:
    """The days of a member that count, those that come to the same being one."""
    found: list[FactValue | Unknown] = []
    for fact, beyond in hangs:
        value: Any = facts.get(fact, UNKNOWN)
        late = beyond is not None and value is not None and value is not UNKNOWN and value >= beyond
        found.append(None if late else value)
    return tuple(found)


Leaves: TypeAlias = "tuple[tuple[tuple[Part, int], ...], tuple[Part, ...]]"
"""Parts with the answers to their questions, and parts whose questions hang on unknown facts."""


def asked(parts: tuple[Part, ...], situation: MemberSituation) -> Leaves:
    """What the parts' questions come to, by asking the rules."""
    leaves: list[tuple[Part, int]] = []
    unanswered: list[Part] = []
    for part in parts:
        try:
            leaf = part.leaf(situation)
        except UnknownFact:
            unanswered.append(part)
        else:
            if leaf or part.always:
                leaves.append((part, leaf))
    return tuple(leaves), tuple(unanswered)


def finished(
    leaves: Leaves,
    member: Member,
    situation: MemberSituation,
    parts: tuple[Part, ...],
    *,
    named: bool = True,
) -> Said:
    """What is said in the end, of parts whose questions are answered or open."""
    answered, open_parts = leaves
    answers: dict[Part, Any] = {}
    unanswered = list(open_parts)
    for part, leaf in answered:
        try:
            answers[part] = part.finished(leaf, situation)
        except UnknownFact:
            unanswered.append(part)
    if not unanswered:
        return Said((), answers)
    rulebook = unanswered[0].rulebook
    found, missing = completed(rulebook, tuple(unanswered), member, situation.day, named=named)
    answers.update(zip(unanswered, found, strict=True))
    return Said(missing, {part: answers[part] for part in parts if part in answers})


def _kept(memory: dict[K, V], key: K, value: V) -> V:
    if len(memory) >= _MOST:
        memory.clear()
    memory[key] = value
    return value


@lru_cache(maxsize=4096)
def _days_read(rulebook: Rulebook, hangs: Hangs, on: date) -> tuple[tuple[str, date | None], ...]:
    """Each fact whose value counts, with the day from which on all values come to the same."""
    catalogue = rulebook.catalogue  # what is no day stands in the key as it is
    found: dict[str, date | None] = {f: None for f in sorted(hangs.facts) if catalogue[f].kind == "day"}
    if hangs.ends:
        latest = _latest(rulebook, hangs.ends, on)
        for fact in rulebook.figures.facts(SCHEME_LAST_DAY):
            if fact not in found and catalogue[fact].kind == "day":
                found[fact] = _first_beyond(rulebook, fact, latest, on)
    return tuple(found.items())


def _latest(rulebook: Rulebook, ends: tuple[str, ...], on: date) -> date | None:
    """The latest day that some ends can state; none if they hang on facts, or lie where no holidays are known."""
    if any(rulebook.figures.facts(name) for name in ends):
        return None
    latest = date.min
    for name in ends:
        try:
            value = rulebook.figures.evaluate(name, {}.__getitem__, on, base=on)
        except CalendarError:
            return None
        if value is not None:
            latest = max(filter(None, (latest, value.last(), *value.alternatives)))
    return latest


def _first_beyond(rulebook: Rulebook, fact: str, latest: date | None, on: date) -> date | None:
    """From which day of a fact on the last day in the scheme cuts nothing, whatever that fact is; if known."""
    figures = rulebook.figures
    versions = [version for name in figures.parts(SCHEME_LAST_DAY) for version in figures[name]]
    if latest is None or any(v.when or v.period or v.bands() or v.on_business_days() for v in versions):
        return None

    def beyond(day: date | Unknown | None) -> bool:
        read: Mapping[str, FactValue] = {} if isinstance(day, Unknown) else {fact: day}
        end = figures.evaluate(SCHEME_LAST_DAY, read.get, on)
        last = end.last() if end else None
        return last is None or last >= latest

    steps = step_function(beyond, ())
    return steps.cuts[0] if steps.values == (False, True) else None
