"""The fewest facts whose change would answer a question about a member with yes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from attrs import frozen

from hokensha.engine import Part
from hokensha.facts import UNKNOWN, FactValue, Member
from hokensha.partial import Completions, Node
from hokensha.policy import Rulebook

WITHIN = 3
"""So many facts are changed at most."""
_WAYS = 200
"""Ways of changing the same facts that are looked at, of which the one nearest to the member counts."""


def smallest_change(rulebook: Rulebook, part: Part, member: Member, on: date) -> dict[str, FactValue]:
    """The fewest facts whose change answers a part's question with yes; empty if no few facts do.

    Args:
        rulebook: A bound policy.
        part: One with a single question, of which nothing but the answer is said.
        member: Who is to be changed as little as possible.
        on: The day asked.
    """
    for facts in _promising(rulebook, part, member, on):
        for change in _changes(rulebook, part, member, on, facts):
            if part.verdict(Member(member.id, {**member.facts, **change}), on):
                return change
    return {}


def _changes(
    rulebook: Rulebook, part: Part, member: Member, on: date, facts: frozenset[str]
) -> list[dict[str, FactValue]]:
    """Values of ``facts`` with which some completion of the member makes a rule fire, the nearest first."""
    each = part.component(on)
    rest = Member(member.id, {fact: v for fact, v in member.facts.items() if fact not in facts})
    completions = Completions(rulebook.vocabulary, rest, on, (each,))
    changes: dict[tuple[tuple[str, FactValue], ...], int] = {}
    for way in islice(completions.ways(each, 1), _WAYS):
        far, change = 0, []
        for fact in (fact for fact in way if fact in facts):
            distance, _, value = min(
                (_distance(member.facts.get(fact), value, on), place, value)
                for place, value in enumerate(way[fact])
            )
            far += distance
            change.append((fact, value))
        changes.setdefault(tuple(change), far)
    return [dict(change) for change in sorted(changes, key=changes.__getitem__)]


def _distance(now: FactValue, then: FactValue, on: date) -> int:
    """How far a value is from what is known; a day that was none is looked for around the day asked."""
    if now == then:
        return 0
    if isinstance(then, date):
        return 1 + abs((then - (now if isinstance(now, date) else on)).days)
    return 1 if now is None else 100_000


def _promising(rulebook: Rulebook, part: Part, member: Member, on: date) -> Iterator[frozenset[str]]:
    """Sets of up to :data:`WITHIN` facts, fewest first, without which the rule's diagram may lead to firing.

    Questions of one fact are taken for independent of each other here; the exact search follows.
    """
    root = part.diagram()
    index = _Index(rulebook, member, on)
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
            stack.extend(index.ahead(node, changed))
    facts = rulebook.catalogue.facts
    places = {fact: place for place, fact in enumerate(facts)}
    last_resort = {fact for fact in facts if facts[fact].unchangeable}  # any other change is told sooner
    ordered = {s: (len(s), bool(s & last_resort), sorted(places[fact] for fact in s)) for s in found}
    yield from (s for s in sorted(ordered, key=ordered.__getitem__) if index.leads(root, s, {}))


@frozen(eq=False)
class _Index:
    """Where a member's known facts lead in a diagram."""

    rulebook: Rulebook
    member: Member
    on: date

    def ahead(self, node: Node, changed: frozenset[str]) -> Iterator[tuple[Node, frozenset[str]]]:
        """The children of a node, each with the facts that have to be changed to come there."""
        facts = node.variable.facts if node.variable else ()
        known = self.known(node)
        yield from ((each, changed) for each in ([known] if known else node.children))
        for fact in facts:
            if fact in changed or len(changed) < WITHIN:
                yield from ((each, changed | {fact}) for each in node.children)

    def leads(self, node: Node, changed: frozenset[str], memo: dict[Node, bool]) -> bool:
        """Whether a rule may fire once ``changed`` is, whatever the facts are that stay unknown."""
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
