"""Decision tables: that they say exactly what the function says."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from hokensha.features import BOOLEANS, Coded, Derived, Value
from hokensha.partial import Raised
from hokensha.text import Label
from hokensha_cli.tables import Asked, Row, table


class Three(Value):
    A = "a"
    B = "b"
    C = "c"


def coded(name, values):
    return Coded(name, Label(name, name), values, name)


X, Y, Z = coded("x", tuple(Three)), coded("y", BOOLEANS), coded("z", tuple(Three))


class Known:
    def __init__(self, values):
        self.values = values

    def __getitem__(self, feature):
        return self.values[feature]


def answers(shown, values):
    """The answers of the rows that fit."""
    return [
        row.answer
        for row in shown.rows
        if all(c is None or values[k.feature] in c for c, k in zip(row.cells, shown.columns, strict=True))
    ]


def test_rows_that_differ_in_all_values_of_a_feature_are_one_row_without_it():
    shown = table(lambda s: (s[Y] and s[X] is Three.A) or (not s[Y] and s[X] is Three.A))
    assert (Asked(X),) == shown.columns
    assert (Row(((Three.A,),), True),) == shown.rows


def test_rows_that_differ_in_some_values_of_a_feature_are_one_row_with_both():
    shown = table(lambda s: s[X] is not Three.B)
    assert (Row(((Three.A, Three.C),), True),) == shown.rows


def test_what_is_not_asked_for_on_a_path_is_left_open():
    shown = table(lambda s: s[Y] or s[X] is Three.C)
    assert {(None, (True,)), ((Three.C,), (False,))} == {
        tuple(dict(zip([c.feature for c in shown.columns], r.cells, strict=True)).get(f) for f in (X, Y))
        for r in shown.rows
    }


def test_a_function_that_asks_for_nothing_has_no_columns():
    assert ((), (Row((), True),)) == (table(lambda s: True).columns, table(lambda s: True).rows)
    assert ((), ()) == (table(lambda s: False).columns, table(lambda s: False).rows)


def test_another_day_is_a_column_of_its_own():
    shown = table(lambda s: s[Y] and not s.at("start")[Y])
    assert (Asked(Y), Asked(Y, "start")) == shown.columns


def test_a_derived_feature_is_a_column_and_not_looked_through():
    both = Derived("both", Label("b", "b"), BOOLEANS, lambda s: s[Y] and s[X] is Three.A)
    assert (Asked(both),) == table(lambda s: s[both]).columns


def test_a_function_of_several_values_has_a_row_for_each():
    shown = table(lambda s: Three.A if s[Y] else Three.B)
    assert {Three.A, Three.B} == {row.answer for row in shown.rows}


def test_what_raises_is_shown_where_it_raises():
    shown = table(lambda s: 1 / 0 if s[Y] else False)
    assert (Row(((True,),), Raised("ZeroDivisionError")),) == shown.rows


@given(st.lists(st.booleans(), min_size=18, max_size=18), st.permutations((X, Y, Z)))
def test_exactly_one_row_fits_what_is_true_and_none_what_is_not(outcomes, order):
    every = list(itertools.product(*(feature.values for feature in order)))
    truth = dict(zip(every, outcomes, strict=True))

    def function(s):
        return truth[tuple(s[feature] for feature in order)]

    shown = table(function)
    for values in every:
        expected = [True] if truth[values] else []
        assert expected == answers(shown, dict(zip(order, values, strict=True)))
