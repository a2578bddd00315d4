from .checking import FACT, SHA256
from .policy import ClosingDays, Information, Insurer, Policy, Source, Terms
from .reading import load_policy, open_file, parse, placed, policy_form, read
from .rulebook import Bound, Rulebook, bind, open_rulebook
from .strict import (
    Form,
    StrictError,
    Table,
    at,
    choices_of,
    findings,
    is_choice,
    shown,
    strict_converter,
    table_of,
    tuple_hook,
)

__all__ = [
    "FACT",
    "SHA256",
    "Bound",
    "ClosingDays",
    "Form",
    "Information",
    "Insurer",
    "Policy",
    "Rulebook",
    "Source",
    "StrictError",
    "Table",
    "Terms",
    "at",
    "bind",
    "choices_of",
    "findings",
    "is_choice",
    "load_policy",
    "open_file",
    "open_rulebook",
    "parse",
    "placed",
    "policy_form",
    "read",
    "shown",
    "strict_converter",
    "table_of",
    "tuple_hook",
]
