"""Proofs, counterexamples and explanations of what a policy says."""

from hokensha_verify.changes import (
    WITHIN,
)
from hokensha_verify.checks import (
    Report,
    check,
    check_rulebook,
)
from hokensha_verify.falling_through import (
    Fallen,
    falling_through,
)
from hokensha_verify.purity import (
    Failure,
    Key,
    Walked,
    walk,
)
from hokensha_verify.reaching import (
    Reach,
)
from hokensha_verify.reasons import (
    Explained,
    explain,
)
from hokensha_verify.terms_of_validity import (
    beyond_the_law,
    ending_before_issue,
)
from hokensha_verify.witnesses import (
    Witness,
    ordinary,
    witness,
    written,
)

__all__ = [
    "Explained",
    "explain",
    "Failure",
    "Key",
    "Walked",
    "walk",
    "Fallen",
    "falling_through",
    "Reach",
    "Report",
    "check",
    "check_rulebook",
    "WITHIN",
    "Witness",
    "ordinary",
    "witness",
    "written",
    "beyond_the_law",
    "ending_before_issue",
]
