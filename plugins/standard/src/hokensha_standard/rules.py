"""Rules that every kind of insurer shares, and what cannot be of any member."""

from __future__ import annotations

from hokensha import Plugin
from hokensha.facts import Before, Older
from hokensha.features import Situation, known
from hokensha_standard.documents import CERTIFICATE, DOCUMENTS, HEALTH_INSURANCE_CARD
from hokensha_standard.facts import FACTS
from hokensha_standard.features import (
    CARD,
    CARD_CURRENT,
    CERTIFICATE_CURRENT,
    DEPARTED,
    DEREGISTRATION_EFFECTIVE,
    DEREGISTRATION_RECEIVED,
    DISCLOSURE,
    ENROLLED,
    FAILED,
    FEATURES,
    HAS_CARD,
    LATE_ELDERLY,
    LEFT,
    NEEDS_ASSISTANCE,
    OVERSEAS_CARD,
    REGISTERED,
    REISSUE_REQUESTED,
    UNTIL_SCHEME_ENDS,
    USE,
    Card,
    InsuranceUse,
)

standard = Plugin()
"""What every kind of insurer shares."""
further = Plugin()
"""What some do: rules to be handed over one by one."""
standard.add(*FACTS, *FEATURES, *DOCUMENTS)
standard.groups({"continuation": ("continuation", True), "dependent": ("relation", "dependent")})


@standard.scheme("enrolled", "資格取得日以後", "from the day of enrolment")
def enrolled(s: Situation) -> bool:
    """In the scheme from the day of enrolment on."""
    return s[ENROLLED]


@standard.scheme("not-over", "加入最終日まで", "to the last day in the scheme")
def not_over(s: Situation) -> bool:
    """In the scheme to the policy's ``scheme-last-day``."""
    return s[UNTIL_SCHEME_ENDS]


@standard.ground("not-yet-enrolled", "資格取得前", "not enrolled yet")
def not_yet_enrolled(s: Situation) -> bool:
    """Before the day of enrolment."""
    return not s[ENROLLED]


@standard.ground("eligibility-lost", "資格喪失", "eligibility lost")
def eligibility_lost(s: Situation) -> bool:
    """The fact ``left_on`` has come; an end by age is another ground, such as :data:`late_elderly`."""
    return s[LEFT]


@further.ground(
    "late-elderly",
    "75歳到達により後期高齢者医療へ移行",
    "75 reached: covered by the late-elderly scheme",
)
def late_elderly(s: Situation) -> bool:
    """The 75th birthday has come."""
    return s[LATE_ELDERLY]


@standard.ground(
    "no-card",
    "マイナンバーカードを取得していない",
    "has no My Number card",
)
def no_card(s: Situation) -> bool:
    """No My Number card was ever taken out."""
    return s[CARD] is Card.NONE


@standard.ground(
    "card-returned",
    "マイナンバーカードを返納",
    "My Number card given back",
)
def card_returned(s: Situation) -> bool:
    """The My Number card was given back to the municipality."""
    return s[CARD] is Card.RETURNED


@standard.ground(
    "card-lost",
    "マイナンバーカードを紛失",
    "My Number card lost",
)
def card_lost(s: Situation) -> bool:
    """The My Number card is lost."""
    return s[CARD] is Card.LOST


@standard.ground(
    "card-renewing",
    "マイナンバーカードを更新中",
    "My Number card being renewed",
)
def card_renewing(s: Situation) -> bool:
    """The My Number card is being renewed."""
    return s[CARD] is Card.RENEWING


@standard.ground(
    "not-registered",
    "カードはあるが利用登録をしていない",
    "has a card that is not registered for insurance use",
)
def not_registered(s: Situation) -> bool:
    """There is a card, be it lost or being renewed, but it was not registered for insurance use."""
    return s[HAS_CARD] and s[USE] is InsuranceUse.UNREGISTERED


@standard.ground(
    "deregistered",
    "利用登録を解除した",
    "registration for insurance use ended",
)
def deregistered(s: Situation) -> bool:
    """The registration for insurance use has been ended."""
    return s[USE] is InsuranceUse.DEREGISTERED


@standard.ground(
    "deregistration-pending",
    "利用登録の解除を申請中",
    "deregistration applied for, not complete",
    unusable=False,
)
def deregistration_pending(s: Situation) -> bool:
    """The application to deregister has arrived, and is not known to have taken effect."""
    return (
        s[USE] is InsuranceUse.REGISTERED and s[DEREGISTRATION_RECEIVED] and not s[DEREGISTRATION_EFFECTIVE]
    )


@standard.ground(
    "electronic-certificate-expired",
    "電子証明書の有効期限切れ",
    "electronic certificate expired",
)
def electronic_certificate_expired(s: Situation) -> bool:
    """The electronic certificate no longer serves, the insurer's grace included."""
    return s[HAS_CARD] and not s[CERTIFICATE_CURRENT]


@standard.ground("card-expired", "マイナンバーカードの有効期限切れ", "My Number card expired")
def card_expired(s: Situation) -> bool:
    """The card's own term no longer serves, the insurer's grace included."""
    return s[HAS_CARD] and not s[CARD_CURRENT]


@standard.ground("departed", "国外転出によりカードが失効", "card lapsed on departure from Japan")
def departed(s: Situation) -> bool:
    """The planned day of departure has come, and the card was not switched for use abroad."""
    return s[HAS_CARD] and s[DEPARTED] and not s[OVERSEAS_CARD]


@standard.ground(
    "not-in-database",
    "データベースに未登録",
    "not registered in the database",
)
def not_in_database(s: Situation) -> bool:
    """The registration in the intermediary server has not completed."""
    return not s[REGISTERED]


@standard.ground("registration-failed", "登録時のシステムエラー", "system error at registration")
def registration_failed(s: Situation) -> bool:
    """A system error kept the data out of the database, and they are still not in it."""
    return s[FAILED] and not s[REGISTERED]


@further.ground(
    "assistance-needed",
    "要配慮者で介助者等の補助が必要",
    "needs a helper to use the card",
    unusable=False,
)
def assistance_needed(s: Situation) -> bool:
    """Visits with a helper, for whom the card is hard to use."""
    return s[NEEDS_ASSISTANCE]


@further.ground(
    "disclosure-restricted",
    "支援措置等により自己情報を閲覧できない",
    "own data withheld for the member's protection",
    unusable=False,
)
def disclosure_restricted(s: Situation) -> bool:
    """Under protection from an abuser: the portal shows nothing; whether the card works the insurer says."""
    return s[DISCLOSURE]


@further.trigger(
    "reissue",
    "資格確認書の再交付",
    "reissue of a certificate",
    document=CERTIFICATE,
    met_since="reissue_requested_on",
)
def reissue(s: Situation) -> bool:
    """A certificate was given once, and another is asked for in its place."""
    return s[REISSUE_REQUESTED] and s[CERTIFICATE.given]


# --- facts that cannot stand together: only what is impossible, never what is merely odd

standard.refuses(
    "enrolled-before-birth",
    "出生前の資格取得",
    "enrolled before birth",
    form=Before("enrolled_on", "birth_date"),
)
standard.refuses(
    "left-before-enrolment",
    "資格取得前の資格喪失",
    "left before enrolment",
    form=Before("left_on", "enrolled_on"),
)
standard.refuses(
    "too-old",
    "130歳を超える生年月日",
    "born more than 130 years ago",
    form=Older("birth_date", 130),
)

# --- what may stand in a roll, and shows nothing

_CERTIFICATE_BACK = known(
    "certificate-came-back", "eligibility_certificate_returned_on", "返却あり", "a certificate came back"
)
_OLD_CARD_BACK = known(
    "old-card-came-back", "health_insurance_card_returned_on", "返却あり", "an old card came back"
)


@standard.unlikely(
    "registered-without-card", "カードなしの利用登録", "registered for insurance use without a card"
)
def registered_without_card(s: Situation) -> bool:
    """A card that was never taken out has been registered."""
    return s[CARD] is Card.NONE and s[USE] is not InsuranceUse.UNREGISTERED


@standard.unlikely(
    "return-without-certificate",
    "交付のない資格確認書の返却",
    "return of a certificate never issued",
)
def return_without_certificate(s: Situation) -> bool:
    """The return of a certificate that was never issued."""
    return not s[CERTIFICATE.given] and s[_CERTIFICATE_BACK]


@standard.unlikely(
    "return-without-old-card", "交付のない健康保険証の返却", "return of an old card never given"
)
def return_without_old_card(s: Situation) -> bool:
    """The return of an old card that was never given."""
    return not s[HEALTH_INSURANCE_CARD.given] and s[_OLD_CARD_BACK]


SCHEME = (enrolled, not_over)
"""Who is in the scheme, as every kind of insurer has it; a kind may add rules of its own."""
GROUNDS = (
    not_yet_enrolled,
    eligibility_lost,
    no_card,
    card_returned,
    card_lost,
    card_renewing,
    not_registered,
    deregistered,
    deregistration_pending,
    electronic_certificate_expired,
    card_expired,
    departed,
    not_in_database,
    registration_failed,
)
"""Grounds of every kind of insurer; further ones, such as ``late_elderly``, are of some."""
