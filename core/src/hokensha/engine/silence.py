"""Why a document is not owed: the first reason that applies, and the rule that says so.

What is said here explains a decision and changes none. Of a member of whom not all is known, a reason is told
where it is the same whatever the facts are; which facts it would take to tell is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias

from attrs import field, frozen

from hokensha.engine.assuming import supposed
from hokensha.engine.part import Part, one_question
from hokensha.engine.parts import Asked, asked_of, due_figures
from hokensha.facts import UNKNOWN, Member
from hokensha.features import (
    BOOLEANS,
    DAY_ASKED,
    Composition,
    Derived,
    Feature,
    MemberSituation,
    Situation,
    UnknownFact,
)
from hokensha.partial import Variable, followed, seen_on
from hokensha.policy import Bound, Rulebook
from hokensha.rules import (
    CARD_WORKS,
    IN_SCHEME,
    At,
    Basis,
    Because,
    Document,
    Exclusion,
    Ground,
    NotOwed,
    Presentation,
    Scheme,
    Trigger,
)
from hokensha.text import Label


@frozen(eq=False)
class Reason:
    """One reason for which a document may not be owed.

    Attributes:
        asked: Whether it applies.
        bound: The rule that says so; none if there is none.
    """

    because: Because
    asked: Part
    bound: Bound[Any] | None = None

    @property
    def first(self) -> str | None:
        """The figure of the day from which the document will be owed."""
        return due_figures(self.bound)[0] if self.bound and self.because is Because.NOT_DUE_YET else None

    def said(self, document: Document, first: date | None = None) -> NotOwed:
        """What is said of a document for this reason."""
        if self.bound is None:
            return NotOwed(document, self.because)
        return NotOwed(document, self.because, self.bound.rule.label, self.bound.terms.cites, first)


Verdict: TypeAlias = Callable[[Part], "bool | None"]
"""Whether a part's one question is answered with yes; none if that hangs on unknown facts."""
Contenders: TypeAlias = tuple[Reason, ...]
"""The reasons that may be the first to apply: one, or all triggers that are not due yet, if all is known."""


@frozen(eq=False)
class Unspoken:
    """Why a document is not owed to all members with one key, if it is not.

    Attributes:
        fixed: What is said, where that hangs on no day.
    """

    silence: Silence
    contenders: Contenders
    fixed: NotOwed | None

    @property
    def because(self) -> Because | None:
        """The reason; none if it hangs on what is not known."""
        return self.fixed.because if self.fixed else Because.NOT_DUE_YET

    def said(self, member: Member, on: date) -> NotOwed:
        """What is said of a member."""
        return self.fixed or self.silence.not_due(self.contenders, member, on)


@frozen(eq=False)
class Silence:
    """Why a document is not owed: all reasons, in the order in which the first that applies counts."""

    rulebook: Rulebook
    document: Document
    inside: Part
    reasons: tuple[Reason, ...]
    outside: int = field(init=False)
    """How many of the first reasons are those of who is not in the scheme."""

    @outside.default
    def _not_in_scheme(self) -> int:
        return sum(reason.because is Because.NOT_IN_SCHEME for reason in self.reasons)

    def unspoken(self, verdict: Verdict) -> Unspoken:
        """Why the document is not owed, if it is not, to whom this is the verdict on each reason."""
        found: list[Reason] = []
        sure, early = True, False
        inside = verdict(self.inside) is True  # mostly so: then that need not be asked reason by reason
        for reason in self.reasons[self.outside :] if inside else self.reasons:
            if early and reason.because is not Because.NOT_DUE_YET:
                break
            holds = verdict(reason.asked)
            if holds is False:
                continue
            found.append(reason)
            sure = sure and holds is True
            early = early or (holds is True and reason.because is Because.NOT_DUE_YET)
            if holds and not early:
                break
        return Unspoken(self, tuple(found), self._fixed(found, sure=sure))

    def _fixed(self, contenders: Sequence[Reason], *, sure: bool) -> NotOwed | None:
        """What is said of all; none if it is the day that is told, which is each member's own."""
        one, *others = contenders
        if any(each.because is not one.because for each in others):
            return NotOwed(self.document, None)
        if sure and one.because is Because.NOT_DUE_YET:
            return None
        return NotOwed(self.document, one.because) if others or not sure else one.said(self.document)

    def not_due(self, contenders: Contenders, member: Member, on: date) -> NotOwed:
        """That which will be due first is told, if all is known that tells it."""
        situation = MemberSituation(self.rulebook.vocabulary, member.facts, on)
        try:
            days = [(self._first_day(each, situation), each) for each in contenders]
        except UnknownFact:
            return NotOwed(self.document, Because.NOT_DUE_YET)
        first, reason = min(days, key=lambda pair: pair[0] or date.max)
        return reason.said(self.document, first)

    def _first_day(self, reason: Reason, situation: MemberSituation) -> date | None:
        value = self.rulebook.figures.evaluate(reason.first or "", situation.happened, situation.day)
        return value.last() if value else None


def asked_besides(rulebook: Rulebook, on: date) -> tuple[Part, ...]:
    """All that is asked to say why documents are not owed, each once."""
    every = silences(rulebook, on)
    asked = (reason.asked for silence in every for reason in silence.reasons)
    return tuple(dict.fromkeys((*(silence.inside for silence in every), *asked)))


def silences(rulebook: Rulebook, on: date) -> tuple[Silence, ...]:
    """For each document that the policy can issue why it may not be owed on a day."""
    return _silences(rulebook, rulebook.in_force(on))


@lru_cache(maxsize=64)
def _silences(rulebook: Rulebook, in_force: tuple[Bound[Any], ...]) -> tuple[Silence, ...]:
    issued = {bound.rule.document for bound in rulebook.rules(Trigger)}
    reasons = _Reasons(rulebook, in_force)
    documents = (document for document in rulebook.documents.values() if document in issued)
    inside = one_question(rulebook, "silence", "in-scheme", IN_SCHEME)
    return tuple(Silence(rulebook, each, inside, tuple(reasons.of(each))) for each in documents)


@frozen(eq=False)
class _Reasons:
    """The reasons that there are."""

    rulebook: Rulebook
    in_force: tuple[Bound[Any], ...]
    _made: dict[object, Reason] = field(factory=dict, init=False)
    """Those of several documents are made once."""

    def rules(self, kind: type[Any]) -> Iterator[Bound[Any]]:
        """The rules of a kind."""
        return (bound for bound in self.in_force if type(bound.rule) is kind)

    def reason(self, because: Because, holds: Feature[bool], bound: Bound[Any] | None = None) -> Reason:
        """A reason that applies where a feature holds."""
        key = because, holds.id, bound
        if key not in self._made:
            asked = one_question(self.rulebook, "silence", holds.id, holds)
            self._made[key] = Reason(because, asked, bound)
        return self._made[key]

    def of(self, document: Document) -> Iterator[Reason]:
        """Those for which a document may not be owed."""
        yield from self._not_in_scheme()
        for bound in self.rules(Exclusion):
            if bound.rule.document is document:
                yield self.reason(Because.EXCLUDED, bound.rule.holds, bound)
        triggers = [bound for bound in self.rules(Trigger) if bound.rule.document is document]
        asked = [(bound, asked_of(self.rulebook, bound)) for bound in triggers]
        for bound, each in asked:
            yield self.reason(Because.ALREADY_GIVEN, _feature("given", bound, _given(each)), bound)
        yield from self._serving(document)
        for bound, each in asked:
            if each.since is not None:
                yield self.reason(Because.NOT_DUE_YET, _feature("early", bound, _early(each)), bound)
        for bound in triggers:
            fact = bound.rule.met_since
            if bound.terms.basis is Basis.APPLICATION and fact in self.rulebook.catalogue:
                today = frozenset({(fact, DAY_ASKED)})
                would = supposed(self.rulebook, bound.rule.holds, today)
                yield self.reason(Because.NOT_APPLIED_FOR, would, bound)
        yield self.reason(Because.NO_RULE, _ALWAYS)

    def _not_in_scheme(self) -> Iterator[Reason]:
        """A ground that says it, if one does: such a ground gives no claim; else the rule that fails."""
        for bound in self.rules(Ground):
            if bound.terms.claim == "none" and bound.unusable:
                outside = _feature("outside", bound, _outside(bound.rule.holds))
                yield self.reason(Because.NOT_IN_SCHEME, outside, bound)
        for bound in self.rules(Scheme):
            failing = _feature("fails", bound, _failing(bound.rule.holds))
            yield self.reason(Because.NOT_IN_SCHEME, failing, bound)

    def _serving(self, document: Document) -> Iterator[Reason]:
        """What serves where there is a reader, and needs none of the document; see ``stranded``."""
        shown = [b for b in self.rules(Presentation) if At.EQUIPPED in b.rule.at and not b.rule.uncertain]
        for bound in shown:
            if document not in bound.rule.shows:
                yield self.reason(Because.SERVES_ALREADY, bound.rule.holds, bound)
        if not shown:
            if self.rulebook.relied_on is not None:
                yield self.reason(Because.SERVES_ALREADY, CARD_WORKS)
            for other in self.rulebook.documents.values():
                if other.serves_alone and other is not document:
                    yield self.reason(Because.SERVES_ALREADY, other.valid)


_ALWAYS = Derived("no-rule", Label("交付の定めなし", "no rule"), BOOLEANS, lambda _: True)


def _feature(kind: str, bound: Bound[Any], function: Composition) -> Derived[bool]:
    return Derived(f"{kind}:{bound.rule.id}", bound.rule.label, BOOLEANS, function)


def _outside(ground: Feature[bool]) -> Composition:
    return lambda s: not s[IN_SCHEME] and s[ground]


def _failing(scheme: Feature[bool]) -> Composition:
    return lambda s: not s[scheme]


def _given(asked: Asked) -> Composition:
    def given(s: Situation) -> bool:
        in_time = (not asked.since or s[asked.since]) and (not asked.last or s[asked.last])
        return in_time and asked.holds(s) and asked.met(s)

    return given


def _early(asked: Asked) -> Composition:
    since = asked.since
    return lambda s: since is not None and not s[since] and asked.holds(s)


def by_asking(asked: Part, situation: MemberSituation) -> bool | None:
    """Whether a part's one question is answered with yes; none if that hangs on unknown facts."""
    with suppress(UnknownFact):
        return bool(asked.leaf(situation))
    vocabulary, get = asked.rulebook.vocabulary, situation.facts.get

    def index(variable: Variable) -> int | None:
        values = [get(fact, UNKNOWN) for fact in variable.facts]
        if UNKNOWN in values:
            return None
        day = seen_on(vocabulary, variable, situation.day)
        return variable.feature.values.index(vocabulary.atoms.classifier(variable.feature, day)(*values))

    left = followed(asked.diagram(), index, {})
    if left.variable is not None:
        return None
    return bool(
        left.leaf if isinstance(left.leaf, int) else asked.component(situation.day).finish(left.leaf, get)
    )
