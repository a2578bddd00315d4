"""What plugins provide, and how it combines: in the order named; a rule is replaced only by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from hokensha.errors import Finding, PluginError
from hokensha.facts import Catalogue
from hokensha.rules import Document, Features, Latency, Presentation, Return, Rule, Trigger, Validity
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
        replaced: The id of each rule that was replaced, and that of the rule now in its place.
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
    holders: dict[str, Rule] = {}
    replaced: dict[str, str] = {}
    dropped: list[Rule] = []
    for rule in (rule for part in provided for rule in part.rules):
        if rule.replaces is not None and holders.get(rule.id) is not rule:
            dropped.append(holders[rule.replaces])
            replaced[rule.replaces] = rule.id
        holders[rule.id] = rule
    told: set[str] = set()
    combined = []
    for part in provided:
        left = [rule for rule in part.rules if not any(rule is each for each in dropped)]
        own = tuple(rule for rule in left if rule.id not in told)  # the very same may be handed over twice
        told.update(rule.id for rule in own)
        gone = {rule.id: _last(rule.id, replaced) for rule in part.rules if rule not in left}
        combined.append(evolve(part, rules=own, replaced=gone))
    return tuple(combined)


def _last(name: str, replaced: Mapping[str, str]) -> str:
    """The rule that is there in the end, of those that replaced each other."""
    while replaced.get(name, name) != name:
        name = replaced[name]
    return name


def clashes(provided: Sequence[Provided]) -> Iterator[Finding]:
    """Every id of a rule, fact, feature or document that is taken twice; the very same may be handed on."""
    rules: dict[str, tuple[Rule, Provider]] = {}
    taken: dict[tuple[str, str], tuple[object, Provider]] = {}
    for part in provided:
        yield from _rule_clashes(part, rules)
        for what, thing in _declared(part):
            first, owner = taken.setdefault((what, thing.id), (thing, part.provider))
            if first is not thing:
                message = f"{what} '{thing.id}' is one of plugin {owner} already; rename it, or use that one"
                yield part.provider.finding("rule-clash", "features", message)


def _declared(part: Provided) -> Iterator[tuple[str, Any]]:
    for each in part.features:
        yield from (("fact", fact) for fact in each.facts)
        yield from (("feature", feature) for feature in each.features)
        yield from (("document", document) for document in each.documents)


def _rule_clashes(part: Provided, taken: dict[str, tuple[Rule, Provider]]) -> Iterator[Finding]:
    own: dict[str, Rule] = {}
    for rule in part.rules:
        first, owner = taken.get(rule.id, (rule, part.provider))
        if rule.id in own:
            message = f"id '{rule.id}' is that of another rule of the same plugin; rename one"
            yield part.provider.finding("rule-clash", rule.hook, message)
        elif first is not rule and rule.replaces != rule.id:
            message = (
                f"rule '{rule.id}' is one of plugin {owner} already; rename it, "
                f"or say replaces='{rule.id}' to take that rule's place"
            )
            yield part.provider.finding("rule-clash", rule.hook, message)
        own[rule.id] = rule
    taken.update({name: (rule, part.provider) for name, rule in own.items()})


def strangers(provided: Sequence[Provided]) -> Iterator[Finding]:
    """Every name of a rule to replace, of a fact or of a document that means nothing among these plugins."""
    parts = [each for part in provided for each in part.features]
    facts = Catalogue().extended(fact for each in parts for fact in each.facts)
    documents = {document for each in parts for document in each.documents}
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
                message = f"names fact '{fact}', which no plugin of the policy declares"
                hint = nearest(fact, list(facts.facts)) or "; declare it with the hook 'features'"
                yield part.provider.finding("hook-result", hook, message + hint)
        for rule, document in _documents_named(part):
            if document not in documents:
                message = f"rule '{rule.id}' names document '{document.id}', which no plugin of the policy "
                message += "declares; declare it with the hook 'features'"
                yield part.provider.finding("hook-result", rule.hook, message)


def _documents_named(part: Provided) -> Iterator[tuple[Rule, Document]]:
    for rule in part.rules:
        if isinstance(rule, Validity | Trigger | Return):
            yield rule, rule.document
        elif isinstance(rule, Presentation):
            yield from ((rule, document) for document in rule.shows)


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


def _facts_named(part: Provided) -> Iterator[tuple[str, str]]:
    for each in part.features:
        for feature in (*each.features, *each.contradictions):
            yield from (("features", fact) for fact in feature.facts())
        for document in each.documents:
            yield from (("features", fact) for fact in document.facts())
        yield from (("features", fact) for fact, _ in each.groups.values())
    for rule in part.rules:
        if isinstance(rule, Latency) and rule.counts_from is not None:
            yield rule.hook, rule.counts_from
