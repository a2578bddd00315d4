"""Discovering, loading, checking and combining plugins: the only room that imports foreign code."""

from hokensha.plugins.combining import (
    Provided,
    Provider,
    combine,
)
from hokensha.plugins.examining import (
    RESULTS,
    Examined,
    examine,
)
from hokensha.plugins.installed import (
    PluginState,
    examined,
    installed,
    load_plugins,
    presets,
)

__all__ = [
    "RESULTS",
    "Examined",
    "PluginState",
    "Provided",
    "Provider",
    "combine",
    "examine",
    "examined",
    "installed",
    "load_plugins",
    "presets",
]
