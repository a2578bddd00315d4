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
    CARD_WORKS,
    CONSISTENT,
    ID,
    IN_SCHEME,
    SCHEME_LAST_DAY,
    Action,
    At,
    Basis,
    Features,
    Ground,
    Latency,
    Presentation,
    Remedy,
    Return,
    Rule,
    RuleBase,
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
    "CARD_WORKS",
    "CONSISTENT",
    "ID",
    "IN_SCHEME",
    "PROJECT",
    "SCHEME_LAST_DAY",
    "Action",
    "At",
    "Basis",
    "Decision",
    "Document",
    "DocumentState",
    "Due",
    "Features",
    "Ground",
    "HeldGround",
    "Issuance",
    "Latency",
    "Plugin",
    "Presentation",
    "Remedy",
    "Return",
    "ReturnDue",
    "Rule",
    "RuleBase",
    "Scheme",
    "Tested",
    "Trigger",
    "Validity",
    "hookimpl",
    "hookspecs",
]
