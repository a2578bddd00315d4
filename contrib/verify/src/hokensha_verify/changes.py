"""The fewest facts whose change would answer a question about a member with yes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain, islice
from typing import TypeAlias

from attrs import frozen

from hokensha.engine import Part
from hokensha.facts import UNKNOWN, Contradiction, FactValue, Member
from hokensha.partial import Completions, Node
from hokensha.policy import Rulebook

WITHIN = 3
"""So many facts are changed at most."""
_WAYS = 200
"""Ways of changing the same facts that are looked at, of which the one nearest to the member counts."""
_Change: TypeAlias = "dict[str, FactValue]"


def smallest_change(part: Part, member: Member, on: date) -> dict[str, FactValue]:
    """The fewest facts whose change answers a part's question with yes; empty if no few facts do.

    Args:
        part: One with a single question, of which nothing but the answer is said.
        member: Who is to be changed as little as possible.
        on: The day asked.
    """
    return _Search(part, member, on).smallest()


@frozen(eq=False)
class _Search:
    """The search for one member."""

    part: Part
    member: Member
    on: date

    @property
    def rulebook(self) -> Rulebook:
        return self.part.rulebook

    def smallest(self) -> _Change:
        root = self.part.diagram()
        promising = [facts for facts in self.promising(root) if self.leads(root, facts, {})]
        mended: list[_Change] = []
        for size in range(1, WITHIN + 1):
            plain = (change for facts in promising if len(facts) == size for change in self.changes(facts))
            further: list[_Change] = []
            for change in chain(plain, mended):
                changed = Member(self.member.id, {**self.member.facts, **change})
                against = [
                    each for each in self.rulebook.contradictions if each.holds(changed.facts, self.on)
                ]
                if not against and self.part.verdict(changed, self.on):
                    return change
                further.extend({**change, **more} for each in against for more in self.mends(each, changed))
            mended = [change for change in further if len(change) == size + 1]
        return {}

    def mends(self, contradiction: Contradiction, changed: Member) -> Iterator[_Change]:
        """Values of one fact with which a contradiction may be gone: the day of another one, or none."""
        facts = self.rulebook.catalogue.facts
        for fact in contradiction.facts:
            for other in contradiction.facts:
                day = changed.read(other)
                if other != fact and isinstance(day, date) and facts[fact].kind == "day":
                    yield {fact: day}
            if facts[fact].nullable:
                yield {fact: None}

    def changes(self, facts: frozenset[str]) -> list[_Change]:
        """Values of ``facts`` with which some completion of the member gets a yes, the nearest first."""
        component = self.part.component(self.on)
        known = {fact: value for fact, value in self.member.facts.items() if fact not in facts}
        rest = Member(self.member.id, known)
        completions = Completions(self.rulebook.vocabulary, rest, self.on, (component,))
        found: dict[tuple[tuple[str, FactValue], ...], int] = {}
        for way in islice(completions.ways(component, 1), _WAYS):
            nearest = {fact: self.nearest(fact, way[fact]) for fact in way if fact in facts}
            change = tuple((fact, value) for fact, (_, value) in nearest.items())
            found.setdefault(change, sum(distance for distance, _ in nearest.values()))
        return [dict(change) for change in sorted(found, key=found.__getitem__)]

    def nearest(self, fact: str, values: tuple[FactValue, ...]) -> tuple[int, FactValue]:
        """The first of the values that are nearest to what is known, and how far it is."""
        now = self.member.facts.get(fact)
        distances = [_distance(now, value, self.on) for value in values]
        return min(distances), values[distances.index(min(distances))]

    def promising(self, root: Node) -> list[frozenset[str]]:
        """Sets of up to :data:`WITHIN` facts, fewest first, by whose change a diagram may lead to yes.

        Questions of one fact are taken for independent of each other here; the exact search follows.
        """
        found: set[frozenset[str]] = set()
        seen: set[tuple[Node, frozenset[str]]] = set()
        stack: list[tuple[Node, frozenset[str]]] = [(root, frozenset())]
        while stack:
            node, changed = stack.pop()
            if (node, changed) in seen:
                continue
            seen.add((node, changed))
            if node.variable is None:
                found.update([changed] if node.leaf == 1 and changed else [])
            else:
                stack.extend(self.ahead(node, changed))
        facts = self.rulebook.catalogue.facts
        places = {fact: place for place, fact in enumerate(facts)}
        last_resort = {fact for fact in facts if facts[fact].unchangeable}  # any other change is told sooner
        ordered = {s: (len(s), bool(s & last_resort), sorted(places[fact] for fact in s)) for s in found}
        return sorted(ordered, key=ordered.__getitem__)

    def ahead(self, node: Node, changed: frozenset[str]) -> Iterator[tuple[Node, frozenset[str]]]:
        """The children of a node, each with the facts that have to be changed to come there."""
        facts = node.variable.facts if node.variable else ()
        known = self.known(node)
        yield from ((each, changed) for each in ([known] if known else node.children))
        for fact in facts:
            if fact in changed or len(changed) < WITHIN:
                yield from ((each, changed | {fact}) for each in node.children)

    def leads(self, node: Node, changed: frozenset[str], memo: dict[Node, bool]) -> bool:
        """Whether the answer may be yes once ``changed`` is, whatever the facts are that stay unknown."""
        if node.variable is None:
            return bool(node.leaf == 1)
        if node not in memo:
            known = self.known(node)
            ahead = (self.leads(each, changed, memo) for each in node.children)
            if not changed.isdisjoint(node.variable.facts):
                memo[node] = any(ahead)
            else:
                memo[node] = self.leads(known, changed, memo) if known else all(ahead)
        return memo[node]

    def known(self, node: Node) -> Node | None:
        """The child to which the known facts lead; none if they do not suffice."""
        variable = node.variable
        if variable is None:
            return None
        values = [self.member.read(fact) for fact in variable.facts]
        if UNKNOWN in values:
            return None
        vocabulary = self.rulebook.vocabulary
        day = vocabulary.fixed_day(variable.at, self.on) if variable.at else self.on
        value = vocabulary.atoms.classifier(variable.feature, day)(*values)
        return node.children[variable.feature.values.index(value)]


def _distance(now: FactValue, then: FactValue, on: date) -> int:
    """How far a value is from what is known; a day that was none is looked for around the day asked."""
    if now == then:
        return 0
    if isinstance(then, date):
        return 1 + abs((then - (now if isinstance(now, date) else on)).days)
    return 1 if now is None else 100_000
