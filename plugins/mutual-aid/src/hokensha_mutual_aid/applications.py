"""When a certificate falls due because a member applied, for it or for something that brings it."""

from __future__ import annotations

from hokensha.declare import trigger
from hokensha.rules import Document, Met, Trigger
from hokensha.situation import Situation
from hokensha.standard import (
    ANY_GROUND,
    CERTIFICATE_ISSUED,
    OVERSEAS_CARD,
    REISSUE_REQUESTED,
    REQUESTED,
    VALID_OLD_CARD,
    card_lost,
    card_returned,
)
from hokensha_mutual_aid.seen import DEPARTURE_PLANNED, DEREGISTERING, EXPIRED, LAPSED

REQUEST, REISSUE = "certificate_requested_on", "reissue_requested_on"


@trigger(
    "application",
    "資格確認書の交付申請",
    "application by one who cannot rely on the card",
    cites=("001-13",),
    document=Document.CERTIFICATE,
    met=Met.SINCE,
    event=REQUEST,
)
def application(s: Situation) -> bool:
    """Whoever has a ground and applied."""
    return s[REQUESTED] and s[ANY_GROUND]


@trigger(
    "application-for-lost-card",
    "カード紛失・電子証明書失効による交付申請",
    "application while the card is lost or has lapsed",
    cites=("000-17", "000-20"),
    document=Document.CERTIFICATE,
    met=Met.SINCE,
    event=REQUEST,
)
def application_for_lost_card(s: Situation) -> bool:
    """The card is lost, or its electronic certificate has lapsed, and a certificate is asked for.

    Who is late in renewing need not wait until the card fails; a card past its own term counts, too.
    """
    return s[REQUESTED] and (s[card_lost] or s[LAPSED] or s[EXPIRED])


@trigger(
    "application-before-departure",
    "国外転出前の交付申請",
    "application before a departure on which the card lapses",
    cites=("000-22",),
    document=Document.CERTIFICATE,
    met=Met.SINCE,
    event=REQUEST,
)
def application_before_departure(s: Situation) -> bool:
    """A departure is planned, the card was not switched for it, and a certificate is asked for."""
    return s[REQUESTED] and s[DEPARTURE_PLANNED] and not s[OVERSEAS_CARD]


@trigger(
    "application-after-return",
    "カード返納後の交付申請",
    "application after the card was given back",
    cites=("002-15",),
    document=Document.CERTIFICATE,
    met=Met.SINCE,
    event=REQUEST,
)
def application_after_return(s: Situation) -> bool:
    """The card was given back to the municipality, and a certificate is asked for."""
    return s[REQUESTED] and s[card_returned]


@trigger(
    "reissue",
    "資格確認書の再交付",
    "reissue of a certificate",
    cites=("001-11", "002-20"),
    document=Document.CERTIFICATE,
    met=Met.SINCE,
    event=REISSUE,
)
def reissue(s: Situation) -> bool:
    """A certificate was given once, and another is asked for in its place."""
    return s[REISSUE_REQUESTED] and s[CERTIFICATE_ISSUED]


@trigger(
    "deregistration-on-receipt",
    "解除申請書の受付時の交付",
    "handed over when the application to deregister is received",
    cites=("002-16",),
    document=Document.CERTIFICATE,
)
def deregistration_on_receipt(s: Situation) -> bool:
    """The application to deregister is the application for the certificate."""
    return s[DEREGISTERING]


@trigger(
    "deregistration-without-old-card",
    "利用登録の解除申請（有効な旧証なし）",
    "deregistration of one without a valid old card",
    cites=("000-21",),
    document=Document.CERTIFICATE,
)
def deregistration_without_old_card(s: Situation) -> bool:
    """After the application to deregister, unless an old card still serves."""
    return s[DEREGISTERING] and not s[VALID_OLD_CARD]


APPLICATIONS: tuple[Trigger, ...] = (
    application,
    application_for_lost_card,
    application_before_departure,
    application_after_return,
    reissue,
    deregistration_on_receipt,
    deregistration_without_old_card,
)
