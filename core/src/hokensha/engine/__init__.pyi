from .advice import Advice, advice, advising, means, stranded
from .answering import Answered, Answering, Left, Met, Outcome
from .assuming import Supposition, supposed
from .changing import Changing, changing
from .deciding import decide, decided
from .examples import example
from .keys import BEFORE, SINCE, Axis, Keys, OrderAxis
from .part import UNNAMED, Part, Said, one_question, without_questions
from .parts import carried_out, owed, parts
from .questions import Presented, Reflected, present, purposes, reflect, serving, validity
from .refusing import EndedError, believe, over, reason, refused
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
    "Changing",
    "Compared",
    "Digits",
    "EndedError",
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
    "Supposition",
    "Unspoken",
    "advice",
    "advising",
    "asked_besides",
    "believe",
    "carried_out",
    "changing",
    "decide",
    "decided",
    "example",
    "means",
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
    "silences",
    "stranded",
    "supposed",
    "validity",
    "without_questions",
]
