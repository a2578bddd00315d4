"""What a policy answers to a case, and where that is not what the case expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from hokensha.engine import advice, decide, present, reflect, validity
from hokensha.errors import Finding, HokenshaError, MemberError
from hokensha.facts import Member, as_json, parse_member
from hokensha.policy import Rulebook
from hokensha.text import nearest
from hokensha_conformance.cases import AskPresent, Case, Expected


def mismatches(rulebook: Rulebook, case: Case) -> tuple[str, ...]:
    """Where the answer of a policy is not what the case expects; nothing if the case passes."""
    try:
        expected, answer = ask(rulebook, case)
    except HokenshaError as error:
        return tuple(f"raised: {finding}" for finding in error.findings)
    return tuple(differences(expected, answer))


def ask(rulebook: Rulebook, case: Case) -> tuple[Expected, Mapping[str, Any]]:
    """What a case expects, and what the policy answers.

    Raises:
        HokenshaError: The question, or a fact of the member, does not exist in this policy.
    """
    if case.validity is not None:
        asked = case.validity
        member = member_of(rulebook, case) if asked.member else None
        document = rulebook.document(asked.document)
        day = validity(rulebook, document, asked.issued, asked.purpose, member)
        return asked.expect, day.to_json()
    if case.reflect is not None:
        shown = reflect(rulebook, case.reflect.process, case.reflect.start)
        return case.reflect.expect, {**shown.day.to_json(), "counts_from": shown.counts_from}
    if case.on is None:
        raise ValueError(f"case {case.id} has no day; load_cases lets none pass")
    member = member_of(rulebook, case)
    if case.present is not None:
        return case.present.expect, _presented(rulebook, member, case.on, case.present)
    if case.advise is not None:
        told = advice(rulebook, member, case.on)
        remedies = [bound.rule.id for bound in told.remedies]
        return case.advise.expect, {"remedies": remedies, "missing": list(told.missing)}
    return case.decide or {}, decide(rulebook, member, case.on).to_json()


def _presented(rulebook: Rulebook, member: Member, on: date, asked: AskPresent) -> dict[str, Any]:
    shown = None if asked.shown is None else [rulebook.document(each) for each in asked.shown]
    answer = present(rulebook, member, on, asked.at, shown)
    return {
        "accepted": [[document.id for document in shows] for shows in answer.accepted],
        "uncertain": [[document.id for document in shows] for shows in answer.uncertain],
        "cites": list(answer.cites),
        "shown_is_accepted": answer.shown_is_accepted,
    }


def member_of(rulebook: Rulebook, case: Case) -> Member:
    """The member that a case describes.

    Raises:
        MemberError: A fact of the case is no fact of the policy's, or has a value that it cannot have.
    """
    strange = [fact for fact in case.unknown if fact not in rulebook.catalogue]
    if strange:
        where = f"case {case.id}: unknown"
        raise MemberError(
            Finding(
                where, f"no such fact '{fact}'{nearest(fact, list(rulebook.catalogue.facts))}", "unknown-fact"
            )
            for fact in strange
        )
    facts = {key: as_json(value) for key, value in case.facts.items()}
    facts.update(dict.fromkeys(case.none))
    return parse_member({"id": case.id, **facts}, rulebook.catalogue, f"case {case.id}")


def differences(expected: object, found: object, where: str = "") -> Iterator[str]:
    """Each place in which an answer differs from what is expected, with both."""
    if isinstance(expected, Mapping):
        if not isinstance(found, Mapping):
            yield f"{where}: expected a table, found {found!r}"
            return
        for key, value in expected.items():
            if key in found:
                yield from differences(value, found[key], f"{where}.{key}".lstrip("."))
            else:
                yield f"{where}.{key}".lstrip(".") + ": the answer has no such key"
    elif isinstance(expected, list):
        if not isinstance(found, list) or len(found) != len(expected):
            yield f"{where}: expected {len(expected)} elements, found {found!r}"
            return
        for index, (wanted, item) in enumerate(zip(expected, found, strict=True)):
            yield from differences(wanted, item, f"{where}[{index}]")
    else:
        wanted = None if expected == "null" else as_json(expected)
        if type(wanted) is not type(found) or wanted != found:
            yield f"{where}: expected {wanted!r}, found {found!r}"
