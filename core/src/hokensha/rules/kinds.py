"""The kinds of rules: plain functions of a situation, or names of what a policy's figures answer.

Each class belongs to one hook. A rule holds structure only: which features it looks at, which document is
meant, which event makes it due. Figures, channels, forms and citations are the policy's, under the rule's id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, ClassVar, Final, TypeAlias, get_args

from attrs import field, frozen

from hokensha.dates import Days, Figure, Modality, Next, Years
from hokensha.facts import Contradiction, Fact
from hokensha.features import BOOLEANS, KINDS, DayAsked, Derived, Feature, Given, InForce, OfPolicy, Situation
from hokensha.rules.documents import FACT_OR_NONE, ID_TEXT, Document, is_fact_id, is_id
from hokensha.text import FLAG, FUNCTION, LABEL, DeclarationError, Label, each, expect, is_a, is_text, or_none

Test: TypeAlias = Callable[[Situation], bool]
SCHEME_LAST_DAY: Final = "scheme-last-day"
"""The figure of a member's last day in the scheme, which every policy has."""
HELD: Final = "held"
"""The purpose under which a policy says how a document that is held ends; not asked for by users."""

IN_SCHEME = OfPolicy("in-scheme", Label("加入中", "in the scheme"), BOOLEANS)
"""Every scheme rule of the policy holds."""
AUTOMATIC_GROUND = OfPolicy(
    "automatic-ground", Label("職権交付の事由あり", "a ground that needs no application"), BOOLEANS
)
"""A ground holds that the policy claims ``ex-officio`` or ``unstated`` (its source does not say)."""
ANY_GROUND = OfPolicy("any-ground", Label("資格確認書の交付事由あり", "a ground for a certificate"), BOOLEANS)
"""A ground holds on which a certificate can be had, be it on application only."""
CARD_WORKS = OfPolicy(
    "card-works", Label("マイナ保険証が使える", "the My Number insurance card works"), BOOLEANS
)
"""In the scheme, the card can be shown, and no ground stands that makes it unusable."""
CONSISTENT = OfPolicy("consistent", Label("項目の間に矛盾がない", "facts that can stand together"), BOOLEANS)
"""Nothing stands of the member that cannot stand together, and nothing that is unlikely."""


class Basis(Enum):
    """Whether the insurer acts by itself or on an application."""

    EX_OFFICIO = "ex-officio"
    """By itself, without an application (職権)."""
    APPLICATION = "application"
    """On an application (申請)."""


class Action(Enum):
    """What happens to a document that has served: the values are those of the JSON."""

    RETURN = "return"
    """It has to be given back to the insurer (返却, 回収)."""
    DESTROY = "destroy"
    """The member destroys it (破棄)."""
    KEEP = "keep"
    """It need not come back: the member may keep it (返却不要)."""
    NOT_STATED = "not-stated"
    """The event has come, and the source does not say what to do."""


class At(Enum):
    """Where and how a member is received."""

    EQUIPPED = "equipped"
    """At an institution with a card reader that works."""
    UNEQUIPPED = "unequipped"
    """At an institution that has no card reader."""
    READER_FAILED = "reader-failed"
    """There is a reader, and it does not work or cannot read the card."""
    CHECK_FAILED = "check-failed"
    """The card was read, and eligibility could not be confirmed by it."""


_DOCUMENT = expect(is_a(Document), "a Document")
_NAME = expect(or_none(is_text), "a name, or None")


@frozen(kw_only=True, eq=False)
class RuleBase:
    """What all rules have.

    Attributes:
        id: Unique among the rules of a policy's plugins; a policy sets the rule's terms under it.
        label: What people are shown.
        replaces: The id of an earlier plugin's rule that this one takes the place of.
    """

    hook: ClassVar[str]
    id: str = field(validator=ID_TEXT)
    label: Label = field(validator=LABEL)
    replaces: str | None = field(
        default=None, validator=expect(or_none(is_id), "the id of an earlier plugin's rule, or None")
    )


@frozen(kw_only=True, eq=False)
class Tested(RuleBase):
    """A rule that is a function of a situation.

    Attributes:
        test: The pure function; it may read features, and other rules: ``s[rule]``.
        feature: What is read of it: whether the rule in force under its id holds.
        holds: Whether this very rule holds, whatever the policy says of it.
    """

    test: Test = field(validator=FUNCTION)
    feature: InForce = field(init=False, eq=False, repr=False)
    holds: Derived[bool] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:  # once all that the rule was declared with has been checked
        name, set_once = f"rule:{self.id}", object.__setattr__
        set_once(self, "feature", InForce(name, self.label, BOOLEANS, self.id))
        set_once(self, "holds", Derived(name, self.label, BOOLEANS, self.test))


@frozen(kw_only=True, eq=False)
class Scheme(Tested):
    """Hook ``eligibility``: who is in the scheme at all on a day. All scheme rules have to hold."""

    hook: ClassVar[str] = "eligibility"


@frozen(kw_only=True, eq=False)
class Ground(Tested):
    """Hook ``eligibility``: a ground on which a member cannot rely on the My Number insurance card.

    Attributes:
        test: Whether the ground holds.
        unusable: Whether the card then does not work; a ground without this only gives a claim.
    """

    hook: ClassVar[str] = "eligibility"
    unusable: bool = field(default=True, validator=FLAG)


@frozen(kw_only=True, eq=False)
class Validity(RuleBase):
    """Hook ``document_validity``: until when a document is valid; the policy names the figure.

    Attributes:
        document: Which document.
        purpose: Which of several validities; ``standard`` where nothing else is asked for.
    """

    hook: ClassVar[str] = "document_validity"
    document: Document = field(validator=_DOCUMENT)
    purpose: str = field(default="standard", validator=ID_TEXT)


def _every_year(_: object, _attribute: object, day: str) -> None:
    Next(day)  # whose own check it is


@frozen
class Yearly:
    """A window of every year, in which what is to follow is sent ahead.

    Attributes:
        first: Its first day ``MM-DD``, such as ``"07-01"``.
        through: Its last day, in the same year, such as ``"07-31"``.
    """

    first: str = field(validator=_every_year)
    through: str = field(validator=_every_year)

    @through.validator
    def _in_one_year(self, _: object, through: str) -> None:
        if through < self.first:
            raise ValueError(f"expected a day not before {self.first} of the same year, found {through!r}")

    @property
    def names(self) -> tuple[str, str, str]:
        """The figures of the window that a day is in, or that comes next: its ends, and the day after."""
        window = f"{self.first}..{self.through}"
        return f"first:{window}", f"last:{window}", f"after:{window}"

    def figures(self) -> Mapping[str, Figure]:
        """Those figures, by name; no figure of a policy can have such a name."""
        last = (Next(self.through),)
        rules = ((*last, Years(-1), Next(self.first, "next")), last, (*last, Days(1)))
        return {n: Figure(Modality.EXACT, rule=rule) for n, rule in zip(self.names, rules, strict=True)}


@frozen(kw_only=True, eq=False)
class Trigger(Tested):
    """Hook ``issuance_triggers``: when a document falls due.

    Its document counts as given by one issued on or after the day of ``met_since``, or by one that is valid
    on the day after ``met_after`` or after the window of ``yearly``; where none of these is said, by one that
    is valid on the day.

    Attributes:
        document: What is issued.
        test: Whether the trigger holds for a member in the scheme; whether the document is already given,
            and whether it is due yet, is judged by the core.
        met_since: The fact or the figure that dates the event. The figure may be a fixed day, or one that
            differs by member, such as a birthday; it has none of ``earliest``, ``when``, ``before`` and
            ``reached``.
        met_after: The figure of the last day before a loss that is coming.
        yearly: The window of each year in which it is owed: what is issued then has the term of an issue on
            the day after the window, and takes the place of whatever else is owed of the document.
    """

    hook: ClassVar[str] = "issuance_triggers"
    document: Document = field(validator=_DOCUMENT)
    met_since: str | None = field(default=None, validator=_NAME)
    met_after: str | None = field(default=None, validator=_NAME)
    yearly: Yearly | None = field(
        default=None, validator=expect(or_none(is_a(Yearly)), "a Yearly window, or None")
    )

    @met_after.validator
    def _one_of_both(self, _: object, value: str | None) -> None:
        if value is not None and self.met_since is not None:
            what = f"Trigger {self.id!r}"
            raise DeclarationError(what, "met_after", "expected one of met_since and met_after, found both")

    @yearly.validator
    def _and_no_third(self, _: object, value: Yearly | None) -> None:
        if value is not None and (self.met_since or self.met_after):
            what, said = f"Trigger {self.id!r}", "met_since" if self.met_since else "met_after"
            raise DeclarationError(what, "yearly", f"expected one of yearly and {said}, found both")


NOTHING_BROUGHT: Final[Given] = MappingProxyType({})
"""What comes of a remedy of which nothing is said."""


def _is_given(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        is_fact_id(fact) and isinstance(said, str | bool | DayAsked) for fact, said in value.items()
    )


@frozen(kw_only=True, eq=False)
class Exclusion(Tested):
    """Hook ``issuance_triggers``: to whom a document is not issued, whatever it would be owed on.

    It holds against every trigger of the document, applications included, and not against one that is held.
    A member of whom it holds is answered, and does not fall through. It reads no triggers.

    Attributes:
        document: What is not issued.
        test: Whether the member is excluded.
    """

    hook: ClassVar[str] = "issuance_triggers"
    document: Document = field(validator=_DOCUMENT)


@frozen(kw_only=True, eq=False)
class Remedy(Tested):
    """Hook ``issuance_triggers``: what a member with nothing that serves has to do first.

    ``hokensha check`` takes it to cover those whom it helps: to whom it applies, and for whom something
    serves, or is owed that will, on the day on which what it asks for has been done.

    Attributes:
        brings: The facts that are otherwise once what it asks for has been done, each with its new value: a
            code or a boolean; for a dated fact ``DAY_ASKED``, the day on which it is done. (The end of
            something that is renewed is then that day at the earliest.)
        elsewhere: Whether somebody else decides what comes of it, so that no fact of the policy shows it:
            then it covers all to whom it applies. Only the source can say so.
    """

    hook: ClassVar[str] = "issuance_triggers"
    brings: Given = field(
        default=NOTHING_BROUGHT,
        validator=expect(_is_given, "by the ids of facts a code, a boolean or DAY_ASKED for each"),
    )
    elsewhere: bool = field(default=False, validator=FLAG)

    @elsewhere.validator
    def _shown_or_not(self, _: object, elsewhere: bool) -> None:  # noqa: FBT001 - attrs calls it so
        if elsewhere and self.brings:
            message = "expected one of brings and elsewhere, found both"
            raise DeclarationError(f"Remedy {self.id!r}", "elsewhere", message)


@frozen(kw_only=True, eq=False)
class Latency(RuleBase):
    """Hook ``reflection_latency``: how long data takes to show; the policy names the figure.

    Attributes:
        process: What the question calls it.
        counts_from: The fact that dates its start; none where the source does not say.
    """

    hook: ClassVar[str] = "reflection_latency"
    process: str = field(validator=ID_TEXT)
    counts_from: str | None = field(
        default=None,
        validator=FACT_OR_NONE,
    )


@frozen(kw_only=True, eq=False)
class Presentation(Tested):
    """Hook ``presentation``: a set of things that serves at an institution.

    Attributes:
        at: Where it serves.
        shows: What is shown together.
        test: Whether the member has all of it, and it serves.
        uncertain: Whether the institution may refuse it.
    """

    hook: ClassVar[str] = "presentation"
    at: tuple[At, ...] = field(validator=expect(each(is_a(At)), "a tuple of at least one At, none twice"))
    shows: tuple[Document, ...] = field(
        validator=expect(each(is_a(Document)), "a tuple of at least one Document, none twice")
    )
    uncertain: bool = field(default=False, validator=FLAG)


@frozen(kw_only=True, eq=False)
class Return(Tested):
    """Hook ``returns``: what happens to a document after an event; of several the first in the policy counts.

    Attributes:
        document: Which document; the core asks only while it is with the member.
        action: What is to be done.
        test: Whether the event has come.
    """

    hook: ClassVar[str] = "returns"
    document: Document = field(validator=_DOCUMENT)
    action: Action = field(validator=expect(is_a(Action), "an Action"))


Rule: TypeAlias = Scheme | Ground | Validity | Trigger | Exclusion | Remedy | Latency | Presentation | Return


_FEATURES = expect(
    each(lambda value: type(value) in KINDS, least=0),
    f"a tuple of features of the kinds in {Feature.__module__}, none twice",
)


def _is_groups(value: object) -> bool:
    return isinstance(value, dict) and all(
        is_text(name) and isinstance(group, tuple) and list(map(type, group)) in ([str, str], [str, bool])
        for name, group in value.items()
    )


@frozen(kw_only=True, eq=False)
class Features:
    """Hook ``features``: facts, documents, and the names of features that checks and docs should know.

    Attributes:
        facts: What may be known of a member.
        features: Features beyond the core's; ids are unique among all plugins of a policy.
        documents: What is issued, shown or given back, in the order in which decisions list it.
        contradictions: Facts that cannot stand together: members of whom they are said are refused.
        unlikely: Each is true of what may stand in a roll, but is no use as an example of anything.
        groups: Members for whom channels and forms may differ, by the name in which a policy's keys end: the
            fact, and its value. Of several that a member is in, the first counts.
    """

    hook: ClassVar[str] = "features"
    facts: tuple[Fact, ...] = field(
        default=(), validator=expect(each(is_a(Fact), least=0), "a tuple of Facts, none twice")
    )
    features: tuple[Feature[Any], ...] = field(default=(), validator=_FEATURES)
    documents: tuple[Document, ...] = field(
        default=(), validator=expect(each(is_a(Document), least=0), "a tuple of Documents, none twice")
    )
    contradictions: tuple[Contradiction, ...] = field(
        default=(),
        validator=expect(each(is_a(Contradiction), least=0), "a tuple of Contradictions, none twice"),
    )
    unlikely: tuple[Feature[bool], ...] = field(default=(), validator=_FEATURES)
    groups: Mapping[str, tuple[str, str | bool]] = field(
        factory=dict, validator=expect(_is_groups, "by name the fact of a group, and its value")
    )


RESULTS: Final[Mapping[str, tuple[type[Any], ...]]] = {
    hook: tuple(kind for kind in (Features, *get_args(Rule)) if kind.hook == hook)
    for hook in dict.fromkeys(kind.hook for kind in (Features, *get_args(Rule)))
}
"""Every hook, in the order in which they are called, and the classes that it returns."""
