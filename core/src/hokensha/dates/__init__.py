"""Day values, date steps, calendars, figures: dates only."""

from hokensha.dates import (
    steps,
)
from hokensha.dates.calendars import (
    BusinessCalendar,
    CalendarError,
    known_years,
)
from hokensha.dates.days import (
    DayValue,
    Modality,
    NOT_STATED,
)
from hokensha.dates.figures import (
    Figure,
    Figures,
    OtherReading,
    Period,
    Read,
)
from hokensha.dates.steps import (
    Birthday,
    BusinessDays,
    Days,
    EARLIEST,
    EndOfBirthdayMonth,
    EndOfMonth,
    FirstOfMonth,
    FloorMonthEnd,
    LATEST,
    MONTH_DAY,
    Months,
    Next,
    On,
    Rule,
    STEPS,
    Step,
    Years,
    apply_rule,
    operator,
)

__all__ = [
    "Birthday",
    "BusinessCalendar",
    "BusinessDays",
    "CalendarError",
    "DayValue",
    "Days",
    "EARLIEST",
    "EndOfBirthdayMonth",
    "EndOfMonth",
    "Figure",
    "Figures",
    "FirstOfMonth",
    "FloorMonthEnd",
    "LATEST",
    "MONTH_DAY",
    "Modality",
    "Months",
    "NOT_STATED",
    "Next",
    "On",
    "OtherReading",
    "Period",
    "Read",
    "Rule",
    "STEPS",
    "Step",
    "Years",
    "apply_rule",
    "known_years",
    "operator",
    "steps",
]
