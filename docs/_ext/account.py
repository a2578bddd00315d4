"""The account of the sources' rules: what became of each, from the policies and the case files themselves.

The reference page shows it, and a test holds it complete; both ask this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from attrs import define, field, frozen

from hokensha import Rulebook, open_rulebook
from hokensha_conformance import load_cases

ROOT = Path(__file__).resolve().parents[2]
RULES_OF_SOURCES = {"000": 22, "001": 21, "002": 33, "003": 25, "004": 35}
"""How many rules each of the five sources states; they are numbered from 01."""
DECIDING = ("rule", "figure")


def rule_ids() -> list[str]:
    """Every rule of the five sources."""
    return [f"{source}-{n:02}" for source, count in RULES_OF_SOURCES.items() for n in range(1, count + 1)]


@cache
def rulebooks() -> dict[str, Rulebook]:
    """The policies that ship, by the path of their file inside the project."""
    found = sorted(ROOT.glob("examples/*/policy*.toml"))
    return {path.relative_to(ROOT).as_posix(): open_rulebook(str(path)) for path in found}


@frozen
class Use:
    """One thing in a policy that follows a rule of a source.

    Attributes:
        kind: ``rule``, ``figure``, ``information`` or ``not software``.
        name: Its id in the policy; of information its text, of what is no matter for software the reason.
    """

    kind: str
    name: str


@define
class Entry:
    """What became of one rule of a source.

    Attributes:
        locator: Its id.
        place: Where the source says it.
        uses: What follows it, and the policies in which.
        cases: How many cases cite it.
    """

    locator: str
    place: str
    uses: dict[Use, list[str]] = field(factory=dict)
    cases: int = 0

    def decides(self) -> bool:
        """Whether an answer can hang on it."""
        return any(use.kind in DECIDING for use in self.uses)


def entries() -> dict[str, Entry]:
    """The account: every locator that a policy declares, in order."""
    found: dict[str, Entry] = {}
    for path, book in rulebooks().items():
        for source in book.policy.sources:
            for locator, place in source.locators.items():
                found.setdefault(locator, Entry(locator, place))
        for locator, use in _uses(book):
            found[locator].uses.setdefault(use, []).append(path)
    for cites in _cites_of_cases().values():
        for locator in dict.fromkeys(cites):
            if locator in found:
                found[locator].cases += 1
    return dict(sorted(found.items()))


def _uses(book: Rulebook) -> Iterator[tuple[str, Use]]:
    policy = book.policy
    for rule, _, terms in policy.terms():
        yield from ((cite, Use("rule", rule)) for cite in dict.fromkeys(terms.cites))
    for figure, versions in policy.figures.items():
        cites = dict.fromkeys(cite for version in versions for cite in version.cites)
        yield from ((cite, Use("figure", figure)) for cite in cites)
    for item in policy.information:
        yield from ((cite, Use("information", item.text.en)) for cite in dict.fromkeys(item.cites))
    for locator, reason in policy.not_software.items():
        yield locator, Use("not software", reason)


@cache
def _cites_of_cases() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(ROOT.glob("plugins/*/cases/*.toml")):
        for case in load_cases(path).cases:
            found[f"{path.relative_to(ROOT).as_posix()}: case {case.id}"] = case.cites
    return found


def citations() -> Iterator[tuple[str, str]]:
    """Every citation anywhere, each with where it stands: policies and cases."""
    for path, book in rulebooks().items():
        yield from ((f"{path}: {use.kind} {use.name}", locator) for locator, use in _uses(book))
    for place, cites in _cites_of_cases().items():
        yield from ((place, cite) for cite in cites)
