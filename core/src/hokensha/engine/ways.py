"""In which ways unknown facts may be seen on a day, and what that leaves open, whatever days are compared.

For the questions of one fact alone it is few things that it can be; they are the same on most days. So what
they leave open of a diagram is found once for all days of which they are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Final, TypeAlias

from attrs import frozen

from hokensha.facts import Member
from hokensha.features import Vocabulary
from hokensha.partial import Component, Node, Variable, candidates_of, seen_on, variables

Way: TypeAlias = tuple[int, ...]
"""For each question of a fact the place of the answer among its values."""
_MOST: Final = 20_000


@frozen(eq=False)
class Ways:
    """In which ways facts can be seen on some days.

    Attributes:
        places: For each question of one fact alone its place among all of that fact.
        of: For each fact what it can be.
    """

    places: Mapping[Variable, int]
    of: Mapping[str, frozenset[Way]]


def ways_of(vocabulary: Vocabulary, roots: Iterable[Node], on: date) -> Ways:
    """In which ways the facts of some diagrams can be seen on a day; one object for days with the same."""
    roots = tuple(roots)
    nobody, asked = Member("", {}), [Component(root, lambda leaf, _: leaf) for root in roots]
    candidates = candidates_of(vocabulary, nobody, on, asked)
    every = _of_one_fact(roots)
    found = []
    for fact, questions in every:
        classify = [vocabulary.atoms.classifier(v.feature, seen_on(vocabulary, v, on)) for v in questions]
        each = tuple(zip(questions, classify, strict=True))
        ways = (tuple(v.feature.values.index(c(value)) for v, c in each) for value in candidates[fact])
        found.append((fact, frozenset(ways)))
    return _shared(every, tuple(found))


@lru_cache(maxsize=8)
def _of_one_fact(roots: tuple[Node, ...]) -> tuple[tuple[str, tuple[Variable, ...]], ...]:
    """For each fact the questions of it alone."""
    alone: dict[str, list[Variable]] = {}
    for variable in variables(roots):
        if len(variable.facts) == 1:
            alone.setdefault(variable.facts[0], []).append(variable)
    return tuple((fact, tuple(questions)) for fact, questions in alone.items())


@lru_cache(maxsize=256)
def _shared(
    every: tuple[tuple[str, tuple[Variable, ...]], ...], found: tuple[tuple[str, frozenset[Way]], ...]
) -> Ways:
    places = {each: place for _, questions in every for place, each in enumerate(questions)}
    return Ways(places, dict(found))


@lru_cache(maxsize=_MOST)
def is_open(ways: Ways, left: Node) -> bool:
    """Whether some question may be answered with yes, and whether it may be that none is.

    That is so whatever days are compared: ways through a diagram that compare facts are not gone here. So it
    may be open though this says no.
    """
    found: set[bool] = set()
    seen: set[tuple[object, ...]] = set()
    stack: list[tuple[Node, dict[str, frozenset[Way]]]] = [(left, {})]
    while stack and len(found) < 2:
        node, narrowed = stack.pop()
        told = (node, *(item for item in narrowed.items() if item[0] in node.support))
        if told in seen:
            continue
        seen.add(told)
        if node.variable is None:
            found.add(bool(node.leaf))
        elif len(node.variable.facts) == 1:
            (fact,), place = node.variable.facts, ways.places[node.variable]
            by_answer: dict[int, set[Way]] = {}
            for way in narrowed.get(fact, ways.of[fact]):
                by_answer.setdefault(way[place], set()).add(way)
            stack += [(node.children[i], {**narrowed, fact: frozenset(w)}) for i, w in by_answer.items()]
    return len(found) == 2
