"""Decide one member: ask directly where the facts are known, go through the diagrams where they are not."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date
from typing import Any, TypeVar

from attrs import evolve, fields

from hokensha.completions import Completions
from hokensha.component import Component
from hokensha.decision import Decision, DocumentState, Issuance, ReturnDue
from hokensha.diagram import Raised
from hokensha.errors import Finding, HokenshaError, PluginError
from hokensha.facts import Member
from hokensha.parts import Part, parts
from hokensha.rulebook import Rulebook
from hokensha.situation import MemberSituation, UnknownFact

A = TypeVar("A", Issuance, ReturnDue, DocumentState)


def decide(rulebook: Rulebook, member: Member, on: date) -> Decision:
    """What a policy says of a member on a day.

    Args:
        rulebook: A bound policy.
        member: Its facts, as many as are known.
        on: The day asked; nothing here reads a clock.

    Raises:
        PluginError: A rule raised; the message names it and its plugin.
    """
    asked = parts(rulebook, on)
    situation = MemberSituation(rulebook.vocabulary, member.facts, on)
    answers: dict[Part, Any] = {}
    unanswered: list[Part] = []
    read = situation.known
    for part in asked:
        try:
            answers[part] = part.finish(part.leaf(situation), read, on)
        except UnknownFact:
            unanswered.append(part)
        except HokenshaError:
            raise
        except Exception as error:
            raise _raised(rulebook, part, f"{type(error).__name__}: {error}") from error
    missing = _complete(rulebook, member, on, unanswered, answers) if unanswered else ()
    return _assemble(rulebook, member, on, missing, [(part, answers[part]) for part in asked])


def _complete(
    rulebook: Rulebook, member: Member, on: date, unanswered: list[Part], answers: dict[Part, Any]
) -> tuple[str, ...]:
    """Fill in what every completion of the unknown facts makes of the unanswered parts."""
    components = {part: component(rulebook, part, on) for part in unanswered}
    completions = Completions(rulebook.vocabulary, member, on, tuple(components.values()))
    missing: set[str] = set()
    for part, each in components.items():
        possible = _enough(completions.answers(each))
        answers[part] = _shared(possible)
        if len(possible) > 1:
            missing.update(completions.missing(each, missing))
    return tuple(fact for fact in rulebook.catalogue.facts if fact in missing)


def _enough(answers: Iterable[Any]) -> frozenset[Any]:
    """The possible answers, as far as they are needed to say what all of them share."""
    found: list[Any] = []
    for answer in answers:
        found.append(answer)
        if type(answer) is not type(found[0]) or not (len(found) == 1 or _may_agree(answer)):
            break
    return frozenset(found)


def _may_agree(answer: Any) -> bool:
    return isinstance(answer, Issuance | ReturnDue | DocumentState)


def component(rulebook: Rulebook, part: Part, on: date) -> Component:
    """A part in the form in which unknown facts are gone through."""

    def finish(leaf: Any, read: Any) -> Hashable:
        if isinstance(leaf, Raised):
            raise _raised(rulebook, part, leaf.error)
        return part.finish(leaf, read, on)

    return Component(part.diagram(rulebook), finish, part.outputs, _output_cuts(rulebook, part))


def _output_cuts(rulebook: Rulebook, part: Part) -> dict[str, tuple[date, ...]]:
    """Where a figure that is answered may jump, because another version of it takes over."""
    cuts: dict[str, tuple[date, ...]] = {}
    for versions in rulebook.figures.versions.values():
        for figure in versions:
            if figure.of in part.outputs and figure.period and figure.period.by == "base":
                edges = (figure.period.since, figure.period.first_after())
                cuts[figure.of] = (*cuts.get(figure.of, ()), *(day for day in edges if day))
    return cuts


def _raised(rulebook: Rulebook, part: Part, error: str) -> PluginError:
    where = f"{rulebook.policy.path}: {part.kind} {part.name}".rstrip()
    plugins = ", ".join(map(str, rulebook.providers))
    message = f"a rule raised {error} (plugins: {plugins}); 'hokensha check' tells which"
    return PluginError(Finding(where, message, "rule-raised"))


def _assemble(
    rulebook: Rulebook,
    member: Member,
    on: date,
    missing: tuple[str, ...],
    answers: list[tuple[Part, Any]],
) -> Decision:
    found: dict[str, list[Any]] = {}
    for part, answer in answers:
        found.setdefault(part.kind, []).append(answer)
    return Decision(
        rulebook.policy.insurer.name,
        rulebook.policy.digest,
        tuple((provider.name, provider.version) for provider in rulebook.providers),
        member.id,
        on,
        missing,
        found["usable"][0],
        found["card-valid-until"][0],
        *(
            tuple([item for item in found.get(kind, ()) if item is not None])
            for kind in ("ground", "issuance", "return", "document")
        ),
    )


def _shared(possible: frozenset[Any]) -> Any:
    """What every completion shares: the answer, the fields that agree, or none."""
    if len(possible) == 1:
        return next(iter(possible))
    first = min(possible, key=repr)  # a set has no order that would be the same in every run
    if any(type(answer) is not type(first) for answer in possible):
        return None
    if _may_agree(first):
        return _agreeing(first, possible)
    return None


def _agreeing(first: A, possible: frozenset[A]) -> A:
    differing: dict[str, Any] = {}
    for attribute in fields(type(first)):
        values = [getattr(answer, attribute.name) for answer in possible]
        if attribute.name == "cites":
            differing["cites"] = tuple(cite for cite in values[0] if all(cite in other for other in values))
        elif any(value != values[0] for value in values):
            differing[attribute.name] = None
    return evolve(first, **differing)
