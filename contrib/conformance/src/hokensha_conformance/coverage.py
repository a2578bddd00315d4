"""Which rules of a policy cases exercise, and which branches of each rule's decision tree.

A branch is one way through a function. A case exercises the branches that its member takes, in
all that its question asks. Branches that nobody can take on any day are told apart: they are not missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from attrs import frozen

from hokensha.facts import as_json
from hokensha.features import Composition
from hokensha.partial import Raised
from hokensha.policy import Rulebook
from hokensha.text import Label, Language, value_text
from hokensha_conformance.answering import mismatches
from hokensha_conformance.cases import Case
from hokensha_conformance.takers import Taker, Takers
from hokensha_conformance.trees import FEATURE, Tree, trees
from hokensha_conformance.ways import Trail, figures_of, ways_of

HOLDS = value_text(True)  # noqa: FBT003 - the outcome of a rule, not an option
"""How a branch says that its rule holds."""
_Taken: TypeAlias = "dict[tuple[Composition | str, Trail], list[str]]"
"""For each function (for each rule without one: its id) and trail the cases that leave it."""


@frozen
class Branch:
    """One way through a decision tree.

    Attributes:
        answers: Each feature that is asked for, with ``@`` and the figure of the day where it is seen as of
            another, and its answer.
        outcome: What it leads to.
        exercised_by: The ids of the cases that take it.
        possible: Whether anybody can take it on any day.
        taker: Somebody who takes it, if no case does.
    """

    answers: tuple[tuple[str, str], ...]
    outcome: str
    exercised_by: tuple[str, ...]
    possible: bool
    taker: Taker | None

    @property
    def missing(self) -> bool:
        """Whether a case could exercise it, and none does."""
        return self.possible and not self.exercised_by

    def __str__(self) -> str:
        asked = ", ".join(f"{feature} is {value}" for feature, value in self.answers)
        who = f"; such as {self.taker}" if self.taker else ""
        return f"{asked or 'asked'}: {self.outcome}{who}"

    def to_json(self) -> dict[str, Any]:
        """What a report says of it."""
        return {
            "answers": [{"feature": feature, "value": value} for feature, value in self.answers],
            "outcome": self.outcome,
            "exercised_by": list(self.exercised_by),
            "possible": self.possible,
            "witness": _shown(self.taker) if self.taker else None,
        }


@frozen
class RuleCoverage:
    """One rule in force, or one feature that a plugin makes of others (kind ``feature``)."""

    kind: str
    id: str
    label: Label
    branches: tuple[Branch, ...]

    @property
    def what(self) -> str:
        """What reports call it."""
        return f"feature '{self.id}'" if self.kind == FEATURE else f"rule '{self.id}'"

    @property
    def exercised(self) -> bool:
        """Whether any case comes to it."""
        return any(branch.exercised_by for branch in self.branches)

    @property
    def shown(self) -> bool:
        """Whether some case shows what the rule is for: it holds there, if it can hold for anybody."""
        holding = [branch for branch in self.branches if branch.outcome == HOLDS and branch.possible]
        return any(branch.exercised_by for branch in holding or self.branches)

    def to_json(self, lang: Language = "ja") -> dict[str, Any]:
        """What a report says of it; the label in ``lang``."""
        return {
            "kind": self.kind,
            "id": self.id,
            "label": self.label.text(lang),
            "branches": [branch.to_json() for branch in self.branches],
        }


@frozen
class Coverage:
    """What cases exercise of one policy: its rules in the policy's order, then features."""

    rules: tuple[RuleCoverage, ...]

    @property
    def branches(self) -> tuple[Branch, ...]:
        """Every branch, impossible ones too."""
        return tuple(branch for rule in self.rules for branch in rule.branches)

    @property
    def exercised(self) -> int:
        """How many branches cases take."""
        return sum(bool(branch.exercised_by) for branch in self.branches)

    @property
    def missing(self) -> int:
        """How many more could be taken."""
        return sum(branch.missing for branch in self.branches)

    @property
    def total(self) -> int:
        """How many branches somebody can take."""
        return sum(branch.possible for branch in self.branches)

    def to_json(self, lang: Language = "ja") -> dict[str, Any]:
        """Counts, and each rule with its branches; labels in ``lang``."""
        return {
            "total": self.total,
            "exercised": self.exercised,
            "missing": self.missing,
            "rules": [rule.to_json(lang) for rule in self.rules],
        }


def coverage(rulebook: Rulebook, cases: Iterable[Case], package: str) -> Coverage:
    """What those of the cases that pass exercise of a policy's rules, and of the features of a package.

    Raises:
        HokenshaError: A rule raised while somebody was looked for whom no case describes.
    """
    taken: _Taken = {}
    for case in cases:
        if not mismatches(rulebook, case):
            for way in dict.fromkeys(_exercised(rulebook, case)):
                taken.setdefault(way, []).append(case.id)
    takers = Takers(rulebook)
    return Coverage(tuple(_covered(tree, taken, takers) for tree in trees(rulebook, package)))


def _exercised(rulebook: Rulebook, case: Case) -> Iterator[tuple[Composition | str, Trail]]:
    yield from ways_of(rulebook, case)
    for bound in figures_of(rulebook, case):
        yield bound.rule.id, ()


def _covered(tree: Tree, taken: _Taken, takers: Takers) -> RuleCoverage:
    function = tree.function
    if function is None:
        by = tuple(taken.get((tree.id, ()), ()))
        only = Branch((), "", by, possible=True, taker=None)
        return RuleCoverage(tree.kind, tree.id, tree.label, (only,))
    by_nobody = [trail for trail, _ in tree.trails if (function, trail) not in taken]
    thought_up = takers.of(function, by_nobody)
    branches = (
        _branch(trail, outcome, taken.get((function, trail), ()), thought_up.get(trail))
        for trail, outcome in tree.trails
        if not isinstance(outcome, Raised)  # no case can pass there, and another check finds it
    )
    return RuleCoverage(tree.kind, tree.id, tree.label, tuple(branches))


def _branch(trail: Trail, outcome: object, by: Collection[str], taker: Taker | None) -> Branch:
    answers = tuple(
        (f"{feature.id}@{at}" if at else feature.id, value_text(value)) for (feature, at), value in trail
    )
    return Branch(answers, value_text(outcome), tuple(by), bool(by) or taker is not None, taker)


def _shown(taker: Taker) -> Mapping[str, Any]:
    member = taker.member
    facts = {fact: as_json(member.facts[fact]) for fact in member.told}
    return {"question": taker.question, "on": as_json(member.on), "facts": facts}
