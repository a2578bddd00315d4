from .loading import (
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
