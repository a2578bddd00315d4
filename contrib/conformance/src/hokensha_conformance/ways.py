"""Which ways functions go when a case is asked of a policy: what each asked for itself, and was answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, TypeAlias

from attrs import frozen

from hokensha.engine import Part, advising, decide, parts, purposes, serving
from hokensha.facts import FactValue
from hokensha.features import (
    Composition,
    Feature,
    MemberSituation,
    Situation,
    UnknownFact,
    Vocabulary,
    feature_of,
)
from hokensha.partial import Path, Question
from hokensha.policy import Bound, Rulebook
from hokensha.rules import HELD, At, Latency, Presentation, Trigger, Validity
from hokensha_conformance.answering import member_of
from hokensha_conformance.cases import Case

Trail: TypeAlias = "tuple[tuple[Question, Any], ...]"
"""What a function asked for itself, in this order, and what it was answered."""
Way: TypeAlias = "tuple[Composition, Trail]"
"""A function, and the trail that it left."""
Name: TypeAlias = Literal["decide", "present", "advise", "validity", "reflect"]


def trail_of(function: Composition, situation: Situation) -> tuple[Any, Trail]:
    """What a function returns of a situation, and the trail that leads there."""
    path = Path({}, situation)
    value = function(path)
    return value, tuple(path.answers.items())


class Followed(MemberSituation):
    """The situation of one member; ``ways`` fills with the ways of all functions that were run for it.

    A function that meets an unknown fact raises, and has gone no way.
    """

    __slots__ = ("ways",)

    def __init__(
        self,
        vocabulary: Vocabulary,
        facts: Mapping[str, FactValue],
        day: date,
        ways: dict[Way, None] | None = None,
    ) -> None:
        super().__init__(vocabulary, facts, day)
        self.ways: dict[Way, None] = {} if ways is None else ways

    def __missing__(self, asked: Any) -> Any:
        feature = feature_of(asked)
        composition = self._vocabulary.composition(feature)
        if composition is None or feature is not asked:
            return super().__missing__(asked)
        value, trail = trail_of(composition, self)
        self.ways[composition, trail] = None
        self[feature] = value
        return value

    def at(self, figure: str) -> MemberSituation:
        """The same member as of a fixed day of the policy, followed alike."""
        day = self._vocabulary.fixed_day(figure, self.day)
        return Followed(self._vocabulary, self.facts, day, self.ways)


@frozen(eq=False)
class Asked:
    """One feature that a question asks for."""

    question: Name
    feature: Feature[bool]


def tests_on(rulebook: Rulebook, day: date) -> tuple[Asked, ...]:
    """All that questions about a member ask for on a day."""
    return (
        *(Asked("decide", test) for part in parts(rulebook, day) for test in part.tests),
        *(Asked("present", test) for part in _presenting(rulebook, day) for test in part.tests),
        *(Asked("advise", test) for _, test in advising(rulebook, day)),
    )


def ways_of(rulebook: Rulebook, case: Case) -> Iterator[Way]:
    """The ways that functions go when a case is asked; what needs an unknown fact goes none."""
    about_a_member = (case.decide, case.present, case.advise)
    if case.on is not None and any(question is not None for question in about_a_member):
        facts = member_of(rulebook, case).facts
        for test in _tests_of(rulebook, case, case.on):
            followed = Followed(rulebook.vocabulary, facts, case.on)
            try:
                followed[test]
            except UnknownFact:
                continue
            yield from followed.ways


def figures_of(rulebook: Rulebook, case: Case) -> Iterator[Bound[Validity] | Bound[Latency]]:
    """The rules without a function that a case asks: those that name a figure."""
    if case.validity is not None:
        known = purposes(rulebook, rulebook.document(case.validity.document))
        yield from (bound for bound in known if bound.rule.purpose == case.validity.purpose)
    elif case.reflect is not None:
        yield rulebook.latency(case.reflect.process)
    elif case.decide is not None and case.on is not None:
        yield from _ends_expected(rulebook, case, case.on)
        yield from _ends_of_held(rulebook, case, case.on)


def _ends_expected(rulebook: Rulebook, case: Case, on: date) -> Iterator[Bound[Validity]]:
    """The validities by which documents that are owed end, where the case says until when they are valid."""
    expected = (case.decide or {}).get("issuances", ())
    if not any(isinstance(each, Mapping) and "valid_until" in each for each in expected):
        return
    triggers = {bound.rule.id: bound for bound in rulebook.rules(Trigger, on)}
    for issuance in decide(rulebook, member_of(rulebook, case), on).issuances:
        if issuance.trigger is not None:
            purpose = triggers[issuance.trigger].terms.purpose
            bound = rulebook.validity(issuance.document, purpose)
            yield from [bound] if bound else []


def _ends_of_held(rulebook: Rulebook, case: Case, on: date) -> Iterator[Bound[Validity]]:
    """The validities by which documents end that the member was given."""
    situation = MemberSituation(rulebook.vocabulary, member_of(rulebook, case).facts, on)
    for document in rulebook.documents.values():
        bound = rulebook.validity(document, HELD)
        if bound is not None:
            try:
                given = situation[document.given]
            except UnknownFact:
                continue
            yield from [bound] if given else []


def _tests_of(rulebook: Rulebook, case: Case, on: date) -> tuple[Feature[bool], ...]:
    if case.advise is not None:
        return tuple(test for _, test in advising(rulebook, on))
    asked = parts(rulebook, on) if case.present is None else _presenting(rulebook, on, case.present.at)
    return tuple(test for part in asked for test in part.tests)


def _presenting(rulebook: Rulebook, on: date, at: At | None = None) -> Iterator[Part]:
    for bound in rulebook.rules(Presentation, on):
        if at is None or at in bound.rule.at:
            yield serving(rulebook, bound)
