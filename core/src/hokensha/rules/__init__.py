"""The kinds of rules, documents, hooks, decisions: nouns, and how plugins write them down."""

from hokensha.rules import (
    hookspecs,
)
from hokensha.rules.authoring import (
    Plugin,
)
from hokensha.rules.decisions import (
    Decision,
    DocumentState,
    Due,
    HeldGround,
    Issuance,
    ReturnDue,
)
from hokensha.rules.documents import (
    Document,
)
from hokensha.rules.kinds import (
    ANY_GROUND,
    AUTOMATIC_GROUND,
    Action,
    At,
    Basis,
    CARD_WORKS,
    CONSISTENT,
    Features,
    Ground,
    ID,
    IN_SCHEME,
    Latency,
    Presentation,
    Remedy,
    Return,
    Rule,
    RuleBase,
    SCHEME_LAST_DAY,
    Scheme,
    Tested,
    Trigger,
    Validity,
)
from hokensha.rules.markers import (
    PROJECT,
    hookimpl,
)

__all__ = [
    "ANY_GROUND",
    "AUTOMATIC_GROUND",
    "Action",
    "At",
    "Basis",
    "CARD_WORKS",
    "CONSISTENT",
    "Decision",
    "Document",
    "DocumentState",
    "Due",
    "Features",
    "Ground",
    "HeldGround",
    "ID",
    "IN_SCHEME",
    "Issuance",
    "Latency",
    "PROJECT",
    "Plugin",
    "Presentation",
    "Remedy",
    "Return",
    "ReturnDue",
    "Rule",
    "RuleBase",
    "SCHEME_LAST_DAY",
    "Scheme",
    "Tested",
    "Trigger",
    "Validity",
    "hookimpl",
    "hookspecs",
]
