"""What is asked for a decision: its parts, made of the rules that are in force on a day.

A trigger's document is owed in the scheme, if the trigger holds, it is due, was not given, and nothing
excludes the member from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any, Final, TypeVar

from attrs import evolve, frozen

from hokensha.dates import NOT_STATED, DayValue, Modality, Read
from hokensha.engine.part import NOTHING, Finish, Hangs, Part, one_question
from hokensha.engine.refusing import stated
from hokensha.errors import Finding, PolicyError
from hokensha.facts import UNKNOWN, FactValue, Unknown
from hokensha.features import (
    BOOLEANS,
    Composition,
    Derived,
    Feature,
    Order,
    Reached,
    Sequence,
    Situation,
    Within,
)
from hokensha.policy import Bound, Rulebook
from hokensha.rules import (
    CARD_WORKS,
    HELD,
    IN_SCHEME,
    SCHEME_LAST_DAY,
    Basis,
    Document,
    DocumentState,
    Due,
    Exclusion,
    Ground,
    HeldGround,
    Issuance,
    Return,
    ReturnDue,
    Trigger,
    Yearly,
)
from hokensha.text import Label


@frozen(eq=False)
class Asked:
    """What is asked of a trigger.

    Attributes:
        owed: Whether its document is owed on the day asked.
        holds: Whether it holds.
        since: Whether it is due by now; none if it is at once.
        last: Whether it is not over yet; none if it never is.
        met: Whether the document was given.
    """

    owed: Derived[bool]
    holds: Composition
    since: Feature[bool] | None
    last: Feature[bool] | None
    met: Composition


def owed(rulebook: Rulebook, bound: Bound[Trigger]) -> Derived[bool]:
    """The feature that says whether the document of a trigger is owed on the day asked.

    Raises:
        PolicyError: The trigger asks for something that its document cannot answer.
    """
    return asked_of(rulebook, bound).owed


@lru_cache(maxsize=4096)
def asked_of(rulebook: Rulebook, bound: Bound[Trigger]) -> Asked:
    """What is asked of a trigger for its document to be owed.

    Raises:
        PolicyError: The trigger asks for something that its document cannot answer.
    """
    rule, terms = bound.rule, bound.terms
    met = _met(rulebook, bound)
    first, _ = due_figures(bound)
    since = _day(Reached, first, "交付開始日に達した", "due by now") if first else None
    as_of = terms.as_of
    over = terms.due_through if terms.mass else None
    last = _day(Within, over, "交付期間内", "not over yet") if over else None

    excluded = [b.rule.feature for b in rulebook.rules(Exclusion) if b.rule.document is rule.document]

    def holds(s: Situation) -> bool:
        return (s.at(as_of) if as_of else s)[rule.holds]

    def is_owed(s: Situation) -> bool:
        in_time = s[IN_SCHEME] and (not since or s[since]) and (not last or s[last])
        return in_time and holds(s) and not met(s) and not any(s[each] for each in excluded)

    return Asked(Derived(f"owed:{rule.id}", rule.label, BOOLEANS, is_owed), holds, since, last, met)


def due_figures(bound: Bound[Trigger]) -> tuple[str | None, str | None]:
    """The figures of the first day on which a trigger's document is due, and of the last."""
    if bound.yearly is not None:
        return bound.yearly.names[:2]
    return bound.terms.due_from, bound.terms.due_through


def carried_out(issuance: Issuance, on: date) -> dict[str, FactValue | Unknown]:
    """The facts of a member that change when a document is issued on a day as it was owed.

    Facts are about the latest one, and that has not come back.
    """
    document, until = issuance.document, issuance.valid_until
    facts: dict[str, FactValue | Unknown] = {}
    if document.issued_on is not None:
        facts[document.issued_on] = on
    if document.valid_until is not None:
        facts[document.valid_until] = UNKNOWN if until is None else until.last()
    if document.returned_on is not None:
        facts[document.returned_on] = None
    return facts


def _day(kind: type[Reached | Within], figure: str, ja: str, en: str) -> Feature[bool]:
    return kind(f"{kind.__name__.lower()}:{figure}", Label(ja, en), BOOLEANS, figure)


def _met(rulebook: Rulebook, bound: Bound[Trigger]) -> Composition:
    rule = bound.rule
    valid, issued_on = rule.document.valid, rule.document.issued_on
    if rule.met_since is not None:
        if issued_on is None:
            raise _unanswerable(rulebook, rule, "when the document was issued is no fact")
        issued, term = _order(rulebook, issued_on, rule.met_since), rule.document.in_term
        if rule.document.serves_alone:  # an application is answered once, however short the term
            return lambda s: s[issued] is Sequence.SINCE
        return lambda s: s[issued] is Sequence.SINCE and s[term]  # a notice that has ended is sent again
    if not rule.document.dated:
        raise _unanswerable(rulebook, rule, "whether the document was given is no fact")
    if bound.yearly is not None:
        return _valid_next(rulebook, bound, bound.yearly)
    if rule.met_after is not None:
        if rule.document.valid_until is None:
            raise _unanswerable(rulebook, rule, "the document has no end to compare with a loss")
        return _valid_after(rulebook, bound, rule.document.valid_until, rule.met_after)
    return lambda s: s[valid]


def _valid_after(rulebook: Rulebook, bound: Bound[Trigger], end: str, last: str) -> Composition:
    """A document is valid, and still is on the day after the last one before a loss: the earliest of these.

    Once that day has come, validity on the day asked is what counts.
    """
    held, lost = bound.rule.document.valid, _lies(rulebook, end, last, after=True)
    lasting = _lasting(rulebook, bound, end)

    def valid(s: Situation) -> bool:
        if not s[held]:
            return False
        ends = set(lost(s))
        # A document without an end, or no loss to compare it with, leaves nothing to be owed.
        return Sequence.SINCE in ends or Sequence.BEFORE not in ends or lasting(s)

    return valid


def _valid_next(rulebook: Rulebook, bound: Bound[Trigger], window: Yearly) -> Composition:
    """A document is valid, and still is on the day after the window of this year."""
    document, (*_, after) = bound.rule.document, window.names
    end = document.valid_until
    lasting = _lasting(rulebook, bound, end) if end is not None else lambda _: False
    return lambda s: s[document.valid] and (s.at(after)[document.in_term] or lasting(s.at(after)))


def _lasting(rulebook: Rulebook, bound: Bound[Trigger], end: str) -> Composition:
    """The one that is held ends no earlier than one would that is issued: or that came again in every run."""
    validity = rulebook.validity(bound.rule.document, bound.terms.purpose)
    figures = (validity.terms.figure if validity else None, SCHEME_LAST_DAY)
    parts = [_lies(rulebook, end, figure) for figure in figures if figure]
    return lambda s: any(Sequence.SINCE in part(s) for part in parts)


def _lies(
    rulebook: Rulebook, fact: str, figure: str, *, after: bool = False
) -> Callable[[Situation], Iterator[Sequence]]:
    """How a dated fact lies to each of the simple figures behind a figure that apply to a member.

    Args:
        after: To the day after each of them.
    """
    day = rulebook.figures.day_after if after else str
    applying = rulebook.vocabulary.applying(figure)
    parts = [(applies, _order(rulebook, fact, day(part))) for applies, part in applying]
    return lambda s: (s[order] for applies, order in parts if applies(s))


@lru_cache(maxsize=4096)  # a question that several triggers ask is one
def _order(rulebook: Rulebook, fact: str, since: str) -> Order:
    return Order(f"{fact}:{since}", rulebook.catalogue[fact].label, tuple(Sequence), fact, since)


def _unanswerable(rulebook: Rulebook, rule: Trigger, why: str) -> PolicyError:
    return PolicyError(Finding(f"{rulebook.policy.path}: rules.{rule.id}", why, "bad-rule"))


PART_KINDS: Final = ("in-scheme", "usable", "card-valid-until", "ground", "issuance", "return", "document")
"""The kinds of parts, in the order in which a decision has them."""
R = TypeVar("R", Trigger, Return)


@lru_cache(maxsize=1024)
def parts(rulebook: Rulebook, on: date) -> tuple[Part, ...]:
    """The parts of every decision of a policy on a day; made once for the days with the same rules."""
    return _parts(rulebook, rulebook.in_force(on))


@lru_cache(maxsize=64)
def _parts(rulebook: Rulebook, in_force: tuple[Bound[Any], ...]) -> tuple[Part, ...]:
    return tuple(_Parts(rulebook, in_force).made())


def sourced(
    rulebook: Rulebook, on: date, grounds: Iterable[HeldGround], issuances: Iterable[Issuance]
) -> tuple[Issuance, ...]:
    """What is owed, with the sources of the grounds that hold where a trigger rests on whichever does."""
    resting = _resting(rulebook.in_force(on))
    if not resting:
        return tuple(issuances)
    found = []
    for each in issuances:
        claims = resting.get(each.trigger or "", frozenset())
        further = (cite for ground in grounds if ground.id in claims for cite in ground.cites)
        found.append(evolve(each, cites=tuple(dict.fromkeys((*each.cites, *further)))))
    return tuple(found)


@lru_cache(maxsize=64)
def _resting(in_force: tuple[Bound[Any], ...]) -> Mapping[str, frozenset[str]]:
    """The triggers that cite grounds, each with those that it can rest on: on application all that claim."""
    grounds = {b.rule.id: b.terms.claim for b in in_force if isinstance(b.rule, Ground)}
    every = frozenset(id_ for id_, claim in grounds.items() if claim != "none")
    automatic = frozenset(id_ for id_ in every if grounds[id_] != "application")
    citing = (b for b in in_force if isinstance(b.rule, Trigger) and b.terms.cites_grounds)
    return {b.rule.id: every if b.terms.basis is Basis.APPLICATION else automatic for b in citing}


def capped(rulebook: Rulebook, value: DayValue, read: Read, on: date) -> DayValue:
    """No document serves beyond the last day in the scheme: a stated day is cut to it."""
    end = rulebook.figures.evaluate(SCHEME_LAST_DAY, read, on)
    last = end.last() if end else None
    return value.capped(last, end.cites) if end and last else value


def with_member(held: Feature[bool], due: Feature[bool]) -> Feature[bool]:
    """What is due of a document while it is with the member: neither never given nor come back."""
    return Derived(f"with-member:{due.id}", due.label, BOOLEANS, lambda s: s[held] and s[due])


def _winner(holding: list[Bound[Trigger]]) -> Bound[Trigger]:
    """A yearly renewal wins, else an application that was made, else the first in the policy's order."""
    yearly = (bound for bound in holding if bound.yearly is not None)
    applied = (bound for bound in holding if bound.terms.basis is Basis.APPLICATION)
    return next(chain(yearly, applied, holding))


def _counted_from(bound: Bound[Trigger]) -> str | None:
    """The figure of the day from which the term of what is issued counts; none is the day of issue."""
    return bound.yearly.names[2] if bound.yearly is not None else None


def _owed_together(rulebook: Rulebook, triggers: tuple[Bound[Trigger], ...]) -> tuple[Derived[bool], ...]:
    """What is owed on each trigger; a yearly one takes over in its window, even where it was met itself.

    Whoever is owed one then on whatever other trigger gets the one of the coming year.
    """
    every = tuple(owed(rulebook, bound) for bound in triggers)
    return tuple(
        _taking_over(asked_of(rulebook, bound), every) if bound.yearly is not None else each
        for bound, each in zip(triggers, every, strict=True)
    )


def _taking_over(renewal: Asked, every: tuple[Derived[bool], ...]) -> Derived[bool]:
    own, since, holds = renewal.owed, renewal.since, renewal.holds

    def takes_over(s: Situation) -> bool:
        return s[own] or ((not since or s[since]) and holds(s) and any(s[each] for each in every))

    return Derived(f"renews:{own.id}", own.label, BOOLEANS, takes_over)


def _earliest(days: list[DayValue | None]) -> DayValue | None:
    return min(filter(None, days), key=lambda day: day.last() or date.max, default=None)


@frozen(eq=False)
class _Parts:
    rulebook: Rulebook
    in_force: tuple[Bound[Any], ...]

    def made(self) -> Iterator[Part]:
        card, documents = self.rulebook.relied_on, self.rulebook.documents.values()
        yield one_question(self.rulebook, "in-scheme", "", IN_SCHEME, always=True)
        if card is not None:
            yield one_question(self.rulebook, "usable", "", CARD_WORKS, always=True)
            yield self.card_valid_until(card)
        for ground in (b for b in self.in_force if isinstance(b.rule, Ground)):
            yield self.ground(ground)
        for document in documents:
            if triggers := self.rules(Trigger, document):
                yield self.issuance(document, triggers)
        for document in documents:
            if returns := self.rules(Return, document):
                yield self.returned(document, returns)
        yield from (self.document(document) for document in documents if document.dated)

    def rules(self, kind: type[R], document: Document) -> tuple[Bound[R], ...]:
        return tuple(b for b in self.in_force if type(b.rule) is kind and b.rule.document is document)

    def card_valid_until(self, card: Document) -> Part:
        last_day = card.last_day or ""

        figures = self.rulebook.figures.given  # there is a card, or nothing is asked of its last day

        def finish(leaf: int, read: Read, on: date) -> DayValue:
            return (leaf and figures.evaluate(last_day, read, on)) or NOT_STATED

        hangs = Hangs((last_day,), given=True) if last_day else NOTHING
        tests = (card.at_hand,) if last_day else ()
        return Part(
            self.rulebook,
            "card-valid-until",
            "",
            tests,
            finish,
            lambda leaf: hangs if leaf else NOTHING,
            hangs.all_facts(self.rulebook.figures),
            always=True,
        )

    def ground(self, bound: Bound[Ground]) -> Part:
        held = HeldGround(bound.rule.id, bound.rule.label, bound.terms.cites)
        tests = (bound.rule.feature,)
        return Part(self.rulebook, "ground", held.id, tests, lambda leaf, _read, _on: held if leaf else None)

    def issuance(self, document: Document, triggers: tuple[Bound[Trigger], ...]) -> Part:
        ends = {purpose: self._end(document, purpose) for purpose in (b.terms.purpose for b in triggers)}

        @lru_cache(maxsize=256)
        def hangs(leaf: int) -> Hangs:
            return self._hangs([b for index, b in enumerate(triggers) if leaf >> index & 1], ends)

        outputs = hangs((1 << len(triggers)) - 1).all_facts(self.rulebook.figures)
        tests, finish = _owed_together(self.rulebook, triggers), self._issued(triggers, ends)
        return Part(self.rulebook, "issuance", document.id, tests, finish, hangs, outputs)

    def _hangs(self, holding: list[Bound[Trigger]], ends: Mapping[str, str | None]) -> Hangs:
        """What the days of a document hang on that is owed on these triggers."""
        capping = {(ends[b.terms.purpose], _counted_from(b)): None for b in holding}
        terms = dict.fromkeys(name for name, _ in capping if name)
        dues = [name for b in holding for name in due_figures(b) if name]
        differing = {group for b in holding for group in (*b.terms.channels, *b.terms.forms)}
        groups = (fact for name, (fact, _) in self.rulebook.groups.items() if name in differing)
        return Hangs((*terms, *dues), tuple(capping), frozenset(groups))

    def _end(self, document: Document, purpose: str) -> str | None:
        validity = self.rulebook.validity(document, purpose)
        return validity.terms.figure if validity else None

    def _issued(self, triggers: tuple[Bound[Trigger], ...], ends: Mapping[str, str | None]) -> Finish:
        figures = self.rulebook.figures

        def finish(leaf: int, read: Read, on: date) -> Issuance | None:
            holding = [bound for index, bound in enumerate(triggers) if leaf >> index & 1]
            if not holding:
                return None
            won = _winner(holding)
            terms, end = won.terms, ends[won.terms.purpose]
            counted_from = _counted_from(won)
            base = self.rulebook.vocabulary.fixed_day(counted_from, on) if counted_from else on
            until = (figures.evaluate(end, read, base, base=base) if end else None) or NOT_STATED
            until = stated(self.rulebook, end, until, base) if end else until
            return Issuance(
                won.rule.document,
                won.rule.id,
                terms.basis,
                self._due(holding, read, on),
                capped(self.rulebook, until, read, on),
                terms.medium,
                self._meant(read, terms.channel, terms.channels),
                self._meant(read, terms.form, terms.forms),
                won.rule.label,
                tuple(dict.fromkeys(cite for b in (won, *holding) for cite in b.terms.cites)),
            )

        return finish

    def _meant(self, read: Read, usual: str | None, others: Mapping[str, str]) -> str | None:
        """What is meant for a member: of the groups for which it differs, the first that the member is in."""
        for name, (fact, value) in self.rulebook.groups.items() if others else ():
            if name in others and read(fact) == value:
                return others[name]
        return usual

    def _due(self, holding: list[Bound[Trigger]], read: Read, on: date) -> Due:
        """Due as early as any that holds: at once is before any day, and a last day before none."""
        firsts = [self._first_due(bound, read, on) for bound in holding]
        lasts = [self._day(due_figures(bound)[1], read, on) for bound in holding]
        first, last = _earliest(firsts) if all(firsts) else None, _earliest(lasts)
        stated = [day for day in (first, last) if day]
        approximate = any(day.approximate or day.modality is Modality.ABOUT for day in stated)
        planned = any(day.planned for day in stated)
        first_day, last_day = (day.last() if day else None for day in (first, last))
        return Due(first_day, last_day, approximate, planned)

    def _first_due(self, bound: Bound[Trigger], read: Read, on: date) -> DayValue | None:
        """Nothing is due before the rule itself was in force."""
        day = self._day(due_figures(bound)[0], read, on)
        begun = min(terms.since or date.min for terms in self.rulebook.policy.rules[bound.rule.id])
        return DayValue(Modality.EXACT, begun) if day and (day.last() or begun) < begun else day

    def _day(self, figure: str | None, read: Read, on: date) -> DayValue | None:
        day = self.rulebook.figures.evaluate(figure, read, on) if figure else None
        return day if day and day.last() else None

    def returned(self, document: Document, returns: tuple[Bound[Return], ...]) -> Part:
        due = [ReturnDue(document, b.rule.action, b.rule.label, b.terms.cites) for b in returns]

        def finish(leaf: int, _read: Read, _on: date) -> ReturnDue | None:
            return next((item for index, item in enumerate(due) if leaf >> index & 1), None)

        tests = tuple(with_member(document.at_hand, b.rule.feature) for b in returns)
        return Part(self.rulebook, "return", document.id, tests, finish)

    def document(self, document: Document) -> Part:
        """Was it given, and is it valid; its last day is what is printed, cut by the policy's earlier end."""
        figure = self._end(document, HELD)

        def serves(s: Situation) -> bool:
            return s[IN_SCHEME] and s[document.valid]

        def finish(leaf: int, read: Read, on: date) -> DocumentState | None:
            if not leaf & 1:
                return None
            value = (self.rulebook.figures.evaluate(figure, read, on) if figure else None) or NOT_STATED
            return DocumentState(document, bool(leaf & 2), capped(self.rulebook, value, read, on))

        tests = (document.given, Derived(f"serves:{document.id}", document.valid.label, BOOLEANS, serves))
        hangs = Hangs((figure,) if figure else (), ((figure, None),))
        outputs = hangs.all_facts(self.rulebook.figures)
        return Part(
            self.rulebook,
            "document",
            document.id,
            tests,
            finish,
            lambda leaf: hangs if leaf & 1 else NOTHING,
            outputs,
        )
