"""What `hokensha_standard` offers: each public name, with its words, and what it reads in the end.

The reference page shows it, and a test holds it complete; both ask this module.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from enum import Enum
from types import ModuleType
from typing import Any

from attrs import frozen

import hokensha_standard as standard
from hokensha import Catalogue, Document, Plugin
from hokensha.features import Derived, Feature, InForce, OfPolicy
from hokensha.rules import Basis, Tested
from hokensha.text import value_text
from hokensha_standard import documents, facts, features, rules
from hokensha_verify import walk

OF_RULES = inspect.getmodule(Basis)
"""Where the kinds of rules are written down, and what is read of all a policy's rules."""

OF_EVERY_RULE = "what the policy's own rules read"
"""What a feature reads whose function the policy makes up."""
_PUBLIC = re.compile("[A-Za-z]")


@frozen
class Name:
    """One public name.

    Attributes:
        name: As it is imported.
        thing: What it is.
        about: What its docstring says, in Markdown.
        facts: The facts that it reads in the end, where policies do not decide on them.
        figures: The figures that a policy needs for it.
    """

    name: str
    thing: Any
    about: str
    facts: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """In words."""
        if isinstance(self.thing, type):
            return "values"
        kinds = {Feature: "feature", Document: "document", Plugin: "plugin", Tested: "rule"}
        return next((kind for cls, kind in kinds.items() if isinstance(self.thing, cls)), "list")


def names() -> dict[str, Name]:
    """Every public name, in the order in which the modules have them."""
    found: dict[str, Name] = {}
    for module in (OF_RULES, facts, features, documents, rules):
        for name, about in _defined(module):
            if name in standard.__all__:
                thing = getattr(standard, name)
                found[name] = Name(name, thing, _markdown(about), *_read(thing))
    return found


def is_enumeration(thing: object) -> bool:
    """Whether it is an enumeration with members that rules are written with."""
    if not isinstance(thing, type) or not issubclass(thing, Enum) or not len(thing):
        return False
    return inspect.getmodule(thing) in (OF_RULES, features)


def members(kind: type[Enum]) -> Iterator[tuple[str, str, str]]:
    """Each member of an enumeration: its name, its value, what its docstring says."""
    (body,) = (each.body for each in _tree(inspect.getmodule(kind)) if _named(each) == kind.__name__)
    for name, about in _assigned(body):
        yield name, value_text(kind[name]), _markdown(about)


def _defined(module: ModuleType | None) -> Iterator[tuple[str, str]]:
    tree = _tree(module)
    assigned = dict(_assigned(tree))
    for each in tree:
        if isinstance(each, ast.ClassDef | ast.FunctionDef) and _PUBLIC.match(each.name):
            yield each.name, inspect.cleandoc(ast.get_docstring(each) or "")
        else:
            yield from ((name, assigned[name]) for name in _targets(each))


def _tree(module: ModuleType | None) -> list[ast.stmt]:
    assert module is not None  # noqa: S101 - for mypy
    return ast.parse(inspect.getsource(module)).body


def _named(statement: ast.stmt) -> str:
    """The public name of a class or function."""
    defined = isinstance(statement, ast.ClassDef | ast.FunctionDef)
    return statement.name if defined and _PUBLIC.match(statement.name) else ""


def _targets(statement: ast.stmt) -> list[str]:
    """The public names that a statement assigns to."""
    targets = [statement.target] if isinstance(statement, ast.AnnAssign) else []
    targets = list(statement.targets) if isinstance(statement, ast.Assign) else targets
    return [each.id for each in targets if isinstance(each, ast.Name) and _PUBLIC.match(each.id)]


def _assigned(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    """What is assigned, each with the text that stands after it."""
    for statement, after in zip(body, [*body[1:], ast.Pass()], strict=True):
        text = after.value if isinstance(after, ast.Expr) else None
        said = text.value if isinstance(text, ast.Constant) and isinstance(text.value, str) else ""
        yield from ((name, inspect.cleandoc(said)) for name in _targets(statement))


def _markdown(text: str) -> str:
    return re.sub(r":\w+:`([^`]+)`", r"`\1`", text.replace("``", "`"))


def _read(thing: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The facts, and the figures of a policy, that a feature or a rule reads in the end."""
    read: dict[str, None] = {}
    figures: dict[str, None] = {}
    ahead: list[Any] = [thing.holds if isinstance(thing, Tested) else thing]
    if isinstance(thing, Document):
        ahead = [thing.expired, thing.valid, thing.at_hand, thing.given]
    seen: set[Any] = set()
    catalogue = Catalogue().extended(standard.FACTS)
    while ahead:
        feature = ahead.pop()
        if feature in seen or not isinstance(feature, Feature):
            continue
        seen.add(feature)
        if isinstance(feature, Derived):
            ahead += reversed([each for each, _ in walk(feature.function).asked])
        if isinstance(feature, OfPolicy | InForce):
            read[OF_EVERY_RULE] = None
        read.update(dict.fromkeys(f"`{fact}`" for fact in feature.facts()))
        for figure in feature.figures():  # a dated fact's own name is a figure, too
            (read if figure in catalogue else figures)[f"`{figure}`"] = None
    return tuple(read), tuple(figures)
