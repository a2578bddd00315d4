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
    names,
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
    "names",
    "presets",
]
