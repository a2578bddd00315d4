"""Values from a parser into attrs classes, strictly: each kind of value is taken for itself only.

cattrs builds the classes; its own hooks would coerce ("no" becomes ``True``, 5 becomes "5", a day with a time
becomes a day), so :func:`strict_converter` has a hook for every kind of value that these classes hold. What
goes wrong is told by :func:`findings`, all at once, each with its path relative to the value: ``.key[0]``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, Final, Literal, TypeAlias, get_args, get_origin

from attrs import field, fields_dict, frozen, has
from cattrs import (
    BaseConverter,
    BaseValidationError,
    ClassValidationError,
    Converter,
    ForbiddenExtraKeysError,
)
from cattrs.gen import make_dict_structure_fn

from hokensha.errors import Finding
from hokensha.text import nearest

Hook: TypeAlias = Callable[[Any, Any], Any]
Table: TypeAlias = Mapping[str, Any]
Check: TypeAlias = Callable[[Table], Iterator[Finding]]
Fill: TypeAlias = Callable[[Table], Table]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")
_LONGEST_SHOWN = 40
_KINDS: Final[Mapping[object, str]] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    date: "a day YYYY-MM-DD without quotes",
    dict: "a table",
    list: "a list",
    str | bool: "a text, true or false",
}


@frozen
class Form:
    """How documents of one kind are read; their JSON Schema is made from this.

    Attributes:
        root: The class that a whole document becomes.
        converter: What structures it.
        written: For classes that TOML writes in another form: the class of that form.
        renamed: For attributes whose key no Python name can be, by class and name: the key.
        check: What is looked for in the document as a whole.
    """

    root: type
    converter: BaseConverter
    written: Mapping[type, type]
    renamed: Mapping[tuple[type, str], str] = field(factory=dict)
    check: Check = lambda _: iter(())


class StrictError(ValueError):
    """Findings, relative to the value that a hook was given."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__()
        self.findings = findings


def at(key: str) -> str:
    """The step of a path that leads to ``key``."""
    return f".{key}" if _BARE_KEY.fullmatch(key) else f".{_short(key)}"


def shown(value: object) -> str:
    """What a finding says that it found: short scalar values as they are, anything else by its kind."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _short(value) if value.strip() else "an empty text"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**18 else "a very large number"
    if isinstance(value, datetime):
        return "a date with a time"
    if isinstance(value, date):
        return value.isoformat()
    kinds = {dict: "a table", list: "a list", float: "a number with a decimal point"}
    return kinds.get(type(value), "a time")


def table_of(value: object) -> Table:
    """The value if it is a table, else an empty one: what is of a wrong type is reported as it is built."""
    return value if isinstance(value, dict) else {}


def tables_of(value: object, where: str) -> Iterator[tuple[str, Table]]:
    """The items of a list as tables, each with its path; none if the value is no list."""
    for i, item in enumerate(value if isinstance(value, list) else []):
        yield f"{where}[{i}]", table_of(item)


def texts_of(value: object, where: str) -> Iterator[tuple[str, str]]:
    """The texts in a list, each with its path."""
    for i, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, str):
            yield f"{where}[{i}]", item


def _short(text: str) -> str:
    return repr(text) if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]!r}..."


# --- from exceptions to findings


def findings(error: Exception, where: str = "", expected: object = None) -> Iterator[Finding]:
    """What a strict converter's exception tells; any other exception is raised again.

    Args:
        error: What :meth:`Converter.structure` raised.
        where: The path of the value.
        expected: The type that was wanted there.
    """
    if isinstance(error, BaseValidationError):
        noted, others = error.group_exceptions()
        for inner, note in noted:
            name = getattr(note, "name", None)
            step = at(name) if name else f"[{note.index}]" if isinstance(note.index, int) else at(note.index)
            yield from findings(inner, where + step, note.type)
        for inner in others:
            yield from findings(inner, where)
    elif isinstance(error, StrictError):
        yield from (Finding(where + found.where, found.message, found.code) for found in error.findings)
    elif isinstance(error, ForbiddenExtraKeysError):
        yield from (
            unknown_key(where, key, list(fields_dict(error.cl))) for key in sorted(error.extra_fields)
        )
    elif isinstance(error, KeyError):
        yield Finding(where, f"is missing; expected {_kind(expected)}", "missing-key")
    elif isinstance(error, ValueError):  # of a validator
        yield Finding(where, str(error)[:200], "bad-value")
    else:
        raise error


def unknown_key(where: str, key: str, known: list[str]) -> Finding:
    """The finding that ``key`` is not among the ``known`` ones."""
    hint = nearest(key[:40], known) or f"; expected one of {', '.join(known)}"
    return Finding(where + at(key), f"no such key{hint}", "unknown-key")


def _kind(wanted: Any) -> str:
    args = [arg for arg in get_args(wanted) if arg is not type(None)]
    if is_choice(wanted):
        return _one_of(choices_of(wanted))
    if wanted in _KINDS:
        return _KINDS[wanted]
    if _origin(wanted) is tuple:
        return "a list"
    return _kind(args[0]) if len(args) == 1 else "a table"


def _one_of(choices: list[str]) -> str:
    return f"one of {', '.join(choices)}" if len(choices) > 1 else repr(choices[0])


# --- hooks


def exactly(kind: Any, value: object) -> Any:
    """The value, if it is of just that kind.

    Raises:
        StrictError: It is not; subclasses do not count (a boolean is no number, a date with a time no day).
    """
    if type(value) is not kind:
        raise StrictError(Finding("", f"expected {_KINDS[kind]}, found {shown(value)}", "wrong-type"))
    return value


def _text(value: Any, _: object) -> str:
    if not exactly(str, value).strip():
        raise StrictError(Finding("", "expected a text that is not empty", "bad-value"))
    return str(value)


_TEXT_OR_BOOLEAN = (str | bool, str | bool | None)  # TOML itself has no null


def _text_or_boolean(value: Any, _: object) -> str | bool:
    if type(value) not in (str, bool):
        raise StrictError(Finding("", f"expected {_KINDS[str | bool]}, found {shown(value)}", "wrong-type"))
    return value if isinstance(value, bool) else _text(value, str)


def _origin(kind: Any) -> Any:
    return get_origin(kind)


def is_choice(kind: Any) -> bool:
    """Whether a kind of value is one of a few texts."""
    return _origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, Enum))


def choices_of(kind: Any) -> list[str]:
    """Those texts."""
    return list(get_args(kind)) or [member.value for member in kind]


def _choice(value: Any, kind: Any) -> Any:
    choices = choices_of(kind)
    if exactly(str, value) not in choices:
        hint = nearest(value[:40], choices)
        raise StrictError(
            Finding("", f"expected {_one_of(choices)}, found {shown(value)}{hint}", "bad-value")
        )
    return kind(value) if isinstance(kind, type) else value


def tuple_hook(kind: Any, converter: BaseConverter) -> Hook:
    """The hook for a tuple type: takes lists only."""
    of_list: Any = list.__class_getitem__(get_args(kind)[0])
    hook = converter.get_structure_hook(of_list)
    return lambda value, _: tuple(hook(exactly(list, value), of_list))


def _mapping_hook(kind: Any, converter: BaseConverter) -> Hook:
    of_dict: Any = dict.__class_getitem__(get_args(kind))
    hook = converter.get_structure_hook(of_dict)
    return lambda value, _: hook(exactly(dict, value), of_dict)


def class_hook(cls: type, converter: BaseConverter, check: Check | None, fill: Fill | None = None) -> Hook:
    """The hook for an attrs class: takes tables with its keys only.

    Args:
        cls: The class.
        converter: What structures its attributes.
        check: What else is looked for in a table; its findings come together with those of the attributes.
        fill: Adds what a table need not say, after the check.
    """
    build: Hook = make_dict_structure_fn(cls, converter)

    def hook(value: Any, _: object) -> Any:
        table: Table = exactly(dict, value)
        faults = list(check(table)) if check else []
        wrong: list[Exception] = [StrictError(*faults)] if faults else []
        try:
            built = build(fill(table) if fill else table, cls)
            if not wrong:
                return built
        except ClassValidationError as error:
            wrong.append(error)
        raise ClassValidationError(f"in {cls.__name__}", wrong, cls)

    return hook


def strict_converter(checks: Mapping[type, Check]) -> Converter:
    """A converter that takes each kind of value for itself only, and no unknown keys.

    Args:
        checks: For attrs classes: what else is looked for in a table, before the object is built.
    """
    converter = Converter(forbid_extra_keys=True)
    for kind in (int, bool, date):
        converter.register_structure_hook(kind, lambda value, to: exactly(to, value))
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook_func(lambda kind: kind in _TEXT_OR_BOOLEAN, _text_or_boolean)
    converter.register_structure_hook(Enum, _choice)  # older releases of cattrs look here first
    converter.register_structure_hook_func(is_choice, _choice)
    factory = converter.register_structure_hook_factory
    factory(has, lambda cls, converter: class_hook(cls, converter, checks.get(cls)))
    factory(lambda kind: _origin(kind) is tuple, tuple_hook)
    factory(lambda kind: _origin(kind) is Mapping, _mapping_hook)
    return converter
