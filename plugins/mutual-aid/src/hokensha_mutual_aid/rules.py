"""What mutual aid associations issue and when, until when it is valid, what serves, what comes back."""

from __future__ import annotations

from hokensha import DAY_ASKED, Plugin
from hokensha.features import Sequence, Situation
from hokensha.rules import (
    ANY_GROUND,
    AUTOMATIC_GROUND,
    CARD_WORKS,
    IN_SCHEME,
    Action,
    At,
)
from hokensha_mutual_aid.features import (
    CERTIFICATE_SINCE_ENROLMENT,
    CHANGED_IN,
    DEPARTURE_PLANNED,
    DEREGISTERING,
    ELECTRONIC_CERTIFICATE_TERM,
    ENROLLED_IN,
    EXPIRED,
    EXPIRED_BEFORE_REGISTRATION,
    IN_TRANSITION,
    LAPSED,
    MEMBERSHIP_OVER,
    NUMBER_SUBMITTED,
    OLD_CARD_SHOWN,
    PROCESSED_IN,
    REGISTERED_AFTER_CARD,
    REGISTERED_AFTER_ELECTRONIC_CERTIFICATE,
    REGISTERED_IN,
    REISSUED_IN,
    TRANSITION_LAST_DAY,
    UNREGISTERED,
    Era,
)
from hokensha_standard import (
    ATTESTATION,
    CERTIFICATE,
    CONTINUATION,
    DISCLOSURE,
    HAS_REGISTERED_CARD,
    HEALTH_INSURANCE_CARD,
    MY_NUMBER_CARD,
    MY_NUMBER_INSURANCE_CARD,
    NOTICE,
    OVERSEAS_CARD,
    PORTAL_SCREEN,
    REGISTERED,
    REQUESTED,
    SMARTPHONE,
    assistance_needed,
    card_expired,
    card_lost,
    card_renewing,
    card_returned,
    departed,
    deregistered,
    disclosure_restricted,
    electronic_certificate_expired,
    late_elderly,
    no_card,
    not_registered,
    registration_failed,
    reissue,
    standard,
)

plugin = Plugin()
plugin.use(standard)
plugin.add(late_elderly, assistance_needed, disclosure_restricted, reissue)
plugin.add(
    ENROLLED_IN,
    PROCESSED_IN,
    CHANGED_IN,
    REGISTERED_IN,
    REISSUED_IN,
    IN_TRANSITION,
    OLD_CARD_SHOWN,
    ELECTRONIC_CERTIFICATE_TERM,
    NUMBER_SUBMITTED,
    DEPARTURE_PLANNED,
    CERTIFICATE_SINCE_ENROLMENT,
    REGISTERED_AFTER_ELECTRONIC_CERTIFICATE,
    REGISTERED_AFTER_CARD,
    UNREGISTERED,
    DEREGISTERING,
    EXPIRED,
    LAPSED,
    EXPIRED_BEFORE_REGISTRATION,
    MEMBERSHIP_OVER,
)


# --- when a certificate falls due because a member applied, for it or for something that brings it


REQUEST = "certificate_requested_on"


@plugin.trigger(
    "application",
    "資格確認書の交付申請",
    "application by one who cannot rely on the card",
    document=CERTIFICATE,
    met_since=REQUEST,
)
def application(s: Situation) -> bool:
    """Whoever has a ground and applied."""
    return s[REQUESTED] and s[ANY_GROUND]


@plugin.trigger(
    "application-for-lost-card",
    "カード紛失・電子証明書失効による交付申請",
    "application while the card is lost or has lapsed",
    document=CERTIFICATE,
    met_since=REQUEST,
)
def application_for_lost_card(s: Situation) -> bool:
    """The card is lost, or its electronic certificate has lapsed, and a certificate is asked for.

    Who is late in renewing need not wait until the card fails; a card past its own term counts, too.
    """
    return s[REQUESTED] and (s[card_lost] or s[LAPSED] or s[EXPIRED])


@plugin.trigger(
    "application-before-departure",
    "国外転出前の交付申請",
    "application before a departure on which the card lapses",
    document=CERTIFICATE,
    met_since=REQUEST,
)
def application_before_departure(s: Situation) -> bool:
    """A departure is planned, the card was not switched for it, and a certificate is asked for."""
    return s[REQUESTED] and s[DEPARTURE_PLANNED] and not s[OVERSEAS_CARD]


@plugin.trigger(
    "application-after-return",
    "カード返納後の交付申請",
    "application after the card was given back",
    document=CERTIFICATE,
    met_since=REQUEST,
)
def application_after_return(s: Situation) -> bool:
    """The card was given back to the municipality, and a certificate is asked for."""
    return s[REQUESTED] and s[card_returned]


@plugin.trigger(
    "deregistration-on-receipt",
    "解除申請書の受付時の交付",
    "handed over when the application to deregister is received",
    document=CERTIFICATE,
)
def deregistration_on_receipt(s: Situation) -> bool:
    """The application to deregister is the application for the certificate."""
    return s[DEREGISTERING]


@plugin.trigger(
    "deregistration-without-old-card",
    "利用登録の解除申請（有効な旧証なし）",
    "deregistration of one without a valid old card",
    document=CERTIFICATE,
)
def deregistration_without_old_card(s: Situation) -> bool:
    """After the application to deregister, unless an old card still serves."""
    return s[DEREGISTERING] and not s[OLD_CARD_SHOWN]


# --- when an eligibility certificate falls due without an application, and who is a new member


MASS_CARD_AS_OF, MASS_CERTIFICATE_AS_OF = "mass-card-as-of", "mass-certificate-as-of"
"""Figures: the days as of which a mass issuance looks at the card, and at certificates given."""


# --- to new members


@plugin.trigger(
    "enrolment-without-card",
    "新規加入（マイナ保険証なし）",
    "new enrolment without a My Number insurance card",
    document=CERTIFICATE,
)
def enrolment_without_card(s: Situation) -> bool:
    """The enrolment procedure was done since old cards ended; the day of the procedure counts."""
    return s[PROCESSED_IN] is Era.CERTIFICATES and s[AUTOMATIC_GROUND]


@plugin.trigger(
    "enrolment-unregistered",
    "新規加入（利用登録なし）",
    "new member without a registration for insurance use",
    document=CERTIFICATE,
)
def enrolment_unregistered(s: Situation) -> bool:
    """A new member, newborn children included, who declares to have no registered card."""
    return s[ENROLLED_IN] is Era.CERTIFICATES and s[UNREGISTERED]


@plugin.trigger(
    "temporary-for-enrolment",
    "新規資格取得時の短期の資格確認書",
    "short certificate for every new member",
    document=CERTIFICATE,
)
def temporary_for_enrolment(s: Situation) -> bool:
    """Every new member, with a card or not, until the data show; once they do, no other one."""
    if s[ENROLLED_IN] is not Era.CERTIFICATES:
        return False
    bridged = s[CERTIFICATE_SINCE_ENROLMENT] is Sequence.SINCE and s[REGISTERED]
    return not bridged


# --- in the transition from old cards


@plugin.trigger(
    "transition-without-card",
    "旧証保有者への交付（マイナ保険証なし）",
    "to holders of old cards without a My Number insurance card",
    document=CERTIFICATE,
)
def transition_without_card(s: Situation) -> bool:
    """Holders of old cards, and all others who joined while old cards were issued."""
    return s[AUTOMATIC_GROUND] and (s[HEALTH_INSURANCE_CARD.given] or s[PROCESSED_IN] is Era.OLD_CARDS)


@plugin.trigger(
    "mass-issuance",
    "一斉交付",
    "mass issuance to holders of old cards",
    document=CERTIFICATE,
)
def mass_issuance(s: Situation) -> bool:
    """Holders of valid old cards without a working card; who needs assistance alone applies."""
    return s[OLD_CARD_SHOWN] and s[AUTOMATIC_GROUND] and not s[CARD_WORKS]


@plugin.trigger(
    "mass-issuance-as-of",
    "一斉交付（基準日あり）",
    "mass issuance by what held on two earlier days",
    document=CERTIFICATE,
)
def mass_issuance_as_of(s: Situation) -> bool:
    """Members whose card did not work on one day, and who had no certificate on another.

    Whose data were not in the database, the insurer could not tell; a system error is known all the same.
    """
    then = s.at(MASS_CARD_AS_OF)
    if s.at(MASS_CERTIFICATE_AS_OF)[CERTIFICATE.valid] or not then[IN_SCHEME]:
        return False
    if not then[REGISTERED]:
        return then[registration_failed]
    return any(then[ground] for ground in _KEEPS_CARD_FROM_WORKING)


_KEEPS_CARD_FROM_WORKING = (
    no_card,
    card_returned,
    card_lost,
    card_renewing,
    not_registered,
    deregistered,
    electronic_certificate_expired,
    card_expired,
)
"""What a mass issuance counts; a number that was never submitted is no reason of this kind."""


# --- on a ground


@plugin.trigger(
    "ground-without-old-card",
    "マイナ保険証を使えない状況（有効な旧証なし）",
    "a ground, and no valid old card",
    document=CERTIFICATE,
)
def ground_without_old_card(s: Situation) -> bool:
    """Any ground that needs no application, once no old card serves."""
    return s[AUTOMATIC_GROUND] and not s[OLD_CARD_SHOWN]


@plugin.trigger(
    "unregistered-without-old-card",
    "利用登録なし（有効な旧証なし）",
    "no registration for insurance use, and no valid old card",
    document=CERTIFICATE,
)
def unregistered_without_old_card(s: Situation) -> bool:
    """Earlier members without a registered card, once no old card serves."""
    return s[ENROLLED_IN] is Era.OLD_CARDS and s[UNREGISTERED] and not s[OLD_CARD_SHOWN]


@plugin.trigger(
    "expiring",
    "期限切れによる職権交付",
    "in the month before an expired card stops working",
    document=CERTIFICATE,
    met_after="last-usable-day",
)
def expiring(s: Situation) -> bool:
    """A registered card that the database knows, expired before the registration or since.

    What the database of late found to have expired before is found-unusable's.
    """
    if not (s[HAS_REGISTERED_CARD] and s[REGISTERED]):
        return False
    return s[REGISTERED_IN] is Era.OLD_CARDS or not s[EXPIRED_BEFORE_REGISTRATION]


@plugin.trigger(
    "after-registration-failure",
    "登録時システムエラーによる職権交付",
    "a system error keeps the member out of the database",
    document=CERTIFICATE,
)
def after_registration_failure(s: Situation) -> bool:
    """The error stands, and the data are still not in the database."""
    return s[registration_failed]


@plugin.trigger(
    "found-unusable",
    "番号登録後に利用不可を確認した職権交付",
    "found unusable once the number was registered",
    document=CERTIFICATE,
)
def found_unusable(s: Situation) -> bool:
    """Registered of late, and then seen: an expired card, or an earlier member without a registered one.

    A card given back is left out: for that a certificate is applied for.
    """
    if s[REGISTERED_IN] is not Era.CERTIFICATES or s[card_returned]:
        return False
    if s[HAS_REGISTERED_CARD]:
        return s[EXPIRED] and s[EXPIRED_BEFORE_REGISTRATION]
    return s[ENROLLED_IN] is Era.OLD_CARDS and s[UNREGISTERED]


# --- when a notice falls due, and what members with nothing that serves have to do first


def _entitled(s: Situation) -> bool:
    """In the database; in voluntary continuation, without a certificate."""
    return s[REGISTERED] and not (s[CONTINUATION] and s[CERTIFICATE.given])


@plugin.trigger(
    "notice-to-card-holders",
    "マイナ保険証をお持ちの方への通知",
    "notice to those whose card works",
    document=NOTICE,
    met_since="registered_on",
)
def notice_to_card_holders(s: Situation) -> bool:
    """The card works: held, registered for insurance use, and the data are in the database."""
    return s[CARD_WORKS]


@plugin.trigger(
    "notice-on-enrolment",
    "新規加入者への通知",
    "notice to every new member",
    document=NOTICE,
    met_since="registered_on",
)
def notice_on_enrolment(s: Situation) -> bool:
    """New members, whether or not their card is registered for insurance use."""
    return s[ENROLLED_IN] is Era.CERTIFICATES and _entitled(s)


@plugin.trigger(
    "notice-on-change",
    "資格情報変更の通知",
    "notice of changed details",
    document=NOTICE,
    met_since="details_changed_on",
)
def notice_on_change(s: Situation) -> bool:
    """Details or the burden ratio changed."""
    return s[CHANGED_IN] is Era.CERTIFICATES and _entitled(s)


@plugin.remedy(
    "submit-number",
    "個人番号を提出する",
    "submit the individual number",
    brings={"number_submitted_on": DAY_ASKED, "registered_on": DAY_ASKED},
)
def submit_number(s: Situation) -> bool:
    """Without the number nothing can be registered in the database; once it is submitted, that follows."""
    return not s[REGISTERED] and not s[NUMBER_SUBMITTED]


@plugin.remedy(
    "correct-filed-data",
    "届出内容を住民票に合わせる",
    "bring the filed data into line with the resident register",
    brings={"registered_on": DAY_ASKED},
)
def correct_filed_data(s: Situation) -> bool:
    """The number was submitted, but the data are not in the database."""
    return not s[REGISTERED] and s[NUMBER_SUBMITTED]


@plugin.remedy(
    "ask-for-attestation",
    "組合員資格証明書を所属所に依頼する",
    "ask the clerk of the office for an attestation",
)
def ask_for_attestation(s: Situation) -> bool:
    """Nothing else is at hand yet, or the visit cannot wait.

    It may be refused, and nothing comes of it: whoever can do no more than this falls through all the same.
    """
    return not s[CARD_WORKS]


@plugin.remedy(
    "apply-for-certificate",
    "資格確認書の交付を申請する",
    "apply for a certificate",
    brings={REQUEST: DAY_ASKED},
)
def apply_for_certificate(s: Situation) -> bool:
    """A lost, lapsed or departed card gives a claim only on application."""
    return not s[REQUESTED] and (s[card_lost] or s[EXPIRED] or s[departed])


@plugin.remedy(
    "apply-after-return",
    "カード返納後に交付を申請する",
    "apply for a certificate after giving the card back",
    brings={REQUEST: DAY_ASKED},
)
def apply_after_return(s: Situation) -> bool:
    """A card given back gives a claim only on application."""
    return s[card_returned] and not s[REQUESTED]


# --- until when documents are valid, and how long data take to show; the figures are each policy's


plugin.validity(
    "certificate-term",
    "資格確認書の有効期限",
    "term of a certificate",
    document=CERTIFICATE,
)
plugin.validity(
    "certificate-term-new-enrolment",
    "新規資格取得時の資格確認書の有効期限",
    "term of a new member's certificate",
    document=CERTIFICATE,
    purpose="new-enrolment",
)
plugin.validity(
    "certificate-term-card-lost",
    "カード紛失時の資格確認書の有効期限",
    "term of a certificate in place of a lost card",
    document=CERTIFICATE,
    purpose="card-lost",
)
plugin.validity(
    "certificate-term-short",
    "短期の資格確認書の有効期限",
    "term of a certificate for a short time",
    document=CERTIFICATE,
    purpose="short-term",
)
plugin.validity(
    "certificate-held",
    "交付済みの資格確認書の有効期限",
    "end printed on a certificate that is held",
    document=CERTIFICATE,
    purpose="held",
)
plugin.validity(
    "old-card-term",
    "組合員証の有効期限",
    "last day of an old card",
    document=HEALTH_INSURANCE_CARD,
)
plugin.validity(
    "old-card-held",
    "交付済みの組合員証の有効期限",
    "last day of an old card that is held",
    document=HEALTH_INSURANCE_CARD,
    purpose="held",
)
plugin.validity(
    "notice-term",
    "お知らせの有効期限",
    "term of a notice",
    document=NOTICE,
)
plugin.validity(
    "notice-held",
    "交付済みのお知らせの有効期限",
    "term of a notice that is held",
    document=NOTICE,
    purpose="held",
)
plugin.validity(
    "attestation-term",
    "組合員資格証明書の有効期限",
    "term of a membership attestation",
    document=ATTESTATION,
)
plugin.validity(
    "card-term",
    "マイナ保険証の利用期限",
    "how long the card serves after its electronic certificate expired",
    document=MY_NUMBER_INSURANCE_CARD,
)

plugin.latency(
    "number-submission",
    "個人番号の提出から反映まで",
    "from submitting the number until the data show",
    process="number-submission",
    counts_from="number_submitted_on",
)
plugin.latency(
    "registration-deadline",
    "支部での登録期限",
    "until when the branch has to register an enrolment",
    process="registration-deadline",
    counts_from="enrolled_on",
)
plugin.latency(
    "deregistration-effect",
    "解除申請の受付から解除まで",
    "from receiving an application to deregister until it takes effect",
    process="deregistration",
    counts_from="deregistration_received_on",
)
plugin.latency(
    "notice-delivery",
    "お知らせが届くまで",
    "until a notice arrives",
    process="notice-delivery",
)


# --- what members show at an institution


EVERYWHERE = tuple(At)
CARD_AND_NOTICE = (MY_NUMBER_CARD, NOTICE)
CARD_AND_PORTAL = (MY_NUMBER_CARD, PORTAL_SCREEN)


def _works_with_notice(s: Situation) -> bool:
    return s[CARD_WORKS] and s[NOTICE.valid]


def _works_with_portal(s: Situation) -> bool:
    """Those whose disclosure is restricted cannot open the portal."""
    return s[CARD_WORKS] and not s[DISCLOSURE]


@plugin.presents(
    "show-card",
    "マイナ保険証を読み取り",
    "the card, read",
    at=(At.EQUIPPED,),
    shows=(MY_NUMBER_INSURANCE_CARD,),
)
def show_card(s: Situation) -> bool:
    """A card that works, where there is a reader."""
    return s[CARD_WORKS]


@plugin.presents(
    "show-card-and-notice",
    "カードと資格情報のお知らせ（機器のない医療機関）",
    "card and notice, where there is no reader",
    at=(At.UNEQUIPPED,),
    shows=CARD_AND_NOTICE,
)
def show_card_and_notice(s: Situation) -> bool:
    """The notice says what no reader can read; alone it never serves."""
    return _works_with_notice(s)


@plugin.presents(
    "show-card-and-portal",
    "カードと資格情報画面（機器のない医療機関）",
    "card and portal screen, where there is no reader",
    at=(At.UNEQUIPPED,),
    shows=CARD_AND_PORTAL,
)
def show_card_and_portal(s: Situation) -> bool:
    """The portal's screen in place of the notice."""
    return _works_with_portal(s)


@plugin.presents(
    "show-card-and-notice-reader-failed",
    "カードと資格情報のお知らせ（読み取り不可）",
    "card and notice, when the reader fails",
    at=(At.READER_FAILED,),
    shows=CARD_AND_NOTICE,
)
def show_card_and_notice_reader_failed(s: Situation) -> bool:
    """The same when a reader is out of order."""
    return _works_with_notice(s)


@plugin.presents(
    "show-card-and-portal-reader-failed",
    "カードと資格情報画面（読み取り不可）",
    "card and portal screen, when the reader fails",
    at=(At.READER_FAILED,),
    shows=CARD_AND_PORTAL,
)
def show_card_and_portal_reader_failed(s: Situation) -> bool:
    """The same when a reader is out of order."""
    return _works_with_portal(s)


@plugin.presents(
    "show-certificate",
    "資格確認書",
    "certificate",
    at=EVERYWHERE,
    shows=(CERTIFICATE,),
)
def show_certificate(s: Situation) -> bool:
    """A certificate within its term."""
    return s[CERTIFICATE.shown]


@plugin.presents(
    "show-old-card",
    "組合員証・被扶養者証",
    "old card",
    at=EVERYWHERE,
    shows=(HEALTH_INSURANCE_CARD,),
)
def show_old_card(s: Situation) -> bool:
    """An old card that still serves."""
    return s[OLD_CARD_SHOWN]


@plugin.presents(
    "show-smartphone",
    "スマートフォンのマイナ保険証",
    "the card on a smartphone",
    at=(At.EQUIPPED,),
    shows=(SMARTPHONE,),
    uncertain=True,
)
def show_smartphone(s: Situation) -> bool:
    """Only institutions that are ready for it take it; the card behind it has to work."""
    return s[CARD_WORKS]


@plugin.presents(
    "show-attestation",
    "組合員資格証明書",
    "membership attestation",
    at=EVERYWHERE,
    shows=(ATTESTATION,),
    uncertain=True,
)
def show_attestation(_: Situation) -> bool:
    """It binds no institution; any member can ask the clerk for one."""
    return True


# --- what happens to documents that have served. Of several rules the first in a policy's order counts


@plugin.return_(
    "old-card-lost-eligibility",
    "経過措置期間内に資格を喪失した方の組合員証",
    "old card of one whose membership ended while old cards served",
    document=HEALTH_INSURANCE_CARD,
    action=Action.RETURN,
)
def old_card_lost_eligibility(s: Situation) -> bool:
    """The day of the loss decides, not the day of its filing."""
    return s[MEMBERSHIP_OVER] and s.at(TRANSITION_LAST_DAY)[MEMBERSHIP_OVER]


@plugin.return_(
    "old-card-destroyed",
    "使えなくなった組合員証",
    "old card that no longer serves",
    document=HEALTH_INSURANCE_CARD,
    action=Action.DESTROY,
)
def old_card_destroyed(s: Situation) -> bool:
    """After the transition the holder destroys it."""
    return not s[IN_TRANSITION]


@plugin.return_(
    "old-card-announced-later",
    "経過措置終了後の組合員証",
    "old card after the transition",
    document=HEALTH_INSURANCE_CARD,
    action=Action.NOT_STATED,
)
def old_card_announced_later(s: Situation) -> bool:
    """What happens to it is to be announced."""
    return not s[IN_TRANSITION]


@plugin.return_(
    "expired-certificate-destroyed",
    "期限切れの資格確認書",
    "expired certificate",
    document=CERTIFICATE,
    action=Action.DESTROY,
)
def expired_certificate_destroyed(s: Situation) -> bool:
    """An expired certificate need not come back; the holder destroys it."""
    return s[CERTIFICATE.expired]


@plugin.return_(
    "certificate-lost-eligibility",
    "資格を喪失した方の資格確認書",
    "certificate of one whose membership ended",
    document=CERTIFICATE,
    action=Action.RETURN,
)
def certificate_lost_eligibility(s: Situation) -> bool:
    """It goes back as the old card did."""
    return s[MEMBERSHIP_OVER]


@plugin.return_(
    "notice-lost-eligibility",
    "資格を喪失した方のお知らせ",
    "notice of one whose membership ended",
    document=NOTICE,
    action=Action.KEEP,
)
def notice_lost_eligibility(s: Situation) -> bool:
    """A notice need not come back."""
    return s[MEMBERSHIP_OVER]
