"""Who is compared: how each is started, and what people call it."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Final

from attrs import frozen

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent.parent
POLICY: Final = ROOT / "examples" / "kumamoto-late-elderly" / "policy.toml"
MEMBERS: Final = ROOT / "examples" / "kumamoto-late-elderly" / "members.json"
HOKENSHA: Final = Path(sys.executable).with_name("hokensha")


@frozen
class Contender:
    """One way to decide a roll.

    Attributes:
        key: What the command line calls it.
        label: What the table calls it.
        package: The distribution whose version the page names.
        sampled: It decides a sample of the roll: a whole one would take it too long.
    """

    key: str
    label: str
    package: str
    sampled: bool = False

    def command(self, roll: Path, on: date, out: Path, share: float) -> list[str]:
        """How it is started; ``share`` is that of the members to whom something is owed."""
        if self.key == "hokensha":
            asked = [str(HOKENSHA), "run", str(POLICY), str(roll), "--on", on.isoformat()]
            return [*asked, "--out", str(out), "--format", "parquet", "--quiet"]
        program = str(HERE / f"rival_{self.key}.py")
        asked = [sys.executable, program, str(roll), on.isoformat(), str(out)]
        return [*asked, str(share)] if self.key == "limit" else asked


CONTENDERS: Final = (
    Contender("hokensha", "`hokensha run`", "hokensha-roll"),
    Contender("limit", "reading and writing alone", "polars"),
    Contender("polars", "by hand, polars", "polars"),
    Contender("duckdb", "by hand, DuckDB", "duckdb"),
    Contender("openfisca", "OpenFisca", "openfisca-core"),
    Contender("zen", "GoRules ZEN", "zen-engine", sampled=True),
)
KEYS: Final = tuple(contender.key for contender in CONTENDERS)
