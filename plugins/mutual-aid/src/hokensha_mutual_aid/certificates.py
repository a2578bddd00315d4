"""When an eligibility certificate falls due without an application, and who is a new member.

Whether one was given, or is due yet, the core judges.
"""

from __future__ import annotations

from hokensha.declare import trigger
from hokensha.features import Sequence
from hokensha.rules import Document, Met, Trigger
from hokensha.situation import Situation
from hokensha.standard import (
    AUTOMATIC_GROUND,
    HAS_REGISTERED_CARD,
    IN_SCHEME,
    OLD_CARD_GIVEN,
    REGISTERED,
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
    ENROLLED_IN,
    EXPIRED,
    EXPIRED_BEFORE_REGISTRATION,
    NUMBER_SUBMITTED,
    PROCESSED_IN,
    REGISTERED_IN,
    UNREGISTERED,
    Era,
)

MASS_CARD_AS_OF, MASS_CERTIFICATE_AS_OF = "mass-card-as-of", "mass-certificate-as-of"
"""Figures: the days as of which a mass issuance looks at the card, and at certificates given."""


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
    if s[ENROLLED_IN] is not Era.CERTIFICATES:
        return False
    bridged = s[CERTIFICATE_SINCE_ENROLMENT] is Sequence.SINCE and s[REGISTERED]
    return not bridged


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
    if s.at(MASS_CERTIFICATE_AS_OF)[VALID_CERTIFICATE] or not then[IN_SCHEME]:
        return False
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
    in_database = s[HAS_REGISTERED_CARD] and s[REGISTERED] and s[NUMBER_SUBMITTED]
    return in_database and not s[EXPIRED_BEFORE_REGISTRATION]


@trigger(
    "after-registration-failure",
    "登録時システムエラーによる職権交付",
    "a system error keeps the member out of the database",
    cites=("002-11", "002-13"),
    document=Document.CERTIFICATE,
)
def after_registration_failure(s: Situation) -> bool:
    """The error stands, and the data are still not in the database."""
    return s[registration_failed]


@trigger(
    "found-unusable",
    "番号登録後に利用不可を確認した職権交付",
    "found unusable once the number was registered",
    cites=("002-11", "002-14"),
    document=Document.CERTIFICATE,
)
def found_unusable(s: Situation) -> bool:
    """Registered of late, and then seen: an expired card, or an earlier member without a registered one."""
    seen_late = s[REGISTERED_IN] is Era.CERTIFICATES and s[NUMBER_SUBMITTED]
    if seen_late and s[HAS_REGISTERED_CARD]:
        return s[EXPIRED] and s[EXPIRED_BEFORE_REGISTRATION]
    return seen_late and s[ENROLLED_IN] is Era.OLD_CARDS and s[UNREGISTERED]


CERTIFICATES: tuple[Trigger, ...] = (
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
