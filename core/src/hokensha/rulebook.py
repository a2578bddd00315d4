"""The rulebook: the rules of a policy's plugins, bound to what the policy says of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Generic, TypeVar

from attrs import define, field, frozen

from hokensha.calendars import BusinessCalendar
from hokensha.classify import Atoms
from hokensha.days import Modality
from hokensha.diagram import Diagrams
from hokensha.errors import Finding, PolicyError, QuestionError
from hokensha.facts import Catalogue
from hokensha.features import Feature, Setting
from hokensha.figures import Figure, Figures
from hokensha.plugins import Provided, Provider, load
from hokensha.policy import Policy, Terms
from hokensha.rules import (
    Document,
    Ground,
    Latency,
    Presentation,
    Remedy,
    Return,
    RuleBase,
    Scheme,
    Trigger,
    Validity,
)
from hokensha.situation import Composition, Vocabulary
from hokensha.standard_features import ANY_GROUND, AUTOMATIC_GROUND, CARD_WORKS, IN_SCHEME
from hokensha.strict import shown
from hokensha.structuring import load_policy
from hokensha.text import nearest

R = TypeVar("R", bound=RuleBase)

_MOST_DIGITS = 20

_MEANT_FOR: dict[str, tuple[type[RuleBase], ...]] = {
    "since": (Trigger, Remedy, Presentation, Return),
    "through": (Trigger, Remedy, Presentation, Return),
    "claim": (Ground,),
    "figure": (Validity, Latency),
    **dict.fromkeys(("basis", "due_from", "due_through", "mass", "purpose", "medium", "channel"), (Trigger,)),
    **dict.fromkeys(("channel_continuation", "form", "form_dependent"), (Trigger,)),
}
"""Which kinds of rule each key of a policy's terms means something for."""


@frozen(eq=False)
class Bound(Generic[R]):
    """A rule with its policy's terms, and the plugin it came from."""

    rule: R
    terms: Terms
    provider: Provider


@define(eq=False)
class Rulebook:
    """All that is needed to decide members of one insurer.

    Attributes:
        policy: The policy as written.
        providers: The plugins, in the policy's order.
        bound: Every rule in force, in the policy's order.
        vocabulary: How features come about.
        diagrams: The rules explored; made when first needed.
    """

    policy: Policy
    providers: tuple[Provider, ...]
    bound: tuple[Bound[Any], ...]
    vocabulary: Vocabulary
    diagrams: Diagrams = field(init=False)
    plugins: tuple[tuple[str, str], ...] = field(init=False)
    """Name and version of each plugin, as decisions state them."""
    cache: dict[object, Any] = field(factory=dict, init=False)
    """What other modules keep with the rulebook, under keys of their own."""

    def __attrs_post_init__(self) -> None:
        self.diagrams = Diagrams(self.vocabulary)
        self.plugins = tuple((provider.name, provider.version) for provider in self.providers)

    @property
    def catalogue(self) -> Catalogue:
        """The facts that members of this insurer may have."""
        return self.vocabulary.atoms.catalogue

    @property
    def figures(self) -> Figures:
        """The policy's figures, and each dated fact under its own name."""
        return self.vocabulary.atoms.figures

    def rules(self, kind: type[R], on: date | None = None) -> tuple[Bound[R], ...]:
        """The rules of a kind in the policy's order: all, or those in force on a day."""
        return tuple(b for b in self.bound if type(b.rule) is kind and (on is None or b.terms.in_force(on)))

    def validity(self, document: Document, purpose: str) -> Bound[Validity] | None:
        """The rule that says until when a document is valid for a purpose, if the policy has one."""
        for bound in self.rules(Validity):
            if bound.rule.document is document and bound.rule.purpose == purpose:
                return bound
        return None

    def latency(self, process: str) -> Bound[Latency]:
        """The rule that says how long a process takes.

        Raises:
            QuestionError: The policy knows no such process; names those it knows.
        """
        known = {bound.rule.process: bound for bound in self.rules(Latency)}
        if process not in known:
            names = ", ".join(known) or "none"
            message = f"no process '{process}'{nearest(process, list(known))}; this policy knows: {names}"
            raise QuestionError(Finding(self.policy.path, message, "unknown-process"))
        return known[process]


def open_rulebook(path: str) -> Rulebook:
    """Load a policy and the plugins that it names, and bind them.

    Raises:
        PolicyError: The policy is at fault, or does not fit its plugins.
        PluginError: A plugin that it names is missing or broken.
    """
    policy = load_policy(path)
    return bind(policy, load(policy.plugins))


def bind(policy: Policy, provided: Iterable[Provided]) -> Rulebook:
    """The rulebook of a policy and of what its plugins provide.

    Raises:
        PolicyError: Everything in which the policy does not fit the plugins.
    """
    provided = tuple(provided)
    offered = [(rule, p.provider) for p in provided for rule in p.rules]
    catalogue = Catalogue().extended(f for p in provided for part in p.features for f in part.facts)
    features = tuple(f for p in provided for part in p.features for f in part.features)
    findings = [*_unmatched(policy, offered), *_unknown_facts(policy, catalogue), *_digits(policy, catalogue)]
    bound = _bound(policy, offered)
    for each in bound:
        findings.extend(_misplaced(policy, each))
    settings, problems = _settings(policy, features)
    findings.extend(problems)
    if findings:
        raise PolicyError(findings)
    vocabulary = Vocabulary(Atoms(catalogue, _figures(policy, catalogue)), settings, _of_policy(bound))
    return Rulebook(policy, tuple(p.provider for p in provided), bound, vocabulary)


def _bound(policy: Policy, offered: list[tuple[Any, Provider]]) -> tuple[Bound[Any], ...]:
    by_id = {rule.id: (rule, provider) for rule, provider in offered}
    return tuple(
        Bound(by_id[rule_id][0], terms, by_id[rule_id][1])
        for rule_id, terms in policy.rules.items()
        if rule_id in by_id
    )


def _unmatched(policy: Policy, offered: list[tuple[Any, Provider]]) -> Iterator[Finding]:
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
    named: list[tuple[str, str, str | None]] = [
        (f"roll.columns.{fact}", fact, None) for fact in policy.roll.columns
    ]
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


def _digits(policy: Policy, catalogue: Catalogue) -> Iterator[Finding]:
    """Columns of a roll for which a number of digits means nothing, or cannot be."""
    for fact, column in policy.roll.columns.items():
        where = f"{policy.path}: roll.columns.{fact}.digits"
        if column.digits is None:
            continue
        if not 1 <= column.digits <= _MOST_DIGITS:
            message = f"expected 1 to {_MOST_DIGITS}, found {shown(column.digits)}"
            yield Finding(where, message, "bad-value")
        if fact in catalogue and catalogue[fact].kind != "text":
            yield Finding(where, f"means nothing here: '{fact}' is no text", "bad-value")
        if column.values:
            yield Finding(where, "means nothing beside values", "bad-value")


def _misplaced(policy: Policy, bound: Bound[Any]) -> Iterator[Finding]:
    """Terms that mean nothing for a rule's kind, or are missing from it."""
    where = f"{policy.path}: rules.{bound.rule.id}"
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
    for key in ("figure", "due_from", "due_through"):
        name = getattr(bound.terms, key)
        if name is not None and name not in policy.figures:
            message = f"no figure '{name}'{nearest(name, list(policy.figures))}"
            yield Finding(f"{where}.{key}", message, "unknown-figure")


def _settings(policy: Policy, features: Iterable[Feature[Any]]) -> tuple[dict[str, Any], list[Finding]]:
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


def _figures(policy: Policy, catalogue: Catalogue) -> Figures:
    calendar = BusinessCalendar(
        policy.insurer.name,
        frozenset((int(day[:2]), int(day[3:])) for day in policy.calendar.yearly),
        frozenset(policy.calendar.dates),
    )
    own = {f.id: (Figure(Modality.EXACT, of=f.id),) for f in catalogue.facts.values() if f.kind == "day"}
    return Figures({**own, **policy.figures}, calendar.add)


def _of_policy(bound: tuple[Bound[Any], ...]) -> Mapping[Feature[Any], Composition]:
    schemes = [b.rule.feature for b in bound if isinstance(b.rule, Scheme)]
    grounds = [(b.rule.feature, b.terms.claim) for b in bound if isinstance(b.rule, Ground)]
    automatic = [feature for feature, claim in grounds if claim in ("ex-officio", "unstated")]
    claimed = [feature for feature, claim in grounds if claim != "none"]

    def every(features: list[Any]) -> Composition:
        return lambda s: all(s[feature] for feature in features)

    def some(features: list[Any]) -> Composition:
        return lambda s: any(s[feature] for feature in features)

    against = some([b.rule.feature for b in bound if isinstance(b.rule, Ground) and b.rule.unusable])
    return {
        IN_SCHEME: every(schemes),
        AUTOMATIC_GROUND: some(automatic),
        ANY_GROUND: some(claimed),
        CARD_WORKS: lambda s: s[IN_SCHEME] and not against(s),
    }
