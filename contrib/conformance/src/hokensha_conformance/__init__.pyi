from .answering import ask, differences, member_of, mismatches
from .cases import Case, CaseFile, Expected, cases_form, load_cases
from .coverage import Coverage, coverage
from .deviations import Deviations, DeviationsFile, open_deviations
from .examination import OF_PLUGIN, Examination, Outcome, Status, others
from .files import DEVIATIONS, FILE
from .kit_check import kit_check
from .new_plugin import project
from .policy_checks import OF_POLICY
from .subject import Declared, Policed, Subject, open_subject, read_toml

__all__ = [
    "DEVIATIONS",
    "FILE",
    "OF_PLUGIN",
    "OF_POLICY",
    "Case",
    "CaseFile",
    "Coverage",
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
    "coverage",
    "differences",
    "kit_check",
    "load_cases",
    "member_of",
    "mismatches",
    "open_deviations",
    "open_subject",
    "others",
    "project",
    "read_toml",
]
