"""Directives of what plugins work with: shared names, checks of the conformance kit, decision tables."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

import account
import shared
from generated import Generated, first_sentence, table
from sphinx.application import Sphinx

from hokensha import Plugin, features
from hokensha.rules import Document, Ground, RuleBase, hookspecs
from hokensha_cli.ruledoc import rule_document
from hokensha_cli.rulepages import markdown
from hokensha_conformance import OF_PLUGIN, OF_POLICY, checks_of_others

FEATURE_FUNCTIONS = (features.flag, features.known, features.reached, features.within, features.derived)


class Checks(Generated):
    """Every check: what it proves, how to mend what it finds."""

    def markdown(self) -> Iterator[str]:
        """A paragraph for each, by id."""
        for check in sorted((*OF_PLUGIN, *OF_POLICY, *checks_of_others()), key=lambda each: each.id):
            yield from ("", f"**{check.id} {check.title.en}** ({check.title.ja})", "", check.proves, "")
            notes = [f"To mend it: {check.mend}"]
            notes += [f"Asked only of plugins that claim `{check.claim}`."] if check.claim else []
            notes += [] if check.waivable else ["No deviation can be declared."]
            yield from (" ".join(notes), "")


class PolicyRules(Generated):
    """The rules of one policy as decision tables: ``{policy-rules} examples/.../policy.toml``."""

    def markdown(self) -> Iterator[str]:
        """What ``hokensha rules`` writes, with headings as bold lines: a directive can have no sections."""
        text = markdown(rule_document(account.rulebooks()[self.arguments[0]], None, "en"), "en")
        for line in text.splitlines():
            yield re.sub(r"^#+ (.*)$", r"**\1**", line)


class SharedNames(Generated):
    """The public names of ``hokensha_standard`` of one kind: ``{shared-names} features``."""

    def markdown(self) -> Iterator[str]:
        """A row for each; of values one for each member."""
        wanted = self.arguments[0].removesuffix("s")
        named = [name for name in shared.names().values() if not isinstance(name.thing, Plugin)]
        found = [name for name in named if name.kind.removesuffix("s") == wanted]
        if wanted == "document":
            found = [name for name in named if isinstance(name.thing, Document)]
            yield from table(
                ["name", "meaning", "facts that date it", "figure of its last day"],
                [_document(name) for name in found],
            )
        elif wanted == "value":
            for name in found:
                yield from ("", f"**`{name.name}`** {name.about}", "")
                rows = [[f"`{name.name}.{each}`", f"`{code}`", about] for each, code, about in _of(name)]
                yield from table(["name", "code in facts", "meaning"], rows)
        elif wanted == "list":
            yield from table(["name", "holds", "meaning"], [_listed(name) for name in found])
        else:
            head = [
                "name",
                "kind",
                "meaning, and when to take it",
                "facts it reads",
                "figures a policy needs",
            ]
            yield from table(head, [_row(name) for name in found])


class FunctionSignatures(Generated):
    """The functions by which plugins make rules and features."""

    def markdown(self) -> Iterator[str]:
        """A row for each."""
        own = [
            function
            for name, function in vars(Plugin).items()
            if inspect.isfunction(function) and not name.startswith("_") and not hasattr(hookspecs, name)
        ]
        rows = [_signature(function, "plugin.") for function in own]
        rows += [_signature(function, "") for function in FEATURE_FUNCTIONS]
        yield from table(["function", "does"], rows)


def _signature(function: Callable[..., Any], prefix: str) -> list[str]:
    parameters = [each for name, each in inspect.signature(function).parameters.items() if name != "self"]
    return [
        f"`{prefix}{function.__name__}({', '.join(map(_written, parameters))})`",
        first_sentence(function),
    ]


def _written(parameter: inspect.Parameter) -> str:
    name = parameter.name.removesuffix("_")
    if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
        return f"*{name}"
    if parameter.default is inspect.Parameter.empty:
        return f"{name}=..." if parameter.kind is inspect.Parameter.KEYWORD_ONLY else name
    default = parameter.default
    return f"{name}={default if isinstance(default, Enum) else repr(default)}"


def _of(name: shared.Name) -> Iterator[tuple[str, str, str]]:
    return shared.members(name.thing)


def _listed(name: shared.Name) -> list[str]:
    return [f"`{name.name}`", ", ".join(f"`{item.id}`" for item in name.thing), name.about]


def _document(name: shared.Name) -> list[str]:
    document: Document = name.thing
    written = f"`{name.name}`<br>`{document.id}`<br>{document.label.ja}<br>{document.label.en}"
    facts = [f"`{fact}`" for fact in document.facts()]
    figure = "" if document.last_day in (None, document.valid_until) else f"`{document.last_day}`"
    return [written, name.about, ", ".join(facts), figure]


def _row(name: shared.Name) -> list[str]:
    thing, about, kind = name.thing, name.about, type(name.thing).__name__
    written = f"`{name.name}`<br>{thing.label.ja}<br>{thing.label.en}"
    if isinstance(thing, RuleBase):
        written = f"`{name.name}`<br>`{thing.id}`<br>{thing.label.ja}<br>{thing.label.en}"
    if isinstance(thing, Ground) and not thing.unusable:
        about += " The card works all the same: the ground only gives a claim."
    return [written, f"`{kind}`", about, ", ".join(name.facts), ", ".join(name.figures)]


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directives."""
    app.add_directive("conformance-checks", Checks)
    app.add_directive("policy-rules", PolicyRules)
    app.add_directive("shared-names", SharedNames)
    app.add_directive("function-signatures", FunctionSignatures)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
