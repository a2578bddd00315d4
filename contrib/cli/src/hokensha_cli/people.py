"""Days, documents and sources as people read them, in Japanese (days by era, too) or in English."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from attrs import frozen

from hokensha.dates import DayValue, Modality
from hokensha.facts import Catalogue
from hokensha.policy import Policy
from hokensha.rules import Document
from hokensha.text import Label, Language
from hokensha_cli import wareki, words
from hokensha_cli.output import one_line


def day(when: date, lang: Language) -> str:
    """A day; in Japanese by its era, with the ISO day behind it."""
    if lang == "en" or when < date(1868, 1, 1):
        return when.isoformat()
    return f"{wareki.format_wareki(when)} ({when.isoformat()})"


def cited(cites: Iterable[str]) -> str:
    """`` [001-11, 001-12]``; nothing if nothing is cited."""
    listed = ", ".join(cites)
    return f" [{listed}]" if listed else ""


def day_value(given: DayValue | None, lang: Language) -> str:
    """A day with all that the source leaves open about it, and what it cites."""
    if given is None:
        return words.DEPENDS.text(lang)
    stated = {"day": given.date, "earliest": given.earliest, "latest": given.latest}
    days = {key: day(each, lang) if isinstance(each, date) else "" for key, each in stated.items()}
    said = words.MODALITY[given.modality].text(lang).format(**days)
    notes = []
    if given.approximate:
        notes.append(words.APPROXIMATE.text(lang))
    if given.planned:
        notes.append(words.PLANNED.text(lang))
    if given.reading and given.modality is not Modality.NOT_STATED:
        notes.append(words.READING.text(lang).format(one_line(given.reading.text(lang))))
    if given.latest and given.modality in {Modality.NOT_STATED, Modality.UNLIMITED}:
        notes.append(words.IN_SCHEME_UNTIL.text(lang).format(days["latest"]))
    if given.alternatives:
        others = words.LIST_SEPARATOR.text(lang).join(day(other, lang) for other in given.alternatives)
        notes.append(words.OTHER_READINGS.text(lang).format(others))
    noted = f" ({'; '.join(notes)})" if notes else ""
    return f"{said}{noted}{cited(given.cites)}"


def document(asked: Document, lang: Language) -> str:
    """The name of a document."""
    return asked.label.text(lang)


def facts_named(catalogue: Catalogue, facts: Iterable[str], lang: Language) -> str:
    """Facts by their labels and ids, as a list."""
    return words.LIST_SEPARATOR.text(lang).join(f"{catalogue[f].label.text(lang)} ({f})" for f in facts)


def said_value(said: str | bool | date | None, lang: Language) -> str:  # noqa: FBT001 - a fact's value
    """A fact's or a feature's value; ``None`` is a fact that is known to be none."""
    if said is None:
        return words.NONE.text(lang)
    if isinstance(said, bool):
        return words.TRUE_FALSE[said].text(lang)
    if isinstance(said, date):
        return day(said, lang)
    return words.VALUES[said].text(lang) if said in words.VALUES else one_line(said)


def named(code: str | None, known: dict[str, Label], lang: Language) -> str:
    """A code in words, as it is if a plugin added it, or *not stated*."""
    if code is None:
        return words.NOT_STATED.text(lang)
    return known[code].text(lang) if code in known else one_line(code)


@frozen
class Place:
    """Where a cited locator stands."""

    cite: str
    title: str
    place: str

    def __str__(self) -> str:
        return one_line(f"{self.cite}: {self.title}, {self.place}" if self.title else self.cite)


def places(policy: Policy, cites: Iterable[str]) -> tuple[Place, ...]:
    """The places of what is cited, each once, in the order of the policy's sources."""
    wanted = set(cites)
    found = [
        Place(locator, source.title, place)
        for source in policy.sources
        for locator, place in source.locators.items()
        if locator in wanted
    ]
    known = {place.cite for place in found}
    return (*found, *(Place(cite, "", "") for cite in sorted(wanted - known)))
