"""How the kit, and distributions that add to it, declare a check: as a function that looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from hokensha.errors import Finding
from hokensha.text import Label
from hokensha_verify import Check, Needs, words_of

S = TypeVar("S")


def kit_check(  # noqa: PLR0913 - one parameter for each thing that a check says
    id_: str,
    ja: str,
    en: str,
    *,
    mend: str,
    claim: str | None = None,
    waivable: bool = True,
    needs: Needs = Needs.SOUND,
) -> Callable[[Callable[[S], Iterator[Finding]]], Check[S]]:
    """Turn a function into a check; its docstring says what is proved.

    ::

        @kit_check(
            "HK501",
            "事例がすべて期待どおりになる",
            "every case passes",
            mend="Correct the rule, or the case.",
        )
        def cases_pass(policy: Policed) -> Iterator[Finding]:
            '''The policy answers every case as its source does.'''
            for (file, case), differences in policy.failing.items():
                yield from (Finding(f"{file}: {case}", each, "case-fails") for each in differences)
    """
    return lambda look: Check(
        id_, Label(ja, en), words_of(look), mend, look=look, claim=claim, waivable=waivable, needs=needs
    )
