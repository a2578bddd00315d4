"""Every way in which unknown facts could complete a member, without going through them one by one.

A fact that is not known is given finitely many *candidates*: each code, none where none is an answer, and
for a day enough days to tell apart whatever the policy could tell apart on the day asked. A walk down a
diagram keeps, for each unknown fact, the set of candidates that fit the answers so far (a bit mask).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import Any, TypeAlias

from attrs import define, evolve, field, frozen

from hokensha.dates import EARLIEST, LATEST, Read, known_years
from hokensha.facts import Fact, FactValue, Member, Unknown
from hokensha.features import Order, Steps, UnknownFact, Vocabulary
from hokensha.partial.diagrams import Node, Variable, followed


@frozen(eq=False)
class Component:
    """One part of a decision.

    Attributes:
        root: The diagram of its answers.
        finish: From a diagram's answer and the raw facts to what is said in the end, days included.
        outputs: The facts that ``finish`` may read.
        output_cuts: For a dated output fact, where finishing it may jump (period borders of figures).
    """

    root: Node
    finish: Callable[[Any, Read], Hashable]
    outputs: frozenset[str] = frozenset()
    output_cuts: Mapping[str, tuple[date, ...]] = field(factory=dict)

    def reads(self) -> frozenset[str]:
        """Every fact that the component can depend on."""
        return self.root.support | self.outputs


def nodes(roots: Iterable[Node]) -> Iterator[Node]:
    """Every node of some diagrams, once."""
    seen: set[Node] = set()
    stack = list(roots)
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            yield node
            stack.extend(node.children)


def variables(roots: Iterable[Node]) -> list[Variable]:
    """Every variable of some diagrams, once."""
    return list(dict.fromkeys(node.variable for node in nodes(roots) if node.variable is not None))


def seen_on(vocabulary: Vocabulary, variable: Variable, day: date) -> date:
    """The day on which a variable sees its facts: the day asked, or its as-of day."""
    return vocabulary.fixed_day(variable.at, day) if variable.at else day


_DAY = timedelta(days=1)


def candidates_of(
    vocabulary: Vocabulary, member: Member, day: date, components: Sequence[Component]
) -> dict[str, tuple[FactValue, ...]]:
    """The candidates of every unknown fact that the components read, in the catalogue's order.

    Between two neighbouring cuts of a dated fact every atom has one value, and every day that is answered
    is a monotone function of the fact: its first and last day stand for all between. Where two unknown
    days are compared with each other, each also needs days before, between and after the other's.
    """
    read = frozenset[str]().union(*(component.reads() for component in components))
    facts = vocabulary.atoms.catalogue.facts.values()
    unknown = [f for f in facts if f.id in read and member.read(f.id) is Unknown.UNKNOWN]
    cuts = _Cuts(vocabulary, member, {f.id: {day, day + _DAY} for f in unknown if f.kind == "day"})
    for component in components:
        for fact, days in component.output_cuts.items():
            cuts.add(fact, days)
    for variable in variables(component.root for component in components):
        cuts.of_variable(variable, seen_on(vocabulary, variable, day))
    cuts.of_pairs()
    compared = {fact for variable, _ in cuts.pairs for fact in variable.facts}
    return {
        fact.id: _days(fact, cuts.starts[fact.id], 4 if fact.id in compared else 2, _range(vocabulary, fact))
        if fact.kind == "day"
        else _codes(vocabulary, fact)
        for fact in unknown
    }


@define
class _Cuts:
    """First days of the pieces of each unknown dated fact.

    Attributes:
        starts: For each unknown dated fact its first days so far.
        pairs: Orders of two unknown days, each with the day on which it is seen.
    """

    vocabulary: Vocabulary
    member: Member
    starts: dict[str, set[date]]
    pairs: list[tuple[Variable, date]] = field(factory=list)

    def add(self, fact: str, days: Iterable[date]) -> None:
        """Further first days of a fact, if it is an unknown one."""
        if fact in self.starts:
            self.starts[fact].update(days)

    def of_variable(self, variable: Variable, day: date) -> None:
        """What one question can tell apart; questions that compare two unknown days wait for the rest."""
        open_facts = [fact for fact in variable.facts if fact in self.starts]
        if len(open_facts) == 2:
            self.pairs.append((variable, day))
        elif open_facts and len(variable.facts) == 1:
            classifier = self.vocabulary.atoms.classifier(variable.feature, day)
            self.add(open_facts[0], classifier.cuts if isinstance(classifier, Steps) else ())
        elif open_facts:
            other = next(f for f in variable.facts if f != open_facts[0])
            self._against(variable, day, open_facts[0], self.member.read(other))

    def of_pairs(self) -> None:
        """What one of two compared days can tell apart, the other has to as well."""
        for _ in range(2):
            for variable, day in self.pairs:
                for fact, other in (variable.facts, variable.facts[::-1]):
                    for known in _edges(self.starts[other]):
                        self._against(variable, day, fact, known)

    def _against(self, variable: Variable, day: date, fact: str, known: Any) -> None:
        """Where an order of two days changes as one of them moves and the other stands still."""
        if isinstance(variable.feature, Order):  # nothing else reads two facts
            self.add(fact, self.vocabulary.atoms.moving(variable.feature, day, fact, known).cuts)


def texts_asked(vocabulary: Vocabulary, fact: Fact) -> tuple[str, ...]:
    """Each text that a figure asks of a fact."""
    figures = vocabulary.atoms.figures.versions.values()
    asked = (version.when[fact.id] for each in figures for version in each if fact.id in version.when)
    return tuple(dict.fromkeys(map(str, asked)))


def _codes(vocabulary: Vocabulary, fact: Fact) -> tuple[FactValue, ...]:
    values: tuple[FactValue, ...] = fact.values
    if fact.kind == "boolean":
        values = (False, True)
    elif fact.kind == "text":
        asked = texts_asked(vocabulary, fact)
        values = (*asked, max(("text", *asked), key=len) + ("-" if asked else ""))
    return (*values, None) if fact.nullable else values


def _range(vocabulary: Vocabulary, fact: Fact) -> tuple[date, date]:
    """Between which days a fact may lie: where business days are counted from it, those with a calendar."""
    versions = vocabulary.atoms.figures.versions.values()
    if any(f.of == fact.id and f.on_business_days() for figures in versions for f in figures):
        first, last = known_years()
        return date(first + 1, 1, 1), date(last - 10, 12, 31)
    return EARLIEST, LATEST


def _days(fact: Fact, starts: set[date], each: int, span: tuple[date, date]) -> tuple[FactValue, ...]:
    earliest, latest = span
    firsts = sorted({earliest, *(start for start in starts if earliest < start <= latest)})
    lasts = [*(first - _DAY for first in firsts[1:]), latest]
    days: set[date] = set()
    for first, last in zip(firsts, lasts, strict=True):
        days |= {first, last}
        if each > 2 and first < last:
            days |= {first + _DAY, last - _DAY}
    values: tuple[FactValue, ...] = tuple(sorted(days))
    return (*values, None) if fact.nullable else values


def _edges(starts: set[date]) -> Iterator[date]:
    for start in sorted(starts):
        yield from (start - _DAY, start) if start > EARLIEST else (start,)


Masks: TypeAlias = "dict[str, int]"


@define(eq=False)
class Completions:
    """The completions of one member's unknown facts on one day.

    Attributes:
        vocabulary: The policy's features.
        member: What is known.
        day: The day asked.
        components: All that will be asked about: their atoms say which days have to be told apart.
    """

    vocabulary: Vocabulary
    member: Member
    day: date
    components: tuple[Component, ...]
    candidates: dict[str, tuple[FactValue, ...]] = field(init=False)
    _left: dict[Component, Component] = field(init=False)
    _masks: dict[tuple[object, ...], tuple[int, ...]] = field(factory=dict, init=False)
    _days: dict[str, date] = field(factory=dict, init=False)
    compared: Counter[str] = field(factory=Counter, init=False)
    """How many questions compare a fact with another: going through its days answers them all."""

    def __attrs_post_init__(self) -> None:
        self._left = {each: self._restricted(each) for each in self.components}
        left = tuple(self._left.values())
        self.candidates = candidates_of(self.vocabulary, self.member, self.day, left)
        for variable in variables(component.root for component in left):
            if len(variable.facts) > 1:
                self.compared.update(variable.facts)

    def _restricted(self, component: Component) -> Component:
        """What is left of a component's diagram once the known facts are followed."""

        def index(variable: Variable) -> int | None:
            values = [self.member.read(fact) for fact in variable.facts]
            return None if Unknown.UNKNOWN in values else self._index(variable, values)

        return evolve(component, root=followed(component.root, index, {}))

    def _index(self, variable: Variable, values: Sequence[Any]) -> int:
        """Which of a variable's values the values of its facts give."""
        classify = self.vocabulary.atoms.classifier(variable.feature, self.day_of(variable))
        return variable.feature.values.index(classify(*values))

    def day_of(self, variable: Variable) -> date:
        """The day on which a variable sees its facts."""
        if variable.at not in self._days:
            self._days[variable.at] = seen_on(self.vocabulary, variable, self.day)
        return self._days[variable.at]

    def answers(self, component: Component) -> Iterator[Hashable]:
        """Everything that some completion makes of a component, each answer once."""
        found: set[Hashable] = set()
        for answer in chain(*self.answers_by_way(component)):
            if answer not in found:
                found.add(answer)
                yield answer

    def answers_by_way(self, component: Component) -> tuple[Iterator[Hashable], Iterator[Hashable]]:
        """One answer for each way through the diagram; and, once that is used up, all others.

        Those differ from the first in days alone: who needs to know only what all answers share can mostly
        stop before every day has been tried.
        """
        component = self.left(component)
        rest: list[Iterator[Hashable]] = []

        def first() -> Iterator[Hashable]:
            seen: set[tuple[object, ...]] = set()
            stack = [(component.root, self.all_masks(component))]
            while stack:
                node, masks = stack.pop()
                key = (node, *relevant(masks, node.support | component.outputs))
                if key in seen:
                    continue
                seen.add(key)
                if node.variable is not None:
                    stack.extend((node.children[i], m) for i, m in self.branches(node.variable, masks))
                else:
                    finished = self._finished(component, node.leaf, masks)
                    rest.append(finished)
                    yield next(finished)

        return first(), (answer for finished in rest for answer in finished)

    def ways(self, component: Component, wanted: Hashable) -> Iterator[dict[str, tuple[FactValue, ...]]]:
        """Each way to the leaf ``wanted``: what each unknown fact may be, in any combination."""
        component = self.left(component)
        stack = [(component.root, self.all_masks(component))]
        while stack:
            node, masks = stack.pop()
            if node.variable is not None:
                stack.extend((node.children[i], m) for i, m in self.branches(node.variable, masks))
            elif node.leaf == wanted:
                yield {f: tuple(self.candidates[f][i] for i in places(mask)) for f, mask in masks.items()}

    def way(self, component: Component, wanted: Hashable) -> dict[str, tuple[FactValue, ...]] | None:
        """One way to the leaf ``wanted``, or none if no completion leads there: what each fact may be."""
        component = self.left(component)
        seen: set[tuple[object, ...]] = set()
        stack = [(component.root, self.all_masks(component))]
        while stack:
            node, masks = stack.pop()
            key = (node, *relevant(masks, node.support))
            if key in seen:
                continue
            seen.add(key)
            if node.variable is not None:
                stack.extend((node.children[i], m) for i, m in self.branches(node.variable, masks))
            elif node.leaf == wanted:
                return {f: tuple(self.candidates[f][i] for i in places(mask)) for f, mask in masks.items()}
        return None

    def left(self, component: Component) -> Component:
        """What is left of a component's diagram once the known facts are followed."""
        return self._left[component]

    def all_masks(self, component: Component) -> Masks:
        facts = component.root.support | component.outputs
        return {fact: (1 << len(c)) - 1 for fact, c in self.candidates.items() if fact in facts}

    def value(self, fact: str, masks: Masks) -> FactValue | Unknown:
        """The value of a fact if it is known, or if one candidate only is left of it."""
        mask = masks.get(fact)
        if mask is None:
            return self.member.read(fact)
        if mask & (mask - 1):
            return Unknown.UNKNOWN
        return self.candidates[fact][mask.bit_length() - 1]

    def branches(self, variable: Variable, masks: Masks) -> Iterator[tuple[int, Masks]]:
        """The values that a variable can still have, each with the candidates that give it."""
        open_facts = [f for f in variable.facts if self.value(f, masks) is Unknown.UNKNOWN]
        if len(open_facts) == 2:  # an order of two unknown days: go through the days of one of them
            hub = max(open_facts, key=lambda fact: self.compared[fact])
            for single in bits(masks[hub]):
                yield from self.branches(variable, {**masks, hub: single})
        elif open_facts:
            fact = open_facts[0]
            for index, mask in enumerate(self._split(variable, fact, masks)):
                if mask & masks[fact]:
                    yield index, {**masks, fact: mask & masks[fact]}
        else:
            yield self._index(variable, [self.value(f, masks) for f in variable.facts]), masks

    def _split(self, variable: Variable, fact: str, masks: Masks) -> tuple[int, ...]:
        """For each value of a variable, the candidates of its one open fact that give it."""
        others = tuple(None if f == fact else self.value(f, masks) for f in variable.facts)
        key = (variable, fact, others)
        if key not in self._masks:
            split = [0] * len(variable.feature.values)
            for i, candidate in enumerate(self.candidates[fact]):
                values = [candidate if f == fact else o for f, o in zip(variable.facts, others, strict=True)]
                split[self._index(variable, values)] |= 1 << i
            self._masks[key] = tuple(split)
        return self._masks[key]

    def _finished(self, component: Component, leaf: Any, masks: Masks) -> Iterator[Hashable]:
        try:
            answer = component.finish(leaf, self.reader(masks))
        except UnknownFact as unknown:
            fact = unknown.fact
        else:
            yield answer
            return
        for single in bits(masks[fact]):
            yield from self._finished(component, leaf, {**masks, fact: single})

    def reader(self, masks: Masks) -> Read:
        def read(fact: str) -> FactValue:
            value = self.value(fact, masks)
            if value is Unknown.UNKNOWN:
                raise UnknownFact(fact)
            return self.vocabulary.atoms.happened(fact, value, self.day)

        return read


def of_anybody(vocabulary: Vocabulary, root: Node, day: date) -> tuple[Completions, Component]:
    """The completions of a member of whom nothing is known, asked about what a diagram says and no more."""
    component = Component(root, lambda leaf, _: leaf)
    return Completions(vocabulary, Member("", {}), day, (component,)), component


def places(mask: int) -> list[int]:
    """Which candidates are in a mask."""
    return [i for i in range(mask.bit_length()) if mask >> i & 1]


def bits(mask: int) -> Iterator[int]:
    """The masks of the single candidates in a mask."""
    while mask:
        single = mask & -mask
        yield single
        mask ^= single


def relevant(masks: Masks, support: frozenset[str]) -> tuple[int, ...]:
    """The masks of those facts that can still matter."""
    return tuple(mask for fact, mask in masks.items() if fact in support)
