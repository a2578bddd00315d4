"""Who falls through: in the scheme, with nothing that serves, nothing owed, and no remedy declared.

That is an answer, and often what the source says; but nobody should learn of it at a counter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from attrs import frozen

from hokensha.engine import stranded
from hokensha.features import BOOLEANS, Composition, Derived, Feature, MemberSituation, Situation
from hokensha.policy import Bound, Rulebook
from hokensha.rules import CONSISTENT, Ground, Remedy
from hokensha_verify.days import telling_days
from hokensha_verify.witnesses import Witness, witness

MOST_GROUPS = 12
"""So many different groups of members are shown at most."""


@frozen
class Fallen:
    """A group of members that falls through.

    Attributes:
        witness: One of them, on the first of the days looked at on which there is one.
        grounds: The grounds on which the card cannot be relied on: what the group has in common.
    """

    witness: Witness
    grounds: tuple[str, ...]


def falling_through(rulebook: Rulebook) -> Iterator[Fallen]:
    """Each group of members that falls through, by the grounds that hold, with one of them as a witness.

    Looked for over all situations of consistent facts, from the day on which the policy was published: on the
    days around everything that it dates, and on three days of each month for three years. A group takes in
    members for whom further grounds hold.
    """
    told: list[frozenset[str]] = []
    for on in sorted(day for day in telling_days(rulebook) if day >= rulebook.policy.published):
        while len(told) < MOST_GROUPS:
            falls = _fallen(rulebook.in_force(on), tuple(told), stranded(rulebook, on))
            found = witness(rulebook, falls, on)
            if found is None:
                break
            grounds = _grounds(rulebook, found)
            told.append(frozenset(grounds))
            yield Fallen(found, grounds)


@lru_cache(maxsize=256)
def _fallen(
    in_force: tuple[Bound[Any], ...], told: tuple[frozenset[str], ...], gap: Feature[bool]
) -> Derived[bool]:
    """The feature of falling through under some rules, but for the groups that have been told."""
    if told:
        falls = _outside(in_force, told, gap)
    else:
        remedies = [bound.rule.feature for bound in in_force if isinstance(bound.rule, Remedy)]
        falls = lambda s: s[gap] and not any(s[each] for each in remedies) and s[CONSISTENT]  # noqa: E731
    return Derived("falls-through", gap.label, BOOLEANS, falls)


def _outside(
    in_force: tuple[Bound[Any], ...], told: tuple[frozenset[str], ...], gap: Feature[bool]
) -> Composition:
    """Outside the last group, of those outside all others: so what was explored for those serves again."""
    *others, group = told
    outside_others = _fallen(in_force, tuple(others), gap)
    grounds = {b.rule.id: b.rule.feature for b in in_force if isinstance(b.rule, Ground)}
    return lambda s: s[outside_others] and not _in_group(s, group, grounds)


def _in_group(s: Situation, group: frozenset[str], grounds: Mapping[str, Feature[bool]]) -> bool:
    """Whether all grounds of a group hold; none do, for the group without any.

    A ground that is not in force on the day holds for nobody.
    """
    if not group:
        return not any(s[each] for each in grounds.values())
    return group <= grounds.keys() and all(s[grounds[each]] for each in sorted(group))


def _grounds(rulebook: Rulebook, found: Witness) -> tuple[str, ...]:
    situation = MemberSituation(rulebook.vocabulary, found.facts, found.on)
    grounds = rulebook.rules(Ground, found.on)
    return tuple(bound.rule.id for bound in grounds if situation[bound.rule.feature])
