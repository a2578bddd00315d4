"""A ground that a policy declines is declined for whoever reads it, a rule as much as the policy itself.

Each ground of every policy is declined in turn. Of members all of whose facts are known the policy then says
what it would say if the ground were in force, and applied to nobody. An unknown fact is missing where that
hangs on it, and nowhere else. Columns say the same of all these members at once.
"""

import json
import random
from datetime import date, timedelta
from functools import cache

import pytest
from attrs import evolve
from each_and_all import in_a_row, of_all
from every_policy import POLICIES, path_of

from hokensha.engine import advice, decided, one_question, refused
from hokensha.facts import Member, parse_member
from hokensha.features import MemberSituation
from hokensha.plugins import load_plugins
from hokensha.policy import bind, open_rulebook
from hokensha.rules import Ground
from hokensha_roll import Engine

DAYS = (date(2025, 7, 15), date(2025, 10, 15), date(2026, 11, 21))
DAY = timedelta(days=1)
HOLDING, OTHERS = 4, 2
"""So many members to whom the ground applies, and to whom it does not, are asked about."""


@cache
def rulebook_of(policy):
    return open_rulebook(str(path_of(policy)))


@cache
def provided_for(policy):
    return load_plugins(rulebook_of(policy).policy.plugins)


@cache
def grounds_of(policy):
    return tuple(dict.fromkeys(bound.rule for bound in rulebook_of(policy).rules(Ground)))


def declining(policy, ground):
    """The policy's rulebook, but for that ground."""
    written = rulebook_of(policy).policy
    rules = {name: terms for name, terms in written.rules.items() if name != ground.id}
    declined = {**written.declined, ground.id: "the insurer has no such ground"}
    return bind(evolve(written, rules=rules, declined=declined), provided_for(policy))


def never_applying(policy, ground):
    """The policy's rulebook, that ground applying to nobody."""
    never = evolve(ground, test=lambda _: False)
    provided = [
        evolve(each, rules=tuple(never if rule is ground else rule for rule in each.rules))
        for each in provided_for(policy)
    ]
    return bind(rulebook_of(policy).policy, provided)


@cache
def turns_of(policy, on):
    """For each dated fact the days at which something turns that a decision asks."""
    axes = Engine(rulebook_of(policy), on).answering.keys.axes
    return {axis.fact: {on, *axis.cuts} for axis in axes if axis.dated}


def values_of(policy, ground, on):
    """For each fact that the ground reads what it may say; of days those near to where something turns."""
    rulebook = rulebook_of(policy)
    values = {}
    for fact in sorted(one_question(rulebook, "ground", ground.id, ground.holds).diagram().support):
        kind = rulebook.catalogue[fact]
        if kind.kind == "day":
            values[fact] = [*([None] if kind.nullable else []), *beside(turns_of(policy, on).get(fact, {on}))]
        else:
            values[fact] = [False, True] if kind.kind == "boolean" else list(kind.values)
    return values


def beside(days):
    return sorted({day + shift * DAY for day in days for shift in (-1, 0, 1)})


def members_of(policy, ground, values, on):
    """Members to whom the ground applies, and others: the example's, changed in what it reads."""
    rulebook, draw = rulebook_of(policy), random.Random(f"{policy} {ground.id}")
    raw = json.loads(path_of(policy).with_name("members.json").read_text(encoding="utf-8"))
    usual = [dict(parse_member(each, rulebook.catalogue).facts) for each in raw]
    found = {True: [], False: []}
    for _ in range(400):
        facts = dict(draw.choice(usual))
        changed = draw.sample(sorted(values), draw.randint(1, len(values)))
        facts.update((fact, draw.choice(values[fact])) for fact in changed)
        found[MemberSituation(rulebook.vocabulary, facts, on)[ground.holds]].append(Member("m", facts))
    return found[True][:HOLDING], found[False][:OTHERS]


def lacking(member, fact):
    return Member(member.id, {key: value for key, value in member.facts.items() if key != fact})


def completions(member, fact, values):
    """The member with that fact as it may be: beside its other days, too, with which it may be compared."""
    if any(isinstance(value, date) for value in values):
        others = [value for other, value in member.facts.items() if other != fact and isinstance(value, date)]
        values = dict.fromkeys([*values, *beside(others)])
    return [Member("m", {**member.facts, fact: value}) for value in values]


def remedies(rulebook, member, on):
    said = advice(rulebook, member, on)
    return said.needed, [bound.rule.id for bound in said.remedies], said.missing


def answer(decision):
    return (
        decision.in_scheme,
        decision.usable,
        decision.card_valid_until,
        decision.grounds,
        decision.issuances,
        decision.returns,
        decision.documents,
    )


@pytest.mark.parametrize("policy", POLICIES)
def test_whoever_reads_a_declined_ground_reads_that_it_never_holds(policy):
    changes = 0
    for number, ground in enumerate(grounds_of(policy)):
        on = DAYS[number % len(DAYS)]
        values = values_of(policy, ground, on)
        holding, others = members_of(policy, ground, values, on)
        assert (len(holding), len(others)) == (HOLDING, OTHERS), ground.id
        declined, never = declining(policy, ground), never_applying(policy, ground)

        known = [*holding, *others]
        decisions = [decided(declined, member, on) for member in known]
        assert decisions == [decided(never, member, on) for member in known], ground.id
        for member in (one for one in known if not refused(declined, one, on)):
            assert remedies(declined, member, on) == remedies(never, member, on), ground.id
        changes += decisions != [decided(rulebook_of(policy), member, on) for member in known]

        unknown = [(member, fact) for member in (holding[0], others[0]) for fact in values]
        for member, fact in unknown:
            decision = decided(declined, lacking(member, fact), on)
            decisions.append(decision)
            said = [answer(decided(never, one, on)) for one in completions(member, fact, values[fact])]
            assert decision.missing == ((fact,) if len({*said}) > 1 else ()), (ground.id, fact)
            assert decision.missing or answer(decision) == said[0], (ground.id, fact)

        members = [*known, *(lacking(member, fact) for member, fact in unknown)]
        of_each = [([*map(in_a_row, each.issuances)], list(each.returns), each.missing) for each in decisions]
        assert of_each == of_all(Engine(declined, on), members), ground.id
    assert changes
