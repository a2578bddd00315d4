"""Until when documents are valid, and how long data take to show."""

from __future__ import annotations

from hokensha.declare import latency, validity
from hokensha.rules import Document, Latency, Validity

VALIDITIES: tuple[Validity, ...] = (
    validity(
        "certificate-validity",
        "資格確認書の有効期限",
        "validity of a certificate",
        cites=("004-27",),
        document=Document.CERTIFICATE,
    ),
    validity(
        "certificate-validity-renewal",
        "一斉更新の資格確認書の有効期限",
        "validity of a certificate that is sent ahead of the next year",
        cites=("004-25", "004-27"),
        document=Document.CERTIFICATE,
        purpose="renewal",
    ),
    validity(
        "certificate-held",
        "所持する資格確認書の有効期限",
        "end of a certificate that is held",
        cites=("004-27",),
        document=Document.CERTIFICATE,
        purpose="held",
    ),
    validity(
        "health-insurance-card-validity",
        "健康保険証の有効期限",
        "validity of the last health insurance cards",
        cites=("004-16", "004-22"),
        document=Document.HEALTH_INSURANCE_CARD,
    ),
    validity(
        "health-insurance-card-held",
        "所持する健康保険証の有効期限",
        "end of a health insurance card that is held",
        cites=("004-22",),
        document=Document.HEALTH_INSURANCE_CARD,
        purpose="held",
    ),
    validity(
        "my-number-insurance-card-validity",
        "電子証明書の期限後にマイナ保険証を使える最終日",
        "last day of the My Number insurance card after its electronic certificate ended",
        cites=("004-09",),
        document=Document.MY_NUMBER_INSURANCE_CARD,
    ),
)

LATENCIES: tuple[Latency, ...] = (
    latency(
        "enrolment-reflection",
        "加入からマイナ保険証の情報更新まで",
        "from joining to the data behind the card",
        cites=("004-15",),
        process="enrolment",
    ),
)
