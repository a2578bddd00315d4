"""What is examined: the plugin that a conformance file names, its policies, and its cases."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import define, frozen
from cattrs import BaseValidationError

from hokensha.errors import Finding, HokenshaError, PolicyError
from hokensha.facts import Member
from hokensha.plugins import Examined, examined, presets
from hokensha.policy import (
    Rulebook,
    StrictError,
    findings,
    open_rulebook,
    parse,
    placed,
    read,
    strict_converter,
)
from hokensha_conformance.answering import member_of, mismatches
from hokensha_conformance.cases import Case, CaseFile, load_cases
from hokensha_conformance.coverage import Coverage, coverage
from hokensha_conformance.trees import FEATURE
from hokensha_verify import Check, Report, check_of, check_rulebook, not_loaded


@frozen
class Declared:
    """What ``hokensha-conformance.toml`` declares, once, for a plugin.

    Attributes:
        plugin: The name of its entry point.
        claims: What it can do: the hooks that it implements, and what other distributions check
            (``roll``: columns answer like single decisions). What is not claimed is not checked.
        cases: The files of its cases, as patterns relative to this file. Each names its policy.
    """

    plugin: str
    claims: tuple[str, ...]
    cases: tuple[str, ...] = ("cases/*.toml",)


@define(eq=False, slots=False)
class Policed:
    """One policy of a plugin, with the cases that name it.

    Attributes:
        plugin: The plugin that is examined; a policy may name others, whose rules are theirs to show.
        package: The package in which the plugin is written.
        name: What reports call it: its path from the conformance file, without what leads out of its folder.
        path: The policy's file.
        files: The files of cases.
    """

    plugin: str
    package: str
    name: str
    path: str
    files: tuple[CaseFile, ...]

    @cached_property
    def _opened(self) -> Rulebook | HokenshaError:
        try:
            return open_rulebook(self.path)
        except HokenshaError as error:
            return error

    @property
    def loads(self) -> bool:
        """Whether the policy can be loaded with its plugins."""
        return isinstance(self._opened, Rulebook)

    @property
    def rulebook(self) -> Rulebook:
        """The policy with its plugins' rules.

        Raises:
            HokenshaError: It cannot be loaded; ask :attr:`loads` first.
        """
        if isinstance(self._opened, HokenshaError):
            raise self._opened
        return self._opened

    @cached_property
    def report(self) -> Report:
        """What ``hokensha check`` finds."""
        opened = self._opened
        return check_rulebook(opened) if isinstance(opened, Rulebook) else not_loaded(opened)

    def sound(self, check: Check[Any]) -> bool:
        """Whether there is no error but of the kind that a check looks for itself."""
        return all(check_of(found).id == check.id for found in self.report.errors)

    def cases(self) -> Iterator[tuple[str, Case]]:
        """Every case that names this policy, with its file."""
        return ((file.path, case) for file in self.files for case in file.cases)

    def members(self) -> Iterator[tuple[Case, Member]]:
        """The member of every case that describes one; a case that cannot fails by itself."""
        for _, case in self.cases():
            try:
                yield case, member_of(self.rulebook, case)
            except HokenshaError:
                continue

    @cached_property
    def failing(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """By file and id, every case that does not pass: where the answer is not what it expects."""
        wrong = {(file, case.id): mismatches(self.rulebook, case) for file, case in self.cases()}
        return {where: differences for where, differences in wrong.items() if differences}

    @cached_property
    def coverage(self) -> Coverage:
        """How far the rules that the plugin hands over, and its own features, are exercised by the cases."""
        own = {bound.rule.id for bound in self.rulebook.bound if bound.provider.name == self.plugin}
        found = coverage(self.rulebook, [case for _, case in self.cases()], self.package)
        return Coverage(tuple(each for each in found.rules if each.kind == FEATURE or each.id in own))


@define(eq=False, slots=False)
class Subject:
    """A plugin under examination.

    Attributes:
        folder: Where the conformance file is.
        declared: What it says.
        examined: The plugin, as far as it can be loaded.
        policies: Its policies, each with its cases.
        broken: Files of cases that cannot be read.
    """

    folder: Path
    declared: Declared
    examined: Examined
    policies: tuple[Policed, ...]
    broken: tuple[Finding, ...]

    @property
    def loads(self) -> bool:
        """Whether the plugin can be loaded."""
        return not self.examined.findings

    def findings(self, check: Check[Any]) -> tuple[Finding, ...]:
        """What was found when the plugin was loaded, as far as it is a check's matter."""
        return tuple(found for found in self.examined.findings if found.code in check.errors)

    @cached_property
    def presets(self) -> Mapping[str, str]:
        """The policies that the plugin ships, by name.

        Raises:
            PluginError: They cannot be read.
        """
        return presets(self.declared.plugin)


def open_subject(path: str | os.PathLike[str]) -> Subject:
    """The plugin that a conformance file names, with all that belongs to it.

    Raises:
        PolicyError: The file cannot be read, or says something that it may not.
    """
    file = Path(path)
    declared = _declared(file)
    files: list[CaseFile] = []
    broken: list[Finding] = []
    for each in _matching(file.parent, declared.cases):
        try:
            files.append(load_cases(each))
        except HokenshaError as error:
            broken.extend(error.findings)
    plugin = examined(declared.plugin)
    policies = tuple(_policies(file.parent, declared.plugin, plugin.package, files))
    return Subject(file.parent, declared, plugin, policies, tuple(broken))


def read_toml(file: Path, cls: type[Any]) -> Any:
    """The TOML of a file as an attrs class, strictly.

    Raises:
        PolicyError: It cannot be read, is no TOML, or does not fit the class: with everything that is wrong.
    """
    raw = parse(read(str(file)), str(file))
    try:
        return strict_converter({}).structure(raw, cls)
    except (BaseValidationError, StrictError) as error:
        raise PolicyError(placed(findings(error), str(file))) from None


def _declared(file: Path) -> Declared:
    declared: Declared = read_toml(file, Declared)
    return declared


def _matching(folder: Path, patterns: tuple[str, ...]) -> list[Path]:
    return sorted({found for pattern in patterns for found in folder.glob(pattern)})


def _policies(folder: Path, plugin: str, package: str, files: list[CaseFile]) -> Iterator[Policed]:
    by_path: dict[str, list[CaseFile]] = {}
    for file in files:
        by_path.setdefault(file.policy, []).append(file)
    for path, named in by_path.items():
        yield Policed(plugin, package, _name(folder, path), path, tuple(named))


def _name(folder: Path, path: str) -> str:
    inside = Path(os.path.relpath(path, folder)).with_suffix("").parts
    return "/".join(part for part in inside if part != "..")
