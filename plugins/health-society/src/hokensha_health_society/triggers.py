"""When health insurance societies issue certificates, notices and, before the abolition, old cards."""

from __future__ import annotations

from hokensha.declare import remedy, trigger
from hokensha.rules import Document, Met
from hokensha.situation import Situation
from hokensha.standard import (
    ANY_GROUND,
    AUTOMATIC_GROUND,
    EXPIRED_CERTIFICATE,
    REQUESTED,
    VALID_OLD_CARD,
    card_lost,
    deregistered,
    deregistration_pending,
    no_card,
    not_registered,
)
from hokensha_health_society.bands import (
    FILED,
    JOINED,
    JOINED_BEFORE,
    JOINED_SINCE,
    MASS_NOW,
    NEVER_SET_UP,
    NO_INSURANCE_CARD,
    PROCESSED,
    TRANSITION,
    Filed,
    Joined,
    Processed,
)


@trigger(
    "joiner-application",
    "資格取得届等の希望欄による資格確認書の交付",
    "certificate asked for on the enrolment form",
    cites=("003-19", "003-23"),
    document=Document.CERTIFICATE,
    met=Met.SINCE,
    event="certificate_requested_on",
)
def joiner_application(s: Situation) -> bool:
    """A joiner without a My Number insurance card ticked the box for a certificate."""
    return s[REQUESTED] and s[JOINED_SINCE] and s[NEVER_SET_UP]


@trigger(
    "card-lost-application",
    "カード紛失による申請での交付",
    "certificate applied for after loss of the card",
    cites=("003-16",),
    document=Document.CERTIFICATE,
    met=Met.SINCE,
    event="certificate_requested_on",
)
def card_lost_application(s: Situation) -> bool:
    """The My Number card is lost, and a certificate was applied for."""
    return s[REQUESTED] and s[card_lost]


@trigger(
    "other-application",
    "その他の事由による申請での交付",
    "certificate applied for on another ground",
    cites=("003-20",),
    document=Document.CERTIFICATE,
    met=Met.SINCE,
    event="certificate_requested_on",
)
def other_application(s: Situation) -> bool:
    """A certificate was applied for on a ground that has no way of applying of its own.

    Which grounds bring one on application the policy says (``claim``).
    """
    if s[card_lost] or not s[REQUESTED]:
        return False
    return s[AUTOMATIC_GROUND] or (s[ANY_GROUND] and not (s[JOINED_SINCE] and s[NEVER_SET_UP]))


@trigger(
    "certificate-on-deregistration",
    "利用登録の解除申請者への交付",
    "certificate after an application to deregister",
    cites=("003-04", "003-05"),
    document=Document.CERTIFICATE,
)
def certificate_on_deregistration(s: Situation) -> bool:
    """Deregistration was applied for; with a valid old card the certificate waits for the mass issuance."""
    if s[VALID_OLD_CARD]:
        return False
    return s[deregistration_pending] or s[deregistered]


@trigger(
    "mass-issuance",
    "経過措置終了前の一斉交付",
    "mass issuance before old cards end",
    cites=("003-05", "003-22"),
    document=Document.CERTIFICATE,
)
def mass_issuance(s: Situation) -> bool:
    """Early members without a My Number insurance card, and old card holders who are deregistering."""
    deregistering = s[deregistration_pending] and s[VALID_OLD_CARD]
    return deregistering or (s[JOINED_BEFORE] and s[NO_INSURANCE_CARD])


@trigger(
    "no-card-ex-officio",
    "マイナンバーカード未所持者への職権交付",
    "certificate for early members without a card",
    cites=("003-17", "003-18"),
    document=Document.CERTIFICATE,
)
def no_card_ex_officio(s: Situation) -> bool:
    """Once old cards have ended, early members without a My Number card need not do anything."""
    return s[JOINED_BEFORE] and s[no_card]


@trigger(
    "cannot-use-card",
    "マイナ保険証を利用できない方への交付",
    "certificate for those who cannot use the card",
    cites=("003-02",),
    document=Document.CERTIFICATE,
)
def cannot_use_card(s: Situation) -> bool:
    """A ground that needs no application, without a valid old card, and not served by another rule.

    Early members without a My Number card have a rule of their own once old cards have ended, and while the
    mass issuance goes on, that is how its group is served.
    """
    if s[VALID_OLD_CARD] or (s[MASS_NOW] and s[JOINED_BEFORE] and s[NO_INSURANCE_CARD]):
        return False
    if s[AUTOMATIC_GROUND]:
        return True
    return s[JOINED_BEFORE] and (s[not_registered] or (s[no_card] and s[TRANSITION]))


@trigger(
    "certificate-renewal",
    "期限切れの資格確認書の更新",
    "renewal of an expired certificate",
    cites=("003-21",),
    document=Document.CERTIFICATE,
)
def certificate_renewal(s: Situation) -> bool:
    """The certificate that is held has expired, and there is still a ground for one."""
    return s[EXPIRED_CERTIFICATE] and s[ANY_GROUND]


@trigger(
    "last-old-cards",
    "廃止前の健康保険証の交付",
    "old cards issued before their abolition",
    cites=("003-07", "003-08"),
    document=Document.HEALTH_INSURANCE_CARD,
)
def last_old_cards(s: Situation) -> bool:
    """Filed and processed in time; who joins later gets none, however early the filing came."""
    in_time = s[JOINED] is Joined.WITH_OLD_CARD and s[PROCESSED] is Processed.IN_TIME
    return in_time and (s[FILED] is Filed.EARLY or s[FILED] is Filed.LATE)


@trigger(
    "notice-early-filing",
    "お知らせ：先に届出済みの加入者",
    "notice: filed in the first period",
    cites=("003-11",),
    document=Document.NOTICE,
    met=Met.SINCE,
    event="enrolment_received_on",
)
def notice_early_filing(s: Situation) -> bool:
    """The enrolment filing arrived in the first period, with a My Number card or without."""
    return s[FILED] is Filed.EARLY


@trigger(
    "notice-late-filing",
    "お知らせ：廃止直前に届出の加入者",
    "notice: filed in the second period",
    cites=("003-11",),
    document=Document.NOTICE,
    met=Met.SINCE,
    event="enrolment_received_on",
)
def notice_late_filing(s: Situation) -> bool:
    """The enrolment filing arrived in the second period."""
    return s[FILED] is Filed.LATE


@trigger(
    "notice-each-filing",
    "お知らせ：廃止後に届出の加入者",
    "notice: filed since the abolition",
    cites=("003-11",),
    document=Document.NOTICE,
    met=Met.SINCE,
    event="enrolment_received_on",
)
def notice_each_filing(s: Situation) -> bool:
    """The enrolment filing arrived since the abolition: a notice goes out each time."""
    return s[FILED] is Filed.SINCE_ABOLITION


@remedy(
    "apply-as-joiner",
    "資格取得届等の希望欄に記入し、資格確認書を申請する",
    "ask for a certificate on the enrolment form",
    cites=("003-19", "003-23"),
)
def apply_as_joiner(s: Situation) -> bool:
    """Joiners without a My Number insurance card get a certificate only if they ask."""
    return s[JOINED_SINCE] and s[NEVER_SET_UP]


@remedy(
    "apply-after-loss",
    "資格確認書交付申請書を提出する",
    "hand in the application form for a certificate",
    cites=("003-16",),
)
def apply_after_loss(s: Situation) -> bool:
    """Who has lost the card gets a certificate only on application, and so does everybody on such a ground.

    Joiners without a My Number insurance card have a way of their own.
    """
    if s[card_lost]:
        return True
    return s[ANY_GROUND] and not s[AUTOMATIC_GROUND] and not (s[JOINED_SINCE] and s[NEVER_SET_UP])


TRIGGERS = (
    joiner_application,
    card_lost_application,
    other_application,
    certificate_on_deregistration,
    mass_issuance,
    no_card_ex_officio,
    cannot_use_card,
    certificate_renewal,
    last_old_cards,
    notice_early_filing,
    notice_late_filing,
    notice_each_filing,
)
REMEDIES = (apply_as_joiner, apply_after_loss)
