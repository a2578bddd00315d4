"""When a notice falls due, and what members with nothing that serves have to do first."""

from __future__ import annotations

from hokensha.declare import remedy, trigger
from hokensha.rules import Document, Met, Remedy, Trigger
from hokensha.situation import Situation
from hokensha.standard import (
    CARD_WORKS,
    CERTIFICATE_ISSUED,
    CONTINUATION,
    REGISTERED,
    REQUESTED,
    card_lost,
    card_returned,
    departed,
)
from hokensha_mutual_aid.seen import CHANGED_IN, ENROLLED_IN, EXPIRED, NUMBER_SUBMITTED, Era


def _entitled(s: Situation) -> bool:
    """The number handed in, and in the database; in voluntary continuation, without a certificate."""
    in_database = s[REGISTERED] and s[NUMBER_SUBMITTED]
    return in_database and not (s[CONTINUATION] and s[CERTIFICATE_ISSUED])


@trigger(
    "notice-to-card-holders",
    "マイナ保険証をお持ちの方への通知",
    "notice to those whose card works",
    cites=("001-07", "001-18"),
    document=Document.NOTICE,
    met=Met.SINCE,
    event="registered_on",
)
def notice_to_card_holders(s: Situation) -> bool:
    """The card works: held, registered for insurance use, and the data are in the database."""
    return s[CARD_WORKS]


@trigger(
    "notice-on-enrolment",
    "新規加入者への通知",
    "notice to every new member",
    cites=("002-22", "002-24"),
    document=Document.NOTICE,
    met=Met.SINCE,
    event="registered_on",
)
def notice_on_enrolment(s: Situation) -> bool:
    """New members, whether or not their card is registered for insurance use."""
    return s[ENROLLED_IN] is Era.CERTIFICATES and _entitled(s)


@trigger(
    "notice-on-change",
    "資格情報変更の通知",
    "notice of changed details",
    cites=("002-22", "002-24"),
    document=Document.NOTICE,
    met=Met.SINCE,
    event="details_changed_on",
)
def notice_on_change(s: Situation) -> bool:
    """Details or the burden ratio changed."""
    return s[CHANGED_IN] is Era.CERTIFICATES and _entitled(s)


@remedy(
    "submit-number",
    "個人番号を提出する",
    "submit the individual number",
    cites=("000-08", "001-04", "002-30"),
)
def submit_number(s: Situation) -> bool:
    """Without the number nothing can be registered in the database."""
    return not s[REGISTERED] and not s[NUMBER_SUBMITTED]


@remedy(
    "correct-filed-data",
    "届出内容を住民票に合わせる",
    "bring the filed data into line with the resident register",
    cites=("001-04", "001-18"),
)
def correct_filed_data(s: Situation) -> bool:
    """The number was submitted, but the data are not in the database."""
    return not s[REGISTERED] and s[NUMBER_SUBMITTED]


@remedy(
    "ask-for-attestation",
    "組合員資格証明書を所属所に依頼する",
    "ask the clerk of the office for an attestation",
    cites=("000-09", "000-18"),
)
def ask_for_attestation(s: Situation) -> bool:
    """Nothing else is at hand yet, or the visit cannot wait."""
    return not s[CARD_WORKS]


@remedy(
    "apply-for-certificate",
    "資格確認書の交付を申請する",
    "apply for a certificate",
    cites=("000-17", "000-20", "000-22"),
)
def apply_for_certificate(s: Situation) -> bool:
    """A lost, lapsed or departed card gives a claim only on application."""
    return not s[REQUESTED] and (s[card_lost] or s[EXPIRED] or s[departed])


@remedy(
    "apply-after-return",
    "カード返納後に交付を申請する",
    "apply for a certificate after giving the card back",
    cites=("002-15",),
)
def apply_after_return(s: Situation) -> bool:
    """A card given back gives a claim only on application."""
    return s[card_returned] and not s[REQUESTED]


NOTICES: tuple[Trigger, ...] = (notice_to_card_holders, notice_on_enrolment, notice_on_change)
REMEDIES: tuple[Remedy, ...] = (
    submit_number,
    correct_filed_data,
    ask_for_attestation,
    apply_for_certificate,
    apply_after_return,
)
