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
from typing import Any, Final, TypeAlias, TypeVar

from attrs import define, field, frozen

from hokensha.dates import CalendarError
from hokensha.engine.keys import Keys
from hokensha.engine.part import UNNAMED, Hangs, Part, Said, asked, completed
from hokensha.engine.unknowns import NEAR, Compared, Unknowns
from hokensha.engine.ways import Ways, is_open, ways_of
from hokensha.facts import UNKNOWN, FactValue, Member, Unknown
from hokensha.features import MemberSituation, step_function
from hokensha.partial import Node, Raised, nodes
from hokensha.policy import Rulebook
from hokensha.rules import SCHEME_LAST_DAY

Counts: TypeAlias = "tuple[str, tuple[date, date] | None]"
"""A dated fact that answers hang on, and between which days all come to the same; none: every one counts."""
K = TypeVar("K")
V = TypeVar("V")
_MOST: Final = 50_000


@frozen(eq=False)
class Answered:
    """A part whose questions are answered.

    Attributes:
        leaf: The answers.
        hangs: The dated facts that what is said hangs on.
        fixed: What is said, where it hangs on no fact.
        said: What was said, by the days that count; one memory for all keys of which that is the same.
    """

    part: Part
    leaf: int
    hangs: tuple[Counts, ...]
    fixed: Any
    said: dict[tuple[object, ...], Any]


@frozen(eq=False)
class Left:
    """What the questions come to for the members with one key.

    Attributes:
        leaves: Parts whose questions are answered, as far as there is anything to say.
        opened: Parts whose questions read unknown facts, with what is left of their diagrams.
        compared: The known facts that these compare with unknown ones.
        undetermined: Further parts of which nothing is said for sure, and that lack facts nobody wants named.
    """

    leaves: tuple[tuple[Part, int], ...]
    opened: Mapping[Part, Node]
    compared: tuple[Compared, ...]
    undetermined: tuple[Part, ...] = ()


@frozen(eq=False)
class Met:
    """What is said of the members with one key (and like turns, if they have any).

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
    """

    rulebook: Rulebook
    parts: tuple[Part, ...]
    on: date
    named: bool = True
    wanted: Callable[[Part], bool] = field(default=lambda _part: True)
    unknowns: Unknowns = field(init=False)
    keys: Keys = field(init=False)
    ways: Ways | None = field(init=False)
    _raising: frozenset[Part] = field(init=False)
    _asked_of_known: tuple[Part, ...] = field(init=False)
    _left: dict[Hashable, Left] = field(factory=dict, init=False)
    _met: dict[Hashable, Met] = field(factory=dict, init=False)
    _said: dict[tuple[object, ...], Said] = field(factory=dict, init=False)
    _finished: dict[Hashable, dict[tuple[object, ...], Any]] = field(factory=dict, init=False)

    @keys.default
    def _of_all_parts(self) -> Keys:
        roots = self.unknowns.roots.values()
        read = frozenset[str]().union(*(part.outputs for part in self.parts))
        return Keys.of(self.rulebook.vocabulary, roots, self.on, read)

    @unknowns.default
    def _of_unknown_facts(self) -> Unknowns:
        return Unknowns(self.rulebook, self.parts, self.on)

    @ways.default
    def _where_nothing_is_named(self) -> Ways | None:
        if self.named:
            return None
        return ways_of(self.rulebook.vocabulary, self.unknowns.roots.values(), self.on)

    @_raising.default
    def _of_roots(self) -> frozenset[Part]:
        roots = self.unknowns.roots.items()
        return frozenset(part for part, root in roots if any(map(_raised, nodes([root]))))

    @_asked_of_known.default
    def _wanted_or_raising(self) -> tuple[Part, ...]:
        """The parts that have to be asked where all facts are known."""
        return tuple(part for part in self.parts if self.wanted(part) or part in self._raising)

    def answer(self, member: Member) -> Said:
        """What is said of a member.

        Raises:
            PluginError: A rule raised; the message names it and its plugin.
            CalendarError: A day that is said lies where no holidays are known.
        """
        return self.say(self.met(member), member)

    def met(self, member: Member) -> Met:
        """What is said of all who are like a member, and what it hangs on; remembered from an earlier one."""
        key: Hashable = self.keys.key(member.facts)
        met = self._met.get(key)
        if met is None:
            if key not in self._left:
                _kept(self._left, key, self.left(member))
            left = self._left[key]
            if left.compared:
                key = (key, self.turns(left.compared, member.facts))
                met = self._met.get(key)
            met = met or _kept(self._met, key, self.meet(left, member))
        return met

    def left(self, member: Member) -> Left:
        """What the questions come to for all members with a key, of whom this is one."""
        known = all(axis.fact in member.facts for axis in self.keys.axes)
        leaves, unanswered = asked(self._asked_of_known if known else self.parts, self.situation(member))
        opened = {part: self.unknowns.left(part, member) for part in unanswered}
        undetermined = tuple(part for part, left in opened.items() if self._is_undetermined(part, left))
        opened = {part: left for part, left in opened.items() if part not in undetermined}
        compared = (each for left in opened.values() for each in self.unknowns.compared(left, member))
        return Left(leaves, opened, tuple(dict.fromkeys(compared)), undetermined)

    def _is_undetermined(self, part: Part, left: Node) -> bool:
        """Whether it is clear that something may be said of a part, and that it may be nothing.

        A document is owed as soon as any of its questions is answered with yes; other parts are not asked.
        """
        if self.ways is None or part.kind != "issuance" or part in self._raising:
            return False
        return is_open(self.ways, left)

    def turns(self, compared: tuple[Compared, ...], facts: Mapping[str, FactValue]) -> Hashable:
        """Where known days lie that are compared with unknown ones."""
        return self.unknowns.turns(compared, self.keys, facts)

    def meet(self, left: Left, member: Member) -> Met:
        """What is said of all members with a key, of whom this is one, and what that hangs on.

        Where days are compared with unknown ones, of those alone for whom these turn alike.
        """
        meeting = _Meeting(self, member)
        for part, leaf in left.leaves:
            meeting.answered(part, leaf)
        for part in left.undetermined:
            meeting.undetermined(part)
        for part, node in left.opened.items():
            meeting.unanswered(part, node)
        return meeting.met()

    def say(self, met: Met, member: Member) -> Said:
        """What is said of a member, once its key was met; see :meth:`answer`."""
        if met.known():
            return Said((), {each.part: self.finished(each, member) for each in met.answered})
        told = (met, *days(member.facts, met.hangs))
        return self._said.get(told) or _kept(self._said, told, self._completed(met, member))

    def finished(self, each: Answered, member: Member) -> Any:
        """What a part says of a member, whose questions are answered."""
        if not each.hangs:
            return each.fixed
        told = days(member.facts, each.hangs)
        if told not in each.said:
            _kept(each.said, told, each.part.finished(each.leaf, self.situation(member)))
        return each.said[told]

    def memory_of(
        self, part: Part, leaf: int, undated: Iterable[str], member: Member
    ) -> dict[tuple[object, ...], Any]:
        """Where to keep what a part says by days; apart from these it hangs on those facts alone."""
        told = part, leaf, *map(member.read, sorted(undated))
        found = self._finished.get(told)
        return _kept(self._finished, told, {}) if found is None else found

    def _completed(self, met: Met, member: Member) -> Said:
        answers = {each.part: self.finished(each, member) for each in met.answered}
        near = all(_is_near(member.read(fact)) for fact, _ in met.hangs)
        uncertain = met.uncertain if near else (*met.lacking, *met.uncertain)
        missing = set(met.missing if near else ())
        if met.open:
            found, _ = completed(self.rulebook, met.open, member, self.on, named=False)
            answers.update(zip(met.open, found, strict=True))
        if uncertain:
            missing.update(completed(self.rulebook, uncertain, member, self.on, named=self.named)[1])
        order = (fact for fact in (*self.rulebook.catalogue.facts, UNNAMED) if fact in missing)
        return Said(tuple(order), {part: answers[part] for part in self.parts if part in answers})

    def situation(self, member: Member) -> MemberSituation:
        """What rules see of a member."""
        return MemberSituation(self.rulebook.vocabulary, member.facts, self.on)


@define(eq=False)
class _Meeting:
    """What is found out of a key."""

    answering: Answering
    member: Member
    _answered: list[Answered] = field(factory=list, init=False)
    _open: list[Part] = field(factory=list, init=False)
    _uncertain: list[Part] = field(factory=list, init=False)
    _lacking: list[Part] = field(factory=list, init=False)
    _missing: set[str] = field(factory=set, init=False)
    _hangs: dict[str, tuple[date, date] | None] = field(factory=dict, init=False)
    _settled: bool = field(default=True, init=False)

    def undetermined(self, part: Part) -> None:
        """A part of which nothing is said for sure."""
        self._lacking.append(part)
        self._missing.add(UNNAMED)

    def unanswered(self, part: Part, left: Node) -> None:
        """A part whose questions read unknown facts; they may be answered all the same."""
        if left.variable is None and isinstance(left.leaf, int):
            if left.leaf or part.always:
                self.answered(part, left.leaf)
        else:
            self._unknown(part, left)

    def answered(self, part: Part, leaf: int) -> None:
        """A part whose questions are answered; what is said in the end may still hang on unknown facts."""
        read = part.hangs(leaf).all_facts(part.rulebook.figures)
        if any(self.member.read(fact) is UNKNOWN for fact in read):
            self._unknown(part, part.rulebook.diagrams.leaf(leaf))
        elif self.answering.wanted(part):
            own = _days_read(part.rulebook, part.hangs(leaf), self.answering.on)
            fixed = None if own else part.finished(leaf, self.answering.situation(self.member))
            said = self.answering.memory_of(part, leaf, read - dict(own).keys(), self.member)
            self._answered.append(Answered(part, leaf, own, fixed, said))
            self._hang(own)

    def _unknown(self, part: Part, left: Node) -> None:
        answering, self._settled = self.answering, False
        lacking = answering.unknowns.lacking(part, left, answering.keys, self.member)
        own = _days_read(part.rulebook, part.hangs(reduce(or_, lacking.leaves)), answering.on)
        if lacking.certain:
            self._lacking += [part] if lacking.facts else []
            self._missing.update(lacking.facts)
            self._hang((fact, NEAR) for fact, _ in own)
        else:
            self._uncertain.append(part)
            self._hang((fact, None) for fact, _ in own)
        # Where it may be that nothing is said, that is all that completions share.
        if answering.wanted(part) and (part.always or 0 not in lacking.leaves):
            self._open.append(part)
            self._hang(own)

    def _hang(self, further: Iterable[Counts]) -> None:
        """What a further part hangs on; where parts differ, whatever tells more members apart."""
        for fact, same in further:
            known = self._hangs.get(fact, same)
            common = (max(known[0], same[0]), min(known[1], same[1])) if known and same else None
            self._hangs[fact] = common if common and common[0] <= common[1] else None

    def met(self) -> Met:
        """All of it."""
        unknown = {axis.fact for axis in self.answering.keys.axes if self.member.read(axis.fact) is UNKNOWN}
        hangs = tuple((f, same) for f, same in self._hangs.items() if f not in unknown)
        missing = self._missing if self.answering.named or not self._missing else {UNNAMED}
        place = self.answering.parts.index
        return Met(
            tuple(sorted(self._answered, key=lambda each: place(each.part))),
            tuple(self._open),
            tuple(self._uncertain),
            tuple(self._lacking),
            frozenset(missing),
            hangs,
            self._settled,
        )


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


def _raised(node: Node) -> bool:
    return isinstance(node.leaf, Raised)


def _kept(memory: dict[K, V], key: K, value: V) -> V:
    if len(memory) >= _MOST:
        memory.clear()
    memory[key] = value
    return value


@lru_cache(maxsize=4096)
def _days_read(rulebook: Rulebook, hangs: Hangs, on: date) -> tuple[Counts, ...]:
    """The dated facts that count."""
    catalogue = rulebook.catalogue  # what is no day stands in the key as it is
    facts = sorted(hangs.facts(rulebook.figures))
    found: dict[str, tuple[date, date] | None] = {
        fact: None for fact in facts if catalogue[fact].kind == "day"
    }
    if hangs.ends:
        latest = _latest(rulebook, hangs.ends, on)
        for fact in rulebook.figures.facts(SCHEME_LAST_DAY):
            if fact not in found and catalogue[fact].kind == "day":
                found[fact] = _beyond(rulebook, fact, latest, on)
    return tuple(found.items())


def _latest(rulebook: Rulebook, ends: tuple[str, ...], on: date) -> date | None:
    """The latest day that ends can state; none if they hang on facts, or lie where no holidays are known."""
    if any(rulebook.figures.facts(name) for name in ends):
        return None
    latest = date.min
    for name in ends:
        try:
            value = rulebook.figures.evaluate(name, _no_fact, on, base=on)
        except CalendarError:
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
