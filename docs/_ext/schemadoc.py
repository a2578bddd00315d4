"""Directives that list keys: of policies and case files by JSON Schema, of answers by samples."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import answers
from generated import Generated, table
from sphinx.application import Sphinx

from hokensha_cli.jsonschema import Schema, schema

NAME = "NAME"
"""Stands for a name that the writer of the file gives."""
KINDS = {
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
    "object": "table",
    "['object', 'array']": "table, or list of tables",
    "None": "anything",
}


def references(value: Schema) -> list[str]:
    """The tables that a value is, each by its name."""
    parts = [*value.get("allOf", ()), *value.get("anyOf", ())]
    return [part["$ref"].rpartition("/")[2] for part in parts if "$ref" in part]


def below(value: Schema, path: str) -> Iterator[tuple[str, str]]:
    """The tables that stand in a value, each with where."""
    for name in references(value):
        yield name, path
    for key, suffix in (("items", "[]"), ("additionalProperties", f".{NAME}")):
        if isinstance(value.get(key), dict):
            yield from below(value[key], path + suffix)
    for key, table_of_it in value.get("properties", {}).items():
        yield from below(table_of_it, f"{path}.{key}")


def places(whole: Schema) -> dict[str, str]:
    """Every table in the order of its use, with where it stands first; the file itself has no name."""
    found, pending = {"": ""}, [""]
    while pending:
        name = pending.pop(0)
        fields = (whole["$defs"][name] if name else whole)["properties"]
        for key, value in fields.items():
            for other, path in below(value, f"{found[name]}.{key}".lstrip(".")):
                if other not in found:
                    found[other] = path
                    pending.append(other)
    return found


def kind(value: Schema) -> str:
    """What may stand for a key, in a few words."""
    if "const" in value or "enum" in value:
        return ", ".join(f'`"{each}"`' for each in value.get("enum", [value.get("const")]))
    if "anyOf" in value and not references(value):
        return " or ".join(kind(each) for each in value["anyOf"])
    if value.get("type") == "array":
        return f"list: {kind(value['items'])}"
    if isinstance(value.get("additionalProperties"), dict):
        return f"by name: {kind(value['additionalProperties'])}"
    if len(references(value)) > 1:
        return "one step"
    return "day" if value.get("format") == "date" else KINDS[str(value.get("type"))]


class PolicySchema(Generated):
    """Every key: of policies (``{policy-schema}``), cases (``{policy-schema} cases``)."""

    def markdown(self) -> Iterator[str]:
        """A table for each table of the file; steps of date rules, which have one key each, in one table."""
        whole = schema(self.arguments[0] if self.arguments else "policy")
        steps = self._steps(whole)
        for name, path in places(whole).items():
            if name not in steps:
                yield from ("", f"**{f'`{path}`' if path else 'The file itself'}**", "")
                fields = whole["$defs"][name] if name else whole
                yield from ("", fields["description"], "") if path else ()
                yield from table(["key", "value", "if absent", "meaning"], self._rows(fields))
        if steps:
            yield from ("", "**A step of a `rule`**: a table with one of these keys.", "")
            rows = [row for name in steps for row in self._rows(whole["$defs"][name])]
            yield from table(["key", "value", "if absent", "meaning"], rows)

    def _steps(self, whole: Schema) -> list[str]:
        values = (value for each in whole["$defs"].values() for value in each["properties"].values())
        unions = [references(value["items"]) for value in values if isinstance(value.get("items"), dict)]
        return list(dict.fromkeys(name for union in unions if len(union) > 1 for name in union))

    def _rows(self, fields: Schema) -> Iterator[list[str]]:
        needed = fields.get("required", ())
        choices = [each["required"][0] for key in ("oneOf", "anyOf") for each in fields.get(key, ())]
        for key, value in fields["properties"].items():
            absent = json.dumps(value["default"], ensure_ascii=False) if "default" in value else ""
            absent = f"`{absent}`" if absent else "**needed**" if key in needed else ""
            absent = f"one of {', '.join(f'`{each}`' for each in choices)}" if key in choices else absent
            yield [f"`{key}`", kind(value), absent, value["description"]]


class AnswerKeys(Generated):
    """The keys of the answer to a question of a case: ``{answer-keys} decide``.

    Within a decision, a term of validity has one row; the keys of its table are those of ``validity``.
    """

    def markdown(self) -> Iterator[str]:
        """A row for each."""
        question, rows = self.arguments[0], []
        for key in answers.keys(question):
            term = ".valid_until." in key.path
            if not term or key.path.endswith(".date"):
                about = "until when: a table with the keys of [validity](#validity)" if term else key.about
                path = key.path.removesuffix(".date") if term else key.path
                rows.append([f"`{path}`", about, f"`{question} = {key.example}`"])
        yield from table(["key", "meaning", "a case that expects it"], rows)


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directives."""
    app.add_directive("policy-schema", PolicySchema)
    app.add_directive("answer-keys", AnswerKeys)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
