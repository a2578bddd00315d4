"""Until when documents are valid, and how long data take to show; the figures are each policy's."""

from __future__ import annotations

from hokensha.declare import latency, validity
from hokensha.rules import Document

VALIDITIES = (
    validity(
        "certificate-term",
        "資格確認書の有効期限",
        "term of a certificate",
        cites=("000-04", "001-11", "002-20"),
        document=Document.CERTIFICATE,
    ),
    validity(
        "certificate-term-new-enrolment",
        "新規資格取得時の資格確認書の有効期限",
        "term of a new member's certificate",
        cites=("000-10",),
        document=Document.CERTIFICATE,
        purpose="new-enrolment",
    ),
    validity(
        "certificate-term-card-lost",
        "カード紛失時の資格確認書の有効期限",
        "term of a certificate in place of a lost card",
        cites=("000-17",),
        document=Document.CERTIFICATE,
        purpose="card-lost",
    ),
    validity(
        "certificate-term-short",
        "短期の資格確認書の有効期限",
        "term of a certificate for a short time",
        cites=("001-09",),
        document=Document.CERTIFICATE,
        purpose="short-term",
    ),
    validity(
        "certificate-held",
        "交付済みの資格確認書の有効期限",
        "end printed on a certificate that is held",
        cites=("000-11", "001-11", "002-20"),
        document=Document.CERTIFICATE,
        purpose="held",
    ),
    validity(
        "old-card-term",
        "組合員証の有効期限",
        "last day of an old card",
        cites=("000-02", "001-01", "002-03"),
        document=Document.HEALTH_INSURANCE_CARD,
    ),
    validity(
        "old-card-held",
        "交付済みの組合員証の有効期限",
        "last day of an old card that is held",
        cites=("000-02", "001-01", "002-03"),
        document=Document.HEALTH_INSURANCE_CARD,
        purpose="held",
    ),
    validity(
        "notice-term",
        "お知らせの有効期限",
        "term of a notice",
        cites=("002-27",),
        document=Document.NOTICE,
    ),
    validity(
        "notice-held",
        "交付済みのお知らせの有効期限",
        "term of a notice that is held",
        cites=("002-27",),
        document=Document.NOTICE,
        purpose="held",
    ),
    validity(
        "attestation-term",
        "組合員資格証明書の有効期限",
        "term of a membership attestation",
        cites=("000-18",),
        document=Document.ATTESTATION,
    ),
    validity(
        "card-term",
        "マイナ保険証の利用期限",
        "how long the card serves after its electronic certificate expired",
        cites=("000-20", "001-12", "002-08"),
        document=Document.MY_NUMBER_INSURANCE_CARD,
    ),
)

LATENCIES = (
    latency(
        "number-submission",
        "個人番号の提出から反映まで",
        "from submitting the number until the data show",
        cites=("000-06",),
        process="number-submission",
        counts_from="number_submitted_on",
    ),
    latency(
        "registration-deadline",
        "支部での登録期限",
        "until when the branch has to register an enrolment",
        cites=("001-05",),
        process="registration-deadline",
        counts_from="enrolled_on",
    ),
    latency(
        "deregistration-effect",
        "解除申請の受付から解除まで",
        "from receiving an application to deregister until it takes effect",
        cites=("001-21",),
        process="deregistration",
        counts_from="deregistration_received_on",
    ),
    latency(
        "notice-delivery",
        "お知らせが届くまで",
        "until a notice arrives",
        cites=("002-25",),
        process="notice-delivery",
    ),
)
