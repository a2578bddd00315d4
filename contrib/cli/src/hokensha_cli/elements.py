"""A list in JSON, element by element: no more of it is held than one of them."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from attrs import define, field, frozen

LONGEST: Final = 1 << 24
"""No member has so many characters; what seems to be one is not to fill the memory."""
_PART: Final = 1 << 16
_NEAR: Final = 16
"""So near to the end of what was read, what is wrong may be that the rest of it has not been read yet."""
_BEHIND: Final = frozenset(",] \t\r\n")
"""What may follow an element."""
_BLANK: Final = re.compile(r"[ \t\r\n]*")


@frozen
class Place:
    """Where an element stands, or what is wrong with it.

    Attributes:
        index: How many elements come before it.
        line: The line of the file, counted from 1.
        column: The sign in that line, counted from 1.
    """

    index: int
    line: int
    column: int


class BrokenError(Exception):
    """From some place on, what was read is no list: nothing after it can be told.

    Attributes:
        place: Where.
        error: What JSON's reader, or the decoder of UTF-8, says.
    """

    def __init__(self, place: Place, error: Exception) -> None:
        super().__init__(place, error)
        self.place = place
        self.error = error


class EndlessError(Exception):
    """An element is longer than :data:`LONGEST`."""


@define(eq=False)
class Elements:
    """The elements of a list, as they come.

    Attributes:
        file: What is read; the bracket before the first element has been.
        decoder: How an element is read.
        lines: How many lines were read so far.
        columns: How many signs of the line that follows them.
    """

    file: BinaryIO
    decoder: json.JSONDecoder
    lines: int = 0
    columns: int = 1
    _utf8: codecs.IncrementalDecoder = field(factory=codecs.getincrementaldecoder("utf-8"), init=False)
    _text: str = field(default="", init=False)
    _at: int = field(default=0, init=False)
    """The place in the text that comes next."""
    _index: int = field(default=0, init=False)
    _ended: bool = field(default=False, init=False)

    def __iter__(self) -> Iterator[tuple[Place, Any]]:
        """Each element, and where it stands.

        Raises:
            BrokenError: What was read is no list.
        """
        if self._next() == "]":
            return self._end()
        while True:
            self._next()
            place, value = self._place(self._at), self._value()
            yield place, value
            sign = self._next()
            if sign not in (",", "]"):
                raise self._broken("Expecting ',' delimiter")
            if sign == "]":
                return self._end()
            self._at += 1
            self._index += 1

    def _end(self) -> None:
        self._at += 1
        if self._next():
            raise self._broken("Extra data")

    def _next(self) -> str:
        """The next sign that is no white space; nothing at the end."""
        while True:
            self._at = _blank_until(self._text, self._at)
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def _value(self) -> Any:
        while True:
            try:
                value, end = self.decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated string") or error.pos > len(self._text) - _NEAR
                if not (cut and self._until_it_may_end()):
                    raise BrokenError(self._place(error.pos), error) from None
            except (ValueError, RecursionError) as error:
                raise BrokenError(self._place(self._at), error) from None
            else:
                closed = self._text[end - 1] in '}]"' or self._text[end : end + 1] in _BEHIND
                if closed or not self._more():  # a number goes on, perhaps
                    self._at = end
                    return value

    def _until_it_may_end(self) -> bool:
        """Read on, of an object until it may be closed; whether there was more."""
        more, read = False, len(self._text) - self._at
        while self._more():
            if not self._text.startswith("{") or "}" in self._text[read:]:
                return True
            more, read = True, len(self._text)
        return more

    def _more(self) -> bool:
        """Read on, and forget what was taken; whether there was more."""
        if self._ended:
            return False
        if len(self._text) - self._at > LONGEST:
            raise BrokenError(self._place(self._at), EndlessError())
        here = self._place(self._at)
        self.lines, self.columns = here.line - 1, here.column - 1
        self._text, self._at = self._text[self._at :], 0
        data = getattr(self.file, "read1", self.file.read)(_PART)
        self._ended = not data
        try:
            self._text += self._utf8.decode(data, final=self._ended)
        except UnicodeDecodeError as error:
            self._text += bytes(error.object[: error.start]).decode()
            raise BrokenError(self._place(len(self._text)), error) from None
        return True

    def _place(self, at: int) -> Place:
        """Where a place in the text lies."""
        newlines = self._text.count("\n", 0, at)
        before = at - self._text.rindex("\n", 0, at) - 1 if newlines else self.columns + at
        return Place(self._index, self.lines + newlines + 1, before + 1)

    def _broken(self, message: str) -> BrokenError:
        return BrokenError(self._place(self._at), json.JSONDecodeError(message, "", 0))


def _blank_until(text: str, start: int) -> int:
    found = _BLANK.match(text, start)
    return found.end() if found else start
