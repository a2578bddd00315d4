"""How plugins are written: rules are handed over to a :class:`Plugin`, which implements the seven hooks.

::

    plugin = Plugin()
    plugin.use(standard)


    @plugin.ground("card-lost", ja="マイナンバーカードを紛失", en="My Number card lost")
    def card_lost(s: Situation) -> bool:
        return s[CARD] is Card.LOST

A decorated function becomes the rule, and is handed over. A module with functions marked ``@hookimpl`` is a
plugin as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from reprlib import repr as brief
from typing import Any, TypeVar, get_args

from attrs import define, field

from hokensha.facts import Contradiction, Fact, Form
from hokensha.features import BOOLEANS, Derived, Feature, Given
from hokensha.rules.documents import Document
from hokensha.rules.kinds import (
    NOTHING_BROUGHT,
    Action,
    At,
    Exclusion,
    Features,
    Ground,
    Latency,
    Presentation,
    Remedy,
    Return,
    Rule,
    RuleBase,
    Scheme,
    Test,
    Tested,
    Trigger,
    Validity,
    Yearly,
)
from hokensha.rules.markers import hookimpl
from hokensha.text import DeclarationError, Label

T = TypeVar("T", bound=Tested)
U = TypeVar("U", bound=RuleBase)
_RULES = frozenset(get_args(Rule))


@define(eq=False)
class Plugin:
    """What one plugin hands over: its entry point names an object of this class."""

    _facts: list[Fact] = field(factory=list, init=False)
    _features: list[Feature[Any]] = field(factory=list, init=False)
    _documents: list[Document] = field(factory=list, init=False)
    _contradictions: list[Contradiction] = field(factory=list, init=False)
    _unlikely: list[Feature[bool]] = field(factory=list, init=False)
    _groups: dict[str, tuple[str, str | bool]] = field(factory=dict, init=False)
    _rules: list[Rule] = field(factory=list, init=False)

    # --- what is handed over

    def add(self, *things: Fact | Feature[Any] | Document | Rule) -> None:
        """Hand over facts, features, documents or rules that were made elsewhere.

        Raises:
            DeclarationError: A thing is none of these, or of a class derived from a kind of rule.
        """
        for thing in things:
            if isinstance(thing, Fact):
                self._facts.append(thing)
            elif isinstance(thing, Feature):
                self._features.append(thing)
            elif isinstance(thing, Document):
                self._documents.append(thing)
            elif type(thing) in _RULES:
                self._rules.append(thing)
            else:
                message = f"expected facts, features, documents and rules; found {brief(thing)}"
                raise DeclarationError("Plugin", "add", message)

    def use(self, other: Plugin, *rules: Rule) -> None:
        """Build on another plugin: hand over what it does, of its rules only those named, if any are."""
        self._facts += other._facts
        self._features += other._features
        self._documents += other._documents
        self._contradictions += other._contradictions
        self._unlikely += other._unlikely
        self._groups.update(other._groups)
        self.add(*(rules or other._rules))

    def groups(self, groups: Mapping[str, tuple[str, str | bool]]) -> None:
        """Name groups of members for whom channels and forms may differ: each by a fact, and its value."""
        self._groups.update(groups)

    def refuses(self, id_: str, ja: str, en: str, *, form: Form) -> Contradiction:
        """Hand over facts that cannot stand together: members of whom they are said are refused."""
        made = Contradiction(id_, _label(Contradiction, id_, ja, en), form)
        self._contradictions.append(made)
        return made

    def unlikely(self, id_: str, ja: str, en: str) -> Callable[[Test], Derived[bool]]:
        """Turn a function into what may stand in a roll, but is no use as an example of anything."""

        def made(test: Test) -> Derived[bool]:
            feature = Derived(id_, _label(Derived, id_, ja, en), BOOLEANS, test)
            self._unlikely.append(feature)
            return feature

        return made

    def scheme(self, id_: str, ja: str, en: str, *, replaces: str | None = None) -> Callable[[Test], Scheme]:
        """Turn a function into a rule of who is in the scheme."""
        return self._tested(Scheme, id_, ja, en, replaces=replaces)

    def ground(
        self, id_: str, ja: str, en: str, *, unusable: bool = True, replaces: str | None = None
    ) -> Callable[[Test], Ground]:
        """Turn a function into a ground on which a member cannot rely on the My Number insurance card."""
        return self._tested(Ground, id_, ja, en, unusable=unusable, replaces=replaces)

    def validity(
        self,
        id_: str,
        ja: str,
        en: str,
        *,
        document: Document,
        purpose: str = "standard",
        replaces: str | None = None,
    ) -> Validity:
        """Hand over a rule of until when a document is valid."""
        label = _label(Validity, id_, ja, en)
        rule = Validity(id=id_, label=label, document=document, purpose=purpose, replaces=replaces)
        return self._kept(rule)

    def trigger(  # noqa: PLR0913 - one parameter for each thing that the rule says
        self,
        id_: str,
        ja: str,
        en: str,
        *,
        document: Document,
        met_since: str | None = None,
        met_after: str | None = None,
        yearly: Yearly | None = None,
        replaces: str | None = None,
    ) -> Callable[[Test], Trigger]:
        """Turn a function into a rule of when a document falls due."""
        met = {"met_since": met_since, "met_after": met_after, "yearly": yearly}
        return self._tested(Trigger, id_, ja, en, document=document, replaces=replaces, **met)

    def exclusion(
        self, id_: str, ja: str, en: str, *, document: Document, replaces: str | None = None
    ) -> Callable[[Test], Exclusion]:
        """Turn a function into a rule of to whom a document is not issued."""
        return self._tested(Exclusion, id_, ja, en, document=document, replaces=replaces)

    def remedy(
        self,
        id_: str,
        ja: str,
        en: str,
        *,
        brings: Given = NOTHING_BROUGHT,
        elsewhere: bool = False,
        replaces: str | None = None,
    ) -> Callable[[Test], Remedy]:
        """Turn a function into what a member with nothing that serves has to do first."""
        return self._tested(Remedy, id_, ja, en, brings=brings, elsewhere=elsewhere, replaces=replaces)

    def latency(
        self,
        id_: str,
        ja: str,
        en: str,
        *,
        process: str,
        counts_from: str | None = None,
        replaces: str | None = None,
    ) -> Latency:
        """Hand over a rule of how long data take to show."""
        label = _label(Latency, id_, ja, en)
        rule = Latency(id=id_, label=label, process=process, counts_from=counts_from, replaces=replaces)
        return self._kept(rule)

    def presents(  # noqa: PLR0913 - one parameter for each thing that the rule says
        self,
        id_: str,
        ja: str,
        en: str,
        *,
        at: tuple[At, ...],
        shows: tuple[Document, ...],
        uncertain: bool = False,
        replaces: str | None = None,
    ) -> Callable[[Test], Presentation]:
        """Turn a function into a set of things that serves at an institution."""
        said = {"at": at, "shows": shows, "uncertain": uncertain, "replaces": replaces}
        return self._tested(Presentation, id_, ja, en, **said)

    def return_(
        self,
        id_: str,
        ja: str,
        en: str,
        *,
        document: Document,
        action: Action,
        replaces: str | None = None,
    ) -> Callable[[Test], Return]:
        """Turn a function into a rule of what happens to a document after an event."""
        return self._tested(Return, id_, ja, en, document=document, action=action, replaces=replaces)

    def _tested(self, kind: type[T], id_: str, ja: str, en: str, **said: Any) -> Callable[[Test], T]:
        label = _label(kind, id_, ja, en)
        return lambda test: self._kept(kind(id=id_, label=label, test=test, **said))

    def _kept(self, rule: U) -> U:
        self._rules.append(rule)  # type: ignore[arg-type]  # each kind of rule is one of Rule
        return rule

    # --- the hooks

    @hookimpl
    def features(self) -> Sequence[Features]:
        """What may be known of members, and what is issued."""
        return [
            Features(
                facts=tuple(dict.fromkeys(self._facts)),
                features=tuple(dict.fromkeys(self._features)),
                documents=tuple(dict.fromkeys(self._documents)),
                contradictions=tuple(dict.fromkeys(self._contradictions)),
                unlikely=tuple(dict.fromkeys(self._unlikely)),
                groups=dict(self._groups),
            )
        ]

    @hookimpl
    def eligibility(self) -> Sequence[Scheme | Ground]:
        """Who is in the scheme, and the grounds."""
        return self._of("eligibility")

    @hookimpl
    def document_validity(self) -> Sequence[Validity]:
        """Until when documents are valid."""
        return self._of("document_validity")

    @hookimpl
    def issuance_triggers(self) -> Sequence[Trigger | Exclusion | Remedy]:
        """When documents fall due, and what has to be done first."""
        return self._of("issuance_triggers")

    @hookimpl
    def reflection_latency(self) -> Sequence[Latency]:
        """How long data take to show."""
        return self._of("reflection_latency")

    @hookimpl
    def presentation(self) -> Sequence[Presentation]:
        """What serves at an institution."""
        return self._of("presentation")

    @hookimpl
    def returns(self) -> Sequence[Return]:
        """What must come back."""
        return self._of("returns")

    def _of(self, hook: str) -> list[Any]:
        return [rule for rule in dict.fromkeys(self._rules) if rule.hook == hook]


def _label(kind: type[Any], id_: str, ja: str, en: str) -> Label:
    """The words of a rule; what is wrong with them is said of the rule."""
    try:
        return Label(ja, en)
    except DeclarationError as error:
        raise DeclarationError(f"{kind.__name__} {id_!r}", error.place, error.message) from None
