"""Every way in which unknown facts could complete a member, without going through them one by one.

A fact that is not known is given finitely many *candidates*: each code, none where none is an answer, and
for a day enough days to tell apart whatever the policy could tell apart on the day asked. A walk down a
diagram keeps, for each unknown fact, the set of candidates that fit the answers so far (a bit mask).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterator, Sequence
from datetime import date
from typing import Any, TypeAlias

from attrs import define, evolve, field, frozen

from hokensha.candidates import candidates_of
from hokensha.component import Component, seen_on, variables
from hokensha.diagram import Node, Variable, child, topmost
from hokensha.facts import FactValue, Member, Unknown
from hokensha.figures import Read
from hokensha.situation import UnknownFact, Vocabulary

Masks: TypeAlias = "dict[str, int]"
_WALKS = 400
"""Chance walks before a search through everything; enough for nearly all differences that there are."""
_SMALL = 40
"""So few candidates are searched through sooner than sampled."""


@frozen(eq=False)
class _Pair:
    """Two copies of a walk that share the candidates of every fact but one, of which each has its own."""

    one: Node
    other: Node
    masks: Masks
    first: int
    second: int


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
    _left: dict[Component, Component] = field(init=False)
    _masks: dict[tuple[object, ...], tuple[int, ...]] = field(factory=dict, init=False)
    _days: dict[str, date] = field(factory=dict, init=False)
    _compared: Counter[str] = field(factory=Counter, init=False)
    """How many questions compare a fact with another: going through its days answers them all."""

    def __attrs_post_init__(self) -> None:
        self._left = {each: self._restricted(each) for each in self.components}
        left = tuple(self._left.values())
        self.candidates = candidates_of(self.vocabulary, self.member, self.day, left)
        for variable in variables(left):
            if len(variable.facts) > 1:
                self._compared.update(variable.facts)

    def _restricted(self, component: Component) -> Component:
        """What is left of a component's diagram once the known facts are followed."""
        restricted: dict[Node, Node] = {}
        shared: dict[tuple[object, ...], Node] = {}

        def follow(node: Node) -> Node:
            if node not in restricted:
                restricted[node] = self._followed(node, follow, shared)
            return restricted[node]

        return evolve(component, root=follow(component.root))

    def _followed(
        self, node: Node, follow: Callable[[Node], Node], shared: dict[tuple[object, ...], Node]
    ) -> Node:
        variable = node.variable
        if variable is None:
            return node
        values = [self.member.read(fact) for fact in variable.facts]
        unknown = [fact for fact, v in zip(variable.facts, values, strict=True) if v is Unknown.UNKNOWN]
        if not unknown:
            return follow(node.children[self._index(variable, values)])
        children = tuple(follow(each) for each in node.children)
        if all(each is children[0] for each in children):
            return children[0]
        key = (variable, *children)
        if key not in shared:
            support = frozenset(unknown).union(*(each.support for each in children))
            shared[key] = Node(variable, children, None, support)
        return shared[key]

    def _index(self, variable: Variable, values: Sequence[Any]) -> int:
        """Which of a variable's values the values of its facts give."""
        classify = self.vocabulary.atoms.classifier(variable.feature, self.day_of(variable))
        return variable.feature.values.index(classify(*values))

    def day_of(self, variable: Variable) -> date:
        """The day on which a variable sees its facts."""
        if variable.at not in self._days:
            self._days[variable.at] = seen_on(self.vocabulary, variable, self.day)
        return self._days[variable.at]

    def answers(self, component: Component) -> Iterator[Hashable]:
        """Everything that some completion makes of a component, each answer once."""
        component = self._left[component]
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

    def ways(self, component: Component, wanted: Hashable) -> Iterator[dict[str, tuple[FactValue, ...]]]:
        """Each way to the leaf ``wanted``: what each unknown fact may be, in any combination."""
        component = self._left[component]
        stack = [(component.root, self._all(component))]
        while stack:
            node, masks = stack.pop()
            if node.variable is not None:
                stack.extend((node.children[i], m) for i, m in self._branches(node.variable, masks))
            elif node.leaf == wanted:
                yield {f: tuple(self.candidates[f][i] for i in _places(mask)) for f, mask in masks.items()}

    def missing(self, component: Component, found: Container[str] = ()) -> Iterator[str]:
        """Each unknown fact in which alone two completions can differ and be answered differently.

        Facts ``found`` to be missing already are not asked about again.
        """
        component = self._left[component]
        every = self._all(component)
        for fact in every:
            if fact not in found and (
                self._differs_in_a_sample(component, fact, every) or self._differs(component, fact, every)
            ):
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
            yield self._index(variable, [self._value(f, masks) for f in variable.facts]), masks

    def _split(self, variable: Variable, fact: str, masks: Masks) -> tuple[int, ...]:
        """For each value of a variable, the candidates of its one open fact that give it."""
        others = tuple(None if f == fact else self._value(f, masks) for f in variable.facts)
        key = (variable, fact, others)
        if key not in self._masks:
            split = [0] * len(variable.feature.values)
            for i, candidate in enumerate(self.candidates[fact]):
                values = [candidate if f == fact else o for f, o in zip(variable.facts, others, strict=True)]
                split[self._index(variable, values)] |= 1 << i
            self._masks[key] = tuple(split)
        return self._masks[key]

    def _finished(self, component: Component, leaf: Any, masks: Masks) -> Iterator[Hashable]:
        try:
            answer = component.finish(leaf, self._reader(masks))
        except UnknownFact as unknown:
            fact = unknown.fact
        else:
            yield answer
            return
        for single in _bits(masks[fact]):
            yield from self._finished(component, leaf, {**masks, fact: single})

    def _differs_in_a_sample(self, component: Component, fact: str, every: Masks) -> bool:
        """Whether a few chance walks already show a difference: they mostly do where there is one.

        The chances are drawn from the same seed every time. That nothing is found proves nothing.
        """
        chance = random.Random(0)
        if sum(mask.bit_count() for mask in every.values()) < _SMALL:
            return False
        for _ in range(_WALKS):
            pair: _Pair | None = _Pair(component.root, component.root, every, every[fact], every[fact])
            while pair is not None:
                variable = topmost((pair.one, pair.other))
                others = [f for f in (variable.facts if variable else pair.masks) if f != fact]
                pair = evolve(pair, masks=self._settled(others, pair.masks, chance, both=variable is None))
                if variable is None:
                    if self._leaves_differ(component, fact, pair):
                        return True
                    break
                ahead = [p for p in self._both(variable, fact, pair) if _may_differ(p, component, fact)]
                pair = chance.choice(ahead) if ahead else None
        return False

    def _settled(self, facts: list[str], masks: Masks, chance: random.Random, *, both: bool) -> Masks:
        """``masks`` with a candidate drawn for each of ``facts`` that are compared with another, or for all."""
        drawn = {f: 1 << chance.choice(_places(masks[f])) for f in facts if f in masks and (both or self._compared[f])}
        return {**masks, **drawn}

    def _differs(self, component: Component, fact: str, every: Masks) -> bool:
        """Whether two completions that differ in ``fact`` alone are answered differently.

        Two copies of the diagram are walked at once. They share the candidates of every other fact, and
        each has its own candidates of this one.
        """
        seen: set[tuple[object, ...]] = set()
        stack = [_Pair(component.root, component.root, every, every[fact], every[fact])]
        while stack:
            pair = stack.pop()
            if not _may_differ(pair, component, fact):
                continue
            support = (pair.one.support | pair.other.support | component.outputs) - {fact}
            key = (pair.one, pair.other, pair.first, pair.second, *_relevant(pair.masks, support))
            if key in seen:
                continue
            seen.add(key)
            variable = topmost((pair.one, pair.other))
            if variable is not None:
                stack.extend(self._both(variable, fact, pair))
            elif self._leaves_differ(component, fact, pair):
                return True
        return False

    def _both(self, variable: Variable, fact: str, pair: _Pair) -> Iterator[_Pair]:
        """One step of both copies: apart on the fact that may differ, together on all others."""
        one, other = pair.one, pair.other
        if fact not in variable.facts:
            for i, masks in self._branches(variable, pair.masks):
                ahead = child(one, variable, i), child(other, variable, i)
                yield _Pair(*ahead, masks, pair.first, pair.second)
            return
        for masks in self._fixed([f for f in variable.facts if f != fact], pair.masks):
            ones = self._own(variable, fact, one, masks, pair.first)
            others = self._own(variable, fact, other, masks, pair.second)
            for left, first in ones:
                for right, second in others:
                    yield _Pair(left, right, masks, first, second)

    def _own(
        self, variable: Variable, fact: str, node: Node, masks: Masks, mask: int
    ) -> list[tuple[Node, int]]:
        """Where one copy goes from a question about the fact that is its own."""
        if node.variable is not variable:
            return [(node, mask)]
        branches = self._branches(variable, {**masks, fact: mask})
        return [(node.children[i], narrowed[fact]) for i, narrowed in branches]

    def _fixed(self, facts: list[str], masks: Masks) -> Iterator[Masks]:
        """The masks with each way of settling ``facts`` on one candidate."""
        if not facts:
            yield masks
        elif self._value(facts[0], masks) is not Unknown.UNKNOWN:
            yield from self._fixed(facts[1:], masks)
        else:
            for single in _bits(masks[facts[0]]):
                yield from self._fixed(facts[1:], {**masks, facts[0]: single})

    def _leaves_differ(self, component: Component, fact: str, pair: _Pair) -> bool:
        try:
            left = self._over(component, pair.one.leaf, {**pair.masks, fact: pair.first}, fact)
            right = self._over(component, pair.other.leaf, {**pair.masks, fact: pair.second}, fact)
        except UnknownFact as unknown:
            shared = unknown.fact
            return any(
                self._leaves_differ(component, fact, evolve(pair, masks={**pair.masks, shared: single}))
                for single in _bits(pair.masks[shared])
            )
        return len(left | right) > 1

    def _over(self, component: Component, leaf: Any, masks: Masks, fact: str) -> set[Hashable]:
        """What finishing makes of a leaf over the candidates of one fact; other unknown facts are raised."""
        try:
            return {component.finish(leaf, self._reader(masks))}
        except UnknownFact as unknown:
            if unknown.fact != fact:
                raise
        singles = ({**masks, fact: single} for single in _bits(masks[fact]))
        return set().union(*(self._over(component, leaf, each, fact) for each in singles))

    def _reader(self, masks: Masks) -> Read:
        def read(fact: str) -> FactValue:
            value = self._value(fact, masks)
            if value is Unknown.UNKNOWN:
                raise UnknownFact(fact)
            return value

        return read


def _may_differ(pair: _Pair, component: Component, fact: str) -> bool:
    return pair.one is not pair.other or fact in pair.one.support or fact in component.outputs


def _places(mask: int) -> list[int]:
    return [i for i in range(mask.bit_length()) if mask >> i & 1]


def _bits(mask: int) -> Iterator[int]:
    while mask:
        single = mask & -mask
        yield single
        mask ^= single


def _relevant(masks: Masks, support: frozenset[str]) -> tuple[int, ...]:
    return tuple(mask for fact, mask in masks.items() if fact in support)
