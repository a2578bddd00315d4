"""What a policy says of rolls under ``[tool.roll]``, read and checked by the distribution that owns it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

from attrs import evolve, field, frozen
from cattrs import BaseValidationError, Converter

from hokensha.errors import Finding, PolicyError
from hokensha.facts import Catalogue
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


@frozen
class Column:
    """How one fact is found in a roll.

    Attributes:
        header: The column's header, such as ``"生年月日"``.
        form: How days are written in it: ``iso`` (2026-11-21), ``yyyymmdd`` (20261121), ``wareki``
            (令和8年11月21日, R8.11.21).
        empty: What an empty cell means: known to be ``none``, the ``default``, or ``unknown``.
        default: The fact's value where a cell is empty, with ``empty = "default"``.
        values: For codes and booleans: what stands in the cell, and the fact's value, such as
            ``{ "1" = "insured", "2" = "dependent" }``.
        digits: For texts: how many digits 0-9 a cell has, unless it is empty, and nothing else; none if any
            text will do.
    """

    header: str
    form: DayForm = "iso"
    empty: Literal["none", "default", "unknown"] = "none"
    default: str | bool | None = None
    values: Mapping[str, str | bool] = field(factory=dict)
    digits: int | None = None


@frozen
class Roll:
    """How the insurer's roll file is read.

    Attributes:
        encoding: Of CSV files: ``utf-8``, or ``cp932`` (Shift_JIS as Windows writes it).
        as_of: The day whose state a run for a day needs: the ``run-day`` itself, the
            ``end-of-previous-month``, or ``any``.
        as_of_header: The column that says as of which day a row was extracted; none if no column does.
        as_of_form: How that day is written: ``iso``, ``yyyymmdd`` or ``wareki``.
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
    for fact, column in roll.columns.items():
        if fact not in facts:
            message = f"no such fact{nearest(fact, list(facts.facts))}"
            yield Finding(f"{policy.path}: tool.roll.columns.{fact}", message, "unknown-fact")
        yield from _digits(policy, facts, fact, column)


def _structured(policy: Policy) -> Roll:
    roll: Roll = _converter().structure(policy.tool.get("roll", {}), Roll)
    return roll


def _found(error: Exception) -> Iterator[Finding]:
    for found in findings(error):
        yield evolve(found, where=f".tool.roll{found.where}")


def _digits(policy: Policy, catalogue: Catalogue, fact: str, column: Column) -> Iterator[Finding]:
    """A column for which a number of digits means nothing, or cannot be."""
    where = f"{policy.path}: tool.roll.columns.{fact}.digits"
    if column.digits is None:
        return
    if not 1 <= column.digits <= _MOST_DIGITS:
        message = f"expected 1 to {_MOST_DIGITS}, found {shown(column.digits)}"
        yield Finding(where, message, "bad-value")
    if fact in catalogue and catalogue[fact].kind != "text":
        yield Finding(where, f"means nothing here: '{fact}' is no text", "bad-value")
    if column.values:
        yield Finding(where, "means nothing beside values", "bad-value")
