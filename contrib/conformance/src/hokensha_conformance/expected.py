"""Whether an answer's JSON is what a case expects, and where it is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from hokensha.facts import as_json

Expected: TypeAlias = Mapping[str, Any]
"""Part of an answer's JSON: every key given has to match; ``"null"`` stands for JSON's null."""


def differences(expected: object, found: object, where: str = "") -> Iterator[str]:
    """Each place in which an answer differs from what is expected, with both."""
    if isinstance(expected, Mapping):
        if not isinstance(found, Mapping):
            yield f"{where}: expected a table, found {found!r}"
            return
        for key, value in expected.items():
            if key in found:
                yield from differences(value, found[key], f"{where}.{key}".lstrip("."))
            else:
                yield f"{where}.{key}".lstrip(".") + ": the answer has no such key"
    elif isinstance(expected, list):
        if not isinstance(found, list) or len(found) != len(expected):
            yield f"{where}: expected {len(expected)} elements, found {found!r}"
            return
        for index, (wanted, item) in enumerate(zip(expected, found, strict=True)):
            yield from differences(wanted, item, f"{where}[{index}]")
    else:
        wanted = None if expected == "null" else as_json(expected)
        if type(wanted) is not type(found) or wanted != found:
            yield f"{where}: expected {wanted!r}, found {found!r}"
