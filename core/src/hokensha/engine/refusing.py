"""What is not answered: a member whose facts cannot stand together, a document that would have ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from attrs import evolve

from hokensha.dates import NOT_STATED, DayValue, On
from hokensha.errors import Finding, HokenshaError, MemberError, QuestionError
from hokensha.facts import Catalogue, Contradiction, Member, day_in_range
from hokensha.policy import Rulebook
from hokensha.rules import Document, Issuance, Trigger


class EndedError(HokenshaError):
    """A document would have ended before the day on which it is issued."""


def refused(rulebook: Rulebook, member: Member, on: date) -> tuple[Finding, ...]:
    """Each contradiction between a member's facts, as far as they are known; values are never repeated."""
    return tuple(
        Finding(f"member {member.id}", reason(each, rulebook.catalogue), "contradiction")
        for each in rulebook.contradictions
        if each.holds(member.facts, on)
    )


def reason(contradiction: Contradiction, catalogue: Catalogue) -> str:
    """What is wrong, in both languages, and which facts say so."""
    label = contradiction.label
    named = " and ".join(f"{fact} ({catalogue[fact].label.ja})" for fact in contradiction.facts)
    return f"{label.en} ({label.ja}): {named} cannot be so"


def askable(day: date) -> None:
    """Go on with a day only if it is one that may be asked about.

    Raises:
        QuestionError: It lies beyond the days that members may have.
    """
    try:
        day_in_range(day)
    except ValueError as error:
        raise QuestionError(Finding("", f"{error}, found {day}", "day-out-of-range")) from None


def believe(rulebook: Rulebook, member: Member, on: date) -> None:
    """Go on with a member on a day only if nothing is against it.

    Raises:
        MemberError: Its facts cannot stand together.
        QuestionError: The day is none that may be asked about.
    """
    askable(on)
    if found := refused(rulebook, member, on):
        raise MemberError(found)


def stated(rulebook: Rulebook, figure: str, value: DayValue, issued: date) -> DayValue:
    """A term as it is stated: one that ends on a fixed day is not, for what is issued after that day."""
    last = value.last()
    if last is None or last >= issued:
        return value
    figures = rulebook.figures
    fixed = (each for each in figures.simple(figure) if any(isinstance(step, On) for step in each.rule))
    over = last in [each.last(issued, figures.add_business_days) for each in fixed]
    return evolve(NOT_STATED, cites=value.cites) if over else value


def over(rulebook: Rulebook, answers: Iterable[object], on: date) -> str | None:
    """Why what is owed, among answers, cannot be issued: it would have ended; no day is repeated."""
    for each in answers:
        last = each.valid_until.last() if isinstance(each, Issuance) and each.valid_until else None
        if isinstance(each, Issuance) and last is not None and last < on:
            triggers = [b for b in rulebook.rules(Trigger, on) if b.rule.id == each.trigger]
            ends = [rulebook.validity(each.document, b.terms.purpose) for b in triggers]
            return ended(rulebook, each.document, (end.terms.figure for end in ends if end), on)
    return None


def ended(rulebook: Rulebook, document: Document, terms: Iterable[str | None], on: date) -> str:
    """What is said of a document that would have ended, and which facts its term counts from."""
    figures, catalogue = rulebook.figures, rulebook.catalogue
    facts = dict.fromkeys(each.of for term in terms if term for each in figures.simple(term) if each.of)
    by = ", ".join(f"{fact} ({catalogue[fact].label.ja})" for fact in facts)
    label = document.label
    said = f"the {label.en} ({label.ja}) would have ended before {on}, when it is issued"
    return f"{said}; its term counts from {by}" if by else said
