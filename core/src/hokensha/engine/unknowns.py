"""What unknown facts leave open of a part for all members of one shape, once for all of them.

The exact search goes through one member's completions. Most of what it finds does not hang on the member's
very days, and is found here for a whole shape: which facts the questions lack hangs on what is left of their
diagram, and on how known days turn; and that a day which is said varies with an unknown fact can mostly be
told from the ends of the classes in which the known days lie, since date rules are monotone. What can not be
told so is left to the exact search, member by member.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date, timedelta
from itertools import combinations, product
from math import comb, prod
from typing import Any, Final, TypeVar, cast

from attrs import define, evolve, field, frozen

from hokensha.dates import EARLIEST, LATEST, DayValue, Read
from hokensha.engine.keys import Axis
from hokensha.engine.part import Part
from hokensha.engine.shapes import Digits, Facts, Shape, Shapes, kept
from hokensha.facts import UNKNOWN, FactValue, Member
from hokensha.features import MemberSituation, UnknownFact
from hokensha.partial import Completions, Component, Node, missing_facts
from hokensha.rules import SCHEME_LAST_DAY, DocumentState, Issuance

NEAR: Final = (date(1900, 1, 1), date(2899, 12, 31))
"""Days beyond these are looked at one by one: they lie too near to where all days end."""
V = TypeVar("V")
_MOST: Final = 200_000
_MOST_WAYS: Final = 5_000
"""So many ways in which unknown facts may be are tried at most; the exact search is quicker beyond that."""


@frozen
class Lacking:
    """What is missing for a part, for all members of one shape whose days are near.

    Attributes:
        leaves: The answers to the part's questions that are possible.
        facts: The facts that are missing.
        certain: Whether that is all; if not, it hangs on the member's very days.
        group: Which members these are.
    """

    leaves: frozenset[int]
    facts: frozenset[str] = frozenset()
    certain: bool = True
    group: Hashable = None


def _leaf(component: Component) -> Callable[[Any, Read], Hashable]:
    """The answers to the questions themselves; a rule that raised, raises."""

    def finish(leaf: Any, read: Read) -> Hashable:
        return leaf if isinstance(leaf, int) else component.finish(leaf, read)

    return finish


@define(eq=False)
class Unknowns:
    """What unknown facts leave open of some parts on a day."""

    shapes: Shapes
    _searched: dict[Hashable, Lacking] = field(factory=dict, init=False)
    _lacking: dict[Hashable, Lacking] = field(factory=dict, init=False)
    _days: dict[Hashable, Any] = field(factory=dict, init=False)

    def lacking(self, shape: Shape, turns: Hashable, member: Member) -> Lacking:
        """What a part lacks, for all members of one shape whose days turn alike.

        Args:
            shape: That of a part that hangs on unknown facts.
            turns: How their days turn.
            member: One of those members.
        """
        part = shape.part
        told: tuple[Hashable, ...] = (part, shape.left, shape.compared, turns)
        asked = self._searched.get(told) or kept(
            self._searched, told, self._search(part, shape.left, member), _MOST
        )
        if not part.outputs:
            return evolve(asked, group=told)
        days = _Days(part, self.shapes.outputs[part], shape.places, member, self.shapes.on, self._days)
        told += days.told(asked.leaves)
        return self._lacking.get(told) or kept(
            self._lacking, told, evolve(days.lacking(asked), group=told), _MOST
        )

    def _search(self, part: Part, left: Node, member: Member) -> Lacking:
        """What a part's questions lack; those of one that says no days may differ and still say the same."""
        if left.variable is None:
            return Lacking(frozenset((left.leaf,)))
        on, vocabulary = self.shapes.on, self.shapes.rulebook.vocabulary
        asked = evolve(part.component(on), root=left, outputs=frozenset(), output_cuts={})
        plain = evolve(asked, finish=_leaf(asked))  # a rule that raises does so here
        completions = Completions(vocabulary, member, on, (plain,))
        leaves = frozenset(cast("Iterator[int]", completions.answers(plain)))
        if not part.outputs and len(leaves) > 1:
            completions, plain = Completions(vocabulary, member, on, (asked,)), asked
        return Lacking(leaves, frozenset(missing_facts(completions, plain)))


@define(eq=False)
class _Days:
    """The days that a part says of the members of one shape: of the earliest and the latest of each class.

    Attributes:
        axes: Of the facts that are read for what is said.
        places: Their digits.
        memory: What was found out of answers, by the digits of the facts that they read.
        first: The earliest day of each fact's class, or what the fact is if it is no day.
        last: The latest.
    """

    part: Part
    axes: tuple[Axis, ...]
    places: Digits
    member: Member
    on: date
    memory: dict[Hashable, Any]
    first: dict[str, FactValue] = field(factory=dict, init=False)
    last: dict[str, FactValue] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        for axis, place in zip(self.axes, self.places, strict=True):
            value = self.member.read(axis.fact)
            if value is UNKNOWN:
                continue
            self.first[axis.fact] = self.last[axis.fact] = value
            if isinstance(value, date):
                starts = (NEAR[0], *axis.cuts)
                ends = (*(cut - timedelta(days=1) for cut in axis.cuts), NEAR[1])
                self.first[axis.fact] = max(starts[place], NEAR[0])
                self.last[axis.fact] = min(ends[place], NEAR[1])

    def told(self, leaves: Iterable[int]) -> tuple[tuple[str, int], ...]:
        """The digits of the facts that are read for what these answers come to."""
        read = frozenset[str]().union(*map(self._read, leaves))
        return tuple([(a.fact, p) for a, p in zip(self.axes, self.places, strict=True) if a.fact in read])

    def _once(self, find: Callable[..., V], *leaves: int) -> V:
        """What is found of answers, for all members with the same digits of the facts that these read."""
        told = (self.part, leaves, self.told(leaves))
        if told not in self.memory:
            kept(self.memory, told, find(*leaves), _MOST)
        found: V = self.memory[told]
        return found

    def lacking(self, asked: Lacking) -> Lacking:
        """What is missing, from what the questions lack."""
        if not self.all_differ(asked.leaves):
            return evolve(asked, facts=frozenset(), certain=False)
        varying_each = [self.varying(leaf, asked.facts) for leaf in asked.leaves]
        known = [facts for facts in varying_each if facts is not None]
        return evolve(asked, facts=asked.facts.union(*known), certain=len(known) == len(varying_each))

    def all_differ(self, leaves: Iterable[int]) -> bool:
        """Whether different answers to the questions come to different words, whatever the days are.

        It is taken not to be so where more ways than a few would have to be looked at.
        """
        ways = prod(len(self._ends(fact)) for fact in self._unknown(*leaves))
        if comb(len(frozenset(leaves)), 2) * ways > _MOST_WAYS:
            return False
        return all(self._once(self._differ, *pair) for pair in combinations(sorted(leaves), 2))

    def _unknown(self, *leaves: int) -> list[str]:
        """The unknown facts that are read for what these answers come to."""
        return sorted(frozenset[str]().union(*map(self._read, leaves)) - self.first.keys())

    def _differ(self, one: int, other: int) -> bool:
        if not self._plain(one) or not self._plain(other):
            return False
        unknown = self._unknown(one, other)
        choices = [self._ends(fact) for fact in unknown]
        for known in (self.first, self.last):
            for chosen in product(*choices):
                facts = {**known, **dict(zip(unknown, chosen, strict=True))}
                if not _apart(self._said(one, facts), self._said(other, facts)):
                    return False
        return True

    def varying(self, leaf: int, but: frozenset[str]) -> frozenset[str] | None:
        """The unknown facts with which the day varies that is said, others than some that are missing anyway.

        None, if that hangs on the member's very days.
        """
        unknown = self._read(leaf) - self.first.keys()
        if not unknown - but:
            return frozenset()
        if unknown & but:  # what decides which leaf it is may not be just any day
            return None
        return self._once(self._all_varying, leaf)

    def _all_varying(self, leaf: int) -> frozenset[str] | None:
        unknown = self._read(leaf) - self.first.keys()
        if not self._plain(leaf):
            return None
        found = {fact: self._varies(leaf, fact, sorted(unknown - {fact})) for fact in sorted(unknown)}
        return None if None in found.values() else frozenset(fact for fact, varies in found.items() if varies)

    def _varies(self, leaf: int, fact: str, others: list[str]) -> bool | None:
        """Whether a day varies with a fact, whatever known days are; none if that can not be told."""
        given = {other: self._ends(other)[-1] for other in others}
        first, last = {**self.first, **given}, {**self.last, **given}
        if self._silent(leaf, first) and self._silent(leaf, last):
            return None if others else False
        early, *late = self._ends(fact)
        lowest = self._said(leaf, {**first, fact: early})
        if lowest != self._said(leaf, {**last, fact: early}):
            return None
        least = _day(lowest)
        for each in late:
            further = [_day(self._said(leaf, {**known, fact: each})) for known in (first, last)]
            if least is not None and all(day is None or day > least for day in further):
                return True
        return None

    def _silent(self, leaf: int, facts: Facts) -> bool:
        """Whether no unknown fact is read at all."""
        try:
            self._said(leaf, facts)
        except UnknownFact:
            return False
        return True

    def _said(self, leaf: int, facts: Facts) -> Any:
        return self.part.finished(leaf, MemberSituation(self.part.rulebook.vocabulary, facts, self.on))

    def _ends(self, fact: str) -> tuple[FactValue, ...]:
        """The first day of a fact that is not known, and the last, or none."""
        known = self.part.rulebook.catalogue[fact]
        if known.kind != "day":
            values: tuple[FactValue, ...] = (False, True) if known.kind == "boolean" else known.values
            return (*values, None) if known.nullable else values
        return (EARLIEST, LATEST, None) if known.nullable else (EARLIEST, LATEST)

    def _read(self, leaf: int) -> frozenset[str]:
        told = self.part, leaf
        if told not in self.memory:
            read = self.part.hangs(leaf).all_facts(self.part.rulebook.figures)
            kept(self.memory, told, read, _MOST)
        found: frozenset[str] = self.memory[told]
        return found

    def _plain(self, leaf: int) -> bool:
        """Whether what is said follows the days that are read, without a turn: then its ends tell all."""
        figures, hangs = self.part.rulebook.figures, self.part.hangs(leaf)
        names = (*hangs.figures, *([SCHEME_LAST_DAY] if hangs.ends else []))
        versions = [version for name in names for version in figures.simple(name)]
        dated = all(figures_of.period is None and not figures_of.bands() for figures_of in versions)
        return dated and not hangs.on_business_days(figures)


def _apart(one: Any, other: Any) -> bool:
    """Whether two answers differ in more than days: that is, whatever the days are."""
    if one is None or other is None:
        return one is not other
    if isinstance(one, Issuance) and isinstance(other, Issuance):
        return frozenset(one.cites) != frozenset(other.cites)
    if isinstance(one, DocumentState) and isinstance(other, DocumentState):
        return one.valid is not other.valid
    return isinstance(one, DayValue) and isinstance(other, DayValue) and one.modality is not other.modality


def _day(answer: Any) -> date | None:
    """The day that an answer states."""
    value = answer.valid_until if isinstance(answer, DocumentState) else answer
    return (value.last() or value.latest) if isinstance(value, DayValue) else None
