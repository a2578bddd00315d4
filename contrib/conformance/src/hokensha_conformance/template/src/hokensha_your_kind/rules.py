"""Each rule is a plain function of a situation: it reads features, and answers True or False.

A rule never sees a day or a number. Figures, channels and forms stand in the policy, under the rule's id.
"""

from __future__ import annotations

from hokensha import Action, At, Document, Fact, Label, Met, Plugin, Situation, flag
from hokensha.rules import ANY_GROUND, AUTOMATIC_GROUND, CARD_WORKS
from hokensha_standard import (
    LEFT,
    NOTICE_ISSUED,
    REGISTERED,
    REQUESTED,
    VALID_CERTIFICATE,
    card_lost,
)

declare = Plugin()

# A fact of your own (a column of the roll), and the feature by which rules see it.
POSTED_ABROAD_FACT = Fact("posted_abroad", "boolean", Label("海外勤務", "posted abroad"))
POSTED_ABROAD = flag("posted-abroad", "posted_abroad", "海外勤務中", "is posted abroad")


# A ground: why somebody cannot rely on the card. unusable=False: the card still works, but there is a claim.
@declare.ground("posted-abroad-ground", "海外勤務者", "works abroad", cites=("page-1",), unusable=False)
def posted_abroad(s: Situation) -> bool:
    """Who works abroad gets a certificate beside the card."""
    return s[POSTED_ABROAD]


CERTIFICATE_VALIDITY = declare.validity(
    "certificate-validity",
    "資格確認書の有効期限",
    "until when a certificate is valid",
    cites=("page-3",),
    document=Document.CERTIFICATE,
)


# A trigger says when a document falls due; hokensha judges whether it was given since.
@declare.trigger(
    "certificate-on-application",
    "申請による資格確認書の交付",
    "certificate on application",
    cites=("page-2",),
    document=Document.CERTIFICATE,
    met=Met.SINCE,  # met only by a certificate issued since the application
    event="certificate_requested_on",
)
def certificate_on_application(s: Situation) -> bool:
    """Whoever has a ground may apply."""
    return s[REQUESTED] and s[ANY_GROUND]


@declare.trigger(
    "certificate-on-ground",
    "職権による資格確認書の交付",
    "certificate without an application",
    cites=("page-2",),
    document=Document.CERTIFICATE,
)
def certificate_on_ground(s: Situation) -> bool:
    """A ground that the policy claims by itself, as [rules] says of each ground."""
    return s[AUTOMATIC_GROUND]


@declare.trigger(
    "notice-on-registration",
    "資格情報のお知らせの交付",
    "notice once the data are registered",
    cites=("page-4",),
    document=Document.NOTICE,
    met=Met.SINCE,
    event="registered_on",
)
def notice_on_registration(s: Situation) -> bool:
    """Who can use the card gets a notice beside it."""
    return s[REGISTERED] and s[CARD_WORKS]


# A remedy: what somebody has to do first for whom nothing serves, and to whom nothing is owed.
@declare.remedy("apply-after-loss", "資格確認書を申請する", "apply for a certificate", cites=("page-2",))
def apply_after_loss(s: Situation) -> bool:
    """Who has lost the card gets a certificate only on application."""
    return s[card_lost]


ENROLMENT_SHOWN = declare.latency(
    "enrolment-shown",
    "届出の受付から反映まで",
    "from the filing to the data showing",
    cites=("page-5",),
    process="enrolment",
    counts_from="enrolment_received_on",
)


@declare.presents(
    "show-card",
    "マイナ保険証を提示",
    "show the My Number insurance card",
    cites=("page-6",),
    at=(At.EQUIPPED,),
    shows=(Document.MY_NUMBER_INSURANCE_CARD,),
)
def show_card(s: Situation) -> bool:
    """The card is read where there is a reader."""
    return s[CARD_WORKS]


@declare.presents(
    "show-certificate",
    "資格確認書を提示",
    "show the certificate",
    cites=("page-6",),
    at=tuple(At),
    shows=(Document.CERTIFICATE,),
)
def show_certificate(s: Situation) -> bool:
    """A valid certificate serves everywhere."""
    return s[VALID_CERTIFICATE]


@declare.presents(
    "show-card-and-notice",
    "マイナンバーカードとお知らせを提示",
    "show the card and the notice",
    cites=("page-6",),
    at=(At.UNEQUIPPED, At.READER_FAILED),
    shows=(Document.MY_NUMBER_CARD, Document.NOTICE),
)
def show_card_and_notice(s: Situation) -> bool:
    """Where nothing can be read, the notice tells what the card would; it never serves alone."""
    return s[CARD_WORKS] and s[NOTICE_ISSUED]


@declare.return_(
    "certificate-on-loss",
    "資格喪失時の返却",
    "the certificate comes back on loss of eligibility",
    cites=("page-7",),
    document=Document.CERTIFICATE,
    action=Action.RETURN,
)
def certificate_on_loss(s: Situation) -> bool:
    """Eligibility is lost."""
    return s[LEFT]
