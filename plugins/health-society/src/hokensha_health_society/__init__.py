"""The rules of health insurance societies."""

from __future__ import annotations

from collections.abc import Sequence

from hokensha.markers import hookimpl
from hokensha.rules import (
    Features,
    Ground,
    Latency,
    Presentation,
    Remedy,
    Return,
    Scheme,
    Trigger,
    Validity,
)
from hokensha.standard import GROUNDS, SCHEME, assistance_needed, late_elderly
from hokensha_health_society import bands, holding, triggers


@hookimpl
def features() -> Sequence[Features]:
    """When somebody joined and filed, and who has no working card."""
    named = (
        bands.JOINED,
        bands.FILED,
        bands.PROCESSED,
        bands.RENAMED,
        bands.TRANSITION,
        bands.MASS_REACHED,
        bands.MASS_WITHIN,
        bands.JOINED_BEFORE,
        bands.JOINED_SINCE,
        bands.NEVER_SET_UP,
        bands.NO_INSURANCE_CARD,
        bands.MASS_NOW,
        bands.ELIGIBILITY_OVER,
    )
    return [Features(features=named)]


@hookimpl
def eligibility() -> Sequence[Scheme | Ground]:
    """The grounds of every insurer; 75 ends the membership, and assistance gives a claim."""
    return [*SCHEME, *GROUNDS, late_elderly, assistance_needed]


@hookimpl
def document_validity() -> Sequence[Validity]:
    """Certificates, old cards and the My Number insurance card."""
    return holding.VALIDITIES


@hookimpl
def issuance_triggers() -> Sequence[Trigger | Remedy]:
    """Certificates, notices, the last old cards, and what to apply for."""
    return [*triggers.TRIGGERS, *triggers.REMEDIES]


@hookimpl
def reflection_latency() -> Sequence[Latency]:
    """Enrolment and deregistration."""
    return holding.LATENCIES


@hookimpl
def presentation() -> Sequence[Presentation]:
    """The card at a reader, and the documents that serve everywhere."""
    return holding.PRESENTATIONS


@hookimpl
def returns() -> Sequence[Return]:
    """Old cards and certificates."""
    return holding.RETURNS
