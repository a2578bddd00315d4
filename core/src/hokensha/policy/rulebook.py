"""The rulebook: the rules of a policy's plugins, bound to what the policy says of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from attrs import define, field

from hokensha.dates import BusinessCalendar, Figure, Figures, Modality, On
from hokensha.errors import Finding, PolicyError, QuestionError
from hokensha.facts import Catalogue
from hokensha.features import BOOLEANS, Atoms, Composition, Feature, Reached, Vocabulary, Within
from hokensha.partial import Diagrams
from hokensha.plugins import Provided, Provider, load_plugins
from hokensha.policy.bound import Bound, bound_rules
from hokensha.policy.fitting import banded, misfits, misplaced, settings_of, taken_facts
from hokensha.policy.policy import Policy, Terms
from hokensha.policy.reading import load_policy
from hokensha.rules import (
    ANY_GROUND,
    AUTOMATIC_GROUND,
    CARD_WORKS,
    CONSISTENT,
    IN_SCHEME,
    Document,
    Ground,
    Latency,
    RuleBase,
    Scheme,
    Tested,
    Validity,
)
from hokensha.text import Label, nearest

R = TypeVar("R", bound=RuleBase)


@define(eq=False)
class Rulebook:
    """All that is needed to decide members of one insurer.

    Attributes:
        policy: The policy as written.
        providers: The plugins, in the policy's order.
        bound: Every rule in force, in the policy's order.
        vocabulary: How features come about.
        documents: What is issued, shown or given back, by id.
        groups: Members for whom channels and forms may differ, by name: a fact, and its value.
        diagrams: The rules explored; made when first needed.
    """

    policy: Policy
    providers: tuple[Provider, ...]
    bound: tuple[Bound[Any], ...]
    vocabulary: Vocabulary
    documents: Mapping[str, Document]
    groups: Mapping[str, tuple[str, str | bool]]
    diagrams: Diagrams = field(init=False)
    plugins: tuple[tuple[str, str], ...] = field(init=False)
    """Name and version of each plugin, as decisions state them."""

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

    def in_force(self, on: date) -> tuple[Bound[Any], ...]:
        """The rules in force on a day, in the policy's order."""
        return tuple(bound for bound in self.bound if bound.terms.in_force(on))

    def rules(self, kind: type[R], on: date | None = None) -> tuple[Bound[R], ...]:
        """The rules of a kind in the policy's order: all, or those in force on a day."""
        return tuple(b for b in self.bound if type(b.rule) is kind and (on is None or b.terms.in_force(on)))

    def document(self, id_: str) -> Document:
        """A document by its id.

        Raises:
            QuestionError: The plugins of this policy declare no such document; names those that they do.
        """
        if id_ not in self.documents:
            names = ", ".join(self.documents) or "none"
            message = f"no document '{id_}'{nearest(id_, list(self.documents))}; this policy knows: {names}"
            raise QuestionError(Finding(self.policy.path, message, "unknown-document"))
        return self.documents[id_]

    @property
    def relied_on(self) -> Document | None:
        """The document against which grounds are grounds: the card; none if no plugin declares one."""
        return next((document for document in self.documents.values() if document.relied_on), None)

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
    return bind(policy, load_plugins(policy.plugins))


def bind(policy: Policy, provided: Iterable[Provided]) -> Rulebook:
    """The rulebook of a policy and of what its plugins provide.

    Raises:
        PolicyError: Everything in which the policy does not fit the plugins.
    """
    provided = tuple(provided)
    parts = [part for each in provided for part in each.features]
    offered = [(rule, p.provider) for p in provided for rule in p.rules]
    of_plugins = Catalogue().extended(fact for part in parts for fact in part.facts)
    catalogue = of_plugins.extended(policy.facts)
    features = tuple(feature for part in parts for feature in part.features)
    findings = [*taken_facts(policy, of_plugins), *misfits(policy, offered, catalogue)]
    bound = bound_rules(policy, offered)
    for each in bound:
        findings += [*misplaced(policy, each), *banded(policy, each)]
    settings, problems = settings_of(policy, features)
    findings.extend(problems)
    if findings:
        raise PolicyError(findings)
    contradictions = dict.fromkeys(feature for part in parts for feature in part.contradictions)
    vocabulary = Vocabulary(
        Atoms(catalogue, _figures(policy, catalogue)),
        settings,
        {**_of_policy(bound), CONSISTENT: lambda s: not any(s[feature] for feature in contradictions)},
        _readings(bound, provided),
    )
    documents = {document.id: document for part in parts for document in part.documents}
    groups = {name: group for part in parts for name, group in part.groups.items()}
    return Rulebook(policy, tuple(p.provider for p in provided), bound, vocabulary, documents, groups)


def _figures(policy: Policy, catalogue: Catalogue) -> Figures:
    calendar = BusinessCalendar(
        policy.insurer.name,
        frozenset((int(day[:2]), int(day[3:])) for day in policy.calendar.yearly),
        frozenset(policy.calendar.dates),
    )
    own = {f.id: (Figure(Modality.EXACT, of=f.id),) for f in catalogue.facts.values() if f.kind == "day"}
    borders = {day for *_, terms in policy.terms() for day in (terms.since, terms.through) if day}
    days = {_day(day): (Figure(Modality.EXACT, rule=(On(day),)),) for day in sorted(borders)}
    return Figures({**own, **days, **policy.figures}, calendar.add)


def _day(day: date) -> str:
    """The name of a day itself as a figure; no figure of a policy can have such a name."""
    return f"on:{day}"


def _while_in_force(bound: Bound[Any]) -> tuple[Feature[bool], ...]:
    """What has to hold for a rule to hold under these terms."""
    period = _in_force(bound.terms)
    return (*period, bound.rule.holds) if period else (bound.rule.feature,)


def _in_force(terms: Terms) -> list[Feature[bool]]:
    """What has to hold of the day for terms to be in force."""
    since = [_from(terms.since)] if terms.since else []
    return [*since, *([_up_to(terms.through)] if terms.through else [])]


@lru_cache(maxsize=1024)  # a day that several rules name is one feature
def _from(day: date) -> Feature[bool]:
    return Reached(f"reached:{day}", Label(f"{day}以後", f"on or after {day}"), BOOLEANS, _day(day))


@lru_cache(maxsize=1024)
def _up_to(day: date) -> Feature[bool]:
    return Within(f"within:{day}", Label(f"{day}以前", f"on or before {day}"), BOOLEANS, _day(day))


def _readings(bound: tuple[Bound[Any], ...], provided: Iterable[Provided]) -> Mapping[str, Composition]:
    """What is read under the id of each rule: the rule in force under it, on the days on which it is."""
    versions: dict[str, list[Bound[Any]]] = {}
    for each in bound:
        if isinstance(each.rule, Tested):
            versions.setdefault(each.rule.id, []).append(each)
    found = {name: _reading(each) for name, each in versions.items()}
    for part in provided:
        for replaced, by in part.replaced.items():
            if by in found:
                found[replaced] = found[by]
    return found


def _reading(versions: list[Bound[Any]]) -> Composition:
    rule = versions[0].rule
    periods = [_in_force(each.terms) for each in versions]
    if not all(periods):
        test: Composition = rule.test
        return test
    return lambda s: any(all(s[day] for day in period) for period in periods) and s[rule.holds]


def _of_policy(bound: tuple[Bound[Any], ...]) -> Mapping[Feature[Any], Composition]:
    schemes = [b.rule.feature for b in bound if isinstance(b.rule, Scheme)]
    grounds: list[Bound[Ground]] = [b for b in bound if isinstance(b.rule, Ground)]

    def some(of_these: Iterable[Bound[Ground]]) -> Composition:
        # A ground counts on the days on which its terms are in force: always, mostly, and quickest so.
        conditions = [_while_in_force(b) for b in of_these]
        always = [condition[0] for condition in conditions if len(condition) == 1]
        dated = [condition for condition in conditions if len(condition) > 1]
        if not dated:
            return lambda s: any(s[feature] for feature in always)
        return lambda s: any(s[f] for f in always) or any(all(s[f] for f in each) for each in dated)

    against = some(b for b in grounds if b.rule.unusable)
    return {
        IN_SCHEME: lambda s: all(s[feature] for feature in schemes),
        AUTOMATIC_GROUND: some(b for b in grounds if b.terms.claim in ("ex-officio", "unstated")),
        ANY_GROUND: some(b for b in grounds if b.terms.claim != "none"),
        CARD_WORKS: lambda s: s[IN_SCHEME] and not against(s),
    }
