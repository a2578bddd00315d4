"""The report of a run, and the page of a forecast: what stands in their sections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import htpy as h
from attrs import field, frozen

from hokensha.policy import Rulebook, Source, Terms
from hokensha.rules import Action, Document, Remedy
from hokensha.text import Label
from hokensha_cli import people
from hokensha_cli import words as core
from hokensha_cli.japanese import japanese
from hokensha_roll.intake.columns import header_of
from hokensha_roll.months import Months
from hokensha_roll.report import words
from hokensha_roll.report.page import (
    Heading,
    Row,
    Section,
    barred,
    both,
    each,
    filled,
    none,
    number,
    plain,
    table,
    whole,
)
from hokensha_roll.summary import OPEN
from hokensha_roll.tool import roll_of

if TYPE_CHECKING:
    from hokensha_roll.summary import Summary

COLOURS: Final = 6
"""How many colours the stylesheet has; later documents share the last one."""
_FEW: Final = 50
_A_YEAR: Final = 12
K = TypeVar("K", str, tuple[str, str])


def counted(summary: Summary) -> tuple[tuple[Label, int], ...]:
    """The counts of a run, in the order in which they add up."""
    return (
        (words.READ, summary.read),
        (words.DECIDED, summary.decided),
        (words.UNDETERMINED, summary.undetermined),
        (words.REJECTED, summary.rejected),
    )


def issued(rulebook: Rulebook, summary: Summary) -> list[tuple[Label, Label, str, int]]:
    """Documents owed: document, reason, rule and count."""
    cited = Cited(rulebook)
    return [
        (rulebook.document(code).label, cited.label(trigger), trigger, count)
        for (code, trigger), count in sorted(summary.issuances.items())
    ]


def report_html(rulebook: Rulebook, summary: Summary, months: Months | None = None) -> str:
    """The page of a run; with ``months``, it shows how issuance falls over the coming months, too."""
    cited, shown = Cited(rulebook, summary.on), Documents(rulebook)
    facts = [(words.ON, _day(summary.on)), (words.AS_OF, _day(summary.as_of))]
    digests = [(words.ROLL, summary.roll_name, summary.roll_digest)]
    digests += [(words.OUTPUT, name, digest) for name, digest in sorted(summary.output_digests.items())]
    forecast = [h.h3[both(words.FORECAST)], _months(shown, months)]
    sections = [
        _counts(rulebook, summary),
        _owed(shown, summary, cited),
        Section("months", words.MONTHS, [_falling(shown, summary), forecast]),
        _unowed(shown, summary),
        _stranded(rulebook, summary),
        _back(shown, summary),
        _undetermined(rulebook, summary),
        _rejected(summary),
        cited.sources(),
        _origin(rulebook, digests),
    ]
    return _page(words.TITLE, rulebook, summary.roll_name, facts, sections)


def forecast_html(
    rulebook: Rulebook,
    months: Months,
    roll_name: str = "",
    *,
    roll_digest: str = "",
    as_of: date | None = None,
    notes: Sequence[Label] = (),
) -> str:
    """The page of a forecast: the months by document and by reason, with the sources.

    ``notes`` say what the counts leave out.
    """
    cited = Cited(rulebook)
    facts = [(words.PERIOD, both(period(months))), *([(words.AS_OF, _day(as_of))] if as_of else [])]
    noted = [h.p(".bad")[both(note)] for note in notes]
    sections = [
        Section("months", words.MONTHS, _months(Documents(rulebook), months, noted)),
        Section("reasons", words.BY_REASON, _by_reason(months, cited) if months.total() else none()),
        cited.sources(),
        _origin(rulebook, [(words.ROLL, roll_name, roll_digest)] if roll_digest else []),
    ]
    return _page(words.FORECAST, rulebook, roll_name, facts, sections)


def insurer_name(rulebook: Rulebook) -> Label:
    """What the insurer is called."""
    insurer = rulebook.policy.insurer
    return Label(plain(insurer.name), plain(insurer.name_en))


def period(months: Months) -> Label:
    """From when to when."""
    first, last = _month(months.first), _month(months.last)
    return Label(words.FROM_TO.ja.format(first.ja, last.ja), words.FROM_TO.en.format(first.en, last.en))


def by_month(shown: Documents, months: Months) -> Mapping[str, Mapping[Document, int]]:
    """How many of each document every month has; of documents that none has, nothing."""
    counts = months.by_document()
    documents = shown.in_order(document for _, document in counts)
    return {m: {one: counts.get((m, one.id), 0) for one in documents} for m in months.months()}


@frozen
class Documents:
    """A policy's documents as every page shows them: in its plugins' order, each with a colour."""

    rulebook: Rulebook

    def in_order(self, ids: Iterable[str]) -> list[Document]:
        """Each document once."""
        wanted = set(ids)
        return [one for one in self.rulebook.documents.values() if one.id in wanted]

    def swatch(self, document: Document) -> h.Node:
        """The colour of a document."""
        return h.span(class_=f"swatch colour-{self.colour(document)}")

    def swatched(self, document: Document) -> h.Node:
        """The name of a document, behind its colour."""
        return [self.swatch(document), both(document.label)]

    def colour(self, document: Document) -> int:
        """The number of its colour, which is the same on the whole page."""
        return min(list(self.rulebook.documents).index(document.id), COLOURS - 1)


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
        return {bound.rule.id: bound.rule.label for bound in self.rulebook.bound}

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


def _page(
    title: Label,
    rulebook: Rulebook,
    roll_name: str,
    facts: Sequence[tuple[Label, h.Node]],
    sections: Sequence[Section],
) -> str:
    roll = h.code[plain(roll_name)] if roll_name else both(words.NOT_KNOWN)
    files = [(words.POLICY, h.code[_policy_name(rulebook)]), (words.ROLL, roll)]
    return whole(title, insurer_name(rulebook), [*facts, *files], sections)


def _policy_name(rulebook: Rulebook) -> str:
    return plain(Path(rulebook.policy.path).name)


def _day(day: date | None) -> h.Node:
    return each(lambda lang: people.day(day, lang)) if day else both(words.NOT_KNOWN)


def _month(month: str) -> Label:
    """A month ``YYYY-MM`` as people read it."""
    year, _, of_year = month.partition("-")
    return Label(f"{year}年{int(of_year)}月", month)


def _counts(rulebook: Rulebook, summary: Summary) -> Section:
    counts = counted(summary)
    read, *parts = (count for _, count in counts)
    same = sum(parts) == read
    tiles = [h.div[h.dt[both(label)], h.dd[number(count)]] for label, count in counts]
    said = words.RECONCILED if same else words.NOT_RECONCILED
    body: list[h.Node] = [
        h.dl(".tiles")[tiles],
        h.p(class_="good" if same else "bad")[filled(said, read=number(read), found=number(sum(parts)))],
    ]
    if summary.absent:
        headers = ", ".join(plain(header_of(fact, roll_of(rulebook.policy))) for fact in summary.absent)
        body.append(h.p(".bad")[filled(words.ABSENT, headers=headers)])
    if summary.lacking:
        facts = ", ".join(summary.wanted())
        body.append(h.p(".bad")[filled(words.LACKING, count=number(summary.lacking), facts=facts)])
    return Section("counts", words.COUNTS, body)


def _owed(shown: Documents, summary: Summary, cited: Cited) -> Section:
    owed = _by_document(shown, summary)
    if not owed:
        return Section("owed", words.OWED, none())
    most = max(summary.issuances.values())
    rows = []
    for one, reasons in owed:
        rows.append(Row((shown.swatched(one), "", number(sum(count for _, count in reasons))), "group"))
        for rule, count in reasons:
            bar = barred(count, [(shown.colour(one), count)], most)
            rows.append(Row((cited.reason(rule), cited.basis(rule), bar)))
    rows.append(Row((both(words.TOTAL), "", number(sum(summary.issuances.values()))), "total"))
    columns = [Heading(words.TRIGGER_AND_RULE), Heading(words.BASIS), Heading(words.COUNT, number=True)]
    return Section("owed", words.OWED, [h.p[both(words.OWED_SAID)], table("owed", columns, rows)])


def _by_document(shown: Documents, summary: Summary) -> list[tuple[Document, list[tuple[str, int]]]]:
    """For each document its reasons, those with the greatest counts first."""
    documents = shown.in_order(code for code, _ in summary.issuances)

    def reasons(one: Document) -> list[tuple[str, int]]:
        return _most((rule, n) for (code, rule), n in summary.issuances.items() if code == one.id)

    return [(one, reasons(one)) for one in documents]


def _falling(shown: Documents, summary: Summary) -> h.Node:
    """By month: how many are due by then, and how many of them will be valid until then."""
    documents = shown.in_order(document for document, _ in summary.issuances)
    if not documents:
        return None
    columns = [Heading(words.MONTH), *(Heading(one.label, number=True) for one in documents)]

    def grid(counts: Mapping[tuple[str, str], int], without: Label) -> list[Row]:
        names = {"": without, OPEN: words.DEPENDS}
        cells = {m: [number(counts.get((m, one.id), 0)) for one in documents] for m, _ in sorted(counts)}
        return [Row((both(names.get(m) or _month(m)), *numbers)) for m, numbers in cells.items()]

    return [
        h.h3(id="due-title")[both(words.DUE_BY)],
        table("due", columns, grid(summary.due, words.AT_ONCE)),
        h.h3(id="ends-title")[both(words.VALID_UNTIL)],
        table("ends", columns, grid(summary.ends, words.NO_END)),
    ]


def _months(shown: Documents, months: Months | None, notes: h.Node = None) -> h.Node:
    """The months by document, a bar showing how they make up a month; or how to get that."""
    if months is None:
        command, option = h.code["hokensha forecast"], h.code["--ahead 12"]
        return h.p(".none")[filled(words.NO_MONTHS, command=command, option=option)]
    counts = by_month(shown, months)
    most = max(sum(here.values()) for here in counts.values())

    def row(month: str, here: Mapping[Document, int]) -> Row:
        parts = [(shown.colour(one), n) for one, n in here.items()]
        total = h.b[barred(sum(here.values()), parts, most)]
        return Row((h.span(".month")[both(_month(month))], *map(_count, here.values()), total))

    documents = list(counts[months.first])
    heads = (Heading(one.label, shown.swatch(one), number=True) for one in documents)
    columns = [Heading(words.MONTH), *heads, Heading(words.TOTAL, number=True)]
    totals = [sum(here[one] for here in counts.values()) for one in documents]
    rows = [*(row(*each) for each in counts.items()), _summed(both(words.TOTAL), totals, "total")]
    return [h.p[both(words.MONTHS_SAID)], notes, table("months", columns, rows if most else [])]


def _by_reason(months: Months, cited: Cited) -> list[h.Node]:
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
    heads = [Heading(label, number=True) for label in (*(Label(month, month) for month in year), words.TOTAL)]
    return table("reasons", [Heading(words.TRIGGER), *heads], rows)


def _summed(name: h.Node, counts: Sequence[int], kind: str = "") -> Row:
    return Row((name, *map(_count, counts), h.b[number(sum(counts))]), kind)


def _count(count: int) -> h.Node:
    return number(count) if count else h.span(".zero")["0"]


def _back(shown: Documents, summary: Summary) -> Section:
    columns = [Heading(words.DOCUMENT_AND_ACTION), Heading(words.COUNT, number=True)]
    rows = []
    by_document = groupby(sorted(summary.returns.items()), key=lambda item: item[0][0])
    found = {code: [(action, n) for (_, action), n in group] for code, group in by_document}
    for one in shown.in_order(found):
        rows.append(Row((shown.swatched(one), number(sum(n for _, n in found[one.id]))), "group"))
        rows += [Row((both(_action(action)), number(n))) for action, n in _most(found[one.id])]
    return Section("back", words.BACK, table("back", columns, rows))


def _unowed(shown: Documents, summary: Summary) -> Section:
    columns = [Heading(words.DOCUMENT_AND_REASON), Heading(words.MEMBERS, number=True)]
    rows = []
    for one in shown.in_order(document for document, _ in summary.not_owed):
        counts = {because: summary.not_owed[one.id, because] for because in words.BECAUSE}
        rows.append(Row((shown.swatched(one), number(sum(counts.values()))), "group"))
        rows += [Row((both(words.BECAUSE[because]), number(n))) for because, n in counts.items() if n]
    said = h.p[both(words.NOT_OWED_SAID)]
    return Section("unowed", words.NOT_OWED, [said, table("unowed", columns, rows)] if rows else none())


def _stranded(rulebook: Rulebook, summary: Summary) -> Section:
    if not summary.stranded:
        return Section("stranded", words.STRANDED, none())
    labels = {bound.rule.id: both(bound.rule.label) for bound in rulebook.rules(Remedy)}
    rows = []
    for remedies, count in summary.stranded.most_common():
        first = [h.div[labels[remedy]] for remedy in remedies] or both(words.NO_REMEDY)
        rows.append(Row((first, number(count))))
    columns = [Heading(words.FIRST), Heading(words.MEMBERS, number=True)]
    total, file = number(summary.stranded.total()), h.code["stranded"]
    said = h.p[filled(words.STRANDED_SAID, count=total, file=file)]
    return Section("stranded", words.STRANDED, [said, table("stranded", columns, rows)])


def _action(action: str) -> Label:
    return core.ACTIONS[Action(action)] if action else words.DEPENDS


def _undetermined(rulebook: Rulebook, summary: Summary) -> Section:
    missing = _most(summary.missing.items())
    if not missing:
        return Section("undetermined", words.UNDETERMINED_MEMBERS, none())
    rows = []
    for fact, count in missing:
        header = plain(header_of(fact, roll_of(rulebook.policy)))
        lacks = h.div(".by")[both(words.NO_COLUMN)] if fact in summary.absent else None
        label = both(rulebook.catalogue[fact].label)
        bar = barred(count, [(COLOURS - 1, count)], missing[0][1])
        rows.append(Row(([label, h.div(".rule")[h.code[fact]]], [header, lacks], bar)))
    columns = [Heading(words.FACT), Heading(words.ROLL_COLUMN), Heading(words.MEMBERS, number=True)]
    said = h.p[filled(words.MISSING_SAID, count=number(summary.undetermined))]
    return Section("undetermined", words.UNDETERMINED_MEMBERS, [said, table("undetermined", columns, rows)])


def _rejected(summary: Summary) -> Section:
    reasons = _most(summary.reasons.items())
    if not reasons:
        return Section("rejected", words.REJECTED_ROWS, none())
    shown, further = reasons[:_FEW], reasons[_FEW:]
    rows = [
        Row((plain(column) or both(words.WHOLE_ROW), both(_reason(reason)), number(count)))
        for (column, reason), count in shown
    ]
    if further:
        kinds = filled(words.FURTHER, count=number(len(further)))
        rows.append(Row((kinds, "", number(sum(count for _, count in further)))))
    rows.append(Row((both(words.TOTAL), "", number(summary.rejected)), "total"))
    columns = [Heading(words.COLUMN), Heading(words.WHY), Heading(words.COUNT, number=True)]
    said = h.p[filled(words.REJECTED_SAID, file=h.code["rejected.csv"])]
    return Section("rejected", words.REJECTED_ROWS, [said, table("rejected", columns, rows)])


def _reason(said: str) -> Label:
    return Label(plain(japanese(said)), plain(said))


def _most(counts: Iterable[tuple[K, int]]) -> list[tuple[K, int]]:
    """The counts with the greatest first."""
    return sorted(counts, key=lambda item: (-item[1], item[0]))


def _origin(rulebook: Rulebook, digests: Iterable[tuple[Label, str, str]]) -> Section:
    """The files with their digests, and the plugins."""
    policy = (words.POLICY, _policy_name(rulebook), rulebook.policy.digest)
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
