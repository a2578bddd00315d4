"""The day as of which rows say they were extracted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from attrs import define, field, frozen

from hokensha.errors import Finding, MemberError
from hokensha_cli.wareki import DayForm
from hokensha_roll.blocks import Block
from hokensha_roll.columns import Fitted, as_of_day
from hokensha_roll.intake.cells import cells_at
from hokensha_roll.intake.distinct import distinct, raw
from hokensha_roll.tool import Roll

if TYPE_CHECKING:
    from numpy.typing import NDArray


@frozen(eq=False)
class AsOfDays:
    """Reads the column that says so.

    Attributes:
        where: What findings call the roll.
        index: The column's place.
        header: What the roll calls it.
        form: How days are written in it.
    """

    where: str
    index: int
    header: str
    form: DayForm

    def of(
        self, arrays: Sequence[pa.Array], lines: Sequence[int], odd: Collection[int]
    ) -> tuple[tuple[tuple[date, int], ...], Finding | None]:
        """The days that the rows state, each with its first line; and that a cell states none.

        Days behind that cell are left out. ``odd`` are rows that do not count.
        """
        array = arrays[self.index]
        rows = np.delete(np.arange(len(array)), list(odd)) if odd else None
        firsts = _firsts(array if rows is None else array.take(pa.array(rows)))
        if rows is not None:
            firsts = rows[firsts]
        days: dict[date, int] = {}
        for row, (cell,) in zip(firsts.tolist(), cells_at([array], firsts), strict=True):
            line = lines[row]
            try:
                days.setdefault(as_of_day(cell, self.form), line)
            except ValueError as error:
                place = f"{self.where}: line {line}, column {self.header}"
                return tuple(days.items()), Finding(place, str(error), "roll-as-of")
        return tuple(days.items()), None


def _firsts(array: pa.Array) -> NDArray[np.int64]:
    """Where each distinct cell stands first, in the rows' order."""
    rows = len(array)
    if pa.types.is_date32(array.type) and not array.null_count and _uniform(raw(array)):
        return np.zeros(1, np.int64)
    found = distinct(array)
    if _uniform(found.places):
        return np.zeros(1, np.int64)
    first = np.full(len(found.cells) + 1, rows)
    first[found.places[::-1]] = np.arange(rows - 1, -1, -1)  # the last to be written stays
    return np.sort(first[first < rows])


def _uniform(numbers: NDArray[np.int32]) -> bool:
    """Whether all are the same, as they should be."""
    return len(numbers) > 0 and bool((numbers == numbers[0]).all())


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

    def see(self, block: Block) -> None:
        """Compare the as-of days of further rows, in the roll's order.

        Raises:
            MemberError: One differs from what is known, or from what is needed.
        """
        for day, line in block.as_of:
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
