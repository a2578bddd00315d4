"""What the rules for the late elderly see of a member, beyond what all insurers share."""

from __future__ import annotations

from hokensha.features import Band, Order, Sequence, Situation, Value, derived, flag, reached, within
from hokensha.rules import ANY_GROUND, AUTOMATIC_GROUND, CARD_WORKS
from hokensha.text import Label
from hokensha_standard import (
    APPLIED_BEFORE,
    CARD,
    CERTIFICATE,
    DISCLOSURE,
    HEALTH_INSURANCE_CARD,
    NEEDS_ASSISTANCE,
    REQUESTED,
    Card,
    deregistered,
    deregistration_pending,
    not_registered,
)

OLD_CARDS_OVER = "first-day-without-old-cards"
"""Figure: the first day on which no health insurance card serves any more."""
JULY_FIRST = "july-sending-first-day"
"""Figure: the first day of the sending that takes the place of the cards which end that July."""
PROVISIONAL_FIRST = "provisional-first-day"
"""Figure: the first day of the provisional operation."""


class Enrolment(Value):
    """In which time of the transition the enrolment falls."""

    NOT_YET = "not-yet"
    EARLIER = "earlier"
    """Before the last year of cards: that year's card has been sent long since."""
    LAST_CARD_YEAR = "last-card-year"
    """In the last year of cards, before they were abolished."""
    PROVISIONAL = "provisional"
    """In the provisional operation: everyone who joins gets a certificate."""
    LATER = "later"


ENROLMENT = Band(
    "enrolment-time",
    Label("資格取得の時期", "time of enrolment"),
    tuple(Enrolment),
    "enrolled_on",
    (
        (Enrolment.EARLIER, "previous-card-year-last-day"),
        (Enrolment.LAST_CARD_YEAR, "last-day-of-new-cards"),
        (Enrolment.PROVISIONAL, "provisional-last-day"),
    ),
    Enrolment.LATER,
    Enrolment.NOT_YET,
)
PROVISIONAL = within("provisional-last-day", "暫定運用の期間内", "provisional operation not over")
OLD_CARDS_SERVE = within(
    "health-insurance-card-transition-end", "健康保険証の経過措置期間内", "old cards still serve"
)
JULY_BEGUN = reached(JULY_FIRST, "7月の一斉送付が開始", "the July sending has begun")
DISABILITY = flag(
    "disability-recognised", "disability_recognised", "障害認定あり", "disability recognised by the union"
)
FROM_65 = reached("disability-from", "65歳到達", "65 reached")
DETAILS_CHANGED_SINCE = Order(
    "details-changed-since",
    Label(
        "暫定運用開始以後の券面情報の変更", "printed details changed since the provisional operation began"
    ),
    tuple(Sequence),
    "details_changed_on",
    PROVISIONAL_FIRST,
)
REISSUE_REQUESTED_SINCE = Order(
    "reissue-requested-since",
    Label("暫定運用開始以後の再交付申請", "reissue applied for since the provisional operation began"),
    tuple(Sequence),
    "reissue_requested_on",
    PROVISIONAL_FIRST,
)


@derived("certificate-by-itself", "申請によらない交付対象者", "gets a certificate without applying")
def BY_ITSELF(s: Situation) -> bool:  # noqa: N802 - a feature, named like the others
    """One of the seven classes.

    A card that is being renewed brings none by having expired (that is for those who did not ask for the
    renewal), and a member who needs a helper applies the first time only.
    """
    if s[AUTOMATIC_GROUND] and (
        s[CARD] is not Card.RENEWING
        or s[DISCLOSURE]
        or s[not_registered]
        or s[deregistered]
        or s[deregistration_pending]
    ):
        return True
    return s[NEEDS_ASSISTANCE] and s[APPLIED_BEFORE]


@derived("applied", "交付事由があり申請した方", "applied for a certificate, with a ground")
def APPLIED(s: Situation) -> bool:  # noqa: N802
    """An application was made, and a ground holds on which it is answered."""
    return s[REQUESTED] and s[ANY_GROUND]


@derived("relies-on-card", "マイナ保険証のみに頼る方", "relies on the My Number insurance card alone")
def RELIES_ON_CARD(s: Situation) -> bool:  # noqa: N802
    """The card works, and the member neither has nor gets a certificate: such members get the notice."""
    return s[CARD_WORKS] and not (s[BY_ITSELF] or s[APPLIED] or s[CERTIFICATE.valid])


@derived("follows-july", "7月の一斉送付の対象", "served by the July sending")
def FOLLOWS_JULY(s: Situation) -> bool:  # noqa: N802
    """In that July those who hold a valid old card follow the sending alone."""
    return s[JULY_BEGUN] and s[HEALTH_INSURANCE_CARD.valid]


def provisional_after_old_cards(s: Situation) -> bool:
    """Whether the provisional operation outlasts the old cards: then all their holders get certificates."""
    return s.at(OLD_CARDS_OVER)[PROVISIONAL]
