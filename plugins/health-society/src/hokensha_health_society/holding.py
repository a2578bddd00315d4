"""How long documents of health insurance societies are valid, what serves where, and what must come back."""

from __future__ import annotations

from hokensha.declare import latency, presents, returns, validity
from hokensha.rules import Action, At, Document
from hokensha.situation import Situation
from hokensha.standard import CARD_WORKS, EXPIRED_CERTIFICATE, VALID_CERTIFICATE, VALID_OLD_CARD
from hokensha_health_society.bands import ELIGIBILITY_OVER, RENAMED, TRANSITION, TRANSITION_END, Renamed

EVERYWHERE = tuple(At)

VALIDITIES = (
    validity(
        "certificate-validity",
        "資格確認書の有効期限",
        "validity of a certificate",
        cites=("003-21",),
        document=Document.CERTIFICATE,
    ),
    validity(
        "certificate-held",
        "所持する資格確認書の有効期限",
        "validity of the certificate held",
        cites=("003-21",),
        document=Document.CERTIFICATE,
        purpose="held",
    ),
    validity(
        "insurance-card-validity",
        "マイナ保険証を利用できる最終日",
        "last day of the My Number insurance card",
        cites=("003-02",),
        document=Document.MY_NUMBER_INSURANCE_CARD,
    ),
    validity(
        "old-card-validity",
        "健康保険証を使用できる最終日",
        "last day of an old card",
        cites=("003-01", "003-09"),
        document=Document.HEALTH_INSURANCE_CARD,
    ),
    validity(
        "old-card-held",
        "所持する健康保険証を使用できる最終日",
        "last day of the old card held",
        cites=("003-01", "003-09"),
        document=Document.HEALTH_INSURANCE_CARD,
        purpose="held",
    ),
)

LATENCIES = (
    latency(
        "enrolment-latency",
        "資格取得届の受付から資格情報の反映まで",
        "from the enrolment filing to the data showing",
        cites=("003-15",),
        process="enrolment",
        counts_from="enrolment_received_on",
    ),
    latency(
        "deregistration-latency",
        "解除の登録から利用登録の解除完了まで",
        "from registering a deregistration to its effect",
        cites=("003-06",),
        process="deregistration",
        counts_from="deregistration_registered_on",
    ),
)


@presents(
    "show-insurance-card",
    "マイナ保険証",
    "My Number insurance card",
    cites=("law",),
    at=(At.EQUIPPED,),
    shows=(Document.MY_NUMBER_INSURANCE_CARD,),
)
def show_insurance_card(s: Situation) -> bool:
    """The card is read where there is a reader."""
    return s[CARD_WORKS]


@presents(
    "show-certificate",
    "資格確認書",
    "eligibility certificate",
    cites=("003-17",),
    at=EVERYWHERE,
    shows=(Document.CERTIFICATE,),
)
def show_certificate(s: Situation) -> bool:
    """A valid certificate serves by being shown."""
    return s[VALID_CERTIFICATE]


@presents(
    "show-old-card",
    "健康保険証",
    "health insurance card",
    cites=("003-09", "003-17"),
    at=EVERYWHERE,
    shows=(Document.HEALTH_INSURANCE_CARD,),
)
def show_old_card(s: Situation) -> bool:
    """An old card serves by being shown, to the end of the transition."""
    return s[VALID_OLD_CARD]


@returns(
    "old-card-on-loss",
    "経過措置期間中の資格喪失による健康保険証の回収",
    "old card back on loss of eligibility in the transition",
    cites=("003-10",),
    document=Document.HEALTH_INSURANCE_CARD,
    action=Action.RETURN,
)
def old_card_on_loss(s: Situation) -> bool:
    """The day of loss decides: by the last day of the transition, however late the question is asked."""
    return s[ELIGIBILITY_OVER] and s.at(TRANSITION_END)[ELIGIBILITY_OVER]


@returns(
    "old-card-on-change-of-name",
    "経過措置期間中の氏名変更届による健康保険証の回収",
    "old card back on a change of name in the transition",
    cites=("003-10",),
    document=Document.HEALTH_INSURANCE_CARD,
    action=Action.RETURN,
)
def old_card_on_change_of_name(s: Situation) -> bool:
    """The day of filing decides; a change filed while old cards were still made brought a new one."""
    return s[RENAMED] is Renamed.IN_TRANSITION


@returns(
    "old-card-afterwards",
    "経過措置終了後の健康保険証",
    "old card after the transition",
    cites=("003-12",),
    document=Document.HEALTH_INSURANCE_CARD,
    action=Action.KEEP,
)
def old_card_afterwards(s: Situation) -> bool:
    """Old cards that have ended are not collected."""
    return not s[TRANSITION]


@returns(
    "certificate-on-loss",
    "資格喪失による有効期限内の資格確認書の回収",
    "unexpired certificate back on loss of eligibility",
    cites=("003-24",),
    document=Document.CERTIFICATE,
    action=Action.RETURN,
)
def certificate_on_loss(s: Situation) -> bool:
    """Eligibility is lost, and the certificate has not expired."""
    return s[ELIGIBILITY_OVER] and s[VALID_CERTIFICATE]


@returns(
    "certificate-expired",
    "有効期限の切れた資格確認書",
    "expired certificate",
    cites=("003-25",),
    document=Document.CERTIFICATE,
    action=Action.KEEP,
)
def certificate_expired(s: Situation) -> bool:
    """Expired certificates are not collected."""
    return s[EXPIRED_CERTIFICATE]


PRESENTATIONS = (show_insurance_card, show_certificate, show_old_card)
RETURNS = (
    old_card_on_loss,
    old_card_on_change_of_name,
    old_card_afterwards,
    certificate_on_loss,
    certificate_expired,
)
