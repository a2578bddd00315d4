"""The figures of made-up members, from the file ``shares.toml`` beside this module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import tomli

from hokensha_sample_roll.days import Ints, day
from hokensha_sample_roll.draws import Floats

_OLDER_THAN_ANYBODY: Final = 200


@cache
def shares() -> Mapping[str, Mapping[str, Any]]:
    """Every table of the file; its days are numbers."""
    text = files("hokensha_sample_roll").joinpath("shares.toml").read_text(encoding="utf-8")
    return {name: _counted(table) for name, table in tomli.loads(text).items()}


def _counted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _counted(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_counted(each) for each in value]
    return day(value) if isinstance(value, date) else value


def by_age(bands: Sequence[tuple[int, float]], age: Ints) -> Floats:
    """The share of each member, from bands ``[from which age on, share]`` in order."""
    edges, values = np.asarray(bands, np.float64).T
    place = np.searchsorted(edges, np.arange(_OLDER_THAN_ANYBODY), side="right") - 1
    return np.asarray(values[np.maximum(place, 0)][age], np.float64)
