"""What a run has to come to before its output takes the place of an earlier one's."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import frozen

from hokensha.errors import Finding, HokenshaError
from hokensha.text import Label, Language
from hokensha_cli.japanese import said

if TYPE_CHECKING:
    from hokensha_roll.summary import Summary

_WRITTEN: Final = re.compile(r"(?P<number>[0-9]{1,12}(\.[0-9]{1,6})?)(?P<percent>%?)")
ROWS: Final = Label(
    "{read:,} 行ありますが、--expect-rows は {rows:,} 行です。何も書き換えていません",
    "has {read:,} rows, expected {rows:,} (--expect-rows); nothing was changed",
)
REJECTED: Final = Label(
    "{read:,} 行のうち {rejected:,} 行を受け付けられません。--max-rejected は {most} です。"
    "最も多い理由: {why}。何も書き換えていません",
    "{rejected:,} of {read:,} rows were rejected, expected at most {most} (--max-rejected), most often "
    "for {why}; nothing was changed",
)


@frozen
class AtMost:
    """So many rows, or such a share of them in percent."""

    number: Decimal
    percent: bool = False

    @classmethod
    def of(cls, text: str) -> AtMost:
        """As people write it: ``20`` or ``0.5%``.

        Raises:
            ValueError: It is written otherwise.
        """
        found = _WRITTEN.fullmatch(text)
        if not found or (not found["percent"] and "." in text):
            raise ValueError(f"expected a number of rows, as 20, or a share, as 0.5%; found {text!r}")
        return cls(Decimal(found["number"]), bool(found["percent"]))

    def __str__(self) -> str:
        return f"{self.number}%" if self.percent else f"{self.number:,}"

    def allows(self, count: int, of: int) -> bool:
        """Whether that many rows of so many are not too many."""
        return count * 100 <= self.number * of if self.percent else count <= self.number


@frozen
class Limits:
    """What is expected of a run.

    Attributes:
        rows: How many rows the roll has.
        rejected: How many of them may be rejected.
        lang: The language in which a run is refused.
    """

    rows: int | None = None
    rejected: AtMost | None = None
    lang: Language = "en"

    def check(self, summary: Summary) -> None:
        """See that a run may be written.

        Raises:
            HokenshaError: It comes to something else than was expected.
        """
        if self.rows is not None and summary.read != self.rows:
            message = ROWS.text(self.lang).format(read=summary.read, rows=self.rows)
            raise HokenshaError(Finding(summary.roll_name, message, "roll-length"))
        if self.rejected is not None and not self.rejected.allows(summary.rejected, summary.read):
            (column, reason), count = min(summary.reasons.items(), key=lambda item: (-item[1], item[0]))
            reason = f"{said(reason, self.lang)} ({count:,})"
            why = f"{column}: {reason}" if column else reason
            told = {"rejected": summary.rejected, "read": summary.read, "most": self.rejected, "why": why}
            message = REJECTED.text(self.lang).format(**told)
            raise HokenshaError(Finding(summary.roll_name, message, "too-many-rejected"))


NO_LIMITS: Final = Limits()
SHARE_OF_ROWS: Final = 0.9
"""A roll with less than this share of the rows that the last one had may have been cut short."""


def rows_before(out: Path) -> int:
    """How many rows the roll had of which a folder holds the output; 0 if it holds none that tells."""
    from hokensha.policy import open_file  # noqa: PLC0415 - help and wrong usage need none of it

    try:
        with open_file(out / "summary.json") as file:
            read = json.load(file)["read"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return 0
    return read if isinstance(read, int) else 0
