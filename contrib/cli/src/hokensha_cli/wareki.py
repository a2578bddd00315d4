"""Days as insurers write them: ISO, YYYYMMDD, with slashes, and by the Japanese era (和暦)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final, Literal, TypeAlias

from attrs import frozen

DayForm: TypeAlias = Literal["iso", "yyyymmdd", "yyyy/mm/dd", "wareki"]
"""How a column writes its days."""


@frozen
class _Era:
    name: str
    letter: str
    first: date
    last: date


# The five eras are a table of our own. The library `japanera` takes 27-49 ms to import, where the command
# line has to start in a blink; its parser needs to be told one format, and reads 令和0年5月1日 as 2019-05-01.
#
# In order, so that the place in the table is the era's code (明治 1 ... 令和 5). An era begins on the day its
# edict or order took effect; the one before it ends on the day before.
#
# 明治 is counted by the Gregorian calendar from 1 January 1868, as java.time.chrono does. Japan adopted that
# calendar on 1 January of 明治6 (1873); days before then were written by the lunar calendar, and nobody born
# on one of them is a member of anything.
_ERAS: Final = (
    _Era("明治", "M", date(1868, 1, 1), date(1912, 7, 29)),
    _Era("大正", "T", date(1912, 7, 30), date(1926, 12, 24)),
    _Era("昭和", "S", date(1926, 12, 25), date(1989, 1, 7)),
    _Era("平成", "H", date(1989, 1, 8), date(2019, 4, 30)),
    _Era("令和", "R", date(2019, 5, 1), date.max),
)
_BY_MARK: Final = {
    mark: era
    for code, era in enumerate(_ERAS, start=1)
    for mark in (era.name, era.name[0], era.letter, str(code))
}
_LONGEST: Final = 64
"""No day is written in more characters; a text of very many would take long to be normalised."""

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_YYYYMMDD = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SLASHES = re.compile(r"([0-9]{4})/ ?([0-9]{1,2})/ ?([0-9]{1,2})")
# Columns of fixed width pad single digits with a space (令和 7年 1月 5日): spaces may stand before a number.
_NAMED_ERA = re.compile(
    r"(?P<era>明治?|大正?|昭和?|平成?|令和?|[MTSHR]) *(?P<year>元|[0-9]{1,2})"
    r"(?:年 *(?P<month>[0-9]{1,2})月 *(?P<day>[0-9]{1,2})日"
    r"|(?P<separator>[./-]) *(?P<month_>[0-9]{1,2})(?P=separator) *(?P<day_>[0-9]{1,2}))",
    re.IGNORECASE,
)
_CODED_ERA = re.compile(
    r"(?P<era>[1-5MTSHR明大昭平令])(?P<separator>-?)(?P<year>[0-9]{2})(?P=separator)(?P<month>[0-9]{2})"
    r"(?P=separator)(?P<day>[0-9]{2})",
    re.IGNORECASE,
)
_NO_SUCH_DAY = "no such day in the calendar"


def parse_day(text: str, form: DayForm) -> date:
    """The day that ``text`` means.

    Forms:
        ``iso``: ``2025-12-01``, exactly so.
        ``yyyymmdd``: ``20251201``.
        ``yyyy/mm/dd``: ``2025/12/01``, ``2025/12/1``.
        ``wareki``: an era by name, its first sign, letter or code (明治 1 to 令和 5), then year, month and
            day: ``令和7年12月1日``, ``令和元年5月1日``, ``令7.12.1``, ``R7.12.1``, ``R07/12/01``,
            ``R7-12-1``, ``5-07-12-01``, ``5071201``, ``R071201``.

    In all but the first, full-width characters and surrounding spaces are seen through.

    Raises:
        ValueError: The text is not of that form, there is no such day, or the era had not begun or had ended
            by then. The reason never repeats the text, which may be a member's birthday.

    Source: 元号を改める政令 (昭和64年政令第1号, 平成31年政令第143号) and the edicts of 1868, 1912 and 1926.
    """
    if form == "iso":
        return _gregorian(_ISO.fullmatch(text), "expected a day as YYYY-MM-DD")
    text = unicodedata.normalize("NFKC", text).strip() if len(text) <= _LONGEST else ""
    if form == "yyyymmdd":
        return _gregorian(_YYYYMMDD.fullmatch(text), "expected a day as YYYYMMDD")
    if form == "yyyy/mm/dd":
        return _gregorian(_SLASHES.fullmatch(text), "expected a day as YYYY/MM/DD")
    return _of_era(text)


def format_wareki(day: date) -> str:
    """``day`` as written in letters, such as ``令和7年12月1日``; the first year of an era is 元年.

    Raises:
        ValueError: The day lies before 明治 (1868).
    """
    for era in reversed(_ERAS):
        if day >= era.first:
            year = day.year - era.first.year + 1
            return f"{era.name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    raise ValueError("days before 1868 (明治) have no era here")


def _gregorian(match: re.Match[str] | None, expected: str) -> date:
    if match is None:
        raise ValueError(expected)
    year, month, day = map(int, match.groups())
    return _day(year, month, day)


def _of_era(text: str) -> date:
    match = _NAMED_ERA.fullmatch(text) or _CODED_ERA.fullmatch(text)
    if match is None:
        raise ValueError("expected a day by Japanese era, such as 令和7年12月1日, R7.12.1 or 5071201")
    parts = match.groupdict()
    era = _BY_MARK[parts["era"].upper()]
    year = 1 if parts["year"] == "元" else int(parts["year"])
    if year == 0:
        raise ValueError("an era has no year 0: its first year is 1 or 元")
    month, day = (parts[name] or parts[f"{name}_"] for name in ("month", "day"))
    found = _day(era.first.year + year - 1, int(month), int(day))
    if found < era.first:
        raise ValueError("the era had not begun by that day")
    if found > era.last:
        raise ValueError("the era had ended by that day")
    return found


def _day(year: int, month: int, day: int) -> date:
    # Not date's own message: from Python 3.14 on, it repeats the figures.
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(_NO_SUCH_DAY) from None
