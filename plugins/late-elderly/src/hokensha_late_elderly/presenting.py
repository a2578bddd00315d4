"""What serves at an institution: with a reader, without one, and when the card cannot be checked."""

from __future__ import annotations

from hokensha.declare import presents
from hokensha.rules import At, Document, Presentation
from hokensha.situation import Situation
from hokensha.standard import (
    CARD,
    CARD_WORKS,
    DISCLOSURE,
    NOTICE_ISSUED,
    VALID_CERTIFICATE,
    VALID_OLD_CARD,
    Card,
)
from hokensha_late_elderly.seen import PROVISIONAL

EVERYWHERE = tuple(At)
NO_CHECK = (At.READER_FAILED, At.CHECK_FAILED)
"""The card was presented, and eligibility could not be confirmed by it."""
CARD_SHOWN = Document.MY_NUMBER_CARD


@presents(
    "show-insurance-card",
    "マイナ保険証",
    "the My Number insurance card",
    cites=("004-13",),
    at=(At.EQUIPPED,),
    shows=(Document.MY_NUMBER_INSURANCE_CARD,),
)
def show_insurance_card(s: Situation) -> bool:
    """The card works."""
    return s[CARD_WORKS]


@presents(
    "show-health-insurance-card",
    "健康保険証",
    "the old health insurance card",
    cites=("004-02", "004-11", "004-19", "004-20", "004-22"),
    at=EVERYWHERE,
    shows=(Document.HEALTH_INSURANCE_CARD,),
)
def show_health_insurance_card(s: Situation) -> bool:
    """An old card serves to its end."""
    return s[VALID_OLD_CARD]


@presents(
    "show-certificate",
    "資格確認書",
    "the eligibility certificate",
    cites=("004-01", "004-02", "004-11", "004-20"),
    at=EVERYWHERE,
    shows=(Document.CERTIFICATE,),
)
def show_certificate(s: Situation) -> bool:
    """A certificate serves to its end."""
    return s[VALID_CERTIFICATE]


@presents(
    "show-card-and-notice",
    "マイナンバーカードと資格情報のお知らせ",
    "card and notice",
    cites=("004-11", "004-34"),
    at=(At.UNEQUIPPED,),
    shows=(CARD_SHOWN, Document.NOTICE),
)
def show_card_and_notice(s: Situation) -> bool:
    """Where no reader is, after the provisional operation: whoever relies on the card shows both."""
    return not s[PROVISIONAL] and s[CARD_WORKS] and s[NOTICE_ISSUED]


@presents(
    "show-card-and-portal",
    "マイナンバーカードとマイナポータルの資格情報画面",
    "card and portal screen",
    cites=("004-11", "004-21"),
    at=(At.UNEQUIPPED,),
    shows=(CARD_SHOWN, Document.PORTAL_SCREEN),
)
def show_card_and_portal(s: Situation) -> bool:
    """The same with the portal's screen, which those under protection cannot see."""
    return not s[PROVISIONAL] and s[CARD_WORKS] and not s[DISCLOSURE]


@presents(
    "failed-card-and-portal",
    "確認できないとき：マイナンバーカードとマイナポータルの資格情報画面",
    "when the check fails: card and portal screen",
    cites=("004-19", "004-21"),
    at=NO_CHECK,
    shows=(CARD_SHOWN, Document.PORTAL_SCREEN),
)
def failed_card_and_portal(s: Situation) -> bool:
    """The first way out when the card could not be checked."""
    return s[CARD] is Card.HELD and not s[DISCLOSURE]


@presents(
    "failed-card-and-notice",
    "確認できないとき：マイナンバーカードと資格情報のお知らせ",
    "when the check fails: card and notice",
    cites=("004-19", "004-34"),
    at=NO_CHECK,
    shows=(CARD_SHOWN, Document.NOTICE),
)
def failed_card_and_notice(s: Situation) -> bool:
    """The second, once old cards are abolished."""
    return s[CARD] is Card.HELD and s[NOTICE_ISSUED]


@presents(
    "failed-card-and-declaration",
    "確認できないとき：マイナンバーカードと被保険者資格申立書",
    "when the check fails: card and declaration",
    cites=("004-19",),
    at=NO_CHECK,
    shows=(CARD_SHOWN, Document.DECLARATION),
)
def failed_card_and_declaration(s: Situation) -> bool:
    """The last: a declaration filled in at the institution."""
    return s[CARD] is Card.HELD


PRESENTATIONS: tuple[Presentation, ...] = (
    show_insurance_card,
    show_health_insurance_card,
    show_certificate,
    show_card_and_notice,
    show_card_and_portal,
    failed_card_and_portal,
    failed_card_and_notice,
    failed_card_and_declaration,
)
