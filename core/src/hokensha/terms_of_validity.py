"""How long certificates are valid: never ended when they are issued, never beyond what the law allows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from hokensha.bound import Bound
from hokensha.calendars import CalendarError
from hokensha.daterules import Years
from hokensha.days import Modality
from hokensha.errors import Finding
from hokensha.facts import FactValue
from hokensha.rulebook import Rulebook
from hokensha.rules import Document, Trigger, Validity

_YEARS_AHEAD = 9
"""For how many years of issue the length of certificates is looked at."""
_LONGEST = Years(5)
"""The longest that a certificate may be valid: to the matching day five years on."""


def beyond_the_law(rulebook: Rulebook) -> Iterator[Finding]:
    """Certificates that would be valid beyond five years, for some day of issue in the years to come."""
    for bound in rulebook.rules(Validity):
        if bound.rule.document is Document.CERTIFICATE and bound.rule.purpose != "held":
            where = f"{rulebook.policy.path}: {bound.place}"
            if problem := _beyond(rulebook, bound.terms.figure or ""):
                yield Finding(where, problem, "validity-beyond-5-years")


def ending_before_issue(rulebook: Rulebook) -> Iterator[Finding]:
    """Triggers whose certificate would have ended when it is issued, on some day of their time in force."""
    for bound in rulebook.rules(Trigger):
        validity = rulebook.validity(bound.rule.document, bound.terms.purpose)
        if bound.rule.document is Document.CERTIFICATE and validity is not None:
            where = f"{rulebook.policy.path}: {bound.place}"
            for day in _days_of_issue(rulebook, bound):
                last = _last_day(rulebook, validity.terms.figure or "", day)
                if last is not None and last < day:
                    message = f"a certificate issued on {day} has ended on {last}"
                    yield Finding(where, message, "validity-before-issue")
                    break


def _days_of_issue(rulebook: Rulebook, bound: Bound[Trigger]) -> Iterator[date]:
    """The days on which a trigger can bring a certificate, as far as no fact is asked for that."""
    first = _last_day(rulebook, bound.terms.due_from or "", rulebook.policy.published)
    through = bound.terms.due_through if bound.terms.mass else None
    last = _last_day(rulebook, through or "", rulebook.policy.published)
    for day in _years_ahead(rulebook):
        due = (first is None or first <= day) and (last is None or day <= last)
        if due and bound.terms.in_force(day):
            yield day


def _years_ahead(rulebook: Rulebook) -> Iterator[date]:
    day = rulebook.policy.published
    last = Years(_YEARS_AHEAD).apply(day, rulebook.figures.add_business_days)
    while day <= last:
        yield day
        day += timedelta(days=1)


def _last_day(rulebook: Rulebook, figure: str, day: date) -> date | None:
    """The day that a figure gives when counted from ``day``; none if it gives none, or asks for a fact."""
    if figure not in rulebook.figures:
        return None
    try:
        value = rulebook.figures.evaluate(figure, _none, day, base=day)
    except CalendarError:  # no holidays are known of years that far ahead
        return None
    return value.bound() if value else None


def _beyond(rulebook: Rulebook, figure: str) -> str | None:
    for day in _years_ahead(rulebook):
        try:
            value = rulebook.figures.evaluate(figure, _none, day, base=day)
        except CalendarError:  # no holidays are known of years that far ahead
            return None
        if value is not None and value.modality is Modality.UNLIMITED:
            return "a certificate without an end is valid beyond 5 years"
        last = value and value.bound()
        if last and last > _LONGEST.apply(day, rulebook.figures.add_business_days):
            return f"a certificate issued on {day} is valid until {last}, beyond 5 years"
    return None


def _none(_: str) -> FactValue:
    return None
