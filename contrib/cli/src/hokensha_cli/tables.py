"""Decision tables: a rule's function, run once for each path of answers that it asks for, as rows to read.

A rule is shown in the features that it asks for itself. A feature that is made of others is one column
there, and has a table of its own: read through, a rule of ten lines would fill a book.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from attrs import frozen

from hokensha.features import Feature, Situation, Vocabulary
from hokensha.partial import Answers, Path, Raised, Unanswered, follow

Cell: TypeAlias = "tuple[Any, ...] | None"
"""The values that fit a row, in the feature's order; none if the feature does not matter there."""


@frozen
class Asked:
    """A feature that is asked for; ``at`` names the figure of the day it is seen on; empty: the day asked."""

    feature: Feature[Any]
    at: str = ""


@frozen
class Row:
    """One way to an answer: every cell has to fit."""

    cells: tuple[Cell, ...]
    answer: Any


@frozen
class Table:
    """A function of features: no two rows fit the same situation, and each that is not false fits one."""

    columns: tuple[Asked, ...]
    rows: tuple[Row, ...]

    def features(self) -> Iterator[Feature[Any]]:
        """The features of the columns, each once."""
        yield from dict.fromkeys(column.feature for column in self.columns)


_Cells: TypeAlias = "dict[Asked, tuple[Any, ...]]"
_Paths: TypeAlias = "list[tuple[_Cells, Any]]"


def table(function: Callable[[Situation], Any]) -> Table:
    """The decision table of a pure function of a situation; answers that are ``False`` have no row."""
    paths = [(cells, answer) for cells, answer in _paths(function, {}) if answer is not False]
    columns = tuple(dict.fromkeys(column for cells, _ in paths for column in cells))
    merged = _merged(paths, columns)
    kept = tuple(column for column in columns if any(column in cells for cells, _ in merged))
    rows = tuple(Row(tuple(cells.get(column) for column in kept), answer) for cells, answer in merged)
    return Table(kept, rows)


def made_of_others(vocabulary: Vocabulary, tables: Iterable[Table]) -> dict[Feature[Any], Table]:
    """The table of each feature that ``tables``, or these tables themselves, name and that others make up."""
    found: dict[Feature[Any], Table] = {}
    pending = [feature for each in tables for feature in each.features()]
    while pending:
        feature = pending.pop(0)
        composition = vocabulary.composition(feature)
        if feature in found or composition is None or feature.figures():
            continue  # one that compares the day with a figure says so in its words
        found[feature] = table(composition)
        pending.extend(found[feature].features())
    return found


def _paths(function: Callable[[Situation], Any], answers: Answers) -> Iterator[tuple[_Cells, Any]]:
    outcome = follow(function, Path(answers))
    if isinstance(outcome, Unanswered):
        asked = outcome.question
        for value in sorted(asked[0].values, key=lambda value: value is False):  # what is true comes first
            yield from _paths(function, {**answers, asked: value})
        return
    if isinstance(outcome, Raised):
        outcome = Raised(outcome.error.partition(":")[0])
    yield {Asked(*question): (value,) for question, value in answers.items()}, outcome


def _merged(paths: _Paths, columns: tuple[Asked, ...]) -> _Paths:
    """Rows with one answer that differ in one column are one row; a column that fits always is left out."""
    before = len(paths) + 1
    while len(paths) < before:
        before = len(paths)
        for column in reversed(columns):
            paths = _merged_in(paths, column)
    return paths


def _merged_in(paths: _Paths, column: Asked) -> _Paths:
    merged: dict[object, tuple[_Cells, Any]] = {}
    for index, (cells, answer) in enumerate(paths):
        others = frozenset((c, values) for c, values in cells.items() if c != column)
        key: object = (others, type(answer), repr(answer)) if column in cells else index
        if key not in merged:
            merged[key] = (cells, answer)
            continue
        both = {*merged[key][0][column], *cells[column]}
        merged[key] = ({**cells, column: tuple(v for v in column.feature.values if v in both)}, answer)
    whole = len(column.feature.values)
    return [
        ({c: v for c, v in cells.items() if c != column or len(v) < whole}, answer)
        for cells, answer in merged.values()
    ]
