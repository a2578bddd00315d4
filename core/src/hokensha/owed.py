"""When a trigger's document is owed: in the scheme, the trigger holds, it is due, and was not given."""

from __future__ import annotations

from datetime import date

from hokensha.bound import Bound
from hokensha.decision import Issuance
from hokensha.documents import HELD
from hokensha.errors import Finding, PolicyError
from hokensha.facts import UNKNOWN, FactValue, Unknown
from hokensha.features import BOOLEANS, Derived, Feature, Order, Reached, Sequence, Within
from hokensha.rulebook import Rulebook
from hokensha.rules import Document, Met, Trigger
from hokensha.situation import Composition, Situation
from hokensha.standard_features import IN_SCHEME, UNTIL_SCHEME_ENDS, VALID_CERTIFICATE
from hokensha.text import Label


def owed(rulebook: Rulebook, bound: Bound[Trigger]) -> Derived[bool]:
    """The feature that says whether the document of a trigger is owed on the day asked.

    Raises:
        PolicyError: The trigger asks for something that its document cannot answer.
    """
    key = ("owed", bound.place)
    if key not in rulebook.cache:
        rulebook.cache[key] = _owed(rulebook, bound)
    feature: Derived[bool] = rulebook.cache[key]
    return feature


def carried_out(issuance: Issuance, on: date) -> dict[str, FactValue | Unknown]:
    """The facts of a member that change when a document is issued on a day as it was owed.

    Facts are about the latest one, and that has not come back.
    """
    held, until = HELD[issuance.document], issuance.valid_until
    facts: dict[str, FactValue | Unknown] = {}
    if held.issued_on is not None:
        facts[held.issued_on] = on
    if held.valid_until is not None:
        facts[held.valid_until] = UNKNOWN if until is None else until.bound()
    if held.returned_on is not None:
        facts[held.returned_on] = None
    return facts


def _owed(rulebook: Rulebook, bound: Bound[Trigger]) -> Derived[bool]:
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


def _day(kind: type[Reached | Within], figure: str, ja: str, en: str) -> Feature[bool]:
    return kind(f"{kind.__name__.lower()}:{figure}", Label(ja, en), BOOLEANS, figure)


def _given(rulebook: Rulebook, rule: Trigger) -> Composition:
    if rule.met is Met.SINCE and rule.event:
        issued_on = HELD[rule.document].issued_on
        if issued_on is None:
            raise _unanswerable(rulebook, rule, "when the document was issued is no fact")
        issued = _order(rulebook, issued_on, rule.event)
        return lambda s: s[issued] is Sequence.SINCE
    if rule.met is Met.VALID_AFTER_LOSS and rule.loss:
        if rule.document is not Document.CERTIFICATE:
            raise _unanswerable(rulebook, rule, "only a certificate has an end to compare with a loss")
        return _valid_after(rulebook, rule.loss)
    valid = HELD[rule.document].valid
    return lambda s: s[valid]


def _valid_after(rulebook: Rulebook, loss: str) -> Composition:
    """A certificate is valid, and still is on the first day of the loss: the earliest of its parts.

    Once that day has come, validity on the day asked is what counts. A certificate that lasts to the member's
    last day in the scheme cannot last any longer: it will do, or it would be issued again in every run.
    """
    parts = [
        (_order(rulebook, "eligibility_certificate_valid_until", part), rulebook.figures[part][0].when)
        for part in rulebook.figures.parts(loss)
    ]
    if any(when for _, when in parts):
        raise PolicyError(Finding(f"figures.{loss}", "may not depend on 'when' here", "bad-value"))
    figures, last_day = rulebook.figures, UNTIL_SCHEME_ENDS.figure
    to_the_end = [
        _order(rulebook, "eligibility_certificate_valid_until", part)
        for part in figures.parts(last_day)
        if not any(version.when for version in figures[part])
    ]

    def valid(s: Situation) -> bool:
        if not s[VALID_CERTIFICATE]:
            return False
        ends = {s[order] for order, _ in parts}
        # A certificate without an end, or no loss to compare it with, leaves nothing to be owed.
        if Sequence.SINCE in ends or Sequence.BEFORE not in ends:
            return True
        return any(s[order] is Sequence.SINCE for order in to_the_end)

    return valid


def _order(rulebook: Rulebook, fact: str, since: str) -> Order:
    key = ("order", fact, since)
    if key not in rulebook.cache:
        label = rulebook.catalogue[fact].label
        rulebook.cache[key] = Order(f"{fact}:{since}", label, tuple(Sequence), fact, since)
    order: Order = rulebook.cache[key]
    return order


def _unanswerable(rulebook: Rulebook, rule: Trigger, why: str) -> PolicyError:
    return PolicyError(Finding(f"{rulebook.policy.path}: rules.{rule.id}", why, "bad-rule"))
