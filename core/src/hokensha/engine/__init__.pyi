from .advice import Advice, advice, advising, stranded
from .deciding import Situations, decide
from .part import UNNAMED, Part, one_question, without_questions
from .parts import HELD, carried_out, owed, parts
from .questions import Presented, Reflected, present, purposes, reflect, serving, validity

__all__ = [
    "HELD",
    "UNNAMED",
    "Advice",
    "Part",
    "Presented",
    "Reflected",
    "Situations",
    "advice",
    "advising",
    "carried_out",
    "decide",
    "one_question",
    "owed",
    "parts",
    "present",
    "purposes",
    "reflect",
    "serving",
    "stranded",
    "validity",
    "without_questions",
]
