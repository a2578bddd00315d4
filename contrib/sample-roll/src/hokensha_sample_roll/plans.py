"""What the policy would issue to members, asked of its rules: one question for each kind of member.

Members are sorted into kinds by all that the rules look at, their days moved to one of a few (the middle of
the month of enrolment, a day of the month in which a card's terms end). For each kind that occurs, a member
is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from attrs import define, field, frozen

from hokensha.engine import decide
from hokensha.facts import Member
from hokensha.policy import Rulebook
from hokensha.rules import Document
from hokensha_sample_roll.asking import Answers, facts_read, probe
from hokensha_sample_roll.days import NONE, Days, Ints, birthdays, date_of, day, first_of, months, where
from hokensha_sample_roll.draws import Bools, Facts
from hokensha_sample_roll.further import Further
from hokensha_sample_roll.people import Ages
from hokensha_standard import CERTIFICATE, NOTICE

FIRST_MONTH: Final = day(date(2024, 1, 1))
"""Enrolments before it are all alike."""
LONG_AGO: Final = day(date(2009, 5, 15))
SERVER_FILLED: Final = day(date(2021, 6, 15))
_MONTHS_AROUND: Final = 6
"""Terms that end within so many months of the day are told apart."""
_MONTH: Final = np.float64(30.4)
OLD, OLD_BACK = "health_insurance_card_valid_until", "health_insurance_card_returned_on"
_AS_THEY_ARE: Final = (
    *("relation", "continuation", "disability_recognised", "registration_failed", "my_number_card", OLD),
    *("insurance_use", "needs_assistance", "assistance_applied_before", "disclosure_restricted"),
)
"""Facts that can say little; the others stand for many days."""
NEVER: Final = ""


@frozen
class Plan:
    """What a kind of member is owed: the rule that brings each document; empty if none does.

    Attributes:
        certificate: Without an application.
        applied: With one; only if there is none without.
        notice: Of the notice.
        renewed: A certificate that has ended brings another one.
    """

    certificate: str
    applied: str
    notice: str
    renewed: bool


Way: TypeAlias = Literal["certificate", "applied", "notice"]


@frozen(eq=False)
class Plans:
    """The plans of some members.

    Attributes:
        different: All plans that there are.
        plan: For each member, the place of the plan.
    """

    different: list[Plan]
    plan: Ints

    def holds(self, test: Callable[[Plan], bool]) -> Bools:
        """Of whom something holds."""
        return np.asarray([test(plan) for plan in self.different], np.bool_)[self.plan]

    def by_rule(self, way: Way) -> Iterator[tuple[str, Bools]]:
        """Each rule that brings a document in this way, and to whom."""
        brought: list[str] = [getattr(plan, way) for plan in self.different]
        for rule in dict.fromkeys(filter(None, brought)):
            yield rule, np.asarray([each == rule for each in brought], np.bool_)[self.plan]


@define(eq=False)
class Asked:
    """The rules' answers for each kind of member, once for each."""

    rulebook: Rulebook
    who: Ages
    as_of: int
    old_cards_end: int
    further: Further
    _plans: dict[Plan, int] = field(factory=dict)
    _answers: Answers = field(init=False)
    _read: AbstractSet[str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._answers = Answers(self.rulebook.catalogue, self._plan)
        # From the enrolment a probe has its other days.
        self._read = {"enrolled_on"} | facts_read(self.rulebook, date_of(self.as_of))

    def plans(self, facts: Facts) -> Plans:
        """What some members are owed."""
        kinds = {**self._kinds(facts), **self.further.kinds(facts, self.as_of)}
        place = self._answers.of({fact: column for fact, column in kinds.items() if fact in self._read})
        return Plans(list(self._plans), place.astype(np.int16))

    def _kinds(self, facts: Facts) -> Facts:
        """The facts that members have who stand for others."""
        on, enrolled = self.as_of, self._enrolled(facts["enrolled_on"])

        def there(fact: str, days: float | Days) -> Days:
            return where(np.isnan(facts[fact]), NONE, days)

        registered = np.minimum(np.maximum(enrolled + 12, SERVER_FILLED), on)
        going = where(facts["departs_japan_on"] > on, on + 60, on - 5)
        terms = self._terms(facts["electronic_certificate_expires_on"])
        return {
            **{fact: facts[fact] for fact in _AS_THEY_ARE},
            "birth_date": where(facts["disability_recognised"], self._born(disabled=True), self._born()),
            "enrolled_on": enrolled,
            "enrolment_received_on": np.minimum(enrolled + 3, on),
            "enrolment_processed_on": there("enrolment_processed_on", np.minimum(enrolled + 6, on)),
            "number_submitted_on": there("number_submitted_on", np.minimum(enrolled + 5, on)),
            "registered_on": there("registered_on", there("number_submitted_on", registered)),
            "my_number_card_expires_on": terms,
            "electronic_certificate_expires_on": terms,
            "deregistration_received_on": there("deregistration_received_on", on - 40),
            "deregistration_registered_on": there("deregistration_registered_on", on - 30),
            "departs_japan_on": where(facts["overseas_card"], NONE, there("departs_japan_on", going)),
            "details_changed_on": there("details_changed_on", on - 20),
            OLD_BACK: there(OLD_BACK, on),
        }

    def _enrolled(self, days: Days) -> Days:
        """The middle of the month of enrolment, or long ago."""
        first, this = months(FIRST_MONTH), months(self.as_of)
        month = np.clip(months(days), first - 1, max(this + 1, first))
        middle = first_of(month) + 14
        middle = where(month == this, np.minimum(middle, self.as_of), middle)
        return where(month < first, LONG_AGO, middle)

    def _terms(self, ends: Days) -> Days:
        """A day of the month in which a card's terms end, counted from the day asked."""
        ahead = np.clip(np.floor((ends - self.as_of) / _MONTH), -_MONTHS_AROUND, _MONTHS_AROUND)
        return np.asarray(self.as_of + np.trunc(_MONTH * ahead + 15), np.float32)

    def _born(self, *, disabled: bool = False) -> Days:
        age = min(max(self.who.first + 5, 40), self.who.last)
        if disabled and self.who.disabled:
            age = self.who.disabled[0]
        return birthdays(self.as_of - 100, -age)

    # --- a member of each kind

    def _plan(self, facts: Mapping[str, Any]) -> int:
        """What is owed to one: the place of the plan."""
        on, facts = date_of(self.as_of), probe(self.rulebook.catalogue, **facts)
        without = self._owed(facts)
        certificate, applied = without.get(CERTIFICATE, NEVER), NEVER
        if not certificate:
            applied = self._owed({**facts, "certificate_requested_on": on}).get(CERTIFICATE, NEVER)
        ended = {
            "eligibility_certificate_issued_on": on - timedelta(days=300),
            "eligibility_certificate_valid_until": on - timedelta(days=1),
        }
        renewed = CERTIFICATE in self._owed({**facts, **ended})
        plan = Plan(certificate, applied, without.get(NOTICE, NEVER), renewed)
        return self._plans.setdefault(plan, len(self._plans))

    def _owed(self, facts: Mapping[str, Any]) -> dict[Document, str]:
        issuances = decide(self.rulebook, Member("probe", facts), date_of(self.as_of)).issuances
        return {each.document: each.trigger for each in issuances if each.trigger}
