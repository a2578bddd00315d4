"""The figures of made-up members, from the file ``shares.toml`` beside this module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

import numpy as np
import tomli

from hokensha_sample_roll.draws import Draws, Floats, Ints

Shares: TypeAlias = Mapping[str, Any]


@cache
def shares() -> Mapping[str, Shares]:
    """Every table of the file."""
    return tomli.loads(files("hokensha_sample_roll").joinpath("shares.toml").read_text(encoding="utf-8"))


def by_age(bands: Sequence[tuple[int, float]], age: Ints) -> Floats:
    """The share of each member, from bands ``[from which age on, share]`` in order."""
    edges = np.asarray([first for first, _ in bands])
    values = np.asarray([share for _, share in bands], dtype=np.float64)
    place = np.searchsorted(edges, age, side="right") - 1
    return np.asarray(values[np.maximum(place, 0)], dtype=np.float64)


def in_bands(draws: Draws, name: str, bands: Sequence[tuple[int, int, float]]) -> Ints:
    """A whole number for each, from bands ``[first, last, weight]``; within a band each is as likely."""
    band = draws.pick(f"{name}-band", [weight for _, _, weight in bands])
    low, high = np.asarray([[first, last] for first, last, _ in bands]).T
    return draws.number(name, low[band], high[band])
