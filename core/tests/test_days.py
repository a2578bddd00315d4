"""Days that are answered: their JSON, and how they are cut."""

from __future__ import annotations

from datetime import date

from hokensha.dates import NOT_STATED, DayValue, Modality
from hokensha.text import Label

CAP = date(2026, 3, 30)


def test_the_json_has_the_contracts_keys_in_its_order():
    expected = ["date", "earliest", "latest", "modality", "approximate", "planned"]
    expected += ["reading", "alternatives", "cites"]

    assert expected == list(NOT_STATED.to_json())


def test_what_is_not_stated_has_no_day_and_cites_nothing_by_itself():
    expected = {
        "date": None,
        "earliest": None,
        "latest": None,
        "modality": "not-stated",
        "approximate": False,
        "planned": False,
        "reading": None,
        "alternatives": [],
        "cites": [],
    }
    assert expected == NOT_STATED.to_json()


def test_days_are_written_in_iso_form():
    value = DayValue(
        Modality.EXACT,
        date(2029, 12, 1),
        reading=Label("交付日から4年経過後、最初の12月1日", "first 1 December on or after issue + 4 years"),
        alternatives=(date(2030, 12, 1),),
        cites=("001-11",),
    )
    expected = {
        "date": "2029-12-01",
        "earliest": None,
        "latest": None,
        "modality": "exact",
        "approximate": False,
        "planned": False,
        "reading": {
            "ja": "交付日から4年経過後、最初の12月1日",
            "en": "first 1 December on or after issue + 4 years",
        },
        "alternatives": ["2030-12-01"],
        "cites": ["001-11"],
    }
    assert expected == value.to_json()


def test_between_has_two_ends_and_no_date():
    value = DayValue(Modality.BETWEEN, earliest=date(2025, 5, 1), latest=date(2025, 6, 1), approximate=True)
    json = value.to_json()

    assert (None, "2025-05-01", "2025-06-01", "between", True) == tuple(
        json[key] for key in ("date", "earliest", "latest", "modality", "approximate")
    )


def test_modalities_are_those_of_the_contract():
    expected = ["exact", "at-most", "about", "between", "unlimited", "not-stated"]

    assert expected == [modality.value for modality in Modality]


def test_the_bound_is_the_date_or_the_later_end():
    between = DayValue(Modality.BETWEEN, earliest=date(2025, 5, 1), latest=date(2025, 6, 1))

    assert date(2025, 6, 1) == between.last()
    assert CAP == DayValue(Modality.AT_MOST, CAP).last()
    assert DayValue(Modality.UNLIMITED).last() is None
    assert NOT_STATED.last() is None


def test_a_cap_leaves_an_earlier_day_and_that_very_day_alone():
    for day in (date(2026, 1, 1), CAP):
        value = DayValue(Modality.EXACT, day, cites=("own",))

        assert value == value.capped(CAP, ("cap",))


def test_a_cap_cuts_a_later_day_and_cites_its_own_source():
    value = DayValue(Modality.EXACT, date(2026, 3, 31), reading=Label("読", "r"), cites=("own",))

    assert DayValue(Modality.EXACT, CAP, cites=("cap",)) == value.capped(CAP, ("cap",))


def test_a_day_that_is_not_sure_is_at_most_the_cap():
    """The source's day may lie before the cap all the same."""
    later = date(2026, 12, 1)
    values = [DayValue(m, later) for m in (Modality.AT_MOST, Modality.ABOUT)]
    values.append(DayValue(Modality.BETWEEN, earliest=date(2026, 1, 1), latest=later))
    expected = DayValue(Modality.AT_MOST, CAP, cites=("cap",))

    assert [expected] * 3 == [value.capped(CAP, ("cap",)) for value in values]


def test_a_cap_gives_no_end_to_what_has_none_and_stands_beside():
    for modality in (Modality.UNLIMITED, Modality.NOT_STATED):
        value = DayValue(modality, cites=("own",)).capped(CAP, ("cap", "own"))

        assert DayValue(modality, latest=CAP, cites=("own", "cap")) == value
        assert value.last() is None


def test_alternatives_beyond_the_cap_fall_away():
    value = DayValue(Modality.EXACT, date(2026, 1, 1), alternatives=(date(2025, 12, 31), date(2026, 4, 1)))

    assert (date(2025, 12, 31),) == value.capped(CAP, ()).alternatives
