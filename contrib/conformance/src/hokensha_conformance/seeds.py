"""The same policy in other processes, whose sets and dictionaries of texts lie in another order.

Run as a program (``python -m hokensha_conformance.seeds``), it prints digests of all that a policy says.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hokensha.errors import Finding, HokenshaError
from hokensha.partial import Raised
from hokensha_verify import walk

# Two texts lie in the same order in half of all processes: eight leave one such order in 128 unseen.
SEEDS = tuple(map(str, range(8)))
_LONGEST = 600


def differences(policy: str, cases: Sequence[str]) -> Iterator[Finding]:
    """Where processes with different hash seeds come to different answers."""
    with ThreadPoolExecutor(os.cpu_count()) as side_by_side:
        outputs = side_by_side.map(lambda seed: _run(seed, policy, cases), SEEDS)
        said = dict(zip(SEEDS, outputs, strict=True))
    first = said[SEEDS[0]]
    for seed in SEEDS[1:]:
        for place in sorted(first.keys() | said[seed].keys()):
            if first.get(place) != said[seed].get(place):
                message = (
                    f"{place} comes out differently in another process; an order of a set decides, "
                    f"as PYTHONHASHSEED={SEEDS[0]} and PYTHONHASHSEED={seed} show"
                )
                yield Finding(policy, message, "rule-not-deterministic")


def _run(seed: str, policy: str, cases: Sequence[str]) -> dict[str, str]:
    environment = {
        **os.environ,
        "PYTHONHASHSEED": seed,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    command = [sys.executable, "-m", __name__, policy, *cases]
    try:
        done = subprocess.run(  # noqa: S603 - this program, with the caller's own files
            command, env=environment, capture_output=True, encoding="utf-8", timeout=_LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return {"the process itself": f"has not ended in {_LONGEST} s"}
    if done.returncode:
        return {f"the process itself (exit {done.returncode})": done.stderr[-500:]}
    said: dict[str, str] = json.loads(done.stdout)
    return said


def digests(policy: str, cases: Sequence[str]) -> dict[str, str]:
    """For each rule and each case a digest of all that comes of it."""
    from hokensha.policy import open_rulebook  # noqa: PLC0415
    from hokensha.rules import Tested  # noqa: PLC0415
    from hokensha_conformance.answering import ask  # noqa: PLC0415 - only the processes need them
    from hokensha_conformance.cases import load_cases  # noqa: PLC0415

    rulebook = open_rulebook(policy)
    found = {
        f"rule '{bound.rule.id}'": _digest([_path(path) for path in walk(bound.rule.test).outcomes])
        for bound in rulebook.bound
        if isinstance(bound.rule, Tested)
    }
    for file in cases:
        for case in load_cases(file).cases:
            try:
                found[f"case '{case.id}'"] = _digest(ask(rulebook, case)[1])
            except HokenshaError as error:
                found[f"case '{case.id}'"] = _digest([str(finding) for finding in error.findings])
    return found


def _path(path: tuple[dict[Any, Any], Any]) -> list[Any]:
    """A path without what may differ between two equal runs, such as addresses in messages."""
    answers, outcome = path
    asked = [(feature.id, at, str(value)) for (feature, at), value in answers.items()]
    return [asked, type(outcome).__name__ if isinstance(outcome, Raised) else str(outcome)]


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


if __name__ == "__main__":
    print(json.dumps(digests(sys.argv[1], sys.argv[2:])))  # noqa: T201 - what this program is for
