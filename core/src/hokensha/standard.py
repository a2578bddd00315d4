"""Features and rules that every kind of insurer shares; plugins hand them on and add their own.

The features stand in a module of their own, and are public here, beside the rules made of them.
"""

from __future__ import annotations

from hokensha.declare import ground, scheme
from hokensha.situation import Situation
from hokensha.standard_features import *  # noqa: F403 - one public module for both
from hokensha.standard_features import (
    CARD,
    CARD_CURRENT,
    CERTIFICATE_CURRENT,
    DEPARTED,
    DEREGISTRATION_EFFECTIVE,
    DEREGISTRATION_RECEIVED,
    ENROLLED,
    FAILED,
    HAS_CARD,
    LATE_ELDERLY,
    LEFT,
    NEEDS_ASSISTANCE,
    OVERSEAS_CARD,
    REGISTERED,
    UNTIL_SCHEME_ENDS,
    USE,
    Card,
    InsuranceUse,
)

LAW = ("law",)
"""What rules cite that follow from law: a policy's own ``cites`` say where."""


@scheme("enrolled", "資格取得日以後", "from the day of enrolment", cites=LAW)
def enrolled(s: Situation) -> bool:
    """In the scheme from the day of enrolment on."""
    return s[ENROLLED]


@scheme("not-over", "加入最終日まで", "to the last day in the scheme", cites=LAW)
def not_over(s: Situation) -> bool:
    """In the scheme to the policy's ``scheme-last-day``."""
    return s[UNTIL_SCHEME_ENDS]


@ground("not-yet-enrolled", "資格取得前", "not enrolled yet", cites=LAW)
def not_yet_enrolled(s: Situation) -> bool:
    """Before the day of enrolment."""
    return not s[ENROLLED]


@ground("eligibility-lost", "資格喪失", "eligibility lost", cites=LAW)
def eligibility_lost(s: Situation) -> bool:
    """The fact ``left_on`` has come; an end by age is another ground, such as :data:`late_elderly`."""
    return s[LEFT]


@ground(
    "late-elderly",
    "75歳到達により後期高齢者医療へ移行",
    "75 reached: covered by the late-elderly scheme",
    cites=LAW,
)
def late_elderly(s: Situation) -> bool:
    """The 75th birthday has come."""
    return s[LATE_ELDERLY]


@ground(
    "no-card",
    "マイナンバーカードを取得していない",
    "has no My Number card",
    cites=("001-12", "003-02", "004-29"),
)
def no_card(s: Situation) -> bool:
    """No My Number card was ever taken out."""
    return s[CARD] is Card.NONE


@ground(
    "card-returned",
    "マイナンバーカードを返納",
    "My Number card given back",
    cites=("001-12", "002-15", "003-02", "004-29"),
)
def card_returned(s: Situation) -> bool:
    """The My Number card was given back to the municipality."""
    return s[CARD] is Card.RETURNED


@ground(
    "card-lost",
    "マイナンバーカードを紛失",
    "My Number card lost",
    cites=("000-17", "001-12", "003-02", "004-04"),
)
def card_lost(s: Situation) -> bool:
    """The My Number card is lost."""
    return s[CARD] is Card.LOST


@ground(
    "card-renewing",
    "マイナンバーカードを更新中",
    "My Number card being renewed",
    cites=("001-12", "003-02", "004-08"),
)
def card_renewing(s: Situation) -> bool:
    """The My Number card is being renewed."""
    return s[CARD] is Card.RENEWING


@ground(
    "not-registered",
    "カードはあるが利用登録をしていない",
    "has a card that is not registered for insurance use",
    cites=("001-12", "002-09", "003-02", "004-29"),
)
def not_registered(s: Situation) -> bool:
    """There is a card, be it lost or being renewed, but it was not registered for insurance use."""
    return s[HAS_CARD] and s[USE] is InsuranceUse.UNREGISTERED


@ground(
    "deregistered",
    "利用登録を解除した",
    "registration for insurance use ended",
    cites=("001-12", "002-16", "004-29"),
)
def deregistered(s: Situation) -> bool:
    """The registration for insurance use has been ended."""
    return s[USE] is InsuranceUse.DEREGISTERED


@ground(
    "deregistration-pending",
    "利用登録の解除を申請中",
    "deregistration applied for, not complete",
    cites=("003-02", "004-29"),
    unusable=False,
)
def deregistration_pending(s: Situation) -> bool:
    """The application to deregister has arrived, and is not known to have taken effect."""
    return (
        s[USE] is InsuranceUse.REGISTERED and s[DEREGISTRATION_RECEIVED] and not s[DEREGISTRATION_EFFECTIVE]
    )


@ground(
    "electronic-certificate-expired",
    "電子証明書の有効期限切れ",
    "electronic certificate expired",
    cites=("000-20", "001-12", "002-08", "003-02", "004-29"),
)
def electronic_certificate_expired(s: Situation) -> bool:
    """The electronic certificate no longer serves, the insurer's grace included."""
    return s[HAS_CARD] and not s[CERTIFICATE_CURRENT]


@ground(
    "card-expired", "マイナンバーカードの有効期限切れ", "My Number card expired", cites=("002-08", "004-29")
)
def card_expired(s: Situation) -> bool:
    """The card's own term no longer serves, the insurer's grace included."""
    return s[HAS_CARD] and not s[CARD_CURRENT]


@ground("departed", "国外転出によりカードが失効", "card lapsed on departure from Japan", cites=("000-22",))
def departed(s: Situation) -> bool:
    """The planned day of departure has come, and the card was not switched for use abroad."""
    return s[DEPARTED] and not s[OVERSEAS_CARD]


@ground(
    "not-in-database",
    "データベースに未登録",
    "not registered in the database",
    cites=("000-12", "001-18", "002-30"),
)
def not_in_database(s: Situation) -> bool:
    """The registration in the intermediary server has not completed."""
    return not s[REGISTERED]


@ground("registration-failed", "登録時のシステムエラー", "system error at registration", cites=("002-13",))
def registration_failed(s: Situation) -> bool:
    """A system error kept the data out of the database, and they are still not in it."""
    return s[FAILED] and not s[REGISTERED]


@ground(
    "assistance-needed",
    "要配慮者で介助者等の補助が必要",
    "needs a helper to use the card",
    cites=("001-12", "003-02"),
    unusable=False,
)
def assistance_needed(s: Situation) -> bool:
    """Visits with a helper, for whom the card is hard to use."""
    return s[NEEDS_ASSISTANCE]


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
"""Grounds of every kind of insurer; ``late_elderly`` and ``assistance_needed`` are of some."""
