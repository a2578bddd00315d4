"""Code of others while it runs: the rules and hooks of plugins, and their modules as they are imported."""

from __future__ import annotations

import dis
import signal
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, Final, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

_RAISE: Final = dis.opmap["RAISE_VARARGS"]
_CALLS: Final[dict[CodeType, str]] = {}
_TELLS: Final[dict[CodeType, str]] = {}


def stopped(error: BaseException) -> bool:
    """Whether somebody stopped the program (Ctrl-C, a signal), and no code of a rule or hook raised this.

    Python raises what a signal means wherever the program happens to be; that is never at a ``raise``, unless
    the signal's own handler has one. A handler of ours raises a class of its own.
    """
    if not isinstance(error, KeyboardInterrupt):
        return False
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if type(error) is not KeyboardInterrupt or last is None:
        return True
    code = last.tb_frame.f_code
    by_handler = code is getattr(signal.getsignal(signal.SIGINT), "__code__", None)
    return by_handler or code.co_code[last.tb_lasti] != _RAISE


def calls(variable: str) -> Callable[[F], F]:
    """Mark a function each call of which calls code of others once; the variable holds what is called.

    Who watches over the program finds it in the stack; the call itself costs nothing more.
    """
    return _marked(_CALLS, variable)


def tells(variable: str) -> Callable[[F], F]:
    """Mark a function one of whose variables tells best whose code is called further in."""
    return _marked(_TELLS, variable)


def called(frame: FrameType) -> Any:
    """The code of others that a frame calls; none if it calls none."""
    return _held(_CALLS, frame)


def told(frame: FrameType) -> Any:
    """What a frame knows of the code that is called further in; none if nothing."""
    return _held(_TELLS, frame)


def _marked(marks: dict[CodeType, str], variable: str) -> Callable[[F], F]:
    def mark(function: F) -> F:
        marks[function.__code__] = variable
        return function

    return mark


def _held(marks: dict[CodeType, str], frame: FrameType) -> Any:
    variable = marks.get(frame.f_code)
    return None if variable is None else frame.f_locals.get(variable)
