from .answering import ask, differences, member_of, mismatches
from .cases import (
    AskAdvice,
    AskPresent,
    AskReflect,
    AskValidity,
    Case,
    CaseFile,
    Expected,
    cases_form,
    load_cases,
)
from .checking import kit_check
from .deviations import Deviations, DeviationsFile, open_deviations
from .examination import OF_PLUGIN, Examination, Outcome, Status, checks_of_others
from .files import DEVIATIONS, FILE
from .new_plugin import project
from .policy_checks import OF_POLICY
from .subject import Declared, Policed, Subject, open_subject, read_toml

__all__ = [
    "DEVIATIONS",
    "FILE",
    "OF_PLUGIN",
    "OF_POLICY",
    "AskAdvice",
    "AskPresent",
    "AskReflect",
    "AskValidity",
    "Case",
    "CaseFile",
    "Declared",
    "Deviations",
    "DeviationsFile",
    "Examination",
    "Expected",
    "Outcome",
    "Policed",
    "Status",
    "Subject",
    "ask",
    "cases_form",
    "checks_of_others",
    "differences",
    "kit_check",
    "load_cases",
    "member_of",
    "mismatches",
    "open_deviations",
    "open_subject",
    "project",
    "read_toml",
]
