"""How one plugin is examined: how its hooks are marked, named and signed, and what they return."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from reprlib import repr as brief
from types import FunctionType, ModuleType
from typing import Any, Final

import attrs
import pluggy
from attrs import frozen

from hokensha.errors import DeclarationError, Finding
from hokensha.plugins.combining import Provided, Provider, clashes
from hokensha.rules import (
    PROJECT,
    Features,
    Ground,
    Latency,
    Plugin,
    Presentation,
    Remedy,
    Return,
    Scheme,
    Trigger,
    Validity,
    hookspecs,
)
from hokensha.text import nearest

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
_MARK = f"{PROJECT}_impl"
_HOOKS = list(RESULTS)


@frozen
class Examined:
    """What came out of examining a plugin.

    Attributes:
        hooks: The hooks that it implements as it should.
        provided: What they returned; to be used only if there is no finding.
        findings: All that is wrong with it.
        package: The package that its entry point names, or the one above that module; empty if none imports.
    """

    hooks: tuple[str, ...]
    provided: Provided
    findings: tuple[Finding, ...]
    package: str = ""


def examine(provider: Provider, plugin: object, package: str = "") -> Examined:
    """Check a plugin and call its hooks, each twice: what is pure returns the same again."""
    if isinstance(plugin, Plugin):
        return _examined(provider, plugin, _HOOKS, [], package)
    if not isinstance(plugin, ModuleType):
        message = (
            f"its entry point names {_kind(plugin)}, neither a Plugin nor a module; "
            "name the Plugin, or the module that has the hooks"
        )
        found = provider.finding("plugin-broken", "", message)
        return Examined((), Provided(provider, (), ()), (found,), package)
    marked = {name: value for name, value in vars(plugin).items() if _options(value) is not None}
    findings = list(_unmarked(provider, plugin, marked))
    sound = ModuleType(plugin.__name__)
    for name, value in marked.items():
        wrong = [provider.finding(code, name, message) for code, message in _faults(name, value)]
        findings.extend(wrong)
        if not wrong:
            setattr(sound, name, value)
    if not marked and not findings:
        message = f"implements no hook; mark at least one of {', '.join(_HOOKS)} with @hookimpl"
        findings.append(provider.finding("hook-unknown", "", message))
    hooks = [hook for hook in _HOOKS if hook in vars(sound)]
    return _examined(provider, sound, hooks, findings, package)


def _examined(
    provider: Provider, plugin: object, hooks: list[str], findings: list[Finding], package: str
) -> Examined:
    results, wrong = _results(provider, plugin, hooks)
    if isinstance(plugin, Plugin):  # it implements all, and speaks up for those that were given something
        hooks = [hook for hook in hooks if any(map(_says_something, results.get(hook, ())))]
    provided = Provided(
        provider,
        features=tuple(results.get("features", ())),
        rules=tuple(rule for hook, rules in results.items() if hook != "features" for rule in rules),
    )
    return Examined(tuple(hooks), provided, (*findings, *wrong, *clashes([provided])), package)


def _says_something(returned: Any) -> bool:
    return any(getattr(returned, attribute.name) for attribute in attrs.fields(type(returned)))


def said(error: BaseException) -> str:
    """An exception in one line, with the place where it was raised."""
    try:
        text = " ".join(str(error).split())
    except Exception:  # noqa: BLE001 - even what cannot say what it is must not hide other findings
        text = "(no message)"
    where, traceback = "", error.__traceback__
    while traceback is not None:
        where = f" ({traceback.tb_frame.f_code.co_filename}, line {traceback.tb_lineno})"
        traceback = traceback.tb_next
    return f"{type(error).__name__}: {text}{where}"


def _options(value: object) -> dict[str, Any] | None:
    """What ``@hookimpl`` left on an object, without running any code of the plugin."""
    options = inspect.getattr_static(value, _MARK, None)
    return options if isinstance(options, dict) else None


def _kind(value: object) -> str:
    return f"a {type(value).__name__}"


def _unmarked(provider: Provider, plugin: ModuleType, marked: dict[str, Any]) -> Iterator[Finding]:
    """Whatever is named like a hook, or nearly so, but would never be called."""
    for name, value in vars(plugin).items():
        if name in marked or isinstance(value, ModuleType):
            continue
        if name in _HOOKS:
            message = f"is {_kind(value)} named like a hook; mark it with hokensha's @hookimpl, or rename it"
            yield provider.finding("hook-unknown", name, message)
        elif inspect.isfunction(value) and value.__module__ == plugin.__name__ and not name.startswith("_"):
            near = _nearly(name)
            if near and not inspect.signature(value).parameters:
                message = f"looks like the hook '{near}'; name it so and mark it with @hookimpl, or rename it"
                yield provider.finding("hook-unknown", name, message)


def _nearly(name: str) -> str | None:
    from difflib import get_close_matches  # noqa: PLC0415 - only such functions need it

    return next(iter(get_close_matches(name, _HOOKS, n=1, cutoff=0.8)), None)


def _faults(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """The code and the message of everything wrong with what a plugin marked as a hook."""
    if name not in RESULTS:
        yield "hook-unknown", f"no such hook{nearest(name, _HOOKS)}; the hooks are {', '.join(_HOOKS)}"
    options = [option for option, setting in (_options(value) or {}).items() if setting]
    if options:
        yield (
            "hook-signature",
            f"has options ({', '.join(options)}), which mean nothing; write @hookimpl alone",
        )
    if not inspect.isfunction(value):
        message = f"is {_kind(value)}, which is never called; make it a plain function, @hookimpl outermost"
        yield "hook-signature", message
        return
    parameters = inspect.signature(value, follow_wrapped=False).parameters.values()
    if parameters:
        message = f"takes arguments ({', '.join(map(str, parameters))}), but hooks get none; remove them"
        yield "hook-signature", message
    functions = (value, inspect.unwrap(value))
    if any(inspect.iscoroutinefunction(f) or inspect.isasyncgenfunction(f) for f in functions):
        yield "hook-signature", "is async; write a plain function that returns a list"
    elif any(map(inspect.isgeneratorfunction, functions)):
        yield "hook-signature", "is a generator; return a list instead of yielding"
    if _times_defined(value) > 1:
        yield "hook-signature", "is defined more than once, and only the last counts; make one of them"


def _times_defined(function: FunctionType) -> int:
    """How often the code of a function's module defines its name; 0 where there is no code to look at."""
    spec: Any = function.__globals__.get("__spec__")
    try:
        code = spec.loader.get_code(spec.name)
        constants = code.co_consts
    except (AttributeError, ImportError, OSError, SyntaxError):
        return 0
    return [getattr(constant, "co_name", None) for constant in constants].count(function.__code__.co_name)


def _results(
    provider: Provider, plugin: object, hooks: list[str]
) -> tuple[dict[str, list[Any]], list[Finding]]:
    """What each hook returned, and everything wrong with that; a manager of its own sees no other plugin."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(plugin)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        return {}, [provider.finding("hook-signature", "", f"pluggy refuses it: {error}; mend the hook")]
    results: dict[str, list[Any]] = {}
    findings: list[Finding] = []
    for hook in hooks:
        findings.extend(_first_call(provider, manager, hook, results))
    for hook in list(results):
        findings.extend(_second_call(provider, manager, hook, results[hook]))
    return results, findings


def _first_call(
    provider: Provider, manager: pluggy.PluginManager, hook: str, results: dict[str, list[Any]]
) -> Iterator[Finding]:
    """Call a hook, and keep what it returned if that is sound."""
    try:
        result = _call(manager, hook)
        wrong = list(_problems(hook, result))
    except KeyboardInterrupt:
        raise
    except DeclarationError as error:
        yield provider.finding("hook-result", hook, str(error))
        return
    except BaseException as error:  # noqa: BLE001 - SystemExit, too, is a finding about the plugin
        yield provider.finding("plugin-broken", hook, f"raised {said(error)}; mend the hook")
        return
    for place, message in wrong:
        yield provider.finding("hook-result", hook + place, message)
    if not wrong:
        results[hook] = list(result)


def _second_call(
    provider: Provider, manager: pluggy.PluginManager, hook: str, first: list[Any]
) -> Iterator[Finding]:
    """Call a hook again, after all the others: what is pure returns the same."""
    remedy = "hooks are pure: declare rules once, at the top of a module"
    try:
        second = _call(manager, hook)
        same = isinstance(second, list | tuple) and _shape(list(second)) == _shape(first)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - as above
        yield provider.finding("hook-not-pure", hook, f"raised {said(error)} when called again; {remedy}")
        return
    if not same:
        yield provider.finding("hook-not-pure", hook, f"returned something else when called again; {remedy}")


def _call(manager: pluggy.PluginManager, hook: str) -> Any:
    returned = getattr(manager.hook, hook)()
    return returned[0] if returned else None  # pluggy leaves out what is None


# --- what hooks return; in each field the classes themselves see to what may stand there


def _problems(hook: str, result: object) -> Iterator[tuple[str, str]]:
    """Everything in which a hook's result is not what the core expects."""
    classes = RESULTS[hook]
    if not isinstance(result, list | tuple):
        names = " or ".join(cls.__name__ for cls in classes)
        yield "", f"returned {_described(result)}; return a list or a tuple of {names}"
        return
    for index, item in enumerate(result):
        if type(item) not in classes:
            yield f"[{index}]", _wrong_class(item, classes)


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


def _shape(value: object) -> object:
    """What two calls of a pure hook have in common: classes and fields, functions by their names."""
    cls = type(value)
    if attrs.has(cls):
        names = [a.name for a in attrs.fields(cls) if a.eq]
        return cls, tuple((name, _shape(getattr(value, name))) for name in names)
    if isinstance(value, list | tuple):
        return cls, tuple(map(_shape, value))
    if callable(value):
        return getattr(value, "__module__", None), getattr(value, "__qualname__", cls)
    return value
