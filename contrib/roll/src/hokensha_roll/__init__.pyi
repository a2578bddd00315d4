from .alike import Alike, alike
from .blocks import Block, block_of
from .columns import CellType, fit
from .engine import Engine, Listed, Outcome
from .forecasting import Ahead, Carried, Forecast, forecast_roll
from .months import Months
from .progress import Progress, unseen, watched
from .replacing import OutputError, replacing
from .running import Request, run_roll
from .sinks import Hashed
from .summary import Summary
from .tool import Column, Roll, roll_findings, roll_of

__all__ = [
    "Ahead",
    "Alike",
    "Block",
    "Carried",
    "CellType",
    "Column",
    "Engine",
    "Forecast",
    "Hashed",
    "Listed",
    "Months",
    "Outcome",
    "OutputError",
    "Progress",
    "Request",
    "Roll",
    "Summary",
    "alike",
    "block_of",
    "fit",
    "forecast_roll",
    "replacing",
    "roll_findings",
    "roll_of",
    "run_roll",
    "unseen",
    "watched",
]
