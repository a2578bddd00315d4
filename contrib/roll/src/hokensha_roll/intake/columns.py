"""Which column of a roll holds which fact, and how its cells are read."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal, TypeAlias

from attrs import frozen

from hokensha.errors import Finding, MemberError
from hokensha.facts import UNKNOWN, Catalogue, Fact, FactValue, Unknown, day_in_range, holds_individual_number
from hokensha.text import nearest
from hokensha_cli.wareki import DayForm, parse_day
from hokensha_roll.tool import Column, Roll

CellType: TypeAlias = Literal["text", "day", "boolean", "null", "other"]
"""What the cells of a column are; in CSV, every cell is text."""

_FITTING: Final[Mapping[str, tuple[CellType, ...]]] = {
    "text": ("text", "null"),
    "code": ("text", "null"),
    "day": ("text", "day", "null"),
    "boolean": ("text", "boolean", "null"),
}
_TRUTH: Final = {"true": True, "false": False}
_FORMULA: Final = "=+-@"
_SHOWN = 40


@frozen
class Reader:
    """How the cells of one column become a fact's values.

    Attributes:
        index: The column's place.
        header: What the roll calls it.
        fact: What it holds.
        column: What the policy says of it.
    """

    index: int
    header: str
    fact: Fact
    column: Column

    def admit(self, cell: object) -> FactValue | Unknown:
        """The fact that a cell states, if it is no individual number.

        A cell that was read as a day, a code or a boolean is none.

        Raises:
            ValueError: The cell does not fit, or holds an individual number; the message does not repeat it.
        """
        if self.fact.kind == "text" and holds_individual_number(cell):
            raise ValueError("holds an individual number (個人番号)")
        return self.read(cell)

    def read(self, cell: object) -> FactValue | Unknown:
        """The fact that a cell states.

        Raises:
            ValueError: The cell does not fit; the message does not repeat it.
        """
        if isinstance(cell, str):
            cell = cell.strip()
        if cell is None or cell == "":
            return self._empty()
        if not isinstance(cell, str):
            return self.fact.parse(cell.isoformat() if isinstance(cell, date) else cell)
        if self.fact.kind == "day":
            return day_in_range(parse_day(cell, self.column.form))
        if self.column.values:
            return self._coded(cell)
        if self.fact.kind == "boolean":
            return self.fact.parse(_TRUTH.get(cell.lower(), cell))
        self._count(cell)
        return self._key(cell) if self.fact.id == "id" else self.fact.parse(cell)

    def _empty(self) -> FactValue | Unknown:
        if self.column.empty == "unknown" and self.fact.id != "id":
            return UNKNOWN
        if self.column.empty == "default" and self.fact.id != "id":
            return self.fact.parse(self.column.default)
        if self.fact.nullable:
            return None
        hint = "" if self.fact.id == "id" else '; if it is not known, say empty = "unknown" in the policy'
        raise ValueError(f"is empty, but cannot be none{hint}")

    def _coded(self, cell: str) -> FactValue:
        try:
            return self.column.values[cell]
        except KeyError:
            raise ValueError(f"expected one of {', '.join(self.column.values)}") from None

    def _count(self, cell: str) -> None:
        digits = self.column.digits
        if digits is None or (len(cell) == digits and cell.isascii() and cell.isdecimal()):
            return
        others = ", some of them no digits" if len(cell) == digits else ""
        raise ValueError(f"expected {digits} digits 0-9, found {len(cell)} characters{others}")

    def _key(self, cell: str) -> FactValue:
        if unicodedata.normalize("NFKC", cell[0])[0] in _FORMULA:
            raise ValueError("begins with a sign (= + - @) that spreadsheets take for a formula")
        return self.fact.parse(cell)


@frozen
class Fitted:
    """A roll's columns, fitted to a policy's facts.

    Attributes:
        width: How many cells a row has.
        headers: What the roll calls its columns.
        readers: One for each column that holds a fact.
        id_reader: That of the members' keys.
        as_of: The place of the column that says as of which day a row was extracted, and how it is written.
    """

    width: int
    headers: tuple[str, ...]
    readers: tuple[Reader, ...]
    id_reader: Reader
    as_of: tuple[int, DayForm] | None


def fit(
    headers: Sequence[str], types: Sequence[CellType], roll: Roll, catalogue: Catalogue, where: str
) -> Fitted:
    """Fit a roll's headers to a policy.

    A column is known by the header that the policy gives to a fact, or by the fact's own name; under that
    name it is written as in a member's JSON, an empty cell meaning none.

    Raises:
        MemberError: Everything that does not fit.
    """
    headers = [header.strip() for header in headers]
    known = known_headers(roll, catalogue)
    findings = [*_mapping_findings(roll, catalogue, where)]
    readers: list[Reader] = []
    as_of: tuple[int, DayForm] | None = None
    strange: list[Finding] = []
    for index, (header, kind) in enumerate(zip(headers, types, strict=True)):
        place = f"{where}: column {index + 1}"
        if header == roll.as_of_header:
            as_of = (index, roll.as_of_form)
            findings.extend(as_of_type_findings(kind, f"{place} ({header})"))
        elif header in known:
            fact, column = known[header]
            readers.append(Reader(index, header, fact, column))
            findings.extend(type_findings(fact, kind, f"{place} ({header})"))
        else:
            strange.append(strange_header(header, place, [*known, *filter(None, [roll.as_of_header])]))
    if strange and len(strange) == len(headers):
        # Repeating them might repeat a member: a file without its header line begins with one.
        message = "no header is known to the policy; expected those of [tool.roll.columns], or fact names"
        raise MemberError([Finding(f"{where}: line 1", message, "roll-headers"), *findings])
    findings.extend(strange)
    findings.extend(_repeated(headers, readers, where))
    keys = [reader for reader in readers if reader.fact.id == "id"]
    if not keys:
        message = f"no column holds the members' keys; expected a column '{header_of('id', roll)}'"
        findings.append(Finding(f"{where}: line 1", message, "roll-no-id"))
    if findings:
        raise MemberError(findings)
    return Fitted(len(headers), tuple(headers), tuple(readers), keys[0], as_of)


def known_headers(roll: Roll, catalogue: Catalogue) -> dict[str, tuple[Fact, Column]]:
    """Every header that is known; one that the policy gives comes before a fact's own name."""
    known = {fact.id: (fact, Column(fact.id)) for fact in catalogue.facts.values()}
    mapped = {c.header: (catalogue[f], c) for f, c in roll.columns.items() if f in catalogue}
    return {**known, **mapped}


def absent_facts(fitted: Fitted, read: Collection[str], roll: Roll, catalogue: Catalogue) -> tuple[str, ...]:
    """Facts without a column in a roll: those that the policy maps to one, and those that rules read."""
    held = {reader.fact.id for reader in fitted.readers}
    return tuple(f for f in catalogue.facts if f not in held and (f in roll.columns or f in read))


def header_of(fact: str, roll: Roll) -> str:
    """The header of a fact's column: what the policy says, or the fact's own name."""
    return roll.columns[fact].header if fact in roll.columns else fact


def _mapping_findings(roll: Roll, catalogue: Catalogue, where: str) -> Iterator[Finding]:
    """What is wrong with the policy's mapping itself."""
    for fact_id, column in roll.columns.items():
        place = f"{where}: [tool.roll.columns] {fact_id}"
        if fact_id not in catalogue:
            message = f"no such fact{nearest(fact_id, list(catalogue.facts))}"
            yield Finding(place, message, "unknown-fact")
            continue
        fact = catalogue[fact_id]
        stated: list[tuple[str, object]] = [("values", value) for value in column.values.values()]
        stated += [("default", column.default)] if column.default is not None else []
        for key, value in stated:
            try:
                fact.parse(value)
            except ValueError as error:
                yield Finding(f"{place}.{key}", str(error), "bad-value")
    counts = Counter(c.header for c in roll.columns.values())
    counts.update(filter(None, [roll.as_of_header]))
    for header, count in counts.items():
        if count > 1:
            said = f"the header '{header}' is given to {count} facts"
            yield Finding(f"{where}: [tool.roll]", said, "bad-value")


def as_of_type_findings(kind: CellType, place: str) -> Iterator[Finding]:
    """Whether cells of a type can say as of which day a row was extracted."""
    if kind not in _FITTING["day"]:
        yield Finding(place, "expected cells of type text or day for the as-of day", "roll-type")


def type_findings(fact: Fact, kind: CellType, place: str) -> Iterator[Finding]:
    """Whether cells of a type can hold a fact."""
    if kind not in _FITTING[fact.kind]:
        wanted = " or ".join(k for k in _FITTING[fact.kind] if k != "null")
        yield Finding(place, f"expected cells of type {wanted} for the fact '{fact.id}'", "roll-type")


def strange_header(header: str, place: str, known: list[str]) -> Finding:
    """That a policy does not know a header."""
    if not header:
        return Finding(place, "has no header", "roll-header")
    if holds_individual_number(header):
        return Finding(place, "the header holds an individual number (個人番号)", "individual-number")
    shown = header if len(header) <= _SHOWN else header[:_SHOWN] + "..."
    message = f"the header {shown!r} is none that the policy knows{nearest(header[:_SHOWN], known)}"
    return Finding(place, message, "roll-header")


def _repeated(headers: list[str], readers: list[Reader], where: str) -> Iterator[Finding]:
    for header, count in Counter(headers).items():
        if count > 1 and header and not holds_individual_number(header):
            message = f"the header {header[:_SHOWN]!r} stands {count} times"
            yield Finding(f"{where}: line 1", message, "roll-header")
    by_fact: dict[str, list[str]] = {}
    for reader in readers:
        by_fact.setdefault(reader.fact.id, []).append(reader.header)
    for fact, named in by_fact.items():
        if len(set(named)) > 1:
            message = f"the headers {', '.join(map(repr, named))} both hold the fact '{fact}'"
            yield Finding(f"{where}: line 1", message, "roll-header")


def as_of_day(cell: Any, form: DayForm) -> date:
    """The day that a cell of the as-of column states.

    Raises:
        ValueError: It states none.
    """
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str) and cell.strip():
        return parse_day(cell.strip(), form)
    if cell is None or isinstance(cell, str):
        raise ValueError("is empty; expected the day as of which the row was extracted")
    raise ValueError("no such day in the calendar")
