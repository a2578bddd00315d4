"""Diagrams over many rows at once: one bit a row, a question's answer for 64 rows in one machine word.

A diagram's node says: where its variable has one of these values, what this child says. So its bits are a few
ANDs and ORs of its children's, and hundreds of nodes cost less than reading the roll does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hokensha.partial import Node, Raised, Variable

Bits: TypeAlias = "NDArray[np.uint64] | bool"
"""A bit for each row of a block; plainly true or false where that holds for all of them."""
_Found: TypeAlias = Mapping[int, Bits] | list[Bits]
_Terms: TypeAlias = tuple[tuple[Variable, tuple[int, ...], int], ...]


class Values(Protocol):
    """What is known of a block's rows."""

    def among(self, variable: Variable, values: tuple[int, ...]) -> Bits:
        """Where a variable can have one of the values (given as places among the feature's)."""


def both(one: Bits, other: Bits) -> Bits:
    """Where both hold."""
    if isinstance(one, bool):
        return other if one else False
    if isinstance(other, bool):
        return one if other else False
    return one & other


def either(one: Bits, other: Bits) -> Bits:
    """Where one of them holds, or both."""
    if isinstance(one, bool):
        return True if one else other
    if isinstance(other, bool):
        return True if other else one
    return one | other


def any_of(several: Iterable[Bits]) -> Bits:
    """Where at least one of several holds."""
    found: Bits = False
    for each in several:
        found = either(found, each)
    return found


def unlike(one: Bits, other: Bits) -> Bits:
    """Where one of them holds, and not both."""
    if isinstance(one, bool):
        return inverse(other) if one else other
    if isinstance(other, bool):
        return inverse(one) if other else one
    return one ^ other


def inverse(bits: Bits) -> Bits:
    """Where they do not hold."""
    return not bits if isinstance(bits, bool) else ~bits


def some(bits: Bits) -> bool:
    """Whether they hold for any row."""
    return bits if isinstance(bits, bool) else bool(bits.any())


@frozen(eq=False)
class Circuit:
    """The diagrams of some yes-or-no questions, their nodes in an order in which children come first.

    Attributes:
        roots: The place of each question's node.
    """

    roots: tuple[int, ...]
    _leaves: tuple[object, ...]
    _terms: tuple[_Terms, ...]
    _support: tuple[frozenset[str], ...]
    _raises: tuple[bool, ...]

    @classmethod
    def of(cls, roots: Sequence[Node]) -> Circuit:
        """The circuit of some diagrams; nodes that they share stand in it once."""
        places: dict[Node, int] = {}
        for node in _children_first(roots):
            places[node] = len(places)
        return cls(
            tuple(places[root] for root in roots),
            tuple(node.leaf if node.variable is None else None for node in places),
            tuple(_terms(node, places) for node in places),
            tuple(node.support for node in places),
            _raising(places),
        )

    def raising(self) -> bool:
        """Whether a rule raises in some situation."""
        return any(self._raises)

    def true_in(self, values: Values) -> list[Bits]:
        """Where each question is answered with yes; all facts are known."""
        found: list[Bits] = []
        for place in range(len(self._leaves)):
            found.append(self._at(place, values, found, wanted=True))
        return [found[root] for root in self.roots]

    def possible_in(self, values: Values, open_facts: frozenset[str]) -> list[tuple[Bits, Bits]]:
        """Where each question can be answered with yes, and where with no.

        Args:
            values: What is known.
            open_facts: The facts that are not known of every row.
        """
        yes: list[Bits] = []
        for place in range(len(self._leaves)):
            yes.append(self._at(place, values, yes, wanted=True))
        no: dict[int, Bits] = {}
        for place in self._asked_with_no(open_facts):
            if self._sure(place, open_facts):
                no[place] = inverse(yes[place])
            else:
                no[place] = self._at(place, values, no, wanted=False)
        return [(yes[root], no[root]) for root in self.roots]

    def _asked_with_no(self, open_facts: frozenset[str]) -> Iterable[int]:
        """The nodes that are needed for that, children first: none below one whose answer is sure."""
        needed = set(self.roots)
        for place in reversed(range(len(self._leaves))):
            if place in needed and not self._sure(place, open_facts):
                needed.update(child for _, _, child in self._terms[place])
        return sorted(needed)

    def _sure(self, place: int, open_facts: frozenset[str]) -> bool:
        """Whether a node has one answer, yes or no: it hangs on no open fact, and nothing below raises."""
        return not self._raises[place] and open_facts.isdisjoint(self._support[place])

    def _at(self, place: int, values: Values, below: _Found, *, wanted: bool) -> Bits:
        leaf, terms = self._leaves[place], self._terms[place]
        bits: Bits = not terms and (leaf is wanted or isinstance(leaf, Raised))
        for variable, among, child in terms:
            if below[child] is not False:
                bits = either(bits, both(values.among(variable, among), below[child]))
        return bits


def _raising(nodes: Iterable[Node]) -> tuple[bool, ...]:
    """Whether a rule raises at or below each node; children come first."""
    found: dict[Node, bool] = {}
    for node in nodes:
        found[node] = isinstance(node.leaf, Raised) or any(found[child] for child in node.children)
    return tuple(found.values())


def _terms(node: Node, places: dict[Node, int]) -> _Terms:
    """The children of a node, each once, with the values that lead to it."""
    if node.variable is None:
        return ()
    by_child: dict[int, list[int]] = {}
    for value, child in enumerate(node.children):
        by_child.setdefault(places[child], []).append(value)
    return tuple((node.variable, tuple(among), child) for child, among in by_child.items())


def _children_first(roots: Iterable[Node]) -> Iterable[Node]:
    done: dict[Node, None] = {}
    ahead = list(roots)
    while ahead:
        node = ahead[-1]
        below = [child for child in node.children if child not in done]
        if below:
            ahead.extend(below)
        else:
            done[ahead.pop()] = None
    return done


def flags(bits: Bits, rows: int) -> NDArray[np.bool_]:
    """The bits as an array with a place for each row."""
    if isinstance(bits, bool):
        return np.full(rows, bits)
    return np.unpackbits(bits.view(np.uint8), count=rows, bitorder="little").view(bool)


def packed(flags_: NDArray[Any]) -> NDArray[np.uint64]:
    """The bits of an array that is zero where they do not hold; those beyond its last row mean nothing."""
    found = np.packbits(flags_, bitorder="little")
    if len(found) % 8:
        found = np.pad(found, (0, -len(found) % 8))
    return found.view(np.uint64)
