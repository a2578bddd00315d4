"""Who is compared: how each is started, and what people call it."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Final

from attrs import frozen

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent.parent
EXAMPLES: Final = ROOT / "examples"
POLICY: Final = EXAMPLES / "kumamoto-late-elderly" / "policy.toml"
TOKYO: Final = EXAMPLES / "tokyo-mutual-aid" / "policy.toml"
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

    def command(self, roll: Path, on: date, work: Path, policy: Path = POLICY) -> list[str]:
        """How it is started; in ``work``, each writes a folder of its own."""
        out = work / f"out-{self.key}"
        if self.key == "hokensha":
            asked = [str(HOKENSHA), "run", str(policy), str(roll), "--on", on.isoformat()]
            return [*asked, "--out", str(out), "--format", "parquet", "--quiet"]
        program = [sys.executable, str(HERE / f"rival_{self.key}.py"), str(roll)]
        if self.key == "limit":  # it writes what hokensha wrote last
            return [*program, str(out), str(work / "out-hokensha")]
        return [*program, on.isoformat(), str(out)]


CONTENDERS: Final = (
    Contender("hokensha", "`hokensha run`", "hokensha-roll"),
    Contender("limit", "reading and writing alone", "polars"),
    Contender("polars", "by hand, polars", "polars"),
    Contender("duckdb", "by hand, DuckDB", "duckdb"),
    Contender("openfisca", "OpenFisca", "openfisca-core"),
    Contender("zen", "GoRules ZEN", "zen-engine", sampled=True),
)
HOKENSHA_RUN, LIMIT = CONTENDERS[:2]
KEYS: Final = tuple(contender.key for contender in CONTENDERS)
