"""The rules of Kumamoto's late elderly, written by hand as polars expressions: lazy, streaming."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

import polars as pl
from shape import ISSUANCES, READ, RETURNS, born_by, end_of_july, ended_since, job, next_month

PROVISIONAL_FIRST, PROVISIONAL_LAST = date(2024, 12, 2), date(2025, 7, 31)
OLD_CARDS_LAST = date(2025, 7, 31)
JULY_FIRST, JULY_LAST = date(2025, 7, 1), date(2025, 7, 31)
CARD_YEAR_FIRST = date(2024, 8, 1)

TRIGGERS = (
    *("application", "provisional-reissue", "provisional-changed-details", "deregistration"),
    *("provisional-enrolment", "provisional-card-ended", "july-certificate", "without-application"),
    *("july-notice", "notice-on-enrolment", "notice", "card-for-earlier-joiners"),
)
TO_MUNICIPALITY = ("application", "deregistration", "july-notice", "notice-on-enrolment", "notice")
APPLIED_FOR = ("application", "provisional-reissue")
Rules: TypeAlias = list[tuple[str, pl.Expr]]

c = pl.col


def true(condition: pl.Expr) -> pl.Expr:
    """False where there is no day to compare."""
    return condition.fill_null(value=False)


def seen(on: date) -> dict[str, pl.Expr]:
    """What the rules ask of a member: cards, grounds, what is held."""
    held = c("card") == "1"
    has_card = ~c("card").is_in(["0", "2"])
    certificate_over = true(c("electronic_certificate_expires_on") < ended_since(on, 3))
    card_over = true(c("card_expires_on") < ended_since(on, 3))
    pending = (c("insurance_use") == "1") & true(c("deregistration_received_on") <= on)
    ended = (c("insurance_use") == "2") | pending
    use = ended | (has_card & (c("insurance_use") == "0"))
    restricted = c("disclosure_restricted") == "1"
    expired = has_card & (certificate_over | card_over)
    automatic = ~has_card | use | expired | restricted
    renewing = c("card") == "4"
    assistance = c("needs_assistance") == "1"
    any_ground = automatic | assistance | ~held
    applied = true(c("requested_on") <= on) & any_ground
    by_itself = (assistance & (c("assistance_applied_before") == "1")) | (
        automatic & (~renewing | restricted | use)
    )
    departed = true(c("departs_japan_on") <= on) & (c("overseas_card") == "0")
    works = held & (c("insurance_use") == "1") & ~certificate_over & ~card_over & ~departed
    issued = c("certificate_issued_on")
    back = true((c("certificate_returned_on") <= on) & (c("certificate_returned_on") >= issued))
    return {
        "in_scheme": (c("enrolled_on") <= on)
        & ~true(c("left_on") <= on)
        & (
            (c("birth_date") <= born_by(on, 75))
            | ((c("birth_date") <= born_by(on, 65)) & (c("disability_recognised") == "1"))
        ),
        "ended": ended,
        "applied": applied,
        "by_itself": by_itself,
        "works": works,
        "valid": true(issued <= on) & ~back & ~true(c("certificate_valid_until") < on),
        "old_valid": true(c("old_card_valid_until") >= on) & ~true(c("old_card_returned_on") <= on)
        if on <= OLD_CARDS_LAST
        else pl.lit(value=False),
    }


def answered(fact: str, on: date) -> pl.Expr:
    """Whether a certificate was issued on or after that day."""
    return true((c("certificate_issued_on") <= on) & (c("certificate_issued_on") >= c(fact)))


def in_period(fact: str, on: date) -> pl.Expr:
    """Whether a thing happened since the provisional operation began."""
    return true((c(fact) >= PROVISIONAL_FIRST) & (c(fact) <= on))


def certificates(on: date) -> Rules:
    """When a certificate is owed, the first that holds winning."""
    if on < PROVISIONAL_FIRST:
        return []
    rules = [("application", c("applied") & ~c("old_valid") & ~answered("requested_on", on))]
    ended = ("deregistration", c("ended") & ~c("old_valid") & ~c("valid"))
    if on > PROVISIONAL_LAST:
        return [*rules, ended, ("without-application", c("by_itself") & ~c("valid"))]
    july = c("old_valid") if on >= JULY_FIRST else pl.lit(value=False)
    joined = (c("enrolled_on") >= PROVISIONAL_FIRST) & ~c("old_valid") & ~c("valid")
    of_old = (c("enrolled_on") < PROVISIONAL_FIRST) & ~c("old_valid") & ~c("valid") & ~card_coming(on)
    rules += [
        (
            "provisional-reissue",
            in_period("reissue_requested_on", on) & ~july & ~answered("reissue_requested_on", on),
        ),
        (
            "provisional-changed-details",
            in_period("details_changed_on", on) & ~july & ~answered("details_changed_on", on),
        ),
        ended,
        ("provisional-enrolment", joined),
        ("provisional-card-ended", of_old),
    ]
    if JULY_FIRST <= on <= JULY_LAST:
        without = c("by_itself") | c("applied") | ~c("works")
        next_year = c("valid") & ~true(c("certificate_valid_until") <= OLD_CARDS_LAST)
        # A certificate without an end is one for the next year, too.
        rules.append(("july-certificate", c("old_valid") & without & ~next_year))
    return rules


def notices(on: date) -> Rules:
    """When a notice is owed, the first that holds winning."""
    relies = c("works") & ~(c("by_itself") | c("applied") | c("valid"))
    issued = c("notice_issued_on")
    since_july = true((issued >= JULY_FIRST) & (issued <= on))
    if on > PROVISIONAL_LAST:
        later = c("enrolled_on") > PROVISIONAL_LAST
        since_enrolment = true((issued >= c("enrolled_on")) & (issued <= on))
        return [
            ("notice-on-enrolment", relies & later & ~since_enrolment),
            ("notice", relies & ~later & ~since_july),
        ]
    if JULY_FIRST <= on <= JULY_LAST:
        return [("july-notice", relies & c("old_valid") & ~since_july)]
    return []


def card_coming(on: date) -> pl.Expr:
    """Whether one of the last old cards is still to be sent."""
    return (
        c("enrolled_on").is_between(CARD_YEAR_FIRST, date(2024, 12, 1))
        & c("old_card_valid_until").is_null()
        & ~in_period("reissue_requested_on", on)
        & ~in_period("details_changed_on", on)
        & ~c("valid")
    )


def first(rules: Rules) -> pl.Expr:
    """The place among all triggers of the first rule that holds; numbers cost less than texts."""
    places = (pl.when(test).then(pl.lit(TRIGGERS.index(name), pl.UInt8)) for name, test in rules)
    return pl.coalesce(*places) if rules else pl.lit(None, pl.UInt8)


def written(owed: pl.LazyFrame, on: date) -> pl.LazyFrame:
    """The rows as they are written."""
    trigger = c("trigger")
    july = trigger.is_in(["july-certificate", "july-notice"])
    notice = trigger.is_in(["july-notice", "notice-on-enrolment", "notice"])
    old_card = trigger == "card-for-earlier-joiners"
    until = (
        pl.when(trigger == "july-certificate")
        .then(pl.lit(end_of_july(next_month(on))))
        .when(old_card)
        .then(pl.lit(OLD_CARDS_LAST))
        .otherwise(pl.lit(end_of_july(on)))
    )
    document = (
        pl.when(notice)
        .then(pl.lit("eligibility-notice"))
        .when(old_card)
        .then(pl.lit("health-insurance-card"))
        .otherwise(pl.lit("eligibility-certificate"))
    )
    none = pl.lit(None, pl.String)
    names = dict(enumerate(TRIGGERS))
    return (
        owed.with_columns(c("place").replace_strict(names, return_dtype=pl.String).alias("trigger"))
        .with_columns(
            document=document,
            basis=pl.when(trigger.is_in(APPLIED_FOR))
            .then(pl.lit("application"))
            .otherwise(pl.lit("ex-officio")),
            due_from=pl.when(july).then(pl.lit(JULY_FIRST)),
            due_through=pl.when(july).then(pl.lit(JULY_LAST)),
            valid_until=pl.when(~notice).then(pl.min_horizontal(until, c("left_on").dt.offset_by("-1d"))),
            modality=pl.when(notice).then(pl.lit("not-stated")).otherwise(pl.lit("exact")),
            medium=pl.when(notice).then(pl.lit("a4-paper")).otherwise(none),
            channel=pl.when(trigger.is_in(TO_MUNICIPALITY)).then(pl.lit("municipality")).otherwise(none),
            form=none,
        )
        .select(ISSUANCES)
    )


def issuances(roll: pl.LazyFrame, on: date) -> pl.LazyFrame:
    """What is owed to each member on a day."""
    members = roll.select(c(header).alias(name) for name, header in READ.items()).with_columns(**seen(on))
    # A member who is owed a certificate is never owed a notice as well: one column does for both.
    mail = pl.when("in_scheme").then(first([*certificates(on), *notices(on)]))
    if on > OLD_CARDS_LAST:
        owed = members.select("id", "left_on", place=mail)
    else:
        card = pl.when("in_scheme").then(first([("card-for-earlier-joiners", card_coming(on))]))
        both = members.select("id", "left_on", mail=mail, card=card)
        both = both.filter(c("mail").is_not_null() | c("card").is_not_null())
        owed = pl.concat(both.select("id", "left_on", place=c(name)) for name in ("mail", "card"))
    return written(owed.filter(c("place").is_not_null()), on)


def main() -> None:
    """Decide a roll."""
    task = job()
    found = issuances(pl.scan_parquet(task.roll), task.on)
    found.sink_parquet(task.issuances, maintain_order=False)
    pl.DataFrame(schema=dict.fromkeys(RETURNS, pl.String)).write_parquet(task.returns)


if __name__ == "__main__":
    main()
