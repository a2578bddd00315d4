"""Why, and why not: whether each rule fired for a member, what it read, and what would make it fire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import Any

from attrs import frozen

from hokensha.engine import decide, one_question, owed
from hokensha.facts import FactValue, Member, as_json
from hokensha.features import BOOLEANS, Composition, Derived, Feature, MemberSituation, UnknownFact, Value
from hokensha.partial import Path, Question
from hokensha.policy import Bound, Rulebook
from hokensha.rules import Basis, Document, Exclusion, Ground, Return, Tested, Trigger
from hokensha.text import Label, Language
from hokensha_verify.changes import WITHIN, smallest_change


@frozen
class Seen:
    """A feature that a rule read.

    Attributes:
        feature: Its id, with ``@`` and the figure of the day as of which it was read, if that is another.
        value: Its value as JSON has it; none where the facts do not suffice.
        said: The value in words, where its plugin has some for it.
    """

    feature: str
    label: Label
    value: bool | str | None
    said: Label | None = None


@frozen
class Explained:
    """One rule in force, and why it fired or not.

    Attributes:
        rule: Its id.
        kind: ``ground``, ``trigger`` or ``return``.
        fired: Whether it holds (a trigger: whether its document is owed); none if that is undetermined.
        read: The features that it read, in this order.
        lost_to: For a trigger whose document another one gives: that one, and whether it comes first as a
            ``yearly`` renewal, an ``application`` that was made, or by the policy's ``order``. None for all
            other rules.
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
    lost_to: tuple[str, str] | None = None

    def to_json(self, lang: Language = "ja") -> dict[str, Any]:
        """What ``decide --why`` shows of the rule; labels in ``lang``."""
        change: dict[str, Any] | None = None
        if self.change is not None:
            facts = {fact: as_json(value) for fact, value in self.change.items()}
            change = {"facts": facts} if facts else {"none_within": WITHIN}
        lost = self.lost_to and {"lost_to": dict(zip(("rule", "because"), self.lost_to, strict=True))}
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
            **(lost or {}),
        }


def explain(rulebook: Rulebook, member: Member, on: date) -> tuple[Explained, ...]:
    """Each ground, trigger, exclusion and return in force on a day, in order: why it fired, or why not."""
    kinds = (Ground, Trigger, Exclusion, Return)
    in_force = [bound for bound in rulebook.in_force(on) if isinstance(bound.rule, kinds)]
    triggers = {bound.rule.id: bound for bound in in_force if isinstance(bound.rule, Trigger)}
    issued = decide(rulebook, member, on).issuances
    winners = {each.document: triggers[each.trigger] for each in issued if each.trigger is not None}
    return tuple(_explained(rulebook, bound, member, on, winners) for bound in in_force)


def _explained(
    rulebook: Rulebook,
    bound: Bound[Any],
    member: Member,
    on: date,
    winners: Mapping[Document, Bound[Trigger]],
) -> Explained:
    part = one_question(rulebook, "why", bound.rule.id, _fires(rulebook, bound))
    fired = part.verdict(member, on)
    situation = MemberSituation(rulebook.vocabulary, member.facts, on)
    return Explained(
        bound.rule.id,
        type(bound.rule).__name__.lower(),
        bound.rule.label,
        bound.terms.cites,
        fired,
        _read(bound.rule, part.tests[0], situation),
        smallest_change(part, member, on) if fired is False else None,
        _lost_to(bound, winners) if fired else None,
    )


def _lost_to(bound: Bound[Any], winners: Mapping[Document, Bound[Trigger]]) -> tuple[str, str] | None:
    winner = winners.get(bound.rule.document) if isinstance(bound.rule, Trigger) else None
    if winner is None or winner is bound:
        return None
    if winner.yearly is not None:
        return winner.rule.id, "yearly"
    applied = winner.terms.basis is Basis.APPLICATION and bound.terms.basis is not Basis.APPLICATION
    return winner.rule.id, "application" if applied else "order"


@lru_cache(maxsize=4096)
def _fires(rulebook: Rulebook, bound: Bound[Any]) -> Feature[bool]:
    """Whether a rule fires: a trigger's document is owed, a return's is with the member."""
    rule = bound.rule
    if isinstance(rule, Trigger):
        return owed(rulebook, bound)
    if not isinstance(rule, Return):
        feature: Feature[bool] = rule.feature
        return feature
    at_hand = rule.document.at_hand
    return Derived(f"due:{rule.id}", rule.label, BOOLEANS, lambda s: s[at_hand] and s[rule.feature])


def _read(rule: Tested, fires: Feature[bool], situation: MemberSituation) -> tuple[Seen, ...]:
    """The features on a rule's path, as far as the facts lead."""
    function = fires.function if isinstance(fires, Derived) else rule.test
    seen: dict[str, Seen] = {}
    for (feature, at), value in _asked(function, rule, situation, ""):
        key = f"{feature.id}@{at}" if at else feature.id
        coded = isinstance(value, Value)
        seen.setdefault(
            key, Seen(key, feature.label, value.value if coded else value, value.label if coded else None)
        )
    return tuple(seen.values())


def _asked(
    function: Composition, rule: Tested, situation: MemberSituation, at: str
) -> Iterator[tuple[Question, Any]]:
    """What a function asks for, each with its answer, if there is one; the rule's own test is looked into."""
    path = Path({}, situation.at(at) if at else situation, at)
    with suppress(UnknownFact):
        function(path)
    for question in (*path.answers, *path.open):
        if question[0] in (rule.feature, rule.holds):
            yield from _asked(rule.test, rule, situation, question[1])
        else:
            yield question, path.answers.get(question)
