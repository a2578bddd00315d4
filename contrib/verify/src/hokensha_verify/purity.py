"""What a function of a situation does while it runs: each path of answers, and whatever it touches outside.

A rule has to be pure: the same answers of features give the same answer of the rule, and nothing else is
looked at. :func:`walk` runs a function once for each path, for itself: derived features are asked for like
atoms, so that what is found belongs to this function and to none that it reads.
"""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from types import FrameType
from typing import Any, Final

from attrs import frozen

from hokensha.features import Composition
from hokensha.foreign import calls
from hokensha.partial import MOST_PATHS, Answers, Path, Question, Raised, Unanswered, follow

_CLOCK: Final = ("today", "now", "utcnow")
_OWN: Final = __name__.partition(".")[0].partition("_")[0]
_MOST_LINES: Final = 1_000_000
"""So many lines of one path a rule may run through; one that goes on is taken to go on for ever."""
_MODULES: Final = frozenset(
    ("time", "random", "secrets", "uuid", "os", "socket", "subprocess", "pathlib", "tempfile", "glob")
)
"""Modules that tell of the clock, of chance or of the machine."""
_INNER: Final = {
    "time": "time",
    "posix": "os",
    "nt": "os",
    "os": "os",
    "io": "io",
    "_io": "io",
    "_random": "random",
    "_socket": "socket",
    "_uuid": "uuid",
}
"""The modules that C functions of the kind say they are of, and what people call those."""


@frozen(eq=False)
class Walked:
    """What a function did on all its paths.

    Attributes:
        outcomes: For each path its answers, and what the function returned, or what it raised.
        asked: Every feature that was asked for.
        outside: What it touched beside the situation: ``date.today`` and the like.
        swallows: Whether it went on after a question was raised (a bare ``except`` around it).
        endless: Why it was not gone through to its end; empty if it was.
    """

    outcomes: tuple[tuple[Answers, Any], ...]
    asked: tuple[Question, ...]
    outside: tuple[str, ...]
    swallows: bool
    endless: str = ""

    def like(self, other: Walked) -> bool:
        """Whether another walk of the same function went the same ways to the same ends."""
        return [_comparable(path) for path in self.outcomes] == [_comparable(p) for p in other.outcomes]


def walk(function: Composition) -> Walked:
    """Run a function of a situation once for each path of answers that it asks for."""
    outcomes: list[tuple[Answers, Any]] = []
    asked: dict[Question, None] = {}
    swallows = False
    outside: dict[str, None] = {}
    endless = ""
    ahead: list[Answers] = [{}]
    with _watched(outside):
        while ahead and not endless:
            path = Path(ahead.pop())
            outcome = follow(_bounded(function), path)
            if len(outcomes) == MOST_PATHS:
                endless = f"asks for more than {MOST_PATHS} combinations of answers"
            elif isinstance(outcome, Raised) and outcome.error.startswith(_Endless.__name__):
                endless = f"runs through more than {_MOST_LINES} lines for one answer"
            elif isinstance(outcome, Unanswered):
                question = outcome.question
                asked[question] = None
                ahead.extend({**path.answers, question: value} for value in reversed(question[0].values))
            else:
                swallows = swallows or bool(path.open)
                outcomes.append((path.answers, outcome))
    return Walked(tuple(outcomes), tuple(asked), tuple(outside), swallows, endless)


class _Endless(BaseException):  # no Exception: a rule that catches those must not go on
    """A function runs on and on."""


def _bounded(function: Composition) -> Composition:
    """The same function, stopped when it has run through too many lines."""

    @calls("function")
    def bounded(situation: Any) -> Any:
        left, before = _MOST_LINES, sys.gettrace()

        def trace(frame: FrameType, event: str, _arg: object) -> Any:
            nonlocal left
            if event == "call" and str(frame.f_globals.get("__name__")).partition(".")[0] == _OWN:
                return None  # not the rule's own lines
            left -= 1
            if left < 0:
                raise _Endless
            return trace

        sys.settrace(trace)
        try:
            return function(situation)
        finally:
            sys.settrace(before)

    return bounded


def _comparable(path: tuple[Answers, Any]) -> tuple[object, ...]:
    """A path without what may differ between two equal runs, such as addresses in messages."""
    answers, outcome = path
    if isinstance(outcome, Raised):
        outcome = outcome.error.partition(":")[0]
    return [(question, value) for question, value in answers.items()], type(outcome), outcome


# --- what a function touches outside


@contextmanager
def _watched(outside: dict[str, None]) -> Iterator[None]:
    """Note what is called; the collector rests meanwhile, as what it calls is not the function's doing."""
    before, collecting = sys.getprofile(), gc.isenabled()
    gc.disable()
    sys.setprofile(_profiler(outside))
    try:
        yield
    finally:
        sys.setprofile(before)
        if collecting:
            gc.enable()


def _profiler(outside: dict[str, None]) -> Callable[[FrameType, str, Any], None]:
    def profile(frame: FrameType, event: str, arg: Any) -> None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith(("importlib", "_frozen_importlib")):
            return  # a module imported by a rule is found on disk, which says nothing of the rule
        called = None
        if event == "c_call":
            called = _c_function(arg)
        elif event == "call" and module.partition(".")[0] in _MODULES:
            called = f"{module}.{frame.f_code.co_name}"
        if called:
            outside[called] = None

    return profile


def _c_function(function: Any) -> str | None:
    """What people call a C function that looks outside; none for all others."""
    name = getattr(function, "__name__", "")
    owner = getattr(function, "__self__", None)
    if isinstance(owner, type):
        clock = issubclass(owner, date) and name in _CLOCK
        return f"{owner.__name__}.{name}" if clock else None
    if isinstance(owner, io.IOBase) and not isinstance(owner, io.StringIO | io.BytesIO):
        return f"{_stream(owner)}.{name}"
    module = getattr(function, "__module__", None)
    if module in _INNER:
        return name if name == "open" else f"{_INNER[module]}.{name}"
    if any(base.__module__ == "_random" for base in type(owner).__mro__):
        return f"random.{name}"
    return name if name in ("input", "print") and module == "builtins" else None


def _stream(file: io.IOBase) -> str:
    """What people call a file that is open."""
    standard = ("stdout", "__stdout__", "stderr", "stdin")
    return next((f"sys.{each}" for each in standard if getattr(sys, each) is file), type(file).__name__)
