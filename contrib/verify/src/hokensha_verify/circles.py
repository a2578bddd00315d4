"""Which rules read which: no circle, and no ground that reads what grounds come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from attrs import frozen

from hokensha.errors import Finding
from hokensha.features import Composition, Feature, Setting
from hokensha.policy import Rulebook
from hokensha.rules import ANY_GROUND, AUTOMATIC_GROUND, Ground, Tested
from hokensha_verify.purity import Walked


@frozen(eq=False)
class Readings:
    """What every function of a policy reads, once all have been gone through.

    Attributes:
        walks: What each function did.
    """

    rulebook: Rulebook
    walks: Mapping[Composition, Walked]

    def findings(self) -> Iterator[Finding]:
        """A circle, by its chain; where there is none, grounds that read what grounds come to."""
        graph = {function: self.read_by(function) for function in self.walks}
        try:
            order = list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            names = self.names()
            circle = [names.get(each, "") for each in reversed(error.args[1][1:])]
            start = circle.index(min(circle))
            chain = " -> ".join((*circle[start:], *circle[:start], circle[start]))
            message = f"rules read each other in a circle: {chain}"
            yield Finding(self.rulebook.policy.path, message, "rule-circle")
        else:
            yield from self._of_grounds(graph, order)

    def read_by(self, function: Composition) -> list[Composition]:
        """The functions behind the features that a function reads."""
        read = (self._function(feature) for feature, _ in self.walks[function].asked)
        return [each for each in read if each is not None and each in self.walks]

    def names(self) -> dict[Composition, str]:
        """What people call each function."""
        names: dict[Composition, str] = {}
        for feature, _ in (question for walked in self.walks.values() for question in walked.asked):
            if (function := self._function(feature)) is not None:
                names[function] = feature.id.removeprefix("rule:")
        rules = (bound.rule for bound in self.rulebook.bound if isinstance(bound.rule, Tested))
        return names | {rule.test: rule.id for rule in rules}

    def _function(self, feature: Feature[Any]) -> Composition | None:
        """The function that a feature stands for; none where what it stands on is missing, which is told."""
        if isinstance(feature, Setting) and feature.id not in self.rulebook.vocabulary.settings:
            return None
        if any(name not in self.rulebook.figures for name in feature.figures()):
            return None
        return self.rulebook.vocabulary.composition(feature)

    def _of_grounds(
        self, graph: Mapping[Composition, list[Composition]], order: list[Composition]
    ) -> Iterator[Finding]:
        of_policy = self.rulebook.vocabulary.of_policy
        for word in (AUTOMATIC_GROUND, ANY_GROUND):
            reading = {of_policy[word]}
            for function in order:  # what is read comes before who reads it
                if not reading.isdisjoint(graph[function]):
                    reading.add(function)
            for bound in self.rulebook.rules(Ground):
                if bound.rule.test in reading:
                    message = f"is a ground, and reads '{word.id}', which grounds make up: read some of them"
                    where = f"{self.rulebook.policy.path}: {bound.place}"
                    yield Finding(where, message, "ground-reads-grounds")
