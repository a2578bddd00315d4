"""Plugins: which are installed, and loading those that a policy names. Nothing is loaded by halves.

A plugin is what a distribution names in an entry point of the group ``hokensha``: a ``Plugin``, or a module
that has the hooks. Each is examined (how its hooks are marked, named and signed, and what they return), and
what they provide combines in the order named; a rule is replaced only by name.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.metadata import Distribution, EntryPoint, PackageNotFoundError, distribution, distributions
from importlib.resources import files
from reprlib import repr as brief
from types import FunctionType, ModuleType
from typing import Any

import attrs
import pluggy
from attrs import evolve, field, frozen

from hokensha.errors import Finding, PluginError
from hokensha.facts import Before, Catalogue, Form, Required
from hokensha.foreign import calls, stopped, tells
from hokensha.rules import (
    ANY_GROUND,
    AUTOMATIC_GROUND,
    CARD_WORKS,
    CONSISTENT,
    IN_SCHEME,
    PROJECT,
    RESULTS,
    Document,
    Exclusion,
    Features,
    Latency,
    Plugin,
    Presentation,
    Return,
    Rule,
    Trigger,
    Validity,
    hookspecs,
)
from hokensha.text import DeclarationError, nearest


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


_OF_CORE = (IN_SCHEME, AUTOMATIC_GROUND, ANY_GROUND, CARD_WORKS, CONSISTENT)


def clashes(provided: Sequence[Provided]) -> Iterator[Finding]:
    """Every id of a rule, fact, feature or document that is taken twice; the very same may be handed on."""
    rules: dict[str, tuple[Rule, Provider]] = {}
    taken: dict[tuple[str, str], tuple[object, str]] = {("feature", f.id): (f, "the core") for f in _OF_CORE}
    for part in provided:
        yield from _rule_clashes(part, rules)
        for what, thing in _declared(part):
            first, owner = taken.setdefault((what, thing.id), (thing, f"plugin {part.provider}"))
            if first is not thing:
                message = f"{what} '{thing.id}' is one of {owner} already; rename it, or use that one"
                yield part.provider.finding("rule-clash", "features", message)


def _declared(part: Provided) -> Iterator[tuple[str, Any]]:
    for each in part.features:
        yield from (("fact", fact) for fact in each.facts)
        yield from (("feature", feature) for feature in (*each.features, *each.unlikely))
        yield from (("contradiction", wrong) for wrong in each.contradictions)
        for document in each.documents:
            yield "document", document
            own = (document.in_term, document.given, document.at_hand, document.valid)
            yield from (("feature", feature) for feature in (*own, document.expired, document.shown))


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
    documents = {document: None for each in parts for document in each.documents}
    cards = [document for document in documents if document.relied_on]
    live: dict[str, Rule] = {}
    replaced: dict[str, Provider] = {}
    for part in provided:
        if any(card in each.documents for each in part.features for card in cards[1:]):
            message = f"documents {' and '.join(repr(card.id) for card in cards)} are relied_on; keep one"
            yield part.provider.finding("rule-clash", "features", message)
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
        for message in (*_misdated(part, facts), *_incomparable(part, facts)):
            yield part.provider.finding("hook-result", "features", message)
        for rule, document in _documents_named(part):
            if document not in documents:
                message = f"rule '{rule.id}' names document '{document.id}', which no plugin of the policy "
                message += "declares; declare it with the hook 'features'"
                yield part.provider.finding("hook-result", rule.hook, message)


def _misdated(part: Provided, facts: Catalogue) -> Iterator[str]:
    """Facts that cannot date a document: an issue and a return have happened, an end lies ahead."""
    for document in (document for each in part.features for document in each.documents):
        for fact in (facts[name] for name in document.facts() if name in facts):
            dates, ahead = f"fact '{fact.id}' dates document '{document.id}'", fact.id == document.valid_until
            if fact.kind != "day":
                yield f"{dates}, but is no day"
            elif fact.planned is not ahead:
                why = "lies ahead" if ahead else "happened"
                yield f"{dates}: declare it with planned={ahead}, as it {why}"


def _incomparable(part: Provided, facts: Catalogue) -> Iterator[str]:
    """Facts that contradict each other in a way in which facts of their kinds cannot."""
    for each in part.features:
        forms: list[tuple[str, Form]] = [
            (f"contradiction '{wrong.id}'", wrong.form) for wrong in each.contradictions
        ]
        for fact in each.facts:
            if fact.not_before is not None:
                forms.append((f"not_before of fact '{fact.id}'", Before(fact.id, fact.not_before)))
            forms.append((f"required_when of fact '{fact.id}'", Required(fact.id, fact.required_when)))
        for what, form in forms:
            if {*form.facts} <= facts.facts.keys() and (problem := form.misfit(facts)):
                yield f"{what}: {problem}"


def _documents_named(part: Provided) -> Iterator[tuple[Rule, Document]]:
    for rule in part.rules:
        if isinstance(rule, Validity | Trigger | Exclusion | Return):
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
        for fact in each.facts:
            named = (fact.not_before, fact.read_with and fact.read_with[0], *fact.required_when)
            yield from (("features", other) for other in named if other is not None)
        for feature in (*each.features, *each.unlikely):
            yield from (("features", fact) for fact in feature.facts())
        yield from (("features", fact) for wrong in each.contradictions for fact in wrong.facts)
        for document in each.documents:
            yield from (("features", fact) for fact in document.facts())
        yield from (("features", fact) for fact, _ in each.groups.values())
    for rule in part.rules:
        if isinstance(rule, Latency) and rule.counts_from is not None:
            yield rule.hook, rule.counts_from


_MARK = f"{PROJECT}_impl"
_HOOKS = list(RESULTS)


@frozen
class Examined:
    """What came out of examining a plugin.

    Attributes:
        hooks: The hooks that it implements as it should.
        provided: What they returned; to be used only if there is no finding.
        findings: All that is wrong with it.
        package: The package that its entry point names, or the one above that module; empty if none imports.
    """

    hooks: tuple[str, ...]
    provided: Provided
    findings: tuple[Finding, ...]
    package: str = ""


def examine(provider: Provider, plugin: object, package: str = "") -> Examined:
    """Check a plugin and call its hooks, each twice: what is pure returns the same again."""
    if isinstance(plugin, Plugin):
        return _examined(provider, plugin, _HOOKS, [], package)
    if not isinstance(plugin, ModuleType):
        message = (
            f"its entry point names {_kind(plugin)}, neither a Plugin nor a module; "
            "name the Plugin, or the module that has the hooks"
        )
        found = provider.finding("plugin-broken", "", message)
        return Examined((), Provided(provider, (), ()), (found,), package)
    marked = {name: value for name, value in vars(plugin).items() if _options(value) is not None}
    findings = list(_unmarked(provider, plugin, marked))
    sound = ModuleType(plugin.__name__)
    for name, value in marked.items():
        wrong = [provider.finding(code, name, message) for code, message in _faults(name, value)]
        findings.extend(wrong)
        if not wrong:
            setattr(sound, name, value)
    if not marked and not findings:
        message = (
            f"implements no hook; name its Plugin, or mark at least one of {', '.join(_HOOKS)} with @hookimpl"
        )
        findings.append(provider.finding("hook-unknown", "", message))
    hooks = [hook for hook in _HOOKS if hook in vars(sound)]
    return _examined(provider, sound, hooks, findings, package)


def _examined(
    provider: Provider, plugin: object, hooks: list[str], findings: list[Finding], package: str
) -> Examined:
    results, wrong = _results(provider, plugin, hooks)
    if isinstance(plugin, Plugin):  # it implements all, and speaks up for those that were given something
        hooks = [hook for hook in hooks if any(map(_says_something, results.get(hook, ())))]
        if not hooks and not wrong:
            message = "hands nothing over; name the Plugin that rules are handed over to"
            findings.append(provider.finding("hook-unknown", "", message))
    provided = Provided(
        provider,
        features=tuple(results.get("features", ())),
        rules=tuple(rule for hook, rules in results.items() if hook != "features" for rule in rules),
    )
    return Examined(tuple(hooks), provided, (*findings, *wrong, *clashes([provided])), package)


def _says_something(returned: Any) -> bool:
    return any(getattr(returned, attribute.name) for attribute in attrs.fields(type(returned)))


def said(error: BaseException) -> str:
    """An exception in one line, with the place where it was raised."""
    try:
        text = " ".join(str(error).split())
    except Exception:  # noqa: BLE001 - even what cannot say what it is must not hide other findings
        text = "(no message)"
    where, traceback = "", error.__traceback__
    while traceback is not None:
        where = f" ({traceback.tb_frame.f_code.co_filename}, line {traceback.tb_lineno})"
        traceback = traceback.tb_next
    return f"{type(error).__name__}: {text}{where}"


def _options(value: object) -> dict[str, Any] | None:
    """What ``@hookimpl`` left on an object, without running any code of the plugin."""
    options = inspect.getattr_static(value, _MARK, None)
    return options if isinstance(options, dict) else None


def _kind(value: object) -> str:
    return f"a {type(value).__name__}"


def _unmarked(provider: Provider, plugin: ModuleType, marked: dict[str, Any]) -> Iterator[Finding]:
    """Whatever is named like a hook, or nearly so, but would never be called."""
    for name, value in vars(plugin).items():
        if name in marked or isinstance(value, ModuleType):
            continue
        if name in _HOOKS:
            message = f"is {_kind(value)} named like a hook; mark it with hokensha's @hookimpl, or rename it"
            yield provider.finding("hook-unknown", name, message)
        elif inspect.isfunction(value) and value.__module__ == plugin.__name__ and not name.startswith("_"):
            near = _nearly(name)
            if near and not inspect.signature(value).parameters:
                message = f"looks like the hook '{near}'; name it so and mark it with @hookimpl, or rename it"
                yield provider.finding("hook-unknown", name, message)


def _nearly(name: str) -> str | None:
    from difflib import get_close_matches  # noqa: PLC0415 - only such functions need it

    return next(iter(get_close_matches(name, _HOOKS, n=1, cutoff=0.8)), None)


def _faults(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """The code and the message of everything wrong with what a plugin marked as a hook."""
    if name not in RESULTS:
        yield "hook-unknown", f"no such hook{nearest(name, _HOOKS)}; the hooks are {', '.join(_HOOKS)}"
    options = [option for option, setting in (_options(value) or {}).items() if setting]
    if options:
        yield (
            "hook-signature",
            f"has options ({', '.join(options)}), which mean nothing; write @hookimpl alone",
        )
    if not inspect.isfunction(value):
        message = f"is {_kind(value)}, which is never called; make it a plain function, @hookimpl outermost"
        yield "hook-signature", message
        return
    parameters = inspect.signature(value, follow_wrapped=False).parameters.values()
    if parameters:
        message = f"takes arguments ({', '.join(map(str, parameters))}), but hooks get none; remove them"
        yield "hook-signature", message
    functions = (value, inspect.unwrap(value))
    if any(inspect.iscoroutinefunction(f) or inspect.isasyncgenfunction(f) for f in functions):
        yield "hook-signature", "is async; write a plain function that returns a list"
    elif any(map(inspect.isgeneratorfunction, functions)):
        yield "hook-signature", "is a generator; return a list instead of yielding"
    if _times_defined(value) > 1:
        yield "hook-signature", "is defined more than once, and only the last counts; make one of them"


def _times_defined(function: FunctionType) -> int:
    """How often the code of a function's module defines its name; 0 where there is no code to look at."""
    spec: Any = function.__globals__.get("__spec__")
    try:
        code = spec.loader.get_code(spec.name)
        constants = code.co_consts
    except (AttributeError, ImportError, OSError, SyntaxError):
        return 0
    return [getattr(constant, "co_name", None) for constant in constants].count(function.__code__.co_name)


def _results(
    provider: Provider, plugin: object, hooks: list[str]
) -> tuple[dict[str, list[Any]], list[Finding]]:
    """What each hook returned, and everything wrong with that; a manager of its own sees no other plugin."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(plugin)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        return {}, [provider.finding("hook-signature", "", f"pluggy refuses it: {error}; mend the hook")]
    results: dict[str, list[Any]] = {}
    findings: list[Finding] = []
    for hook in hooks:
        findings.extend(_first_call(provider, manager, hook, results))
    for hook in list(results):
        findings.extend(_second_call(provider, manager, hook, results[hook]))
    return results, findings


@tells("provider")
def _first_call(
    provider: Provider, manager: pluggy.PluginManager, hook: str, results: dict[str, list[Any]]
) -> Iterator[Finding]:
    """Call a hook, and keep what it returned if that is sound."""
    try:
        result = _call(manager, hook)
        wrong = list(_problems(hook, result))
    except DeclarationError as error:
        yield provider.finding("hook-result", hook, str(error))
        return
    except BaseException as error:
        if stopped(error):
            raise  # all else, SystemExit too, is a finding about the plugin
        yield provider.finding("plugin-broken", hook, f"raised {said(error)}; mend the hook")
        return
    for place, message in wrong:
        yield provider.finding("hook-result", hook + place, message)
    if not wrong:
        results[hook] = list(result)


@tells("provider")
def _second_call(
    provider: Provider, manager: pluggy.PluginManager, hook: str, first: list[Any]
) -> Iterator[Finding]:
    """Call a hook again, after all the others: what is pure returns the same."""
    remedy = "hooks are pure: declare rules once, at the top of a module"
    try:
        second = _call(manager, hook)
        same = isinstance(second, list | tuple) and _alike(first, list(second))
    except BaseException as error:
        if stopped(error):
            raise
        yield provider.finding("hook-not-pure", hook, f"raised {said(error)} when called again; {remedy}")
        return
    if not same:
        yield provider.finding("hook-not-pure", hook, f"returned something else when called again; {remedy}")


@calls("hook")
def _call(manager: pluggy.PluginManager, hook: str) -> Any:
    returned = getattr(manager.hook, hook)()
    return returned[0] if returned else None  # pluggy leaves out what is None


# --- what hooks return; in each field the classes themselves see to what may stand there


def _problems(hook: str, result: object) -> Iterator[tuple[str, str]]:
    """Everything in which a hook's result is not what the core expects."""
    classes = RESULTS[hook]
    if not isinstance(result, list | tuple):
        names = " or ".join(cls.__name__ for cls in classes)
        yield "", f"returned {_described(result)}; return a list or a tuple of {names}"
        return
    for index, item in enumerate(result):
        if type(item) not in classes:
            yield f"[{index}]", _wrong_class(item, classes)


def _described(result: object) -> str:
    if inspect.iscoroutine(result):
        result.close()  # it will never be awaited, and that is said here
        return "a coroutine"
    if inspect.isgenerator(result) or inspect.isasyncgen(result):
        return "a generator"
    if type(result) in [cls for classes in RESULTS.values() for cls in classes]:
        return f"a single {type(result).__name__}"
    return "nothing (None)" if result is None else f"{brief(result)} ({type(result).__name__})"


def _wrong_class(item: object, classes: tuple[type[Any], ...]) -> str:
    expected = " or ".join(cls.__name__ for cls in classes)
    cls = type(item)
    owner = next((hook for hook, own in RESULTS.items() if cls in own), None)
    if owner is not None:
        return f"is a {cls.__name__}, which the hook '{owner}' returns; expected {expected}"
    if isinstance(item, classes):
        return f"is a {cls.__name__}, a class derived from {expected}; return the class itself"
    return f"is {brief(item)} ({cls.__name__}); expected {expected}"


def _alike(one: Any, other: Any) -> bool:
    """Whether two calls of a hook returned the same: classes and fields, functions by their names."""
    if one is other:  # as is whatever was declared once, at the top of a module
        return True
    cls = type(one)
    if cls is not type(other):
        return False
    if attrs.has(cls):
        return all(_alike(getattr(one, a.name), getattr(other, a.name)) for a in attrs.fields(cls) if a.eq)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    if callable(one):
        return _name(one) == _name(other)
    return bool(one == other)


def _name(function: object) -> tuple[object, object]:
    return getattr(function, "__module__", None), getattr(function, "__qualname__", type(function))


@frozen
class PluginState:
    """A plugin that is installed, and whether it can be loaded.

    Attributes:
        hooks: The hooks that it implements as it should.
        problem: Why it cannot be loaded; none if it can.
    """

    provider: Provider
    hooks: tuple[str, ...]
    problem: str | None


@frozen
class _Candidate:
    provider: Provider
    entry: EntryPoint | None
    """None: its distribution's entry points cannot be read."""


def load_plugins(named: Sequence[str]) -> tuple[Provided, ...]:
    """Load plugins by name, in this order, and combine them.

    Raises:
        PluginError: Everything that is wrong with any of them, or among them.
    """
    candidates = _candidates()
    provided: list[Provided] = []
    findings: list[Finding] = []
    for position, name in enumerate(named):
        if name in named[:position]:
            message = "is named twice; name it once, where its rules belong in the order"
            findings.append(Provider(name).finding("plugin-duplicate", "", message))
            continue
        each = _named(name, candidates)
        findings.extend(each.findings)
        if not each.findings:
            provided.append(each.provided)
    if findings:  # what one plugin expects of another cannot be judged while one is not there
        raise PluginError([*findings, *clashes(provided)])
    return combine(provided)


def installed() -> tuple[PluginState, ...]:
    """Every installed plugin by name, loadable or not."""
    candidates = _candidates()
    states = []
    for candidate in candidates:
        each = _opened(candidate, candidates)
        prefix = f"plugin {candidate.provider}: "
        problem = "; ".join(str(finding).removeprefix(prefix) for finding in each.findings)
        states.append(PluginState(candidate.provider, each.hooks, problem or None))
    return tuple(states)


def names() -> tuple[str, ...]:
    """The name of every installed plugin, whether it can be loaded or not."""
    return tuple(dict.fromkeys(candidate.provider.name for candidate in _candidates()))


def provider_of(module: str) -> Provider | None:
    """The plugin in whose package a module is; none if in that of no plugin."""
    package = module.partition(".")[0]
    owners = (c.provider for c in _candidates() if c.entry and c.entry.module.partition(".")[0] == package)
    return next(owners, None)


def examined(name: str) -> Examined:
    """One plugin by name: what it provides, or everything that is wrong with it."""
    return _named(name, _candidates())


def presets(name: str) -> Mapping[str, str]:
    """The policies to start from that a plugin ships, by name: the files ``presets/*.toml`` of its package.

    Raises:
        PluginError: No plugin of that name is installed, or its package cannot be imported.
    """
    candidates = _candidates()
    entry = next((c.entry for c in candidates if c.provider.name == name and c.entry), None)
    if entry is None:
        known = [candidate.provider.name for candidate in candidates]
        message = f"no plugin '{name}'{nearest(name, known)}; installed: {', '.join(known) or 'none'}"
        raise PluginError(Finding("", message, "plugin-missing"))
    try:
        package = _package(entry)
        folder = files(package) / "presets" if hasattr(import_module(package), "__path__") else None
        found = [each for each in folder.iterdir() if each.name.endswith(".toml")] if folder else []
        texts = {each.name.removesuffix(".toml"): each.read_text("utf-8") for each in found}
        return dict(sorted(texts.items()))
    except FileNotFoundError:
        return {}
    except BaseException as error:
        if stopped(error):
            raise
        message = f"cannot be imported ({entry.module}): {said(error)}; mend, reinstall or upgrade it"
        raise PluginError(Finding(f"plugin {name}", message, "plugin-broken")) from None


def _named(name: str, candidates: Sequence[_Candidate]) -> Examined:
    for candidate in candidates:
        if candidate.provider.name == name:
            return _opened(candidate, candidates)
    known = [candidate.provider.name for candidate in candidates]
    hint = nearest(name, known)
    # Which distribution brings it, nobody here knows; a name that was guessed might be anybody's.
    remedy = "correct the name" if hint else "correct the name, or install the distribution that brings it"
    message = f"is not installed{hint}; installed are: {', '.join(known) or 'none'}; {remedy}"
    return _refused(Provider(name), "plugin-missing", message)


@tells("provider")
def _opened(candidate: _Candidate, candidates: Sequence[_Candidate]) -> Examined:
    provider, entry = candidate.provider, candidate.entry
    rivals = [c.provider for c in candidates if c is not candidate and c.provider.name == provider.name]
    if rivals:
        message = f"has the same name as {' and '.join(map(str, rivals))}; uninstall all but one"
        return _refused(provider, "plugin-duplicate", message)
    if entry is None:
        message = "its entry_points.txt cannot be read; reinstall the distribution"
        return _refused(provider, "plugin-broken", message)
    try:
        package = _package(entry)
        plugin = entry.load()
    except DeclarationError as error:
        return _refused(provider, "hook-result", str(error))
    except BaseException as error:
        if stopped(error):
            raise  # all else, SystemExit too, is a finding about the plugin
        message = f"cannot be imported ({entry.value}): {said(error)}; mend, reinstall or upgrade it"
        return _refused(provider, "plugin-broken", message)
    return examine(provider, plugin, package)


@calls("entry")
def _package(entry: EntryPoint) -> str:
    """The package that an entry point names, or the one above its module."""
    module = import_module(entry.module)
    return entry.module if hasattr(module, "__path__") else module.__package__ or entry.module


def _refused(provider: Provider, code: str, message: str) -> Examined:
    return Examined((), Provided(provider, (), ()), (provider.finding(code, "", message),))


def _candidates() -> list[_Candidate]:
    """Every entry point of the group, sorted by name: the order of the machine's folders decides nothing."""
    found = [candidate for each in _providing() for candidate in _of(each)]
    return sorted(found, key=lambda c: (c.provider.name, c.provider.distribution, c.provider.version))


def _of(providing: Distribution) -> Iterator[_Candidate]:
    name, version = _metadata(providing, "Name"), _metadata(providing, "Version")
    try:
        entries = [entry for entry in providing.entry_points if entry.group == PROJECT]
    except Exception:  # noqa: BLE001 - what a broken file makes the parser raise differs by Python
        yield _Candidate(Provider(name, name, version), None)
        return
    for entry in entries:
        yield _Candidate(Provider(entry.name, name, version), entry)


def _providing() -> Iterator[Distribution]:
    """Every distribution that has plugins, once; one that an earlier folder of the path hides is left out."""
    seen: set[str] = set()
    for each in distributions():
        if f"[{PROJECT}]" not in _entry_points_text(each):
            continue
        name = _metadata(each, "Name")
        key = re.sub(r"[-_.]+", "-", name).lower()
        if (key and key in seen) or _hidden(each, name):
            continue
        seen.add(key)
        yield each


def _hidden(each: Distribution, name: str) -> bool:
    try:
        return bool(name) and _entry_points_text(distribution(name)) != _entry_points_text(each)
    except PackageNotFoundError:
        return False


def _entry_points_text(each: Distribution) -> str:
    try:
        return each.read_text("entry_points.txt") or ""
    except (OSError, UnicodeError):
        return ""


def _metadata(each: Distribution, key: str) -> str:
    try:
        return str(each.metadata[key] or "")
    except Exception:  # noqa: BLE001 - metadata that are missing or broken raise what each Python likes
        return ""
