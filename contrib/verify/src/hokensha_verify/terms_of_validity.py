"""How long certificates are valid: never ended when they are issued, never beyond what the law allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import product
from typing import TypeAlias

from hokensha.dates import CalendarError, DayValue, Modality, Years
from hokensha.engine import Part, one_question, owed, without_questions
from hokensha.errors import Finding
from hokensha.facts import FactValue, Member
from hokensha.features import BOOLEANS, Derived, Situation, Within
from hokensha.partial import candidates_of
from hokensha.policy import Bound, Rulebook
from hokensha.rules import CONSISTENT, IN_SCHEME, Trigger, Validity
from hokensha_verify.reaching import Reach
from hokensha_verify.witnesses import Witness, witness, written

_Ended: TypeAlias = "tuple[date, str, date]"
_YEARS_AHEAD = 9
"""For how many years of issue the length of certificates is looked at."""


def beyond_the_law(rulebook: Rulebook) -> Iterator[Finding]:
    """Documents valid for longer than the law allows, for somebody and some day of issue in the years to come."""
    for bound in rulebook.rules(Validity):
        longest = bound.rule.document.longest
        if longest is not None and bound.rule.purpose != "held":
            where = f"{rulebook.policy.path}: {bound.place}"
            if problem := _beyond(rulebook, bound.terms.figure or "", longest):
                yield Finding(where, problem, "validity-beyond-5-years")


def ending_before_issue(rulebook: Rulebook) -> Iterator[Finding]:
    """Triggers whose certificate would have ended when it is issued, on some day of their time in force."""
    ended: dict[str, tuple[_Ended, ...]] = {}  # triggers share figures
    for bound in rulebook.rules(Trigger):
        validity = rulebook.validity(bound.rule.document, bound.terms.purpose)
        figure = validity.terms.figure if validity and bound.rule.document.longest is not None else None
        if figure is not None and figure in rulebook.figures:
            for part in rulebook.figures.parts(figure):
                if part not in ended:
                    ended[part] = tuple(_ended(rulebook, part))
            by_issue = (each for part in rulebook.figures.parts(figure) for each in ended[part])
            problem = _by_issue(rulebook, bound, by_issue) or _by_fact(rulebook, bound, figure)
            if problem is not None:
                yield Finding(f"{rulebook.policy.path}: {bound.place}", problem, "validity-before-issue")


def _ended(rulebook: Rulebook, part: str) -> Iterator[_Ended]:
    """The days of issue on which what is counted from them has ended, each with for whom, and the end."""
    if any(version.of for version in rulebook.figures[part]):
        return
    for day in _days(rulebook, part):
        for known, value in _values(rulebook, part, day):
            last = value.bound()
            if last is not None and last < day and (who := _who(rulebook, known, day)) is not None:
                yield day, who, last
                break


def _by_issue(rulebook: Rulebook, bound: Bound[Trigger], ended: Iterable[_Ended]) -> str | None:
    """The first of these ends that a trigger can bring, as far as no fact is asked for that."""
    first = _fixed(rulebook, bound.terms.due_from)
    through = _fixed(rulebook, bound.terms.due_through) if bound.terms.mass else None
    for day, who, last in sorted(ended):
        due = (first is None or first <= day) and (through is None or day <= through)
        if due and bound.terms.in_force(day):
            return f"a certificate issued on {day}{who} has ended on {last}"
    return None


def _by_fact(rulebook: Rulebook, bound: Bound[Trigger], figure: str) -> str | None:
    """An end by a dated fact, such as the end of a stay, past for somebody who is owed the certificate.

    Parts with ``before`` or ``reached`` are left out: those say themselves for whom they apply.
    """
    figures = rulebook.figures
    for part in figures.parts(figure):
        if not any(version.of for version in figures[part]) or any(
            version.bands() for version in figures[part]
        ):
            continue
        found = _owed_past(rulebook, bound, part)
        if found is not None:
            said = f"a certificate would have ended when it is issued, by figure '{part}': {found}"
            return f"{said}; 'before' in the figure says for whom it is meant"
    return None


def _owed_past(rulebook: Rulebook, bound: Bound[Trigger], part: str) -> Witness | None:
    due = owed(rulebook, bound)
    within = Within(f"within:{part}", bound.rule.label, BOOLEANS, part)

    def is_past(s: Situation) -> bool:
        return s[due] and not s[within] and s[CONSISTENT]

    feature = Derived("ends-before-issue", bound.rule.label, BOOLEANS, is_past)
    days = (day for day in sorted(Reach.of(rulebook).days) if bound.terms.in_force(day))
    return next((found for day in days if (found := witness(rulebook, feature, day))), None)


def _fixed(rulebook: Rulebook, figure: str | None) -> date | None:
    """The day of a figure, as far as it asks for no fact."""
    if figure is None or figure not in rulebook.figures:
        return None
    value = rulebook.figures.evaluate(figure, _none, rulebook.policy.published)
    return value.bound() if value else None


def _days(rulebook: Rulebook, figure: str) -> Iterator[date]:
    """The days of issue that are looked at: every day of nine years.

    Where terms differ by member: the days around each month's end, and around all that the policy dates.
    """
    start = rulebook.policy.published
    last = Years(_YEARS_AHEAD).apply(start, rulebook.figures.add_business_days)
    every = (start + timedelta(days=n) for n in range((last - start).days + 1))
    if not rulebook.figures.conditions(figure):
        yield from every
        return
    dated = {*Reach.of(rulebook).days, last}
    yield from (day for day in every if day in dated or (day + timedelta(days=1)).day in (1, 2))


def _values(rulebook: Rulebook, figure: str, day: date) -> Iterator[tuple[dict[str, FactValue], DayValue]]:
    """What a figure gives when counted from ``day``, for members who differ in what decides on its terms.

    Each with those facts. Facts that it merely counts from are none: only the terms are compared.
    """
    facts = rulebook.figures.conditions(figure)
    for values in product(*_telling(rulebook, facts, day)) if facts else ((),):
        known = dict(zip(facts, values, strict=True))
        try:
            value = rulebook.figures.evaluate(figure, known.get, day, base=day)
        except CalendarError:  # no holidays are known of years that far ahead
            continue
        if value is not None:
            yield known, value


def _who(rulebook: Rulebook, known: dict[str, FactValue], day: date) -> str | None:
    """Members of whom these facts are known, in words; none if nobody in the scheme is such."""
    if not known:
        return ""
    if _membership(rulebook).verdict(Member("", known), day) is False:
        return None
    return f" ({', '.join(f'{fact} = {written(found)}' for fact, found in known.items())})"


def _telling(rulebook: Rulebook, facts: tuple[str, ...], day: date) -> list[tuple[FactValue, ...]]:
    """For each fact the values that stand for all others."""
    asked = without_questions(rulebook, frozenset(facts), day, lambda leaf, _: leaf)
    scheme = _membership(rulebook).component(day)
    found = candidates_of(rulebook.vocabulary, Member("", {}), day, (asked, scheme))
    return [found[fact] for fact in facts]


def _beyond(rulebook: Rulebook, figure: str, years: int) -> str | None:
    if figure not in rulebook.figures:
        return None
    for day in _days(rulebook, figure):
        longest = Years(years).apply(day, rulebook.figures.add_business_days)
        for known, value in _values(rulebook, figure, day):
            last, unlimited = value.bound(), value.modality is Modality.UNLIMITED
            beyond = unlimited or (last is not None and last > longest)
            if not beyond or (who := _who(rulebook, known, day)) is None:
                continue
            if unlimited:
                return f"a certificate without an end{who} is valid beyond {years} years"
            return f"a certificate issued on {day}{who} is valid until {last}, beyond {years} years"
    return None


def _membership(rulebook: Rulebook) -> Part:
    return one_question(rulebook, "scheme", "", IN_SCHEME)


def _none(_: str) -> FactValue:
    return None
