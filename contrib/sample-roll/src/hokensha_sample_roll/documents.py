"""Documents that were given: old cards, certificates, notices; and what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from attrs import frozen

from hokensha.rules import SCHEME_LAST_DAY
from hokensha_sample_roll.days import NONE, Days, Ints, birthdays, happened, latest, where
from hokensha_sample_roll.draws import Bools, Draws, Facts
from hokensha_sample_roll.ends import STANDARD, Ends
from hokensha_sample_roll.plans import OLD, OLD_BACK, Asked, Plans, Way
from hokensha_sample_roll.shares import shares
from hokensha_sample_roll.status import OUT_OF_HAND
from hokensha_standard import CERTIFICATE, HEALTH_INSURANCE_CARD, MY_NUMBER_INSURANCE_CARD

ISSUED, UNTIL = "eligibility_certificate_issued_on", "eligibility_certificate_valid_until"
NOTICE, REQUESTED = "eligibility_notice_issued_on", "certificate_requested_on"
REISSUE = "reissue_requested_on"
_YEAR: Final = 366
"""No card stops to serve so long before its electronic certificate ends: of others, nothing need be asked."""
_ROUNDS: Final = 400
"""Nothing is renewed more often than that."""


def old_cards_end(ends: Ends) -> int:
    """The last day of the last old cards."""
    law = shares()["law"]
    last, one = np.asarray([_abolished() - 1], np.float32), np.zeros(1, np.int64)
    found = ends.valid_until(HEALTH_INSURANCE_CARD, STANDARD, last, {}, one)[0]
    return int(law["old_cards_through"] if np.isnan(found) else found)


def _abolished() -> int:
    """The day from which on certificates are issued."""
    return int(shares()["law"]["certificates_from"])


@frozen
class Block:
    """Some members whose documents are settled.

    Attributes:
        asked: What the rules say.
        ends: What the figures say.
    """

    draws: Draws
    facts: Facts
    asked: Asked
    ends: Ends

    @property
    def as_of(self) -> int:
        """The day whose state is made."""
        return self.asked.as_of

    def give(self) -> None:
        """Settle which documents they have, and which they asked for."""
        self._old_cards()
        plans = self.asked.plans(self.facts)
        start = self._start()
        self._requests(plans, start)
        self._certificates(plans, start)
        self._renewals(plans)
        self._reissues()
        self._cut()
        self._notices(plans)

    def _old_cards(self) -> None:
        """Whoever was enrolled in time had one; once they have ended, not all are in the roll any more."""
        figures, end, draws = shares()["old_cards"], self.asked.old_cards_end, self.draws
        given = self.facts["enrolment_processed_on"] < _abolished()
        given &= draws.chance("old-card", 1 if self.as_of <= end else figures["in_roll"])
        returned = given & draws.chance("old-back", figures["returned"])
        back = end + draws.span("old-card-back", (1, figures["returned_within"]))
        self.facts[OLD] = where(given, end)
        self.facts[OLD_BACK] = happened(where(returned, back), self.as_of)

    def _start(self) -> Days:
        """The day from which on a member can need a certificate, whatever for; none before enrolment."""
        figures, facts, draws = shares()["documents"], self.facts, self.draws
        processed = facts["enrolment_processed_on"]
        early = self.asked.old_cards_end - draws.span("ahead-of-old-cards", figures["ahead_of_old_cards"])
        start = where(processed < _abolished(), latest(early, _abolished()), processed)
        soon, last_use = self.as_of + figures["card_end_within"], np.full(draws.count, NONE)
        expiry = facts["electronic_certificate_expires_on"]
        rows = np.flatnonzero(expiry <= soon + _YEAR)
        last_use[rows] = self.ends.valid_until(MY_NUMBER_INSURANCE_CARD, STANDARD, expiry[rows], facts, rows)
        ahead = last_use - draws.span("ahead-of-card-end", figures["ahead_of_card_end"])
        ending = where(last_use <= soon, ahead)
        needs = (facts["deregistration_received_on"], facts[OUT_OF_HAND], facts["details_changed_on"])
        return where(np.isnan(processed), NONE, latest(start, ending, *needs))

    def _due(self, plans: Plans, way: Way) -> Days:
        """From when on the rules want a document issued."""
        found = np.full(self.draws.count, NONE)
        for rule, to in plans.by_rule(way):
            rows = np.flatnonzero(to)
            found[rows] = self.ends.due(rule, self.facts, rows)
        return found

    # --- certificates

    def _requests(self, plans: Plans, start: Days) -> None:
        """Where a certificate comes on application only, most apply: on the enrolment form, or later."""
        figures, facts, draws = shares()["documents"], self.facts, self.draws
        only = plans.holds(lambda plan: bool(plan.applied) and not plan.certificate)
        joining = (facts["enrolled_on"] >= _abolished()) & (start == facts["enrolment_processed_on"])
        later = start + draws.span("applied-after", figures["applied_after"])
        on = where(joining, facts["enrolment_received_on"], later)
        applied = where(only & draws.chance("applied", figures["applied"]), on)
        first = latest(self.as_of - figures["applied_idly_within"], facts["enrolled_on"], _abolished())
        idle = draws.chance("applied-idly", figures["applied_idly"]) & ~only & (first <= self.as_of)
        idly = where(idle & ~np.isnan(start), draws.day("idly", first, self.as_of))
        facts[REQUESTED] = happened(latest(applied, idly), self.as_of)

    def _certificates(self, plans: Plans, start: Days) -> None:
        """Most of what was owed at some time was given; a few have one beside a card that works."""
        figures, facts, draws = shares()["documents"], self.facts, self.draws
        owed = plans.holds(lambda plan: bool(plan.certificate))
        asking = plans.holds(lambda plan: bool(plan.applied)) & ~owed & ~np.isnan(facts[REQUESTED])
        beside = draws.chance("beside", figures["held_beside_card"])
        on = where(asking, latest(start, facts[REQUESTED]), where(beside, start))
        on = where(owed, latest(start, self._due(plans, "certificate")), on)
        given = draws.chance("served", figures["served"]) & ~np.isnan(start)
        facts[ISSUED] = happened(
            where(given, on + draws.span("certificate-after", figures["after"])), self.as_of
        )
        facts[UNTIL] = np.full(self.draws.count, NONE)
        for purpose, to in self._purposes(plans, owed, asking):
            rows = np.flatnonzero(to & ~np.isnan(facts[ISSUED]))
            facts[UNTIL][rows] = self._until(purpose, facts[ISSUED][rows], rows)
        # Where a day of the holder's ended it before it was issued, there was none to give.
        ended = facts[UNTIL] < facts[ISSUED]
        facts[ISSUED], facts[UNTIL] = where(ended, NONE, facts[ISSUED]), where(ended, NONE, facts[UNTIL])

    def _purposes(self, plans: Plans, owed: Bools, asking: Bools) -> Iterator[tuple[str, Bools]]:
        """Each purpose for which certificates are given, and to whom."""
        standard = np.ones(self.draws.count, np.bool_)
        ways: tuple[tuple[Way, Bools], ...] = (("certificate", owed), ("applied", asking))
        for way, among in ways:
            for rule, to in plans.by_rule(way):
                if (purpose := self.ends.purpose(rule)) != STANDARD:
                    standard &= ~(to & among)
                    yield purpose, to & among
        yield STANDARD, standard

    def _until(self, purpose: str, issued: Days, rows: Ints) -> Days:
        """Until when certificates are valid that the members of some rows get on these days."""
        return self.ends.valid_until(CERTIFICATE, purpose, issued, self.facts, rows)

    def _renewals(self, plans: Plans) -> None:
        """Certificates that end are followed by others, while the rules want that; a few are late."""
        figures, facts, draws = shares()["documents"], self.facts, self.draws
        ahead = draws.span("renewed-ahead", figures["renewed_ahead"])
        late = draws.chance("not-renewed", figures["not_renewed"])
        wanted = plans.holds(lambda plan: plan.renewed)
        purpose = self.ends.renewal()
        for _ in range(_ROUNDS):
            again = latest(facts[UNTIL] - ahead, facts[ISSUED] + 1)
            waits = late & (facts[UNTIL] > self.as_of - figures["not_renewed_within"])
            rows = np.flatnonzero(wanted & ~np.isnan(facts[UNTIL]) & (again <= self.as_of) & ~waits)
            if not len(rows):
                break
            on, before = again[rows], facts[UNTIL][rows]
            # One that would end with the one before is sent when that has ended.
            on = where(self._until(purpose, on, rows) <= before, before + 1, on)
            wanted[rows[on > self.as_of]] = False  # that is yet to come
            on, rows = on[on <= self.as_of], rows[on <= self.as_of]
            until = self._until(purpose, on, rows)
            longer = ~(until <= facts[UNTIL][rows])
            wanted[rows[~longer]] = False  # nor would any later one last longer
            rows = rows[longer]
            facts[ISSUED][rows], facts[UNTIL][rows] = on[longer], until[longer]

    def _reissues(self) -> None:
        """A few lost the certificate and ask for another; some of these have it already."""
        figures, facts, draws = shares()["documents"], self.facts, self.draws
        first = latest(self.as_of - figures["reissue_within"], facts[ISSUED])
        asks = draws.chance("reissue", figures["reissue"]) & ~np.isnan(facts[ISSUED])
        on = where(asks, draws.day("reissue-on", first, self.as_of))
        again = happened(on + draws.span("reissued", figures["after"]), self.as_of)
        rows = np.flatnonzero(~np.isnan(again))
        until = self._until(STANDARD, again[rows], rows)
        serves = ~(until < again[rows])
        facts[REISSUE] = on
        facts[ISSUED][rows[serves]] = again[rows[serves]]
        facts[UNTIL][rows[serves]] = until[serves]

    def _cut(self) -> None:
        """No certificate is made out for longer than the membership can last, as far as age and facts say."""
        until = self.facts[UNTIL]
        old = birthdays(self.facts["birth_date"], shares()["documents"]["cut_from_age"]) <= self.as_of
        rows = np.flatnonzero((old | self.facts["continuation"]) & ~np.isnan(until))
        until[rows] = np.fmin(until[rows], self.ends.counted(SCHEME_LAST_DAY, self.facts, rows))

    # --- notices

    def _notices(self, plans: Plans) -> None:
        """Members of earlier on were sent them in one season, later ones as they joined."""
        figures, facts, draws = shares()["documents"], self.facts, self.draws
        processed = facts["enrolment_processed_on"]
        mass = draws.day("notice-mass", *figures["notice_mass"])
        start = where(processed < _abolished(), mass, processed)
        on = latest(start, self._due(plans, "notice"), facts["details_changed_on"])
        owed = plans.holds(lambda plan: bool(plan.notice)) & ~np.isnan(processed)
        given = owed & draws.chance("notice-served", figures["notice_served"])
        facts[NOTICE] = happened(where(given, on + draws.span("notice-after", figures["after"])), self.as_of)
