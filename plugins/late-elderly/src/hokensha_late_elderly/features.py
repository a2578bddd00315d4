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
NOTICES_COUNT_FROM = "notices-count-from"
"""Figure: from which day on a notice counts as the one that takes the provisional operation's place."""
PROVISIONAL_FIRST = "provisional-first-day"
"""Figure: the first day of the provisional operation."""


class Enrolment(Value):
    """In which time of the transition the enrolment falls."""

    NOT_YET = "not-yet", "まだ加入していない", "not yet"
    EARLIER = "earlier", "健康保険証の最後の年度より前", "before the last year of old cards"
    """Before the last year of cards: that year's card has been sent long since."""
    LAST_CARD_YEAR = "last-card-year", "健康保険証の最後の年度", "in the last year of old cards"
    """In the last year of cards, before they were abolished."""
    PROVISIONAL = "provisional", "暫定運用の期間", "in the provisional operation"
    """In the provisional operation: everyone who joins gets a certificate."""
    LATER = "later", "暫定運用の後", "after the provisional operation"


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
DISABILITY = flag(
    "disability-recognised", "disability_recognised", "障害認定あり", "disability recognised by the union"
)
FROM_65 = reached("disability-from", "65歳到達", "65 reached")


def _order(id_: str, ja: str, en: str, fact: str, since: str) -> Order:
    return Order(id_, Label(ja, en), tuple(Sequence), fact, since)


DETAILS_CHANGED_SINCE = _order(
    "details-changed-since",
    "暫定運用開始以後の券面情報の変更",
    "printed details changed since the provisional operation began",
    "details_changed_on",
    PROVISIONAL_FIRST,
)
REISSUE_REQUESTED_SINCE = _order(
    "reissue-requested-since",
    "暫定運用開始以後の再交付申請",
    "reissue applied for since the provisional operation began",
    "reissue_requested_on",
    PROVISIONAL_FIRST,
)
REQUEST_ANSWERED = _order(
    "request-answered",
    "申請以後の資格確認書交付",
    "certificate issued since it was applied for",
    "eligibility_certificate_issued_on",
    "certificate_requested_on",
)
CHANGE_ANSWERED = _order(
    "change-answered",
    "変更以後の資格確認書交付",
    "certificate issued since details changed",
    "eligibility_certificate_issued_on",
    "details_changed_on",
)
REISSUE_ANSWERED = _order(
    "reissue-answered",
    "再交付申請以後の資格確認書交付",
    "certificate issued since a reissue was applied for",
    "eligibility_certificate_issued_on",
    "reissue_requested_on",
)


@derived("old-card-shown", "提示できる健康保険証を所持", "holds an old card that was not lost")
def OLD_CARD_SHOWN(s: Situation) -> bool:  # noqa: N802 - a feature, named like the others
    """What was applied for while cards were issued was another card: the one held."""
    if s[HEALTH_INSURANCE_CARD.shown]:
        return True
    return s[HEALTH_INSURANCE_CARD.valid] and s[REISSUE_REQUESTED_SINCE] is not Sequence.SINCE


@derived("reissue-pending", "再交付申請が未処理", "a reissue is pending")
def REISSUE_PENDING(s: Situation) -> bool:  # noqa: N802
    """Applied for since the provisional operation began, and no certificate issued since."""
    return s[REISSUE_REQUESTED_SINCE] is Sequence.SINCE and s[REISSUE_ANSWERED] is not Sequence.SINCE


@derived("change-pending", "券面情報の変更が未処理", "changed details are pending")
def CHANGE_PENDING(s: Situation) -> bool:  # noqa: N802
    """Changed since the provisional operation began, and no certificate issued since."""
    return s[DETAILS_CHANGED_SINCE] is Sequence.SINCE and s[CHANGE_ANSWERED] is not Sequence.SINCE


@derived("holds-old-card", "7月の一斉送付の対象", "a holder of an old card in the July sending")
def JULY_HOLDER(s: Situation) -> bool:  # noqa: N802
    """An old card that serves; who has lost it is no holder, nor is a changed one as printed."""
    return s[HEALTH_INSURANCE_CARD.valid] and not (s[REISSUE_PENDING] or s[CHANGE_PENDING])


@derived("applied-once", "要配慮者として申請し交付済み", "has applied once for needing assistance")
def APPLIED_ONCE(s: Situation) -> bool:  # noqa: N802
    """As the fact says, or by an application that was answered."""
    return s[NEEDS_ASSISTANCE] and (s[APPLIED_BEFORE] or s[REQUEST_ANSWERED] is Sequence.SINCE)


@derived("certificate-by-itself", "申請によらない交付対象者", "gets a certificate without applying")
def BY_ITSELF(s: Situation) -> bool:  # noqa: N802
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
    return s[APPLIED_ONCE]


@derived("applied", "交付事由があり申請した方", "applied for a certificate, with a ground")
def APPLIED(s: Situation) -> bool:  # noqa: N802
    """An application was made, and a ground holds on which it is answered."""
    return s[REQUESTED] and s[ANY_GROUND]


@derived("relies-on-card", "マイナ保険証のみに頼る方", "relies on the My Number insurance card alone")
def RELIES_ON_CARD(s: Situation) -> bool:  # noqa: N802
    """The card works, and the member neither has nor gets a certificate: such members get the notice."""
    return s[CARD_WORKS] and not (s[BY_ITSELF] or s[APPLIED] or s[CERTIFICATE.valid])


def provisional_after_old_cards(s: Situation) -> bool:
    """Whether the provisional operation outlasts the old cards: then all their holders get certificates."""
    return s.at(OLD_CARDS_OVER)[PROVISIONAL]
