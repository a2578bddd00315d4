"""Reading, checking and binding an insurer's policy: the only room that opens files."""

from hokensha.policy.bound import (
    Bound,
)
from hokensha.policy.checking import (
    FACT,
    SHA256,
)
from hokensha.policy.policy import (
    ClosingDays,
    Information,
    Insurer,
    Policy,
    Source,
    Terms,
)
from hokensha.policy.reading import (
    load_policy,
    parse,
    placed,
    policy_form,
    read,
)
from hokensha.policy.rulebook import (
    Rulebook,
    bind,
    open_rulebook,
)
from hokensha.policy.strict import (
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
