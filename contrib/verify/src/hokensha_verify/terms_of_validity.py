"""How long certificates are valid: never ended when they are issued, never beyond what the law allows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import product
from typing import TypeAlias

from attrs import define, field

from hokensha.dates import CalendarError, DayValue, Modality, On, Years
from hokensha.engine import Part, one_question, owed, without_questions
from hokensha.errors import Finding
from hokensha.facts import FactValue, Member
from hokensha.features import BOOLEANS, Derived, Situation
from hokensha.partial import candidates_of
from hokensha.policy import Bound, Rulebook
from hokensha.rules import CONSISTENT, HELD, IN_SCHEME, Trigger, Validity
from hokensha_verify.days import telling_days
from hokensha_verify.witnesses import Witness, witness, written

_Ended: TypeAlias = "tuple[date, str, date]"
_DAY = timedelta(days=1)
_YEARS_AHEAD = 9
"""For how many years of issue the length of certificates is looked at."""


def beyond_the_law(rulebook: Rulebook) -> Iterator[Finding]:
    """Documents valid for longer than the law allows, for somebody, issued on a day of the years to come."""
    terms = _Terms(rulebook)
    for bound in rulebook.rules(Validity):
        longest, figure = bound.rule.document.longest, bound.terms.figure
        if longest is None or bound.rule.purpose == HELD or figure is None or figure not in rulebook.figures:
            continue
        if problem := terms.beyond(figure, longest):
            yield Finding(f"{rulebook.policy.path}: {bound.place}", problem, "validity-beyond-5-years")


def ending_before_issue(rulebook: Rulebook) -> Iterator[Finding]:
    """Triggers whose certificate would have ended when it is issued, on some day of their time in force.

    For everybody, which is an error, or for somebody; told once of each figure that ends it.
    """
    terms = _Terms(rulebook)
    told: set[str] = set()
    for bound in rulebook.rules(Trigger):
        validity = rulebook.validity(bound.rule.document, bound.terms.purpose)
        figure = validity.terms.figure if validity and bound.rule.document.longest is not None else None
        if figure is None or figure not in rulebook.figures:
            continue
        where = f"{rulebook.policy.path}: {bound.place}"
        if problem := terms.by_issue(bound, figure, fixed=False):
            yield Finding(where, problem, "validity-before-issue")
            continue
        if problem := terms.by_issue(bound, figure, fixed=True):
            yield Finding(where, f"{problem}: from then on no end is stated", "validity-not-stated-from")
        for part, problem in terms.by_fact(bound, figure, told):
            told.add(part)
            yield Finding(where, problem, "validity-may-end-before-issue")


@define(eq=False)
class _Terms:
    """The terms of validity of one policy.

    Attributes:
        membership: Who is in the scheme.
        known_ended: What was found out of figures that several triggers share.
    """

    rulebook: Rulebook
    membership: Part = field(init=False)
    known_ended: dict[str, tuple[_Ended, ...]] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self.membership = one_question(self.rulebook, "scheme", "", IN_SCHEME)

    def beyond(self, figure: str, years: int) -> str | None:
        """Whom a figure gives longer than so many years, and on which day of issue first."""
        for day in self.days(figure):
            longest = Years(years).apply(day, self.rulebook.figures.add_business_days)
            for known, value in self.values(figure, day):
                last, unlimited = value.last(), value.modality is Modality.UNLIMITED
                beyond = unlimited or (last is not None and last > longest)
                if not beyond or (who := self.who(known, day)) is None:
                    continue
                if unlimited:
                    return f"a certificate without an end{who} is valid beyond {years} years"
                return f"a certificate issued on {day}{who} is valid until {last}, beyond {years} years"
        return None

    def by_issue(self, bound: Bound[Trigger], figure: str, *, fixed: bool) -> str | None:
        """The first end that is past on the day of issue from which it counts; no fact is asked for.

        Args:
            fixed: Whether ends on a fixed day are looked at, or all others.
        """
        first = self.fixed(bound.terms.due_from)
        through = self.fixed(bound.terms.due_through) if bound.terms.mass else None
        parts = [part for part in self.rulebook.figures.parts(figure) if self.is_fixed(part) is fixed]
        for day, who, last in sorted(each for part in parts for each in self.ended(part)):
            due = (first is None or first <= day) and (through is None or day <= through)
            if due and bound.terms.in_force(day):
                return f"a certificate issued on {day}{who} has ended on {last}"
        return None

    def is_fixed(self, part: str) -> bool:
        """Whether a figure names a fixed day."""
        return any(isinstance(step, On) for version in self.rulebook.figures[part] for step in version.rule)

    def ended(self, part: str) -> tuple[_Ended, ...]:
        """The days of issue on which what is counted from them has ended, each with for whom, and the end."""
        if part not in self.known_ended:
            counts_from_a_fact = any(version.of for version in self.rulebook.figures[part])
            self.known_ended[part] = () if counts_from_a_fact else tuple(self._ended(part))
        return self.known_ended[part]

    def _ended(self, part: str) -> Iterator[_Ended]:
        for day in self.days(part):
            for known, value in self.values(part, day):
                last = value.last()
                if last is not None and last < day and (who := self.who(known, day)) is not None:
                    yield day, who, last
                    break

    def by_fact(self, bound: Bound[Trigger], figure: str, told: Collection[str]) -> Iterator[tuple[str, str]]:
        """Ends by a dated fact, such as the end of a stay, past for somebody who is owed the certificate."""
        figures = self.rulebook.figures
        for part in figures.parts(figure):
            if part in told or not any(version.of for version in figures[part]):
                continue
            if found := self.owed_past(bound, part):
                said = f"a certificate would have ended when it is issued, by figure '{part}': {found}"
                yield part, f"{said}; nothing is issued: 'before' in the figure says for whom it is meant"

    def owed_past(self, bound: Bound[Trigger], part: str) -> Witness | None:
        """Somebody who is owed a certificate after the day that ends it."""
        if len({version.bands() for version in self.rulebook.figures[part]}) > 1:
            return None  # for whom such a figure is meant differs by its periods: no rule can ask that
        due, in_term = owed(self.rulebook, bound), self.rulebook.vocabulary.in_term(part)

        def is_past(s: Situation) -> bool:
            return s[due] and not in_term(s) and s[CONSISTENT]

        feature = Derived("ends-before-issue", bound.rule.label, BOOLEANS, is_past)
        days = (day for day in sorted(telling_days(self.rulebook)) if bound.terms.in_force(day))
        return next((found for day in days if (found := witness(self.rulebook, feature, day))), None)

    def fixed(self, figure: str | None) -> date | None:
        """The day of a figure, as far as it asks for no fact."""
        if figure is None or figure not in self.rulebook.figures:
            return None
        value = self.rulebook.figures.evaluate(figure, lambda _: None, self.rulebook.policy.published)
        return value.last() if value else None

    def days(self, figure: str) -> Iterator[date]:
        """The days of issue that are looked at: every day of nine years.

        Where terms differ by member: the days around each month's end, and around all that the policy dates.
        """
        start, figures = self.rulebook.policy.published, self.rulebook.figures
        last = Years(_YEARS_AHEAD).apply(start, figures.add_business_days)
        every = (start + n * _DAY for n in range((last - start).days + 1))
        if not figures.conditions(figure):
            yield from every
            return
        dated = {*telling_days(self.rulebook), last}
        yield from (day for day in every if day in dated or (day + _DAY).day in (1, 2))

    def values(self, figure: str, day: date) -> Iterator[tuple[dict[str, FactValue], DayValue]]:
        """What a figure gives when counted from ``day``, for members who differ in what decides on its terms.

        Each with those facts. Facts that it merely counts from are none: only the terms are compared.
        """
        facts = self.rulebook.figures.conditions(figure)
        for values in product(*self.telling(facts, day)) if facts else ((),):
            known = dict(zip(facts, values, strict=True))
            try:
                value = self.rulebook.figures.evaluate(figure, known.get, day, base=day)
            except CalendarError:  # no holidays are known of years that far ahead
                continue
            if value is not None:
                yield known, value

    def telling(self, facts: tuple[str, ...], day: date) -> list[tuple[FactValue, ...]]:
        """For each fact the values that stand for all others."""
        asked = without_questions(self.rulebook, frozenset(facts), day, lambda leaf, _: leaf)
        components = (asked, self.membership.component(day))
        found = candidates_of(self.rulebook.vocabulary, Member("", {}), day, components)
        return [found[fact] for fact in facts]

    def who(self, known: dict[str, FactValue], day: date) -> str | None:
        """Members of whom these facts are known, in words; none if nobody in the scheme is such."""
        if not known:
            return ""
        if self.membership.verdict(Member("", known), day) is False:
            return None
        return f" ({', '.join(f'{fact} = {written(found)}' for fact, found in known.items())})"
