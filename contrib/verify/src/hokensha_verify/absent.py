"""Rules that read others which the policy has not in force, at all or on some days: those hold for nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hokensha.errors import Finding
from hokensha.features import Composition, Derived, InForce
from hokensha.policy import Bound, Rulebook
from hokensha.rules import Tested
from hokensha_verify.purity import Walked


def absent(rulebook: Rulebook, walks: Mapping[Composition, Walked]) -> Iterator[Finding]:
    """Each rule in force with each rule that it reads in vain, be it through features of a plugin."""
    for bound in rulebook.bound:
        for name in _read(walks, bound.rule.test) if isinstance(bound.rule, Tested) else ():
            if when := _absent(rulebook, bound, name):
                where = f"{rulebook.policy.path}: {bound.place}"
                yield Finding(where, f"reads rule '{name}', which is not in force{when}", "reads-absent")


def _read(walks: Mapping[Composition, Walked], test: Composition) -> tuple[str, ...]:
    """The ids of the rules that a function reads; what those read is theirs."""
    read: dict[str, None] = {}
    ahead, seen = [test], {test}
    while ahead:
        for feature, _ in walks[ahead.pop()].asked:
            if isinstance(feature, InForce):
                read[feature.rule] = None
            elif isinstance(feature, Derived) and feature.function in walks and feature.function not in seen:
                seen.add(feature.function)
                ahead.append(feature.function)
    return tuple(read)


def _absent(rulebook: Rulebook, reader: Bound[Tested], name: str) -> str:
    """On which days a rule is not in force while its reader is, in words; nothing if it always is."""
    if name not in rulebook.vocabulary.in_force:
        return ": here it never holds"
    terms = [bound.terms for bound in rulebook.bound if bound.rule.id == name]
    for day in sorted({rulebook.policy.published, *rulebook.policy.borders()}) if terms else ():
        if reader.terms.in_force(day) and not any(each.in_force(day) for each in terms):
            return f" on {day}: it does not hold then"
    return ""
