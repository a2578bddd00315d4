"""From rows as they stand to what is owed: read each cell, decide the member, say what could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from attrs import define, field, frozen

from hokensha.calendars import CalendarError
from hokensha.deciding import decide
from hokensha.decision import Issuance
from hokensha.facts import UNKNOWN, FactValue, Member, Unknown
from hokensha.identifiers import holds_individual_number
from hokensha.rulebook import Rulebook
from hokensha_roll.columns import Fitted, Reader
from hokensha_roll.reading import Row

Text = tuple[str, ...]


@frozen
class Rejected:
    """Why a row was not decided; ``value`` is empty where it must not be repeated."""

    line: int
    column: str
    value: str
    reason: str


@define
class Outcome:
    """What a number of rows came to, in the rows' order.

    Attributes:
        issuances: One entry for each document owed, as :data:`ISSUANCES` names it.
        returns: As :data:`RETURNS` names it.
        undetermined: Key and missing facts.
        decided: How many members are decided.
        missing: How many members miss each fact.
    """

    issuances: list[Text] = field(factory=list)
    returns: list[Text] = field(factory=list)
    undetermined: list[Text] = field(factory=list)
    rejected: list[Rejected] = field(factory=list)
    decided: int = 0
    missing: Counter[str] = field(factory=Counter)


ISSUANCES = (
    *("id", "document", "trigger", "basis", "due_from", "due_through", "valid_until"),
    *("modality", "medium", "channel", "form"),
)
RETURNS = ("id", "document", "action")
UNDETERMINED = ("id", "missing")
REJECTED = ("line", "column", "value", "reason")


@frozen(eq=False)
class Decider:
    """Decides rows of one roll by one policy on one day."""

    rulebook: Rulebook
    fitted: Fitted
    on: date
    _reads: tuple[tuple[int, str, Callable[[Any], FactValue | Unknown]], ...] = field(init=False)

    @_reads.default
    def _each(self) -> tuple[tuple[int, str, Callable[[Any], FactValue | Unknown]], ...]:
        return tuple((r.index, r.fact.id, _cell_reader(r)) for r in self.fitted.readers)

    def decide(self, rows: Iterable[Row]) -> Outcome:
        """What the rows come to."""
        outcome = Outcome()
        for row in rows:
            found = self._member(row)
            rejected = found if isinstance(found, Rejected) else self._add(found, row, outcome)
            if rejected is not None:
                outcome.rejected.append(rejected)
        return outcome

    def _add(self, member: Member, row: Row, outcome: Outcome) -> Rejected | None:
        try:
            decision = decide(self.rulebook, member, self.on)
        except CalendarError as error:  # a day of this member lies where no holidays are known
            return Rejected(row.line, "", "", str(error))
        if decision.missing:
            outcome.undetermined.append((member.id, " ".join(decision.missing)))
            outcome.missing.update(decision.missing)
        else:
            outcome.decided += 1
        # What every completion shares is owed whatever the missing facts are, so it is not held back.
        outcome.issuances.extend(_issuance(member.id, issuance) for issuance in decision.issuances)
        for due in decision.returns:
            action = due.action.value if due.action is not None else ""
            outcome.returns.append((member.id, due.document.value, action))
        return None

    def _member(self, row: Row) -> Member | Rejected:
        if row.repeated or len(row.cells) != self.fitted.width:
            return self._fault(row)
        facts: dict[str, FactValue] = {}
        try:
            for index, fact, read in self._reads:
                value = read(row.cells[index])
                if value is not UNKNOWN:
                    facts[fact] = value
        except ValueError:
            return self._fault(row)
        return Member(str(facts["id"]), facts)

    def _fault(self, row: Row) -> Rejected:
        """What is wrong with a row: first of all, whether it may be repeated."""
        fitted, cells = self.fitted, row.cells
        for index, cell in enumerate(cells):
            if holds_individual_number(cell):
                column = fitted.headers[index] if index < fitted.width else ""
                return Rejected(row.line, column, "", "holds an individual number (個人番号)")
        if len(cells) != fitted.width:
            reason = f"expected {fitted.width} cells as in the header, found {len(cells)}"
            return Rejected(row.line, "", "", reason)
        if row.repeated:
            key = fitted.id_reader
            return Rejected(row.line, key.header, str(cells[key.index]).strip(), "the key of an earlier row")
        (reader, reason), *further = self._wrong(cells)
        if further:
            reason += f" (at fault, too: {', '.join(other.header for other, _ in further)})"
        cell = cells[reader.index]
        value = "" if reader.fact.sensitive or cell is None else str(cell)
        return Rejected(row.line, reader.header, value, reason)

    def _wrong(self, cells: list[Any]) -> Iterator[tuple[Reader, str]]:
        for reader in self.fitted.readers:
            try:
                reader.read(cells[reader.index])
            except ValueError as error:
                yield reader, str(error)


def _cell_reader(reader: Reader) -> Callable[[Any], FactValue | Unknown]:
    """How a column is read in bulk: what recurs in it is read once, and free text is looked through.

    A cell that was read as a day, a code or a boolean is no individual number.
    """
    if reader.fact.kind != "text":
        return lru_cache(maxsize=1 << 16)(reader.read)

    def read(cell: Any) -> FactValue | Unknown:
        if holds_individual_number(cell):
            raise ValueError
        return reader.read(cell)

    return read


def _issuance(key: str, issuance: Issuance) -> Text:
    due, until = issuance.due, issuance.valid_until
    return (
        key,
        issuance.document.value,
        issuance.trigger or "",
        issuance.basis.value if issuance.basis is not None else "",
        _iso(due.first if due else None),
        _iso(due.through if due else None),
        _iso(until.bound() if until else None),
        until.modality.value if until else "",
        issuance.medium or "",
        issuance.channel or "",
        issuance.form or "",
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
