"""The day as of which rows say they were extracted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import polars as pl
from attrs import define, field

from hokensha.errors import Finding, MemberError
from hokensha_cli.wareki import DayForm
from hokensha_roll.frames import Batch
from hokensha_roll.intake.cells import cells_of
from hokensha_roll.intake.columns import Fitted, as_of_day
from hokensha_roll.tool import Roll


def days_of(
    cells: pl.Series, lines: pl.Series, odd: Collection[int], form: DayForm
) -> tuple[dict[date, int], tuple[int, str] | None]:
    """The days that rows state, each with its first line; and the line of a cell that states none, and why.

    Days behind that cell are left out. ``odd`` are rows that do not count.
    """
    stated = pl.DataFrame({"cell": cells, "line": lines})
    if odd:
        stated = stated.filter(~pl.int_range(pl.len()).is_in([*odd]))
    first = stated.unique("cell", keep="first", maintain_order=True)
    days: dict[date, int] = {}
    for cell, line in zip(cells_of(first["cell"]), first["line"].to_list(), strict=True):
        try:
            days.setdefault(as_of_day(cell, form), line)
        except ValueError as error:
            return days, (line, str(error))
    return days, None


@define
class AsOf:
    """Sees that a roll is the state of the day that the run needs.

    Attributes:
        roll: What the policy says of it.
        where: What findings call it.
        on: The day asked.
        given: The day that the caller says the roll is as of.
        found: The day that it is as of, as far as is known.
    """

    roll: Roll
    fitted: Fitted
    where: str
    on: date
    given: date | None
    found: date | None = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.found = self.given
        if self.found or self.fitted.as_of is None:
            self.settled()

    def needed(self) -> date | None:
        """The day whose state the policy wants a run to have; none if any will do.

        Raises:
            MemberError: There is no such day.
        """
        if self.roll.as_of != "end-of-previous-month":
            return self.on if self.roll.as_of == "run-day" else None
        first = self.on.replace(day=1)
        if first == date.min:
            message = f"expected the roll as of the end of the month before {self.on}; there is no such day"
            raise MemberError(Finding(self.where, message, "roll-as-of"))
        return first - timedelta(days=1)

    def see(self, batch: Batch) -> None:
        """Compare the as-of days of further rows, in the roll's order.

        Raises:
            MemberError: One differs from what is known, or from what is needed.
        """
        for day, line in batch.as_of:
            if self.found is None:
                self.found = day
                self.settled()
            elif day != self.found:
                self._differs(day, line)

    def _differs(self, day: date, line: int) -> None:
        header = self.fitted.headers[self.fitted.as_of[0]] if self.fitted.as_of else ""
        source = "--as-of" if self.given else "the rows before"
        message = f"is the state of {day}, but {source} said {self.found}"
        place = f"{self.where}: line {line}, column {header}"
        raise MemberError(Finding(place, message, "roll-as-of"))

    def settled(self) -> date | None:
        """The as-of day, once it is known whether it fits.

        Raises:
            MemberError: It does not.
        """
        needed = self.needed()
        if needed is not None and self.found != needed:
            found = f"the state of {self.found}" if self.found else "as of a day that is not said (--as-of)"
            message = f"expected the roll as of {needed}, as a run for {self.on} needs; this is {found}"
            raise MemberError(Finding(self.where, message, "roll-as-of"))
        return self.found
