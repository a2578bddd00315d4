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
    provider_of,
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
    "provider_of",
]
