"""Which paths of a function somebody can take at all, and who: a member and a day for each.

A function is not asked on every day and of everybody: a trigger's only of members in the scheme, a feature's
only where the functions that read it come to it. All of that is followed exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, TypeAlias

from attrs import define, field, frozen

from hokensha.completions import Completions
from hokensha.component import Component
from hokensha.conformance.asking import Asked, Name, tests_on
from hokensha.conformance.following import Followed, Path, path_of
from hokensha.conformance.trees import walked
from hokensha.consistent import CONSISTENT
from hokensha.diagram import Node
from hokensha.facts import Fact, FactValue, Member
from hokensha.features import BOOLEANS, Derived, Feature
from hokensha.purity import Key
from hokensha.reaching import Reach
from hokensha.rulebook import Rulebook
from hokensha.situation import Composition, Situation, UnknownFact
from hokensha.text import Label
from hokensha.witnesses import written

_NOBODY = -1
_Run: TypeAlias = "tuple[Composition, str]"
"""A function, and the figure of the day as of which it is run (empty: the day asked)."""


@frozen
class Witness:
    """A member who takes a path, of all facts those that matter, and the question that leads there."""

    member: Member
    on: date
    question: Name

    def __str__(self) -> str:
        facts = ", ".join(f"{fact} = {written(value)}" for fact, value in self.member.facts.items())
        return f"on {self.on}, asked to {self.question}: {facts}"


@define(eq=False)
class Reachable:
    """The search for members who take paths, on all days on which a policy's days can be told apart."""

    rulebook: Rulebook
    reach: Reach = field(init=False)
    _regimes: dict[tuple[bool, ...], _Regime] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self.reach = Reach.of(self.rulebook)

    def witnesses(self, function: Composition, wanted: Collection[Path]) -> dict[Path, Witness]:
        """Somebody for each of the wanted paths of a function that anybody takes on some day."""
        left = dict.fromkeys(wanted)
        found: dict[Path, Witness] = {}
        for day in self.reach.days:
            for path, witness in self._on(day, function, tuple(left)):
                if path in left:
                    del left[path]
                    found[path] = witness
            if not left:
                break
        return found

    def _on(
        self, day: date, function: Composition, wanted: tuple[Path, ...]
    ) -> Iterator[tuple[Path, Witness]]:
        regime = self._regime(day)
        for root in regime.roots_of(function, wanted):
            component = Component(root, lambda leaf, _: leaf)
            unknown = Completions(self.rulebook.vocabulary, Member("", {}), day, (component,))
            for place in unknown.answers(component):
                if isinstance(place, int) and place != _NOBODY:
                    way = next(unknown.ways(component, place))
                    facts = {fact: _plainest(values, day) for fact, values in way.items()}
                    yield wanted[place], self._witness(day, regime, (function, wanted[place]), facts)

    def _regime(self, day: date) -> _Regime:
        key = tuple(bound.terms.in_force(day) for bound in self.rulebook.bound)
        if key not in self._regimes:
            self._regimes[key] = _Regime(self.rulebook, tests_on(self.rulebook, day))
        return self._regimes[key]

    def _witness(
        self, day: date, regime: _Regime, way: tuple[Composition, Path], facts: Mapping[str, FactValue]
    ) -> Witness:
        """The member in the question that needs the fewest facts more to come there."""
        found: list[Witness] = []
        for asked in regime.tests:
            enough, ways = self._asked(day, asked.feature, dict(facts))
            if way in ways:
                found.append(Witness(Member("witness", enough), day, asked.question))
        return min(found, key=lambda witness: len(witness.member.facts))

    def _asked(
        self, day: date, feature: Feature[bool], facts: dict[str, FactValue]
    ) -> tuple[dict[str, FactValue], Collection[object]]:
        """A question followed for a member; facts that it asks for, and that do not matter, are added."""
        while True:
            followed = Followed(self.rulebook.vocabulary, facts, day)
            try:
                followed[feature]
            except UnknownFact as unknown:
                facts[unknown.fact] = _any(self.rulebook.catalogue[unknown.fact], day)
            else:
                return facts, followed.ways


@define(eq=False)
class _Regime:
    """One set of rules in force: which function is run where."""

    rulebook: Rulebook
    tests: tuple[Asked, ...]
    _callers: dict[_Run, dict[tuple[_Run, Key], None]] = field(factory=dict, init=False)
    _run: dict[_Run, Derived[bool]] = field(factory=dict, init=False)
    _roots: dict[tuple[Composition, tuple[Path, ...]], tuple[Node, ...]] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        compose = self.rulebook.vocabulary.composition
        ahead = [(function, "") for asked in self.tests if (function := compose(asked.feature))]
        for run in ahead:
            self._callers.setdefault(run, {})
        while ahead:
            run = ahead.pop()
            for key in walked(self.rulebook, run[0]).asked:
                function = compose(key[0])
                if function is not None:
                    called = (function, key[1] or run[1])
                    if called not in self._callers:
                        self._callers[called] = {}
                        ahead.append(called)
                    self._callers[called][run, key] = None

    def roots_of(self, function: Composition, wanted: tuple[Path, ...]) -> tuple[Node, ...]:
        """Diagrams of which of the wanted paths a function takes, for each day as of which it is run."""
        key = (function, wanted)
        if key not in self._roots:
            runs = [run for run in self._callers if run[0] is function]
            self._roots[key] = tuple(self._root(run, wanted) for run in runs)
        return self._roots[key]

    def _root(self, run: _Run, wanted: tuple[Path, ...]) -> Node:
        function, figure = run
        places = {path: place for place, path in enumerate(wanted)}
        is_run = self._is_run(run)

        def place(s: Situation) -> int:
            if not s[is_run] or not s[CONSISTENT]:
                return _NOBODY
            return places.get(path_of(function, _as_of(s, figure))[1], _NOBODY)

        return self.rulebook.diagrams.explore(place).root

    def _is_run(self, run: _Run) -> Derived[bool]:
        """Whether some question comes to a function, as a feature of the day asked."""
        if run not in self._run:
            compose = self.rulebook.vocabulary.composition
            asked = any((compose(each.feature), "") == run for each in self.tests)
            calls = [] if asked else [self._calls(caller, key) for caller, key in self._callers[run]]
            self._run[run] = _condition(lambda s: asked or any(s[call] for call in calls))
        return self._run[run]

    def _calls(self, caller: _Run, key: Key) -> Derived[bool]:
        """Whether a function is run, and then asks for ``key``."""
        function, figure = caller
        is_run = self._is_run(caller)
        return _condition(lambda s: s[is_run] and key in dict(path_of(function, _as_of(s, figure))[1]))


def _condition(function: Any) -> Derived[bool]:
    return Derived("", Label("", ""), BOOLEANS, function)


def _as_of(situation: Situation, figure: str) -> Situation:
    return situation.at(figure) if figure else situation


def _plainest(values: tuple[FactValue, ...], day: date) -> FactValue:
    """None where that will do, else the day next to the day asked, else the first code."""
    if None in values:
        return None
    days = [value for value in values if isinstance(value, date)]
    return min(days, key=lambda each: (abs(each - day), each)) if days else values[0]


def _any(fact: Fact, day: date) -> FactValue:
    """A value of a fact of which nothing hangs."""
    if fact.nullable:
        return None
    by_kind: dict[str, FactValue] = {"day": day, "boolean": False, "text": "text"}
    return fact.values[0] if fact.kind == "code" else by_kind[fact.kind]
