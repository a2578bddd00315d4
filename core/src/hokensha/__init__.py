"""A health insurer's rules after the health insurance card.

Every public name is here. Each module is imported when a name of it is first asked for, so that
``import hokensha`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hokensha import declare, standard
    from hokensha.checks import Report, check
    from hokensha.days import NOT_STATED, DayValue, Modality
    from hokensha.deciding import decide
    from hokensha.decision import Decision, DocumentState, Due, HeldGround, Issuance, ReturnDue
    from hokensha.errors import Finding, HokenshaError, MemberError, PluginError, PolicyError, QuestionError
    from hokensha.facts import UNKNOWN, Catalogue, Fact, FactValue, Member, Unknown, parse_member
    from hokensha.features import (
        Band,
        Calendar,
        Coded,
        Derived,
        Feature,
        Known,
        Order,
        Phase,
        Reached,
        Sequence,
        Setting,
        Value,
        Within,
        derived,
        flag,
        known,
        reached,
        within,
    )
    from hokensha.markers import hookimpl
    from hokensha.plugins import load as load_plugins
    from hokensha.policy import Policy
    from hokensha.questions import Presented, Reflected, present, purposes, reflect, validity
    from hokensha.reasons import Explained, explain
    from hokensha.rulebook import Rulebook, bind, open_rulebook
    from hokensha.rules import (
        Action,
        At,
        Basis,
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
    from hokensha.structuring import load_policy
    from hokensha.text import Label, Language

_HOMES = {
    "checks": ("Report", "check"),
    "days": ("DayValue", "Modality", "NOT_STATED"),
    "deciding": ("decide",),
    "decision": ("Decision", "DocumentState", "Due", "HeldGround", "Issuance", "ReturnDue"),
    "errors": ("Finding", "HokenshaError", "MemberError", "PluginError", "PolicyError", "QuestionError"),
    "facts": ("Catalogue", "Fact", "FactValue", "Member", "UNKNOWN", "Unknown", "parse_member"),
    "features": (
        *("Band", "Calendar", "Coded", "Derived", "Feature", "Known", "Order", "Phase", "Reached"),
        *("Sequence", "Setting", "Value", "Within", "derived", "flag", "known", "reached", "within"),
    ),
    "markers": ("hookimpl",),
    "policy": ("Policy",),
    "questions": ("Presented", "Reflected", "present", "purposes", "reflect", "validity"),
    "reasons": ("Explained", "explain"),
    "rulebook": ("Rulebook", "bind", "open_rulebook"),
    "rules": (
        *("Action", "At", "Basis", "Document", "Features", "Ground", "Latency", "Met", "Presentation"),
        *("Remedy", "Return", "Scheme", "Trigger", "Validity"),
    ),
    "situation": ("Situation",),
    "structuring": ("load_policy",),
    "text": ("Label", "Language"),
}
_HOME = {name: (module, name) for module, names in _HOMES.items() for name in names}
_HOME["load_plugins"] = ("plugins", "load")
_MODULES = ("declare", "standard")

__all__ = [
    "NOT_STATED",
    "UNKNOWN",
    "Action",
    "At",
    "Band",
    "Basis",
    "Calendar",
    "Catalogue",
    "Coded",
    "DayValue",
    "Decision",
    "Derived",
    "Document",
    "DocumentState",
    "Due",
    "Explained",
    "Fact",
    "FactValue",
    "Feature",
    "Features",
    "Finding",
    "Ground",
    "HeldGround",
    "HokenshaError",
    "Issuance",
    "Known",
    "Label",
    "Language",
    "Latency",
    "Member",
    "MemberError",
    "Met",
    "Modality",
    "Order",
    "Phase",
    "PluginError",
    "Policy",
    "PolicyError",
    "Presentation",
    "Presented",
    "QuestionError",
    "Reached",
    "Reflected",
    "Remedy",
    "Report",
    "Return",
    "ReturnDue",
    "Rulebook",
    "Scheme",
    "Sequence",
    "Setting",
    "Situation",
    "Trigger",
    "Unknown",
    "Validity",
    "Value",
    "Within",
    "bind",
    "check",
    "decide",
    "declare",
    "derived",
    "explain",
    "flag",
    "hookimpl",
    "known",
    "load_plugins",
    "load_policy",
    "open_rulebook",
    "parse_member",
    "present",
    "purposes",
    "reached",
    "reflect",
    "standard",
    "validity",
    "within",
]


def __getattr__(name: str) -> object:
    """Find a public name in its module, once."""
    if name in _MODULES:
        return import_module(f"hokensha.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'hokensha' has no attribute '{name}'")
    module, original = _HOME[name]
    found: object = getattr(import_module(f"hokensha.{module}"), original)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
