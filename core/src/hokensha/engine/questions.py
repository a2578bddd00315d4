"""Questions about documents, processes and institutions that are asked apart from a whole decision."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache

from attrs import frozen

from hokensha.dates import NOT_STATED, DayValue, Read
from hokensha.engine.part import Part, one_question, without_questions
from hokensha.engine.parts import capped
from hokensha.engine.refusing import EndedError, askable, believe, ended, stated
from hokensha.errors import Finding, QuestionError
from hokensha.facts import FactValue, Member, Unknown
from hokensha.features import BOOLEANS, Derived, Situation
from hokensha.partial import Completions, missing_facts
from hokensha.policy import Bound, Rulebook
from hokensha.rules import HELD, IN_SCHEME, At, Document, Ground, Presentation, Validity
from hokensha.text import nearest


def purposes(rulebook: Rulebook, document: Document) -> tuple[Bound[Validity], ...]:
    """The validities that the policy knows for a document, one for each purpose."""
    return tuple(
        b for b in rulebook.rules(Validity) if b.rule.document is document and b.rule.purpose != HELD
    )


def validity(
    rulebook: Rulebook,
    document: Document,
    issued: date,
    purpose: str = "standard",
    member: Member | None = None,
) -> DayValue:
    """Until when a document issued on a day is valid.

    Args:
        rulebook: A bound policy.
        document: For the card that grounds are grounds against, ``issued`` is the day of its ``valid_until``.
        issued: The day of issue.
        purpose: One of :func:`purposes`.
        member: Cuts the answer to the member's last day in the scheme, as far as that is known.

    Raises:
        MemberError: The facts of the member cannot stand together.
        EndedError: The document would have ended before it is issued to the member.
        QuestionError: The policy knows no such purpose for the document, or which of its terms applies hangs
            on facts that are not given; or the member is not in the scheme on the day of issue.
    """
    askable(issued)
    if member is not None:
        believe(rulebook, member, issued)
        if not document.relied_on:  # there the day is the end of a certificate, and nothing is issued
            _in_scheme(rulebook, member, issued)
    known = {bound.rule.purpose: bound for bound in purposes(rulebook, document)}
    if purpose in known:
        return _until(rulebook, document, issued, known[purpose].terms.figure or "", member)
    if purpose == "standard" and not known:
        return NOT_STATED if member is None else _until(rulebook, document, issued, "", member)
    names = ", ".join(known) or "none"
    message = f"no purpose '{purpose}' for {document.id}{nearest(purpose, list(known))}; known: {names}"
    raise QuestionError(Finding(rulebook.policy.path, message, "unknown-purpose"))


def _in_scheme(rulebook: Rulebook, member: Member, issued: date) -> None:
    """Nothing is issued to anybody who is certainly not in the scheme."""
    if one_question(rulebook, "scheme", "", IN_SCHEME).verdict(member, issued) is not False:
        return
    grounds = (b.rule for b in rulebook.rules(Ground, issued))
    held = (g for g in grounds if one_question(rulebook, "ground", g.id, g.feature).verdict(member, issued))
    first = next(held, None)  # those of the scheme come first in a policy
    why = f": {first.label.en} ({first.label.ja})" if first else ""
    message = f"is not in the scheme on {issued}{why}, so nothing is issued"
    raise QuestionError(Finding(f"member {member.id}", message, "not-in-scheme"))


def _until(
    rulebook: Rulebook, document: Document, issued: date, figure: str, member: Member | None
) -> DayValue:
    """The day of a figure that counts from the day of issue, cut to the member's last day in the scheme."""
    of_card = document.relied_on
    facts = dict(member.facts) if member else {}
    if of_card and document.valid_until:
        facts[document.valid_until] = issued
        if read_with := rulebook.figures.read_with.get(document.valid_until):
            facts[read_with[0]] = read_with[1][0]  # what is asked about is a card that there is
    given = Member("", facts)
    deciding = _deciding(rulebook, figure, given) if figure else frozenset[str]()

    def read(fact: str) -> FactValue:
        value = given.read(fact)
        return None if value is Unknown.UNKNOWN else rulebook.vocabulary.atoms.happened(fact, value, issued)

    def answer(_leaf: object, decided: Read) -> DayValue:
        def term_by(fact: str) -> FactValue:
            return decided(fact) if fact in deciding else read(fact)

        value = (rulebook.figures.evaluate(figure, term_by, issued) if figure else None) or NOT_STATED
        if of_card:
            return value
        value = stated(rulebook, figure, value, issued) if figure else value
        return value if member is None else capped(rulebook, value, read, issued)

    asked = without_questions(rulebook, deciding, issued, answer)
    completions = Completions(rulebook.vocabulary, given, issued, (asked,))
    first, *others = completions.answers(asked)
    if isinstance(first, DayValue) and not others:
        last = first.last()
        if member is not None and not of_card and last is not None and last < issued:
            message = ended(rulebook, document, (figure,), issued)
            raise EndedError(Finding(f"member {member.id}", message, "ended-before-issue"))
        return first
    missing = ", ".join(missing_facts(completions, asked))
    message = f"which term applies hangs on {missing}; give a member with these facts"
    raise QuestionError(Finding(f"{rulebook.policy.path}: figures.{figure}", message, "facts-missing"))


def _deciding(rulebook: Rulebook, figure: str, member: Member) -> frozenset[str]:
    """The facts that decide which of a figure's terms applies; what merely ends early is left out."""
    figures = rulebook.figures
    terms = [
        name
        for name in figures.parts(figure)
        if any(each.of is None or member.read(each.of) is not Unknown.UNKNOWN for each in figures[name])
    ]
    return frozenset(fact for name in terms for fact in figures.conditions(name))


@frozen
class Reflected:
    """When something shows, and the fact that the time counts from (none where the source does not say)."""

    day: DayValue
    counts_from: str | None


def reflect(rulebook: Rulebook, process: str, start: date) -> Reflected:
    """When a process that starts on a day shows its result.

    Raises:
        QuestionError: The policy knows no such process, or the day is none that may be asked about.
    """
    askable(start)
    bound = rulebook.latency(process)
    value = rulebook.figures.evaluate(bound.terms.figure or "", lambda _: start, start, base=start)
    return Reflected(value or NOT_STATED, bound.rule.counts_from)


@frozen
class Presented:
    """What serves at an institution.

    Attributes:
        accepted: Minimal sets of things that serve, best first.
        uncertain: Sets that the institution may refuse.
        cites: The rules that say so.
        shown_is_accepted: Whether what is shown serves; none if the institution may refuse it, if the facts
            do not suffice, or if nothing was shown.
        missing: Unknown facts on which the answer hangs.
    """

    accepted: tuple[tuple[Document, ...], ...]
    uncertain: tuple[tuple[Document, ...], ...]
    cites: tuple[str, ...]
    shown_is_accepted: bool | None
    missing: tuple[str, ...]


def present(
    rulebook: Rulebook, member: Member, on: date, at: At, shown: Collection[Document] | None = None
) -> Presented:
    """What a member can show at an institution on a day, from what the facts say is held.

    Args:
        shown: What is shown, to be judged; none if nothing is to be judged.

    Raises:
        MemberError: The facts cannot stand together.
        PluginError: A rule raised; the message names it and its plugin.
    """
    believe(rulebook, member, on)
    rules = [b for b in rulebook.rules(Presentation, on) if at in b.rule.at]
    states = {bound: serving(rulebook, bound).answer(member, on) for bound in rules}
    missing = {fact for _, facts in states.values() for fact in facts}
    holding = [bound for bound, (holds, _) in states.items() if holds]
    sure = _minimal([b.rule.shows for b in holding if not b.rule.uncertain])
    unsure = _minimal([b.rule.shows for b in holding if b.rule.uncertain])
    unsure = [s for s in unsure if not any(set(enough) <= set(s) for enough in sure)]
    shown_set = set(shown or ())
    verdict: bool | None = None
    if shown is not None:
        if any(set(s) <= shown_set for s in sure):
            verdict = True
        else:
            maybe = [b for b, (holds, _) in states.items() if holds is None or (holds and b.rule.uncertain)]
            verdict = None if any(set(b.rule.shows) <= shown_set for b in maybe) else False
    return Presented(
        tuple(sure),
        tuple(unsure),
        tuple(dict.fromkeys(cite for bound in holding for cite in bound.terms.cites)),
        verdict,
        tuple(fact for fact in rulebook.catalogue.facts if fact in missing),
    )


@lru_cache(maxsize=1024)
def serving(rulebook: Rulebook, bound: Bound[Presentation]) -> Part:
    """Whether a set of things serves a member who is in the scheme, in the form of a decision's part."""

    def serves(s: Situation) -> bool:
        return s[IN_SCHEME] and s[bound.rule.feature]

    test = Derived(f"presents:{bound.rule.id}", bound.rule.label, BOOLEANS, serves)
    return one_question(rulebook, "presentation", bound.rule.id, test)


def _minimal(sets: Sequence[tuple[Document, ...]]) -> list[tuple[Document, ...]]:
    """Each set once, in order, without those that hold more than another one needs."""
    once: dict[frozenset[Document], tuple[Document, ...]] = {}
    for each in sets:
        once.setdefault(frozenset(each), each)
    return [each for held, each in once.items() if not any(other < held for other in once)]
