"""Figures and date rules in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hokensha.dates import (
    Birthday,
    BusinessDays,
    DateRule,
    Days,
    EndOfBirthdayMonth,
    EndOfMonth,
    Figure,
    FirstOfMonth,
    FloorMonthEnd,
    Modality,
    Months,
    Next,
    On,
    Period,
    Years,
)
from hokensha.facts import Catalogue
from hokensha.text import Label, Language
from hokensha_cli import words
from hokensha_cli.people import day

BASE = Label("起算日", "the day counted from")
EARLIEST_OF = Label("次のうち最も早い日: {}", "the earliest of {}")
ONLY_WHEN = Label("{} が {} の場合に限る", "only when {} is {}")
BEFORE = Label("{} の日が来るまでに限る", "only before the day of {}")
REACHED = Label("{} の日が来てからに限る", "only from the day of {} on")
OTHER = Label("別の読み方 ({}): {}", "another reading ({}): {}")
SINCE, THROUGH = Label("{} から", "from {}"), Label("{} まで", "through {}")
BY_BASE = Label("起算する日が", "for days counted from")
MONTH_ENDS = {
    "roll-over": Label(" (応当日がなければ翌月1日)", " (where there is none, the first of the next month)"),
    "stick": Label(" (月末は月末へ)", " (from a month's end to a month's end)"),
}


def _count(n: int, ja: str, en: str) -> Label:
    plural = en if abs(n) == 1 else f"{en}s"
    return Label(f"{abs(n)}{ja}{'前' if n < 0 else '後'}", f"{abs(n)} {plural} {'before' if n < 0 else 'on'}")


def _month(n: int, ja: str, en: str) -> Label:
    near = {0: ("その月", "the month"), 1: ("翌月", "the next month"), -1: ("前月", "the month before")}
    if n in near:
        return Label(f"{near[n][0]}の{ja}", f"the {en} of {near[n][1]}")
    count = _count(n, "か月", "month")
    return Label(f"{count.ja}の月の{ja}", f"the {en} of the month {count.en}")


def _business_days(count: Label, step: BusinessDays) -> Label:
    if step.year_end == "closed":
        return count
    return Label(f"{count.ja}（年末年始も営業）", f"{count.en} (31 December to 3 January not closed)")


def _with_month_end(count: Label, step: Any) -> Label:
    note = MONTH_ENDS.get(step.month_end)
    if note is None:
        return count
    return Label(count.ja + note.ja, count.en + note.en)


def _floor(step: Any) -> Label:
    if step.floor_month_end == 0:
        return Label("その日以前の最後の月末", "the last month end on or before it")
    count = _count(step.floor_month_end, "か月", "month")
    return Label(
        f"その日以前の最後の月末から{count.ja}の月末", f"the month end {count.en} from the last one reached"
    )


def _next(step: Any) -> Label:
    month, of_month = int(step.next[:2]), int(step.next[3:])
    name = f"{date(2000, month, of_month):%B}"
    if step.boundary == "same":
        return Label(f"その日以後最初の{month}月{of_month}日", f"the first {of_month} {name} on or after it")
    return Label(f"その日より後の最初の{month}月{of_month}日", f"the first {of_month} {name} after it")


_STEPS: dict[type[Any], Callable[[Any], Label]] = {
    Days: lambda s: _count(s.days, "日", "day"),
    Months: lambda s: _with_month_end(_count(s.months, "か月", "month"), s),
    Years: lambda s: _with_month_end(_count(s.years, "年", "year"), s),
    EndOfMonth: lambda s: _month(s.end_of_month, "末日", "last day"),
    FirstOfMonth: lambda s: _month(s.first_of_month, "1日", "first day"),
    FloorMonthEnd: _floor,
    Next: _next,
    On: lambda s: Label(day(s.on, "ja"), day(s.on, "en")),
    Birthday: lambda s: Label(f"{s.birthday}歳の誕生日", f"birthday number {s.birthday}"),
    EndOfBirthdayMonth: lambda s: Label(
        f"{s.end_of_birthday_month}歳に達する月の末日",
        f"the end of the month in which the age of {s.end_of_birthday_month} is attained",
    ),
    BusinessDays: lambda s: _business_days(_count(s.business_days, "営業日", "business day"), s),
}


def rule_words(rule: DateRule, base: str, lang: Language) -> str:
    """A chain of steps, from the day that it counts from, or the last fixed day in it."""
    said = [base]
    for step in rule:
        if isinstance(step, On):
            said = []
        said.append(_STEPS[type(step)](step).text(lang))
    return " → ".join(said)


def period_words(since: date | None, through: date | None, lang: Language) -> str:
    """A period in force; empty if it is open at both ends."""
    said = [SINCE.text(lang).format(day(since, lang))] if since else []
    said += [THROUGH.text(lang).format(day(through, lang))] if through else []
    return " ".join(said)


def figure_words(figure: Figure, catalogue: Catalogue, lang: Language) -> str:
    """One version of a figure in a line."""
    base = catalogue[figure.of].label.text(lang) if figure.of else BASE.text(lang)
    if figure.earliest:
        said = EARLIEST_OF.text(lang).format(words.LIST_SEPARATOR.text(lang).join(figure.earliest))
    else:
        said = (
            words.MODALITY[figure.modality]
            .text(lang)
            .format(
                day=rule_words(figure.rule, base, lang),
                earliest=rule_words(figure.rule, base, lang),
                latest=rule_words(figure.latest_rule or (), base, lang),
            )
        )
    return "; ".join([said, *_notes(figure, base, catalogue, lang)])


def _notes(figure: Figure, base: str, catalogue: Catalogue, lang: Language) -> list[str]:
    notes = [words.APPROXIMATE.text(lang)] if figure.approximate else []
    notes += [words.PLANNED.text(lang)] if figure.planned else []
    for fact, wanted in figure.when.items():
        value = words.TRUE_FALSE[wanted].text(lang) if isinstance(wanted, bool) else wanted
        notes.append(ONLY_WHEN.text(lang).format(catalogue[fact].label.text(lang), value))
    notes += [BEFORE.text(lang).format(figure.before)] if figure.before else []
    notes += [REACHED.text(lang).format(figure.reached)] if figure.reached else []
    if figure.reading and figure.modality is not Modality.NOT_STATED:
        notes.append(words.READING.text(lang).format(figure.reading.text(lang)))
    for other in figure.other_readings:
        notes.append(OTHER.text(lang).format(other.reading.text(lang), rule_words(other.rule, base, lang)))
    return [*notes, *_period(figure.period, lang)]


def _period(period: Period | None, lang: Language) -> list[str]:
    if period is None:
        return []
    said = period_words(period.since, period.through, lang)
    return [f"{BY_BASE.text(lang)} {said}" if period.by == "base" else said] if said else []
