"""Features that every kind of insurer shares; they are public as part of :mod:`hokensha.standard`.

Figures are named here and set by each policy. A dated fact's own name is a figure, too: its day as it is.
"""

from __future__ import annotations

from hokensha.features import (
    BOOLEANS,
    Coded,
    Known,
    OfPolicy,
    Order,
    Sequence,
    Value,
    derived,
    flag,
    known,
    reached,
    within,
)
from hokensha.situation import Situation
from hokensha.text import Label


class Card(Value):
    """State of the My Number card."""

    NONE = "none"
    HELD = "held"
    RETURNED = "returned"
    LOST = "lost"
    RENEWING = "renewing"


class InsuranceUse(Value):
    """Registration of the card for use as a health insurance card (健康保険証利用登録)."""

    UNREGISTERED = "unregistered"
    REGISTERED = "registered"
    DEREGISTERED = "deregistered"


class Relation(Value):
    """Whether a member is insured in his own right or as a dependent."""

    INSURED = "insured"
    DEPENDENT = "dependent"


CARD = Coded(
    "my-number-card",
    Label("マイナンバーカードの状態", "state of the My Number card"),
    tuple(Card),
    "my_number_card",
)
USE = Coded(
    "insurance-use", Label("利用登録", "registration for insurance use"), tuple(InsuranceUse), "insurance_use"
)
RELATION = Coded("relation", Label("続柄区分", "relation"), tuple(Relation), "relation")
CONTINUATION = flag("continuation", "continuation", "任意継続", "voluntary continuation")
NEEDS_ASSISTANCE = flag("needs-assistance", "needs_assistance", "要配慮者", "needs a helper's assistance")
APPLIED_BEFORE = flag(
    "assistance-applied-before",
    "assistance_applied_before",
    "要配慮者としての申請歴",
    "has applied on that ground before",
)
DISCLOSURE = flag("disclosure-restricted", "disclosure_restricted", "自己情報不開示", "disclosure restricted")
FAILED = flag(
    "registration-failed", "registration_failed", "登録時システムエラー", "system error at registration"
)
OVERSEAS_CARD = flag("overseas-card", "overseas_card", "国外転出者向けカード", "card switched for use abroad")

ENROLLED = reached("enrolled_on", "資格取得済み", "enrolled")
LEFT = reached("left_on", "資格喪失済み", "eligibility lost")
UNTIL_SCHEME_ENDS = within("scheme-last-day", "加入最終日以前", "on or before the last day in the scheme")
LATE_ELDERLY = reached("late-elderly-from", "75歳到達", "75 reached")
REGISTERED = known("registered", "registered_on", "データベース登録済み", "registered in the database")
DEREGISTRATION_RECEIVED = known(
    "deregistration-received", "deregistration_received_on", "解除申請を受付", "deregistration applied for"
)
DEREGISTRATION_EFFECTIVE = reached(
    "deregistration-effective", "利用登録の解除が完了", "deregistration complete"
)
CERTIFICATE_CURRENT = within(
    "electronic-certificate-last-day", "電子証明書で利用可能", "electronic certificate still serves"
)
CARD_CURRENT = within("my-number-card-last-day", "カードの期限で利用可能", "card's own term still serves")
DEPARTED = reached("departs_japan_on", "国外転出済み", "departed from Japan")

REQUESTED = known(
    "certificate-requested", "certificate_requested_on", "資格確認書を申請", "certificate applied for"
)
REISSUE_REQUESTED = known("reissue-requested", "reissue_requested_on", "再交付を申請", "reissue applied for")
DETAILS_CHANGED = known(
    "details-changed", "details_changed_on", "券面情報の変更あり", "printed details changed"
)

CERTIFICATE_ISSUED = known(
    "certificate-issued",
    "eligibility_certificate_issued_on",
    "資格確認書の交付あり",
    "certificate was issued",
)
_CERTIFICATE_BACK = Order(
    "certificate-returned",
    Label("資格確認書の返却", "return of the certificate"),
    tuple(Sequence),
    "eligibility_certificate_returned_on",
    "eligibility_certificate_issued_on",
)
_CERTIFICATE_TERM = within(
    "eligibility_certificate_valid_until", "資格確認書の有効期限内", "certificate within its term"
)
NOTICE_ISSUED = known(
    "notice-issued", "eligibility_notice_issued_on", "お知らせの交付あり", "notice was issued"
)
OLD_CARD_GIVEN: Known = known(
    "health-insurance-card-given",
    "health_insurance_card_valid_until",
    "健康保険証の交付あり",
    "old card was given",
)
_OLD_CARD_BACK = known(
    "health-insurance-card-returned",
    "health_insurance_card_returned_on",
    "健康保険証を返却",
    "old card came back",
)
_OLD_CARD_TERM = within(
    "health-insurance-card-last-day", "健康保険証の有効期限内", "old card within its term"
)


IN_SCHEME = OfPolicy("in-scheme", Label("加入中", "in the scheme"), BOOLEANS)
"""Every scheme rule of the policy holds."""
AUTOMATIC_GROUND = OfPolicy(
    "automatic-ground", Label("職権交付の事由あり", "a ground that needs no application"), BOOLEANS
)
"""A ground holds that the policy claims ``ex-officio`` or ``unstated`` (its source does not say)."""
ANY_GROUND = OfPolicy("any-ground", Label("資格確認書の交付事由あり", "a ground for a certificate"), BOOLEANS)
"""A ground holds on which a certificate can be had, be it on application only."""


CARD_WORKS = OfPolicy(
    "card-works", Label("マイナ保険証が使える", "the My Number insurance card works"), BOOLEANS
)
"""In the scheme, and no ground stands that makes the card unusable."""


@derived("holds-certificate", "資格確認書を所持", "holds a certificate, valid or not")
def HOLDS_CERTIFICATE(s: Situation) -> bool:  # noqa: N802 - a feature, named like the others
    """A certificate was issued and has not come back since."""
    return s[CERTIFICATE_ISSUED] and s[_CERTIFICATE_BACK] is not Sequence.SINCE


@derived("valid-certificate", "有効な資格確認書を所持", "holds a valid certificate")
def VALID_CERTIFICATE(s: Situation) -> bool:  # noqa: N802
    """A certificate is held, and the day is not after its printed end (if it has one)."""
    return s[HOLDS_CERTIFICATE] and s[_CERTIFICATE_TERM]


@derived("expired-certificate", "期限切れの資格確認書を所持", "holds an expired certificate")
def EXPIRED_CERTIFICATE(s: Situation) -> bool:  # noqa: N802
    """A certificate is held whose printed end has passed."""
    return s[HOLDS_CERTIFICATE] and not s[_CERTIFICATE_TERM]


@derived("holds-health-insurance-card", "健康保険証を所持", "holds an old card, valid or not")
def HOLDS_OLD_CARD(s: Situation) -> bool:  # noqa: N802
    """An old health insurance card was given and has not come back."""
    return s[OLD_CARD_GIVEN] and not s[_OLD_CARD_BACK]


@derived("valid-health-insurance-card", "有効な健康保険証を所持", "holds a valid old card")
def VALID_OLD_CARD(s: Situation) -> bool:  # noqa: N802
    """An old card is held, and neither its own nor the policy's last day has passed."""
    return s[HOLDS_OLD_CARD] and s[_OLD_CARD_TERM]


@derived("has-card", "カードを取得済みで返納していない", "has a card that was not given back")
def HAS_CARD(s: Situation) -> bool:  # noqa: N802
    """A My Number card exists, be it lost or being renewed: only then do its expiries matter."""
    return s[CARD] is not Card.NONE and s[CARD] is not Card.RETURNED


@derived("has-registered-card", "マイナ保険証を保有", "has a My Number card registered for insurance use")
def HAS_REGISTERED_CARD(s: Situation) -> bool:  # noqa: N802
    """The member is a holder of a My Number insurance card, whether or not it works today."""
    return s[HAS_CARD] and s[USE] is InsuranceUse.REGISTERED
