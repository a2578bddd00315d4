"""From the facts of a block's rows to the values of atoms, as bits.

What a day or a code means is asked of the scalar definitions (:mod:`hokensha.features`), once for all days
between two cuts, or once for each code. So the values of an atom are intervals of codes, and where a row lies
among them takes one comparison for each place at which the wanted values begin or end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import reduce
from itertools import pairwise
from typing import Any, Final, TypeAlias, cast

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from hokensha.facts import UNKNOWN, FactValue, Unknown
from hokensha.features import Order, Steps, Vocabulary, sequence_of, step_function
from hokensha.partial import Variable, seen_on
from hokensha_roll.alike import Numbers
from hokensha_roll.answered_days import Day
from hokensha_roll.blocks import EPOCH, NONE_DAY, UNKNOWN_DAY, Block, FactColumn
from hokensha_roll.circuit import Bits, any_of, both, either, flags, inverse, packed, unlike

Values: TypeAlias = "tuple[FactValue | Unknown, ...] | None"
Turns: TypeAlias = tuple[bool, tuple[int, ...]]
_FEW: Final = 300
"""So many values of a column may come again in other blocks."""
_MANY: Final = 8
"""From so many beginnings and ends on, looking each code up is quicker than comparing."""
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

    def among(self, values: tuple[int, ...]) -> Turns:
        """Whether the first piece can have one of the values, and the codes from which on that turns."""
        can = [place == ANY or place in values for place in self.places]
        turns = [
            start for start, (one, next_) in zip(self.starts, pairwise(can), strict=True) if one != next_
        ]
        return can[0], tuple(turns)


@frozen(eq=False)
class Pair:
    """How one dated fact lies to a day counted from another: an order of two facts.

    Attributes:
        happened: Along the days of the fact, whether it has happened (place 1) or not (place 0).
        event: Of the fact: its day, if it has happened.
        since: From the other fact to the day that the event is compared with.
    """

    values: tuple[Any, ...]
    happened: Pieces
    event: Day
    since: Day

    @classmethod
    def of(cls, vocabulary: Vocabulary, variable: Variable, on: date) -> Pair:
        """The order of two facts as the day asked sees them."""
        day, fact = seen_on(vocabulary, variable, on), variable.facts[0]
        atoms, order = vocabulary.atoms, cast("Order", variable.feature)  # no other atom reads two facts
        event = atoms.event(fact, day)
        happened = step_function(lambda value: event(value) is not None, [day + timedelta(days=1)])
        return cls(order.values, _along_days(happened, int), Day(event), Day(atoms.since(order, day)))

    def unhappened(self) -> int:
        """The place of the value where the event has not happened."""
        return self._place(None, None)

    def without_base(self) -> int:
        """The place of the value where it has, and the other fact is none."""
        return self._place(_EARLY, self.since.function(None))

    def places(self, fact: Numbers, base: Numbers) -> NDArray[np.uint8]:
        """The places of the order's value for rows with days of both facts."""
        event, since = self.event(fact), self.since(base)
        found = np.where(event < since, self._place(_EARLY, _LATE), self._place(_LATE, _EARLY))
        found[since == NONE_DAY] = self._place(_EARLY, None)
        return found.astype(np.uint8)

    def _place(self, fact: date | None, since: date | None) -> int:
        return self.values.index(sequence_of(fact, since))


_EARLY, _LATE = date(2000, 1, 1), date(2000, 1, 2)


def _along_days(steps: Steps, place: Callable[[Any], int]) -> Pieces:
    """A step function of days as pieces of codes."""
    cuts = (cut.toordinal() - EPOCH for cut in steps.cuts)
    return Pieces((*cuts, NONE_DAY, UNKNOWN_DAY), (*map(place, steps.values), place(steps.none), ANY))


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
    by_fact: dict[str, list[Variable]] = field(factory=dict, init=False)
    _pieces: dict[tuple[Variable, Values], Pieces] = field(factory=dict, init=False)

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
            else:
                found.by_fact.setdefault(variable.facts[0], []).append(variable)
        return found

    def pieces(self, variable: Variable, values: Values) -> Pieces:
        """The pieces of an atom of one fact, whose codes stand for days or for the ``values``."""
        if values is not None and len(values) > _FEW:  # free text: each block has other values
            return self._find_pieces(variable, values)
        key = (variable, values)
        found = self._pieces.get(key)
        if found is None:
            found = self._pieces[key] = self._find_pieces(variable, values)
        return found

    def unclear(self, fact: str, values: tuple[FactValue | Unknown, ...]) -> list[bool]:
        """Which of the values leave an atom open: what is not known, and what no feature has a value for."""
        atoms = (self.pieces(variable, values).places for variable in self.by_fact.get(fact, ()))
        open_places = [[place == ANY for place in places] for places in atoms]
        return [any(column) for column in zip(*open_places, strict=True)] or [v is UNKNOWN for v in values]

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
        return _along_days(classify, variable.feature.values.index)


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
        """Where a fact is not known, or has a value that no feature knows."""
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

    def _along(self, fact: str, column: FactColumn, pieces: Pieces, values: tuple[int, ...]) -> Bits:
        found: Bits
        found, turns = pieces.among(values)
        if len(turns) > _MANY and column.values is not None:
            can = np.array([place == ANY or place in values for place in pieces.places])
            return packed(can[column.codes])
        for start in turns:
            found = unlike(found, self._reached(fact, column, start))
        return found

    def _reached(self, fact: str, column: FactColumn, start: int) -> Bits:
        """Where a fact's code is not below ``start``."""
        key = (fact, start)
        if key not in self._from:
            self._from[key] = packed(column.codes >= start)
        return self._from[key]

    def _pair(self, variable: Variable) -> NDArray[np.uint8]:
        """The place of an order's value in each row; where a fact is not known it means nothing."""
        if variable not in self._places:
            pair = self.classes.pairs[variable]
            fact, base = (self.block.columns[each] for each in variable.facts)
            happened = self._along(variable.facts[0], fact, pair.happened, (1,))
            stated = inverse(self._reached(variable.facts[1], base, NONE_DAY))
            places = np.array([pair.unhappened(), pair.without_base()], np.uint8)
            found = np.where(flags(happened, self.block.rows), places[1], places[0])
            rows = np.flatnonzero(flags(both(happened, stated), self.block.rows))  # mostly few
            found[rows] = pair.places(fact.codes[rows], base.codes[rows])
            self._places[variable] = found
        return self._places[variable]

    def _find_unknown(self, fact: str, column: FactColumn) -> Bits:
        if column.values is None:
            found = self._reached(fact, column, UNKNOWN_DAY)
        else:
            unclear = self.classes.unclear(fact, column.values)
            places = [place for place, each in enumerate(unclear) if each]
            found = any_of(packed(column.codes == place) for place in places)
        return found if isinstance(found, bool) or found.any() else False
