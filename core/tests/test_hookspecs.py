"""The hook specifications: each is documented, each example can be pasted, and all agree with the rules."""

from __future__ import annotations

import inspect
import re
import textwrap
from types import FunctionType, ModuleType
from typing import Any, get_args, get_type_hints

import attrs
import pytest

from hokensha.facts import Fact
from hokensha.plugins import Provider, examine
from hokensha.rules import RESULTS, Document, Features, Plugin, RuleBase, hookspecs, kinds
from hokensha.text import Label

HOOKS = list(RESULTS)
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
    module = pasted(hook)
    examined = examine(Provider("example"), vars(module).get("plugin", module))
    assert () == examined.findings
    assert {hook} == {*examined.hooks} - ({"features"} - {hook})  # some hand over a document, too
    returned = examined.provided.rules or examined.provided.features
    assert set(RESULTS[hook]) == {type(item) for item in returned}


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_is_annotated_as_its_spec(hook: str) -> None:
    """A plugin's own functions, as an example has them, and what a Plugin implements."""
    implementation = vars(pasted(hook)).get(hook, getattr(Plugin, hook))
    assert (
        get_type_hints(SPECS[hook]) == get_type_hints(implementation) == get_type_hints(getattr(Plugin, hook))
    )


def test_the_examples_show_both_ways_of_writing_a_plugin() -> None:
    """What is handed over to a Plugin, and a module with functions of its own."""
    assert {"Plugin", "hookimpl"} == {
        name for hook in HOOKS for name in ("Plugin", "hookimpl") if name in example(hook)
    }


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
    bases = {RuleBase, kinds.Tested}
    defined = {
        cls
        for cls in vars(kinds).values()
        if inspect.isclass(cls) and issubclass(cls, RuleBase) and cls not in bases
    }
    assert defined | {Features} == set(CLASSES)


@pytest.mark.parametrize("cls", [*CLASSES, Fact, Document, Label], ids=lambda cls: cls.__name__)
def test_every_field_of_what_a_plugin_declares_is_checked(cls: type[Any]) -> None:
    """A field added to a class needs a check before a plugin can fill it with anything."""
    assert [] == [field.name for field in attrs.fields(cls) if field.init and field.validator is None]
