"""When a trigger's document is owed: in the scheme, the trigger holds, it is due, and was not given."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

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
from hokensha.rules import IN_SCHEME, SCHEME_LAST_DAY, Issuance, Trigger
from hokensha.text import Label


@lru_cache(maxsize=4096)
def owed(rulebook: Rulebook, bound: Bound[Trigger]) -> Derived[bool]:
    """The feature that says whether the document of a trigger is owed on the day asked.

    Raises:
        PolicyError: The trigger asks for something that its document cannot answer.
    """
    rule, terms = bound.rule, bound.terms
    given = _given(rulebook, rule)
    since = terms.due_from and _day(Reached, terms.due_from, "交付開始日に達した", "due by now")
    as_of = terms.as_of
    last = terms.mass and terms.due_through and _day(Within, terms.due_through, "交付期間内", "not over yet")

    def is_owed(s: Situation) -> bool:
        return (
            s[IN_SCHEME]
            and (not since or s[since])
            and (not last or s[last])
            and (s.at(as_of) if as_of else s)[rule.holds]
            and not given(s)
        )

    return Derived(f"owed:{rule.id}", rule.label, BOOLEANS, is_owed)


def carried_out(issuance: Issuance, on: date) -> dict[str, FactValue | Unknown]:
    """The facts of a member that change when a document is issued on a day as it was owed.

    Facts are about the latest one, and that has not come back.
    """
    document, until = issuance.document, issuance.valid_until
    facts: dict[str, FactValue | Unknown] = {}
    if document.issued_on is not None:
        facts[document.issued_on] = on
    if document.valid_until is not None:
        facts[document.valid_until] = UNKNOWN if until is None else until.bound()
    if document.returned_on is not None:
        facts[document.returned_on] = None
    return facts


def _day(kind: type[Reached | Within], figure: str, ja: str, en: str) -> Feature[bool]:
    return kind(f"{kind.__name__.lower()}:{figure}", Label(ja, en), BOOLEANS, figure)


def _given(rulebook: Rulebook, rule: Trigger) -> Composition:
    valid, issued_on = rule.document.valid, rule.document.issued_on
    if rule.met_since is not None:
        if issued_on is None:
            raise _unanswerable(rulebook, rule, "when the document was issued is no fact")
        issued = _order(rulebook, issued_on, rule.met_since)
        return lambda s: s[issued] is Sequence.SINCE
    if not rule.document.dated:
        raise _unanswerable(rulebook, rule, "whether the document was given is no fact")
    if rule.met_after is not None:
        if rule.document.valid_until is None:
            raise _unanswerable(rulebook, rule, "the document has no end to compare with a loss")
        return _valid_after(rulebook, valid, rule.document.valid_until, rule.met_after)
    return lambda s: s[valid]


def _valid_after(rulebook: Rulebook, held: Feature[bool], end: str, loss: str) -> Composition:
    """A document is valid, and still is on the first day of the loss: the earliest of its parts.

    Once that day has come, validity on the day asked is what counts. A document that lasts to the member's
    last day in the scheme cannot last any longer: it will do, or it would be issued again in every run.
    """
    figures = rulebook.figures
    parts = [(_order(rulebook, end, part), figures[part][0].when) for part in figures.parts(loss)]
    if any(when for _, when in parts):
        raise PolicyError(Finding(f"figures.{loss}", "may not depend on 'when' here", "bad-value"))
    to_the_end = [
        _order(rulebook, end, part)
        for part in figures.parts(SCHEME_LAST_DAY)
        if not any(version.when for version in figures[part])
    ]

    def valid(s: Situation) -> bool:
        if not s[held]:
            return False
        ends = {s[order] for order, _ in parts}
        # A document without an end, or no loss to compare it with, leaves nothing to be owed.
        if Sequence.SINCE in ends or Sequence.BEFORE not in ends:
            return True
        return any(s[order] is Sequence.SINCE for order in to_the_end)

    return valid


@lru_cache(maxsize=4096)  # a question that several triggers ask is one
def _order(rulebook: Rulebook, fact: str, since: str) -> Order:
    return Order(f"{fact}:{since}", rulebook.catalogue[fact].label, tuple(Sequence), fact, since)


def _unanswerable(rulebook: Rulebook, rule: Trigger, why: str) -> PolicyError:
    return PolicyError(Finding(f"{rulebook.policy.path}: rules.{rule.id}", why, "bad-rule"))
