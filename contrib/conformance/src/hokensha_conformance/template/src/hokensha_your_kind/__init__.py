"""The rules of insurers of the kind your-kind: what each hook hands to hokensha."""

from __future__ import annotations

from collections.abc import Sequence

import hokensha_standard as standard
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
from hokensha_your_kind import rules

# A policy has to settle every rule that is returned here: terms under [rules], or a reason under [declined].


@hookimpl
def features() -> Sequence[Features]:
    """Facts and features beyond those that every insurer has."""
    return [Features(facts=(rules.POSTED_ABROAD_FACT,), features=(rules.POSTED_ABROAD,))]


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
        rules.posted_abroad,
    ]


@hookimpl
def document_validity() -> Sequence[Validity]:
    """Which documents end; the policy's figures say when."""
    return [rules.CERTIFICATE_VALIDITY]


@hookimpl
def issuance_triggers() -> Sequence[Trigger | Remedy]:
    """When documents fall due, and what somebody has to do first to whom nothing is owed."""
    return [
        rules.certificate_on_application,
        rules.certificate_on_ground,
        rules.notice_on_registration,
        rules.apply_after_loss,
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
