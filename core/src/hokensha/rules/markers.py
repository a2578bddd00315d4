"""The decorators that mark a plugin's hooks (``hookimpl``) and their specifications (``hookspec``)."""

from __future__ import annotations

from typing import Final

import pluggy

PROJECT: Final = "hokensha"
"""The name under which pluggy knows the hooks, and the group of the entry points that name plugins."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
