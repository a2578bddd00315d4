from .changes import WITHIN
from .checks import Report, check, check_rulebook, not_loaded
from .days import telling_days
from .gaps import Fallen, falling_through
from .purity import Walked, walk
from .reasons import Explained, Seen, explain
from .registry import DETERMINISTIC, POLICY_CHECKS, UNKNOWN_HANDLED, Check, Needs, check_of, words_of
from .terms_of_validity import beyond_the_law, ending_before_issue
from .witnesses import Witness, ordinary, witness, written

__all__ = [
    "DETERMINISTIC",
    "POLICY_CHECKS",
    "UNKNOWN_HANDLED",
    "WITHIN",
    "Check",
    "Explained",
    "Fallen",
    "Needs",
    "Report",
    "Seen",
    "Walked",
    "Witness",
    "beyond_the_law",
    "check",
    "check_of",
    "check_rulebook",
    "ending_before_issue",
    "explain",
    "falling_through",
    "not_loaded",
    "ordinary",
    "telling_days",
    "walk",
    "witness",
    "words_of",
    "written",
]
