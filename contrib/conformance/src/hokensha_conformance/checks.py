"""A check: an id that stays, what it proves, how to mend what it finds, and the function that looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from attrs import field, frozen

from hokensha.errors import Finding
from hokensha.text import Label

S = TypeVar("S")


@frozen(eq=False)
class Check(Generic[S]):
    """One check of a plugin, or of one of its policies.

    Attributes:
        id: ``HK`` and three digits; never given to another check, even if this one goes.
        title: What holds if the check passes.
        mend: How to mend what it finds.
        look: Yields a finding for whatever is wrong; none if the check passes.
        claim: The capability that is checked; a plugin that does not claim it is not asked. None: every
            plugin has to pass.
        waivable: Whether a deviation may be declared.
    """

    id: str
    title: Label
    mend: str
    look: Callable[[S], Iterator[Finding]] = field(repr=False)
    claim: str | None = None
    waivable: bool = True

    @property
    def proves(self) -> str:
        """What the check proves: the function's own words."""
        return " ".join((self.look.__doc__ or "").split())


def check(
    id_: str, ja: str, en: str, *, mend: str, claim: str | None = None, waivable: bool = True
) -> Callable[[Callable[[S], Iterator[Finding]]], Check[S]]:
    """Turn a function into a check; its docstring says what is proved.

    ::

        @check(
            "HK403", "すべての数値が使われる", "every figure is used", mend="Name it in a rule, or remove it."
        )
        def figures_used(policy: Policed) -> Iterator[Finding]:
            '''No figure of the policy is without a rule that looks at it.'''
            yield from policy.findings("figure-unused")
    """
    return lambda look: Check(id_, Label(ja, en), mend, look, claim, waivable)
