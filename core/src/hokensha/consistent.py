"""Facts that cannot stand together: whoever is thought up has to be a member that there can be.

Only what is impossible is ruled out, never what is merely odd: insurers' rolls hold many odd things.
"""

from __future__ import annotations

from hokensha.features import Known, Order, Sequence, derived, known
from hokensha.situation import Situation
from hokensha.standard_features import (
    CARD,
    CERTIFICATE_ISSUED,
    OLD_CARD_GIVEN,
    USE,
    Card,
    InsuranceUse,
)
from hokensha.text import Label


def _order(fact: str, since: str, ja: str, en: str) -> Order:
    return Order(f"{fact}-and-{since}", Label(ja, en), tuple(Sequence), fact, since)


_BORN = _order("enrolled_on", "birth_date", "出生と資格取得の前後", "birth and enrolment")
_LEFT = _order("left_on", "enrolled_on", "資格取得と喪失の前後", "enrolment and loss")
_ENDED = _order(
    "eligibility_certificate_valid_until",
    "eligibility_certificate_issued_on",
    "資格確認書の交付と有効期限の前後",
    "issue and end of the certificate",
)
_HAS_END: Known = known(
    "certificate-has-end", "eligibility_certificate_valid_until", "期限の記載あり", "an end is printed"
)
_CERTIFICATE_BACK: Known = known(
    "certificate-came-back", "eligibility_certificate_returned_on", "返却あり", "a certificate came back"
)
_OLD_CARD_BACK: Known = known(
    "old-card-came-back", "health_insurance_card_returned_on", "返却あり", "an old card came back"
)


@derived("consistent", "両立しうる事実", "facts that can stand together")
def CONSISTENT(s: Situation) -> bool:  # noqa: N802 - a feature, named like the others
    """Nothing holds of the member that cannot hold at the same time."""
    if s[_BORN] in (Sequence.BEFORE, Sequence.NO_EVENT):  # enrolled before birth, or without being born
        return False
    if s[_LEFT] is Sequence.BEFORE or s[_ENDED] is Sequence.BEFORE:
        return False
    if s[CARD] is Card.NONE and s[USE] is not InsuranceUse.UNREGISTERED:
        return False
    if not s[CERTIFICATE_ISSUED] and (s[_HAS_END] or s[_CERTIFICATE_BACK]):
        return False
    return s[OLD_CARD_GIVEN] or not s[_OLD_CARD_BACK]
