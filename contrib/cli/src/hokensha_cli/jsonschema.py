"""The JSON Schema of policies and other files, by which editors complete keys and check values.

No key is listed here. Keys, kinds and defaults are those of the attrs classes that structuring builds, and
descriptions are those of their docstrings. What structuring wants beyond that is learnt by asking it: which
keys it misses in a table, whether it takes one table for a list, which texts it refuses. So a schema may be
laxer than structuring, which also compares values with each other, but refuses nothing that it takes.

TOML's days are texts of the format ``date``, as editors hand them to a schema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import reduce
from importlib.metadata import EntryPoint, entry_points
from itertools import combinations
from operator import or_
from types import UnionType
from typing import Any, Final, TypeAlias, Union, get_args, get_origin

from attrs import Attribute, fields, has, resolve_types
from cattrs import BaseValidationError

from hokensha.dates import MONTH_DAY
from hokensha.errors import Finding
from hokensha.policy import FACT, SHA256, Form, StrictError, at, choices_of, findings, is_choice
from hokensha.rules import ID
from hokensha.text import documentation

Schema: TypeAlias = dict[str, Any]

GROUP: Final = "hokensha.schemas"
"""The entry points by which distributions name what they read, each with a function that gives its form.

That is a kind of file, or ``tool.NAME``: what a policy says under ``[tool.NAME]``.
"""
TOOL: Final = "tool."
_KINDS: Final[Mapping[object, Schema]] = {
    Any: {},
    str: {"type": "string", "pattern": r"\S"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
}
_INSURER_NUMBER = re.compile("[0-9]{6}([0-9]{2})?")
_SAMPLES: Final[Mapping[re.Pattern[str], str]] = {
    ID: "a-b",
    FACT: "a_b",
    MONTH_DAY: "12-01",
    SHA256: "0" * 64,
    _INSURER_NUMBER: "31130016",
}
"""How some texts have to be written, each with a text that nothing else fits."""
_ANYTHING = object()
_VALUES: Final[tuple[object, ...]] = (_ANYTHING, [], {}, "", False, 0)


def kinds() -> Mapping[str, EntryPoint]:
    """The kinds of files of which there is a schema, policies first."""
    found = sorted(entry_points(group=GROUP), key=lambda entry: (entry.name != "policy", entry.name))
    return {entry.name: entry for entry in found if not entry.name.startswith(TOOL)}


def schema(kind: str) -> Schema:
    """The JSON Schema (draft 2020-12) of one of these kinds of files."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"hokensha {kind}"}
    whole = {**head, **tables_of(kinds()[kind].load()())}
    return _with_tools(whole) if kind == "policy" else whole


def schema_text(kind: str) -> str:
    """The same as JSON, byte for byte the same each time."""
    return json.dumps(schema(kind), ensure_ascii=False, indent=2) + "\n"


def tables_of(form: Form) -> Schema:
    """The schema of the documents that a form reads: the root's, with that of every class below it."""
    tables = _Tables(form)
    return {"type": "object", **tables.table(form.root), "$defs": tables.defs}


def _with_tools(policy: Schema) -> Schema:
    """The schema of policies, with what other distributions read of them."""
    keys, tools = policy["properties"], {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        if entry.name.startswith(TOOL):
            form, name = entry.load()(), entry.name.removeprefix(TOOL)
            tables = _Tables(form)
            tools[name] = {"description": _docs(form.root)[0], **tables.kind(form.root)}
            policy["$defs"] |= tables.defs
            if name in keys:  # as it stood before tools had a table of their own
                keys[name] = {"description": keys[name]["description"], **tables.kind(form.root)}
    keys["tool"] |= {"properties": tools}
    return policy


class _Tables:
    """Schemas of the classes of a form; ``defs`` has those that were needed, by name."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.defs: dict[str, Schema] = {}

    def table(self, cls: type) -> Schema:
        """The schema of a class, given a table: its keys only."""
        written = self.form.written.get(cls, cls)
        attributes = {each.name: each for each in fields(resolve_types(written))}
        about, said = _docs(cls)
        said |= _docs(written)[1]
        properties = {}
        for name, attribute in attributes.items():
            described = {"description": said[name]} if name in said else {}
            properties[self._key(written, name)] = described | self._value(written, attribute)
        return {
            "description": about,
            "properties": properties,
            "additionalProperties": False,
            **self._needs(written, attributes),
        }

    def kind(self, kind: Any) -> Schema:
        """The schema of a kind of value; TOML has no null, so ``X | None`` is ``X``."""
        kind = _bare(kind)
        args = get_args(kind)
        if get_origin(kind) in (Union, UnionType):
            if all(map(has, args)):
                return {"type": "object", "anyOf": [self._reference(arg) for arg in args]}
            return {"anyOf": [self.kind(arg) for arg in args]}
        if is_choice(kind):
            return {"type": "string", "enum": choices_of(kind)}
        if get_origin(kind) is tuple:
            return self._list(kind, self.kind(args[0]))
        if get_origin(kind) is Mapping:
            return {"type": "object", "additionalProperties": self.kind(args[1])}
        # In a schema of its own, which older engines need: beside a reference they look at nothing else.
        return {"type": "object", "allOf": [self._reference(kind)]} if has(kind) else dict(_KINDS[kind])

    def _reference(self, cls: type) -> Schema:
        if cls.__name__ not in self.defs:
            self.defs[cls.__name__] = {}  # its place, should the class hold itself
            self.defs[cls.__name__] = self.table(cls)
        return {"$ref": f"#/$defs/{cls.__name__}"}

    def _list(self, kind: Any, item: Schema) -> Schema:
        least = {"minItems": 1} if self._faults(kind, []) else {}
        several: Schema = {"type": "array", "items": item, **least}
        if any(not found.where and found.code == "wrong-type" for found in self._faults(kind, {})):
            return several
        # One table or several in one schema: of two, editors would say no more than that neither fits.
        return {**item, **several, "type": ["object", "array"]}

    def _value(self, cls: type, attribute: Attribute[Any]) -> Schema:
        """The schema of an attribute's value, with what structuring wants of it in this place."""
        name, kind = attribute.name, _bare(attribute.type)
        value = self.kind(kind)
        if kind is str:
            value |= self._pattern(cls, name, lambda text: text)
        elif get_origin(kind) is Mapping:
            names = self._pattern(cls, name, lambda text: {text: _ANYTHING})
            value |= {"propertyNames": names} if names else {}
        elif get_origin(kind) is tuple:
            if get_args(kind)[0] is str:
                value["items"] |= self._pattern(cls, name, lambda text: [text])
            value |= {"minItems": 1} if self._refused(cls, name, []) else {}
        return value | _default(attribute)

    def _pattern(self, cls: type, name: str, value: Callable[[str], object]) -> Schema:
        if not self._refused(cls, name, value("?")):
            return {}
        fitting = [p for p, sample in _SAMPLES.items() if not self._refused(cls, name, value(sample))]
        return {"pattern": f"^(?:{fitting[0].pattern})$"} if fitting else {}

    def _needs(self, cls: type, attributes: Mapping[str, Attribute[Any]]) -> Schema:
        """Keys that a table must have: each of some, one of several, and those that another one needs."""
        needs: Schema = {}
        bare = self._missing(cls)
        beside = {name: self._missing(cls, **{name: _ANYTHING}) for name in attributes}
        helping = {
            where: [name for name in attributes if where not in beside[name]] for where in sorted(bare)
        }
        if required := [name for name in attributes if helping.get(at(name)) == [name]]:
            needs["required"] = [self._key(cls, name) for name in required]
        for where, names in helping.items():
            if len(names) > 1:
                pairs = (dict.fromkeys(pair, _ANYTHING) for pair in combinations(names, 2))
                one_only = all(where in self._missing(cls, **pair) for pair in pairs)
                choices = [{"required": [self._key(cls, name)]} for name in names]
                needs["oneOf" if one_only else "anyOf"] = choices
        for name, attribute in attributes.items():
            values = [*_VALUES, *(choices_of(kind) if is_choice(kind := _bare(attribute.type)) else ())]
            always = frozenset.intersection(*(self._missing(cls, **{name: value}) for value in values)) - bare
            if others := [self._key(cls, other) for other in attributes if at(other) in always]:
                needs.setdefault("dependentRequired", {})[self._key(cls, name)] = others
        return needs

    def _missing(self, cls: type, **table: object) -> frozenset[str]:
        """Where structuring misses a key; the table itself, where it wants one of several."""
        faults = self._faults(cls, table)
        return frozenset(found.where for found in faults if found.code == "missing-key" or not found.where)

    def _refused(self, cls: type, name: str, value: object) -> bool:
        """Whether structuring refuses a value for what it says, not for its kind."""
        bare, found = (
            {fault.where for fault in self._faults(cls, table) if fault.code == "bad-value"}
            for table in ({}, {name: value})
        )
        return any(not where or re.match(rf"\.{name}\b", where) for where in found - bare)

    def _faults(self, kind: Any, value: Any) -> list[Finding]:
        """What structuring finds wrong with a value where it expects one of this kind."""
        form = self.form
        faults = list(form.check(value)) if kind is form.written[form.root] else []
        try:
            form.converter.get_structure_hook(kind)(value, kind)
        except (BaseValidationError, StrictError) as error:
            faults += findings(error)
        return faults

    def _key(self, cls: type, name: str) -> str:
        return self.form.renamed.get((cls, name), name)


def _bare(kind: Any) -> Any:
    """A kind without None."""
    args = [arg for arg in get_args(kind) if arg is not type(None)]
    return reduce(or_, args) if get_origin(kind) in (Union, UnionType) else kind


def _default(attribute: Attribute[Any]) -> Schema:
    """What an absent key stands for, where JSON has a word for it."""
    value: Any = attribute.default
    value = list(value) if isinstance(value, tuple) else value
    return {"default": value} if isinstance(value, str | bool | list) else {}


def _docs(cls: type) -> tuple[str, dict[str, str]]:
    """What a docstring says of a class, and of each of its attributes."""
    about, _, section = documentation(cls).partition("Attributes:\n")
    said = re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", section, re.MULTILINE)
    return _plain(about), {name: _plain(text) for name, text in said}


def _plain(text: str) -> str:
    """A docstring's words as editors show them, each paragraph on a line."""
    text = re.sub(r":\w+:`[~.]?([^`]+)`", r"``\1``", text).replace("``", "`")
    return "\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))
