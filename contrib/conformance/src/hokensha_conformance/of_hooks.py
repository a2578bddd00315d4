"""HK1: whether a plugin can be loaded, and hands over what it says that it does."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from hokensha.errors import Finding
from hokensha.plugins import RESULTS
from hokensha.rules import RuleBase, Tested
from hokensha_conformance import FILE
from hokensha_conformance.checks import check
from hokensha_conformance.subject import Subject


@check(
    "HK101",
    "エントリーポイントからプラグインを読み込める",
    "the plugin can be loaded",
    mend="Install the plugin in this environment, once, and let its entry point name a module that imports.",
)
def loads(subject: Subject) -> Iterator[Finding]:
    """One installed distribution has an entry point of this name, and the module that it names imports.

    Every hook of that module can be called.
    """
    yield from subject.findings("plugin-missing", "plugin-duplicate", "plugin-broken")


@check(
    "HK102",
    "フックの名前と引数が正しい",
    "hooks are named and signed as the core calls them",
    mend="Name each hook as the reference does, mark it with @hookimpl alone, and let it take nothing.",
)
def signatures(subject: Subject) -> Iterator[Finding]:
    """Nothing that looks like a hook is passed over, and each is a plain function without arguments."""
    yield from subject.findings("hook-unknown", "hook-signature")


@check(
    "HK103",
    "フックの戻り値が正しい",
    "hooks return what the core expects",
    mend="Return a list of the classes that belong to the hook, with ids that are used once.",
)
def results(subject: Subject) -> Iterator[Finding]:
    """Each hook returns its own classes, each field holds what it has to, and no id is taken twice."""
    yield from subject.findings("hook-result", "rule-clash")


@check(
    "HK104",
    "フックは何度呼んでも同じものを返す",
    "hooks return the same again",
    mend="Declare rules once, at the top of a module, and return them.",
    waivable=False,
)
def same_again(subject: Subject) -> Iterator[Finding]:
    """A hook that is called a second time, after all others, returns the same rules."""
    yield from subject.findings("hook-not-pure")


@check(
    "HK105",
    "宣言した機能と実装が一致する",
    "what is claimed is there, and what is there is claimed",
    mend=f"Let 'claims' in {FILE} name every hook that the plugin implements, and no other.",
)
def claims(subject: Subject) -> Iterator[Finding]:
    """The hooks that the plugin implements are those that it claims: no check is passed over by oversight."""
    claimed, hooks = set(subject.declared.claims), set(subject.examined.hooks)
    where = f"{FILE}: claims"
    for hook in RESULTS:
        if hook in hooks - claimed:
            yield Finding(where, f"lacks '{hook}', a hook that the plugin implements", "claim-missing")
        if hook in claimed - hooks:
            yield Finding(where, f"names '{hook}', a hook that the plugin does not implement", "claim-empty")


@check(
    "HK108",
    "宣言した規則がすべてフックから返される",
    "every rule that is declared is handed over",
    mend="Return the rule from its hook, or remove it.",
)
def handed_over(subject: Subject) -> Iterator[Finding]:
    """No rule stands in the plugin's modules that no hook returns: one forgotten looks as if in force.

    Looked for at the top of every module of the plugin's package that is imported.
    """
    handed = {id(rule) for rule in subject.examined.provided.rules}
    package = subject.examined.package
    for name, module in sorted(sys.modules.items()):
        if package and (name == package or name.startswith(f"{package}.")):
            for value in vars(module).values():
                if _own(value, package) and id(value) not in handed:
                    handed.add(id(value))
                    yield Finding(f"module {name}", f"no hook returns rule '{value.id}'", "rule-forgotten")


def _own(value: object, package: str) -> bool:
    """Whether a rule is the package's own: one taken from another plugin has a function of that plugin."""
    if not isinstance(value, Tested):
        return isinstance(value, RuleBase)
    return value.test.__module__ == package or value.test.__module__.startswith(f"{package}.")


CHECKS = (loads, signatures, results, same_again, claims, handed_over)
BEFORE_LOADING = (loads, signatures, results, same_again)
"""These tell why a plugin cannot be loaded."""
