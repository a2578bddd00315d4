"""Diagrams over many rows at once: one bit a row, a question's answer for 64 rows in one machine word.

A diagram's node says: where its variable has one of these values, what this child says. So its bits are a few
ANDs and ORs of its children's, and hundreds of nodes cost less than reading the roll does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hokensha.diagram import Node, Raised, Variable

Bits: TypeAlias = "NDArray[np.uint64] | bool"
"""A bit for each row of a block; plainly true or false where that holds for all of them."""
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
        )

    def raising(self) -> bool:
        """Whether a rule raises in some situation."""
        return any(isinstance(leaf, Raised) for leaf in self._leaves)

    def true_in(self, values: Values) -> list[Bits]:
        """Where each question can be answered with yes: where all is known, where it is."""
        return self._where(values, _YES)

    def false_in(self, values: Values) -> list[Bits]:
        """Where each question can be answered with no."""
        return self._where(values, _NO)

    def _where(self, values: Values, wanted: object) -> list[Bits]:
        found: list[Bits] = []
        for leaf, terms in zip(self._leaves, self._terms, strict=True):
            bits: Bits = not terms and (leaf is wanted or isinstance(leaf, Raised))
            for variable, among, child in terms:
                below = found[child]
                if below is not False:
                    bits = either(bits, both(values.among(variable, among), below))
            found.append(bits)
        return [found[root] for root in self.roots]


_YES: Final = True
_NO: Final = False


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
