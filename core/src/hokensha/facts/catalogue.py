"""Facts of a member: what may be known, in three states (a value, known to be none, unknown)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from typing import Any, Final, Literal, TypeAlias, get_args

from attrs import Attribute, field, frozen

from hokensha.errors import Finding, MemberError
from hokensha.facts.identifiers import holds_individual_number
from hokensha.text import FLAG, LABEL, DeclarationError, Label, each, expect, is_a, is_text, nearest, or_none

Kind = Literal["text", "day", "boolean", "code"]
FACT_ID: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
"""How the ids of facts are written: words of small letters and digits, joined by underscores."""


class Unknown(Enum):
    """The state of a fact that was not supplied. It is no value: no rule ever sees it."""

    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        raise TypeError("an unknown fact is neither true nor false")


UNKNOWN: Final = Unknown.UNKNOWN
FIRST_DAY, LAST_DAY = date(1868, 1, 1), date(2200, 12, 31)
DAYS_EXPECTED: Final = f"expected a day from {FIRST_DAY} to {LAST_DAY}"
"""What is said of any other day."""
KEY: Final = "id"
"""The one fact by which every member is known."""
FactValue: TypeAlias = "str | bool | date | None"
"""A known fact: text or code, boolean, day, or ``None`` for *known to be none*."""


def _is_condition(value: object) -> bool:
    if not isinstance(value, tuple) or len(value) != 2:
        return False
    return is_text(value[0]) and each(is_a(str, bool))(value[1])


def _are_values(value: object) -> bool:
    if not isinstance(value, Mapping):
        return False
    return all(is_text(fact) and isinstance(wanted, str | bool) for fact, wanted in value.items())


@frozen
class Fact:
    """One thing that can be known of a member.

    Attributes:
        id: The key in a member's JSON and in a policy's roll mapping.
        kind: ``text``, ``day``, ``boolean`` or ``code``.
        label: What people call it.
        nullable: Whether *known to be none* is an answer.
        values: The closed set of a ``code``.
        planned: A day that is read as given even when it lies ahead; of all other days, those after
            the day asked have not happened yet.
        sensitive: Never repeated in an error or in a list of rejected rows.
        usual: What an ordinary member has, who is thought up to show something: a code, or how many days from
            the day asked a day lies. Of several the first that lets the member be in the scheme; without any,
            the fact is none, or the least that it can be.
        unchangeable: Whether nobody can change it, such as the day of birth.
        read_with: Another fact, and the values with which this one means anything: the expiry of a card means
            nothing of who has none. With any other value no figure reads it, so that it cannot be missing.
        asked_of: Of whom, or where, an insurer asks for it.
        problem: What is wrong with a text, in words; none if it will do.
        not_before: A day that has to come first; the same day will do.
        required_when: Booleans and codes with which this one may not be none, each with the value.
    """

    id: str = field(
        validator=expect(
            lambda value: isinstance(value, str) and bool(FACT_ID.fullmatch(value)),
            "words of small letters and digits, joined by underscores",
        )
    )
    kind: Kind = field(
        validator=expect(lambda value: value in get_args(Kind), f"one of {', '.join(get_args(Kind))}")
    )
    label: Label = field(validator=LABEL)
    nullable: bool = field(default=False, validator=FLAG)
    values: tuple[str, ...] = field(
        default=(), validator=expect(each(is_text, least=0), "texts that are not empty, none twice")
    )
    planned: bool = field(default=False, validator=FLAG)
    sensitive: bool = field(default=False, validator=FLAG)
    usual: tuple[int | str, ...] = field(
        default=(), validator=expect(each(is_a(int, str), least=0), "days or codes, none twice")
    )
    unchangeable: bool = field(default=False, validator=FLAG)
    read_with: tuple[str, tuple[str | bool, ...]] | None = field(
        default=None, validator=expect(or_none(_is_condition), "the id of a fact and its values, or None")
    )
    asked_of: Label | None = field(default=None, validator=expect(or_none(is_a(Label)), "a Label, or None"))
    problem: Callable[[str], str | None] | None = field(
        default=None, validator=expect(or_none(callable), "a function of a text, or None")
    )
    not_before: str | None = field(
        default=None, validator=expect(or_none(is_text), "the id of a fact, or None")
    )
    required_when: Mapping[str, str | bool] = field(
        factory=dict, hash=False, validator=expect(_are_values, "by the ids of facts the value of each")
    )

    @values.validator
    def _a_code_alone_has_values(self, _: Attribute[tuple[str, ...]], values: tuple[str, ...]) -> None:
        if (self.kind == "code") is not bool(values):
            message = "a code has the closed set of its values, and nothing else has"
            raise DeclarationError(f"Fact {self.id!r}", "values", message)

    def expected(self) -> str:
        """What a supplied value has to look like, in words."""
        shape = {
            "text": "a text",
            "day": "a day YYYY-MM-DD",
            "boolean": "true or false",
            "code": "one of " + ", ".join(self.values),
        }[self.kind]
        return f"{shape}, or null" if self.nullable else shape

    def parse(self, raw: object) -> FactValue:
        """The value that JSON's ``raw`` stands for.

        Raises:
            ValueError: ``raw`` is not what :meth:`expected` says; the message never repeats it.
        """
        if raw is None and self.nullable:
            return None
        if self.kind == "day" and isinstance(raw, str):
            return _day(raw)
        if self.kind == "boolean" and isinstance(raw, bool):
            return raw
        if self.kind == "code" and isinstance(raw, str) and raw in self.values:
            return raw
        if self.kind == "text" and isinstance(raw, str):
            return self._text(raw)
        raise ValueError(f"expected {self.expected()}")

    def _text(self, raw: str) -> str:
        if not raw.strip() or "\0" in raw:  # no file that people read can hold a NUL
            raise ValueError("expected a text that is not empty, without NUL characters")
        problem = self.problem(raw) if self.problem else None
        if problem:
            raise ValueError(problem)
        return raw


_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(raw: str) -> date:
    if not _ISO_DAY.fullmatch(raw):  # on some Pythons fromisoformat reads week dates, too
        raise ValueError("expected a day YYYY-MM-DD")
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        raise ValueError("expected a day YYYY-MM-DD that exists") from None
    return day_in_range(day)


def day_in_range(day: date) -> date:
    """A day that may be said of a member, or asked about.

    Raises:
        ValueError: It lies before :data:`FIRST_DAY` or after :data:`LAST_DAY`, as fillers do.
    """
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(DAYS_EXPECTED)
    return day


@frozen
class Catalogue:
    """Every fact that a policy's members may have: those that its plugins, and the policy itself, declare."""

    facts: Mapping[str, Fact] = field(factory=dict)

    def __getitem__(self, fact_id: str) -> Fact:
        return self.facts[fact_id]

    def __contains__(self, fact_id: object) -> bool:
        return fact_id in self.facts

    def extended(self, further: Iterable[Fact]) -> Catalogue:
        """This catalogue with ``further`` facts at its end."""
        return Catalogue({**self.facts, **{fact.id: fact for fact in further}})


@frozen
class Member:
    """What is known of one member: a key that is absent from ``facts`` is unknown."""

    id: str
    facts: Mapping[str, FactValue]

    def read(self, fact_id: str) -> FactValue | Unknown:
        """The value of a fact, ``None`` if known to be none, :data:`UNKNOWN` if not supplied."""
        return self.facts.get(fact_id, UNKNOWN)


def _individual_numbers(raw: Mapping[Any, Any], where: str) -> Iterator[Finding]:
    """Under which keys an individual number stands; a key that is one is not named."""
    message = "holds an individual number (個人番号), which is never accepted"
    for key, value in raw.items():
        if holds_individual_number(key):
            yield Finding(where, f"a key {message}", "individual-number")
        elif holds_individual_number(value):
            yield Finding(f"{where}: {key}", message, "individual-number")


def as_json(value: object) -> object:
    """A fact's value as JSON has it: a day as ``YYYY-MM-DD``."""
    return value.isoformat() if isinstance(value, date) else value


def parse_member(raw: object, catalogue: Catalogue, where: str = "member") -> Member:
    """The member that a JSON object describes.

    Args:
        raw: What a JSON parser returned.
        catalogue: The facts that are allowed.
        where: What errors call the input.

    Raises:
        MemberError: All that is wrong, at once. Values are never repeated.
    """
    if not isinstance(raw, dict):
        raise MemberError(Finding(where, "expected a JSON object of facts", "member-shape"))
    if numbers := list(_individual_numbers(raw, where)):  # and nothing else: others name what they found
        raise MemberError(numbers)
    findings: list[Finding] = []
    facts: dict[str, FactValue] = {}
    for key, value in raw.items():
        if key not in catalogue:
            hint = nearest(str(key), list(catalogue.facts))
            findings.append(Finding(f"{where}: {key}", f"no such fact{hint}", "unknown-fact"))
            continue
        try:
            facts[key] = catalogue[key].parse(value)
        except ValueError as error:
            findings.append(Finding(f"{where}: {key}", str(error), "bad-fact"))
    if KEY not in raw:
        findings.append(Finding(f"{where}: {KEY}", "is missing; every member has a key", "missing-id"))
    if findings:
        raise MemberError(findings)
    return Member(str(facts[KEY]), facts)
