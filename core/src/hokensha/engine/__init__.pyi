from .advice import Advice, advice, advising, stranded
from .answering import Answered, Answering, Left, Met
from .deciding import decide, decided
from .examples import example
from .keys import BEFORE, SINCE, Axis, Keys, OrderAxis
from .part import UNNAMED, Part, Said, one_question, without_questions
from .parts import HELD, carried_out, owed, parts
from .questions import Presented, Reflected, present, purposes, reflect, serving, validity
from .refusing import EndedError, believe, over, reason, refused
from .unknowns import Compared

__all__ = [
    "BEFORE",
    "HELD",
    "SINCE",
    "UNNAMED",
    "Advice",
    "Answered",
    "Answering",
    "Axis",
    "Compared",
    "EndedError",
    "Keys",
    "Left",
    "Met",
    "OrderAxis",
    "Part",
    "Presented",
    "Reflected",
    "Said",
    "advice",
    "advising",
    "believe",
    "carried_out",
    "decide",
    "decided",
    "example",
    "one_question",
    "over",
    "owed",
    "parts",
    "present",
    "purposes",
    "reason",
    "reflect",
    "refused",
    "serving",
    "stranded",
    "validity",
    "without_questions",
]
