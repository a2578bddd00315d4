"""Members who are thought up to show something: ordinary ones, changed in as few facts as will do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from attrs import frozen

from hokensha.engine import one_question
from hokensha.facts import KEY, Fact, FactValue, Member
from hokensha.features import Derived, MemberSituation
from hokensha.partial import of_anybody
from hokensha.policy import Rulebook
from hokensha.rules import IN_SCHEME
from hokensha_verify.changes import smallest_change


@frozen
class Witness:
    """A member who was thought up.

    Attributes:
        on: The day.
        facts: All facts of the member.
        told: Those in which it differs from an ordinary one.
    """

    on: date
    facts: Mapping[str, FactValue]
    told: tuple[str, ...]

    def __str__(self) -> str:
        told = (f"{fact} = {written(self.facts[fact])}" for fact in self.told)
        return f"on {self.on}, {', '.join(told) or 'an ordinary member'}"


def witness(rulebook: Rulebook, feature: Derived[bool], on: date) -> Witness | None:
    """A member for whom a feature is true on a day, as ordinary as can be; none if there is nobody."""
    part = one_question(rulebook, "witness", feature.id, feature)
    root = part.diagram()
    completions, component = of_anybody(rulebook.vocabulary, root, on)
    way = completions.way(component, wanted=True)
    if way is None:
        return None

    def holds(facts: Mapping[str, FactValue]) -> bool:
        found: bool = MemberSituation(rulebook.vocabulary, facts, on)[feature]
        return found

    usual = ordinary(rulebook, on)
    if holds(usual):
        return Witness(on, usual, ())
    facts = {**usual, **smallest_change(part, Member("", usual), on)}
    if not holds(facts):  # more facts have to change: as many of the way that was found as need be
        facts.update({fact: _nearest(values, usual[fact], on) for fact, values in way.items()})
        for fact in way:
            nearer = {**facts, fact: usual[fact]}
            facts = nearer if holds(nearer) else facts
    told = tuple(fact for fact in rulebook.catalogue.facts if fact != KEY and facts[fact] != usual[fact])
    return Witness(on, facts, told)


def _nearest(values: tuple[FactValue, ...], usual: FactValue, on: date) -> FactValue:
    """The most ordinary of some values: the usual one, or the day that is nearest to the day asked."""
    if usual in values:
        return usual
    days = [value for value in values if isinstance(value, date)]
    return min(days, key=lambda day: (abs(day - on), day)) if days else values[0]


def ordinary(rulebook: Rulebook, on: date) -> dict[str, FactValue]:
    """An ordinary member on a day: long in the scheme, with a card that works, and nothing else to tell."""
    facts = [fact for fact in rulebook.catalogue.facts.values() if fact.id != KEY]
    members = [
        {fact.id: _usual(fact, choice, on) for fact in facts}
        for choice in range(max((len(fact.usual) for fact in facts), default=1) or 1)
    ]
    for each in members:
        if MemberSituation(rulebook.vocabulary, each, on)[IN_SCHEME]:
            return each
    return members[0]  # the scheme asks for something that no ordinary member is


def _usual(fact: Fact, choice: int, on: date) -> FactValue:
    if fact.usual:
        usual = fact.usual[min(choice, len(fact.usual) - 1)]
        return on + timedelta(days=usual) if isinstance(usual, int) else usual
    if fact.nullable:
        return None
    if fact.kind == "code":
        return fact.values[0]
    if fact.kind == "boolean":
        return False
    return on - timedelta(days=365) if fact.kind == "day" else "1"


def written(value: FactValue) -> str:
    """A fact's value as people read it."""
    if isinstance(value, bool):
        return str(value).lower()
    return "none" if value is None else str(value)
