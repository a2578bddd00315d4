"""Every way in which unknown facts could complete a member, without going through them one by one.

A fact that is not known is given finitely many *candidates*: each code, none where none is an answer, and
for a day enough days to tell apart whatever the policy could tell apart on the day asked. A walk down a
diagram keeps, for each unknown fact, the set of candidates that fit the answers so far (a bit mask).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeAlias

from attrs import define, field, frozen

from hokensha.candidates import candidates_of
from hokensha.diagram import Node, Variable
from hokensha.facts import FactValue, Member, Unknown
from hokensha.figures import Read
from hokensha.situation import UnknownFact, Vocabulary

Masks: TypeAlias = "dict[str, int]"
Finish: TypeAlias = Callable[[Any, Read], Hashable]
"""From a diagram's answer and the raw facts to what is said in the end, days included."""


@frozen(eq=False)
class Component:
    """One part of a decision: a diagram, and how its answers are finished with days.

    Attributes:
        root: The diagram.
        finish: Adds what depends on raw facts.
        outputs: The facts that ``finish`` may read.
        output_cuts: For a dated output fact, where finishing it may jump (period borders of figures).
    """

    root: Node
    finish: Finish
    outputs: frozenset[str] = frozenset()
    output_cuts: Mapping[str, tuple[date, ...]] = field(factory=dict)


@define(eq=False)
class Completions:
    """The completions of one member's unknown facts on one day.

    Attributes:
        vocabulary: The policy's features.
        member: What is known.
        day: The day asked.
        components: All that will be asked about: their atoms say which days have to be told apart.
    """

    vocabulary: Vocabulary
    member: Member
    day: date
    components: tuple[Component, ...]
    candidates: dict[str, tuple[FactValue, ...]] = field(init=False)
    _masks: dict[tuple[object, ...], tuple[int, ...]] = field(factory=dict, init=False)
    _days: dict[str, date] = field(factory=dict, init=False)
    _compared: Counter[str] = field(factory=Counter, init=False)
    """How many questions compare a fact with another: going through its days answers them all."""

    def __attrs_post_init__(self) -> None:
        self.candidates = candidates_of(self)
        for variable in self.variables():
            if len(variable.facts) > 1:
                self._compared.update(variable.facts)

    def variables(self) -> list[Variable]:
        """Every variable of the components, once."""
        found: dict[Variable, None] = {}
        seen: set[Node] = set()
        stack = [component.root for component in self.components]
        while stack:
            node = stack.pop()
            if node not in seen and node.variable is not None:
                seen.add(node)
                found[node.variable] = None
                stack.extend(node.children)
        return list(found)

    def day_of(self, variable: Variable) -> date:
        """The day on which a variable sees its facts."""
        if not variable.at:
            return self.day
        if variable.at not in self._days:
            self._days[variable.at] = self.vocabulary.fixed_day(variable.at, self.day)
        return self._days[variable.at]

    def answers(self, component: Component) -> Iterator[Hashable]:
        """Everything that some completion makes of a component, each answer once."""
        found: set[Hashable] = set()
        seen: set[tuple[object, ...]] = set()
        stack = [(component.root, self._all(component))]
        while stack:
            node, masks = stack.pop()
            key = (node, *_relevant(masks, node.support | component.outputs))
            if key in seen:
                continue
            seen.add(key)
            if node.variable is not None:
                stack.extend((node.children[i], m) for i, m in self._branches(node.variable, masks))
                continue
            for answer in self._finished(component, node.leaf, masks):
                if answer not in found:
                    found.add(answer)
                    yield answer

    def missing(self, component: Component, found: Container[str] = ()) -> Iterator[str]:
        """Each unknown fact in which alone two completions can differ and be answered differently.

        Facts ``found`` to be missing already are not asked about again.
        """
        every = self._all(component)
        for fact in every:
            if fact not in found and self._differs(component, fact, every):
                yield fact

    def _all(self, component: Component) -> Masks:
        facts = component.root.support | component.outputs
        return {fact: (1 << len(c)) - 1 for fact, c in self.candidates.items() if fact in facts}

    def _value(self, fact: str, masks: Masks) -> FactValue | Unknown:
        """The value of a fact if it is known, or if one candidate only is left of it."""
        mask = masks.get(fact)
        if mask is None:
            return self.member.read(fact)
        if mask & (mask - 1):
            return Unknown.UNKNOWN
        return self.candidates[fact][mask.bit_length() - 1]

    def _branches(self, variable: Variable, masks: Masks) -> Iterator[tuple[int, Masks]]:
        """The values that a variable can still have, each with the candidates that give it."""
        open_facts = [f for f in variable.facts if self._value(f, masks) is Unknown.UNKNOWN]
        if len(open_facts) == 2:  # an order of two unknown days: go through the days of one of them
            hub = max(open_facts, key=lambda fact: self._compared[fact])
            for single in _bits(masks[hub]):
                yield from self._branches(variable, {**masks, hub: single})
        elif open_facts:
            fact = open_facts[0]
            for index, mask in enumerate(self._split(variable, fact, masks)):
                if mask & masks[fact]:
                    yield index, {**masks, fact: mask & masks[fact]}
        else:
            values = tuple(self._value(f, masks) for f in variable.facts)
            classify = self.vocabulary.atoms.classifier(variable.feature, self.day_of(variable))
            yield variable.feature.values.index(classify(*values)), masks

    def _split(self, variable: Variable, fact: str, masks: Masks) -> tuple[int, ...]:
        """For each value of a variable, the candidates of its one open fact that give it."""
        others = tuple(None if f == fact else self._value(f, masks) for f in variable.facts)
        key = (variable, fact, others)
        if key not in self._masks:
            classify = self.vocabulary.atoms.classifier(variable.feature, self.day_of(variable))
            split = [0] * len(variable.feature.values)
            for i, candidate in enumerate(self.candidates[fact]):
                values = (candidate if f == fact else o for f, o in zip(variable.facts, others, strict=True))
                split[variable.feature.values.index(classify(*values))] |= 1 << i
            self._masks[key] = tuple(split)
        return self._masks[key]

    def _finished(self, component: Component, leaf: Any, masks: Masks) -> Iterator[Hashable]:
        try:
            yield component.finish(leaf, self._reader(masks))
            return
        except UnknownFact as unknown:
            fact = unknown.fact
        for single in _bits(masks[fact]):
            yield from self._finished(component, leaf, {**masks, fact: single})

    def _differs(self, component: Component, fact: str, every: Masks) -> bool:
        """Whether two completions that differ in ``fact`` alone are answered differently.

        Two copies of the diagram are walked at once. They share the candidates of every other fact, and
        each has its own candidates of this one.
        """
        seen: set[tuple[object, ...]] = set()
        full = every[fact]
        stack = [(component.root, component.root, every, full, full)]
        while stack:
            one, other, masks, first, second = stack.pop()
            if one is other and fact not in one.support and fact not in component.outputs:
                continue
            support = one.support | other.support | component.outputs
            key = (one, other, first, second, *_relevant(masks, support - {fact}))
            if key in seen:
                continue
            seen.add(key)
            variable = min(
                (n.variable for n in (one, other) if n.variable), key=lambda v: v.rank, default=None
            )
            if variable is None:
                if self._leaves_differ(component, fact, one, other, masks, first, second):
                    return True
            else:
                stack.extend(self._both(variable, fact, one, other, masks, first, second))
        return False

    def _both(
        self, variable: Variable, fact: str, one: Node, other: Node, masks: Masks, first: int, second: int
    ) -> Iterator[tuple[Node, Node, Masks, int, int]]:
        """One step of both copies: apart on the fact that may differ, together on all others."""
        open_others = [f for f in variable.facts if f != fact and self._value(f, masks) is Unknown.UNKNOWN]
        if fact in variable.facts:
            for shared in self._fixed(open_others, masks):
                ones = list(self._branches(variable, {**shared, fact: first}))
                others = list(self._branches(variable, {**shared, fact: second}))
                for i, left in ones if one.variable is variable else [(0, {fact: first})]:
                    for j, right in others if other.variable is variable else [(0, {fact: second})]:
                        yield (
                            _step(one, variable, i),
                            _step(other, variable, j),
                            shared,
                            left[fact],
                            right[fact],
                        )
        else:
            for i, narrowed in self._branches(variable, masks):
                yield _step(one, variable, i), _step(other, variable, i), narrowed, first, second

    def _fixed(self, facts: Iterable[str], masks: Masks) -> Iterator[Masks]:
        rest = list(facts)
        if not rest:
            yield masks
            return
        for single in _bits(masks[rest[0]]):
            yield from self._fixed(rest[1:], {**masks, rest[0]: single})

    def _leaves_differ(
        self, component: Component, fact: str, one: Node, other: Node, masks: Masks, first: int, second: int
    ) -> bool:
        try:
            left = self._over(component, one.leaf, masks, fact, first)
            right = self._over(component, other.leaf, masks, fact, second)
        except UnknownFact as unknown:
            shared = unknown.fact
            return any(
                self._leaves_differ(component, fact, one, other, {**masks, shared: single}, first, second)
                for single in _bits(masks[shared])
            )
        return len(left | right) > 1

    def _over(self, component: Component, leaf: Any, masks: Masks, fact: str, mask: int) -> set[Hashable]:
        """What finishing makes of a leaf over the candidates of one fact; other unknown facts are raised."""
        try:
            return {component.finish(leaf, self._reader({**masks, fact: mask}))}
        except UnknownFact as unknown:
            if unknown.fact != fact:
                raise
        return set().union(*(self._over(component, leaf, masks, fact, single) for single in _bits(mask)))

    def _reader(self, masks: Masks) -> Read:
        def read(fact: str) -> FactValue:
            value = self._value(fact, masks)
            if value is Unknown.UNKNOWN:
                raise UnknownFact(fact)
            return value

        return read


def _step(node: Node, variable: Variable, index: int) -> Node:
    return node.children[index] if node.variable is variable else node


def _bits(mask: int) -> Iterator[int]:
    while mask:
        single = mask & -mask
        yield single
        mask ^= single


def _relevant(masks: Masks, support: frozenset[str]) -> tuple[int, ...]:
    return tuple(mask for fact, mask in masks.items() if fact in support)
