"""How every feature comes about from a member's facts, on a day; and what a rule sees of that: a situation.

This is where dates meet the policy. Each declared feature is either an *atom*, a function of one fact (of
two, for an order of two dated facts; of none, for the calendar) and of the day, or is built from atoms. For
one day the value of an atom is a step function of its fact: classifying a known date is one look into a list
of cuts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache, partial
from reprlib import repr as brief
from typing import Any, TypeAlias, cast

from attrs import define, field, frozen

from hokensha.dates import EARLIEST, LATEST, Figure, Figures
from hokensha.errors import Finding, PolicyError
from hokensha.facts import Catalogue, FactValue
from hokensha.features.features import (
    BOOLEANS,
    DAY_ASKED,
    Against,
    Band,
    Calendar,
    Coded,
    Derived,
    Feature,
    InForce,
    Known,
    OfPolicy,
    Order,
    Phase,
    Reached,
    Says,
    Sequence,
    Setting,
    Situation,
    Supposed,
    Within,
    feature_of,
)
from hokensha.foreign import calls, stopped
from hokensha.text import Label, value_text

Classifier: TypeAlias = Callable[..., Any]
"""From the values of an atom's facts, in their order, to the feature's value."""


@frozen
class Steps:
    """A step function of one dated fact: ``values[i]`` up to the day before ``cuts[i]``, and ``none``."""

    cuts: tuple[date, ...]
    values: tuple[Any, ...]
    none: Any

    def __call__(self, day: date | None) -> Any:
        """The value for one day of the fact."""
        return self.none if day is None else self.values[bisect_right(self.cuts, day)]


def sequence_of(fact: date | None, since: date | None) -> Sequence:
    """How a dated fact, as seen on the day asked, lies to the day that it is compared with."""
    if fact is None:
        return Sequence.NEVER
    if since is None:
        return Sequence.NO_EVENT
    return Sequence.SINCE if fact >= since else Sequence.BEFORE


def step_function(of_day: Classifier, breaks: Iterable[date]) -> Steps:
    """The cuts of ``of_day``, which is monotone between ``breaks``, found by bisection.

    Args:
        of_day: The scalar definition.
        breaks: First days of pieces; the function is monotone within each piece, not across them.
    """
    inside = sorted({day for day in breaks if EARLIEST < day <= LATEST})
    starts = [EARLIEST, *inside]
    ends = [*(day - timedelta(days=1) for day in inside), LATEST]
    cuts: list[date] = []
    values: list[Any] = [of_day(EARLIEST)]
    for start, end in zip(starts, ends, strict=True):
        if of_day(start) is not values[-1]:
            cuts.append(start)
            values.append(of_day(start))
        piece = start
        while of_day(end) is not values[-1]:
            piece = _first_change(of_day, piece, end)
            cuts.append(piece)
            values.append(of_day(piece))
    return Steps(tuple(cuts), tuple(values), of_day(None))


def _first_change(of_day: Classifier, low: date, high: date) -> date:
    """The first day after ``low`` on which the value is no longer that of ``low``."""
    same = of_day(low)
    lowest, highest = low.toordinal(), high.toordinal()
    while highest - lowest > 1:
        middle = (lowest + highest) // 2
        if of_day(date.fromordinal(middle)) is same:
            lowest = middle
        else:
            highest = middle
    return date.fromordinal(highest)


@frozen
class Atoms:
    """The scalar definitions of all atoms of one policy.

    Attributes:
        catalogue: Tells which days are planned (read as given) and which are events.
        figures: The policy's figures.
    """

    catalogue: Catalogue
    figures: Figures
    classifier: Callable[[Feature[Any], date], Classifier] = field(init=False, eq=False)
    """The function from an atom's facts to its value on a day; made once for each day."""
    since: Callable[[Order, date], Callable[[date | None], date | None]] = field(init=False, eq=False)
    """From an order and a day to the function from a day to the one that it is compared with."""
    moving: Callable[[Order, date, str, FactValue], Steps] = field(init=False, eq=False)
    """How an order of two dated facts changes as the one named moves while the other one has the value."""

    @classifier.default
    def _classifiers(self) -> Callable[[Feature[Any], date], Classifier]:
        return lru_cache(maxsize=20_000)(self._classifier)

    @since.default
    def _all_since(self) -> Callable[[Order, date], Callable[[date | None], date | None]]:
        of_figure = lru_cache(maxsize=2_000)(self._since)
        return lambda order, day: of_figure(order.since, day, order.raw)

    @moving.default
    def _all_moving(self) -> Callable[[Order, date, str, FactValue], Steps]:
        return lru_cache(maxsize=50_000)(self._moving)

    def label(self, kind: type[Against | Says], name: str) -> Label:
        """What people are shown for an atom that the policy's figures brought about."""
        if kind is Says:
            return self.catalogue[name].label
        fact = self.catalogue[name].label if name in self.catalogue else Label(name, name)
        return Label(f"基準日との前後：{fact.ja}", f"the day against: {fact.en}")

    def facts(self, atom: Feature[Any]) -> tuple[str, ...]:
        """The facts that an atom's classifier takes, in order."""
        if isinstance(atom, Against):
            of = self._versions(atom.figure)[0].of
            return (of,) if of else ()
        if isinstance(atom, Supposed):
            return tuple(fact for fact in self.facts(atom.atom) if fact not in atom.given)
        if isinstance(atom, Order):
            of = self._versions(atom.since)[0].of
            return (atom.fact, of) if of else (atom.fact,)
        return atom.facts()

    def _classifier(self, atom: Feature[Any], day: date) -> Classifier:
        if isinstance(atom, Coded):
            codes = {value if isinstance(value, bool) else value.value: value for value in atom.values}
            return codes.__getitem__
        if isinstance(atom, Says):
            return lambda value: value == atom.wanted
        if isinstance(atom, Supposed):
            return self._supposed(atom, day)
        facts = self.facts(atom)
        scalar = self.scalar(atom, day)
        if not facts:
            fixed = scalar()
            return lambda: fixed
        if len(facts) == 1 and self.catalogue[facts[0]].kind == "day":
            return step_function(scalar, self.breaks(atom, day))
        return scalar

    def _supposed(self, atom: Supposed[Any], day: date) -> Classifier:
        """An atom with facts given; only an order of two dated facts can have another one left."""
        seen = self.fixed_day(atom.at, day) if atom.at else day
        given = {fact: day if value is DAY_ASKED else value for fact, value in atom.given.items()}
        facts = self.facts(atom.atom)
        left = [fact for fact in facts if fact not in given]
        if not left:
            constant = self.classifier(atom.atom, seen)(*(given[fact] for fact in facts))
            return lambda: constant
        (still,) = (given[fact] for fact in facts if fact in given)
        return self.moving(cast("Order", atom.atom), seen, left[0], still)

    def fixed_day(self, figure: str, on: date) -> date:
        """The day of a figure that counts from no fact."""
        value = self.figures.evaluate(figure, _no_fact, on)
        day = value.last() if value else None
        if day is None:
            raise ValueError(f"figure '{figure}' is no fixed day, so nothing can be seen as of it")
        return day

    def scalar(self, atom: Feature[Any], day: date) -> Classifier:
        """The definition of a dated atom's value on ``day``, straight from the figures."""
        if isinstance(atom, Known):
            event = self._seen(atom, day)
            return lambda value: event(value) is not None
        if isinstance(atom, Phase):
            event = self.event(atom.fact, day)
            return lambda value: self._phase(atom, event(value), day)
        if isinstance(atom, Band):
            event = self.event(atom.fact, day)
            return lambda value: self._band(atom, event(value), day)
        if isinstance(atom, Order):
            return self._ordered(atom, day)
        if isinstance(atom, Against):
            return lambda *values: self._against(atom, values, day)
        if isinstance(atom, Calendar):
            return lambda: self._first(atom.steps, None, day, atom.after, day)
        raise TypeError(f"{atom.id} is no atom")

    def _moving(self, atom: Order, day: date, moving: str, still: FactValue) -> Steps:
        of_day = self._with_one_still(atom, day, moving, still)
        return step_function(of_day, [day, *self.breaks(atom, day)])

    def _with_one_still(self, atom: Order, day: date, moving: str, still: Any) -> Classifier:
        event, since = self._seen(atom, day), self.since(atom, day)
        if moving == atom.fact:
            fixed = since(still)
            return lambda value: sequence_of(event(value), fixed)
        value = event(still)
        return lambda base: sequence_of(value, since(base))

    def borders(self, atom: Order, day: date) -> tuple[tuple[date, ...], tuple[date, ...]]:
        """The borders of an order's two dated facts.

        Where the one begins or ceases to have happened, and where the other begins or ceases to give a day to
        compare with.
        """
        event, since = self._seen(atom, day), self.since(atom, day)
        breaks = [day + timedelta(days=1), *self.breaks(atom, day)]
        of_fact = step_function(lambda value: event(value) is not None, breaks)
        of_base = step_function(lambda value: since(value) is not None, breaks)
        return of_fact.cuts, of_base.cuts

    def happened(self, fact: str, value: FactValue, day: date) -> FactValue:
        """The value of a fact as seen on a day: none for an event that is dated after it."""
        ahead = isinstance(value, date) and value > day and not self.catalogue[fact].planned
        return None if ahead else value

    def event(self, fact: str, day: date) -> Callable[[Any], Any]:
        """:meth:`happened` for one fact and day."""
        return lambda value: self.happened(fact, value, day)

    def _seen(self, atom: Known | Order, day: date) -> Callable[[Any], Any]:
        return (lambda value: value) if atom.raw else self.event(atom.fact, day)

    def _phase(self, atom: Phase[Any], value: date | None, day: date) -> Any:
        return atom.none if value is None else self._first(atom.steps, value, day, atom.after, day)

    def _band(self, atom: Band[Any], value: date | None, day: date) -> Any:
        return atom.none if value is None else self._first(atom.bands, None, day, atom.after, value)

    def _first(
        self, steps: Iterable[tuple[Any, str]], base: date | None, on: date, after: Any, day: date
    ) -> Any:
        for value, name in steps:
            version = self._version(name, on, base or on)
            last = version.last(base or on, self.figures.add_business_days) if version else None
            if last is None or day <= last:
                return value
        return after

    def _ordered(self, atom: Order, day: date) -> Classifier:
        event, since = self._seen(atom, day), self.since(atom, day)
        if self._versions(atom.since)[0].of is None:
            fixed = since(day)
            return lambda value: sequence_of(event(value), fixed)
        return lambda value, base: sequence_of(event(value), since(base))

    def _since(self, figure: str, day: date, raw: bool) -> Callable[[date | None], date | None]:  # noqa: FBT001
        of = self._versions(figure)[0].of
        event = self.event(of, day) if of and not raw else None

        def compared_with(base: date | None) -> date | None:
            base = event(base) if event else base
            chosen = self._version(figure, day, base) if base is not None else None
            return chosen.last(base, self.figures.add_business_days) if chosen and base else None

        return lru_cache(maxsize=50_000)(compared_with)

    def _against(self, atom: Against, values: tuple[Any, ...], day: date) -> bool:
        of = self._versions(atom.figure)[0].of
        base = self.event(of, day)(values[0]) if of else day
        version = self._version(atom.figure, day, base) if base is not None else None
        last = version.last(base, self.figures.add_business_days) if version else None
        if last is None:
            return atom.upto
        return day <= last if atom.upto else day >= last

    def _versions(self, name: str) -> tuple[Figure, ...]:
        versions = self.figures[name]
        if any(version.bands() for version in versions):
            message = "may not have 'before' or 'reached' here: a rule compares days with it"
            raise PolicyError(Finding(f"figures.{name}", message, "figure-not-simple"))
        return versions

    def _version(self, name: str, on: date, base: date) -> Figure | None:
        versions = self._versions(name)
        if len(versions) == 1 and versions[0].period is None:
            return versions[0]
        return next((v for v in versions if v.period is None or v.period.holds(on, base)), None)

    def breaks(self, atom: Feature[Any], day: date) -> list[date]:
        """Where an atom's value may turn back: at the day itself (events), and at period borders.

        Between these days it is monotone, and so is what :meth:`since` says of an order.
        """
        breaks = [day + timedelta(days=1)]
        for name in atom.figures():
            for version in self._versions(name):
                if version.period and version.period.by == "base":
                    edges = (version.period.since, version.period.first_after())
                    breaks += [edge for edge in edges if edge]
        return breaks


Composition: TypeAlias = Callable[[Situation], Any]
Conditions: TypeAlias = "tuple[tuple[Feature[bool], bool], ...]"
"""Features, and the value that each has to have."""
Reader: TypeAlias = "Callable[[MemberSituation], Any]"


class Asking(BaseException):  # no Exception: a rule that catches those must not catch this
    """What a situation raises to ask for what it does not have; no fault of the rule that it passes."""


class UnknownFact(Asking):
    """A fact that is not known was needed: the exact path has to decide."""

    def __init__(self, fact: str) -> None:
        self.fact = fact
        super().__init__(fact)


class CircleError(PolicyError):
    """Rules read each other in a circle."""

    def __init__(self, features: Iterable[Feature[Any]]) -> None:
        chain = " -> ".join(feature.id.removeprefix("rule:") for feature in features)
        super().__init__(Finding("", f"rules read each other in a circle: {chain}", "rule-circle"))


def _once(feature: Feature[Any], composition: Composition) -> Reader:
    """A function of the policy's own rules, which may not come back to itself; others cannot."""

    def read(s: MemberSituation) -> Any:
        key = feature, s.day
        if key in s.open:
            chain = [each for each, _ in s.open]
            raise CircleError([*chain[list(s.open).index(key) :], feature])
        s.open[key] = None
        try:
            return composition(s)
        finally:
            del s.open[key]

    return read


@define(eq=False)
class Vocabulary:
    """How the features of one policy come about: atoms from facts, all others from atoms.

    Attributes:
        atoms: The scalar definitions.
        settings: The value of each :class:`~hokensha.features.Setting`, by its id.
        of_policy: The function of each :class:`~hokensha.features.OfPolicy`.
        in_force: The function of each rule that the policy has in force, by the ids under which it is read.
    """

    atoms: Atoms
    settings: Mapping[str, Any] = field(factory=dict)
    of_policy: Mapping[Feature[Any], Composition] = field(factory=dict)
    in_force: Mapping[str, Composition] = field(factory=dict)
    _compositions: dict[Feature[Any], Composition | None] = field(factory=dict, init=False)
    _parts: dict[tuple[object, ...], Feature[bool]] = field(factory=dict, init=False)
    table: Callable[[date], dict[Feature[Any], Reader]] = field(
        factory=lambda: lru_cache(maxsize=400)(lambda _: {}), init=False
    )
    """How to get at each feature on a day; filled as features are first read."""

    def composition(self, feature: Feature[Any]) -> Composition | None:
        """The function of other features that ``feature`` stands for; none if it is an atom.

        It is the function as it was written, by which people know it; what is run is :meth:`checked`.
        """
        if feature not in self._compositions:
            self._compositions[feature] = self._compose(feature)
        return self._compositions[feature]

    def checked(self, feature: Feature[Any]) -> Composition | None:
        """The same function, which answers with one of the feature's values, or fails."""
        composition = self.composition(feature)
        if composition is not None and isinstance(feature, Derived | InForce):
            return _checked(feature, composition)
        return composition

    def fixed_day(self, figure: str, on: date) -> date:
        """The day of a figure that counts from no fact."""
        return self.atoms.fixed_day(figure, on)

    def reader(self, feature: Feature[Any], day: date) -> Reader:
        """The function that gets a feature's value on ``day`` out of a member's situation."""
        composition = self.checked(feature)
        if composition is not None:
            return _once(feature, composition) if isinstance(feature, OfPolicy | InForce) else composition
        facts, classifier = self.atoms.facts(feature), self.atoms.classifier(feature, day)
        if len(facts) == 1:
            fact = facts[0]
            return lambda s: classifier(s.known(fact))
        return lambda s: classifier(*(s.known(f) for f in facts))

    def _compose(self, feature: Feature[Any]) -> Composition | None:
        if isinstance(feature, Derived):
            return feature.function
        if isinstance(feature, OfPolicy):
            return self.of_policy[feature]
        if isinstance(feature, InForce):
            return self.in_force.get(feature.rule, _not_in_force)
        if isinstance(feature, Setting):
            setting = self.settings[feature.id]
            return lambda _: setting
        return self._against_figure(feature) if isinstance(feature, Within | Reached) else None

    def _against_figure(self, feature: Within | Reached) -> Composition:
        upto = isinstance(feature, Within)
        parts = self._figure_parts(feature.figure, upto=upto)
        if len(parts) == 1 and not parts[0][0]:  # one step less for each member
            part = parts[0][1]
            return lambda s: s[part]
        if upto:
            return lambda s: not any(_meet(c, s) and not s[part] for c, part in parts)
        return lambda s: any(_meet(c, s) and s[part] for c, part in parts)

    def _figure_parts(self, name: str, *, upto: bool) -> list[tuple[Conditions, Feature[bool]]]:
        """The earliest of several days is reached when one is, and not passed while none is."""
        parts = self.atoms.figures.parts(name)
        return [(self._said(part), self.part(Against, part, upto)) for part in parts]

    def _said(self, part: str) -> Conditions:
        figures = self.atoms.figures
        first = figures[part][0]
        given = figures.read_with.get(first.of or "")
        when = tuple((self.part(Says, fact, wanted), True) for fact, wanted in first.when.items())
        return (*when, (self._one_of(*given), True)) if given else when

    def _one_of(self, fact: str, values: tuple[str | bool, ...]) -> Feature[bool]:
        """Whether a fact has one of some values."""
        says = [self.part(Says, fact, value) for value in values]
        named = f"{fact}:{'|'.join(map(str, values))}"
        one_of = Derived(named, says[0].label, BOOLEANS, lambda s: any(s[each] for each in says))
        return self._parts.setdefault((Derived, named), one_of)

    def in_term(self, name: str) -> Composition:
        """Whether the day asked is not after a figure's day, be that one of an age, or of some members."""
        parts = [(applies, self.part(Against, part, detail=True)) for applies, part in self.applying(name)]
        return lambda s: all(s[part] or not applies(s) for applies, part in parts)

    def applying(self, name: str) -> list[tuple[Composition, str]]:
        """The simple figures behind a name, bare: each with whether it applies to a member."""
        figures = self.atoms.figures
        parts = figures.parts(name)
        return [(partial(_meet, self._conditions(part)), figures.bare(part)) for part in parts]

    def _conditions(self, part: str) -> Conditions:
        first, *others = self.atoms.figures[part]
        if any(other.bands() != first.bands() for other in others):
            message = "may not have other bands in another period here: a rule compares days with it"
            raise PolicyError(Finding(f"figures.{part}", message, "figure-not-simple"))
        bands = ((first.before, False), (first.reached, True))
        return (*self._said(part), *((self._reached(band), wanted) for band, wanted in bands if band))

    def _reached(self, figure: str) -> Feature[bool]:
        label = self.atoms.label(Against, figure)
        key = (Reached, figure, None)
        return self._parts.setdefault(key, Reached(f"reached:{figure}", label, BOOLEANS, figure))

    def part(self, kind: type[Against | Says], name: str, detail: Any) -> Feature[bool]:
        """The atom that the policy's figures bring about: a day against a figure, a fact against a value."""
        key = (kind, name, detail)
        if key not in self._parts:
            label = self.atoms.label(kind, name)
            self._parts[key] = kind(f"{name}:{detail}", label, BOOLEANS, name, detail)
        return self._parts[key]


class RuleEndedError(Exception):
    """A function of a situation raised what would end the program, such as SystemExit."""


def _checked(feature: Feature[Any], function: Composition) -> Composition:
    """The function of a feature, as plugins write it, held to the feature's values."""
    values = feature.values

    @calls("feature")
    def checked(situation: Any) -> Any:
        try:
            found = function(situation)
        except (Exception, Asking):
            raise
        except BaseException as error:
            if stopped(error):
                raise
            # whatever else there is must not end the program
            raise RuleEndedError(f"{type(error).__name__}: {error}") from None
        for value in values:
            if found is value:  # 1 is no True
                return found
        expected = " or ".join(map(value_text, values))
        raise TypeError(f"{feature.id} returned {brief(found)}, expected {expected}")

    return checked


def _meet(conditions: Conditions, situation: Situation) -> bool:
    return all(situation[feature] is wanted for feature, wanted in conditions)


def _not_in_force(_: Situation) -> bool:
    return False


def _no_fact(fact: str) -> FactValue:
    raise ValueError(f"an as-of day may not depend on a fact ({fact})")


class MemberSituation(dict[Any, Any]):
    """The situation of one member on one day; a fact that is not known raises :class:`UnknownFact`.

    It is a dictionary of the values read so far, so that reading one again costs nothing.
    """

    __slots__ = ("_others", "_table", "_vocabulary", "day", "facts", "open")

    def __init__(
        self,
        vocabulary: Vocabulary,
        facts: Mapping[str, FactValue],
        day: date,
        under_way: dict[tuple[Feature[Any], date], None] | None = None,
    ) -> None:
        super().__init__()
        self.open = {} if under_way is None else under_way
        self.day = day
        self._vocabulary = vocabulary
        self.facts = facts
        self._table = vocabulary.table(day)
        self._others: dict[str, MemberSituation] | None = None

    def __missing__(self, asked: Any) -> Any:
        feature = feature_of(asked)
        if feature is not asked:  # a rule; its feature may have been read
            value = self[asked] = self[feature]
            return value
        reader = self._table.get(feature)
        if reader is None:
            reader = self._table[feature] = self._vocabulary.reader(feature, self.day)
        value = self[feature] = reader(self)
        return value

    def known(self, fact: str) -> FactValue:
        """The value of a fact.

        Raises:
            UnknownFact: It was not supplied.
        """
        try:
            return self.facts[fact]
        except KeyError:
            raise UnknownFact(fact) from None

    def happened(self, fact: str) -> FactValue:
        """The value of a fact as seen on the day: none for an event that is dated after it.

        Raises:
            UnknownFact: It was not supplied.
        """
        return self._vocabulary.atoms.happened(fact, self.known(fact), self.day)

    def at(self, figure: str) -> MemberSituation:
        """The same member as of a fixed day of the policy."""
        if self._others is None:
            self._others = {}
        if figure not in self._others:
            day = self._vocabulary.fixed_day(figure, self.day)
            self._others[figure] = MemberSituation(self._vocabulary, self.facts, day, self.open)
        return self._others[figure]
