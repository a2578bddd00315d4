"""What a policy says of rolls under ``[tool.roll]``, read and checked by the distribution that owns it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

from attrs import evolve, field, frozen
from cattrs import BaseValidationError, Converter

from hokensha.errors import Finding, PolicyError
from hokensha.facts import Catalogue, Fact
from hokensha.policy import (
    FACT,
    Form,
    Policy,
    Rulebook,
    StrictError,
    Table,
    at,
    findings,
    placed,
    shown,
    strict_converter,
    table_of,
)
from hokensha.text import nearest
from hokensha_cli.wareki import DayForm
from hokensha_roll.alike import alike, difference, visible


@frozen
class Column:
    """How one fact is found in a roll.

    Attributes:
        header: The column's header, such as ``"生年月日"``.
        form: How days are written in it: ``iso`` (2026-11-21), ``yyyymmdd`` (20261121), ``yyyy/mm/dd``
            (2026/11/21), ``wareki`` (令和8年11月21日, R8.11.21, R081121).
        empty: What an empty cell means: known to be ``none``, the ``default``, or ``unknown``.
        default: The fact's value where a cell is empty, with ``empty = "default"``.
        values: For codes and booleans: what stands in the cell, and the fact's value, such as
            ``{ "1" = "insured", "2" = "dependent" }``.
        fillers: What stands in a cell, besides nothing at all, where the fact is known to be none, such as
            ``["99999999", "00000000"]``.
        digits: For texts: how many digits 0-9 a cell has, unless it is empty, and nothing else; none if any
            text will do.
    """

    header: str
    form: DayForm = "iso"
    empty: Literal["none", "default", "unknown"] = "none"
    default: str | bool | None = None
    values: Mapping[str, str | bool] = field(factory=dict)
    fillers: tuple[str, ...] = ()
    digits: int | None = None


@frozen
class Roll:
    """How the insurer's roll file is read.

    Attributes:
        encoding: Of CSV files: ``utf-8``, or ``cp932`` (Shift_JIS as Windows writes it).
        as_of: The day whose state a run for a day needs: the ``run-day`` itself, the
            ``end-of-previous-month``, or ``any``.
        as_of_header: The column that says as of which day a row was extracted; none if no column does.
        as_of_form: How that day is written: ``iso``, ``yyyymmdd``, ``yyyy/mm/dd`` or ``wareki``.
        columns: For each fact its column; facts that are not listed are read from a column of their own name.
    """

    encoding: Literal["utf-8", "cp932"] = "utf-8"
    as_of: Literal["run-day", "end-of-previous-month", "any"] = "any"
    as_of_header: str | None = None
    as_of_form: DayForm = "iso"
    columns: Mapping[str, Column] = field(factory=dict)


def _column(table: Table) -> Iterator[Finding]:
    if table.get("empty") == "default" and "default" not in table:
        yield Finding(".default", 'is missing; with empty = "default" expected the value', "missing-key")
    if "default" in table and table.get("empty") != "default":
        yield Finding(".default", 'means nothing without empty = "default"', "bad-value")


def _roll(table: Table) -> Iterator[Finding]:
    for fact in table_of(table.get("columns")):
        yield from _fact(fact, f".columns{at(fact)}")


def _fact(fact: str, where: str) -> Iterator[Finding]:
    if not FACT.fullmatch(fact):
        expected = "the id of a fact (small letters, digits and _)"
        yield Finding(where, f"expected {expected}, found {shown(fact)}", "bad-value")


@cache
def _converter() -> Converter:
    return strict_converter({Column: _column, Roll: _roll})


def roll_form() -> Form:
    """How ``[tool.roll]`` is read."""
    return Form(Roll, _converter(), {Roll: Roll})


_MOST_DIGITS = 20
_SPACE = "begins or ends with a space, which is not looked at in a roll; leave it out"


def roll_of(policy: Policy) -> Roll:
    """How the insurer's roll file is read.

    Raises:
        PolicyError: What the policy says of it is at fault: with everything that is wrong.
    """
    try:
        return _structured(policy)
    except (BaseValidationError, StrictError) as error:
        raise PolicyError(placed(_found(error), policy.path)) from None


def roll_findings(rulebook: Rulebook) -> Iterator[Finding]:
    """Everything in which ``[tool.roll]`` is at fault, or does not fit the facts of the policy."""
    policy, facts = rulebook.policy, rulebook.catalogue
    try:
        roll = _structured(policy)
    except (BaseValidationError, StrictError) as error:
        yield from placed(_found(error), policy.path)
        return
    found = [*mapping_findings(roll, facts), *_unencodable(roll), *_unread(roll, rulebook)]
    yield from placed((evolve(each, where=f".tool.roll{each.where}") for each in found), policy.path)


def mapping_findings(roll: Roll, catalogue: Catalogue) -> Iterator[Finding]:
    """Everything for which no roll could be read as ``[tool.roll]`` says; each place relative to that."""
    for fact, column in roll.columns.items():
        where = f".columns.{fact}"
        if fact not in catalogue:
            yield Finding(where, f"no such fact{nearest(fact, list(catalogue.facts))}", "unknown-fact")
            continue
        for key, message in (*_meaningless(catalogue[fact], column), *_unfit(catalogue[fact], column)):
            yield Finding(f"{where}.{key}", message, "bad-value")
    yield from _headers(roll, catalogue)


def _meaningless(fact: Fact, column: Column) -> Iterator[tuple[str, str]]:
    """Keys that mean nothing for a fact."""
    if column.digits is not None:
        if not 1 <= column.digits <= _MOST_DIGITS:
            yield "digits", f"expected 1 to {_MOST_DIGITS}, found {shown(column.digits)}"
        if fact.kind != "text":
            yield "digits", f"means nothing here: '{fact.id}' is no text"
        if column.values:
            yield "digits", "means nothing beside values"
    if column.values and fact.kind == "day":
        yield "values", f"means nothing here: '{fact.id}' is a day, and form says how it is written"
    if column.form != "iso" and fact.kind != "day":
        yield "form", f"means nothing here: '{fact.id}' is no day"
    if column.fillers and not fact.nullable:
        yield "fillers", f"means nothing here: '{fact.id}' cannot be none"


def _unfit(fact: Fact, column: Column) -> Iterator[tuple[str, str]]:
    """Values that a fact cannot have, and codes that no cell can be."""
    stated: list[tuple[str, object]] = [(f"values{at(code)}", v) for code, v in column.values.items()]
    stated += [("default", column.default)] if column.default is not None else []
    for key, value in stated if fact.kind != "day" else stated[len(column.values) :]:
        try:
            fact.parse(value)
        except ValueError as error:
            yield key, f"{error}, found {shown(value)}"
    seen: dict[str, object] = {}
    for key, code, value in _codes(column):
        if code != code.strip():
            yield key, _SPACE
        elif seen.setdefault(alike(code), value) != value:
            yield key, "is in a cell what another code is; which one is meant?"


def _codes(column: Column) -> Iterator[tuple[str, str, object]]:
    """What stands in cells, each with its key and what it means."""
    yield from ((f"values{at(code)}", code, value) for code, value in column.values.items())
    yield from ((f"fillers[{place}]", code, None) for place, code in enumerate(column.fillers))


def _headers(roll: Roll, catalogue: Catalogue) -> Iterator[Finding]:
    """Headers that no roll can have, or that stand for two things."""
    seen: dict[str, str] = {}
    for where, header in _places(roll):
        if header != header.strip():
            yield Finding(where, _SPACE, "bad-value")
        if alike(header) in catalogue and where != f".columns.{alike(header)}.header":
            yield Finding(where, f"is the name of another fact, {shown(header)}", "bad-value")
        if (first := seen.setdefault(alike(header), where)) != where:
            message = f"the header {shown(header)} is given to {first[1:]}, too; each column holds one thing"
            yield Finding(where, message, "bad-value")
        elif look := difference(header, *(o for o in seen if visible(o) == visible(alike(header)))):
            yield Finding(where, f"{look}; each column holds one thing", "bad-value")
    if roll.as_of_form != "iso" and roll.as_of_header is None:
        yield Finding(".as_of_form", "means nothing without as_of_header", "bad-value")


def _places(roll: Roll) -> Iterator[tuple[str, str]]:
    """Every header, with its place."""
    yield from ((f".columns.{fact}.header", column.header) for fact, column in roll.columns.items())
    if roll.as_of_header is not None:
        yield ".as_of_header", roll.as_of_header


def _unencodable(roll: Roll) -> Iterator[Finding]:
    """Headers and codes that a file in the roll's encoding cannot hold."""
    codes = (
        (f".columns.{fact}.{key}", code)
        for fact, column in roll.columns.items()
        for key, code, _ in _codes(column)
    )
    for where, text in (*_places(roll), *codes):
        try:
            alike(text).encode(roll.encoding)
        except UnicodeEncodeError as error:
            sign = error.object[error.start]
            message = f"holds {sign!r} (U+{ord(sign):04X}), which no CSV file in {roll.encoding} can have"
            yield Finding(where, message, "roll-unencodable")


def _unread(roll: Roll, rulebook: Rulebook) -> Iterator[Finding]:
    """Columns that no decision reads, on any day: they change no answer, however wrong they are."""
    from hokensha.engine import Answering, parts  # noqa: PLC0415 - reading a roll's form needs none of it

    policy, facts = rulebook.policy, rulebook.catalogue
    # A text says who the member is, and is looked through for that.
    asked = {fact for fact in roll.columns if fact in facts and facts[fact].kind != "text"}
    periods = (version.period for versions in policy.figures.values() for version in versions)
    days = {day for period in periods if period for day in (period.since, period.through) if day}
    try:
        for day in sorted({policy.published, *policy.borders(), *days}) if asked else ():
            asked -= {axis.fact for axis in Answering(rulebook, parts(rulebook, day), day).keys.axes}
    except Exception:  # noqa: BLE001 - a rule is at fault, which is told by those who look at rules
        return
    if unread := ", ".join(fact for fact in roll.columns if fact in asked):
        message = f"no rule that decisions ask reads {unread}: nothing hangs on these columns"
        yield Finding(".columns", message, "column-unread")


def _structured(policy: Policy) -> Roll:
    roll: Roll = _converter().structure(policy.tool.get("roll", {}), Roll)
    return roll


def _found(error: Exception) -> Iterator[Finding]:
    for found in findings(error):
        yield evolve(found, where=f".tool.roll{found.where}")
