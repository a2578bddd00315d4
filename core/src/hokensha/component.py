"""A component: one part of a decision in the form in which unknown facts are gone through."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias

from attrs import field, frozen

from hokensha.diagram import Node, Variable
from hokensha.figures import Read
from hokensha.situation import Vocabulary

Finish: TypeAlias = Callable[[Any, Read], Hashable]
"""From a diagram's answer and the raw facts to what is said in the end, days included."""


@frozen(eq=False)
class Component:
    """One part of a decision.

    Attributes:
        root: The diagram of its answers.
        finish: Adds what depends on raw facts.
        outputs: The facts that ``finish`` may read.
        output_cuts: For a dated output fact, where finishing it may jump (period borders of figures).
    """

    root: Node
    finish: Finish
    outputs: frozenset[str] = frozenset()
    output_cuts: Mapping[str, tuple[date, ...]] = field(factory=dict)

    def reads(self) -> frozenset[str]:
        """Every fact that the component can depend on."""
        return self.root.support | self.outputs


def variables(roots: Iterable[Node]) -> list[Variable]:
    """Every variable of some diagrams, once."""
    found: dict[Variable, None] = {}
    seen: set[Node] = set()
    stack = list(roots)
    while stack:
        node = stack.pop()
        if node not in seen and node.variable is not None:
            seen.add(node)
            found[node.variable] = None
            stack.extend(node.children)
    return list(found)


def seen_on(vocabulary: Vocabulary, variable: Variable, day: date) -> date:
    """The day on which a variable sees its facts: the day asked, or its as-of day."""
    return vocabulary.fixed_day(variable.at, day) if variable.at else day
