"""Reading members from JSON: one object, a list of them, or one on each line."""

from __future__ import annotations

import codecs
import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any, BinaryIO, Final

from hokensha.errors import Finding, HokenshaError, MemberError
from hokensha.facts import Catalogue, Member, holds_individual_number, parse_member
from hokensha.policy import open_file
from hokensha_cli.elements import LONGEST, BrokenError, Elements, EndlessError


class _Object(dict[str, Any]):
    """A JSON object that remembers which keys stood in it more than once."""

    twice: tuple[str, ...] = ()


_LONGEST: Final = LONGEST
_BEFORE: Final = b" \t\r\n" + codecs.BOM_UTF8
"""What may stand before everything else."""


def _named(path: str) -> str:
    return "standard input" if path == "-" else path


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    """A file, or standard input for ``-``.

    Raises:
        MemberError: It cannot be read.
    """
    try:
        if path != "-":
            with open_file(path) as file:
                yield file
        elif sys.stdin is None:
            raise MemberError(Finding(_named(path), "cannot be read: is closed", "unreadable"))
        else:
            yield sys.stdin.buffer
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise MemberError(Finding(_named(path), message, "unreadable")) from None
    except ValueError:  # a path with a zero byte
        message = "cannot be read: no file has such a name"
        raise MemberError(Finding(_named(path), message, "unreadable")) from None


def read_json(path: str) -> object:
    """What a JSON file holds, or standard input for ``-``.

    Raises:
        MemberError: It cannot be read, or is no JSON.
    """
    with _opened(path) as file:
        data = file.read()
    return _parsed(data, _named(path))


def _parsed(data: bytes, where: str, before: int = 0) -> object:
    """What JSON says that stands after so many lines of a file.

    Raises:
        MemberError: It is none.
    """
    try:
        return _decoder().decode(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = before + data.count(b"\n", 0, error.start) + 1
        finding = _unreadable(error, f"{where}: line {line}")
    except json.JSONDecodeError as error:
        finding = _unreadable(error, f"{where}: line {before + error.lineno}, column {error.colno}")
    except (RecursionError, ValueError) as error:
        finding = _unreadable(error, where)
    raise MemberError(finding)


def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_number)


def _unreadable(error: Exception, where: str) -> Finding:
    """What is said of a text that is no JSON."""
    if isinstance(error, UnicodeDecodeError):
        return Finding(where, "expected UTF-8, found other bytes", "unreadable")
    if isinstance(error, json.JSONDecodeError):
        return Finding(where, f"is no JSON: {error.msg}", "json")
    if isinstance(error, RecursionError):
        return Finding(where, "is nested too deeply; a member is one object of facts", "json")
    if isinstance(error, EndlessError):
        return Finding(where, f"expected a member, found no end of one in {_LONGEST:,} characters", "json")
    # NaN or Infinity, or a number with more digits than Python reads
    return Finding(where, "is no JSON: holds a number that JSON does not have", "json")


def read_member(path: str, catalogue: Catalogue) -> Member:
    """The one member that a file describes.

    Raises:
        MemberError: What is wrong with the file or the member.
    """
    where, raw = _named(path), read_json(path)
    if isinstance(raw, list):
        message = f"holds a list of {len(raw)}; expected one member, a JSON object of facts"
        raise MemberError(Finding(where, message, "member-shape"))
    return _member(raw, catalogue, where)


def read_members(path: str, catalogue: Catalogue) -> Iterator[Member | HokenshaError]:
    """The members of a file one by one, or what is wrong with each: one, a list, or one a line (JSON Lines).

    Of JSON Lines, no more than a line is held; of a list, no more than one member, beside what was read of
    the next.

    Raises:
        MemberError: The file cannot be read, or is no JSON.
    """
    where = _named(path)
    with _opened(path) as file:
        head = _head(file)
        if head.endswith(b"["):
            yield from _listed(file, head, catalogue, where)
            return
        first = head + _within(file.readline(_LONGEST), where, head.count(b"\n"))
        lines = _lines(file, where, first)
        if _is_object(first) and (second := next(lines, None)):
            for before, line in chain([(first.rstrip().count(b"\n"), first), second], lines):
                yield _of_line(line, catalogue, where, before)
            return
        raw = _parsed(first + _within(file.read(_LONGEST), where, head.count(b"\n")), where)
    yield _or_error(raw, catalogue, where)


def _head(file: BinaryIO) -> bytes:
    """What a file begins with, up to the first sign that says something."""
    head = bytearray()
    while sign := file.read(1):
        head += sign
        if sign not in _BEFORE:
            break
    return bytes(head)


def _listed(
    file: BinaryIO, head: bytes, catalogue: Catalogue, where: str
) -> Iterator[Member | HokenshaError]:
    """The members of a list of which the first bracket was read."""
    column = len(head) - (head.rfind(b"\n") + 1)
    try:
        for place, raw in Elements(file, _decoder(), head.count(b"\n"), column):
            yield _or_error(raw, catalogue, f"{where}[{place.index}]: line {place.line}")
    except BrokenError as error:
        place = error.place
        at = f"{where}[{place.index}]: line {place.line}, column {place.column}"
        raise MemberError(_unreadable(error.error, at)) from None


def _within(data: bytes, where: str, before: int) -> bytes:
    """What was read, if that is no more than a member can be.

    Raises:
        MemberError: It is more.
    """
    if len(data) == _LONGEST:
        raise _endless(where, before)
    return data


def _lines(file: BinaryIO, where: str, line: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines in which something stands after a first one, each with the number of lines before it.

    Raises:
        MemberError: One is longer than any member.
    """
    before = line.count(b"\n")
    while line := _within(file.readline(_LONGEST), where, before):
        if line.strip():
            yield before, line
        before += 1


def _endless(where: str, before: int) -> MemberError:
    message = f"expected a member, found no end of one in {_LONGEST:,} bytes"
    return MemberError(Finding(f"{where}: line {before + 1}", message, "json"))


def _is_object(line: bytes) -> bool:
    """Whether a line is a whole object by itself."""
    if not line.lstrip().removeprefix(codecs.BOM_UTF8).startswith(b"{"):
        return False
    try:
        return isinstance(_parsed(line, ""), dict)
    except MemberError:
        return False


def _of_line(line: bytes, catalogue: Catalogue, where: str, before: int) -> Member | HokenshaError:
    try:
        return _or_error(_parsed(line.strip(), where, before), catalogue, f"{where}: line {before + 1}")
    except MemberError as error:
        return error


def _or_error(raw: object, catalogue: Catalogue, where: str) -> Member | HokenshaError:
    try:
        return _member(raw, catalogue, where)
    except MemberError as error:
        return error


def _member(raw: object, catalogue: Catalogue, where: str) -> Member:
    twice = raw.twice if isinstance(raw, _Object) else ()
    findings = [
        Finding(f"{where}: {key}", "stands more than once; which one is meant?", "duplicate-key")
        for key in twice
        if not holds_individual_number(key)
    ]
    try:
        member = parse_member(raw, catalogue, where)
    except MemberError as error:
        raise MemberError([*findings, *error.findings]) from None
    if findings:
        raise MemberError(findings)
    return member


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        found.twice = tuple(key for key, count in counts.items() if count > 1)
    return found


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is no number of JSON's")
