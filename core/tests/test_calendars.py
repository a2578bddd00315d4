"""On which days an insurer is at work, and how business days are counted."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hokensha.dates import BusinessCalendar, CalendarError, known_years
from hokensha.errors import HokenshaError

BANKS = BusinessCalendar("banks")
OWN = BusinessCalendar(
    "own",
    closing_days=frozenset({(8, 14), (2, 29)}),
    closed_dates=frozenset({date(2025, 6, 10)}),
)

days = st.dates(date(1949, 1, 1), date(2098, 12, 31))
counts = st.integers(0, 30)

# --- which days are business days


def test_an_ordinary_weekday_is_a_business_day() -> None:
    """Monday, 1 December 2025."""
    assert BANKS.is_business_day(date(2025, 12, 1))


@pytest.mark.parametrize("day", [date(2025, 12, 6), date(2025, 12, 7)])
def test_saturday_and_sunday_are_not(day: date) -> None:
    """The banks are closed on both."""
    assert not BANKS.is_business_day(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 4, 29),  # 昭和の日
        date(2025, 5, 6),  # 振替休日: the 4th was a Sunday, the 5th a holiday itself
        date(2026, 9, 22),  # 国民の休日: between two holidays
        date(2019, 10, 22),  # 即位礼正殿の儀, in that year only
        date(2021, 7, 23),  # スポーツの日, moved for the Olympic Games
    ],
)
def test_national_holidays_are_not(day: date) -> None:
    """Those of every year, substitutes, and those of one year alone."""
    assert not BANKS.is_business_day(day)


def test_the_day_a_moved_holiday_would_have_been_is_a_business_day() -> None:
    """The second Monday of October 2021: スポーツの日 had been moved to July."""
    assert BANKS.is_business_day(date(2021, 10, 11))


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2), date(2024, 1, 3)])
def test_the_bank_holidays_of_the_new_year_are_not(day: date) -> None:
    """31 December to 3 January, all of these on weekdays."""
    assert not BANKS.is_business_day(day)


@pytest.mark.parametrize("day", [date(2025, 12, 30), date(2024, 1, 4)])
def test_the_days_around_the_new_year_are_business_days(day: date) -> None:
    """29 and 30 December are holidays of public offices, not of banks."""
    assert BANKS.is_business_day(day)


@pytest.mark.parametrize("day", [date(2025, 8, 14), date(2026, 8, 14), date(2024, 2, 29)])
def test_an_insurers_closing_days_are_not_in_any_year(day: date) -> None:
    """All of them weekdays, on which the banks are open."""
    assert not OWN.is_business_day(day)
    assert BANKS.is_business_day(day)


def test_a_closed_date_is_closed_once() -> None:
    """A single day, not its return in another year."""
    assert not OWN.is_business_day(date(2025, 6, 10))
    assert OWN.is_business_day(date(2026, 6, 10))


@pytest.mark.parametrize("closing", [(2, 30), (13, 1), (0, 1), (4, 31)])
def test_a_closing_day_that_is_in_no_year_is_refused(closing: tuple[int, int]) -> None:
    """Otherwise a typing error would quietly close nothing."""
    with pytest.raises(ValueError, match="is in no year"):
        BusinessCalendar("typo", closing_days=frozenset({closing}))


# --- counting


def test_three_business_days_over_the_holidays_of_may() -> None:
    """Friday, 2 May 2025: 3 to 6 are a weekend, a holiday and its substitute; 7, 8, 9 are counted."""
    assert BANKS.add(date(2025, 5, 2), 3) == date(2025, 5, 9)


def test_three_business_days_over_the_new_year() -> None:
    """Friday, 26 December 2025: 29, 30 are counted, 31 to Sunday, 4 January are not, the 5th is."""
    assert BANKS.add(date(2025, 12, 26), 3) == date(2026, 1, 5)


def test_an_insurers_closing_days_are_not_counted() -> None:
    """Wednesday, 13 August 2025: the 14th is closed, Friday the 15th is counted."""
    assert OWN.add(date(2025, 8, 13), 1) == date(2025, 8, 15)
    assert BANKS.add(date(2025, 8, 13), 1) == date(2025, 8, 14)


def test_counting_from_a_closed_day_starts_with_the_next_open_one() -> None:
    """Saturday, 6 December 2025: Monday the 8th is the first."""
    assert BANKS.add(date(2025, 12, 6), 1) == date(2025, 12, 8)


def test_no_business_days_after_a_business_day_is_that_day() -> None:
    """Monday, 1 December 2025 is on or after itself."""
    assert BANKS.add(date(2025, 12, 1), 0) == date(2025, 12, 1)


def test_no_business_days_after_a_closed_day_is_the_next_open_one() -> None:
    """Saturday, 3 May 2025: Wednesday the 7th."""
    assert BANKS.add(date(2025, 5, 3), 0) == date(2025, 5, 7)


def test_business_days_are_not_counted_backward() -> None:
    """No source asks for it, and it would not be the inverse of counting forward."""
    with pytest.raises(ValueError, match="forward only"):
        BANKS.add(date(2025, 12, 1), -1)


@given(days, days, counts)
def test_a_later_day_never_gives_an_earlier_answer(one: date, other: date, n: int) -> None:
    """Monotone: classification rests on it."""
    assert OWN.add(min(one, other), n) <= OWN.add(max(one, other), n)


@given(days, st.integers(0, 40), counts)
def test_days_close_together_keep_their_order_too(day: date, apart: int, n: int) -> None:
    """Where weekends and holidays could disturb it."""
    assert OWN.add(day, n) <= OWN.add(day + timedelta(apart), n)


@given(days, counts)
def test_the_answer_is_a_business_day(day: date, n: int) -> None:
    """Whatever the day counted from."""
    assert OWN.is_business_day(OWN.add(day, n))


@given(days, counts)
def test_just_n_business_days_lie_behind_the_day_up_to_the_answer(day: date, n: int) -> None:
    """Counted one by one, the first day left out."""
    last = OWN.add(day, n)
    passed = sum(OWN.is_business_day(day + timedelta(i)) for i in range(1, (last - day).days + 1))
    assert passed == n or (n == 0 and not OWN.is_business_day(day) and passed == 1)


# --- years that are not known


def test_the_years_known_reach_from_the_holiday_law_on() -> None:
    """The law is of July 1948; its first full year is the first known. Policies need the present."""
    first, last = known_years()
    assert first == 1949
    assert last >= 2099


@pytest.mark.parametrize("year", [known_years()[0] - 1, known_years()[1] + 1, 1, 9999])
def test_a_day_of_an_unknown_year_is_an_error_not_a_working_day(year: int) -> None:
    """Even where the answer seems plain, as on a Sunday, and even for no days at all."""
    for day in (date(year, 6, day) for day in range(1, 8)):
        with pytest.raises(CalendarError, match=f"no business days can be counted in {year}"):
            BANKS.is_business_day(day)
        with pytest.raises(CalendarError):
            BANKS.add(day, 0)


def test_counting_into_an_unknown_year_is_an_error() -> None:
    """The last days of the last known year."""
    with pytest.raises(CalendarError, match=str(known_years()[1] + 1)):
        BANKS.add(date(known_years()[1], 12, 30), 5)


def test_an_unknown_year_is_reported_as_every_fault_is() -> None:
    """So the command line shows a line, never a traceback."""
    assert issubclass(CalendarError, HokenshaError)


# --- cost


def test_the_holidays_are_loaded_only_when_a_day_is_asked_for() -> None:
    """Importing the module, or making a calendar, must not cost a tenth of a second."""
    code = (
        "import sys; from hokensha.dates import BusinessCalendar; calendar = BusinessCalendar('c');"
        "print('holidays' in sys.modules); from datetime import date; calendar.add(date(2025, 5, 2), 3);"
        "print('holidays' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
