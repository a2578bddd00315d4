"""Why, and why not: what each rule read of a member, and the fewest facts whose change would make it fire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from attrs import frozen

from hokensha.bound import Bound
from hokensha.completions import Completions
from hokensha.deciding import component, direct
from hokensha.diagram import Node
from hokensha.documents import HELD
from hokensha.facts import UNKNOWN, FactValue, Member
from hokensha.features import BOOLEANS, Derived, Feature, V
from hokensha.figures import Read
from hokensha.owed import owed
from hokensha.parts import Part
from hokensha.rulebook import Rulebook
from hokensha.rules import Ground, Return, Tested, Trigger
from hokensha.situation import MemberSituation, Situation, UnknownFact
from hokensha.text import Label, Language

WITHIN = 3
"""So many facts are changed at most."""
_WAYS = 200
"""Ways of changing the same facts that are looked at, of which the one nearest to the member counts."""
_LAST_RESORT = frozenset({"birth_date"})
"""Facts that nobody can change: any other change of as few facts is told sooner."""


@frozen
class Seen:
    """A feature that a rule read; ``value`` is none where the facts do not suffice."""

    feature: str
    label: Label
    value: bool | str | None


@frozen
class Explained:
    """One rule in force, and why it fired or not.

    Attributes:
        rule: Its id.
        kind: ``ground``, ``trigger`` or ``return``.
        fired: Whether it holds (a trigger: whether its document is owed); none if that is undetermined.
        read: The features that it read, in this order.
        change: For a rule that did not fire: facts that would make it fire, with the values they would need;
            empty if no change of up to :data:`WITHIN` facts would. None for all other rules.
    """

    rule: str
    kind: str
    label: Label
    cites: tuple[str, ...]
    fired: bool | None
    read: tuple[Seen, ...]
    change: Mapping[str, FactValue] | None

    def to_json(self, lang: Language = "ja") -> dict[str, Any]:
        """What ``decide --why`` shows of the rule; labels in ``lang``."""
        change: dict[str, Any] | None = None
        if self.change is not None:
            facts = {fact: v.isoformat() if isinstance(v, date) else v for fact, v in self.change.items()}
            change = {"facts": facts} if facts else {"none_within": WITHIN}
        return {
            "rule": self.rule,
            "kind": self.kind,
            "label": self.label.text(lang),
            "cites": list(self.cites),
            "fired": self.fired,
            "read": [
                {"feature": seen.feature, "label": seen.label.text(lang), "value": seen.value}
                for seen in self.read
            ],
            "change": change,
        }


def explain(rulebook: Rulebook, member: Member, on: date) -> tuple[Explained, ...]:
    """Each ground, trigger and return in force on a day, in the policy's order: why it fired, or why not."""
    kinds = (Ground, Trigger, Return)
    found = (b for b in rulebook.bound if isinstance(b.rule, kinds) and b.terms.in_force(on))
    return tuple(_explained(rulebook, bound, member, on) for bound in found)


def _explained(rulebook: Rulebook, bound: Bound[Any], member: Member, on: date) -> Explained:
    part = _part(rulebook, bound)
    fired = _fired(rulebook, part, member, on)
    return Explained(
        bound.rule.id,
        type(bound.rule).__name__.lower(),
        bound.rule.label,
        bound.terms.cites,
        fired,
        _read(rulebook, bound.rule, part, member, on),
        smallest_change(rulebook, part, member, on) if fired is False else None,
    )


def _part(rulebook: Rulebook, bound: Bound[Any]) -> Part:
    """Whether a rule fires, in the form of a decision's part."""
    key = ("why", bound.place)
    if key not in rulebook.cache:
        rulebook.cache[key] = Part("why", bound.rule.id, (_fires(rulebook, bound),), _plain)
    part: Part = rulebook.cache[key]
    return part


def _fires(rulebook: Rulebook, bound: Bound[Any]) -> Derived[bool]:
    rule = bound.rule
    if isinstance(rule, Trigger):
        return owed(rulebook, bound)
    if not isinstance(rule, Return):
        feature: Derived[bool] = rule.feature
        return feature
    with_member = HELD[rule.document].with_member

    def is_due(s: Situation) -> bool:
        return s[with_member] and s[rule.feature]

    return Derived(f"due:{rule.id}", rule.label, BOOLEANS, is_due)


def _plain(leaf: int, _read: Read, _on: date) -> int:
    return leaf


def _fired(rulebook: Rulebook, part: Part, member: Member, on: date) -> bool | None:
    """Whether a rule fires for a member, or none if completions of the unknown facts differ."""
    try:
        return bool(direct(rulebook, part, MemberSituation(rulebook.vocabulary, member.facts, on)))
    except UnknownFact:
        each = component(rulebook, part, on)
        possible = set(Completions(rulebook.vocabulary, member, on, (each,)).answers(each))
    return bool(possible.pop()) if len(possible) == 1 else None


# --- what a rule read


class _Recorder:
    """A situation that remembers which features it was asked for; the rule's own test is looked into."""

    def __init__(self, situation: MemberSituation, rule: Tested, seen: dict[str, Seen], at: str = "") -> None:
        self._situation = situation
        self._rule = rule
        self._seen = seen
        self._at = at

    def __getitem__(self, feature: Feature[V]) -> V:
        if feature is self._rule.feature:
            judged: Any = self._rule.test(self)  # V is bool here, which no type checker can see
            answer: V = judged
            return answer
        key = f"{feature.id}@{self._at}" if self._at else feature.id
        try:
            value: V = self._situation[feature]
        except UnknownFact:
            self._seen[key] = Seen(key, feature.label, None)
            raise
        self._seen[key] = Seen(key, feature.label, value if isinstance(value, bool) else value.value)
        return value

    def at(self, figure: str) -> Situation:
        return _Recorder(self._situation.at(figure), self._rule, self._seen, figure)


def _read(rulebook: Rulebook, rule: Tested, part: Part, member: Member, on: date) -> tuple[Seen, ...]:
    """The features on a rule's path, as far as the facts lead."""
    seen: dict[str, Seen] = {}
    (fires,) = part.tests
    recorder = _Recorder(MemberSituation(rulebook.vocabulary, member.facts, on), rule, seen)
    try:
        if fires is rule.feature:
            rule.test(recorder)
        elif isinstance(fires, Derived):
            fires.function(recorder)
    except UnknownFact:
        pass
    return tuple(seen.values())


# --- what would make it fire


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
            if _fired(rulebook, part, Member(member.id, {**member.facts, **change}), on):
                return change
    return {}


def _changes(
    rulebook: Rulebook, part: Part, member: Member, on: date, facts: frozenset[str]
) -> list[dict[str, FactValue]]:
    """Values of ``facts`` with which some completion of the member makes a rule fire, the nearest first."""
    each = component(rulebook, part, on)
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
    root = part.diagram(rulebook)
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
    places = {fact: place for place, fact in enumerate(rulebook.catalogue.facts)}
    ordered = {s: (len(s), bool(s & _LAST_RESORT), sorted(places[fact] for fact in s)) for s in found}
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
