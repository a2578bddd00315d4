"""Deviations: checks that a plugin is known not to pass, declared with the reason and an end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from attrs import frozen

from hokensha.errors import Finding, HokenshaError
from hokensha.text import nearest
from hokensha_conformance.files import DEVIATIONS
from hokensha_conformance.subject import read_toml
from hokensha_verify import Check


@frozen
class Deviation:
    """One deviation.

    Attributes:
        check: The id of the check.
        reason: Why the plugin does not pass, for whoever has to trust it.
        expires: The last day on which the deviation holds.
        policy: The policy that it is about; none: every policy.
        about: Part of the findings that it covers; none: all findings of the check.
    """

    check: str
    reason: str
    expires: date
    policy: str | None = None
    about: str | None = None

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is one of those that are declared."""
        return self.about is None or self.about in str(finding)


@frozen
class DeviationsFile:
    """What the file holds.

    Attributes:
        deviation: Each under ``[[deviation]]``.
    """

    deviation: tuple[Deviation, ...] = ()


@frozen
class Deviations:
    """What a deviations file declares; nothing, where there is none.

    Attributes:
        listed: As they stand in the file.
        unreadable: What is wrong with the file itself.
        on: The day on which they are judged; none: their ends are not judged, and reports say so.
    """

    listed: tuple[Deviation, ...] = ()
    unreadable: tuple[Finding, ...] = ()
    on: date | None = None

    def of(self, check: Check[Any], policy: str | None) -> tuple[Deviation, ...]:
        """The deviations about a check of a policy (none: of the plugin itself) that have not expired."""
        return tuple(
            each
            for each in self.listed
            if each.check == check.id
            and check.waivable
            and each.policy in (None, policy)
            and not self.expired(each)
        )

    def expired(self, deviation: Deviation) -> bool:
        """Whether the day is known, and the deviation is over on it."""
        return self.on is not None and deviation.expires < self.on

    def problems(self, checks: Sequence[Check[Any]], policies: Sequence[str]) -> Iterator[Finding]:
        """What is wrong with what is declared."""
        yield from self.unreadable
        known = {check.id: check for check in checks}
        for index, each in enumerate(self.listed):
            where = f"{DEVIATIONS}: deviation[{index}]"
            if each.check not in known:
                hint = nearest(each.check, list(known)) or f"; expected one of {', '.join(known)}"
                yield Finding(f"{where}.check", f"no check '{each.check}'{hint}", "unknown-check")
            elif not known[each.check].waivable:
                title = known[each.check].title.en
                message = f"{each.check} ({title}) cannot be waived: mend what it finds"
                yield Finding(f"{where}.check", message, "not-waivable")
            if each.policy is not None and each.policy not in policies:
                message = f"no policy '{each.policy}'; the cases name: {', '.join(policies) or 'none'}"
                yield Finding(f"{where}.policy", message, "unknown-policy")
            if self.expired(each):
                message = f"expired on {each.expires} ({each.reason}): mend the plugin, or decide anew"
                yield Finding(f"{where}.expires", message, "deviation-expired")


def open_deviations(folder: Path, on: date | None) -> Deviations:
    """The deviations declared beside a conformance file."""
    file = folder / DEVIATIONS
    if not file.exists():
        return Deviations(on=on)
    try:
        declared: DeviationsFile = read_toml(file, DeviationsFile)
    except HokenshaError as error:
        return Deviations(unreadable=error.findings, on=on)
    return Deviations(declared.deviation, on=on)
