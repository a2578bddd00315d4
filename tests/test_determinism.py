"""The same question gets the same bytes: from run to run, and on every Python."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

from hokensha.engine import decided
from hokensha.facts import Member, parse_member
from hokensha.policy import open_rulebook

EXAMPLES = Path(__file__).parent.parent / "examples"
FROZEN = Path(__file__).with_name("decisions.sha256")
ON = (date(2025, 7, 15), date(2025, 10, 15), date(2025, 12, 2), date(2026, 11, 21))


def decisions(name):
    """Every example member of an insurer on several days, whole and with a third of the facts unknown."""
    rulebook = open_rulebook(str(EXAMPLES / name / "policy.toml"))
    for raw in json.loads((EXAMPLES / name / "members.json").read_text(encoding="utf-8")):
        member = parse_member(raw, rulebook.catalogue)
        for skip in (None, 0, 1, 2):
            facts = {f: v for i, (f, v) in enumerate(member.facts.items()) if f == "id" or i % 3 != skip}
            for on in ON:
                found = decided(rulebook, Member(member.id, facts), on).to_json("ja")
                yield json.dumps(found, ensure_ascii=False)


def digests():
    names = sorted(path.name for path in EXAMPLES.iterdir() if (path / "policy.toml").exists())
    for name in names:
        digest = hashlib.sha256("\n".join(decisions(name)).encode()).hexdigest()
        yield f"{digest}  {name}\n"


def test_decisions_are_the_same_bytes_on_every_python():
    """The digests change with a policy or a rule, and with nothing else; rewrite them then."""
    assert FROZEN.read_text(encoding="utf-8").splitlines(keepends=True) == list(digests())


def test_decisions_do_not_hang_on_the_order_of_hashing():
    """Two processes with different hash seeds print the same bytes."""
    policy, members = EXAMPLES / "tokyo-mutual-aid/policy.toml", EXAMPLES / "tokyo-mutual-aid/members.json"
    command = [sys.executable, "-m", "hokensha_cli", "decide", str(policy), str(members)]
    printed = {
        subprocess.run(
            [*command, "--on", "2025-10-15", "--json", "--why"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1


if __name__ == "__main__":
    FROZEN.write_text("".join(digests()), encoding="utf-8")
