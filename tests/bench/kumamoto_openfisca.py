"""The rules of Kumamoto's late elderly, written by hand as an OpenFisca country package."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DAY, Period
from openfisca_core.populations import Population
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from openfisca_facts import FACTS, Card, Member, Owed, Use
from shape import born_by, ended_since

Bools: TypeAlias = "np.ndarray[Any, np.dtype[np.bool_]]"
PROVISIONAL_FIRST, PROVISIONAL_LAST = np.datetime64("2024-12-02"), np.datetime64("2025-07-31")
OLD_CARDS_LAST = np.datetime64("2025-07-31")
JULY_FIRST = np.datetime64("2025-07-01")
CARD_YEAR_FIRST, CARD_YEAR_LAST = np.datetime64("2024-08-01"), np.datetime64("2024-12-01")


class Rule(Variable):
    """What yes-or-no rules have in common; OpenFisca reads a class's own attributes alone."""

    def __init_subclass__(cls) -> None:
        cls.value_type, cls.entity, cls.definition_period = bool, Member, DAY


def day(period: Period) -> np.datetime64:
    """The day asked."""
    return np.datetime64(str(period.start))


# A day that there is none of is NaT: no comparison with it holds.


class in_scheme(Rule):  # noqa: N801
    def formula(member: Population, period: Period) -> Bools:  # noqa: N805 - a formula is no method
        on = day(period)
        born = member("birth_date", period)
        of_age = (born <= np.datetime64(born_by(on.item(), 75))) | (
            (born <= np.datetime64(born_by(on.item(), 65))) & member("disability_recognised", period)
        )
        return (member("enrolled_on", period) <= on) & ~(member("left_on", period) <= on) & of_age


class has_card(Rule):  # noqa: N801
    def formula(member: Population, period: Period) -> Bools:  # noqa: N805
        state = member("card", period)
        return (state != Card.none) & (state != Card.returned)


class expired(Rule):  # noqa: N801
    def formula(member: Population, period: Period) -> Bools:  # noqa: N805
        first = np.datetime64(ended_since(day(period).item(), 3))
        return (member("electronic_certificate_expires_on", period) < first) | (
            member("card_expires_on", period) < first
        )


class use_ended(Rule):  # noqa: N801
    def formula(member: Population, period: Period) -> Bools:  # noqa: N805
        use = member("insurance_use", period)
        received = member("deregistration_received_on", period) <= day(period)
        return (use == Use.deregistered) | ((use == Use.registered) & received)


class use_missing(Rule):  # noqa: N801
    def formula(member: Population, period: Period) -> Bools:  # noqa: N805
        never = member("has_card", period) & (member("insurance_use", period) == Use.unregistered)
        return member("use_ended", period) | never


class automatic_ground(Rule):  # noqa: N801
    def formula(member: Population, period: Period) -> Bools:  # noqa: N805
        return (
            ~member("has_card", period)
            | member("use_missing", period)
            | member("expired", period)
            | member("disclosure_restricted", period)
        )


class applied(Rule):  # noqa: N801
    def formula(member: Population, period: Period) -> Bools:  # noqa: N805
        ground = (
            member("automatic_ground", period)
            | member("needs_assistance", period)
            | (member("card", period) != Card.held)
        )
        return (member("requested_on", period) <= day(period)) & ground


class by_itself(Rule):  # noqa: N801
    def formula(member: Population, period: Period) -> Bools:  # noqa: N805
        again = member("needs_assistance", period) & member("assistance_applied_before", period)
        counts = (
            (member("card", period) != Card.renewing)
            | member("disclosure_restricted", period)
            | member("use_missing", period)
        )
        return again | (member("automatic_ground", period) & counts)


class card_works(Rule):  # noqa: N801
    def formula(member: Population, period: Period) -> Bools:  # noqa: N805
        departed = (member("departs_japan_on", period) <= day(period)) & ~member("overseas_card", period)
        return (
            (member("card", period) == Card.held)
            & (member("insurance_use", period) == Use.registered)
            & ~member("expired", period)
            & ~departed
        )


class valid_certificate(Rule):  # noqa: N801
    def formula(member: Population, period: Period) -> Bools:  # noqa: N805
        on = day(period)
        issued, back = member("certificate_issued_on", period), member("certificate_returned_on", period)
        over = member("certificate_valid_until", period) < on
        return (issued <= on) & ~((back <= on) & (back >= issued)) & ~over


class valid_old_card(Rule):  # noqa: N801
    end = "2025-07-31"

    def formula(member: Population, period: Period) -> Bools:  # noqa: N805
        on = day(period)
        return (member("old_card_valid_until", period) >= on) & ~(
            member("old_card_returned_on", period) <= on
        )


class relies_on_card(Rule):  # noqa: N801
    def formula(member: Population, period: Period) -> Bools:  # noqa: N805
        certificate = (
            member("by_itself", period) | member("applied", period) | member("valid_certificate", period)
        )
        return member("card_works", period) & ~certificate


def answered(member: Population, period: Period, event: str) -> Bools:
    """Whether a certificate was issued on or after that day."""
    issued = member("certificate_issued_on", period)
    found: Bools = (issued <= day(period)) & (issued >= member(event, period))
    return found


def in_period(member: Population, period: Period, event: str) -> Bools:
    """Whether a thing happened since the provisional operation began."""
    happened = member(event, period)
    found: Bools = (happened >= PROVISIONAL_FIRST) & (happened <= day(period))
    return found


class old_card_owed(Rule):  # noqa: N801
    end = "2025-07-31"

    def formula(member: Population, period: Period) -> Bools:  # noqa: N805
        enrolled = member("enrolled_on", period)
        return (
            (enrolled >= CARD_YEAR_FIRST)
            & (enrolled <= CARD_YEAR_LAST)
            & np.isnat(member("old_card_valid_until", period))
            & ~in_period(member, period, "reissue_requested_on")
            & ~in_period(member, period, "details_changed_on")
            & ~member("valid_certificate", period)
            & member("in_scheme", period)
        )


def first(member: Population, period: Period, rules: dict[Owed, Bools]) -> np.ndarray[Any, Any]:
    """The first rule that holds, for those in the scheme."""
    inside = member("in_scheme", period)
    holding = [test & inside for test in rules.values()]
    return np.select(holding, [np.uint8(rule.index) for rule in rules], np.uint8(Owed.nothing.index))


class owed(Variable):  # noqa: N801
    value_type = Enum
    possible_values = Owed
    default_value = Owed.nothing
    entity = Member
    definition_period = DAY

    def formula_2024_12_02(member: Population, period: Period) -> np.ndarray[Any, Any]:  # noqa: N805
        july = day(period) >= JULY_FIRST
        old = member("valid_old_card", period)
        without = ~old & ~member("valid_certificate", period)
        later = member("enrolled_on", period) >= PROVISIONAL_FIRST
        usual = ~(old & july)
        rules = {
            Owed.application: member("applied", period) & ~old & ~answered(member, period, "requested_on"),
            Owed.provisional_reissue: in_period(member, period, "reissue_requested_on")
            & usual
            & ~answered(member, period, "reissue_requested_on"),
            Owed.provisional_changed_details: in_period(member, period, "details_changed_on")
            & usual
            & ~answered(member, period, "details_changed_on"),
            Owed.deregistration: member("use_ended", period) & without,
            Owed.provisional_enrolment: later & without,
            Owed.provisional_card_ended: ~later & without & ~member("old_card_owed", period),
        }
        return first(member, period, rules | (in_july(member, period) if july else {}))

    def formula_2025_08_01(member: Population, period: Period) -> np.ndarray[Any, Any]:  # noqa: N805
        without = ~member("valid_certificate", period)
        later = member("enrolled_on", period) > PROVISIONAL_LAST
        issued = member("notice_issued_on", period)
        seen = issued <= day(period)
        relies = member("relies_on_card", period)
        rules = {
            Owed.application: member("applied", period) & ~answered(member, period, "requested_on"),
            Owed.deregistration: member("use_ended", period) & without,
            Owed.without_application: member("by_itself", period) & without,
            Owed.notice_on_enrolment: relies & later & ~(seen & (issued >= member("enrolled_on", period))),
            Owed.notice: relies & ~later & ~(seen & (issued >= JULY_FIRST)),
        }
        return first(member, period, rules)


def in_july(member: Population, period: Period) -> dict[Owed, Bools]:
    """What is sent in July 2025 to those whose old cards end."""
    old = member("valid_old_card", period)
    without = member("by_itself", period) | member("applied", period) | ~member("card_works", period)
    over = member("certificate_valid_until", period) <= OLD_CARDS_LAST
    next_year = member("valid_certificate", period) & ~over
    issued = member("notice_issued_on", period)
    had = (issued >= JULY_FIRST) & (issued <= day(period))
    return {
        Owed.july_certificate: old & without & ~next_year,
        Owed.july_notice: old & member("relies_on_card", period) & ~had,
    }


def system() -> TaxBenefitSystem:
    """The package, as OpenFisca calls it."""
    found = TaxBenefitSystem([Member])
    rules = [rule for rule in Rule.__subclasses__() if rule.__module__ == __name__]
    found.add_variables(*FACTS, *rules, owed)
    return found
