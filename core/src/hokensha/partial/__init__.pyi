from .completions import (
    Completions,
    Component,
    candidates_of,
    nodes,
    of_anybody,
    seen_on,
    texts_asked,
    variables,
)
from .diagrams import MOST_PATHS, Diagrams, Node, Variable, child, followed, topmost
from .missing import missing_facts
from .paths import Answers, Path, Question, Raised, Unanswered, follow

__all__ = [
    "MOST_PATHS",
    "Answers",
    "Completions",
    "Component",
    "Diagrams",
    "Node",
    "Path",
    "Question",
    "Raised",
    "Unanswered",
    "Variable",
    "candidates_of",
    "child",
    "follow",
    "followed",
    "missing_facts",
    "nodes",
    "of_anybody",
    "seen_on",
    "texts_asked",
    "topmost",
    "variables",
]
