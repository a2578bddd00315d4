from .combining import Provided, Provider, combine
from .examining import RESULTS, Examined, examine
from .installed import PluginState, examined, installed, load_plugins, presets

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
