"""What questions ask of a rulebook: the features that answer each, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, TypeAlias

from attrs import frozen

from hokensha.engine import HELD, Part, advising, decide, parts, purposes, serving
from hokensha.features import Feature, MemberSituation, UnknownFact
from hokensha.policy import Bound, Rulebook
from hokensha.rules import At, Latency, Presentation, Trigger, Validity
from hokensha_conformance.answers_to_cases import member_of
from hokensha_conformance.cases import Case
from hokensha_conformance.following import Followed, Way

Name: TypeAlias = Literal["decide", "present", "advise", "validity", "reflect"]


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
        facts = member_of(rulebook, case).facts
        for document in rulebook.documents.values():
            bound = rulebook.validity(document, HELD)
            if bound is not None and document.given is not None:
                try:
                    given = MemberSituation(rulebook.vocabulary, facts, case.on)[document.given]
                except UnknownFact:
                    continue
                yield from [bound] if given else []


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


def _tests_of(rulebook: Rulebook, case: Case, on: date) -> tuple[Feature[bool], ...]:
    if case.advise is not None:
        return tuple(test for _, test in advising(rulebook, on))
    asked = parts(rulebook, on) if case.present is None else _presenting(rulebook, on, case.present.at)
    return tuple(test for part in asked for test in part.tests)


def _presenting(rulebook: Rulebook, on: date, at: At | None = None) -> Iterator[Part]:
    for bound in rulebook.rules(Presentation, on):
        if at is None or at in bound.rule.at:
            yield serving(rulebook, bound)
