"""What can be wrong in a policy beyond the types of its values, as far as no plugin is needed to see it.

Everything here looks at tables as TOML gave them, so that a mistake in one place hides none in another.
Values of a wrong type are passed over: :mod:`hokensha.structuring` reports those. ``where`` in the findings
is relative to the table looked at: ``.key[0]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from attrs import fields_dict

from hokensha.errors import Finding
from hokensha.figures import Figure, Period
from hokensha.identifiers import insurer_number_problem
from hokensha.policy import ClosingDays, Column, Insurer, Roll, Source, Terms
from hokensha.strict import Check, Table, at, shown, table_of, texts_of

FACT = re.compile(r"[a-z][a-z0-9_]*")
_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_BESIDE_EARLIEST = ("earliest", "cites", "reading")
_NEEDS_A_DAY = ("rule", "latest_rule", "other_readings", "approximate")


def is_month_day(text: str) -> bool:
    """Whether ``text`` is a month and day MM-DD that some year has."""
    try:
        return bool(_MONTH_DAY.fullmatch(text) and date.fromisoformat(f"2024-{text}"))
    except ValueError:
        return False


# --- tables, one by one


def period_findings(table: Table) -> Iterator[Finding]:
    """Whether ``since`` comes after ``through``."""
    since, through = table.get("since"), table.get("through")
    if type(since) is date and type(through) is date and since > through:
        yield Finding(".through", f"expected a day not before since ({since}), found {through}", "bad-value")


def _column(table: Table) -> Iterator[Finding]:
    if table.get("empty") == "default" and "default" not in table:
        yield Finding(".default", 'is missing; with empty = "default" expected the value', "missing-key")
    if "default" in table and table.get("empty") != "default":
        yield Finding(".default", 'means nothing without empty = "default"', "bad-value")


def _insurer(table: Table) -> Iterator[Finding]:
    number = table.get("number")
    problem = insurer_number_problem(number) if isinstance(number, str) and number.strip() else None
    if problem:
        yield Finding(".number", problem, "bad-value")


def _source(table: Table) -> Iterator[Finding]:
    digest = table.get("sha256")
    if isinstance(digest, str) and digest.strip() and not SHA256.fullmatch(digest):
        yield Finding(".sha256", f"expected 64 hexadecimal digits, found {shown(digest)}", "bad-value")


def _closing_days(table: Table) -> Iterator[Finding]:
    for where, day in texts_of(table.get("yearly"), ".yearly"):
        if day.strip() and not is_month_day(day):
            yield Finding(where, f"expected a month and day MM-DD, found {shown(day)}", "bad-value")


def _figure(table: Table) -> Iterator[Finding]:
    yield from _composite(table) if "earliest" in table else _modality(table)
    if table.get("other_readings") and "reading" not in table:
        message = "is missing; expected the reading chosen, as other_readings gives others"
        yield Finding(".reading", message, "missing-key")
    of = table.get("of")
    if isinstance(of, str) and of.strip():
        yield from _fact(of, ".of")
    for fact in table_of(table.get("when")):
        yield from _fact(fact, f".when{at(fact)}")


def _composite(table: Table) -> Iterator[Finding]:
    for key in sorted(fields_dict(Figure).keys() & table.keys() - {*_BESIDE_EARLIEST}):
        message = "is not expected beside earliest: the figures named there have their own"
        yield Finding(at(key), message, "bad-value")
    if table["earliest"] == []:
        yield Finding(".earliest", "expected the name of at least one figure, found none", "bad-value")


def _modality(table: Table) -> Iterator[Finding]:
    modality = table.get("modality")
    if modality in ("unlimited", "not-stated"):
        for key in sorted(table.keys() & {*_NEEDS_A_DAY}):
            message = f"is not expected: a figure with modality {modality} has no day"
            yield Finding(at(key), message, "bad-value")
    elif modality == "between" and "latest_rule" not in table:
        message = "is missing; expected the steps to the later end, as the modality is between"
        yield Finding(".latest_rule", message, "missing-key")
    elif modality in ("exact", "at-most", "about") and "latest_rule" in table:
        yield Finding(".latest_rule", "is expected only with modality between", "bad-value")


def _roll(table: Table) -> Iterator[Finding]:
    for fact in table_of(table.get("columns")):
        yield from _fact(fact, f".columns{at(fact)}")


def _fact(fact: str, where: str) -> Iterator[Finding]:
    if not FACT.fullmatch(fact):
        expected = "the id of a fact (small letters, digits and _)"
        yield Finding(where, f"expected {expected}, found {shown(fact)}", "bad-value")


CHECKS: Final[Mapping[type, Check]] = {
    ClosingDays: _closing_days,
    Column: _column,
    Figure: _figure,
    Insurer: _insurer,
    Period: period_findings,
    Roll: _roll,
    Source: _source,
    Terms: period_findings,
}


def version_findings(versions: tuple[Figure, ...]) -> Iterator[Finding]:
    """What stops several versions of one figure from following each other."""
    first = versions[0]
    for i, version in enumerate(versions):
        if version.period is None:
            message = "is missing; of several versions each needs its period"
            yield Finding(f"[{i}].period", message, "missing-key")
        elif first.period and version.period.by != first.period.by:
            message = f"expected {shown(first.period.by)} as in the first version"
            yield Finding(f"[{i}].period.by", f"{message}, found {shown(version.period.by)}", "bad-value")
        for key in ("of", "when"):
            if getattr(version, key) != getattr(first, key):
                yield Finding(f"[{i}].{key}", "expected the same as in the first version", "bad-value")
    periods = [version.period for version in versions]
    yield from _sequence([p for p in periods if p], ".period") if all(periods) else ()


def terms_findings(versions: tuple[Terms, ...]) -> Iterator[Finding]:
    """What stops several versions of a rule's terms from following each other; pauses are allowed."""
    for found in _sequence(versions, ""):
        if found.code != "gap-in-periods":
            yield found


def _sequence(periods: Sequence[Period | Terms], where: str) -> Iterator[Finding]:
    dated = [(p.since or date.min, p.through or date.max, i) for i, p in enumerate(periods)]
    if any(since > through for since, through, _ in dated):
        return
    (_, reached, holder), *rest = sorted(dated)
    for since, through, i in rest:
        if since <= reached:
            until = "without an end" if reached == date.max else f"through {reached}"
            message = f"overlaps with the period of version [{holder}], which is in force {until}"
            yield Finding(f"[{i}]{where}", message, "overlapping-periods")
        elif since - reached > timedelta(days=1):
            message = f"no version is in force between {reached} and {since}; expected no day without one"
            yield Finding(f"[{i}]{where}.since", message, "gap-in-periods")
        if through > reached:
            reached, holder = through, i
