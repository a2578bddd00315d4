"""The report of a run and the page of a forecast: each opens offline, in Japanese and English."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeVar

import htpy as h
from attrs import evolve
from markupsafe import Markup

from hokensha.policy import Rulebook
from hokensha.rules import Action, Document
from hokensha.text import Label, Language
from hokensha_cli import people
from hokensha_cli import words as core
from hokensha_roll import charts
from hokensha_roll import reportwords as words
from hokensha_roll.columns import header_of
from hokensha_roll.falling import falling
from hokensha_roll.months import Months
from hokensha_roll.page import (
    Heading,
    Row,
    Section,
    beside,
    both,
    document,
    each,
    figure,
    filled,
    none,
    number,
    numbers,
    plain,
    table,
)
from hokensha_roll.reportwords import (
    AS_OF,
    COUNT,
    DECIDED,
    DOCUMENT,
    ON,
    READ,
    REJECTED,
    RULE,
    TITLE,
    TRIGGER,
    UNDETERMINED,
)
from hokensha_roll.sections import (
    Cited,
    Documents,
    month_columns,
    month_label,
    months_section,
    origin,
    policy_name,
    reasons_grid,
    rule_labels,
)
from hokensha_roll.tool import roll_of

if TYPE_CHECKING:
    from hokensha_roll.summary import Summary

__all__ = [
    "AS_OF",
    "COUNT",
    "DOCUMENT",
    "ON",
    "RULE",
    "TITLE",
    "TRIGGER",
    "counted",
    "forecast_html",
    "forecast_svg",
    "issued",
    "report_html",
]
_FEW: Final = 50
K = TypeVar("K", str, tuple[str, str])


def counted(summary: Summary) -> tuple[tuple[Label, int], ...]:
    """The counts of a run, in the order in which they add up."""
    return (
        (READ, summary.read),
        (DECIDED, summary.decided),
        (UNDETERMINED, summary.undetermined),
        (REJECTED, summary.rejected),
    )


def issued(rulebook: Rulebook, summary: Summary) -> list[tuple[Label, Label, str, int]]:
    """Documents owed: document, reason, rule and count."""
    labels = rule_labels(rulebook)
    return [
        (rulebook.document(code).label, labels.get(trigger, words.DEPENDS), trigger, count)
        for (code, trigger), count in sorted(summary.issuances.items())
    ]


def report_html(rulebook: Rulebook, summary: Summary, months: Months | None = None) -> str:
    """The page of a run; with ``months``, it shows how issuance falls over the coming months, too."""
    cited, shown = Cited(rulebook, summary.on), Documents(rulebook)
    facts = [
        (words.ON, _day(summary.on)),
        (words.AS_OF, _day(summary.as_of)),
        (words.POLICY, h.code[policy_name(rulebook)]),
        (words.ROLL, _roll(summary.roll_name)),
    ]
    digests = [(words.ROLL, summary.roll_name, summary.roll_digest)]
    digests += [(words.OUTPUT, name, digest) for name, digest in sorted(summary.output_digests.items())]
    sections = [
        _counts(rulebook, summary),
        _owed(shown, summary, cited),
        _over_the_months(shown, summary, months),
        _back(shown, summary),
        _undetermined(rulebook, summary),
        _rejected(summary),
        cited.sources(),
        origin(rulebook, digests),
    ]
    return document(words.TITLE, _insurer(rulebook), facts, sections)


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
    facts = [
        (words.PERIOD, both(_period(months))),
        *([(words.AS_OF, _day(as_of))] if as_of else []),
        (words.POLICY, h.code[policy_name(rulebook)]),
        (words.ROLL, _roll(roll_name)),
    ]
    sections = [
        months_section(Documents(rulebook), months, notes),
        Section("reasons", words.BY_REASON, reasons_grid(months, cited) if months.total() else none()),
        cited.sources(),
        origin(rulebook, [(words.ROLL, roll_name, roll_digest)] if roll_digest else []),
    ]
    return document(words.FORECAST, _insurer(rulebook), facts, sections)


def forecast_svg(rulebook: Rulebook, months: Months, lang: Language) -> str:
    """The chart of a forecast alone, as an SVG document in one language."""
    title = f"{_insurer(rulebook).text(lang)}\n{words.FORECAST.text(lang)} ({_period(months).text(lang)})"
    return charts.columns_alone(title, *month_columns(Documents(rulebook), months, lang))


def _insurer(rulebook: Rulebook) -> Label:
    insurer = rulebook.policy.insurer
    return Label(plain(insurer.name), plain(insurer.name_en))


def _period(months: Months) -> Label:
    first, last = month_label(months.first), month_label(months.last)
    return Label(words.FROM_TO.ja.format(first.ja, last.ja), words.FROM_TO.en.format(first.en, last.en))


def _day(day: date | None) -> h.Node:
    return each(lambda lang: people.day(day, lang)) if day else both(words.NOT_KNOWN)


def _roll(name: str) -> h.Node:
    return h.code[plain(name)] if name else both(words.NOT_KNOWN)


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
    columns = [Heading(words.TRIGGER_AND_RULE), Heading(words.BASIS), numbers(words.COUNT)]
    rows = []
    for one, reasons in owed:
        rows.append(Row((shown.swatched(one), "", number(sum(count for _, count in reasons))), "group"))
        rows += [Row((cited.reason(rule), cited.basis(rule), number(count))) for rule, count in reasons]
    if not rows:
        return Section("owed", words.OWED, none())
    rows.append(Row((both(words.TOTAL), "", number(sum(summary.issuances.values()))), "total"))

    def chart(lang: Language) -> Markup:
        bars = [
            charts.Bar(cited.label(rule).text(lang), count, place)
            for place, (_, reasons) in enumerate(owed)
            for rule, count in reasons
        ]
        return charts.bars(words.OWED_CHART.text(lang), shown.series([one for one, _ in owed], lang), bars)

    grid = table("owed", columns, rows)
    return Section("owed", words.OWED, [h.p[both(words.OWED_SAID)], beside(figure(chart), grid)])


def _over_the_months(shown: Documents, summary: Summary, months: Months | None) -> Section:
    section = months_section(shown, months)
    return evolve(section, body=[falling(shown, summary), h.h3[both(words.FORECAST)], section.body])


def _by_document(shown: Documents, summary: Summary) -> list[tuple[Document, list[tuple[str, int]]]]:
    """For each document its reasons, those with the greatest counts first."""
    documents = shown.in_order(code for code, _ in summary.issuances)

    def reasons(one: Document) -> list[tuple[str, int]]:
        return _most((rule, n) for (code, rule), n in summary.issuances.items() if code == one.id)

    return [(one, reasons(one)) for one in documents]


def _back(shown: Documents, summary: Summary) -> Section:
    columns = [Heading(words.DOCUMENT_AND_ACTION), numbers(words.COUNT)]
    rows = []
    by_document = groupby(sorted(summary.returns.items()), key=lambda item: item[0][0])
    found = {code: [(action, n) for (_, action), n in group] for code, group in by_document}
    for one in shown.in_order(found):
        rows.append(Row((shown.swatched(one), number(sum(n for _, n in found[one.id]))), "group"))
        rows += [Row((both(_action(action)), number(n))) for action, n in _most(found[one.id])]
    return Section("back", words.BACK, table("back", columns, rows))


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
        rows.append(Row(([label, h.div(".rule")[h.code[fact]]], [header, lacks], number(count))))

    def chart(lang: Language) -> Markup:
        bars = [charts.Bar(rulebook.catalogue[fact].label.text(lang), count) for fact, count in missing]
        return charts.bars(words.MISSING_CHART.text(lang), [charts.Series(words.MEMBERS.text(lang), 5)], bars)

    columns = [Heading(words.FACT), Heading(words.ROLL_COLUMN), numbers(words.MEMBERS)]
    said = h.p[filled(words.MISSING_SAID, count=number(summary.undetermined))]
    grid = beside(figure(chart), table("undetermined", columns, rows))
    return Section("undetermined", words.UNDETERMINED_MEMBERS, [said, grid])


def _rejected(summary: Summary) -> Section:
    reasons = _most(summary.reasons.items())
    if not reasons:
        return Section("rejected", words.REJECTED_ROWS, none())
    shown, further = reasons[:_FEW], reasons[_FEW:]
    rows = [
        Row((plain(column) or both(words.WHOLE_ROW), plain(reason), number(count)))
        for (column, reason), count in shown
    ]
    if further:
        kinds = filled(words.FURTHER, count=number(len(further)))
        rows.append(Row((kinds, "", number(sum(count for _, count in further)))))
    rows.append(Row((both(words.TOTAL), "", number(summary.rejected)), "total"))
    columns = [Heading(words.COLUMN), Heading(words.WHY), numbers(words.COUNT)]
    said = h.p[filled(words.REJECTED_SAID, file=h.code["rejected.csv"])]
    return Section("rejected", words.REJECTED_ROWS, [said, table("rejected", columns, rows)])


def _most(counts: Iterable[tuple[K, int]]) -> list[tuple[K, int]]:
    """The counts with the greatest first."""
    return sorted(counts, key=lambda item: (-item[1], item[0]))
