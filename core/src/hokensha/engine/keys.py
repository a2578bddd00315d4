"""Situation keys: the finite quotient of all members under a policy, on one day.

Two members of whom every question of the policy is answered alike have one key, and a key is one number: for
each fact the class in which it lies (between which of the days at which an answer can turn; which code; none;
unknown), and for each order of two dated facts which of them comes first. Whatever a decision says of one
member, but for the days in it, it says of every member with the same key.

Nothing of a rule, a feature or a date rule is said a second time here: classes are cut where the atoms of the
policy turn, and atoms say where that is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from itertools import accumulate
from operator import mul
from typing import Any, Final

from attrs import field, frozen

from hokensha.facts import UNKNOWN, Fact, FactValue, Unknown
from hokensha.features import Order, Steps, Vocabulary
from hokensha.partial import Diagrams, Node, Variable, seen_on, texts_asked, variables

BEFORE: Final = 1
"""The digit of an order whose fact lies before the day that it is compared with."""
SINCE: Final = 2
"""The digit of an order whose fact lies on that day or after it. Zero: there is nothing to compare."""
_ORDERS: Final = 3
_DAY: Final = timedelta(days=1)
_WORD: Final = 1 << 63
_MOST: Final = 50_000


@frozen(eq=False)
class Axis:
    """What a key tells apart of one fact.

    The classes are numbered from 0 on; behind the last follow *none*, *unknown* and, of a text, *any other*.

    Attributes:
        fact: The fact.
        cuts: Of a dated fact: the first day of each class but the first.
        values: Of any other: the value of each class.
        dated: Whether it is a day.
        text: Whether it is a text, which can be another than those that the policy asks for.
    """

    fact: str
    cuts: tuple[date, ...] = ()
    values: tuple[FactValue, ...] = ()
    dated: bool = False
    text: bool = False

    @property
    def classes(self) -> int:
        """How many classes there are, but for none, unknown and any other."""
        return len(self.cuts) + 1 if self.dated else len(self.values)

    @property
    def size(self) -> int:
        """How many values the digit has."""
        return self.classes + (3 if self.text else 2)

    def is_unknown(self, place: int) -> bool:
        """Whether a digit says that the fact is not known."""
        return place == self.classes + 1

    def place(self, value: FactValue | Unknown) -> int:
        """The digit of a value."""
        if value is None:
            return self.classes
        if value is UNKNOWN:
            return self.classes + 1
        if isinstance(value, date):
            return bisect_right(self.cuts, value)
        return self.values.index(value) if value in self.values else self.classes + 2


@frozen(eq=False)
class OrderAxis:
    """What a key tells apart of two dated facts that are compared.

    Attributes:
        order: The atom.
        fact: The fact that comes before or since the day counted from the other.
        base: The other fact.
        day: The day on which both are seen; a fact that is no planned day has not happened if it lies beyond.
        planned: Whether the fact is read as given though it lies beyond.
        since: From a day of the other fact to the day that is compared with; none if there is none.
        breaks: First days of stretches of the other fact's days, within each of which that is monotone.
    """

    order: Order
    fact: str
    base: str
    day: date
    planned: bool
    since: Callable[[date | None], date | None]
    breaks: tuple[date, ...] = ()
    size: int = field(default=_ORDERS, init=False)

    def place(self, fact: FactValue | Unknown, base: FactValue | Unknown) -> int:
        """The digit of two values."""
        if not isinstance(fact, date) or not isinstance(base, date) or not (self.planned or fact <= self.day):
            return 0
        since = self.since(base)
        if since is None:
            return 0
        return SINCE if fact >= since else BEFORE


@frozen(eq=False)
class Keys:
    """The keys of some diagrams on a day.

    Attributes:
        axes: One for each fact that they read, in the catalogue's order.
        orders: One for each pair of dated facts that they compare.
    """

    axes: tuple[Axis, ...]
    orders: tuple[OrderAxis, ...]
    _digits: tuple[tuple[str, Mapping[FactValue | Unknown, int]], ...] = field(init=False)
    _orders: tuple[tuple[str, str, Mapping[tuple[FactValue, FactValue], int]], ...] = field(init=False)

    def __attrs_post_init__(self) -> None:
        # A member's key takes a few microseconds, and that is most of what a decision takes.
        weights = (1, *accumulate(self.sizes(), mul))
        axes = zip(self.axes, weights, strict=False)
        orders = zip(self.orders, weights[len(self.axes) :], strict=False)
        each = tuple((axis.fact, _Remembered(partial(_weighted, axis, weight))) for axis, weight in axes)
        pairs = tuple((o.fact, o.base, _Remembered(partial(_weighted_pair, o, w))) for o, w in orders)
        object.__setattr__(self, "_digits", each)
        object.__setattr__(self, "_orders", pairs)

    @classmethod
    def of(cls, vocabulary: Vocabulary, roots: Iterable[Node], on: date, read: Iterable[str] = ()) -> Keys:
        """What tells members apart on a day.

        Args:
            vocabulary: How features come about.
            roots: The diagrams; what hangs on the day alone is best followed first (:func:`of_the_day`).
            on: The day asked.
            read: Further facts that are read: of a day it counts whether it is known, and has happened; of
                others, the value.
        """
        asked = variables(roots)
        catalogue = vocabulary.atoms.catalogue
        cuts: dict[str, set[date]] = {f: set() if catalogue[f].planned else {on + _DAY} for f in read}
        orders = []
        for variable in asked:
            day = seen_on(vocabulary, variable, on)
            if isinstance(variable.feature, Order) and len(variable.facts) == 2:
                orders.append(_compared(vocabulary, variable.feature, variable.facts, day))
                for fact, borders in zip(
                    variable.facts, vocabulary.atoms.borders(variable.feature, day), strict=True
                ):
                    cuts.setdefault(fact, set()).update(borders)
                continue
            classify = vocabulary.atoms.classifier(variable.feature, day)
            for fact in variable.facts:
                cuts.setdefault(fact, set()).update(classify.cuts if isinstance(classify, Steps) else ())
        facts = (fact for fact in catalogue.facts.values() if fact.id in cuts)
        return cls(tuple(_axis(vocabulary, fact, cuts[fact.id]) for fact in facts), tuple(orders))

    def sizes(self) -> tuple[int, ...]:
        """How many values each digit of a key has: those of facts first, then those of orders."""
        return (*(axis.size for axis in self.axes), *(order.size for order in self.orders))

    def words(self) -> tuple[tuple[tuple[Axis | OrderAxis, int], ...], ...]:
        """The digits of a key, each with its weight, in as few numbers below 2 ** 63 as hold them."""
        found: list[list[tuple[Axis | OrderAxis, int]]] = [[]]
        room = 1
        every: tuple[Axis | OrderAxis, ...] = (*self.axes, *self.orders)
        for axis in every:
            if room * axis.size > _WORD:
                found.append([])
                room = 1
            found[-1].append((axis, room))
            room *= axis.size
        return tuple(map(tuple, found))

    def split(self, key: int) -> tuple[int, ...]:
        """The words of a key."""
        found = []
        for word in self.words():
            (axis, weight) = word[-1] if word else (None, 1)
            key, rest = divmod(key, weight * (axis.size if axis else 1))
            found.append(rest)
        return tuple(found)

    def joined(self, words: Iterable[int]) -> int:
        """The key that has these words."""
        key, room = 0, 1
        for number, word in zip(words, self.words(), strict=True):
            key += number * room
            for axis, _ in word:
                room *= axis.size
        return key

    def digits(self, key: int) -> tuple[int, ...]:
        """The digits of a key, in the order of :meth:`sizes`; what is left beyond them stands at the end."""
        found = []
        for size in self.sizes():
            key, digit = divmod(key, size)
            found.append(digit)
        return (*found, key)

    def key(self, facts: Mapping[str, FactValue]) -> int:
        """The key of a member: its digits as one number, the first being the least."""
        key, get = 0, facts.get
        for fact, digits in self._digits:
            key += digits[get(fact, UNKNOWN)]
        for fact, base, orders in self._orders:
            one, other = get(fact), get(base)
            if one is not None and other is not None:
                key += orders[one, other]
        return key


class _Remembered(dict[Any, int]):
    """What a function says, each once; emptied when it grows too large."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[[Any], int]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, asked: Any) -> int:
        if len(self) >= _MOST:
            self.clear()
        found = self[asked] = self._function(asked)
        return found


def _weighted(axis: Axis, weight: int, value: FactValue | Unknown) -> int:
    return weight * axis.place(value)


def _weighted_pair(order: OrderAxis, weight: int, pair: tuple[FactValue, FactValue]) -> int:
    return weight * order.place(*pair)


def of_the_day(diagrams: Diagrams, root: Node, on: date) -> Node:
    """What is left of a diagram on a day, whoever is asked about."""
    vocabulary = diagrams.vocabulary

    def index(variable: Variable) -> int | None:
        if variable.facts:
            return None
        classify = vocabulary.atoms.classifier(variable.feature, seen_on(vocabulary, variable, on))
        return variable.feature.values.index(classify())

    return diagrams.followed(root, index)


def _compared(vocabulary: Vocabulary, order: Order, facts: tuple[str, ...], day: date) -> OrderAxis:
    fact, base = facts
    since = vocabulary.atoms.since(order, day)
    planned, breaks = vocabulary.atoms.catalogue[fact].planned, vocabulary.atoms.breaks(order, day)
    return OrderAxis(order, fact, base, day, planned, since, tuple(sorted(set(breaks))))


def _axis(vocabulary: Vocabulary, fact: Fact, cuts: set[date]) -> Axis:
    if fact.kind == "day":
        return Axis(fact.id, cuts=tuple(sorted(cuts)), dated=True)
    if fact.kind == "text":
        return Axis(fact.id, values=texts_asked(vocabulary, fact), text=True)
    return Axis(fact.id, values=(False, True) if fact.kind == "boolean" else fact.values)
