"""Figures: periods in force, conditions, the earliest of several, and how sure the answer is."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from hokensha.dates import (
    BusinessCalendar,
    Days,
    DayValue,
    EndOfMonth,
    Figure,
    Figures,
    Modality,
    Months,
    Next,
    On,
    OtherReading,
    Period,
    Years,
)
from hokensha.errors import PolicyError
from hokensha.text import Label

EXACT, AT_MOST, ABOUT = Modality.EXACT, Modality.AT_MOST, Modality.ABOUT
BETWEEN, UNLIMITED, NOT_STATED = Modality.BETWEEN, Modality.UNLIMITED, Modality.NOT_STATED
ON = date(2025, 6, 15)


def answer(
    figure: Figure | tuple[Figure, ...],
    on: date = ON,
    base: date | None = None,
    facts: dict | None = None,
    **others: Figure,
) -> DayValue | None:
    """What the figure ``asked`` answers."""
    versions = {"asked": figure, **{name.replace("_", "-"): other for name, other in others.items()}}
    figures = Figures(
        {name: (f,) if isinstance(f, Figure) else f for name, f in versions.items()},
        BusinessCalendar("test").add,
    )
    return figures.evaluate("asked", (facts or {}).__getitem__, on, base)


def fixed(day: date, modality: Modality = EXACT, cites: tuple[str, ...] = ()) -> Figure:
    return Figure(modality, cites, rule=(On(day),))


MAY, JUNE, JULY = date(2025, 5, 1), date(2025, 6, 1), date(2025, 7, 1)


class TestOneFigure:
    def test_it_counts_from_its_fact(self):
        figure = Figure(EXACT, ("s",), of="left_on", rule=(Days(-1),))

        assert DayValue(EXACT, date(2025, 3, 31), cites=("s",)) == answer(
            figure, facts={"left_on": date(2025, 4, 1)}
        )

    def test_without_a_fact_it_counts_from_the_questions_day(self):
        figure = Figure(EXACT, rule=(Years(4), Next("12-01")))

        assert DayValue(EXACT, date(2029, 12, 1)) == answer(figure, base=date(2025, 12, 1))

    def test_that_is_the_day_asked_where_the_question_brings_none(self):
        assert DayValue(EXACT, ON) == answer(Figure(EXACT))

    def test_it_does_not_apply_where_its_fact_is_none(self):
        assert answer(Figure(EXACT, of="left_on"), facts={"left_on": None}) is None

    def test_an_unknown_fact_is_not_swallowed(self):
        with pytest.raises(KeyError):
            answer(Figure(EXACT, of="left_on"))

    @pytest.mark.parametrize("modality", [UNLIMITED, NOT_STATED])
    def test_what_has_no_day_gives_none_though_its_fact_has_one(self, modality):
        figure = Figure(modality, ("s",), of="left_on", planned=True)

        assert DayValue(modality, planned=True, cites=("s",)) == answer(figure, facts={"left_on": ON})

    def test_what_has_no_day_does_not_apply_either_where_its_fact_is_none(self):
        assert answer(Figure(NOT_STATED, of="left_on"), facts={"left_on": None}) is None

    def test_between_has_two_ends(self):
        figure = Figure(BETWEEN, rule=(Months(1),), latest_rule=(Months(2),), approximate=True)
        expected = DayValue(BETWEEN, earliest=date(2025, 7, 15), latest=date(2025, 8, 15), approximate=True)
        assert expected == answer(figure)

    def test_qualifiers_reading_and_source_are_handed_on(self):
        figure = Figure(
            AT_MOST, ("s",), rule=(Months(2),), approximate=True, planned=True, reading=Label("読", "r")
        )
        expected = DayValue(
            AT_MOST, date(2025, 8, 15), approximate=True, planned=True, reading=Label("読", "r"), cites=("s",)
        )
        assert expected == answer(figure)

    def test_a_missing_figure_is_named_with_the_nearest(self):
        with pytest.raises(PolicyError, match=r"figures\.askd: is missing.*did you mean 'asked'"):
            Figures({"asked": (Figure(EXACT),)}, BusinessCalendar("test").add)["askd"]


class TestOtherReadings:
    FOUR_YEARS = Figure(
        EXACT,
        rule=(Years(4), Next("12-01")),
        other_readings=(
            OtherReading("strictly after", (Years(4), Next("12-01", "next"))),
            OtherReading("of the fourth year", (Years(4), EndOfMonth(0))),
            OtherReading("strictly after, again", (Years(4), Next("12-01", "next"))),
        ),
    )

    def test_alternatives_are_days_that_differ_each_once_and_in_order(self):
        expected = (date(2029, 12, 31), date(2030, 12, 1))

        assert expected == answer(self.FOUR_YEARS, base=date(2025, 12, 1)).alternatives

    def test_a_reading_that_gives_the_same_day_is_no_alternative(self):
        assert (date(2028, 12, 31),) == answer(self.FOUR_YEARS, base=date(2024, 12, 1)).alternatives[:1]
        assert (date(2029, 4, 30),) == answer(self.FOUR_YEARS, base=date(2025, 4, 1)).alternatives


class TestPeriods:
    """From 1 July one month on, before that three; picked by the day asked, or by the base."""

    @staticmethod
    def versions(by):
        return (
            Figure(
                EXACT, ("old",), of="left_on", rule=(Months(3),), period=Period(by, None, date(2025, 6, 30))
            ),
            Figure(
                EXACT, ("new",), of="left_on", rule=(Months(1),), period=Period(by, JULY, date(2025, 7, 31))
            ),
        )

    @pytest.mark.parametrize(
        ("on", "expected"),
        [
            (date(2025, 6, 30), ("old",)),
            (date(2025, 7, 1), ("new",)),
            (date(2025, 7, 31), ("new",)),
            (date(2025, 8, 1), None),
        ],
    )
    def test_by_the_day_asked(self, on, expected):
        value = answer(self.versions("asked"), on, facts={"left_on": MAY})

        assert expected == (value.cites if value else None)

    @pytest.mark.parametrize(
        ("left_on", "expected"),
        [
            (date(2025, 6, 30), date(2025, 9, 30)),
            (date(2025, 7, 1), date(2025, 8, 1)),
            (date(2025, 7, 31), date(2025, 8, 31)),
            (date(2025, 8, 1), None),
        ],
    )
    def test_by_the_facts_own_day(self, left_on, expected):
        value = answer(self.versions("base"), ON, facts={"left_on": left_on})

        assert expected == (value.date if value else None)

    def test_by_the_day_of_issue_where_no_fact_is_counted_from(self):
        versions = tuple(evolve(version, of=None) for version in self.versions("base"))

        assert date(2025, 8, 1) == answer(versions, ON, base=JULY).date

    def test_a_closed_period_knows_the_first_day_after_it(self):
        assert JULY == Period("asked", None, date(2025, 6, 30)).first_after()
        assert Period("asked", JULY).first_after() is None


class TestWhen:
    DEPARTURE = Figure(EXACT, of="departs_japan_on", when={"overseas_card": False})

    def test_it_applies_where_each_fact_says_so(self):
        facts = {"departs_japan_on": JULY, "overseas_card": False}

        assert JULY == answer(self.DEPARTURE, facts=facts).date

    def test_it_does_not_apply_where_one_says_otherwise(self):
        facts = {"departs_japan_on": JULY, "overseas_card": True}

        assert answer(self.DEPARTURE, facts=facts) is None

    def test_a_later_version_may_have_another_condition(self):
        versions = (
            Figure(EXACT, rule=(Days(1),), when={"relation": "dependent"}),
            Figure(EXACT, rule=(Days(2),), when={"relation": "insured"}),
        )
        assert date(2025, 6, 17) == answer(versions, facts={"relation": "insured"}).date


class TestEarliest:
    """The earliest of two figures."""

    ASKED = Figure(EXACT, earliest=("one", "other"))

    def of(self, one: Figure, other: Figure, **facts: object) -> DayValue | None:
        both = answer(self.ASKED, facts=facts, one=one, other=other)
        turned = answer(evolve(self.ASKED, earliest=("other", "one")), facts=facts, one=one, other=other)

        assert both == turned, "the order of the parts decides nothing here"
        return both

    def test_the_part_that_wins_is_carried_with_its_modality_and_source(self):
        value = self.of(fixed(MAY, ABOUT, ("one",)), fixed(JUNE, EXACT, ("other",)))

        assert DayValue(ABOUT, MAY, cites=("one",)) == value

    def test_a_part_that_does_not_apply_does_not_count(self):
        one = Figure(EXACT, of="left_on")

        assert DayValue(EXACT, JUNE) == self.of(one, fixed(JUNE), left_on=None)

    def test_without_any_part_that_applies_there_is_no_day(self):
        assert self.of(Figure(EXACT, of="left_on"), Figure(EXACT, of="left_on"), left_on=None) is None

    def test_with_one_not_stated_it_is_at_most_the_other_with_the_others_source(self):
        value = self.of(Figure(NOT_STATED, ("silent",)), fixed(MAY, EXACT, ("said",)))

        assert DayValue(AT_MOST, MAY, cites=("said",)) == value

    def test_about_and_not_stated_are_at_most_and_approximate(self):
        value = self.of(Figure(NOT_STATED), fixed(MAY, ABOUT, ("said",)))

        assert DayValue(AT_MOST, MAY, approximate=True, cites=("said",)) == value

    def test_between_and_not_stated_are_at_most_the_later_end(self):
        between = Figure(BETWEEN, rule=(On(MAY),), latest_rule=(On(JUNE),))

        assert DayValue(AT_MOST, JUNE) == self.of(Figure(NOT_STATED), between)

    def test_planned_and_reading_stay_with_the_day_that_is_at_most(self):
        said = evolve(fixed(MAY), planned=True, reading=Label("読", "r"))

        assert DayValue(AT_MOST, MAY, planned=True, reading=Label("読", "r")) == self.of(
            Figure(NOT_STATED), said
        )

    def test_unlimited_never_wins_over_a_day(self):
        value = self.of(Figure(UNLIMITED, ("endless",)), fixed(MAY, EXACT, ("said",)))

        assert DayValue(EXACT, MAY, cites=("said",)) == value

    def test_not_stated_wins_over_unlimited(self):
        value = self.of(Figure(UNLIMITED, ("endless",)), Figure(NOT_STATED, ("silent",)))

        assert DayValue(NOT_STATED, cites=("silent",)) == value

    def test_two_unlimited_are_unlimited(self):
        assert DayValue(UNLIMITED) == self.of(Figure(UNLIMITED), Figure(UNLIMITED))

    def test_two_that_are_not_stated_are_not_stated(self):
        assert DayValue(NOT_STATED) == self.of(Figure(NOT_STATED), Figure(NOT_STATED))

    def test_between_is_compared_by_its_later_end(self):
        between = Figure(BETWEEN, rule=(On(MAY),), latest_rule=(On(JULY),))

        assert DayValue(EXACT, JUNE) == self.of(between, fixed(JUNE))
        assert DayValue(BETWEEN, earliest=MAY, latest=JUNE) == self.of(
            evolve(between, latest_rule=(On(JUNE),)), fixed(JULY)
        )

    def test_of_two_on_the_same_day_the_first_named_counts(self):
        value = answer(self.ASKED, one=fixed(MAY, EXACT, ("one",)), other=fixed(MAY, EXACT, ("other",)))

        assert ("one",) == value.cites

    def test_an_earliest_may_name_another_earliest(self):
        value = answer(
            Figure(EXACT, earliest=("later", "inner")),
            later=fixed(JULY),
            inner=Figure(EXACT, earliest=("middle", "first")),
            middle=fixed(JUNE),
            first=fixed(MAY),
        )
        assert MAY == value.date

    def test_three_parts_one_of_them_not_stated_are_at_most_the_earliest_day(self):
        figure = Figure(EXACT, earliest=("one", "silent", "other"))
        value = answer(
            figure,
            one=fixed(JULY, EXACT, ("one",)),
            silent=Figure(NOT_STATED, ("silent",)),
            other=fixed(MAY, EXACT, ("other",)),
        )
        assert (AT_MOST, MAY, ("other",)) == (value.modality, value.date, value.cites)

    def test_a_part_wins_as_at_most_though_a_later_day_comes_after_it(self):
        figure = Figure(EXACT, earliest=("silent", "one", "other"))
        value = answer(figure, silent=Figure(NOT_STATED), one=fixed(MAY), other=fixed(JULY))

        assert (AT_MOST, MAY) == (value.modality, value.date)

    def test_the_facts_of_all_parts_are_told(self):
        figures = Figures(
            {
                "both": (Figure(EXACT, earliest=("one", "other")),),
                "one": (Figure(EXACT, of="left_on"),),
                "other": (Figure(EXACT, of="departs_japan_on", when={"overseas_card": False}),),
            },
            BusinessCalendar("test").add,
        )
        assert ("one", "other") == figures.parts("both")
        assert ("left_on", "overseas_card", "departs_japan_on") == figures.facts("both")


def test_what_was_computed_once_is_answered_the_same_again():
    """Distinct days are few, and kept."""
    figures = Figures({"asked": (Figure(EXACT, rule=(Months(1),)),)}, BusinessCalendar("test").add)

    assert figures.evaluate("asked", {}.__getitem__, ON) == figures.evaluate("asked", {}.__getitem__, ON)
    assert date(2025, 7, 15) == figures.evaluate("asked", {}.__getitem__, ON).date
    assert date(2025, 7, 16) == figures.evaluate("asked", {}.__getitem__, date(2025, 6, 16)).date
