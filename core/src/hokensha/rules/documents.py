"""Documents and other means of proof: what the facts say of each."""

from __future__ import annotations

import re
from typing import Final

from attrs import field, frozen

from hokensha.facts import FACT_ID
from hokensha.features import BOOLEANS, Derived, Feature, Known, OfPolicy, Order, Sequence, Situation, known
from hokensha.text import FLAG, LABEL, Label, expect, is_a, is_text, or_none

ID: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
"""How ids are written: words of small letters and digits, joined by hyphens."""


def is_id(value: object) -> bool:
    """Whether a value can be the id of a rule or of a document."""
    return isinstance(value, str) and ID.fullmatch(value) is not None


def is_fact_id(value: object) -> bool:
    """Whether a value can be the id of a fact."""
    return isinstance(value, str) and FACT_ID.fullmatch(value) is not None


ID_TEXT = expect(is_id, "words of small letters and digits, joined by hyphens")
FACT_OR_NONE = expect(or_none(is_fact_id), "the id of a fact, or None")
_FEATURE = expect(is_a(Feature), "a feature")


@frozen(eq=False)
class Document:
    """A document, or whatever else is shown: its dated facts, and the features that follow from them.

    Attributes:
        id: As in JSON and in policies, such as ``eligibility-certificate``.
        label: What people call it.
        stem: What the ids of its features are made of; its own id, if nothing else is said.
        noun: What the words of its features call it, in Japanese and (without an article) in English.
        issued_on: The fact that dates the latest one; none if no fact does.
        valid_until: The fact that says until when the latest one is valid; none if no fact does.
        returned_on: The fact that dates its return; none if no fact does.
        lost_on: The fact that dates when another one was asked for, as this was lost; none if no fact does.
        answered_on: The fact that dates what is issued for one that was lost; ``issued_on``, unless said.
        last_day: The figure of the last day on which it serves; ``valid_until``, if nothing else is said.
        relied_on: Whether it is what grounds are grounds against relying on: the card.
        serves_alone: Whether it serves by being shown, without anything else.
        longest: For how many years the law lets it be valid; none if it does not say.
        in_term: The day is not after its last day: the end of one that is held, as the policy computes it,
            else ``last_day``; always so, if it has neither.
        given: It was given at some time, as far as facts tell.
        at_hand: It was given and has not come back.
        valid: It is at hand, and its own term has not passed.
        expired: It is at hand, and its own term has passed.
        shown: It is valid, and was not lost: it can be shown.
    """

    id: str = field(validator=ID_TEXT)
    label: Label = field(validator=LABEL)
    stem: str = field(validator=ID_TEXT)
    noun: Label = field(validator=LABEL)
    issued_on: str | None = field(default=None, validator=FACT_OR_NONE)
    valid_until: str | None = field(default=None, validator=FACT_OR_NONE)
    returned_on: str | None = field(default=None, validator=FACT_OR_NONE)
    lost_on: str | None = field(default=None, validator=FACT_OR_NONE)
    answered_on: str | None = field(validator=FACT_OR_NONE)
    last_day: str | None = field(validator=expect(or_none(is_text), "the name of a figure, or None"))
    relied_on: bool = field(default=False, validator=FLAG)
    serves_alone: bool = field(default=False, validator=FLAG)
    longest: int | None = field(default=None, validator=expect(or_none(is_a(int)), "years, or None"))
    in_term: Feature[bool] = field(validator=_FEATURE)
    given: Feature[bool] = field(validator=_FEATURE)
    at_hand: Feature[bool] = field(validator=_FEATURE)
    valid: Feature[bool] = field(validator=_FEATURE)
    expired: Feature[bool] = field(validator=_FEATURE)
    shown: Feature[bool] = field(validator=_FEATURE)

    @stem.default
    def _stem(self) -> str:
        return self.id

    @noun.default
    def _noun(self) -> Label:
        return self.label

    @answered_on.default
    def _answered_on(self) -> str | None:
        return self.issued_on

    @last_day.default
    def _last_day(self) -> str | None:
        return self.valid_until

    @in_term.default
    def _in_term(self) -> Feature[bool]:
        label = Label(f"{self.noun.ja}の有効期限内", f"{self.noun.en} within its term")
        return OfPolicy(f"{self.stem}-in-term", label, BOOLEANS)

    @given.default
    def _given(self) -> Feature[bool]:
        ja, en = f"{self.noun.ja}の交付あり", self.noun.en
        if self.issued_on is not None:
            return known(f"{self.stem}-issued", self.issued_on, ja, f"{en} was issued")
        if self.valid_until is not None:
            return known(f"{self.stem}-given", self.valid_until, ja, f"{en} was given")
        return Derived(f"{self.stem}-given", Label(ja, f"{en} was given"), BOOLEANS, lambda _: False)

    @at_hand.default
    def _at_hand(self) -> Feature[bool]:
        given, back = self.given, self._back()
        if back is None:
            return given
        label = Label(f"{self.noun.ja}を所持", f"holds {_article(self.noun.en)}, valid or not")
        came_back = True if isinstance(back, Known) else Sequence.SINCE
        return Derived(f"holds-{self.stem}", label, BOOLEANS, lambda s: s[given] and s[back] is not came_back)

    def _back(self) -> Known | Order | None:
        """Whether it has come back; where its issue is dated, whether that was since."""
        name, fact = f"{self.stem}-returned", self.returned_on
        if fact is None:
            return None
        if self.issued_on is None:
            return known(name, fact, f"{self.noun.ja}を返却", f"{self.noun.en} came back")
        label = Label(f"{self.noun.ja}の返却", f"return of the {self.noun.en}")
        return Order(name, label, tuple(Sequence), fact, self.issued_on)

    @valid.default
    def _valid(self) -> Feature[bool]:
        return self._held("valid", "有効な", over=False)

    @expired.default
    def _expired(self) -> Feature[bool]:
        return self._held("expired", "期限切れの", over=True)

    @shown.default
    def _shown(self) -> Feature[bool]:
        valid, fact, name = self.valid, self.lost_on, self.stem
        if fact is None:
            return valid
        asked = known(f"{name}-lost", fact, f"{self.noun.ja}の再交付を申請", "another one was asked for")
        label = Label("再交付の申請に対する交付", "what was issued for one that was lost")
        since = self.answered_on and Order(f"{name}-replaced", label, tuple(Sequence), self.answered_on, fact)

        def shows(s: Situation) -> bool:
            return s[valid] and not (s[asked] and not (since and s[since] is Sequence.SINCE))

        label = Label(f"提示できる{self.noun.ja}を所持", f"holds {_article(f'{self.noun.en} to show')}")
        return Derived(f"shows-{name}", label, BOOLEANS, shows)

    def _held(self, word: str, ja: str, *, over: bool) -> Feature[bool]:
        held, term = self.at_hand, self.in_term
        label = Label(f"{ja}{self.noun.ja}を所持", f"holds {_article(f'{word} {self.noun.en}')}")
        return Derived(f"{word}-{self.stem}", label, BOOLEANS, lambda s: s[held] and s[term] is not over)

    @property
    def dated(self) -> bool:
        """Whether facts tell that it was given, so that a decision can say what has become of it."""
        return not self.relied_on and (self.issued_on is not None or self.valid_until is not None)

    def facts(self) -> tuple[str, ...]:
        """The facts that date it."""
        dated = (self.issued_on, self.valid_until, self.returned_on, self.lost_on, self.answered_on)
        return tuple(dict.fromkeys(fact for fact in dated if fact))


def _article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
