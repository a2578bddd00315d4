"""Code of others that does not come back is named and ended: a rule, a hook, a module as it is imported."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread, get_ident
from time import monotonic
from types import FrameType
from typing import Final

from attrs import define, field

from hokensha.errors import Finding
from hokensha.foreign import called, told

LIMIT: Final = 40.0
"""So many seconds one call of a rule or hook may take; all that are sound take less than a thousandth."""
_PATIENCE: Final = 10.0
"""So many seconds later, what was asked to end and did not is ended with the program."""
_EVERY: Final = 1.0
_WAYS: Final = ("importlib", "pluggy", "hokensha")
"""Packages on the way from a call to the code that is called."""


class Overdue(KeyboardInterrupt):
    """One call of others' code takes too long; what has been begun is cleaned up, as after Ctrl-C."""


@define(eq=False)
class Watch:
    """What looks from time to time which call of others' code is under way; the calls know nothing of it.

    Attributes:
        give_up: Is told what was found where asking does not help, and ends the program.
        found: What did not come back, if anything.
    """

    give_up: Callable[[Finding], None]
    limit: float = LIMIT
    patience: float = _PATIENCE
    every: float = _EVERY
    found: Finding | None = None
    _since: Mapping[FrameType, float] = field(factory=dict, init=False)
    _done: Event = field(factory=Event, init=False)

    @contextmanager
    def on(self) -> Iterator[Watch]:
        """Watch over what is done here, in whatever thread."""
        thread = Thread(target=self._go_on, name="watch", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._done.set()
            thread.join()

    def _go_on(self) -> None:
        while not self._done.wait(self.every):
            self._look()

    def _look(self) -> None:
        now, calls = monotonic(), list(self._calls())
        self._since = {frame: self._since.get(frame, now) for _, frame, _ in calls}
        late = [each for each in calls if now - self._since[each[1]] >= self.limit]
        if not late:
            return
        thread, frame, inside = late[0]  # the innermost: what calls it waits, as we do
        self.found = self.found or _finding(frame, inside, self.limit)
        if now - self._since[frame] >= self.limit + self.patience:
            self.give_up(self.found)
        import ctypes  # noqa: PLC0415 - hardly ever

        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(Overdue))

    @staticmethod
    def _calls() -> Iterator[tuple[int, FrameType, FrameType]]:
        """Each call of others' code that is under way, innermost first: its thread, its frame, what runs."""
        for thread, running in sys._current_frames().items():  # noqa: SLF001 - there is no other way
            frame: FrameType | None = running if thread != get_ident() else None
            while frame is not None:
                if called(frame) is not None:
                    yield thread, frame, running
                frame = frame.f_back


def _finding(frame: FrameType, running: FrameType, limit: float) -> Finding:
    """What was called and did not come back, and the line that it is at."""
    code = _entered(frame, running)
    at = f"{code.f_code.co_filename}, line {code.f_lineno}"
    message = f"{_what(frame, code)} did not come back within {limit:.0f} seconds ({at})"
    return Finding("", f"{message}; mend it, or leave it out of the policy", "rule-endless")


def _entered(frame: FrameType, running: FrameType) -> FrameType:
    """The first frame, from a call inward, of code that is not how Python imports and hooks are called."""
    inward = [running]
    while inward[-1] is not frame and inward[-1].f_back is not None:
        inward.append(inward[-1].f_back)
    return next((each for each in reversed(inward[:-1]) if _package(each) not in _WAYS), running)


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__")).partition(".")[0]


def _what(frame: FrameType, code: FrameType) -> str:
    """What to call the code that a frame calls: what is known of it there, or further out."""
    from hokensha.features import Feature  # noqa: PLC0415 - hardly ever
    from hokensha.plugins import Provider, provider_of  # noqa: PLC0415

    callee = called(frame)
    if isinstance(callee, Feature):
        plugin = provider_of(_package(code))
        rule = callee.id.removeprefix("rule:")
        name = f"feature '{rule}'" if rule == callee.id else f"rule '{rule}'"
        return f"{name} of plugin {plugin}" if plugin else name
    outward: FrameType | None = frame
    while outward is not None:
        if (known := told(outward)) is not None:
            return f"plugin {known}" if isinstance(known, Provider) else str(known)
        outward = outward.f_back
    return f"function '{getattr(callee, '__qualname__', callee)}'"
