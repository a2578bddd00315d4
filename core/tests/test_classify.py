"""Classification: what each declared feature says of a fact on a day, and how fast looks come to the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hokensha.dates import (
    EARLIEST,
    LATEST,
    BusinessCalendar,
    Days,
    EndOfMonth,
    Figure,
    Figures,
    FirstOfMonth,
    Modality,
    Months,
    Next,
    On,
    Period,
    Years,
)
from hokensha.facts import Catalogue
from hokensha.features import (
    BOOLEANS,
    DAY_ASKED,
    Against,
    Atoms,
    Band,
    Calendar,
    Coded,
    Feature,
    Known,
    Order,
    Phase,
    Says,
    Sequence,
    Setting,
    Steps,
    Supposed,
    Value,
    step_function,
)
from hokensha.text import Label
from hokensha_standard import CARD, FACTS, OVERSEAS_CARD

EXACT = Modality.EXACT
X = Label("x", "x")
DAY = timedelta(days=1)
BEFORE, SINCE, NEVER, NO_EVENT = Sequence.BEFORE, Sequence.SINCE, Sequence.NEVER, Sequence.NO_EVENT


class Stage(Value):
    VALID = "valid"
    GRACE = "grace"
    LAPSED = "lapsed"
    NONE = "none"


def atoms(**figures: Figure | tuple[Figure, ...]) -> Atoms:
    catalogue = Catalogue().extended(FACTS)
    own = {f.id: (Figure(EXACT, of=f.id),) for f in catalogue.facts.values() if f.kind == "day"}
    given_ = {
        name.replace("_", "-"): (figure,) if isinstance(figure, Figure) else figure
        for name, figure in figures.items()
    }
    return Atoms(catalogue, Figures({**own, **given_}, BusinessCalendar("test").add))


def days(first: str, *expected: object) -> list[tuple[date, object]]:
    """Expected values from a day on, one a day."""
    start = date.fromisoformat(first)
    return [(start + n * DAY, value) for n, value in enumerate(expected)]


# --- Coded, Known, Says


def test_a_code_is_the_member_of_its_feature():
    class Card(Value):
        HELD = "held"
        LOST = "lost"

    card = Coded("card", X, tuple(Card), "my_number_card")

    assert Card.LOST is atoms().classifier(card, date(2025, 6, 15))("lost")


def test_a_boolean_fact_is_itself():
    flag = Coded("flag", X, BOOLEANS, "overseas_card")
    classify = atoms().classifier(flag, date(2025, 6, 15))

    assert (True, False) == (classify(True), classify(False))


def test_a_condition_compares_with_its_wanted_value():
    says = Says("says", X, BOOLEANS, "my_number_card", "held")
    classify = atoms().classifier(says, date(2025, 6, 15))

    assert (True, False) == (classify("held"), classify("lost"))


def test_an_event_is_known_from_its_day_on():
    """After the day asked it has not happened."""
    known = Known("known", X, BOOLEANS, "registered_on")
    classify = atoms().classifier(known, date(2025, 6, 15))

    for day, value in days("2025-06-14", True, True, False):
        assert value == classify(day), day
    assert classify(None) is False


def test_a_planned_day_is_known_though_it_lies_ahead():
    known = Known("known", X, BOOLEANS, "left_on")
    classify = atoms().classifier(known, date(2025, 6, 15))

    assert classify(date(2030, 1, 1)) is True
    assert classify(None) is False


def test_a_fact_of_another_kind_is_known_if_it_is_not_none():
    known = Known("known", X, BOOLEANS, "symbol")
    classify = atoms().classifier(known, date(2025, 6, 15))

    assert (True, False) == (classify("12"), classify(None))


# --- Phase

PHASE = Phase(
    "phase",
    X,
    tuple(Stage),
    "electronic_certificate_expires_on",
    ((Stage.VALID, "electronic_certificate_expires_on"), (Stage.GRACE, "grace-end")),
    Stage.LAPSED,
    Stage.NONE,
)
GRACE_END = Figure(EXACT, of="electronic_certificate_expires_on", rule=(EndOfMonth(3),))


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2025, 12, 1), Stage.VALID),
        (date(2025, 12, 2), Stage.VALID),
        (date(2025, 12, 3), Stage.GRACE),
        (date(2026, 3, 31), Stage.GRACE),
        (date(2026, 4, 1), Stage.LAPSED),
    ],
)
def test_a_phase_ends_with_each_last_day(on, expected):
    """The certificate expires on 2 December 2025, its grace on 31 March 2026 (002-08)."""
    assert expected is atoms(grace_end=GRACE_END).classifier(PHASE, on)(date(2025, 12, 2))


def test_a_phase_of_a_fact_that_is_none_is_a_value_of_its_own():
    assert Stage.NONE is atoms(grace_end=GRACE_END).classifier(PHASE, date(2025, 6, 15))(None)


def test_a_step_without_a_day_never_ends():
    endless = Figure(Modality.UNLIMITED, of="electronic_certificate_expires_on")
    classify = atoms(grace_end=endless).classifier(PHASE, date(2999, 1, 1))

    assert Stage.GRACE is classify(date(1990, 1, 1))


# --- Band

BAND = Band(
    "band",
    X,
    tuple(Stage),
    "enrolment_received_on",
    ((Stage.VALID, "first-band"), (Stage.GRACE, "second-band")),
    Stage.LAPSED,
    Stage.NONE,
)
BANDS = {
    "first_band": Figure(EXACT, rule=(On(date(2024, 11, 29)),)),
    "second_band": Figure(EXACT, rule=(On(date(2024, 12, 1)),)),
}


def test_a_band_holds_its_last_day():
    classify = atoms(**BANDS).classifier(BAND, date(2025, 6, 15))
    expected = days("2024-11-29", Stage.VALID, Stage.GRACE, Stage.GRACE, Stage.LAPSED)

    assert expected == [(day, classify(day)) for day, _ in expected]


def test_a_band_knows_nothing_of_an_event_that_has_not_happened():
    classify = atoms(**BANDS).classifier(BAND, date(2024, 11, 28))

    assert Stage.VALID is classify(date(2024, 11, 28))
    assert Stage.NONE is classify(date(2024, 11, 29))
    assert Stage.NONE is classify(None)


# --- Calendar


def test_a_calendar_reads_no_fact():
    calendar = Calendar(
        "calendar", X, tuple(Stage), ((Stage.VALID, "end"), (Stage.GRACE, "over")), Stage.LAPSED
    )
    policy = atoms(
        end=Figure(EXACT, rule=(On(date(2025, 12, 1)),)), over=Figure(EXACT, rule=(On(date(2025, 12, 2)),))
    )
    expected = days("2025-11-30", Stage.VALID, Stage.VALID, Stage.GRACE, Stage.LAPSED)

    assert () == policy.facts(calendar)
    assert expected == [(day, policy.classifier(calendar, day)()) for day, _ in expected]


# --- Order

ISSUED = Order("issued", X, tuple(Sequence), "eligibility_certificate_issued_on", "certificate_requested_on")
ON = date(2025, 6, 15)


@pytest.mark.parametrize(
    ("issued", "requested", "expected"),
    [
        (date(2025, 6, 1), date(2025, 6, 2), BEFORE),
        (date(2025, 6, 2), date(2025, 6, 2), SINCE),  # the same day counts
        (date(2025, 6, 3), date(2025, 6, 2), SINCE),
        (None, date(2025, 6, 2), NEVER),
        (date(2025, 6, 16), date(2025, 6, 2), NEVER),  # not issued yet
        (date(2025, 6, 1), None, NO_EVENT),
        (date(2025, 6, 1), date(2025, 6, 16), NO_EVENT),  # not requested yet
        (date(2025, 6, 15), date(2025, 6, 15), SINCE),
        (None, None, NEVER),
        (date(2025, 6, 16), date(2025, 6, 16), NEVER),
    ],
)
def test_an_order_of_two_events_as_seen_on_the_day(issued, requested, expected):
    assert expected is atoms().classifier(ISSUED, ON)(issued, requested)


def test_an_order_with_a_planned_day_reads_it_as_given():
    order = Order("o", X, tuple(Sequence), "eligibility_certificate_valid_until", "first-bad")
    first_bad = Figure(EXACT, of="electronic_certificate_expires_on", rule=(EndOfMonth(3), Days(1)))
    classify = atoms(first_bad=first_bad).classifier(order, ON)

    assert SINCE is classify(date(2026, 4, 1), date(2025, 12, 2))
    assert BEFORE is classify(date(2026, 3, 31), date(2025, 12, 2))


def test_an_order_against_a_fixed_day_reads_one_fact():
    order = Order("o", X, tuple(Sequence), "eligibility_notice_issued_on", "start")
    policy = atoms(start=Figure(EXACT, rule=(On(date(2024, 12, 2)),)))
    classify = policy.classifier(order, ON)
    expected = days("2024-12-01", BEFORE, SINCE)

    assert ("eligibility_notice_issued_on",) == policy.facts(order)
    assert expected == [(day, classify(day)) for day, _ in expected]
    assert NEVER is classify(date(2025, 6, 16))


def test_an_order_against_a_day_that_is_not_stated_has_no_event():
    order = Order("o", X, tuple(Sequence), "eligibility_notice_issued_on", "start")

    assert NO_EVENT is atoms(start=Figure(Modality.NOT_STATED)).classifier(order, ON)(ON)


# --- Against


@pytest.mark.parametrize(("upto", "expected"), [(True, (True, True, False)), (False, (False, True, True))])
def test_the_day_against_a_planned_day(upto, expected):
    """Up to the day it is not passed; on the day it has come."""
    against = Against("a", X, BOOLEANS, "left_on", upto)
    found = tuple(atoms().classifier(against, on)(date(2025, 6, 15)) for on in (ON - DAY, ON, ON + DAY))
    assert expected == found


@pytest.mark.parametrize("upto", [True, False])
def test_without_a_day_nothing_has_passed_and_nothing_has_come(upto):
    against = Against("a", X, BOOLEANS, "left_on", upto)

    assert upto is atoms().classifier(against, ON)(None)


@pytest.mark.parametrize("upto", [True, False])
def test_a_figure_that_is_not_stated_has_not_passed_and_has_not_come(upto):
    against = Against("a", X, BOOLEANS, "asked", upto)
    policy = atoms(asked=Figure(Modality.NOT_STATED, of="left_on"))

    assert upto is policy.classifier(against, ON)(date(2020, 1, 1))


def test_an_event_after_the_day_has_not_come_though_its_figure_lies_before():
    against = Against("a", X, BOOLEANS, "asked", False)
    policy = atoms(asked=Figure(EXACT, of="registered_on", rule=(Days(-30),)))
    classify = policy.classifier(against, ON)

    assert classify(date(2025, 6, 15)) is True
    assert classify(date(2025, 6, 16)) is False


def test_between_counts_as_come_on_its_later_end():
    against = Against("a", X, BOOLEANS, "asked", False)
    figure = Figure(Modality.BETWEEN, of="registered_on", rule=(Months(1),), latest_rule=(Months(2),))
    policy = atoms(asked=figure)

    assert policy.classifier(against, date(2025, 6, 14))(date(2025, 4, 15)) is False
    assert policy.classifier(against, date(2025, 6, 15))(date(2025, 4, 15)) is True


def test_a_setting_is_no_atom():
    with pytest.raises(TypeError, match="is no atom"):
        atoms().classifier(Setting("choice", X, BOOLEANS), ON)


# --- step functions


def test_steps_look_a_day_up_among_cuts():
    steps = Steps((date(2025, 6, 1), date(2025, 7, 1)), ("a", "b", "c"), "none")
    expected = {date(2025, 5, 31): "a", date(2025, 6, 1): "b", date(2025, 6, 30): "b", date(2025, 7, 1): "c"}

    assert expected == {day: steps(day) for day in expected}
    assert "none" == steps(None)


def test_a_function_of_one_value_has_no_cuts():
    assert Steps((), (True,), False) == step_function(lambda day: day is not None, [])


def test_cuts_are_found_wherever_the_value_changes():
    """Three values, and back again across a break."""
    first, second, back = date(2025, 6, 1), date(2025, 6, 2), date(2030, 1, 1)

    def value(day: date | None) -> Stage:
        if day is None:
            return Stage.NONE
        if first <= day < back:
            return Stage.GRACE if day < second else Stage.LAPSED
        return Stage.VALID

    found = step_function(value, [back])

    assert (first, second, back) == found.cuts
    assert (Stage.VALID, Stage.GRACE, Stage.LAPSED, Stage.VALID) == found.values


def test_breaks_outside_of_what_figures_can_reach_are_let_be():
    found = step_function(lambda _: True, [date.min, EARLIEST, date.max])

    assert ((), (True,)) == (found.cuts, found.values)


STEP = st.one_of(
    st.builds(Days, st.integers(-400, 400)),
    st.builds(Months, st.integers(-15, 15), st.sampled_from(["clamp", "roll-over", "stick"])),
    st.builds(Years, st.integers(-5, 5)),
    st.builds(EndOfMonth, st.integers(-15, 15)),
    st.builds(FirstOfMonth, st.integers(-15, 15)),
    st.sampled_from([Next("12-01"), Next("07-31", "next"), Next("02-28")]),
    st.builds(On, st.dates(date(2020, 1, 1), date(2030, 1, 1))),
)
RULE = st.lists(STEP, max_size=3).map(tuple)
DATES = st.dates(date(2018, 1, 1), date(2032, 12, 31))


@st.composite
def figures(draw: st.DrawFn, fact: str | None) -> tuple[Figure, ...]:
    """One version, or several with periods."""
    modality = draw(st.sampled_from([EXACT, EXACT, EXACT, Modality.UNLIMITED, Modality.NOT_STATED]))
    if draw(st.booleans()):
        return (Figure(modality, of=fact, rule=draw(RULE)),)
    by = draw(st.sampled_from(["asked", "base"]))
    borders = sorted(draw(st.lists(DATES, min_size=1, max_size=3, unique=True)))
    versions = [
        Figure(EXACT, of=fact, rule=draw(RULE), period=Period(by, since, through - DAY))
        for since, through in zip([None, *borders], borders, strict=False)
    ]
    if draw(st.booleans()):
        versions.append(Figure(modality, of=fact, rule=draw(RULE), period=Period(by, borders[-1], None)))
    return tuple(versions)


@st.composite
def dated_atoms(draw: st.DrawFn):
    """An atom of one dated fact (an event or a planned day), and the policy that it is of."""
    fact = draw(st.sampled_from(["left_on", "registered_on"]))
    policy = atoms(one=draw(figures(fact)), other=draw(figures(fact)), fixed=draw(figures(None)))
    stages = tuple(Stage)
    steps = ((Stage.VALID, "one"), (Stage.GRACE, "other"))
    atom = draw(
        st.sampled_from(
            [
                Known("a", X, BOOLEANS, fact),
                Against("a", X, BOOLEANS, "one", True),
                Against("a", X, BOOLEANS, "one", False),
                Phase("a", X, stages, fact, steps, Stage.LAPSED, Stage.NONE),
                # none, and so an event that lies ahead, may be told by the value of a step
                Phase("a", X, stages, fact, steps, Stage.LAPSED, Stage.LAPSED),
                Band("a", X, stages, fact, ((Stage.VALID, "fixed"),), Stage.LAPSED, Stage.VALID),
                Order("a", X, tuple(Sequence), fact, "fixed"),
            ]
        )
    )
    return policy, atom


@settings(max_examples=250, deadline=None)
@given(dated_atoms(), DATES, st.lists(st.dates(EARLIEST, LATEST), max_size=20))
def test_looking_up_cuts_is_the_scalar_definition_on_every_day(made, on, further):
    """On each day about each cut, about the day asked, at both ends of time, and anywhere."""
    policy, atom = made
    scalar, looked_up = policy.scalar(atom, on), policy.classifier(atom, on)
    near = [on, EARLIEST + DAY, LATEST - DAY, *looked_up.cuts, *further]
    tried = {day + n * DAY for day in near if EARLIEST < day < LATEST for n in (-1, 0, 1)}
    tried |= {date(2018, 1, 1) + n * 7 * DAY for n in range(780)}

    assert [] == [day for day in sorted(tried) if looked_up(day) is not scalar(day)]
    assert scalar(None) is looked_up(None)


@settings(max_examples=60, deadline=None)
@given(dated_atoms(), DATES)
def test_each_cut_is_a_day_on_which_the_value_changes(made, on):
    policy, atom = made
    scalar = policy.scalar(atom, on)

    for cut in policy.classifier(atom, on).cuts:
        assert scalar(cut) is not scalar(cut - DAY)


def test_a_classifier_is_made_once_for_each_day():
    policy, known = atoms(), Known("known", X, BOOLEANS, "registered_on")

    assert policy.classifier(known, ON) is policy.classifier(known, ON)
    assert policy.classifier(known, ON) is not policy.classifier(known, ON + DAY)


# --- Supposed


SUPPOSED_ON = date(2025, 10, 15)
FIGURES = {
    "as_of": Figure(EXACT, rule=(On(SUPPOSED_ON - 30 * DAY),)),
    "ahead": Figure(EXACT, rule=(On(SUPPOSED_ON + 30 * DAY),)),
    "fixed": Figure(EXACT, rule=(On(SUPPOSED_ON),)),
    "later": Figure(EXACT, of="registered_on", rule=(Days(10),)),
    "end": Figure(EXACT, of="left_on", rule=(Days(-1),)),
}
STAGES = tuple(Stage)
ATOMS: list[tuple[Feature[Any], str]] = [
    (CARD, "my_number_card"),
    (OVERSEAS_CARD, "overseas_card"),
    (Says("a", X, BOOLEANS, "my_number_card", "lost"), "my_number_card"),
    (Known("a", X, BOOLEANS, "registered_on"), "registered_on"),
    (Known("a", X, BOOLEANS, "registered_on", raw=True), "registered_on"),
    (Phase("a", X, STAGES, "left_on", ((Stage.VALID, "end"),), Stage.LAPSED, Stage.NONE), "left_on"),
    (Band("a", X, STAGES, "left_on", ((Stage.VALID, "fixed"),), Stage.LAPSED, Stage.NONE), "left_on"),
    (Against("a", X, BOOLEANS, "end", True), "left_on"),
    (Against("a", X, BOOLEANS, "later", False), "registered_on"),
    (Order("a", X, tuple(Sequence), "registered_on", "fixed"), "registered_on"),
    (Order("a", X, tuple(Sequence), "left_on", "later"), "left_on"),
    (Order("a", X, tuple(Sequence), "left_on", "later"), "registered_on"),
    (Order("a", X, tuple(Sequence), "registered_on", "end", raw=True), "left_on"),
]


@pytest.mark.parametrize("at", ["", "as-of", "ahead"])
@pytest.mark.parametrize(("atom", "fact"), ATOMS)
def test_each_kind_of_atom_is_seen_as_of_any_day(atom, fact, at):
    """Whatever is left of its facts; what is supposed of the day asked lies ahead of an earlier day."""
    policy = atoms(**FIGURES)
    seen = policy.fixed_day(at, SUPPOSED_ON) if at else SUPPOSED_ON
    for value in (
        ("held", "lost") if fact == "my_number_card" else (True, False) if "_card" in fact else (SUPPOSED_ON,)
    ):
        given_ = {fact: DAY_ASKED if value is SUPPOSED_ON else value}
        made = Supposed("s", X, atom.values, atom, given_, at)
        left = policy.facts(made)
        for other in (
            SUPPOSED_ON - 40 * DAY,
            SUPPOSED_ON - DAY,
            SUPPOSED_ON,
            SUPPOSED_ON + DAY,
            SUPPOSED_ON + 40 * DAY,
            None,
        ):
            known = {fact: value, **dict.fromkeys(left, other)}
            expected = policy.classifier(atom, seen)(*(known[each] for each in policy.facts(atom)))
            assert expected is policy.classifier(made, SUPPOSED_ON)(*(known[each] for each in left))


@settings(max_examples=100, deadline=None)
@given(dated_atoms(), DATES)
def test_an_atom_of_one_fact_hangs_on_nobody_once_that_is_supposed(made, on):
    policy, atom = made
    (fact,) = policy.facts(atom)
    there = Supposed("s", X, atom.values, atom, {fact: DAY_ASKED})
    assert () == policy.facts(there)
    assert policy.scalar(atom, on)(on) is policy.classifier(there, on)()


def test_what_is_left_of_an_order_changes_at_its_cuts():
    policy = atoms(**FIGURES)
    order = Order("a", X, tuple(Sequence), "registered_on", "end")
    left = policy.classifier(Supposed("s", X, order.values, order, {"registered_on": DAY_ASKED}), SUPPOSED_ON)
    assert (EARLIEST + DAY < left.cuts[0] < LATEST, Sequence.SINCE) == (True, left(SUPPOSED_ON + DAY))
    assert Sequence.BEFORE is left(SUPPOSED_ON + 2 * DAY)
    assert Sequence.NO_EVENT is left(None)


def test_a_calendar_reads_no_fact_and_is_seen_as_of_any_day():
    policy = atoms(**FIGURES)
    calendar = Calendar("a", X, STAGES, ((Stage.VALID, "fixed"),), Stage.LAPSED)
    made = Supposed("s", X, STAGES, calendar, {"left_on": DAY_ASKED}, "ahead")
    assert Stage.LAPSED is policy.classifier(made, SUPPOSED_ON)()
    assert ("fixed", "ahead") == made.figures()
