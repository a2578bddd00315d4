"""Plugins: which are installed, and loading those that a policy names. Nothing is loaded by halves.

A plugin is what a distribution names in an entry point of the group ``hokensha``: a
:class:`~hokensha.Plugin`, or a module that has the hooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.metadata import Distribution, EntryPoint, PackageNotFoundError, distribution, distributions
from importlib.resources import files

from attrs import frozen

from hokensha.errors import DeclarationError, Finding, PluginError
from hokensha.plugins.combining import Provided, Provider, clashes, combine
from hokensha.plugins.examining import Examined, examine, said
from hokensha.rules import PROJECT
from hokensha.text import nearest


@frozen
class PluginState:
    """A plugin that is installed, and whether it can be loaded.

    Attributes:
        hooks: The hooks that it implements as it should.
        problem: Why it cannot be loaded; none if it can.
    """

    provider: Provider
    hooks: tuple[str, ...]
    problem: str | None


@frozen
class _Candidate:
    provider: Provider
    entry: EntryPoint | None
    """None: its distribution's entry points cannot be read."""


def load_plugins(named: Sequence[str]) -> tuple[Provided, ...]:
    """Load plugins by name, in this order, and combine them.

    Raises:
        PluginError: Everything that is wrong with any of them, or among them.
    """
    candidates = _candidates()
    provided: list[Provided] = []
    findings: list[Finding] = []
    for position, name in enumerate(named):
        if name in named[:position]:
            message = "is named twice; name it once, where its rules belong in the order"
            findings.append(Provider(name).finding("plugin-duplicate", "", message))
            continue
        each = _named(name, candidates)
        findings.extend(each.findings)
        if not each.findings:
            provided.append(each.provided)
    if findings:  # what one plugin expects of another cannot be judged while one is not there
        raise PluginError([*findings, *clashes(provided)])
    return combine(provided)


def installed() -> tuple[PluginState, ...]:
    """Every installed plugin by name, loadable or not."""
    candidates = _candidates()
    states = []
    for candidate in candidates:
        each = _examined(candidate, candidates)
        prefix = f"plugin {candidate.provider}: "
        problem = "; ".join(str(finding).removeprefix(prefix) for finding in each.findings)
        states.append(PluginState(candidate.provider, each.hooks, problem or None))
    return tuple(states)


def names() -> tuple[str, ...]:
    """The name of every installed plugin, whether it can be loaded or not."""
    return tuple(dict.fromkeys(candidate.provider.name for candidate in _candidates()))


def examined(name: str) -> Examined:
    """One plugin by name: what it provides, or everything that is wrong with it."""
    return _named(name, _candidates())


def presets(name: str) -> Mapping[str, str]:
    """The policies to start from that a plugin ships, by name: the files ``presets/*.toml`` of its package.

    Raises:
        PluginError: No plugin of that name is installed, or its package cannot be imported.
    """
    candidates = _candidates()
    entry = next((c.entry for c in candidates if c.provider.name == name and c.entry), None)
    if entry is None:
        known = [candidate.provider.name for candidate in candidates]
        message = f"no plugin '{name}'{nearest(name, known)}; installed: {', '.join(known) or 'none'}"
        raise PluginError(Finding("", message, "plugin-missing"))
    try:
        package = _package(entry)
        folder = files(package) / "presets" if hasattr(import_module(package), "__path__") else None
        found = [each for each in folder.iterdir() if each.name.endswith(".toml")] if folder else []
        texts = {each.name.removesuffix(".toml"): each.read_text("utf-8") for each in found}
        return dict(sorted(texts.items()))
    except FileNotFoundError:
        return {}
    except Exception as error:  # noqa: BLE001 - whatever a plugin raises when it is imported
        message = f"cannot be imported ({entry.module}): {said(error)}; mend, reinstall or upgrade it"
        raise PluginError(Finding(f"plugin {name}", message, "plugin-broken")) from None


def _named(name: str, candidates: Sequence[_Candidate]) -> Examined:
    for candidate in candidates:
        if candidate.provider.name == name:
            return _examined(candidate, candidates)
    known = [candidate.provider.name for candidate in candidates]
    hint = nearest(name, known)
    remedy = "correct the name" if hint else f"install it (such as: python -m pip install {PROJECT}-{name})"
    message = f"is not installed{hint}; installed are: {', '.join(known) or 'none'}; {remedy}"
    return _refused(Provider(name), "plugin-missing", message)


def _examined(candidate: _Candidate, candidates: Sequence[_Candidate]) -> Examined:
    provider, entry = candidate.provider, candidate.entry
    rivals = [c.provider for c in candidates if c is not candidate and c.provider.name == provider.name]
    if rivals:
        message = f"has the same name as {' and '.join(map(str, rivals))}; uninstall all but one"
        return _refused(provider, "plugin-duplicate", message)
    if entry is None:
        message = "its entry_points.txt cannot be read; reinstall the distribution"
        return _refused(provider, "plugin-broken", message)
    try:
        plugin = entry.load()
        package = _package(entry)
    except KeyboardInterrupt:
        raise
    except DeclarationError as error:
        return _refused(provider, "hook-result", str(error))
    except BaseException as error:  # noqa: BLE001 - SystemExit, too, is a finding about the plugin
        message = f"cannot be imported ({entry.value}): {said(error)}; mend, reinstall or upgrade it"
        return _refused(provider, "plugin-broken", message)
    return examine(provider, plugin, package)


def _package(entry: EntryPoint) -> str:
    """The package that an entry point names, or the one above its module."""
    module = import_module(entry.module)
    return entry.module if hasattr(module, "__path__") else module.__package__ or entry.module


def _refused(provider: Provider, code: str, message: str) -> Examined:
    return Examined((), Provided(provider, (), ()), (provider.finding(code, "", message),))


def _candidates() -> list[_Candidate]:
    """Every entry point of the group, sorted by name: the order of the machine's folders decides nothing."""
    found = [candidate for each in _providing() for candidate in _of(each)]
    return sorted(found, key=lambda c: (c.provider.name, c.provider.distribution, c.provider.version))


def _of(providing: Distribution) -> Iterator[_Candidate]:
    name, version = _metadata(providing, "Name"), _metadata(providing, "Version")
    try:
        entries = [entry for entry in providing.entry_points if entry.group == PROJECT]
    except Exception:  # noqa: BLE001 - what a broken file makes the parser raise differs by Python
        yield _Candidate(Provider(name, name, version), None)
        return
    for entry in entries:
        yield _Candidate(Provider(entry.name, name, version), entry)


def _providing() -> Iterator[Distribution]:
    """Every distribution that has plugins, once; one that an earlier folder of the path hides is left out."""
    seen: set[str] = set()
    for each in distributions():
        if f"[{PROJECT}]" not in _entry_points_text(each):
            continue
        name = _metadata(each, "Name")
        key = re.sub(r"[-_.]+", "-", name).lower()
        if (key and key in seen) or _hidden(each, name):
            continue
        seen.add(key)
        yield each


def _hidden(each: Distribution, name: str) -> bool:
    try:
        return bool(name) and _entry_points_text(distribution(name)) != _entry_points_text(each)
    except PackageNotFoundError:
        return False


def _entry_points_text(each: Distribution) -> str:
    try:
        return each.read_text("entry_points.txt") or ""
    except (OSError, UnicodeError):
        return ""


def _metadata(each: Distribution, key: str) -> str:
    try:
        return str(each.metadata[key] or "")
    except Exception:  # noqa: BLE001 - metadata that are missing or broken raise what each Python likes
        return ""
