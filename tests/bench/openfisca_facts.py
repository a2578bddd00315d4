"""A member of Kumamoto's union for the late elderly, as an OpenFisca country package knows him."""

from __future__ import annotations

from datetime import date

from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import ETERNITY
from openfisca_core.variables import Variable

Member = build_entity(key="member", plural="members", label="A member of the union", is_person=True)

DATES = (
    *("birth_date", "enrolled_on", "left_on", "card_expires_on", "electronic_certificate_expires_on"),
    *("deregistration_received_on", "departs_japan_on", "old_card_valid_until", "old_card_returned_on"),
    *("certificate_issued_on", "certificate_valid_until", "certificate_returned_on", "notice_issued_on"),
    *("details_changed_on", "requested_on", "reissue_requested_on"),
)
FLAGS = (
    *("disability_recognised", "needs_assistance", "assistance_applied_before", "disclosure_restricted"),
    "overseas_card",
)


class Card(Enum):
    """The My Number card."""

    none = "0"
    held = "1"
    returned = "2"
    lost = "3"
    renewing = "4"


class Use(Enum):
    """Registration for insurance use."""

    unregistered = "0"
    registered = "1"
    deregistered = "2"


class Owed(Enum):
    """What makes a certificate or a notice due; nobody is owed both."""

    nothing = ""
    application = "application"
    provisional_reissue = "provisional-reissue"
    provisional_changed_details = "provisional-changed-details"
    deregistration = "deregistration"
    provisional_enrolment = "provisional-enrolment"
    provisional_card_ended = "provisional-card-ended"
    july_certificate = "july-certificate"
    without_application = "without-application"
    july_notice = "july-notice"
    notice_on_enrolment = "notice-on-enrolment"
    notice = "notice"


class card(Variable):  # noqa: N801 - OpenFisca's variables are classes named like this
    value_type = Enum
    possible_values = Card
    default_value = Card.none
    entity = Member
    definition_period = ETERNITY


class insurance_use(Variable):  # noqa: N801
    value_type = Enum
    possible_values = Use
    default_value = Use.unregistered
    entity = Member
    definition_period = ETERNITY


def fact(name: str, value_type: type) -> type[Variable]:
    """A fact that is given."""
    return type(
        name, (Variable,), {"value_type": value_type, "entity": Member, "definition_period": ETERNITY}
    )


FACTS = (
    *(fact(name, date) for name in DATES),
    *(fact(name, bool) for name in FLAGS),
    card,
    insurance_use,
)
