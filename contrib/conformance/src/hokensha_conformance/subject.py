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
from hokensha.rules import Tested
from hokensha_conformance.answers_to_cases import member_of, mismatches
from hokensha_conformance.cases import Case, CaseFile, load_cases
from hokensha_conformance.coverage import Coverage, coverage
from hokensha_conformance.trees import FEATURE, package_of
from hokensha_verify import check_rulebook

DEVIATIONS = "hokensha-deviations.toml"


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
        name: What reports call it: its path from the conformance file, without what leads out of its folder.
        path: The policy's file.
        files: The files of cases.
    """

    plugin: str
    name: str
    path: str
    files: tuple[CaseFile, ...]

    @cached_property
    def _opened(self) -> tuple[Rulebook | None, tuple[Finding, ...]]:
        try:
            return open_rulebook(self.path), ()
        except HokenshaError as error:
            return None, error.findings

    @property
    def loads(self) -> bool:
        """Whether the policy can be loaded with its plugins."""
        return self._opened[0] is not None

    @property
    def rulebook(self) -> Rulebook:
        """The policy with its plugins' rules.

        Raises:
            PolicyError: It cannot be loaded; ask :attr:`loads` first.
        """
        rulebook, wrong = self._opened
        if rulebook is None:
            raise PolicyError(wrong)
        return rulebook

    @cached_property
    def found(self) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """What ``hokensha check`` finds: errors and warnings."""
        rulebook, wrong = self._opened
        if rulebook is None:
            return wrong, ()
        report = check_rulebook(rulebook)
        return report.errors, report.warnings

    def findings(self, *codes: str) -> Iterator[Finding]:
        """What ``hokensha check`` finds, of these codes."""
        return (found for found in sum(self.found, ()) if found.code in codes)

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
    def covered(self) -> Coverage:
        """How far the plugin's own rules, and its own features, are exercised by the cases."""
        bound = [b for b in self.rulebook.bound if b.provider.name == self.plugin]
        own = {b.rule.id for b in bound}
        packages = {package_of(b.rule.test) for b in bound if isinstance(b.rule, Tested)}
        found = coverage(self.rulebook, [case for _, case in self.cases()])
        return Coverage(
            tuple(
                each
                for each in found.rules
                if (each.package in packages if each.kind == FEATURE else each.id in own)
            )
        )


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

    def findings(self, *codes: str) -> Iterator[Finding]:
        """What is wrong with the plugin, of these codes."""
        return (found for found in self.examined.findings if found.code in codes)

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
    return Subject(
        file.parent,
        declared,
        examined(declared.plugin),
        tuple(_policies(file.parent, declared.plugin, files)),
        tuple(broken),
    )


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


def _policies(folder: Path, plugin: str, files: list[CaseFile]) -> Iterator[Policed]:
    by_path: dict[str, list[CaseFile]] = {}
    for file in files:
        by_path.setdefault(file.policy, []).append(file)
    for path, named in by_path.items():
        yield Policed(plugin, _name(folder, path), path, tuple(named))


def _name(folder: Path, path: str) -> str:
    inside = Path(os.path.relpath(path, folder)).with_suffix("").parts
    return "/".join(part for part in inside if part != "..")
