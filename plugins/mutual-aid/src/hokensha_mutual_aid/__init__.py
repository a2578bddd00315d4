"""The rules of mutual aid associations (共済組合): what each policy in ``presets`` chooses from."""

from __future__ import annotations

from collections.abc import Sequence

from hokensha import standard
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
from hokensha_mutual_aid import applications, certificates, documents, given_back, notices, seen, shown


@hookimpl
def features() -> Sequence[Features]:
    """What the rules look at beyond the core's features."""
    return [Features(features=seen.FEATURES)]


@hookimpl
def eligibility() -> Sequence[Scheme | Ground]:
    """Members until 75; the grounds that every insurer shares, and those of people who need assistance."""
    return [*standard.SCHEME, *standard.GROUNDS, standard.late_elderly, standard.assistance_needed]


@hookimpl
def document_validity() -> Sequence[Validity]:
    """Terms of certificates, attestations, notices and cards."""
    return documents.VALIDITIES


@hookimpl
def issuance_triggers() -> Sequence[Trigger | Remedy]:
    """Certificates and notices, and what members have to do first."""
    return [*applications.APPLICATIONS, *certificates.CERTIFICATES, *notices.NOTICES, *notices.REMEDIES]


@hookimpl
def reflection_latency() -> Sequence[Latency]:
    """How long data, deregistrations and letters take."""
    return documents.LATENCIES


@hookimpl
def presentation() -> Sequence[Presentation]:
    """What serves at an institution."""
    return shown.PRESENTATIONS


@hookimpl
def returns() -> Sequence[Return]:
    """What happens to documents that have served."""
    return given_back.RETURNS
