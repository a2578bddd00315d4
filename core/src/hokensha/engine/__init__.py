"""A policy on a day: what is asked, deciding, questions, advice."""

from hokensha.engine.advice import (
    Advice,
    advice,
    advising,
    stranded,
)
from hokensha.engine.deciding import (
    UNNAMED,
    answer_part,
    component,
    decide,
    direct,
    without_questions,
)
from hokensha.engine.owed import (
    carried_out,
    owed,
)
from hokensha.engine.parts import (
    HELD,
    Part,
    one_question,
    parts,
)
from hokensha.engine.questions import (
    Presented,
    Reflected,
    present,
    purposes,
    reflect,
    serving,
    validity,
)
from hokensha.engine.recalling import (
    Situations,
)

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
