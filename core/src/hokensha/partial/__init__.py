"""What unknown facts leave open: diagrams, completions, what is missing. Features only."""

from hokensha.partial.completions import (
    Completions,
    Component,
    Finish,
    candidates_of,
    of_anybody,
    seen_on,
    variables,
)
from hokensha.partial.diagrams import (
    Diagrams,
    Node,
    Raised,
    Variable,
    child,
    topmost,
)
from hokensha.partial.missing import (
    missing_facts,
)

__all__ = [
    "Completions",
    "Component",
    "Diagrams",
    "Finish",
    "Node",
    "Raised",
    "Variable",
    "candidates_of",
    "child",
    "missing_facts",
    "of_anybody",
    "seen_on",
    "topmost",
    "variables",
]
