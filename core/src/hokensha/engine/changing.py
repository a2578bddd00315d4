"""Of whom the questions of a policy may be answered otherwise on one day than on another.

Between two runs little happens: a certificate ends, somebody turns 75. Whose facts all are seen as before is
answered as before, and needs not be asked again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeAlias, cast

from attrs import frozen

from hokensha.engine.answering import Answering
from hokensha.features import Order, Steps
from hokensha.partial import Node, Variable, seen_on, variables

Stretch: TypeAlias = tuple[date, date]
"""The first and the last of days that follow each other."""
_DAY = timedelta(days=1)


@frozen
class Changing:
    """What is seen otherwise on one day than on another.

    Attributes:
        days: For each fact the days of it.
        unknown: The facts that, where they are not known, may leave something else open.
    """

    days: Mapping[str, tuple[Stretch, ...]]
    unknown: frozenset[str]


def changing(before: Answering, after: Answering) -> Changing | None:
    """What is seen otherwise on one day than on another; none if that may be anything.

    What lasts (:meth:`~hokensha.engine.Met.lasts`) on the one is so on the other as well, for members of whom
    nothing is seen otherwise.
    """
    roots = [tuple(answering.shapes.roots.items()) for answering in (before, after)]
    if roots[0] != roots[1] or before.shapes.ways is None or after.shapes.ways is None:
        return None
    days: dict[str, dict[Stretch, None]] = {}
    for variable in _asked(tuple(root for _, root in roots[0])):
        stretches = _seen_otherwise(variable, before, after)
        if stretches is None:
            return None
        for fact, stretch in stretches:
            days.setdefault(fact, {})[stretch] = None
    unknown = (fact for fact, ways in before.shapes.ways.of.items() if ways != after.shapes.ways.of[fact])
    return Changing({fact: tuple(each) for fact, each in days.items()}, frozenset(unknown))


@lru_cache(maxsize=8)
def _asked(roots: tuple[Node, ...]) -> tuple[Variable, ...]:
    return tuple(variables(roots))


def _seen_otherwise(
    variable: Variable, before: Answering, after: Answering
) -> list[tuple[str, Stretch]] | None:
    """The days of its facts for which a question may be answered otherwise; none if that may be so of all."""
    vocabulary = before.rulebook.vocabulary
    first, last = sorted(seen_on(vocabulary, variable, each.on) for each in (before, after))
    if first == last:
        return []
    if len(variable.facts) == 2:
        return _between(variable, before, first, last)
    (fact,) = variable.facts
    if vocabulary.atoms.catalogue[fact].kind != "day":  # that is seen alike on all days
        return []
    one, other = (cast("Steps", vocabulary.atoms.classifier(variable.feature, day)) for day in (first, last))
    if one.none != other.none:
        return None
    return [(fact, stretch) for stretch in _apart(one, other)]


def _between(
    order: Variable, answering: Answering, first: date, last: date
) -> list[tuple[str, Stretch]] | None:
    """The days of two compared facts that have come by the last day, and had not by the first."""
    vocabulary, feature = answering.rulebook.vocabulary, cast("Order", order.feature)
    periods = [version.period for version in vocabulary.atoms.figures[feature.since] if version.period]
    if any(p.by == "asked" and p.holds(first, first) is not p.holds(last, last) for p in periods):
        return None
    coming = (fact for fact in order.facts if not vocabulary.atoms.catalogue[fact].planned)
    return [(fact, (first + _DAY, last)) for fact in coming]


def _apart(one: Steps, other: Steps) -> Iterator[Stretch]:
    """The days for which two step functions have other values."""
    starts = (date.min, *sorted({*one.cuts, *other.cuts}))
    ends = (*(start - _DAY for start in starts[1:]), date.max)
    for start, end in zip(starts, ends, strict=True):
        if one(start) != other(start):
            yield start, end
