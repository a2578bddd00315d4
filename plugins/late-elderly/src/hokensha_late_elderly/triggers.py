"""When certificates, notices and the last health insurance cards fall due, and what a member does first."""

from __future__ import annotations

from hokensha.declare import remedy, trigger
from hokensha.features import Sequence
from hokensha.rules import Document, Met, Remedy, Trigger
from hokensha.situation import Situation
from hokensha.standard import (
    CARD,
    CARD_WORKS,
    OLD_CARD_GIVEN,
    VALID_CERTIFICATE,
    VALID_OLD_CARD,
    Card,
    deregistered,
    deregistration_pending,
)
from hokensha_late_elderly.seen import (
    APPLIED,
    BY_ITSELF,
    DETAILS_CHANGED_SINCE,
    ENROLMENT,
    FOLLOWS_JULY,
    JULY_FIRST,
    OLD_CARDS_OVER,
    OLD_CARDS_SERVE,
    PROVISIONAL,
    REISSUE_REQUESTED_SINCE,
    RELIES_ON_CARD,
    Enrolment,
    provisional_after_old_cards,
)


@trigger(
    "application",
    "資格確認書の交付申請",
    "application for a certificate",
    cites=("004-04", "004-08", "004-29", "004-30"),
    document=Document.CERTIFICATE,
    met=Met.SINCE,
    event="certificate_requested_on",
)
def application(s: Situation) -> bool:
    """A member with any ground applied; not answered while an old card is in hand, which serves as well."""
    return s[APPLIED] and not s[VALID_OLD_CARD]


@trigger(
    "provisional-reissue",
    "暫定運用中の再交付申請",
    "reissue applied for in the provisional operation",
    cites=("004-17", "004-28"),
    document=Document.CERTIFICATE,
    met=Met.SINCE,
    event="reissue_requested_on",
)
def provisional_reissue(s: Situation) -> bool:
    """A lost card or certificate is replaced by a certificate, whatever the My Number card does."""
    return s[PROVISIONAL] and s[REISSUE_REQUESTED_SINCE] is Sequence.SINCE and not s[FOLLOWS_JULY]


@trigger(
    "provisional-changed-details",
    "暫定運用中の券面情報の変更",
    "printed details changed in the provisional operation",
    cites=("004-02", "004-17", "004-28"),
    document=Document.CERTIFICATE,
    met=Met.SINCE,
    event="details_changed_on",
)
def provisional_changed_details(s: Situation) -> bool:
    """A changed name or burden ratio brings a certificate, even to one whose old card has not ended."""
    return s[PROVISIONAL] and s[DETAILS_CHANGED_SINCE] is Sequence.SINCE and not s[FOLLOWS_JULY]


@trigger(
    "provisional-enrolment",
    "暫定運用中の資格取得",
    "enrolled in the provisional operation",
    cites=("004-02", "004-17", "004-28"),
    document=Document.CERTIFICATE,
)
def provisional_enrolment(s: Situation) -> bool:
    """Everyone who joins gets a certificate, whatever the My Number card does."""
    return s[PROVISIONAL] and s[ENROLMENT] is Enrolment.PROVISIONAL and not s[VALID_OLD_CARD]


@trigger(
    "card-for-earlier-joiners",
    "廃止前に加入した方への健康保険証",
    "old card for those who joined before the abolition",
    cites=("004-16",),
    document=Document.HEALTH_INSURANCE_CARD,
)
def card_for_earlier_joiners(s: Situation) -> bool:
    """Who joined in the last year of cards is still sent one; earlier members had theirs in summer.

    A reissue or a change since the abolition is answered by a certificate, not by a card as well.
    """
    joined = s[OLD_CARDS_SERVE] and s[ENROLMENT] is Enrolment.LAST_CARD_YEAR
    if not joined or s[OLD_CARD_GIVEN] or s[VALID_CERTIFICATE]:
        return False
    return not (s[REISSUE_REQUESTED_SINCE] is Sequence.SINCE or s[DETAILS_CHANGED_SINCE] is Sequence.SINCE)


@trigger(
    "provisional-card-ended",
    "暫定運用中に健康保険証が使えなくなった方",
    "old card no longer serves in the provisional operation",
    cites=("004-02", "004-28"),
    document=Document.CERTIFICATE,
)
def provisional_card_ended(s: Situation) -> bool:
    """A member of old without a valid card gets a certificate, unless a card is still on its way."""
    of_old = s[PROVISIONAL] and s[ENROLMENT] in (Enrolment.EARLIER, Enrolment.LAST_CARD_YEAR)
    return of_old and not s[VALID_OLD_CARD] and not s[card_for_earlier_joiners]


@trigger(
    "july-certificate",
    "7月の一斉送付：資格確認書",
    "July sending: certificate",
    cites=("004-25",),
    document=Document.CERTIFICATE,
    met=Met.VALID_AFTER_LOSS,
    loss=OLD_CARDS_OVER,
)
def july_certificate(s: Situation) -> bool:
    """Before the old cards end, a certificate goes to each holder without a My Number insurance card.

    It goes to all holders, if the provisional operation outlasts the cards.
    """
    if not s[VALID_OLD_CARD]:
        return False
    return provisional_after_old_cards(s) or s[BY_ITSELF] or s[APPLIED] or not s[CARD_WORKS]


@trigger(
    "deregistration",
    "利用登録の解除",
    "registration for insurance use ended",
    cites=("004-07",),
    document=Document.CERTIFICATE,
)
def deregistration(s: Situation) -> bool:
    """Once the application to deregister has arrived, unless an old card serves."""
    return not s[VALID_OLD_CARD] and (s[deregistered] or s[deregistration_pending])


@trigger(
    "without-application",
    "マイナ保険証を利用できない方等への職権交付",
    "certificate without an application",
    cites=("004-03", "004-23", "004-24", "004-29"),
    document=Document.CERTIFICATE,
)
def without_application(s: Situation) -> bool:
    """After the provisional operation: to the seven classes."""
    return not s[PROVISIONAL] and s[BY_ITSELF]


@trigger(
    "july-notice",
    "7月の一斉送付：資格情報のお知らせ",
    "July sending: notice",
    cites=("004-25", "004-35"),
    document=Document.NOTICE,
    met=Met.SINCE,
    event=JULY_FIRST,
)
def july_notice(s: Situation) -> bool:
    """Before the old cards end, a notice goes to each holder who relies on the My Number insurance card."""
    return s[VALID_OLD_CARD] and not provisional_after_old_cards(s) and s[RELIES_ON_CARD]


@trigger(
    "notice-on-enrolment",
    "加入時の資格情報のお知らせ",
    "notice on joining",
    cites=("004-18", "004-35"),
    document=Document.NOTICE,
    met=Met.SINCE,
    event="enrolled_on",
)
def notice_on_enrolment(s: Situation) -> bool:
    """Who joins after the provisional operation and relies on the card is sent a notice."""
    return not s[PROVISIONAL] and s[ENROLMENT] is Enrolment.LATER and s[RELIES_ON_CARD]


@trigger(
    "notice",
    "資格情報のお知らせ",
    "notice",
    cites=("004-23", "004-35"),
    document=Document.NOTICE,
    met=Met.SINCE,
    event=JULY_FIRST,
)
def notice(s: Situation) -> bool:
    """After the provisional operation, earlier members who rely on the card and had no notice yet."""
    return not s[PROVISIONAL] and s[RELIES_ON_CARD] and s[ENROLMENT] is not Enrolment.LATER


@remedy(
    "apply-for-certificate",
    "市町村の窓口で資格確認書の交付を申請",
    "apply for a certificate at the municipality",
    cites=("004-04", "004-08"),
)
def apply_for_certificate(s: Situation) -> bool:
    """While a lost card is replaced, or a card renewed, a certificate comes on application only."""
    return s[CARD] is Card.LOST or s[CARD] is Card.RENEWING


TRIGGERS: tuple[Trigger | Remedy, ...] = (
    application,
    provisional_reissue,
    provisional_changed_details,
    provisional_enrolment,
    provisional_card_ended,
    card_for_earlier_joiners,
    july_certificate,
    deregistration,
    without_application,
    july_notice,
    notice_on_enrolment,
    notice,
    apply_for_certificate,
)
