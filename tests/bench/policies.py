"""Every policy that is shipped: the days on which a roll is decided, and a roll that is hard to decide."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl
from attrs import frozen
from contenders import EXAMPLES
from measuring import Measured

from hokensha.policy import open_rulebook
from hokensha_roll import Engine, roll_of

# make-roll makes a roll as of the day on which the policy was published. The first day below is that of the
# monthly run of the 20th thereafter, one of the days that `hokensha forecast` takes. The second is the first
# of the one season in which the policy has nearly all its documents sent: the most fall due on it. It stands
# in the policy, under the name beside it. Its eve is a quiet day: none of these documents is owed yet.
POLICIES: Final = {
    "kumamoto-late-elderly": (date(2024, 12, 20), date(2025, 7, 1)),  # july-sending-first-day
    "mext-mutual-aid": (date(2025, 12, 20), date(2025, 9, 1)),  # mass-issue-from
    "school-mutual-aid": (date(2025, 12, 20), date(2025, 9, 1)),  # transition-issue-from
    "tokyo-mutual-aid": (date(2025, 12, 20), date(2025, 10, 11)),  # mass-issue-from
    "warehouse-health-society": (date(2024, 12, 20), date(2025, 11, 1)),  # mass-issuance-from
}
QUIET, MONTHLY, MASS, HARD = "quiet", "monthly run", "mass issuance", "hard roll"
UNKNOWN: Final = ("eligibility_certificate_issued_on", "eligibility_notice_issued_on")
"""Facts that each of the policies compares with others, and that are not known of half of the members."""
_WHETHER: Final = {"birth_date", "enrolled_on", "left_on"}
"""What makes somebody a member: a hard roll leaves it as it is, or there would be nobody to decide."""


@frozen
class Line:
    """What was measured of a policy over one roll on one day.

    Attributes:
        kind: Which of its days it is, or that it is the hard roll.
        written: How many rows hokensha wrote.
        floor: What reading and writing alone took.
    """

    policy: str
    kind: str
    on: date
    written: int
    ours: Measured
    floor: Measured

    @property
    def ratio(self) -> float:
        """Of the floor."""
        return self.ours.seconds / self.floor.seconds


def days(name: str) -> dict[str, date]:
    """On which days a policy is asked."""
    monthly, mass = POLICIES[name]
    return {QUIET: mass - timedelta(days=1), MONTHLY: monthly, MASS: mass}


def policy_of(name: str) -> Path:
    """The policy of an example."""
    return EXAMPLES / name / "policy.toml"


def written(out: Path) -> int:
    """How many rows a run wrote."""
    tables = (pl.scan_parquet(table).select(pl.len()) for table in sorted(out.glob("*.parquet")))
    return sum(table.collect().item() for table in tables)


def not_knowing(name: str, path: Path) -> Path:
    """A policy in whose roll an empty cell of the facts of :data:`UNKNOWN` means that they are not known."""
    text = policy_of(name).read_text(encoding="utf-8")
    for fact in UNKNOWN:
        text = re.sub(rf"(?m)^({fact} = {{ header .*) }}$", r'\1, empty = "unknown" }', text)
    path.write_text(text, encoding="utf-8")
    return path


def hard(name: str, roll: Path, path: Path, seed: int) -> Path:
    """A roll, but that each day that is compared with another is missing, or next to one of :func:`days`.

    So the same few days meet each other before, on and after one another in every order, while two of them
    are not known of half of the members.
    """
    rulebook = open_rulebook(str(policy_of(name)))
    orders = Engine(rulebook, days(name)[MASS]).answering.keys.orders
    compared = sorted({fact for order in orders for fact in (order.fact, order.base)} - _WHETHER)
    members, draw = pl.read_parquet(roll), random.Random(seed)
    borders = [day + timedelta(days=n) for day in days(name).values() for n in (-1, 0, 1)]

    def cells() -> Iterator[pl.Series]:
        for fact in compared:
            few = [draw.choice(borders) if draw.random() < 0.5 else None for _ in range(10_000)]
            drawn = pl.Series(roll_of(rulebook.policy).columns[fact].header, few, pl.Date)
            yield drawn.sample(members.height, with_replacement=True, seed=draw.getrandbits(32))

    members.with_columns(cells()).write_parquet(path)
    return path
