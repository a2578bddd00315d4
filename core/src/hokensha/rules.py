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
from hokensha.features import BOOLEANS, Derived, Feature, InForce
from hokensha.situation import Situation
from hokensha.text import Label

Test: TypeAlias = Callable[[Situation], bool]
ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
"""How ids are written: words of small letters and digits, joined by hyphens."""


class Document(Enum):
    """The documents and other means of proof; the values are those of the JSON."""

    MY_NUMBER_INSURANCE_CARD = "my-number-insurance-card"
    """The My Number card, registered for use as a health insurance card (マイナ保険証)."""
    MY_NUMBER_CARD = "my-number-card"
    """The My Number card as such, registered or not (マイナンバーカード): shown with something else."""
    SMARTPHONE = "smartphone-my-number-card"
    """A smartphone that carries the functions of the My Number card (スマートフォンのマイナ保険証)."""
    CERTIFICATE = "eligibility-certificate"
    """The eligibility certificate (資格確認書)."""
    NOTICE = "eligibility-notice"
    """The notice of what the insurer has on record (資格情報のお知らせ); it never serves alone."""
    HEALTH_INSURANCE_CARD = "health-insurance-card"
    """The old health insurance card (健康保険証, 被保険者証, 組合員証)."""
    ATTESTATION = "membership-attestation"
    """A paper of the insurer that attests membership in the meantime (資格証明書)."""
    DECLARATION = "eligibility-declaration"
    """A declaration that a patient fills in at the institution (被保険者資格申立書)."""
    PORTAL_SCREEN = "portal-screen"
    """The screen of the portal that shows the record, or its PDF (マイナポータルの資格情報画面)."""


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
        test: The pure function; it may read features, and other rules: ``s[rule]``.
        feature: What is read of it: whether the rule in force under its id holds.
        holds: Whether this very rule holds, whatever the policy says of it.
    """

    test: Test
    feature: InForce = field(init=False, eq=False, repr=False)
    holds: Derived[bool] = field(init=False, eq=False, repr=False)

    @feature.default
    def _feature(self) -> InForce:
        return InForce(f"rule:{self.id}", self.label, BOOLEANS, self.id)

    @holds.default
    def _holds(self) -> Derived[bool]:
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
    """One was issued on or after the day of the trigger's ``event``."""


@frozen(kw_only=True)
class Trigger(Tested):
    """Hook ``issuance_triggers``: when a document falls due.

    Attributes:
        document: What is issued.
        test: Whether the trigger holds for a member in the scheme; whether the document is already given,
            and whether it is due yet, is judged by the core.
        met: When it counts as given.
        event: With :attr:`Met.SINCE`: the fact or the figure that dates the event. The figure may be a fixed
            day, or one that differs by member, such as a birthday; it has none of ``earliest``, ``when``,
            ``before`` and ``reached``.
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
