"""Rules explored over every situation, and folded into reduced, shared diagrams.

A node asks for one atom (on the day asked, or as of another) and has a child for each of its values.
Equal nodes are one object, as in binary decision diagrams, so equality is identity and walks stay small.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final

from attrs import define, field, frozen

from hokensha.features import CircleError, Feature, Situation, Vocabulary
from hokensha.partial.paths import Answers, Path, Question, Raised, Unanswered, follow


@frozen(eq=False)
class Variable:
    """An atom on the day asked (``at`` empty) or as of a fixed day; ``rank`` is its place from the top."""

    feature: Feature[Any]
    at: str
    rank: tuple[object, ...]
    facts: tuple[str, ...]


@frozen(eq=False, repr=False)  # all that lies below a node would be said once for each way to it
class Node:
    """A question with one child for each value, or, without ``variable``, an answer."""

    variable: Variable | None
    children: tuple[Node, ...]
    leaf: Any = None
    support: frozenset[str] = frozenset()
    """Every fact that the answers below depend on."""


MOST_PATHS: Final = 1 << 14
"""A function that asks for more ways than this is gone through no further: that would take for ever."""


class _TooWideError(Exception):
    pass


@frozen
class Explored:
    """A rule read over every situation: its diagram, and how many paths of answers it asked for."""

    root: Node
    paths: int


@define(eq=False)
class Diagrams:
    """The diagrams of one policy, made when first needed and shared among all its rules."""

    vocabulary: Vocabulary
    _nodes: dict[tuple[object, ...], Node] = field(factory=dict, init=False)
    _variables: dict[Question, Variable] = field(factory=dict, init=False)
    _explored: dict[object, Explored] = field(factory=dict, init=False)
    _open: dict[tuple[object, str], None] = field(factory=dict, init=False)
    _positions: dict[str, int] = field(factory=dict, init=False)

    def explore(self, function: Callable[[Situation], Any]) -> Explored:
        """Run a pure function of a situation once for each path of answers that it asks for."""
        return self._explore(function, function, "")

    def explored(self, feature: Feature[Any]) -> Explored:
        """The same of a feature that others make up.

        Raises:
            TypeError: It is an atom.
        """
        composition = self.vocabulary.checked(feature)
        if composition is None:
            raise TypeError(f"nothing makes up {feature.id}")
        return self._explore(feature, composition, "")

    def select(self, feature: Feature[Any], by: dict[Any, Node]) -> Node:
        """The diagram that goes on with ``by[value]`` for each value of a feature on the day asked."""
        return self._case((feature, ""), [by[value] for value in feature.values])

    def leaf(self, value: Hashable) -> Node:
        """The answer ``value``."""
        return self._shared(("leaf", type(value), value), None, (), value)

    def combine(self, operation: Callable[[Any, Any], Hashable], one: Node, other: Node) -> Node:
        """The diagram of ``operation`` applied to the answers of two diagrams."""
        return self._combine(operation, one, other, {})

    def followed(self, root: Node, index: Callable[[Variable], int | None]) -> Node:
        """:func:`followed`; equal results are one object."""
        return followed(root, index, self._nodes)

    def _combine(
        self,
        operation: Callable[[Any, Any], Hashable],
        one: Node,
        other: Node,
        memo: dict[tuple[Node, Node], Node],
    ) -> Node:
        key = (one, other)
        if key not in memo:
            variable = topmost((one, other))
            if variable is None:
                memo[key] = self.leaf(operation(one.leaf, other.leaf))
            else:
                children = (
                    self._combine(operation, child(one, variable, i), child(other, variable, i), memo)
                    for i in range(len(variable.feature.values))
                )
                memo[key] = self.node(variable, tuple(children))
        return memo[key]

    def _explore(self, key: object, function: Callable[[Situation], Any], at: str) -> Explored:
        memo_key = (key, at)
        if memo_key not in self._explored:
            paths = 0

            def walk(answers: Answers) -> Node:
                nonlocal paths
                outcome = follow(function, Path(answers, at=at))
                if isinstance(outcome, Unanswered):
                    asked = outcome.question
                    return self._case(asked, [walk({**answers, asked: v}) for v in asked[0].values])
                paths += 1
                if paths > MOST_PATHS:
                    raise _TooWideError
                return self.leaf(outcome)

            if memo_key in self._open:
                chain = [each for each, _ in [*self._open][[*self._open].index(memo_key) :]]
                raise CircleError(each for each in (*chain, key) if isinstance(each, Feature))
            self._open[memo_key] = None
            try:
                root = walk({})
            except _TooWideError:
                root = self.leaf(Raised(f"TooWide: reads more than {MOST_PATHS} combinations of answers"))
            finally:
                del self._open[memo_key]
            self._explored[memo_key] = Explored(root, paths)
        return self._explored[memo_key]

    def _case(self, asked: Question, children: list[Node]) -> Node:
        """The diagram that goes on with one of ``children`` according to a feature's value."""
        feature, at = asked
        composition = self.vocabulary.checked(feature)
        if composition is None:
            return self._ordered(self._variable(asked), tuple(children), {})
        root = self._explore(feature, composition, at).root
        return self._replace_leaves(root, feature.values, tuple(children), {})

    def _replace_leaves(
        self,
        root: Node,
        values: tuple[Any, ...],
        by: tuple[Node, ...],
        memo: dict[tuple[Node, ...], Node],
    ) -> Node:
        """The diagram that goes on with one of ``by`` where ``root`` answers the value in the same place.

        From the top down, what is asked being followed in all of them at once: nothing has to be lifted.
        """
        if root.variable is None:
            return root if isinstance(root.leaf, Raised) else by[values.index(root.leaf)]
        key = (root, *by)
        if key not in memo:
            top = topmost(key) or root.variable
            memo[key] = self.node(
                top,
                tuple(
                    self._replace_leaves(
                        child(root, top, i), values, tuple(child(c, top, i) for c in by), memo
                    )
                    for i in range(len(top.feature.values))
                ),
            )
        return memo[key]

    def _ordered(
        self, variable: Variable, children: tuple[Node, ...], memo: dict[tuple[Node, ...], Node]
    ) -> Node:
        """``variable`` over ``children`` that may ask for variables above it: those are lifted over it."""
        if children in memo:
            return memo[children]
        top = topmost(children)
        if top is None or variable.rank <= top.rank:
            node = self.node(variable, tuple(child(c, variable, i) for i, c in enumerate(children)))
        else:
            node = self.node(
                top,
                tuple(
                    self._ordered(variable, tuple(child(c, top, i) for c in children), memo)
                    for i in range(len(top.feature.values))
                ),
            )
        memo[children] = node
        return node

    def node(self, variable: Variable, children: tuple[Node, ...]) -> Node:
        """The diagram that asks for a variable, if its children differ."""
        if all(each is children[0] for each in children):
            return children[0]
        return self._shared((variable, *children), variable, children, None)

    def _shared(
        self, key: tuple[object, ...], variable: Variable | None, children: tuple[Node, ...], leaf: Any
    ) -> Node:
        return _shared(self._nodes, key, variable, children, leaf)

    def _variable(self, key: Question) -> Variable:
        if key not in self._variables:
            feature, at = key
            atoms = self.vocabulary.atoms
            facts = atoms.facts(feature)
            positions = self._positions or {fact: i for i, fact in enumerate(atoms.catalogue.facts)}
            self._positions = positions
            # Questions of one fact stand together, so that what was learned of it is soon done with.
            rank = (max((positions[fact] for fact in facts), default=-1), len(facts), feature.id, at)
            self._variables[key] = Variable(feature, at, rank, facts)
        return self._variables[key]


def _shared(
    nodes: dict[tuple[object, ...], Node],
    key: tuple[object, ...],
    variable: Variable | None,
    children: tuple[Node, ...],
    leaf: Any,
) -> Node:
    if key not in nodes:
        support = frozenset(variable.facts if variable else ()).union(*(c.support for c in children))
        nodes[key] = Node(variable, children, leaf, support)
    return nodes[key]


def followed(
    root: Node, index: Callable[[Variable], int | None], nodes: dict[tuple[object, ...], Node]
) -> Node:
    """What is left of a diagram once the variables that are known are followed.

    Args:
        root: The diagram.
        index: The place of a variable's value among its feature's; none if that is not known.
        nodes: Takes the nodes that are made; among those that share it, equal nodes are one object.
    """
    done: dict[Node, Node] = {}

    def follow(node: Node) -> Node:
        if node not in done:
            done[node] = step(node)
        return done[node]

    def step(node: Node) -> Node:
        variable = node.variable
        if variable is None:
            return node
        place = index(variable)
        if place is not None:
            return follow(node.children[place])
        children = tuple(follow(each) for each in node.children)
        if all(each is children[0] for each in children):
            return children[0]
        return _shared(nodes, (variable, *children), variable, children, None)

    return follow(root)


def topmost(nodes: tuple[Node, ...]) -> Variable | None:
    """The variable that nodes are to be asked first; none if all are answers."""
    variables = [node.variable for node in nodes if node.variable is not None]
    return min(variables, key=lambda variable: variable.rank, default=None)


def child(node: Node, variable: Variable, index: int) -> Node:
    """Where a node goes for a variable's value: on, or nowhere if it does not ask for that variable."""
    return node.children[index] if node.variable is variable else node
