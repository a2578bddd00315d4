"""What is wrong with ``[tool.NAME]``: asked of the distribution that reads it, if that is installed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points

from hokensha.errors import Finding
from hokensha.foreign import stopped
from hokensha.policy import Rulebook

GROUP = "hokensha.tools"
"""The entry points by which distributions say what they read: ``NAME``, and a function of the rulebook.

The function yields a finding for whatever is wrong under ``[tool.NAME]``. A tool that nobody reads here is
somebody else's matter, as in ``pyproject.toml``.
"""


def tool_findings(rulebook: Rulebook) -> Iterator[Finding]:
    """What the owners of a policy's tools find, in the policy's order."""
    owners = {entry.name: entry for entry in entry_points(group=GROUP)}
    for name in rulebook.policy.tool:
        if name in owners:
            try:
                find = owners[name].load()
            except BaseException as error:
                if stopped(error):
                    raise
                reason = f"{type(error).__name__}: {error}"
                message = f"cannot be checked: {owners[name].value} does not load ({reason}); reinstall it"
                yield Finding(f"{rulebook.policy.path}: tool.{name}", message, "tool-broken")
            else:
                yield from find(rulebook)
