from .advice import Advice, advice, advising, stranded
from .deciding import UNNAMED, answer_part, component, decide, direct, without_questions
from .owed import carried_out, owed
from .parts import HELD, Part, one_question, parts
from .questions import Presented, Reflected, present, purposes, reflect, serving, validity
from .recalling import Situations

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
    "answer_part",
    "carried_out",
    "component",
    "decide",
    "direct",
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
