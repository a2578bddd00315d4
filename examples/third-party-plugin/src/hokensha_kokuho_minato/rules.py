"""The rules of this kind of insurer: what no figure of a policy can say.

Each rule is a plain function of a situation: it reads features, and other rules, and answers True or False.
It never sees a day or a number: figures, channels, forms, sources stand in the policy, under the rule's id.
"""

from __future__ import annotations

from hokensha import DAY_ASKED, Action, At, Fact, Label, Plugin, Situation, flag, within
from hokensha_standard import (
    ANY_GROUND,
    AUTOMATIC_GROUND,
    CARD_WORKS,
    CERTIFICATE,
    LEFT,
    MY_NUMBER_CARD,
    MY_NUMBER_INSURANCE_CARD,
    NOTICE,
    REGISTERED,
    REQUESTED,
    assistance_needed,
    card_lost,
    card_renewing,
    card_returned,
    deregistered,
    electronic_certificate_expired,
    enrolled,
    no_card,
    not_over,
    not_registered,
    standard,
)

# What the entry point names. Each rule that is handed over to it a policy has to settle: by its terms under
# [rules], or a reason under [declined].
plugin = Plugin()

# What every kind of insurer shares: all facts and documents, and those rules of which the page speaks.
plugin.use(
    standard,
    enrolled,
    not_over,
    no_card,
    card_returned,
    card_lost,
    card_renewing,
    not_registered,
    deregistered,
    electronic_certificate_expired,
)
plugin.add(assistance_needed)  # a ground that some kinds have


# Facts of this kind of insurer: columns of the roll that no other kind has.
RESIDENCE_EXPIRES = Fact(
    "residence_expires_on", "day", Label("在留期限", "end of the period of stay"), nullable=True, planned=True
)
PAYS_IN_FULL = Fact("special_medical_expense", "boolean", Label("特別療養費の対象", "pays in full first"))

# Features: what rules see of facts. "within" compares the day asked with a figure that the policy sets.
IN_ARREARS = flag("in-arrears", "special_medical_expense", "特別療養費の対象者", "pays in full first")
UNDER_70 = within("month-of-70-last-day", "70歳到達月まで", "to the end of the month in which 70 is reached")
plugin.add(RESIDENCE_EXPIRES, PAYS_IN_FULL, IN_ARREARS, UNDER_70)


# A validity has no function: the policy's figure says until when. A purpose tells several of them apart.
plugin.validity(
    "certificate-validity", "資格確認書の有効期限", "until when a certificate is valid", document=CERTIFICATE
)
# The burden ratio changes when 70 is reached, so a certificate issued before does not last beyond that month.
plugin.validity(
    "certificate-validity-under-70",
    "70歳到達月までの資格確認書の有効期限",
    "until when a certificate is valid that is issued before 70",
    document=CERTIFICATE,
    purpose="under-70",
)


# A trigger says when a document falls due; hokensha judges whether it was given since the event.
@plugin.trigger(
    "certificate-on-application",
    "申請による資格確認書の交付",
    "certificate on application",
    document=CERTIFICATE,
    met_since="certificate_requested_on",  # met only by a certificate issued since the application
)
def certificate_on_application(s: Situation) -> bool:
    """Whoever has a ground may apply, unless the contributions are long overdue."""
    return s[REQUESTED] and s[ANY_GROUND] and not s[IN_ARREARS]


# Without an event, whoever holds a valid document is not owed another.
@plugin.trigger(
    "certificate-on-ground",
    "職権による資格確認書の交付（70歳到達後）",
    "certificate without an application, 70 reached",
    document=CERTIFICATE,
)
def certificate_on_ground(s: Situation) -> bool:
    """A ground that the policy claims by itself, from the month after 70 is reached."""
    return s[AUTOMATIC_GROUND] and not s[IN_ARREARS] and not s[UNDER_70]


@plugin.trigger(
    "certificate-on-ground-under-70",
    "職権による資格確認書の交付",
    "certificate without an application",
    document=CERTIFICATE,
)
def certificate_on_ground_under_70(s: Situation) -> bool:
    """The same, up to the month in which 70 is reached."""
    return s[AUTOMATIC_GROUND] and not s[IN_ARREARS] and s[UNDER_70]


@plugin.trigger(
    "notice-on-registration",
    "資格情報のお知らせの交付",
    "notice once the data are registered",
    document=NOTICE,
    met_since="registered_on",
)
def notice_on_registration(s: Situation) -> bool:
    """Who can use the card gets a notice beside it."""
    return s[REGISTERED] and s[CARD_WORKS]


# A remedy: what somebody has to do first for whom nothing serves, and to whom nothing is owed. "brings" says
# what is otherwise once it is done: "hokensha check" sees whether something is owed then, or serves.
@plugin.remedy(
    "apply-after-loss",
    "資格確認書を申請する",
    "apply for a certificate",
    brings={"certificate_requested_on": DAY_ASKED},
)
def apply_after_loss(s: Situation) -> bool:
    """Who has lost the card gets a certificate only on application; a rule is read like a feature."""
    return s[card_lost] and not s[IN_ARREARS]


@plugin.remedy(
    "consult-about-arrears",
    "国保年金課で納付を相談する",
    "consult the office about the contributions",
    elsewhere=True,  # what comes of it the office decides: the page says no more
)
def consult_about_arrears(s: Situation) -> bool:
    """Who pays in full first is not sent an ordinary certificate."""
    return s[IN_ARREARS]


# A latency has no function either: the policy's figure says how long the data take to show.
plugin.latency(
    "enrolment-shown",
    "届出の受付から反映まで",
    "from the filing to the data showing",
    process="enrolment",
    counts_from="enrolment_received_on",
)


# What serves at an institution, the best first.
@plugin.presents(
    "show-card",
    "マイナ保険証を提示",
    "show the My Number insurance card",
    at=(At.EQUIPPED,),
    shows=(MY_NUMBER_INSURANCE_CARD,),
)
def show_card(s: Situation) -> bool:
    """The card is read where there is a reader."""
    return s[CARD_WORKS]


@plugin.presents(
    "show-certificate", "資格確認書を提示", "show the certificate", at=tuple(At), shows=(CERTIFICATE,)
)
def show_certificate(s: Situation) -> bool:
    """A valid certificate serves everywhere."""
    return s[CERTIFICATE.valid]


@plugin.presents(
    "show-card-and-notice",
    "マイナンバーカードとお知らせを提示",
    "show the card and the notice",
    at=(At.UNEQUIPPED, At.READER_FAILED),
    shows=(MY_NUMBER_CARD, NOTICE),
)
def show_card_and_notice(s: Situation) -> bool:
    """Where nothing can be read, the notice tells what the card would; it never serves alone."""
    return s[CARD_WORKS] and s[NOTICE.given]


# What has to come back: asked only while the document is with the member.
@plugin.return_(
    "certificate-on-loss",
    "資格喪失時の返却",
    "the certificate comes back on loss of eligibility",
    document=CERTIFICATE,
    action=Action.RETURN,
)
def certificate_on_loss(s: Situation) -> bool:
    """The member has moved out, or joined another insurance."""
    return s[LEFT]
