"""What plugins hand to the core: rules as plain functions of a situation, named, labelled and cited.

Each class belongs to one hook. A rule holds structure only: which features it looks at, which document is
meant, which event makes it due. Every figure, channel and form is the policy's, under the rule's id.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import Any, ClassVar, Literal, TypeAlias

from attrs import field, frozen

from hokensha.facts import Fact
from hokensha.features import BOOLEANS, Derived, Feature
from hokensha.situation import Situation
from hokensha.text import Label

Test: TypeAlias = Callable[[Situation], bool]
ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
"""How ids are written: words of small letters and digits, joined by hyphens."""


class Document(Enum):
    """The documents and other means of proof; the values are those of the JSON."""

    MY_NUMBER_INSURANCE_CARD = "my-number-insurance-card"
    MY_NUMBER_CARD = "my-number-card"
    SMARTPHONE = "smartphone-my-number-card"
    CERTIFICATE = "eligibility-certificate"
    NOTICE = "eligibility-notice"
    HEALTH_INSURANCE_CARD = "health-insurance-card"
    ATTESTATION = "membership-attestation"
    DECLARATION = "eligibility-declaration"
    PORTAL_SCREEN = "portal-screen"


class Basis(Enum):
    """Whether the insurer acts by itself or on an application."""

    EX_OFFICIO = "ex-officio"
    APPLICATION = "application"


class Action(Enum):
    """What happens to a document that has served: the values are those of the JSON."""

    RETURN = "return"
    DESTROY = "destroy"
    KEEP = "keep"
    NOT_STATED = "not-stated"


class At(Enum):
    """Where and how a member is received."""

    EQUIPPED = "equipped"
    UNEQUIPPED = "unequipped"
    READER_FAILED = "reader-failed"
    CHECK_FAILED = "check-failed"


@frozen(kw_only=True)
class RuleBase:
    """What all rules have.

    Attributes:
        id: Unique among the rules of a policy's plugins; a policy sets the rule's terms under it.
        label: What people are shown.
        cites: At least one source of the structure: rules of insurers' texts, or an article of law.
        replaces: The id of an earlier plugin's rule that this one takes the place of.
    """

    hook: ClassVar[str]
    id: str
    label: Label
    cites: tuple[str, ...]
    replaces: str | None = None


@frozen(kw_only=True)
class Tested(RuleBase):
    """A rule that is a function of a situation.

    Attributes:
        test: The pure function; it may read features, and other rules through their ``feature``.
        feature: The test as a derived feature, so that other rules may read it: ``s[rule.feature]``.
    """

    test: Test
    feature: Derived[bool] = field(init=False, eq=False, repr=False)

    @feature.default
    def _feature(self) -> Derived[bool]:
        return Derived(f"rule:{self.id}", self.label, BOOLEANS, self.test)


@frozen(kw_only=True)
class Scheme(Tested):
    """Hook ``eligibility``: who is in the scheme at all on a day. All scheme rules have to hold."""

    hook: ClassVar[str] = "eligibility"


@frozen(kw_only=True)
class Ground(Tested):
    """Hook ``eligibility``: a ground on which a member cannot rely on the My Number insurance card.

    Attributes:
        test: Whether the ground holds.
        unusable: Whether the card then does not work; a ground without this only gives a claim.
    """

    hook: ClassVar[str] = "eligibility"
    unusable: bool = True


@frozen(kw_only=True)
class Validity(RuleBase):
    """Hook ``document_validity``: until when a document is valid; the policy names the figure.

    Attributes:
        document: Which document.
        purpose: Which of several validities; ``standard`` where nothing else is asked for.
    """

    hook: ClassVar[str] = "document_validity"
    document: Document
    purpose: str = "standard"


class Met(Enum):
    """When a trigger's document counts as given."""

    VALID = "valid"
    """One is held that is valid on the day."""
    VALID_AFTER_LOSS = "valid-after-loss"
    """One is held that is valid on the day of the trigger's ``loss`` figure."""
    SINCE = "since"
    """One was issued on or after the day of the trigger's event."""


@frozen(kw_only=True)
class Trigger(Tested):
    """Hook ``issuance_triggers``: when a document falls due.

    Attributes:
        document: What is issued.
        test: Whether the trigger holds for a member in the scheme; whether the document is already given,
            and whether it is due yet, is judged by the core.
        met: When it counts as given.
        event: With :attr:`Met.SINCE`: the fact, or the fixed figure, that dates the event.
        loss: With :attr:`Met.VALID_AFTER_LOSS`: the figure of the first day of the loss.
    """

    hook: ClassVar[str] = "issuance_triggers"
    document: Document
    met: Met = Met.VALID
    event: str | None = None
    loss: str | None = None


@frozen(kw_only=True)
class Remedy(Tested):
    """Hook ``issuance_triggers``: what a member with nothing that serves has to do first."""

    hook: ClassVar[str] = "issuance_triggers"


@frozen(kw_only=True)
class Latency(RuleBase):
    """Hook ``reflection_latency``: how long data takes to show; the policy names the figure.

    Attributes:
        process: What the question calls it.
        counts_from: The fact that dates its start; none where the source does not say.
    """

    hook: ClassVar[str] = "reflection_latency"
    process: str
    counts_from: str | None = None


@frozen(kw_only=True)
class Presentation(Tested):
    """Hook ``presentation``: a set of things that serves at an institution.

    Attributes:
        at: Where it serves.
        shows: What is shown together.
        test: Whether the member has all of it, and it serves.
        uncertain: Whether the institution may refuse it.
    """

    hook: ClassVar[str] = "presentation"
    at: tuple[At, ...]
    shows: tuple[Document, ...]
    uncertain: bool = False


@frozen(kw_only=True)
class Return(Tested):
    """Hook ``returns``: what happens to a document after an event; of several the first in the policy counts.

    Attributes:
        document: Which document; the core asks only while it is with the member.
        action: What is to be done.
        test: Whether the event has come.
    """

    hook: ClassVar[str] = "returns"
    document: Document
    action: Action


Rule: TypeAlias = "Scheme | Ground | Validity | Trigger | Remedy | Latency | Presentation | Return"


@frozen(kw_only=True)
class Features:
    """Hook ``features``: further facts, and the names of features that check and docs should know.

    Attributes:
        facts: Facts beyond the core's.
        features: Features beyond the core's; ids are unique among all plugins of a policy.
    """

    hook: ClassVar[str] = "features"
    facts: tuple[Fact, ...] = ()
    features: tuple[Feature[Any], ...] = ()


HookName = Literal[
    "features",
    "eligibility",
    "document_validity",
    "issuance_triggers",
    "reflection_latency",
    "presentation",
    "returns",
]
