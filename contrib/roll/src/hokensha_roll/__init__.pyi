from .blocks import Block, block_of
from .engine import Engine, Listed, Outcome
from .forecasting import Ahead, Carried, Forecast, forecast_roll
from .intake.columns import CellType, fit
from .months import Months
from .progress import Progress, unseen, watched
from .running import Request, run_roll
from .summary import Summary
from .tool import Column, Roll, roll_findings, roll_of

__all__ = [
    "Ahead",
    "Block",
    "Carried",
    "CellType",
    "Column",
    "Engine",
    "Forecast",
    "Listed",
    "Months",
    "Outcome",
    "Progress",
    "Request",
    "Roll",
    "Summary",
    "block_of",
    "fit",
    "forecast_roll",
    "roll_findings",
    "roll_of",
    "run_roll",
    "unseen",
    "watched",
]
