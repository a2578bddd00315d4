"""Every policy and case file that ships, against the JSON Schema; and the policies, changed anywhere.

The schema may let pass what structuring refuses. It may not refuse what structuring takes.
"""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path

import pytest
import tomli
from every_policy import VARIED, path_of
from jsonschema import Draft202012Validator

from hokensha import load_policy
from hokensha.errors import PolicyError
from hokensha_cli.jsonschema import schema
from hokensha_roll import roll_of

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = sorted([*ROOT.glob("examples/*/policy*.toml"), *ROOT.glob("plugins/*/src/*/presets/*.toml")])
POLICIES = [*SHIPPED, path_of(VARIED)]
CASES = sorted(ROOT.glob("plugins/*/cases/*.toml"))
NAMES = {path_of(VARIED): VARIED} | {path: path.relative_to(ROOT).as_posix() for path in (*SHIPPED, *CASES)}
VALUES = ("x", " ", "a-b", 5, True, 2.5, [], [5], ["x"], {}, {"x": 5}, date(2025, 12, 1))
OF_VALUES = (".reading", ".latest_rule", ".period")
"""Keys that a table needs for the values of others, which no schema knows."""


def validator(kind):
    return Draft202012Validator(schema(kind), format_checker=Draft202012Validator.FORMAT_CHECKER)


def as_json(value):
    """What editors hand to a schema: days are texts."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("path", POLICIES, ids=NAMES.get)
def test_a_policy_that_ships_passes(path):
    assert [] == [*validator("policy").iter_errors(as_json(tomli.loads(path.read_text("utf-8"))))]


@pytest.mark.parametrize("path", CASES, ids=NAMES.get)
def test_a_case_file_that_ships_passes(path):
    assert [] == [*validator("cases").iter_errors(as_json(tomli.loads(path.read_text("utf-8"))))]


def places(value, path=()):
    """The path of every value in a document."""
    for key, item in [*value.items()] if isinstance(value, dict) else [*enumerate(value)]:
        yield (*path, key)
        if isinstance(item, dict | list):
            yield from places(item, (*path, key))


def keys():
    """The names of keys, as against those that an insurer gives."""
    whole = schema("policy")
    return {key for table in (whole, *whole["$defs"].values()) for key in table["properties"]}


def sample():
    """Of every kind of place, one, with the policy that it is in."""
    named, found = keys(), {}
    for path in POLICIES:
        document = tomli.loads(path.read_text("utf-8"))
        for place in places(document):
            found.setdefault(tuple(key if key in named else "*" for key in place), (path, place))
    return found.values()


def variants(document, place):
    """The document with one thing changed: left out, called otherwise, or something else."""
    *parents, last = place
    for change in ("left out", "renamed", *VALUES):
        changed = copy.deepcopy(document)
        table = changed
        for key in parents:
            table = table[key]
        if change == "renamed" and isinstance(table, dict):
            table["zz"] = table.pop(last)
        elif change in ("left out", "renamed"):
            del table[last]
        else:
            table[last] = change
        yield change, changed


def refused(document, monkeypatch):
    """What structuring finds wrong: the policy, and what is read of rolls."""
    monkeypatch.setattr("hokensha.policy.reading.parse", lambda _data, _file: document)
    try:
        roll_of(load_policy(POLICIES[0]))
    except PolicyError as error:
        return error.findings
    return ()


def of_keys_and_kinds(findings):
    """Whether anything is wrong that a schema can know."""
    known = ("wrong-type", "unknown-key", "missing-key")
    return any(found.code in known and not found.where.endswith(OF_VALUES) for found in findings)


def named(each):
    return "" if isinstance(each, Path) else ".".join(map(str, each))


@pytest.mark.parametrize(("path", "place"), sample(), ids=named)
def test_a_change_is_refused_for_keys_and_kinds_and_never_if_structuring_takes_it(path, place, monkeypatch):
    document, against = tomli.loads(path.read_text("utf-8")), validator("policy")
    differing = []
    for change, changed in variants(document, place):
        findings, valid = refused(changed, monkeypatch), against.is_valid(as_json(changed))
        day_as_text = isinstance(change, date)  # to a schema, days are texts
        if (not findings and not valid) or (valid and of_keys_and_kinds(findings) and not day_as_text):
            differing.append((change, valid, findings))

    assert [] == differing
