"""From the facts of a block's rows to the values of atoms, as bits.

What a day or a code means is asked of the scalar definitions (:mod:`hokensha.classify`), once for all days
between two cuts, or once for each code. So the values of an atom are intervals of codes, and where a row lies
among them takes one comparison for each place at which the wanted values begin or end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date
from functools import reduce
from itertools import pairwise
from typing import Any, Final, TypeAlias, cast

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from hokensha.classify import Steps, sequence_of
from hokensha.component import seen_on
from hokensha.diagram import Variable
from hokensha.facts import UNKNOWN, FactValue, Unknown
from hokensha.features import Order
from hokensha.situation import Vocabulary
from hokensha_roll.alike import Numbers
from hokensha_roll.blocks import DAY_SPAN, EPOCH, NONE_DAY, UNKNOWN_DAY, Block, Column, day_of
from hokensha_roll.circuit import Bits, either, packed, unlike

Values: TypeAlias = "tuple[FactValue | Unknown, ...] | None"
Turns: TypeAlias = tuple[bool, tuple[int, ...]]
_MANY: Final = 8
"""From so many beginnings and ends on, looking each code up is quicker than comparing."""
_KNOWN: Final = 1_000_000
"""Added to a day's code in a table, so that zero says that nobody has looked yet."""
ANY: Final = -1
"""The place of an atom's value where nothing is known: it may be each of them."""


@frozen(eq=False)
class Pieces:
    """The value of an atom along the codes of its fact.

    Attributes:
        starts: The first code of each piece but the first, ascending.
        places: For each piece the place of its value among the feature's, or :data:`ANY`.
    """

    starts: tuple[int, ...]
    places: tuple[int, ...]

    def of(self, code: int) -> int:
        """The place of one code's value."""
        return self.places[bisect_right(self.starts, code)]

    def among(self, values: tuple[int, ...]) -> Turns:
        """Whether the first piece can have one of the values, and the codes from which on that turns."""
        can = [place == ANY or place in values for place in self.places]
        turns = [
            start for start, (one, next_) in zip(self.starts, pairwise(can), strict=True) if one != next_
        ]
        return can[0], tuple(turns)


@frozen(eq=False)
class Day:
    """A function from days to days, tabulated as days turn up: distinct days are few, rows are many.

    Attributes:
        function: The scalar definition.
    """

    function: Callable[[date | None], date | None]
    _table: NDArray[np.int32] = field(factory=lambda: np.zeros(DAY_SPAN, np.int32), init=False)

    def __call__(self, codes: Numbers) -> NDArray[np.int32]:
        """The function of each day; what is unknown stays unknown."""
        found = self._table[codes]
        if not found.all():
            for code in np.unique(codes[found == 0]).tolist():
                self._table[code] = _KNOWN + self._of(code)
            found = self._table[codes]
        days: NDArray[np.int32] = found - np.int32(_KNOWN)
        return days

    def _of(self, code: int) -> int:
        day = day_of(code)
        if isinstance(day, Unknown):
            return UNKNOWN_DAY
        result = self.function(day)
        return NONE_DAY if result is None else result.toordinal() - EPOCH


@frozen(eq=False)
class Pair:
    """How one dated fact lies to a day counted from another: an order of two facts."""

    values: tuple[Any, ...]
    event: Day
    since: Day

    @classmethod
    def of(cls, vocabulary: Vocabulary, variable: Variable, on: date) -> Pair:
        """The order of two facts as the day asked sees them."""
        day, fact = seen_on(vocabulary, variable, on), variable.facts[0]
        atoms, order = vocabulary.atoms, cast("Order", variable.feature)  # no other atom reads two facts
        return cls(order.values, Day(atoms.event(fact, day)), Day(atoms.since(order, day)))

    def places(self, block: Block, facts: tuple[str, ...]) -> NDArray[np.uint8]:
        """For each row the place of the order's value; where a fact is not known it means nothing."""
        fact, base = (block.columns[each].codes for each in facts)
        found = np.full(block.rows, self._place(None, None), np.uint8)
        there = np.flatnonzero(fact < NONE_DAY)  # mostly few
        event, since = self.event(fact[there]), self.since(base[there])
        state = 4 * (event != NONE_DAY) + 2 * (since != NONE_DAY) + (event < since)
        early, late = date(2000, 1, 1), date(2000, 1, 2)
        by_state = [
            self._place(one, other)
            for one, other in [
                (None, None), (None, None), (None, late), (None, late),
                (early, None), (early, None), (early, early), (early, late),
            ]
        ]  # fmt: skip
        found[there] = np.array(by_state, np.uint8)[state]
        return found

    def _place(self, fact: date | None, since: date | None) -> int:
        return self.values.index(sequence_of(fact, since))


@define(eq=False)
class Classes:
    """What a policy's atoms make of facts on one day.

    Attributes:
        fixed: The place of the value of each atom that reads no fact.
        pairs: The orders of two facts.
    """

    vocabulary: Vocabulary
    on: date
    fixed: dict[Variable, int] = field(factory=dict, init=False)
    pairs: dict[Variable, Pair] = field(factory=dict, init=False)
    _pieces: dict[tuple[Variable, Values], Pieces] = field(factory=dict, init=False)
    _turns: dict[tuple[Pieces, tuple[int, ...]], Turns] = field(factory=dict, init=False)

    @classmethod
    def of(cls, vocabulary: Vocabulary, variables: Iterable[Variable], on: date) -> Classes:
        """The classes behind some variables."""
        found = cls(vocabulary, on)
        for variable in variables:
            if not variable.facts:
                value = vocabulary.atoms.classifier(variable.feature, seen_on(vocabulary, variable, on))()
                found.fixed[variable] = variable.feature.values.index(value)
            elif len(variable.facts) == 2:
                found.pairs[variable] = Pair.of(vocabulary, variable, on)
        return found

    def pieces(self, variable: Variable, values: Values) -> Pieces:
        """The pieces of an atom of one fact, whose codes stand for days or for the ``values``."""
        key = (variable, values)
        if key not in self._pieces:
            if len(self._pieces) > 10_000:  # columns of free text have other values in each block
                self._pieces.clear()
                self._turns.clear()
            self._pieces[key] = self._find_pieces(variable, values)
        return self._pieces[key]

    def turns(self, pieces: Pieces, among: tuple[int, ...]) -> Turns:
        """:meth:`Pieces.among`, found once."""
        key = (pieces, among)
        if key not in self._turns:
            self._turns[key] = pieces.among(among)
        return self._turns[key]

    def _find_pieces(self, variable: Variable, values: Values) -> Pieces:
        day = seen_on(self.vocabulary, variable, self.on)
        classify = self.vocabulary.atoms.classifier(variable.feature, day)

        def place(value: FactValue | Unknown) -> int:
            if isinstance(value, Unknown):
                return ANY
            try:
                return variable.feature.values.index(classify(value))
            except (KeyError, ValueError):  # no value of the feature's: asked exactly, the row will say so
                return ANY

        if values is not None:
            return Pieces(tuple(range(1, len(values))), tuple(map(place, values)))
        if not isinstance(classify, Steps):
            raise TypeError(f"the atom {variable.feature.id} of a day is no step function")
        cuts = tuple(cut.toordinal() - EPOCH for cut in classify.cuts)
        steps = (variable.feature.values.index(value) for value in classify.values)
        return Pieces((*cuts, NONE_DAY, UNKNOWN_DAY), (*steps, place(None), ANY))


@define(eq=False)
class BlockValues:
    """The values of all atoms for the rows of one block; what is asked for is computed once."""

    classes: Classes
    block: Block
    _from: dict[tuple[str, int], Bits] = field(factory=dict, init=False)
    _unknown: dict[str, Bits] = field(factory=dict, init=False)
    _places: dict[Variable, NDArray[np.uint8]] = field(factory=dict, init=False)
    _among: dict[tuple[Variable, tuple[int, ...]], Bits] = field(factory=dict, init=False)

    def unknown(self, fact: str) -> Bits:
        """Where a fact is not known."""
        if fact not in self._unknown:
            column = self.block.columns.get(fact)
            self._unknown[fact] = True if column is None else self._find_unknown(fact, column)
        return self._unknown[fact]

    def places(self, variable: Variable, rows: NDArray[np.intp]) -> Numbers:
        """The place of an atom's value in some rows; the block has to hold its facts."""
        if variable in self.classes.pairs:
            return self._pair(variable)[rows]
        column = self.block.columns[variable.facts[0]]
        pieces = self.classes.pieces(variable, column.values)
        return np.array(pieces.places, np.int16)[
            np.searchsorted(np.array(pieces.starts, np.int32), column.codes[rows].astype(np.int32), "right")
        ]

    def among(self, variable: Variable, values: tuple[int, ...]) -> Bits:
        """Where a variable can have one of the values; of what is unknown, all values are possible."""
        key = (variable, values)
        if key not in self._among:
            self._among[key] = self._find_among(variable, values)
        return self._among[key]

    def _find_among(self, variable: Variable, values: tuple[int, ...]) -> Bits:
        if variable in self.classes.fixed:
            return self.classes.fixed[variable] in values
        if any(fact not in self.block.columns for fact in variable.facts):
            return True
        if variable in self.classes.pairs:
            places = self._pair(variable)
            known = packed(reduce(np.logical_or, (places == value for value in values)))
            return either(known, either(*map(self.unknown, variable.facts)))
        (fact,) = variable.facts
        column = self.block.columns[fact]
        return self._along(fact, column, self.classes.pieces(variable, column.values), values)

    def _along(self, fact: str, column: Column, pieces: Pieces, values: tuple[int, ...]) -> Bits:
        found: Bits
        found, turns = self.classes.turns(pieces, values)
        if len(turns) > _MANY and column.values is not None:
            can = np.array([place == ANY or place in values for place in pieces.places])
            return packed(can[column.codes])
        for start in turns:
            found = unlike(found, self._reached(fact, column, start))
        return found

    def _reached(self, fact: str, column: Column, start: int) -> Bits:
        """Where a fact's code is not below ``start``."""
        key = (fact, start)
        if key not in self._from:
            self._from[key] = packed(column.codes >= start)
        return self._from[key]

    def _pair(self, variable: Variable) -> NDArray[np.uint8]:
        if variable not in self._places:
            self._places[variable] = self.classes.pairs[variable].places(self.block, variable.facts)
        return self._places[variable]

    def _find_unknown(self, fact: str, column: Column) -> Bits:
        if column.values is None:
            found = self._reached(fact, column, UNKNOWN_DAY)
        elif UNKNOWN in column.values:
            found = packed(column.codes == column.values.index(UNKNOWN))
        else:
            return False
        return found if isinstance(found, bool) or found.any() else False
