"""How insurers write days, and which of them are days at all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hokensha_cli.wareki import DayForm, format_wareki, parse_day

LETTERS = {"明治": "M", "大正": "T", "昭和": "S", "平成": "H", "令和": "R"}

days = st.dates(date(1868, 1, 1), date(2100, 12, 31))


def parts(day: date) -> tuple[str, int]:
    """Era and year of ``day``, read off the written form."""
    era, year = (written := format_wareki(day))[:2], written[2 : written.index("年")]
    return era, 1 if year == "元" else int(year)


# --- by the Gregorian calendar


def test_iso() -> None:
    """The form that days have in JSON."""
    assert parse_day("2025-12-01", "iso") == date(2025, 12, 1)


@pytest.mark.parametrize(
    "text", ["20251201", "2025-12-1", "2025-W49-1", " 2025-12-01", "2025-12-01T00:00", "２０２５-12-01", ""]
)
def test_iso_is_exactly_so(text: str) -> None:
    """The same on every Python, of which some read more."""
    with pytest.raises(ValueError, match=r"^expected a day as YYYY-MM-DD$"):
        parse_day(text, "iso")


@pytest.mark.parametrize("text", ["20251201", " 20251201 ", "２０２５１２０１"])
def test_yyyymmdd(text: str) -> None:
    """As municipal systems write it, full-width included."""
    assert parse_day(text, "yyyymmdd") == date(2025, 12, 1)


@pytest.mark.parametrize("text", ["2025-12-01", "2025121", "251201", "5071201", ""])
def test_yyyymmdd_has_eight_digits(text: str) -> None:
    """Anything else is of another form."""
    with pytest.raises(ValueError, match=r"^expected a day as YYYYMMDD$"):
        parse_day(text, "yyyymmdd")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2025-02-29", "iso"),
        ("2025-13-01", "iso"),
        ("0000-01-01", "iso"),
        ("00000000", "yyyymmdd"),
        ("99999999", "yyyymmdd"),
        ("20250431", "yyyymmdd"),
        ("令和7年2月29日", "wareki"),
        ("R7.13.1", "wareki"),
        ("5070001", "wareki"),
    ],
)
def test_a_day_that_is_in_no_calendar_is_an_error(text: str, form: DayForm) -> None:
    """The fillers 00000000 and 99999999 too: what they mean is for the policy to say."""
    with pytest.raises(ValueError, match=r"^no such day in the calendar$"):
        parse_day(text, form)


# --- by the Japanese era


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和7年12月1日", date(2025, 12, 1)),
        ("令和07年12月01日", date(2025, 12, 1)),
        ("令和 7年12月 1日", date(2025, 12, 1)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("令和1年5月1日", date(2019, 5, 1)),
        ("㋿7年12月1日", date(2025, 12, 1)),
        ("昭和23年4月5日", date(1948, 4, 5)),
        ("平成3年4月5日", date(1991, 4, 5)),
        ("大正3年4月5日", date(1914, 4, 5)),
        ("明治33年4月5日", date(1900, 4, 5)),
        ("R7年12月1日", date(2025, 12, 1)),
        ("令和7.12.1", date(2025, 12, 1)),
        ("R7.12.1", date(2025, 12, 1)),
        ("r7.12.1", date(2025, 12, 1)),
        ("R07.12.01", date(2025, 12, 1)),
        ("R 7.12. 1", date(2025, 12, 1)),
        ("R7/12/1", date(2025, 12, 1)),
        ("R7-12-1", date(2025, 12, 1)),
        ("R元.5.1", date(2019, 5, 1)),
        ("S23.4.5", date(1948, 4, 5)),
        ("H3.4.5", date(1991, 4, 5)),
        ("T3.4.5", date(1914, 4, 5)),
        ("M33.4.5", date(1900, 4, 5)),
        ("5-07-12-01", date(2025, 12, 1)),
        ("5071201", date(2025, 12, 1)),
        ("4030405", date(1991, 4, 5)),
        ("3230405", date(1948, 4, 5)),
        ("2030405", date(1914, 4, 5)),
        ("1330405", date(1900, 4, 5)),
        ("Ｒ７．１２．１", date(2025, 12, 1)),
        ("令和７年１２月１日", date(2025, 12, 1)),
        ("５－０７－１２－０１", date(2025, 12, 1)),
        ("\u3000R7.12.1 ", date(2025, 12, 1)),
        ("令8.11.21", date(2026, 11, 21)),
        ("昭15年1月20日", date(1940, 1, 20)),
        ("S150120", date(1940, 1, 20)),
        ("s150120", date(1940, 1, 20)),
        ("令081121", date(2026, 11, 21)),
    ],
)
def test_the_forms_seen_in_insurers_files(text: str, day: date) -> None:
    """By name, letter and code; padded, full-width, and with the first year either way."""
    assert parse_day(text, "wareki") == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7.12.1",
        "R7.12/1",
        "R7.12",
        "R7121",
        "X7.12.1",
        "6071201",
        "0071201",
        "507121",
        "50712011",
        "5-0712-01",
        "5-7-12-1",
        "R100.1.1",
        "S15120",
        "令和081121",
        "慶応3年1月1日",
        "令和7年12月1日生",
        "2025-12-01",
        "20251201",
    ],
)
def test_other_forms_are_errors(text: str) -> None:
    """What is not plainly a day of an era is not guessed at."""
    with pytest.raises(ValueError, match=r"^expected a day by Japanese era"):
        parse_day(text, "wareki")


@pytest.mark.parametrize(
    ("last", "first", "day"),
    [
        ("明治45年7月29日", "大正元年7月30日", date(1912, 7, 30)),
        ("大正15年12月24日", "昭和元年12月25日", date(1926, 12, 25)),
        ("昭和64年1月7日", "平成元年1月8日", date(1989, 1, 8)),
        ("平成31年4月30日", "令和元年5月1日", date(2019, 5, 1)),
    ],
)
def test_an_era_begins_the_day_after_the_one_before_it_ends(last: str, first: str, day: date) -> None:
    """Both ways, read and written."""
    assert (parse_day(last, "wareki"), parse_day(first, "wareki")) == (day - timedelta(1), day)
    assert (format_wareki(day - timedelta(1)), format_wareki(day)) == (last, first)


@pytest.mark.parametrize(
    "text",
    ["平成31年5月1日", "S64.1.8", "H32.1.1", "3640108", "大正15年12月25日", "明治45年7月30日", "S99.1.1"],
)
def test_a_day_after_the_end_of_its_era_is_an_error(text: str) -> None:
    """Even by one day: such a day is more often a slip than a habit."""
    with pytest.raises(ValueError, match=r"^the era had ended by that day$"):
        parse_day(text, "wareki")


@pytest.mark.parametrize("text", ["令和元年4月30日", "H1.1.7", "3011224", "大正元年7月29日"])
def test_a_day_before_the_beginning_of_its_era_is_an_error(text: str) -> None:
    """Even by one day."""
    with pytest.raises(ValueError, match=r"^the era had not begun by that day$"):
        parse_day(text, "wareki")


@pytest.mark.parametrize("text", ["令和0年5月1日", "R0.5.1", "R00.05.01", "5000501"])
def test_an_era_has_no_year_zero(text: str) -> None:
    """It would be a day of the era before."""
    with pytest.raises(ValueError, match=r"^an era has no year 0"):
        parse_day(text, "wareki")


@given(st.text(), st.sampled_from(["iso", "yyyymmdd", "wareki"]))
def test_any_text_is_a_day_or_an_error_that_keeps_it_to_itself(text: str, form: DayForm) -> None:
    """The text may be a birthday, or an individual number in the wrong column."""
    text = f"#{text}"
    with pytest.raises(ValueError) as error:  # noqa: PT011 - whichever reason
        parse_day(text, form)
    assert text not in str(error.value)
    assert error.value.__cause__ is None


# --- writing


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2025, 12, 1), "令和7年12月1日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 12, 31), "令和元年12月31日"),
        (date(2020, 1, 1), "令和2年1月1日"),
        (date(1948, 4, 5), "昭和23年4月5日"),
    ],
)
def test_days_are_written_as_in_letters(day: date, written: str) -> None:
    """Without padding, the first year as 元年."""
    assert format_wareki(day) == written


def test_days_before_the_first_era_cannot_be_written() -> None:
    """No date of this system lies there."""
    with pytest.raises(ValueError, match="1868"):
        format_wareki(date(1867, 12, 31))


def test_every_day_is_read_as_it_was_written() -> None:
    """All 85,000 days from 1868 to 2100."""
    day = date(1868, 1, 1)
    while day.year <= 2100:
        assert parse_day(format_wareki(day), "wareki") == day
        day += timedelta(1)


@given(days, st.sampled_from("./-"), st.booleans())
def test_every_day_is_read_from_its_short_form(day: date, separator: str, padded: bool) -> None:
    """Letter and numbers, padded or not."""
    era, year = parts(day)
    numbers = (f"{n:02}" if padded else str(n) for n in (year, day.month, day.day))
    assert parse_day(LETTERS[era] + separator.join(numbers), "wareki") == day


@given(days, st.sampled_from(["", "-"]))
def test_every_day_is_read_from_its_code(day: date, separator: str) -> None:
    """Era code, then two digits each."""
    era, year = parts(day)
    code = list(LETTERS).index(era) + 1
    text = separator.join([str(code), *(f"{n:02}" for n in (year, day.month, day.day))])
    assert parse_day(text, "wareki") == day


@given(days)
def test_iso_and_yyyymmdd_read_what_python_writes(day: date) -> None:
    """Both from any day."""
    assert parse_day(day.isoformat(), "iso") == parse_day(day.strftime("%Y%m%d"), "yyyymmdd") == day
