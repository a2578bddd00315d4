"""What plugins provide, and how it combines: in the order named; a rule is replaced only by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve, field, frozen

from hokensha import standard_features
from hokensha.errors import Finding, PluginError
from hokensha.facts import Catalogue
from hokensha.features import Feature
from hokensha.rules import Features, Latency, Rule
from hokensha.text import nearest


@frozen
class Provider:
    """Where a plugin comes from.

    Attributes:
        name: The name of its entry point, by which policies call it.
        distribution: What to install, or to mend; empty if not known.
        version: The version that is installed; empty if not known.
    """

    name: str
    distribution: str = ""
    version: str = ""

    def __str__(self) -> str:
        origin = f"{self.distribution} {self.version}".strip()
        return f"{self.name} ({origin})" if origin else self.name

    def finding(self, code: str, place: str, message: str) -> Finding:
        """Something wrong with this plugin; ``place`` is the hook, and where in what it returned."""
        return Finding(f"plugin {self}: {place}" if place else f"plugin {self}", message, code)


@frozen
class Provided:
    """What one plugin hands to the core.

    Attributes:
        features: What its hook ``features`` returned.
        rules: What all its other hooks returned, in the order of the hooks.
        replaced: The id of each rule that was replaced, and of the rule in its place, once plugins are combined.
    """

    provider: Provider
    features: tuple[Features, ...]
    rules: tuple[Rule, ...]
    replaced: Mapping[str, str] = field(factory=dict)


def combine(provided: Sequence[Provided]) -> tuple[Provided, ...]:
    """The same plugins in the same order, without the rules that a later plugin replaces.

    A replacing rule stays with its own plugin. It may bear the id of the rule that it replaces; every
    other id, replaced or not, is taken once and for all.

    Raises:
        PluginError: Every clash between the plugins, or within one.
    """
    findings = [*clashes(provided), *strangers(provided)]
    if findings:
        raise PluginError(findings)
    dropped: set[tuple[int, str]] = set()
    holders: dict[str, int] = {}
    replaced: dict[str, str] = {}
    for index, part in enumerate(provided):
        for rule in part.rules:
            if rule.replaces is not None:
                dropped.add((holders[rule.replaces], rule.replaces))
                replaced[rule.replaces] = rule.id
            holders[rule.id] = index
    return tuple(
        evolve(
            part,
            rules=tuple(rule for rule in part.rules if (index, rule.id) not in dropped),
            replaced={rule.id: _last(rule.id, replaced) for rule in part.rules if (index, rule.id) in dropped},
        )
        for index, part in enumerate(provided)
    )


def _last(name: str, replaced: Mapping[str, str]) -> str:
    """The rule that is there in the end, of those that replaced each other."""
    while replaced.get(name, name) != name:
        name = replaced[name]
    return name


def clashes(provided: Sequence[Provided]) -> Iterator[Finding]:
    """Every id of a rule, fact or feature that is taken twice; the very same feature may be handed on."""
    rules: dict[str, Provider] = {}
    facts = dict.fromkeys(Catalogue().facts, "the core")
    features = {f.id: ("the core", f) for f in vars(standard_features).values() if isinstance(f, Feature)}
    for part in provided:
        owner = f"plugin {part.provider}"
        yield from _rule_clashes(part, rules)
        for fact in (fact for each in part.features for fact in each.facts):
            if fact.id in facts:
                yield _taken(part.provider, f"fact '{fact.id}'", facts[fact.id])
            facts.setdefault(fact.id, owner)
        for feature in (feature for each in part.features for feature in each.features):
            first, holder = features.setdefault(feature.id, (owner, feature))
            if holder is not feature:
                yield _taken(part.provider, f"feature '{feature.id}'", first)


def _taken(provider: Provider, what: str, owner: str) -> Finding:
    message = f"{what} is one of {owner} already; rename it, or use that one"
    return provider.finding("rule-clash", "features", message)


def _rule_clashes(part: Provided, taken: dict[str, Provider]) -> Iterator[Finding]:
    own: set[str] = set()
    for rule in part.rules:
        if rule.id in own:
            message = f"id '{rule.id}' is that of another rule of the same plugin; rename one"
            yield part.provider.finding("rule-clash", rule.hook, message)
        elif rule.id in taken and rule.replaces != rule.id:
            message = (
                f"rule '{rule.id}' is one of plugin {taken[rule.id]} already; rename it, "
                f"or say replaces='{rule.id}' to take that rule's place"
            )
            yield part.provider.finding("rule-clash", rule.hook, message)
        own.add(rule.id)
    taken.update(dict.fromkeys(own, part.provider))


def strangers(provided: Sequence[Provided]) -> Iterator[Finding]:
    """Every name of a rule to replace, or of a fact, that means nothing among these plugins."""
    facts = Catalogue().extended(fact for part in provided for each in part.features for fact in each.facts)
    live: dict[str, Rule] = {}
    replaced: dict[str, Provider] = {}
    for part in provided:
        yield from _replacement_problems(part, live, replaced)
        for rule in part.rules:
            if rule.replaces is not None:
                live.pop(rule.replaces, None)
                replaced[rule.replaces] = part.provider
        live.update({rule.id: rule for rule in part.rules})
        for hook, fact in _facts_named(part):
            if fact not in facts:
                message = f"names fact '{fact}', which neither the core nor a plugin of the policy declares"
                hint = nearest(fact, list(facts.facts)) or "; declare it with the hook 'features'"
                yield part.provider.finding("hook-result", hook, message + hint)


def _replacement_problems(
    part: Provided, live: Mapping[str, Rule], replaced: Mapping[str, Provider]
) -> Iterator[Finding]:
    own: set[str] = set()
    for rule in part.rules:
        old = rule.replaces
        if old is None:
            continue
        problem = ""
        if old in own:
            problem = "which another rule of the same plugin replaces already; keep one of them"
        elif old in live and type(live[old]) is not type(rule):
            kinds = f"a {type(rule).__name__} where there was a {type(live[old]).__name__}"
            problem = f"but is {kinds}; write one of the same class"
        elif old not in live and old in replaced:
            problem = f"which plugin {replaced[old]} replaced already; name the rule that is there now"
        elif old not in live:
            problem = f"which no earlier plugin of the policy has{nearest(old, list(live))}; "
            problem += "correct the id, or name its plugin earlier"
        if problem:
            message = f"rule '{rule.id}' replaces '{old}', {problem}"
            yield part.provider.finding("rule-clash", rule.hook, message)
        own.add(old)


def _facts_named(part: Provided) -> Iterable[tuple[str, str]]:
    for each in part.features:
        for feature in each.features:
            for fact in feature.facts():
                yield "features", fact
    for rule in part.rules:
        if isinstance(rule, Latency) and rule.counts_from is not None:
            yield rule.hook, rule.counts_from
