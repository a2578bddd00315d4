"""Who is in the scheme of the late elderly, and on which grounds the card cannot be relied on."""

from __future__ import annotations

from hokensha import standard
from hokensha.declare import ground, scheme
from hokensha.rules import Ground, Scheme
from hokensha.situation import Situation
from hokensha.standard import DISCLOSURE, LATE_ELDERLY
from hokensha_late_elderly.seen import DISABILITY, FROM_65

LAW = ("law",)


@scheme(
    "of-age",
    "75歳以上、又は障害認定を受けた65歳以上",
    "75 or over, or 65 or over with a recognised disability",
    cites=("004-14", "004-35", *LAW),
)
def of_age(s: Situation) -> bool:
    """Covered from the 75th birthday itself, with a recognised disability from the 65th."""
    return s[LATE_ELDERLY] or (s[FROM_65] and s[DISABILITY])


@ground(
    "not-of-age",
    "75歳未満で障害認定による加入でもない",
    "not 75 yet, and not covered for a disability",
    cites=("004-35", *LAW),
)
def not_of_age(s: Situation) -> bool:
    """Too young to be covered: somebody else insures the member."""
    return not s[of_age]


@ground(
    "disclosure-restricted",
    "支援措置等により自己情報を閲覧できない",
    "own data withheld for the member's protection",
    cites=("004-29", "004-21"),
    unusable=False,
)
def disclosure_restricted(s: Situation) -> bool:
    """Under protection from an abuser: the portal shows nothing, but the card as such works."""
    return s[DISCLOSURE]


ELIGIBILITY: tuple[Scheme | Ground, ...] = (
    *standard.SCHEME,
    of_age,
    *standard.GROUNDS,
    not_of_age,
    disclosure_restricted,
    standard.assistance_needed,
)
