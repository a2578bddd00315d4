"""Which column of a roll holds which fact, and how its cells are read."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Final, TypeAlias, TypeVar

from attrs import evolve, field, frozen

from hokensha.errors import Finding, MemberError
from hokensha.facts import (
    UNKNOWN,
    Catalogue,
    Fact,
    FactValue,
    Unknown,
    as_json,
    day_in_range,
    holds_individual_number,
)
from hokensha.text import nearest
from hokensha_cli.wareki import DayForm, parse_day
from hokensha_roll.alike import alike, difference
from hokensha_roll.tool import Column, Roll, mapping_findings

CellType: TypeAlias = str
"""What the cells of a column are: ``text``, ``day``, ``timestamp``, ``boolean``, ``integer``, ``float``,
``null``, or what else a file calls it. In CSV, every cell is text."""

_FITTING: Final[Mapping[str, tuple[CellType, ...]]] = {
    "text": ("text", "integer"),
    "code": ("text", "integer", "float"),
    "day": ("text", "day", "timestamp"),
    "boolean": ("text", "boolean", "integer", "float"),
}
_IN_FIGURES: Final = ("yyyymmdd", "wareki")
"""How days are written that a number may be."""
_ZERO_ONE: Final = {"1": True, "0": False}
_TRUTH: Final = {"true": True, "false": False}
_FORMULA: Final = "=+-@"
_SHOWN = 40
_DATA: Final = 6
"""What has so many digits may be a day or a number of a member, and is not repeated as a header."""
_MOST: Final = 20
"""So many findings of one kind are told; nobody reads ten thousand."""
T = TypeVar("T")


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
    _codes: Mapping[str, str | bool] = field(init=False, repr=False)
    _none: frozenset[object] = field(init=False, repr=False)

    @_codes.default
    def _each_code(self) -> Mapping[str, str | bool]:
        return {alike(code): value for code, value in self.column.values.items()}

    @_none.default
    def _each_filler(self) -> frozenset[object]:
        """What means none: texts; of days, too, the days that they are."""
        found: set[object] = {*map(alike, self.column.fillers)}
        for filler in self.column.fillers if self.fact.kind == "day" else ():
            with suppress(ValueError):
                found.add(parse_day(filler, self.column.form))
        return frozenset(found)

    def admit(self, cell: object) -> FactValue | Unknown:
        """The fact that a cell states, if it is no individual number.

        A cell that was read as a day, a code or a boolean is none.

        Raises:
            ValueError: The cell does not fit, or holds an individual number; the message does not repeat it.
        """
        if self.fact.kind == "text" and holds_individual_number(cell):
            raise ValueError("holds an individual number (個人番号)")
        return self.read(cell)

    def days(self) -> tuple[date, ...]:
        """The days that mean none."""
        return tuple(day for day in self._none if isinstance(day, date))

    def read(self, cell: object) -> FactValue | Unknown:
        """The fact that a cell states.

        Raises:
            ValueError: The cell does not fit; the message does not repeat it.
        """
        if isinstance(cell, str):
            cell = cell.strip()
        if cell is None or cell == "":
            return self._empty()
        if (alike(cell) if self._none and isinstance(cell, str) else cell) in self._none:
            return None
        return self._written(cell) if isinstance(cell, str) else self.fact.parse(as_json(cell))

    def _written(self, cell: str) -> FactValue:
        if self.fact.kind == "day":
            return self._day(cell)
        if self.column.values:
            return self._coded(cell)
        if self.fact.kind == "boolean":
            return self.fact.parse(_TRUTH.get(cell.lower(), cell))
        self._count(cell)
        return self._key(cell) if self.fact.id == "id" else self.fact.parse(cell)

    def _day(self, cell: str) -> date:
        try:
            return day_in_range(parse_day(cell, self.column.form))
        except ValueError as error:
            if set(cell) not in ({"9"}, {"0"}) or not self.fact.nullable:
                raise
            hint = f'if it stands for none, say fillers = ["{cell}"] in the policy'
            raise ValueError(f"{error}; {hint}") from None

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
            return self._codes[alike(cell)]
        except KeyError:
            hint = difference(cell, *self.column.values)
            expected = f"expected one of {', '.join(self.column.values)}"
            raise ValueError(f"{expected}; {hint}" if hint else expected) from None

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
    line = f"{where}: line 1"
    findings = [
        Finding(f"{where}: [tool.roll]{found.where}", found.message, found.code)
        for found in mapping_findings(roll, catalogue)
    ]
    readers: list[Reader] = []
    as_of: tuple[int, DayForm] | None = None
    strange: list[tuple[str, str]] = []
    for index, (header, kind) in enumerate(zip(headers, types, strict=True)):
        place = f"{where}: column {index + 1}"
        if (same := alike(header)) == as_of_header(roll):
            as_of = (index, roll.as_of_form)
            findings.extend(as_of_type_findings(kind, f"{place} ({header})"))
        elif same in known:
            fact, column = known[same]
            findings.extend(type_findings(fact, column, kind, f"{place} ({header})"))
            if kind in ("integer", "float") and fact.kind == "boolean" and not column.values:
                column = evolve(column, values=_ZERO_ONE)
            readers.append(Reader(index, header, fact, column))
        else:
            strange.append((header, place))
    keys = [reader for reader in readers if reader.fact.id == "id"]
    if strange and not keys and (fits := len(headers) - len(strange)) < max(2, len(headers) / 4):
        # Repeating them might repeat a member: a file without its header line begins with one.
        raise MemberError([Finding(line, _no_headers(len(headers), fits), "roll-headers"), *findings])
    findings.extend(cut(strange, lambda each: strange_header(*each, every_header(roll, catalogue)), line))
    findings.extend(cut([*_repeated(headers, readers, where)], lambda each: each, line))
    if not keys:
        message = f"no column holds the members' keys; expected a column '{header_of('id', roll)}'"
        findings.append(Finding(line, message, "roll-no-id"))
    if findings:
        raise MemberError(findings)
    return Fitted(len(headers), tuple(headers), tuple(readers), keys[0], as_of)


def _no_headers(count: int, fits: int) -> str:
    known = f"only {fits:,} of {count:,} headers {'is' if fits == 1 else 'are'}" if fits else "no header is"
    return f"{known} known to the policy; expected those of [tool.roll.columns], or fact names"


def cut(each: Sequence[T], finding: Callable[[T], Finding], where: str) -> Iterator[Finding]:
    """The first findings, and how many more there would be."""
    yield from map(finding, each[:_MOST])
    if more := len(each[_MOST:]):
        yield Finding(where, f"... and {more:,} more", "roll-header")


def known_headers(roll: Roll, catalogue: Catalogue) -> dict[str, tuple[Fact, Column]]:
    """Every header that is known, as they are compared; one that the policy gives comes before a fact's."""
    known = {fact.id: (fact, Column(fact.id)) for fact in catalogue.facts.values()}
    mapped = {alike(c.header): (catalogue[f], c) for f, c in roll.columns.items() if f in catalogue}
    return {**known, **mapped}


def as_of_header(roll: Roll) -> str | None:
    """The header of the as-of day, as headers are compared."""
    return None if roll.as_of_header is None else alike(roll.as_of_header)


def every_header(roll: Roll, catalogue: Catalogue) -> list[str]:
    """Every header that is known, as the policy writes it."""
    mapped = [column.header for column in roll.columns.values()]
    return [*catalogue.facts, *mapped, *filter(None, [roll.as_of_header])]


def absent_facts(fitted: Fitted, read: Collection[str], roll: Roll, catalogue: Catalogue) -> tuple[str, ...]:
    """Facts without a column in a roll: those that the policy maps to one, and those that rules read."""
    held = {reader.fact.id for reader in fitted.readers}
    return tuple(f for f in catalogue.facts if f not in held and (f in roll.columns or f in read))


def header_of(fact: str, roll: Roll) -> str:
    """The header of a fact's column: what the policy says, or the fact's own name."""
    return roll.columns[fact].header if fact in roll.columns else fact


def as_of_type_findings(kind: CellType, place: str) -> Iterator[Finding]:
    """Whether cells of a type can say as of which day a row was extracted."""
    if kind not in (*_FITTING["day"], "null"):
        message = f"expected cells of type {' or '.join(_FITTING['day'])} for the as-of day, found {kind}"
        yield Finding(place, message, "roll-type")


def type_findings(fact: Fact, column: Column, kind: CellType, place: str) -> Iterator[Finding]:
    """Whether cells of a type can hold a fact."""
    fitting = _FITTING[fact.kind]
    if fact.kind == "day" and column.form in _IN_FIGURES:
        fitting += ("integer", "float")
    if kind not in (*fitting, "null"):
        message = f"expected cells of type {' or '.join(fitting)} for the fact '{fact.id}', found {kind}"
        yield Finding(place, message, "roll-type")


def strange_header(header: str, place: str, known: list[str]) -> Finding:
    """That a policy does not know a header."""
    if not header:
        return Finding(place, "has no header", "roll-header")
    if holds_individual_number(header):
        return Finding(place, "the header holds an individual number (個人番号)", "individual-number")
    if sum(map(str.isdecimal, header)) >= _DATA:
        return Finding(
            place, "the header is none that the policy knows, and looks like a cell", "roll-header"
        )
    shown = header if len(header) <= _SHOWN else header[:_SHOWN] + "..."
    same = difference(header, *known)
    hint = f": it {same}" if same else nearest(header[:_SHOWN], known)
    message = f"the header {shown!r} is none that the policy knows{hint}"
    return Finding(place, message, "roll-header")


def _repeated(headers: list[str], readers: list[Reader], where: str) -> Iterator[Finding]:
    for header, count in Counter(map(alike, headers)).items():
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
