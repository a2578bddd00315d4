"""Figures of a policy: named days, each a date rule with its modality, its reading and its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, TypeAlias

from attrs import evolve, field, frozen

from hokensha.dates.calendars import CalendarError
from hokensha.dates.days import DayValue, Modality
from hokensha.dates.steps import EARLIEST, LATEST, AddBusinessDays, BusinessDays, DateRule, Days, apply_rule
from hokensha.errors import Finding, PolicyError
from hokensha.facts import FactValue
from hokensha.text import Label, nearest

Read: TypeAlias = Callable[[str], FactValue]
"""Answers a fact that is known."""


@frozen
class Period:
    """When a figure is in force.

    Attributes:
        by: The day that picks the period: the day ``asked``, or the ``base`` that the rule counts from (the
            fact's own day, or the day of issue).
        since: First such day; none: always was.
        through: Last such day, which still counts; none: open.
    """

    by: Literal["asked", "base"]
    since: date | None = None
    through: date | None = None

    def first_after(self) -> date | None:
        """The first day after the period; none if it is open, or ends with the calendar."""
        return self.through + timedelta(days=1) if self.through and self.through < date.max else None

    def holds(self, asked: date, base: date) -> bool:
        """Whether the period holds for these two days."""
        day = asked if self.by == "asked" else base
        return (self.since is None or self.since <= day) and (self.through is None or day <= self.through)


@frozen
class OtherReading:
    """Another reading that the text allows, and the rule it gives.

    Attributes:
        reading: That reading, in a few words of either language.
        rule: Its steps, as in the figure's own ``rule``.
    """

    reading: Label
    rule: DateRule


@frozen
class Figure:
    """One figure of a source.

    Attributes:
        modality: How sure the text is: ``exact`` (3か月), ``at-most`` (最長), ``about`` (約), ``between``
            (1～2か月後), ``unlimited`` (期限なし), ``not-stated`` (the text gives no day).
        cites: The rules of the source that state it (or state nothing, if ``not-stated``).
        of: The fact that the rule counts from; without it, a day that the question brings along
            (the day of issue, the day a process starts).
        rule: Steps from that day, such as ``[{ years = 4 }, { next = "12-01" }]``; none means the day itself.
        latest_rule: With modality ``between``: the later end (``rule`` gives the earlier one).
        approximate: The text says 約 or 程度 on top of another modality.
        planned: The text says 予定.
        reading: Which reading of the text was chosen, where it allows several:
            ``{ ja = "...", en = "..." }``.
        other_readings: The others, each with its own rule.
        earliest: Instead of a rule: the figures of which the earliest day counts.
        when: Facts that must have these values for the figure to apply: ``{ overseas_card = false }``.
        before: Another figure; this one applies only while its day has not come on the day of issue (or
            asked). A day that never comes has not come. For age bands: ``before = "turns-70"``.
        reached: The opposite: this figure applies only once the other's day has come.
        period: When this version of the figure is in force.
    """

    modality: Modality
    cites: tuple[str, ...] = ()
    of: str | None = None
    rule: DateRule = ()
    latest_rule: DateRule | None = None
    approximate: bool = False
    planned: bool = False
    reading: Label | None = None
    other_readings: tuple[OtherReading, ...] = ()
    earliest: tuple[str, ...] = ()
    when: Mapping[str, str | bool] = field(factory=dict)
    before: str | None = None
    reached: str | None = None
    period: Period | None = None

    def bands(self) -> tuple[str, ...]:
        """The figures whose day decides whether this one applies."""
        return tuple(name for name in (self.before, self.reached) if name)

    def bare(self) -> Figure:
        """The figure without what has to be so for it to apply, for whoever asks that apart."""
        return evolve(self, when={}, before=None, reached=None)

    def day_after(self) -> Figure:
        """The figure of the day after."""
        later = None if self.latest_rule is None else (*self.latest_rule, Days(1))
        return evolve(self, rule=(*self.rule, Days(1)), latest_rule=later)

    def last(self, base: date, add: AddBusinessDays) -> date | None:
        """The last day that the figure allows for ``base``; none if it states no day."""
        if self.modality in (Modality.UNLIMITED, Modality.NOT_STATED):
            return None
        rule = self.latest_rule if self.latest_rule is not None else self.rule
        try:
            return apply_rule(rule, base, add)
        except CalendarError:  # years whose holidays nobody knows: far off, on the side that they are on
            return EARLIEST if base.year < 2000 else LATEST

    def on_business_days(self) -> bool:
        """Whether the figure counts business days, which only some years' calendars can answer."""
        rules = (self.rule, self.latest_rule or (), *(other.rule for other in self.other_readings))
        return any(isinstance(step, BusinessDays) for rule in rules for step in rule)

    def value(self, base: date, add: AddBusinessDays) -> DayValue:
        """The day as far as the source states it, counted from ``base``."""
        if self.modality in (Modality.UNLIMITED, Modality.NOT_STATED):
            return DayValue(self.modality, cites=self.cites, planned=self.planned)
        day = apply_rule(self.rule, base, add)
        between = self.modality is Modality.BETWEEN
        others = {apply_rule(other.rule, base, add) for other in self.other_readings} - {day}
        return DayValue(
            self.modality,
            None if between else day,
            day if between else None,
            self.last(base, add) if between else None,
            self.approximate,
            self.planned,
            self.reading,
            tuple(sorted(others)),
            self.cites,
        )


def _with_bare(figures: Mapping[str, tuple[Figure, ...]]) -> Mapping[str, tuple[Figure, ...]]:
    """All, and under a name that no figure of a policy can have each that has conditions without them."""
    conditional = {n: v for n, v in figures.items() if any(each.when or each.bands() for each in v)}
    return {**{f"{n}:bare": tuple(each.bare() for each in v) for n, v in conditional.items()}, **figures}


@frozen
class Figures:
    """All figures of a policy, and the calendar that business days are counted on."""

    versions: Mapping[str, tuple[Figure, ...]] = field(converter=_with_bare)
    add_business_days: AddBusinessDays = field(eq=False)
    read_with: Mapping[str, tuple[str, tuple[str | bool, ...]]] = field(factory=dict)
    """Facts that mean something only where another one has certain values; else no figure of them applies."""
    given: Figures = field(init=False, eq=False, repr=False)
    """The same figures for whoever knows already that what they count from means something."""
    _parts: dict[str, tuple[str, ...]] = field(factory=dict, init=False, eq=False, repr=False)
    _value: Callable[[str, int, date], DayValue] = field(init=False, eq=False, repr=False)
    """A version's value for one day; distinct days are few, members are many."""

    @given.default
    def _without_read_with(self) -> Figures:
        return evolve(self, read_with={}) if self.read_with else self

    @_value.default
    def _remembered(self) -> Callable[[str, int, date], DayValue]:
        return lru_cache(maxsize=200_000)(
            lambda name, index, base: self.versions[name][index].value(base, self.add_business_days)
        )

    def __contains__(self, name: object) -> bool:
        return name in self.versions

    def __getitem__(self, name: str) -> tuple[Figure, ...]:
        """The versions of a figure.

        Raises:
            PolicyError: The policy sets no such figure, though a rule in force needs it.
        """
        try:
            return self.versions[name]
        except KeyError:
            where, what = f"figures.{name}", "is missing; a rule in force needs this figure"
            raise PolicyError(
                Finding(where, what + nearest(name, list(self.versions)), "missing-figure")
            ) from None

    def bare(self, name: str) -> str:
        """The name of the same figure without what has to be so for it to apply."""
        return bare if (bare := f"{name}:bare") in self.versions else name

    def day_after(self, name: str) -> str:
        """The name of the day after a figure; no figure of a policy can have such a one."""
        return f"{name}:after"

    def with_day_after(self, name: str) -> Figures:
        """These, and the day after each of the simple figures behind a name, for :meth:`day_after`."""
        parts = [self.bare(part) for part in self.parts(name)]
        later = {self.day_after(part): tuple(each.day_after() for each in self[part]) for part in parts}
        return Figures({**self.versions, **later}, self.add_business_days, self.read_with)

    def parts(self, name: str) -> tuple[str, ...]:
        """The simple figures behind a name, in order: itself, if it is simple."""
        if name not in self._parts:
            found: list[str] = []
            for version in self[name]:
                found.extend(part for each in version.earliest for part in self.parts(each))
                found.extend([] if version.earliest else [name])
            self._parts[name] = tuple(dict.fromkeys(found))
        return self._parts[name]

    def facts(self, name: str) -> tuple[str, ...]:
        """Every fact that the figure can read."""
        own = (fact for each in self.simple(name) for fact in (*each.when, each.of) if fact)
        return tuple(dict.fromkeys((*own, *self.conditions(name))))

    def conditions(self, name: str) -> tuple[str, ...]:
        """The facts that decide which of the simple figures behind a name apply."""
        read = [fact for version in self.simple(name) for fact in version.when]
        read += [given[0] for each in self.simple(name) if (given := self.read_with.get(each.of or ""))]
        read += [
            fact for version in self.simple(name) for band in version.bands() for fact in self.facts(band)
        ]
        return tuple(dict.fromkeys(read))

    def simple(self, name: str) -> tuple[Figure, ...]:
        """Every version of the simple figures behind a name."""
        return tuple(version for part in self.parts(name) for version in self[part])

    def evaluate(self, name: str, read: Read, on: date, base: date | None = None) -> DayValue | None:
        """The day that a figure answers; none when it does not apply to this member.

        Args:
            name: The figure.
            read: Answers facts; raises for one that is unknown.
            on: The day asked.
            base: The day that figures without a fact of their own count from; default ``on``.
        """
        values = (self._evaluate(part, read, on, base or on) for part in self.parts(name))
        return _earliest([value for value in values if value is not None])

    def _evaluate(self, name: str, read: Read, on: date, base: date) -> DayValue | None:
        for index, version in enumerate(self[name]):
            if version.when and any(read(fact) != wanted for fact, wanted in version.when.items()):
                continue
            if version.before and self.has_reached(version.before, read, on, base):
                continue
            if version.reached and not self.has_reached(version.reached, read, on, base):
                continue
            given = self.read_with.get(version.of or "")
            if given and read(given[0]) not in given[1]:
                continue
            counted_from = read(version.of) if version.of else base
            if not isinstance(counted_from, date):
                continue
            if version.period is None or version.period.holds(on, counted_from):
                return self._value(name, index, counted_from)
        return None

    def has_reached(self, name: str, read: Read, on: date, base: date) -> bool:
        """Whether the day of a figure has come on ``base``; one that there is not never comes."""
        value = self.evaluate(name, read, on, base)
        day = value.last() if value else None
        return day is not None and base >= day


def _earliest(values: list[DayValue]) -> DayValue | None:
    """The earliest of several days, the first of equal ones; if one is not stated, *at most* that day."""
    if len(values) < 2:
        return values[0] if values else None
    silent = next((value for value in values if value.modality is Modality.NOT_STATED), None)
    dated = [(day, value) for value in values if (day := value.last()) is not None]
    if not dated:
        return silent or values[0]
    _, won = min(dated, key=lambda pair: pair[0])
    return won if silent is None else _at_most(won)


def _at_most(value: DayValue) -> DayValue:
    return DayValue(
        Modality.AT_MOST,
        value.last(),
        approximate=value.approximate or value.modality is Modality.ABOUT,
        planned=value.planned,
        reading=value.reading,
        alternatives=value.alternatives,
        cites=value.cites,
    )
