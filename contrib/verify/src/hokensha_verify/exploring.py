"""Every rule of a policy over every situation, and whatever a rule may not do or need in vain.

First each function is gone through by itself, the features that it reads after it; then the diagrams tell
what can really be reached, and what is true in no situation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Final

from attrs import define, field, frozen

from hokensha.engine import owed, parts
from hokensha.errors import Finding, HokenshaError
from hokensha.facts import Fact
from hokensha.features import (
    BOOLEANS,
    DAY_ASKED,
    Band,
    Calendar,
    Coded,
    Composition,
    DayAsked,
    Feature,
    Order,
    Phase,
    Setting,
)
from hokensha.foreign import tells
from hokensha.partial import Node, Question, Raised, Variable, of_anybody
from hokensha.policy import Bound, Rulebook, Terms
from hokensha.rules import SCHEME_LAST_DAY, Remedy, Tested, Trigger
from hokensha.text import Label, nearest, value_text
from hokensha_verify.circles import Readings
from hokensha_verify.days import telling_days
from hokensha_verify.progress import Progress, unseen
from hokensha_verify.purity import Walked, walk


@frozen(eq=False)
class Function:
    """A function that is gone through: that of a rule, or of a feature.

    Attributes:
        where: Where findings about it are.
        what: What messages call it.
        values: What it may return.
    """

    where: str
    what: str
    call: Composition
    values: tuple[Any, ...] = BOOLEANS

    def __str__(self) -> str:
        return self.what


@define(eq=False)
class Exploration:
    """The rules of one policy gone through, with every feature behind them.

    Attributes:
        walks: What each function did.
        read: Every feature that was asked for.
        figures: Every figure that was named.
        faulty: Functions that are no pure functions to a bool.
        errors: Everything that is wrong.
        idle: Rules that hold in some situation, but for nobody on any day, as the policy's figures are.
        progress: Is told of each rule before it is gone through.
    """

    rulebook: Rulebook
    progress: Progress = unseen
    walks: dict[Composition, Walked] = field(factory=dict)
    read: dict[Question, None] = field(factory=dict)
    figures: dict[str, None] = field(factory=dict)
    faulty: set[Composition] = field(factory=set)
    errors: tuple[Finding, ...] = ()
    idle: list[Finding] = field(factory=list)

    def run(self) -> None:
        """Find every error; decisions are put together only where nothing is wrong before."""
        rules = {b: self._of_rule(b) for b in self.rulebook.bound if isinstance(b.rule, Tested)}
        card = self.rulebook.relied_on
        always = (SCHEME_LAST_DAY, card.last_day if card else None)
        findings = [found for name in always if name for found in self._every(name)]
        for bound in self.rulebook.bound:
            findings += self._named(bound)
        for _, function in self._told(rules, 0):
            findings += self._walked(function)
        findings += Readings(self.rulebook, self.walks).findings()
        if any(found.code == "rule-circle" for found in findings):  # it cannot be explored, nor decided
            self.errors = tuple(dict.fromkeys(findings))
            return
        sound = not findings
        for bound, function in self._told(rules, len(rules)):
            findings += self._explored(bound, function, sound=sound)
        if not findings:
            findings += self._decisions()
        self.errors = tuple(dict.fromkeys(findings))

    def _told(self, rules: Mapping[Bound[Any], Function], done: int) -> Iterator[tuple[Bound[Any], Function]]:
        """Each rule, once it has been said that it comes next; twice all are gone through."""
        for place, (bound, function) in enumerate(rules.items(), start=done):
            label, name = bound.rule.label, bound.rule.id
            named = Label(f"{label.ja} ({name})", f"{label.en} ({name})")
            self.progress(named, place / (2 * len(rules)))
            yield bound, function

    def _of_rule(self, bound: Bound[Any]) -> Function:
        return Function(_where(self.rulebook, bound), _what(bound), bound.rule.test)

    # --- one function by itself

    @tells("each")
    def _walked(self, function: Function) -> Iterator[Finding]:
        """A function, and the functions of the features that it reads, and of those that these read."""
        ahead = [function]
        while ahead:
            each = ahead.pop()
            if each.call in self.walks:
                continue
            walked = self.walks[each.call] = walk(each.call)
            misbehaving = tuple(_misbehaving(each, walked))
            yield from misbehaving
            self.faulty.update([each.call] if misbehaving else [])
            for key in walked.asked:
                if key in self.read:
                    continue
                self.read[key] = None
                feature, at = key
                faults = [*(self._as_of(at, each) if at else ()), *self._feature(feature, each)]
                yield from faults
                composition = None if faults else self.rulebook.vocabulary.composition(feature)
                if composition is not None:
                    what = f"feature '{feature.id}', which {each.what} reads,"
                    ahead.append(Function(each.where, what, composition, feature.values))

    def _as_of(self, figure: str, reader: Function) -> Iterator[Finding]:
        missing = list(self._needed(figure, reader.where, reader.what))
        yield from missing
        if not missing:
            try:
                self.rulebook.vocabulary.fixed_day(figure, self.rulebook.policy.published)
            except ValueError as error:
                yield Finding(reader.where, f"{reader.what}: {error}", "figure-not-fixed")

    def _feature(self, feature: Feature[Any], reader: Function) -> Iterator[Finding]:
        """Whether the policy and the catalogue have all that a feature stands on."""
        read = f"feature '{feature.id}', which {reader.what} reads,"
        catalogue = self.rulebook.catalogue
        for fact in feature.facts():
            if fact not in catalogue:
                message = f"{read} names fact '{fact}', which nobody declares"
                yield Finding(reader.where, message, "unknown-fact")
            elif isinstance(feature, Coded) and catalogue[fact].kind == "code":
                codes = [value_text(value) for value in feature.values]
                if lacking := [code for code in catalogue[fact].values if code not in codes]:
                    message = f"{read} has no value for {', '.join(lacking)} of fact '{fact}'"
                    yield Finding(reader.where, message, "feature-values")
        if isinstance(feature, Setting) and feature.id not in self.rulebook.vocabulary.settings:
            message = f"{read} is a setting that no plugin's hook 'features' declares"
            yield Finding(reader.where, message, "missing-setting")
        for name in feature.figures():
            missing = list(self._needed(name, reader.where, reader.what))
            yield from missing
            if not missing:
                yield from self._simple(feature, name, read)

    def _simple(self, feature: Feature[Any], name: str, read: str) -> Iterator[Finding]:
        """What is compared with days stands for itself, and counts from the fact of the feature."""
        versions = self.rulebook.figures.simple(name)
        wrong = [key for key in ("before", "reached") if any(getattr(each, key) for each in versions)]
        version = self.rulebook.figures[name][0]
        if isinstance(feature, Phase | Band | Calendar | Order):
            wrong += [key for key in ("earliest", "when") if getattr(version, key)]
            of = None if isinstance(feature, Order) else version.of
            wrong += ["of"] if of is not None and of not in feature.facts() else []
        for key in wrong:
            message = f"may not have '{key}' here: {read} takes the rule by itself"
            yield Finding(f"{self.rulebook.policy.path}: figures.{name}", message, "figure-not-simple")

    def _named(self, bound: Bound[Any]) -> Iterator[Finding]:
        terms, rule = bound.terms, bound.rule
        names = [terms.figure, terms.due_from, terms.due_through, terms.as_of]
        names += [rule.met_since, rule.met_after] if isinstance(rule, Trigger) else []
        for name in names:
            if name is not None:
                yield from self._needed(name, _where(self.rulebook, bound), _what(bound))
        if isinstance(rule, Remedy):
            yield from self._brought(rule, bound)

    def _brought(self, remedy: Remedy, bound: Bound[Any]) -> Iterator[Finding]:
        """Whether the facts that a remedy brings about can have the values that it says."""
        where, what, catalogue = _where(self.rulebook, bound), _what(bound), self.rulebook.catalogue
        for name, value in remedy.brings.items():
            if name not in catalogue:
                message = f"{what} brings about fact '{name}', which nobody declares"
                yield Finding(where, message, "unknown-fact")
            elif not _can_be(catalogue[name], value):
                dated = catalogue[name].kind == "day"
                given = "DAY_ASKED" if value is DAY_ASKED else f"'{value_text(value)}'"
                expected = "DAY_ASKED" if dated else catalogue[name].expected().removesuffix(", or null")
                message = f"{what} makes fact '{name}' {given}; expected {expected}"
                yield Finding(where, message, "remedy-value")

    def _every(self, name: str) -> Iterator[Finding]:
        return self._needed(name, self.rulebook.policy.path, "every decision")

    def _needed(self, name: str, where: str, what: str) -> Iterator[Finding]:
        self.figures[name] = None
        if name not in self.rulebook.figures:
            dated = "_" in name  # as facts are written: a dated fact is a figure, too
            near = nearest(name, [each for each in self.rulebook.figures.versions if dated == ("_" in each)])
            message = f"figure '{name}' is missing{near}; {what} needs it"
            yield Finding(where, message, "missing-figure")

    # --- over every situation

    @tells("function")
    def _explored(self, bound: Bound[Any], function: Function, *, sound: bool) -> Iterator[Finding]:
        """What only a diagram tells: which failures can be reached, and whether the rule is ever true."""
        if self.walks[function.call].endless:
            return
        try:
            ends = list(_leaves(self.rulebook.diagrams.explore(function.call).root))
        except Exception as error:  # noqa: BLE001 - what misbehaved before can make this fail in any way
            outcomes = [outcome for _, outcome in self.walks[function.call].outcomes]
            failed = [outcome.error for outcome in outcomes if isinstance(outcome, Raised)]
            if failed:
                yield Finding(function.where, f"{function.what} raises {failed[0]}", "rule-raises")
            elif sound:
                message = f"{function.what} cannot be explored: {type(error).__name__}: {error}"
                yield Finding(function.where, message, "rule-not-explorable")
            return
        raised = [(leaf.error, path) for leaf, path in ends if isinstance(leaf, Raised)]
        if raised:
            text, path = min(raised, key=lambda pair: len(pair[1]))
            more = f" (and in {len(raised) - 1} other ways)" if len(raised) > 1 else ""
            yield Finding(function.where, f"{function.what} raises {text}{_when(path)}{more}", "rule-raises")
        if function.call in self.faulty:
            return
        if [leaf for leaf, _ in ends] == [False]:
            yield Finding(function.where, f"{function.what} is true in no situation", "dead-rule")
        elif sound:
            yield from self._for_somebody(bound, function)

    def _for_somebody(self, bound: Bound[Any], function: Function) -> Iterator[Finding]:
        """Whether somebody can be thought up for whom the rule holds, or the trigger's document is owed."""
        call, said = function.call, f"{function.what} holds for nobody"
        if isinstance(bound.rule, Trigger):
            try:
                call = owed(self.rulebook, bound).function
            except HokenshaError as error:  # the document cannot answer what the trigger asks of it
                yield from error.findings
                return
            said = f"the document of {function.what} is owed to nobody"
            if faults := list(self._walked(Function(function.where, function.what, call))):
                yield from faults
                return
        root = self.rulebook.diagrams.explore(call).root
        if not self._ever_true(root, bound.terms):
            message = f"{said} on any day on which it is in force, as this policy's days lie"
            self.idle.append(Finding(function.where, message, "rule-never-holds"))

    def _ever_true(self, root: Node, terms: Terms) -> bool:
        """Whether the function of a diagram is true for some member on a day on which it is in force."""
        for day in (day for day in telling_days(self.rulebook) if terms.in_force(day)):
            completions, component = of_anybody(self.rulebook.vocabulary, root, day)
            if completions.way(component, wanted=True) is not None:
                return True
        return False

    def _decisions(self) -> Iterator[Finding]:
        """The parts of decisions, under each set of rules that is in force at some time."""
        for day in sorted({self.rulebook.policy.published, *self.rulebook.policy.borders()}):
            for part in parts(self.rulebook, day):
                where = f"{self.rulebook.policy.path}: {part.kind} {part.name}".rstrip()
                faults = [found for test in part.tests for found in self._asked(where, test)]
                yield from faults
                if not faults:
                    part.diagram()

    def _asked(self, where: str, test: Feature[bool]) -> Iterator[Finding]:
        reader = Function(where, "every decision", lambda s: s[test])
        yield from self._walked(reader)


def explore(rulebook: Rulebook, progress: Progress = unseen) -> Exploration:
    """Go through all rules of a policy; ``progress`` is told of each before."""
    exploration = Exploration(rulebook, progress)
    exploration.run()
    return exploration


def _misbehaving(function: Function, walked: Walked) -> Iterator[Finding]:
    where, what = function.where, function.what
    for name in walked.outside:
        message = f"{what} calls {name}: a rule looks at nothing but the situation"
        yield Finding(where, message, "rule-reads-outside")
    if walked.endless:
        yield Finding(where, f"{what} {walked.endless}; read fewer features, or split it", "rule-endless")
        return
    if walked.swallows:
        message = f"{what} catches what a situation raises; catch Exception, or nothing at all"
        yield Finding(where, message, "rule-catches-everything")
    elif not walked.like(walk(function.call)):
        message = f"{what} gives different answers to the same questions"
        yield Finding(where, message, "rule-not-deterministic")
    expected = "a bool" if function.values == BOOLEANS else "one of its values"
    stray = (
        _kind(outcome)
        for _, outcome in walked.outcomes
        if not isinstance(outcome, Raised) and not any(outcome is value for value in function.values)
    )
    for kind in sorted(set(stray)):
        yield Finding(where, f"{what} returns {kind}, expected {expected}", "rule-returns-no-bool")


def _kind(outcome: object) -> str:
    return repr(outcome) if outcome is None or isinstance(outcome, Enum) else f"a {type(outcome).__name__}"


def _leaves(root: Node) -> Iterator[tuple[Any, tuple[tuple[Variable, Any], ...]]]:
    """Each answer of a diagram once, with one path that leads to it."""
    seen = {root}
    ahead: list[tuple[Node, tuple[tuple[Variable, Any], ...]]] = [(root, ())]
    while ahead:
        node, path = ahead.pop()
        if node.variable is None:
            yield node.leaf, path
            continue
        for value, child in zip(node.variable.feature.values, node.children, strict=True):
            if child not in seen:
                seen.add(child)
                ahead.append((child, (*path, (node.variable, value))))


def _when(path: tuple[tuple[Variable, Any], ...]) -> str:
    answers = [
        f"{variable.feature.id} is {value_text(value)}" + (f" as of {variable.at}" if variable.at else "")
        for variable, value in path
    ]
    return f" when {', '.join(answers)}" if answers else ""


def _where(rulebook: Rulebook, bound: Bound[Any]) -> str:
    return f"{rulebook.policy.path}: {bound.place}"


_GIVEN: Final = {"day": DayAsked, "boolean": bool, "code": str, "text": str}


def _can_be(fact: Fact, value: object) -> bool:
    return isinstance(value, _GIVEN[fact.kind]) and (fact.kind != "code" or value in fact.values)


def _what(bound: Bound[Any]) -> str:
    return f"rule '{bound.rule.id}' of plugin {bound.provider}"
