"""What looks at a roll as a whole: keys that come twice, and the day whose state it is."""

from __future__ import annotations

from datetime import date, timedelta

from attrs import define, field

from hokensha.errors import Finding, MemberError
from hokensha.policy import Roll
from hokensha_roll.columns import Fitted, as_of_day
from hokensha_roll.reading import Row


@define
class Repeated:
    """Finds keys that stood in an earlier row, across the whole roll."""

    fitted: Fitted
    seen: set[str] = field(factory=set)

    def marked(self, chunk: list[Row]) -> list[Row]:
        """The rows, those with an earlier row's key marked."""
        index = self.fitted.id_reader.index
        for place, row in enumerate(chunk):
            key = row.cells[index] if len(row.cells) == self.fitted.width else None
            key = key.strip() if isinstance(key, str) else ""
            if key in self.seen:
                chunk[place] = Row(row.line, row.cells, repeated=True)
            elif key:
                self.seen.add(key)
        return chunk


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
        """The day whose state the policy wants a run to have; none if any will do."""
        month_before = self.on.replace(day=1) - timedelta(days=1)
        return {"run-day": self.on, "end-of-previous-month": month_before, "any": None}[self.roll.as_of]

    def see(self, chunk: list[Row]) -> None:
        """Compare the as-of day of further rows.

        Raises:
            MemberError: It differs from what is known, or from what is needed.
        """
        if self.fitted.as_of is None:
            return
        index, form = self.fitted.as_of
        seen: object = None
        for row in chunk:
            if len(row.cells) != self.fitted.width or (seen is not None and row.cells[index] == seen):
                continue
            place = f"{self.where}: line {row.line}, column {self.fitted.headers[index]}"
            try:
                day = as_of_day(row.cells[index], form)
            except ValueError as error:
                raise MemberError(Finding(place, str(error), "roll-as-of")) from None
            if self.found is not None and day != self.found:
                source = "--as-of" if self.given else "the rows before"
                message = f"is the state of {day}, but {source} said {self.found}"
                raise MemberError(Finding(place, message, "roll-as-of"))
            if self.found is None:
                self.found = day
                self.settled()
            seen = row.cells[index]

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
