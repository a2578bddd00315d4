"""National health insurance (国保) of the city of Minato, which does not exist: what each hook hands over."""

from __future__ import annotations

from collections.abc import Sequence

from hokensha import (
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
import hokensha_standard as standard
from hokensha_kokuho_minato import rules

# A policy has to settle every rule that is returned here: terms under [rules], or a reason under [declined].


@hookimpl
def features() -> Sequence[Features]:
    """Facts and features beyond those that every insurer has."""
    return [
        Features(
            facts=(rules.RESIDENCE_EXPIRES, rules.IN_ARREARS_FACT),
            features=(rules.IN_ARREARS, rules.UNDER_70),
        )
    ]


@hookimpl
def eligibility() -> Sequence[Scheme | Ground]:
    """Who is in the scheme, and who cannot rely on the My Number insurance card."""
    return [
        standard.enrolled,
        standard.not_over,
        standard.no_card,
        standard.card_returned,
        standard.card_lost,
        standard.card_renewing,
        standard.not_registered,
        standard.deregistered,
        standard.electronic_certificate_expired,
        standard.assistance_needed,
    ]


@hookimpl
def document_validity() -> Sequence[Validity]:
    """Which documents end; the policy's figures say when."""
    return [rules.CERTIFICATE_VALIDITY, rules.CERTIFICATE_VALIDITY_UNDER_70]


@hookimpl
def issuance_triggers() -> Sequence[Trigger | Remedy]:
    """When documents fall due, and what somebody has to do first to whom nothing is owed."""
    return [
        rules.certificate_on_application,
        rules.certificate_on_ground,
        rules.certificate_on_ground_under_70,
        rules.notice_on_registration,
        rules.apply_after_loss,
        rules.consult_about_arrears,
    ]


@hookimpl
def reflection_latency() -> Sequence[Latency]:
    """How long data take to show; the policy's figures say how long."""
    return [rules.ENROLMENT_SHOWN]


@hookimpl
def presentation() -> Sequence[Presentation]:
    """What serves at an institution, the best first."""
    return [rules.show_card, rules.show_certificate, rules.show_card_and_notice]


@hookimpl
def returns() -> Sequence[Return]:
    """What has to come back."""
    return [rules.certificate_on_loss]
