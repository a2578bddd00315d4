"""What the policy would issue to members, asked of its rules: one question for each kind of member.

Members are sorted into kinds by all that the rules may look at, in coarse steps (the month of enrolment, the
month in which a card's terms end). For each kind that occurs, a member is made up and decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from attrs import define, field, frozen

from hokensha.engine import decide
from hokensha.facts import FactValue, Member
from hokensha.policy import Rulebook
from hokensha.rules import Document
from hokensha_roll.alike import alike
from hokensha_sample_roll.days import DAY, MONTH, Days, ago, birthdays, day, in_days
from hokensha_sample_roll.draws import Bools, Ints
from hokensha_sample_roll.further import Further
from hokensha_sample_roll.people import Ages, Array
from hokensha_sample_roll.probes import probe
from hokensha_sample_roll.status import CARD, USE
from hokensha_standard import CERTIFICATE, NOTICE

FIRST_MONTH: Final = np.datetime64("2024-01", "M")
"""Enrolments before it are all alike."""
LONG_AGO: Final = date(2009, 5, 15)
_MONTHS_AROUND: Final = 6
"""Terms that end within so many months of the day are told apart."""
NEVER: Final = ""


@frozen
class Kind:
    """What is asked about: everything that the rules may look at, in coarse steps."""

    further: tuple[int, ...]
    enrolled: int
    processed: int
    registered: int
    disabled: int
    continuation: int
    dependent: int
    card: int
    use: int
    terms: int
    deregistering: int
    assistance: int
    restricted: int
    departing: int
    changed: int
    old_card: int


@frozen
class Plan:
    """What a kind of member is owed: the rule that brings each document; empty if none does.

    Attributes:
        certificate: Without an application.
        applied: With one.
        notice: Of the notice.
        renewed: A certificate that has ended brings another one.
    """

    certificate: str
    applied: str
    notice: str
    renewed: bool


Way: TypeAlias = Literal["certificate", "applied", "notice"]


@frozen
class Plans:
    """The plans of some members.

    Attributes:
        different: The plans that occur among them.
        plan: For each member, the place of the plan.
    """

    different: list[Plan]
    plan: Ints

    def holds(self, test: Callable[[Plan], bool]) -> Bools:
        """Of whom something holds."""
        answers = np.asarray([test(plan) for plan in self.different], dtype=np.bool_)
        return np.asarray(answers[self.plan], dtype=np.bool_)

    def by_rule(self, way: Way) -> Iterator[tuple[str, Bools]]:
        """Each rule that brings a document in this way, and to whom."""
        for rule in dict.fromkeys(getattr(plan, way) for plan in self.different):
            if rule:
                yield rule, self.holds(partial(_brings, way, rule))


def _brings(way: Way, rule: str, plan: Plan) -> bool:
    return bool(getattr(plan, way) == rule)


@define
class Asked:
    """The rules' answers for each kind of member, once for each."""

    rulebook: Rulebook
    who: Ages
    as_of: np.datetime64
    old_cards_end: np.datetime64
    further: Further
    _plans: dict[Kind, Plan] = field(factory=dict)

    def plans(self, facts: Mapping[str, Array]) -> Plans:
        """What some members are owed."""
        columns = [np.asarray(column, dtype=np.int64) for column in self._steps(facts)]
        further = [np.asarray(column) for column in self.further.steps(facts, self.as_of)]
        groups = alike([*columns, *further], len(facts["enrolled_on"]))
        kinds = [
            Kind(tuple(int(c[row]) for c in further), *[int(c[row]) for c in columns])
            for row in groups.first.tolist()
        ]
        for kind in kinds:
            if kind not in self._plans:
                self._plans[kind] = self._plan(kind)
        different = list(dict.fromkeys(self._plans[kind] for kind in kinds))
        places = {plan: place for place, plan in enumerate(different)}
        place = np.asarray([places[self._plans[kind]] for kind in kinds], dtype=np.int64)
        return Plans(different, place[groups.group])

    def _steps(self, facts: Mapping[str, Array]) -> Iterator[Array]:
        """For each field of a kind, the step on which each member stands."""
        months = int((self.as_of.astype(MONTH) - FIRST_MONTH).astype(np.int64)) + 3
        since = (facts["enrolled_on"].astype(MONTH) - FIRST_MONTH).astype(np.int64) + 1
        yield np.clip(since, 0, max(months, 2) - 1)
        yield ~np.isnat(facts["enrolment_processed_on"])
        submitted, registered = facts["number_submitted_on"], facts["registered_on"]
        steps = np.where(np.isnat(submitted), 0, np.where(np.isnat(registered), 1, 2))
        yield np.where(facts["registration_failed"], 3, steps)
        yield facts["disability_recognised"]
        yield facts["continuation"]
        yield facts["relation"]
        yield facts["my_number_card"]
        yield facts["insurance_use"]
        yield self._terms(facts)
        received, entered = facts["deregistration_received_on"], facts["deregistration_registered_on"]
        yield (~np.isnat(received)).astype(int) + ~np.isnat(entered)
        yield facts["needs_assistance"].astype(int) + facts["assistance_applied_before"]
        yield facts["disclosure_restricted"]
        going = facts["departs_japan_on"]
        ahead = np.where(np.isnat(going), 0, np.where(going > self.as_of, 1, 2))
        yield np.where(facts["overseas_card"], 0, ahead)
        yield ~np.isnat(facts["details_changed_on"])
        given = ~np.isnat(facts["health_insurance_card_valid_until"])
        back = ~np.isnat(facts["health_insurance_card_returned_on"])
        yield given.astype(int) + back

    def _terms(self, facts: Mapping[str, Array]) -> Ints:
        """In how many months the electronic certificate ends: from long ago to far ahead."""
        ends: Days = facts["electronic_certificate_expires_on"]
        months = np.floor((ends - self.as_of).astype(np.int64) / 30.4)
        found = np.clip(np.where(np.isnat(ends), 0, months), -_MONTHS_AROUND, _MONTHS_AROUND)
        return np.asarray(found + _MONTHS_AROUND, dtype=np.int64)

    # --- a member of each kind

    def _plan(self, kind: Kind) -> Plan:
        facts = self._member(kind)
        on: date = self.as_of.astype(object)
        without = self._owed(facts)
        asking = self._owed({**facts, "certificate_requested_on": on})
        ended = self._owed(
            {
                **facts,
                "eligibility_certificate_issued_on": on - timedelta(days=300),
                "eligibility_certificate_valid_until": on - timedelta(days=1),
            }
        )
        certificate = without.get(CERTIFICATE, NEVER)
        applied = asking.get(CERTIFICATE, NEVER)
        renewed = bool(ended.get(CERTIFICATE, NEVER))
        return Plan(certificate, applied, without.get(NOTICE, NEVER), renewed)

    def _owed(self, facts: Mapping[str, FactValue]) -> dict[Document, str]:
        decision = decide(self.rulebook, Member("probe", facts), self.as_of.astype(object))
        return {each.document: each.trigger or NEVER for each in decision.issuances}

    def _member(self, kind: Kind) -> dict[str, FactValue]:
        on: date = self.as_of.astype(object)
        enrolled = self._enrolled(kind)
        processed = enrolled + timedelta(days=6) if kind.processed else None
        registered = max(enrolled + timedelta(days=12), date(2021, 6, 15))
        ends = on + timedelta(days=int(30.4 * (kind.terms - _MONTHS_AROUND) + 15))
        has_terms = CARD[kind.card] not in ("none", "returned")
        given: dict[str, FactValue] = {
            "birth_date": self._born(kind),
            "enrolled_on": enrolled,
            "relation": ("insured", "dependent")[kind.dependent],
            "continuation": bool(kind.continuation),
            "disability_recognised": bool(kind.disabled),
            "enrolment_received_on": min(enrolled + timedelta(days=3), on),
            "enrolment_processed_on": min(processed, on) if processed else None,
            "number_submitted_on": min(enrolled + timedelta(days=5), on) if kind.registered else None,
            "registered_on": min(registered, on) if kind.registered == 2 else None,
            "registration_failed": kind.registered == 3,
            "my_number_card": CARD[kind.card],
            "my_number_card_expires_on": ends if has_terms else None,
            "electronic_certificate_expires_on": ends if has_terms else None,
            "insurance_use": USE[kind.use],
            "deregistration_received_on": on - timedelta(days=40) if kind.deregistering else None,
            "deregistration_registered_on": on - timedelta(days=30) if kind.deregistering == 2 else None,
            "needs_assistance": kind.assistance > 0,
            "assistance_applied_before": kind.assistance == 2,
            "disclosure_restricted": bool(kind.restricted),
            "departs_japan_on": _departs(kind, on),
            "details_changed_on": on - timedelta(days=20) if kind.changed else None,
            "health_insurance_card_valid_until": _date(self.old_cards_end) if kind.old_card else None,
            "health_insurance_card_returned_on": on if kind.old_card == 2 else None,
        }
        for fact, step in zip(self.further.facts, kind.further, strict=True):
            given[fact.id] = self.further.on_step(fact, step, on)
        return probe(self.rulebook.catalogue, **given)

    def _enrolled(self, kind: Kind) -> date:
        if not kind.enrolled:
            return LONG_AGO
        month = FIRST_MONTH + np.timedelta64(kind.enrolled - 1, "M")
        middle: date = (month.astype(DAY) + in_days(14)).astype(object)
        return min(middle, self.as_of.astype(object)) if month == self.as_of.astype(MONTH) else middle

    def _born(self, kind: Kind) -> date:
        age = min(max(self.who.first + 5, 40), self.who.last)
        if kind.disabled and self.who.disabled:
            age = self.who.disabled[0]
        found: date = birthdays(np.asarray([ago(self.as_of, 100)]), -age)[0].astype(object)
        return found


def _departs(kind: Kind, on: date) -> date | None:
    return (None, on + timedelta(days=60), on - timedelta(days=5))[kind.departing]


def _date(value: Any) -> date | None:
    return None if np.isnat(value) else day(value).astype(object)
