"""What a hook may return: the right classes, and in each field what the core expects there."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from enum import Enum
from reprlib import repr as brief
from typing import Any, Final, TypeAlias, get_args

import attrs

from hokensha.facts import Fact, Kind
from hokensha.features import Derived, Feature, Value
from hokensha.rules import (
    ID,
    Action,
    At,
    Document,
    Features,
    Ground,
    Latency,
    Met,
    Presentation,
    Remedy,
    Return,
    RuleBase,
    Scheme,
    Trigger,
    Validity,
)
from hokensha.text import Label

RESULTS: Final[dict[str, tuple[type[Any], ...]]] = {
    "features": (Features,),
    "eligibility": (Scheme, Ground),
    "document_validity": (Validity,),
    "issuance_triggers": (Trigger, Remedy),
    "reflection_latency": (Latency,),
    "presentation": (Presentation,),
    "returns": (Return,),
}
"""Every hook, in the order in which they are called, and the classes that it returns."""

Problem: TypeAlias = "tuple[str, str]"
"""Where in the result, and what is wrong there."""
Check: TypeAlias = "tuple[Callable[[Any], bool], str]"
"""Whether a value is as expected, and the expectation in words."""

_FACT_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _id(value: object) -> bool:
    return isinstance(value, str) and ID.fullmatch(value) is not None


def _fact_id(value: object) -> bool:
    return isinstance(value, str) and _FACT_ID.fullmatch(value) is not None


def _label(value: object) -> bool:
    return isinstance(value, Label) and _text(value.ja) and _text(value.en)


def _all(check: Callable[[Any], bool], *, least: int = 1) -> Callable[[Any], bool]:
    """Whether a value is a tuple of at least so many different things, each as ``check`` wants it."""
    return lambda value: (
        isinstance(value, tuple) and len(value) >= least and all(map(check, value)) and not _repeated(value)
    )


def _repeated(values: tuple[Any, ...]) -> bool:
    return any(value in values[:position] for position, value in enumerate(values))


def _is(*classes: type[Any]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, classes)


def _rule_function(value: object) -> bool:
    """Whether a value can be called with a situation, and answers at once."""
    odd = (inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction)
    if not callable(value) or isinstance(value, type) or any(is_odd(value) for is_odd in odd):
        return False
    try:
        inspect.signature(value).bind(None)
    except (TypeError, ValueError):
        return False
    return True


def _enum(kind: type[Enum]) -> Check:
    return _is(kind), f"a {kind.__name__}"


_ID: Final[Check] = (_id, "words of small letters and digits, joined by hyphens")
_LABEL: Final[Check] = (_label, "a Label that is empty in neither Japanese nor English")
_FUNCTION: Final[Check] = (_rule_function, "a plain function of one situation (not async, no generator)")
_FLAG: Final[Check] = (_is(bool), "True or False")
_NAME_OR_NONE: Final[Check] = (lambda value: value is None or _text(value), "a name, or None")

CHECKS: Final[dict[str, Check]] = {
    "id": _ID,
    "label": _LABEL,
    "cites": (_all(_text), "a tuple of at least one source, each a text that is not empty, none twice"),
    "replaces": (lambda value: value is None or _id(value), "the id of an earlier plugin's rule, or None"),
    "test": _FUNCTION,
    "unusable": _FLAG,
    "document": _enum(Document),
    "purpose": _ID,
    "met": _enum(Met),
    "event": _NAME_OR_NONE,
    "loss": _NAME_OR_NONE,
    "process": _ID,
    "counts_from": (lambda value: value is None or _fact_id(value), "the id of a fact, or None"),
    "at": (_all(_is(At)), "a tuple of at least one At, none twice"),
    "shows": (_all(_is(Document)), "a tuple of at least one Document, none twice"),
    "uncertain": _FLAG,
    "action": _enum(Action),
}
"""What each field of a rule has to be; fields of one name mean the same in all classes."""

_FEATURES_CHECKS: Final[dict[str, Check]] = {
    "facts": (_all(_is(Fact), least=0), "a tuple of Facts, none twice"),
    "features": (_all(_is(Feature), least=0), "a tuple of features, none twice"),
}
_FACT_CHECKS: Final[dict[str, Check]] = {
    "id": (_fact_id, "words of small letters and digits, joined by underscores"),
    "kind": (lambda value: value in get_args(Kind), "one of " + ", ".join(get_args(Kind))),
    "label": _LABEL,
    "nullable": _FLAG,
    "values": (_all(_text, least=0), "texts that are not empty, none twice"),
    "planned": _FLAG,
    "sensitive": _FLAG,
}
_FEATURE_CHECKS: Final[dict[str, Check]] = {
    "id": (lambda value: _text(value) and not re.search(r"\s", value), "a text without spaces"),
    "label": _LABEL,
    "values": (
        _all(_is(Value, bool)),
        "a tuple of at least one member of a Value class or boolean, none twice",
    ),
}


def problems(hook: str, result: object) -> Iterator[Problem]:
    """Everything in which a hook's result is not what the core expects."""
    classes = RESULTS[hook]
    if not isinstance(result, list | tuple):
        names = " or ".join(cls.__name__ for cls in classes)
        yield "", f"returned {_described(result)}; return a list or a tuple of {names}"
        return
    for index, item in enumerate(result):
        if type(item) not in classes:
            yield f"[{index}]", _wrong_class(item, classes)
        elif isinstance(item, Features):
            for place, message in _features_problems(item):
                yield f"[{index}].{place}", message
        else:
            for place, message in _rule_problems(item):
                yield f"[{index}].{place}", message


def _described(result: object) -> str:
    if inspect.iscoroutine(result):
        result.close()  # it will never be awaited, and that is said here
        return "a coroutine"
    if inspect.isgenerator(result) or inspect.isasyncgen(result):
        return "a generator"
    if type(result) in [cls for classes in RESULTS.values() for cls in classes]:
        return f"a single {type(result).__name__}"
    return "nothing (None)" if result is None else f"{brief(result)} ({type(result).__name__})"


def _wrong_class(item: object, classes: tuple[type[Any], ...]) -> str:
    expected = " or ".join(cls.__name__ for cls in classes)
    cls = type(item)
    owner = next((hook for hook, own in RESULTS.items() if cls in own), None)
    if owner is not None:
        return f"is a {cls.__name__}, which the hook '{owner}' returns; expected {expected}"
    if isinstance(item, classes):
        return f"is a {cls.__name__}, a class derived from {expected}; return the class itself"
    return f"is {brief(item)} ({cls.__name__}); expected {expected}"


def _field_problems(item: Any, checks: dict[str, Check]) -> Iterator[Problem]:
    for name, (check, expected) in checks.items():
        value = getattr(item, name)
        if not check(value):
            yield name, f"expected {expected}; found {brief(value)}"


def _rule_problems(rule: RuleBase) -> Iterator[Problem]:
    names = [a.name for a in attrs.fields(type(rule)) if a.init]
    yield from _field_problems(rule, {name: CHECKS[name] for name in names})
    if isinstance(rule, Trigger):
        for name, met in (("event", Met.SINCE), ("loss", Met.VALID_AFTER_LOSS)):
            given = getattr(rule, name) is not None
            if rule.met is met and not given:
                yield name, f"is missing; Met.{met.name} needs it"
            if rule.met is not met and given:
                yield name, f"means nothing without met=Met.{met.name}; set that, or leave {name} out"


def _features_problems(features: Features) -> Iterator[Problem]:
    wrong = list(_field_problems(features, _FEATURES_CHECKS))
    yield from wrong
    if wrong:
        return
    for index, fact in enumerate(features.facts):
        for name, message in fact_problems(fact):
            yield f"facts[{index}].{name}", message
    for index, feature in enumerate(features.features):
        for name, message in _feature_problems(feature):
            yield f"features[{index}]{name}", message


def fact_problems(fact: Fact) -> Iterator[Problem]:
    """Everything in which a further fact, a plugin's or a policy's, is not what the core expects."""
    yield from _field_problems(fact, _FACT_CHECKS)
    if (fact.kind == "code") is not bool(fact.values):
        yield "values", "a code has the closed set of its values, and nothing else has"


def _feature_problems(feature: Feature[Any]) -> Iterator[Problem]:
    if type(feature).__module__ != Feature.__module__ or type(feature) is Feature:
        yield "", f"is a {type(feature).__name__}; declare one of the kinds in {Feature.__module__}"
        return
    for name, message in _field_problems(feature, _FEATURE_CHECKS):
        yield f".{name}", message
    if isinstance(feature, Derived) and not _rule_function(feature.function):
        yield ".function", f"expected {_FUNCTION[1]}; found {brief(feature.function)}"


def shape(value: object) -> object:
    """What two calls of a pure hook have in common: classes and fields, functions by their names."""
    cls = type(value)
    if attrs.has(cls):
        names = [a.name for a in attrs.fields(cls) if a.eq]
        return cls, tuple((name, shape(getattr(value, name))) for name in names)
    if isinstance(value, list | tuple):
        return cls, tuple(map(shape, value))
    if callable(value):
        return getattr(value, "__module__", None), getattr(value, "__qualname__", cls)
    return value
