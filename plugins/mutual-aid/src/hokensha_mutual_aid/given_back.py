"""What happens to documents that have served. Of several rules the first in a policy's order counts."""

from __future__ import annotations

from hokensha.declare import returns
from hokensha.rules import Action, Document, Return
from hokensha.situation import Situation
from hokensha.standard import EXPIRED_CERTIFICATE
from hokensha_mutual_aid.seen import IN_TRANSITION, MEMBERSHIP_OVER, TRANSITION_LAST_DAY


@returns(
    "old-card-lost-eligibility",
    "経過措置期間内に資格を喪失した方の組合員証",
    "old card of one whose membership ended while old cards served",
    cites=("002-05",),
    document=Document.HEALTH_INSURANCE_CARD,
    action=Action.RETURN,
)
def old_card_lost_eligibility(s: Situation) -> bool:
    """The day of the loss decides, not the day of its filing."""
    return s[MEMBERSHIP_OVER] and s.at(TRANSITION_LAST_DAY)[MEMBERSHIP_OVER]


@returns(
    "old-card-destroyed",
    "使えなくなった組合員証",
    "old card that no longer serves",
    cites=("002-04",),
    document=Document.HEALTH_INSURANCE_CARD,
    action=Action.DESTROY,
)
def old_card_destroyed(s: Situation) -> bool:
    """After the transition the holder destroys it."""
    return not s[IN_TRANSITION]


@returns(
    "old-card-announced-later",
    "経過措置終了後の組合員証",
    "old card after the transition",
    cites=("001-17",),
    document=Document.HEALTH_INSURANCE_CARD,
    action=Action.NOT_STATED,
)
def old_card_announced_later(s: Situation) -> bool:
    """What happens to it is to be announced."""
    return not s[IN_TRANSITION]


@returns(
    "expired-certificate-destroyed",
    "期限切れの資格確認書",
    "expired certificate",
    cites=("000-11",),
    document=Document.CERTIFICATE,
    action=Action.DESTROY,
)
def expired_certificate_destroyed(s: Situation) -> bool:
    """An expired certificate need not come back; the holder destroys it."""
    return s[EXPIRED_CERTIFICATE]


@returns(
    "certificate-lost-eligibility",
    "資格を喪失した方の資格確認書",
    "certificate of one whose membership ended",
    cites=("002-20",),
    document=Document.CERTIFICATE,
    action=Action.RETURN,
)
def certificate_lost_eligibility(s: Situation) -> bool:
    """It goes back as the old card did."""
    return s[MEMBERSHIP_OVER]


@returns(
    "notice-lost-eligibility",
    "資格を喪失した方のお知らせ",
    "notice of one whose membership ended",
    cites=("002-29",),
    document=Document.NOTICE,
    action=Action.KEEP,
)
def notice_lost_eligibility(s: Situation) -> bool:
    """A notice need not come back."""
    return s[MEMBERSHIP_OVER]


RETURNS: tuple[Return, ...] = (
    old_card_lost_eligibility,
    old_card_destroyed,
    old_card_announced_later,
    expired_certificate_destroyed,
    certificate_lost_eligibility,
    notice_lost_eligibility,
)
