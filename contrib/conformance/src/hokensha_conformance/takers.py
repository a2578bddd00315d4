"""Which trails of a function somebody can leave at all, and who: a member and a day for each.

A function is not asked on every day and of everybody: a trigger's only of members in the scheme, a feature's
only where the functions that read it come to it. All of that is followed exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, TypeAlias

from attrs import define, field, frozen

from hokensha.features import BOOLEANS, Composition, Derived, Situation
from hokensha.partial import Question, of_anybody
from hokensha.policy import Rulebook
from hokensha.rules import CONSISTENT
from hokensha.text import Label
from hokensha_conformance.trees import walked
from hokensha_conformance.ways import Asked, Followed, Name, Trail, Way, tests_on, trail_of
from hokensha_verify import Witness, telling_days, witness

_NOBODY = -1
_LABEL = Label("経路を通る", "takes a way")
_Run: TypeAlias = "tuple[Composition, str]"
"""A function, and the figure of the day as of which it is run (empty: the day asked)."""


@frozen
class Taker:
    """A member who was thought up and takes a way, and the question that leads there."""

    member: Witness
    question: Name

    def __str__(self) -> str:
        return f"{self.member}, asked to {self.question}"


@define(eq=False)
class Takers:
    """The search for members who take ways, on all days on which a policy's days can be told apart."""

    rulebook: Rulebook
    _regimes: dict[tuple[bool, ...], _Regime] = field(factory=dict, init=False)

    def of(self, function: Composition, wanted: Collection[Trail]) -> dict[Trail, Taker]:
        """Somebody for each of the wanted trails of a function that anybody leaves on some day."""
        left = dict.fromkeys(wanted)
        found: dict[Trail, Taker] = {}
        for day in telling_days(self.rulebook):
            for trail, taker in self._on(day, function, tuple(left)):
                if trail in left:
                    del left[trail]
                    found[trail] = taker
            if not left:
                break
        return found

    def _on(
        self, day: date, function: Composition, wanted: tuple[Trail, ...]
    ) -> Iterator[tuple[Trail, Taker]]:
        regime = self._regime(day)
        for place in regime.places_of(function, wanted):
            root = self.rulebook.diagrams.explore(place).root
            completions, component = of_anybody(self.rulebook.vocabulary, root, day)
            for found in completions.answers(component):
                if isinstance(found, int) and found != _NOBODY:
                    yield wanted[found], self._taker(day, regime, (function, wanted[found]), place, found)

    def _regime(self, day: date) -> _Regime:
        key = tuple(bound.terms.in_force(day) for bound in self.rulebook.bound)
        if key not in self._regimes:
            self._regimes[key] = _Regime(self.rulebook, tests_on(self.rulebook, day))
        return self._regimes[key]

    def _taker(self, day: date, regime: _Regime, way: Way, place: Composition, wanted: int) -> Taker:
        """An ordinary member, changed as little as may be, and the first question that leads there."""
        takes = _condition(lambda s: place(s) == wanted)
        thought = witness(self.rulebook, takes, day)
        if thought is None:  # which the search before has ruled out
            raise LookupError(f"nobody takes {way}")
        for asked in regime.tests:
            followed = Followed(self.rulebook.vocabulary, thought.facts, day)
            followed[asked.feature]
            if way in followed.ways:
                return Taker(thought, asked.question)
        raise LookupError(f"no question leads to {way}")


@define(eq=False)
class _Regime:
    """One set of rules in force: which function is run where."""

    rulebook: Rulebook
    tests: tuple[Asked, ...]
    _callers: dict[_Run, dict[tuple[_Run, Question], None]] = field(factory=dict, init=False)
    _run: dict[_Run, Derived[bool]] = field(factory=dict, init=False)
    _places: dict[tuple[Composition, tuple[Trail, ...]], tuple[Composition, ...]] = field(
        factory=dict, init=False
    )

    def __attrs_post_init__(self) -> None:
        compose = self.rulebook.vocabulary.composition
        ahead = [(function, "") for asked in self.tests if (function := compose(asked.feature))]
        for run in ahead:
            self._callers.setdefault(run, {})
        while ahead:
            run = ahead.pop()
            for key in walked(run[0]).asked:
                function = compose(key[0])
                if function is not None:
                    called = (function, key[1] or run[1])
                    if called not in self._callers:
                        self._callers[called] = {}
                        ahead.append(called)
                    self._callers[called][run, key] = None

    def places_of(self, function: Composition, wanted: tuple[Trail, ...]) -> tuple[Composition, ...]:
        """Which of the wanted trails a function leaves, for each day as of which it is run."""
        key = (function, wanted)
        if key not in self._places:
            runs = [run for run in self._callers if run[0] is function]
            self._places[key] = tuple(self._placing(run, wanted) for run in runs)
        return self._places[key]

    def _placing(self, run: _Run, wanted: tuple[Trail, ...]) -> Composition:
        function, figure = run
        places = {trail: place for place, trail in enumerate(wanted)}
        is_run = self._is_run(run)

        def place(s: Situation) -> int:
            if not s[is_run] or not s[CONSISTENT]:
                return _NOBODY
            return places.get(trail_of(function, _as_of(s, figure))[1], _NOBODY)

        return place

    def _is_run(self, run: _Run) -> Derived[bool]:
        """Whether some question comes to a function, as a feature of the day asked."""
        if run not in self._run:
            compose = self.rulebook.vocabulary.composition
            asked = any((compose(each.feature), "") == run for each in self.tests)
            calls = [] if asked else [self._calls(caller, key) for caller, key in self._callers[run]]
            self._run[run] = _condition(lambda s: asked or any(s[call] for call in calls))
        return self._run[run]

    def _calls(self, caller: _Run, key: Question) -> Derived[bool]:
        """Whether a function is run, and then asks for ``key``."""
        function, figure = caller
        is_run = self._is_run(caller)
        return _condition(lambda s: s[is_run] and key in dict(trail_of(function, _as_of(s, figure))[1]))


def _condition(function: Any) -> Derived[bool]:
    return Derived("takes", _LABEL, BOOLEANS, function)


def _as_of(situation: Situation, figure: str) -> Situation:
    return situation.at(figure) if figure else situation
