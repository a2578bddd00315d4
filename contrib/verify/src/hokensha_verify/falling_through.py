"""Who falls through: in the scheme, with nothing that serves, nothing owed, and no remedy declared.

That is an answer, and often what the source says; but nobody should learn of it at a counter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from attrs import frozen

from hokensha.features import BOOLEANS, Composition, Derived, Feature, MemberSituation, Situation
from hokensha.policy import Rulebook
from hokensha.rules import CONSISTENT, Ground, Remedy
from hokensha_verify.reaching import Reach
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
    for on in sorted(day for day in Reach.of(rulebook).days if day >= rulebook.policy.published):
        while len(told) < MOST_GROUPS:
            found = witness(rulebook, _fallen(rulebook, on, tuple(told)), on)
            if found is None:
                break
            grounds = _grounds(rulebook, found)
            told.append(frozenset(grounds))
            yield Fallen(found, grounds)


def _fallen(rulebook: Rulebook, on: date, told: tuple[frozenset[str], ...]) -> Derived[bool]:
    """The feature of falling through on a day, but for the groups that have been told."""
    gap = stranded(rulebook, on)
    key = ("fallen", gap, told)
    if key not in rulebook.cache:
        falls = _outside(rulebook, on, told) if told else _falls(rulebook, on)
        rulebook.cache[key] = Derived("falls-through", gap.label, BOOLEANS, falls)
    feature: Derived[bool] = rulebook.cache[key]
    return feature


def _falls(rulebook: Rulebook, on: date) -> Composition:
    gap = stranded(rulebook, on)
    remedies = [bound.rule.feature for bound in rulebook.rules(Remedy, on)]
    return lambda s: s[gap] and not any(s[remedy] for remedy in remedies) and s[CONSISTENT]


def _outside(rulebook: Rulebook, on: date, told: tuple[frozenset[str], ...]) -> Composition:
    """Outside the last group, of those outside all others: so what was explored for those serves again."""
    *others, group = told
    outside_others = _fallen(rulebook, on, tuple(others))
    grounds = {bound.rule.id: bound.rule.feature for bound in rulebook.rules(Ground, on)}
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
