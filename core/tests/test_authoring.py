"""The decorators with which plugin code writes rules down."""

from __future__ import annotations

import inspect
from typing import Any

import attrs
import pytest

from hokensha import Plugin
from hokensha.plugins import RESULTS
from hokensha.rules import (
    Action,
    At,
    Ground,
    Latency,
    Met,
    Presentation,
    Remedy,
    Return,
    Scheme,
    Trigger,
    Validity,
)
from hokensha.text import Label
from hokensha_standard import CERTIFICATE

declare = Plugin()

WORDS: Any = ("an-id", "日本語", "English")
CERTIFICATE = CERTIFICATE

DECORATORS: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "scheme": (Scheme, {}),
    "ground": (Ground, {"unusable": False}),
    "trigger": (Trigger, {"document": CERTIFICATE, "met": Met.SINCE, "event": "enrolled_on", "loss": None}),
    "remedy": (Remedy, {}),
    "presents": (Presentation, {"at": (At.EQUIPPED,), "shows": (CERTIFICATE,), "uncertain": True}),
    "returns": (Return, {"document": CERTIFICATE, "action": Action.DESTROY}),
}
CALLS: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "validity": (Validity, {"document": CERTIFICATE, "purpose": "renewal"}),
    "latency": (Latency, {"process": "enrolment", "counts_from": "enrolled_on"}),
}
ALL = {**DECORATORS, **CALLS}


def always(s: object) -> bool:
    return True


@pytest.mark.parametrize("name", DECORATORS)
def test_a_decorated_function_becomes_the_rule(name: str) -> None:
    """With every field as it was given, and the function as its test."""
    cls, fields = DECORATORS[name]
    rule = getattr(declare, name)(*WORDS, cites=("001-12",), replaces="another", **fields)(always)
    expected = cls(
        id="an-id",
        label=Label("日本語", "English"),
        cites=("001-12",),
        replaces="another",
        test=always,
        **fields,
    )
    assert expected == rule


@pytest.mark.parametrize("name", CALLS)
def test_a_rule_without_a_function_is_a_plain_call(name: str) -> None:
    """With every field as it was given."""
    cls, fields = CALLS[name]
    rule = getattr(declare, name)(*WORDS, cites=("001-12",), replaces="another", **fields)
    expected = cls(
        id="an-id", label=Label("日本語", "English"), cites=("001-12",), replaces="another", **fields
    )
    assert expected == rule


@pytest.mark.parametrize("name", ALL)
def test_what_is_left_out_is_what_the_rules_class_says(name: str) -> None:
    """Defaults are the same in both places."""
    cls, _ = ALL[name]
    parameters = inspect.signature(getattr(declare, name)).parameters
    for field in attrs.fields(cls):
        if field.init and field.name not in ("id", "label", "test"):
            missing = parameters[field.name].default is inspect.Parameter.empty
            assert missing is (field.default is attrs.NOTHING)
            assert missing or field.default == parameters[field.name].default


@pytest.mark.parametrize("name", ALL)
def test_only_the_id_and_its_words_go_without_a_name(name: str) -> None:
    """So that a declaration can be read without looking up the order of its parts."""
    parameters = inspect.signature(getattr(declare, name)).parameters.values()
    assert ["id_", "ja", "en"] == [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY]


def test_there_is_one_for_every_class_of_rule() -> None:
    """None is left that plugin code would have to build by hand."""
    classes = {cls for hook, classes in RESULTS.items() if hook != "features" for cls in classes}
    assert classes == {cls for cls, _ in ALL.values()}
    own = {
        name for name, value in vars(declare).items() if getattr(value, "__module__", "") == declare.__name__
    }
    assert own == set(ALL)
