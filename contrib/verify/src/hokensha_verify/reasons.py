"""Why, and why not: whether each rule fired for a member, what it read, and what would make it fire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from attrs import frozen

from hokensha.engine import Part, one_question, owed
from hokensha.facts import FactValue, Member, as_json
from hokensha.features import BOOLEANS, Derived, Feature, MemberSituation, Situation, UnknownFact, feature_of
from hokensha.policy import Bound, Rulebook
from hokensha.rules import Ground, Return, Tested, Trigger
from hokensha.text import Label, Language
from hokensha_verify.changes import WITHIN, smallest_change


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
            facts = {fact: as_json(value) for fact, value in self.change.items()}
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
    fired = part.verdict(member, on)
    return Explained(
        bound.rule.id,
        type(bound.rule).__name__.lower(),
        bound.rule.label,
        bound.terms.cites,
        fired,
        _read(rulebook, bound.rule, part, member, on),
        smallest_change(rulebook, part, member, on) if fired is False else None,
    )


@lru_cache(maxsize=4096)
def _part(rulebook: Rulebook, bound: Bound[Any]) -> Part:
    """Whether a rule fires, in the form of a decision's part."""
    return one_question(rulebook, "why", bound.rule.id, _fires(rulebook, bound))


def _fires(rulebook: Rulebook, bound: Bound[Any]) -> Feature[bool]:
    rule = bound.rule
    if isinstance(rule, Trigger):
        return owed(rulebook, bound)
    if not isinstance(rule, Return):
        feature: Feature[bool] = rule.feature
        return feature
    at_hand = rule.document.at_hand

    def is_due(s: Situation) -> bool:
        return at_hand is not None and s[at_hand] and s[rule.feature]

    return Derived(f"due:{rule.id}", rule.label, BOOLEANS, is_due)


class _Recorder:
    """A situation that remembers which features it was asked for; the rule's own test is looked into."""

    def __init__(self, situation: MemberSituation, rule: Tested, seen: dict[str, Seen], at: str = "") -> None:
        self._situation = situation
        self._rule = rule
        self._seen = seen
        self._at = at

    def __getitem__(self, asked: Any) -> Any:
        feature = feature_of(asked)
        if feature is self._rule.feature or feature is self._rule.holds:
            return self._rule.test(self)
        key = f"{feature.id}@{self._at}" if self._at else feature.id
        try:
            value = self._situation[feature]
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
