"""What can be wrong in a policy beyond the types of its values, as far as no plugin is needed to see it.

Everything here looks at tables as TOML gave them, so that a mistake in one place hides none in another.
Values of a wrong type are passed over: :mod:`hokensha.structuring` reports those. ``where`` in the findings
is relative to the table looked at: ``.key[0]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter
from typing import Final

from attrs import fields_dict

from hokensha.errors import Finding
from hokensha.figures import Figure, Period
from hokensha.identifiers import insurer_number_problem
from hokensha.policy import ClosingDays, Column, Insurer, Roll, Source, Terms
from hokensha.rules import ID
from hokensha.strict import Check, Table, at, shown
from hokensha.text import nearest

FACT = re.compile(r"[a-z][a-z0-9_]*")
_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_REFERENCES = ("figure", "due_from", "due_through")
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
    for where, day in _texts(table.get("yearly"), ".yearly"):
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
    for fact in _table(table.get("when")):
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
    for fact in _table(table.get("columns")):
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
    yield from _sequence([version.period for version in versions])


def _sequence(periods: list[Period | None]) -> Iterator[Finding]:
    dated = [(p.since or date.min, p.through or date.max, i) for i, p in enumerate(periods) if p]
    if len(dated) < len(periods) or any(since > through for since, through, _ in dated):
        return
    (_, reached, holder), *rest = sorted(dated)
    for since, through, i in rest:
        if since <= reached:
            until = "without an end" if reached == date.max else f"through {reached}"
            message = f"overlaps with the period of version [{holder}], which is in force {until}"
            yield Finding(f"[{i}].period", message, "overlapping-periods")
        elif since - reached > timedelta(days=1):
            message = f"no version is in force between {reached} and {since}; expected no day without one"
            yield Finding(f"[{i}].period.since", message, "gap-in-periods")
        if through > reached:
            reached, holder = through, i


# --- the document as a whole


def document_findings(document: Table) -> Iterator[Finding]:
    """What is wrong between the tables of a policy: ids, citations, references."""
    yield from _ids(document)
    yield from _plugins(document)
    yield from _duplicate_sources(document)
    yield from _citations(document)
    yield from _references(document)
    yield from _circles(document)


def _ids(document: Table) -> Iterator[Finding]:
    for section in ("figures", "rules", "declined"):
        for name in _table(document.get(section)):
            if not ID.fullmatch(name):
                expected = "an id of small letters and digits, joined by hyphens"
                yield Finding(
                    f".{section}{at(name)}", f"expected {expected}, found {shown(name)}", "bad-value"
                )
    for name in _table(document.get("declined")):
        if name in _table(document.get("rules")):
            yield Finding(f".declined{at(name)}", f"is in force under rules{at(name)}", "bad-value")


def _plugins(document: Table) -> Iterator[Finding]:
    # A policy without plugins has no rules, and would say of everybody that nothing is to be issued.
    if document.get("plugins") == []:
        yield Finding(".plugins", "expected at least one plugin, found none", "bad-value")
    yield from _twice(_texts(document.get("plugins"), ".plugins"), "plugin")


def _duplicate_sources(document: Table) -> Iterator[Finding]:
    sources = list(_tables(document.get("sources"), ".sources"))
    ids = [(f"{where}.id", source["id"]) for where, source in sources if isinstance(source.get("id"), str)]
    yield from _twice(iter(ids), "source id")
    yield from _twice(_locators(document), "locator")


def _twice(named: Iterator[tuple[str, str]], what: str) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for where, name in named:
        if name in first:
            message = f"the {what} {shown(name)} stands at {first[name].lstrip('.')} already"
            yield Finding(where, message, "bad-value")
        first.setdefault(name, where)


def _locators(document: Table) -> Iterator[tuple[str, str]]:
    for where, source in _tables(document.get("sources"), ".sources"):
        for locator in _table(source.get("locators")):
            yield f"{where}.locators{at(locator)}", locator


def _citations(document: Table) -> Iterator[Finding]:
    sources = document.get("sources")
    declared = {locator for _, locator in _locators(document)}
    # Where a source cannot be read, nobody knows what it would have declared.
    whole = isinstance(sources, list) and all(
        isinstance(source, dict) and isinstance(source.get("locators"), dict) for source in sources
    )
    left_out = _table(document.get("not_software"))
    places = [*_versions(document), *_named(document, "rules")]
    places += _tables(document.get("information"), ".information")
    cited = [found for place, table in places for found in _texts(table.get("cites"), f"{place}.cites")]
    cited += [(f".not_software{at(locator)}", locator) for locator in left_out]
    for where, locator in cited:
        if whole and locator.strip() and locator not in declared:
            yield Finding(where, f"no source declares the locator {shown(locator)}", "undeclared-citation")
        if locator in left_out and not where.startswith(".not_software"):
            message = f"the locator {shown(locator)} is cited, but not_software says that it is no matter"
            yield Finding(where, message, "bad-value")


def _references(document: Table) -> Iterator[Finding]:
    names = list(_table(document.get("figures")))
    used = [
        found
        for place, version in _versions(document)
        for found in _texts(version.get("earliest"), f"{place}.earliest")
    ]
    for place, terms in _named(document, "rules"):
        used += [(f"{place}.{key}", terms[key]) for key in _REFERENCES if isinstance(terms.get(key), str)]
    for where, name in used:
        if name.strip() and name not in names:
            message = f"no such figure {shown(name)}{nearest(name[:40], names)}"
            yield Finding(where, message, "unknown-figure")


def _circles(document: Table) -> Iterator[Finding]:
    parts: dict[str, set[str]] = {name: set() for name in _table(document.get("figures"))}
    for name, whole in _table(document.get("figures")).items():
        for version in whole if isinstance(whole, list) else [whole]:
            parts[name].update(
                part for _, part in _texts(_table(version).get("earliest"), "") if part in parts
            )
    while True:
        try:
            TopologicalSorter(parts).prepare()
        except CycleError as error:
            circle = [str(name) for name in reversed(error.args[1])]
            start = min(range(len(circle) - 1), key=circle.__getitem__)
            circle = [*circle[start:-1], *circle[: start + 1]]
            message = f"goes round in a circle: {' -> '.join(map(shown, circle))}"
            yield Finding(f".figures{at(circle[0])}", message, "bad-value")
            parts[circle[0]] = set()
        else:
            return


def _table(value: object) -> Table:
    return value if isinstance(value, dict) else {}


def _tables(value: object, where: str) -> Iterator[tuple[str, Table]]:
    for i, item in enumerate(value if isinstance(value, list) else []):
        yield f"{where}[{i}]", _table(item)


def _named(document: Table, section: str) -> Iterator[tuple[str, Table]]:
    for name, value in _table(document.get(section)).items():
        yield f".{section}{at(name)}", _table(value)


def _versions(document: Table) -> Iterator[tuple[str, Table]]:
    for name, value in _table(document.get("figures")).items():
        where = f".figures{at(name)}"
        yield from _tables(value, where) if isinstance(value, list) else [(where, _table(value))]


def _texts(value: object, where: str) -> Iterator[tuple[str, str]]:
    for i, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, str):
            yield f"{where}[{i}]", item
