"""What the engine is made of: circuits, groups of rows that are alike, and the values of days."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pytest
from hokensha_roll.alike import alike
from hokensha_roll.answered_days import Day
from hokensha_roll.blocks import NONE_DAY, UNKNOWN_DAY, code_of
from hokensha_roll.circuit import Bits, Circuit, flags, packed
from hokensha_roll.classes import ANY, Pieces
from hokensha_roll.engine import Engine

from hokensha.features import Feature, Steps, Value
from hokensha.partial import Node, Raised, Variable, variables
from hokensha.text import Label

ON = date(2026, 11, 21)
FAR = (date.min, date(1867, 12, 31), date(1868, 1, 1), date(1969, 12, 31), date(1970, 1, 1), date.max)
"""Days about which something could go wrong: codes below zero, and the ends of all calendars."""
LABEL = Label("x", "x")


# --- circuits


def variable(name: str, values: int) -> Variable:
    """A variable of its own fact."""
    several = Value(name, [f"V{place}" for place in range(values)])
    return Variable(Feature(name, LABEL, tuple(several)), "", (name,), (name,))


A, B, C = variable("a", 2), variable("b", 2), variable("c", 3)


class Table:
    """Rows by what is known of each variable: the place of its value, or none."""

    def __init__(self, of: Sequence[Variable], rows: Sequence[tuple[int | None, ...]]) -> None:
        self.of, self.rows = list(of), rows

    def among(self, wanted: Variable, values: tuple[int, ...]) -> Bits:
        place = self.of.index(wanted)
        return packed(np.array([row[place] is None or row[place] in values for row in self.rows]))


class Nodes:
    """Makes diagrams, their equal nodes one."""

    def __init__(self) -> None:
        self.made: dict[object, Node] = {}

    def of(self, order: Sequence[Variable], leaves: Sequence[object]) -> Node:
        """The diagram with these answers, for the situations in the order in which they are counted."""
        if not order:
            return self.made.setdefault((type(leaves[0]), leaves[0]), Node(None, (), leaves[0]))
        values = len(order[0].feature.values)
        size = len(leaves) // values
        children = tuple(self.of(order[1:], leaves[i * size : (i + 1) * size]) for i in range(values))
        if all(child is children[0] for child in children):
            return children[0]
        facts = frozenset(order[0].facts).union(*(child.support for child in children))
        return self.made.setdefault((order[0], children), Node(order[0], children, None, facts))


def walked(node: Node, order: Sequence[Variable], row: Sequence[int | None]) -> object:
    """The answer for one situation."""
    while node.variable is not None:
        value = row[list(order).index(node.variable)]
        assert value is not None
        node = node.children[value]
    return node.leaf


def completions(order: Sequence[Variable], row: Sequence[int | None]) -> Iterator[tuple[int, ...]]:
    """Every situation that a row can be in."""
    sizes = [range(len(each.feature.values)) for each in order]
    return product(*(sizes[i] if value is None else (value,) for i, value in enumerate(row)))


def rows_of(bits: Bits, rows: int) -> list[bool]:
    return list(flags(bits, rows).tolist())


def test_a_circuit_answers_every_question_of_three_variables_in_every_situation():
    order, nodes = (A, B, C), Nodes()
    every = list(product(range(2), range(2), range(3)))
    roots = [nodes.of(order, answers) for answers in product((False, True), repeat=len(every))]
    circuit = Circuit.of(roots)
    found = circuit.true_in(Table(order, every))
    assert [rows_of(bits, len(every)) for bits in found] == [
        list(answers) for answers in product((False, True), repeat=len(every))
    ]


@pytest.mark.parametrize("open_names", ["", "a", "b", "c", "ab", "bc", "abc"])
def test_a_circuit_knows_which_answers_are_possible_where_something_is_not_known(open_names: str):
    order, nodes = (A, B, C), Nodes()
    known = [range(len(each.feature.values)) for each in order]
    choices = [(*known[i], None) if each.facts[0] in open_names else known[i] for i, each in enumerate(order)]
    table = Table(order, list(product(*choices)))
    draw = random.Random(1)
    leaves = [[draw.random() < 0.5 for _ in range(12)] for _ in range(300)]
    roots = [nodes.of(order, each) for each in leaves]
    found = Circuit.of(roots).possible_in(table, frozenset(open_names))
    for root, (yes, no) in zip(roots, found, strict=True):
        answers = [{walked(root, order, each) for each in completions(order, row)} for row in table.rows]
        assert rows_of(yes, len(table.rows)) == [True in each for each in answers]
        assert rows_of(no, len(table.rows)) == [False in each for each in answers]


def test_where_a_rule_raises_both_answers_are_possible():
    order, nodes, raised = (A, B), Nodes(), Raised("ValueError: x")
    rows = list(product((0, 1, None), repeat=2))
    every = list(product((False, True, raised), repeat=4))
    roots = [nodes.of(order, leaves) for leaves in every]
    circuit = Circuit.of(roots)
    for open_facts in (frozenset(), frozenset("ab")):
        table = Table(order, [row for row in rows if open_facts or None not in row])
        found = circuit.possible_in(table, open_facts)
        for root, (yes, no) in zip(roots, found, strict=True):
            answers = [{walked(root, order, each) for each in completions(order, row)} for row in table.rows]
            assert rows_of(yes, len(table.rows)) == [bool(each & {True, raised}) for each in answers]
            assert rows_of(no, len(table.rows)) == [bool(each & {False, raised}) for each in answers]
    assert [Circuit.of([root]).raising() for root in roots] == [raised in leaves for leaves in every]


def test_the_circuits_of_a_policy_agree_with_its_diagrams_in_every_situation(bench: Any):
    for question in Engine(bench.once(), ON).questions:
        for root in question.roots:
            order = variables([root])
            situations = list(product(*(range(len(each.feature.values)) for each in order)))
            assert prod(len(each.feature.values) for each in order) == len(situations) < 100_000
            (found,) = Circuit.of([root]).true_in(Table(order, situations))
            assert rows_of(found, len(situations)) == [walked(root, order, row) for row in situations]


# --- rows that are alike


@pytest.mark.parametrize("seed", range(20))
def test_rows_are_alike_if_all_their_columns_are(seed: int):
    draw = random.Random(seed)
    rows = draw.choice((0, 1, 2, 63, 200))
    kinds = [(-5, 5, np.int32), (0, 2, np.uint8), (0, 1 << 40, np.int64), (-719_162, UNKNOWN_DAY, np.int32)]
    kinds += [(0, 1, bool), (7, 7, np.int16), (0, (1 << 62) - 1, np.int64)]
    columns = []
    for low, high, kind in draw.choices(kinds, k=draw.randint(0, 6)):
        some = [draw.randint(low, high) for _ in range(2)] + [low, high]
        columns.append(np.array([draw.choice(some) for _ in range(rows)], kind))
    found = alike(columns, rows)
    keys = [tuple(column[row].item() for column in columns) for row in range(rows)]
    firsts = list(dict.fromkeys(keys))
    assert found.group.tolist() == [firsts.index(key) for key in keys]
    assert found.first.tolist() == [keys.index(key) for key in firsts]


def test_however_far_apart_numbers_are_rows_that_differ_are_told_apart():
    far = np.array([0, 1, 2, 3, 4, 5, 6, (1 << 62) - 1])
    other = np.array([0, 0, 0, 0, 0, 0, (1 << 62) - 1, 0])
    assert alike([far, other, other], 8).group.tolist() == list(range(8))


# --- from days to values


def place_of(pieces: Pieces, code: int) -> int:
    """The place of the one value that a code has, or that it may have any."""
    values = {place for place in pieces.places if place != ANY} | {max(pieces.places) + 1}
    found = set()
    for value in values:
        first, turns = pieces.among((value,))
        if first is not bool(sum(code >= turn for turn in turns) % 2):
            found.add(value)
    return ANY if found == values else found.pop()


def days_of(steps: Steps) -> list[date]:
    """The days at which a step function turns, and beside them."""
    return [cut + timedelta(days=n) for cut in steps.cuts for n in (-1, 0, 1)]


def test_the_pieces_of_every_dated_atom_are_what_it_says_of_each_day(bench: Any):
    engine, rulebook = Engine(bench.once(), ON), bench.once()
    seen = 0
    for question in engine.questions:
        for one in variables(question.roots):
            classify = rulebook.vocabulary.atoms.classifier(one.feature, ON)
            if isinstance(classify, Steps):
                scalar = rulebook.vocabulary.atoms.scalar(one.feature, ON)
                pieces = engine._classes.pieces(one, None)
                for day in (*FAR, ON, *days_of(classify), None):
                    piece = bisect_right(pieces.starts, code_of(day))
                    assert one.feature.values[pieces.places[piece]] == scalar(day), (one.feature.id, day)
                assert pieces.places[bisect_right(pieces.starts, UNKNOWN_DAY)] == ANY
                seen += len(classify.cuts)
    assert seen > 10


def test_pieces_turn_where_wanted_values_begin_or_end():
    pieces = Pieces((-10, 0, 10, NONE_DAY, UNKNOWN_DAY), (0, 1, 0, 2, 1, ANY))
    assert pieces.among((1,)) == (False, (-10, 0, NONE_DAY))
    assert pieces.among((0,)) == (True, (-10, 0, 10, UNKNOWN_DAY))
    assert pieces.among((0, 1)) == (True, (10, NONE_DAY))
    assert pieces.among(()) == (False, (UNKNOWN_DAY,))
    assert pieces.among((0, 1, 2)) == (True, ())
    assert [place_of(pieces, code) for code in (-719_162, -11, -10, -1, 0, 9, 10)] == [0, 0, 1, 1, 0, 0, 2]


def test_a_function_of_days_is_asked_once_for_each_day_of_our_times():
    """And it is right for every other day, for none and for what is not known, alone or among others."""
    asked = []

    def eve(day: date | None) -> date | None:
        asked.append(day)
        return None if day in (None, date.min) else day - timedelta(days=1)

    def expected(days: Sequence[date | None]) -> list[int]:
        return [code_of(None if day in (None, date.min) else day - timedelta(days=1)) for day in days]

    table = Day(eve)
    near = [date(1868, 1, 1), date(1969, 12, 31), date(1970, 1, 1), ON, date(2199, 12, 31), None]
    every = [*near, *FAR, *near]
    for days in ([None], near, near[::-1], every, every[::-1], [date.max], []):
        assert table(np.array([code_of(day) for day in days], np.int32)).tolist() == expected(days)
    assert [asked.count(day) for day in near] == [1] * len(near)
    unknown = np.array([UNKNOWN_DAY, code_of(ON), UNKNOWN_DAY, code_of(date.max)], np.int32)
    assert table(unknown).tolist() == [UNKNOWN_DAY, code_of(ON) - 1, UNKNOWN_DAY, code_of(date.max) - 1]
