"""Who falls through: in the scheme, with nothing that serves, nothing owed, and no remedy that helps.

That is an answer, and often what the source says; but nobody should learn of it at a counter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

from attrs import frozen

from hokensha.engine import stranded, supposed
from hokensha.features import (
    BOOLEANS,
    DAY_ASKED,
    Composition,
    Derived,
    Feature,
    MemberSituation,
    Order,
    Sequence,
    Situation,
)
from hokensha.policy import Bound, Rulebook
from hokensha.rules import CONSISTENT, IN_SCHEME, Ground, Remedy
from hokensha.text import Label
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
        remedies: Those that apply to the witness, and do not help.
    """

    witness: Witness
    grounds: tuple[str, ...]
    remedies: tuple[str, ...] = ()


def falling_through(rulebook: Rulebook) -> Iterator[Fallen]:
    """Each group of members that falls through, by the grounds that hold, with one of them as a witness.

    Looked for over all situations of consistent facts, from the day on which the policy was published: on the
    days around everything that it dates, and on three days of each month for three years. A group takes in
    members for whom further grounds hold.
    """
    told: list[frozenset[str]] = []
    for on in sorted(day for day in telling_days(rulebook) if day >= rulebook.policy.published):
        while len(told) < MOST_GROUPS:
            falls = _fallen(rulebook, rulebook.in_force(on), tuple(told), stranded(rulebook, on))
            found = witness(rulebook, falls, on)
            if found is None:
                break
            grounds = _holding(rulebook, Ground, found)
            told.append(frozenset(grounds))
            yield Fallen(found, grounds, _holding(rulebook, Remedy, found))


@lru_cache(maxsize=256)
def _fallen(
    rulebook: Rulebook,
    in_force: tuple[Bound[Any], ...],
    told: tuple[frozenset[str], ...],
    gap: Derived[bool],
) -> Derived[bool]:
    """The feature of falling through under some rules, but for the groups that have been told."""
    if told:
        falls = _outside(rulebook, in_force, told, gap)
    else:
        served = _served(gap)
        helps = [_helps(rulebook, bound.rule, served) for bound in in_force if isinstance(bound.rule, Remedy)]
        others = (*helps, *_came_back_at_once(rulebook))
        falls = lambda s: s[gap] and not any(s[each] for each in others) and s[CONSISTENT]  # noqa: E731
    return Derived("falls-through", gap.label, BOOLEANS, falls)


def _served(gap: Feature[bool]) -> Derived[bool]:
    """Whether something serves somebody in the scheme of whom such facts can be, or is owed that will."""
    label = Label("受診手段あり", "has something that serves")
    return Derived("served", label, BOOLEANS, lambda s: s[IN_SCHEME] and not s[gap] and s[CONSISTENT])


def _helps(rulebook: Rulebook, remedy: Remedy, served: Feature[bool]) -> Feature[bool]:
    """Whether a remedy applies, and something serves or is owed once what it asks for has been done."""
    if remedy.elsewhere:
        return remedy.feature
    done = supposed(rulebook, served, frozenset(remedy.brings.items()))
    return Derived(f"helps:{remedy.id}", remedy.label, BOOLEANS, lambda s: s[remedy] and s[done])


def _came_back_at_once(rulebook: Rulebook) -> Iterator[Feature[bool]]:
    """Of each document whether it was issued on the day asked, and is back.

    To who has that done and applies again on the same day, the application counts as answered: days tell no
    more. Who falls through is seen on any other day.
    """
    for document in rulebook.documents.values():
        issued, back = document.issued_on, document.returned_on
        if issued is not None and back is not None:
            order = Order(f"back-at-once:{issued}", document.label, tuple(Sequence), issued, back)
            today = supposed(rulebook, order, frozenset({(back, DAY_ASKED)}))
            test = partial(_is_back, document.at_hand, today)
            yield Derived(f"back-at-once:{document.id}", document.label, BOOLEANS, test)


def _is_back(at_hand: Feature[bool], today: Feature[Any], s: Situation) -> bool:
    return s[today] is Sequence.SINCE and not s[at_hand]


def _outside(
    rulebook: Rulebook,
    in_force: tuple[Bound[Any], ...],
    told: tuple[frozenset[str], ...],
    gap: Derived[bool],
) -> Composition:
    """Outside the last group, of those outside all others: so what was explored for those serves again."""
    *others, group = told
    outside_others = _fallen(rulebook, in_force, tuple(others), gap)
    grounds = {b.rule.id: b.rule.feature for b in in_force if isinstance(b.rule, Ground)}
    return lambda s: not _in_group(s, group, grounds) and s[outside_others]


def _in_group(s: Situation, group: frozenset[str], grounds: Mapping[str, Feature[bool]]) -> bool:
    """Whether all grounds of a group hold; none do, for the group without any.

    A ground that is not in force on the day holds for nobody.
    """
    if not group:
        return not any(s[each] for each in grounds.values())
    return group <= grounds.keys() and all(s[grounds[each]] for each in sorted(group))


def _holding(rulebook: Rulebook, kind: type[Ground | Remedy], found: Witness) -> tuple[str, ...]:
    """The rules of a kind that hold for a witness."""
    situation = MemberSituation(rulebook.vocabulary, found.facts, found.on)
    return tuple(b.rule.id for b in rulebook.rules(kind, found.on) if situation[b.rule.feature])
