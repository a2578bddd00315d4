"""The rulebook: the rules of a policy's plugins, bound to what the policy says of each, if the two fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Generic, TypeAlias, TypeVar

from attrs import define, evolve, field, frozen

from hokensha.dates import BusinessCalendar, Figure, Figures, Modality, On
from hokensha.errors import Finding, PolicyError, QuestionError
from hokensha.facts import Catalogue, Contradiction
from hokensha.features import (
    BOOLEANS,
    Atoms,
    Composition,
    Feature,
    Reached,
    Setting,
    Vocabulary,
    Within,
    within,
)
from hokensha.partial import Diagrams
from hokensha.plugins import Provided, Provider, load_plugins
from hokensha.policy.believed import consistent, contradictions, figures_of, unbelievable, unfit
from hokensha.policy.policy import Policy, Terms
from hokensha.policy.reading import load_policy
from hokensha.policy.strict import shown
from hokensha.rules import (
    ANY_GROUND,
    AUTOMATIC_GROUND,
    CARD_WORKS,
    CONSISTENT,
    HELD,
    IN_SCHEME,
    Document,
    Exclusion,
    Ground,
    Latency,
    Presentation,
    Remedy,
    Return,
    RuleBase,
    Scheme,
    Tested,
    Trigger,
    Validity,
    Yearly,
)
from hokensha.text import Label, nearest

R = TypeVar("R", bound=RuleBase)
Offered: TypeAlias = "tuple[Any, Provider]"
"""A rule, and the plugin that offers it."""


@frozen(eq=False)
class Bound(Generic[R]):
    """A rule with its policy's terms, and the plugin it came from.

    Attributes:
        place: Where in the policy the terms are: ``rules.card-lost``, or ``rules.card-lost[1]`` of several
            versions.
    """

    rule: R
    terms: Terms
    provider: Provider
    place: str

    @property
    def yearly(self) -> Yearly | None:
        """The window of each year in which a document is owed: the policy's word, or the plugin's."""
        return self.terms.yearly or (self.rule.yearly if isinstance(self.rule, Trigger) else None)

    @property
    def unusable(self) -> bool:
        """Whether a ground makes the card useless: the policy's word, or the plugin's."""
        stated = self.terms.unusable
        return stated if stated is not None else isinstance(self.rule, Ground) and self.rule.unusable


def bound_rules(policy: Policy, offered: Iterable[Offered]) -> tuple[Bound[Any], ...]:
    """Every rule in force with its terms, in the policy's order."""
    by_id = {rule.id: (rule, provider) for rule, provider in offered}
    return tuple(
        bound
        for rule_id, place, terms in policy.terms()
        if rule_id in by_id
        for bound in _bound(*by_id[rule_id], terms, place)
    )


def _bound(rule: Any, provider: Provider, terms: Terms, place: str) -> Iterator[Bound[Any]]:
    """A rule with its terms; and the same rule for each further purpose that the policy gives it."""
    if isinstance(rule, Latency) and terms.counts_from is not None:
        rule = evolve(rule, counts_from=terms.counts_from)
    yield Bound(rule, terms, provider, place)
    if isinstance(rule, Validity):
        for purpose, figure in terms.purposes.items():
            further = evolve(rule, id=f"{rule.id}-{purpose}", purpose=purpose)
            own = evolve(terms, figure=figure, purposes={})
            yield Bound(further, own, provider, f"{place}.purposes.{purpose}")


_MEANT_FOR: dict[str, tuple[type[RuleBase], ...]] = {
    "since": (Ground, Trigger, Exclusion, Remedy, Presentation, Return),
    "through": (Ground, Trigger, Exclusion, Remedy, Presentation, Return),
    "cites_grounds": (Trigger,),
    "claim": (Ground,),
    "unusable": (Ground,),
    "figure": (Validity, Latency),
    "purposes": (Validity,),
    "counts_from": (Latency,),
    **dict.fromkeys(
        ("basis", "due_from", "due_through", "mass", "yearly", "purpose", "medium", "channel"), (Trigger,)
    ),
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
    yield from _disordered(policy, offered)
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


def _disordered(policy: Policy, offered: list[Offered]) -> Iterator[Finding]:
    """Rules that are put first where there is nothing to put them before."""
    for what, names in policy.order.items():
        fits = [rule.id for rule, _ in offered if rule.id in policy.rules and _put_in_order(rule) == what]
        for index, name in enumerate(names):
            where = f"{policy.path}: order.{what}[{index}]"
            if name not in fits:
                message = f"expected rules in force that are about {what}{nearest(name, fits)}"
                yield Finding(where, f"{message}; found {shown(name)}", "unknown-rule")
            elif name in names[:index]:
                yield Finding(where, f"{shown(name)} stands there already", "bad-value")


def _put_in_order(rule: Any) -> str | None:
    if isinstance(rule, Presentation):
        return "presentations"
    return rule.document.id if isinstance(rule, Trigger | Return) else None


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
            elif problem := unfit(catalogue[fact], wanted):
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


def misplaced(policy: Policy, bound: Bound[Any]) -> Iterator[Finding]:
    """Terms that mean nothing for a rule's kind, or are missing from it."""
    where = f"{policy.path}: {bound.place}"
    default = Terms(cites=())
    for key, kinds in _MEANT_FOR.items():
        said = key in policy.stated.get(bound.place, ())
        given = said or getattr(bound.terms, key) != getattr(default, key)
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
    yield from _beside_yearly(bound, where)
    named = [(key, getattr(bound.terms, key)) for key in ("figure", "due_from", "due_through", "as_of")]
    for key, name in named:
        if name is not None and name not in policy.figures:
            message = f"no figure '{name}'{nearest(name, list(policy.figures))}"
            yield Finding(f"{where}.{key}", message, "unknown-figure")


def _beside_yearly(bound: Bound[Any], where: str) -> Iterator[Finding]:
    """Terms beside a yearly window, which says itself when a document is owed, and what meets that."""
    if bound.yearly is not None:
        for key in ("due_from", "due_through", "mass"):
            if getattr(bound.terms, key):
                yield Finding(f"{where}.{key}", "means nothing beside a yearly window", "misplaced-key")
        if bound.rule.met_since or bound.rule.met_after:
            message = "means nothing for a rule that is met by what its plugin says"
            yield Finding(f"{where}.yearly", message, "misplaced-key")


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


def rolling(policy: Policy, bound: Bound[Any]) -> Iterator[Finding]:
    """Figures that roll with the day asked, where a day has to come some time: it would never be overdue."""
    keys = {key: getattr(bound.terms, key) for key in ("due_from", "due_through", "as_of")}
    if isinstance(bound.rule, Trigger):
        keys |= {"met_since": bound.rule.met_since, "met_after": bound.rule.met_after}
    for key, name in keys.items():
        for part in _simple(policy, name) if name else ():
            fixed_only = key == "as_of"
            if any(_rolls(version, fixed_only=fixed_only) for version in policy.figures[part]):
                remedy = (
                    "say a fixed day" if fixed_only else "say with 'of' what it counts from, or a fixed day"
                )
                message = f"rolls with the day asked, as {key} of rule '{bound.rule.id}': {remedy}"
                yield Finding(f"{policy.path}: figures.{part}", message, "figure-rolls")


def _rolls(figure: Figure, *, fixed_only: bool) -> bool:
    states_a_day = figure.modality not in (Modality.UNLIMITED, Modality.NOT_STATED) and not figure.earliest
    fixed = any(isinstance(step, On) for step in figure.rule)
    return states_a_day and not fixed and (fixed_only or figure.of is None)


def _simple(policy: Policy, name: str) -> tuple[str, ...]:
    """The figures of the policy behind a name, with itself."""
    found: dict[str, None] = {}
    ahead = [name]
    while ahead:
        each = ahead.pop()
        if each in policy.figures and each not in found:
            found[each] = None
            ahead.extend(part for version in policy.figures[each] for part in version.earliest)
    return tuple(found)


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
        contradictions: Facts that cannot stand together: members of whom they are said are refused.
        diagrams: The rules explored; made when first needed.
    """

    policy: Policy
    providers: tuple[Provider, ...]
    bound: tuple[Bound[Any], ...]
    vocabulary: Vocabulary
    documents: Mapping[str, Document]
    groups: Mapping[str, tuple[str, str | bool]]
    contradictions: tuple[Contradiction, ...]
    diagrams: Diagrams = field(init=False)
    plugins: tuple[tuple[str, str], ...] = field(init=False)
    """Name and version of each plugin, as decisions state them."""
    relied_on: Document | None = field(init=False)
    """The document against which grounds are grounds: the card; none if no plugin declares one."""

    def __attrs_post_init__(self) -> None:
        self.diagrams = Diagrams(self.vocabulary)
        self.relied_on = next((each for each in self.documents.values() if each.relied_on), None)
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
    findings += unbelievable(policy, catalogue)
    bound = bound_rules(policy, offered)
    for each in bound:
        findings += [*misplaced(policy, each), *banded(policy, each), *rolling(policy, each)]
    settings, problems = settings_of(policy, features)
    findings.extend(problems)
    if findings:
        raise PolicyError(findings)
    wrong = contradictions(parts, catalogue)
    unlikely = [feature for part in parts for feature in part.unlikely]
    documents = {document.id: document for part in parts for document in part.documents}
    of_policy = _of_policy(bound, next((each for each in documents.values() if each.relied_on), None))
    of_policy[CONSISTENT] = consistent(wrong, unlikely, catalogue)
    atoms = Atoms(catalogue, _figures(policy, catalogue, bound, figures_of(wrong)))
    vocabulary = Vocabulary(atoms, settings, of_policy, _readings(bound, provided))
    of_policy.update(_terms_of(documents.values(), bound, vocabulary))
    groups = {name: group for part in parts for name, group in part.groups.items()}
    providers = tuple(p.provider for p in provided)
    return Rulebook(policy, providers, bound, vocabulary, documents, groups, wrong)


def _figures(
    policy: Policy,
    catalogue: Catalogue,
    bound: Iterable[Bound[Any]],
    further: Mapping[str, tuple[Figure, ...]],
) -> Figures:
    calendar = BusinessCalendar(
        policy.insurer.name,
        frozenset((int(day[:2]), int(day[3:])) for day in policy.calendar.yearly),
        frozenset(policy.calendar.dates),
    )
    own = {f.id: (Figure(Modality.EXACT, of=f.id),) for f in catalogue.facts.values() if f.kind == "day"}
    borders = {day for *_, terms in policy.terms() for day in (terms.since, terms.through) if day}
    days = {_day(day): (Figure(Modality.EXACT, rule=(On(day),)),) for day in sorted(borders)}
    windows = [each.yearly.figures() for each in bound if each.yearly is not None]
    yearly = {name: (figure,) for window in windows for name, figure in window.items()}
    facts = catalogue.facts.values()
    read_with = {f.id: f.read_with for f in facts if f.read_with and f.read_with[0] in catalogue}
    every = {**own, **days, **yearly, **further, **policy.figures}
    figures = Figures(every, calendar.add, read_with)
    losses = [each.rule.met_after or "" for each in bound if isinstance(each.rule, Trigger)]
    for loss in dict.fromkeys(loss for loss in losses if loss in figures):
        figures = figures.with_day_after(loss)
    return figures


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


def _terms_of(
    documents: Iterable[Document], bound: tuple[Bound[Any], ...], vocabulary: Vocabulary
) -> Iterator[tuple[Feature[bool], Composition]]:
    """The term of each document: to the end that the policy computes for one held, else to its own."""
    ends = [b for b in bound if isinstance(b.rule, Validity) and b.rule.purpose == HELD]
    held = {b.rule.document: b.terms.figure for b in reversed(ends)}
    for document in documents:
        figure = held.get(document, document.last_day)
        yield document.in_term, _in_term(vocabulary, figure) if figure else lambda _: True


def _in_term(vocabulary: Vocabulary, figure: str) -> Composition:
    if figure in vocabulary.atoms.figures:
        return vocabulary.in_term(figure)
    missing = within(figure, "有効期限内", "within the term")  # which is told where a rule reads it
    return lambda s: s[missing]


def _of_policy(bound: tuple[Bound[Any], ...], card: Document | None) -> dict[Feature[Any], Composition]:
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

    against = some(b for b in grounds if b.unusable)
    return {
        IN_SCHEME: lambda s: all(s[feature] for feature in schemes),
        AUTOMATIC_GROUND: some(b for b in grounds if b.terms.claim in ("ex-officio", "unstated")),
        ANY_GROUND: some(b for b in grounds if b.terms.claim != "none"),
        # Declining a ground gives nobody a card.
        CARD_WORKS: lambda s: s[IN_SCHEME] and (card is None or s[card.shown]) and not against(s),
    }
