"""Every policy of the examples, and one that says what none of them does: what holds of all holds of it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from warehouse import CANNOT_USE, LOST, LOST_BY_DAY, TERM

EXAMPLES = Path(__file__).parents[2] / "examples"
VARIED = "varied"
POLICIES = [
    *sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.glob("*/policy*.toml")),
    VARIED,
]
_BASE = EXAMPLES / "warehouse-health-society"
_TERMS = """[facts.residence_expires_on]
kind = "day"
nullable = true
planned = true
ja = "在留期間の満了日"
en = "last day of the period of stay"

[facts.ward]
kind = "code"
values = ["north", "south"]
ja = "区"
en = "ward"

[figures.certificate-term]
earliest = ["term-north", "term-under-70", "term-from-70", "stay-ends"]

[figures.stay-ends]
of = "residence_expires_on"
before = "stay-past"
modality = "exact"
cites = ["003-21"]

[figures.stay-past]
of = "residence_expires_on"
modality = "exact"
rule = [{ days = 1 }]
cites = ["003-21"]

[figures.turns-70]
of = "birth_date"
modality = "exact"
rule = [{ birthday = 70 }]
cites = ["003-21"]

[figures.term-north]
when = { ward = "north" }
modality = "exact"
rule = [{ months = 6 }]
cites = ["003-21"]

[figures.term-under-70]
when = { ward = "south" }
before = "turns-70"
modality = "exact"
rule = [{ years = 1 }]
cites = ["003-21"]

[figures.term-from-70]
when = { ward = "south" }
reached = "turns-70"
modality = "exact"
rule = [{ next = "07-31" }]
cites = ["003-21"]

[figures.stay-over]
of = "residence_expires_on"
modality = "exact"
rule = [{ months = -2 }]
cites = ["003-21"]

[figures.joiner-term]
earliest = ["joiner-term-long", "joiner-term-short"]

[figures.joiner-term-long]
before = "stay-over"
modality = "at-most"
rule = [{ months = 3 }]
cites = ["003-21"]

[figures.joiner-term-short]
reached = "stay-over"
modality = "at-most"
rule = [{ months = 1 }]
cites = ["003-21"]

[figures.list-as-of]
modality = "exact"
rule = [{ on = 2025-09-30 }]
cites = ["003-22"]

[figures.later-from]
modality = "exact"
rule = [{ on = 2026-04-10 }]
cites = ["003-02"]
"""
_JOINER = """form_dependent = "被扶養者異動届"
channel_dependent = "municipality"
form_continuation = "任意継続申出書"
purpose = "joiner"
"""
_CANNOT_BY_DAY = """[[rules.cannot-use-card]]
since = 2024-12-02
through = 2026-03-31
channel = "employer"
cites = ["003-02"]

[[rules.cannot-use-card]]
since = 2026-04-01
channel = "direct"
due_from = "later-from"
purpose = "joiner"
cites = ["003-02"]
"""
_PIECES = (
    (TERM, _TERMS),
    ('figure = "certificate-term"', 'figure = "certificate-term"\npurposes = { joiner = "joiner-term" }'),
    ('form_dependent = "被扶養者異動届"\n', _JOINER),
    ("mass = true\n", 'mass = true\nas_of = "list-as-of"\n'),
    (LOST, LOST_BY_DAY),
    ("[rules.card-renewing]\n", "[rules.card-renewing]\nsince = 2025-08-01\nthrough = 2026-03-31\n"),
    (CANNOT_USE, _CANNOT_BY_DAY),
)
_STAYS = (None, "2025-10-20", "2025-12-05", "2027-03-31")


def path_of(policy: str) -> Path:
    """The file of a policy, beside which there is ``members.json``."""
    return _varied() if policy == VARIED else EXAMPLES / policy


_folder: list[TemporaryDirectory[str]] = []


@cache
def _varied() -> Path:
    """The policy of the warehouse society with everything in it that a policy can say."""
    _folder.append(TemporaryDirectory())  # goes with the process
    path = Path(_folder[0].name) / "policy.toml"
    text = (_BASE / "policy.toml").read_text(encoding="utf-8")
    for old, new in _PIECES:
        assert old in text, f"the policy has no {old!r}"
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    members = json.loads((_BASE / "members.json").read_text(encoding="utf-8"))
    for number, member in enumerate(members):
        member["residence_expires_on"] = _STAYS[number % len(_STAYS)]
        member["ward"] = ("south", "north", "south")[number % 3]
    path.with_name("members.json").write_text(json.dumps(members), encoding="utf-8")
    return path
