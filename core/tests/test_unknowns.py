"""What unknown facts leave open is found once for a key, and is what each of its members comes to by itself.

Each member is answered twice: from what was found for others with its key, and by the rules, which go through
its own completions and remember nothing.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import Any

import pytest
from by_rules import by_the_rules
from every_policy import POLICIES, path_of
from made_up import a_value, beside

from hokensha import Plugin
from hokensha.dates import BusinessDays, Days, EndOfMonth, Figure, Modality
from hokensha.engine import (
    Answering,
    answering,
    asked_besides,
    decided,
    deciding,
    parts,
    shapes,
    unknowns,
)
from hokensha.facts import UNKNOWN, Member, parse_member
from hokensha.features import Order, Sequence
from hokensha.policy import Rulebook, Terms, open_rulebook
from hokensha.rules import Basis, Decision
from hokensha.text import Label
from hokensha_standard import CERTIFICATE

declare = Plugin()

SUMMER, AUTUMN = date(2025, 7, 31), date(2025, 10, 15)
"""Days of the yearly renewal in Kumamoto, and of other insurers' mass issuance."""
ON = AUTUMN
DAY = timedelta(days=1)
FAR = [date.min, date(1868, 1, 1), date(1899, 12, 31), date(1900, 1, 1), date(2899, 12, 31), date.max]
EXACT = Modality.EXACT
each_policy = pytest.mark.parametrize("policy", POLICIES)


class Asked:
    """A policy that is asked about one day, whose members are all answered from the same memory."""

    def __init__(self, rulebook: Rulebook, on: date) -> None:
        self.rulebook, self.on = rulebook, on
        self.answering = Answering(rulebook, parts(rulebook, on), on, further=asked_besides(rulebook, on))
        self.axes = {axis.fact: axis for axis in self.answering.keys.axes}

    def settled(self, members: Iterable[Member]) -> list[Decision]:
        """What is said of members: from memory, which says the same as the rules."""
        decisions = []
        for member in members:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(deciding, "answering", lambda *_: self.answering)
                decisions.append(decided(self.rulebook, member, self.on))
            assert decisions[-1] == by_the_rules(self.rulebook, member, self.on), member.facts
        return decisions

    def borders(self, fact: str) -> list[date]:
        """The days at which something turns that is asked of a fact, and the days before and after."""
        return [beside(cut, n) for cut in (*self.axes[fact].cuts, self.on) for n in (-1, 0, 1)]


@cache
def asked(policy: str) -> Asked:
    return Asked(open_rulebook(str(path_of(policy))), SUMMER if "elderly" in policy else AUTUMN)


@cache
def usual(policy: str) -> list[dict[str, Any]]:
    """The facts of the policy's members."""
    raw = json.loads(path_of(policy).with_name("members.json").read_text(encoding="utf-8"))
    return [dict(parse_member(each, asked(policy).rulebook.catalogue).facts) for each in raw]


def known(facts: Mapping[str, Any]) -> Member:
    """The member of these facts, those unknown left out."""
    return Member("m1", {fact: value for fact, value in facts.items() if value is not UNKNOWN})


# --- every policy


def turned(draw: random.Random, policy: Asked, facts: Mapping[str, Any], count: int) -> Iterator[Member]:
    """Members of whom the same is unknown: their known days lie elsewhere, often on the very same day."""
    dated = [fact for fact, axis in policy.axes.items() if axis.dated and isinstance(facts[fact], date)]
    borders = [day for fact in policy.axes for day in policy.borders(fact)]
    for _ in range(count):
        changed = dict(facts)
        for fact in draw.sample(dated, min(len(dated), draw.choice((0, 1, 1, 2, 3)))):
            near = beside(facts[fact], draw.choice((-31, -1, 1, 2, 31)))
            other = facts[draw.choice(dated)]
            changed[fact] = draw.choice((near, near, near, other, draw.choice(borders), draw.choice(FAR)))
        yield known(changed)


@each_policy
@pytest.mark.parametrize("unknown", [1, 2, 3, 4])
def test_what_is_missing_does_not_hang_on_who_was_asked_about_before(policy: str, unknown: int):
    draw, of = random.Random(f"{policy} {unknown}"), asked(policy)
    missing = 0
    for _ in range(12):
        facts = {**dict.fromkeys(of.axes, UNKNOWN), **draw.choice(usual(policy))}
        for fact in draw.sample(sorted(of.axes), 4):
            facts[fact] = a_value(draw, of.axes[fact], of.on, of.rulebook.catalogue[fact].nullable)
        facts.update(dict.fromkeys(draw.sample(sorted(of.axes), unknown), UNKNOWN))
        missing += sum(bool(each.missing) for each in of.settled(turned(draw, of, facts, 12)))
    assert missing


@each_policy
def test_of_two_facts_that_are_compared_either_or_both_may_be_unknown(policy: str):
    """The other on each day that matters, on the same day as a third, and none."""
    of = asked(policy)
    pairs = dict.fromkeys((order.fact, order.base) for order in of.answering.keys.orders)
    members = []
    for pair in pairs:
        others = [day for other in pairs for fact in other for day in (usual(policy)[0].get(fact),) if day]
        for one, other in (pair, pair[::-1]):
            nullable = of.rulebook.catalogue[other].nullable
            days = [*of.borders(one), *of.borders(other), *others, *([None] if nullable else []), UNKNOWN]
            for facts in usual(policy)[:2]:
                members += [known({**facts, one: UNKNOWN, other: day}) for day in dict.fromkeys(days)]
    of.settled(members)
    of.settled(members[::-1])


# --- three days that are compared


def day(fact: str, **fields: Any) -> Figure:
    return Figure(EXACT, ("term",), of=fact, **fields)


def later(fact: str, since: str) -> Order:
    return Order(f"{fact}:{since}", Label("x", "x"), tuple(Sequence), fact, since)


FIRST, SECOND, THIRD = "name_change_received_on", "branch_transferred_on", "details_changed_on"
"""Days that nothing else asks for."""
EX_OFFICIO = Terms(("source",), basis=Basis.EX_OFFICIO)


@pytest.fixture
def asking(small_with: Callable[..., Any]) -> Callable[..., Asked]:
    """The small policy, asked with one rule of its own, or with other figures."""

    def make(test: Callable[[Any], bool] | None = None, **figures: Figure) -> Asked:
        named = {name.replace("_", "-"): figure for name, figure in figures.items()}
        if test is None:
            return Asked(small_with(figures=named).rulebook, ON)
        trigger = declare.trigger("own", "x", "x", document=CERTIFICATE)(test)
        return Asked(small_with({trigger: EX_OFFICIO}, figures=named).rulebook, ON)

    return make


@pytest.fixture
def missing(small: Any) -> Callable[..., list[tuple[str, ...]]]:
    """What is missing for the ordinary member with each of these facts in turn."""

    def found(of: Asked, *facts: Mapping[str, Any]) -> list[tuple[str, ...]]:
        nothing = dict.fromkeys((FIRST, SECOND, THIRD))
        members = [known({**small.facts, **nothing, **each}) for each in facts]
        return [each.missing for each in of.settled(members)]

    return found


def test_an_unknown_day_may_lie_between_two_others_if_there_is_room(asking, missing):
    """From the first on, and before the last: those with one key are told apart by how their days lie."""
    since_first, since_last = later(THIRD, FIRST), later(THIRD, SECOND)
    of = asking(lambda s: s[since_first] is Sequence.SINCE and s[since_last] is Sequence.BEFORE)
    days = [ON - n * DAY for n in (400, 30, 2, 1, 0)]
    pairs = list(product(days, days))
    found = missing(of, *({FIRST: first, SECOND: last, THIRD: UNKNOWN} for first, last in pairs))
    assert found == [(THIRD,) if first < last else () for first, last in pairs]


@pytest.mark.parametrize("given", [None, ON - DAY])
def test_of_two_compared_facts_it_counts_which_one_is_unknown(asking, missing, given):
    """Whichever was asked about before; each is compared with a third, unknown one as well."""
    orders = later(FIRST, SECOND), later(FIRST, THIRD), later(SECOND, THIRD)
    of = asking(lambda s: sum(s[order] is Sequence.SINCE for order in orders) % 2 == 1)
    either = ({known: given, unknown: UNKNOWN} for known, unknown in ((FIRST, SECOND), (SECOND, FIRST)))
    assert missing(of, *({**facts, THIRD: UNKNOWN} for facts in either)) == [(THIRD, SECOND), (THIRD, FIRST)]


def test_two_unknown_days_may_come_in_either_order(asking, missing):
    order = later(FIRST, SECOND)
    of = asking(lambda s: s[order] is Sequence.SINCE)
    unknown = dict.fromkeys((FIRST, SECOND), UNKNOWN)
    assert missing(of, unknown, {**unknown, SECOND: ON + DAY}, {**unknown, FIRST: ON + DAY}, unknown) == [
        *((FIRST, SECOND), (), (), (FIRST, SECOND))
    ]


def test_an_unknown_day_may_lie_between_a_known_one_and_another_unknown_one(asking, missing):
    """Known days lie on the same day, in either order, ahead, or there are none."""
    first, second = later(SECOND, FIRST), later(THIRD, SECOND)
    of = asking(lambda s: s[first] is Sequence.SINCE and s[second] is Sequence.SINCE)
    days = [ON - 400 * DAY, ON - DAY, ON, ON + DAY, None]
    pairs = list(product(days, [*days, UNKNOWN]))
    found = missing(of, *({FIRST: one, SECOND: UNKNOWN, THIRD: other} for one, other in pairs))
    for (one, other), lacking in zip(pairs, found, strict=True):
        if one is None or one > ON:
            assert lacking == ()
        elif other is UNKNOWN:
            assert lacking == (THIRD, SECOND)
        else:
            assert lacking == ((SECOND,) if other and one <= other <= ON else ())


@pytest.mark.parametrize("lead", [-31, -1, 0, 1, 31])
def test_a_fact_is_compared_with_a_day_that_counts_from_the_other(asking, missing, lead):
    order = later(FIRST, "from-second")
    of = asking(lambda s: s[order] is Sequence.SINCE, from_second=day(SECOND, rule=(Days(lead),)))
    days = [ON + n * DAY for n in (-62, -31, -2, -1, 0, 1)]
    found = missing(of, *({FIRST: UNKNOWN, SECOND: second} for second in days))
    assert found == [(FIRST,) if second <= ON and second + lead * DAY <= ON else () for second in days]


# --- days that are said


@pytest.mark.parametrize("rule", [(), (Days(30),), (EndOfMonth(1),)])
def test_the_earliest_of_a_known_day_and_an_unknown_one_is_missing_unless_the_known_is_the_first_of_all(
    asking, missing, rule
):
    """Also among members with one key, some of whose days lie too near to where all days begin or end."""
    earliest = Figure(EXACT, earliest=("one-end", "other-end"))
    ends = {"one_end": day(FIRST), "other_end": day(SECOND, rule=rule)}
    of = asking(my_number_insurance_card_last_day=earliest, **ends)
    days = [first for first in (*FAR, ON - 400 * DAY, ON) if first <= ON]
    for order in (days, days[::-1]):
        found = missing(of, *({FIRST: first, SECOND: UNKNOWN} for first in order))
        assert found == [(SECOND,) if first.year > 1868 else () for first in order]


GIVEN = {"eligibility_certificate_issued_on": ON - 9 * DAY, SECOND: UNKNOWN}
"""Of one who holds a certificate that ends on an unknown day."""


@pytest.mark.parametrize("rule", [(), (BusinessDays(3),)])
def test_an_end_on_an_unknown_day_is_missing_wherever_a_known_day_cuts_it(asking, missing, rule):
    of = asking(certificate_end=day(SECOND, rule=rule))
    days = [None, *FAR[2:], *(ON + n * DAY for n in (-1, 0, 1, 2, 400))]
    for order in (days, days[::-1]):
        assert missing(of, *({**GIVEN, "left_on": left} for left in order)) == [(SECOND,)] * len(days)


def test_where_no_day_is_stated_none_is_missing(asking, missing):
    of = asking(certificate_end=Figure(Modality.NOT_STATED, ("term",)))
    assert missing(of, GIVEN) == [()]


# --- how much is remembered


def test_where_days_lie_does_not_pile_up(asking, missing, monkeypatch):
    for module in (answering, shapes, unknowns):
        monkeypatch.setattr(module, "_MOST", 5)
    order = later(FIRST, SECOND)
    of = asking(lambda s: s[order] is Sequence.SINCE)
    missing(of, *({FIRST: UNKNOWN, SECOND: ON - n * DAY} for n in range(60)))
    assert len(of.answering.shapes._turns) <= 5
    assert len(of.answering._outcomes) <= 5
