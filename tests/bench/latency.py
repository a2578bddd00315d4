"""One decision, warm, in one process: hokensha's and ZEN's.

    python latency.py ON KUMAMOTO_ROLL TOKYO_ROLL

prints a JSON object of microseconds; ZEN has the rules of Kumamoto alone. hokensha remembers the situations
that it has met: asking for one member again and again would show its best side alone. So each member of a
roll is asked once, after others have warmed everything up.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from statistics import mean, median
from typing import Any

import polars as pl
from contenders import POLICY, TOKYO
from kumamoto_zen import KEY, engine, owed
from rival_zen import columns

from hokensha.engine import decide
from hokensha.facts import Member, parse_member
from hokensha.policy import Rulebook, open_rulebook
from hokensha_roll import roll_of

FIRST = 1_000
"""So many members of the roll warm everything up, and are not timed."""


def of_roll(rulebook: Rulebook, path: str) -> Iterator[Member]:
    """The members of a roll."""
    mapped = roll_of(rulebook.policy).columns
    for row in pl.read_parquet(path).iter_rows(named=True):
        raw = {}
        for fact, column in mapped.items():
            value = row[column.header]
            value = value.isoformat() if isinstance(value, date) else value
            raw[fact] = column.values.get(value, value) if column.values else value
        yield parse_member(raw, rulebook.catalogue)


def timed(ask: Callable[[Any], object], members: Sequence[Any]) -> dict[str, float]:
    """Microseconds of asking for each."""
    found = []
    for member in members:
        begun = time.perf_counter()
        ask(member)
        found.append((time.perf_counter() - begun) * 1e6)
    return {"median": median(found[FIRST:]), "mean": mean(found[FIRST:])}


def main() -> None:
    """Time both, and see that they say the same."""
    on = date.fromisoformat(sys.argv[1])
    kumamoto, tokyo, graph = open_rulebook(str(POLICY)), open_rulebook(str(TOKYO)), engine(on)
    members, others = list(of_roll(kumamoto, sys.argv[2])), list(of_roll(tokyo, sys.argv[3]))
    contexts = pl.scan_parquet(sys.argv[2]).select(columns()).collect().to_dicts()
    found = {
        "hokensha": timed(lambda member: decide(kumamoto, member, on), members),
        "zen": timed(lambda context: graph.evaluate(KEY, context), contexts),
        "tokyo": timed(lambda member: decide(tokyo, member, on), others),
    }
    for member, context in zip(members, contexts, strict=True):
        said = {issuance.trigger for issuance in decide(kumamoto, member, on).issuances}
        if said != {row["trigger"] for row in owed(graph.evaluate(KEY, context)["result"])}:
            sys.exit(f"{member.id}: hokensha says {said}, ZEN says otherwise")
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
