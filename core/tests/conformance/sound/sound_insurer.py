"""A small plugin that conforms: tests break it in one way at a time."""

from collections.abc import Sequence

from hokensha import declare
from hokensha.facts import Fact
from hokensha.features import Coded, Value
from hokensha.markers import hookimpl
from hokensha.rules import (
    Action,
    At,
    Document,
    Features,
    Ground,
    Latency,
    Met,
    Presentation,
    Remedy,
    Return,
    Scheme,
    Trigger,
    Validity,
)
from hokensha.situation import Situation
from hokensha.standard import (
    ANY_GROUND,
    AUTOMATIC_GROUND,
    CARD_WORKS,
    LEFT,
    REQUESTED,
    VALID_CERTIFICATE,
    card_lost,
    enrolled,
    no_card,
    not_over,
)
from hokensha.text import Label


class Office(Value):
    NORTH = "north"
    SOUTH = "south"


POSTED = Fact("office", "code", Label("勤務地", "office"), values=("north", "south"))
REMARK = Fact("remark", "text", Label("備考", "remark"), nullable=True, sensitive=True)
OFFICE = Coded("office", Label("勤務地", "office"), (Office.NORTH, Office.SOUTH), "office")


@declare.ground("posted-south", "南事業所勤務", "works in the south", cites=("s-1",), unusable=False)
def posted_south(s: Situation) -> bool:
    return s[OFFICE] is Office.SOUTH


TERM = declare.validity("term", "有効期限", "term", cites=("s-2",), document=Document.CERTIFICATE)


@declare.trigger("on-ground", "事由による交付", "on a ground", cites=("s-3",), document=Document.CERTIFICATE)
def on_ground(s: Situation) -> bool:
    return s[AUTOMATIC_GROUND]


@declare.trigger(
    "on-request",
    "申請による交付",
    "on request",
    cites=("s-3",),
    document=Document.CERTIFICATE,
    met=Met.SINCE,
    event="certificate_requested_on",
)
def on_request(s: Situation) -> bool:
    return s[REQUESTED] and s[ANY_GROUND]


@declare.remedy("apply", "申請する", "apply", cites=("s-3",))
def apply(s: Situation) -> bool:
    return s[card_lost]


SHOWN = declare.latency(
    "shown", "反映", "shown", cites=("s-4",), process="enrolment", counts_from="enrolment_received_on"
)


@declare.presents(
    "show-card",
    "カードを提示",
    "show the card",
    cites=("s-5",),
    at=(At.EQUIPPED,),
    shows=(Document.MY_NUMBER_INSURANCE_CARD,),
)
def show_card(s: Situation) -> bool:
    return s[CARD_WORKS]


@declare.presents(
    "show-certificate",
    "資格確認書を提示",
    "show the certificate",
    cites=("s-5",),
    at=tuple(At),
    shows=(Document.CERTIFICATE,),
)
def show_certificate(s: Situation) -> bool:
    return s[VALID_CERTIFICATE]


@declare.returns("back", "返却", "back", cites=("s-6",), document=Document.CERTIFICATE, action=Action.RETURN)
def back(s: Situation) -> bool:
    return s[LEFT]


@hookimpl
def features() -> Sequence[Features]:
    return [Features(facts=(POSTED, REMARK), features=(OFFICE,))]


@hookimpl
def eligibility() -> Sequence[Scheme | Ground]:
    return [enrolled, not_over, no_card, card_lost, posted_south]


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
