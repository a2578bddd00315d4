"""What source 002 says of a member on a day, read from its text a second time: dates and conditions alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from days import Claim, Facts, Owed, Seen, after, birthday, end_of_month, first_of_month, one_letter

ABOLISHED, LAST_OF_OLD_CARDS = date(2024, 12, 2), date(2025, 12, 1)
EXPIRIES = ("electronic_certificate_expires_on", "my_number_card_expires_on")


def answer(facts: Facts, on: date) -> dict[str, Any]:
    """Whether the card works, what is owed, and what happens to documents."""
    seen = Seen(facts, on)
    certificate = notice = None
    if _in_scheme(seen) and on >= ABOLISHED:
        certificate = one_letter([claim for claim in _certificate(seen) if _due(claim, on)], ABOLISHED)
        notice = one_letter([claim for claim in _notice(seen) if _due(claim, on)], ABOLISHED)
    owed: dict[str, Owed | None] = {"eligibility-certificate": certificate, "eligibility-notice": notice}
    return {
        "usable": _usable(seen),
        "issuances": {document: letter for document, letter in owed.items() if letter},
        "returns": dict(_returns(seen)),
    }


def _due(claim: Claim, on: date) -> bool:
    return claim.first is None or claim.first <= on


def _over(seen: Seen) -> bool:
    """The day of the loss has come, or the 75th birthday (4 ※, 5 ※2)."""
    return bool(seen.happened("left_on")) or birthday(seen["birth_date"], 75) <= seen.on


def _in_scheme(seen: Seen) -> bool:
    return bool(seen.happened("enrolled_on")) and not _over(seen)


def _last_days(facts: Facts) -> list[date]:
    """3: to the end of the third month after that of the expiry, of card or electronic certificate."""
    return [end_of_month(facts[fact], 3) for fact in EXPIRIES if facts[fact]]


def _expired(seen: Seen) -> bool:
    return seen.has_card() and any(seen.on > day for day in _last_days(seen.facts))


def _usable(seen: Seen) -> bool:
    works = seen["my_number_card"] == "held" and seen["insurance_use"] == "registered"
    in_database = bool(seen.happened("registered_on"))  # 6
    return _in_scheme(seen) and works and in_database and not _expired(seen) and not seen.departed()


def _unregistered(seen: Seen) -> bool:
    """Without a registration; whoever applied here to deregister is exception 2."""
    use = seen["insurance_use"]
    return use == "unregistered" or (
        use == "deregistered" and not seen.happened("deregistration_received_on")
    )


def _certificate(seen: Seen) -> Iterator[Claim]:
    yield from _applied(seen)
    if seen.certificate_valid():  # "who has no valid certificate"; an expiry ahead looks further
        yield from _expiring(seen)
        return
    enrolled, registered = seen.happened("enrolled_on"), seen.happened("registered_on")
    new = bool(enrolled and enrolled >= ABOLISHED)
    if new and _unregistered(seen) and seen.happened("enrolment_processed_on"):
        yield Claim("002-10", "ex-officio", seen["enrolment_processed_on"])
    yield from _expiring(seen)
    if seen["registration_failed"] and not registered and enrolled:
        yield Claim("002-13", "ex-officio", after(first_of_month(enrolled, 1), 10))
    if registered and registered >= ABOLISHED and _found(seen, registered, new=new):
        yield Claim("002-14", "ex-officio", after(first_of_month(registered, 1), 10))
    if _in_mass_issuance(seen):
        yield Claim("002-19", "ex-officio", date(2025, 10, 11), date(2025, 10, 20))
    if not new and _unregistered(seen) and not _old_card_shown(seen):
        yield Claim("002-09", None)


def _applied(seen: Seen) -> Iterator[Claim]:
    requested, reissue = "certificate_requested_on", "reissue_requested_on"
    if seen["my_number_card"] == "returned" and seen.happened(requested) and not seen.answered(requested):
        yield Claim("002-15", "application")
    received = seen.happened("deregistration_received_on")
    if received and seen["insurance_use"] != "unregistered" and not seen.certificate_valid():
        yield Claim("002-16", "application", received, received)
    given = seen.happened("eligibility_certificate_issued_on")
    if given and seen.happened(reissue) and not seen.answered(reissue):
        yield Claim("002-20", "application")


def _found_expired(seen: Seen, registered: date) -> bool:
    return any(after(day, 1) <= registered for day in _last_days(seen.facts))


def _expiring(seen: Seen) -> Iterator[Claim]:
    """4 表1: in the month before the first unusable day, from its 11th on (中旬以降)."""
    registered, days = seen.happened("registered_on"), _last_days(seen.facts)
    if not (registered and days and seen.has_card() and seen["insurance_use"] == "registered"):
        return
    if registered >= ABOLISHED and _found_expired(seen, registered):
        return  # class 3
    last = min(days)
    if seen.certificate_valid() and _outlasts(seen, last):
        return
    yield Claim("002-12", "ex-officio", after(first_of_month(last, 0), 10), last)


def _outlasts(seen: Seen, last: date) -> bool:
    """A certificate that is valid on the first unusable day, or as long as any could be."""
    end = seen["eligibility_certificate_valid_until"]
    leaves = after(seen["left_on"], -1) if seen["left_on"] else date.max
    longest = min(leaves, after(birthday(seen["birth_date"], 75), -1))
    return end is None or end > last or end >= longest or seen.on > last


def _found(seen: Seen, registered: date, *, new: bool) -> bool:
    """4 表3; not whose card was given back (対象外1)."""
    if seen["my_number_card"] == "returned":
        return False
    if seen.has_card() and seen["insurance_use"] == "registered":
        return _expired(seen) and _found_expired(seen, registered)
    return not new and _unregistered(seen)


def _in_mass_issuance(seen: Seen) -> bool:
    """4 一斉: unusable as of 31 July 2025, without a certificate as of 22 August; in mid-October only."""
    if not date(2025, 10, 11) <= seen.on <= date(2025, 10, 20):
        return False
    july, august = Seen(seen.facts, date(2025, 7, 31)), Seen(seen.facts, date(2025, 8, 22))
    if not _in_scheme(july) or august.certificate_valid():
        return False
    if not july.happened("registered_on"):
        return bool(july["registration_failed"])
    held = july["my_number_card"] == "held" and july["insurance_use"] == "registered"
    return not held or _expired(july)


def _old_card_shown(seen: Seen) -> bool:
    if not seen.holds_old_card() or seen.lost_old_card(ABOLISHED):
        return False
    return seen.on <= min(seen["health_insurance_card_valid_until"], LAST_OF_OLD_CARDS)


def _notice(seen: Seen) -> Iterator[Claim]:
    registered, changed = seen.happened("registered_on"), seen.happened("details_changed_on")
    if not registered or (seen["continuation"] and seen.happened("eligibility_certificate_issued_on")):
        return
    issued, unlimited = "eligibility_notice_issued_on", ("unlimited", None)
    if seen["enrolled_on"] >= ABOLISHED and not seen.since(issued, registered):
        yield Claim("002-22", "ex-officio", registered, until=unlimited)
    if changed and changed >= ABOLISHED and not seen.since(issued, changed):
        yield Claim("002-22", "ex-officio", changed, until=unlimited)


def _returns(seen: Seen) -> Iterator[tuple[str, str]]:
    over = _over(seen)
    if seen.holds_old_card():
        if over and _over(Seen(seen.facts, LAST_OF_OLD_CARDS)):
            yield "health-insurance-card", "return"
        elif seen.on > LAST_OF_OLD_CARDS:
            yield "health-insurance-card", "destroy"
    if over and seen.at_hand("eligibility_certificate"):
        yield "eligibility-certificate", "return"
    if over and seen.happened("eligibility_notice_issued_on"):
        yield "eligibility-notice", "keep"
