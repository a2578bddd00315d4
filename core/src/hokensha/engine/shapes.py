"""What each part of a decision hangs on: of all that a key tells, the part's own digits, and no more.

Keys are as many as the digits of all parts together let there be. One part asks for few of them, and once the
known facts are followed down its diagram, fewer still matter: what is left of that, where known days lie
that it compares with unknown ones, and what is read for what is said in the end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from operator import itemgetter
from typing import Any, Final, TypeAlias, TypeVar, cast

from attrs import define, field, frozen

from hokensha.engine.keys import Axis, Keys, of_the_day
from hokensha.engine.part import Part
from hokensha.engine.ways import Ways, is_open, ways_of
from hokensha.facts import UNKNOWN, FactValue, Member
from hokensha.features import MemberSituation, Order, Steps
from hokensha.partial import Node, Raised, Variable, nodes, seen_on, variables
from hokensha.policy import Rulebook

Facts: TypeAlias = Mapping[str, FactValue]
Digits: TypeAlias = tuple[int, ...]
"""The digits of a key, or some of them."""
Turn: TypeAlias = tuple[Hashable, ...]
K = TypeVar("K")
V = TypeVar("V")
_DAY: Final = timedelta(days=1)
_MOST: Final = 200_000


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


@frozen(eq=False)
class _Asked:
    """What answers a variable.

    Attributes:
        places: Of the digits that do.
        digits: Those of a key.
        values: For each way in which they stand, the place of the variable's value; none if that is unknown.
    """

    places: Digits
    digits: Callable[[Digits], Any] = field(init=False)
    values: dict[Any, int | None] = field(factory=dict, init=False)

    @digits.default
    def _in_places(self) -> Callable[[Digits], Any]:
        return itemgetter(*self.places)


@define(eq=False)
class Shapes:
    """What some parts hang on, on a day.

    Attributes:
        roots: The diagram of each part's questions, as far as it does not hang on the day alone.
        keys: What tells members apart.
        named: Whether the facts that are missing are wanted by name.
        further: Parts of which only the questions are asked.
        outputs: The axes of the facts that are read for what each part says in the end.
        ways: In which ways facts can be seen, if nobody wants those that are missing by name.
    """

    rulebook: Rulebook
    parts: Iterable[Part]
    on: date
    named: bool = True
    further: tuple[Part, ...] = ()
    roots: Mapping[Part, Node] = field(init=False)
    keys: Keys = field(init=False)
    outputs: Mapping[Part, tuple[Axis, ...]] = field(init=False)
    ways: Ways | None = field(init=False)
    _raising: frozenset[Part] = field(init=False)
    _axes: Mapping[str, int] = field(init=False)
    _asked: Mapping[Variable, _Asked] = field(init=False)
    _asking: dict[Node, Callable[[Digits], Any]] = field(factory=dict, init=False)
    _orders: dict[Node, tuple[Variable, ...]] = field(factory=dict, init=False)
    _left: dict[tuple[Node, Any], Node] = field(factory=dict, init=False)
    _compared: dict[Hashable, tuple[Compared, ...]] = field(factory=dict, init=False)
    _turns: dict[tuple[Compared, FactValue], Turn] = field(factory=dict, init=False)

    @roots.default
    def _of_the_day(self) -> Mapping[Part, Node]:
        diagrams = self.rulebook.diagrams
        every = (*self.parts, *self.further)
        return {part: of_the_day(diagrams, part.component(self.on).root, self.on) for part in every}

    @keys.default
    def _of_all_parts(self) -> Keys:
        read = frozenset[str]().union(*(part.outputs for part in self.parts))
        return Keys.of(self.rulebook.vocabulary, self.roots.values(), self.on, read)

    @outputs.default
    def _of_parts(self) -> Mapping[Part, tuple[Axis, ...]]:
        return {part: tuple(a for a in self.keys.axes if a.fact in part.outputs) for part in self.roots}

    @ways.default
    def _where_nothing_is_named(self) -> Ways | None:
        return None if self.named else ways_of(self.rulebook.vocabulary, self.roots.values(), self.on)

    @_raising.default
    def _of_roots(self) -> frozenset[Part]:
        roots = self.roots.items()
        return frozenset(part for part, root in roots if any(map(_raised, nodes([root]))))

    @_axes.default
    def _of_facts(self) -> Mapping[str, int]:
        return {axis.fact: place for place, axis in enumerate(self.keys.axes)}

    @_asked.default
    def _of_variables(self) -> Mapping[Variable, _Asked]:
        every = variables(self.roots.values())
        pairs = (variable for variable in every if len(variable.facts) == 2)
        orders = {variable: (place,) for place, variable in enumerate(pairs, len(self.keys.axes))}
        return {v: _Asked((*(self._axes[fact] for fact in v.facts), *orders.get(v, ()))) for v in every}

    def _places(self, root: Node) -> set[int]:
        """The places of the digits that a diagram asks for."""
        return {place for variable in variables([root]) for place in self._asked[variable].places}

    def hanging(self, part: Part) -> Digits:
        """The places of the digits that a part's shape hangs on."""
        outputs = (self._axes[axis.fact] for axis in self.outputs[part])
        return tuple(sorted(self._places(self.roots[part]).union(outputs)))

    def asking(self, part: Part) -> Callable[[Digits], Any]:
        """What takes out of a key's digits those that a part hangs on."""
        places = self.hanging(part)
        return itemgetter(*places) if places else lambda _: ()

    def shape(self, part: Part, digits: Digits, member: Callable[[], Member]) -> Shape:
        """What a part hangs on of members with a key.

        Args:
            part: The part.
            digits: Those of the key.
            member: One of those members; asked for only if these digits are new.
        """
        try:
            left = self.left(part, digits, member)
        except Exception:  # an atom that lacks a code, and the like: asked directly, the rule is named
            part.leaf(MemberSituation(self.rulebook.vocabulary, member().facts, self.on))
            raise
        places = tuple([digits[self._axes[axis.fact]] for axis in self.outputs[part]])
        open_ = left.variable is not None and not self.is_undetermined(part, left)
        return Shape(part, left, self._compares(left, digits) if open_ else (), places)

    def is_undetermined(self, part: Part, left: Node) -> bool:
        """Whether it is clear, without naming a fact, that something may be said of a part, or nothing.

        A document is owed as soon as any of its questions is answered with yes; other parts are not asked.
        """
        if self.ways is None or part.kind != "issuance" or part in self._raising:
            return False
        return is_open(self.ways, left)

    def left(self, part: Part, digits: Digits, member: Callable[[], Member]) -> Node:
        """What is left of a part's diagram for members with a key; see :meth:`shape`."""
        return self._followed(self.roots[part], digits, member)

    def _followed(self, node: Node, digits: Digits, member: Callable[[], Member]) -> Node:
        """What is left of a diagram once the known facts are followed."""
        while node.variable is not None:
            asked = self._asked[node.variable]
            stand = asked.digits(digits)
            if stand not in asked.values:
                asked.values[stand] = self._index(node.variable, member())
            index = asked.values[stand]
            if index is None:
                break
            node = node.children[index]
        if node.variable is None:
            return node
        if node not in self._asking:
            self._asking[node] = itemgetter(*sorted(self._places(node)))
        told = node, self._asking[node](digits)
        if told not in self._left:
            children = tuple(self._followed(child, digits, member) for child in node.children)
            return kept(self._left, told, self.rulebook.diagrams.node(node.variable, children), _MOST)
        return self._left[told]

    def _index(self, variable: Variable, member: Member) -> int | None:
        """The place of a variable's value among its feature's; none if a fact of it is unknown."""
        values = [member.read(fact) for fact in variable.facts]
        if UNKNOWN in values:
            return None
        vocabulary = self.rulebook.vocabulary
        classify = vocabulary.atoms.classifier(variable.feature, seen_on(vocabulary, variable, self.on))
        return variable.feature.values.index(classify(*values))

    def _compares(self, left: Node, digits: Digits) -> tuple[Compared, ...]:
        """The known facts that what is left of a diagram compares with unknown ones."""
        if left not in self._orders:
            self._orders[left] = tuple(each for each in variables([left]) if len(each.facts) == 2)
        orders, axes = self._orders[left], self.keys.axes
        facts = [self._axes[fact] for order in orders for fact in order.facts]
        unknown = tuple([axes[place].is_unknown(digits[place]) for place in facts])
        if (orders, unknown) not in self._compared:
            which = {axes[place].fact for place, is_unknown in zip(facts, unknown, strict=True) if is_unknown}
            kept(self._compared, (orders, unknown), tuple(_compared(orders, which)), _MOST)
        return self._compared[orders, unknown]

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
            axis = self.keys.axes[self._axes[compared.unknown]]
            borders = sorted({*axis.cuts, self.on, self.on + _DAY})
            moving = self._moving(compared, known)
            places = ((bisect_left(borders, day), day in borders) for day in moving.cuts)
            return kept(self._turns, told, (*places, *moving.values, moving.none), _MOST)
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


def _raised(node: Node) -> bool:
    return isinstance(node.leaf, Raised)


def _compared(orders: tuple[Variable, ...], unknown: set[str]) -> Iterator[Compared]:
    """The known facts that orders compare with unknown ones."""
    linked = {fact for order in orders if unknown.issuperset(order.facts) for fact in order.facts}
    for order in orders:
        for one, other in (order.facts, order.facts[::-1]):
            if one not in unknown and other in unknown:
                yield Compared(order, one, other, other not in linked)


def kept(memory: dict[K, V], key: K, value: V, most: int) -> V:
    """Remember something; where that would be too much, all else is forgotten."""
    if len(memory) >= most:
        memory.clear()
    memory[key] = value
    return value
