"""Who the members are: households of employees, or the late elderly one by one; born when, enrolled when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from hokensha.errors import Finding, PolicyError
from hokensha.features import MemberSituation
from hokensha.policy import Rulebook
from hokensha.rules import IN_SCHEME
from hokensha_sample_roll.days import (
    DAY,
    Days,
    ages,
    ago,
    birthdays,
    day,
    in_days,
    latest,
    of_year,
    on_or_before,
    where,
)
from hokensha_sample_roll.draws import Bools, Draws, Ints, Streams
from hokensha_sample_roll.probes import probe
from hokensha_sample_roll.shares import in_bands, shares

Array: TypeAlias = NDArray[Any]
OLDEST = 110


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

    def cover(self, age: Ints) -> Bools:
        """Who of those of these ages can be in the scheme without a disability."""
        return np.asarray((age >= self.first) & (age <= self.last), dtype=np.bool_)


def ages_in_scheme(rulebook: Rulebook, as_of: np.datetime64) -> Ages:
    """Ask the rules who can be a member, at each age.

    Raises:
        PolicyError: They let nobody in.
    """
    on = as_of.astype(object)

    def covered(age: int, *, disabled: bool) -> bool:
        born = birthdays(np.asarray([ago(as_of, 180)]), -age)[0].astype(object)
        facts = probe(rulebook.catalogue, birth_date=born, enrolled_on=born, disability_recognised=disabled)
        return bool(MemberSituation(rulebook.vocabulary, facts, on)[IN_SCHEME])

    found = [age for age in range(OLDEST) if covered(age, disabled=False)]
    if not found:
        message = f"the rules let nobody in on {on}, at whatever age"
        raise PolicyError(Finding(rulebook.policy.path, message, "no-members"))
    further = [age for age in range(OLDEST) if age not in found and covered(age, disabled=True)]
    return Ages(found[0], found[-1], (further[0], further[-1]) if further else None)


@frozen
class People:
    """Some members: a row for each, households one after the other.

    Attributes:
        household: The number of the household, from 0 on.
        branch: 0 for the insured member, 1 and up for dependents.
        facts: A column for each fact that is settled so far.
    """

    household: Ints
    branch: Ints
    facts: dict[str, Array] = field(factory=dict)

    def __len__(self) -> int:
        return len(self.household)

    def first(self, count: int) -> People:
        """The first of them."""
        cut = {fact: column[:count] for fact, column in self.facts.items()}
        return evolve(self, household=self.household[:count], branch=self.branch[:count], facts=cut)


Make: TypeAlias = "Callable[[Streams, int, int], People]"
"""From streams, the number of the first household and how many households: their members."""


def maker(who: Ages, as_of: np.datetime64) -> Make:
    """What makes this scheme's members."""

    def employees(streams: Streams, first: int, count: int) -> People:
        return _employees(Draws(streams, count), first, who, as_of)

    def elderly(streams: Streams, first: int, count: int) -> People:
        return _elderly(Draws(streams, count), first, who, as_of)

    return elderly if who.alone else employees


def _born(draws: Draws, age: Ints, as_of: np.datetime64) -> Days:
    """Somebody of that age on the day."""
    latest_birth = birthdays(np.full(draws.count, as_of), -age)
    return np.asarray(latest_birth - draws.span("born", (0, 364)), dtype=DAY)


# --- employees and their families


def _employees(draws: Draws, first: int, who: Ages, as_of: np.datetime64) -> People:
    """Households: an insured member, perhaps a spouse, up to three children."""
    figures = shares()["workers"]
    age = np.clip(in_bands(draws, "age", figures["ages"]), who.first, who.last)
    birth = _born(draws, age, as_of)
    joined = _joined(draws, birth, as_of)
    continuing = draws.chance("continuation", figures["continuation"])
    continuing &= age >= figures["continuation_from_age"]
    years = figures["continuation_years"]
    joined = where(continuing, draws.day("continuation-from", ago(as_of, 365 * years - 10), as_of), joined)
    slots = [(birth, joined, np.ones(draws.count, dtype=np.bool_))]
    slots += [_spouse(draws, birth, joined, as_of), *_children(draws, birth, joined, as_of)]
    births, enrolled, there = (np.stack(columns, axis=1) for columns in zip(*slots, strict=True))
    there &= who.cover(ages(births, as_of))
    sizes = there.sum(axis=1)
    branch = (np.cumsum(there, axis=1) - 1)[there]
    rejoined = np.repeat(continuing, sizes)
    two_years = birthdays(np.repeat(joined, sizes), years)
    transferred = np.repeat(_transferred(draws, joined, as_of), sizes)
    facts: dict[str, Array] = {
        "birth_date": births[there],
        "enrolled_on": enrolled[there],
        "relation": (branch > 0).astype(np.int8),
        "continuation": rejoined,
        "left_on": where(rejoined, two_years),
        "branch_transferred_on": where(transferred > enrolled[there], transferred),
        "disability_recognised": np.zeros(len(branch), dtype=np.bool_),
    }
    household = np.repeat(np.arange(first, first + draws.count), sizes)
    return People(household, branch.astype(np.int64), facts)


def _joined(draws: Draws, birth: Days, as_of: np.datetime64) -> Days:
    """Hired: on a first of April, or in the middle of a year; not before school was over."""
    figures = shares()["workers"]
    band = draws.pick("tenure-band", [weight for _, _, weight in figures["tenure"]])
    low, high = np.asarray([[since, to] for since, to, _ in figures["tenure"]]).T
    before = draws.number("tenure", (low * 365)[band] + 1, (high * 365)[band])
    joined = np.asarray(as_of - before.astype("m8[D]"), dtype=DAY)
    joined = where(draws.chance("april", figures["joined_in_april"]), on_or_before(joined, 4), joined)
    school = of_year(birthdays(birth - in_days(92), 19), 4)  # school years begin in April
    return np.minimum(latest(joined, school), as_of)


def _transferred(draws: Draws, joined: Days, as_of: np.datetime64) -> Days:
    figures = shares()["workers"]
    long = birthdays(joined, figures["transferred_after_years"]) < as_of
    moved = on_or_before(draws.day("transfer-year", ago(as_of, figures["transferred_within"]), as_of), 4)
    return where(draws.chance("transferred", figures["transferred"]) & long & (moved > joined), moved)


def _spouse(draws: Draws, birth: Days, joined: Days, as_of: np.datetime64) -> tuple[Days, Days, Bools]:
    figures = shares()["workers"]
    apart = figures["spouse_days_apart"]
    born = np.asarray(birth + draws.span("spouse-born", (-apart, apart)), dtype=DAY)
    wed = birthdays(birth, draws.number("married", *figures["married_at"]))
    there = draws.chance("spouse", figures["spouse"]) & (ages(birth, as_of) >= figures["spouse_from_age"])
    return born, np.minimum(latest(joined, wed, birthdays(born, 18)), as_of), there & (wed <= as_of)


def _children(
    draws: Draws, birth: Days, joined: Days, as_of: np.datetime64
) -> Iterator[tuple[Days, Days, Bools]]:
    figures = shares()["workers"]
    wanted = draws.pick("children", figures["children"])
    for number in range(1, len(figures["children"])):
        born = birthdays(birth, draws.number(f"child-{number}-at", *figures["parent_at"]))
        born = np.asarray(born + draws.span(f"child-{number}", (0, 364)), dtype=DAY)
        there = (wanted >= number) & (ages(born, as_of) < figures["children_below"])
        there &= born <= ago(as_of, figures["youngest"])
        yield born, np.minimum(latest(joined, born), as_of), there


# --- the late elderly


def _elderly(draws: Draws, first: int, who: Ages, as_of: np.datetime64) -> People:
    """Those who have reached the age, a few who will within weeks, and a few with a recognised disability."""
    figures = shares()["elderly"]
    age = np.clip(in_bands(draws, "age", figures["ages"]), who.first, who.last)
    disabled = np.zeros(draws.count, dtype=np.bool_)
    if who.disabled:
        disabled = draws.chance("disabled", figures["disabled"])
        age = np.where(disabled, draws.number("disabled-age", *who.disabled), age)
    birth = _born(draws, age, as_of)
    turning = draws.chance("turning", figures["turning"]) & ~disabled
    ahead = draws.span("turning-in", (1, figures["turning_within"]))
    birth = where(turning, birthdays(np.asarray(as_of + ahead, dtype=DAY), -who.first), birth)
    reached = birthdays(birth, who.first)
    moved = draws.day("moved-in-on", ago(as_of, figures["moved_in_within"]), as_of)
    moved_in = draws.chance("moved-in", figures["moved_in"]) & (reached < moved)
    recognised = draws.day("recognised", birthdays(birth, who.disabled[0] if who.disabled else 0), as_of)
    enrolled = where(disabled, recognised, where(moved_in, moved, reached))
    started = day(shares()["law"]["late_elderly_from"])
    none = np.full(draws.count, np.datetime64("NaT", "D"))
    facts: dict[str, Array] = {
        "birth_date": birth,
        "enrolled_on": latest(enrolled, started),
        "relation": np.zeros(draws.count, dtype=np.int8),
        "continuation": np.zeros(draws.count, dtype=np.bool_),
        "left_on": none,
        "branch_transferred_on": none,
        "disability_recognised": disabled,
    }
    household = np.arange(first, first + draws.count)
    return People(household, np.zeros(draws.count, dtype=np.int64), facts)
