from .loading import (
    RESULTS,
    Examined,
    PluginState,
    Provided,
    Provider,
    combine,
    examine,
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
