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
    """None was ever taken out."""
    HELD = "held"
    """It is in hand; whether its terms have passed is another matter."""
    RETURNED = "returned"
    """It was given back to the municipality."""
    LOST = "lost"
    """It is lost."""
    RENEWING = "renewing"
    """It is being renewed, and not in hand."""


class InsuranceUse(Value):
    """Registration of the card for use as a health insurance card (健康保険証利用登録)."""

    UNREGISTERED = "unregistered"
    """It never was registered."""
    REGISTERED = "registered"
    """It is registered."""
    DEREGISTERED = "deregistered"
    """The registration has been ended."""


class Relation(Value):
    """Whether a member is insured in his own right or as a dependent."""

    INSURED = "insured"
    """In his or her own right (被保険者, 組合員)."""
    DEPENDENT = "dependent"
    """As a dependent of somebody insured (被扶養者)."""


CARD = Coded(
    "my-number-card",
    Label("マイナンバーカードの状態", "state of the My Number card"),
    tuple(Card),
    "my_number_card",
)
"""Compare with the values of :class:`Card`. ``RENEWING`` is no ``HELD``: name both where both are meant."""
USE = Coded(
    "insurance-use", Label("利用登録", "registration for insurance use"), tuple(InsuranceUse), "insurance_use"
)
"""Compare with the values of :class:`InsuranceUse`. It says nothing of whether the card still serves."""
RELATION = Coded("relation", Label("続柄区分", "relation"), tuple(Relation), "relation")
"""Compare with the values of :class:`Relation`."""
CONTINUATION = flag("continuation", "continuation", "任意継続", "voluntary continuation")
"""Still insured, of one's own accord, after leaving the employer."""
NEEDS_ASSISTANCE = flag("needs-assistance", "needs_assistance", "要配慮者", "needs a helper's assistance")
"""For the ground take the rule :data:`assistance_needed`."""
APPLIED_BEFORE = flag(
    "assistance-applied-before",
    "assistance_applied_before",
    "要配慮者としての申請歴",
    "has applied on that ground before",
)
"""For sources by which only the first certificate on this ground needs an application."""
DISCLOSURE = flag("disclosure-restricted", "disclosure_restricted", "自己情報不開示", "disclosure restricted")
"""Own data are withheld for the member's protection: the portal shows nothing."""
FAILED = flag(
    "registration-failed", "registration_failed", "登録時システムエラー", "system error at registration"
)
"""Stays true once the data are in; the rule :data:`registration_failed` looks at both."""
OVERSEAS_CARD = flag("overseas-card", "overseas_card", "国外転出者向けカード", "card switched for use abroad")
"""The card goes on after departure. Read together with :data:`DEPARTED`."""

ENROLLED = reached("enrolled_on", "資格取得済み", "enrolled")
"""True from the day of enrolment on."""
LEFT = reached("left_on", "資格喪失済み", "eligibility lost")
"""True from the fact ``left_on`` on, and from nothing else. Somebody whose membership ends by a birthday or
after a number of years has no such day: for "no longer in the scheme, for whatever cause" take
``not s[UNTIL_SCHEME_ENDS]``."""
UNTIL_SCHEME_ENDS = within("scheme-last-day", "加入最終日以前", "on or before the last day in the scheme")
"""True up to the last day in the scheme, which the policy's figure makes of every cause: a loss, the 75th
birthday, the end of two years of voluntary continuation. True before enrolment, too."""
LATE_ELDERLY = reached("late-elderly-from", "75歳到達", "75 reached")
"""True from the day that the policy's figure gives, usually the 75th birthday."""
REGISTERED = known("registered", "registered_on", "データベース登録済み", "registered in the database")
"""The registration in the intermediary server has completed by the day asked."""
DEREGISTRATION_RECEIVED = known(
    "deregistration-received", "deregistration_received_on", "解除申請を受付", "deregistration applied for"
)
"""The application has arrived; whether it has taken effect is :data:`DEREGISTRATION_EFFECTIVE`."""
DEREGISTRATION_EFFECTIVE = reached(
    "deregistration-effective", "利用登録の解除が完了", "deregistration complete"
)
"""False where the policy's figure states no day: then nobody knows that it is complete."""
CERTIFICATE_CURRENT = within(
    "electronic-certificate-last-day", "電子証明書で利用可能", "electronic certificate still serves"
)
"""The insurer's time of grace is in the figure. True where there is no end: ask :data:`HAS_CARD` first."""
CARD_CURRENT = within("my-number-card-last-day", "カードの期限で利用可能", "card's own term still serves")
"""The same of the card's own term."""
DEPARTED = reached("departs_japan_on", "国外転出済み", "departed from Japan")
"""True from the planned day of departure on."""

REQUESTED = known(
    "certificate-requested", "certificate_requested_on", "資格確認書を申請", "certificate applied for"
)
"""By the day asked. There is one such day for a member: two kinds of application want a fact of their own."""
REISSUE_REQUESTED = known("reissue-requested", "reissue_requested_on", "再交付を申請", "reissue applied for")
"""By the day asked; a trigger for it wants ``met=Met.SINCE, event="reissue_requested_on"``."""
DETAILS_CHANGED = known(
    "details-changed", "details_changed_on", "券面情報の変更あり", "printed details changed"
)
"""By the day asked; a trigger for it wants ``met=Met.SINCE, event="details_changed_on"``."""

CERTIFICATE_ISSUED = known(
    "certificate-issued",
    "eligibility_certificate_issued_on",
    "資格確認書の交付あり",
    "certificate was issued",
)
"""At any time up to the day asked, even if it has expired or come back: it tells a first one from later ones.
For one that is with the member take :data:`HOLDS_CERTIFICATE`, for one that serves
:data:`VALID_CERTIFICATE`."""
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
"""At any time up to the day asked."""
OLD_CARD_GIVEN: Known = known(
    "health-insurance-card-given",
    "health_insurance_card_valid_until",
    "健康保険証の交付あり",
    "old card was given",
)
"""The member has had an old card, even if it has come back since."""
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
