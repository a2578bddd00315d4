"""What plugins write on standard output while they are loaded: answers alone stand there."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from types import FrameType
from typing import TextIO

from hokensha.errors import Finding
from hokensha.foreign import told


class _Heard(io.TextIOBase):
    """Standard output that notes who writes; what is written goes where it went."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self.findings: dict[Finding, None] = {}

    def write(self, text: str) -> int:
        frame = sys._getframe(1)  # noqa: SLF001 - there is no other way
        if plugin := _loading(frame):
            at = f"{frame.f_code.co_filename}, line {frame.f_lineno}"
            message = f"writes to standard output while it is loaded ({at}); a plugin only hands over rules"
            self.findings[Finding(plugin, message, "plugin-prints")] = None
        return self._stream.write(text)

    def flush(self) -> None:
        self._stream.flush()


def _loading(frame: FrameType | None) -> str:
    """The plugin that is being loaded; empty if none is."""
    while frame is not None:
        if (plugin := told(frame)) is not None:
            return f"plugin {plugin}"
        frame = frame.f_back
    return ""


@contextmanager
def heard() -> Iterator[dict[Finding, None]]:
    """A finding for each place that writes to standard output while plugins are loaded here."""
    listening = _Heard(sys.stdout)
    with redirect_stdout(listening):
        yield listening.findings
