"""The parts of a decision, each a few yes-or-no questions about a situation and a way to finish its answer.

A part's questions become one number (bit ``i`` for question ``i``). Finishing reads raw facts for the days
that are answered. A member whose facts are all known is asked directly; what is unknown goes through
the same questions' diagram.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from operator import or_
from typing import Any, TypeAlias

from attrs import frozen

from hokensha.dates import NOT_STATED, DayValue, Modality, Read
from hokensha.engine.owed import owed
from hokensha.features import BOOLEANS, Derived, Feature, Situation
from hokensha.partial import Node, Raised
from hokensha.policy import Bound, Rulebook
from hokensha.rules import (
    CARD_WORKS,
    IN_SCHEME,
    SCHEME_LAST_DAY,
    Basis,
    Document,
    DocumentState,
    Due,
    Ground,
    HeldGround,
    Issuance,
    Return,
    ReturnDue,
    Trigger,
    Validity,
)

Finish: TypeAlias = Callable[[int, Read, date], Hashable]

HELD = "held"
"""The purpose under which a policy says how a document that is held ends early; not asked for by users."""
KINDS = ("usable", "card-valid-until", "ground", "issuance", "return", "document")
"""The kinds of parts, in the order in which a decision has them."""


@frozen(eq=False)
class Part:
    """One part of a decision.

    Attributes:
        kind: One of :data:`KINDS`.
        name: Which ground or document; empty where there is but one.
        tests: The questions.
        finish: From the questions' answers, raw facts and the day asked to what is said.
        reads: The facts that ``finish`` may read, but for the last day in the scheme.
        capped: The figures whose days ``finish`` cuts to the last day in the scheme.
        outputs: All facts that ``finish`` may read.
        always: Whether there is something to say also when no question is answered with yes.
    """

    kind: str
    name: str
    tests: tuple[Feature[bool], ...]
    finish: Finish
    reads: frozenset[str] = frozenset()
    capped: tuple[str, ...] = ()
    outputs: frozenset[str] = frozenset()
    always: bool = False

    def leaf(self, situation: Situation) -> int:
        """The questions' answers for one situation, as bits."""
        if len(self.tests) == 1:  # most parts: spares each member a loop
            return 1 if situation[self.tests[0]] else 0
        answer = 0
        for index, test in enumerate(self.tests):
            if situation[test]:
                answer |= 1 << index
        return answer

    def diagram(self, rulebook: Rulebook) -> Node:
        """The same answers over every situation."""
        return _diagram(rulebook, self.tests)


@lru_cache(maxsize=8192)
def _diagram(rulebook: Rulebook, tests: tuple[Feature[bool], ...]) -> Node:
    diagrams = rulebook.diagrams
    root = diagrams.leaf(0)
    for index, test in enumerate(tests):
        weights = {value: diagrams.leaf(int(value) << index) for value in BOOLEANS}
        root = diagrams.combine(_either, root, diagrams.select(test, weights))
    return root


def _either(one: Any, other: Any) -> Any:
    for leaf in (one, other):
        if isinstance(leaf, Raised):
            return leaf
    return or_(one, other)


@lru_cache(maxsize=1024)
def parts(rulebook: Rulebook, on: date) -> tuple[Part, ...]:
    """The parts of every decision of a policy on a day; made once for the days with the same rules."""
    return _parts(rulebook, rulebook.in_force(on))


@lru_cache(maxsize=64)
def _parts(rulebook: Rulebook, in_force: tuple[Bound[Any], ...]) -> tuple[Part, ...]:
    return tuple(_made(rulebook, in_force))


def _made(rulebook: Rulebook, in_force: tuple[Bound[Any], ...]) -> Iterator[Part]:
    card, documents = rulebook.relied_on, rulebook.documents.values()
    if card is not None:
        yield one_question("usable", "", CARD_WORKS, always=True)
        yield _card_valid_until(rulebook, card)
    for ground in (b for b in in_force if isinstance(b.rule, Ground)):
        yield Part("ground", ground.rule.id, (ground.rule.feature,), _held(ground))
    for document in documents:
        triggers = tuple(b for b in in_force if isinstance(b.rule, Trigger) and b.rule.document is document)
        if triggers:
            yield _issuance(rulebook, document, triggers)
    for document in documents:
        returns = tuple(b for b in in_force if isinstance(b.rule, Return) and b.rule.document is document)
        if returns:
            tests = tuple(with_member(document.at_hand, b.rule.feature) for b in returns)
            yield Part("return", document.id, tests, _return(returns))
    for document in documents:
        if document.dated:
            yield _document(rulebook, document)


def _held(ground: Bound[Ground]) -> Finish:
    held = HeldGround(ground.rule.id, ground.rule.label, ground.terms.cites)

    def finish(leaf: int, _read: Read, _on: date) -> HeldGround | None:
        return held if leaf else None

    return finish


def one_question(kind: str, name: str, test: Feature[bool], *, always: bool = False) -> Part:
    """A part with a single question, of which nothing but the answer is said."""
    return Part(kind, name, (test,), lambda leaf, _read, _on: bool(leaf), always=always)


def _card_valid_until(rulebook: Rulebook, card: Document) -> Part:
    last_day = card.last_day or ""

    def finish(leaf: int, read: Read, on: date) -> DayValue:
        return (rulebook.figures.evaluate(last_day, read, on) or NOT_STATED) if leaf else NOT_STATED

    reads = frozenset(rulebook.figures.facts(last_day)) if card.last_day else frozenset[str]()
    tests = (card.at_hand,) if card.last_day else ()
    return Part("card-valid-until", "", tests, finish, reads, (), reads, always=True)


def capped(rulebook: Rulebook, value: DayValue, read: Read, on: date) -> DayValue:
    """A stated day does not lie beyond the last day in the scheme: no document serves longer."""
    if value.bound() is None:
        return value
    end = rulebook.figures.evaluate(SCHEME_LAST_DAY, read, on)
    last = end.bound() if end else None
    return value.capped(last, end.cites) if end and last else value


def _issuance(rulebook: Rulebook, document: Document, triggers: tuple[Bound[Trigger], ...]) -> Part:
    figures = rulebook.figures
    validities = {b.terms.purpose: rulebook.validity(document, b.terms.purpose) for b in triggers}
    ends = tuple(v.terms.figure for v in validities.values() if v and v.terms.figure)
    reads = {fact for name in ends for fact in figures.facts(name)}
    for bound in triggers:
        names = filter(None, (bound.terms.due_from, bound.terms.due_through))
        reads.update(fact for name in names for fact in figures.facts(name))
        said = bound.terms
        for name, (fact, _) in rulebook.groups.items():
            reads.update([fact] if name in (*said.channels, *said.forms) else [])

    def finish(leaf: int, read: Read, on: date) -> Issuance | None:
        holding = [bound for index, bound in enumerate(triggers) if leaf >> index & 1]
        if not holding:
            return None
        won, due = _winner(rulebook, holding, read, on)
        terms = won.terms
        validity = validities[terms.purpose]
        cites = tuple(dict.fromkeys(cite for b in (won, *holding) for cite in b.terms.cites))
        return Issuance(
            document,
            won.rule.id,
            terms.basis,
            due,
            capped(rulebook, _issued_until(rulebook, validity, read, on), read, on),
            terms.medium,
            _for(rulebook, read, terms.channel, terms.channels),
            _for(rulebook, read, terms.form, terms.forms),
            won.rule.label,
            cites,
        )

    tests = tuple(owed(rulebook, b) for b in triggers)
    outputs = frozenset(reads.union(figures.facts(SCHEME_LAST_DAY)))
    return Part("issuance", document.id, tests, finish, frozenset(reads), ends, outputs)


def _for(rulebook: Rulebook, read: Read, usual: str | None, others: Mapping[str, str]) -> str | None:
    """What is meant for a member: of the groups for which it differs, the first that the member is in."""
    for name, (fact, value) in rulebook.groups.items() if others else ():
        if name in others and read(fact) == value:
            return others[name]
    return usual


def _issued_until(rulebook: Rulebook, validity: Bound[Validity] | None, read: Read, on: date) -> DayValue:
    if validity is None or validity.terms.figure is None:
        return NOT_STATED
    return rulebook.figures.evaluate(validity.terms.figure, read, on, base=on) or NOT_STATED


def _winner(
    rulebook: Rulebook, holding: list[Bound[Trigger]], read: Read, on: date
) -> tuple[Bound[Trigger], Due]:
    """An application that was made wins, else the earliest first day due, else the policy's order."""
    dues = [(bound, _due(rulebook, bound, read, on)) for bound in holding]
    return min(
        dues,
        key=lambda pair: (pair[0].terms.basis is not Basis.APPLICATION, pair[1].first or date.min),
    )


def _due(rulebook: Rulebook, bound: Bound[Trigger], read: Read, on: date) -> Due:
    days = [
        rulebook.figures.evaluate(name, read, on) if name else None
        for name in (bound.terms.due_from, bound.terms.due_through)
    ]
    stated = [day for day in days if day]
    first, through = (day.bound() if day else None for day in days)
    return Due(
        first,
        through,
        any(day.approximate or day.modality is Modality.ABOUT for day in stated),
        any(day.planned for day in stated),
    )


def with_member(held: Feature[bool], due: Feature[bool]) -> Feature[bool]:
    """A document that has come back, or was never given, cannot be returned."""
    return Derived(f"with-member:{due.id}", due.label, BOOLEANS, lambda s: s[held] and s[due])


def _return(returns: tuple[Bound[Return], ...]) -> Finish:
    due = [ReturnDue(b.rule.document, b.rule.action, b.rule.label, b.terms.cites) for b in returns]

    def finish(leaf: int, _read: Read, _on: date) -> ReturnDue | None:
        return next((item for index, item in enumerate(due) if leaf >> index & 1), None)

    return finish


def _document(rulebook: Rulebook, document: Document) -> Part:
    """Was it given, and is it valid; its last day is what is printed, cut by the policy's earlier end."""

    def serves(s: Situation) -> bool:
        return s[IN_SCHEME] and s[document.valid]

    held_until = rulebook.validity(document, HELD)
    figure = held_until.terms.figure if held_until else None
    ends = (figure,) if figure else ()
    reads = frozenset(fact for name in ends for fact in rulebook.figures.facts(name))

    def finish(leaf: int, read: Read, on: date) -> DocumentState | None:
        if not leaf & 1:
            return None
        value = rulebook.figures.evaluate(figure, read, on) if figure else None
        return DocumentState(document, bool(leaf & 2), capped(rulebook, value or NOT_STATED, read, on))

    tests = (document.given, Derived(f"serves:{document.id}", document.valid.label, BOOLEANS, serves))
    outputs = reads.union(rulebook.figures.facts(SCHEME_LAST_DAY))
    return Part("document", document.id, tests, finish, reads, ends, outputs)
