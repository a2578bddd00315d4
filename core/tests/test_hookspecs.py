"""The hook specifications: each is documented, each example can be pasted, and all agree with the rules."""

from __future__ import annotations

import inspect
import re
import textwrap
from types import FunctionType, ModuleType
from typing import Any, get_args, get_type_hints

import attrs
import pytest

from hokensha import hookspecs, rules
from hokensha.plugins import CHECKS, RESULTS, Provider, examine
from hokensha.rules import HookName, RuleBase

HOOKS = list(get_args(HookName))
SPECS: dict[str, Any] = {
    name: value for name, value in vars(hookspecs).items() if isinstance(value, FunctionType)
}
CLASSES = [cls for classes in RESULTS.values() for cls in classes]


def example(hook: str) -> str:
    """The code under the hook's ``code-block`` directive, as it would be pasted."""
    doc = inspect.getdoc(SPECS[hook]) or ""
    _, found, code = doc.partition(".. code-block:: python\n")
    return textwrap.dedent(code).strip() + "\n" if found else ""


def pasted(hook: str) -> ModuleType:
    """A module whose whole text is the hook's example."""
    module = ModuleType(f"example_{hook}")
    exec(compile(example(hook), f"<example of {hook}>", "exec"), vars(module))
    return module


def test_the_module_holds_the_seven_specs_and_nothing_else() -> None:
    """In the order in which the hooks are called."""
    assert HOOKS == [name for name in vars(hookspecs) if name in SPECS and not name.startswith("_")]
    assert HOOKS == list(RESULTS)
    assert all(hasattr(spec, "hokensha_spec") for spec in SPECS.values())
    public = {
        name
        for name, value in vars(hookspecs).items()
        if getattr(value, "__module__", "") == hookspecs.__name__
    }
    assert set(HOOKS) == public


@pytest.mark.parametrize("hook", HOOKS)
def test_a_spec_takes_no_arguments_and_is_no_firstresult(hook: str) -> None:
    """Hooks answer about no member, and every plugin's answer counts."""
    assert not inspect.signature(SPECS[hook]).parameters
    assert {"firstresult": False, "historic": False}.items() <= SPECS[hook].hokensha_spec.items()


@pytest.mark.parametrize("hook", HOOKS)
def test_a_spec_says_in_one_sentence_what_is_returned(hook: str) -> None:
    """The docstring begins with it, and goes on with nothing but the example."""
    doc = inspect.getdoc(SPECS[hook]) or ""
    first, _, rest = doc.partition("\n")
    assert re.fullmatch(r"Return [^.]+\.", first)
    assert rest.strip().startswith(".. code-block:: python\n")


@pytest.mark.parametrize("hook", HOOKS)
def test_a_specs_example_is_a_plugin_of_that_hook(hook: str) -> None:
    """Pasted into a module it passes the examination that every plugin has to pass."""
    examined = examine(Provider("example"), pasted(hook))
    assert () == examined.findings
    assert (hook,) == examined.hooks
    returned = examined.provided.features or examined.provided.rules
    assert set(RESULTS[hook]) == {type(item) for item in returned}


@pytest.mark.parametrize("hook", HOOKS)
def test_an_examples_hook_is_annotated_as_its_spec(hook: str) -> None:
    """So a type checker holds a plugin to what the specification says."""
    implementation = vars(pasted(hook))[hook]
    assert get_type_hints(SPECS[hook]) == get_type_hints(implementation)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_specs_annotation_names_every_class_of_the_hook(hook: str) -> None:
    """What may be returned is said once in the annotation and once in the check: they agree."""
    (inner,) = get_args(get_type_hints(SPECS[hook])["return"])
    assert set(RESULTS[hook]) == set(get_args(inner) or (inner,))


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_a_result_class_says_to_which_hook_it_belongs(cls: type[Any]) -> None:
    """In ``hook``, and in its docstring."""
    assert cls in RESULTS[cls.hook]
    assert f"Hook ``{cls.hook}``:" in (cls.__doc__ or "")


def test_every_rule_class_can_be_returned_by_a_hook() -> None:
    """A class that no hook returns would be forgotten."""
    bases = {RuleBase, rules.Tested}
    defined = {
        cls
        for cls in vars(rules).values()
        if inspect.isclass(cls) and issubclass(cls, RuleBase) and cls not in bases
    }
    assert defined | {rules.Features} == set(CLASSES)


@pytest.mark.parametrize(
    "cls", [cls for cls in CLASSES if issubclass(cls, RuleBase)], ids=lambda c: c.__name__
)
def test_every_field_of_a_rule_is_checked(cls: type[Any]) -> None:
    """A field added to a rule class needs a check before a plugin can fill it with anything."""
    assert {field.name for field in attrs.fields(cls) if field.init} <= CHECKS.keys()
