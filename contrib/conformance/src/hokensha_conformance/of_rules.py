"""HK2: whether the rules of a policy are pure functions of the situation, in every situation."""

from __future__ import annotations

from collections.abc import Iterator

from hokensha.errors import Finding
from hokensha_conformance import seeds
from hokensha_conformance.checks import check
from hokensha_conformance.subject import Policed

PURE = "rule-reads-outside"
DETERMINISTIC = "rule-not-deterministic"
SOUND = ("rule-raises", "rule-returns-no-bool", "rule-not-explorable")
ALIVE = ("dead-rule", "rule-never-holds")


@check(
    "HK201",
    "規則は状況のほかに何も見ない",
    "rules look at nothing but the situation",
    mend="Ask a feature instead: a day of the policy, a setting, a fact.",
    waivable=False,
)
def pure(policy: Policed) -> Iterator[Finding]:
    """No rule, and no function of a feature, asks the clock, chance, files or the network, on any path."""
    yield from policy.findings(PURE)


@check(
    "HK202",
    "同じ状況には必ず同じ答えを返す",
    "the same situation always gets the same answer",
    mend="Keep no state between calls, and let no answer hang on the order of a set.",
    waivable=False,
)
def deterministic(policy: Policed) -> Iterator[Finding]:
    """Every rule goes the same ways to the same ends again, in this process and in others.

    In eight more processes, each with another seed for hashes, every path of every rule is gone through and
    every case is decided; all come to the same.
    """
    yield from policy.findings(DETERMINISTIC)
    yield from seeds.differences(policy.path, [file.path for file in policy.files])


@check(
    "HK203",
    "どの状況でも例外なく判定できる",
    "no rule raises, whatever the situation",
    mend="Let the rule answer True or False for every value of every feature that it reads.",
)
def sound(policy: Policed) -> Iterator[Finding]:
    """Over all situations that features can tell apart, every rule returns True or False."""
    yield from policy.findings(*SOUND)


@check(
    "HK204",
    "成立しえない規則がない",
    "no rule is dead",
    mend="Correct the rule or its figures, or decline it in the policy with the reason.",
)
def alive(policy: Policed) -> Iterator[Finding]:
    """For every rule there is a member, and a day on which it is in force, for whom it holds."""
    yield from policy.findings(*ALIVE)


CHECKS = (pure, deterministic, sound, alive)
CODES = (PURE, DETERMINISTIC, *SOUND, *ALIVE)
"""What 'hokensha check' finds that these checks look for."""
