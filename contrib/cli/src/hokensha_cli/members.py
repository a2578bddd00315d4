"""Reading members from JSON: one object, or a list of them."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

from hokensha.errors import Finding, HokenshaError, MemberError
from hokensha.facts import Catalogue, Member, holds_individual_number, parse_member
from hokensha.policy import open_file


class _Object(dict[str, Any]):
    """A JSON object that remembers which keys stood in it more than once."""

    twice: tuple[str, ...] = ()


def read_json(path: str) -> object:
    """What a JSON file holds, or standard input for ``-``.

    Raises:
        MemberError: It cannot be read, or is no JSON.
    """
    where = "standard input" if path == "-" else path
    if path == "-" and sys.stdin is None:
        raise MemberError(Finding(where, "cannot be read: is closed", "unreadable"))
    try:
        with nullcontext(sys.stdin.buffer) if path == "-" else open_file(path) as file:
            data = file.read()
    except OSError as error:
        raise MemberError(Finding(where, f"cannot be read: {error.strerror}", "unreadable")) from None
    except ValueError:  # a path with a zero byte
        raise MemberError(Finding(where, "cannot be read: no file has such a name", "unreadable")) from None
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        finding = Finding(f"{where}: line {line}", "expected UTF-8, found other bytes", "unreadable")
    except json.JSONDecodeError as error:
        place = f"{where}: line {error.lineno}, column {error.colno}"
        finding = Finding(place, f"is no JSON: {error.msg}", "json")
    except RecursionError:
        finding = Finding(where, "is nested too deeply; a member is one object of facts", "json")
    except ValueError:  # NaN or Infinity, or a number with more digits than Python reads
        finding = Finding(where, "is no JSON: holds a number that JSON does not have", "json")
    raise MemberError(finding)


def read_member(path: str, catalogue: Catalogue) -> Member:
    """The one member that a file describes.

    Raises:
        MemberError: What is wrong with the file or the member.
    """
    where = path if path != "-" else "standard input"
    raw = read_json(path)
    if isinstance(raw, list):
        message = f"holds a list of {len(raw)}; expected one member, a JSON object of facts"
        raise MemberError(Finding(where, message, "member-shape"))
    return _member(raw, catalogue, where)


def read_members(path: str, catalogue: Catalogue) -> tuple[bool, Iterator[Member | HokenshaError]]:
    """Whether a file holds a list, and its members one by one, or what is wrong with each.

    Raises:
        MemberError: The file cannot be read, or is no JSON.
    """
    raw = read_json(path)
    where = path if path != "-" else "standard input"
    if not isinstance(raw, list):
        return False, iter((_or_error(raw, catalogue, where),))
    return True, (_or_error(each, catalogue, f"{where}[{index}]") for index, each in enumerate(raw))


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
