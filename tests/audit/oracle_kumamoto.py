"""What source 004 says of a member on a day, read from its text a second time: dates and conditions alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from days import Claim, Facts, Owed, Seen, after, birthday, months_on, one_letter

ABOLISHED, LAST_OF_OLD_CARDS = date(2024, 12, 2), date(2025, 7, 31)
JULY = date(2025, 7, 1)
EXPIRIES = ("electronic_certificate_expires_on", "my_number_card_expires_on")


def answer(facts: Facts, on: date) -> dict[str, Any]:
    """Whether the card works, and what is owed; of returns the source says nothing."""
    seen = Seen(facts, on)
    owed: dict[str, Owed | None] = {}
    if _in_scheme(seen):
        owed["eligibility-certificate"] = one_letter(_with_renewal(seen, list(_certificate(seen))), ABOLISHED)
        owed["eligibility-notice"] = one_letter(list(_notice(seen)), ABOLISHED)
        if _card_on_its_way(seen):
            until = ("exact", _cut(facts, LAST_OF_OLD_CARDS))
            owed["health-insurance-card"] = Owed("ex-officio", None, None, until, ("004-16",))
    return {
        "usable": _usable(seen),
        "issuances": {document: letter for document, letter in owed.items() if letter},
        "returns": {},
    }


def _in_scheme(seen: Seen) -> bool:
    """From the 75th birthday, or from the 65th with a recognised disability (Q15, Q29)."""
    age = 65 if seen["disability_recognised"] else 75
    member = bool(seen.happened("enrolled_on")) and not seen.happened("left_on")
    return member and birthday(seen["birth_date"], age) <= seen.on


def _cut(facts: Facts, day: date) -> date:
    """No document serves beyond the last day in the scheme."""
    return min(day, after(facts["left_on"], -1)) if facts["left_on"] else day


def _expired(seen: Seen) -> bool:
    """Q8, Q9: three months after either expiry, day for day."""
    days = [months_on(seen[fact], 3) for fact in EXPIRIES if seen[fact]]
    return seen.has_card() and any(seen.on > day for day in days)


def _usable(seen: Seen) -> bool:
    works = seen["my_number_card"] == "held" and seen["insurance_use"] == "registered"
    return _in_scheme(seen) and works and not _expired(seen) and not seen.departed()


def _pending_deregistration(seen: Seen) -> bool:
    return seen["insurance_use"] == "registered" and bool(seen.happened("deregistration_received_on"))


def _seven_classes(seen: Seen) -> bool:
    """Q25, from August 2025: who gets a certificate without applying."""
    card, use = seen["my_number_card"], seen["insurance_use"]
    given_up = use == "deregistered" or _pending_deregistration(seen)  # ④
    never = card in ("none", "returned") or use == "unregistered"  # ①②③
    expired = _expired(seen) and card != "renewing"  # ⑤※3: who did not ask for the renewal
    again = seen["needs_assistance"] and (
        seen["assistance_applied_before"] or seen.answered("certificate_requested_on")
    )  # ⑦
    return bool(never or given_up or expired or seen["disclosure_restricted"] or again)


def _applied(seen: Seen) -> bool:
    """An application, and a reason for it: one of the classes, or Q3, Q8."""
    reason = _seven_classes(seen) or _expired(seen) or seen["needs_assistance"]
    return bool(seen.happened("certificate_requested_on")) and (
        reason or seen["my_number_card"] in ("lost", "renewing")
    )


def _relies_on_card(seen: Seen) -> bool:
    return _usable(seen) and not (_seven_classes(seen) or _applied(seen) or seen.certificate_valid())


def _old_card_serves(seen: Seen) -> bool:
    printed = seen["health_insurance_card_valid_until"]
    return seen.holds_old_card() and seen.on <= min(printed, LAST_OF_OLD_CARDS)


def _old_card_shown(seen: Seen) -> bool:
    return _old_card_serves(seen) and not seen.lost_old_card(ABOLISHED)


def _since_abolition(seen: Seen, fact: str) -> bool:
    return seen.since(fact, ABOLISHED)


def _july_holder(seen: Seen) -> bool:
    """Q22: in July 2025, a holder of an old card with neither reissue nor changed details pending."""
    pending = any(
        _since_abolition(seen, fact) and not seen.answered(fact)
        for fact in ("reissue_requested_on", "details_changed_on")
    )
    return JULY <= seen.on <= LAST_OF_OLD_CARDS and _old_card_serves(seen) and not pending


def _card_on_its_way(seen: Seen) -> bool:
    """Q16※: who joined by 1 December 2024 is sent an old card later; cards ran from August to July."""
    joined = date(2024, 8, 1) <= seen["enrolled_on"] < ABOLISHED and seen.on <= LAST_OF_OLD_CARDS
    given = seen["health_insurance_card_valid_until"] is not None or seen.certificate_valid()
    replaced = any(_since_abolition(seen, f) for f in ("reissue_requested_on", "details_changed_on"))
    return joined and not given and not replaced


def _term(seen: Seen, year: int | None = None) -> tuple[str, date | None]:
    """Q24: from August to July."""
    day = date(year or seen.on.year, 7, 31)
    if day < seen.on:
        day = date(seen.on.year + 1, 7, 31)
    return "exact", _cut(seen.facts, day)


def _certificate(seen: Seen) -> Iterator[Claim]:
    if seen.on >= ABOLISHED:
        yield from _asked_for(seen)
    valid, until = seen.certificate_valid(), _term(seen)
    provisional, old_card = seen.on <= LAST_OF_OLD_CARDS, _old_card_serves(seen)
    changed = "details_changed_on"
    if provisional and _since_abolition(seen, changed) and not seen.answered(changed):
        yield Claim("004-28", "ex-officio", until=until)
    if not provisional and valid and seen.happened(changed) and not seen.answered(changed):
        yield Claim("004-02", "ex-officio", until=until)
    given_up = seen["insurance_use"] == "deregistered" or _pending_deregistration(seen)
    if seen.on >= ABOLISHED and given_up and not _old_card_shown(seen) and not valid:
        yield Claim("004-07", "ex-officio", until=until)
    if seen.on >= ABOLISHED and provisional and not old_card and not valid and not _card_on_its_way(seen):
        yield Claim("004-28", "ex-officio", until=until)
    without_card = _seven_classes(seen) or _applied(seen) or not _usable(seen)
    if without_card and _july_holder(seen) and not _lasts_beyond_july(seen):
        yield Claim("004-25", "ex-officio", JULY, LAST_OF_OLD_CARDS, _term(seen, 2026))
    if not provisional and _seven_classes(seen) and not valid:
        yield Claim("004-29", "ex-officio", until=until)


def _asked_for(seen: Seen) -> Iterator[Claim]:
    reissue, until = "reissue_requested_on", _term(seen)
    request = "certificate_requested_on"
    if _applied(seen) and not _old_card_shown(seen) and not seen.answered(request):
        yield Claim("004-23", "application", until=until)
    if seen.answered(reissue) or not seen.happened(reissue):
        return
    if seen.on <= LAST_OF_OLD_CARDS and _since_abolition(seen, reissue):
        yield Claim("004-28", "application", until=until)
    if seen.on > LAST_OF_OLD_CARDS and seen.happened("eligibility_certificate_issued_on"):
        yield Claim("law-reissue", "application", until=until)


def _with_renewal(seen: Seen, claims: list[Claim]) -> list[Claim]:
    """Each July from 2026 on (Q22, Q24): of the coming year, to the seven classes and who has applied."""
    waiting = _applied(seen) and not seen.answered("certificate_requested_on")
    if seen.on.month != JULY.month or seen.on.year <= JULY.year or not (_seven_classes(seen) or waiting):
        return claims
    if not claims and _lasts_beyond_july(seen):
        return claims
    first, last = seen.on.replace(day=1), seen.on.replace(day=31)
    until = ("exact", _cut(seen.facts, last.replace(year=last.year + 1)))
    return [*claims, Claim("004-27", "ex-officio", first, last, until, yearly=True)]


def _lasts_beyond_july(seen: Seen) -> bool:
    """A certificate valid on 1 August, or as long as any could be."""
    end = seen["eligibility_certificate_valid_until"]
    if not seen.certificate_valid():
        return False
    return end is None or end > seen.on.replace(month=7, day=31) or end >= _cut(seen.facts, date.max)


def _notice(seen: Seen) -> Iterator[Claim]:
    if not _relies_on_card(seen):
        return
    joined = seen["enrolled_on"]
    counts_from = joined if joined > LAST_OF_OLD_CARDS else JULY
    if seen.since("eligibility_notice_issued_on", counts_from):
        return
    if _july_holder(seen):
        yield Claim("004-25", "ex-officio", JULY, LAST_OF_OLD_CARDS)
    if seen.on > LAST_OF_OLD_CARDS:
        yield Claim("004-35", "ex-officio")
