"""Files that appear when they are complete, in place of what was there, or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
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


def refused(path: Path | str, message: str) -> OutputError:
    """The error that a path may not be written to."""
    return OutputError(Finding(str(path), message, "output"))


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses into one finding."""
    try:
        yield
    except OSError as error:
        name = error.filename if isinstance(error.filename, str) else str(path)
        name = str(path) if f".{real(path).name}." in name else name  # nobody knows the hidden folder
        reason = error.strerror or type(error).__name__
        raise OutputError(
            Finding(name, f"cannot be written: {reason}; nothing was changed", "output")
        ) from None


def real(path: Path) -> Path:
    """Where a path leads, links followed; a loop of them is found when it is opened."""
    return Path(os.path.realpath(path))


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """The same as :func:`replacing_all` for one path."""
    with replacing_all(path) as (beside_it,):
        yield beside_it


@contextmanager
def replacing_all(*paths: Path) -> Iterator[list[Path]]:
    """For each path, one beside it to write to; when all that has gone well, the files take their places.

    Raises:
        OutputError: The disk is full, or a file may not be written.
    """
    with ExitStack() as keep, ExitStack() as undo:
        written = []
        for path in paths:
            keep.enter_context(explained(path))
            written.append(keep.enter_context(beside(real(path))) / path.name)
        yield written
        for path, new in zip(paths, written, strict=True):
            with explained(path):
                sync(new)
                _inherit(new, real(path))
        for path, new in zip(paths, written, strict=True):
            with explained(path):
                _replace(new, real(path), undo)
        undo.pop_all()


def _replace(new: Path, final: Path, undo: ExitStack) -> None:
    """Put a file in its place; undone, what was there comes back, where the system can exchange the two."""
    if not final.exists():
        new.rename(final)
        undo.callback(final.unlink)
    elif final.is_file() and _exchanged(new, final):
        undo.callback(new.replace, final)
    else:
        new.replace(final)


def _inherit(new: Path, old: Path) -> None:
    """Give what is new the owner and the mode of what it replaces; without such, its owner alone may read it.

    Raises:
        OSError: They cannot be kept: who could read the old one might not be able to read the new one.
    """
    try:
        was, now = old.stat(), new.stat()
    except FileNotFoundError:
        new.chmod(0o700 if new.is_dir() else 0o600)
        return
    if (was.st_uid, was.st_gid) != (now.st_uid, now.st_gid):
        os.chown(new, was.st_uid, was.st_gid)
    new.chmod(stat.S_IMODE(was.st_mode))


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
                folder.mkdir(mode=0o700)
                with suppress(OSError):
                    keep.enter_context(_lock(folder, wait=True))
            yield folder
        finally:
            try:
                _remove(folder)
            finally:  # also when that was interrupted, or failed
                _remove(folder)


def _remove(folder: Path) -> None:
    """Take away a folder, though it may be one that was replaced and might not be written to."""
    with suppress(OSError):
        folder.chmod(0o700)
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
    for path in sorted(folder.iterdir()):
        sync(path)
        _inherit(path, final / path.name)
    sync(folder)
    _inherit(folder, final)
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
    _remove(old)


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
