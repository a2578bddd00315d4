"""What has become of the members: filings, the My Number card, circumstances. Documents come later."""

from __future__ import annotations

from typing import Final

import numpy as np

from hokensha_sample_roll.days import (
    DAY,
    NONE,
    YEAR,
    Days,
    ages,
    ago,
    birthdays,
    day,
    happened,
    in_days,
    latest,
    on_or_before,
    where,
)
from hokensha_sample_roll.draws import Draws
from hokensha_sample_roll.people import Array
from hokensha_sample_roll.shares import by_age, shares

Facts = dict[str, Array]
CARD: Final = ("none", "held", "returned", "lost", "renewing")
USE: Final = ("unregistered", "registered", "deregistered")
"""The codes, in the catalogue's order: columns hold their places."""


def live(draws: Draws, facts: Facts, as_of: np.datetime64) -> None:
    """Settle everything about some members but their documents."""
    _enrol(draws, facts, as_of)
    _take_out_cards(draws, facts, as_of)
    _deregister(draws, facts, as_of)
    _circumstances(draws, facts, as_of)
    _change(draws, facts, as_of)


# --- the enrolment


def _enrol(draws: Draws, facts: Facts, as_of: np.datetime64) -> None:
    """From the day of enrolment to the registration in the intermediary server."""
    figures, law = shares()["enrolment"], shares()["law"]
    enrolled = facts["enrolled_on"]
    received = enrolled + draws.span("received", figures["received"])
    processed = received + draws.span("processed", figures["processed"])
    first, last = law["numbers_from"]
    submitted = received + draws.span("number-after", figures["number"])
    submitted = where(enrolled < day(first), draws.day("number-collected", first, last), submitted)
    submitted = where(draws.chance("no-number", figures["no_number"]), NONE, submitted)
    registered = np.maximum(processed, submitted) + draws.span("registered", figures["registered"])
    slow = draws.chance("slow", figures["slow"])
    registered = where(slow, registered + draws.span("slow-by", figures["slow_by"]), registered)
    registered = np.maximum(registered, draws.day("server-filled", *law["server_filled"]))
    failed = draws.chance("failed", figures["failed"]) & (enrolled > ago(as_of, figures["failed_within"]))
    facts["enrolment_received_on"] = happened(received, as_of)
    facts["enrolment_processed_on"] = happened(processed, as_of)
    facts["number_submitted_on"] = happened(submitted, as_of)
    facts["registered_on"] = happened(where(failed, NONE, registered), as_of)
    facts["registration_failed"] = failed & ~np.isnat(happened(submitted, as_of))


# --- the My Number card


def _take_out_cards(draws: Draws, facts: Facts, as_of: np.datetime64) -> None:
    """The card, its terms, and the registration for insurance use."""
    figures, birth = shares()["card"], facts["birth_date"]
    age = ages(birth, as_of)
    issued = _issued(draws, birth, as_of)
    held = draws.chance("card", by_age(figures["held"], age)) & (issued <= as_of)
    states = [1 - sum(figures[s] for s in CARD[2:]), *(figures[s] for s in CARD[2:])]
    state = np.where(held, 1 + draws.pick("card-state", states), 0)
    card, certificate = _terms(draws, birth, issued, as_of)
    has_terms = (state != CARD.index("none")) & (state != CARD.index("returned"))
    facts["my_number_card"] = state.astype(np.int8)
    facts["my_number_card_expires_on"] = where(has_terms, card)
    facts["electronic_certificate_expires_on"] = where(has_terms, certificate)
    registered = draws.chance("insurance-use", by_age(figures["registered"], age)) & has_terms
    facts["insurance_use"] = registered.astype(np.int8)
    facts[OUT_OF_HAND] = where(
        state > 1,
        draws.day("out-of-hand", latest(ago(as_of, figures["out_of_hand_within"]), birth), as_of),
    )


OUT_OF_HAND = "(card out of hand since)"
"""No fact of the catalogue: since when a card is lost, returned or being renewed."""


def _issued(draws: Draws, birth: Days, as_of: np.datetime64) -> Days:
    """The day on which a card is first issued: in the years of the rush, but not before birth."""
    figures = shares()["card"]
    table = figures["issued"]
    last_year = int(as_of.astype(YEAR).astype(np.int64)) + 1970
    weights = dict(table) | dict.fromkeys(range(table[-1][0] + 1, last_year + 1), table[-1][1])
    years = [year for year in weights if year <= last_year] or [table[0][0]]
    year = np.asarray(years)[draws.pick("card-year", [weights[y] for y in years])]
    start = (year - 1970).astype(YEAR).astype(DAY)
    issued = latest(start + draws.span("card-day", (0, 364)), day(figures["first"]))
    newborn = draws.span("card-newborn", figures["newborn"])
    return where(issued < birth + newborn, birth + newborn, np.minimum(issued, latest(as_of, start)))


def _terms(draws: Draws, birth: Days, issued: Days, as_of: np.datetime64) -> tuple[Days, Days]:
    """The last days of the card and of its electronic certificate, renewed in time by most."""
    figures = shares()["card"]
    card = _card_end(birth, issued)
    certificate = np.minimum(birthdays(birth, ages(birth, issued) + figures["certificate_years"]), card)
    late = as_of + draws.span("card-ahead", figures["renewed_ahead"])
    keeps = draws.chance("card-kept", figures["renewed"])
    gives_up = draws.day("card-gives-up", issued, as_of)  # who does not renew, stops so at some time
    for _ in range(1 + (int(as_of.astype(YEAR).astype(np.int64)) + 1970 - 2016) // 5):
        due = (certificate < late) & (keeps | (certificate < gives_up))
        again = (card <= certificate) & due
        card = where(again, _card_end(birth, card), card)
        ends = np.minimum(birthdays(birth, ages(birth, certificate) + figures["certificate_years"]), card)
        certificate = where(due, ends, certificate)
    return card, certificate


def _card_end(birth: Days, issued: Days) -> Days:
    figures = shares()["card"]
    adult = np.where(issued < day(figures["adult_18_from"]), figures["adult_before"], figures["adult"])
    age = ages(birth, issued)
    return birthdays(birth, age + np.where(age >= adult, figures["years"], figures["years_minor"]))


def _deregister(draws: Draws, facts: Facts, as_of: np.datetime64) -> None:
    """A few ask to have the registration for insurance use ended."""
    figures = shares()["insurance_use"]
    first = latest(day(shares()["law"]["deregistration_from"]), facts["enrolled_on"])
    asks = draws.chance("deregistered", figures["deregistered"]) & (first <= as_of)
    asks &= (facts["insurance_use"] == 1) & (facts["my_number_card"] == 1)
    received = where(asks, draws.day("deregistered-on", first, as_of))
    entered = received + draws.span("deregistration-entered", figures["entered"])
    facts["deregistration_received_on"] = received
    facts["deregistration_registered_on"] = happened(entered, as_of)
    shows = entered + in_days(figures["shows_after"]) < as_of
    facts["insurance_use"] = np.where(shows, np.int8(2), facts["insurance_use"])


# --- circumstances and changes


def _circumstances(draws: Draws, facts: Facts, as_of: np.datetime64) -> None:
    figures = shares()["circumstances"]
    age = ages(facts["birth_date"], as_of)
    needs = draws.chance("assistance", by_age(figures["assistance"], age))
    facts["needs_assistance"] = needs
    facts["assistance_applied_before"] = needs & draws.chance("applied-before", figures["applied_before"])
    facts["disclosure_restricted"] = draws.chance("disclosure", figures["disclosure"])
    low, high = figures["departs_ages"]
    departs = draws.chance("departs", figures["departs"]) & (age >= low) & (age <= high)
    on = as_of + draws.span("departs-on", figures["departs_days"])
    departs &= on > facts["enrolled_on"]
    facts["departs_japan_on"] = where(departs, on)
    facts["overseas_card"] = departs & draws.chance("overseas-card", figures["overseas_card"])


def _change(draws: Draws, facts: Facts, as_of: np.datetime64) -> None:
    """Printed details change: a name among the younger, the burden ratio of all others."""
    figures, enrolled = shares()["circumstances"], facts["enrolled_on"]
    on = draws.day("changed-on", ago(as_of, figures["changed_within"]), as_of)
    age = ages(facts["birth_date"], as_of)
    renamed = (age >= 18) & (age < figures["renamed_below_age"])
    on = where(renamed, on, on_or_before(on, 8))  # burden ratios are set anew each August
    changed = draws.chance("changed", figures["changed"]) & (on > enrolled)
    facts["details_changed_on"] = where(changed, on)
    filed = where(changed & renamed, on + draws.span("renamed", figures["renamed_after"]))
    facts["name_change_received_on"] = happened(filed, as_of)
