"""What has become of the members: filings, the My Number card, circumstances. Documents come later."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from hokensha_sample_roll.days import (
    NONE,
    Days,
    ages,
    birthdays,
    date_of,
    day,
    happened,
    latest,
    on_or_before,
    where,
)
from hokensha_sample_roll.draws import Draws, Facts
from hokensha_sample_roll.shares import by_age, shares

CARD: Final = ("none", "held", "returned", "lost", "renewing")
USE: Final = ("unregistered", "registered", "deregistered")
"""The codes, in the catalogue's order: columns hold their places."""


def live(draws: Draws, facts: Facts, as_of: int) -> None:
    """Settle everything about some members but their documents."""
    _enrol(draws, facts, as_of)
    _take_out_cards(draws, facts, as_of)
    _deregister(draws, facts, as_of)
    _circumstances(draws, facts, as_of)
    _change(draws, facts, as_of)


# --- the enrolment


def _enrol(draws: Draws, facts: Facts, as_of: int) -> None:
    """From the day of enrolment to the registration in the intermediary server."""
    figures, law = shares()["enrolment"], shares()["law"]
    enrolled = facts["enrolled_on"]
    received = enrolled + draws.span("received", figures["received"])
    processed = received + draws.span("processed", figures["processed"])
    first, last = law["numbers_from"]
    submitted = received + draws.span("number-after", figures["number"])
    submitted = where(enrolled < first, draws.day("number-collected", first, last), submitted)
    submitted = where(draws.chance("no-number", figures["no_number"]), NONE, submitted)
    registered = np.maximum(processed, submitted) + draws.span("registered", figures["registered"])
    slow = draws.chance("slow", figures["slow"])
    registered = where(slow, registered + draws.span("slow-by", figures["slow_by"]), registered)
    registered = np.maximum(registered, draws.day("server-filled", *law["server_filled"]))
    failed = draws.chance("failed", figures["failed"]) & (enrolled > as_of - figures["failed_within"])
    facts["enrolment_received_on"] = happened(received, as_of)
    facts["enrolment_processed_on"] = happened(processed, as_of)
    facts["number_submitted_on"] = happened(submitted, as_of)
    facts["registered_on"] = happened(where(failed, NONE, registered), as_of)
    facts["registration_failed"] = failed & ~np.isnan(happened(submitted, as_of))


# --- the My Number card


def _take_out_cards(draws: Draws, facts: Facts, as_of: int) -> None:
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
        draws.day("out-of-hand", latest(as_of - figures["out_of_hand_within"], birth), as_of),
    )


OUT_OF_HAND = "(card out of hand since)"
"""No fact of the catalogue: since when a card is lost, returned or being renewed."""


def _issued(draws: Draws, birth: Days, as_of: int) -> Days:
    """The day on which a card is first issued: in the years of the rush, but not before birth."""
    figures = shares()["card"]
    table = figures["issued"]
    last_year = date_of(as_of).year
    weights = dict(table) | dict.fromkeys(range(table[-1][0] + 1, last_year + 1), table[-1][1])
    years = [year for year in weights if year <= last_year] or [table[0][0]]
    starts = np.asarray([day(date(year, 1, 1)) for year in years], np.float32)
    start = starts[draws.pick("card-year", [weights[year] for year in years])]
    issued = latest(start + draws.span("card-day", (0, 364)), figures["first"])
    newborn = draws.span("card-newborn", figures["newborn"])
    return where(issued < birth + newborn, birth + newborn, np.minimum(issued, latest(as_of, start)))


def _terms(draws: Draws, birth: Days, issued: Days, as_of: int) -> tuple[Days, Days]:
    """The last days of the card and of its electronic certificate, renewed in time by most."""
    figures = shares()["card"]
    card = _card_end(birth, issued)
    certificate = np.minimum(birthdays(birth, ages(birth, issued) + figures["certificate_years"]), card)
    late = as_of + draws.span("card-ahead", figures["renewed_ahead"])
    keeps = draws.chance("card-kept", figures["renewed"])
    gives_up = draws.day("card-gives-up", issued, as_of)  # who does not renew, stops so at some time
    for _ in range(1 + (date_of(as_of).year - 2016) // 5):
        due = np.flatnonzero((certificate < late) & (keeps | (certificate < gives_up)))
        born, before, end = birth[due], certificate[due], card[due]
        end = where(end <= before, _card_end(born, end), end)
        renewed = birthdays(born, ages(born, before) + figures["certificate_years"])
        card[due], certificate[due] = end, np.minimum(renewed, end)
    return card, certificate


def _card_end(birth: Days, issued: Days) -> Days:
    figures = shares()["card"]
    adult = np.where(issued < figures["adult_18_from"], figures["adult_before"], figures["adult"])
    age = ages(birth, issued)
    return birthdays(birth, age + np.where(age >= adult, figures["years"], figures["years_minor"]))


def _deregister(draws: Draws, facts: Facts, as_of: int) -> None:
    """A few ask to have the registration for insurance use ended."""
    figures = shares()["insurance_use"]
    first = latest(shares()["law"]["deregistration_from"], facts["enrolled_on"])
    asks = draws.chance("deregistered", figures["deregistered"]) & (first <= as_of)
    asks &= (facts["insurance_use"] == 1) & (facts["my_number_card"] == 1)
    received = where(asks, draws.day("deregistered-on", first, as_of))
    entered = received + draws.span("deregistration-entered", figures["entered"])
    facts["deregistration_received_on"] = received
    facts["deregistration_registered_on"] = happened(entered, as_of)
    shows = entered + figures["shows_after"] < as_of
    facts["insurance_use"] = np.where(shows, np.int8(2), facts["insurance_use"])


# --- circumstances and changes


def _circumstances(draws: Draws, facts: Facts, as_of: int) -> None:
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


def _change(draws: Draws, facts: Facts, as_of: int) -> None:
    """Printed details change: a name among the younger, the burden ratio of all others."""
    figures, enrolled = shares()["circumstances"], facts["enrolled_on"]
    on = draws.day("changed-on", as_of - figures["changed_within"], as_of)
    age = ages(facts["birth_date"], as_of)
    renamed = (age >= 18) & (age < figures["renamed_below_age"])
    on = where(renamed, on, on_or_before(on, 8))  # burden ratios are set anew each August
    changed = draws.chance("changed", figures["changed"]) & (on > enrolled)
    facts["details_changed_on"] = where(changed, on)
    filed = where(changed & renamed, on + draws.span("renamed", figures["renamed_after"]))
    facts["name_change_received_on"] = happened(filed, as_of)
