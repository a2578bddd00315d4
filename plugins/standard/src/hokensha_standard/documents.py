"""The documents and other means of proof; what follows from the facts of each is an attribute of it.

``CERTIFICATE.given``: one was issued at any time up to the day asked, even if it has expired or come back.
``CERTIFICATE.at_hand``: it has not come back since. ``CERTIFICATE.valid``: it serves.
``CERTIFICATE.expired``: it is at hand, and has ended. ``CERTIFICATE.shown``: it is valid, and was not lost.
"""

from __future__ import annotations

from hokensha.rules import Document
from hokensha.text import Label
from hokensha_standard.features import CARD_IN_HAND, HAS_CARD

CERTIFICATE = Document(
    "eligibility-certificate",
    Label("資格確認書", "eligibility certificate"),
    stem="certificate",
    noun=Label("資格確認書", "certificate"),
    issued_on="eligibility_certificate_issued_on",
    valid_until="eligibility_certificate_valid_until",
    returned_on="eligibility_certificate_returned_on",
    lost_on="reissue_requested_on",
    serves_alone=True,
    longest=5,
)
"""The eligibility certificate (資格確認書)."""
NOTICE = Document(
    "eligibility-notice",
    Label("資格情報のお知らせ", "eligibility notice"),
    stem="notice",
    noun=Label("お知らせ", "notice"),
    issued_on="eligibility_notice_issued_on",
)
"""The notice of what the insurer has on record (資格情報のお知らせ); it never serves alone."""
HEALTH_INSURANCE_CARD = Document(
    "health-insurance-card",
    Label("健康保険証", "health insurance card"),
    noun=Label("健康保険証", "old card"),
    valid_until="health_insurance_card_valid_until",
    returned_on="health_insurance_card_returned_on",
    lost_on="reissue_requested_on",
    answered_on="eligibility_certificate_issued_on",
    last_day="health-insurance-card-last-day",
    serves_alone=True,
)
"""The old health insurance card (健康保険証, 被保険者証, 組合員証); a figure says how long it serves."""
MY_NUMBER_INSURANCE_CARD = Document(
    "my-number-insurance-card",
    Label("マイナ保険証", "My Number insurance card"),
    valid_until="electronic_certificate_expires_on",
    last_day="my-number-insurance-card-last-day",
    relied_on=True,
    at_hand=HAS_CARD,
    shown=CARD_IN_HAND,
)
"""The My Number card, registered for use as a health insurance card (マイナ保険証)."""
MY_NUMBER_CARD = Document("my-number-card", Label("マイナンバーカード", "My Number card"))
"""The My Number card as such, registered or not (マイナンバーカード): shown with something else."""
SMARTPHONE = Document(
    "smartphone-my-number-card",
    Label("スマートフォンのマイナンバーカード", "My Number card on a smartphone"),
)
"""A smartphone that carries the functions of the My Number card (スマートフォンのマイナ保険証)."""
ATTESTATION = Document("membership-attestation", Label("組合員資格証明書", "membership attestation"))
"""A paper of the insurer that attests membership in the meantime (資格証明書)."""
DECLARATION = Document("eligibility-declaration", Label("被保険者資格申立書", "eligibility declaration"))
"""A declaration that a patient fills in at the institution (被保険者資格申立書)."""
PORTAL_SCREEN = Document("portal-screen", Label("マイナポータルの資格情報画面", "portal screen"))
"""The screen of the portal that shows the record, or its PDF (マイナポータルの資格情報画面)."""

DOCUMENTS = (
    CERTIFICATE,
    NOTICE,
    HEALTH_INSURANCE_CARD,
    MY_NUMBER_INSURANCE_CARD,
    MY_NUMBER_CARD,
    SMARTPHONE,
    ATTESTATION,
    DECLARATION,
    PORTAL_SCREEN,
)
"""In the order in which decisions list those that are issued."""
