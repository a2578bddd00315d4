"""Files that appear when they are complete, in place of what was there, or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hokensha.errors import Finding, HokenshaError


class OutputError(HokenshaError):
    """What was made cannot be written where it was asked for."""


def refused(path: Path, message: str) -> OutputError:
    """The error that a path may not be written to."""
    return OutputError(Finding(str(path), message, "output"))


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses into one finding."""
    try:
        yield
    except OSError as error:
        name = error.filename if isinstance(error.filename, str) else str(path)
        reason = error.strerror or type(error).__name__
        raise OutputError(
            Finding(name, f"cannot be written: {reason}; nothing was changed", "output")
        ) from None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside ``path`` to write to; when that has gone well, the file takes its place.

    Raises:
        OutputError: The disk is full, or the file may not be written.
    """
    with explained(path):
        final = path.resolve()
        final.parent.mkdir(parents=True, exist_ok=True)
        folder = final.with_name(f".{final.name}.{secrets.token_hex(8)}.new")
        folder.mkdir()
        try:
            yield folder / final.name
            sync(folder / final.name)
            (folder / final.name).replace(final)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def sync(path: Path) -> None:
    """See that a file or a folder is on the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows knows no such thing
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
