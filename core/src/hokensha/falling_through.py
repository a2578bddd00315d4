"""Who falls through: in the scheme, with nothing that serves, nothing owed, and no remedy declared.

That is an answer, and often what the source says; but nobody should learn of it at a counter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from attrs import frozen

from hokensha.bound import Bound
from hokensha.consistent import CONSISTENT
from hokensha.deciding import answer_part
from hokensha.facts import Member
from hokensha.features import BOOLEANS, Derived, Feature
from hokensha.owed import owed
from hokensha.parts import one_question
from hokensha.reaching import Reach
from hokensha.rulebook import Rulebook
from hokensha.rules import At, Document, Ground, Presentation, Remedy, Trigger
from hokensha.situation import Composition, MemberSituation, Situation
from hokensha.standard_features import CARD_WORKS, IN_SCHEME, VALID_CERTIFICATE, VALID_OLD_CARD
from hokensha.text import Label
from hokensha.witnesses import Witness, witness

MOST_GROUPS = 12
"""So many different groups of members are shown at most."""
_SERVE = (Document.CERTIFICATE, Document.HEALTH_INSURANCE_CARD)
"""What is issued and serves by itself; a notice never does."""


@frozen
class Fallen:
    """A group of members that falls through.

    Attributes:
        witness: One of them, on the first of the days looked at on which there is one.
        grounds: The grounds on which the card cannot be relied on: what the group has in common.
    """

    witness: Witness
    grounds: tuple[str, ...]


def stranded(rulebook: Rulebook, on: date) -> Derived[bool]:
    """The feature that a member is in the scheme, has nothing that serves, and is owed nothing that would.

    What serves is what the policy says is shown where there is a reader, but for what may be refused there;
    where a policy says nothing of that: the card, a certificate, an old card.
    """
    key = ("stranded", *(bound.terms.in_force(on) for bound in rulebook.bound))
    if key not in rulebook.cache:
        rulebook.cache[key] = _stranded(rulebook, on)
    feature: Derived[bool] = rulebook.cache[key]
    return feature


def _stranded(rulebook: Rulebook, on: date) -> Derived[bool]:
    shown: tuple[Feature[bool], ...] = tuple(
        b.rule.feature
        for b in rulebook.rules(Presentation, on)
        if At.EQUIPPED in b.rule.at and not b.rule.uncertain
    )
    serving = shown or (CARD_WORKS, VALID_CERTIFICATE, VALID_OLD_CARD)
    issued = [owed(rulebook, b) for b in rulebook.rules(Trigger, on) if b.rule.document in _SERVE]

    def is_stranded(s: Situation) -> bool:
        return s[IN_SCHEME] and not any(s[each] for each in serving) and not any(s[each] for each in issued)

    return Derived("stranded", Label("受診手段なし", "has nothing that serves"), BOOLEANS, is_stranded)


@frozen
class Advice:
    """What a member for whom nothing serves, and to whom nothing is owed, has to do first.

    Attributes:
        needed: Whether it is so; none if the facts do not suffice to tell.
        remedies: The remedies that hold for certain; none may be, which is for the insurer to know.
        missing: Unknown facts on which it hangs.
    """

    needed: bool | None
    remedies: tuple[Bound[Remedy], ...]
    missing: tuple[str, ...]


def advice(rulebook: Rulebook, member: Member, on: date) -> Advice:
    """What a member has to do first, if there is nothing else.

    Raises:
        PluginError: A rule raised; the message names it and its plugin.
    """
    gap = one_question("stranded", "", stranded(rulebook, on), always=True)
    needed, missing = answer_part(rulebook, gap, member, on)
    lacking = set(missing)
    remedies: list[Bound[Remedy]] = []
    for bound, told in advising(rulebook, on) if needed is not False else ():
        holds, missing = answer_part(rulebook, one_question("remedy", bound.rule.id, told), member, on)
        remedies += [bound] if holds else []
        lacking.update(missing)
    return Advice(needed, tuple(remedies), tuple(f for f in rulebook.catalogue.facts if f in lacking))


def advising(rulebook: Rulebook, on: date) -> tuple[tuple[Bound[Remedy], Feature[bool]], ...]:
    """The remedies in force on a day, each with the feature that it is called for: there is nothing else."""
    nothing = stranded(rulebook, on)
    key = ("advising", nothing)
    if key not in rulebook.cache:
        remedies = rulebook.rules(Remedy, on)
        rulebook.cache[key] = tuple((bound, _both(nothing, bound.rule.feature)) for bound in remedies)
    found: tuple[tuple[Bound[Remedy], Feature[bool]], ...] = rulebook.cache[key]
    return found


def _both(one: Feature[bool], other: Feature[bool]) -> Feature[bool]:
    return Derived(f"advises:{other.id}", other.label, BOOLEANS, lambda s: s[one] and s[other])


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
