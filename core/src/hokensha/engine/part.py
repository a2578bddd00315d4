"""A part of an answer: a few yes-or-no questions about a situation, and a way to finish what they come to.

A part's questions become one number (bit ``i`` for question ``i``). Finishing reads raw facts for the days
that are answered. A member whose facts are all known is asked directly; what is unknown goes through the
same questions' diagram.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from operator import or_
from typing import Any, Final, TypeAlias, TypeVar

from attrs import evolve, fields, frozen

from hokensha.dates import DayValue, Figures, Read
from hokensha.errors import Finding, HokenshaError, PluginError
from hokensha.facts import Member
from hokensha.features import BOOLEANS, Against, Feature, MemberSituation, Situation, Steps, UnknownFact
from hokensha.partial import Completions, Component, Node, Raised, missing_facts
from hokensha.policy import Rulebook
from hokensha.rules import SCHEME_LAST_DAY, DocumentState, Issuance, ReturnDue, Tested

Finish: TypeAlias = Callable[[int, Read, date], Hashable]
Ends: TypeAlias = "tuple[tuple[str | None, str | None], ...]"
UNNAMED: Final = ""
"""Some fact that nobody wants to know by name."""
V = TypeVar("V")


@frozen
class Hangs:
    """What the days of an answer hang on, once its questions are answered.

    Attributes:
        figures: The figures that are evaluated.
        ends: Of those, the ones that end with the scheme (none for an end that is not stated): each with the
            figure of the day that it counts from, or none if that is the day asked.
        others: Facts that are read apart from figures.
        given: Whether the questions settle already that what the figures count from means something.
    """

    figures: tuple[str, ...] = ()
    ends: Ends = ()
    others: frozenset[str] = frozenset()
    given: bool = False

    def facts(self, figures: Figures) -> frozenset[str]:
        """The facts that are read, but for the last day in the scheme."""
        known = figures.given if self.given else figures
        return self.others.union(*(known.facts(name) for name in self.figures))

    def all_facts(self, figures: Figures) -> frozenset[str]:
        """Every fact that is read."""
        return self.facts(figures).union(figures.facts(SCHEME_LAST_DAY) if self.ends else ())

    def on_business_days(self, figures: Figures) -> bool:
        """Whether a day that is read counts business days, which only some years' calendars can answer."""
        names = (*self.figures, *([SCHEME_LAST_DAY] if self.ends else []))
        return any(version.on_business_days() for name in names for version in figures.simple(name))


NOTHING: Final = Hangs()


def _on_nothing(_leaf: int) -> Hangs:
    return NOTHING


@frozen(eq=False)
class Part:
    """One part of a decision, or of another answer.

    Attributes:
        rulebook: The policy that is asked.
        kind: What it is a part of: ``issuance``, ``ground``, ...
        name: Which ground or document; empty where there is but one.
        tests: The questions.
        finish: From the questions' answers, raw facts and the day asked to what is said.
        hangs: From the questions' answers to what the days that ``finish`` says hang on.
        outputs: All facts that ``finish`` may read.
        always: Whether there is something to say also when no question is answered with yes.
    """

    rulebook: Rulebook
    kind: str
    name: str
    tests: tuple[Feature[bool], ...]
    finish: Finish
    hangs: Callable[[int], Hangs] = _on_nothing
    outputs: frozenset[str] = frozenset()
    always: bool = False

    @property
    def every_leaf(self) -> int:
        """The answers to the questions if each is answered with yes."""
        return (1 << len(self.tests)) - 1

    def leaf(self, situation: Situation) -> int:
        """The questions' answers for one situation, as bits.

        Raises:
            UnknownFact: A fact that they need was not supplied.
            PluginError: A rule raised; the message names it and its plugin.
        """
        try:
            if len(self.tests) == 1:  # most parts: spares each member a loop
                return 1 if situation[self.tests[0]] else 0
            answer = 0
            for index, test in enumerate(self.tests):
                if situation[test]:
                    answer |= 1 << index
        except HokenshaError:
            raise
        except Exception as error:
            raise self._raised(error) from error
        return answer

    def finished(self, leaf: int, situation: MemberSituation) -> Any:
        """What is said in the end.

        Raises:
            UnknownFact: A fact that it needs was not supplied.
            PluginError: A rule raised; the message names it and its plugin.
        """
        try:
            return self.finish(leaf, situation.happened, situation.day)
        except HokenshaError:
            raise
        except Exception as error:
            raise self._raised(error) from error

    def direct(self, member: Member, on: date) -> Any:
        """The answer straight from the facts.

        Raises:
            UnknownFact: A fact that it needs was not supplied.
            PluginError: A rule raised; the message names it and its plugin.
        """
        situation = MemberSituation(self.rulebook.vocabulary, member.facts, on)
        return self.finished(self.leaf(situation), situation)

    def answer(self, member: Member, on: date, *, named: bool = True) -> tuple[Any, tuple[str, ...]]:
        """The answer, and the unknown facts on which it hangs: then it holds what every completion shares.

        Args:
            member: The facts that are known.
            on: The day asked.
            named: Whether those facts are wanted by name; if not, :data:`UNNAMED` stands for all of them, and
                the search for each is saved.

        Raises:
            PluginError: A rule raised; the message names it and its plugin.
        """
        try:
            return self.direct(member, on), ()
        except UnknownFact:
            (answer,), missing, _ = completed(self.rulebook, (self,), member, on, named=named)
            return answer, missing

    def verdict(self, member: Member, on: date) -> bool | None:
        """Whether a part's one question is answered with yes; none if completions of unknown facts differ."""
        answer, missing = self.answer(member, on, named=False)
        return None if missing else bool(answer)

    def diagram(self) -> Node:
        """The questions' answers over every situation."""
        return _diagram(self.rulebook, self.tests)

    def component(self, on: date) -> Component:
        """The part in the form in which unknown facts are gone through."""

        def finish(leaf: Any, read: Read) -> Hashable:
            if isinstance(leaf, Raised):
                raise self._raised(leaf.error)
            return self.finish(leaf, read, on)

        try:
            root = self.diagram()
        except HokenshaError:
            raise
        except Exception as error:  # a function that answers with what is none of its feature's values
            raise self._raised(error) from error
        return Component(root, finish, self.outputs, _output_cuts(self.rulebook, self.outputs, on))

    def _raised(self, error: Exception | str) -> PluginError:
        """The rules that can raise this error, by name; they are looked for only now that one has."""
        rulebook, what = self.rulebook, f"{self.kind} {self.name}".rstrip()
        said = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
        tested = {b.rule: b for b in rulebook.bound if isinstance(b.rule, Tested)}  # of versions one will do
        if guilty := [bound for rule, bound in tested.items() if _raises(rulebook, rule, said)]:
            return PluginError(
                Finding(
                    f"{rulebook.policy.path}: rules.{bound.rule.id}",
                    f"rule '{bound.rule.id}' of plugin {bound.provider} raised {said} ({what})",
                    "rule-raised",
                )
                for bound in guilty
            )
        plugins = ", ".join(map(str, rulebook.providers))
        message = f"a rule raised {said} (plugins: {plugins}); 'hokensha check' tells which"
        return PluginError(Finding(f"{rulebook.policy.path}: {what}", message, "rule-raised"))


def one_question(
    rulebook: Rulebook, kind: str, name: str, test: Feature[bool], *, always: bool = False
) -> Part:
    """A part with a single question, of which nothing but the answer is said."""
    return Part(rulebook, kind, name, (test,), lambda leaf, _read, _on: bool(leaf), always=always)


def without_questions(
    rulebook: Rulebook, outputs: frozenset[str], on: date, finish: Callable[[Any, Read], Hashable]
) -> Component:
    """A component that comes to what ``finish`` makes of the facts ``outputs`` on a day, and asks nothing."""
    return Component(rulebook.diagrams.leaf(0), finish, outputs, _output_cuts(rulebook, outputs, on))


def completed(
    rulebook: Rulebook, parts: tuple[Part, ...], member: Member, on: date, *, named: bool = True
) -> tuple[list[Any], tuple[str, ...], frozenset[Part]]:
    """What every completion of the unknown facts makes of some parts.

    Then the facts that are missing, and the parts on which completions differ.
    """
    components = [part.component(on) for part in parts]
    completions = Completions(rulebook.vocabulary, member, on, tuple(components))
    missing: set[str] = set()
    answers = []
    differing = set()
    for part, each in zip(parts, components, strict=True):
        answer, differ = _shared(*completions.answers_by_way(each))
        answers.append(answer)
        if differ:
            differing.add(part)
            missing.update(missing_facts(completions, each, missing) if named else [UNNAMED])
    known = rulebook.catalogue.facts if named else missing
    return answers, tuple(fact for fact in known if fact in missing), frozenset(differing)


@frozen(eq=False)
class Said:
    """What is said of a member.

    Attributes:
        missing: The unknown facts on which that hangs.
        answers: Of each part that has something to say; then it is what all completions share.
        differing: The parts on which completions of unknown facts differ.
    """

    missing: tuple[str, ...]
    answers: Mapping[Part, Any]
    differing: frozenset[Part] = frozenset()


Leaves: TypeAlias = "tuple[tuple[tuple[Part, int], ...], tuple[Part, ...]]"
"""Parts with the answers to their questions, and parts whose questions hang on unknown facts."""


def asked(parts: tuple[Part, ...], situation: MemberSituation) -> Leaves:
    """What the parts' questions come to, by asking the rules."""
    leaves: list[tuple[Part, int]] = []
    unanswered: list[Part] = []
    for part in parts:
        try:
            leaf = part.leaf(situation)
        except UnknownFact:
            unanswered.append(part)
        else:
            if leaf or part.always:
                leaves.append((part, leaf))
    return tuple(leaves), tuple(unanswered)


def finished(leaves: Leaves, member: Member, situation: MemberSituation, parts: tuple[Part, ...]) -> Said:
    """What is said in the end, of parts whose questions are answered or open."""
    answered, open_parts = leaves
    answers: dict[Part, Any] = {}
    unanswered = list(open_parts)
    for part, leaf in answered:
        try:
            answers[part] = part.finished(leaf, situation)
        except UnknownFact:
            unanswered.append(part)
    if not unanswered:
        return Said((), answers)
    rulebook = unanswered[0].rulebook
    found, missing, differing = completed(rulebook, tuple(unanswered), member, situation.day)
    answers.update(zip(unanswered, found, strict=True))
    return Said(missing, {part: answers[part] for part in parts if part in answers}, differing)


@lru_cache(maxsize=8192)
def _diagram(rulebook: Rulebook, tests: tuple[Feature[bool], ...]) -> Node:
    diagrams = rulebook.diagrams
    root = diagrams.leaf(0)
    for index, test in enumerate(tests):
        weights = {value: diagrams.leaf(int(value) << index) for value in BOOLEANS}
        root = diagrams.combine(_either, root, diagrams.select(test, weights))
    return root


def _either(one: Any, other: Any) -> Any:
    return next((leaf for leaf in (one, other) if isinstance(leaf, Raised)), None) or or_(one, other)


@lru_cache(maxsize=1024)
def _output_cuts(rulebook: Rulebook, outputs: frozenset[str], on: date) -> dict[str, tuple[date, ...]]:
    """Where a figure of the facts ``outputs`` may jump: to another version of it, or another age band."""
    cuts: dict[str, tuple[date, ...]] = {}
    bands: dict[str, None] = {}
    for versions in rulebook.figures.versions.values():
        for figure in versions:
            bands.update(dict.fromkeys(figure.bands()))
            if figure.of in outputs and figure.period and figure.period.by == "base":
                edges = (figure.period.since, figure.period.first_after())
                cuts[figure.of] = (*cuts.get(figure.of, ()), *(day for day in edges if day))
    vocabulary = rulebook.vocabulary
    for name in (name for band in bands for name in rulebook.figures.parts(band)):
        reached = vocabulary.part(Against, name, detail=False)
        classify = vocabulary.atoms.classifier(reached, on)
        if isinstance(classify, Steps):
            (fact,) = vocabulary.atoms.facts(reached)
            cuts[fact] = (*cuts.get(fact, ()), *classify.cuts)
    return cuts


def _raises(rulebook: Rulebook, rule: Tested, error: str) -> bool:
    try:
        ahead = [rulebook.diagrams.explored(rule.holds).root]
    except Exception as found:  # noqa: BLE001 - what misbehaves can fail in any way
        return f"{type(found).__name__}: {found}" == error
    seen = set(ahead)
    while ahead:
        node = ahead.pop()
        if node.leaf == Raised(error):
            return True
        new = set(node.children) - seen
        seen |= new
        ahead.extend(new)
    return False


def _shared(ways: Iterator[Any], rest: Iterator[Any]) -> tuple[Any, bool]:
    """What all answers share (the answer, the fields that agree, or none), and whether they differ."""
    shared = first = next(ways)
    differ = False
    for answer in ways:
        differ = differ or answer != first
        shared = _agreeing(shared, answer)
        if differ and shared is None:
            return None, True
    for answer in rest:
        named = not isinstance(shared, DayValue)  # an end that is open may be a day yet
        if differ and named and not any(getattr(shared, f.name) for f in fields(type(shared))[1:]):
            break  # nothing is left to disagree about: only days differ from here on
        differ = differ or answer != first
        shared = _agreeing(shared, answer)
        if differ and shared is None:
            break
    return shared, differ


def _agreeing(one: Any, other: Any) -> Any:
    if one == other:
        return one
    if isinstance(one, DayValue) and isinstance(other, DayValue):
        return _open_alike(one, other)
    if type(one) is not type(other) or not isinstance(one, Issuance | ReturnDue | DocumentState):
        return None
    differing: dict[str, Any] = {}
    for attribute in fields(type(one)):
        left, right = getattr(one, attribute.name), getattr(other, attribute.name)
        if attribute.name == "cites":
            differing["cites"] = tuple(cite for cite in left if cite in right)
        elif left != right:
            differing[attribute.name] = _open_alike(left, right) if attribute.name == "valid_until" else None
    return evolve(one, **differing)


def _open_alike(one: DayValue | None, other: DayValue | None) -> DayValue | None:
    """What two ends share that no source states: that, and when the scheme ends, if that is the same."""
    if one is None or other is None or not one.open_ended():
        return None
    if (one.modality, one.planned) != (other.modality, other.planned):
        return None
    latest = one.latest if one.latest == other.latest else None
    return evolve(one, latest=latest, cites=tuple(cite for cite in one.cites if cite in other.cites))
