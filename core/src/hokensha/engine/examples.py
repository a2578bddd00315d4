"""Made-up members: from a situation key back to somebody who has it, so that keys alone can be decided.

Whoever counts keys where the data are hands over no member. What a key does not say of its members does not
count, so anybody with that key will do: a day in each class, such that all orders come out right.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise, product
from types import MappingProxyType
from typing import Final, TypeAlias

from hokensha.engine.keys import BEFORE, SINCE, Axis, Keys, OrderAxis
from hokensha.engine.unknowns import NEAR
from hokensha.errors import Finding, HokenshaError
from hokensha.facts import FactValue, Member

Span: TypeAlias = tuple[date, date]
"""The first and the last of some days."""
Among: TypeAlias = Mapping[str, Span]
NOWHERE: Final[Among] = MappingProxyType({})
_ALL: Final = (date.min, date.max)
_ROUNDS: Final = 1000


def example(keys: Keys, key: int, among: Among = NOWHERE) -> Member:
    """A made-up member with a key.

    Args:
        keys: The keys.
        key: One of them.
        among: For some dated facts, the first and the last of the days that may be taken.

    Raises:
        HokenshaError: No member has that key, and such days.
    """
    *digits, beyond = keys.digits(key)
    axes, places = keys.axes, digits[: len(keys.axes)]
    orders = list(zip(keys.orders, digits[len(axes) :], strict=True))
    facts = {
        axis.fact: _value(axis, place)
        for axis, place in zip(axes, places, strict=True)
        if place != axis.classes + 1 and not (axis.dated and place < axis.classes)
    }
    classes = {
        axis.fact: _class(axis, place)
        for axis, place in zip(axes, places, strict=True)
        if axis.dated and place < axis.classes
    }
    for within in (NEAR, _ALL):  # days that lie near to where all days end are the last to be taken
        spans = {fact: _common(span, among.get(fact, within)) for fact, span in classes.items()}
        for days in _least(spans, orders):
            if not beyond and keys.key({**facts, **days}) == key:
                return Member("example", {**facts, **days})
    message = "no member has this key; was it computed for another day, or by another policy?"
    raise HokenshaError(Finding(f"key {key}", message, "no-such-key"))


def _value(axis: Axis, place: int) -> FactValue:
    if place == axis.classes:
        return None
    if place < axis.classes:
        return axis.values[place]
    # Which other text it is, no rule sees.
    return max(("text", *map(str, axis.values)), key=len) + "-"


def _class(axis: Axis, place: int) -> Span:
    starts, ends = (date.min, *axis.cuts), (*axis.cuts, None)
    end = ends[place]
    return starts[place], date.max if end is None else date.fromordinal(end.toordinal() - 1)


def _common(one: Span, other: Span) -> Span:
    return max(one[0], other[0]), min(one[1], other[1])


def _least(spans: Among, orders: list[tuple[OrderAxis, int]]) -> Iterator[Mapping[str, date]]:
    """The earliest days within the spans that compare as the digits say, for each stretch of the bases."""
    compared = [(order, digit) for order, digit in orders if digit]
    if any(first > last for first, last in spans.values()):
        return
    if any(fact not in spans for order, _ in compared for fact in (order.fact, order.base)):
        return
    bases = sorted({order.base for order, _ in compared})
    breaks = {
        base: {day for order, _ in compared if order.base == base for day in order.breaks} for base in bases
    }
    for chosen in product(*(_stretches(spans[base], days) for base, days in breaks.items())):
        days = _risen({**spans, **dict(zip(breaks, chosen, strict=True))}, compared)
        if days is not None:
            yield days


def _stretches(span: Span, breaks: set[date]) -> list[Span]:
    """What the breaks make of a span."""
    first, last = span
    starts = [first, *sorted(day for day in breaks if first < day <= last)]
    ends = [date.fromordinal(later.toordinal() - 1) for _, later in pairwise(starts)]
    return list(zip(starts, (*ends, last), strict=True))


def _risen(spans: Among, compared: list[tuple[OrderAxis, int]]) -> Mapping[str, date] | None:
    """The earliest days, if there are any.

    Each order bounds one of its two days from below, and the bound rises with the other day: so days that
    rise from the first ones on, no further than they must, miss no solution.
    """
    days = {fact: first for fact, (first, _) in spans.items()}
    for _ in range(_ROUNDS):
        risen = False
        for order, digit in compared:
            fact, least = _bound(order, digit, days, spans)
            if least is None or least > spans[fact][1]:
                return None
            if least > days[fact]:
                days[fact] = least
                risen = True
        if not risen:
            return days
    return None


def _bound(order: OrderAxis, digit: int, days: Mapping[str, date], spans: Among) -> tuple[str, date | None]:
    """Which of an order's days is bounded, and its earliest day for the other one; none if there is none."""
    if digit == SINCE:
        return order.fact, order.since(days[order.base])
    assert digit == BEFORE  # noqa: S101 - there is no other digit
    fact, (_, last) = days[order.fact], spans[order.base]

    def later(ordinal: int) -> bool:
        since = order.since(date.fromordinal(ordinal))
        return since is not None and since > fact

    ordinals = range(days[order.base].toordinal(), last.toordinal() + 1)
    place = bisect_right(ordinals, False, key=later)  # noqa: FBT003 - the key that is looked for
    return order.base, date.fromordinal(ordinals[place]) if place < len(ordinals) else None
