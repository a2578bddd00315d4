"""What the facts say of each document that an insurer issues and takes back."""

from __future__ import annotations

from attrs import frozen

from hokensha.features import Feature
from hokensha.rules import Document
from hokensha.standard_features import (
    CERTIFICATE_ISSUED,
    HOLDS_CERTIFICATE,
    HOLDS_OLD_CARD,
    NOTICE_ISSUED,
    OLD_CARD_GIVEN,
    VALID_CERTIFICATE,
    VALID_OLD_CARD,
)


@frozen(eq=False)
class Held:
    """The features and facts of one document.

    Attributes:
        given: It was given at some time.
        with_member: It was given and has not come back.
        valid: It is with the member, and its own term has not passed.
        issued_on: The fact that dates the latest one; none if no fact does.
        valid_until: The fact that says until when the latest one is valid; none if no fact does.
        returned_on: The fact that dates its return; none if no fact does.
    """

    given: Feature[bool]
    with_member: Feature[bool]
    valid: Feature[bool]
    issued_on: str | None
    valid_until: str | None
    returned_on: str | None


HELD = {
    Document.CERTIFICATE: Held(
        CERTIFICATE_ISSUED,
        HOLDS_CERTIFICATE,
        VALID_CERTIFICATE,
        "eligibility_certificate_issued_on",
        "eligibility_certificate_valid_until",
        "eligibility_certificate_returned_on",
    ),
    Document.NOTICE: Held(
        NOTICE_ISSUED, NOTICE_ISSUED, NOTICE_ISSUED, "eligibility_notice_issued_on", None, None
    ),
    Document.HEALTH_INSURANCE_CARD: Held(
        OLD_CARD_GIVEN,
        HOLDS_OLD_CARD,
        VALID_OLD_CARD,
        None,
        "health_insurance_card_valid_until",
        "health_insurance_card_returned_on",
    ),
}
"""In the order in which a decision lists them."""
