"""What is wrong between the tables of a policy: ids, citations, references, circles.

As in :mod:`hokensha.policychecks`, everything is looked for in tables as TOML gave them.
"""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from hokensha.errors import Finding
from hokensha.rules import ID
from hokensha.strict import Table, at, shown, table_of, tables_of, texts_of
from hokensha.text import nearest

_REFERENCES = ("figure", "due_from", "due_through", "as_of")
_BANDS = ("before", "reached")


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
