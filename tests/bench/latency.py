"""One decision, warm, in one process: hokensha's and ZEN's.

    python latency.py ON ROLL

prints a JSON object of microseconds. hokensha remembers the situations that it has met: asking for one
member again and again shows its best side alone. So there are two measures: an example's member, asked many
times over; and the members of a roll, each asked once, after others have warmed everything up.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from statistics import mean, median
from typing import Any, TypeAlias

import polars as pl
from contenders import MEMBERS, POLICY
from kumamoto_zen import FAR, KEY, engine, number, owed
from rival_zen import columns
from shape import READ

from hokensha.engine import decide
from hokensha.facts import Member, parse_member
from hokensha.policy import Rulebook, open_rulebook
from hokensha_roll import roll_of

WARM, TIMED = 500, 2_000
FIRST = 1_000
"""So many members of the roll warm everything up, and are not timed."""
FACTS = {
    "card": "my_number_card",
    "card_expires_on": "my_number_card_expires_on",
    "old_card_valid_until": "health_insurance_card_valid_until",
    "old_card_returned_on": "health_insurance_card_returned_on",
    "certificate_issued_on": "eligibility_certificate_issued_on",
    "certificate_valid_until": "eligibility_certificate_valid_until",
    "certificate_returned_on": "eligibility_certificate_returned_on",
    "notice_issued_on": "eligibility_notice_issued_on",
    "requested_on": "certificate_requested_on",
}
"""How hokensha calls what the decision graph calls otherwise."""
Context: TypeAlias = dict[str, Any]
Pair: TypeAlias = tuple[Member, Context]


def examples(rulebook: Rulebook) -> Iterator[Pair]:
    """The example's members, as each takes them."""
    for raw in json.loads(MEMBERS.read_text(encoding="utf-8")):
        member = parse_member(raw, rulebook.catalogue)
        named = {name: member.facts[FACTS.get(name, name)] for name in READ}
        yield member, {name: _plain(name, value) for name, value in named.items()}


def _plain(name: str, value: Any) -> Any:
    if not name.endswith(("_on", "_until", "_date")):
        return value
    return FAR if value is None else number(value)


def of_roll(rulebook: Rulebook, path: str) -> Iterator[Pair]:
    """The members of a roll, as each takes them."""
    mapped = roll_of(rulebook.policy).columns
    roll = pl.scan_parquet(path)
    contexts = roll.select(columns()).collect().to_dicts()
    for row, context in zip(roll.collect().iter_rows(named=True), contexts, strict=True):
        raw = {}
        for fact, column in mapped.items():
            value = row[column.header]
            value = value.isoformat() if isinstance(value, date) else value
            raw[fact] = column.values.get(value, value) if column.values else value
        yield parse_member(raw, rulebook.catalogue), context


def timed(function: Callable[[], object]) -> float:
    """Microseconds of one call."""
    begun = time.perf_counter()
    function()
    return (time.perf_counter() - begun) * 1e6


def many_times(function: Callable[[], object]) -> float:
    """The median of many calls."""
    for _ in range(WARM):
        function()
    return median(timed(function) for _ in range(TIMED))


def main() -> None:
    """Time both, and see that they say the same."""
    on = date.fromisoformat(sys.argv[1])
    rulebook, graph = open_rulebook(str(POLICY)), engine(on)
    known, new = list(examples(rulebook)), list(of_roll(rulebook, sys.argv[2]))
    found = {}
    for name, ask in (
        ("hokensha", lambda pair: partial(decide, rulebook, pair[0], on)),
        ("zen", lambda pair: partial(graph.evaluate, KEY, pair[1])),
    ):
        once = [timed(ask(pair)) for pair in new][FIRST:]
        again = [many_times(ask(pair)) for pair in known]
        found[name] = {"again": median(again), "new": median(once), "new_mean": mean(once)}
    for member, context in [*known, *new]:
        said = {issuance.trigger for issuance in decide(rulebook, member, on).issuances}
        if said != {row["trigger"] for row in owed(graph.evaluate(KEY, context)["result"])}:
            sys.exit(f"{member.id}: hokensha says {said}, ZEN says otherwise")
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
