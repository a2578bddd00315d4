"""A small plugin that conforms: tests break it in one way at a time."""

from collections.abc import Sequence

from hokensha import DAY_ASKED, Plugin
from hokensha.facts import Fact
from hokensha.features import Coded, Situation, Value
from hokensha.rules import (
    ANY_GROUND,
    AUTOMATIC_GROUND,
    CARD_WORKS,
    Action,
    At,
    Features,
    Ground,
    Latency,
    Presentation,
    Remedy,
    Return,
    Scheme,
    Trigger,
    Validity,
    hookimpl,
)
from hokensha.text import Label
from hokensha_standard import (
    CERTIFICATE,
    LEFT,
    MY_NUMBER_INSURANCE_CARD,
    REQUESTED,
    card_lost,
    card_renewing,
    card_returned,
    deregistered,
    enrolled,
    no_card,
    not_over,
    not_registered,
    standard,
)

declare = Plugin()


class Office(Value):
    NORTH = "north"
    SOUTH = "south"


POSTED = Fact("office", "code", Label("勤務地", "office"), values=("north", "south"))
REMARK = Fact("remark", "text", Label("備考", "remark"), nullable=True, sensitive=True)
OFFICE = Coded("office", Label("勤務地", "office"), (Office.NORTH, Office.SOUTH), "office")


@declare.ground("posted-south", "南事業所勤務", "works in the south", unusable=False)
def posted_south(s: Situation) -> bool:
    return s[OFFICE] is Office.SOUTH


TERM = declare.validity("term", "有効期限", "term", document=CERTIFICATE)


@declare.trigger("on-ground", "事由による交付", "on a ground", document=CERTIFICATE)
def on_ground(s: Situation) -> bool:
    return s[AUTOMATIC_GROUND]


@declare.trigger(
    "on-request",
    "申請による交付",
    "on request",
    document=CERTIFICATE,
    met_since="certificate_requested_on",
)
def on_request(s: Situation) -> bool:
    return s[REQUESTED] and s[ANY_GROUND]


@declare.remedy("apply", "申請する", "apply", brings={"certificate_requested_on": DAY_ASKED})
def apply(s: Situation) -> bool:
    return s[card_lost]


SHOWN = declare.latency("shown", "反映", "shown", process="enrolment", counts_from="enrolment_received_on")


@declare.presents(
    "show-card",
    "カードを提示",
    "show the card",
    at=(At.EQUIPPED,),
    shows=(MY_NUMBER_INSURANCE_CARD,),
)
def show_card(s: Situation) -> bool:
    return s[CARD_WORKS]


@declare.presents(
    "show-certificate",
    "資格確認書を提示",
    "show the certificate",
    at=tuple(At),
    shows=(CERTIFICATE,),
)
def show_certificate(s: Situation) -> bool:
    return s[CERTIFICATE.valid]


@declare.return_("back", "返却", "back", document=CERTIFICATE, action=Action.RETURN)
def back(s: Situation) -> bool:
    return s[LEFT]


@hookimpl
def features() -> Sequence[Features]:
    return [*standard.features(), Features(facts=(POSTED, REMARK), features=(OFFICE,))]


@hookimpl
def eligibility() -> Sequence[Scheme | Ground]:
    unusable = [no_card, card_lost, card_renewing, card_returned, not_registered, deregistered]
    return [enrolled, not_over, *unusable, posted_south]


@hookimpl
def document_validity() -> Sequence[Validity]:
    return [TERM]


@hookimpl
def issuance_triggers() -> Sequence[Trigger | Remedy]:
    return [on_ground, on_request, apply]


@hookimpl
def reflection_latency() -> Sequence[Latency]:
    return [SHOWN]


@hookimpl
def presentation() -> Sequence[Presentation]:
    return [show_card, show_certificate]


@hookimpl
def returns() -> Sequence[Return]:
    return [back]
