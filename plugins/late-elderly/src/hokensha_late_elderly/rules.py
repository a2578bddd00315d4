"""Who is covered as late elderly, what falls due, until when it is valid, what serves."""

from __future__ import annotations

from hokensha import DAY_ASKED, Plugin
from hokensha.features import Sequence, Situation
from hokensha.rules import CARD_WORKS, At, Yearly
from hokensha_late_elderly.features import (
    APPLIED,
    APPLIED_ONCE,
    BY_ITSELF,
    CHANGE_ANSWERED,
    CHANGE_PENDING,
    DETAILS_CHANGED_SINCE,
    DISABILITY,
    ENROLMENT,
    FROM_65,
    JULY_FIRST,
    JULY_HOLDER,
    NOTICES_COUNT_FROM,
    OLD_CARD_SHOWN,
    OLD_CARDS_SERVE,
    PROVISIONAL,
    REISSUE_ANSWERED,
    REISSUE_PENDING,
    REISSUE_REQUESTED_SINCE,
    RELIES_ON_CARD,
    REQUEST_ANSWERED,
    Enrolment,
    provisional_after_old_cards,
)
from hokensha_standard import (
    CARD,
    CERTIFICATE,
    DECLARATION,
    DETAILS_CHANGED,
    DISCLOSURE,
    HEALTH_INSURANCE_CARD,
    LATE_ELDERLY,
    MY_NUMBER_CARD,
    MY_NUMBER_INSURANCE_CARD,
    NOTICE,
    PORTAL_SCREEN,
    REISSUE_REQUESTED,
    Card,
    assistance_needed,
    card_lost,
    card_renewing,
    deregistered,
    deregistration_pending,
    disclosure_restricted,
    standard,
)

plugin = Plugin()
plugin.use(standard)
plugin.add(assistance_needed, disclosure_restricted)
plugin.add(
    ENROLMENT,
    PROVISIONAL,
    OLD_CARDS_SERVE,
    DISABILITY,
    FROM_65,
    DETAILS_CHANGED_SINCE,
    REISSUE_REQUESTED_SINCE,
    REQUEST_ANSWERED,
    CHANGE_ANSWERED,
    OLD_CARD_SHOWN,
    REISSUE_ANSWERED,
    REISSUE_PENDING,
    CHANGE_PENDING,
    JULY_HOLDER,
    APPLIED_ONCE,
    BY_ITSELF,
    APPLIED,
    RELIES_ON_CARD,
)


# --- who is in the scheme of the late elderly, and on which grounds the card cannot be relied on


@plugin.scheme(
    "of-age",
    "75歳以上、又は障害認定を受けた65歳以上",
    "75 or over, or 65 or over with a recognised disability",
)
def of_age(s: Situation) -> bool:
    """Covered from the 75th birthday itself, with a recognised disability from the 65th."""
    return s[LATE_ELDERLY] or (s[FROM_65] and s[DISABILITY])


@plugin.ground(
    "not-of-age",
    "75歳未満で障害認定による加入でもない",
    "not 75 yet, and not covered for a disability",
)
def not_of_age(s: Situation) -> bool:
    """Too young to be covered: somebody else insures the member."""
    return not s[of_age]


# --- when certificates, notices and the last health insurance cards fall due, and what a member does first


@plugin.trigger(
    "application",
    "資格確認書の交付申請",
    "application for a certificate",
    document=CERTIFICATE,
    met_since="certificate_requested_on",
)
def application(s: Situation) -> bool:
    """A member with any ground applied; not answered while an old card is in hand, which serves as well."""
    return s[APPLIED] and not s[OLD_CARD_SHOWN]


@plugin.trigger(
    "provisional-reissue",
    "暫定運用中の再交付申請",
    "reissue applied for in the provisional operation",
    document=CERTIFICATE,
    met_since="reissue_requested_on",
)
def provisional_reissue(s: Situation) -> bool:
    """A lost card or certificate is replaced by a certificate, whatever the My Number card does."""
    return s[PROVISIONAL] and s[REISSUE_REQUESTED_SINCE] is Sequence.SINCE


@plugin.trigger(
    "provisional-changed-details",
    "暫定運用中の券面情報の変更",
    "printed details changed in the provisional operation",
    document=CERTIFICATE,
    met_since="details_changed_on",
)
def provisional_changed_details(s: Situation) -> bool:
    """A changed name or burden ratio brings a certificate, even to one whose old card has not ended."""
    return s[PROVISIONAL] and s[DETAILS_CHANGED_SINCE] is Sequence.SINCE


@plugin.trigger(
    "reissue",
    "資格確認書の再交付",
    "reissue of a certificate",
    document=CERTIFICATE,
    met_since="reissue_requested_on",
)
def reissue(s: Situation) -> bool:
    """A certificate given before was lost; the provisional operation has a rule of its own for that."""
    if not (s[REISSUE_REQUESTED] and s[CERTIFICATE.given]):
        return False
    return not (s[PROVISIONAL] and s[REISSUE_REQUESTED_SINCE] is Sequence.SINCE)


@plugin.trigger(
    "changed-details",
    "券面情報の変更",
    "printed details changed",
    document=CERTIFICATE,
    met_since="details_changed_on",
)
def changed_details(s: Situation) -> bool:
    """After the provisional operation: the details printed on a certificate that serves have changed."""
    return not s[PROVISIONAL] and s[DETAILS_CHANGED] and s[CERTIFICATE.valid]


@plugin.trigger(
    "provisional-enrolment",
    "暫定運用中の資格取得",
    "enrolled in the provisional operation",
    document=CERTIFICATE,
)
def provisional_enrolment(s: Situation) -> bool:
    """Everyone who joins gets a certificate, whatever the My Number card does."""
    return s[PROVISIONAL] and s[ENROLMENT] is Enrolment.PROVISIONAL and not s[HEALTH_INSURANCE_CARD.valid]


@plugin.trigger(
    "card-for-earlier-joiners",
    "廃止前に加入した方への健康保険証",
    "old card for those who joined before the abolition",
    document=HEALTH_INSURANCE_CARD,
)
def card_for_earlier_joiners(s: Situation) -> bool:
    """Who joined in the last year of cards is still sent one; earlier members had theirs in summer.

    A reissue or a change since the abolition is answered by a certificate, not by a card as well.
    """
    joined = s[OLD_CARDS_SERVE] and s[ENROLMENT] is Enrolment.LAST_CARD_YEAR
    if not joined or s[HEALTH_INSURANCE_CARD.given] or s[CERTIFICATE.valid]:
        return False
    return not (s[REISSUE_REQUESTED_SINCE] is Sequence.SINCE or s[DETAILS_CHANGED_SINCE] is Sequence.SINCE)


@plugin.trigger(
    "provisional-card-ended",
    "暫定運用中に健康保険証が使えなくなった方",
    "old card no longer serves in the provisional operation",
    document=CERTIFICATE,
)
def provisional_card_ended(s: Situation) -> bool:
    """A member of old without a valid card gets a certificate, unless a card is still on its way."""
    of_old = s[PROVISIONAL] and s[ENROLMENT] in (Enrolment.EARLIER, Enrolment.LAST_CARD_YEAR)
    return of_old and not s[HEALTH_INSURANCE_CARD.valid] and not s[card_for_earlier_joiners]


@plugin.trigger(
    "july-certificate",
    "7月の一斉送付：資格確認書",
    "July sending: certificate",
    document=CERTIFICATE,
    met_after="health-insurance-card-transition-end",
)
def july_certificate(s: Situation) -> bool:
    """Before the old cards end, a certificate goes to each holder without a My Number insurance card.

    It goes to all holders, if the provisional operation outlasts the cards. With a reissue or changed details
    pending a member is no such holder, and is owed the certificate of the provisional operation.
    """
    if not s[JULY_HOLDER]:
        return False
    return provisional_after_old_cards(s) or s[BY_ITSELF] or s[APPLIED] or not s[CARD_WORKS]


@plugin.trigger(
    "deregistration",
    "利用登録の解除",
    "registration for insurance use ended",
    document=CERTIFICATE,
)
def deregistration(s: Situation) -> bool:
    """Once the application to deregister has arrived, unless an old card serves."""
    return not s[OLD_CARD_SHOWN] and (s[deregistered] or s[deregistration_pending])


@plugin.trigger(
    "without-application",
    "マイナ保険証を利用できない方等への職権交付",
    "certificate without an application",
    document=CERTIFICATE,
)
def without_application(s: Situation) -> bool:
    """After the provisional operation: to the seven classes."""
    return not s[PROVISIONAL] and s[BY_ITSELF]


@plugin.trigger(
    "july-renewal",
    "毎年7月の一斉更新",
    "renewal in July of every year",
    document=CERTIFICATE,
    yearly=Yearly("07-01", "07-31"),
)
def july_renewal(s: Situation) -> bool:
    """Whoever gets a certificate without applying, and whoever has an application to be answered."""
    return s[BY_ITSELF] or (s[APPLIED] and s[REQUEST_ANSWERED] is not Sequence.SINCE)


@plugin.trigger(
    "july-notice",
    "7月の一斉送付：資格情報のお知らせ",
    "July sending: notice",
    document=NOTICE,
    met_since=JULY_FIRST,
)
def july_notice(s: Situation) -> bool:
    """Before the old cards end, a notice goes to each holder who relies on the My Number insurance card."""
    return s[JULY_HOLDER] and not provisional_after_old_cards(s) and s[RELIES_ON_CARD]


@plugin.trigger(
    "notice-on-enrolment",
    "加入時の資格情報のお知らせ",
    "notice on joining",
    document=NOTICE,
    met_since="enrolled_on",
)
def notice_on_enrolment(s: Situation) -> bool:
    """Who joins after the provisional operation and relies on the card is sent a notice."""
    return not s[PROVISIONAL] and s[ENROLMENT] is Enrolment.LATER and s[RELIES_ON_CARD]


@plugin.trigger(
    "notice",
    "資格情報のお知らせ",
    "notice",
    document=NOTICE,
    met_since=NOTICES_COUNT_FROM,
)
def notice(s: Situation) -> bool:
    """After the provisional operation, earlier members who rely on the card and had no notice yet."""
    return not s[PROVISIONAL] and s[RELIES_ON_CARD] and s[ENROLMENT] is not Enrolment.LATER


@plugin.remedy(
    "apply-for-certificate",
    "市町村の窓口で資格確認書の交付を申請",
    "apply for a certificate at the municipality",
    brings={"certificate_requested_on": DAY_ASKED},
)
def apply_for_certificate(s: Situation) -> bool:
    """While a lost card is replaced, or a card renewed, a certificate comes on application only."""
    return s[card_lost] or s[card_renewing]


# --- until when documents are valid, and how long data take to show


plugin.validity(
    "certificate-validity",
    "資格確認書の有効期限",
    "validity of a certificate",
    document=CERTIFICATE,
)
plugin.validity(
    "certificate-validity-renewal",
    "一斉更新の資格確認書の有効期限",
    "validity of a certificate that is sent ahead of the next year",
    document=CERTIFICATE,
    purpose="renewal",
)
plugin.validity(
    "certificate-held",
    "所持する資格確認書の有効期限",
    "end of a certificate that is held",
    document=CERTIFICATE,
    purpose="held",
)
plugin.validity(
    "health-insurance-card-validity",
    "健康保険証の有効期限",
    "validity of the last health insurance cards",
    document=HEALTH_INSURANCE_CARD,
)
plugin.validity(
    "health-insurance-card-held",
    "所持する健康保険証の有効期限",
    "end of a health insurance card that is held",
    document=HEALTH_INSURANCE_CARD,
    purpose="held",
)
plugin.validity(
    "my-number-insurance-card-validity",
    "電子証明書の期限後にマイナ保険証を使える最終日",
    "last day of the My Number insurance card after its electronic certificate ended",
    document=MY_NUMBER_INSURANCE_CARD,
)

plugin.latency(
    "enrolment-reflection",
    "加入からマイナ保険証の情報更新まで",
    "from joining to the data behind the card",
    process="enrolment",
)


# --- what serves at an institution: with a reader, without one, and when the card cannot be checked


EVERYWHERE = tuple(At)
NO_CHECK = (At.READER_FAILED, At.CHECK_FAILED)
"""The card was presented, and eligibility could not be confirmed by it."""
CARD_SHOWN = MY_NUMBER_CARD


@plugin.presents(
    "show-insurance-card",
    "マイナ保険証",
    "the My Number insurance card",
    at=(At.EQUIPPED,),
    shows=(MY_NUMBER_INSURANCE_CARD,),
)
def show_insurance_card(s: Situation) -> bool:
    """The card works."""
    return s[CARD_WORKS]


@plugin.presents(
    "show-health-insurance-card",
    "健康保険証",
    "the old health insurance card",
    at=EVERYWHERE,
    shows=(HEALTH_INSURANCE_CARD,),
)
def show_health_insurance_card(s: Situation) -> bool:
    """An old card serves to its end."""
    return s[OLD_CARD_SHOWN]


@plugin.presents(
    "show-certificate",
    "資格確認書",
    "the eligibility certificate",
    at=EVERYWHERE,
    shows=(CERTIFICATE,),
)
def show_certificate(s: Situation) -> bool:
    """A certificate serves to its end."""
    return s[CERTIFICATE.shown]


@plugin.presents(
    "show-card-and-notice",
    "マイナンバーカードと資格情報のお知らせ",
    "card and notice",
    at=(At.UNEQUIPPED,),
    shows=(CARD_SHOWN, NOTICE),
)
def show_card_and_notice(s: Situation) -> bool:
    """Where no reader is, after the provisional operation: whoever relies on the card shows both."""
    return not s[PROVISIONAL] and s[CARD_WORKS] and s[NOTICE.valid]


@plugin.presents(
    "show-card-and-portal",
    "マイナンバーカードとマイナポータルの資格情報画面",
    "card and portal screen",
    at=(At.UNEQUIPPED,),
    shows=(CARD_SHOWN, PORTAL_SCREEN),
)
def show_card_and_portal(s: Situation) -> bool:
    """The same with the portal's screen, which those under protection cannot see."""
    return not s[PROVISIONAL] and s[CARD_WORKS] and not s[DISCLOSURE]


@plugin.presents(
    "failed-card-and-portal",
    "確認できないとき：マイナンバーカードとマイナポータルの資格情報画面",
    "when the check fails: card and portal screen",
    at=NO_CHECK,
    shows=(CARD_SHOWN, PORTAL_SCREEN),
)
def failed_card_and_portal(s: Situation) -> bool:
    """The first way out when the card could not be checked."""
    return s[CARD] is Card.HELD and not s[DISCLOSURE]


@plugin.presents(
    "failed-card-and-notice",
    "確認できないとき：マイナンバーカードと資格情報のお知らせ",
    "when the check fails: card and notice",
    at=NO_CHECK,
    shows=(CARD_SHOWN, NOTICE),
)
def failed_card_and_notice(s: Situation) -> bool:
    """The second, once old cards are abolished."""
    return s[CARD] is Card.HELD and s[NOTICE.valid]


@plugin.presents(
    "failed-card-and-declaration",
    "確認できないとき：マイナンバーカードと被保険者資格申立書",
    "when the check fails: card and declaration",
    at=NO_CHECK,
    shows=(CARD_SHOWN, DECLARATION),
)
def failed_card_and_declaration(s: Situation) -> bool:
    """The last: a declaration filled in at the institution."""
    return s[CARD] is Card.HELD
