from .forecasting import Ahead, Forecast, carried, forecast_roll
from .frames import NONE_DAY, UNKNOWN_DAY, Batch, Rejected, Wanted, code_of, day_of, frame_of
from .intake.columns import CellType, fit
from .keys.engine import Engine
from .keys.outcome import Listed, Outcome
from .keys.sql import key_columns, refused_columns
from .months import Months
from .progress import Progress, unseen, watched
from .running import Request, run_roll
from .summary import Summary
from .tool import Column, Roll, roll_findings, roll_of

__all__ = [
    "NONE_DAY",
    "UNKNOWN_DAY",
    "Ahead",
    "Batch",
    "CellType",
    "Column",
    "Engine",
    "Forecast",
    "Listed",
    "Months",
    "Outcome",
    "Progress",
    "Rejected",
    "Request",
    "Roll",
    "Summary",
    "Wanted",
    "carried",
    "code_of",
    "day_of",
    "fit",
    "forecast_roll",
    "frame_of",
    "key_columns",
    "refused_columns",
    "roll_findings",
    "roll_of",
    "run_roll",
    "unseen",
    "watched",
]
