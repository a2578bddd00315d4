"""Decide one member: ask directly where the facts are known, go through the diagrams where they are not."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import date
from functools import partial
from typing import Any, Final

from attrs import evolve, fields

from hokensha.engine.parts import KINDS, Part, parts
from hokensha.engine.recalling import Leaves, Situations, situations
from hokensha.errors import Finding, HokenshaError, PluginError
from hokensha.facts import Member
from hokensha.features import Against, MemberSituation, Steps, UnknownFact
from hokensha.partial import Completions, Component, Finish, Raised, missing_facts
from hokensha.policy import Rulebook
from hokensha.rules import Decision, DocumentState, Issuance, ReturnDue, Tested

UNNAMED: Final = ""
"""Some fact that nobody wants to know by name."""


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
    met = situations(rulebook, asked, on)
    situation = MemberSituation(rulebook.vocabulary, member.facts, on)
    leaves, open_parts = _leaves(rulebook, asked, situation, met)
    answers: dict[Part, Any] = {}
    unanswered = list(open_parts)
    for part, leaf in leaves:
        try:
            if met is None or not part.outputs:
                answers[part] = _finished(rulebook, part, leaf, situation)
            else:
                finish = partial(_finished, rulebook, part, leaf, situation)
                answers[part] = met.finish(part, leaf, member.facts, finish)
        except UnknownFact:
            unanswered.append(part)
    if not unanswered:
        return _assemble(rulebook, member, on, (), answers)
    missing = _complete(rulebook, member, on, unanswered, answers)
    in_order = {part: answers[part] for part in asked if part in answers}
    return _assemble(rulebook, member, on, missing, in_order)


def _leaves(
    rulebook: Rulebook, asked: tuple[Part, ...], situation: MemberSituation, met: Situations | None
) -> Leaves:
    """What the parts' questions come to: remembered, or found out by asking the rules."""
    if met is None:
        return _asked(rulebook, asked, situation)
    key = met.key(situation.facts)
    return met.met.get(key) or met.remember(key, _asked(rulebook, asked, situation))


def _asked(rulebook: Rulebook, asked: tuple[Part, ...], situation: MemberSituation) -> Leaves:
    leaves: list[tuple[Part, int]] = []
    unanswered: list[Part] = []
    for part in asked:
        try:
            leaf = _leaf(rulebook, part, situation)
        except UnknownFact:
            unanswered.append(part)
        else:
            if leaf or part.always:
                leaves.append((part, leaf))
    return tuple(leaves), tuple(unanswered)


def _leaf(rulebook: Rulebook, part: Part, situation: MemberSituation) -> int:
    try:
        return part.leaf(situation)
    except HokenshaError:
        raise
    except Exception as error:
        raise _raised(rulebook, part, f"{type(error).__name__}: {error}") from error


def _finished(rulebook: Rulebook, part: Part, leaf: int, situation: MemberSituation) -> Any:
    try:
        return part.finish(leaf, situation.happened, situation.day)
    except HokenshaError:
        raise
    except Exception as error:
        raise _raised(rulebook, part, f"{type(error).__name__}: {error}") from error


def answer_part(
    rulebook: Rulebook, part: Part, member: Member, on: date, *, named: bool = True
) -> tuple[Any, tuple[str, ...]]:
    """What one part of a member's decision comes to, and the unknown facts on which it hangs.

    Where there are any, the answer holds what every completion shares, as in a decision.

    Args:
        rulebook: A bound policy.
        part: One of its parts on that day.
        member: The facts that are known.
        on: The day asked.
        named: Whether those facts are wanted by name; if not, :data:`UNNAMED` stands for all of them, and the
            search for each is saved.

    Raises:
        PluginError: A rule raised; the message names it and its plugin.
    """
    try:
        return direct(rulebook, part, MemberSituation(rulebook.vocabulary, member.facts, on)), ()
    except UnknownFact:
        answers: dict[Part, Any] = {}
        missing = _complete(rulebook, member, on, [part], answers, named=named)
        return answers[part], missing


def direct(rulebook: Rulebook, part: Part, situation: MemberSituation) -> Any:
    """A part's answer straight from the facts.

    Raises:
        UnknownFact: A fact that it needs was not supplied.
        PluginError: A rule raised; the message names it and its plugin.
    """
    return _finished(rulebook, part, _leaf(rulebook, part, situation), situation)


def _complete(
    rulebook: Rulebook,
    member: Member,
    on: date,
    unanswered: list[Part],
    answers: dict[Part, Any],
    *,
    named: bool = True,
) -> tuple[str, ...]:
    """Fill in what every completion of the unknown facts makes of the unanswered parts."""
    components = {part: component(rulebook, part, on) for part in unanswered}
    completions = Completions(rulebook.vocabulary, member, on, tuple(components.values()))
    missing: set[str] = set()
    for part, each in components.items():
        answers[part], differ = _shared(*completions.answers_by_way(each))
        if differ:
            missing.update(missing_facts(completions, each, missing) if named else [UNNAMED])
    if not named:
        return tuple(missing)
    return tuple(fact for fact in rulebook.catalogue.facts if fact in missing)


def component(rulebook: Rulebook, part: Part, on: date) -> Component:
    """A part in the form in which unknown facts are gone through."""

    def finish(leaf: Any, read: Any) -> Hashable:
        if isinstance(leaf, Raised):
            raise _raised(rulebook, part, leaf.error)
        return part.finish(leaf, read, on)

    try:
        root = part.diagram(rulebook)
    except HokenshaError:
        raise
    except Exception as error:  # a function that answers with what is none of its feature's values
        raise _raised(rulebook, part, f"{type(error).__name__}: {error}") from error
    return Component(root, finish, part.outputs, _output_cuts(rulebook, part.outputs, on))


def without_questions(rulebook: Rulebook, outputs: frozenset[str], on: date, finish: Finish) -> Component:
    """A component that comes to what ``finish`` makes of the facts ``outputs`` on a day, and asks nothing."""
    return Component(rulebook.diagrams.leaf(0), finish, outputs, _output_cuts(rulebook, outputs, on))


def _output_cuts(rulebook: Rulebook, outputs: frozenset[str], on: date) -> dict[str, tuple[date, ...]]:
    """Where a figure of the facts ``outputs`` may jump: to another version of it, or another age band."""
    cuts: dict[str, tuple[date, ...]] = {}
    bands: dict[str, None] = {}
    for versions in rulebook.figures.versions.values():
        for figure in versions:
            bands.update(dict.fromkeys(figure.bands()))
            if figure.of in outputs and figure.period and figure.period.by == "base":
                edges = (figure.period.since, figure.period.first_after())
                cuts[figure.of] = (*cuts.get(figure.of, ()), *(day for day in edges if day))
    vocabulary = rulebook.vocabulary
    for name in (name for band in bands for name in rulebook.figures.parts(band)):
        reached = vocabulary.part(Against, name, detail=False)
        classify = vocabulary.atoms.classifier(reached, on)
        if isinstance(classify, Steps):
            (fact,) = vocabulary.atoms.facts(reached)
            cuts[fact] = (*cuts.get(fact, ()), *classify.cuts)
    return cuts


def _raised(rulebook: Rulebook, part: Part, error: str) -> PluginError:
    """The rules that can raise this error, by name; they are looked for only now that one has."""
    what = f"{part.kind} {part.name}".rstrip()
    tested = {
        b.rule: b for b in rulebook.bound if isinstance(b.rule, Tested)
    }  # several versions are one rule
    if guilty := [bound for rule, bound in tested.items() if _raises(rulebook, rule, error)]:
        return PluginError(
            Finding(
                f"{rulebook.policy.path}: rules.{bound.rule.id}",
                f"rule '{bound.rule.id}' of plugin {bound.provider} raised {error} ({what})",
                "rule-raised",
            )
            for bound in guilty
        )
    plugins = ", ".join(map(str, rulebook.providers))
    message = f"a rule raised {error} (plugins: {plugins}); 'hokensha check' tells which"
    return PluginError(Finding(f"{rulebook.policy.path}: {what}", message, "rule-raised"))


def _raises(rulebook: Rulebook, rule: Tested, error: str) -> bool:
    try:
        ahead = [rulebook.diagrams.explore(rule.test).root]
    except Exception as found:  # noqa: BLE001 - what misbehaves can fail in any way
        return f"{type(found).__name__}: {found}" == error
    seen = set(ahead)
    while ahead:
        node = ahead.pop()
        if node.leaf == Raised(error):
            return True
        new = set(node.children) - seen
        seen |= new
        ahead.extend(new)
    return False


def _assemble(
    rulebook: Rulebook, member: Member, on: date, missing: tuple[str, ...], answers: dict[Part, Any]
) -> Decision:
    found: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for part, answer in answers.items():
        if answer is not None or part.always:
            found[part.kind].append(answer)
    (usable, *_), (until, *_) = (found[kind] or [None] for kind in KINDS[:2])
    return Decision(
        rulebook.policy.insurer.name,
        rulebook.policy.digest,
        rulebook.plugins,
        member.id,
        on,
        missing,
        rulebook.relied_on,
        usable,
        until,
        *(tuple(found[kind]) for kind in KINDS[2:]),
    )


def _shared(ways: Iterator[Any], rest: Iterator[Any]) -> tuple[Any, bool]:
    """What all answers share (the answer, the fields that agree, or none), and whether they differ."""
    shared = first = next(ways)
    differ = False
    for answer in ways:
        differ = differ or answer != first
        shared = _agreeing(shared, answer)
        if differ and shared is None:
            return None, True
    for answer in rest:
        if differ and not any(getattr(shared, f.name) for f in fields(type(shared))[1:]):
            break  # nothing is left to disagree about: only days differ from here on
        differ = differ or answer != first
        shared = _agreeing(shared, answer)
        if differ and shared is None:
            break
    return shared, differ


def _agreeing(one: Any, other: Any) -> Any:
    if one == other:
        return one
    if type(one) is not type(other) or not isinstance(one, Issuance | ReturnDue | DocumentState):
        return None
    differing: dict[str, Any] = {}
    for attribute in fields(type(one)):
        left, right = getattr(one, attribute.name), getattr(other, attribute.name)
        if attribute.name == "cites":
            differing["cites"] = tuple(cite for cite in left if cite in right)
        elif left != right:
            differing[attribute.name] = None
    return evolve(one, **differing)
