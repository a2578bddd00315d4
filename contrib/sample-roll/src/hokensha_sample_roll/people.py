"""Who the members are: households of employees, or the late elderly one by one; born when, enrolled when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from attrs import frozen

from hokensha.errors import Finding, PolicyError
from hokensha.features import MemberSituation
from hokensha.policy import Rulebook
from hokensha.rules import IN_SCHEME
from hokensha_sample_roll.asking import probe
from hokensha_sample_roll.days import NONE, Days, Ints, ages, birthdays, date_of, latest, on_or_before, where
from hokensha_sample_roll.draws import Bools, Draws, Facts
from hokensha_sample_roll.shares import shares

HOUSEHOLD, BRANCH = "(number of the household)", "(number within the household)"
"""No facts of the catalogue: counted from 0 on; the insured member is the first of a household."""
OLDEST: Final = 110


@frozen
class Ages:
    """At which ages somebody can be in the scheme.

    Attributes:
        first: From this age on.
        last: To this age.
        disabled: The ages at which only those can be whose disability is recognised; none if there are none.
    """

    first: int
    last: int
    disabled: tuple[int, int] | None

    @property
    def alone(self) -> bool:
        """Whether members are covered one by one, for having reached a high age."""
        return bool(self.first >= shares()["elderly"]["from_age"])


def ages_in_scheme(rulebook: Rulebook, as_of: int) -> Ages:
    """Ask the rules who can be a member, at each age.

    Raises:
        PolicyError: They let nobody in.
    """
    on = date_of(as_of)

    def can_be(age: int, *, disabled: bool = False) -> bool:
        born = date_of(birthdays(as_of - 180, -age))
        facts = probe(rulebook.catalogue, birth_date=born, enrolled_on=born, disability_recognised=disabled)
        return bool(MemberSituation(rulebook.vocabulary, facts, on)[IN_SCHEME])

    found = [age for age in range(OLDEST) if can_be(age)]
    if not found:
        message = f"the rules let nobody in on {on}, at whatever age"
        raise PolicyError(Finding(rulebook.policy.path, message, "no-members"))
    further = [age for age in range(OLDEST) if age not in found and can_be(age, disabled=True)]
    return Ages(found[0], found[-1], (further[0], further[-1]) if further else None)


def people(draws: Draws, first: int, who: Ages, as_of: int) -> Facts:
    """The members of some households, one after the other; the first household has the number ``first``."""
    return (_elderly if who.alone else _employees)(draws, first, who, as_of)


def _born(draws: Draws, age: Ints, as_of: int) -> Days:
    """Somebody of that age on the day."""
    return birthdays(as_of, -age) - draws.span("born", (0, 364))


# --- employees and their families


def _employees(draws: Draws, first: int, who: Ages, as_of: int) -> Facts:
    """Households: an insured member, perhaps a spouse, up to three children."""
    figures = shares()["workers"]
    age = np.clip(draws.banded("age", figures["ages"]), who.first, who.last)
    birth = _born(draws, age, as_of)
    joined = _joined(draws, birth, as_of)
    continuing = draws.chance("continuation", figures["continuation"])
    continuing &= age >= figures["continuation_from_age"]
    years = figures["continuation_years"]
    joined = where(continuing, draws.day("continuation-from", as_of - 365 * years + 10, as_of), joined)
    slots = [(birth, joined, np.ones(draws.count, np.bool_))]
    slots += [_spouse(draws, birth, joined, as_of), *_children(draws, birth, joined, as_of)]
    births, enrolled, there = (np.stack(columns, axis=1) for columns in zip(*slots, strict=True))
    age = ages(births, as_of)
    there &= (age >= who.first) & (age <= who.last)
    places = np.flatnonzero(there)  # in the order of households, and of members within each
    of = places // len(slots)
    sizes = np.sum(there, axis=1, dtype=np.int32)
    branch = np.arange(len(of)) - (np.cumsum(sizes) - sizes)[of]
    enrolled = enrolled.ravel()[places]
    transferred = _transferred(draws, joined, as_of)[of]
    return {
        HOUSEHOLD: first + of,
        BRANCH: branch,
        "birth_date": births.ravel()[places],
        "enrolled_on": enrolled,
        "relation": (branch > 0).astype(np.int8),
        "continuation": continuing[of],
        "left_on": where(continuing, birthdays(joined, years))[of],
        "branch_transferred_on": where(transferred > enrolled, transferred),
        "disability_recognised": np.zeros(len(of), np.bool_),
    }


def _joined(draws: Draws, birth: Days, as_of: int) -> Days:
    """Hired: on a first of April, or in the middle of a year; not before school was over."""
    figures = shares()["workers"]
    tenure = [(365 * low + 1, 365 * high, weight) for low, high, weight in figures["tenure"]]
    joined = (as_of - draws.banded("tenure", tenure)).astype(np.float32)
    joined = where(draws.chance("april", figures["joined_in_april"]), on_or_before(joined, 4), joined)
    # School years begin in April; that of the year in question lies a hundred days after its beginning.
    school = on_or_before(on_or_before(birthdays(birth - 92, 19), 1) + 100, 4)
    return np.minimum(latest(joined, school), as_of)


def _transferred(draws: Draws, joined: Days, as_of: int) -> Days:
    figures = shares()["workers"]
    long = birthdays(joined, figures["transferred_after_years"]) < as_of
    moved = on_or_before(draws.day("transfer-year", as_of - figures["transferred_within"], as_of), 4)
    return where(draws.chance("transferred", figures["transferred"]) & long & (moved > joined), moved)


def _spouse(draws: Draws, birth: Days, joined: Days, as_of: int) -> tuple[Days, Days, Bools]:
    figures = shares()["workers"]
    apart = figures["spouse_days_apart"]
    born = birth + draws.span("spouse-born", (-apart, apart))
    wed = birthdays(birth, draws.number("married", *figures["married_at"]))
    there = draws.chance("spouse", figures["spouse"]) & (ages(birth, as_of) >= figures["spouse_from_age"])
    return born, np.minimum(latest(joined, wed, birthdays(born, 18)), as_of), there & (wed <= as_of)


def _children(draws: Draws, birth: Days, joined: Days, as_of: int) -> Iterator[tuple[Days, Days, Bools]]:
    figures = shares()["workers"]
    wanted = draws.pick("children", figures["children"])
    for number in range(1, len(figures["children"])):
        born = birthdays(birth, draws.number(f"child-{number}-at", *figures["parent_at"]))
        born = born + draws.span(f"child-{number}", (0, 364))
        there = (wanted >= number) & (ages(born, as_of) < figures["children_below"])
        there &= born <= as_of - figures["youngest"]
        yield born, np.minimum(latest(joined, born), as_of), there


# --- the late elderly


def _elderly(draws: Draws, first: int, who: Ages, as_of: int) -> Facts:
    """Those who have reached the age, a few who will within weeks, and a few with a recognised disability."""
    figures = shares()["elderly"]
    age = np.clip(draws.banded("age", figures["ages"]), who.first, who.last)
    disabled = np.zeros(draws.count, np.bool_)
    if who.disabled:
        disabled = draws.chance("disabled", figures["disabled"])
        age = np.where(disabled, draws.number("disabled-age", *who.disabled), age)
    birth = _born(draws, age, as_of)
    turning = draws.chance("turning", figures["turning"]) & ~disabled
    ahead = draws.span("turning-in", (1, figures["turning_within"]))
    birth = where(turning, birthdays(as_of + ahead, -who.first), birth)
    reached = birthdays(birth, who.first)
    moved = draws.day("moved-in-on", as_of - figures["moved_in_within"], as_of)
    moved_in = draws.chance("moved-in", figures["moved_in"]) & (reached < moved)
    recognised = draws.day("recognised", birthdays(birth, who.disabled[0] if who.disabled else 0), as_of)
    enrolled = where(disabled, recognised, where(moved_in, moved, reached))
    return {
        HOUSEHOLD: first + np.arange(draws.count),
        BRANCH: np.zeros(draws.count, np.int64),
        "birth_date": birth,
        "enrolled_on": latest(enrolled, shares()["law"]["late_elderly_from"]),
        "relation": np.zeros(draws.count, np.int8),
        "continuation": np.zeros(draws.count, np.bool_),
        "left_on": np.full(draws.count, NONE),
        "branch_transferred_on": np.full(draws.count, NONE),
        "disability_recognised": disabled,
    }
