"""The public names are these; a name is added or taken away on purpose only."""

import ast
import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import hokensha

NAMES = """
    NOT_STATED UNKNOWN Action At Band Basis Calendar Catalogue Coded DayValue Decision Derived Document
    DocumentState Due Explained Fact FactValue Feature Features Finding Ground HeldGround HokenshaError
    Issuance Known
    Label Language Latency Member MemberError Met Modality Order Phase PluginError Policy PolicyError
    Presentation Presented QuestionError Reached Reflected Remedy Report Return ReturnDue Rulebook Scheme
    Sequence Setting Situation Trigger Unknown Validity Value Within
    bind check decide declare derived explain flag hookimpl known load_plugins load_policy open_rulebook
    parse_member
    present purposes reached reflect standard validity within
"""
PUBLIC = NAMES.split()


def test_the_public_names_are_frozen():
    assert PUBLIC == hokensha.__all__


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there(name):
    assert getattr(hokensha, name) is getattr(hokensha, name)
    assert name in dir(hokensha)


def test_type_checkers_see_the_same_names_from_the_same_modules():
    tree = ast.parse(Path(inspect.getfile(hokensha)).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.asname or alias.name: (statement.module, alias.name)
        for statement in block.body
        for alias in statement.names
    }

    assert set(PUBLIC) == set(seen)
    for name, (module, original) in seen.items():
        expected = import_module(f"hokensha.{name}") if module == "hokensha" else None
        assert getattr(hokensha, name) is (expected or getattr(import_module(module), original))


def test_no_function_or_class_bears_the_name_of_a_module():
    """Importing such a module would put it in the place of the function."""
    modules = {path.stem for path in Path(inspect.getfile(hokensha)).parent.glob("*.py")}

    assert {"declare", "standard"} == modules & set(PUBLIC)


def test_a_name_that_is_not_public_is_an_ordinary_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'decid'"):
        hokensha.decid  # noqa: B018


def test_importing_hokensha_imports_nothing_of_it():
    code = "import sys, hokensha; print([m for m in sys.modules if m.startswith(('hokensha.', 'attr'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "[]\n" == done.stdout


def test_what_decides_needs_neither_the_command_line_nor_tables():
    code = "import sys; from hokensha import decide, open_rulebook; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert {"click", "rich"}.isdisjoint(done.stdout.split())
