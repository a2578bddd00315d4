"""Signals that end the command; imports next to nothing: they are caught before all else is imported."""

from __future__ import annotations

import os
import signal

_ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_ended_by: list[int] = []


class Stopped(KeyboardInterrupt):
    """A signal ended the command; what has been begun is cleaned up, as after Ctrl-C."""


def catch_signals() -> None:
    """End with status 128 + the signal's number, at once; what whoever started us ignores stays ignored."""
    for each in _ENDING:
        if signal.getsignal(each) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(each, _end)


def begin() -> None:
    """From now on, there may be something to clean up."""
    for each in _ENDING:
        if signal.getsignal(each) is _end:
            signal.signal(each, _stop)


def ignore_signals() -> None:
    """Let what is cleaned up, and the interpreter, end in peace."""
    for each in _ENDING:
        if signal.getsignal(each) in (_end, _stop):
            signal.signal(each, signal.SIG_IGN)


def status() -> int | None:
    """The exit status after a signal, whatever exception was made of it; none if there was none."""
    return 128 + _ended_by[0] if _ended_by else None


def _end(number: int, _: object) -> None:
    os._exit(128 + number)


def _stop(number: int, _: object) -> None:
    ignore_signals()
    _ended_by.append(number)
    raise Stopped
