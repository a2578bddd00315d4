"""Whether a policy fits the plugins that it names: everything in which it does not is a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from hokensha.errors import Finding
from hokensha.facts import Catalogue, Fact, FactValue
from hokensha.features import Feature, Setting
from hokensha.policy.bound import Bound, Offered
from hokensha.policy.policy import Policy, Terms
from hokensha.policy.strict import shown
from hokensha.rules import (
    Ground,
    Latency,
    Presentation,
    Remedy,
    Return,
    RuleBase,
    Trigger,
    Validity,
)
from hokensha.text import nearest

_MEANT_FOR: dict[str, tuple[type[RuleBase], ...]] = {
    "since": (Ground, Trigger, Remedy, Presentation, Return),
    "through": (Ground, Trigger, Remedy, Presentation, Return),
    "claim": (Ground,),
    "figure": (Validity, Latency),
    "purposes": (Validity,),
    "counts_from": (Latency,),
    **dict.fromkeys(("basis", "due_from", "due_through", "mass", "purpose", "medium", "channel"), (Trigger,)),
    **dict.fromkeys(("as_of", "channel_continuation", "channel_dependent", "form"), (Trigger,)),
    **dict.fromkeys(("form_continuation", "form_dependent"), (Trigger,)),
}
"""Which kinds of rule each key of a policy's terms means something for."""


def misfits(policy: Policy, offered: list[Offered], catalogue: Catalogue) -> Iterator[Finding]:
    """Rules and facts of a policy that nobody declares, and rules of its plugins that it forgets."""
    yield from _unmatched(policy, offered)
    yield from _bases(policy, catalogue)
    yield from _unknown_facts(policy, catalogue)
    yield from _names_taken(policy, catalogue)
    every = (version for versions in policy.figures.values() for version in versions)
    for name in dict.fromkeys(name for version in every for name in version.bands()):
        yield from _conditional(policy, name, ("before", "reached"), "as a band of another figure")


def _unmatched(policy: Policy, offered: list[Offered]) -> Iterator[Finding]:
    """A rule that a plugin offers must be in force or declined: one forgotten looks like nothing to issue."""
    ids = [rule.id for rule, _ in offered]
    for section, names in (("rules", policy.rules), ("declined", policy.declined)):
        for name in names:
            if name not in ids:
                message = f"no plugin of this policy offers this rule{nearest(name, ids)}"
                yield Finding(f"{policy.path}: {section}.{name}", message, "unknown-rule")
    for rule, provider in offered:
        if rule.id in policy.rules and rule.id in policy.declined:
            yield Finding(f"{policy.path}: declined.{rule.id}", "is also in [rules]", "rule-clash")
        elif rule.id not in policy.rules and rule.id not in policy.declined:
            message = f"is offered by plugin {provider}: give it terms here, or a reason under [declined]"
            yield Finding(f"{policy.path}: rules.{rule.id}", message, "rule-not-settled")


def _unknown_facts(policy: Policy, catalogue: Catalogue) -> Iterator[Finding]:
    named: list[tuple[str, str, str | None]] = []
    for name, versions in policy.figures.items():
        for figure in versions:
            named += [(f"figures.{name}.of", figure.of, "day")] if figure.of else []
            named += [(f"figures.{name}.when.{fact}", fact, None) for fact in figure.when]
    for where, fact, kind in named:
        if fact not in catalogue:
            message = f"no such fact{nearest(fact, list(catalogue.facts))}"
            yield Finding(f"{policy.path}: {where}", message, "unknown-fact")
        elif kind and catalogue[fact].kind != kind:
            yield Finding(f"{policy.path}: {where}", f"'{fact}' is no {kind}", "bad-value")
    yield from _unfit_conditions(policy, catalogue)


def _bases(policy: Policy, catalogue: Catalogue) -> Iterator[Finding]:
    """Facts from which latencies count: days that there are."""
    for _, place, terms in policy.terms():
        fact = terms.counts_from
        where = f"{policy.path}: {place}.counts_from"
        if fact is not None and fact not in catalogue:
            yield Finding(where, f"no such fact{nearest(fact, list(catalogue.facts))}", "unknown-fact")
        elif fact is not None and catalogue[fact].kind != "day":
            yield Finding(where, f"'{fact}' is no day", "bad-value")


def _unfit_conditions(policy: Policy, catalogue: Catalogue) -> Iterator[Finding]:
    """Conditions of figures that no fact can meet."""
    for name, versions in policy.figures.items():
        for fact, wanted in versions[0].when.items():  # the same in all versions
            if fact not in catalogue:
                continue
            if catalogue[fact].kind == "day":
                message = f"'{fact}' is a day: 'before' and 'reached' compare days, 'when' compares values"
                yield Finding(f"{policy.path}: figures.{name}.when.{fact}", message, "bad-value")
            elif problem := _wanted(catalogue[fact], wanted):
                yield Finding(f"{policy.path}: figures.{name}.when.{fact}", problem, "bad-value")


def taken_facts(policy: Policy, catalogue: Catalogue) -> Iterator[Finding]:
    """Facts of a policy that one of its plugins, whose ``catalogue`` this is, has already."""
    for fact in policy.facts:
        if fact.id in catalogue:
            message = (
                f"fact '{fact.id}' is one of a plugin of this policy already; rename it, or use that one"
            )
            yield Finding(f"{policy.path}: facts.{fact.id}", message, "fact-clash")


def _names_taken(policy: Policy, catalogue: Catalogue) -> Iterator[Finding]:
    """Figures that bear the name of a dated fact: under that name, the fact's own day is a figure already."""
    for name in policy.figures:
        if name in catalogue and catalogue[name].kind == "day":
            message = f"'{name}' is a dated fact, and so a figure already; rename one of them"
            yield Finding(f"{policy.path}: figures.{name}", message, "fact-clash")


def _wanted(fact: Fact, wanted: FactValue) -> str | None:
    """What is wrong with a value that a condition of a figure wants of a fact."""
    if fact.kind == "boolean":
        fits = isinstance(wanted, bool)
    elif fact.kind == "code":
        fits = wanted in fact.values
    else:
        fits = fact.kind == "text" and isinstance(wanted, str)
    return None if fits else f"expected {fact.expected()}, found {shown(wanted)}"


def misplaced(policy: Policy, bound: Bound[Any]) -> Iterator[Finding]:
    """Terms that mean nothing for a rule's kind, or are missing from it."""
    where = f"{policy.path}: {bound.place}"
    default = Terms(cites=())
    for key, kinds in _MEANT_FOR.items():
        given = getattr(bound.terms, key) != getattr(default, key)
        if given and not isinstance(bound.rule, kinds):
            kind = type(bound.rule).__name__.lower()
            yield Finding(f"{where}.{key}", f"means nothing for a {kind} rule", "misplaced-key")
    if isinstance(bound.rule, Validity | Latency) and bound.terms.figure is None:
        yield Finding(f"{where}.figure", "is missing; expected the name of a figure", "missing-key")
    if isinstance(bound.rule, Ground) and bound.terms.claim is None:
        expected = (
            "expected ex-officio, unstated, application or none: how a certificate comes on this ground"
        )
        yield Finding(f"{where}.claim", f"is missing; {expected}", "missing-key")
    if bound.terms.mass and bound.terms.due_through is None and bound.terms.due_from is None:
        yield Finding(f"{where}.mass", "needs due_from or due_through", "missing-key")
    named = [(key, getattr(bound.terms, key)) for key in ("figure", "due_from", "due_through", "as_of")]
    for key, name in named:
        if name is not None and name not in policy.figures:
            message = f"no figure '{name}'{nearest(name, list(policy.figures))}"
            yield Finding(f"{where}.{key}", message, "unknown-figure")


def banded(policy: Policy, bound: Bound[Any]) -> Iterator[Finding]:
    """Figures that hang on another day, where rules compare days: only what is answered may have bands.

    And figures that hang on anything, where no member is asked about: a latency is the same for everybody.
    """
    for key in ("due_from", "due_through", "as_of"):
        yield from _conditional(
            policy, getattr(bound.terms, key), ("before", "reached"), f"as {key} of a rule"
        )
    if isinstance(bound.rule, Latency):
        keys = ("when", "before", "reached")
        yield from _conditional(
            policy, bound.terms.figure, keys, "as a latency, which is asked without a member"
        )


def _conditional(policy: Policy, name: str | None, keys: tuple[str, ...], where: str) -> Iterator[Finding]:
    ahead, seen = [name] if name else [], set[str]()
    while ahead:
        each = ahead.pop()
        if each in seen:
            continue
        seen.add(each)
        for version in policy.figures.get(each, ()):
            ahead.extend(version.earliest)
            for key in keys:
                if getattr(version, key):
                    message = f"may not have '{key}' {where}"
                    yield Finding(f"{policy.path}: figures.{each}", message, "figure-not-simple")


def settings_of(policy: Policy, features: Iterable[Feature[Any]]) -> tuple[dict[str, Any], list[Finding]]:
    """The value of each setting, and what is wrong with the policy's choices."""
    found: dict[str, Any] = {}
    findings = []
    declared = {f.id: f for f in features if isinstance(f, Setting)}
    for name, text in policy.settings.items():
        values = (
            {v if isinstance(v, bool) else v.value: v for v in declared[name].values}
            if name in declared
            else {}
        )
        if text in values:
            found[name] = values[text]
        else:
            expected = "one of " + ", ".join(map(str, values)) if values else "no setting of that name"
            findings.append(Finding(f"{policy.path}: settings.{name}", f"expected {expected}", "bad-value"))
    unset = declared.keys() - policy.settings.keys()
    findings += [Finding(f"{policy.path}: settings.{name}", "is missing", "missing-key") for name in unset]
    return found, sorted(findings)
