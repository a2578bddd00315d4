"""Some parts of a decision on a day, answered for one member after another.

Members are many, keys few (:mod:`hokensha.engine.keys`). Once a day is asked about again and again, a member
whose key was met before is spared the rules, and one whose days are the same as well, as far as any is said,
gets the same answer. The rules stay the one definition: whatever is remembered, they said.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from functools import lru_cache, reduce
from operator import or_
from typing import Any, Final, TypeAlias

from attrs import define, field, frozen

from hokensha.dates import CalendarError
from hokensha.engine.keys import Keys
from hokensha.engine.part import UNNAMED, Ends, Hangs, Part, Said, completed
from hokensha.engine.shapes import Compared, Digits, Shape, Shapes, kept
from hokensha.engine.unknowns import NEAR, Unknowns
from hokensha.facts import UNKNOWN, FactValue, Member, Unknown
from hokensha.features import MemberSituation, step_function
from hokensha.policy import Rulebook
from hokensha.rules import SCHEME_LAST_DAY

Counts: TypeAlias = "tuple[str, tuple[date, date] | None]"
"""A dated fact that answers hang on, and between which days all come to the same; none: every one counts."""
_MOST: Final = 50_000


@frozen(eq=False)
class Answered:
    """A part whose questions are answered.

    Attributes:
        leaf: The answers.
        hangs: The dated facts that what is said hangs on.
        fixed: What is said, where it hangs on no fact.
    """

    part: Part
    leaf: int
    hangs: tuple[Counts, ...]
    fixed: Any = None
    said: dict[tuple[object, ...], Any] = field(factory=dict, init=False)


@frozen(eq=False)
class Left:
    """What the questions come to for the members with one key.

    Attributes:
        shapes: Of each part.
        compared: The known facts that any of these compares with unknown ones.
    """

    shapes: tuple[Shape, ...]
    compared: tuple[Compared, ...]


@frozen(cache_hash=True)
class Outcome:
    """What a part comes to for the members of one shape whose days turn alike.

    Attributes:
        answered: The part's answer, if it is wanted, and hangs on no unknown fact.
        open: Whether it is wanted, and hangs on unknown facts.
        uncertain: Whether even what is missing hangs on the member's very days.
        missing: What is missing, as long as all days are near.
        hangs: The dated facts that any of it hangs on.
        group: Which members these are, as far as more than their days is asked for again.
        lasting: Whether known facts as they are seen answer the questions, or are sure to leave them open.
    """

    part: Part
    answered: Answered | None = None
    open: bool = False
    uncertain: bool = False
    missing: frozenset[str] = frozenset()
    hangs: tuple[Counts, ...] = ()
    group: Hashable = None
    lasting: bool = True


@frozen(eq=False)
class Met:
    """What is said of members of whom all parts come to the same.

    Attributes:
        answered: Parts whose answers are wanted, and hang on no unknown fact.
        open: Parts whose answers are wanted, and hang on unknown facts.
        uncertain: Parts of which even what is missing hangs on the member's very days.
        lacking: All other parts that lack anything.
        missing: What is missing for those, as long as all days are near.
        hangs: The dated facts that any of it hangs on.
        settled: Whether known facts as they are seen answer all questions, or are sure to leave them open.
    """

    answered: tuple[Answered, ...]
    open: tuple[Part, ...]
    uncertain: tuple[Part, ...]
    lacking: tuple[Part, ...]
    missing: frozenset[str]
    hangs: tuple[Counts, ...]
    settled: bool

    def known(self) -> bool:
        """Whether nothing of it hangs on unknown facts."""
        return not (self.open or self.uncertain or self.missing)

    def says_something(self) -> bool:
        """Whether there is anything to say of these members."""
        return bool(self.answered) or not self.known()

    def lasts(self) -> bool:
        """Whether nothing is owed, and all of it holds as long as the known facts are seen alike."""
        return self.settled and not self.answered


@define(eq=False)
class Answering:
    """Some parts of a decision on a day, and what was said of members so far.

    Attributes:
        named: Whether the facts that are missing are wanted by name; see :meth:`Part.answer`.
        wanted: Tells the parts whose answers are wanted; of all others, only which facts they lack.
        latest: Whether it is wanted when the scheme ends, where the end of a document is not stated.
        further: Parts with one question each, which the keys have to tell apart, too; see :meth:`verdict`.
    """

    rulebook: Rulebook
    parts: tuple[Part, ...]
    on: date
    named: bool = True
    wanted: Callable[[Part], bool] = field(default=lambda _part: True)
    latest: bool = True
    further: tuple[Part, ...] = ()
    shapes: Shapes = field(init=False)
    _unknowns: Unknowns = field(init=False)
    _verdicts: dict[Part, tuple[Callable[[Digits], Any], dict[Any, bool | None]]] = field(
        factory=dict, init=False
    )
    _left: dict[Hashable, Left] = field(factory=dict, init=False)
    _met: dict[Hashable, Met] = field(factory=dict, init=False)
    _said: dict[tuple[object, ...], Said] = field(factory=dict, init=False)
    _answered: dict[Hashable, Answered] = field(factory=dict, init=False)
    _outcomes: dict[Hashable, Outcome | None] = field(factory=dict, init=False)
    _joined: dict[tuple[Outcome, ...], Met] = field(factory=dict, init=False)

    @shapes.default
    def _of_all_parts(self) -> Shapes:
        return Shapes(self.rulebook, self.parts, self.on, self.named, self.further)

    @_unknowns.default
    def _of_unknown_facts(self) -> Unknowns:
        return Unknowns(self.shapes)

    @property
    def keys(self) -> Keys:
        """What tells members apart."""
        return self.shapes.keys

    def answer(self, member: Member) -> Said:
        """What is said of a member.

        Raises:
            PluginError: A rule raised; the message names it and its plugin.
            CalendarError: A day that is said lies where no holidays are known.
        """
        return self.say(self.met(member), member)

    def met(self, member: Member, key: Hashable = None) -> Met:
        """What is said of all who are like a member, and what it hangs on; remembered from an earlier one.

        Args:
            member: Who is asked about.
            key: The member's key, if it is known.
        """
        key = self.keys.key(member.facts) if key is None else key
        met = self._met.get(key)
        if met is None:
            if key not in self._left:
                kept(self._left, key, self.left(member), _MOST)
            left = self._left[key]
            if left.compared:
                key = (key, self.turns(left.compared, member.facts))
                met = self._met.get(key)
            met = met or kept(self._met, key, self.meet(left, member), _MOST)
        return met

    def left(self, member: Member) -> Left:
        """What the questions come to for all members with a key, of whom this is one."""
        digits = self.keys.digits(self.keys.key(member.facts))
        shapes = tuple(self.shapes.shape(part, digits, lambda: member) for part in self.parts)
        compared = (each for shape in shapes for each in shape.compared)
        return Left(shapes, tuple(dict.fromkeys(compared)))

    def turns(self, compared: tuple[Compared, ...], facts: Mapping[str, FactValue]) -> Hashable:
        """Where known days lie that are compared with unknown ones."""
        return self.shapes.turns(compared, facts)

    def meet(self, left: Left, member: Member) -> Met:
        """What is said of all members with a key, of whom this is one, and what that hangs on.

        Where days are compared with unknown ones, of those alone for whom these turn alike.
        """
        return self.joined(self.outcome(shape, member) for shape in left.shapes)

    def outcome(self, shape: Shape, member: Member) -> Outcome | None:
        """What a part comes to for all members of a shape whose days turn alike, of whom this is one.

        None, if there is nothing to say of it.
        """
        turns = self.turns(shape.compared, member.facts)
        told = shape, turns
        if told not in self._outcomes:
            kept(self._outcomes, told, self._outcome(shape, member, turns), _MOST)
        return self._outcomes[told]

    def _outcome(self, shape: Shape, member: Member, turns: Hashable) -> Outcome | None:
        part, left = shape.part, shape.left
        if left.variable is None:
            if not isinstance(left.leaf, int):
                part.component(self.on).finish(left.leaf, member.facts.__getitem__)  # raises
            if not (left.leaf or part.always):
                return None
            read = part.hangs(left.leaf).all_facts(self.rulebook.figures)
            if all(member.read(fact) is not UNKNOWN for fact in read):
                return self._known(shape, member) if self.wanted(part) else None
        if self.shapes.is_undetermined(part, left):
            return Outcome(part, missing=frozenset((UNNAMED,)))
        return self._unknown(shape, member, turns)

    def _known(self, shape: Shape, member: Member) -> Outcome:
        """What is said of a part that hangs on no unknown fact; like answers are one object."""
        part, leaf = shape.part, shape.left.leaf
        axes = zip(self.shapes.outputs[part], shape.places, strict=True)
        # Which day it is, is told apart later on; that there is none is told here.
        told = part, leaf, tuple([None if a.dated and place < a.classes else place for a, place in axes])
        if told not in self._answered:
            own = self._days_read(part.hangs(leaf))
            fixed = None if own else part.finished(leaf, self.situation(member))
            kept(self._answered, told, Answered(part, leaf, own, fixed), _MOST)
        answered = self._answered[told]
        return Outcome(part, answered, hangs=answered.hangs)

    def _days_read(self, hangs: Hangs) -> tuple[Counts, ...]:
        return _days_read(self.rulebook, hangs, self.on, latest=self.latest)

    def _unknown(self, shape: Shape, member: Member, turns: Hashable) -> Outcome | None:
        """What a part comes to that hangs on unknown facts."""
        part = shape.part
        lacking = self._unknowns.lacking(shape, turns, member)
        # Where it may be that nothing is said, that is all that completions share.
        is_open = self.wanted(part) and (part.always or 0 not in lacking.leaves)
        if lacking.certain and not is_open and not lacking.facts:
            return None if self.named else Outcome(part, lasting=False)
        own = self._days_read(part.hangs(reduce(or_, lacking.leaves)))
        own = tuple((fact, same) for fact, same in own if member.read(fact) is not UNKNOWN)
        ranges = [own] if is_open else []
        ranges.append(tuple((fact, NEAR if lacking.certain else None) for fact, _ in own))
        return Outcome(
            part,
            None,
            is_open,
            not lacking.certain,
            lacking.facts if self.named or not lacking.facts else frozenset((UNNAMED,)),
            _common(ranges),
            lacking.group if is_open or not lacking.certain else None,
            lasting=False,
        )

    def joined(self, outcomes: Iterable[Outcome | None]) -> Met:
        """What is said of members, from what each part comes to."""
        told = tuple(each for each in outcomes if each)
        if told not in self._joined:
            open_ = tuple(each.part for each in told if each.open)
            uncertain = tuple(each.part for each in told if each.uncertain)
            lacking = tuple(each.part for each in told if each.missing and not each.uncertain)
            answered = tuple(each.answered for each in told if each.answered)
            missing = frozenset[str]().union(*(each.missing for each in told if not each.uncertain))
            hangs = _common(each.hangs for each in told)
            settled = all(each.lasting for each in told)
            kept(self._joined, told, Met(answered, open_, uncertain, lacking, missing, hangs, settled), _MOST)
        return self._joined[told]

    def say(self, met: Met, member: Member) -> Said:
        """What is said of a member, once its key was met; see :meth:`answer`."""
        if met.known():
            return Said((), {each.part: self.finished(each, member) for each in met.answered})
        if met.lacking and not self._near(met, member):  # then more counts than those days
            return self._completed(met, member)
        told = (met, *days(member.facts, met.hangs))
        return self._said.get(told) or kept(self._said, told, self._completed(met, member), _MOST)

    def _near(self, met: Met, member: Member) -> bool:
        return all(_is_near(member.read(fact)) for fact, _ in met.hangs)

    def finished(self, each: Answered, member: Member) -> Any:
        """What a part says of a member, whose questions are answered."""
        if not each.hangs:
            return each.fixed
        told = days(member.facts, each.hangs)
        if told not in each.said:
            kept(each.said, told, each.part.finished(each.leaf, self.situation(member)), _MOST)
        return each.said[told]

    def _completed(self, met: Met, member: Member) -> Said:
        answers = {each.part: self.finished(each, member) for each in met.answered}
        near = self._near(met, member)
        uncertain = met.uncertain if near else (*met.lacking, *met.uncertain)
        missing = set(met.missing if near else ())
        if met.open:
            found, *_ = completed(self.rulebook, met.open, member, self.on, named=False)
            answers.update(zip(met.open, found, strict=True))
        differing = frozenset(met.lacking if near else ())
        if uncertain:
            _, further, apart = completed(self.rulebook, uncertain, member, self.on, named=self.named)
            missing.update(further)
            differing |= apart
        order = (fact for fact in (*self.rulebook.catalogue.facts, UNNAMED) if fact in missing)
        said = {part: answers[part] for part in self.parts if part in answers}
        return Said(tuple(order), said, differing)

    def verdict(self, part: Part, digits: Digits, member: Callable[[], Member]) -> bool | None:
        """Whether the question of a further part is answered with yes; none if that hangs on unknown facts.

        Args:
            part: The part.
            digits: Those of a key.
            member: One of the members with that key; asked for only if these digits are new.
        """
        if part not in self._verdicts:
            self._verdicts[part] = self.shapes.asking(part), {}
        asking, found = self._verdicts[part]
        stand = asking(digits)
        if stand not in found:
            return kept(found, stand, self._verdict(part, digits, member), _MOST)
        return found[stand]

    def _verdict(self, part: Part, digits: Digits, member: Callable[[], Member]) -> bool | None:
        left = self.shapes.left(part, digits, member)
        if left.variable is not None:
            return None
        if not isinstance(left.leaf, int):  # a rule raised
            part.component(self.on).finish(left.leaf, member().facts.__getitem__)
        return bool(left.leaf)

    def situation(self, member: Member) -> MemberSituation:
        """What rules see of a member."""
        return MemberSituation(self.rulebook.vocabulary, member.facts, self.on)


def _common(ranges: Iterable[Iterable[Counts]]) -> tuple[Counts, ...]:
    """What several parts hang on; where they differ, whatever tells more members apart."""
    found: dict[str, tuple[date, date] | None] = {}
    for fact, same in (each for counts in ranges for each in counts):
        known = found.get(fact, same)
        common = (max(known[0], same[0]), min(known[1], same[1])) if known and same else None
        found[fact] = common if common and common[0] <= common[1] else None
    return tuple(found.items())


def _is_near(value: FactValue | Unknown) -> bool:
    return not isinstance(value, date) or NEAR[0] <= value <= NEAR[1]


def days(facts: Mapping[str, FactValue], hangs: Iterable[Counts]) -> tuple[FactValue, ...]:
    """The days of a member that count, those that come to the same being none."""
    found: list[FactValue] = []
    for fact, same in hangs:
        value: Any = facts[fact]
        alike = same is not None and value is not None and same[0] <= value <= same[1]
        found.append(None if alike else value)
    return tuple(found)


@lru_cache(maxsize=4096)
def _days_read(rulebook: Rulebook, hangs: Hangs, on: date, *, latest: bool) -> tuple[Counts, ...]:
    """The dated facts that count."""
    catalogue = rulebook.catalogue  # what is no day stands in the key as it is
    facts = sorted(hangs.facts(rulebook.figures))
    found: dict[str, tuple[date, date] | None] = {
        fact: None for fact in facts if catalogue[fact].kind == "day"
    }
    if hangs.ends:
        last = _latest(rulebook, hangs.ends, on, open_too=latest)
        for fact in rulebook.figures.facts(SCHEME_LAST_DAY):
            if fact not in found and catalogue[fact].kind == "day":
                found[fact] = _beyond(rulebook, fact, last, on)
    return tuple(found.items())


def _latest(rulebook: Rulebook, ends: Ends, on: date, *, open_too: bool) -> date | None:
    """The latest day that ends can state; none if they hang on facts, or lie where no holidays are known.

    Args:
        open_too: Whether it counts when the scheme ends where no end is stated: then there is none either.
    """
    if any(rulebook.figures.facts(name) for name, _ in ends if name):
        return None
    latest = date.min
    for name, counted_from in ends:
        base = rulebook.vocabulary.fixed_day(counted_from, on) if counted_from else on
        try:
            value = rulebook.figures.evaluate(name, _no_fact, base, base=base) if name else None
        except CalendarError:
            return None
        if open_too and (value is None or value.open_ended()):
            return None
        if value is not None:
            latest = max(filter(None, (latest, value.last(), *value.alternatives)))
    return latest


def _no_fact(fact: str) -> FactValue:
    raise ValueError(f"a figure that reads no fact read {fact}")


def _beyond(rulebook: Rulebook, fact: str, latest: date | None, on: date) -> tuple[date, date] | None:
    """Between which days of a fact the last day in the scheme cuts nothing, if that is so of any."""
    figures = rulebook.figures
    versions = [version for name in figures.parts(SCHEME_LAST_DAY) for version in figures[name]]
    if latest is None or any(v.when or v.period or v.bands() or v.on_business_days() for v in versions):
        return None

    def beyond(day: date | Unknown | None) -> bool:
        read: Mapping[str, FactValue] = {} if isinstance(day, Unknown) else {fact: day}
        end = figures.evaluate(SCHEME_LAST_DAY, read.get, on)
        last = end.last() if end else None
        return last is None or last >= latest

    steps = step_function(beyond, ())
    if steps.values == (True,):
        return date.min, date.max
    return (steps.cuts[0], date.max) if steps.values == (False, True) else None
