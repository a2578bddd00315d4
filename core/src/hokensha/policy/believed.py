"""What may be believed of a member: which facts cannot stand together, under one policy.

Declared are they by plugins, by each document, and by facts themselves, those of the policy included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hokensha.dates import Figure, Modality, Years
from hokensha.errors import Finding
from hokensha.facts import Before, Catalogue, Contradiction, Fact, FactValue, Form, Older, Required, Without
from hokensha.features import BOOLEANS, Composition, Feature, Known, Order, Says, Sequence, Within
from hokensha.policy.policy import Policy
from hokensha.policy.strict import shown
from hokensha.rules import Document, Features
from hokensha.text import Label, nearest


def contradictions(parts: Iterable[Features], catalogue: Catalogue) -> tuple[Contradiction, ...]:
    """All facts that cannot stand together."""
    parts = tuple(parts)
    found = [each for part in parts for each in part.contradictions]
    found += [each for part in parts for document in part.documents for each in _of_document(document)]
    found += [each for fact in catalogue.facts.values() for each in _of_fact(fact, catalogue)]
    return tuple({each.id: each for each in found}.values())


def _of_document(document: Document) -> Iterator[Contradiction]:
    issued, end = document.issued_on, document.valid_until
    if issued is None or end is None:
        return
    ja, en = document.noun.ja, document.noun.en
    early = Label(f"{ja}の有効期限が交付日より前", f"the {en} ends before its issue")
    yield Contradiction(f"{document.stem}-ended-before-issue", early, Before(end, issued))
    alone = Label(f"交付のない{ja}の有効期限", f"an end of a {en} that was never issued")
    yield Contradiction(f"{document.stem}-end-without-issue", alone, Without(end, issued))


def _of_fact(fact: Fact, catalogue: Catalogue) -> Iterator[Contradiction]:
    if fact.not_before is not None:
        first = catalogue[fact.not_before].label
        early = Label(f"{fact.label.ja}が{first.ja}より前", f"{fact.label.en}: before {first.en}")
        yield Contradiction(f"{fact.id}-too-early", early, Before(fact.id, fact.not_before))
    if fact.required_when:
        needed = Label(f"{fact.label.ja}が必要", f"{fact.label.en}: required")
        yield Contradiction(f"{fact.id}-required", needed, Required(fact.id, fact.required_when))


def unbelievable(policy: Policy, catalogue: Catalogue) -> Iterator[Finding]:
    """What the policy says of its own facts that cannot be asked."""
    for fact in policy.facts:
        where = f"{policy.path}: facts.{fact.id}"
        if fact.not_before is not None and (problem := _no_two_days(fact, fact.not_before, catalogue)):
            yield Finding(f"{where}.not_before", problem, "bad-value")
        for other, wanted in fact.required_when.items():
            if problem := _named(fact, other, catalogue) or _unfit_code(catalogue[other], wanted):
                yield Finding(f"{where}.required_when.{other}", problem, "bad-value")
        if fact.required_when and not fact.nullable:
            message = "is not expected: the fact is never none, as it is not nullable"
            yield Finding(f"{where}.required_when", message, "bad-value")


def _named(fact: Fact, other: str, catalogue: Catalogue) -> str | None:
    if other not in catalogue:
        return f"no such fact{nearest(other, list(catalogue.facts))}"
    return "expected another fact, found the fact itself" if other == fact.id else None


def _no_two_days(fact: Fact, other: str, catalogue: Catalogue) -> str | None:
    return _named(fact, other, catalogue) or Before(fact.id, other).misfit(catalogue)


def _unfit_code(fact: Fact, wanted: FactValue) -> str | None:
    closed = fact.kind in ("boolean", "code")
    return unfit(fact, wanted) if closed else f"expected a boolean or a code, found {fact.kind} '{fact.id}'"


def unfit(fact: Fact, wanted: FactValue) -> str | None:
    """What is wrong with a value that a condition wants of a fact; days are compared by other means."""
    if fact.kind == "boolean":
        fits = isinstance(wanted, bool)
    elif fact.kind == "code":
        fits = wanted in fact.values
    else:
        fits = fact.kind == "text" and isinstance(wanted, str)
    return None if fits else f"expected {fact.expected()}, found {shown(wanted)}"


def years_on(fact: str, years: int) -> str:
    """The name of the day so many years after a fact; no figure of a policy can have such a name."""
    return f"{fact}+{years}"


def figures_of(found: Iterable[Contradiction]) -> dict[str, tuple[Figure, ...]]:
    """The days that facts are compared with to be believed."""
    forms = (each.form for each in found)
    return {
        years_on(form.fact, form.years): (Figure(Modality.EXACT, of=form.fact, rule=(Years(form.years),)),)
        for form in forms
        if isinstance(form, Older)
    }


def consistent(
    found: Iterable[Contradiction], unlikely: Iterable[Feature[bool]], catalogue: Catalogue
) -> Composition:
    """That nothing contradicts anything, and nothing is unlikely, as a function of a situation."""
    wrong = [_composed(each.form, catalogue) for each in found]
    odd = tuple(dict.fromkeys(unlikely))
    return lambda s: not any(one(s) for one in wrong) and not any(s[each] for each in odd)


def _composed(form: Form, catalogue: Catalogue) -> Composition:
    """A form as a function of a situation; like the form itself, of the facts as they were given."""

    def value(fact: str) -> Feature[bool]:
        return Known(f"given:{fact}", catalogue[fact].label, BOOLEANS, fact, raw=True)

    label = catalogue[form.fact].label
    if isinstance(form, Before):
        order = Order(
            f"given:{form.fact}:{form.other}", label, tuple(Sequence), form.fact, form.other, raw=True
        )
        return lambda s: s[order] is Sequence.BEFORE
    if isinstance(form, Older):
        name = years_on(form.fact, form.years)
        recent = Within(f"within:{name}", label, BOOLEANS, name)
        return lambda s: not s[recent]
    fact = value(form.fact)
    if isinstance(form, Without):
        needed = value(form.needs)
        return lambda s: s[fact] and not s[needed]
    when = [Says(f"{each}:{wanted}", label, BOOLEANS, each, wanted) for each, wanted in form.when.items()]
    return lambda s: not s[fact] and all(s[each] for each in when)
