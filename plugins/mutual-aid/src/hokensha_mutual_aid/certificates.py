"""When an eligibility certificate falls due. Whether one was given, or is due yet, the core judges."""

from __future__ import annotations

from hokensha.declare import trigger
from hokensha.features import Sequence
from hokensha.rules import Document, Met, Trigger
from hokensha.situation import Situation
from hokensha.standard import (
    ANY_GROUND,
    AUTOMATIC_GROUND,
    CERTIFICATE_ISSUED,
    HAS_REGISTERED_CARD,
    IN_SCHEME,
    OLD_CARD_GIVEN,
    OVERSEAS_CARD,
    REGISTERED,
    REISSUE_REQUESTED,
    REQUESTED,
    VALID_CERTIFICATE,
    VALID_OLD_CARD,
    card_expired,
    card_lost,
    card_renewing,
    card_returned,
    deregistered,
    electronic_certificate_expired,
    no_card,
    not_registered,
    registration_failed,
)
from hokensha_mutual_aid.seen import (
    CERTIFICATE_SINCE_ENROLMENT,
    DEPARTURE_PLANNED,
    DEREGISTERING,
    ENROLLED_IN,
    EXPIRED,
    EXPIRED_BEFORE_REGISTRATION,
    PROCESSED_IN,
    REGISTERED_IN,
    UNREGISTERED,
    Era,
)

REQUEST, REISSUE = "certificate_requested_on", "reissue_requested_on"
MASS_CARD_AS_OF, MASS_CERTIFICATE_AS_OF = "mass-card-as-of", "mass-certificate-as-of"
"""Figures: the days as of which a mass issuance looks at the card, and at certificates given."""


# --- on application


@trigger(
    "application",
    "資格確認書の交付申請",
    "application by one who cannot rely on the card",
    cites=("001-13",),
    document=Document.CERTIFICATE,
    met=Met.SINCE,
    event=REQUEST,
)
def application(s: Situation) -> bool:
    """Whoever has a ground and applied."""
    return s[REQUESTED] and s[ANY_GROUND]


@trigger(
    "application-for-lost-card",
    "カード紛失・電子証明書失効による交付申請",
    "application while the card is lost or has lapsed",
    cites=("000-17", "000-20"),
    document=Document.CERTIFICATE,
    met=Met.SINCE,
    event=REQUEST,
)
def application_for_lost_card(s: Situation) -> bool:
    """The card is lost, or its electronic certificate or own term is over, and a certificate is asked for."""
    return s[REQUESTED] and (s[card_lost.feature] or s[EXPIRED])


@trigger(
    "application-before-departure",
    "国外転出前の交付申請",
    "application before a departure on which the card lapses",
    cites=("000-22",),
    document=Document.CERTIFICATE,
    met=Met.SINCE,
    event=REQUEST,
)
def application_before_departure(s: Situation) -> bool:
    """A departure is planned, the card was not switched for it, and a certificate is asked for."""
    return s[REQUESTED] and s[DEPARTURE_PLANNED] and not s[OVERSEAS_CARD]


@trigger(
    "application-after-return",
    "カード返納後の交付申請",
    "application after the card was given back",
    cites=("002-15",),
    document=Document.CERTIFICATE,
    met=Met.SINCE,
    event=REQUEST,
)
def application_after_return(s: Situation) -> bool:
    """The card was given back to the municipality, and a certificate is asked for."""
    return s[REQUESTED] and s[card_returned.feature]


@trigger(
    "reissue",
    "資格確認書の再交付",
    "reissue of a certificate",
    cites=("001-11", "002-20"),
    document=Document.CERTIFICATE,
    met=Met.SINCE,
    event=REISSUE,
)
def reissue(s: Situation) -> bool:
    """A certificate was given once, and another is asked for in its place."""
    return s[REISSUE_REQUESTED] and s[CERTIFICATE_ISSUED]


@trigger(
    "deregistration-on-receipt",
    "解除申請書の受付時の交付",
    "handed over when the application to deregister is received",
    cites=("002-16",),
    document=Document.CERTIFICATE,
)
def deregistration_on_receipt(s: Situation) -> bool:
    """The application to deregister is the application for the certificate."""
    return s[DEREGISTERING]


@trigger(
    "deregistration-without-old-card",
    "利用登録の解除申請（有効な旧証なし）",
    "deregistration of one without a valid old card",
    cites=("000-21",),
    document=Document.CERTIFICATE,
)
def deregistration_without_old_card(s: Situation) -> bool:
    """After the application to deregister, unless an old card still serves."""
    return s[DEREGISTERING] and not s[VALID_OLD_CARD]


# --- to new members


@trigger(
    "enrolment-without-card",
    "新規加入（マイナ保険証なし）",
    "new enrolment without a My Number insurance card",
    cites=("000-04",),
    document=Document.CERTIFICATE,
)
def enrolment_without_card(s: Situation) -> bool:
    """The enrolment procedure was done since old cards ended; the day of the procedure counts."""
    return s[PROCESSED_IN] is Era.CERTIFICATES and s[AUTOMATIC_GROUND]


@trigger(
    "enrolment-unregistered",
    "新規加入（利用登録なし）",
    "new member without a registration for insurance use",
    cites=("002-10", "002-17"),
    document=Document.CERTIFICATE,
)
def enrolment_unregistered(s: Situation) -> bool:
    """A new member, newborn children included, who declares to have no registered card."""
    return s[ENROLLED_IN] is Era.CERTIFICATES and s[UNREGISTERED]


@trigger(
    "temporary-for-enrolment",
    "新規資格取得時の短期の資格確認書",
    "short certificate for every new member",
    cites=("000-10",),
    document=Document.CERTIFICATE,
)
def temporary_for_enrolment(s: Situation) -> bool:
    """Every new member, with a card or not, until the data show; once they do, no other one."""
    bridged = s[CERTIFICATE_SINCE_ENROLMENT] is Sequence.SINCE and s[REGISTERED]
    return s[ENROLLED_IN] is Era.CERTIFICATES and not bridged


# --- in the transition from old cards


@trigger(
    "transition-without-card",
    "旧証保有者への交付（マイナ保険証なし）",
    "to holders of old cards without a My Number insurance card",
    cites=("000-03",),
    document=Document.CERTIFICATE,
)
def transition_without_card(s: Situation) -> bool:
    """Holders of old cards, and all others who joined while old cards were issued."""
    return s[AUTOMATIC_GROUND] and (s[OLD_CARD_GIVEN] or s[PROCESSED_IN] is Era.OLD_CARDS)


@trigger(
    "mass-issuance",
    "一斉交付",
    "mass issuance to holders of old cards",
    cites=("001-16",),
    document=Document.CERTIFICATE,
)
def mass_issuance(s: Situation) -> bool:
    """Holders of valid old cards with a ground on the day."""
    return s[VALID_OLD_CARD] and s[AUTOMATIC_GROUND]


@trigger(
    "mass-issuance-as-of",
    "一斉交付（基準日あり）",
    "mass issuance by what held on two earlier days",
    cites=("002-19",),
    document=Document.CERTIFICATE,
)
def mass_issuance_as_of(s: Situation) -> bool:
    """Members whose card did not work on one day, and who had no certificate on another."""
    then = s.at(MASS_CARD_AS_OF)
    return (
        then[IN_SCHEME]
        and any(then[ground.feature] for ground in _KEEPS_CARD_FROM_WORKING)
        and not s.at(MASS_CERTIFICATE_AS_OF)[VALID_CERTIFICATE]
    )


_KEEPS_CARD_FROM_WORKING = (
    no_card,
    card_returned,
    card_lost,
    card_renewing,
    not_registered,
    deregistered,
    electronic_certificate_expired,
    card_expired,
    registration_failed,
)
"""What a mass issuance counts; a number that was never submitted is no reason of this kind."""


# --- on a ground


@trigger(
    "ground-without-old-card",
    "マイナ保険証を使えない状況（有効な旧証なし）",
    "a ground, and no valid old card",
    cites=("001-09", "001-12"),
    document=Document.CERTIFICATE,
)
def ground_without_old_card(s: Situation) -> bool:
    """Any ground that needs no application, once no old card serves."""
    return s[AUTOMATIC_GROUND] and not s[VALID_OLD_CARD]


@trigger(
    "unregistered-without-old-card",
    "利用登録なし（有効な旧証なし）",
    "no registration for insurance use, and no valid old card",
    cites=("002-09",),
    document=Document.CERTIFICATE,
)
def unregistered_without_old_card(s: Situation) -> bool:
    """Earlier members without a registered card, once no old card serves."""
    return s[ENROLLED_IN] is Era.OLD_CARDS and s[UNREGISTERED] and not s[VALID_OLD_CARD]


@trigger(
    "expiring",
    "期限切れによる職権交付",
    "in the month before an expired card stops working",
    cites=("002-08", "002-11", "002-12"),
    document=Document.CERTIFICATE,
    met=Met.VALID_AFTER_LOSS,
    loss="first-unusable-day",
)
def expiring(s: Situation) -> bool:
    """A registered card that the database knows, and that worked when the database learnt of it."""
    return s[HAS_REGISTERED_CARD] and s[REGISTERED] and not s[EXPIRED_BEFORE_REGISTRATION]


@trigger(
    "after-registration-failure",
    "登録時システムエラーによる職権交付",
    "a system error keeps the member out of the database",
    cites=("002-11", "002-13"),
    document=Document.CERTIFICATE,
)
def after_registration_failure(s: Situation) -> bool:
    """The error stands, and the data are still not in the database."""
    return s[registration_failed.feature]


@trigger(
    "found-unusable",
    "番号登録後に利用不可を確認した職権交付",
    "found unusable once the number was registered",
    cites=("002-11", "002-14"),
    document=Document.CERTIFICATE,
)
def found_unusable(s: Situation) -> bool:
    """Registered of late, and then seen: an expired card, or an earlier member without a registered one."""
    seen_late = s[REGISTERED_IN] is Era.CERTIFICATES
    expired = s[HAS_REGISTERED_CARD] and s[EXPIRED] and s[EXPIRED_BEFORE_REGISTRATION]
    earlier = s[ENROLLED_IN] is Era.OLD_CARDS and s[UNREGISTERED]
    return seen_late and (expired or earlier)


CERTIFICATES: tuple[Trigger, ...] = (
    application,
    application_for_lost_card,
    application_before_departure,
    application_after_return,
    reissue,
    deregistration_on_receipt,
    deregistration_without_old_card,
    enrolment_without_card,
    enrolment_unregistered,
    temporary_for_enrolment,
    transition_without_card,
    mass_issuance,
    mass_issuance_as_of,
    ground_without_old_card,
    unregistered_without_old_card,
    expiring,
    after_registration_failure,
    found_unusable,
)
