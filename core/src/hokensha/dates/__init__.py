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
    NOT_STATED,
    DayValue,
    Modality,
)
from hokensha.dates.figures import (
    Figure,
    Figures,
    OtherReading,
    Period,
    Read,
)
from hokensha.dates.steps import (
    EARLIEST,
    LATEST,
    MONTH_DAY,
    STEPS,
    Birthday,
    BusinessDays,
    Days,
    EndOfBirthdayMonth,
    EndOfMonth,
    FirstOfMonth,
    FloorMonthEnd,
    Months,
    Next,
    On,
    Rule,
    Step,
    Years,
    apply_rule,
    operator,
)

__all__ = [
    "EARLIEST",
    "LATEST",
    "MONTH_DAY",
    "NOT_STATED",
    "STEPS",
    "Birthday",
    "BusinessCalendar",
    "BusinessDays",
    "CalendarError",
    "DayValue",
    "Days",
    "EndOfBirthdayMonth",
    "EndOfMonth",
    "Figure",
    "Figures",
    "FirstOfMonth",
    "FloorMonthEnd",
    "Modality",
    "Months",
    "Next",
    "On",
    "OtherReading",
    "Period",
    "Read",
    "Rule",
    "Step",
    "Years",
    "apply_rule",
    "known_years",
    "operator",
    "steps",
]
