"""One decision as people read it: a block of lines, every outcome with what it cites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from hokensha.dates import DayValue
from hokensha.policy import Rulebook
from hokensha.rules import Decision, DocumentState, Due, Issuance, NotOwed, ReturnDue, Scheme
from hokensha.text import Label, Language
from hokensha_cli import words
from hokensha_cli.output import one_line, say
from hokensha_cli.people import cited, day, day_value, document, facts_named, named, places, said_value
from hokensha_cli.settling import asking

if TYPE_CHECKING:
    from datetime import date

    from hokensha.facts import Member
    from hokensha_verify import Explained, Seen

FIRST = Label(
    "受診の手段も交付の予定もない方が、まず行うこと", "nothing serves, nothing is owed; to do first"
)
OVERDUE = Label("期限を過ぎています", "overdue")
NO_REMEDY = Label("出典に記載なし", "the sources say nothing")
_COLOURS = {True: "green", False: "red", None: "yellow"}


def decision_block(rulebook: Rulebook, member: Member, decision: Decision, lang: Language) -> None:
    """Write a decision."""
    insurer = rulebook.policy.insurer
    name = insurer.name if lang == "ja" else insurer.name_en
    say(one_line(f"{decision.member}  {day(decision.on, lang)}  {name}"), bold=True)
    _status(rulebook, member, decision, lang)
    _line(1, words.IN_SCHEME[decision.in_scheme].text(lang), "", colour=_COLOURS[decision.in_scheme])
    if decision.card is not None:
        usable = words.USABLE[decision.usable].text(lang)
        _line(1, document(decision.card, lang), usable, colour=_COLOURS[decision.usable])
        _line(2, words.VALID_UNTIL.text(lang), day_value(decision.card_valid_until, lang))
    complete = decision.complete
    grounds = [(2, one_line(g.label.text(lang)) + cited(g.cites), "") for g in decision.grounds]
    issuances = [line for i in decision.issuances for line in _issuance(i, decision.on, lang)]
    sections: list[tuple[Label, bool, list[tuple[int, str, str]]]] = [
        (words.GROUNDS, complete.grounds, grounds),
        (words.ISSUANCES, complete.issuances, issuances),
        (words.RETURNS, complete.returns, [line for r in decision.returns for line in _return(r, lang)]),
        (words.GIVEN, complete.documents, [line for d in decision.documents for line in _document(d, lang)]),
    ]
    if decision.not_owed:
        sections.insert(
            2, (words.NOT_OWED_TITLE, True, [_not_owed(rulebook, n, lang) for n in decision.not_owed])
        )
    for title, whole, lines in sections:
        none = words.NONE if whole else words.NONE_FOR_CERTAIN
        say(f"  {title.text(lang)}: {none.text(lang) if not lines else ''}".rstrip())
        for depth, key, value in lines:
            _line(depth, key, value)
    _sources(rulebook, decision, lang)


def advice_block(rulebook: Rulebook, member: Member, on: date, lang: Language) -> None:
    """Write what a member for whom nothing serves, and to whom nothing is owed, has to do first."""
    from hokensha.engine import advice  # noqa: PLC0415 - only people need it

    told = advice(rulebook, member, on)
    if not told.needed:
        return  # something serves or is owed, or may: what is missing has been said
    nothing = words.NONE_FOR_CERTAIN if told.missing else NO_REMEDY
    _line(1, FIRST.text(lang), nothing.text(lang) if not told.remedies else "", colour="yellow")
    for bound in told.remedies:
        _line(2, one_line(bound.rule.label.text(lang)) + cited(bound.terms.cites), "")
    if told.missing:
        missing = facts_named(rulebook.catalogue, told.missing, lang)
        _line(2, words.MISSING.text(lang), missing, colour="yellow")


def why_block(rulebook: Rulebook, why: Sequence[Explained], lang: Language) -> None:
    """Write why each rule fired, or did not."""
    _line(1, words.WHY_TITLE.text(lang), "")
    labels = {entry.rule: f"{one_line(entry.label.text(lang))} ({entry.rule})" for entry in why}
    for entry in why:
        for depth, key, value in _reason(rulebook, entry, labels, lang):
            _line(depth, key, value)


def _line(depth: int, key: str, value: str, colour: str | None = None) -> None:
    text = f"{key}: {value}" if value else key
    say("  " * depth + text, colour)


def _status(rulebook: Rulebook, member: Member, decision: Decision, lang: Language) -> None:
    if not decision.missing:
        _line(1, words.DECIDED.text(lang), "", colour="green")
        return
    _line(1, f"{words.UNDETERMINED.text(lang)}:", "", colour="yellow")
    for each in asking(rulebook, member, decision):
        of, settles = each.fact.asked_of, words.SETTLES.get(each.settles.value)
        notes = [words.ASKED_OF.text(lang).format(of.text(lang))] if of else []
        notes += [settles.text(lang)] if settles else []
        fact = facts_named(rulebook.catalogue, (each.fact.id,), lang)
        _line(2, fact, ("。" if lang == "ja" else "; ").join(notes))


def _not_owed(rulebook: Rulebook, silent: NotOwed, lang: Language) -> tuple[int, str, str]:
    label = one_line((silent.label or words.UNNAMED_RULE).text(lang))
    of_scheme = any(bound.rule.label is silent.label for bound in rulebook.rules(Scheme))
    said = words.OUT_OF_SCHEME if of_scheme else words.NOT_OWED[silent.because]
    why = said.text(lang).format(label=label)
    first = f" {words.DUE_FROM.text(lang).format(day(silent.first, lang))}" if silent.first else ""
    return 2, document(silent.document, lang), f"{why}{first}{cited(silent.cites)}"


def _issuance(issuance: Issuance, on: date, lang: Language) -> Iterator[tuple[int, str, str]]:
    label = one_line(issuance.label.text(lang)) if issuance.label else words.DEPENDS.text(lang)
    yield 2, document(issuance.document, lang), label + cited(issuance.cites)
    basis = words.BASIS[issuance.basis].text(lang) if issuance.basis else words.NOT_STATED.text(lang)
    yield 3, words.BASIS_WORD.text(lang), basis
    yield 3, words.DUE.text(lang), _due(issuance.due, on, lang)
    yield 3, words.VALID_UNTIL.text(lang), day_value(issuance.valid_until, lang)
    yield 3, words.MEDIUM.text(lang), named(issuance.medium, words.MEDIA, lang)
    yield 3, words.CHANNEL.text(lang), named(issuance.channel, words.CHANNELS, lang)
    yield 3, words.FORM.text(lang), named(issuance.form, {}, lang)


def _due(due: Due | None, on: date, lang: Language) -> str:
    if due is None:
        return words.DEPENDS.text(lang)
    said = [words.DUE_FROM.text(lang).format(day(due.first, lang)) if due.first else words.AT_ONCE.text(lang)]
    if due.through:
        said.append(words.DUE_THROUGH.text(lang).format(day(due.through, lang)))
    notes = [OVERDUE.text(lang)] if due.through and due.through < on else []
    notes += [words.APPROXIMATE.text(lang)] if due.approximate else []
    notes += [words.PLANNED.text(lang)] if due.planned else []
    return " ".join(said) + (f" ({'; '.join(notes)})" if notes else "")


def _return(due: ReturnDue, lang: Language) -> Iterator[tuple[int, str, str]]:
    action = words.ACTIONS[due.action].text(lang) if due.action else words.DEPENDS.text(lang)
    label = f" - {one_line(due.label.text(lang))}" if due.label else ""
    yield 2, document(due.document, lang), f"{action}{label}{cited(due.cites)}"


def _document(state: DocumentState, lang: Language) -> Iterator[tuple[int, str, str]]:
    yield 2, document(state.document, lang), words.VALID[state.valid].text(lang)
    yield 3, words.VALID_UNTIL.text(lang), day_value(state.valid_until, lang)


def _sources(rulebook: Rulebook, decision: Decision, lang: Language) -> None:
    found = places(rulebook.policy, _cites(decision))
    if found:
        _line(1, words.SOURCES.text(lang), "")
    for place in found:
        _line(2, str(place), "")


def _cites(decision: Decision) -> Iterator[str]:
    days: list[DayValue | None] = [decision.card_valid_until]
    for group in (decision.grounds, decision.issuances, decision.not_owed, decision.returns):
        for item in group:
            yield from item.cites
    days += [issuance.valid_until for issuance in decision.issuances]
    days += [state.valid_until for state in decision.documents]
    for each in days:
        yield from each.cites if each else ()


def _reason(
    rulebook: Rulebook, entry: Explained, labels: Mapping[str, str], lang: Language
) -> Iterator[tuple[int, str, str]]:
    fired = {True: words.FIRED, False: words.NOT_FIRED, None: words.MAYBE_FIRED}[entry.fired]
    yield 2, labels[entry.rule], fired.text(lang) + cited(entry.cites)
    seen = (f"{one_line(each.label.text(lang))} = {_seen(each, lang)}" for each in entry.read)
    yield 3, words.READ.text(lang), words.LIST_SEPARATOR.text(lang).join(seen)
    if entry.lost_to:
        winner, because = entry.lost_to
        yield 3, words.LOST.text(lang), words.LOST_TO[because].text(lang).format(labels[winner])
    if entry.change:
        facts = (
            f"{rulebook.catalogue[fact].label.text(lang)} ({fact}) = {said_value(to, lang)}"
            for fact, to in entry.change.items()
        )
        yield 3, words.CHANGE.text(lang), words.LIST_SEPARATOR.text(lang).join(facts)
    elif entry.change is not None:
        yield 3, words.CHANGE.text(lang), words.NO_CHANGE.text(lang).format(_within())


def _within() -> int:
    from hokensha_verify import WITHIN  # noqa: PLC0415 - loaded by now, for those who asked why

    return WITHIN


def _seen(seen: Seen, lang: Language) -> str:
    if seen.said:
        return one_line(seen.said.text(lang))
    return words.MAYBE_FIRED.text(lang) if seen.value is None else said_value(seen.value, lang)
