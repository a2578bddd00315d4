"""What can be at fault, said so that the reader can mend it."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen


@frozen(order=True)
class Finding:
    """One thing that is wrong (or worth a warning), and where.

    Attributes:
        where: File and key, line or column; empty when the whole input is meant.
        message: What was found and what was expected.
        code: A stable, hyphenated id that programs may test for.
    """

    where: str
    message: str
    code: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class HokenshaError(Exception):
    """The policy, a plugin or the data is at fault; ``findings`` says how, one entry each."""

    def __init__(self, findings: Finding | Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = (findings,) if isinstance(findings, Finding) else tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class PolicyError(HokenshaError):
    """The policy file cannot be used as it stands."""


class PluginError(HokenshaError):
    """A configured plugin is missing, broken, or returned something it may not."""


class MemberError(HokenshaError):
    """The facts of a member cannot be read."""


class QuestionError(HokenshaError):
    """What was asked for does not exist in this policy (a purpose, a process, a document)."""
