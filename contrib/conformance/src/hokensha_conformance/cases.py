"""Cases: what a source says of one situation, as data beside a plugin; a policy passes them or it does not.

A case names facts and a day, asks one question (``decide``, ``validity``, ``reflect``, ``present`` or
``advise``) and gives the part of the answer that its source settles. Facts stand over those of ``[base]``.
Where two policies differ in little, ``[also]`` takes over the cases of the other one's file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from attrs import evolve, field, frozen
from cattrs import BaseValidationError

from hokensha.errors import Finding, PolicyError
from hokensha.policy import Form, StrictError, at, findings, parse, placed, read, strict_converter
from hokensha.rules import At
from hokensha.text import nearest

Expected: TypeAlias = Mapping[str, Any]
"""Part of an answer's JSON: every key given has to match; ``"null"`` stands for JSON's null."""


@frozen
class AskValidity:
    """Until when a document is valid.

    Attributes:
        document: Which document, by its id.
        issued: The day of issue.
        expect: Expected part of the answer, such as ``{ date = 2029-12-01 }``; ``"null"`` is JSON's null.
        purpose: Which of several validities.
        member: Whether the case's facts cut the answer.
    """

    document: str
    issued: date
    expect: Expected
    purpose: str = "standard"
    member: bool = False


@frozen
class AskReflect:
    """When a process shows its result.

    Attributes:
        process: Which process, by the name that its rule gives it.
        start: The day on which it starts; TOML calls this ``from``.
        expect: Expected part of the answer, such as ``{ date = 2025-02-07 }``; ``"null"`` is JSON's null.
    """

    process: str
    start: date
    expect: Expected


@frozen
class AskPresent:
    """What serves at an institution.

    Attributes:
        at: Where and how the member is received: with a card reader (``equipped``), without one
            (``unequipped``), where it has failed (``reader-failed``), or the check has (``check-failed``).
        expect: Expected part of the answer: ``accepted``, ``uncertain``, ``cites``, ``shown_is_accepted``.
        shown: The ids of what is shown, if the case asks whether it serves; TOML calls this ``with``.
    """

    at: At
    expect: Expected
    shown: tuple[str, ...] | None = None


@frozen
class AskAdvice:
    """What a member has to do first for whom nothing serves, and to whom nothing is owed.

    Attributes:
        expect: The remedies' ids, such as ``{ remedies = ["apply-as-joiner"] }``.
    """

    expect: Expected


@frozen
class Case:
    """One situation and what its source says of it.

    Attributes:
        id: Unique in the file.
        says: One sentence: what the source says.
        cites: The rules that say so, such as ``["001-12"]``.
        reading: Which reading was chosen, where the text is ambiguous.
        on: The day asked; ``decide``, ``present`` and ``advise`` need it.
        facts: Facts over those of the base, such as ``{ my_number_card = "none" }``.
        none: Facts known to be none.
        unknown: Facts of the base that are not known here.
        decide: Expected part of the decision; of the five questions just one is asked.
        validity: Until when a document is valid.
        reflect: When a process shows its result.
        present: What serves at an institution.
        advise: What a member has to do first for whom nothing serves.
    """

    id: str
    says: str
    cites: tuple[str, ...]
    reading: str | None = None
    on: date | None = None
    facts: Mapping[str, Any] = field(factory=dict)
    none: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    decide: Expected | None = None
    validity: AskValidity | None = None
    reflect: AskReflect | None = None
    present: AskPresent | None = None
    advise: AskAdvice | None = None


@frozen
class CaseFile:
    """The cases of one policy.

    Attributes:
        path: The file, as it was given.
        policy: The policy's file, from the folder of this one.
        cases: In the file's order, each with the base's facts merged in; then those of ``also``.
    """

    path: str
    policy: str
    cases: tuple[Case, ...]


@frozen
class Also:
    """A file whose cases hold under another policy, too.

    Attributes:
        cases: The file, from the folder of this one.
        but: The ids of its cases that do not hold here.
    """

    cases: str
    but: tuple[str, ...] = ()


@frozen
class _Written:
    """What TOML says of one :class:`CaseFile`.

    Attributes:
        case: The cases, each under ``[[case]]``.
        base: Facts that every case has unless it says otherwise; ``none`` lists those known to be none.
        also: A file of another policy whose cases hold here, too.
    """

    policy: str
    case: tuple[Case, ...]
    base: Mapping[str, Any] = field(factory=dict)
    also: Also | None = None


def load_cases(path: str | os.PathLike[str]) -> CaseFile:
    """The cases of a TOML file.

    Raises:
        PolicyError: The file cannot be read, or holds no cases: with everything that is wrong.
    """
    return _load(os.fspath(path), ())


def _load(file: str, readers: tuple[str, ...]) -> CaseFile:
    """The cases of a file, which ``readers`` take over, each from the next."""
    if file in readers:
        raise PolicyError(Finding(f"{file}: also.cases", "takes over its own cases", "bad-value"))
    raw = parse(read(file), file)
    written: _Written | None = None
    try:
        written = cases_form().converter.structure(_renamed(raw), _Written)
        wrong = list(_findings_about(written))
    except (BaseValidationError, StrictError) as error:
        wrong = list(findings(error))
    others: tuple[Case, ...] = ()
    if written is not None and written.also is not None:
        others = _load(os.path.normpath(Path(file).parent / written.also.cases), (*readers, file)).cases
        wrong += _also_findings(written.also, written.case, others)
    if written is None or wrong:
        raise PolicyError(placed((evolve(found, where=_as_written(found.where)) for found in wrong), file))
    policy = os.path.normpath(Path(file).parent / written.policy)
    but = written.also.but if written.also else ()
    own = (_merged(written.base, case) for case in written.case)
    return CaseFile(file, policy, (*own, *(case for case in others if case.id not in but)))


_QUESTIONS: Final = ("decide", "validity", "reflect", "present", "advise")
_RENAMED: Final = ((AskReflect, "reflect", "start", "from"), (AskPresent, "present", "shown", "with"))


@cache
def cases_form() -> Form:
    """How files of cases are read; some keys can be no names in Python."""
    renamed: Mapping[tuple[type, str], str] = {(cls, name): key for cls, _, name, key in _RENAMED}
    return Form(CaseFile, strict_converter({Case: _case_findings}), {CaseFile: _Written}, renamed)


def _renamed(raw: dict[str, Any]) -> dict[str, Any]:
    """The same tables, without keys that no Python class can have."""
    cases = raw.get("case")
    for case in cases if isinstance(cases, list) else []:
        for _, question, name, key in _RENAMED:
            asked = case.get(question) if isinstance(case, dict) else None
            if isinstance(asked, dict) and key in asked:
                asked[name] = asked.pop(key)
    return raw


def _as_written(where: str) -> str:
    for _, question, name, key in _RENAMED:
        where = where.replace(f".{question}.{name}", f".{question}.{key}")
    return where


def _case_findings(table: Mapping[str, Any]) -> Iterator[Finding]:
    asked = [question for question in _QUESTIONS if question in table]
    if len(asked) != 1:
        message = f"expected one of {', '.join(_QUESTIONS)}, found {' and '.join(asked) or 'none'}"
        yield Finding("", message, "bad-value")
    elif asked[0] in ("decide", "present", "advise") and "on" not in table:
        yield Finding(".on", "is missing; expected the day asked", "missing-key")
    states = [fact for key in ("facts", "none", "unknown") for fact in _names(table.get(key))]
    for fact in dict.fromkeys(fact for fact in states if states.count(fact) > 1):
        yield Finding(at(fact), "stands under more than one of facts, none and unknown", "bad-value")


def _names(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | dict) else []


def _findings_about(written: _Written) -> Iterator[Finding]:
    if "none" in written.base and not isinstance(written.base["none"], list):
        yield Finding(".base.none", "expected a list", "wrong-type")
    ids = [case.id for case in written.case]
    for index, case_id in enumerate(ids):
        if case_id in ids[:index]:
            yield Finding(f".case[{index}].id", f"'{case_id}' is the id of another case", "bad-value")


def _also_findings(also: Also, own: tuple[Case, ...], others: tuple[Case, ...]) -> Iterator[Finding]:
    theirs = [case.id for case in others]
    for index, case_id in enumerate(also.but):
        if case_id not in theirs:
            message = f"'{case_id}' is no case of {also.cases}{nearest(case_id, theirs)}"
            yield Finding(f".also.but[{index}]", message, "bad-value")
    for index, case in enumerate(own):
        if case.id in theirs and case.id not in also.but:
            yield Finding(
                f".case[{index}].id", f"'{case.id}' is the id of a case of {also.cases}", "bad-value"
            )


def _merged(base: Mapping[str, Any], case: Case) -> Case:
    none = dict.fromkeys((*base.get("none", ()), *case.none))
    facts = {**{key: value for key, value in base.items() if key != "none"}, **case.facts}
    gone = {*case.unknown, *case.none}
    return evolve(
        case,
        facts={key: value for key, value in facts.items() if key not in gone},
        none=tuple(fact for fact in none if fact not in case.facts and fact not in case.unknown),
    )
