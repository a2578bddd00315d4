"""Which unknown facts an answer hangs on: those in which alone completions differ, and are answered apart."""

from __future__ import annotations

import random
from collections.abc import Container, Hashable, Iterator
from typing import Any

from attrs import evolve, field, frozen

from hokensha.facts import Unknown
from hokensha.features import UnknownFact
from hokensha.partial.completions import Completions, Component, Masks, bits, places, relevant
from hokensha.partial.diagrams import Node, Variable, child, topmost

_WALKS = 400
"""Chance walks before a search through everything; enough for nearly all differences that there are."""
_SMALL = 40
"""So few candidates are searched through sooner than sampled."""


def missing_facts(
    completions: Completions, component: Component, found: Container[str] = ()
) -> Iterator[str]:
    """The unknown facts that are missing for a component's answer.

    Facts ``found`` to be missing already are not asked about again.
    """
    left = completions.left(component)
    for fact in completions.all_masks(left):
        if fact not in found:
            search = _Search(completions, left, fact)
            if search.in_a_sample() or search.anywhere():
                yield fact


@frozen(eq=False)
class _Pair:
    """Two copies of a walk that share the candidates of every fact but one, of which each has its own."""

    one: Node
    other: Node
    masks: Masks
    first: int
    second: int


@frozen(eq=False)
class _Search:
    """The search for two completions that differ in ``fact`` alone and are answered differently."""

    completions: Completions
    component: Component
    fact: str
    start: _Pair = field(init=False)

    @start.default
    def _start(self) -> _Pair:
        every = self.completions.all_masks(self.component)
        own = every[self.fact]
        return _Pair(self.component.root, self.component.root, every, own, own)

    def in_a_sample(self) -> bool:
        """Whether a few chance walks already show a difference: they mostly do where there is one.

        The chances are drawn from the same seed every time. That nothing is found proves nothing.
        """
        chance = random.Random(0)  # noqa: S311 - no secret is drawn here, only where to look first
        if sum(mask.bit_count() for mask in self.start.masks.values()) < _SMALL:
            return False
        for _ in range(_WALKS):
            pair: _Pair | None = self.start
            while pair is not None:
                variable = topmost((pair.one, pair.other))
                pair = evolve(pair, masks=self._settled(variable, pair.masks, chance))
                if variable is None:
                    if self._leaves_differ(pair):
                        return True
                    break
                ahead = [p for p in self._both(variable, pair) if self._may_differ(p)]
                pair = chance.choice(ahead) if ahead else None
        return False

    def _settled(self, variable: Variable | None, masks: Masks, chance: random.Random) -> Masks:
        """``masks`` with a candidate drawn for each other fact about to be compared, or read at a leaf."""
        compared = self.completions.compared
        drawn = [f for f in variable.facts if f in masks and compared[f]] if variable else list(masks)
        return {
            **masks,
            **{f: 1 << chance.choice(places(masks[f])) for f in drawn if f != self.fact},
        }

    def anywhere(self) -> bool:
        """Whether two completions that differ in ``fact`` alone are answered differently.

        Two copies of the diagram are walked at once. They share the candidates of every other fact, and
        each has its own candidates of this one.
        """
        seen: set[tuple[object, ...]] = set()
        stack = [self.start]
        while stack:
            pair = stack.pop()
            if not self._may_differ(pair):
                continue
            support = (pair.one.support | pair.other.support | self.component.outputs) - {self.fact}
            key = (pair.one, pair.other, pair.first, pair.second, *relevant(pair.masks, support))
            if key in seen:
                continue
            seen.add(key)
            variable = topmost((pair.one, pair.other))
            if variable is not None:
                stack.extend(self._both(variable, pair))
            elif self._leaves_differ(pair):
                return True
        return False

    def _both(self, variable: Variable, pair: _Pair) -> Iterator[_Pair]:
        """One step of both copies: apart on the fact that may differ, together on all others."""
        one, other = pair.one, pair.other
        if self.fact not in variable.facts:
            for i, masks in self.completions.branches(variable, pair.masks):
                ahead = child(one, variable, i), child(other, variable, i)
                yield _Pair(*ahead, masks, pair.first, pair.second)
            return
        for masks in self._fixed([f for f in variable.facts if f != self.fact], pair.masks):
            ones = self._own(variable, one, masks, pair.first)
            others = self._own(variable, other, masks, pair.second)
            for left, first in ones:
                for right, second in others:
                    yield _Pair(left, right, masks, first, second)

    def _own(self, variable: Variable, node: Node, masks: Masks, mask: int) -> list[tuple[Node, int]]:
        """Where one copy goes from a question about the fact that is its own."""
        if node.variable is not variable:
            return [(node, mask)]
        branches = self.completions.branches(variable, {**masks, self.fact: mask})
        return [(node.children[i], narrowed[self.fact]) for i, narrowed in branches]

    def _fixed(self, facts: list[str], masks: Masks) -> Iterator[Masks]:
        """The masks with each way of settling ``facts`` on one candidate."""
        if not facts:
            yield masks
        elif self.completions.value(facts[0], masks) is not Unknown.UNKNOWN:
            yield from self._fixed(facts[1:], masks)
        else:
            for single in bits(masks[facts[0]]):
                yield from self._fixed(facts[1:], {**masks, facts[0]: single})

    def _leaves_differ(self, pair: _Pair) -> bool:
        try:
            left = self._over(pair.one.leaf, {**pair.masks, self.fact: pair.first})
            right = self._over(pair.other.leaf, {**pair.masks, self.fact: pair.second})
        except UnknownFact as unknown:
            shared = unknown.fact
            return any(
                self._leaves_differ(evolve(pair, masks={**pair.masks, shared: single}))
                for single in bits(pair.masks[shared])
            )
        return len(left | right) > 1

    def _over(self, leaf: Any, masks: Masks) -> set[Hashable]:
        """What finishing makes of a leaf over the candidates of one fact; other unknown facts are raised."""
        try:
            return {self.component.finish(leaf, self.completions.reader(masks))}
        except UnknownFact as unknown:
            if unknown.fact != self.fact:
                raise
        singles = ({**masks, self.fact: single} for single in bits(masks[self.fact]))
        return set().union(*(self._over(leaf, each) for each in singles))

    def _may_differ(self, pair: _Pair) -> bool:
        if pair.one is not pair.other:
            return True
        return self.fact in pair.one.support or self.fact in self.component.outputs
