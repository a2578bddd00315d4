"""The JSON Schema of policies and case files: true to what reads them, and complete for those who write."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from typing import Any, Literal

import pytest
import tomli
from attrs import field, frozen
from jsonschema import Draft202012Validator

from hokensha.dates import STEPS
from hokensha.errors import Finding
from hokensha.policy import Form, StrictError, strict_converter, tuple_hook
from hokensha_cli.jsonschema import schema, schema_text, tables_of

KINDS = ("policy", "cases")

POLICY = """
schema = "hokensha/policy/1"
published = 2025-10-01
plugins = ["mutual-aid"]
[insurer]
name = "試験組合"
name_en = "Toy"
number = "31130016"
[[sources]]
id = "001"
title = "t"
publisher = "p"
date = 2024-11-01
locators = { 001-01 = "1" }
sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
[figures.term]
modality = "exact"
of = "birth_date"
rule = [{ years = 4 }, { next = "12-01" }]
when = { overseas_card = false }
[figures.both]
earliest = ["term"]
[[figures.changing]]
modality = "about"
period = { by = "asked", through = 2025-12-01 }
[rules.certificate]
cites = ["001-01"]
basis = "ex-officio"
since = 2024-12-02
[calendar]
yearly = ["12-29"]
dates = [2026-05-01]
[roll.columns.birth_date]
header = "生年月日"
form = "wareki"
[[information]]
ja = "電話"
en = "telephone"
cites = ["001-01"]
"""

CASES = """
policy = "policy.toml"
[base]
birth_date = 1980-01-01
none = ["left_on"]
[[case]]
id = "a"
says = "s"
cites = ["001-01"]
on = 2025-10-01
decide = { issuances = [] }
[[case]]
id = "b"
says = "s"
cites = ["001-01"]
reflect = { process = "delivery", from = 2025-01-31, expect = { date = 2025-02-07 } }
[[case]]
id = "c"
says = "s"
cites = ["001-01"]
on = 2025-10-01
present = { at = "equipped", with = ["eligibility-notice"], expect = { accepted = [] } }
"""

DELETED = object()


def as_json(value: Any) -> Any:
    """What editors hand to a schema: days are texts."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def faults(kind: str, document: Any) -> list[str]:
    """The paths of what a schema finds wrong."""
    validator = Draft202012Validator(schema(kind), format_checker=Draft202012Validator.FORMAT_CHECKER)
    return sorted({"/".join(map(str, error.absolute_path)) for error in validator.iter_errors(document)})


def changed(text: str, path: str, value: Any) -> Any:
    """A document with one thing changed, as an editor sees it."""
    document = tomli.loads(text)
    *parents, last = [int(key) if key.isdigit() else key for key in path.split("/")]
    table: Any = document
    for key in parents:
        table = table[key]
    if value is DELETED:
        del table[last]
    else:
        table[last] = value
    return as_json(document)


def keys(kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every key that a file may have, with its schema."""
    whole = schema(kind)
    for name, table in [(kind, whole), *whole["$defs"].items()]:
        for key, value in table["properties"].items():
            yield f"{name}.{key}", value


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_json_schema(kind):
    Draft202012Validator.check_schema(schema(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_that_ships_is_the_one_that_the_classes_give(kind):
    """After a change to the classes: ``hokensha schema KIND`` into the folder ``schemas`` of the package."""
    shipped = files("hokensha_cli") / "schemas" / f"{kind}.schema.json"

    assert schema_text(kind) == shipped.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_described(kind):
    assert [] == [name for name, value in keys(kind) if not value.get("description")]


def test_every_step_of_a_date_rule_is_offered():
    offered = schema("policy")["$defs"]["Figure"]["properties"]["rule"]["items"]["anyOf"]

    assert [{"$ref": f"#/$defs/{step.__name__}"} for step in STEPS] == offered


def test_choices_and_defaults_are_named():
    month_end = schema("policy")["$defs"]["Months"]["properties"]["month_end"]

    assert (["clamp", "roll-over", "stick"], "clamp") == (month_end["enum"], month_end["default"])


def test_what_a_distribution_that_is_not_there_reads_may_be_anything():
    assert {} == schema("policy")["properties"]["tool"]["additionalProperties"]


@pytest.mark.parametrize(("kind", "text"), [("policy", POLICY), ("cases", CASES)])
def test_a_right_file_passes(kind, text):
    assert [] == faults(kind, as_json(tomli.loads(text)))


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("schema", "hokensha/policy/2", "schema"),
        ("schema", DELETED, ""),
        ("rule", {}, ""),
        ("plugins", [], "plugins"),
        ("plugins", "mutual-aid", "plugins"),
        ("published", "soon", "published"),
        ("published", "2025-13-01", "published"),
        ("published", 5, "published"),
        ("insurer", "x", "insurer"),
        ("insurer/name_en", DELETED, "insurer"),
        ("insurer/name", " ", "insurer/name"),
        ("insurer/nane", "x", "insurer"),
        ("insurer/number", "3113001", "insurer/number"),
        ("sources/0/sha256", "0123", "sources/0/sha256"),
        ("sources/0/locators", DELETED, "sources/0"),
        ("sources/0/locators/001-02", 2, "sources/0/locators/001-02"),
        ("figures/Term", {"modality": "exact"}, "figures"),
        ("figures/changing", [], "figures/changing"),
        ("figures/changing/0/period/by", DELETED, "figures/changing/0/period"),
        ("figures/changing/0/rules", [], "figures/changing/0"),
        ("figures/term", "x", "figures/term"),
        ("figures/term/modality", DELETED, "figures/term"),
        ("figures/term/modality", "exactly", "figures/term/modality"),
        ("figures/term/of", "birth-date", "figures/term/of"),
        ("figures/term/when/overseas_card", 1, "figures/term/when/overseas_card"),
        ("figures/term/when/Card", True, "figures/term/when"),
        ("figures/term/rule/0", {"year": 4}, "figures/term/rule/0"),
        ("figures/term/rule/0", {"years": "4"}, "figures/term/rule/0"),
        ("figures/term/rule/0", {"years": 4, "months": 1}, "figures/term/rule/0"),
        ("figures/term/rule/0", {"years": 4, "month_end": "clip"}, "figures/term/rule/0"),
        ("figures/term/rule/0", {}, "figures/term/rule/0"),
        ("figures/term/rule/1/next", "1 December", "figures/term/rule/1"),
        ("figures/term/rule", {"years": 4}, "figures/term/rule"),
        ("figures/both/earliest", [], "figures/both/earliest"),
        ("rules/certificate/cites", DELETED, "rules/certificate"),
        ("rules/certificate/mass", "yes", "rules/certificate/mass"),
        ("rules/certificate/basis", "officio", "rules/certificate/basis"),
        ("rules/Certificate", {"cites": []}, "rules"),
        ("declined", {"card_lost": "no"}, "declined"),
        ("calendar/yearly", ["29 Dec"], "calendar/yearly/0"),
        ("calendar/dates", ["12-29"], "calendar/dates/0"),
        ("roll", "roll.toml", "roll"),
        ("tool", ["roll"], "tool"),
        ("information/0/en", DELETED, "information/0"),
        ("information/0/text", "x", "information/0"),
    ],
)
def test_a_wrong_policy_is_found_where_it_is_wrong(path, value, where):
    assert [where] == faults("policy", changed(POLICY, path, value))


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("policy", DELETED, ""),
        ("case/0/on", DELETED, "case/0"),
        ("case/0/decide", DELETED, "case/0"),
        ("case/0/present", {"at": "equipped", "expect": {}}, "case/0"),
        ("case/0/cites", "001-01", "case/0/cites"),
        ("case/1/reflect/from", "January", "case/1/reflect/from"),
        ("case/1/reflect/start", "2025-01-31", "case/1/reflect"),
        ("case/2/present/at", "nowhere", "case/2/present/at"),
        ("case/2/present/with/0", " ", "case/2/present/with/0"),
    ],
)
def test_a_wrong_case_is_found_where_it_is_wrong(path, value, where):
    assert [where] == faults("cases", changed(CASES, path, value))


# --- what is learnt by asking, shown on classes made up for it


@frozen
class Part:
    """A part.

    Attributes:
        size: How big,
            in ``cm`` (see :class:`Whole`).
        name: What it is called.
    """

    size: int
    name: str = "nameless"


@frozen
class Whole:
    """A whole, in two paragraphs.

    The second.
    """

    parts: Mapping[str, tuple[Part, ...]]
    colour: Literal["red", "green"] = "red"
    either: str | None = None
    other: bool | None = None
    needy: tuple[str, ...] = ()
    plain: tuple[Part, ...] = field(factory=tuple)


def check(table: Mapping[str, Any]) -> Iterator[Finding]:
    if ("either" in table) == ("other" in table):
        yield Finding("", "one of either and other", "bad-value")
    if "needy" in table and "plain" not in table:
        yield Finding(".plain", "is missing", "missing-key")
    if table.get("colour") == "green" and "plain" not in table:
        yield Finding(".plain", "is missing", "missing-key")


def form(*, one_table: bool, at_least_one: bool) -> Form:
    converter = strict_converter({Whole: check})
    several, one = tuple_hook(tuple[Part, ...], converter), converter.get_structure_hook(Part)

    def hook(value: Any, kind: Any) -> Any:
        if at_least_one and value == []:
            raise StrictError(Finding("", "expected one", "missing-key"))
        return (one(value, Part),) if one_table and not isinstance(value, list) else several(value, kind)

    converter.register_structure_hook_func(lambda kind: kind == tuple[Part, ...], hook)
    return Form(Whole, converter, {Whole: Whole})


def test_a_list_is_a_list_and_one_table_serves_where_the_hook_takes_it():
    part = {"type": "object", "allOf": [{"$ref": "#/$defs/Part"}]}
    lists = tables_of(form(one_table=False, at_least_one=False))
    both = tables_of(form(one_table=True, at_least_one=True))

    assert {"type": "array", "items": part} == lists["properties"]["parts"]["additionalProperties"]
    assert {
        "type": ["object", "array"],
        "allOf": [{"$ref": "#/$defs/Part"}],
        "items": part,
        "minItems": 1,
    } == both["properties"]["parts"]["additionalProperties"]


def test_keys_are_needed_as_structuring_misses_them():
    whole = tables_of(form(one_table=False, at_least_one=False))

    assert ["parts"] == whole["required"]
    assert [{"required": ["either"]}, {"required": ["other"]}] == whole["oneOf"]


def test_a_key_that_always_needs_another_one_says_so_but_not_one_that_does_for_one_value():
    """A schema may let pass what structuring refuses, but not the other way round."""
    whole = tables_of(form(one_table=False, at_least_one=False))

    assert {"needy": ["plain"]} == whole["dependentRequired"]


def test_what_docstrings_say_is_read_as_plain_text():
    whole = tables_of(form(one_table=False, at_least_one=False))
    part = whole["$defs"]["Part"]

    assert "A whole, in two paragraphs.\nThe second." == whole["description"]
    assert "A part." == part["description"]
    assert "How big, in `cm` (see `Whole`)." == part["properties"]["size"]["description"]
    assert "nameless" == part["properties"]["name"]["default"]


def test_the_same_is_written_each_time():
    assert schema_text("policy") == schema_text("policy")
    assert schema("cases") == json.loads(schema_text("cases"))


def test_what_another_distribution_reads_of_a_policy_is_closed_too():
    whole = schema("policy")
    of_rolls = {"type": "object", "allOf": [{"$ref": "#/$defs/Roll"}]}

    assert of_rolls.items() <= whole["properties"]["tool"]["properties"]["roll"].items()
    assert of_rolls.items() <= whole["properties"]["roll"].items()
    assert ["header"] == whole["$defs"]["Column"]["required"]
    assert whole["$defs"]["Roll"]["additionalProperties"] is False
