"""The checks of a policy, each declared once: what it proves, how to mend what it finds, and by which codes.

``hokensha check`` runs them all. The conformance kit runs the same ones, looks further in some of them (at
cases, in other processes), and has more of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, Generic, TypeVar

from attrs import evolve, field, frozen

from hokensha.errors import Finding
from hokensha.text import Label, documentation

S = TypeVar("S")


class Needs(Enum):
    """What has to be so before a check means anything."""

    NOTHING = "nothing"
    """It tells why something cannot be loaded."""
    LOADED = "loaded"
    """What it looks at can be loaded."""
    RULES = "rules"
    """And no error is in the rules: each can be asked in every situation."""
    SOUND = "sound"
    """And there is no other error: decisions are what the policy means."""


def nothing_further(_: object) -> Iterator[Finding]:
    """What a check looks at that ``hokensha check`` runs as a whole."""
    return iter(())


@frozen(eq=False)
class Check(Generic[S]):
    """One check of a policy, or of a plugin.

    Attributes:
        id: ``HK`` and three digits; never given to another check, even if this one goes.
        title: What holds if the check passes.
        proves: What the check proves.
        mend: How to mend what it finds.
        errors: The codes of what it finds, where a policy cannot be used with that.
        warnings: The codes of what a policy can be used with.
        notes: The codes of what a reader should know, and that lets no check fail.
        look: Looks at what ``hokensha check`` does not see, and yields a finding for whatever is wrong there.
        claim: The capability that is checked; a plugin that does not claim it is not asked. None: every
            plugin has to pass.
        waivable: Whether a deviation may be declared.
        needs: What has to be so before it means anything.
    """

    id: str
    title: Label
    proves: str
    mend: str
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    look: Callable[[S], Iterator[Finding]] = field(default=nothing_further, repr=False)
    claim: str | None = None
    waivable: bool = True
    needs: Needs = Needs.LOADED

    def further(self, look: Callable[[S], Iterator[Finding]], needs: Needs = Needs.LOADED) -> Check[S]:
        """The same check, which goes on to look where nothing has been found; the docstring says at what."""
        return evolve(self, look=look, proves=f"{self.proves} {words_of(look)}", needs=needs)


def words_of(look: Callable[..., object]) -> str:
    """What a function proves: its own words."""
    return " ".join(documentation(look).split())


PURE: Check[Any] = Check(
    "HK201",
    Label("規則は状況のほかに何も見ない", "rules look at nothing but the situation"),
    "No rule, and no function of a feature, asks the clock, chance, files or the network, on any path.",
    "Ask a feature instead: a day of the policy, a setting, a fact.",
    errors=("rule-reads-outside",),
    waivable=False,
)
DETERMINISTIC: Check[Any] = Check(
    "HK202",
    Label("同じ状況には必ず同じ答えを返す", "the same situation always gets the same answer"),
    "Every rule goes the same ways to the same ends again.",
    "Keep no state between calls, and let no answer hang on the order of a set.",
    errors=("rule-not-deterministic",),
    waivable=False,
)
NEVER_RAISES: Check[Any] = Check(
    "HK203",
    Label("どの状況でも例外なく判定できる", "no rule raises, whatever the situation"),
    "Over all situations that features can tell apart, every rule returns True or False, before long.",
    "Let the rule answer True or False for every value of every feature that it reads.",
    errors=(
        *("rule-raises", "rule-returns-no-bool", "rule-not-explorable", "rule-endless"),
        *("rule-circle", "ground-reads-grounds"),
    ),
)
ALIVE: Check[Any] = Check(
    "HK204",
    Label("成立しえない規則がない", "no rule is dead"),
    "For every rule there is a member, and a day on which it is in force, for whom it holds.",
    "Correct the rule or its figures, or decline it in the policy with the reason.",
    errors=("dead-rule",),
    warnings=("rule-never-holds",),
)
NOBODY_FALLS_THROUGH: Check[Any] = Check(
    "HK301",
    Label("誰も取り残されない", "nobody falls through"),
    "No member in the scheme is left with nothing that serves, nothing owed and no remedy that helps. "
    "Looked for over all situations, with the day as one more fact; each finding shows such a member.",
    "Let a trigger issue what serves, or declare a remedy: what the member has to do first.",
    warnings=("falls-through",),
    needs=Needs.SOUND,
)
TERMS_SANE: Check[Any] = Check(
    "HK302",
    Label(
        "有効期限は交付日より前でなく、法定の範囲内",
        "no document ends before it is issued, or later than the law allows",
    ),
    "A certificate issued on any day of the years to come ends on that day or later, within 5 years; told is "
    "for whom a fact has ended it before, and from when on a fixed day has.",
    "Correct the figure of the validity rule.",
    errors=("validity-before-issue",),
    warnings=("validity-beyond-5-years", "validity-may-end-before-issue", "validity-not-stated-from"),
    needs=Needs.RULES,
)
UNKNOWN_HANDLED: Check[Any] = Check(
    "HK304",
    Label("不明な項目を「ない」とみなさない", "an unknown fact is never taken for a value"),
    "Features have a value for every code of their fact, and no rule goes on without an answer.",
    "Give a feature a value for every code of its fact, and catch only what your rule raises itself.",
    errors=("feature-values", "rule-catches-everything"),
    waivable=False,
)
HOLDS_TOGETHER: Check[Any] = Check(
    "HK401",
    Label(
        "方針を読み込め、点検で誤りが出ない",
        "the policy loads, and its check finds no error",
    ),
    "Every key is known, every figure that is needed is there, no periods overlap, nothing clashes.",
    "Run 'hokensha check' on the policy, and mend what it says.",
    warnings=("shadowed-trigger", "plugin-prints"),
    notes=("column-unread", "reads-absent", "roll-unencodable"),
    needs=Needs.NOTHING,
)
"""All errors are its matter that are not another check's."""
CITED: Check[Any] = Check(
    "HK402",
    Label(
        "出典がすべて実在し、出典のすべての箇所に扱いがある",
        "citations resolve, and every passage of a source is accounted for",
    ),
    "Each rule and figure names a passage that a source declares; each such passage is accounted for.",
    "Declare the locator under its source, cite it, tell it as information, or say why it is no matter.",
    errors=("undeclared-citation",),
    warnings=("no-source", "locator-unaccounted"),
    notes=("not-stated",),
    needs=Needs.NOTHING,
)
FIGURES_USED: Check[Any] = Check(
    "HK403",
    Label("方針の数値がすべて使われる", "every figure of the policy is used"),
    "No figure is left over: what an insurer sets has an effect.",
    "Name the figure in a rule or another figure, or remove it.",
    warnings=("figure-unused",),
    needs=Needs.SOUND,
)
POLICY_CHECKS: tuple[Check[Any], ...] = (
    PURE,
    DETERMINISTIC,
    NEVER_RAISES,
    ALIVE,
    NOBODY_FALLS_THROUGH,
    TERMS_SANE,
    UNKNOWN_HANDLED,
    HOLDS_TOGETHER,
    CITED,
    FIGURES_USED,
)
"""All checks that need only a policy, by id."""
_BY_CODE = {code: each for each in POLICY_CHECKS for code in (*each.errors, *each.warnings, *each.notes)}


def check_of(finding: Finding) -> Check[Any]:
    """The check whose matter a finding is."""
    return _BY_CODE.get(finding.code, HOLDS_TOGETHER)


def is_error(finding: Finding) -> bool:
    """Whether a policy cannot be used with what was found."""
    check = check_of(finding)
    return finding.code not in (*check.warnings, *check.notes)
