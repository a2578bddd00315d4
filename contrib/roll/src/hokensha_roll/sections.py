"""What the report and the forecast have in common: reasons with their sources, months, and their origin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import htpy as h
from attrs import field, frozen
from markupsafe import Markup

from hokensha.policy import Rulebook, Source, Terms
from hokensha.rules import Document
from hokensha.text import Label, Language
from hokensha_cli import words as core
from hokensha_roll import charts
from hokensha_roll import reportwords as words
from hokensha_roll.months import Months
from hokensha_roll.page import (
    Heading,
    Row,
    Section,
    beside,
    both,
    figure,
    filled,
    none,
    number,
    numbers,
    plain,
    table,
)

_A_YEAR: Final = 12


@frozen
class Documents:
    """A policy's documents as every page shows them: in its plugins' order, each with a colour."""

    rulebook: Rulebook

    def in_order(self, ids: Iterable[str]) -> list[Document]:
        """Each document once."""
        wanted = set(ids)
        return [one for one in self.rulebook.documents.values() if one.id in wanted]

    def series(self, documents: Iterable[Document], lang: Language) -> list[charts.Series]:
        """What the colours of a chart by document stand for."""
        return [charts.Series(one.label.text(lang), self._colour(one)) for one in documents]

    def swatch(self, document: Document) -> h.Node:
        """The colour of a document."""
        return h.span(class_=f"swatch colour-{self._colour(document)}")

    def swatched(self, document: Document) -> h.Node:
        """The name of a document, behind its colour."""
        return [self.swatch(document), both(document.label)]

    def _colour(self, document: Document) -> int:
        return min(list(self.rulebook.documents).index(document.id), charts.COLOURS - 1)


def rule_labels(rulebook: Rulebook) -> Mapping[str, Label]:
    """What people call each rule."""
    return {bound.rule.id: bound.rule.label for bound in rulebook.bound}


@frozen
class Cited:
    """The reasons that a page names, and the sources that it has linked to.

    Attributes:
        on: The day that the page is about, whose terms count; without one, all terms do.
    """

    rulebook: Rulebook
    on: date | None = None
    _labels: Mapping[str, Label] = field(init=False)
    _linked: set[str] = field(init=False, factory=set)

    @_labels.default
    def _every(self) -> Mapping[str, Label]:
        return rule_labels(self.rulebook)

    def label(self, trigger: str) -> Label:
        """What people call a reason."""
        return self._labels.get(trigger, words.DEPENDS)

    def reason(self, trigger: str) -> h.Node:
        """A reason, its rule, and links to the sources of both."""
        versions = self._versions(trigger)
        cites = tuple(dict.fromkeys(cite for terms in versions for cite in terms.cites))
        self._linked.update(cites)
        links = [h.a(".cite", href=f"#{_anchor(cite)}")[cite] for cite in cites]
        return [both(self.label(trigger)), h.div(".rule")[h.code[trigger], links] if versions else None]

    def basis(self, trigger: str) -> h.Node:
        """Whether the insurer acts by itself or on an application, on the day that the page is about."""
        terms = next(iter(self._versions(trigger)), None)
        if terms is None:
            return "-"
        return both(core.BASIS[terms.basis] if terms.basis else core.NOT_STATED)

    def sources(self) -> Section:
        """The sources that were linked to so far."""
        columns = [Heading(label) for label in (words.SOURCE, words.PLACE)]
        return Section("sources", words.SOURCES, table("sources", columns, list(self._places())))

    def _places(self) -> Iterator[Row]:
        for source in self.rulebook.policy.sources:
            for cite, place in source.locators.items():
                if cite in self._linked:
                    yield Row((h.span(".cite", id=_anchor(cite))[cite], [plain(place), _text(source)]))

    def _versions(self, trigger: str) -> tuple[Terms, ...]:
        versions = self.rulebook.policy.rules.get(trigger, ())
        return tuple(each for each in versions if self.on is None or each.in_force(self.on))


def _anchor(cite: str) -> str:
    """An id that a link can name, whatever a locator is written with."""
    return "source-" + "".join(c if c.isascii() and c.isalnum() else f"-{ord(c):x}-" for c in cite)


def _text(source: Source) -> h.Node:
    said = [plain(source.title), plain(source.publisher), source.date.isoformat() if source.date else ""]
    return h.div(".by")[", ".join(filter(None, said))]


def months_section(shown: Documents, months: Months | None, notes: Sequence[Label] = ()) -> Section:
    """How issuance falls over the months; without them, how to get them."""
    if months is None:
        command, option = h.code["hokensha forecast"], h.code["--ahead 12"]
        said = filled(words.NO_MONTHS, command=command, option=option)
        return Section("months", words.MONTHS, h.p(".none")[said])
    noted = [h.p(".bad")[both(note)] for note in notes]
    body = _months(shown, months) if months.total() else none()
    return Section("months", words.MONTHS, [h.p[both(words.MONTHS_SAID)], noted, body])


def _months(shown: Documents, months: Months) -> h.Node:
    """The months by document, as a chart and as a table."""
    by_document = months.by_document()
    documents = shown.in_order(document for _, document in by_document)
    every = months.months()

    def row(month: str) -> list[int]:
        return [by_document.get((month, one.id), 0) for one in documents]

    rows = [_summed(h.span(".month")[both(month_label(month))], row(month)) for month in every]
    totals = [sum(column) for column in zip(*map(row, every), strict=True)]
    columns = [
        Heading(words.MONTH),
        *(numbers(one.label, shown.swatch(one)) for one in documents),
        numbers(words.TOTAL),
    ]
    grid = table("months", columns, [*rows, _summed(both(words.TOTAL), totals, "total")])
    return beside(figure(lambda lang: _months_chart(shown, months, lang)), grid)


def _months_chart(shown: Documents, months: Months, lang: Language) -> Markup:
    """The months by document, as columns."""
    return charts.columns(words.MONTHS_CHART.text(lang), *month_columns(shown, months, lang))


def month_columns(
    shown: Documents, months: Months, lang: Language
) -> tuple[list[charts.Series], tuple[str, ...], list[list[int]]]:
    """What the chart of months shows: its series, its months, and for each series the counts."""
    by_document = months.by_document()
    documents = shown.in_order(document for _, document in by_document)
    every = months.months()
    values = [[by_document.get((month, one.id), 0) for month in every] for one in documents]
    return shown.series(documents, lang), every, values


def reasons_grid(months: Months, cited: Cited) -> list[h.Node]:
    """The months by reason: a table for each year of them, the most frequent reasons first."""
    totals: Counter[tuple[str, str]] = Counter()
    for _, document, trigger, count in months.rows():
        totals[document, trigger] += count
    kinds = sorted(totals, key=lambda kind: (-totals[kind], kind))
    every = months.months()
    years = [every[start : start + _A_YEAR] for start in range(0, len(every), _A_YEAR)]
    return [_reasons(year, kinds, months, cited) for year in years]


def _reasons(year: Sequence[str], kinds: Sequence[tuple[str, str]], months: Months, cited: Cited) -> h.Node:
    rows, shown = [], Documents(cited.rulebook)
    for one in shown.in_order(document for document, _ in kinds):
        triggers = [trigger for document, trigger in kinds if document == one.id]
        counts = {t: [months.counts.get((month, one.id, t), 0) for month in year] for t in triggers}
        totals = [sum(column) for column in zip(*counts.values(), strict=True)]
        rows.append(_summed(shown.swatched(one), totals, "group"))
        rows += [_summed(cited.reason(trigger), counts[trigger]) for trigger in triggers]
    heads = [numbers(Label(month, month)) for month in year]
    return table("reasons", [Heading(words.TRIGGER), *heads, numbers(words.TOTAL)], rows)


def _summed(name: h.Node, counts: Sequence[int], kind: str = "") -> Row:
    cells = (number(count) if count else h.span(".zero")["0"] for count in counts)
    return Row((name, *cells, h.b[number(sum(counts))]), kind)


def month_label(month: str) -> Label:
    """A month ``YYYY-MM`` as people read it."""
    year, _, of_year = month.partition("-")
    return Label(f"{year}年{int(of_year)}月", month)


def origin(rulebook: Rulebook, digests: Iterable[tuple[Label, str, str]]) -> Section:
    """The files with their digests, and the plugins."""
    policy = (words.POLICY, policy_name(rulebook), rulebook.policy.digest)
    rows = [
        Row((both(what), [h.code[plain(name)], h.div(".by")[h.code[digest]]]))
        for what, name, digest in (policy, *digests)
    ]
    plugins = ", ".join(f"{name} {version}" for name, version in rulebook.plugins)
    columns = [Heading(words.WHAT), Heading(words.FILE_AND_DIGEST)]
    return Section(
        "origin",
        words.ORIGIN,
        [
            h.p[both(words.ORIGIN_SAID)],
            table("origin", columns, rows),
            h.p[both(words.PLUGINS), f": {plain(plugins)}"],
        ],
    )


def policy_name(rulebook: Rulebook) -> str:
    """The name of the policy's file, without its folders."""
    return plain(Path(rulebook.policy.path).name)
