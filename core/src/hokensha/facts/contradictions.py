"""Facts that cannot stand together, in four closed forms.

They are asked of the facts as they were given: an issue that is dated after the day asked contradicts an end
before it all the same. What is not known contradicts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from attrs import field, frozen

from hokensha.facts.catalogue import FACT_ID, UNKNOWN, Catalogue, FactValue
from hokensha.text import LABEL, Label, expect, is_a, is_text

_FACT = expect(lambda value: isinstance(value, str) and bool(FACT_ID.fullmatch(value)), "the id of a fact")


@frozen
class Before:
    """A day lies before another that has to come first; the same day will do.

    Attributes:
        fact: The day that is too early.
        other: The one that has to come first.
    """

    fact: str = field(validator=_FACT)
    other: str = field(validator=_FACT)

    @property
    def facts(self) -> tuple[str, ...]:
        """What is compared."""
        return self.fact, self.other

    def holds(self, facts: Mapping[str, FactValue], _on: date) -> bool:
        """Whether it is certainly so."""
        one, other = facts.get(self.fact), facts.get(self.other)
        return isinstance(one, date) and isinstance(other, date) and one < other

    def misfit(self, catalogue: Catalogue) -> str | None:
        """What is wrong with the facts for this to be asked of them."""
        return _no_days(self.facts, catalogue, "two days")


@frozen
class Without:
    """A fact is a value, although there is none of what it tells of.

    Attributes:
        fact: Such as the end of a certificate.
        needs: Such as the day on which it was issued.
    """

    fact: str = field(validator=_FACT)
    needs: str = field(validator=_FACT)

    @property
    def facts(self) -> tuple[str, ...]:
        """What is compared."""
        return self.fact, self.needs

    def holds(self, facts: Mapping[str, FactValue], _on: date) -> bool:
        """Whether it is certainly so."""
        return facts.get(self.fact) is not None and facts.get(self.needs, UNKNOWN) is None

    def misfit(self, _catalogue: Catalogue) -> str | None:
        """What is wrong with the facts for this to be asked of them: nothing."""
        return None


@frozen
class Older:
    """A day lies more than so many years before the day asked.

    Attributes:
        fact: Such as the day of birth.
        years: How many are believed.
    """

    fact: str = field(validator=_FACT)
    years: int = field(validator=expect(is_a(int), "years"))

    @property
    def facts(self) -> tuple[str, ...]:
        """What is looked at."""
        return (self.fact,)

    def holds(self, facts: Mapping[str, FactValue], on: date) -> bool:
        """Whether it is certainly so."""
        day = facts.get(self.fact)
        return isinstance(day, date) and day < self.earliest(on)

    def misfit(self, catalogue: Catalogue) -> str | None:
        """What is wrong with the fact for this to be asked of it."""
        return _no_days(self.facts, catalogue, "a day")

    def earliest(self, on: date) -> date:
        """The earliest day that is believed."""
        year = max(on.year - self.years, 1)
        try:
            return on.replace(year=year)
        except ValueError:  # 29 February
            return date(year, 3, 1)


@frozen
class Required:
    """A fact is known to be none, although others have values with which it is needed.

    Attributes:
        fact: What is needed.
        when: Those facts, each with the value.
    """

    fact: str = field(validator=_FACT)
    when: Mapping[str, str | bool] = field(hash=False)

    @property
    def facts(self) -> tuple[str, ...]:
        """What is compared."""
        return self.fact, *self.when

    def holds(self, facts: Mapping[str, FactValue], _on: date) -> bool:
        """Whether it is certainly so."""
        met = all(facts.get(fact, UNKNOWN) == wanted for fact, wanted in self.when.items())
        return met and facts.get(self.fact, UNKNOWN) is None

    def misfit(self, catalogue: Catalogue) -> str | None:
        """What is wrong with the facts for this to be asked of them: each has to be one of a few values."""
        for fact, wanted in ((catalogue[name], wanted) for name, wanted in self.when.items()):
            if fact.kind not in ("boolean", "code"):
                return f"expected a boolean or a code, found {fact.kind} '{fact.id}'"
            try:
                fact.parse(wanted)
            except ValueError as error:
                return f"'{fact.id}': {error}"
        return None


def _no_days(facts: tuple[str, ...], catalogue: Catalogue, expected: str) -> str | None:
    kinds = [catalogue[fact].kind for fact in facts]
    return None if {*kinds} == {"day"} else f"expected {expected}, found {' and '.join(kinds)}"


Form: TypeAlias = Before | Without | Older | Required


@frozen
class Contradiction:
    """Facts that cannot stand together: a member of whom they are said is not decided.

    Attributes:
        id: Names it among those of a policy.
        label: What is wrong, as people are told.
        form: What cannot be.
    """

    id: str = field(validator=expect(is_text, "a text"))
    label: Label = field(validator=LABEL)
    form: Form = field(validator=expect(is_a(Before, Without, Older, Required), "one of the four forms"))

    @property
    def facts(self) -> tuple[str, ...]:
        """What is compared, what is wrong first."""
        return self.form.facts

    def holds(self, facts: Mapping[str, FactValue], on: date) -> bool:
        """Whether the facts of a member, as far as they are known, certainly contradict each other."""
        return self.form.holds(facts, on)
