"""The standard streams: they may be closed or full, or nobody may read them any more."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, TextIO, cast

_INPUT, _OUTPUT, _ERRORS = 0, 1, 2


class Unwritable(Exception):  # noqa: N818 - no error of the policy or the data
    """Standard output is closed or full."""


class Gone(Exception):  # noqa: N818 - as above
    """Nobody reads standard output any more."""


class _Stream(io.RawIOBase):
    """A standard stream; once it took no more, whatever comes goes nowhere, and the interpreter ends well."""

    def __init__(self, raw: io.RawIOBase, number: int) -> None:
        super().__init__()
        self._raw = raw
        self._number = number
        self._lost = False

    def write(self, data: Any) -> int | None:
        """Write, or say why not; of what is said to people on standard error, nothing depends."""
        try:
            return len(data) if self._lost else self._raw.write(data)
        except OSError as error:
            self._lost = True
            if self._number == _ERRORS:
                return len(data)
            if error.errno == errno.EPIPE:
                raise Gone from None
            raise Unwritable("is closed" if error.errno == errno.EBADF else error.strerror) from None

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._raw.isatty()

    def fileno(self) -> int:
        return self._raw.fileno()


def guard_streams() -> None:
    """Let standard streams that are closed be there, and what is written be written whole or be an error.

    A file that is opened must not become standard output by chance; and Python, told not to buffer, would
    pass over that only half of a text was written. Standard output is ours alone: whoever writes to it by its
    number, as a library in C or a program that a plugin starts does, writes to standard error.
    """
    for number, mode in ((_INPUT, os.O_WRONLY), (_OUTPUT, os.O_RDONLY), (_ERRORS, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest number; neither is input read nor output written
    encodings = [getattr(stream, "encoding", None) or "utf-8" for stream in (sys.stdout, sys.stderr)]
    ours_alone = os.dup(_OUTPUT)
    os.dup2(_ERRORS, _OUTPUT)
    sys.stdout = _guarded(ours_alone, _OUTPUT, encodings[0])
    sys.stderr = _guarded(_ERRORS, _ERRORS, encodings[1])


_answers: Final[ContextVar[TextIO | None]] = ContextVar("answers", default=None)


@contextmanager
def ours() -> Iterator[None]:
    """Keep standard output for answers: whatever a plugin prints goes to standard error meanwhile."""
    kept, sys.stdout = sys.stdout, sys.stderr
    told = _answers.set(_answers.get() or kept)  # a command inside another keeps it
    try:
        yield
    finally:
        _answers.reset(told)
        sys.stdout = kept


def answers() -> TextIO:
    """Where answers are written."""
    return _answers.get() or sys.stdout


def _guarded(file: int, number: int, encoding: str) -> io.TextIOWrapper:
    raw = cast("io.RawIOBase", open(file, "wb", buffering=0, closefd=False))  # noqa: SIM115 - a number
    return io.TextIOWrapper(
        io.BufferedWriter(_Stream(raw, number)),
        encoding=encoding,
        errors="backslashreplace",  # a terminal that lacks a character shows a substitute
        line_buffering=number == _ERRORS or raw.isatty(),
    )
