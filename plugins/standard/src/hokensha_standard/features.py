"""Features that every kind of insurer shares.

Figures are named here and set by each policy. A dated fact's own name is a figure, too: its day as it is.
"""

from __future__ import annotations

from hokensha.features import Coded, Situation, Value, derived, flag, known, reached, within
from hokensha.rules import SCHEME_LAST_DAY
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
UNTIL_SCHEME_ENDS = within(SCHEME_LAST_DAY, "加入最終日以前", "on or before the last day in the scheme")
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
"""By the day asked; a trigger for it wants ``met_since="reissue_requested_on"``."""
DETAILS_CHANGED = known(
    "details-changed", "details_changed_on", "券面情報の変更あり", "printed details changed"
)
"""By the day asked; a trigger for it wants ``met_since="details_changed_on"``."""


@derived("has-card", "カードを取得済みで返納していない", "has a card that was not given back")
def HAS_CARD(s: Situation) -> bool:  # noqa: N802
    """A My Number card exists, be it lost or being renewed: only then do its expiries matter."""
    return s[CARD] is not Card.NONE and s[CARD] is not Card.RETURNED


@derived("has-registered-card", "マイナ保険証を保有", "has a My Number card registered for insurance use")
def HAS_REGISTERED_CARD(s: Situation) -> bool:  # noqa: N802
    """The member is a holder of a My Number insurance card, whether or not it works today."""
    return s[HAS_CARD] and s[USE] is InsuranceUse.REGISTERED


@derived("registered-card-in-hand", "登録済みのカードが手元にある", "the registered card is in hand")
def CARD_IN_HAND(s: Situation) -> bool:  # noqa: N802
    """Neither lost nor being renewed: what has to be so for it to work, whatever grounds a policy has."""
    return s[CARD] is Card.HELD and s[USE] is InsuranceUse.REGISTERED


FEATURES = (
    CARD,
    USE,
    RELATION,
    CONTINUATION,
    NEEDS_ASSISTANCE,
    APPLIED_BEFORE,
    DISCLOSURE,
    FAILED,
    OVERSEAS_CARD,
    ENROLLED,
    LEFT,
    UNTIL_SCHEME_ENDS,
    LATE_ELDERLY,
    REGISTERED,
    DEREGISTRATION_RECEIVED,
    DEREGISTRATION_EFFECTIVE,
    CERTIFICATE_CURRENT,
    CARD_CURRENT,
    DEPARTED,
    REQUESTED,
    REISSUE_REQUESTED,
    DETAILS_CHANGED,
    HAS_CARD,
    HAS_REGISTERED_CARD,
    CARD_IN_HAND,
)
"""All of them."""
