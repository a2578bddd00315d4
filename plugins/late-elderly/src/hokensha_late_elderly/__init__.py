"""The rules of the unions of medical care for the late elderly (後期高齢者医療広域連合).

Each hook hands on rules that the modules beside this one declare; a policy sets every figure in them.
"""

from __future__ import annotations

from collections.abc import Sequence

from hokensha.markers import hookimpl
from hokensha.rules import Features, Ground, Latency, Presentation, Remedy, Scheme, Trigger, Validity
from hokensha_late_elderly.grounds import ELIGIBILITY
from hokensha_late_elderly.presenting import PRESENTATIONS
from hokensha_late_elderly.seen import FEATURES
from hokensha_late_elderly.terms import LATENCIES, VALIDITIES
from hokensha_late_elderly.triggers import TRIGGERS


@hookimpl
def features() -> Sequence[Features]:
    """The features of the transition and of the scheme's ages; no facts beyond the core's."""
    return [Features(features=FEATURES)]


@hookimpl
def eligibility() -> Sequence[Scheme | Ground]:
    """Who is in the scheme, and the grounds."""
    return ELIGIBILITY


@hookimpl
def document_validity() -> Sequence[Validity]:
    """Until when documents are valid."""
    return VALIDITIES


@hookimpl
def issuance_triggers() -> Sequence[Trigger | Remedy]:
    """When documents fall due."""
    return TRIGGERS


@hookimpl
def reflection_latency() -> Sequence[Latency]:
    """How long data take to show."""
    return LATENCIES


@hookimpl
def presentation() -> Sequence[Presentation]:
    """What serves at an institution."""
    return PRESENTATIONS
