from .advice import Advice, advice, advising, means, stranded
from .answering import Answered, Answering, Left, Met, Outcome
from .deciding import decide
from .examples import example
from .keys import BEFORE, SINCE, Axis, Keys, OrderAxis
from .part import UNNAMED, Part, Said, one_question, without_questions
from .parts import carried_out, owed, parts
from .questions import Presented, Reflected, present, purposes, reflect, serving, validity
from .shapes import Compared, Digits, Shape
from .silence import Silence, Unspoken, asked_besides, silences
from .unknowns import NEAR

__all__ = [
    "BEFORE",
    "NEAR",
    "SINCE",
    "UNNAMED",
    "Advice",
    "Answered",
    "Answering",
    "Axis",
    "Compared",
    "Digits",
    "Keys",
    "Left",
    "Met",
    "OrderAxis",
    "Outcome",
    "Part",
    "Presented",
    "Reflected",
    "Said",
    "Shape",
    "Silence",
    "Unspoken",
    "advice",
    "advising",
    "asked_besides",
    "carried_out",
    "decide",
    "example",
    "means",
    "one_question",
    "owed",
    "parts",
    "present",
    "purposes",
    "reflect",
    "serving",
    "silences",
    "stranded",
    "validity",
    "without_questions",
]
