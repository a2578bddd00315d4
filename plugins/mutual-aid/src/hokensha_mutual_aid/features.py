"""What the rules of mutual aid associations look at, beyond what all insurers share."""

from __future__ import annotations

from hokensha.features import Band, Order, Sequence, Situation, Value, derived, known, within
from hokensha.text import Label
from hokensha_standard import (
    DEREGISTRATION_RECEIVED,
    HAS_CARD,
    HEALTH_INSURANCE_CARD,
    LATE_ELDERLY,
    LEFT,
    USE,
    InsuranceUse,
    card_expired,
    deregistered,
    deregistration_pending,
    electronic_certificate_expired,
)

OLD_CARDS_LAST_DAY = "old-cards-last-day"
"""Figure: the last day on which old cards were still issued."""
TRANSITION_LAST_DAY = "transition-last-day"
"""Figure: the last day on which old cards serve."""


class Era(Value):
    """When something happened: while old cards were still issued, or since they are not."""

    NOT_YET = "not-yet", "まだない", "not yet"
    OLD_CARDS = "old-cards", "健康保険証の交付があった時期", "while old cards were issued"
    CERTIFICATES = "certificates", "健康保険証の廃止以後", "since old cards were abolished"


def _era(fact: str, ja: str, en: str) -> Band[Era]:
    bands = ((Era.OLD_CARDS, OLD_CARDS_LAST_DAY),)
    return Band(f"era-of:{fact}", Label(ja, en), tuple(Era), fact, bands, Era.CERTIFICATES, Era.NOT_YET)


ENROLLED_IN = _era("enrolled_on", "資格取得の時期", "era of the enrolment")
PROCESSED_IN = _era("enrolment_processed_on", "加入手続の時期", "era of the enrolment procedure")
CHANGED_IN = _era("details_changed_on", "券面情報変更の時期", "era of the changed details")
REGISTERED_IN = _era("registered_on", "データベース登録の時期", "era of the registration in the database")

REISSUED_IN = _era("reissue_requested_on", "再交付申請の時期", "era of the reissue applied for")

IN_TRANSITION = within(TRANSITION_LAST_DAY, "経過措置期間内", "old cards still serve")
ELECTRONIC_CERTIFICATE_TERM = within(
    "electronic_certificate_expires_on",
    "電子証明書の有効期限内",
    "electronic certificate within its own term",
)
NUMBER_SUBMITTED = known(
    "number-submitted", "number_submitted_on", "個人番号を提出済み", "individual number submitted"
)
DEPARTURE_PLANNED = known(
    "departure-planned", "departs_japan_on", "国外転出の予定あり", "departure from Japan is planned"
)
CERTIFICATE_SINCE_ENROLMENT = Order(
    "certificate-since-enrolment",
    Label("資格取得以後の資格確認書交付", "certificate issued since the enrolment"),
    tuple(Sequence),
    "eligibility_certificate_issued_on",
    "enrolled_on",
)
REGISTERED_AFTER_ELECTRONIC_CERTIFICATE = Order(
    "registered-after-electronic-certificate",
    Label("電子証明書による利用終了後の登録", "registered once the electronic certificate no longer served"),
    tuple(Sequence),
    "registered_on",
    "electronic-certificate-first-unusable-day",
)
REGISTERED_AFTER_CARD = Order(
    "registered-after-card",
    Label("カード期限による利用終了後の登録", "registered once the card's term no longer served"),
    tuple(Sequence),
    "registered_on",
    "my-number-card-first-unusable-day",
)


@derived("old-card-shown", "提示できる旧証を所持", "holds an old card that was not lost")
def OLD_CARD_SHOWN(s: Situation) -> bool:  # noqa: N802 - a feature, named like the others
    """What was applied for while old cards were issued was another old card: the one held."""
    if s[HEALTH_INSURANCE_CARD.shown]:
        return True
    return s[HEALTH_INSURANCE_CARD.valid] and s[REISSUED_IN] is not Era.CERTIFICATES


@derived("unregistered-by-own-account", "利用登録をしていない", "without a registration, by own account")
def UNREGISTERED(s: Situation) -> bool:  # noqa: N802
    """Without a registration, whatever the card's state; who deregistered elsewhere, before joining, too.

    Who applied to this insurer to deregister has a rule of that application.
    """
    if s[USE] is InsuranceUse.DEREGISTERED:
        return not s[DEREGISTRATION_RECEIVED]
    return s[USE] is InsuranceUse.UNREGISTERED


@derived("deregistration-applied", "利用登録の解除を申請した", "deregistered, or about to be, on application")
def DEREGISTERING(s: Situation) -> bool:  # noqa: N802
    """The insurer has the application, be it complete or not."""
    return s[DEREGISTRATION_RECEIVED] and (s[deregistration_pending] or s[deregistered])


@derived("expired", "カード又は電子証明書の期限切れ", "card or electronic certificate no longer serves")
def EXPIRED(s: Situation) -> bool:  # noqa: N802
    """One of the two terms is over, the insurer's grace included."""
    return s[electronic_certificate_expired] or s[card_expired]


@derived(
    "lapsed", "電子証明書の失効", "electronic certificate has lapsed, whether or not the card still works"
)
def LAPSED(s: Situation) -> bool:  # noqa: N802
    """Its own term is over; the insurer's grace is not looked at."""
    return s[HAS_CARD] and not s[ELECTRONIC_CERTIFICATE_TERM]


@derived("expired-before-registration", "登録時に期限切れ", "found expired when registered in the database")
def EXPIRED_BEFORE_REGISTRATION(s: Situation) -> bool:  # noqa: N802
    """The database could tell from the first day that the card does not work."""
    return (
        s[REGISTERED_AFTER_ELECTRONIC_CERTIFICATE] is Sequence.SINCE
        or s[REGISTERED_AFTER_CARD] is Sequence.SINCE
    )


@derived("membership-over", "資格喪失又は75歳到達", "membership is over")
def MEMBERSHIP_OVER(s: Situation) -> bool:  # noqa: N802
    """The day of loss has come, or the 75th birthday, which is one."""
    return s[LEFT] or s[LATE_ELDERLY]
