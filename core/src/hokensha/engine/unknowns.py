"""What unknown facts leave open for all members with one key, once for all of them.

The exact search goes through one member's completions. Most of what it finds does not hang on the member's
very days, and is found here for a whole key: a part's questions hang on some of its facts alone, and few
combinations of their digits occur; and that a day which is said varies with an unknown fact can mostly be
told from the ends of the classes in which the known days lie, since date rules are monotone. What can not be
told so is left to the exact search, member by member.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import combinations, product
from typing import Any, Final, TypeAlias, cast

from attrs import define, evolve, field, frozen

from hokensha.dates import EARLIEST, LATEST, DayValue, Read
from hokensha.engine.keys import Keys, of_the_day
from hokensha.engine.part import Part
from hokensha.facts import UNKNOWN, FactValue, Member
from hokensha.features import MemberSituation, Order, Steps, UnknownFact
from hokensha.partial import Completions, Component, Node, Variable, missing_facts, seen_on, variables
from hokensha.policy import Rulebook
from hokensha.rules import SCHEME_LAST_DAY, DocumentState, Issuance

NEAR: Final = (date(1900, 1, 1), date(2899, 12, 31))
"""Days beyond these are looked at one by one: they lie too near to where all days end."""
Facts: TypeAlias = Mapping[str, FactValue]
_DAY: Final = timedelta(days=1)
_MOST: Final = 200_000


@frozen
class Lacking:
    """What is missing for a part, for all members of one shape whose days are near.

    Attributes:
        leaves: The answers to the part's questions that are possible.
        facts: The facts that are missing.
        certain: Whether that is all; if not, it hangs on the member's very days.
    """

    leaves: frozenset[int]
    facts: frozenset[str] = frozenset()
    certain: bool = True


def _leaf(component: Component) -> Callable[[Any, Read], Hashable]:
    """The answers to the questions themselves; a rule that raised, raises."""

    def finish(leaf: Any, read: Read) -> Hashable:
        return leaf if isinstance(leaf, int) else component.finish(leaf, read)

    return finish


@frozen
class Compared:
    """A fact that is known, or known to be none, compared with one that is not.

    Attributes:
        order: The atom that compares them, on the day asked or as of another.
        known: The one.
        unknown: The other.
        alone: Whether the unknown one is compared with known ones only.
    """

    order: Variable
    known: str
    unknown: str
    alone: bool


Digits: TypeAlias = tuple[int, ...]
"""The digits of a key, or as many of them as follow each other from the first on."""
Turn: TypeAlias = tuple[Hashable, ...]


@frozen(cache_hash=True)
class Shape:
    """What a part hangs on of a member, but for days: far fewer than there are keys.

    Attributes:
        left: What is left of the part's diagram once the known facts are followed.
        compared: The known facts that this compares with unknown ones.
        places: The digits of the facts that are read for what is said in the end.
    """

    part: Part
    left: Node
    compared: tuple[Compared, ...]
    places: Digits


@define(eq=False)
class Unknowns:
    """What unknown facts leave open of some parts on a day.

    Attributes:
        further: Diagrams of whatever else the keys have to tell apart.
        roots: The diagram of each part's questions, as far as it does not hang on the day alone.
        keys: What tells members apart.
    """

    rulebook: Rulebook
    parts: Iterable[Part]
    on: date
    further: tuple[Node, ...] = ()
    roots: Mapping[Part, Node] = field(init=False)
    keys: Keys = field(init=False)
    _axes: Mapping[str, int] = field(init=False)
    _asked: Mapping[Variable, Digits] = field(init=False)
    _read: dict[Node, Digits] = field(factory=dict, init=False)
    _values: dict[tuple[Variable, Digits], int | None] = field(factory=dict, init=False)
    _left: dict[tuple[Node, Digits], Node] = field(factory=dict, init=False)
    _compared: dict[Node, tuple[Variable, ...]] = field(factory=dict, init=False)
    _turns: dict[tuple[Compared, FactValue], Turn] = field(factory=dict, init=False)

    @roots.default
    def _of_the_day(self) -> Mapping[Part, Node]:
        diagrams = self.rulebook.diagrams
        return {part: of_the_day(diagrams, part.component(self.on).root, self.on) for part in self.parts}

    @keys.default
    def _of_all_parts(self) -> Keys:
        read = frozenset[str]().union(*(part.outputs for part in self.parts))
        return Keys.of(self.rulebook.vocabulary, self._every_root(), self.on, read)

    def _every_root(self) -> tuple[Node, ...]:
        return (*self.roots.values(), *self.further)

    @_axes.default
    def _of_facts(self) -> Mapping[str, int]:
        return {axis.fact: place for place, axis in enumerate(self.keys.axes)}

    @_asked.default
    def _of_variables(self) -> Mapping[Variable, Digits]:
        """The places of the digits that each variable is answered by."""
        asked = variables(self._every_root())
        pairs = (variable for variable in asked if len(variable.facts) == 2)
        orders = {variable: (place,) for place, variable in enumerate(pairs, len(self.keys.axes))}
        return {v: (*(self._axes[fact] for fact in v.facts), *orders.get(v, ())) for v in asked}

    def hanging(self, part: Part) -> Digits:
        """The places of the digits that a part's shape hangs on."""
        outputs = {self._axes[fact] for fact in part.outputs}
        return tuple(sorted({*self._places(self.roots[part]), *outputs}))

    def shape(self, part: Part, digits: Digits, member: Callable[[], Member]) -> Shape:
        """What a part hangs on of members with a key.

        Args:
            part: The part.
            digits: Those of the key.
            member: One of those members; asked for only if these digits are new.
        """
        left = self._followed(self.roots[part], digits, member)
        places = (digits[place] for fact, place in self._axes.items() if fact in part.outputs)
        return Shape(part, left, self._compares(left, digits), tuple(places))

    def codes(self, shape: Shape) -> tuple[int | None, ...]:
        """What is no day among the facts that are read for what a part says; none in place of a day."""
        axes = [axis for axis in self.keys.axes if axis.fact in shape.part.outputs]
        places = zip(axes, shape.places, strict=True)
        return tuple(None if axis.dated and place < axis.classes else place for axis, place in places)

    def _followed(self, node: Node, digits: Digits, member: Callable[[], Member]) -> Node:
        """What is left of a diagram once the known facts are followed."""
        while node.variable is not None:
            index = self._index(node.variable, digits, member)
            if index is None:
                break
            node = node.children[index]
        if node.variable is None:
            return node
        told = node, tuple([digits[place] for place in self._places(node)])
        if told not in self._left:
            if len(self._left) >= _MOST:
                self._left.clear()
            children = tuple(self._followed(child, digits, member) for child in node.children)
            self._left[told] = self.rulebook.diagrams.node(node.variable, children)
        return self._left[told]

    def _index(self, variable: Variable, digits: Digits, member: Callable[[], Member]) -> int | None:
        """The place of a variable's value among its feature's; none if a fact of it is unknown."""
        told = variable, tuple([digits[place] for place in self._asked[variable]])
        if told not in self._values:
            vocabulary, known = self.rulebook.vocabulary, member()
            values = [known.read(fact) for fact in variable.facts]
            classify = vocabulary.atoms.classifier(variable.feature, seen_on(vocabulary, variable, self.on))
            found = None if UNKNOWN in values else variable.feature.values.index(classify(*values))
            self._values[told] = found
        return self._values[told]

    def _places(self, node: Node) -> Digits:
        """The places of the digits that a diagram asks for."""
        if node not in self._read:
            places = {place for variable in variables([node]) for place in self._asked[variable]}
            self._read[node] = tuple(sorted(places))
        return self._read[node]

    def _compares(self, left: Node, digits: Digits) -> tuple[Compared, ...]:
        """The known facts that what is left of a diagram compares with unknown ones."""
        if left not in self._compared:
            self._compared[left] = tuple(each for each in variables([left]) if len(each.facts) == 2)
        unknown = {
            order: [f for f in order.facts if self.keys.axes[self._axes[f]].is_unknown(digits[self._axes[f]])]
            for order in self._compared[left]
        }
        linked = {fact for facts in unknown.values() if len(facts) == 2 for fact in facts}
        return tuple(
            Compared(order, next(fact for fact in order.facts if fact != one), one, one not in linked)
            for order, (one, *others) in unknown.items()
            if not others
        )

    def lacking(self, shape: Shape, member: Member) -> Lacking:
        """What a part lacks, for all members of one shape whose days turn alike.

        Args:
            shape: That of a part that hangs on unknown facts.
            member: One of those members.
        """
        part, left = shape.part, shape.left
        days = _Days(part, self.keys, member, self.on)
        if left.variable is None:
            varying = days.varying(left.leaf, frozenset())
            return Lacking(frozenset((left.leaf,)), varying or frozenset(), varying is not None)
        asked = part.component(self.on)  # a rule that raises does so here
        asked = evolve(asked, root=left, finish=_leaf(asked), outputs=frozenset(), output_cuts={})
        completions = Completions(self.rulebook.vocabulary, member, self.on, (asked,))
        missing = frozenset(missing_facts(completions, asked))
        leaves = frozenset(cast("Iterator[int]", completions.answers(asked)))
        if not part.outputs:
            return Lacking(leaves, self._without_days(part, member) if len(leaves) > 1 else missing)
        if not days.all_differ(leaves):
            return Lacking(leaves, certain=False)
        varying_each = [days.varying(leaf, missing) for leaf in leaves]
        known = [facts for facts in varying_each if facts is not None]
        return Lacking(leaves, missing.union(*known), len(known) == len(varying_each))

    def _without_days(self, part: Part, member: Member) -> frozenset[str]:
        """What is missing for a part that says no days; other answers to its questions may say the same."""
        asked = part.component(self.on)
        completions = Completions(self.rulebook.vocabulary, member, self.on, (asked,))
        return frozenset(missing_facts(completions, asked))

    def turns(self, compared: tuple[Compared, ...], facts: Facts) -> tuple[Turn, ...]:
        """Where the days of known facts lie, as far as they are compared with facts that are not known.

        An order of two facts turns on some days of the unknown one. Among the days at which anything else
        turns, and among each other, it is their places that count. Where unknown facts are compared with one
        another as well, it is the very days.
        """
        several = len(compared) > 1 and len({each.unknown for each in compared}) < len(compared)
        found = [
            self._turn(each, facts[each.known]) if each.alone else (facts[each.known],) for each in compared
        ]
        if several:
            found.append(self._ranked(compared, facts))
        return tuple(found)

    def _turn(self, compared: Compared, known: FactValue) -> Turn:
        """How an order turns on the days of the unknown fact, and where they lie among all others."""
        told = (compared, known)
        if told not in self._turns:
            if len(self._turns) >= _MOST:
                self._turns.clear()
            axis = self.keys.axes[self._axes[compared.unknown]]
            borders = sorted({*axis.cuts, self.on, self.on + _DAY})
            moving = self._moving(compared, known)
            places = ((bisect_left(borders, day), day in borders) for day in moving.cuts)
            self._turns[told] = (*places, *moving.values, moving.none)
        return self._turns[told]

    def _ranked(self, compared: tuple[Compared, ...], facts: Facts) -> Turn:
        """How the days lie among each other on which several orders turn."""
        cuts = [self._moving(each, facts[each.known]).cuts for each in compared]
        rank = {day: place for place, day in enumerate(sorted({day for each in cuts for day in each}))}
        return tuple(rank[day] for each in cuts for day in each)

    def _moving(self, compared: Compared, known: FactValue) -> Steps:
        order, vocabulary = compared.order, self.rulebook.vocabulary
        day = seen_on(vocabulary, order, self.on)
        return vocabulary.atoms.moving(cast("Order", order.feature), day, compared.unknown, known)


@define(eq=False)
class _Days:
    """The days that a part says of the members with a key: of the earliest and the latest of each class."""

    part: Part
    keys: Keys
    member: Member
    on: date
    first: dict[str, FactValue] = field(factory=dict, init=False)
    last: dict[str, FactValue] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        for axis in self.keys.axes:
            value = self.member.read(axis.fact)
            if value is UNKNOWN or axis.fact not in self.part.outputs:
                continue
            self.first[axis.fact] = self.last[axis.fact] = value
            if isinstance(value, date):
                place = axis.place(value)
                starts = (NEAR[0], *axis.cuts)
                ends = (*(cut - timedelta(days=1) for cut in axis.cuts), NEAR[1])
                self.first[axis.fact] = max(starts[place], NEAR[0])
                self.last[axis.fact] = min(ends[place], NEAR[1])

    def all_differ(self, leaves: Iterable[int]) -> bool:
        """Whether different answers to the questions come to different words, whatever the days are."""
        return all(self._differ(one, other) for one, other in combinations(leaves, 2))

    def _differ(self, one: int, other: int) -> bool:
        if not self._plain(one) or not self._plain(other):
            return False
        unknown = sorted((self._read(one) | self._read(other)) - self.first.keys())
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
        if unknown & but or not self._plain(leaf):  # what decides which leaf it is may not be just any day
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
        return self.part.hangs(leaf).all_facts(self.part.rulebook.figures)

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
    return value.last() if isinstance(value, DayValue) else None
