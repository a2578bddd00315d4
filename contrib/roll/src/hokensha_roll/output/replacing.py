"""Files that appear when they are complete, in place of what was there, or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import Final

from hokensha.errors import Finding, HokenshaError

_DIGITS: Final = 16
"""So many hexadecimal digits tell the hidden folders of different processes apart."""
_HERE, _EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE of Linux."""


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
        with beside(final) as folder:
            yield folder / final.name
            sync(folder / final.name)
            (folder / final.name).replace(final)


@contextmanager
def beside(final: Path) -> Iterator[Path]:
    """A new hidden folder beside a path, to write to; in the end it goes, with whatever is in it then.

    What processes that were killed left beside the same path goes first. One that is still at work holds a
    lock on its folder; where there are no such locks, what was left stays.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):
        _clear(final)
    folder = final.with_name(f".{final.name}.{secrets.token_hex(_DIGITS // 2)}.new")
    with ExitStack() as keep:
        try:
            while not folder.exists():  # nor after it is made, if it was taken for a left-over at once
                folder.mkdir()
                with suppress(OSError):
                    keep.enter_context(_lock(folder, wait=True))
            yield folder
        finally:
            try:
                shutil.rmtree(folder, ignore_errors=True)
            finally:  # also when that was interrupted
                shutil.rmtree(folder, ignore_errors=True)


def _clear(final: Path) -> None:
    """Take away what killed processes left; what one had set aside comes back if nothing is in its place."""
    found = list(final.parent.glob(f".{escape(final.name)}.{'[0-9a-f]' * _DIGITS}.*"))
    aside = [path for path in found if path.suffix == ".old"]
    for old in aside:
        if old.with_suffix(".new").exists() and not final.exists():
            old.rename(final)
    for new in (path for path in found if path.suffix == ".new"):
        with suppress(OSError), _lock(new, wait=False):
            shutil.rmtree(new, ignore_errors=True)
    for old in aside:
        if not old.with_suffix(".new").exists():
            shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _lock(folder: Path, *, wait: bool) -> Iterator[None]:
    """Hold the lock of a folder, which ends with the process, however that ends.

    Raises:
        OSError: Another process holds it (unless that is waited for), or there are no locks here.
    """
    if os.name == "nt":
        raise OSError(errno.ENOTSUP, "a folder has no lock")
    import fcntl  # noqa: PLC0415 - there is none on Windows

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def take_place(folder: Path, final: Path) -> None:
    """Put a folder where another may be, which goes; nobody ever finds a part of it there.

    Where the system can exchange the two in one step, nobody finds nothing there, either. Elsewhere, that
    would take a process killed between two steps, and the next one to write there puts it right.
    """
    old = folder.with_suffix(".old")
    if not (final.exists() and _exchanged(folder, final)):
        try:
            if final.exists():
                final.rename(old)
            folder.rename(final)
        except BaseException:
            if old.exists() and not final.exists():
                old.rename(final)
            raise
    with suppress(OSError):  # the folder is in its place, come what may
        sync(final.parent)
    shutil.rmtree(old, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; whether the system could."""
    if sys.platform != "linux":
        return False
    import ctypes  # noqa: PLC0415 - nothing else needs it

    try:
        exchange = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError):  # a C library without it
        return False
    done: int = exchange(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)
    return done == 0


def sync(path: Path) -> None:
    """See that a file or a folder is on the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows knows no such thing
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
