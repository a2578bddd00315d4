"""What can be wrong in a policy beyond the types of its values, as far as no plugin is needed to see it.

Everything here looks at tables as TOML gave them, so that a mistake in one place hides none in another.
Values of a wrong type are passed over: reading reports those. ``where`` in the findings is relative to the
table looked at: ``.key[0]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter
from typing import Protocol

from attrs import fields_dict

from hokensha.dates import Figure
from hokensha.errors import Finding
from hokensha.facts import DAYS_EXPECTED, FIRST_DAY, LAST_DAY, insurer_number_problem
from hokensha.policy.strict import Table, at, shown, table_of, tables_of, texts_of
from hokensha.rules import ID
from hokensha.text import nearest


class InForce(Protocol):
    """What is in force for a time."""

    @property
    def since(self) -> date | None: ...

    @property
    def through(self) -> date | None: ...


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


def insurer_findings(table: Table) -> Iterator[Finding]:
    """Whether an insurer's number is one."""
    number = table.get("number")
    problem = insurer_number_problem(number) if isinstance(number, str) and number.strip() else None
    if problem:
        yield Finding(".number", problem, "bad-value")


def source_findings(table: Table) -> Iterator[Finding]:
    """Whether a source's digest is one."""
    digest = table.get("sha256")
    if isinstance(digest, str) and digest.strip() and not SHA256.fullmatch(digest):
        yield Finding(".sha256", f"expected 64 hexadecimal digits, found {shown(digest)}", "bad-value")


def closing_days_findings(table: Table) -> Iterator[Finding]:
    """Whether yearly closing days are days of some year."""
    for where, day in texts_of(table.get("yearly"), ".yearly"):
        if day.strip() and not is_month_day(day):
            yield Finding(where, f"expected a month and day MM-DD, found {shown(day)}", "bad-value")


def figure_findings(table: Table) -> Iterator[Finding]:
    """Keys of a figure that do not belong together."""
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


def _fact(fact: str, where: str) -> Iterator[Finding]:
    if not FACT.fullmatch(fact):
        expected = "the id of a fact (small letters, digits and _)"
        yield Finding(where, f"expected {expected}, found {shown(fact)}", "bad-value")


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


def terms_findings(versions: Sequence[InForce]) -> Iterator[Finding]:
    """What stops several versions of a rule's terms from following each other; pauses are allowed."""
    for found in _sequence(versions, ""):
        if found.code != "gap-in-periods":
            yield found


def _sequence(periods: Sequence[InForce], where: str) -> Iterator[Finding]:
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


_REFERENCES = ("figure", "due_from", "due_through", "as_of")
_BANDS = ("before", "reached")


def document_findings(document: Table) -> Iterator[Finding]:
    """What is wrong between the tables of a policy: ids, citations, references."""
    yield from _far_days(document)
    yield from _ids(document)
    yield from _plugins(document)
    yield from _duplicate_sources(document)
    yield from _citations(document)
    yield from _references(document)
    yield from _circles(document)
    if "roll" in document and "roll" in table_of(document.get("tool")):
        yield Finding(".roll", "stands under tool.roll as well; keep that one", "bad-value")


def _far_days(document: Table) -> Iterator[Finding]:
    """Days beyond those that anybody may be asked about, such as 9999-12-31 for no end."""
    # A stack of our own, not recursion: TOML may be nested deeper than Python's call stack.
    pending: list[tuple[str, object]] = [
        (at(key), value) for key, value in document.items() if key not in ("tool", "roll")
    ]
    while pending:
        where, value = pending.pop()
        if isinstance(value, dict):
            pending += [(where + at(key), each) for key, each in value.items()]
        elif isinstance(value, list):
            pending += [(f"{where}[{index}]", each) for index, each in enumerate(value)]
        elif type(value) is date and not FIRST_DAY <= value <= LAST_DAY:
            message = f"{DAYS_EXPECTED}, found {value}; leave the key out where there is no end"
            yield Finding(where, message, "bad-value")


def stated_terms(document: Table) -> Iterator[tuple[str, Table]]:
    """Each version of a rule's terms as the file has it, with its place."""
    for rule, value in table_of(document.get("rules")).items():
        versions = value if isinstance(value, list) else [value]
        for index, version in enumerate(versions):
            yield f"rules.{rule}[{index}]" if len(versions) > 1 else f"rules.{rule}", table_of(version)


def _ids(document: Table) -> Iterator[Finding]:
    for section in ("figures", "rules", "declined"):
        for name in table_of(document.get(section)):
            if not ID.fullmatch(name):
                expected = "an id of small letters and digits, joined by hyphens"
                yield Finding(
                    f".{section}{at(name)}", f"expected {expected}, found {shown(name)}", "bad-value"
                )
    for name in table_of(document.get("declined")):
        if name in table_of(document.get("rules")):
            yield Finding(f".declined{at(name)}", f"is in force under rules{at(name)}", "bad-value")


def _plugins(document: Table) -> Iterator[Finding]:
    # A policy without plugins has no rules, and would say of everybody that nothing is to be issued.
    if document.get("plugins") == []:
        yield Finding(".plugins", "expected at least one plugin, found none", "bad-value")
    yield from _twice(texts_of(document.get("plugins"), ".plugins"), "plugin")


def _duplicate_sources(document: Table) -> Iterator[Finding]:
    sources = list(tables_of(document.get("sources"), ".sources"))
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
    for where, source in tables_of(document.get("sources"), ".sources"):
        for locator in table_of(source.get("locators")):
            yield f"{where}.locators{at(locator)}", locator


def _citations(document: Table) -> Iterator[Finding]:
    sources = document.get("sources")
    declared = {locator for _, locator in _locators(document)}
    # Where a source cannot be read, nobody knows what it would have declared.
    whole = isinstance(sources, list) and all(
        isinstance(source, dict) and isinstance(source.get("locators"), dict) for source in sources
    )
    left_out = table_of(document.get("not_software"))
    places = [*_versions(document, "figures"), *_versions(document, "rules")]
    places += tables_of(document.get("information"), ".information")
    cited = [found for place, table in places for found in texts_of(table.get("cites"), f"{place}.cites")]
    cited += [(f".not_software{at(locator)}", locator) for locator in left_out]
    for where, locator in cited:
        if whole and locator.strip() and locator not in declared:
            yield Finding(where, f"no source declares the locator {shown(locator)}", "undeclared-citation")
        if locator in left_out and not where.startswith(".not_software"):
            message = f"the locator {shown(locator)} is cited, but not_software says that it is no matter"
            yield Finding(where, message, "bad-value")


def _references(document: Table) -> Iterator[Finding]:
    names = list(table_of(document.get("figures")))
    used = [
        found
        for place, version in _versions(document, "figures")
        for found in texts_of(version.get("earliest"), f"{place}.earliest")
    ]
    used += [
        (f"{place}.{key}", name)
        for place, version in _versions(document, "figures")
        for key in _BANDS
        if isinstance(name := version.get(key), str)
    ]
    for place, terms in _versions(document, "rules"):
        used += [(f"{place}.{key}", terms[key]) for key in _REFERENCES if isinstance(terms.get(key), str)]
        purposes = table_of(terms.get("purposes"))
        used += [
            (f"{place}.purposes{at(key)}", name) for key, name in purposes.items() if isinstance(name, str)
        ]
    for where, name in used:
        if name.strip() and name not in names:
            message = f"no such figure {shown(name)}{nearest(name[:40], names)}"
            yield Finding(where, message, "unknown-figure")


def _circles(document: Table) -> Iterator[Finding]:
    parts: dict[str, set[str]] = {name: set() for name in table_of(document.get("figures"))}
    for name, whole in table_of(document.get("figures")).items():
        for version in whole if isinstance(whole, list) else [whole]:
            table = table_of(version)
            others = [other for _, other in texts_of(table.get("earliest"), "")]
            others += [other for key in _BANDS if isinstance(other := table.get(key), str)]
            parts[name].update(other for other in others if other in parts)
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


def _versions(document: Table, section: str) -> Iterator[tuple[str, Table]]:
    """Each table of a section whose entries may be lists of versions, with its place."""
    for name, value in table_of(document.get(section)).items():
        where = f".{section}{at(name)}"
        yield from tables_of(value, where) if isinstance(value, list) else [(where, table_of(value))]
