"""What members show at an institution."""

from __future__ import annotations

from hokensha.declare import presents
from hokensha.rules import At, Document, Presentation
from hokensha.situation import Situation
from hokensha.standard import CARD_WORKS, DISCLOSURE, NOTICE_ISSUED, VALID_CERTIFICATE, VALID_OLD_CARD

EVERYWHERE = tuple(At)
CARD_AND_NOTICE = (Document.MY_NUMBER_CARD, Document.NOTICE)
CARD_AND_PORTAL = (Document.MY_NUMBER_CARD, Document.PORTAL_SCREEN)


def _works_with_notice(s: Situation) -> bool:
    return s[CARD_WORKS] and s[NOTICE_ISSUED]


def _works_with_portal(s: Situation) -> bool:
    """Those whose disclosure is restricted cannot open the portal."""
    return s[CARD_WORKS] and not s[DISCLOSURE]


@presents(
    "show-card",
    "マイナ保険証を読み取り",
    "the card, read",
    cites=("000-12", "001-18", "002-09"),
    at=(At.EQUIPPED,),
    shows=(Document.MY_NUMBER_INSURANCE_CARD,),
)
def show_card(s: Situation) -> bool:
    """A card that works, where there is a reader."""
    return s[CARD_WORKS]


@presents(
    "show-card-and-notice",
    "カードと資格情報のお知らせ（機器のない医療機関）",
    "card and notice, where there is no reader",
    cites=("000-13", "001-08", "002-21"),
    at=(At.UNEQUIPPED,),
    shows=CARD_AND_NOTICE,
)
def show_card_and_notice(s: Situation) -> bool:
    """The notice says what no reader can read; alone it never serves."""
    return _works_with_notice(s)


@presents(
    "show-card-and-portal",
    "カードと資格情報画面（機器のない医療機関）",
    "card and portal screen, where there is no reader",
    cites=("000-13", "001-08", "002-28"),
    at=(At.UNEQUIPPED,),
    shows=CARD_AND_PORTAL,
)
def show_card_and_portal(s: Situation) -> bool:
    """The portal's screen in place of the notice."""
    return _works_with_portal(s)


@presents(
    "show-card-and-notice-reader-failed",
    "カードと資格情報のお知らせ（読み取り不可）",
    "card and notice, when the reader fails",
    cites=("002-21",),
    at=(At.READER_FAILED,),
    shows=CARD_AND_NOTICE,
)
def show_card_and_notice_reader_failed(s: Situation) -> bool:
    """The same when a reader is out of order."""
    return _works_with_notice(s)


@presents(
    "show-card-and-portal-reader-failed",
    "カードと資格情報画面（読み取り不可）",
    "card and portal screen, when the reader fails",
    cites=("002-28",),
    at=(At.READER_FAILED,),
    shows=CARD_AND_PORTAL,
)
def show_card_and_portal_reader_failed(s: Situation) -> bool:
    """The same when a reader is out of order."""
    return _works_with_portal(s)


@presents(
    "show-certificate",
    "資格確認書",
    "certificate",
    cites=("000-08", "001-09", "002-09"),
    at=EVERYWHERE,
    shows=(Document.CERTIFICATE,),
)
def show_certificate(s: Situation) -> bool:
    """A certificate within its term."""
    return s[VALID_CERTIFICATE]


@presents(
    "show-old-card",
    "組合員証・被扶養者証",
    "old card",
    cites=("000-02", "001-01", "002-03"),
    at=EVERYWHERE,
    shows=(Document.HEALTH_INSURANCE_CARD,),
)
def show_old_card(s: Situation) -> bool:
    """An old card that still serves."""
    return s[VALID_OLD_CARD]


@presents(
    "show-smartphone",
    "スマートフォンのマイナ保険証",
    "the card on a smartphone",
    cites=("002-07",),
    at=(At.EQUIPPED,),
    shows=(Document.SMARTPHONE,),
    uncertain=True,
)
def show_smartphone(s: Situation) -> bool:
    """Only institutions that are ready for it take it; the card behind it has to work."""
    return s[CARD_WORKS]


@presents(
    "show-attestation",
    "組合員資格証明書",
    "membership attestation",
    cites=("000-09", "000-18"),
    at=EVERYWHERE,
    shows=(Document.ATTESTATION,),
    uncertain=True,
)
def show_attestation(_: Situation) -> bool:
    """It binds no institution; any member can ask the clerk for one."""
    return True


PRESENTATIONS: tuple[Presentation, ...] = (
    show_card,
    show_card_and_notice,
    show_card_and_portal,
    show_card_and_notice_reader_failed,
    show_card_and_portal_reader_failed,
    show_certificate,
    show_old_card,
    show_smartphone,
    show_attestation,
)
