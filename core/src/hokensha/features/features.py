"""Features: what a rule may see of a member on a day, each with a small, closed set of values.

A feature is declared, never coded. Its facts and the policy's figures meet the day in
:mod:`hokensha.classify`, the only place where dates are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final, Generic, Protocol, TypeAlias, TypeVar, overload

from attrs import field, frozen

from hokensha.text import FUNCTION, LABEL, Label, each, expect, is_a, is_text

S = TypeVar("S", bound="Value")


class Value(Enum):
    """Base of feature values. Members are compared, never tested for truth: that is an error.

    A member is the code that JSON has of it, behind which may stand what people are told instead, in Japanese
    and in English: ``PROVISIONAL = "provisional", "暫定運用の期間", "the provisional operation"``.

    Attributes:
        label: What people are told; none where the code says it, or the words are elsewhere.
    """

    _value_: str
    label: Label | None

    def __new__(cls: type[S], code: str, ja: str = "", en: str = "") -> S:  # noqa: PYI019 - none in Python 3.10
        made = object.__new__(cls)
        made._value_ = code
        made.label = Label(ja, en) if ja or en else None
        return made

    def __bool__(self) -> bool:
        raise TypeError(f"{self!r} is neither true nor false; compare it with 'is'")


V = TypeVar("V", bound="Value | bool")
BOOLEANS = (False, True)


@frozen(eq=False)
class Feature(Generic[V]):
    """What all features have: an id, words for people, and the closed set of their values."""

    id: str = field(
        validator=expect(
            lambda value: is_text(value) and not any(map(str.isspace, value)), "a text without spaces"
        )
    )
    label: Label = field(validator=LABEL)
    values: tuple[V, ...] = field(
        validator=expect(
            each(is_a(Value, bool)),
            "a tuple of at least one member of a Value class or boolean, none twice",
        )
    )

    def facts(self) -> tuple[str, ...]:
        """The facts that the feature itself names (figures may add theirs)."""
        return ()

    def figures(self) -> tuple[str, ...]:
        """The figures that the feature names."""
        return ()


@frozen(eq=False)
class Coded(Feature[V]):
    """What a coded or boolean fact says; ``values`` carry the fact's codes."""

    fact: str

    def facts(self) -> tuple[str, ...]:
        return (self.fact,)


@frozen(eq=False)
class Known(Feature[bool]):
    """Whether a fact that may be none is a value at all (``True``) or known to be none (``False``).

    Attributes:
        raw: As the fact was given, even if what it dates has not happened yet.
    """

    fact: str
    raw: bool = False

    def facts(self) -> tuple[str, ...]:
        return (self.fact,)


@frozen(eq=False)
class Phase(Feature[V]):
    """Where the day falls among last days computed from one dated fact.

    Attributes:
        steps: ``(value, figure)`` in order; the first whose day is not before the day asked counts. A
            figure that states no day never ends its step.
        after: The value once every step has ended.
        none: The value when the fact is known to be none.
    """

    fact: str
    steps: tuple[tuple[V, str], ...]
    after: V
    none: V

    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def figures(self) -> tuple[str, ...]:
        return tuple(figure for _, figure in self.steps)


@frozen(eq=False)
class Band(Feature[V]):
    """Into which of the policy's periods a dated fact falls, as seen on the day asked.

    Attributes:
        bands: ``(value, figure)`` in order: the figure's day is the last of the band.
        after: The value beyond the last band.
        none: The value when the fact is known to be none, or has not happened yet.
    """

    fact: str
    bands: tuple[tuple[V, str], ...]
    after: V
    none: V

    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def figures(self) -> tuple[str, ...]:
        return tuple(figure for _, figure in self.bands)


class Sequence(Value):
    """How one dated fact lies to a day computed from another."""

    NEVER = "never"
    """The fact is none, or has not happened yet."""
    BEFORE = "before"
    SINCE = "since"
    """On that day or after it."""
    NO_EVENT = "no-event"
    """There is no day to compare with: its fact is none, or has not happened yet."""


@frozen(eq=False)
class Order(Feature[Sequence]):
    """Whether one dated fact came before, or since, a day computed from another.

    Attributes:
        since: A simple figure with a fact of its own, or without one (a fixed day).
        raw: As the facts were given, even if what they date has not happened yet.
    """

    fact: str
    since: str
    raw: bool = False

    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def figures(self) -> tuple[str, ...]:
        return (self.since,)


@frozen(eq=False)
class Calendar(Feature[V]):
    """Where the day asked falls among fixed days of the policy; no fact is read."""

    steps: tuple[tuple[V, str], ...]
    after: V

    def figures(self) -> tuple[str, ...]:
        return tuple(figure for _, figure in self.steps)


@frozen(eq=False)
class Within(Feature[bool]):
    """Whether the day asked is not after a figure's day; true if the figure states none or does not apply."""

    figure: str

    def figures(self) -> tuple[str, ...]:
        return (self.figure,)


@frozen(eq=False)
class Reached(Feature[bool]):
    """Whether a figure's day has come; false if it states none or does not apply."""

    figure: str

    def figures(self) -> tuple[str, ...]:
        return (self.figure,)


@frozen(eq=False)
class Against(Feature[bool]):
    """An atom of :class:`Within` and :class:`Reached`: the day against one simple figure."""

    figure: str
    upto: bool
    """``True``: is the day asked not after the figure's day? ``False``: has it come?"""

    def figures(self) -> tuple[str, ...]:
        return (self.figure,)


@frozen(eq=False)
class Says(Feature[bool]):
    """An atom: whether a fact has one certain value (a condition of a figure)."""

    fact: str
    wanted: str | bool

    def facts(self) -> tuple[str, ...]:
        return (self.fact,)


class DayAsked(Enum):
    """What stands for the day asked, where values of facts are written down once for all days."""

    DAY_ASKED = "day-asked"


DAY_ASKED: Final = DayAsked.DAY_ASKED
Given: TypeAlias = "Mapping[str, str | bool | DayAsked]"
"""Facts, each with a value: a code or a text, a boolean, or for a dated fact the day asked."""


@frozen(eq=False)
class Supposed(Feature[V]):
    """What an atom would be if some of its facts had other values, which it then does not read.

    Attributes:
        atom: The atom.
        given: The facts that are supposed, each with its value.
        at: The figure of the day as of which the atom is asked for (empty: the day asked). What is supposed
            to be of the day asked is so then, too: it lies ahead, if that day is an earlier one.
    """

    atom: Feature[V]
    given: Given
    at: str = ""

    def facts(self) -> tuple[str, ...]:
        return tuple(fact for fact in self.atom.facts() if fact not in self.given)

    def figures(self) -> tuple[str, ...]:
        return (*self.atom.figures(), *((self.at,) if self.at else ()))


@frozen(eq=False)
class Setting(Feature[V]):
    """A choice that the policy makes under ``[settings]``, by the value's text."""


@frozen(eq=False)
class OfPolicy(Feature[bool]):
    """A feature whose function the policy's own rules make up (who is in the scheme, which grounds claim)."""


@frozen(eq=False)
class InForce(Feature[bool]):
    """Whether the rule that a policy has in force under an id holds; false where it has none.

    Declined, out of its period or replaced: whoever reads a rule reads what the policy has made of it.
    """

    rule: str


class Readable(Protocol):
    """A rule: whoever reads it reads its feature."""

    @property
    def feature(self) -> InForce:
        """What is read."""


def feature_of(asked: Feature[Any] | Readable) -> Feature[Any]:
    """The feature that is meant where a situation is asked for a feature or for a rule.

    Raises:
        TypeError: It is neither.
    """
    feature = asked if isinstance(asked, Feature) else getattr(asked, "feature", None)
    if not isinstance(feature, Feature):
        raise TypeError(f"a situation is asked for features and rules, not for {asked!r}")
    return feature


class Situation(Protocol):
    """What a rule sees: feature values, never a fact."""

    @overload
    def __getitem__(self, asked: Feature[V]) -> V: ...

    @overload
    def __getitem__(self, asked: Readable) -> bool: ...

    def __getitem__(self, asked: Any) -> Any:
        """The value of a feature on the day asked; of a rule, whether the one in force holds."""

    def at(self, figure: str) -> Situation:
        """The same member on another, fixed day of the policy (the as-of day of a mass issuance)."""


@frozen(eq=False)
class Derived(Feature[V]):
    """A pure, finite function of other features."""

    function: Callable[[Situation], V] = field(validator=FUNCTION)


KINDS: frozenset[type[Any]] = frozenset(
    (
        Coded,
        Known,
        Phase,
        Band,
        Order,
        Calendar,
        Within,
        Reached,
        Against,
        Says,
        Supposed,
        Setting,
        OfPolicy,
        InForce,
        Derived,
    )
)
"""Every kind of feature; there are no others, since what reads features tells them apart by these."""


def flag(id_: str, fact: str, ja: str, en: str) -> Coded[bool]:
    """The feature of a boolean fact."""
    return Coded(id_, Label(ja, en), BOOLEANS, fact)


def known(id_: str, fact: str, ja: str, en: str) -> Known:
    """The feature that says whether a fact is known to be a value, or known to be none."""
    return Known(id_, Label(ja, en), BOOLEANS, fact)


@overload
def derived(id_: str, ja: str, en: str) -> Callable[[Callable[[Situation], bool]], Derived[bool]]: ...


@overload
def derived(
    id_: str, ja: str, en: str, values: tuple[V, ...]
) -> Callable[[Callable[[Situation], V]], Derived[V]]: ...


def derived(
    id_: str, ja: str, en: str, values: tuple[Any, ...] = BOOLEANS
) -> Callable[[Callable[[Situation], Any]], Derived[Any]]:
    """Turn a function of a situation into a derived feature.

    ::

        @derived("holds-card", "カードを保有", "holds the card")
        def holds_card(s: Situation) -> bool:
            return s[my_number_card] is Card.HELD
    """

    def wrap(function: Callable[[Situation], Any]) -> Derived[Any]:
        return Derived(id_, Label(ja, en), values, function)

    return wrap


def within(figure: str, ja: str, en: str) -> Within:
    """The feature that the day asked is not after ``figure``'s day."""
    return Within(f"within:{figure}", Label(ja, en), BOOLEANS, figure)


def reached(figure: str, ja: str, en: str) -> Reached:
    """The feature that ``figure``'s day has come."""
    return Reached(f"reached:{figure}", Label(ja, en), BOOLEANS, figure)
